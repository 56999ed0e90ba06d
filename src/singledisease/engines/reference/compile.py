"""Compiling a value: from a node to a function from a context to plain Python."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Any, Generic, TypeVar

from singledisease.engines.reference.context import PersonContext
from singledisease.errors import DefinitionError, Fault
from singledisease.eventlog.columns import PlainValue
from singledisease.language import nodes
from singledisease.language.node_memory import Memoized, memory_of

Function = TypeVar("Function")


class CompiledOnce(Generic[Function]):
    """Compiles nodes by a rule for each kind of node; what a node was compiled to is remembered in it.

    An expression names the same part many times (a class of risk its conditions), and is asked of one person after
    another: part by part anew, a disease's would be compiled a hundred thousand times.
    """

    def __init__(self, otherwise: Callable[[Any], Function]) -> None:
        self._rules = singledispatch(otherwise)
        self._name = f"{otherwise.__module__}.{otherwise.__qualname__}"
        self.__doc__ = otherwise.__doc__
        self.register = self._rules.register

    def __call__(self, node: Any) -> Function:
        """Give what a node is compiled to, worked out when it is first asked for."""
        if not isinstance(node, Memoized):
            return self._rules(node)
        memory = memory_of(node)
        found: Function | None = memory.get(self._name)
        if found is None:
            found = memory[self._name] = self._rules(node)
        return found


CompiledValue = Callable[[PersonContext], PlainValue | None]


@CompiledOnce
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
