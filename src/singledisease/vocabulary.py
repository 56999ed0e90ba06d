"""The words a registry is written in: kinds of event, quantities with units and bounds, code lists.

The order of ``KINDS`` and of ``QUANTITIES`` is part of the canonical order of events.
The bounds are physiological limits beyond which a value is a slip of the pen; a row outside them is
refused, counted and shown (status: proposal; they are wider than any clinical threshold).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from attrs import frozen

ValueKind = Literal["bool", "number", "date", "text"]

KINDS: tuple[str, ...] = (
    "screening",
    "diagnosis",
    "enrolment",
    "assignment",
    "contract",
    "appointment",
    "call",
    "measurement",
    "test",
    "follow_up",
    "checkup",
    "encounter",
    "admission",
    "discharge",
    "referral",
    "recognition",
    "remote",
    "medication",
    "vaccination",
    "rehabilitation",
    "education",
    "redemption",
    "complication",
    "lost",
    "exit",
)
"""Kinds of event in the order in which they are taken within a day; a further kind stands before ``lost``."""

FURTHER_KIND_RANK = KINDS.index("lost")
"""Further kinds are taken where ``lost`` stands, before it, among themselves by name."""

CONTACTS: tuple[str, ...] = (
    "diagnosis",
    "enrolment",
    "follow_up",
    "checkup",
    "encounter",
    "admission",
    "discharge",
    "rehabilitation",
)
"""Kinds that mean the person was seen; an appointment, a call, a contract, a self-measurement is none."""

KIND_ALIASES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("建档", "建卡", "纳入", "纳入管理", "纳管", "登记", "enrol", "enroll", "registration"), "enrolment"
        ),
        **dict.fromkeys(("随访", "访视", "visit", "fu"), "follow_up"),
        **dict.fromkeys(("体检", "健康体检", "年检", "physical", "exam", "examination"), "checkup"),
        **dict.fromkeys(("就诊", "门诊", "诊疗", "consultation", "outpatient"), "encounter"),
        **dict.fromkeys(("诊断", "确诊"), "diagnosis"),
        **dict.fromkeys(("筛查", "初筛"), "screening"),
        **dict.fromkeys(("自测", "测量", "监测"), "measurement"),
        **dict.fromkeys(("检验", "化验", "检查", "lab", "laboratory"), "test"),
        **dict.fromkeys(("用药", "处方", "drug", "prescription"), "medication"),
        **dict.fromkeys(("接种", "疫苗", "vaccine", "immunization"), "vaccination"),
        **dict.fromkeys(("失访", "losttofollowup"), "lost"),
        **dict.fromkeys(("退出", "死亡", "迁出", "终止", "结案", "注销", "death", "died", "closed"), "exit"),
        "转诊": "referral",
        "签约": "contract",
        "预约": "appointment",
        "电话": "call",
        "入院": "admission",
        "住院": "admission",
        "出院": "discharge",
        "康复": "rehabilitation",
        "健康教育": "education",
        "宣教": "education",
        "互认": "recognition",
        "会诊": "remote",
    }
)
"""Other words for kinds, folded as ``spelling.folded`` does: none is taken for its kind, but what it means is said."""

OTHER_DISEASE = "other"
"""A tag that says that an event is about none of the diseases that are followed."""

NOT_DONE: tuple[str, ...] = (
    "cancelled",
    "canceled",
    "scheduled",
    "planned",
    "missed",
    "no-show",
    "not-done",
    "voided",
    "entered-in-error",
)
"""Values of ``status`` that say that nothing happened; letter case, blanks, ``_`` and ``-`` make no difference."""

NOT_DONE_ZH: Mapping[str, str] = MappingProxyType(
    {
        "取消": "cancelled",
        "已取消": "cancelled",
        "作废": "voided",
        "已作废": "voided",
        "失约": "missed",
        "爽约": "no-show",
        "未到": "no-show",
        "未完成": "not-done",
        "未随访": "not-done",
        "计划": "planned",
        "待随访": "scheduled",
        "录入错误": "entered-in-error",
    }
)
"""What the same is called in Chinese: taken by the ready mappings, elsewhere only said."""

ENTERED_IN_ERROR = "entered-in-error"
KINDS_WITH_STATUS: tuple[str, ...] = ("appointment", "referral", "contract")
"""Kinds that keep their own status, which is part of what happened; only what was entered in error did not happen."""

CODED_KINDS: tuple[str, ...] = ("diagnosis", "enrolment", "complication")
"""Kinds whose blank ``disease`` is found from ``code``."""


@frozen
class Quantity:
    """A measured column: unit, and the bounds (both allowed) outside which a value is refused."""

    name: str
    unit: str
    low: float
    high: float
    zh: str
    en: str


_QUANTITIES = (
    Quantity("sbp", "mmHg", 40, 350, "收缩压", "systolic pressure"),
    Quantity("dbp", "mmHg", 20, 250, "舒张压", "diastolic pressure"),
    Quantity("fpg", "mmol/L", 0.5, 60, "空腹血糖", "fasting glucose"),
    Quantity("ppg", "mmol/L", 0.5, 60, "餐后血糖", "post-prandial glucose"),
    Quantity("glucose", "mmol/L", 0.5, 60, "血糖", "glucose"),
    Quantity("tc", "mmol/L", 0.5, 40, "总胆固醇", "total cholesterol"),
    Quantity("tg", "mmol/L", 0.1, 100, "甘油三酯", "triglycerides"),
    Quantity("ldl", "mmol/L", 0.1, 30, "低密度脂蛋白胆固醇", "LDL cholesterol"),
    Quantity("hdl", "mmol/L", 0.1, 10, "高密度脂蛋白胆固醇", "HDL cholesterol"),
    Quantity("hba1c", "%", 2, 25, "糖化血红蛋白", "HbA1c"),
    Quantity("bmi", "kg/m²", 8, 100, "体质指数", "body-mass index"),
    Quantity("weight", "kg", 0.3, 500, "体重", "weight"),
    Quantity("height", "cm", 20, 260, "身高", "height"),
    Quantity("waist", "cm", 20, 250, "腰围", "waist"),
    Quantity("heart_rate", "/min", 15, 350, "心率", "heart rate"),
    Quantity("temperature", "°C", 25, 45, "体温", "temperature"),
    Quantity("spo2", "%", 20, 100, "血氧饱和度", "oxygen saturation"),
    Quantity("egfr", "mL/min/1.73 m²", 0, 250, "估算肾小球滤过率", "eGFR"),
    Quantity("uacr", "mg/g", 0, 30000, "尿白蛋白肌酐比", "urine albumin-creatinine ratio"),
)
QUANTITIES: Mapping[str, Quantity] = MappingProxyType({q.name: q for q in _QUANTITIES})
"""Quantities by name, in canonical order."""

DATES: tuple[str, ...] = ("date", "recorded", "withdrawn", "until")
FLAGS: tuple[str, ...] = ("adverse_reaction", "complication", "emergency")

LEVELS: tuple[str, ...] = ("village", "township", "community", "county", "city")
PRIMARY: tuple[str, ...] = ("village", "township", "community")
"""Levels of primary care (基层)."""

CODE_LISTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "mode": ("clinic", "home", "phone", "message", "online"),
        "level": LEVELS,
        "setting": ("outpatient", "inpatient", "emergency"),
        "direction": ("up", "down"),
    }
)
"""Columns of events whose value must be blank or in the list."""

EXIT_REASONS: tuple[str, ...] = ("died", "moved", "refused", "misdiagnosed", "completed")
SEXES: tuple[str, ...] = ("male", "female", "unknown")
SEX_CODES: Mapping[str, str] = MappingProxyType({"1": "male", "2": "female", "0": "unknown", "9": "unknown"})
"""GB/T 2261.1 codes of sex."""

STAGES: tuple[str, ...] = (
    "prevention",
    "screening",
    "diagnosis",
    "treatment",
    "management",
    "rehabilitation",
    "closed",
)

TEXT_COLUMNS: tuple[str, ...] = (
    "record",
    "link",
    "disease",
    "institution",
    "team",
    "level",
    "setting",
    "mode",
    "code",
    "system",
    "item",
    "direction",
    "status",
    "reason",
    "role",
    "package",
    "source",
)
EVENT_COLUMNS: Mapping[str, ValueKind] = MappingProxyType(
    {
        "kind": "text",
        **dict.fromkeys(DATES, "date"),
        "sequence": "number",
        "amount": "number",
        **dict.fromkeys(TEXT_COLUMNS, "text"),
        **dict.fromkeys(FLAGS, "bool"),
        **dict.fromkeys(QUANTITIES, "number"),
    }
)
"""Every column of events with a built-in meaning, and what kind of value it holds."""

PERSON_COLUMNS: Mapping[str, ValueKind] = MappingProxyType(
    {
        "patient_id": "text",
        "birth_date": "date",
        "sex": "text",
        "institution": "text",
        "death_date": "date",
        "death_recorded": "date",
        "team": "text",
        "region": "text",
    }
)
INSTITUTION_COLUMNS: tuple[str, ...] = ("institution", "name", "level", "parent", "region")
TEAM_COLUMNS: tuple[str, ...] = ("team", "name", "institution", "kind", "group")
ACTIVITY_COLUMNS: Mapping[str, ValueKind] = MappingProxyType(
    {
        "institution": "text",
        "date": "date",
        "kind": "text",
        "count": "number",
        "staff": "number",
        "from_level": "text",
        "to_level": "text",
    }
)
"""Columns of what an institution did that is about no one person."""
