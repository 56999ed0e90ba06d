"""Strategies for expressions: every node of a measure's language, well made, at row or person level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal as Lit
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from singledisease.language import nodes as n
from singledisease.testing.making import EVENT_COLUMNS, Maker
from singledisease.testing.world import DISEASES
from singledisease.vocabulary import ValueKind

T = TypeVar("T")


def expressions(
    level: Lit["row", "person"] = "person",
    kind: ValueKind = "bool",
    *,
    diseases: Sequence[str] = DISEASES,
    states: Sequence[str] = ("s0", "s1"),
    depth: int = 3,
) -> SearchStrategy[n.Value]:
    """Give expressions of a level and a kind of value, as nodes.

    Parameters
    ----------
    level
        ``row``: a condition or value of a row of events; ``person``: of a person.
    kind
        ``bool``, ``number``, ``date`` or ``text``.
    diseases, states
        Ids that may be named; no diseases: neither states nor breaches are asked for.
    depth
        How deep nodes may nest.
    """
    columns = EVENT_COLUMNS if level == "row" else ()
    return _made(lambda draw: Maker(draw, columns, tuple(diseases), tuple(states), depth).whole(kind))


def selections(
    *, diseases: Sequence[str] = DISEASES, states: Sequence[str] = ("s0", "s1"), depth: int = 2
) -> SearchStrategy[n.Selection]:
    """Give selections of events and of breaches, narrowed by conditions and windows."""
    return _made(lambda draw: Maker(draw, (), tuple(diseases), tuple(states), depth).selection())


@st.composite
def _made(draw: st.DrawFn, make: Callable[[st.DrawFn], T]) -> T:
    return make(draw)
