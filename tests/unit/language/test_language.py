"""Writing expressions with Python operators."""

from __future__ import annotations

import copy
import datetime as dt
import pickle

import pytest
from definitions_world import gout

from singledisease.definitions.citation import Names
from singledisease.definitions.code_set import CodeSet
from singledisease.errors import DefinitionError
from singledisease.language import build as sd
from singledisease.language import nodes as n
from singledisease.language.build import (
    PERIOD,
    age,
    attribute,
    between,
    breaches,
    case,
    choice,
    coalesce,
    column,
    concerns,
    day,
    days_between,
    days_in,
    dbp,
    events,
    how_many,
    in_stage,
    in_state,
    managed,
    months,
    months_between,
    on,
    p,
    quantity,
    sbp,
    sex,
    spells,
    this,
    until,
    years_between,
)
from singledisease.language.parse import parse
from singledisease.language.wrappers import Expression, node_of, window_node
from singledisease.vocabulary import PRIMARY, QUANTITIES

FU = events("follow_up")

WRITTEN = {
    "sbp < 140": sbp < 140,
    "sbp <= 140": sbp <= 140,
    "sbp > 140": sbp > 140,
    "sbp >= 140": sbp >= 140,
    "sbp == 140": sbp == 140,
    "sbp != 140": sbp != 140,
    "sbp > 139.5": 139.5 < sbp,  # noqa: SIM300 - the turned comparison is what is tested
    "sbp + dbp": sbp + dbp,
    "1 + sbp": 1 + sbp,
    "sbp - 1": sbp - 1,
    "1 - sbp": 1 - sbp,
    "sbp * 2": sbp * 2,
    "2 * sbp": 2 * sbp,
    "sbp / 2": sbp / 2,
    "2 / sbp": 2 / sbp,
    "sbp // 2": sbp // 2,
    "2 // sbp": 2 // sbp,
    "0 - sbp": -sbp,
    "sbp > 1 and dbp > 1 and adverse_reaction": (sbp > 1) & (dbp > 1) & column("adverse_reaction"),
    "sbp > 1 or dbp > 1 or adverse_reaction": (sbp > 1) | ((dbp > 1) | column("adverse_reaction")),
    "True and adverse_reaction": True & column("adverse_reaction"),
    "False or adverse_reaction": False | column("adverse_reaction"),
    "not sbp > 1": ~(sbp > 1),
    'mode in ("clinic", "home")': column("mode").is_in("clinic", "home"),
    'level in ("village", "township", "community")': column("level").is_in(PRIMARY),
    'code.starts_with("I10", "I11")': column("code").starts_with(["I10", "I11"]),
    "sbp.known()": sbp.known(),
    'sex == "male"': sex == "male",
    'attribute("birth_date")': attribute("birth_date"),
    'attribute("education")': attribute("education"),
    "age(on=PERIOD.end) >= 65": age(on=PERIOD.end) >= 65,
    'date >= day("2024-01-31")': column("date") >= dt.date(2024, 1, 31),
    'day("2024-01-31")': day("2024-01-31"),
    'day("2024-02-01")': day(dt.date(2024, 2, 1)),
    'quantity(140, "mmHg")': quantity(140, "mmHg"),
    'p("sbp", disease="hypertension")': p("hypertension.sbp"),
    'p("goal", disease="gout")': p("goal", disease=gout()),
    'events("follow_up").count()': FU.count(),
    "events().count_days()": events().count_days(),
    'events("a", "b").exists()': events(["a", "b"]).exists(),
    'events("follow_up").minimum("sbp")': FU.minimum("sbp"),
    'events("follow_up").maximum("sbp")': FU.maximum(sbp),
    'events("follow_up").sum("sbp")': FU.sum("sbp"),
    'events("follow_up").mean("sbp")': FU.mean("sbp"),
    'events("follow_up").first().date': FU.first().date,
    'events("follow_up").last().sbp': FU.last().sbp,
    'events("follow_up").last().column("cat", "number", "points")': FU.last().column("cat", "number", "points"),
    'events("follow_up").where(sbp > 1).within(PERIOD).exists()': FU.where(sbp > 1).within(PERIOD).exists(),
    "events().within(months(-2, 0)).exists()": events().within(months(-2, 0)).exists(),
    "events().within(until(PERIOD.start - 1)).exists()": events().within(until(PERIOD.start - 1)).exists(),
    'events().within(on(day("2024-01-01"))).exists()': events().within(on(day("2024-01-01"))).exists(),
    "events().within(between(PERIOD.start, None)).exists()": events().within(between(PERIOD.start, None)).exists(),
    'events().same("link").exists()': events().same("link").exists(),
    'this("date")': this("date"),
    'this("cat", "number", "points")': this("cat", "number", "points"),
    'column("cat", "number", "points")': column("cat", "number", "points"),
    'concerns("gout")': concerns(gout()),
    'breaches("gout").count()': breaches("gout").count(),
    'spells("gout").count()': spells("gout").count(),
    'managed("gout", on=PERIOD.end)': managed("gout", on=PERIOD.end),
    'managed("gout", during=PERIOD)': managed(gout(), during=PERIOD),
    'in_state("gout", "lost", on=date)': in_state("gout", "lost", on=column("date")),
    'in_stage("gout", "closed", "screening", during=PERIOD)': in_stage("gout", "closed", "screening", during=PERIOD),
    'days_in(managed("gout"), PERIOD) // 90': days_in(managed("gout"), PERIOD) // 90,
    'how_many(managed("a", on=PERIOD.end), True)': how_many(managed("a"), True),
    "coalesce(sbp, 0)": coalesce(sbp, 0),
    "case((sbp > 1, 2), 3)": case((sbp > 1, 2), 3),
    "case((sbp > 1, 2), (dbp > 1, 3))": case((sbp > 1, 2), (dbp > 1, 3)),
    "days_between(date, PERIOD.end)": days_between(column("date"), PERIOD.end),
    "months_between(date, PERIOD.end)": months_between(column("date"), PERIOD.end),
    "years_between(date, PERIOD.end)": years_between(column("date"), PERIOD.end),
    'spells("gout").where(state == "lost").last().left': spells("gout").where(column("state") == "lost").last().left,
    'spells("gout").last().stage': spells("gout").last().stage,
    'services("gout").where(outcome == "missed").within(PERIOD).count()': (
        sd.services(gout()).where(column("outcome") == "missed").within(PERIOD).count()
    ),
    'services("gout").first().met': sd.services("gout").first().met,
    'sequences("referral").where(institution.known()).count()': (
        sd.sequences("referral").where(column("institution").known()).count()
    ),
    'institutions().where(institution("level") == "township")': (
        sd.institutions().where(sd.institution("level") == "township")
    ),
    'activities("round", "station").where(count > 1).same("institution").sum("staff")': (
        sd.activities("round", "station").where(column("count") > 1).same("institution").sum("staff")
    ),
    'events("admission").overlapping(quarters(-1, 0)).exists()': (
        events("admission").overlapping(sd.quarters(-1, 0)).exists()
    ),
    'events("test").within(years(-1, 0)).latest(2).mean("ldl")': (
        events("test").within(sd.years(-1, 0)).latest(2).mean("ldl")
    ),
    'events().earliest(3).sum(column("cat", "number", "points"))': (
        events().earliest(3).sum(column("cat", "number", "points"))
    ),
    'events().count_distinct("institution", "date")': events().count_distinct("institution", "date"),
    'events().median("sbp")': events().median(sbp),
    'events("medication").covered(PERIOD)': events("medication").covered(PERIOD),
    'events("medication").gap(PERIOD, open_ended=True)': events("medication").gap(PERIOD, open_ended=True),
    "events().last().value(sbp - dbp)": events().last().value(sbp - dbp),
    'breaches("gout").last().value(due - date)': breaches("gout").last().value(column("due") - column("date")),
    'code.is_in(codes("gout.pregnancy"))': column("code").is_in(sd.codes("gout.pregnancy")),
    'this("code").is_in(codes("gout.pregnancy"))': this("code").is_in(sd.codes("gout.pregnancy")),
    'events().last().code.is_in(codes("stroke", "I6", "G45", system="x", zh="卒中", prefixes=True))': (
        events()
        .last()
        .code.is_in(
            CodeSet(name="stroke", names=Names("卒中", "stroke"), system="x", codes=("I6", "G45"), prefixes=True)
        )
    ),
    'item.is_in(codes("stroke", "I6"))': column("item").is_in(sd.codes("stroke", "I6")),
    'code.is_in(codes("stroke", "I6"), system=None)': column("code").is_in(sd.codes("stroke", "I6"), system=None),
    'item.is_in(codes("stroke", "I6"), system=system)': (
        column("item").is_in(sd.codes("stroke", "I6"), system=column("system"))
    ),
    'tier("gout.risk", on=PERIOD.end)': sd.tier("gout.risk"),
    'tier("gout.risk", on=date) == "high"': sd.tier("risk", disease=gout(), on=column("date")) == "high",
    'in_tier("gout", "risk", "high", "very_high", on=PERIOD.start)': (
        sd.in_tier(gout(), "risk", "high", "very_high", on=PERIOD.start)
    ),
    'in_tier("gout", "risk", "high", during=PERIOD)': sd.in_tier("gout", "risk", "high", during=PERIOD),
    'sbp < attribute("goal_sbp", "number", "mmHg")': sbp < attribute("goal_sbp", "number", "mmHg"),
    'institution("adults", "number") / 2': sd.institution("adults", "number") / 2,
    "earliest(date, PERIOD.end)": sd.earliest(column("date"), PERIOD.end),
    "latest(date, PERIOD.end)": sd.latest(column("date"), PERIOD.end),
    "smallest(sbp, dbp)": sd.smallest(sbp, dbp),
    "largest(sbp, dbp)": sd.largest(sbp, dbp),
    "PERIOD.end.plus(months=3).plus(days=-1)": PERIOD.end.plus(days=-1, months=3),
    'choice("lost", default="keep", keep=True, drop=sex == "male")': choice(
        "lost", default="keep", keep=True, drop=sex == "male"
    ),
}


@pytest.mark.parametrize(("text", "expression"), WRITTEN.items(), ids=WRITTEN.keys())
def test_operators_make_what_the_text_says(text, expression):
    """What is written with operators is the node that the same words as text stand for, and shows itself as it."""
    assert expression.node == parse(text)
    assert repr(expression) == f"<{text}>"


def test_the_eight_of_the_design_can_be_written():
    """The language says joint management, a first contact, the lowest of a day and a closed referral."""
    readings = events("follow_up").where(sbp.known() & dbp.known())
    that_day = readings.within(on(readings.last().date))
    visits = events("encounter").where(column("setting") == "outpatient")
    window = between(this("date") - 90, this("date") - 1)
    first = events("encounter").where((column("setting") == "outpatient") & ~visits.within(window).exists())
    for said in (
        (that_day.minimum("sbp") < 140) & (that_day.minimum("dbp") < 90),
        first.within(PERIOD).count() > 0,
        how_many(managed("a"), managed("b"), managed("c")) >= 2,
        events("referral").same("link").where(column("status") == "closed").exists(),
    ):
        assert parse(repr(said)[1:-1]) == said.node


def test_a_status_without_a_day_is_shown_as_it_is_written():
    """Without a day a status is asked at the period's end, and shows that it was not said."""
    assert repr(managed("gout")) == '<managed("gout")>'
    assert managed("gout").node == n.StatusOn(n.Status("gout", "managed"), n.PeriodEnd())


@pytest.mark.parametrize("name", QUANTITIES)
def test_every_quantity_has_a_shorthand(name):
    """Each quantity can be imported by its name."""
    assert getattr(sd, name).node == n.Column(name, "number", QUANTITIES[name].unit)


@pytest.mark.parametrize(
    "misuse",
    [
        lambda: bool(sbp > 1),
        lambda: (sbp > 1) and (dbp > 1),
        lambda: (sbp > 1) or (dbp > 1),
        lambda: not (sbp > 1),
        lambda: 130 <= sbp <= 139,
        lambda: sbp in (1, 2),
        lambda: "yes" if FU else "no",
        lambda: bool(PERIOD),
    ],
)
def test_pythons_own_words_are_refused_with_the_way_out(misuse):
    """And, or, not, in and chained comparisons would silently mean something else: they say what to write."""
    with pytest.raises(TypeError, match=r"&, \|, ~"):
        misuse()


def test_expressions_cannot_be_gone_through_or_hashed():
    """Going through rows is an engine's work, and == makes a question, so nothing can be a key."""
    with pytest.raises(TypeError, match="an engine values it"):
        list(FU)
    with pytest.raises(TypeError, match="unhashable"):
        hash(sbp)


REFUSED = {
    "a selection as a value": (lambda: sbp + FU, "no_value", ".count()"),
    "a row as a value": (lambda: sbp > FU.last(), "no_value", "name a column"),
    "nothing as a value": (lambda: sbp > None, "no_value", "an expression"),
    "a value as a window": (lambda: FU.within(sbp), "no_window", "PERIOD"),
    "a sum as a column": (lambda: FU.minimum(sbp + 1), "no_column", "name one"),
    "a number as a text": (lambda: column("mode").is_in(1), "no_text", '"clinic"'),
    "a number as a name": (lambda: column("cat", "number", 5), "no_text", ""),
    "a number as a disease": (lambda: managed(5), "no_text", ""),
    "a number as a parameter": (lambda: p(5), "no_text", ""),
    "a parameter of no disease": (lambda: p("sbp"), "disease_missing", ""),
    "a day and a window": (lambda: managed("h", on=PERIOD.end, during=PERIOD), "on_or_during", ""),
    "days in no status": (lambda: days_in(sbp > 1, PERIOD), "no_status", "days_in("),
    "a date that is none": (lambda: day("2024-02-30"), "no_date", ""),
    "a number as a date": (lambda: day(5), "no_text", ""),
    "a text as a quantity": (lambda: quantity("140", "mmHg"), "no_number", "quantity("),
    "an expression as a quantity": (lambda: quantity(sbp, "mmHg"), "no_number", "quantity("),
    "text in order": (lambda: column("mode") < "clinic", "kind_differs", ""),
    "a case without pairs": (case, "too_few", ""),
    "a case with a value alone": (lambda: case(1, 2), "no_case", "case((condition, value)"),
    "a case with three": (lambda: case((True, 1, 2)), "no_case", "case((condition, value)"),
    "a further column compared with a number": (lambda: column("sbpp") < 140, "kind_differs", "did you mean sbp"),
    "a column that a row does not have": (lambda: FU.last().sbpp < 140, "kind_differs", "did you mean sbp"),
    "a quantity in two units": (lambda: sbp < sd.fpg, "unit_differs", "one unit"),
    "months in disorder": (lambda: months(0, -2), "window_turned", "months(-2, 0)"),
}


@pytest.mark.parametrize(("misuse", "check", "hint"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_asked_is_refused_when_it_is_written(misuse, check, hint):
    """The mistake is told where it is made, by name and with the way out."""
    with pytest.raises(DefinitionError) as error:
        misuse()
    assert [fault.check for fault in error.value.faults] == [check]
    assert hint in error.value.faults[0].hint


def test_a_row_is_no_container_of_private_names():
    """Copying and pickling ask for names that are no columns."""
    row = FU.last()
    assert copy.copy(row).node == row.node
    assert pickle.loads(pickle.dumps(row)).node == row.node
    with pytest.raises(AttributeError):
        row._private  # noqa: B018


def test_nodes_stand_for_themselves():
    """Where an expression is expected, a node will do; so will a window's or a status's."""
    assert node_of(sbp.node) is sbp.node
    assert node_of(n.Status("h", "managed")) == managed("h").node
    assert window_node(n.PeriodWindow()) == PERIOD.node
    assert isinstance(sbp > sbp.node, Expression)
