"""One change of one part of a definition, with what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from attrs import frozen

from singledisease.definitions.citation import Names

ChangeKind = Literal[
    "bound",
    "sign",
    "logic",
    "dropped",
    "negated",
    "missing",
    "arithmetic",
    "swapped",
    "words",
    "window",
    "day",
    "pick",
    "reduction",
    "kinds",
    "rule_order",
    "rule_dropped",
    "group",
    "policy",
]

KIND_NAMES: Mapping[ChangeKind, Names] = MappingProxyType(
    {
        "bound": Names("界值", "bound moved"),
        "sign": Names("比较符号", "sign of a comparison"),
        "logic": Names("且与或", "and / or"),
        "dropped": Names("漏掉条件", "condition dropped"),
        "negated": Names("条件取反", "condition negated"),
        "missing": Names("缺失当作有值", "missing taken for known"),
        "arithmetic": Names("算法", "arithmetic"),
        "swapped": Names("分子分母互换", "numerator for denominator"),
        "words": Names("取值范围", "listed values"),
        "window": Names("时间窗", "window"),
        "day": Names("日期", "day"),
        "pick": Names("取哪一次", "which row"),
        "reduction": Names("汇总方式", "how rows become one value"),
        "kinds": Names("事件类型", "kinds of event"),
        "rule_order": Names("规则次序", "order of rules"),
        "rule_dropped": Names("漏掉规则", "rule dropped"),
        "group": Names("归组", "group"),
        "policy": Names("口径", "policy"),
    }
)
"""What each kind of change is called."""


@frozen
class Mutation:
    """A part of a definition and what stands in its place.

    Attributes
    ----------
    node, becomes
        The part, wherever it stands in the definition, and what takes its place.
    before, after
        What of it is said; ``after=None``: it is gone.
    further_days
        How many days after the period's end the changed definition has to see.
    null_column
        A column that is then missing, and that a comparison takes for not met, as SQL does; blank: none.
    """

    kind: ChangeKind
    node: Any
    becomes: Any
    before: Any
    after: Any
    further_days: int = 0
    null_column: str = ""


def replaced(kind: ChangeKind, node: Any, becomes: Any, further_days: int = 0) -> Mutation:
    """Give a change that is said as the whole part before and after."""
    return Mutation(kind, node, becomes, node, becomes, further_days)
