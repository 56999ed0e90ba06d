"""Conditions on the state of a person in a disease's pathway: on a day, during a window, on how many days."""

from __future__ import annotations

from collections.abc import Callable

from singledisease.definitions.pathway import State
from singledisease.engines.reference.meaning import Meaning, meaning
from singledisease.engines.reference.scene import Scene
from singledisease.engines.reference.select import days
from singledisease.language import nodes


def holds(status: nodes.Status) -> Callable[[State], bool]:
    """Turn a status into a test of a state."""
    match status.of:
        case "state":
            return lambda state: state.id in status.values
        case "stage":
            return lambda state: state.stage in status.values
    return lambda state: state.managed


@meaning.register
def _(node: nodes.StatusOn) -> Meaning:
    on, test, disease = meaning(node.on), holds(node.status), node.status.disease

    def value(scene: Scene) -> bool | None:
        day = on(scene)
        if day is None or int(day) > scene.asked:
            return None
        state = scene.way(disease).state_on(int(day))
        return state is not None and test(state)

    return value


@meaning.register
def _(node: nodes.DaysIn) -> Meaning:
    count = _days_in(node.status, node.window)
    return lambda scene: float(count(scene))


@meaning.register
def _(node: nodes.StatusDuring) -> Meaning:
    count = _days_in(node.status, node.window)
    return lambda scene: count(scene) > 0


def _days_in(status: nodes.Status, window: nodes.Window) -> Callable[[Scene], int]:
    bounds, test = days(window), holds(status)

    def count(scene: Scene) -> int:
        found = bounds(scene)
        if found is None:
            return 0
        first, last = found
        stays = scene.way(status.disease).stays
        shared = (min(stay.left - 1, last) - max(stay.entered, first) + 1 for stay in stays if test(stay.state))
        return sum(max(0, days_shared) for days_shared in shared)

    return count
