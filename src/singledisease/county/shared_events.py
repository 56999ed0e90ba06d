"""The same event from several systems: recognised where one says no more than the other, listed where they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Literal

from attrs import frozen

from singledisease.eventlog.event import Event
from singledisease.vocabulary import TEXT_COLUMNS

_OF_ENTRY = frozenset({"source", "record", "recorded", "withdrawn", "sequence"})
"""What says how an event was entered, and nothing of what happened."""
_WHICH = frozenset(TEXT_COLUMNS) - _OF_ENTRY - {"code", "reason"}
"""What tells one event from another of its kind and day; the other columns say what was found."""


@frozen(kw_only=True)
class EventPair:
    """Two rows of one person, kind and day from two systems.

    ``duplicate``: the other says nothing that the first does not; ``conflict``: they differ in ``columns``;
    ``perhaps_one``: each says something of its own, and nothing tells them apart.
    """

    what: Literal["duplicate", "conflict", "perhaps_one"]
    one: Event
    other: Event
    columns: tuple[str, ...] = ()


@frozen
class SharedEvents:
    """What stays of the events of one person, and the pairs that were found among them."""

    kept: tuple[Event, ...]
    pairs: tuple[EventPair, ...]


def shared_events(events: Iterable[Event], systems: Sequence[str]) -> SharedEvents:
    """Leave out what several systems say alike, and list what they say differently; both of these rows stay.

    Parameters
    ----------
    events
        Those of one person, each with its ``source``.
    systems
        In order: of two rows that say the same that of the first stays; of one that says less, the fuller.
    """
    place = {system: i for i, system in enumerate(systems)}
    listed = sorted(events, key=lambda one: place.get(str(one.get("source")), len(place)))
    by_day: defaultdict[tuple[str, int], list[Event]] = defaultdict(list)
    for event in listed:
        if event.get("withdrawn") is None:
            by_day[event.kind, event.date].append(event)
    left_out: set[Event] = set()
    pairs: list[EventPair] = []
    for group in by_day.values():
        for one, other in combinations(group, 2):
            if one in left_out or other in left_out or one.get("source") == other.get("source"):
                continue
            pair = _pair(one, other)
            if pair is not None:
                pairs.append(pair)
                left_out |= {pair.other} if pair.what == "duplicate" else set()
    gone = {id(pair.other) for pair in pairs if pair.what == "duplicate"}
    return SharedEvents(tuple(event for event in listed if id(event) not in gone), tuple(pairs))


def _pair(one: Event, other: Event) -> EventPair | None:
    """Compare two rows; ``None``: they are two events."""
    said, said_too = _said(one), _said(other)
    differing = [name for name in said.keys() & said_too.keys() if said[name] != said_too[name]]
    if _WHICH.intersection(differing):
        return None
    if differing:
        return EventPair(what="conflict", one=one, other=other, columns=tuple(sorted(differing)))
    if said_too.keys() <= said.keys():
        return EventPair(what="duplicate", one=one, other=other)
    if said.keys() <= said_too.keys():
        return EventPair(what="duplicate", one=other, other=one)
    return EventPair(what="perhaps_one", one=one, other=other, columns=tuple(sorted(said.keys() ^ said_too.keys())))


def _said(event: Event) -> dict[str, object]:
    return {name: value for name, value in event.values.items() if name not in _OF_ENTRY}
