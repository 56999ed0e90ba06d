"""The entries of a course: their order, what repeats, and which of them were known on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from singledisease.eventlog.event import Event
from singledisease.eventlog.order import sort_key

_BLOCK = 64


class Entries(NamedTuple):
    """Entries one after the other; with a further one they share what was there before, and nothing long is copied.

    Attributes
    ----------
    earlier
        All blocks before the last one, the latest first.
    last
        The last entries, ``_BLOCK`` at most.
    """

    earlier: Blocks = None
    last: tuple[Event, ...] = ()

    def plus(self, event: Event) -> Entries:
        """Give the entries with a further one behind them."""
        if len(self.last) < _BLOCK:
            return _new((self.earlier, (*self.last, event)))
        return _new(((self.last, self.earlier), (event,)))

    def whole(self) -> tuple[Event, ...]:
        """Give all entries."""
        blocks, earlier = [self.last], self.earlier
        while earlier is not None:
            block, earlier = earlier
            blocks.append(block)
        return tuple(chain.from_iterable(reversed(blocks)))


# Of a tuple at hand it is made in a fourth of the time.
_new: Callable[[tuple[Any, ...]], Entries] = partial(tuple.__new__, Entries)


def entries_of(events: Sequence[Event]) -> Entries:
    """Give events as entries, in the order in which they stand."""
    entries = Entries()
    for first in range(0, len(events), _BLOCK):
        block = tuple(events[first : first + _BLOCK])
        entries = Entries((entries.last, entries.earlier) if first else None, block)
    return entries


Blocks = tuple[tuple[Event, ...], "Blocks"] | None


def arranged(events: Iterable[Event]) -> tuple[Event, ...]:
    """Put events in canonical order; of exact duplicates the one known earliest is kept, as when files are read."""
    keyed = sorted(((sort_key(event), recorded(event), event) for event in events), key=lambda one: one[:2])
    return tuple(event for i, (key, _, event) in enumerate(keyed) if i == 0 or keyed[i - 1][0] != key)


def recorded(event: Event) -> int:
    """Give the day on which an event became known: the day it happened, if nothing else is said."""
    day = event.get("recorded")
    return event.date if day is None else int(day)


def withdrawn(event: Event, day: int) -> Event:
    """Give an event as taken back on a day; one that was taken back earlier stays so."""
    earlier = event.get("withdrawn")
    return _with_withdrawal(event, day if earlier is None else min(day, int(earlier)))


def known_on(events: Iterable[Event], day: int) -> tuple[Event, ...]:
    """Give the events as they were known at the end of a day.

    Withdrawals still to come are not known: what differed in nothing else is then an exact duplicate.
    """
    known = (event for event in events if recorded(event) <= day and not _gone(event, day))
    return arranged(_with_withdrawal(event, None) for event in known)


def _gone(event: Event, day: int) -> bool:
    withdrawn_on = event.get("withdrawn")
    return withdrawn_on is not None and int(withdrawn_on) <= day


def _with_withdrawal(event: Event, day: int | None) -> Event:
    if event.get("withdrawn") == day:
        return event
    return Event(event.kind, event.date, row=event.row, values={**event.values, "withdrawn": day})
