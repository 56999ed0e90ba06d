"""What became known of a person between two logs: rows that came late, were corrected, taken back or added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from attrs import field, frozen

from singledisease.dates import MISSING
from singledisease.eventlog.log import EventLog
from singledisease.frozen_mapping import frozen_mapping

ChangeKind = Literal["late", "new", "added", "corrected", "withdrawn", "removed", "person"]
CHANGE_NAMES: Mapping[str, tuple[str, str]] = frozen_mapping(
    {
        "late": ("补录", "recorded later"),
        "new": ("其后发生", "happened later"),
        "added": ("增加", "added"),
        "corrected": ("更正", "corrected"),
        "withdrawn": ("撤回", "withdrawn"),
        "removed": ("删除", "removed"),
        "person": ("个人信息变更", "person changed"),
    }
)
_NOT_CONTENT = ("recorded", "withdrawn")


@frozen(kw_only=True)
class LogChange:
    """A row, or what is known of a person, that is otherwise in a later log.

    Attributes
    ----------
    change
        ``late``: it happened before the earlier log was known and was recorded after; ``new``: it happened after;
        ``added``: it was not in the earlier data; ``corrected``: the same record, or one of the same day and kind,
        says something else; ``withdrawn``: taken back; ``removed``: no longer in the data; ``person``: birth, death
        or a column of the person.
    before, after
        The values that differ, by column.
    row
        In the later log, if it is there; otherwise in the earlier one.
    """

    change: ChangeKind
    kind: str
    date: int | None
    recorded: int | None = None
    before: Mapping[str, Any] = field(factory=dict, converter=frozen_mapping)
    after: Mapping[str, Any] = field(factory=dict, converter=frozen_mapping)
    file: str = ""
    line: int | None = None


@frozen
class _Row:
    """A row with what it says, its record, the day it was recorded, and its place."""

    kind: str
    date: int
    values: Mapping[str, Any]
    recorded: int | None
    place: tuple[str, int]

    @property
    def content(self) -> tuple[Any, ...]:
        return self.kind, self.date, tuple(sorted(self.values.items(), key=lambda item: item[0]))


def changes_of(before: EventLog, after: EventLog, patient_id: str) -> list[LogChange]:
    """Give what is otherwise known of a person in a later log, by date."""
    old, new = _rows(before, patient_id), _rows(after, patient_id)
    gone, come = _without(old, new), _without(new, old)
    pairs = list(_pairs(gone, come))
    corrected = [_corrected(one, other) for one, other in pairs]
    taken = {id(row) for pair in pairs for row in pair}
    # Rows that were read once can leave a log in one way only: by being taken back.
    same_data = before.report == after.report
    left = [_gone(row, same_data) for row in gone if id(row) not in taken]
    added = [_come(row, before.known_until) for row in come if id(row) not in taken]
    found = [*corrected, *left, *added, *_of_person(before, after, patient_id)]
    return sorted(found, key=lambda one: (one.date is None, one.date or 0, one.kind))


def _rows(log: EventLog, patient_id: str) -> list[_Row]:
    try:
        person = log.find(patient_id)
    except KeyError:
        return []
    return [_row(log, row) for row in range(int(log.offsets[person]), int(log.offsets[person + 1]))]


def _row(log: EventLog, row: int) -> _Row:
    event = log.event(row)
    values = {name: value for name, value in event.values.items() if value is not None and name not in _NOT_CONTENT}
    recorded = event.values.get("recorded")
    return _Row(event.kind, event.date, values, None if recorded is None else int(str(recorded)), log.place(row))


def _without(rows: Iterable[_Row], others: Iterable[_Row]) -> list[_Row]:
    """Give the rows that the others do not have, each as often as it is missing there."""
    there = Counter(row.content for row in others)
    found = []
    for row in rows:
        if there[row.content]:
            there[row.content] -= 1
        else:
            found.append(row)
    return found


def _pairs(gone: list[_Row], come: list[_Row]) -> Iterator[tuple[_Row, _Row]]:
    """Pair a row with the one that took its place: of the same record, else of the same day and kind."""
    free = list(come)
    for row in gone:
        record = row.values.get("record")
        same = [one for one in free if record is not None and one.values.get("record") == record]
        alike = [one for one in free if (one.kind, one.date) == (row.kind, row.date) and record is None]
        if found := same or alike:
            free.remove(found[0])
            yield row, found[0]


def _corrected(old: _Row, new: _Row) -> LogChange:
    was, now = ({"date": row.date, "kind": row.kind, **row.values} for row in (old, new))
    differ = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    return LogChange(
        change="corrected",
        kind=new.kind,
        date=new.date,
        recorded=new.recorded,
        before={name: was.get(name) for name in differ},
        after={name: now.get(name) for name in differ},
        file=new.place[0],
        line=new.place[1],
    )


def _gone(row: _Row, same_data: bool) -> LogChange:
    return LogChange(
        change="withdrawn" if same_data else "removed",
        kind=row.kind,
        date=row.date,
        recorded=row.recorded,
        before=row.values,
        file=row.place[0],
        line=row.place[1],
    )


def _come(row: _Row, known_until: int | None) -> LogChange:
    recorded = row.date if row.recorded is None else row.recorded
    change: ChangeKind = "added"
    if known_until is not None and recorded > known_until:
        change = "new" if row.date > known_until else "late"
    file, line = row.place
    return LogChange(
        change=change, kind=row.kind, date=row.date, recorded=row.recorded, after=row.values, file=file, line=line
    )


def _of_person(before: EventLog, after: EventLog, patient_id: str) -> Iterator[LogChange]:
    was, now = _person(before, patient_id), _person(after, patient_id)
    differ = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    if differ and was and now:
        old, new = ({name: known.get(name) for name in differ} for known in (was, now))
        yield LogChange(change="person", kind="person", date=None, before=old, after=new)


def _person(log: EventLog, patient_id: str) -> dict[str, Any]:
    try:
        person = log.person_at(log.find(patient_id))
    except KeyError:
        return {}
    days = {"birth_date": person.birth, "death_date": person.death}
    known = {name: day for name, day in days.items() if day not in (None, MISSING)}
    return {"sex": person.sex, **known, **person.attributes}
