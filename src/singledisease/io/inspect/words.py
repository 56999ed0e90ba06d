"""What foreign names of files and columns usually mean; those of the public-health forms come from their mapping."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from attrs import frozen

from singledisease.io.mapping import read_mapping
from singledisease.io.mapping.names import normal
from singledisease.vocabulary import (
    EVENT_COLUMNS,
    INSTITUTION_COLUMNS,
    PERSON_COLUMNS,
    QUANTITIES,
)


@frozen
class Role:
    """What a file seems to be: a table, and for one of events the kind that each of its rows is."""

    table: str
    kind: str = ""


_FILES: tuple[tuple[tuple[str, ...], Role], ...] = (
    (("终止", "注销", "结案", "失访", "迁出"), Role("events", "end")),
    (("机构", "institution", "facilit", "organi"), Role("institutions")),
    (("随访", "follow", "visit"), Role("events", "follow_up")),
    (("体检", "checkup", "check-up"), Role("events", "checkup")),
    (("签约", "contract"), Role("events", "contract")),
    (("转诊", "referral"), Role("events", "referral")),
    (("预约", "appointment"), Role("events", "appointment")),
    (("筛查", "screening"), Role("events", "screening")),
    (("专项档案", "管理卡", "建卡", "纳入管理", "enrol"), Role("events", "enrolment")),
    (("出院", "discharge"), Role("events", "discharge")),
    (("住院", "入院", "admission"), Role("events", "admission")),
    (("诊断", "diagnos"), Role("events", "diagnosis")),
    (("检验", "化验", "laborator"), Role("events", "test")),
    (("自测", "监测", "measurement"), Role("events", "measurement")),
    (("用药", "处方", "medication", "prescription"), Role("events", "medication")),
    (("门诊", "就诊", "诊疗", "encounter", "outpatient"), Role("events", "encounter")),
    (("个人", "居民", "健康档案", "人员", "患者", "patient", "person", "resident"), Role("patients")),
)
_DISEASES: Mapping[str, tuple[str, ...]] = {
    "hypertension": ("高血压", "hypertension", "htn"),
    "type2-diabetes": ("糖尿病", "diabetes", "t2dm"),
}
_FURTHER: Mapping[str, tuple[str, ...]] = {
    "patient_id": (
        "patientid",
        "personid",
        "pid",
        "empi",
        "患者编号",
        "患者id",
        "个人编号",
        "居民编号",
        "档案编码",
        "病人id",
    ),
    "birth_date": ("birthdate", "birthday", "dob", "dateofbirth", "出生年月", "生日"),
    "sex": ("gender",),
    "institution": ("orgcode", "organization", "facility", "医疗机构", "机构编码", "机构代码"),
    "death_date": ("dateofdeath", "deathdate"),
    "date": (
        "visitdate",
        "eventdate",
        "日期",
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
    "mode": ("visittype", "visitmode", "访视方式"),
    "sbp": ("systolic", "systolicbp", "高压", "sysbp"),
    "dbp": ("diastolic", "diastolicbp", "低压", "diabp"),
    "fpg": ("fbg", "fastingglucose", "glu空腹"),
    "hba1c": ("糖化",),
    "code": ("icd10", "icd", "诊断编码", "疾病编码", "诊断代码"),
    "recorded": ("录入时间", "创建时间", "登记时间"),
}
FOREIGN_WORDS = ("下次", "上次", "目标", "联系人", "父", "母", "配偶", "next", "previous", "target", "医生", "医师")
"""A column whose name has one of these is not what the rest of its name says: 下次随访日期 is no 随访日期."""


@cache
def known_names(table: str) -> Mapping[str, str]:
    """Give the names here of foreign columns of a table, by their normal form."""
    found: dict[str, str] = {}
    for source in read_mapping("bphs-forms").sources:
        # Of an appointment the day is the visit's; of follow-ups and checkups every column is what it says.
        if source.table == table and source.constants.get("kind") != "appointment":
            for foreign, names in source.columns.items():
                found.setdefault(normal(foreign), names[0])
    own = {"patients": PERSON_COLUMNS, "events": EVENT_COLUMNS, "institutions": INSTITUTION_COLUMNS}[table]
    for name in (*own, *(("patient_id",) if table == "events" else ())):
        found[normal(name)] = name
        for foreign in _FURTHER.get(name, ()):
            found.setdefault(normal(foreign), name)
    for name, quantity in QUANTITIES.items() if table == "events" else ():
        found.setdefault(normal(quantity.zh), name)
    return found


def role_of(file: str) -> Role | None:
    """Give what a file is by its name; ``None`` if that says nothing.

    >>> role_of("高血压患者随访记录.csv"), role_of("a.csv")
    (Role(table='events', kind='follow_up'), None)
    """
    name = normal(file)
    if name in ("events.csv", "events.parquet"):
        return Role("events")
    return next((role for words, role in _FILES if any(word in name for word in words)), None)


def disease_of(file: str) -> str:
    """Give the disease that the name of a file speaks of, blank if none or several.

    >>> disease_of("糖尿病随访表")
    'type2-diabetes'
    """
    name = normal(file)
    found = [disease for disease, words in _DISEASES.items() if any(word in name for word in words)]
    return found[0] if len(found) == 1 else ""
