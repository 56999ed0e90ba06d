"""Institutions, teams and activities; the level at which an event happened."""

from __future__ import annotations

import numpy as np
import pytest

from singledisease.definitions.citation import Names
from singledisease.definitions.typed_column import TypedColumn
from singledisease.errors import DataError
from singledisease.eventlog.build import build
from singledisease.eventlog.columns import value_at
from singledisease.eventlog.equality import equal
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import raw_rows
from singledisease.eventlog.to_tables import tables_of

PEOPLE = raw_rows("patients", {"patient_id": ["P1"], "birth_date": ["1960-01-01"], "institution": ["V1"]})
NOTHING = raw_rows("events", {"patient_id": [], "date": [], "kind": []})
PLACES = raw_rows(
    "institutions",
    {"institution": ["V1", "H1", "X"], "level": ["village", "county", ""], "adults": ["1200", "many", ""]},
)


def levels(*rows: tuple[str | None, str | None], with_column: bool = True) -> list[object]:
    """Give the levels of encounters of (institution, level)."""
    places, own = zip(*rows, strict=True)
    columns: dict[str, list[object]] = {
        "patient_id": ["P1"] * len(rows),
        "date": [f"2024-01-{day:02}" for day in range(1, len(rows) + 1)],
        "kind": ["encounter"] * len(rows),
        "institution": list(places),
    }
    if with_column:
        columns["level"] = list(own)
    return [event.get("level") for event in build(PEOPLE, raw_rows("events", columns), PLACES).events_of(0)]


def test_a_blank_level_is_that_of_the_events_institution() -> None:
    """The event's own level stands above its institution's; where neither is known it is missing, not the person's."""
    assert levels(("H1", None), ("H1", "township"), ("X", None), (None, None), ("unknown", None), ("X", "city")) == [
        *("county", "township", None, None, None, "city"),
    ]


def test_without_a_column_of_levels_the_institutions_give_them() -> None:
    """A log whose events have no column ``level`` gets one from its institutions."""
    assert levels(("H1", None), (None, None), ("V1", None), with_column=False) == ["county", None, "village"]


def test_a_declared_number_of_an_institution_is_a_number() -> None:
    """What is declared a number is one beside its text; what is none is told, missing, and its institution kept."""
    adults = TypedColumn(name="adults", names=Names("成人数", "adults"), kind="number")
    log = build(PEOPLE, NOTHING, PLACES, rules=LoadRules(institution_columns=(adults,)))
    assert log.institutions.ids == ("H1", "V1", "X")
    assert [value_at(log.institutions.typed["adults"], i) for i in range(3)] == [None, 1200.0, None]
    assert log.institutions.columns["adults"] == ("many", "1200", "")
    (reading,) = log.report.readings
    assert (reading.table, reading.column, reading.value, reading.check) == (
        *("institutions", "adults", "many", "not_a_number"),
    )
    assert log.report.table("institutions").accepted == 3


def test_a_declared_number_of_a_person_is_a_number() -> None:
    """A goal of one's own is a number beside the person's text."""
    people = raw_rows("patients", {"patient_id": ["P1", "P2"], "birth_date": ["", ""], "goal_sbp": ["130", ""]})
    goal = TypedColumn(name="goal_sbp", names=Names("个体目标", "own goal"), kind="number", unit="mmHg")
    log = build(people, NOTHING, rules=LoadRules(attributes=(goal,)))
    assert [value_at(log.people.typed["goal_sbp"], i) for i in range(2)] == [130.0, None]
    assert value_at(log.slice(1, 2).people.typed["goal_sbp"], 0) is None
    assert equal(log + log, log)
    assert value_at((log + log).people.typed["goal_sbp"], 0) == 130.0


# TEAMS AND ACTIVITIES

TEAMS = raw_rows("teams", {"team": ["T2", "T1", "T1", ""], "name": ["二", "一", "一", "x"], "kind": ["chief"] * 4})
ROUNDS = {
    "institution": ["H1", "V1", "V1", "H1", "", "H1", "H1"],
    "date": ["2024-03-01", "2024-01-05", "2024-01-05", "2024-01-01", "2024-01-01", "2024-02-30", "2024-04-01"],
    "kind": ["dispatch", "round", "round", "training", "round", "round", ""],
    "count": ["3", "1", "1", "x", "1", "1", "1"],
    "to_level": ["township", "", "", "", "", "", ""],
}


def test_teams_are_one_row_each() -> None:
    """Teams are sorted, merged and refused as institutions are."""
    log = build(PEOPLE, NOTHING, teams=TEAMS)
    assert log.teams.ids == ("T1", "T2")
    assert log.teams.columns["name"] == ("一", "二")
    counts = log.report.table("teams")
    assert (counts.read, counts.accepted, counts.duplicates, counts.refused) == (4, 2, 1, 1)
    assert [refusal.check for refusal in log.report.refusals] == ["blank_team"]


def activities() -> EventLog:
    """Give a log with activities."""
    return build(PEOPLE, NOTHING, PLACES, teams=TEAMS, activities=raw_rows("activities", ROUNDS))


def test_activities_are_checked_and_in_order() -> None:
    """Rows stand by institution and day; repeats are dropped, a bad row is refused, a bad number is missing."""
    log = activities()
    done = log.activities
    assert len(done) == 3
    assert [done.institution.text(i) for i in range(3)] == ["H1", "H1", "V1"]
    assert [done.kind.text(i) for i in range(3)] == ["training", "dispatch", "round"]
    assert [value_at(done.columns["count"], i) for i in range(3)] == [None, 3.0, 1.0]
    counts = log.report.table("activities")
    assert (counts.read, counts.accepted, counts.duplicates, counts.refused, counts.readings) == (7, 3, 1, 3, 1)
    assert counts.balanced
    assert [found.check for found in log.report.refusals if found.table == "activities"] == [
        *("blank_institution", "impossible_date", "blank_kind"),
    ]


def test_a_level_of_activities_is_in_its_list() -> None:
    """``to_level`` is a level of institutions."""
    rows = raw_rows("activities", {"institution": ["H1"], "date": ["2024-01-01"], "kind": ["x"], "to_level": ["ward"]})
    assert [found.check for found in build(PEOPLE, NOTHING, activities=rows).report.refusals] == ["not_in_list"]


@pytest.mark.parametrize(("table", "columns"), [("teams", ["name"]), ("activities", ["institution", "kind"])])
def test_a_table_without_its_columns_is_refused(table: str, columns: list[str]) -> None:
    """Teams need ``team``, activities a day."""
    given = {table: raw_rows(table, {name: [] for name in columns})}  # type: ignore[arg-type]
    with pytest.raises(DataError, match="missing_column"):
        build(PEOPLE, NOTHING, **given)  # type: ignore[arg-type]


def test_activities_after_the_day_are_unknown() -> None:
    """``as_of`` leaves out activities dated later."""
    log = activities()
    assert len(log.as_of(19800).activities) == 3
    assert len(log.as_of(19730).activities) == 2
    assert len(log.as_of(None).activities) == 3


def test_tables_give_the_log_again() -> None:
    """Building a log's tables anew, or joining it with itself, gives an equal log."""
    log = activities()
    patients, events, institutions, teams, done = tables_of(log)
    assert equal(build(patients, events, institutions, teams=teams, activities=done), log)
    assert equal(log + log, log)
    other = build(PEOPLE, NOTHING, PLACES, teams=TEAMS)
    assert not equal(log, other)
    assert equal(log + other, log)
    assert np.array_equal((log + other).activities.date, log.activities.date)
