"""What people call columns, codes and diseases that have another name here.

None of these is taken for what it means: a word that is not in the contract is refused, or counted as a likely slip,
and these say what was meant.  Each is folded as ``spelling.folded`` does.  Files are read by mappings, which are lists
of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from singledisease.spelling import folded
from singledisease.vocabulary import QUANTITIES


def _called(meanings: Mapping[str, str]) -> Mapping[str, str]:
    """Give each of the words, divided by blanks, with what it means."""
    return MappingProxyType({folded(word): meant for meant, words in meanings.items() for word in words.split()})


COLUMN_ALIASES: Mapping[str, str] = MappingProxyType(
    {
        **{folded(quantity.zh): name for name, quantity in QUANTITIES.items()},
        **{folded(quantity.en): name for name, quantity in QUANTITIES.items()},
        **_called(
            {
                "sbp": "systolic sys bp_systolic systolic_bp bp_sys 高压",
                "dbp": "diastolic dia bp_diastolic diastolic_bp bp_dia 低压",
                "fpg": "fasting_glucose fbg fasting_blood_glucose 空腹",
                "ppg": "postprandial_glucose 餐后",
                "hba1c": "a1c 糖化",
                "ldl": "ldl_c 低密度脂蛋白",
                "hdl": "hdl_c 高密度脂蛋白",
                "heart_rate": "pulse hr 脉搏",
                "temperature": "temp",
                "date": "visit_date event_date 日期 随访日期 就诊日期",
                "kind": "type event_type event 类型 事件类型",
                "recorded": "recorded_on record_date recorded_date entered_on 录入日期",
                "withdrawn": "withdrawn_on deleted 作废日期",
                "until": "end end_date due_date valid_until 截止日期",
                "sequence": "order seq 顺序",
                "record": "record_id event_id 记录号 流水号",
                "mode": "visit_mode 随访方式 方式",
                "institution": "hospital clinic facility org organisation organization 机构 医疗机构",
                "team": "team_id 团队",
                "disease": "condition diseases 病种",
                "code": "icd icd10 icd_10 icd_code 诊断编码",
                "item": "test_name test_item 项目",
                "status": "event_status 状态",
                "reason": "exit_reason 原因",
                "role": "doctor_role 角色",
                "adverse_reaction": "adverse adverse_event side_effect side_effects 不良反应",
                "complication": "complications 并发症",
                "emergency": "urgent is_emergency 急诊",
                "amount": "cost price fee points 金额 积分",
            }
        ),
    }
)
"""Columns of events."""

PERSON_ALIASES: Mapping[str, str] = _called(
    {
        "patient_id": "id pid person_id patient 居民编号 患者编号 编号",
        "birth_date": "birthday dob birth date_of_birth born 出生日期 出生年月 生日",
        "sex": "gender 性别",
        "death_date": "death died date_of_death deceased 死亡日期",
        "death_recorded": "death_recorded_on 死亡登记日期",
        "institution": "hospital clinic facility org organisation organization 机构 管理机构",
        "team": "team_id 团队",
        "region": "area district village 地区 行政区划",
    }
)
"""Columns of people."""

CODE_ALIASES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "sex": _called({"male": "m man 男 男性", "female": "f woman 女 女性", "unknown": "u 未知 不详"}),
        "mode": _called(
            {
                "clinic": "门诊 诊室 office visit office_visit clinic_visit in_person face_to_face 面访",
                "home": "入户 家庭 上门 home_visit house household 家访",
                "phone": "电话 tel telephone call phone_call telephone_call",
                "message": "短信 微信 sms wechat text",
                "online": "网络 线上 互联网 video internet video_visit telehealth telemedicine",
            }
        ),
        "level": _called(
            {
                "village": "村 村级 村卫生室",
                "township": "乡 镇 乡镇 乡镇级 卫生院 town",
                "community": "社区 社区卫生服务中心",
                "county": "县 县级 县医院",
                "city": "市 市级 municipal",
            }
        ),
        "setting": _called(
            {
                "outpatient": "门诊 opd ambulatory clinic",
                "inpatient": "住院 ipd hospital ward",
                "emergency": "急诊 er ed emergency_room",
            }
        ),
        "direction": _called({"up": "上转 向上 upward", "down": "下转 向下 downward back"}),
        "reason": _called(
            {
                "died": "death dead deceased 死亡",
                "moved": "moved_away relocated 迁出 搬迁",
                "refused": "refusal 拒绝 拒访",
                "misdiagnosed": "wrong_diagnosis misdiagnosis 误诊",
                "completed": "finished done cured complete 完成 结案 治愈",
            }
        ),
    }
)
"""Codes by the column that holds them."""

DISEASE_ALIASES: Mapping[str, str] = _called(
    {
        "hypertension": "原发性高血压 高血压病 HTN high_blood_pressure essential_hypertension",
        "type2-diabetes": "糖尿病 二型糖尿病 Ⅱ型糖尿病 DM T2D T2DM DM2 NIDDM diabetes diabetes_mellitus",
        "type1-diabetes": "T1D T1DM DM1 一型糖尿病 Ⅰ型糖尿病",
        "copd": "慢阻肺 慢性阻塞性肺病",
        "pulmonary-tuberculosis": "肺结核 结核病 结核 tb tuberculosis",
        "severe-mental-disorder": "严重精神障碍 重性精神疾病 重性精神病 smi",
        "chronic-kidney-disease": "ckd 慢性肾病 慢性肾脏病",
        "ischaemic-stroke": "脑卒中 脑梗死 脑梗 中风 stroke",
        "stable-coronary-heart-disease": "冠心病 chd cad coronary_heart_disease",
        "atrial-fibrillation": "房颤 af afib",
        "chronic-heart-failure": "心衰 chf heart_failure",
        "dyslipidaemia": "高血脂 高脂血症 血脂异常 hyperlipidemia hyperlipidaemia dyslipidemia",
    }
)
"""Diseases of the catalogue."""

STRATUM_ALIASES: Mapping[str, str] = MappingProxyType(
    {
        **PERSON_ALIASES,
        **_called(
            {
                "institution": "机构 医疗机构 责任机构 管理机构 institutions hospital clinic facility org organisation",
                "institution.name": "机构名称 institution_name",
                "institution.level": "机构级别 机构层级 级别 level institution_level",
                "institution.parent": "上级机构 parent",
                "institution.region": "机构地区",
                "team": "团队 家庭医生团队 责任团队 teams",
                "team.kind": "团队类型",
                "team.group": "专病组",
                "sex": "性别 gender",
                "age_band": "年龄 年龄组 年龄段 age agegroup age_groups agebands",
                "region": "地区 区域 乡镇 区县 district area",
            }
        ),
    }
)
"""What people call the strata, in either language."""
