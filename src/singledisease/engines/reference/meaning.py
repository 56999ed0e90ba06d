"""The meaning of a value: a function from a scene to the value, ``None`` where it is unknown or missing."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Any

from singledisease.engines.reference.scene import Scene
from singledisease.errors import DefinitionError, Fault
from singledisease.eventlog.columns import PlainValue

Meaning = Callable[[Scene], PlainValue | None]


@singledispatch
def meaning(node: Any) -> Meaning:
    """Turn a value of an expression into a function from a scene to plain Python.

    Each kind of node has its meaning registered where its room is: ``value`` (a row, a person, operators),
    ``select`` (windows, selections and what is made of them), ``status`` (states).

    Raises
    ------
    DefinitionError
        For a node that has no meaning here: a choice or a parameter that was not resolved, or one that is
        not supported.
    """
    name = type(node).__name__
    fault = Fault("unsupported_node", name, f"{name} has no value of its own", "resolve the definition first")
    raise DefinitionError("this expression cannot be evaluated", [fault])
