"""Contracts of everybody in a registry, and what was delivered of their packages, by the columnar engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.county.contract_rules import ContractRules, Package, PackageItem
from singledisease.county.contract_standing import Contract, ContractEvents, ContractState, ends_all, standing
from singledisease.county.row_condition import EventMatch
from singledisease.county.rows_at_once import Rows, matching_rows, rows_until
from singledisease.dates import MISSING, day_of
from singledisease.eventlog.event import Event
from singledisease.eventlog.log import EventLog


def standings_at_once(log: EventLog, on: int, rules: ContractRules) -> dict[int, ContractState]:
    """Give where everybody who signed, or ended, a contract stands at the end of a day, by their place."""
    until = rows_until(log, on)
    signed = _by_person(log, matching_rows(log, rules.signed, until))
    ended = _by_person(log, matching_rows(log, rules.ended, until))
    left = _by_person(log, matching_rows(log, EventMatch(("exit",)), until))
    death = log.people.death
    return {
        place: standing(
            ContractEvents(
                signed=signed.get(place, ()),
                ended=ended.get(place, ()),
                left=tuple(one for one in left.get(place, ()) if ends_all(one)),
                death=None if death[place] == MISSING else int(death[place]),
            ),
            on,
            rules,
        )
        for place in sorted(signed.keys() | ended.keys())
    }


def _by_person(log: EventLog, rows: Rows) -> dict[int, tuple[Event, ...]]:
    """Give some rows as events, by the place of their person."""
    found: dict[int, list[Event]] = {}
    for place, event in zip(log.person[rows].tolist(), log.events_at(rows), strict=True):
        found.setdefault(place, []).append(event)
    return {place: tuple(events) for place, events in found.items()}


@frozen(kw_only=True)
class ItemDelivered:
    """An item of the package that somebody's contract names: on how many days of the contract it was delivered."""

    place: int
    contract: Contract
    item: PackageItem
    days: int


def deliveries_at_once(log: EventLog, on: int, rules: ContractRules) -> Iterator[ItemDelivered]:
    """Give the items of everybody's package, person by person; see ``deliveries`` for one person."""
    standings = standings_at_once(log, on, rules)
    contracts = {place: one.contract for place, one in standings.items() if one.contract and one.contract.package}
    during = _During.of(log, contracts, on)
    days = {package.id: [during.days(item, package) for item in package.items] for package in rules.packages}
    for place, contract in contracts.items():
        for number, item in enumerate(rules.package(contract.package).items):
            yield ItemDelivered(
                place=place, contract=contract, item=item, days=int(days[contract.package][number][place])
            )


@frozen(eq=False, kw_only=True)
class _During:
    """The rows of a log that lie within the contract of their person, and the package of each person."""

    log: EventLog
    person: NDArray[np.int64]
    rows: Rows
    packages: Mapping[str, NDArray[np.bool_]] = field(factory=dict)

    @classmethod
    def of(cls, log: EventLog, contracts: Mapping[int, Contract], on: int) -> _During:
        """Find them: from the first valid day to the last, or to the day that is asked for."""
        size, person = len(log.people), log.person
        first, last = np.ones(size, np.int64), np.zeros(size, np.int64)
        packages: dict[str, NDArray[np.bool_]] = {}
        for place, contract in contracts.items():
            first[place], last[place] = day_of(contract.first), min(on, day_of(contract.last))
            packages.setdefault(contract.package, np.zeros(size, np.bool_))[place] = True
        signed = np.isin(person, list(contracts))
        rows = np.flatnonzero(signed & (log.date >= first[person]) & (log.date <= last[person]))
        return cls(log=log, person=person, rows=rows.astype(np.int64), packages=packages)

    def days(self, item: PackageItem, package: Package) -> NDArray[np.int64]:
        """Give of each person on how many days an item of their package was delivered."""
        size = len(self.log.people)
        if package.id not in self.packages:
            return np.zeros(size, np.int64)
        rows = self.rows[self.packages[package.id][self.person[self.rows]]]
        found = matching_rows(self.log, item.delivered_by, rows)
        person, day = self.person[found], self.log.date[found]
        # Rows stand by person and day: a new day is one that differs from the row before.
        new = np.ones(len(found), np.bool_)
        new[1:] = (person[1:] != person[:-1]) | (day[1:] != day[:-1])
        return np.bincount(person[new], minlength=size)
