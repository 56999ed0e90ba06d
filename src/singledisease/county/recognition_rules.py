"""Recognised examinations (检查检验互认) as a definition: which items, how old a result may be, and the exceptions."""

from __future__ import annotations

from attrs import field, frozen

from singledisease.county.row_condition import EventMatch
from singledisease.definitions.citation import Citation, Names
from singledisease.errors import UsageError, did_you_mean


@frozen(kw_only=True)
class RecognisedItem:
    """An examination or test whose result from elsewhere is taken instead of a repeat.

    Attributes
    ----------
    results
        The events that hold a result of it.
    columns
        The quantities that the result consists of, of which at least one must be there; none: the event is the result.
    valid_days
        How old a result may be, in days: 0 is the same day only.
    price
        What a repeat would cost, in yuan, by the local price list; ``None``: not known.
    """

    id: str
    names: Names
    results: EventMatch
    columns: tuple[str, ...] = ()
    valid_days: int
    price: float | None = None
    citation: str = ""
    status: str = "proposal"


@frozen(kw_only=True)
class RepeatReason:
    """A published reason for which a test may be done again although there is a result."""

    id: str
    names: Names
    citation: str = ""
    status: str = "proposal"


@frozen(kw_only=True)
class RecognitionRules:
    """Items that are recognised, and the reasons for which a result is not taken.

    ``changed`` has the events after which an earlier result no longer stands (reason ``condition_changed``).
    """

    id: str
    version: str
    names: Names
    items: tuple[RecognisedItem, ...]
    reasons: tuple[RepeatReason, ...]
    changed: EventMatch | None = None
    citations: tuple[Citation, ...] = field(default=())

    def item(self, name: str) -> RecognisedItem:
        """Give an item by id; raises ``UsageError`` if there is none."""
        for item in self.items:
            if item.id == name:
                return item
        hint = did_you_mean(name, [item.id for item in self.items])
        raise UsageError(f"没有此互认项目 / no item is called {name!r}; {hint}")

    def reason(self, name: str) -> RepeatReason:
        """Give a reason by id; raises ``UsageError`` if there is none."""
        for reason in self.reasons:
            if reason.id == name:
                return reason
        hint = did_you_mean(name, [reason.id for reason in self.reasons])
        raise UsageError(f"没有此重复检查理由 / no reason is called {name!r}; {hint}")
