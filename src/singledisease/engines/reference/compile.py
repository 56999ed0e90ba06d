"""Compiling a value: from a node to a function from a context to plain Python."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Any

from singledisease.engines.reference.context import PersonContext
from singledisease.errors import DefinitionError, Fault
from singledisease.eventlog.columns import PlainValue
from singledisease.language import nodes

CompiledValue = Callable[[PersonContext], PlainValue | None]


@singledispatch
def compile_value(node: Any) -> CompiledValue:
    """Turn a value of an expression into a function from a context to its value, ``None`` where it has none.

    Each kind of node is registered in the module of its room: ``row_values`` (of the row it stands in),
    ``person_values`` (of a person), ``operators``, ``reductions`` and ``coverage`` (of selections), ``state_queries``.

    Raises
    ------
    DefinitionError
        For a node that has no value here: a choice or a parameter that was not resolved, a reduction without a column.
    """
    raise unsupported(node)


def unsupported(node: Any) -> DefinitionError:
    """Give the error that refuses a node by name."""
    what = f"{type(node).__name__} {node.how}" if isinstance(node, nodes.Reduce) else type(node).__name__
    fault = Fault("unsupported_node", what, f"{what} has no value here", "resolve the definition first")
    return DefinitionError("this expression cannot be evaluated", [fault])
