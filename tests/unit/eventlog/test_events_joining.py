"""Logs joined with each other, taken apart and compared."""

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from singledisease.dates import day_of
from singledisease.errors import DataError
from singledisease.eventlog.build import build
from singledisease.eventlog.columns import (
    Coded,
    Dates,
    Flags,
    Numbers,
    blank_like,
    coded,
    smallest_codes,
    together,
    value_at,
)
from singledisease.eventlog.equality import equal
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import raw_rows
from singledisease.eventlog.to_tables import tables_of
from singledisease.vocabulary import Quantity

FERRITIN = Quantity("ferritin", "µg/L", 1, 5000, "铁蛋白", "ferritin")
Row = dict[str, str]
PATIENT = st.fixed_dictionaries(
    {
        "patient_id": st.sampled_from(["P1", "P2", "P3", ""]),
        "birth_date": st.sampled_from(["", "1960-01-01", "soon"]),
        "team": st.sampled_from(["", "A"]),
    }
)
EVENT = st.fixed_dictionaries(
    {
        "patient_id": st.sampled_from(["P1", "P2", "P3"]),
        "date": st.sampled_from(["2024-01-01", "2024-01-02"]),
        "kind": st.sampled_from(["test", "lost"]),
        "recorded": st.sampled_from(["", "2024-02-01"]),
        "withdrawn": st.sampled_from(["", "2024-02-01"]),
        "ferritin": st.sampled_from(["", "30", "31"]),
        "emergency": st.sampled_from(["", "1"]),
    }
)
PLACE = st.fixed_dictionaries({"institution": st.sampled_from(["A", "B", ""]), "name": st.sampled_from(["", "x"])})


def columns(rows: list[Row], names: str) -> dict[str, list[str | None]]:
    """Turn rows into columns."""
    return {name: [row.get(name) for row in rows] for name in names.split()}


def load(patients: list[Row], events: list[Row], places: list[Row] | None = None) -> EventLog:
    """Build a log of rows."""
    return build(
        raw_rows("patients", columns(patients, "patient_id birth_date team")),
        raw_rows("events", columns(events, "patient_id date kind recorded withdrawn ferritin emergency")),
        raw_rows("institutions", columns(places, "institution name")) if places is not None else None,
        [FERRITIN],
    )


@given(st.lists(PATIENT, max_size=4), st.lists(PATIENT, max_size=4), st.lists(EVENT, max_size=8), st.integers(0, 8))
def test_events_in_parts_join_to_the_whole(mine: list[Row], others: list[Row], events: list[Row], cut: int) -> None:
    """Two parts, each with all events of its patients, join to what loading everything at once gives."""
    first, second = load(mine, events), load(others, events)
    joined = first + second
    assert equal(joined, load(mine + others, events))
    assert joined.report.balanced
    everyone = mine + others
    halves = load(everyone, events[:cut]) + load(everyone, events[cut:])
    assert equal(halves, load(everyone, events))
    assert halves.report.balanced


@given(st.lists(PATIENT, max_size=4), st.lists(EVENT, max_size=8), st.lists(PLACE, max_size=4))
def test_a_log_joined_with_itself_is_the_log(patients: list[Row], events: list[Row], places: list[Row]) -> None:
    """Joining changes nothing if nothing is new; taking apart and building again neither."""
    log = load(patients, events, places)
    assert equal(log + log, log)
    assert (log + log).report.balanced
    tables = tables_of(log)
    rebuilt = build(tables[0], tables[1], tables[2] if tables[2].columns else None, [FERRITIN])
    assert equal(rebuilt, log)
    assert rebuilt.report.refusals == ()


def test_people_whose_rows_differ_are_refused_with_their_events() -> None:
    """A person told of in two ways is in neither part of the joined log, and every row is accounted for."""
    event = {"patient_id": "P1", "date": "2024-01-01", "kind": "test"}
    first = load([{"patient_id": "P1", "team": "A"}, {"patient_id": "P2"}], [event])
    second = load([{"patient_id": "P1", "team": "B"}], [event])
    joined = first + second
    assert joined.people.ids.tolist() == ["P2"]
    assert len(joined) == 0
    new = joined.report.refusals
    assert [(found.table, found.check, found.file, found.line) for found in new] == [
        ("patients", "different_rows", "", 0),
        ("patients", "different_rows", "", 0),
        ("events", "unknown_person", "events", 2),
        ("events", "unknown_person", "events", 2),
    ]
    assert joined.report.table("events").refused == 2
    assert new[0].reason.endswith("different rows for one person; all are refused")  # people keep no lines


def test_rows_keep_their_places_when_joined() -> None:
    """Each row still names the file and line it came from."""
    first = load([{"patient_id": "P1"}], [{"patient_id": "P1", "date": "2024-01-02", "kind": "test"}])
    second = load([{"patient_id": "P1"}], [{"patient_id": "P1", "date": "2024-01-01", "kind": "lost"}])
    second = evolve(second, source=evolve(second.source, files=("other.csv",)))
    joined = first + second
    assert [joined.place(row) for row in range(2)] == [("other.csv", 2), ("events", 2)]


def test_logs_known_until_different_days_join_as_known_on_the_earlier() -> None:
    """What only one of them could know is not known in the joined log."""
    events = [{"patient_id": "P1", "date": day, "kind": "test"} for day in ("2024-01-01", "2024-03-01")]
    log = load([{"patient_id": "P1"}], events)
    day = day_of("2024-02-01")
    for joined in (log + log.as_of(day), log.as_of(day) + log):
        assert joined.known_until == day
        assert len(joined) == 1


def test_institutions_of_one_log_are_those_of_the_joined() -> None:
    """A log without institutions joins with one that has them."""
    with_places = load([], [], [{"institution": "A", "name": "x"}])
    assert (load([], []) + with_places).institutions.ids == ("A",)


def test_a_column_cannot_be_numbers_here_and_text_there() -> None:
    """A quantity declared for one log only cannot be joined silently."""
    rows = [{"patient_id": "P1", "date": "2024-01-01", "kind": "test", "ferritin": "30"}]
    declared = load([{"patient_id": "P1"}], rows)
    text = build(
        raw_rows("patients", {"patient_id": ["P1"], "birth_date": [""]}),
        raw_rows("events", columns(rows, "patient_id date kind ferritin")),
    )
    with pytest.raises(DataError, match="column_type"):
        declared + text
    assert not equal(declared, text)


# THE LOG ITSELF


def small() -> EventLog:
    """Make a log of two people."""
    events = [
        {"patient_id": "P2", "date": "2024-01-02", "kind": "test", "ferritin": "30"},
        {"patient_id": "P1", "date": "2024-01-01", "kind": "lost", "emergency": "1"},
    ]
    return load([{"patient_id": "P2", "team": "A"}, {"patient_id": "P1", "birth_date": "1960-01-01"}], events)


def test_a_log_is_asked_by_person_row_and_column() -> None:
    """People stand by id; rows, columns and places are found."""
    log = small()
    assert (log.find("P1"), log.find("P2")) == (0, 1)
    assert log.person_at(1).attributes == {"team": "A"}
    assert [str(event) for event in log.events_of(0)] == ["2024-01-01 lost recorded=2024-01-01 emergency=True"]
    assert log.person.tolist() == [0, 1]
    assert isinstance(log.column("date"), Dates)
    assert isinstance(log.column("kind"), Coded)
    assert isinstance(log.column("ferritin"), Numbers)
    assert log.column("sbp") is None
    for unknown in ("P0", "P3"):
        with pytest.raises(KeyError):
            log.find(unknown)


def test_a_slice_holds_whole_people() -> None:
    """A slice has its people's rows, and slices join to the whole."""
    log = small()
    second = log.slice(1, 2)
    assert second.people.ids.tolist() == ["P2"]
    assert second.place(0) == ("events", 2)
    assert equal(log.slice(0, 1) + second, log)


def test_logs_that_differ_are_not_equal() -> None:
    """A change of any person, row, column or institution is seen."""
    log = small()
    people = log.people
    others = [
        log.slice(0, 1),
        evolve(log, date=log.date + np.int32(1)),
        evolve(log, kind=coded(["lost", "lost"])),
        evolve(log, columns={**log.columns, "ferritin": Numbers(np.array([np.nan, 31.0]))}),
        evolve(log, columns={**log.columns, "ward": coded(["", "x"])}),
        evolve(log, people=evolve(people, birth=people.birth + np.int32(1))),
        evolve(log, people=evolve(people, sex=coded(["male", "male"]))),
        evolve(log, people=evolve(people, attributes={})),
        load([], [], [{"institution": "A"}]),
    ]
    assert not any(equal(log, other) for other in others)
    assert equal(log, evolve(log, columns={**log.columns, "ward": coded(["", ""])}))
    assert equal(log, evolve(log, columns={**log.columns, "sbp": blank_like(Numbers(np.empty(0)), 2)}))


# COLUMNS


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (coded(["a", None]), ["a", None]),
        (Numbers(np.array([1.5, np.nan])), [1.5, None]),
        (Dates(np.array([3, -(2**31)], np.int32)), [3, None]),
        (Flags(np.array([0, -1], np.int8)), [False, None]),
    ],
)
def test_each_kind_of_column_knows_what_is_missing(
    column: Coded | Numbers | Dates | Flags, values: list[object]
) -> None:
    """A value or ``None`` at each place, also of a part, of two put together and of a blank one."""
    assert [value_at(column, i) for i in range(2)] == values
    assert column.known.tolist() == [True, False]
    assert value_at(column[1:], 0) is None
    both = together(column, column)
    assert [value_at(both, i) for i in range(4)] == values * 2
    assert len(both) == 4
    blank = blank_like(column, 3)
    assert type(blank) is type(column)
    assert blank.known.tolist() == [False] * 3


def test_columns_of_two_types_cannot_be_put_together() -> None:
    """There is no column of numbers and days."""
    with pytest.raises(TypeError, match="Numbers and Dates"):
        together(Numbers(np.empty(0)), Dates(np.empty(0, np.int32)))


def test_codes_are_as_narrow_as_they_can_be() -> None:
    """One byte for 256 texts, two for 65,536, four beyond."""
    codes = np.zeros(3, np.int32)
    assert [smallest_codes(codes, count).dtype for count in (256, 257, 65536, 65537)] == [
        np.dtype(kind) for kind in ("uint8", "uint16", "uint16", "int32")
    ]
