"""Contracts of a whole registry as tables: who has one, and what packages promised and delivered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from singledisease.clinic.record import PersonRecord
from singledisease.county.contract_rules import ContractRules
from singledisease.county.contract_standing import ContractEvents, ContractState, standing
from singledisease.county.contracts import contract_state, deliveries
from singledisease.county.contracts_at_once import ItemDelivered, deliveries_at_once, standings_at_once
from singledisease.county.rows_at_once import of_kinds
from singledisease.errors import Fault, UsageError, did_you_mean
from singledisease.eventlog.columns import Coded
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.person import Person
from singledisease.tables import Heading, Table

HEADINGS: Mapping[str, Heading] = {
    "patient_id": ("患者", "patient"),
    "institution": ("机构", "institution"),
    "team": ("团队", "team"),
    "state": ("签约状态", "state"),
    "package": ("服务包", "package"),
    "first": ("自", "from"),
    "last": ("至", "to"),
    "renewal_from": ("续约起", "renewal from"),
    "key_groups": ("重点人群", "key groups"),
    "notes": ("说明", "notes"),
    "item": ("项目", "item"),
    "promised": ("承诺", "promised"),
    "delivered": ("已提供", "delivered"),
    "left": ("未提供", "left"),
}
STATES: Mapping[str, Heading] = {
    "none": ("未签约", "none"),
    "in_force": ("有效", "in force"),
    "renewal_due": ("待续约", "to be renewed"),
    "unknown_package": ("服务包未定义", "unknown package"),
    "expired": ("已到期", "expired"),
    "ended": ("已解约", "ended"),
}
_LISTED = (
    "patient_id",
    "institution",
    "team",
    "state",
    "package",
    "first",
    "last",
    "renewal_from",
    "key_groups",
    "notes",
)
_DELIVERED = ("patient_id", "package", "item", "promised", "delivered", "left", "last")


def list_contracts(
    log: EventLog, on: int, rules: ContractRules, groups: Mapping[str, Collection[int]], *, at_once: bool = True
) -> Table:
    """List the contracts of everybody who signed one or is of a key group.

    Parameters
    ----------
    log, on, rules
        As it was known; the day; what contracts are.
    groups
        Places of people by key group.
    at_once
        Whether everybody is asked at once, by the columnar engine, or one person after the other.
    """
    wanted = sorted({*signers(log, rules), *(place for members in groups.values() for place in members)})
    found = standings_at_once(log, on, rules) if at_once else _one_by_one(log, on, rules, wanted)
    nothing = standing(ContractEvents(), on, rules)
    rows = [_row(log.person_at(place), place, found.get(place, nothing), groups) for place in wanted]
    return Table.of_rows(_LISTED, rows, headings=HEADINGS, called={"state": STATES})


def _one_by_one(log: EventLog, on: int, rules: ContractRules, places: Iterable[int]) -> dict[int, ContractState]:
    return {place: contract_state(PersonRecord.at(log, place), on, rules) for place in places}


def _row(person: Person, place: int, found: ContractState, groups: Mapping[str, Collection[int]]) -> tuple[Any, ...]:
    one, own = found.contract, person.attributes
    return (
        person.id,
        (one.institution if one else "") or own.get("institution", ""),
        (one.team if one else "") or own.get("team", ""),
        found.state,
        one.package if one else "",
        one.first if one else None,
        one.last if one else None,
        found.renewal_from,
        "|".join(name for name, members in groups.items() if place in members),
        "; ".join(f"{note.zh} / {note.en}" for note in found.notes),
    )


def list_deliveries(log: EventLog, on: int, rules: ContractRules, *, at_once: bool = True) -> Table:
    """List the items of everybody's package; raises ``UsageError`` for packages that the rules do not have."""
    _check_packages(log, rules)
    if at_once:
        rows = [_delivered(log, one) for one in deliveries_at_once(log, on, rules)]
    else:
        rows = [row for place in signers(log, rules) for row in _items(PersonRecord.at(log, place), on, rules)]
    called = {"item": {item.id: (item.names.zh, item.names.en) for one in rules.packages for item in one.items}}
    return Table.of_rows(_DELIVERED, rows, headings=HEADINGS, called=called)


def _delivered(log: EventLog, one: ItemDelivered) -> tuple[Any, ...]:
    promised, contract = one.item.times, one.contract
    left = max(0, promised - one.days)
    return str(log.people.ids[one.place]), contract.package, one.item.id, promised, one.days, left, contract.last


def _items(record: PersonRecord, on: int, rules: ContractRules) -> Iterator[tuple[Any, ...]]:
    contract = contract_state(record, on, rules).contract
    for one in deliveries(record, on, rules) if contract else ():
        assert contract is not None
        yield record.person.id, contract.package, one.item.id, one.promised, one.delivered, one.left, contract.last


def _check_packages(log: EventLog, rules: ContractRules) -> None:
    named, known = _named(log, rules), [package.id for package in rules.packages]
    faults = [
        Fault("unknown_package", "package", f"no package is called {name!r}", did_you_mean(name, known))
        for name in named
        if name not in known
    ]
    if faults:
        raise UsageError("合同中的服务包没有定义 / contracts name packages that the rules do not have", faults)


def _named(log: EventLog, rules: ContractRules) -> list[str]:
    """Give the packages that events of the kinds that sign contracts name."""
    column, rows = log.columns.get("package"), np.flatnonzero(of_kinds(log, rules.signed.kinds, np.arange(len(log))))
    if not isinstance(column, Coded):
        return []
    return sorted(column.categories[code] for code in np.unique(column.codes[rows]).tolist() if code)


def signers(log: EventLog, rules: ContractRules) -> list[int]:
    """Give the places of the people who have an event of a kind that signs contracts."""
    kinds = rules.signed.kinds
    codes = [code for code, kind in enumerate(log.kind.categories) if not kinds or kind in kinds]
    rows = np.flatnonzero(np.isin(log.kind.codes, codes))
    return sorted({int(place) for place in np.searchsorted(log.offsets, rows, "right") - 1})
