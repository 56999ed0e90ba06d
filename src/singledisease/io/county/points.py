"""Rules of points as a TOML file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from singledisease.county.point_rules import PointRule, PointRules
from singledisease.county.row_condition import EventMatch, condition_faults
from singledisease.definitions.citation import Names
from singledisease.errors import Fault
from singledisease.io.county.layouts import HEAD, TRUST, read_definition, tables_by_id, wrong_trust
from singledisease.io.definitions.kinds import DATE, ON_EVENT, TEXTS, WHOLE, Kind
from singledisease.io.definitions.layout import TableLayout, key
from singledisease.io.definitions.part_layouts import ZH_EN, names_in, zh_en
from singledisease.language.format import write
from singledisease.language.typecheck import faults_of, kind_of

_SHARED = ("points", "daily_cap", "once_for", "holder", "valid_from", "valid_until", "citation", "status")


def _rules(direction: Any, zh: str, en: str) -> Kind:
    """Make the kind of value that holds the rules of one direction by id."""
    layout = TableLayout(
        name=f"{direction}.ID",
        says=Names(zh, en),
        keys=(
            *ZH_EN,
            key("kinds", TEXTS, "事件类别；空：任何一类", "kinds of event; none: any", default=()),
            key("when", ON_EVENT, "对该事件的条件", "a condition on the event"),
            key("points", WHOLE, "积分；缺省取 amount 列", "how many points; none: as the column amount says"),
            key("daily_cap", WHOLE, "每日上限", "the most for events of one day"),
            key(
                "once_for",
                TEXTS,
                "每人这些列的同一组合只计一次",
                "columns of which each combination pays once",
                default=(),
            ),
            key("holder", ON_EVENT, "积分归谁；缺省为本人", "whose points they are; none: the person's"),
            key("valid_from", DATE, "自何日起", "first day"),
            key("valid_until", DATE, "至何日止", "last day"),
            *TRUST,
        ),
        make=lambda id, values: PointRule(
            id=id,
            names=names_in(values),
            events=EventMatch(values["kinds"], values["when"]),
            direction=direction,
            **{name: values[name] for name in _SHARED},
        ),
        take=lambda part: {
            **zh_en(part.names),
            "kinds": part.events.kinds,
            "when": part.events.when,
            **{name: getattr(part, name) for name in _SHARED},
        },
    )
    return tables_by_id(layout, Names(zh, en))


LAYOUT = TableLayout(
    name="",
    says=Names("积分规则", "rules of points"),
    keys=(
        *HEAD,
        key("holder", ON_EVENT, "积分归谁；缺省为本人", "whose points they are; none: the person's"),
        key("earn", _rules("earn", "获得积分", "what earns points"), "获得积分", "what earns points", default=()),
        key("spend", _rules("spend", "使用积分", "what spends points"), "使用积分", "what spends points", default=()),
    ),
    make=lambda _, values: PointRules(
        rules=(*values["earn"], *values["spend"]),
        **{name: values[name] for name in ("id", "version", "names", "holder", "citations")},
    ),
    take=lambda rules: {"id": rules.id, "version": rules.version, "names": rules.names},
)


def read_point_rules(source: Path | str) -> PointRules:
    """Read rules of points from a TOML file or text; raises ``DefinitionError`` with every fault."""
    rules: PointRules = read_definition(source, LAYOUT, _faults, "rules of points")
    return rules


def _faults(rules: PointRules) -> Iterator[Fault]:
    yield from _holder_faults("holder", rules.holder)
    seen: set[str] = set()
    for rule in rules.rules:
        where = f"{rule.direction}.{rule.id}"
        if rule.id in seen:
            yield Fault("duplicate_id", where, "earns under this id already", "rename one")
        seen.add(rule.id)
        for name in ("points", "daily_cap"):
            number = getattr(rule, name)
            if number is not None and number < 1:
                yield Fault("wrong_number", f"{where}.{name}", f"is {number}", "a whole number above 0")
        if rule.direction == "spend" and (rule.daily_cap is not None or rule.once_for):
            yield Fault("cap_of_spending", where, "only what earns points has a cap or is paid once", "leave it out")
        yield from wrong_trust(where, rule.citation, rule.status, rules.citations)
        yield from condition_faults(f"{where}.when", rule.events.when)
        yield from _holder_faults(f"{where}.holder", rule.holder)


def _holder_faults(where: str, node: Any) -> Iterator[Fault]:
    if node is None:
        return
    found = faults_of(node)
    yield from found
    if not found and kind_of(node) != "text":
        yield Fault("not_a_text", where, f"{write(node)} names nobody", "a text of the event, such as team")
