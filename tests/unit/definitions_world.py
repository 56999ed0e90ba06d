"""A small sound disease as TOML, and how to spoil it: what the tests of definitions start from."""

from __future__ import annotations

from singledisease.definitions.disease import Disease
from singledisease.io.definitions import read_disease_text

SMALL = """
id = "gout"
version = "1"
codes = ["M10"]

[names]
zh = "痛风"
en = "Gout"

[citations.guide]
title = { zh = "指南", en = "Guideline" }
year = 2024

[parameters.goal]
value = 360
unit = "µmol/L"
names = { zh = "尿酸目标", en = "uric-acid goal" }
citation = "guide"
status = "unverified"

[parameters.visit_months]
value = 3
unit = "months"
names = { zh = "随访间隔", en = "interval of visits" }
citation = "guide"
status = "confirmed"
note = "每季度"

[parameters.lost_after]
value = 12
unit = "months"
names = { zh = "失访期限", en = "silence that means lost" }
citation = "guide"
status = "proposal"
policy = "lost_after"

[quantities.uric_acid]
unit = "µmol/L"
low = 10
high = 2000
zh = "尿酸"
en = "uric acid"

[roles]
doctor = { zh = "医生", en = "doctor" }

[pathway]
initial = "well"
died = "died"

[pathway.states]
well = { stage = "prevention", zh = "未患病", en = "well" }
managed = { stage = "management", managed = true, zh = "管", en = "managed", next_step = { zh = "访", en = "visit" } }
lost = { stage = "management", managed = true, refer = true, zh = "失访", en = "lost" }
closed = { stage = "closed", zh = "结案", en = "closed" }
died = { stage = "closed", zh = "死亡", en = "died" }

[[pathway.signals]]
id = "enrolment"
zh = "纳入"
en = "enrolment"
kinds = ["enrolment"]
citation = "guide"

[[pathway.signals]]
id = "high"
zh = "尿酸高"
en = "uric acid high"
kinds = ["test", "screening"]
when = 'uric_acid >= p("goal")'

[[pathway.signals]]
id = "exit"
zh = "退出"
en = "exit"
kinds = ["exit"]

[[pathway.signals]]
id = "contact"
zh = "接触"
en = "contact"

[[pathway.transitions]]
from = ["well"]
on = "enrolment"
to = "managed"

[[pathway.transitions]]
from = ["well"]
on = "high"
to = "managed"
another_day = true

[[pathway.transitions]]
from = ["well", "managed", "lost"]
on = "exit"
to = "closed"

[[pathway.transitions]]
from = ["lost"]
on = "contact"
to = "managed"
after_days = 7
citation = "guide"

[[pathway.timings]]
id = "silence"
zh = "无接触"
en = "silence"
states = ["managed"]
after = { months = "lost_after" }
met_by_kinds = ["follow_up"]
repeats = true
breach = false
leads_to = "lost"
citation = "guide"

[[services]]
id = "visit"
zh = "随访"
en = "visit"
states = ["managed"]
after = { months = "visit_months" }
met_by_kinds = ["follow_up"]
met_by = 'mode in ("clinic", "home")'
repeats = true
role = "doctor"
levels = ["village", "township"]
applies = 'sex == "male"'
citation = "guide"

[targets.control]
zh = "达标"
en = "at goal"
columns = ["uric_acid"]
goal = 'uric_acid < p("goal")'
citation = "guide"
"""


def small(*changes: tuple[str, str]) -> str:
    """Give the text with some pieces replaced; each has to be there."""
    text = SMALL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def gout() -> Disease:
    """Give the small disease."""
    return read_disease_text(SMALL)
