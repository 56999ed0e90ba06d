"""Contracts of a whole registry as tables: who has one, and what packages promised and delivered."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, get_args

import numpy as np

from singledisease.clinic.record import PersonRecord
from singledisease.county.contract_rules import ContractRules
from singledisease.county.contracts import contract_state, deliveries
from singledisease.errors import Fault, UsageError, did_you_mean
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import Selection
from singledisease.language.traversal import inside
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


def list_contracts(log: EventLog, on: int, rules: ContractRules, groups: Mapping[str, Collection[int]]) -> Table:
    """List the contracts of everybody who signed one or is of a key group; ``groups`` has places of people by group."""
    wanted = sorted({*signers(log, rules), *(place for members in groups.values() for place in members)})
    spoken = _spoken_of(log, rules)
    rows = [_row(PersonRecord.at(spoken, place), place, on, rules, groups) for place in wanted]
    return Table.of_rows(_LISTED, rows, headings=HEADINGS, called={"state": STATES})


def _spoken_of(log: EventLog, rules: ContractRules) -> EventLog:
    """Give the log with the rows alone by which a contract stands: the others need not become events of anybody.

    All of it, where a rule looks back, or asks events of any kind.
    """
    asked = (rules.signed, rules.ended)
    looks_back = any(isinstance(part, _SELECTIONS) for one in asked if one.when for part in inside(one.when))
    if looks_back or not all(one.kinds for one in asked):
        return log
    kinds = {*rules.signed.kinds, *rules.ended.kinds, "exit"}
    codes = [code for code, kind in enumerate(log.kind.categories) if kind in kinds]
    return log.take(np.flatnonzero(np.isin(log.kind.codes, codes)))


_SELECTIONS: tuple[type, ...] = get_args(Selection)


def _row(
    record: PersonRecord, place: int, on: int, rules: ContractRules, groups: Mapping[str, Collection[int]]
) -> tuple[Any, ...]:
    found = contract_state(record, on, rules)
    one, own = found.contract, record.person.attributes
    return (
        record.person.id,
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


def list_deliveries(log: EventLog, on: int, rules: ContractRules) -> Table:
    """List the items of everybody's package; raises ``UsageError`` for packages that the rules do not have."""
    _check_packages(log, rules)
    rows = [row for place in signers(log, rules) for row in _items(PersonRecord.at(log, place), on, rules)]
    called = {"item": {item.id: (item.names.zh, item.names.en) for one in rules.packages for item in one.items}}
    return Table.of_rows(_DELIVERED, rows, headings=HEADINGS, called=called)


def _items(record: PersonRecord, on: int, rules: ContractRules) -> Iterator[tuple[Any, ...]]:
    contract = contract_state(record, on, rules).contract
    for one in deliveries(record, on, rules) if contract else ():
        assert contract is not None
        yield record.person.id, contract.package, one.item.id, one.promised, one.delivered, one.left, contract.last


def _check_packages(log: EventLog, rules: ContractRules) -> None:
    column, known = log.columns.get("package"), [package.id for package in rules.packages]
    named = [] if column is None else sorted({str(name) for name in np.unique(_texts(log, column)) if name})
    faults = [
        Fault("unknown_package", "package", f"no package is called {name!r}", did_you_mean(name, known))
        for name in named
        if name not in known
    ]
    if faults:
        raise UsageError("合同中的服务包没有定义 / contracts name packages that the rules do not have", faults)


def _texts(log: EventLog, column: Any) -> Any:
    rows = np.flatnonzero(np.isin(np.array(log.kind.categories, object)[log.kind.codes], ["contract"]))
    return np.array(column.categories, object)[column.codes[rows]].astype(str)


def signers(log: EventLog, rules: ContractRules) -> list[int]:
    """Give the places of the people who have an event of a kind that signs contracts."""
    kinds = rules.signed.kinds
    codes = [code for code, kind in enumerate(log.kind.categories) if not kinds or kind in kinds]
    rows = np.flatnonzero(np.isin(log.kind.codes, codes))
    return sorted({int(place) for place in np.searchsorted(log.offsets, rows, "right") - 1})
