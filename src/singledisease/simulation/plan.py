"""What happens next to a person, and when: drawn from the rates and from where the person stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import define
from numpy.typing import NDArray

from singledisease.simulation.event_classes import Days, Indices
from singledisease.simulation.event_templates import NUMBER, Cast
from singledisease.simulation.rates import Rates
from singledisease.simulation.state_roles import USUAL, StateRole

_AWAY = (420, 700)
"""Days for which somebody who stops coming stays away: more than the 12 months after which they are lost."""

_DEAF = 0.9
"""Of what happens in a state that hears nothing of the usual, the share that is something it hears."""

_SELDOM = 0.1
"""How often a further happening is an exit, a loss or a stay in hospital, for one of any other kind."""

_SOON = 30
"""Days at most from what a service asks for until the next happening: it comes on top of the usual visits."""


_RARE = ("exit", "lost", "admission", "discharge", "diagnosis")


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
    cast: Cast
    standings: Sequence[StateRole]
    sick: NDArray[np.bool_]
    control: NDArray[np.float64]
    checked: Days
    away: NDArray[np.bool_]
    chance: np.random.Generator

    def wait(self, who: Indices, state: Indices, what: Indices) -> Days:
        """Draw the days until the next happening of each person after one, 1 at least."""
        usual = np.array([standing.days for standing in self.standings])[state]
        early = self.chance.uniform(0.6, 1.05, len(who)) * usual
        away = self.chance.uniform(*_AWAY, len(who))
        owed = np.isin(what, [one for standing in self.standings for one in standing.owed])
        if owed.any():
            early[owed] = self.chance.uniform(1, _SOON, int(owed.sum()))
        return np.maximum(np.where(self.away[who] & ~owed, away, early), 1).astype(np.int32)

    def next(self, who: Indices, state: Indices, day: Days) -> Indices:
        """Draw what happens to each person on a day; -1 is nothing at all, for ever."""
        doing = np.array([standing.doing for standing in self.standings])[state]
        what = np.full(len(who), -1, np.int64)
        for name in np.unique(doing):
            mine = doing == name
            if name == "visiting":
                what[mine] = self._visit(who[mine], day[mine])
            elif name == "returning":
                what[mine] = np.where(self.chance.random(mine.sum()) < self.rates.returned, NUMBER["enrolment"], -1)
            elif name != "nothing":
                what[mine] = self._one_of(self._choices(name), int(mine.sum()))
        return self._owed(state, self._others(who, state, what))

    def _owed(self, state: Indices, what: Indices) -> Indices:
        """Put what services and indicators ask for in the place of some happenings to people under care."""
        for number, standing in enumerate(self.standings):
            here = np.flatnonzero(state == number) if standing.owed else np.empty(0, np.int64)
            if len(here):
                some = here[self.chance.random(len(here)) < self.rates.services]
                what[some] = self._one_of_others(list(standing.owed), len(some))
        return what

    def _others(self, who: Indices, state: Indices, what: Indices) -> Indices:
        """Put further happenings in the place of some, and of nearly all that the state would not hear."""
        dice = self.chance.random(len(who))
        for number, standing in enumerate(self.standings):
            if not standing.others or standing.doing in ("nothing", "returning"):
                continue
            often = _DEAF if standing.deaf else self.rates.unusual
            here = np.flatnonzero((state == number) & (dice < often))
            # Who is not sick comes along by being measured only: nobody enrols them.
            measured = [one for one in standing.others if self.cast.each[one].reading]
            sick = self.sick[who[here]] | standing.managed
            for some, chosen in ((here[sick], list(standing.others)), (here[~sick], measured)):
                if chosen:
                    what[some] = self._one_of_others(chosen, len(some))
        return what

    def _one_of_others(self, chosen: list[int], count: int) -> Indices:
        """Draw among happenings, seldom one that ends it all or leads into hospital."""
        ends = np.array([self.cast.each[one].kind in _RARE for one in chosen])
        shares = np.where(ends & ~ends.all(), _SELDOM, 1.0)
        return np.asarray(self.chance.choice(chosen, count, p=shares / shares.sum()))

    # READINGS

    def reads(self, what: Indices) -> NDArray[np.bool_]:
        """Tell at which happenings something is read."""
        return np.array([bool(one.reading) for one in self.cast.each])[what]

    def wishes(self, who: Indices, state: Indices, what: Indices) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Draw which readings are meant to be at goal, and which of them are to be clear at any age."""
        reading = np.array([one.reading for one in self.cast.each])[what]
        managed = np.array([standing.managed for standing in self.standings])[state]
        clear = (reading == "found") | ((reading == "usual") & ~managed)
        dice = self.chance.random(len(who))
        good = np.where(clear, ~(self.sick[who] & (dice < 0.9)), dice < self.control[who])
        return np.where(reading == "good", True, good & (reading != "bad")), clear

    # WHAT IS USUALLY DONE

    def _choices(self, doing: str) -> Mapping[str, float]:
        found = self.rates.found
        return {"call": 1 - found, "visit": found} if doing == "lost" else USUAL[doing]

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
        }
        usual = max(1 - sum(rare.values()), 0)
        seen = {"visit": usual * 0.9 * (1 - r.missing), "home": usual * 0.1 * (1 - r.missing)}
        what = self._one_of({**seen, "visit_blank": usual * r.missing, **rare}, count)
        due = (day - self.checked[who] > 330) & (self.chance.random(count) < r.checkup)
        self.checked[who[due]] = day[due]
        self.away[who] = self.chance.random(count) < r.stopped
        return np.where(due, NUMBER["checkup"], what)

    def _one_of(self, choices: Mapping[str, float], count: int) -> Indices:
        shares = np.array(list(choices.values()))
        numbers = np.array([NUMBER[name] for name in choices])
        return numbers[self.chance.choice(len(shares), count, p=shares / shares.sum())]
