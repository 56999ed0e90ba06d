"""What a disease makes of happenings: its conditions, asked of the reference engine once for each different case.

Who moves when, which clocks run and which fall is worked out in ``walk``, apart from both engines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.definitions.disease import Disease
from singledisease.engines.reference.compile import CompiledValue, compile_value
from singledisease.engines.reference.compile_pathway import CompiledPathway, compile_pathway
from singledisease.engines.reference.context import PersonContext
from singledisease.errors import UsageError
from singledisease.eventlog.event import Event
from singledisease.eventlog.person import Person
from singledisease.language import nodes as n
from singledisease.simulation.county import hospital_of
from singledisease.simulation.event_classes import Alike, Batch, EventQuestion, Indices, alike
from singledisease.simulation.event_templates import Cast, cast
from singledisease.simulation.quantities import quantities_of
from singledisease.simulation.state_roles import StateRole, standings


@frozen(eq=False)
class Judge:
    """A disease, what can happen of it and is done in its states, and what its conditions make of each happening."""

    cast: Cast
    pathway: CompiledPathway
    alike: Alike
    standings: tuple[StateRole, ...]
    _asked: dict[Any, EventQuestion] = field(factory=dict)

    @property
    def disease(self) -> Disease:
        """The disease."""
        return self.cast.disease

    def context(self, batch: Batch, i: int) -> PersonContext:
        """Give what a condition sees of one happening."""
        people, who, day = batch.people, int(batch.who[i]), int(batch.day[i])
        happening = self.cast.each[int(batch.what[i])]
        first = people.places[people.place[who]]
        read = {name: float(values[i]) for name, values in batch.values.items() if not np.isnan(values[i])}
        person = Person(
            people.ids[who],
            birth=int(people.birth[who]),
            sex="female" if people.woman[who] else "male",
            attributes={"institution": first.id, "region": first.region},
        )
        place = int(people.place_on(np.array([who]), day)[0])
        at = int(hospital_of(people.places)[place]) if happening.at_county else place
        columns = {**self.cast.columns[int(batch.what[i])], "institution": people.places[at].id, **read}
        return self.pathway.context(person, Event(happening.kind, day, values=columns))

    def holds(self, condition: n.Value, batch: Batch) -> NDArray[np.bool_]:
        """Tell of which happenings a condition is true."""
        asked = self._asked.get(condition)
        if asked is None:
            found = compile_value(condition)
            asked = self._asked[condition] = EventQuestion(partial(self._is_true, found))
        return np.asarray(asked.of(batch, self.alike.codes(batch)) == 1)

    def _is_true(self, found: CompiledValue, batch: Batch, i: int) -> int:
        return int(found(self.context(batch, i)) is True)

    def targets(self, state: Indices, waited: Indices, patience: int, batch: Batch) -> Indices:
        """Give the state to which each happening leads.

        Parameters
        ----------
        state, waited
            The present state, and for how many days, of which no transition minds more than ``patience``.
        patience
            How many days of waiting there are to tell apart.
        batch
            The happenings.
        """
        names = [one.id for one in self.disease.pathway.states]

        def answer(some: Batch, i: int) -> int:
            happening = self.cast.each[int(some.what[i])]
            context = self.context(some, i)
            for transition in self.pathway.hears(names[state[i]], happening.kind):
                if waited[i] >= transition.after_days and (transition.when is None or transition.when(context)):
                    return names.index(transition.target)
            return int(state[i])

        asked = self._asked.get("targets")
        known = {} if asked is None else asked.known
        self._asked["targets"] = now = EventQuestion(answer, known)
        return now.of(batch, [(state, len(names)), (waited, patience + 1), *self.alike.codes(batch)])


def judge(disease: Disease) -> Judge:
    """Make a resolved disease ready.

    Raises
    ------
    UsageError
        If it cannot be simulated.
    """
    if disease.pathway.sequence != "person":
        raise UsageError(
            f"{disease.id} runs over linked sequences, and only what happens to people is simulated; leave it out"
        )
    actors = cast(disease)
    bounds = {quantity.name: (quantity.low, quantity.high) for quantity in quantities_of(disease)}
    return Judge(actors, compile_pathway(disease), alike(disease, len(actors.each), bounds), standings(actors))


def all_hold(judging: Judge, wanted: Iterable[n.Value], batch: Batch) -> NDArray[np.bool_]:
    """Tell of which happenings all of some conditions are true."""
    found = np.ones(len(batch), np.bool_)
    for condition in wanted:
        found &= judging.holds(condition, batch)
    return found


def complete(values: Mapping[str, NDArray[np.float64]], columns: Iterable[str], count: int) -> NDArray[np.bool_]:
    """Tell where every one of some quantities was read."""
    found = np.ones(count, np.bool_)
    for name in columns:
        found &= ~np.isnan(values[name]) if name in values else False
    return found
