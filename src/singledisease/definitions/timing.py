"""Timings: one thing for deadlines and for services."""

from __future__ import annotations

from typing import Literal

from attrs import field, frozen
from attrs.converters import optional

from singledisease.definitions.citation import Names
from singledisease.definitions.state_selection import StateSelection
from singledisease.language.nodes import Value
from singledisease.language.wrappers import node_of

LengthUnit = Literal["days", "weeks", "months"]
LENGTH_UNITS: tuple[LengthUnit, ...] = ("days", "weeks", "months")


@frozen
class Length:
    """How long: whole days, weeks of seven days, or calendar months.

    ``amount`` is a number, a parameter of the disease, or an expression about the person, asked on the day on
    which the clock starts (the interval that a tier sets); where it is unknown, no clock starts.  A fraction is cut
    off.  It sees the events up to the one that starts the clock; if a timing that fell starts it, those before that
    day; at the start of observed time none.
    """

    amount: Value = field(converter=node_of)
    unit: LengthUnit


@frozen(kw_only=True)
class Timing:
    """A clock that runs while the person is in one of its states.

    It starts when the set of states is entered from outside and, if it ``repeats``, again with each event
    that fulfils it.  It is due ``length`` later: an event on that day meets it; otherwise it falls at the
    start of the next day, before that day's events.

    Attributes
    ----------
    states
        While in one of these the clock runs; leaving the set cancels it.
    kinds, met_by
        What fulfils it: an event of one of the kinds (none given: of any kind) that concerns the disease
        and for which ``met_by`` is true.  ``met_by = None`` with no kinds: nothing does, it is a time-out.
    breach
        Whether missing it is a breach.
    leads_to
        The state to which missing it leads, if any; outside ``states``.
    starts_from
        The date column of the event that starts the clock from which ``length`` runs (``until``: the day of an
        appointment); blank: the day itself.  What has no such date starts no clock.  A run is never due before the
        day on which it starts, and one that would be due after the year 9999 does not start.
    selection
        How ``states`` were written, where groups of states were named.
    """

    id: str
    names: Names
    states: tuple[str, ...]
    length: Length
    kinds: tuple[str, ...] = ()
    met_by: Value | None = field(default=None, converter=optional(node_of))
    repeats: bool = False
    breach: bool = True
    leads_to: str | None = None
    starts_from: str = ""
    citation: str = ""
    selection: StateSelection | None = field(default=None, eq=False, repr=False)

    @property
    def can_be_met(self) -> bool:
        """Whether any event fulfils it."""
        return bool(self.kinds) or self.met_by is not None
