"""What happens next to a person, and when: drawn from the rates and from where the person stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from singledisease.definitions.disease import Disease
from singledisease.definitions.nodes import Literal
from singledisease.definitions.pathway import State
from singledisease.simulate.happenings import HAPPENINGS, NUMBER, VARIANTS
from singledisease.simulate.rates import Rates
from singledisease.simulate.walk import Days, Indices

_AWAY = (420, 700)
"""Days for which somebody who stops coming stays away: more than the 12 months after which they are lost."""

_DAYS_PER_MONTH = 30
_NO_SERVICE = 180


@frozen(eq=False)
class Standing:
    """What a state is to the simulation: what is done next in it, and after about how many days.

    ``doing`` is ``nothing`` in states that are closed.
    """

    doing: str
    days: int


def standings(disease: Disease) -> tuple[Standing, ...]:
    """Say of every state of a disease what is done next in it."""
    return tuple(Standing(_doing(state), _shortest(disease, state.id)) for state in disease.pathway.states)


def _doing(state: State) -> str:
    if state.stage == "closed":
        return "nothing"
    if not state.managed:
        return state.stage
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
            found.append(int(amount.value) * (_DAYS_PER_MONTH if service.timing.length.unit == "months" else 1))
    return min(found)


@define(eq=False)
class Plan:
    """What is known of everybody besides their states, and the dice.

    Attributes
    ----------
    sick
        Who has the disease, and would be enrolled.
    control
        The chance of each person that a reading is at goal.
    checked
        Day of the last checkup.
    away
        Who has stopped coming for a while.
    """

    rates: Rates
    standings: Sequence[Standing]
    sick: NDArray[np.bool_]
    control: NDArray[np.float64]
    checked: Days
    away: NDArray[np.bool_]
    chance: np.random.Generator

    def wait(self, who: Indices, state: Indices) -> Days:
        """Draw the days until the next happening of each person, 1 at least."""
        usual = np.array([standing.days for standing in self.standings])[state]
        early = self.chance.uniform(0.6, 1.05, len(who)) * usual
        away = self.chance.uniform(*_AWAY, len(who))
        return np.maximum(np.where(self.away[who], away, early), 1).astype(np.int32)

    def next(self, who: Indices, state: Indices, day: Days) -> Indices:
        """Draw what happens to each person on a day; -1 is nothing at all, for ever."""
        doing = np.array([standing.doing for standing in self.standings])[state]
        what = np.full(len(who), -1, np.int64)
        for name in np.unique(doing):
            mine = doing == name
            if name == "visiting":
                what[mine] = self._visit(who[mine], day[mine])
            elif name in ("prevention", "screening"):
                bad = self.sick[who[mine]] & (self.chance.random(int(mine.sum())) < 0.9)
                what[mine] = np.where(bad, NUMBER["screening_bad"], NUMBER["screening_good"])
            elif name != "nothing":
                what[mine] = self._reading(who[mine], self._one_of(self._choices(name), int(mine.sum())))
        return what

    def variants(self, what: Indices) -> Indices:
        """Draw the variant of each happening: 0 for those without a reading."""
        with_reading = np.array([bool(one.reading) for one in HAPPENINGS.values()])
        return np.where(with_reading[what], self.chance.integers(0, VARIANTS, len(what)), 0)

    def _choices(self, doing: str) -> Mapping[str, float]:
        found = self.rates.found
        return {
            "diagnosis": {"referral_up": 0.3, "diagnosis": 0.35, "enrolment": 0.35},
            "referring": {"referral_up": 0.6, "admission": 0.1, "visit_good": 0.3},
            "treatment": {"county_visit": 0.2, "referral_down": 0.5, "discharge": 0.2, "rehabilitation": 0.1},
            "rehabilitation": {"rehabilitation": 0.6, "rehabilitation_completed": 0.2, "visit_good": 0.2},
            "lost": {"call": 1 - found, "visit_good": found},
        }.get(doing, {"screening_good": 1.0})

    def _visit(self, who: Indices, day: Days) -> Indices:
        """Draw what a managed person comes for: mostly a follow-up."""
        r, count = self.rates, len(who)
        rare = {
            "lost": r.recorded_lost,
            "moved": r.moved,
            "refused": r.refused,
            "misdiagnosed": r.misdiagnosed,
            "visit_adverse": r.adverse_reaction,
            "visit_complication": r.complication,
            "visit_emergency": r.emergency,
            "phone": r.phone,
            "visit_blank": r.no_reading,
        }
        usual = max(1 - sum(rare.values()), 0)
        drawn = self._one_of({"visit_good": usual * 0.9, "home_good": usual * 0.1, **rare}, count)
        what = self._reading(who, drawn)
        due = (day - self.checked[who] > 330) & (self.chance.random(count) < r.checkup)
        self.checked[who[due]] = day[due]
        self.away[who] = self.chance.random(count) < r.stopped
        return np.where(due, NUMBER["checkup"], what)

    def _reading(self, who: Indices, what: Indices) -> Indices:
        """Draw whether readings are at goal: those that would be become others for some."""
        bad = self.chance.random(len(who)) >= self.control[who]
        for name in ("visit", "home"):
            what = np.where(bad & (what == NUMBER[f"{name}_good"]), NUMBER[f"{name}_bad"], what)
        return what

    def _one_of(self, choices: Mapping[str, float], count: int) -> Indices:
        shares = np.array(list(choices.values()))
        numbers = np.array([NUMBER[name] for name in choices])
        return numbers[self.chance.choice(len(shares), count, p=shares / shares.sum())]
