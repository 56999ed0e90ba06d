"""What the words of a registry are called in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from singledisease.definitions.citation import Names
from singledisease.vocabulary import NOT_DONE_ZH, QUANTITIES


def _names(**pairs: tuple[str, str]) -> Mapping[str, Names]:
    return MappingProxyType({name: Names(zh, en) for name, (zh, en) in pairs.items()})


KIND_NAMES: Mapping[str, Names] = _names(
    screening=("筛查", "screenings"),
    diagnosis=("诊断", "diagnoses"),
    enrolment=("建档纳入", "enrolments"),
    assignment=("管理归属变更", "assignments"),
    contract=("签约", "contracts"),
    appointment=("预约", "appointments"),
    call=("电话联系", "calls"),
    measurement=("自测", "self-measurements"),
    test=("检验", "tests"),
    follow_up=("随访", "follow-ups"),
    checkup=("体检", "checkups"),
    encounter=("就诊", "encounters"),
    admission=("入院", "admissions"),
    discharge=("出院", "discharges"),
    referral=("转诊", "referrals"),
    recognition=("结果互认", "recognised results"),
    remote=("远程医疗", "remote services"),
    medication=("用药", "medications"),
    vaccination=("接种", "vaccinations"),
    rehabilitation=("康复", "rehabilitation sessions"),
    education=("健康教育", "health-education sessions"),
    redemption=("积分兑换", "redemptions of points"),
    complication=("并发症登记", "recorded complications"),
    lost=("失访登记", "losses to follow-up"),
    exit=("退出", "exits"),
)
"""Kinds of event, in the plural in English."""

ONE_OF_KIND: Mapping[str, str] = MappingProxyType(
    {
        "screening": "screening",
        "diagnosis": "diagnosis",
        "enrolment": "enrolment",
        "assignment": "assignment",
        "contract": "contract",
        "appointment": "appointment",
        "call": "call",
        "measurement": "self-measurement",
        "test": "test",
        "follow_up": "follow-up",
        "checkup": "checkup",
        "encounter": "encounter",
        "admission": "admission",
        "discharge": "discharge",
        "referral": "referral",
        "recognition": "recognised result",
        "remote": "remote service",
        "medication": "medication",
        "vaccination": "vaccination",
        "rehabilitation": "rehabilitation session",
        "education": "health-education session",
        "redemption": "redemption of points",
        "complication": "recorded complication",
        "lost": "loss to follow-up",
        "exit": "exit",
    }
)
"""Kinds of event in the singular, in English; Chinese has but one form."""

COLUMN_NAMES: Mapping[str, Names] = MappingProxyType(
    {
        **_names(
            kind=("类别", "kind"),
            date=("日期", "date"),
            recorded=("登记日期", "date of recording"),
            withdrawn=("撤回日期", "date of withdrawal"),
            until=("截止日期", "last day"),
            sequence=("当日次序", "sequence"),
            record=("记录号", "record"),
            link=("关联号", "link"),
            disease=("病种", "disease"),
            institution=("机构", "institution"),
            team=("团队", "team"),
            level=("机构级别", "level"),
            setting=("就诊类型", "setting"),
            mode=("方式", "mode"),
            code=("编码", "code"),
            system=("编码体系", "code system"),
            item=("项目", "item"),
            direction=("转诊方向", "direction"),
            status=("状态", "status"),
            reason=("原因", "reason"),
            role=("执行岗位", "role"),
            adherence=("服药依从性", "adherence to medication"),
            evaluation=("随访分类", "class of the follow-up"),
            hypoglycaemia=("低血糖反应", "hypoglycaemia"),
            foot_pulse=("足背动脉搏动", "foot pulse"),
            package=("服务包", "service package"),
            amount=("金额或积分", "amount"),
            source=("来源系统", "source system"),
            adverse_reaction=("药物不良反应", "adverse reaction"),
            complication=("并发症", "complication"),
            emergency=("危急情况", "emergency"),
            timing=("时限", "timing"),
            due=("到期日", "day due"),
            state=("所处状态", "state"),
            left=("离开日期", "day left"),
            stage=("阶段", "stage"),
            managed=("在管", "managed"),
            days=("天数", "days"),
            met=("完成日期", "day met"),
            outcome=("结果", "outcome"),
            count=("次数", "count"),
            staff=("人员数", "staff"),
            from_level=("派出级别", "sending level"),
            to_level=("接收级别", "receiving level"),
            name=("名称", "name"),
            parent=("上级机构", "parent institution"),
            region=("地区", "region"),
        ),
        **{name: Names(quantity.zh, quantity.en) for name, quantity in QUANTITIES.items()},
    }
)
"""Columns of every source of rows."""

ATTRIBUTE_NAMES: Mapping[str, Names] = _names(
    patient_id=("编号", "id"),
    birth_date=("出生日期", "date of birth"),
    sex=("性别", "sex"),
    institution=("责任机构", "responsible institution"),
    death_date=("死亡日期", "date of death"),
    death_recorded=("死亡登记日期", "day the death was recorded"),
    team=("责任团队", "responsible team"),
    region=("地区", "region"),
)
"""Columns of the person."""

INSTITUTION_NAMES: Mapping[str, Names] = _names(
    institution=("编号", "id"),
    name=("名称", "name"),
    level=("级别", "level"),
    parent=("上级机构", "parent"),
    region=("地区", "region"),
)
"""Columns of an institution."""

ACTIVITY_NAMES: Mapping[str, Names] = _names(
    dispatch=("派驻", "dispatch"),
    round=("巡诊", "round"),
    station=("驻点", "station"),
    training=("培训", "training"),
    remote=("远程", "remote"),
)
"""Kinds of activity."""

STAGE_NAMES: Mapping[str, Names] = _names(
    prevention=("预防", "prevention"),
    screening=("筛查", "screening"),
    diagnosis=("诊断", "diagnosis"),
    treatment=("治疗", "treatment"),
    management=("管理", "management"),
    rehabilitation=("康复", "rehabilitation"),
    closed=("结案", "closed"),
)

_LEVELS = _names(
    village=("村级", "village"),
    township=("乡镇", "township"),
    community=("社区", "community"),
    county=("县级", "county"),
    city=("市级", "city"),
)

VALUE_NAMES: Mapping[str, Mapping[str, Names]] = MappingProxyType(
    {
        "kind": KIND_NAMES,
        "mode": _names(
            clinic=("门诊", "clinic"),
            home=("家庭", "home"),
            phone=("电话", "phone"),
            message=("短信", "message"),
            online=("网络", "online"),
        ),
        "level": _LEVELS,
        "from_level": _LEVELS,
        "to_level": _LEVELS,
        "setting": _names(
            outpatient=("门诊", "outpatient"), inpatient=("住院", "inpatient"), emergency=("急诊", "emergency")
        ),
        "direction": _names(up=("上转", "up"), down=("下转", "down")),
        "reason": _names(
            died=("死亡", "died"),
            moved=("迁出", "moved"),
            refused=("拒绝", "refused"),
            misdiagnosed=("排除诊断", "misdiagnosed"),
            completed=("管理结束", "completed"),
        ),
        "outcome": _names(
            met=("按期完成", "met"),
            late=("逾期完成", "late"),
            missed=("逾期未完成", "missed"),
            cancelled=("取消", "cancelled"),
            open=("未到期", "open"),
        ),
        "adherence": _names(
            regular=("规律", "regular"), intermittent=("间断", "intermittent"), none=("不服药", "none")
        ),
        "evaluation": _names(
            satisfactory=("控制满意", "satisfactory"),
            unsatisfactory=("控制不满意", "unsatisfactory"),
            adverse_reaction=("不良反应", "adverse reaction"),
            complication=("并发症", "complication"),
        ),
        "hypoglycaemia": _names(none=("无", "none"), occasional=("偶尔", "occasional"), frequent=("频繁", "frequent")),
        "status": MappingProxyType(
            {
                **{word: Names(zh, word) for zh, word in reversed(tuple(NOT_DONE_ZH.items()))},
                **_names(
                    completed=("完成", "completed"),
                    submitted=("已提交", "submitted"),
                    reviewed=("已审核", "reviewed"),
                    accepted=("已接收", "accepted"),
                    rejected=("已退回", "rejected"),
                    arrived=("已到达", "arrived"),
                    received=("已接回", "received"),
                    closed=("已办结", "closed"),
                    withdrawn=("已撤回", "withdrawn"),
                    active=("有效", "active"),
                ),
            }
        ),
        "role": _names(
            village_doctor=("村医", "village doctor"),
            family_doctor=("家庭医生", "family doctor"),
            specialist=("专科医生", "specialist"),
            public_health_doctor=("公卫医生", "public-health doctor"),
            rehabilitation_doctor=("康复医生", "rehabilitation doctor"),
            pharmacist=("药师", "pharmacist"),
            nurse=("护士", "nurse"),
        ),
        "disease": _names(other=("其他疾病", "another disease")),
        "sex": _names(male=("男", "male"), female=("女", "female"), unknown=("未知", "unknown")),
    }
)
"""Values of coded columns, by column."""

UNIT_NAMES: Mapping[str, Names] = _names(
    days=("天", "days"),
    weeks=("周", "weeks"),
    months=("个月", "months"),
    years=("年", "years"),
    points=("分", "points"),
)
"""Units that are words; any other unit is a sign, the same in both languages."""
