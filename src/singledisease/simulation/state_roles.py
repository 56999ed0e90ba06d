"""What a state of a pathway is to the simulation: what is usually done in it, and what else it hears."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import State
from singledisease.language.nodes import Literal
from singledisease.simulation.event_templates import NUMBER, Cast

_DAYS_PER = {"days": 1, "weeks": 7, "months": 30}
_NO_SERVICE = 180
_VISITS = ("visit", "home", "phone", "visit_blank", "lost", "moved", "checkup")
USUAL: Mapping[str, Mapping[str, float]] = {
    "prevention": {"screening": 1.0},
    "screening": {"screening": 1.0},
    "diagnosis": {"referral_up": 0.3, "diagnosis": 0.35, "enrolment": 0.35},
    "referring": {"referral_up": 0.6, "admission": 0.1, "visit": 0.3},
    "treatment": {"county_visit": 0.2, "referral_down": 0.5, "discharge": 0.2, "rehabilitation": 0.1},
    "rehabilitation": {"rehabilitation": 0.6, "rehabilitation_completed": 0.2, "visit": 0.2},
    "lost": {"call": 0.75, "visit": 0.25},
}
"""What is usually done, by what a state is there for; anywhere else people are visited."""


@frozen(eq=False)
class StateRole:
    """What a state is to the simulation: what is done next in it, and after about how many days.

    ``doing`` is ``nothing`` in states that are closed for good.  ``others`` are further happenings that the state
    hears, and ``deaf`` says that it hears nothing of what is usually done there.  ``owed`` are those that the services
    and indicators of the disease ask for.
    """

    doing: str
    days: int
    managed: bool
    others: tuple[int, ...]
    deaf: bool
    owed: tuple[int, ...] = ()


def standings(cast: Cast) -> tuple[StateRole, ...]:
    """Say of every state of a disease what is done next in it."""
    return tuple(_standing(cast, state) for state in cast.disease.pathway.states)


def _standing(cast: Cast, state: State) -> StateRole:
    doing = _doing(state, may_return=NUMBER["enrolment"] in cast.fitting(state.id))
    usual = {NUMBER[name] for name in USUAL.get(doing, _VISITS)}
    fitting = cast.fitting(state.id)
    deaf = usual.isdisjoint(fitting)
    others = fitting if deaf else cast.own(state.id)
    days = _shortest(cast.disease, state.id)
    return StateRole(
        doing, days, managed=state.managed, others=others, deaf=deaf and bool(others), owed=_owed(cast, state, doing)
    )


def _owed(cast: Cast, state: State, doing: str) -> tuple[int, ...]:
    """Give what a state owes beyond the usual, and where it owes anything, the admission that it would hear."""
    owed = () if doing in ("nothing", "returning", "lost") else cast.owed(state)
    heard = (NUMBER["admission"],) if owed and NUMBER["admission"] in cast.fitting(state.id) else ()
    return tuple(dict.fromkeys((*owed, *heard)))


def _doing(state: State, *, may_return: bool) -> str:
    if state.stage == "closed":
        return "returning" if may_return else "nothing"
    if not state.managed:
        return state.stage if state.stage in USUAL else "visiting"
    if state.id == "lost":
        return "lost"
    if state.refer:
        return "referring"
    return state.stage if state.stage in ("treatment", "rehabilitation") else "visiting"


def _shortest(disease: Disease, state: str) -> int:
    """Give the days of the service that is due first in a state."""
    found = [_NO_SERVICE]
    for service in disease.services:
        amount = service.timing.length.amount
        if state in service.timing.states and isinstance(amount, Literal):
            found.append(int(amount.value) * _DAYS_PER[service.timing.length.unit])
    return min(found)
