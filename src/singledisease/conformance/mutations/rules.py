"""Changes of a measure's rules as such: their order, one left out, another group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve, frozen

from singledisease.conformance.mutations.change import ChangeKind
from singledisease.definitions.citation import Names
from singledisease.definitions.measure import NOT_NUMERATOR, NUMERATOR, OUTSIDE, Rule, name_of_group


@frozen
class RuleChange:
    """Rules of which one thing is changed, where it is, and what is said of it."""

    kind: ChangeKind
    place: str
    names: Names
    rules: tuple[Rule, ...]


def changes_of_rules(rules: Sequence[Rule]) -> Iterator[RuleChange]:
    """Give every change of resolved rules; the last, which catches the rest, stays the last."""
    yield from _orders(rules)
    for place, rule in enumerate(rules):
        before, behind = tuple(rules[:place]), tuple(rules[place + 1 :])
        if behind:
            names = Names(f"{rule.names.zh} → （去掉）", f"{rule.names.en} → (left out)")
            yield RuleChange("rule_dropped", rule.name, names, (*before, *behind))
        for group in _other_groups(str(rule.group)):
            names = _grouped(rule, group)
            yield RuleChange("group", rule.name, names, (*before, evolve(rule, group=group), *behind))


def _orders(rules: Sequence[Rule]) -> Iterator[RuleChange]:
    for place in range(len(rules) - 2):
        first, second = rules[place : place + 2]
        if first.group != second.group:
            names = Names(
                f"“{second.names.zh}”先于“{first.names.zh}”", f"“{second.names.en}” before “{first.names.en}”"
            )
            swapped = (*rules[:place], second, first, *rules[place + 2 :])
            yield RuleChange("rule_order", f"{first.name}+{second.name}", names, swapped)


def _other_groups(group: str) -> Iterator[str]:
    if group == NUMERATOR:
        yield NOT_NUMERATOR
    elif group == NOT_NUMERATOR:
        yield from (NUMERATOR, OUTSIDE)
    elif group == OUTSIDE:
        yield NOT_NUMERATOR
    else:
        yield from (NOT_NUMERATOR, OUTSIDE)


def _grouped(rule: Rule, group: str) -> Names:
    zh, en = (f"{a} → {b}" for a, b in zip(_both(str(rule.group)), _both(group), strict=True))
    return Names(f"{rule.names.zh}：{zh}", f"{rule.names.en}: {en}")


def _both(group: str) -> tuple[str, str]:
    names = name_of_group(group)
    return names.zh, names.en
