"""Levels, kinds and units of expressions, and what is not well made."""

from __future__ import annotations

import pytest

from singledisease.errors import DefinitionError
from singledisease.language import nodes as n
from singledisease.language.build import PERIOD, events, managed, months_between, spells
from singledisease.language.parse import parse
from singledisease.language.row_sources import named_column, shape_of, source_of
from singledisease.language.typecheck import ValueType, checked, faults_of, kind_of, level_of, sort_of, unit_of
from singledisease.language.units import plain_unit

EVENTS = n.Events(("follow_up",))
SBP = named_column("sbp")
DATE = named_column("date")
MODE = named_column("mode")
ONE = n.Literal(1.0, "number")
YES = n.Literal(True, "bool")
TEXT = n.Literal("x", "text")
DAY = n.Literal(20000, "date")
STATUS = n.Status("h", "managed")

SORTS = [
    ("sbp", ValueType("row", "number", "mmHg")),
    ("140", ValueType("constant", "number")),
    ("True", ValueType("constant", "bool")),
    ('"x"', ValueType("constant", "text")),
    ('day("2024-01-01")', ValueType("constant", "date")),
    ('p("h.sbp")', ValueType("constant", "number")),
    ("sex", ValueType("person", "text")),
    ('attribute("birth_date")', ValueType("person", "date")),
    ("PERIOD.start", ValueType("person", "date")),
    ("age(on=PERIOD.end)", ValueType("person", "number", "years")),
    ("age(on=date)", ValueType("row", "number", "years")),
    ('age(on=day("2024-01-01"))', ValueType("person", "number", "years")),
    ("events().count()", ValueType("person", "number")),
    ("events().exists()", ValueType("person", "bool")),
    ('events().minimum("sbp")', ValueType("person", "number", "mmHg")),
    ('events().maximum("date")', ValueType("person", "date")),
    ('events().mean("hba1c")', ValueType("person", "number", "%")),
    ("events().last().sbp", ValueType("person", "number", "mmHg")),
    ('breaches("h").first().due', ValueType("person", "date")),
    ('spells("h").last().state', ValueType("person", "text")),
    ('concerns("h")', ValueType("row", "bool")),
    ('managed("h", on=PERIOD.end)', ValueType("person", "bool")),
    ('managed("h", on=date)', ValueType("row", "bool")),
    ('managed("h", during=PERIOD)', ValueType("person", "bool")),
    ('days_in(managed("h"), months(-2, 0))', ValueType("person", "number", "days")),
    ('days_in(managed("h"), between(date, None))', ValueType("row", "number", "days")),
    ("sbp < 140", ValueType("row", "bool")),
    ("sbp - dbp", ValueType("row", "number", "mmHg")),
    ("2 * sbp", ValueType("row", "number", "mmHg")),
    ("sbp / 2", ValueType("row", "number", "mmHg")),
    ("2 / sbp", ValueType("row", "number")),
    ("weight / bmi", ValueType("row", "number")),
    ("date + 3", ValueType("row", "date")),
    ("3 + date", ValueType("row", "date")),
    ('date - quantity(3, "days")', ValueType("row", "date")),
    ('date + quantity(3, "d")', ValueType("row", "date")),
    ("PERIOD.end - PERIOD.start", ValueType("person", "number", "days")),
    ("sbp > 1 and PERIOD.end > PERIOD.start", ValueType("row", "bool")),
    ("not adverse_reaction", ValueType("row", "bool")),
    ("how_many(True, sex.known())", ValueType("person", "number")),
    ("coalesce(sbp, 0)", ValueType("row", "number", "mmHg")),
    ("case((sbp > 1, 2), 3)", ValueType("row", "number")),
    ("case((True, sbp))", ValueType("row", "number", "mmHg")),
    ("months_between(date, PERIOD.end)", ValueType("row", "number", "months")),
    ('code.starts_with("I10")', ValueType("row", "bool")),
    ('choice("x", default="a", a=PERIOD.end, b=date)', ValueType("row", "date")),
    ('this("sbp") > 1', ValueType("row", "bool")),
    ('events().within(until(this("date"))).count()', ValueType("row", "number")),
    ('events().where(this("date") == date).exists()', ValueType("row", "bool")),
    ('events().same("link").count()', ValueType("row", "number")),
    ("events().within(until(events().last().date)).count()", ValueType("person", "number")),
    ('events().where(events().within(until(this("date"))).exists()).count()', ValueType("person", "number")),
    ('quantity(3, "µmol/L")', ValueType("constant", "number", "µmol/L")),
    ('column("cat", "number", "points")', ValueType("row", "number", "points")),
    ('column("note")', ValueType("row", "text")),
]


@pytest.mark.parametrize(("text", "sort"), SORTS, ids=[text for text, _ in SORTS])
def test_what_an_expression_is(text, sort):
    """Every node has the level, kind and unit that its parts give it."""
    node = parse(text)
    assert sort_of(node) == sort
    assert (level_of(node), kind_of(node), unit_of(node)) == (sort.level, sort.kind, sort.unit)


WRONG = [
    (n.Apply("<", (SBP, MODE)), "kind_differs"),
    (n.Apply("<", (SBP, named_column("fpg"))), "unit_differs"),
    (n.Apply("<", (MODE, n.Literal("clinic", "text"))), "kind_differs"),
    (n.Apply("==", (n.Literal("clinc", "text"), MODE)), "unknown_code"),
    (n.Apply("==", (n.Attribute("sex", "text"), n.Literal("m", "text"))), "unknown_code"),
    (n.Apply("is_in", (n.Picked(n.Pick(EVENTS, "last"), MODE),), ("clinc",)), "unknown_code"),
    (n.Apply("is_in", (SBP,), ("x",)), "kind_differs"),
    (n.Apply("is_in", (MODE,), ()), "too_few"),
    (n.Apply("starts_with", (MODE,), ()), "too_few"),
    (n.Apply("*", (DATE, ONE)), "kind_differs"),
    (n.Apply("+", (MODE, ONE)), "kind_differs"),
    (n.Apply("-", (ONE, DATE)), "kind_differs"),
    (n.Apply("+", (DATE, DATE)), "kind_differs"),
    (n.Apply("+", (DATE, n.Literal(1.0, "number", "months"))), "unit_differs"),
    (n.Apply("+", (n.Literal(1.0, "number", "mmHg"), DATE)), "unit_differs"),
    (n.Apply("+", (SBP, named_column("fpg"))), "unit_differs"),
    (n.Apply("and", (YES,)), "too_few"),
    (n.Apply("or", ()), "too_few"),
    (n.Apply("and", (YES, ONE)), "kind_differs"),
    (n.Apply("not", (ONE,)), "kind_differs"),
    (n.Apply("how_many", ()), "too_few"),
    (n.Apply("how_many", (ONE,)), "kind_differs"),
    (n.Apply("coalesce", ()), "too_few"),
    (n.Apply("coalesce", (ONE, TEXT)), "kind_differs"),
    (n.Case(()), "too_few"),
    (n.Case(((ONE, ONE),)), "kind_differs"),
    (n.Case(((YES, ONE),), TEXT), "kind_differs"),
    (n.Age(ONE), "kind_differs"),
    (n.Apply("days_between", (DATE, n.Literal("2024-01-01", "text"))), "kind_differs"),
    (n.StatusOn(STATUS, ONE), "kind_differs"),
    (n.StatusOn(n.Status("", "managed"), DATE), "disease_missing"),
    (n.StatusOn(n.Status("h", "state"), DATE), "too_few"),
    (n.StatusOn(n.Status("h", "managed", ("x",)), DATE), "too_few"),
    (n.StatusDuring(STATUS, n.CalendarWindow("months", 0, -1)), "window_turned"),
    (n.StatusDuring(STATUS, n.CalendarWindow("months", 0.5, 1)), "no_month"),
    (n.StatusDuring(STATUS, n.Between(ONE, None)), "kind_differs"),
    (n.ParameterOf("", "sbp"), "disease_missing"),
    (n.Concerns(""), "disease_missing"),
    (n.Breaches(""), "disease_missing"),
    (n.Spells(""), "disease_missing"),
    (n.Where(EVENTS, ONE), "kind_differs"),
    (n.Where(n.Breaches("h"), n.Apply(">", (SBP, ONE))), "unknown_column"),
    (n.Where(n.Breaches("h"), n.Concerns("h")), "unknown_column"),
    (n.Where(n.Spells("h"), n.Apply("known", (named_column("timing"),))), "unknown_column"),
    (n.Within(EVENTS, n.Between(DATE, None)), "window_of_row"),
    (n.Same(EVENTS, ()), "too_few"),
    (n.Reduce("count", EVENTS, (SBP,)), "column_not_needed"),
    (n.Reduce("minimum", EVENTS), "column_missing"),
    (n.Reduce("minimum", EVENTS, (MODE,)), "kind_differs"),
    (n.Reduce("mean", EVENTS, (DATE,)), "kind_differs"),
    (n.Reduce("minimum", EVENTS, (named_column("due"),)), "unknown_column"),
    (n.Picked(n.Pick(n.Breaches("h"), "last"), SBP), "unknown_column"),
    (n.Pick(n.Breaches(""), "last"), "disease_missing"),
    (n.Column("sbp", "text"), "unknown_column"),
    (n.Column("sbp", "number", "kPa"), "unknown_column"),
    (n.Column("mode", "number"), "unknown_column"),
    (n.Column("further", "date"), "unknown_column"),
    (n.This("further", "bool"), "unknown_column"),
    (n.Attribute("sex", "number"), "unknown_column"),
    (n.Attribute("birth_date", "text"), "unknown_column"),
    (n.Literal("140", "number"), "kind_differs"),
    (n.Literal(True, "number"), "kind_differs"),
    (n.Literal(1.0, "bool"), "kind_differs"),
    (n.Literal(float("nan"), "number"), "not_finite"),
    (n.Choice("c", (n.Option("a", ONE),), "b"), "unknown_option"),
    (n.Choice("c", (), "b"), "unknown_option"),
    (n.Choice("c", (n.Option("a b", ONE),), "a b"), "option_name"),
    (n.Choice("c", (n.Option("not", ONE),), "not"), "option_name"),
    (n.Choice("c", (n.Option("default", ONE),), "default"), "option_name"),
    (n.Choice("c", (n.Option("a", ONE), n.Option("a", ONE)), "a"), "option_name"),
    (n.Choice("c", (n.Option("a", ONE), n.Option("b", TEXT)), "a"), "kind_differs"),
]


@pytest.mark.parametrize(("node", "check"), WRONG, ids=[f"{check} {node}"[:90] for node, check in WRONG])
def test_what_is_not_well_made_is_refused_by_name(node, check):
    """Each node that cannot be asked has exactly one named fault, with the place written out."""
    faults = faults_of(node)
    assert {fault.check for fault in faults} == {check}
    assert all(fault.where and fault.message for fault in faults)
    with pytest.raises(DefinitionError, match=check):
        checked(node)


def test_all_faults_of_an_expression_are_told_at_once():
    """A fault in one part does not hide the fault in another."""
    node = n.Apply(
        "and",
        (
            n.Apply("<", (SBP, TEXT)),
            n.Apply("<", (SBP, named_column("fpg"))),
            n.Apply("known", (n.Column("sbp", "text"),)),
        ),
    )
    assert [fault.check for fault in faults_of(node)] == ["kind_differs", "unit_differs", "unknown_column"]
    with pytest.raises(DefinitionError) as error:
        sort_of(node)
    assert len(error.value.faults) == 3


def test_a_row_of_a_known_source_has_that_sources_columns():
    """Where the source of a row is known, columns of another source are unknown."""
    assert [fault.check for fault in faults_of(named_column("due"), "events")] == ["unknown_column"]
    assert faults_of(named_column("due"), "breaches") == ()
    assert faults_of(n.Column("further", "number", "points"), "events") == ()


def test_the_way_out_is_said():
    """A misspelt column and a date written as text come with a hint."""
    assert "did you mean sbp?" in str(faults_of(n.Apply("<", (named_column("sbpp"), ONE)))[0])
    assert "did you mean sbp?" in str(faults_of(n.Apply("<", (ONE, named_column("sbpp"))))[0])
    assert "did you mean sbp?" in str(
        faults_of(n.Apply("+", (n.Picked(n.Pick(EVENTS, "last"), named_column("sbpp")), ONE)))[0]
    )
    assert 'day("2024-01-01")' in str(faults_of(n.Apply("<", (DATE, n.Literal("2024-01-01", "text"))))[0])


@pytest.mark.parametrize(
    "node", [STATUS, n.PeriodWindow(), n.Pick(EVENTS, "first"), EVENTS, SBP, n.Between(None, None)]
)
def test_any_node_can_be_checked(node):
    """Windows, rows, selections and states are checked like values."""
    assert faults_of(node) == ()
    assert checked(node) is node


def test_sources_of_selections():
    """Narrowing a selection does not change where its rows come from."""
    assert source_of(events().where(parse("sbp > 1")).within(PERIOD).node) == "events"
    assert source_of(spells("h").node) == "spells"
    assert shape_of("further").kind == "text"


def test_units_of_time_have_one_name():
    """Whatever a unit of time is called, it is compared under one name."""
    asked = months_between(PERIOD.start, PERIOD.end).node
    assert faults_of(n.Apply("<", (asked, n.Literal(3.0, "number", "mo")))) == ()
    assert [fault.check for fault in faults_of(n.Apply("<", (asked, n.Literal(3.0, "number", "d"))))] == [
        "unit_differs"
    ]
    assert plain_unit("mmHg") == "mmHg"


def test_a_status_alone_is_asked_at_the_periods_end():
    """A status without a day is a person's condition."""
    assert level_of(managed("h").node) == "person"
