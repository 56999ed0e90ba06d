"""Points (积分) as a definition: which events earn or spend how many, for whom, and with which cap a day."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from attrs import field, frozen

from singledisease.county.row_condition import EventMatch
from singledisease.definitions.citation import Citation, Names
from singledisease.language.nodes import Value


@frozen(kw_only=True)
class PointRule:
    """One rule: the events that it pays for, or that spend.

    Attributes
    ----------
    direction
        ``earn`` or ``spend``.
    points
        How many; ``None``: as many as the column ``amount`` of the event says.
    daily_cap
        The most that it pays one holder for events of one day; ``None``: no cap.
    once_for
        Columns of which it pays each combination of one person once, such as ``("link",)``; none: each event.
    holder
        Whose points they are, as a text of the event; ``None``: as the set of rules says.
    valid_from, valid_until
        First and last day of the events it pays for.
    """

    id: str
    names: Names
    events: EventMatch
    direction: Literal["earn", "spend"] = "earn"
    points: int | None = None
    daily_cap: int | None = None
    once_for: tuple[str, ...] = ()
    holder: Value | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    citation: str = ""
    status: str = "proposal"


@frozen(kw_only=True)
class PointRules:
    """A set of rules, in order: the first that an event matches is the one that pays, or spends.

    ``holder`` says whose points they are, as a text of the event (``team``); ``None``: the person's.
    """

    id: str
    version: str
    names: Names
    rules: tuple[PointRule, ...]
    holder: Value | None = None
    citations: tuple[Citation, ...] = field(default=())
