"""What is due on a day: for whom, by when, by whom, and why."""

import datetime as dt

import pytest

import singledisease as sd
from singledisease import catalogue
from singledisease.dates import day_of
from singledisease.engines import columnar, reference
from singledisease.errors import UsageError
from singledisease.eventlog.build import build
from singledisease.eventlog.raw import raw_rows
from singledisease.worklists import COLUMNS, worklist

ON = day_of("2024-03-20")


def registry(rows, patients=None):
    """Make a log of events given as dictionaries."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    events = {name: [row.get(name, "") for row in rows] for name in names}
    ids = sorted({row["patient_id"] for row in rows})
    people = patients or {"patient_id": ids, "birth_date": ["1970-01-01"] * len(ids), "institution": ["Z1"] * len(ids)}
    log = build(raw_rows("patients", people), raw_rows("events", events))
    assert not log.report.refusals
    return log


def event(who, date, kind, **columns):
    """Give one event as a dictionary."""
    return {"patient_id": who, "date": date, "kind": kind, **columns}


def enrolment(who, date="2024-01-01", disease="hypertension"):
    """Give an enrolment."""
    return event(who, date, "enrolment", disease=disease)


def due(log, on=ON, engine=columnar, diseases=("hypertension",), **options):
    """Give the rows of a worklist."""
    return worklist(log, [catalogue.disease(name) for name in diseases], on, engine, **options)


LOG = registry(
    [
        enrolment("A"),
        event("A", "2024-03-01", "follow_up", mode="clinic", sbp="150", dbp="95"),
        enrolment("B", "2023-10-15"),
        enrolment("C"),
        event("C", "2024-02-01", "exit", reason="moved"),
        enrolment("D"),
        event("D", "2024-03-10", "follow_up", mode="clinic", sbp="182", dbp="100"),
    ]
)


def test_open_and_overdue_items_with_role_level_and_reason():
    """B's follow-up was due on 15 January; it is 65 days late on 20 March, and the village doctor's."""
    (row,) = (row for row in due(LOG, language="en") if row["patient_id"] == "B" and row["item"] == "follow_up")
    assert row == {
        "patient_id": "B",
        "disease": "hypertension",
        "item": "follow_up",
        "names": "face-to-face follow-up (every 3 months)",
        "due": dt.date(2024, 1, 15),
        "overdue_days": 65,
        "role": "village doctor",
        "levels": "village|township|community",
        "institution": "Z1",
        "reason": (
            "in state “enrolled, not assessed yet”; counted from 2023-10-15, was due by 2024-01-15, 65 days late"
        ),
    }


def test_the_earliest_due_stands_first():
    """Sorted by the day due; who has left is not listed."""
    rows = due(LOG).rows()
    assert [row["due"] for row in rows] == sorted(row["due"] for row in rows)
    assert {row["patient_id"] for row in rows} == {"A", "B", "D"}
    assert [(row["item"], row["overdue_days"]) for row in rows if row["patient_id"] == "D"] == [
        ("urgent_referral", 9),
        ("referral_follow_up", 0),
        ("follow_up", 0),
        ("checkup", 0),
    ]


def test_what_is_due_today_is_not_late():
    """The day it is due on belongs to the time allowed."""
    log = registry([enrolment("A", "2023-12-20")])
    assert {row["item"]: row["overdue_days"] for row in due(log)}["follow_up"] == 0
    assert {row["item"]: row["overdue_days"] for row in due(log, ON + 1)}["follow_up"] == 1


@pytest.mark.parametrize("on", ["2023-11-01", "2024-01-31", "2024-03-20", "2025-06-30", "2027-01-01"])
def test_both_engines_list_the_same(on):
    """The worklist does not depend on the engine."""
    both = ("hypertension", "type2-diabetes")
    first, second = (due(LOG, day_of(on), engine, both) for engine in (columnar, reference))
    assert first == second
    assert len(first) > 0


def test_prevention_is_for_those_it_applies_to():
    """From 35 years on pressure is measured every year; where the age is not known it is listed."""
    rows = [event(who, "2023-01-10", "screening", sbp="120", dbp="70") for who in ("adult", "child", "nobody")]
    people = {"patient_id": ["adult", "child", "nobody"], "birth_date": ["1980-01-01", "2010-01-01", ""]}
    found = due(registry(rows, people)).rows()
    assert {row["patient_id"] for row in found if row["item"] == "annual_pressure"} == {"adult", "nobody"}


def test_prevention_stands_after_the_ill():
    """A screening that is years late does not hide an emergency."""
    late = event("Z", "2015-01-10", "screening", sbp="120", dbp="70")
    log = registry([late, enrolment("D"), event("D", "2024-03-19", "follow_up", mode="home", sbp="190", dbp="80")])
    rows = due(log).rows()
    assert [rows[0]["item"], rows[-1]["item"]] == ["urgent_referral", "annual_pressure"]


def test_time_outs_are_nobodys_work():
    """The fixed window of a suspicion cannot be met, and silence is no deadline: neither is listed."""
    log = registry([event("A", "2024-03-15", "screening", sbp="150", dbp="95"), enrolment("B")])
    items = {row["item"] for row in due(log)}
    assert "second_reading" in items
    assert not items & {"retest_window", "silence"}


def test_the_institution_is_the_one_assigned_by_then():
    """The last assignment up to the day counts; a later one does not, nor one for another disease."""
    log = registry(
        [
            enrolment("A"),
            event("A", "2024-02-01", "assignment", institution="Z2"),
            event("A", "2024-02-15", "assignment", institution="Z9", disease="type2-diabetes"),
            event("A", "2024-05-01", "assignment", institution="Z3"),
        ]
    )
    for on, institution in (("2024-01-31", "Z1"), ("2024-03-20", "Z2"), ("2024-05-01", "Z3")):
        assert set(due(log, day_of(on))["institution"]) == {institution}


def test_sorting_by_columns():
    """By a column of the list, or by one of the patients, which is then added; blanks first."""
    people = {
        "patient_id": ["A", "B"],
        "birth_date": ["1970-01-01"] * 2,
        "region": ["south", "north"],
        "team": ["", "T1"],
    }
    log = registry([enrolment("A"), enrolment("B")], people)
    by_region = due(log, by=["region", "item"])
    assert list(by_region.columns) == [*COLUMNS, "region"]
    assert [(row["region"], row["item"]) for row in by_region] == [
        ("north", "checkup"),
        ("north", "follow_up"),
        ("south", "checkup"),
        ("south", "follow_up"),
    ]
    assert [row["team"] for row in due(log, by=["team"])] == ["", "", "T1", "T1"]
    assert list(due(log, by=["role"]).columns) == list(COLUMNS)
    with pytest.raises(UsageError, match="region"):
        due(log, by=["regoin"])


def test_only_what_is_due_soon():
    """With ``ahead`` what is due later is left out, and what is late stays."""
    assert {row["item"] for row in due(LOG, ahead=0) if row["patient_id"] != "D"} == {"follow_up", "review"}
    assert all(row["due"] <= dt.date(2024, 3, 27) for row in due(LOG, ahead=7))
    assert len(due(LOG, ahead=7)) < len(due(LOG))


def test_names_in_one_language_or_both():
    """Clinicians see both languages unless one is asked for."""
    for language, text in (("zh", "年度健康体检"), ("en", "annual checkup"), ("both", "年度健康体检 / annual checkup")):
        names = {row["item"]: row["names"] for row in due(LOG, language=language)}
        assert names["checkup"] == text


def test_a_policy_moves_what_is_due():
    """Lost after 2 months: the search is due instead of the follow-up."""
    items = {row["item"] for row in due(LOG, policy={"lost_after": "2"}) if row["patient_id"] == "B"}
    assert items == {"recall"}


def test_an_empty_registry_has_no_work():
    """Nobody, nothing."""
    log = build(
        raw_rows("patients", {"patient_id": [], "birth_date": []}),
        raw_rows("events", {"patient_id": [], "date": [], "kind": []}),
    )
    assert len(due(log)) == 0


def test_a_visit_that_serves_several_diseases_is_one_row():
    """The earliest due counts; diseases and items are listed, and the order of the others stays."""
    log = registry([enrolment("A"), enrolment("A", "2024-02-20", disease="type2-diabetes"), enrolment("B")])
    asked = {"on": "2024-03-01", "diseases": ["hypertension", "type2-diabetes"], "language": "en"}
    plain, joint = sd.worklist(log, **asked).rows(), sd.worklist(log, **asked, joint=True).rows()
    (visit,) = (row for row in joint if row["patient_id"] == "A" and row["item"] == "follow_up")
    assert (visit["disease"], str(visit["due"])) == ("hypertension|type2-diabetes", "2024-04-01")
    served = [row for row in plain if row["patient_id"] == "A" and row["item"] == "follow_up"]
    assert [str(row["due"]) for row in served] == ["2024-04-01", "2024-05-20"]
    assert [row["item"] for row in joint if row["patient_id"] == "B"] == [
        row["item"] for row in plain if row["patient_id"] == "B"
    ]
    assert len(joint) < len(plain)
