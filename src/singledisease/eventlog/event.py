"""One event as plain values: what the reference engine and clinic software look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen

from singledisease.aliases import COLUMN_ALIASES
from singledisease.code_slips import wrong_codes
from singledisease.dates import asked_day, iso
from singledisease.errors import Fault, UsageError
from singledisease.eventlog.columns import PlainValue
from singledisease.frozen_mapping import FrozenMapping
from singledisease.spelling import folded, misspelt
from singledisease.vocabulary import DATES, ENTERED_IN_ERROR, EVENT_COLUMNS, KINDS, KINDS_WITH_STATUS, NOT_DONE


def disease_tag(text: str, names: Mapping[str, str] | None = None) -> str:
    """Write a tag of one or several diseases in one way only.

    Parameters
    ----------
    text
        The tag, its parts divided by ``|``.
    names
        Ids of diseases by their names, folded (``spelling.folded``); a part that is none of them stays.

    >>> disease_tag("type2-diabetes | 高血压|", {"高血压": "hypertension"})
    'hypertension|type2-diabetes'
    """
    parts = {part.strip() for part in text.split("|")} - {""}
    if names:
        parts = {names.get(folded(part), part) for part in parts}
    return "|".join(sorted(parts))


_NOT_DONE = frozenset(map(folded, NOT_DONE))
_IN_ERROR = folded(ENTERED_IN_ERROR)


def is_not_done(kind: str, status: str) -> bool:
    """Tell whether the status of an event says that it did not happen.

    >>> is_not_done("follow_up", "No_Show"), is_not_done("appointment", "cancelled"), is_not_done("checkup", "done")
    (True, False, False)
    """
    form = folded(status)
    return form == _IN_ERROR if kind in KINDS_WITH_STATUS else form in _NOT_DONE


def _refuse_slips(kind: str, columns: Mapping[str, Any]) -> None:
    """Refuse a kind, columns and a code that are misspelt: an engine would pass over them in silence."""
    faults = []
    if not isinstance(kind, str):
        hint = f"one of {', '.join(KINDS[:4])} …, or a kind of your own, by a name of its own"
        faults.append(Fault("no_kind", f"Event({kind!r})", "应为事件类型 / a kind of event is wanted", hint))
    elif kind not in KINDS and (meant := misspelt(kind, KINDS, _NEAR_KIND)) is not None:
        faults.append(Fault("unknown_kind", f"Event({kind!r})", _NO_KIND, f"did you mean {meant}?"))
    for name in columns:
        if name not in EVENT_COLUMNS and (meant := column_meant(name)) is not None:
            hint = f"did you mean {meant}? a column of your own: values={{{name!r}: …}}"
            faults.append(Fault("unknown_column", f"{name}=", _NO_COLUMN, hint))
    for code, hint in wrong_codes([str(columns.get("code") or "")], str(columns.get("system") or "")):
        own = f'{hint} a code of another system: system="…"'
        faults.append(Fault("wrong_code", f"code={code!r}", "不能是 ICD-10 编码 / cannot be an ICD-10 code", own))
    if faults:
        raise UsageError(f"这样的事件无人能识别 / nothing would hear this event: {kind!r}", faults)


def column_meant(name: str) -> str | None:
    """Give the column of events that a name was meant for, by a slip or by another usual name; ``None``: its own.

    >>> column_meant("systolic"), column_meant("收缩压"), column_meant("spb"), column_meant("shoe_colour")
    ('sbp', 'sbp', 'sbp', None)
    """
    return COLUMN_ALIASES.get(folded(name)) or misspelt(name, EVENT_COLUMNS)


_NO_KIND, _NO_COLUMN = "没有此类事件 / there is no such kind", "没有此列 / there is no such column"
_NEAR_KIND = 0.85
"""Kinds of one's own are more likely than columns: an assessment is no assignment misspelt."""


def _freeze(values: Mapping[str, PlainValue | None]) -> Mapping[str, PlainValue]:
    return FrozenMapping({name: value for name, value in values.items() if value is not None and value != ""})


def _day(name: str, value: Any) -> int:
    """Give the day of an event; a number that no calendar has is refused where the event is entered, as in a file."""
    return value if type(value) is int and not _FIRST_WRITTEN <= value <= _LAST_WRITTEN else asked_day(name, value)


_FIRST_WRITTEN, _LAST_WRITTEN = 1800_01_01, 2200_12_31
"""Between these a number is a date written as YYYYMMDD; as a day number it would be after the year 29000."""


def _plain(name: str, value: PlainValue | dt.date | None) -> PlainValue | None:
    if isinstance(value, dt.date) or (isinstance(value, str) and value and name in DATES):
        return _day(name, value)
    if name == "disease" and isinstance(value, str):
        return disease_tag(value)
    return value


@frozen(init=False)
class Event:
    """Something that happened to a person on a day.

    Values are reached by column name: ``event["sbp"]``, ``event.get("mode")``; a missing one is ``None``.
    Dates among them (``recorded``, ``withdrawn``, ``until``) are day numbers.

    A kind or a column that is a built-in one misspelt is refused, and what cannot be an ICD-10 code; where a column of
    one's own is called so, it is given by name: ``values={"mood": "good"}``.

    Raises
    ------
    UsageError
        If a kind, a column or an ICD-10 code is likely a slip, or a date is none.

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
        if values is None:
            _refuse_slips(kind, columns)
        given: dict[str, PlainValue | None] = dict(values or {})
        for name, value in columns.items():
            given[name] = _plain(name, value)
        self.__attrs_init__(kind, _day("date", date), _freeze(given), row)

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
    def not_done(self) -> bool:
        """Whether its status says that it did not happen: then no engine hears it."""
        status = self.values.get("status")
        return isinstance(status, str) and is_not_done(self.kind, status)

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


def require_event(given: object) -> None:
    """Refuse what is no event where one is entered.

    Raises
    ------
    UsageError
        With what was given, and how an event is made.
    """
    if not isinstance(given, Event):
        hint = 'sd.Event("follow_up", "2024-03-01", mode="clinic", sbp=152, dbp=95)'
        fault = Fault("no_event", "event", f"{given!r} is no event", hint)
        raise UsageError("应为事件 / an event is wanted", [fault])
