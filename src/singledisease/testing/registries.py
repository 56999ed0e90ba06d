"""Strategies for people, events and whole registries, hostile on purpose."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from singledisease.dates import day_of, iso
from singledisease.eventlog.event import Event
from singledisease.eventlog.log import EventLog
from singledisease.testing.logs import log_of
from singledisease.testing.rows import RegistryRows, Row
from singledisease.testing.world import (
    ACTIVITIES,
    FIRST,
    INSTITUTIONS,
    KINDS,
    LAST,
    LINKS,
    MODES,
    NUMBERS,
    REASONS,
    days,
)

_BIRTHS = ("", "1959-02-28", "1959-03-01", "1960-02-29", "1959-12-31", "1990-05-05", "2023-06-01")
_TAGS = ("", "", "", "alpha", "alpha", "beta", "alpha|beta", "gamma")
_OFTEN = ("follow_up", "follow_up", "follow_up", "checkup", "encounter", "enrolment")
_CODES = ("", "A1", "a1.9", "B1", "Z9")
_DISTANCES = (1, 2, 5, 7, 8, 30, 31, 90, 91, 365, 366)
_SEQUENCES = ("", "", "", "1", "2", "-0.5")
# Made once: a strategy made anew for each row takes longer than what it draws.
_CONNECTED, _ELSEWHERE = (st.sampled_from((False, True)) for _ in range(2))
_LINK = st.sampled_from(("", *LINKS))
_INSTITUTION = st.sampled_from(INSTITUTIONS)
_ACTIVITY, _COUNT = st.sampled_from(ACTIVITIES), st.sampled_from(("", "0", "1", "2.5"))
_SYSTEM = st.sampled_from(("", "", "icpc"))
_LEVELS = (("north", "county"), ("south", "village"))


@st.composite
def patients(draw: st.DrawFn, patient_id: str = "p0") -> Row:
    """Give one row of patients: birth often blank or a leap day, some dead, some deaths known late.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(patients("p7"))
    ... def is_one_row_of_text(row):
    ...     assert row["patient_id"] == "p7" and all(isinstance(cell, str) for cell in row.values())
    >>> is_one_row_of_text()
    """
    row = {"patient_id": patient_id, "birth_date": draw(st.sampled_from(_BIRTHS))}
    row["sex"] = draw(st.sampled_from(("male", "female", "unknown", "")))
    row["institution"] = draw(st.sampled_from(("", *INSTITUTIONS)))
    if draw(st.integers(0, 3)) == 0:
        death = draw(days(max(FIRST, day_of(row["birth_date"] or "2023-01-01"))))
        row["death_date"] = iso(death)
        row["death_recorded"] = draw(st.sampled_from(("", iso(death), iso(death + 40))))
    return row


@st.composite
def event_rows(draw: st.DrawFn, patient: Row, when: SearchStrategy[int] | None = None) -> Row:
    """Give one row of events of a person, not before birth and not after death.

    Parameters
    ----------
    patient
        The person's row.
    draw
        Given by hypothesis; leave it out.
    when
        Days to draw from; those before birth or after death are moved to that day.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(event_rows({"patient_id": "p0", "birth_date": "2024-05-01"}))
    ... def is_not_before_birth(row):
    ...     assert row["patient_id"] == "p0" and row["date"] >= "2024-05-01"
    >>> is_not_before_birth()
    """
    first = day_of(patient["birth_date"]) if patient.get("birth_date") else FIRST
    last = day_of(patient["death_date"]) if patient.get("death_date") else LAST
    day = min(max(draw(days() if when is None else when), first), last)
    kind = draw(st.sampled_from((*_OFTEN, *KINDS)))
    row = {"patient_id": patient["patient_id"], "date": iso(day), "kind": kind}
    row["disease"] = draw(st.sampled_from(_TAGS))
    row["sequence"] = draw(st.sampled_from(_SEQUENCES))
    row.update(draw(_details(kind, bool(row["disease"]))))
    row.update(draw(_connections(kind)))
    row.update(draw(_known(day)))
    if draw(st.integers(0, 3)) == 0:
        row["until"] = iso(max(day + draw(st.sampled_from((-5, 0, 1, 30))), first))
    return row


@st.composite
def _details(draw: st.DrawFn, kind: str, tagged: bool) -> Row:
    row: dict[str, str] = {}
    if kind == "exit":
        row["reason"] = draw(st.sampled_from(("", *REASONS)))
    elif kind in ("diagnosis", "enrolment", "complication"):
        needs_one = kind == "enrolment" and not tagged
        row["code"] = draw(st.sampled_from(_CODES[1:] if needs_one else _CODES))
    elif kind == "encounter":
        row["code"] = draw(st.sampled_from(_CODES))
    elif kind == "assignment":
        row["institution"] = draw(st.sampled_from(("", *INSTITUTIONS)))
    elif kind != "lost":
        row["mode"] = draw(st.sampled_from(("", *MODES)))
        for name, values in NUMBERS.items():
            row[name] = draw(st.sampled_from(("", *map(repr, values))))
        row["adverse_reaction"] = draw(st.sampled_from(("", "", "1", "0")))
    return row


@st.composite
def _connections(draw: st.DrawFn, kind: str) -> Row:
    """Give what a row may have to do with others, with institutions and code systems: mostly nothing."""
    if not draw(_CONNECTED):
        return {}
    row = {"link": draw(_LINK)}
    if kind not in ("assignment", "exit", "lost") and draw(_ELSEWHERE):
        row["institution"] = draw(_INSTITUTION)
        row["system"] = draw(_SYSTEM)
    return row


@st.composite
def _known(draw: st.DrawFn, day: int) -> Row:
    """Give when a row became known and when it was taken back: mostly at once, and never."""
    row: dict[str, str] = {}
    if draw(st.integers(0, 4)) == 0:
        row["recorded"] = iso(day + draw(st.sampled_from((0, 1, 40))))
    if draw(st.integers(0, 11)) == 0:
        row["withdrawn"] = iso(day + draw(st.sampled_from((0, 1, 60))))
    return row


@st.composite
def _favourite_days(draw: st.DrawFn) -> SearchStrategy[int]:
    """Give days of which most are a handful, at distances at which timings are met or just missed."""
    first = draw(days())
    common = [first, *(first + shift for shift in draw(st.lists(st.sampled_from(_DISTANCES), max_size=4)))]
    return st.one_of(st.sampled_from(common), st.sampled_from(common), st.sampled_from(common), days())


@st.composite
def registries(draw: st.DrawFn, max_people: int = 3, max_events: int = 12) -> RegistryRows:
    """Give registries as rows of text.

    Parameters
    ----------
    draw
        Given by hypothesis; leave it out.
    max_people
        At most so many people; at least one.
    max_events
        At most so many events a person.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(registries(max_people=2, max_events=4))
    ... def is_read_whole(rows):
    ...     assert log_of(rows).report.table("events").refused == 0
    >>> is_read_whole()
    """
    people = [draw(patients(f"p{i}")) for i in range(draw(st.integers(1, max_people)))]
    events: list[Row] = []
    # Hypothesis leans to small numbers, and a person with one event tells little: often as many as there may be.
    counts = st.sampled_from(sorted({0, 1, max_events // 2, max_events})) | st.integers(0, max_events)
    for patient in people:
        when = draw(_favourite_days())
        events += [draw(event_rows(patient, when)) for _ in range(draw(counts))]
    listed = _LEVELS[: draw(st.integers(0, len(_LEVELS)))]
    places = tuple({"institution": id, "level": level} for id, level in listed)
    did = [draw(activity_rows()) for _ in range(draw(st.sampled_from((0, 0, 1, 4))))]
    return RegistryRows(tuple(people), tuple(events), places, tuple(did))


@st.composite
def activity_rows(draw: st.DrawFn) -> Row:
    """Give one row of what an institution did; it need not be listed among the institutions.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(activity_rows())
    ... def is_of_an_institution(row):
    ...     assert row["institution"] and row["date"] and row["kind"]
    >>> is_of_an_institution()
    """
    row = {"institution": draw(_INSTITUTION), "date": iso(draw(days())), "kind": draw(_ACTIVITY)}
    return row | {"count": draw(_COUNT), "to_level": draw(st.sampled_from(("", "village")))}


def logs(max_people: int = 3, max_events: int = 12) -> SearchStrategy[EventLog]:
    """Give event logs, made of registries the way files are read.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(logs(max_people=2, max_events=4))
    ... def stays_the_same_when_added_to_itself(log):
    ...     assert len(log + log) == len(log)
    >>> stays_the_same_when_added_to_itself()
    """
    return registries(max_people, max_events).map(log_of)


@st.composite
def events(draw: st.DrawFn, patient: Row | None = None) -> Event:
    """Give events as plain values, as clinic software makes them; never withdrawn.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(events())
    ... def is_never_withdrawn(event):
    ...     assert event.get("withdrawn") is None
    >>> is_never_withdrawn()
    """
    row = draw(event_rows(patient or {"patient_id": "p0"}))
    given = RegistryRows(({"patient_id": row["patient_id"]},), ({**row, "withdrawn": ""},))
    return log_of(given).event(0)
