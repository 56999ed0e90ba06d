"""Contracts of one person: from when to when each holds, one on a day, what was promised and what delivered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

from attrs import evolve, frozen

from singledisease.clinic.record import PersonRecord
from singledisease.county.contract_rules import ContractRules, PackageItem
from singledisease.dates import add_months, asked_day, date_of, day_of, iso
from singledisease.definitions.citation import Names
from singledisease.eventlog.event import Event

Standing = Literal["none", "in_force", "renewal_due", "expired", "ended"]
Day = dt.date | str | int


@frozen(kw_only=True)
class Contract:
    """A contract that was signed: its first and last valid day, and why it ends then.

    Attributes
    ----------
    ended_by
        ``until``: the day it names, or that follows from how long contracts last; ``replaced`` by a later one;
        ``cancelled``; ``left``: the person died or moved.
    event
        The row by which it was signed.
    last_event
        The row that ended it, if one did.
    """

    first: dt.date
    last: dt.date
    ended_by: Literal["until", "replaced", "cancelled", "left"]
    package: str
    institution: str
    team: str
    link: str
    event: Event
    last_event: Event | None = None


@frozen(kw_only=True)
class ContractState:
    """Where a person stands on a day: the contract that counts, when it is to be renewed, and what is worth knowing.

    Attributes
    ----------
    state
        ``none`` was signed; ``in_force``; ``renewal_due``: in force, and to be renewed by its last day; ``expired``:
        its last day has passed; ``ended``: it was cancelled, or the person left.
    contract
        The one in force, otherwise the last one.
    renewal_from
        The day from which the renewal of the contract in force is due.
    contracts
        All that were signed by then.
    notes
        What happened that nobody may have meant: a second contract while one was in force, an ending of none.
    """

    state: Standing
    contract: Contract | None
    renewal_from: dt.date | None
    contracts: tuple[Contract, ...]
    notes: tuple[Names, ...]


@frozen(kw_only=True)
class Delivery:
    """An item of a package within one contract: how often it is promised, and on which days it was delivered."""

    item: PackageItem
    promised: int
    days: tuple[dt.date, ...]

    @property
    def delivered(self) -> int:
        """On how many days it was delivered, also beyond what was promised."""
        return len(self.days)

    @property
    def left(self) -> int:
        """How often it is still owed."""
        return max(0, self.promised - self.delivered)


def contract_state(record: PersonRecord, on: Day, rules: ContractRules) -> ContractState:
    """Give where a person stands with their contract at the end of a day.

    One contract is in force on a day: who signs again while one is in force has the later from that day on, and the
    notes say so.

    Parameters
    ----------
    record
        The person and their events; ``record.as_of(day)`` is what was known then.
    on
        The day; later events are not looked at.
    rules
        ``sd.contract_rules()``, or your own.

    >>> import singledisease as sd
    >>> record = sd.PersonRecord.start("P1", birth_date="1950-01-01")
    >>> record = record.after(sd.Event("contract", "2024-03-01", until="2025-02-28", package="basic"))
    >>> state = sd.contract_state(record, "2025-02-10", sd.contract_rules())
    >>> state.state, str(state.renewal_from)
    ('renewal_due', '2025-01-29')
    """
    day = asked_day("on", on)
    contracts, notes = _signed(record, day, rules)
    contracts, more = _ended(record, day, rules, contracts)
    contracts = _left(record, day, contracts)
    current = next((one for one in reversed(contracts) if one.first <= date_of(day) <= one.last), None)
    told = tuple(notes + more)
    if current is None:
        last = max(contracts, key=lambda one: one.last, default=None)
        state: Standing = "none" if last is None else "expired" if last.ended_by == "until" else "ended"
        return ContractState(state=state, contract=last, renewal_from=None, contracts=contracts, notes=told)
    renewal = current.last - dt.timedelta(days=rules.number("renewal_days", day) - 1)
    # Before its day a cancellation is not known, and after it there is nothing to renew.
    due = renewal <= date_of(day) and current.ended_by == "until"
    state = "renewal_due" if due else "in_force"
    return ContractState(state=state, contract=current, renewal_from=renewal, contracts=contracts, notes=told)


def _signed(record: PersonRecord, day: int, rules: ContractRules) -> tuple[tuple[Contract, ...], list[Names]]:
    """Give the contracts signed by a day, in their order; each ends at the latest on the day before the next."""
    found: list[Contract] = []
    notes: list[Names] = []
    for event in rules.signed.matching(record.person, record.counted(day)):
        until = event.get("until")
        last = int(until) if until is not None else add_months(event.date, rules.number("valid_months", event.date)) - 1
        if last < event.date:
            notes.append(
                Names(f"{iso(event.date)} 所签合同止于签约之前", f"signed on {iso(event.date)} to end before it")
            )
            continue
        if found and day_of(found[-1].last) >= event.date:
            notes.append(_replaced(found[-1], event))
            earlier = date_of(event.date - 1)
            found[-1] = evolve(found[-1], last=earlier, ended_by="replaced", last_event=event)
        found.append(_contract(event, last))
    return tuple(one for one in found if one.first <= one.last), notes


def _contract(event: Event, last: int) -> Contract:
    def text(name: str) -> str:
        return str(event.get(name) or "")

    return Contract(
        first=date_of(event.date),
        last=date_of(last),
        ended_by="until",
        package=text("package"),
        institution=text("institution"),
        team=text("team"),
        link=text("link"),
        event=event,
    )


def _replaced(earlier: Contract, event: Event) -> Names:
    signed, last = iso(event.date), earlier.last.isoformat()
    return Names(
        f"{signed} 再次签约，此前合同（{earlier.first}至{last}）仍有效，自该日起以后者为准",
        f"signed again on {signed} while the contract of {earlier.first} to {last} was in force; the later one counts",
    )


def _ended(
    record: PersonRecord, day: int, rules: ContractRules, contracts: tuple[Contract, ...]
) -> tuple[tuple[Contract, ...], list[Names]]:
    """End the contracts that were cancelled: the day of the cancellation is no valid day any more."""
    found, notes = list(contracts), list[Names]()
    for event in rules.ended.matching(record.person, record.counted(day)):
        link, on = event.get("link"), date_of(event.date)
        places = [
            i
            for i, one in enumerate(found)
            if (one.link == link if link else one.first <= on <= one.last) and one.first <= on <= one.last
        ]
        if not places:
            notes.append(
                Names(f"{on} 的解约没有对应的有效合同", f"the cancellation of {on} is of no contract in force")
            )
        for place in places[-1:]:
            found[place] = evolve(found[place], last=on - dt.timedelta(days=1), ended_by="cancelled", last_event=event)
    return tuple(found), notes


def _left(record: PersonRecord, day: int, contracts: tuple[Contract, ...]) -> tuple[Contract, ...]:
    """End the contracts of who died or moved away, with that day."""
    exits = [
        event for event in record.counted(day) if event.kind == "exit" and event.get("reason") in ("died", "moved")
    ]
    ends: list[tuple[int, Event | None]] = [(event.date, event) for event in exits]
    death = record.person.death
    if death is not None and death <= day:
        ends.append((death, None))
    made = contracts
    for end, event in ends:
        made = tuple(
            evolve(one, last=date_of(end), ended_by="left", last_event=event)
            if one.first <= date_of(end) < one.last
            else one
            for one in made
        )
    return made


def deliveries(record: PersonRecord, on: Day, rules: ContractRules) -> tuple[Delivery, ...]:
    """Give what the package of the contract that counts on a day promises, and what was delivered of it by then.

    Services are counted by days, from the contract's first to its last valid day.  What one event fulfils of several
    items counts for each.

    Raises
    ------
    UsageError
        If the contract names a package that the rules do not have.

    >>> import singledisease as sd
    >>> record = sd.PersonRecord.start("P1", birth_date="1950-01-01")
    >>> record = record.after(sd.Event("contract", "2024-03-01", package="hypertension"))
    >>> record = record.after(sd.Event("follow_up", "2024-05-01", mode="clinic", sbp=132, dbp=82))
    >>> [(one.item.id, one.delivered, one.left) for one in sd.deliveries(record, "2024-06-01", sd.contract_rules())][0]
    ('follow_up', 1, 3)
    """
    contract = contract_state(record, on, rules).contract
    if contract is None or not contract.package:
        return ()
    last = min(asked_day("on", on), day_of(contract.last))
    events = record.counted(last)
    return tuple(
        Delivery(
            item=item, promised=item.times, days=_days(item.delivered_by.matching(record.person, events), contract)
        )
        for item in rules.package(contract.package).items
    )


def _days(events: Iterable[Event], contract: Contract) -> tuple[dt.date, ...]:
    days = (date_of(event.date) for event in events)
    return tuple(dict.fromkeys(day for day in days if day >= contract.first))
