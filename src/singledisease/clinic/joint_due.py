"""What is due for one person by all their diseases: one visit that serves several is listed once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from attrs import frozen

from singledisease.clinic.due import Due
from singledisease.definitions.disease import Disease, Role
from singledisease.definitions.fulfilment import Fulfilment, fulfilments


@frozen
class Served:
    """One item of one disease that a visit serves."""

    disease: str
    due: Due


@frozen
class JointDue:
    """Something to be done for a person, and every disease it is done for.

    Attributes
    ----------
    serves
        The items, the earliest due first: one event that fulfils the first fulfils all, if it is tagged with all their
        diseases or with none.
    kinds
        The kinds of event that fulfil it.
    """

    serves: tuple[Served, ...]
    kinds: tuple[str, ...]

    @property
    def due(self) -> dt.date:
        """The last day on which all of it is in time: the earliest of its items'."""
        return self.serves[0].due.due

    @property
    def overdue(self) -> int:
        """By how many days the earliest item is late; 0 if none is."""
        return self.serves[0].due.overdue

    @property
    def diseases(self) -> tuple[str, ...]:
        """The diseases it serves, as an event that fulfils it may be tagged."""
        return tuple(dict.fromkeys(one.disease for one in self.serves))

    @property
    def roles(self) -> tuple[Role, ...]:
        """Who may do it, by the items' service lists."""
        return tuple(dict.fromkeys(one.due.role for one in self.serves if one.due.role is not None))


def joined(due: Mapping[str, tuple[Due, ...]], diseases: Mapping[str, Disease]) -> tuple[JointDue, ...]:
    """Join what is due by each disease, the earliest first: items are one that the same events fulfil.

    Parameters
    ----------
    due
        By disease id.
    diseases
        Resolved, by id.
    """
    visits: dict[Fulfilment, list[Served]] = {}
    for name, items in due.items():
        fulfilled = fulfilments(diseases[name])
        for item in items:
            visits.setdefault(fulfilled[item.item], []).append(Served(name, item))
    made = (JointDue(_earliest_first(served), fulfilment.kinds) for fulfilment, served in visits.items())
    return tuple(sorted(made, key=lambda one: (one.due, one.serves[0].due.item)))


def _earliest_first(served: Iterable[Served]) -> tuple[Served, ...]:
    return tuple(sorted(served, key=lambda one: (one.due.due, one.disease, one.due.item)))
