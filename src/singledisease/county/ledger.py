"""The ledger of points as a value: its entries with their reasons, balances, tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from attrs import frozen

from singledisease.county.point_rules import PointRules
from singledisease.definitions.citation import Names
from singledisease.errors import UsageError, did_you_mean
from singledisease.eventlog.event import Event
from singledisease.tables import Heading, Table, displayed

What = Literal["earned", "capped", "repeated", "spent", "refused", "reversed"]

WHAT: Mapping[str, Heading] = {
    "earned": ("获得", "earned"),
    "capped": ("已达上限", "at the cap"),
    "repeated": ("重复不计", "not paid twice"),
    "spent": ("使用", "spent"),
    "refused": ("拒绝", "refused"),
    "reversed": ("冲销", "reversed"),
}
HEADINGS: Mapping[str, Heading] = {
    "holder": ("持有人", "holder"),
    "booked": ("记账日", "booked"),
    "date": ("事件日", "date"),
    "patient_id": ("患者", "patient"),
    "rule": ("规则", "rule"),
    "what": ("类别", "what"),
    "points": ("积分", "points"),
    "balance": ("余额", "balance"),
    "owed": ("待扣", "owed"),
    "reason": ("说明", "why"),
}


@frozen(kw_only=True)
class LedgerEntry:
    """One line of the ledger.

    Attributes
    ----------
    booked
        The day it was booked: when the event, or its withdrawal, became known.
    what
        ``earned``, ``capped`` (nothing left of the day's cap), ``repeated`` (paid before), ``spent``, ``refused``,
        ``reversed``.
    points
        What it adds, negative where it takes.
    balance, owed
        The holder's points afterwards; and what a reversal could not take back, because it was spent: later points
        settle it first.
    reason
        Why, in Chinese and English.
    """

    holder: str
    booked: dt.date
    date: dt.date
    patient: str
    rule: str
    what: What
    points: int
    balance: int
    owed: int
    reason: Names
    event: Event


@displayed
@frozen(repr=False)
class Ledger:
    """The entries of some holders, in the order in which they were booked, under one set of rules.

    The ledger until an earlier day is its beginning: what was booked is never changed, only reversed.

    Attributes
    ----------
    rules
        By which it was replayed.
    entries
        What was booked.
    of_nobody
        What a rule speaks of and nobody could hold, such as a visit of no team: refused, with a blank holder.
    """

    rules: PointRules
    entries: tuple[LedgerEntry, ...]
    of_nobody: tuple[LedgerEntry, ...] = ()

    @property
    def holders(self) -> tuple[str, ...]:
        """Who holds points, or held some."""
        return tuple(sorted({entry.holder for entry in self.entries}))

    def balance(self, holder: str | None = None) -> int:
        """Give the points of a holder; no holder need be named if there is one at most.

        Raises
        ------
        UsageError
            If there are several and none is named, or nobody of that name has an entry.
        """
        last = self.why(holder)[-1:]
        return last[0].balance if last else 0

    def why(self, holder: str | None = None) -> tuple[LedgerEntry, ...]:
        """Give the entries of a holder, each with its reason; see ``balance``."""
        if holder is None and len(self.holders) > 1:
            raise UsageError(f"须指明持有人 / name the holder: {', '.join(self.holders[:5])} …")
        if holder is not None and holder not in self.holders and self.entries:
            raise UsageError(
                f"没有此持有人 / nobody called {holder!r} has points; {did_you_mean(holder, self.holders)}"
            )
        return tuple(entry for entry in self.entries if holder in (None, entry.holder))

    def balances(self) -> Table:
        """Give every holder's balance, and what they still owe."""
        last = {entry.holder: entry for entry in self.entries}
        rows = [(holder, last[holder].balance, last[holder].owed) for holder in self.holders]
        return Table.of_rows(("holder", "balance", "owed"), rows, headings=HEADINGS)

    def table(self) -> Table:
        """Give every entry as a row."""
        rows = [
            (
                one.holder,
                one.booked,
                one.date,
                one.patient,
                one.rule,
                one.what,
                one.points,
                one.balance,
                one.owed,
                f"{one.reason.zh} / {one.reason.en}",
            )
            for one in self.entries
        ]
        called = {"what": WHAT, "rule": {rule.id: (rule.names.zh, rule.names.en) for rule in self.rules.rules}}
        return Table.of_rows(tuple(HEADINGS), rows, headings=HEADINGS, called=called)

    def __str__(self) -> str:
        count = len(self.of_nobody)
        more = f"\n持有人不明，未计分 / of nobody, not booked: {count}" if count else ""
        return str(self.table()) + more
