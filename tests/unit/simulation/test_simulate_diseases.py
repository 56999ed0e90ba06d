"""Diseases of one's own are simulated: their quantities, their kinds of event, whatever their conditions look at."""

import re
from pathlib import Path

import numpy as np
import pytest

from singledisease import catalogue
from singledisease.dates import day_of, iso
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar import walk as columnar_walk
from singledisease.engines.reference import walk as reference_walk
from singledisease.errors import UsageError
from singledisease.eventlog.load_rules import LoadRules
from singledisease.io.definitions import read_disease_text
from singledisease.io.folder import read_folder
from singledisease.simulation import Rates, simulate

TEXT = """
id = "asthma"
version = "1"
codes = ["J45"]
[names]
zh = "哮喘"
en = "Asthma"
[citations.made]
title = { zh = "示例", en = "An example" }
[quantities.flow]
unit = "L/min"
low = 50
high = 900
zh = "峰流速"
en = "peak flow"
[parameters.flow]
value = 400
unit = "L/min"
names = { zh = "目标", en = "goal" }
citation = "made"
status = "provisional"
[parameters.silent]
value = 9
unit = "months"
names = { zh = "失访", en = "lost after" }
citation = "made"
status = "provisional"
[pathway]
initial = "general"
died = "died"
[pathway.states]
general = { stage = "prevention", zh = "一般", en = "general" }
stable = { stage = "management", managed = true, zh = "稳定", en = "stable" }
worse = { stage = "treatment", managed = true, zh = "加重", en = "worse" }
closed = { stage = "closed", zh = "结案", en = "closed" }
died = { stage = "closed", zh = "死亡", en = "died" }
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
kinds = ["KIND"]
when = 'CONDITION'
citation = "made"
[[pathway.signals]]
id = "better"
zh = "好转"
en = "better"
kinds = ["pharmacy"]
citation = "made"
[[pathway.transitions]]
from = ["general"]
on = "enrolment"
to = "stable"
[[pathway.transitions]]
from = ["stable"]
on = "worse"
to = "worse"
[[pathway.transitions]]
from = ["worse"]
on = "better"
to = "stable"
[[pathway.transitions]]
from = ["general", "stable", "worse"]
on = "exit"
to = "closed"
[[pathway.timings]]
id = "silence"
zh = "无接触"
en = "no contact"
states = ["stable", "worse"]
after = { months = "silent" }
met_by_kinds = ["follow_up", "checkup"]
met_by = 'flow.known() or kind == "checkup"'
repeats = true
breach = false
leads_to = "closed"
citation = "made"
[targets.control]
zh = "控制"
en = "controlled"
columns = ["flow"]
goal = 'flow >= p("flow")'
citation = "made"
"""

NUMBER = re.compile(r"(?<=[<>*/+-] )\d+\b|(?<=[<>]= )\d+\b|(?<=, )\d+(?=\))")
PARAMETER = """
[parameters.n{0}]
value = {0}
names = {{ zh = "数", en = "number" }}
citation = "made"
status = "provisional"
"""


def asthma(condition='flow < p("flow")', kind="follow_up", text=TEXT):
    """Give the disease, worse on a condition, whose numbers become parameters."""
    numbers = sorted({number for one in (condition, text[-300:]) for number in NUMBER.findall(one)})
    named = NUMBER.sub(r'p("n\g<0>")', text.replace("KIND", kind).replace("CONDITION", condition))
    return read_disease_text(named + "".join(PARAMETER.format(number) for number in numbers))


def stays_found(log, disease, walk):
    """Tell what an engine makes of a log, in the words of ``truth.csv``."""
    courses = walk(resolve_disease(disease, {}), log.as_of(None), day_of("2024-12-31"))
    spells, states = courses.spells, [state.id for state in courses.disease.pathway.states]
    who = np.repeat(np.arange(len(log.people)), np.diff(spells.offsets))
    return tuple(
        (log.people.ids[who[i]], disease.id, states[spells.state[i]], iso(spells.entered[i]), iso(spells.left[i]))
        for i in range(len(who))
    )


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ('flow < p("flow")', "follow_up"),
        ("flow - 100 < 250", "follow_up"),
        ('item == "spirometry" and flow < 350', "test"),
        ('item in ("spirometry", "oscillometry")', "test"),
        ('item.starts_with("spiro")', "lung_function"),
        ("complication", "encounter"),
        ('attribute("institution").starts_with("north")', "follow_up"),
        ('institution == "north-township"', "follow_up"),
        ('attribute("sex") == "female" and age(on=date) >= 60', "follow_up"),
        ("age(on=date) + 5 >= 60", "follow_up"),
        ('days_between(attribute("birth_date"), date) >= 20000 and flow > 300', "follow_up"),
        ("coalesce(flow, 500) < case((age(on=date) >= 65, 300), 400)", "follow_up"),
        ('not flow.known() and mode == "clinic"', "follow_up"),
        ('months_between(attribute("birth_date"), date) >= 700 and flow / 2 < 200 and sbp > 3', "follow_up"),
    ],
)
def test_whatever_a_condition_looks_at(condition, kind):
    """Both engines find the true states, and people get to where the condition leads, if anybody can."""
    disease = asthma(condition, kind)
    made = simulate(diseases=disease, patients=120, seed=1, rates=Rates(dirty=0.02, unusual=0.1, missing=0.3))
    log = made.log()
    assert log.report.table("events").refused == made.figures["rows"]["refused"]
    for walk in (columnar_walk, reference_walk):
        assert stays_found(log, disease, walk) == made.truth
    assert ("sbp" in condition) != any(state == "worse" for _, _, state, _, _ in made.truth)


def test_own_quantity_through_files(tmp_path):
    """A disease's own quantity is read, is at goal about as often as asked for, and is spoilt too."""
    disease = asthma()
    rates = Rates(
        at_goal=0.7,
        differing=0.1,
        dirty=0.2,
        missing=0.3,
        impossible=1,
        adverse_reaction=0,
        complication=0,
        emergency=0,
    )
    made = simulate(tmp_path, diseases=disease, patients=400, seed=1, rates=rates)
    log = read_folder(tmp_path, rules=LoadRules(quantities=made.quantities))
    flow = log.columns["flow"].values[log.columns["mode"].known]
    assert abs(np.mean(flow[~np.isnan(flow)] >= 400) - 0.7) < 0.08
    assert {one.column for one in log.report.readings if one.check == "out_of_bounds"} == {"flow"}


def test_the_page_on_adding_a_disease():
    """The disease that the docs add is simulated."""
    page = (Path(__file__).parents[3] / "docs/how-to/add-a-disease.md").read_text("utf-8")
    found = re.search(r'copd = """\\\n(.*?)"""', page, re.DOTALL)
    assert found is not None
    made = simulate(diseases=read_disease_text(found[1]), patients=200, seed=1, rates={"stopped": 0.5})
    assert {state for _, _, state, _, _ in made.truth} >= {"stable", "troubled", "lost"}


def test_without_a_target():
    """Of a disease without a target people are managed and lost; nobody can be at goal."""
    disease = asthma(text=TEXT[: TEXT.index("[targets.control]")])
    year = simulate(diseases=disease, patients=100, seed=1).figures["diseases"]["asthma"]["years"]["2024"]
    assert year["managed"] > 20
    assert "at_goal" not in year


def test_without_anything_to_measure():
    """Of a disease that measures nothing nothing is read; its events are spoilt in other ways."""
    start, end = TEXT.index("[quantities.flow]"), TEXT.index("[parameters.silent]")
    text = TEXT[:start] + TEXT[end : TEXT.index("[targets.control]")]
    text = text.replace("flow.known() or ", "")
    made = simulate(diseases=asthma("complication", text=text), patients=100, seed=1, dirty=0.1)
    log = made.log()
    assert "flow" not in log.columns
    assert log.report.table("events").refused == made.figures["rows"]["refused"] > 0
    assert stays_found(log, asthma("complication", text=text), columnar_walk) == made.truth


def test_two_targets():
    """Of a disease with several targets each has its figures."""
    second = '[targets.best]\nzh = "最佳"\nen = "best"\ncolumns = ["flow"]\ngoal = \'flow >= 500\'\ncitation = "made"\n'
    year = simulate(diseases=asthma(text=TEXT + second), patients=100, seed=1).figures["diseases"]["asthma"]["years"]
    targets = year["2024"]["targets"]
    assert targets["control"]["at_goal"] == year["2024"]["at_goal"] >= targets["best"]["at_goal"]


@pytest.mark.parametrize("condition", ['record == "E0000001"', "recorded > date", 'attribute("death_date").known()'])
def test_what_is_only_known_when_it_is_written(condition):
    """A condition on what is made when the registry is written cannot be simulated, and says so."""
    with pytest.raises(UsageError, match="cannot be simulated"):
        simulate(diseases=asthma(condition), patients=10)


@pytest.mark.parametrize("walk", [columnar_walk, reference_walk], ids=["columnar", "reference"])
def test_a_condition_that_looks_back(walk):
    """A rise since the last visit is heard in the truth, as it is in the registry: many with COPD get worse by it."""
    disease = catalogue.disease("copd")
    made = simulate(diseases=disease, patients=60, seed=4)
    courses = walk(resolve_disease(disease, {}), made.log().as_of(None), day_of("2024-12-31"))
    states = [courses.disease.pathway.states[number].id for number in courses.spells.state]
    true = [row[2] for row in made.truth]
    assert states == true
    assert true.count("worse") > 10


@pytest.mark.parametrize("walk", [columnar_walk, reference_walk], ids=["columnar", "reference"])
def test_a_time_out_in_weeks(walk):
    """Nine weeks without contact close: in the truth as in the registry."""
    disease = asthma(text=TEXT.replace('unit = "months"', 'unit = "weeks"').replace("months =", "weeks ="))
    made = simulate(diseases=disease, patients=40, seed=2)
    assert stays_found(made.log(), disease, walk) == made.truth


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{ months = "silent" }', '{ months = \'case((attribute("sex") == "male", p("silent")))\' }'),
        ('{ months = "silent" }', '{ months = "silent" }\nfrom = "until"'),
        ('died = "died"', 'died = "died"\nsequence = "link"'),
    ],
    ids=["worked out", "from a date in the event", "of linked sequences"],
)
def test_pathways_that_are_not_simulated(old, new):
    """A time-out that depends on the person or the event, and a pathway over links, are refused by name."""
    with pytest.raises(UsageError, match=r"cannot be simulated|linked sequences"):
        simulate(diseases=asthma(text=TEXT.replace(old, new)), patients=10)
