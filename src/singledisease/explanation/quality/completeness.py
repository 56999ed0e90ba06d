"""What is there and what is missing: by kind of event, by column, by institution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.dates import MISSING, date_of
from singledisease.eventlog.columns import AnyColumn, Coded
from singledisease.eventlog.log import EventLog
from singledisease.tables import Heading, Table
from singledisease.vocabulary import KINDS

FOLLOWED = ("mode", "sbp", "dbp", "fpg")
"""Columns of follow-ups whose completeness is shown for each institution."""

HEADINGS: dict[str, Heading] = {
    "kind": ("事件类型", "kind"),
    "rows": ("行数", "rows"),
    "people": ("人数", "people"),
    "first": ("最早", "first"),
    "last": ("最晚", "last"),
    "column": ("列", "column"),
    "filled": ("已填", "filled"),
    "share": ("完整率", "share filled"),
    "institution": ("机构", "institution"),
    "events": ("事件数", "events"),
    "no_event": ("无事件者", "without events"),
    "no_birth": ("无出生日期者", "without birth date"),
    "follow_ups": ("随访数", "follow-ups"),
    **{name: (f"{name} 完整率", f"{name} filled") for name in FOLLOWED},
}


def kinds(log: EventLog) -> Table:
    """Count the events of each kind: rows, people, first and last day."""
    person = log.person
    rows = []
    for kind, chosen in _by_kind(log):
        days = log.date[chosen]
        people = len(np.unique(person[chosen]))
        rows.append((kind, len(chosen), people, date_of(int(days.min())), date_of(int(days.max()))))
    return Table.of_rows(("kind", "rows", "people", "first", "last"), rows, headings=HEADINGS)


def columns(log: EventLog) -> Table:
    """Give the share of rows in which a column is filled, for people and for each kind of event.

    A column in which no row of a kind has anything is left out: a follow-up has no ``until``.
    """
    people = log.people
    known = {
        "birth_date": people.birth != MISSING,
        "sex": people.sex.codes != people.sex.categories.index("unknown"),
        **{name: column.known for name, column in people.attributes.items()},
    }
    rows = [_filled("patients", name, filled) for name, filled in known.items() if len(people)]
    for kind, chosen in _by_kind(log):
        for name, column in log.columns.items():
            filled = column.known[chosen]
            if filled.any():
                rows.append(_filled(kind, name, filled))
    return Table.of_rows(("kind", "column", "rows", "filled", "share"), rows, headings=HEADINGS)


def _filled(kind: str, name: str, filled: NDArray[np.bool_]) -> tuple[Any, ...]:
    return kind, name, len(filled), int(filled.sum()), float(filled.mean())


def _by_kind(log: EventLog) -> Iterator[tuple[str, NDArray[np.int64]]]:
    known = {kind: rank for rank, kind in enumerate(KINDS)}
    codes = sorted(
        range(1, len(log.kind.categories)),
        key=lambda code: (known.get(log.kind.categories[code], len(KINDS)), log.kind.categories[code]),
    )
    for code in codes:
        chosen = np.flatnonzero(log.kind.codes == code)
        if len(chosen):
            yield log.kind.categories[code], chosen


# BY INSTITUTION


def institutions(log: EventLog) -> Table:
    """Give for each institution its people, those without events, and how complete its follow-ups are.

    An event is its own institution's, or if it names none its person's; a blank institution stands last.
    """
    names, of_person, of_event = places(log)
    count = len(names)
    silent = np.diff(log.offsets) == 0
    columns: dict[str, list[Any]] = {
        "institution": list(names),
        "people": _counts(of_person, count),
        "no_event": _counts(of_person[silent], count),
        "no_birth": _counts(of_person[log.people.birth == MISSING], count),
        "events": _counts(of_event, count),
    }
    followed = _is(log.kind, "follow_up")
    columns["follow_ups"] = _counts(of_event[followed], count)
    for name in FOLLOWED:
        column = log.columns.get(name)
        if column is not None:
            filled = _counts(of_event[followed & column.known], count)
            columns[name] = [
                part / whole if whole else None for part, whole in zip(filled, columns["follow_ups"], strict=True)
            ]
    return Table(columns, headings=HEADINGS)


def places(log: EventLog) -> tuple[tuple[str, ...], NDArray[np.int64], NDArray[np.int64]]:
    """Give the institutions by name, blank last, and the place in that list of each person and each event."""
    people = log.people.attributes.get("institution", Coded(np.zeros(len(log.people), np.uint8), ("",)))
    events = log.columns.get("institution")
    texts = {text for text in people.categories if text}
    if isinstance(events, Coded):
        texts |= {text for text in events.categories if text}
    names = (*sorted(texts), "")
    of_person = _codes(people, names)
    of_event = of_person[log.person]
    if isinstance(events, Coded):
        of_event = np.where(events.known, _codes(events, names), of_event)
    used = np.zeros(len(names), np.bool_)
    used[of_person] = True
    used[of_event] = True
    moved = np.cumsum(used) - 1
    return tuple(np.array(names, np.object_)[used]), moved[of_person], moved[of_event]


def _codes(column: Coded, names: tuple[str, ...]) -> NDArray[np.int64]:
    place = {name: i for i, name in enumerate(names)}
    of_category = np.array([place[text] for text in column.categories], np.int64)
    return of_category.take(column.codes)


def _counts(places: NDArray[np.int64], count: int) -> list[int]:
    found: list[int] = np.bincount(places, minlength=count).tolist()
    return found


def _is(column: AnyColumn, text: str) -> NDArray[np.bool_]:
    assert isinstance(column, Coded)
    wanted = column.categories.index(text) if text in column.categories else -1
    return np.asarray(column.codes == wanted)
