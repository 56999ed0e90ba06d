"""From when to when the contracts of one person hold, and where the person stands on a day."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from attrs import evolve, frozen

from singledisease.county.contract_rules import ContractRules
from singledisease.dates import add_months, date_of, day_of, iso
from singledisease.definitions.citation import Names
from singledisease.errors import did_you_mean
from singledisease.eventlog.event import Event

Standing = Literal["none", "in_force", "renewal_due", "unknown_package", "expired", "ended"]


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
        its last day has passed; ``ended``: it was cancelled, or the person left; ``unknown_package``: it would be in
        force, but names a package that the rules do not have, so that what was agreed is not known.
    contract
        The one in force, otherwise the last one.
    renewal_from
        The day from which the renewal of the contract in force is due.
    contracts
        All that were signed by then.
    notes
        What happened that nobody may have meant: a second contract while one was in force, an ending of none, a
        package that is not defined.
    """

    state: Standing
    contract: Contract | None
    renewal_from: dt.date | None
    contracts: tuple[Contract, ...]
    notes: tuple[Names, ...]


@frozen(kw_only=True)
class ContractEvents:
    """What contracts stand by: the events up to a day that sign one, that end one, and with which the person left."""

    signed: tuple[Event, ...] = ()
    ended: tuple[Event, ...] = ()
    left: tuple[Event, ...] = ()
    death: int | None = None


def ends_all(event: Event) -> bool:
    """Say whether the person died or moved away with an event, which ends every contract."""
    return event.kind == "exit" and event.get("reason") in ("died", "moved")


def standing(heard: ContractEvents, day: int, rules: ContractRules) -> ContractState:
    """Give where a person stands with their contract at the end of a day, by the events up to it."""
    contracts, notes = _signed(heard, rules)
    contracts, more = _ended(heard, contracts)
    contracts = _left(heard, day, contracts)
    told = (*notes, *more, *_undefined(contracts, rules))
    current = next((one for one in reversed(contracts) if one.first <= date_of(day) <= one.last), None)
    if current is None:
        last = max(contracts, key=lambda one: one.last, default=None)
        state: Standing = "none" if last is None else "expired" if last.ended_by == "until" else "ended"
        return ContractState(state=state, contract=last, renewal_from=None, contracts=contracts, notes=told)
    renewal = current.last - dt.timedelta(days=rules.number("renewal_days", day) - 1)
    # Before its day a cancellation is not known, and after it there is nothing to renew.
    due = renewal <= date_of(day) and current.ended_by == "until"
    state = "renewal_due" if due else "in_force"
    if not rules.defines(current.package):
        state = "unknown_package"
    return ContractState(state=state, contract=current, renewal_from=renewal, contracts=contracts, notes=told)


def _undefined(contracts: tuple[Contract, ...], rules: ContractRules) -> list[Names]:
    """Tell of contracts whose package nobody defined: what they promise is not known."""
    known = [package.id for package in rules.packages]
    return [
        Names(
            f"{one.first} 所签合同的服务包 {one.package!r} 没有定义，是否算作签约无法判定",
            f"the contract of {one.first} names a package {one.package!r} that is not defined: whether it "
            f"counts cannot be told; {did_you_mean(one.package, known)}",
        )
        for one in contracts
        if not rules.defines(one.package)
    ]


def _signed(heard: ContractEvents, rules: ContractRules) -> tuple[tuple[Contract, ...], list[Names]]:
    """Give the contracts signed by a day, in their order; each ends at the latest on the day before the next."""
    found: list[Contract] = []
    notes: list[Names] = []
    for event in heard.signed:
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


def _ended(heard: ContractEvents, contracts: tuple[Contract, ...]) -> tuple[tuple[Contract, ...], list[Names]]:
    """End the contracts that were cancelled: the day of the cancellation is no valid day any more."""
    found, notes = list(contracts), list[Names]()
    for event in heard.ended:
        link, on = event.get("link"), date_of(event.date)
        places = [i for i, one in enumerate(found) if one.first <= on <= one.last and (not link or one.link == link)]
        if not places:
            notes.append(
                Names(f"{on} 的解约没有对应的有效合同", f"the cancellation of {on} is of no contract in force")
            )
        for place in places[-1:]:
            found[place] = evolve(found[place], last=on - dt.timedelta(days=1), ended_by="cancelled", last_event=event)
    return tuple(found), notes


def _left(heard: ContractEvents, day: int, contracts: tuple[Contract, ...]) -> tuple[Contract, ...]:
    """End the contracts of who died or moved away, with that day."""
    ends: list[tuple[int, Event | None]] = [(event.date, event) for event in heard.left]
    if heard.death is not None and heard.death <= day:
        ends.append((heard.death, None))
    made = contracts
    for end, event in ends:
        made = tuple(
            evolve(one, last=date_of(end), ended_by="left", last_event=event)
            if one.first <= date_of(end) < one.last
            else one
            for one in made
        )
    return made
