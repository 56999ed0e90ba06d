"""A gap: what one person lacks in a measure, and whether an event could still bring it."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from singledisease.care_gaps.clauses import Standing
from singledisease.care_gaps.futures import Plan, Planned
from singledisease.care_gaps.offers import Offer
from singledisease.care_gaps.services import Served
from singledisease.frozen_mapping import frozen_mapping
from singledisease.tables import Heading

POSSIBLE, IMPOSSIBLE, NOT_WORKED_OUT = "possible", "no longer possible", "not worked out"
STATUS_NAMES: Mapping[str, Heading] = frozen_mapping(
    {
        POSSIBLE: ("可以", "possible"),
        IMPOSSIBLE: ("已不可能", "no longer possible"),
        NOT_WORKED_OUT: ("未能得出", "not worked out"),
    }
)


@frozen(kw_only=True)
class CareGap:
    """What one person lacks in one measure, or in several: an event that would do, or none.

    Attributes
    ----------
    measures
        Ids; several if one event serves them.
    status
        ``possible``, ``no longer possible`` or ``not worked out``.
    offer, days, until
        Of a possible one the event, the days on which it was tried, and the last day for all of them.
    """

    person: int
    measures: tuple[str, ...]
    groups: tuple[str, ...]
    status: str
    standing: Standing
    offer: Offer | None = None
    days: tuple[int, ...] = ()
    until: int | None = None
    served: tuple[Served, ...] = field(default=(), eq=False)

    @property
    def plan(self) -> Plan:
        """The events with the days on which they were tried."""
        return () if self.offer is None else tuple(Planned(self.offer, day) for day in self.days)
