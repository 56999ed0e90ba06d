"""Compiling a value: from a node to a function from a context to plain Python."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Any

from singledisease.engines.reference.context import PersonContext
from singledisease.errors import DefinitionError, Fault
from singledisease.eventlog.columns import PlainValue

CompiledValue = Callable[[PersonContext], PlainValue | None]


@singledispatch
def compile_value(node: Any) -> CompiledValue:
    """Turn a value of an expression into a function from a context to its value, ``None`` where it has none.

    Each kind of node is registered in the module of its room: ``columns`` (of a row, of a person), ``operators``,
    ``selections`` (and windows, and what is made of the rows), ``state_queries``.

    Raises
    ------
    DefinitionError
        For a node that has no value here: a choice or a parameter that was not resolved, or one that is
        not supported.
    """
    name = type(node).__name__
    fault = Fault("unsupported_node", name, f"{name} has no value of its own", "resolve the definition first")
    raise DefinitionError("this expression cannot be evaluated", [fault])
