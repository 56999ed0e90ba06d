"""One event as plain values: what the reference engine and clinic software look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from attrs import field, frozen

from singledisease.dates import day_of, iso
from singledisease.eventlog.columns import PlainValue
from singledisease.frozen_mapping import FrozenMapping
from singledisease.vocabulary import DATES


def disease_tag(text: str) -> str:
    """Write a tag of one or several diseases in one way only.

    >>> disease_tag("type2-diabetes | hypertension|")
    'hypertension|type2-diabetes'
    """
    return "|".join(sorted({part.strip() for part in text.split("|")} - {""}))


def _freeze(values: Mapping[str, PlainValue | None]) -> Mapping[str, PlainValue]:
    return FrozenMapping({name: value for name, value in values.items() if value is not None and value != ""})


def _plain(name: str, value: PlainValue | dt.date | None) -> PlainValue | None:
    if isinstance(value, dt.date) or (isinstance(value, str) and value and name in DATES):
        return day_of(value)
    if name == "disease" and isinstance(value, str):
        return disease_tag(value)
    return value


@frozen(init=False)
class Event:
    """Something that happened to a person on a day.

    Values are reached by column name: ``event["sbp"]``, ``event.get("mode")``; a missing one is ``None``.
    Dates among them (``recorded``, ``withdrawn``, ``until``) are day numbers.

    >>> visit = Event("follow_up", "2024-03-01", mode="clinic", sbp=152, dbp=95)
    >>> visit.get("sbp"), visit.get("fpg"), str(visit)
    (152, None, '2024-03-01 follow_up mode=clinic sbp=152 dbp=95')
    """

    kind: str
    date: int
    values: Mapping[str, PlainValue] = field(hash=False)
    row: int = field(default=-1, eq=False)

    def __init__(
        self,
        kind: str,
        date: dt.date | str | int,
        *,
        row: int = -1,
        values: Mapping[str, PlainValue | None] | None = None,
        **columns: PlainValue | dt.date | None,
    ) -> None:
        given: dict[str, PlainValue | None] = dict(values or {})
        for name, value in columns.items():
            given[name] = _plain(name, value)
        self.__attrs_init__(kind, day_of(date), _freeze(given), row)

    def get(self, column: str) -> PlainValue | None:
        """Give the value of a column, ``None`` if missing."""
        if column == "date":
            return self.date
        if column == "kind":
            return self.kind
        return self.values.get(column)

    def __getitem__(self, column: str) -> PlainValue | None:
        return self.get(column)

    @property
    def diseases(self) -> tuple[str, ...]:
        """The diseases the event is tagged with; none: any."""
        tag = self.values.get("disease")
        return tuple(str(tag).split("|")) if tag else ()

    def _words(self) -> Iterator[str]:
        yield iso(self.date)
        yield self.kind
        for name, value in self.values.items():
            yield f"{name}={iso(int(value)) if name in ('recorded', 'withdrawn', 'until') else value}"

    def __str__(self) -> str:
        return " ".join(self._words())

    def __repr__(self) -> str:
        return f"<Event {self}>"
