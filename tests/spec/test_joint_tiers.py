"""Tiers of several diseases: a person's colour is the worst of their diseases'."""

from collections import Counter

import pytest
from attrs import evolve
from pathways import CARE
from tables import lines, log_of

import singledisease as sd
from singledisease.definitions.citation import DatedValue, Parameter
from singledisease.definitions.tier import Tier, TierLevel, TierRule
from singledisease.language.build import PERIOD
from singledisease.language.parse import parse, write
from singledisease.scorecard.evaluate import evaluate

COLOURS = {"green": ("绿", "green"), "yellow": ("黄", "yellow"), "red": ("红", "red")}
LEVELS = tuple(TierLevel(id=id, names=sd.Names(*names), colour=id) for id, names in COLOURS.items())
RULES = {"red": "sbp >= 160", "yellow": "sbp >= 140", "green": "sbp < 140"}
COLOUR = Tier(
    id="colour",
    names=sd.Names("颜色", "colour"),
    kinds=("checkup",),
    levels=LEVELS,
    rules=tuple(TierRule(level=level, when=parse(when)) for level, when in RULES.items()),
    valid=6,
)
CARED = evolve(CARE, tiers=(COLOUR,))
OTHER = evolve(CARED, id="other", codes=("E11",))
DISEASES = {"care": CARED, "other": OTHER}
JOINT = sd.JointTier(
    id="colour", names=sd.Names("颜色", "colour"), levels=LEVELS, of=("care.colour", "other.colour"), citation="ours"
)
EVENTS = """
    who date       kind      disease sbp
    ann 2024-01-05 enrolment care    .
    ann 2024-01-10 checkup   care    150
    ann 2024-02-10 checkup   other   170
    ann 2024-03-10 checkup   other   120
    ann 2024-04-10 checkup   care    130
    bob 2024-01-05 enrolment care    .
    bob 2024-01-10 checkup   care    130
    cyd 2024-01-05 enrolment care    .
    cyd 2024-03-20 checkup   care    .
    dan 2024-01-05 enrolment care    .
    dan 2024-01-10 checkup   .       165
    dan 2024-05-10 checkup   other   120
"""
ON = {
    "2024-01-09": ("?", "?", "?", "?"),
    "2024-01-10": ("yellow", "green", "?", "red"),
    "2024-02-10": ("red", "green", "?", "red"),
    "2024-03-10": ("yellow", "green", "?", "red"),
    "2024-04-10": ("green", "green", "?", "red"),
    "2024-07-10": ("green", "green", "?", "red"),
    "2024-07-11": ("green", "?", "?", "green"),
    "2024-11-11": ("?", "?", "?", "?"),
}


@pytest.mark.parametrize(("day", "expected"), ON.items(), ids=ON)
def test_the_worst_level_of_any_disease_stands(engine, day, expected):
    """Ann is as red as her other disease, Dan as both; a level out of date and a disease without one take no part."""
    found = engine.values(write(JOINT.on(parse(f'day("{day}")')).node), EVENTS, diseases=DISEASES.values())
    people = ("ann", "bob", "cyd", "dan")
    assert found == ["who value", *(f"{who} {level}" for who, level in zip(people, expected, strict=True))]


def test_a_row_asks_for_the_colour_of_its_day(engine):
    """Of Ann's checkups one falls on a red day and two on yellow ones; the level of that same day counts."""
    for level, expected in (("red", 1), ("yellow", 2), ("green", 1)):
        asked = sd.events("checkup").where(JOINT.on(sd.column("date")) == level).count()
        found = engine.values(write(asked.node), EVENTS, diseases=DISEASES.values())
        assert f"ann {expected}" in found


def test_the_last_in_the_order_of_those_that_are_there(engine):
    """The worst is what the order names last; what it does not name, and what is missing, is left out."""
    events = """
        who date       kind   mode  reason
        a   2024-01-01 call   phone .
        a   2024-01-02 exit   .     moved
        b   2024-01-01 call   home  .
        c   2024-01-02 exit   .     moved
        d   2024-01-01 call   clinic .
    """
    asked = 'worst(events("call").last().mode, events("exit").last().reason, order=("home", "phone", "moved"))'
    assert engine.values(asked, events) == lines("who value\na moved\nb home\nc moved\nd ?")
    asked = 'worst(events("call").last().mode, events("exit").last().reason, order=("moved", "home", "phone"))'
    assert engine.values(asked, events) == lines("who value\na phone\nb home\nc moved\nd ?")


def test_people_are_counted_by_colour(engine):
    """Everybody is in the stratum of their worst level at the end of each quarter, blank where none stands."""
    managed = sd.Measure(id="managed", numerator=sd.managed("care", on=PERIOD.end))
    score = evaluate(
        managed, log_of(EVENTS), sd.periods("2024/quarter"), by=[JOINT], diseases=DISEASES, engine=engine.name
    )
    rows = [(str(row["period_end"])[5:], row["by"]["colour"], row["initial_population"]) for row in score.table()]
    assert [row for row in rows if row[2]] == [
        ("03-31", "", 1),
        ("03-31", "green", 1),
        ("03-31", "red", 1),
        ("03-31", "yellow", 1),
        ("06-30", "", 1),
        ("06-30", "green", 2),
        ("06-30", "red", 1),
        ("09-30", "", 2),
        ("09-30", "green", 2),
        ("12-31", "", 4),
    ]


def test_levels_of_other_names_count_as_a_colour(engine):
    """A disease that says low and high gives green and red beside one that says colours."""
    levels = tuple(TierLevel(id=id, names=sd.Names(id, id)) for id in ("low", "high"))
    rules = (TierRule(level="high", when=parse("sbp >= 160")), TierRule(level="low", when=parse("sbp < 160")))
    risk = evolve(COLOUR, id="risk", levels=levels, rules=rules)
    joint = evolve(JOINT, of=("care.colour", "other.risk"), counted_as={"low": "green", "high": "red"})
    events = """
        who date       kind    disease sbp
        ann 2024-01-10 checkup care    150
        ann 2024-02-10 checkup other   150
        bob 2024-01-10 checkup other   150
        cyd 2024-01-10 checkup care    130
        cyd 2024-02-10 checkup other   170
        dan 2024-01-10 checkup other   .
    """
    found = engine.values(
        write(joint.on(parse('day("2024-03-01")')).node), events, diseases=[CARED, evolve(OTHER, tiers=(risk,))]
    )
    assert found == lines("who value\nann yellow\nbob green\ncyd red\ndan ?")


def _graded(id: str) -> sd.Disease:
    """Give a disease of the catalogue with colours by systolic pressure."""
    one = sd.disease(id)
    source = one.citations[0].id
    limits = tuple(
        Parameter(
            name=name,
            names=sd.Names(name, name),
            values=(DatedValue(value=value),),
            unit=unit,
            citation=source,
            status="proposal",
        )
        for name, value, unit in (
            ("limit_red", 160.0, "mmHg"),
            ("limit_yellow", 140.0, "mmHg"),
            ("limit_months", 6.0, "mo"),
        )
    )
    rules = {"red": 'sbp >= p("limit_red")', "yellow": 'sbp >= p("limit_yellow")', "green": "sbp.known()"}
    made = tuple(TierRule(level=level, when=parse(when, id)) for level, when in rules.items())
    graded = evolve(COLOUR, rules=made, valid=parse('p("limit_months")', id), citation=source)
    return evolve(one, parameters=(*one.parameters, *limits), tiers=(graded,))


def test_migration_between_colours_is_a_transition(engine):
    """From month to month Ann goes from yellow to red, to yellow and to green; levels stand in their order."""
    events = EVENTS.replace("care ", "hypertension ").replace("other", "type2-diabetes")
    joint = evolve(JOINT, of=("hypertension.colour", "type2-diabetes.colour"))
    first, second = _graded("hypertension"), _graded("type2-diabetes")
    cohort = sd.cohort(
        first, log_of(events), "2024-02-01", "2024-05-31", attribute=joint, diseases=[second], engine=engine.name
    )
    assert cohort.states == ("green", "yellow", "red", "unknown")
    moves: Counter[tuple[str, str]] = Counter()
    for row in cohort.counts.rows():
        moves[row["from"], row["to"]] += row["people"]
    assert moves == {
        ("yellow", "red"): 1,
        ("red", "yellow"): 1,
        ("yellow", "green"): 1,
        ("green", "green"): 5,
        ("red", "red"): 4,
        ("unknown", "unknown"): 4,
    }
