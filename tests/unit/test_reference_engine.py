"""The reference engine at its edges: what it refuses, and what it tells of one context."""

import numpy as np
import pytest
from attrs import evolve

from singledisease.dates import day_of, period
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import Pathway, State
from singledisease.definitions.timing import Length, Timing
from singledisease.engines import reference
from singledisease.engines.reference.compile import compile_value
from singledisease.engines.reference.selections import days, rows
from singledisease.errors import DefinitionError, UsageError
from singledisease.eventlog.build import build
from singledisease.eventlog.event import Event
from singledisease.eventlog.raw import raw_rows
from singledisease.language import nodes
from singledisease.language.parse import parse

YEAR = period("2024")
DAILY = Timing(
    id="daily",
    names=Names("每日", "daily"),
    states=("here",),
    length=Length(nodes.Literal(1.0, "number"), "days"),
    kinds=("call",),
)
HERE = Disease(
    id="here",
    version="1",
    names=Names("此", "here"),
    codes=("H1",),
    pathway=Pathway(
        initial="here",
        died="gone",
        states=(
            State(id="here", names=Names("在", "here"), stage="management", managed=True),
            State(id="gone", names=Names("去", "gone"), stage="closed"),
        ),
        signals=(),
        transitions=(),
        timings=(DAILY,),
    ),
)


def visits(*sbp):
    """Give the log of one person with a follow-up on each day from 1 January 2024."""
    dates = [f"2024-01-{day:02}" for day in range(1, len(sbp) + 1)]
    return build(
        raw_rows("patients", {"patient_id": ["P1"], "birth_date": [""]}),
        raw_rows(
            "events",
            {
                "patient_id": ["P1"] * len(sbp),
                "date": dates,
                "kind": ["follow_up"] * len(sbp),
                "sbp": [str(value) for value in sbp],
            },
        ),
    )


def seen(log, obligations=True):
    """Give the context of the one person, asked about 2024."""
    courses = {"here": reference.walk(HERE, log, YEAR.end, obligations=obligations)}
    return reference.person_context(log, 0, YEAR, courses)


# ONE SCENE


def test_the_value_of_any_part_can_be_asked():
    """Explaining a number asks each part of its expression."""
    context = seen(visits(150, 130))
    whole = parse("events().last().sbp < 140")
    assert reference.value_of(whole, context) is True
    assert reference.value_of(whole.args[0], context) == 130


def test_the_rows_of_a_selection_can_be_asked():
    """Which rows a selection caught, and which one a pick names."""
    log = visits(150, 130, 145)
    context = seen(log)
    high = parse("events().where(sbp >= 140)")
    assert [row.row for row in reference.rows_of(high, context)] == [0, 2]
    assert reference.row_of(nodes.Pick(high, "first"), context) == log.event(0)
    assert reference.row_of(nodes.Pick(parse('events("call")'), "last"), context) is None


def test_breaches_are_rows_too():
    """A missed timing can be asked for its date, its timing and when it was due; it concerns no disease."""
    (breach, *_) = reference.rows_of(parse('breaches("here")'), seen(visits(150, 130)))
    assert (breach.date, breach.due, breach.timing) == (day_of("2024-01-03"), day_of("2024-01-02"), "daily")
    assert [breach.get(name) for name in ("date", "due", "timing", "sbp")] == [breach.date, breach.due, "daily", None]
    assert not reference.concerns(breach, HERE)


def test_a_person_without_a_row_has_no_value_of_a_row():
    """Outside a selection there is no row to look at."""
    context = seen(visits(150))
    assert reference.value_of(nodes.Column("sbp", "number", "mmHg"), context) is None
    assert reference.value_of(nodes.Concerns("here"), context) is None
    at_row = context.at(Event("follow_up", "2024-01-01", sbp=150))
    assert reference.value_of(nodes.Column("sbp", "number", "mmHg"), at_row) == 150


# WHAT IS REFUSED


@pytest.mark.parametrize(
    ("room", "node"),
    [
        (compile_value, nodes.ParameterOf("here", "limit")),
        (compile_value, nodes.Choice("managed", (), "any")),
        (compile_value, nodes.This("sbp", "number")),
        (
            compile_value,
            nodes.Reduce(
                "mean",
                nodes.Events(),
                (nodes.Column("sbp", "number"),),
            ),
        ),
        (compile_value, nodes.Reduce("minimum", nodes.Events())),
        (rows, nodes.Spells("here")),
        (rows, nodes.Same(nodes.Events(), ("link",))),
        (days, nodes.Events()),
    ],
)
def test_what_has_no_meaning_is_refused_by_name(room, node):
    """A choice not made, a parameter without value, a node not supported: the error names it."""
    with pytest.raises(DefinitionError) as refused:
        room(node)
    assert refused.value.faults[0].check == "unsupported_node"
    assert type(node).__name__ in refused.value.faults[0].message


def test_an_empty_text_is_missing():
    """A blank is no text, as in a file."""
    assert reference.value_of(nodes.Apply("known", (nodes.Literal("", "text"),)), seen(visits(150))) is False


@pytest.mark.parametrize("amount", [nodes.ParameterOf("here", "limit"), nodes.Literal("ten", "text")])
def test_a_length_that_is_no_number_is_refused(amount):
    """A timing whose parameter was not resolved cannot run."""
    timing = evolve(DAILY, length=Length(amount, "days"))
    disease = evolve(HERE, pathway=evolve(HERE.pathway, timings=(timing,)))
    with pytest.raises(DefinitionError) as refused:
        reference.walk(disease, visits(150), YEAR.end)
    assert (refused.value.faults[0].check, refused.value.faults[0].where) == ("unsupported_length", "timing daily")


def test_a_disease_without_courses_is_refused():
    """An expression that names a disease needs its courses; the error says which there are."""
    with pytest.raises(UsageError, match="did you mean here"):
        reference.values([parse('managed("hree", on=PERIOD.end)')], visits(150), [YEAR], {"here": seen_courses()})


def seen_courses(obligations=True):
    """Give the courses of one person."""
    return reference.walk(HERE, visits(150), YEAR.end, obligations=obligations)


def test_breaches_need_obligations():
    """Courses made without obligations cannot be asked for breaches."""
    with pytest.raises(UsageError, match="without obligations"):
        reference.values([parse('breaches("here").count()')], visits(150), [YEAR], {"here": seen_courses(False)})


# THE BATCH


def test_courses_have_the_types_that_they_promise():
    """Codes, days and rows are of the declared types, also when there is nothing."""
    empty = visits()
    for log in (visits(150), empty):
        courses = reference.walk(HERE, log, YEAR.end, obligations=True)
        runs = courses.obligations
        codes = (courses.spells.state, courses.at_row, courses.moves.source)
        places = (courses.spells.row, courses.moves.row, runs.row)
        dates = (courses.spells.left, runs.due, runs.resolved)
        assert [column.dtype for column in (*codes, *places, *dates)] == [np.uint8] * 3 + [np.int64] * 3 + [
            np.int32
        ] * 3
        assert courses.people == 1


def test_obligations_are_given_on_request_only():
    """Unasked, there are none."""
    assert seen_courses(obligations=False).obligations is None


def test_values_have_the_types_that_they_promise():
    """One array for each kind of value, (periods, people), filled also where nothing is known."""
    log = visits(150)
    asked = ("events().exists()", "events().count()", 'events("call").first().date', "events().last().mode")
    flag, number, date, text = reference.values([parse(one) for one in asked], log, [YEAR, YEAR], {})
    assert [found.value.dtype for found in (flag, number, date, text)] == [np.bool_, np.float64, np.int32, np.object_]
    assert [found.kind for found in (flag, number, date, text)] == ["bool", "number", "date", "text"]
    assert number.value.shape == (2, 1)
    assert (text.value[0, 0], bool(text.known[0, 0])) == ("", False)
