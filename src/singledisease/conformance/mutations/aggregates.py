"""Changes of a ratio or a distribution as such: its two sums confused, an operand left out, nobody kept out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from attrs import evolve, frozen

from singledisease.conformance.mutations.change import ChangeKind, Mutation, replaced
from singledisease.definitions.aggregate import Distribution, Ratio
from singledisease.definitions.citation import Names
from singledisease.language import nodes as n

_OTHER_SIGN: Mapping[str, str] = MappingProxyType({"+": "-", "-": "+", "*": "/", "/": "*"})
_ONE = n.Literal(1.0, "number")
_GONE = ("（去掉）", "(left out)")


@frozen
class AggregateChange:
    """A ratio or distribution of which one thing is changed, where it is, and what is said of it."""

    kind: ChangeKind
    place: str
    names: Names
    measure: Ratio | Distribution


def changes_of_aggregate(measure: Ratio | Distribution) -> Iterator[AggregateChange]:
    """Give every change that is in no single number of it.

    >>> import singledisease as sd
    >>> ratio = sd.Ratio(id="r", numerator=1, denominator=2)
    >>> [change.names.en for change in changes_of_aggregate(ratio)][:2]
    ['numerator ÷ denominator → denominator ÷ numerator', '× 1 → × 100']
    """
    if measure.population is not None:
        names = _said("人群", "population", *_GONE)
        yield AggregateChange("rule_dropped", "population", names, evolve(measure, population=None))
    if isinstance(measure, Ratio):
        yield from _of_ratio(measure)


def _of_ratio(measure: Ratio) -> Iterator[AggregateChange]:
    over = _said("分子 ÷ 分母", "numerator ÷ denominator", "分母 ÷ 分子", "denominator ÷ numerator")
    turned = evolve(measure, numerator=measure.denominator, denominator=measure.numerator)
    yield AggregateChange("swapped", "numerator+denominator", over, turned)
    if not isinstance(measure.denominator, n.Literal):
        names = _said("分母", "denominator", *_GONE)
        yield AggregateChange("dropped", "denominator", names, evolve(measure, denominator=_ONE))
    per = 1.0 if measure.per != 1 else 100.0
    text = f"× {measure.per:g} → × {per:g}"
    yield AggregateChange("bound", "measure", Names(text, text), evolve(measure, per=per))


def _said(zh: str, en: str, zh_after: str, en_after: str) -> Names:
    return Names(f"{zh} → {zh_after}", f"{en} → {en_after}")


def changes_of_amount(node: Any) -> Iterator[Mutation]:
    """Give every change of how a number that is added up is put together, not of what is inside it."""
    if isinstance(node, n.Apply) and node.operation in _OTHER_SIGN and len(node.args) > 1:
        yield replaced("arithmetic", node, evolve(node, operation=_OTHER_SIGN[node.operation]))
        for place, arg in enumerate(node.args):
            rest = node.args[:place] + node.args[place + 1 :]
            yield Mutation("dropped", node, rest[0] if len(rest) == 1 else evolve(node, args=rest), arg, None)
