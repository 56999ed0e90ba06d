"""A third disease is one more TOML text: read, checked, walked, measured and drawn by the same code."""

import pytest
from bphs import groups
from tables import lines

from singledisease.catalogue import cn_bphs_2017
from singledisease.definitions.resolve import resolve_disease
from singledisease.errors import DefinitionError
from singledisease.io.definitions import read_disease_text
from singledisease.report.diagrams import draw

COPD = """
id = "copd"
version = "0.1"
codes = ["J41", "J42", "J43", "J44"]

[names]
zh = "慢阻肺"
en = "COPD"

[citations.trial]
title = { zh = "慢性阻塞性肺疾病患者健康服务规范（试行）", en = "Health service for COPD (trial)" }
place = "未见原文"
year = 2024

[quantities.cat]
unit = "points"
low = 0
high = 40
zh = "CAT评分"
en = "CAT score"

[parameters.cat]
value = 10
unit = "points"
names = { zh = "CAT目标", en = "CAT goal" }
citation = "trial"
status = "provisional"

[parameters.visits_per_year]
value = 2
names = { zh = "每年随访次数", en = "follow-ups a year" }
citation = "trial"
status = "provisional"

[parameters.visit_months]
value = 6
unit = "months"
names = { zh = "随访间隔", en = "interval of follow-up" }
citation = "trial"
status = "provisional"

[parameters.lost_after]
value = 18
unit = "months"
names = { zh = "失访", en = "lost after" }
citation = "trial"
status = "provisional"
policy = "lost_after"

[roles]
village_doctor = { zh = "村医", en = "village doctor" }

[pathway]
initial = "general"
died = "died"

[pathway.states]
general = { stage = "prevention", zh = "一般人群", en = "general population" }
stable = { stage = "management", managed = true, zh = "稳定", en = "stable" }
troubled = { stage = "management", managed = true, refer = true, zh = "加重", en = "troubled" }
lost = { stage = "management", managed = true, zh = "失访", en = "lost" }
closed = { stage = "closed", zh = "结案", en = "closed" }
misdiagnosed = { stage = "closed", zh = "排除诊断", en = "misdiagnosed" }
died = { stage = "closed", zh = "死亡", en = "died" }

[[pathway.signals]]
id = "exit_misdiagnosed"
zh = "排除"
en = "exit as misdiagnosed"
kinds = ["exit"]
when = 'reason == "misdiagnosed"'

[[pathway.signals]]
id = "exit"
zh = "退出"
en = "exit"
kinds = ["exit"]

[[pathway.signals]]
id = "enrolment"
zh = "纳入"
en = "enrolment"
kinds = ["enrolment"]

[[pathway.signals]]
id = "worse"
zh = "加重"
en = "worse"
kinds = ["follow_up"]
when = 'cat >= p("cat")'
citation = "trial"

[[pathway.signals]]
id = "seen"
zh = "接触"
en = "seen"
kinds = ["follow_up", "checkup"]

[[pathway.transitions]]
from = ["general", "lost", "closed"]
on = "enrolment"
to = "stable"

[[pathway.transitions]]
from = ["stable", "lost"]
on = "worse"
to = "troubled"

[[pathway.transitions]]
from = ["troubled", "lost"]
on = "seen"
to = "stable"

[[pathway.transitions]]
from = ["general", "stable", "troubled", "lost"]
on = "exit_misdiagnosed"
to = "misdiagnosed"

[[pathway.transitions]]
from = ["general", "stable", "troubled", "lost"]
on = "exit"
to = "closed"

[[pathway.timings]]
id = "silence"
zh = "无接触"
en = "no contact"
states = ["stable", "troubled"]
after = { months = "lost_after" }
met_by_kinds = ["follow_up", "checkup"]
repeats = true
breach = false
leads_to = "lost"
citation = "trial"

[[services]]
id = "follow_up"
zh = "随访"
en = "follow-up"
states = ["stable", "troubled"]
after = { months = "visit_months" }
met_by_kinds = ["follow_up"]
repeats = true
role = "village_doctor"
levels = ["village"]
citation = "trial"

[targets.control]
zh = "症状控制"
en = "symptoms controlled"
columns = ["cat"]
goal = 'cat < p("cat")'
citation = "trial"
"""

EVENTS = """
    who  date        kind       mode    cat  code  reason
    A    2024-01-01  enrolment  .       .    J44   .
    A    2024-03-01  follow_up  clinic  12   .     .
    A    2024-08-01  follow_up  clinic  8    .     .
    A    2024-08-01  checkup    .       .    .     .
    B    2024-01-01  enrolment  .       .    J44.1 .
    B    2024-03-01  follow_up  clinic  12   .     .
    C    2022-01-01  enrolment  .       .    J44   .
    D    2024-01-01  enrolment  .       .    I10   .
    E    2024-01-01  enrolment  .       .    J44   .
    E    2024-02-01  exit       .       .    .     misdiagnosed
"""


@pytest.fixture(scope="module")
def copd():
    """Give the disease as read from its text."""
    return read_disease_text(COPD)


def test_a_third_disease_is_walked(engine, copd):
    """Both engines walk a pathway nobody wrote code for, with a quantity of its own."""
    found = engine.spells(resolve_disease(copd, {}), EVENTS, until="2024-12-31")
    assert [line for line in found if line.startswith(("A", "C", "D"))] == lines("""
        A  stable    2024-01-01  2024-02-29  enrolment#1
        A  troubled  2024-03-01  2024-07-31  follow_up#2
        A  stable    2024-08-01  2024-12-31  follow_up#3
        C  stable    2022-01-01  2023-07-01  enrolment#1
        C  lost      2023-07-02  2024-12-31  silence
        D  general   2024-01-01  2024-12-31  .
    """)


def test_a_third_disease_is_measured(engine, copd):
    """The indicators are made of its own target and its own numbers: two visits a year, a CAT score below 10."""
    by_measure = {
        measure.id: groups(engine, measure.id, EVENTS, asked=measure, diseases={"copd": copd})
        for measure in cn_bphs_2017.measures([copd])
    }
    assert by_measure == {
        "copd.managed": ["A numerator", "B numerator", "C numerator", "D outside", "E excluded:misdiagnosed"],
        "copd.standardized_management": [
            "A numerator",
            "B not_numerator",
            "C not_numerator",
            "D outside",
            "E excluded:misdiagnosed",
        ],
        "copd.control": [
            "A numerator",
            "B not_numerator",
            "C not_numerator",
            "D outside",
            "E excluded:misdiagnosed",
        ],
    }


@pytest.mark.parametrize("reading", ["last_follow_up", "any_mode", "include_measurements", "day_lowest"])
def test_every_policy_works_for_it(engine, copd, reading):
    """Each option of ``reading`` judges the further quantity."""
    control = cn_bphs_2017.control(copd)
    found = groups(engine, control.id, EVENTS, asked=control, diseases={"copd": copd}, reading=reading)
    assert found[:2] == ["A numerator", "B not_numerator"]


def test_its_own_time_to_lost_can_be_set(engine, copd):
    """A parameter with a policy is set by it: after 6 months C and B are lost, after 18 only C."""
    control = cn_bphs_2017.control(copd)
    policy = {"lost_after": "6", "lost": "exclude"}
    found = groups(engine, control.id, EVENTS, asked=control, diseases={"copd": copd}, **policy)
    assert found[:3] == ["A numerator", "B excluded:lost", "C excluded:lost"]


def test_a_third_disease_is_drawn(copd):
    """All three forms name its states."""
    for form in ("mermaid", "dot"):
        drawn = draw(copd, form, "zh")
        assert isinstance(drawn, str)
        assert "加重" in drawn
        assert "18个月" in drawn
    assert "troubled" in str(draw(copd, "table", "en"))


def test_a_third_disease_with_a_fault_is_refused():
    """An unknown state is named, and so is every other fault of the text."""
    broken = COPD.replace('to = "troubled"', 'to = "worse"').replace(
        'citation = "trial"\nstatus', 'citation = "no"\nstatus', 1
    )
    with pytest.raises(DefinitionError) as caught:
        read_disease_text(broken)
    assert [fault.check for fault in caught.value.faults] == ["unknown_state", "unknown_citation", "unreachable_state"]
