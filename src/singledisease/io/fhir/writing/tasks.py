"""A worklist as FHIR's tasks, or as one care plan for each person and disease."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from singledisease.errors import UsageError, did_you_mean
from singledisease.io.fhir.elements import DISEASES, URN
from singledisease.io.fhir.writing.bundle import Naming, Resource, coded, filled, stable_id
from singledisease.tables import Table
from singledisease.worklists import COLUMNS

WorkForm = Literal["Task", "CarePlan"]
FORMS: tuple[WorkForm, ...] = ("Task", "CarePlan")
ITEMS = f"{URN}:service"
Row = Mapping[str, Any]


def is_worklist(table: Table) -> bool:
    """Tell whether a table is a worklist."""
    return set(COLUMNS) <= set(table.columns)


def work_resources(work: Table, form: WorkForm, naming: Naming) -> Iterator[Resource]:
    """Give what is due as resources.

    Parameters
    ----------
    work
        From ``worklist``.
    form
        ``Task``: one for each row; ``CarePlan``: one for each person and disease, with an activity for each row.
    naming
        How people are called.

    Raises
    ------
    UsageError
        If there is no such form, or it is no worklist.
    """
    if form not in FORMS:
        raise UsageError(f"没有 / there is no form {form!r}; {did_you_mean(str(form), FORMS)}")
    if not is_worklist(work):
        raise UsageError(f"不是待办清单 / this table is no worklist: it has the columns {', '.join(work.columns)}")
    return _plans(work, naming) if form == "CarePlan" else (_task(row, naming) for row in work)


def _task(row: Row, naming: Naming) -> Resource:
    return filled(
        {
            "resourceType": "Task",
            "id": stable_id("Task", row["patient_id"], row["disease"], row["item"], row["due"]),
            "status": "requested",
            "intent": "plan",
            "code": _item(row),
            "description": row["reason"],
            "for": naming.patient(row["patient_id"]),
            "groupIdentifier": {"system": DISEASES, "value": row["disease"]},
            "businessStatus": _late(row),
            "performerType": [{"text": row["role"]}] if row["role"] else [],
            "owner": {"display": row["institution"]} if row["institution"] else None,
            "restriction": {"period": {"end": _day(row)}},
        }
    )


def _item(row: Row) -> Resource:
    return coded(ITEMS, row["item"], row["names"])


def _late(row: Row) -> Resource | None:
    days = row["overdue_days"]
    return {"text": f"逾期 {days} 天 / {days} days overdue"} if days else None


def _day(row: Row) -> str:
    due = row["due"]
    return due.isoformat() if isinstance(due, dt.date) else str(due)


def _plans(work: Table, naming: Naming) -> Iterator[Resource]:
    plans: dict[tuple[str, str], list[Row]] = {}
    for row in work:
        plans.setdefault((row["patient_id"], row["disease"]), []).append(row)
    for (person, disease), rows in plans.items():
        yield {
            "resourceType": "CarePlan",
            "id": stable_id("CarePlan", person, disease, *((row["item"], row["due"]) for row in rows)),
            "status": "active",
            "intent": "plan",
            "title": disease,
            "category": [coded(DISEASES, disease)],
            "subject": naming.patient(person),
            "activity": [{"detail": _activity(row)} for row in rows],
        }


def _activity(row: Row) -> Resource:
    return filled(
        {
            "code": _item(row),
            "status": "not-started",
            "statusReason": _late(row),
            "scheduledPeriod": {"end": _day(row)},
            "performer": [{"display": row["role"]}] if row["role"] else [],
            "description": row["reason"],
        }
    )
