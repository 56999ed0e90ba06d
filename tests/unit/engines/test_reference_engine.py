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
from singledisease.engines.reference.selections import rows
from singledisease.engines.reference.windows import days
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
    told = [breach.get(name) for name in ("date", "due", "timing", "sbp")]
    assert told == [day_of("2024-01-03"), day_of("2024-01-02"), "daily", None]
    assert (breach.source, breach.place) == ("breaches", 0)
    assert not reference.concerns(breach, HERE)


def test_a_person_without_a_row_has_no_value_of_a_row():
    """Outside a selection there is no row to look at."""
    context = seen(visits(150))
    assert reference.value_of(nodes.Column("sbp", "number", "mmHg"), context) is None
    assert reference.value_of(nodes.Concerns("here"), context) is None
    at_row = context.at(Event("follow_up", "2024-01-01", sbp=150))
    assert reference.value_of(nodes.Column("sbp", "number", "mmHg"), at_row) == 150


def test_outside_a_row_there_is_no_outer_row():
    """A person looks out to nothing: a column of the outer row is missing, and no rows are the same as it."""
    context = seen(visits(150))
    assert reference.value_of(nodes.This("sbp", "number", "mmHg"), context) is None
    assert reference.rows_of(nodes.Same(nodes.Events(), ("kind",)), context) == ()
    assert len(reference.rows_of(nodes.Same(nodes.Events(), ("kind",)), context.at(context.events[0]))) == 1


# ROWS OF OTHER SOURCES


def test_the_rows_of_other_sources_have_places():
    """A stay and a run say where they stand among those of the courses."""
    context = seen(visits(150, 130))
    stays = reference.rows_of(parse('spells("here")'), context)
    runs = reference.rows_of(parse('services("here")'), context)
    assert [(row.source, row.place) for row in (*stays, *runs)] == [("spells", 0), ("services", 0)]
    assert runs[0].get("outcome") == "missed"


@pytest.mark.parametrize("source", ["breaches", "services"])
def test_runs_are_asked_for_in_vain(source):
    """Courses without obligations have no runs; the error says how to get them."""
    with pytest.raises(UsageError, match=f"{source} of here are asked for.*obligations=True"):
        reference.rows_of(parse(f'{source}("here")'), seen(visits(150), obligations=False))


# EXACT NUMBERS


@pytest.mark.parametrize(
    ("how", "values", "expected"),
    [
        ("sum", [0.1, 0.2], 0.3),
        ("sum", [1e16, 1.0, -1e16], 1.0),
        ("mean", [0.1, 0.2, 0.3], 0.2),
        ("median", [0.1, 0.7, 0.3], 0.3),
        ("median", [0.1, 0.2], 0.15),
        ("sum", [1e308, 1e308], None),
        ("mean", [1e308, 1e308], 1e308),
        ("sum", [], None),
        ("mean", [], None),
        ("median", [], None),
    ],
)
def test_numbers_are_added_as_they_are_written(how, values, expected):
    """A tenth and two tenths are three tenths; too large for a float is missing, and so is what is of nothing."""
    events = tuple(Event("test", "2024-01-01", values={"amount": value}) for value in values)
    context = seen(visits(150))._replace(events=events)
    reduced = nodes.Reduce(how, nodes.Events(), (nodes.Column("amount", "number"),))
    assert reference.value_of(reduced, context) == expected


def test_different_combinations_are_counted():
    """Rows in which a column is missing are left out; equal ones are one."""
    events = tuple(
        Event("follow_up", f"2024-01-{day:02}", mode=mode, sbp=sbp)
        for day, mode, sbp in [(1, "home", 150), (2, "home", 150), (3, "clinic", 150), (4, "home", None)]
    )
    context = seen(visits(150))._replace(events=events)
    mode, sbp = nodes.Column("mode", "text"), nodes.Column("sbp", "number", "mmHg")
    counted = [
        reference.value_of(nodes.Reduce("count_distinct", nodes.Events(), columns), context)
        for columns in ((mode,), (mode, sbp))
    ]
    assert counted == [2.0, 2.0]


# WHAT ROWS COVER


@pytest.mark.parametrize(
    ("window", "covered", "gap"),
    [
        (nodes.Between(nodes.PeriodStart(), nodes.PeriodEnd()), 11.0, 355.0),
        (nodes.Between(None, nodes.PeriodStart()), 1.0, None),
        (nodes.Between(nodes.PeriodEnd(), nodes.PeriodStart()), 0.0, 0.0),
        (nodes.Between(nodes.Attribute("birth_date", "date"), None), None, None),
    ],
)
def test_a_window_is_covered(window, covered, gap):
    """Rows may overlap or last no day; a window without start has no longest run, an unknown one nothing at all."""
    events = (
        Event("follow_up", "2024-01-01"),
        Event("contract", "2024-01-02", until="2024-01-11"),
        Event("contract", "2024-01-05", until="2024-01-06"),
        Event("contract", "2024-01-09", until="2024-01-08"),
    )
    context = seen(visits(150))._replace(events=events)
    assert reference.value_of(nodes.Covered(nodes.Events(), window), context) == covered
    assert reference.value_of(nodes.Gap(nodes.Events(), window), context) == gap


def test_a_row_without_end_goes_on_if_that_is_said():
    """Open-ended, the one day goes on to the end; a stay that lasts goes on anyway."""
    context = seen(visits(150))
    year = nodes.PeriodWindow()
    assert reference.value_of(nodes.Covered(nodes.Events(), year), context) == 1
    assert reference.value_of(nodes.Covered(nodes.Events(), year, open_ended=True), context) == 366
    assert reference.value_of(nodes.Covered(nodes.Spells("here"), year), context) == 366


@pytest.mark.parametrize(("number", "rows"), [(1, 1), (2, 2), (9, 3)])
def test_the_outermost_rows(number, rows):
    """The first few and the last few; of fewer, all there are."""
    context = seen(visits(150, 140, 130))
    first = reference.rows_of(nodes.Outermost(nodes.Events(), "earliest", number), context)
    last = reference.rows_of(nodes.Outermost(nodes.Events(), "latest", number), context)
    assert first == context.events[:rows]
    assert last == context.events[-rows:]


def test_a_row_without_a_date_lasts_no_day():
    """An institution has no day by which it could be taken."""
    places = (reference.TableRow(source="institutions", date=None, values={"institution": "T1"}),)
    context = seen(visits(150))._replace(of_institutions=places)
    ever = nodes.Between(None, None)
    assert reference.rows_of(nodes.Institutions(), context) == places
    assert reference.rows_of(nodes.Overlapping(nodes.Institutions(), ever), context) == ()
    assert reference.rows_of(nodes.Within(nodes.Institutions(), ever), context) == ()


def test_rows_that_last_into_a_window():
    """To the day before ``left``; without an end a row goes on; what ends before it begins lasts no day."""
    events = (
        Event("contract", "2024-01-01", until="2024-01-10"),
        Event("contract", "2024-01-02"),
        Event("contract", "2024-01-12", until="2024-01-11"),
    )
    context = seen(visits(150))._replace(events=events)
    day = nodes.Literal(day_of("2024-01-10"), "date")
    after = nodes.Apply("+", (day, nodes.Literal(1.0, "number")))
    assert len(reference.rows_of(nodes.Overlapping(nodes.Events(), nodes.Between(day, day)), context)) == 2
    assert len(reference.rows_of(nodes.Overlapping(nodes.Events(), nodes.Between(after, None)), context)) == 1
    unknown = nodes.Between(nodes.Attribute("birth_date", "date"), None)
    assert reference.rows_of(nodes.Overlapping(nodes.Events(), unknown), context) == ()
    assert len(reference.rows_of(nodes.Overlapping(nodes.Spells("here"), nodes.Between(day, day)), context)) == 1


# WHAT IS REFUSED


@pytest.mark.parametrize(
    ("room", "node"),
    [
        (compile_value, nodes.ParameterOf("here", "limit")),
        (compile_value, nodes.Choice("managed", (), "any")),
        (compile_value, nodes.TierOn("here", "risk", nodes.PeriodEnd())),
        (compile_value, nodes.HasCode(nodes.Column("code", "text"), None, nodes.CodesOf("here", "own"))),
        (compile_value, nodes.Reduce("minimum", nodes.Events())),
        (compile_value, nodes.Reduce("count_distinct", nodes.Events())),
        (compile_value, "no node"),
        (rows, nodes.PeriodWindow()),
        (days, nodes.Events()),
    ],
)
def test_what_has_no_meaning_is_refused_by_name(room, node):
    """A choice not made, a parameter without value, a tier not written out, a reduction of no column: all are named."""
    with pytest.raises(DefinitionError) as refused:
        room(node)
    assert refused.value.faults[0].check == "unsupported_node"
    named = node.codes if isinstance(node, nodes.HasCode) else node
    assert type(named).__name__ in refused.value.faults[0].message


def test_a_part_is_compiled_once_for_all_that_name_it():
    """Two measures that share a condition share what it was compiled to, and so do two people."""
    part = parse("events().last().sbp < 140")
    whole = nodes.Apply("not", (part,))
    assert compile_value(part) is compile_value(whole.args[0])
    assert reference.value_of(whole, seen(visits(150))) is True
    assert reference.value_of(whole, seen(visits(150, 130))) is False


def test_what_never_starts_is_no_run():
    """A run that was met stands as open on the days before; one that starts later is not there."""
    context = seen(visits(150, 130))
    year_before = context._replace(seen=day_of("2023-12-31"))
    assert reference.rows_of(parse('services("here")'), year_before) == ()


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


def test_a_pathway_made_ready_for_walking_leaves_its_process():
    """The functions that it is made of stay behind; the disease goes, and is made ready again where it arrives."""
    import pickle

    from singledisease.catalogue import disease
    from singledisease.definitions.resolve import resolve_disease
    from singledisease.engines.reference.compile_pathway import compiled_pathway

    made = compiled_pathway(resolve_disease(disease("hypertension"), {}))
    assert pickle.loads(pickle.dumps(made)).disease == made.disease
