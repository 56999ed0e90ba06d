"""Conditions on the state of a person in a disease's pathway: on a day, during a window, on how many days."""

from __future__ import annotations

from collections.abc import Callable

from singledisease.definitions.pathway import State
from singledisease.engines.reference.compile import CompiledValue, compile_value
from singledisease.engines.reference.context import PersonContext
from singledisease.engines.reference.windows import days
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
        if day is None or int(day) > context.seen:
            return None
        state = context.of_disease(disease).one.state_on(int(day))
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
        span = bounds(context)
        if span is None:
            return 0
        spells = (spell for spell in context.of_disease(status.disease).one.spells if test(spell.state))
        shared = (min(spell.left - 1, span.last) - max(spell.entered, span.first) + 1 for spell in spells)
        return sum(max(0, days_shared) for days_shared in shared)

    return count
