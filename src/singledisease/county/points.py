"""Replaying the ledger of points from the log: never negative, never paying twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from attrs import define, field, frozen

from singledisease.clinic.record import PersonRecord
from singledisease.county.ledger import Ledger, LedgerEntry, What
from singledisease.county.point_bookings import Booking, bookings, spoken_of
from singledisease.county.point_rules import PointRules
from singledisease.county.points_at_once import bookings_at_once, entered_in_time
from singledisease.dates import date_of, iso
from singledisease.definitions.citation import Names
from singledisease.eventlog.event import Event
from singledisease.eventlog.log import EventLog
from singledisease.language.format import write


def points_of(records: Iterable[PersonRecord], rules: PointRules, until: int) -> Ledger:
    """Replay the ledger of the holders whom the events of some people pay, up to the end of a day."""
    return replayed((one for record in records for one in bookings(record, rules, until)), rules)


def points_of_log(log: EventLog, rules: PointRules, until: int) -> Ledger:
    """Replay the ledger of everybody in a registry: at once, but for those of whom something came late or went."""
    in_time = entered_in_time(log)
    others = (PersonRecord.at(log, place) for place in spoken_of(log, rules) if not in_time[place])
    one_by_one = (one for record in others for one in bookings(record, rules, until))
    return replayed(chain(bookings_at_once(log, rules, until, in_time), one_by_one), rules)


def replayed(found: Iterable[Booking], rules: PointRules) -> Ledger:
    """Book what there is to book, in the order in which it became known."""
    found = sorted(found, key=lambda one: one.order)
    book = _Book()
    return Ledger(
        rules,
        tuple(entry for one in found if one.holder is not None for entry in book.take(one)),
        of_nobody=tuple(_of_nobody(one, rules) for one in found if one.holder is None and not one.reverses),
    )


def _of_nobody(one: Booking, rules: PointRules) -> LedgerEntry:
    """Give what nobody could hold as an entry that books nothing."""
    holder = write(one.rule.holder or rules.holder)
    return LedgerEntry(
        holder="",
        booked=date_of(one.day),
        date=date_of(one.event.date),
        patient=one.patient,
        rule=one.rule.id,
        what="refused",
        points=0,
        balance=0,
        owed=0,
        reason=Names(f"未写明持有人（{holder}）", f"whose points they are is not said: {holder} is unknown"),
        event=one.event,
    )


@frozen
class _Paid:
    """What was booked for a record or event: how much, and by which event."""

    points: int
    event: Event


@define
class _Book:
    """The ledger while it is replayed; a holder's ``net`` below zero is what is owed."""

    net: defaultdict[str, int] = field(factory=lambda: defaultdict(int))
    paid: dict[tuple[Any, ...], _Paid] = field(factory=dict)
    of_day: defaultdict[tuple[str, str, int], int] = field(factory=lambda: defaultdict(int))
    once: dict[tuple[Any, ...], tuple[Any, ...]] = field(factory=dict)

    def take(self, one: Booking) -> Iterator[LedgerEntry]:
        """Book an event, or take its entry back; a booking that paid nothing leaves nothing to take back."""
        earlier = self.paid.get(one.key)
        if one.reverses:
            if earlier is not None and earlier.event is one.event:
                yield self._reverse(one, earlier.points)
        elif earlier is not None:
            reason = Names("同一记录已计分", "the same record, or event, was booked before")
            yield self._entry(one, "repeated", 0, reason)
        elif one.rule.direction == "spend":
            yield self._spend(one)
        else:
            yield self._earn(one)

    def _pay(self, one: Booking, points: int) -> None:
        self.net[str(one.holder)] += points
        self.paid[one.key] = _Paid(points, one.event)

    def _earn(self, one: Booking) -> LedgerEntry:
        points = _asked(one)
        if points is None:
            return self._entry(one, "refused", 0, _NO_AMOUNT)
        once = _once_of(one)
        if once is not None and once in self.once:
            columns = ", ".join(one.rule.once_for)
            return self._entry(one, "repeated", 0, Names(f"每个 {columns} 只计一次", f"paid once for each {columns}"))
        day, cap = _day_of(one), one.rule.daily_cap
        left = points if cap is None else min(points, cap - self.of_day[day])
        if left <= 0:
            reason = Names(f"{iso(one.event.date)} 已达每日上限 {cap}", f"the day's cap of {cap} is reached")
            return self._entry(one, "capped", 0, reason)
        self.of_day[day] += left
        if once is not None:
            self.once[once] = one.key
        self._pay(one, left)
        zh, en = f"{one.rule.names.zh}：{left} 分", f"{one.rule.names.en}: {left}"
        if left < points:
            zh, en = f"{zh}（每日上限 {cap}）", f"{en} (of {points}: the day's cap is {cap})"
        return self._entry(one, "earned", left, Names(zh, en))

    def _spend(self, one: Booking) -> LedgerEntry:
        points, balance = _asked(one), max(0, self.net[str(one.holder)])
        if points is None:
            return self._entry(one, "refused", 0, _NO_AMOUNT)
        if points > balance:
            reason = Names(f"余额 {balance}，不足 {points}", f"the balance was {balance}, too little for {points}")
            return self._entry(one, "refused", 0, reason)
        self._pay(one, -points)
        reason = Names(f"{one.rule.names.zh}：{points} 分", f"{one.rule.names.en}: {points}")
        return self._entry(one, "spent", -points, reason)

    def _reverse(self, one: Booking, points: int) -> LedgerEntry:
        del self.paid[one.key]
        self.net[str(one.holder)] -= points
        if one.rule.direction == "earn":
            self.of_day[_day_of(one)] -= points
            self.once = {once: key for once, key in self.once.items() if key != one.key}
        day = iso(one.event.date)
        reason = Names(f"{day} 的{one.rule.names.zh}已撤销", f"{one.rule.names.en} of {day} was taken back")
        return self._entry(one, "reversed", -points, reason)

    def _entry(self, one: Booking, what: What, points: int, reason: Names) -> LedgerEntry:
        net = self.net[str(one.holder)]
        return LedgerEntry(
            holder=str(one.holder),
            booked=date_of(one.day),
            date=date_of(one.event.date),
            patient=one.patient,
            rule=one.rule.id,
            what=what,
            points=points,
            balance=max(0, net),
            owed=max(0, -net),
            reason=reason,
            event=one.event,
        )


def _once_of(one: Booking) -> tuple[Any, ...] | None:
    """Give what a rule pays once for; ``None``: each event.  A missing value equals nothing."""
    values = tuple(one.event.get(column) for column in one.rule.once_for)
    return None if not values or None in values else (one.rule.id, one.patient, *values)


def _day_of(one: Booking) -> tuple[str, str, int]:
    """Give what a daily cap is counted for: the holder, the rule, the day of the event."""
    return str(one.holder), one.rule.id, one.event.date


_NO_AMOUNT = Names("未写明积分（amount），或不是正整数", "amount says no whole number of points above 0")


def _asked(one: Booking) -> int | None:
    """Give how many points an event earns or asks for; ``None``: it does not say, or no whole number above 0."""
    if one.rule.points is not None:
        return one.rule.points
    amount = one.event.get("amount")
    if not isinstance(amount, int | float) or amount != int(amount) or amount < 1:
        return None
    return int(amount)
