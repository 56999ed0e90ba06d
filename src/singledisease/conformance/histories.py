"""Histories of single people as rows of text, and logs made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import field, frozen

from singledisease.eventlog.build import build
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import RawTable, TableName, raw_rows
from singledisease.frozen_mapping import frozen_mapping

Row = Mapping[str, str]


def _rows(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted((frozen_mapping(row) for row in rows), key=lambda row: (row["date"], sorted(row.items()))))


@frozen
class History:
    """One person's row of patients and rows of events, without the person's name; what is missing is left out."""

    patient: Row = field(converter=frozen_mapping)
    events: tuple[Row, ...] = field(converter=_rows)

    @property
    def size(self) -> int:
        """How much there is to read: an event weighs more than its cells, and a death more than an event."""
        return (
            4 * len(self.events) + sum(map(len, self.events)) + len(self.patient) + 9 * ("death_date" in self.patient)
        )


def name_of(number: int) -> str:
    """Give the name under which the person of a number stands in a log; names sort as the numbers do."""
    return f"P{number:06d}"


def log_of(histories: Sequence[History], rules: LoadRules | None = None) -> EventLog:
    """Make a log of histories, read by some rules, each person named by ``name_of`` the place."""
    people = [{"patient_id": name_of(i), **one.patient} for i, one in enumerate(histories)]
    events = [{"patient_id": name_of(i), **row} for i, one in enumerate(histories) for row in one.events]
    patients = _table("patients", people, ("patient_id", "birth_date"))
    return build(patients, _table("events", events, ("patient_id", "date", "kind")), rules=rules)


def _table(name: TableName, rows: Sequence[Row], needed: Sequence[str]) -> RawTable:
    columns = dict.fromkeys((*needed, *(column for row in rows for column in row)))
    return raw_rows(name, {column: [row.get(column) for row in rows] for column in columns})


def unrefused(log: EventLog, count: int) -> list[bool]:
    """Say of each of so many histories whether a log took it whole: no row, no cell refused, none dropped."""
    bad = {refusal.key for refusal in log.report.refusals}
    return [name_of(i) not in bad for i in range(count)]


# WHAT A LOG WOULD REFUSE


def tidy(one: History) -> History:
    """Give a history as files would hold it: blanks left out, nothing before birth or after death."""
    patient = {name: text for name, text in one.patient.items() if text}
    birth, death = patient.get("birth_date"), patient.get("death_date")
    if birth and death and death < birth:
        del patient["death_date"]
        death = None
    events = {}
    for row in one.events:
        date = max(row["date"], birth) if birth else row["date"]
        date = min(date, death) if death else date
        kept = {name: text for name, text in {**row, "date": date}.items() if text}
        if "sbp" in kept and "dbp" in kept and float(kept["dbp"]) >= float(kept["sbp"]):
            del kept["dbp"]
        events[tuple(sorted(kept.items()))] = kept
    return History(patient, events.values())
