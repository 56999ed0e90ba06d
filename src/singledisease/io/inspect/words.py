"""What foreign names of files and columns usually mean; those of the public-health forms come from their mapping."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from attrs import frozen

from singledisease.io.mapping import read_mapping
from singledisease.io.mapping.names import normal
from singledisease.vocabulary import (
    ACTIVITY_COLUMNS,
    EVENT_COLUMNS,
    INSTITUTION_COLUMNS,
    PERSON_COLUMNS,
    QUANTITIES,
    TEAM_COLUMNS,
)


@frozen
class FileRole:
    """What a file seems to be: a table, and for one of events the kind that each of its rows is."""

    table: str
    kind: str = ""


_FILES: tuple[tuple[tuple[str, ...], FileRole], ...] = (
    (("死亡", "death"), FileRole("events", "death")),
    (("终止", "注销", "结案", "失访", "迁出"), FileRole("events", "end")),
    (("机构", "institution", "facilit", "organi"), FileRole("institutions")),
    (("随访", "follow", "visit"), FileRole("events", "follow_up")),
    (("体检", "checkup", "check-up"), FileRole("events", "checkup")),
    (("签约", "contract"), FileRole("events", "contract")),
    (("转诊", "referral"), FileRole("events", "referral")),
    (("预约", "appointment"), FileRole("events", "appointment")),
    (("筛查", "screening"), FileRole("events", "screening")),
    (("专项档案", "管理卡", "建卡", "纳入管理", "enrol"), FileRole("events", "enrolment")),
    (("出院", "discharge"), FileRole("events", "discharge")),
    (("住院", "入院", "admission"), FileRole("events", "admission")),
    (("诊断", "diagnos"), FileRole("events", "diagnosis")),
    (("检验", "化验", "laborator"), FileRole("events", "test")),
    (("自测", "监测", "measurement"), FileRole("events", "measurement")),
    (("用药", "处方", "medication", "prescription"), FileRole("events", "medication")),
    (("门诊", "就诊", "诊疗", "encounter", "outpatient"), FileRole("events", "encounter")),
    (("个人", "居民", "健康档案", "人员", "患者", "patient", "person", "resident"), FileRole("patients")),
)
_REGISTERS = ("建档", "登记", "档案", "管理", "名册", "名单", "台账", "患者")
"""Words in the name of a file that, beside a disease, mean the register of who is managed for it."""
_DISEASES: Mapping[str, tuple[str, ...]] = {
    "hypertension": ("高血压", "hypertension", "htn"),
    "type2-diabetes": ("糖尿病", "diabetes", "t2dm"),
}
DIAGNOSES = ("诊断", "诊断名称", "疾病诊断", "临床诊断", "condition", "diagnosis")
"""Names of a column that says a disease of the library if most of its cells do: a clinic diagnoses colds too."""
_FURTHER: Mapping[str, tuple[str, ...]] = {
    "kind": ("事件类型", "事件类别", "eventtype", "kindofevent"),
    "patient_id": (
        "mrn",
        "medicalrecordnumber",
        "medicalrecordno",
        "chartno",
        "chartnumber",
        "patientnumber",
        "病历号",
        "病案号",
        "门诊号",
        "就诊卡号",
        "patientid",
        "personid",
        "pid",
        "empi",
        "患者编号",
        "患者id",
        "居民id",
        "档案id",
        "健康档案号",
        "个人档案号",
        "个人编号",
        "居民编号",
        "档案编码",
        "病人id",
        "居民健康档案编号",
        "健康档案编码",
        "residentno",
        "resident_no",
        "residentid",
        "resident_id",
        "patientno",
        "patient_no",
        "recordno",
    ),
    "birth_date": ("birthdate", "birthday", "dob", "dateofbirth", "出生年月", "出生年月日", "出生时间", "生日"),
    "sex": ("gender", "性别名称"),
    "institution": ("orgcode", "organization", "facility", "医疗机构", "机构编码", "机构代码"),
    "death_date": ("dateofdeath", "deathdate", "死亡时间"),
    "date": (
        "visitdate",
        "dateofvisit",
        "encounterdate",
        "servicedate",
        "eventdate",
        "日期",
        "随访时间",
        "体检时间",
        "访视日期",
        "签约时间",
        "转诊时间",
        "检验日期",
        "采样日期",
        "报告日期",
        "死亡日期",
        "死亡时间",
        "就诊日期",
        "检查日期",
        "测量日期",
        "诊断日期",
        "确诊日期",
        "入院日期",
        "出院日期",
        "筛查日期",
        "建档日期",
        "建卡日期",
        "登记日期",
        "发生日期",
        "服务日期",
    ),
    "disease": (
        "疾病类型",
        "慢病类型",
        "慢病种类",
        "慢病病种",
        "管理病种",
        "疾病种类",
        "病种名称",
        "疾病名称",
        "疾病",
        "慢病",
        "所患疾病",
        "患病情况",
        "慢病情况",
        *DIAGNOSES,
    ),
    "mode": ("visittype", "visitmode", "访视方式"),
    "region": ("行政区", "街道", "村", "村居", "居委会", "村委会"),
    "team": ("团队", "家庭医生团队名称"),
    "sbp": ("systolic", "systolicbp", "高压", "sysbp"),
    "dbp": ("diastolic", "diastolicbp", "低压", "diabp"),
    "fpg": ("fbg", "fastingglucose", "glu空腹", "空腹血糖值", "血糖空腹"),
    "hba1c": ("糖化", "糖化血红蛋白a1c"),
    "tc": ("胆固醇", "血清总胆固醇"),
    "tg": ("血清甘油三酯", "三酰甘油"),
    "ldl": ("低密度脂蛋白", "ldl-c"),
    "hdl": ("高密度脂蛋白", "hdl-c"),
    "code": ("icd10", "icd", "诊断编码", "疾病编码", "诊断代码"),
    "recorded": ("录入时间", "创建时间", "登记时间"),
}
ENROLLED = frozenset(
    normal(name)
    for name in (
        "建卡日期",
        "建档日期",
        "纳入管理日期",
        "管理开始日期",
        "开始管理日期",
        "纳管日期",
        "建卡时间",
        "建档时间",
        "纳入日期",
        "纳入时间",
        "纳入管理时间",
        "纳管时间",
        "入管日期",
        "入管时间",
        "入组日期",
        "登记日期",
        "登记时间",
        "管理日期",
        "管理时间",
        "管理起始日期",
        "开始管理时间",
        "管理开始时间",
        "纳入年月",
        "管理年月",
        "enrolment_date",
        "enrolment date",
        "date of enrolment",
        "enrolled",
        "enrolled_on",
        "enrolled on",
        "enrollment_date",
        "enrollment date",
        "date of enrollment",
        "registration_date",
        "registration date",
        "date of registration",
        "registered on",
        "enroll date",
        "enrol date",
        "date enrolled",
        "enrolled date",
        "registered date",
    )
)
"""Names of a column that says when management began, where it is not the day of the row itself."""
ID_NUMBERS = frozenset(
    normal(name)
    for name in (
        "身份证号",
        "身份证号码",
        "身份证",
        "公民身份号码",
        "公民身份证号码",
        "身份证件号码",
        "证件号码",
        "证件号",
        "居民身份证号",
        "居民身份证号码",
        "本人身份证号",
        "idcard",
        "id_card",
        "id card",
        "idno",
        "sfzh",
    )
)
"""Names of a column that holds numbers of identity cards."""
DIAGNOSED = frozenset(
    normal(name)
    for name in (
        "确诊日期",
        "确诊时间",
        "诊断日期",
        "诊断时间",
        "首诊日期",
        "首次诊断日期",
        "首次确诊日期",
        "发病日期",
        "患病日期",
        "diagnosis_date",
        "diagnosis date",
        "date of diagnosis",
        "diagnosed on",
    )
)
"""Names of a column of a roster that says when a disease was diagnosed."""
NAMES_OF_PEOPLE = frozenset(
    normal(name) for name in ("姓名", "患者姓名", "居民姓名", "病人姓名", "name", "full name", "patient name")
)
"""Names of a column with the names of people: it is not taken, and tells that a row is one person."""
DEATH = frozenset(normal(name) for name in ("死亡日期", "死亡时间", "death_date", "date of death"))
BLANK_WORDS = (
    "-",
    "--",
    "—",
    "——",
    "/",
    "\\",
    "未测",
    "未查",
    "未做",
    "未检",
    "未检测",
    "未监测",
    "拒测",
    "拒查",
    "缺",
    "null",
    "n/a",
    "na",
    "nan",
    "none",
    "\\n",
    "#n/a",
    "(null)",
)
"""Words that stand where nothing was measured; 无 is none of them, for it is an answer elsewhere."""
FOOTERS = (
    "合计",
    "小计",
    "总计",
    "共计",
    "总人数",
    "填表人",
    "填报人",
    "填表单位",
    "填报单位",
    "填表日期",
    "填报日期",
    "制表",
    "审核人",
    "负责人",
    "打印",
    "导出时间",
    "导出日期",
    "数据来源",
    "备注：",
    "说明：",
    "注：",
    "total",
    "grand total",
    "subtotal",
    "printed on",
    "exported on",
)
"""Words with which rows begin that are no records."""
FOREIGN_WORDS = ("下次", "上次", "目标", "联系人", "父", "母", "配偶", "next", "previous", "target", "医生", "医师")
"""A column whose name has one of these is not what the rest of its name says: 下次随访日期 is no 随访日期."""

_OWN: Mapping[str, tuple[str, ...]] = {
    "patients": tuple(PERSON_COLUMNS),
    "events": tuple(EVENT_COLUMNS),
    "institutions": INSTITUTION_COLUMNS,
    "teams": TEAM_COLUMNS,
    "activities": tuple(ACTIVITY_COLUMNS),
}


@cache
def known_names(table: str) -> Mapping[str, str]:
    """Give the names here of foreign columns of a table, by their normal form."""
    found: dict[str, str] = {}
    for source in read_mapping("bphs-forms").sources:
        # Of an appointment the day is the visit's; of follow-ups and checkups every column is what it says.
        if source.table == table and source.constants.get("kind") != "appointment":
            for foreign, names in source.columns.items():
                found.setdefault(normal(foreign), names[0])
    for name in (*_OWN[table], *(("patient_id",) if table == "events" else ())):
        found[normal(name)] = name
        for foreign in _FURTHER.get(name, ()):
            found.setdefault(normal(foreign), name)
    for name, quantity in QUANTITIES.items() if table == "events" else ():
        found.setdefault(normal(quantity.zh), name)
    return found


def role_of(file: str) -> FileRole | None:
    """Give what a file is by its name; ``None`` if that says nothing.

    >>> role_of("高血压患者随访记录.csv"), role_of("a.csv")
    (FileRole(table='events', kind='follow_up'), None)
    """
    name = normal(file)
    if name in ("events.csv", "events.parquet"):
        return FileRole("events")
    found = next((role for words, role in _FILES if any(word in name for word in words)), None)
    if found in (None, FileRole("patients")) and disease_of(file) and any(word in name for word in _REGISTERS):
        return FileRole("events", "enrolment")
    return found


def disease_of(file: str) -> str:
    """Give the disease that the name of a file speaks of, blank if none or several.

    >>> disease_of("糖尿病随访表")
    'type2-diabetes'
    """
    name = normal(file)
    found = [disease for disease, words in _DISEASES.items() if any(word in name for word in words)]
    return found[0] if len(found) == 1 else ""
