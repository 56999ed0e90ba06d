"""Rows whose status says that nothing happened."""

from __future__ import annotations

import pytest

from singledisease.eventlog.build import build
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import raw_rows

PEOPLE = raw_rows("patients", {"patient_id": ["P1"], "birth_date": ["1960-01-01"]})


def load(*rows: tuple[str, str, str]) -> EventLog:
    """Load events of (date, kind, status)."""
    dates, kinds, statuses = zip(*rows, strict=True)
    columns = {"patient_id": ["P1"] * len(rows), "date": dates, "kind": kinds, "status": statuses}
    return build(PEOPLE, raw_rows("events", columns))


@pytest.mark.parametrize(
    "status",
    [
        *("cancelled", "Cancelled", "canceled", "scheduled", "planned", "missed", "no-show", "no_show", "NO SHOW"),
        *("noshow", "not-done", "not_done", "voided", "entered-in-error", "Entered_In_Error"),
    ],
)
def test_what_did_not_happen_is_no_event(status: str) -> None:
    """A row that was cancelled, missed or entered in error is set aside, counted and shown."""
    log = load(("2024-01-01", "follow_up", "done"), ("2024-02-01", "follow_up", status))
    assert [event.get("status") for event in log.events_of(0)] == ["done"]
    (rows,) = log.report.not_done
    assert (rows.table, rows.kind, rows.status, rows.lines) == ("events", "follow_up", status, (3,))
    counts = log.report.table("events")
    assert (counts.read, counts.accepted, counts.not_done) == (2, 1, 1)
    assert counts.balanced
    assert "未发生 not done 1" in log.report.summary()
    assert f"events:3 follow_up status={status!r} × 1" in log.report.summary()


@pytest.mark.parametrize("kind", ["appointment", "referral", "contract"])
def test_appointments_referrals_and_contracts_keep_their_status(kind: str) -> None:
    """A cancelled appointment is an event; one that was entered in error is none."""
    log = load(("2024-01-01", kind, "cancelled"), ("2024-02-01", kind, "entered-in-error"))
    assert [event.get("status") for event in log.events_of(0)] == ["cancelled"]
    assert [rows.lines for rows in log.report.not_done] == [(3,)]


def test_what_did_not_happen_is_not_refused_besides() -> None:
    """A cancelled row with other faults is set aside, and counted once."""
    log = load(("2024-02-30", "follow_up", "cancelled"), ("2024-02-30", "follow_up", ""))
    counts = log.report.table("events")
    assert (counts.refused, counts.not_done) == (1, 1)
    assert [refusal.line for refusal in log.report.refusals] == [3]
    assert counts.balanced


def test_rows_are_shown_by_kind_and_status() -> None:
    """Many rows of one kind and status are one line of the report."""
    rows = [
        ("2024-01-01", "follow_up", "missed"),
        ("2024-01-02", "checkup", "missed"),
        ("2024-01-03", "checkup", "missed"),
    ]
    report = load(*rows).report
    assert [(one.kind, one.lines) for one in report.not_done] == [("follow_up", (2,)), ("checkup", (3, 4))]
