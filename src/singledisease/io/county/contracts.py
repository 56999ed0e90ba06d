"""Rules of contracts as a TOML file: what signs and ends one, packages and their items, key groups."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from singledisease.county.contract_rules import ContractRules, KeyGroup, Package, PackageItem
from singledisease.county.row_condition import condition_faults
from singledisease.definitions.citation import Names
from singledisease.errors import Fault
from singledisease.io.county.layouts import HEAD, MATCH, TRUST, read_definition, tables_by_id, wrong_trust
from singledisease.io.definitions.kinds import ON_PERSON, WHOLE
from singledisease.io.definitions.layout import TableLayout, key, needed
from singledisease.io.definitions.part_layouts import ZH_EN, names_in, zh_en
from singledisease.language.format import write
from singledisease.language.typecheck import faults_of, kind_of, level_of

_NUMBERS = ("valid_months", "renewal_days")

ITEM = TableLayout(
    name="packages.ID.items.ID",
    says=Names("服务包中的一项", "an item of a package"),
    keys=(
        *ZH_EN,
        needed("times", WHOLE, "每一合同期内承诺的次数", "how often within one contract"),
        needed("delivered_by", MATCH, "以何事件计为已提供", "the events by which it is delivered"),
    ),
    make=lambda id, values: PackageItem(
        id=id, names=names_in(values), times=values["times"], delivered_by=values["delivered_by"]
    ),
    take=lambda part: {**zh_en(part.names), "times": part.times, "delivered_by": part.delivered_by},
)
PACKAGE = TableLayout(
    name="packages.ID",
    says=Names("签约服务包", "a package of services"),
    keys=(*ZH_EN, needed("items", tables_by_id(ITEM, Names("各项", "items")), "各项", "its items"), *TRUST),
    make=lambda id, values: Package(
        id=id,
        names=names_in(values),
        items=values["items"],
        citation=values["citation"],
        status=values["status"],
    ),
    take=lambda part: {**zh_en(part.names), "items": part.items, "citation": part.citation, "status": part.status},
)
KEY_GROUP = TableLayout(
    name="key_groups.ID",
    says=Names("重点人群", "a key group"),
    keys=(*ZH_EN, needed("when", ON_PERSON, "何人属于", "who belongs to it"), *TRUST),
    make=lambda id, values: KeyGroup(
        id=id, names=names_in(values), when=values["when"], citation=values["citation"], status=values["status"]
    ),
    take=lambda part: {**zh_en(part.names), "when": part.when, "citation": part.citation, "status": part.status},
)
RULES = TableLayout(
    name="",
    says=Names("签约规则", "rules of contracts"),
    keys=(
        *HEAD,
        needed("signed", MATCH, "以何事件签约", "the events that sign a contract"),
        needed("ended", MATCH, "以何事件解约", "the events that end one"),
        key("packages", tables_by_id(PACKAGE, Names("服务包", "packages")), "服务包", "packages", default=()),
        key(
            "key_groups", tables_by_id(KEY_GROUP, Names("重点人群", "key groups")), "重点人群", "key groups", default=()
        ),
    ),
    make=lambda _, values: ContractRules(**values),
    take=lambda rules: {each: getattr(rules, each) for each in ("id", "version", "names", "signed", "ended")},
)


def read_contract_rules(source: Path | str) -> ContractRules:
    """Read rules of contracts from a TOML file or text; raises ``DefinitionError`` with every fault."""
    rules: ContractRules = read_definition(source, RULES, _faults, "rules of contracts")
    return rules


def _faults(rules: ContractRules) -> Iterator[Fault]:
    for name in _NUMBERS:
        if name not in [parameter.name for parameter in rules.parameters]:
            yield Fault("missing_parameter", f"parameters.{name}", "is missing", f"[parameters.{name}]")
    for parameter in rules.parameters:
        where = f"parameters.{parameter.name}"
        yield from wrong_trust(where, parameter.citation, parameter.status, rules.citations)
        if any(one.value < 1 or not float(one.value).is_integer() for one in parameter.values):
            yield Fault("wrong_number", where, "has to be a whole number above 0", "value = 12")
    yield from condition_faults("signed.when", rules.signed.when)
    yield from condition_faults("ended.when", rules.ended.when)
    for package in rules.packages:
        yield from wrong_trust(f"packages.{package.id}", package.citation, package.status, rules.citations)
        for item in package.items:
            where = f"packages.{package.id}.items.{item.id}"
            if item.times < 1:
                yield Fault("wrong_number", f"{where}.times", f"promises it {item.times} times", "at least once")
            yield from condition_faults(f"{where}.delivered_by.when", item.delivered_by.when)
    for group in rules.key_groups:
        yield from wrong_trust(f"key_groups.{group.id}", group.citation, group.status, rules.citations)
        yield from _person_faults(f"key_groups.{group.id}.when", group.when)


def _person_faults(where: str, node: Any) -> Iterator[Fault]:
    found = faults_of(node)
    yield from found
    if not found and (kind_of(node) != "bool" or level_of(node) == "row"):
        yield Fault("not_a_condition", where, f"{write(node)} is no condition on a person", "age(on=PERIOD.end) >= 65")
