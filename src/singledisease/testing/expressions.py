"""Strategies for expressions: every node of a measure's language, well made, at row or person level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal as Lit
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from singledisease.language import nodes as n
from singledisease.language.row_sources import Source
from singledisease.testing.making import Maker
from singledisease.testing.making_rows import counted
from singledisease.testing.places import PartContext
from singledisease.testing.world import DISEASES
from singledisease.vocabulary import ValueKind

T = TypeVar("T")


def expressions(
    level: Lit["row", "person"] = "person",
    kind: ValueKind = "bool",
    unit: str | None = None,
    *,
    diseases: Sequence[str] = DISEASES,
    states: Sequence[str] = ("s0", "s1"),
    depth: int = 3,
    named: bool = False,
    source: Source = "events",
) -> SearchStrategy[n.Value]:
    """Give expressions of a level and a kind of value, as nodes.

    Parameters
    ----------
    level
        ``row``: a condition or value of a row; ``person``: of a person.
    kind
        ``bool``, ``number``, ``date`` or ``text``.
    unit
        Of a number; ``None``: any.
    diseases, states
        Ids that may be named; no diseases: neither states nor breaches are asked for.
    depth
        How deep nodes may nest.
    named
        Whether parameters, code sets and tiers of the diseases may be named: such an expression has to be resolved.
    source
        From where the row comes.

    >>> from hypothesis import given, settings
    >>> from singledisease.language.format import write
    >>> from singledisease.language.parse import parse
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(expressions("row", "number", "mmHg"))
    ... def is_read_as_it_was_written(node):
    ...     assert parse(write(node)) == node
    >>> is_read_as_it_was_written()
    """
    place = PartContext(source if level == "row" else None)
    return _made(lambda draw: Maker(draw, place, tuple(diseases), tuple(states), depth, named).whole(kind, unit))


def selections(
    *, diseases: Sequence[str] = DISEASES, states: Sequence[str] = ("s0", "s1"), depth: int = 2
) -> SearchStrategy[n.Selection]:
    """Give selections of rows of every source but sequences, narrowed by conditions, windows and numbers.

    No diseases: rows of events, of institutions and of what these did.

    >>> from hypothesis import given, settings
    >>> from singledisease.language.format import write
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(selections(diseases=()))
    ... def is_of_no_disease(node):
    ...     assert write(node).startswith(("events(", "institutions(", "activities("))
    >>> is_of_no_disease()
    """
    return _made(lambda draw: counted(Maker(draw, PartContext(), tuple(diseases), tuple(states), depth)))


@st.composite
def _made(draw: st.DrawFn, make: Callable[[st.DrawFn], T]) -> T:
    return make(draw)
