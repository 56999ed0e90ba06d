"""Conditions on the state of a person in a disease's pathway: on a day, during a window, on how many days."""

from __future__ import annotations

from collections.abc import Callable

from singledisease.definitions.pathway import State
from singledisease.engines.reference.compile import CompiledValue, compile_value
from singledisease.engines.reference.context import PersonContext
from singledisease.engines.reference.selections import days
from singledisease.language import nodes


def holds(status: nodes.Status) -> Callable[[State], bool]:
    """Turn a status into a test of a state."""
    match status.of:
        case "state":
            return lambda state: state.id in status.values
        case "stage":
            return lambda state: state.stage in status.values
    return lambda state: state.managed


@compile_value.register
def _(node: nodes.StatusOn) -> CompiledValue:
    on, test, disease = compile_value(node.on), holds(node.status), node.status.disease

    def value(context: PersonContext) -> bool | None:
        day = on(context)
        if day is None or int(day) > context.asked:
            return None
        state = context.course(disease).state_on(int(day))
        return state is not None and test(state)

    return value


@compile_value.register
def _(node: nodes.DaysIn) -> CompiledValue:
    count = _days_in(node.status, node.window)
    return lambda context: float(count(context))


@compile_value.register
def _(node: nodes.StatusDuring) -> CompiledValue:
    count = _days_in(node.status, node.window)
    return lambda context: count(context) > 0


def _days_in(status: nodes.Status, window: nodes.Window) -> Callable[[PersonContext], int]:
    bounds, test = days(window), holds(status)

    def count(context: PersonContext) -> int:
        found = bounds(context)
        if found is None:
            return 0
        first, last = found
        spells = context.course(status.disease).spells
        shared = (min(spell.left - 1, last) - max(spell.entered, first) + 1 for spell in spells if test(spell.state))
        return sum(max(0, days_shared) for days_shared in shared)

    return count
