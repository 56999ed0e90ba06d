"""The log as it would be if planned events took place, and who would then be in the numerator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.care_gaps.offers import Offer
from singledisease.conformance.decisions import Decisions, decided
from singledisease.conformance.search import reading
from singledisease.conformance.valued import Definition
from singledisease.dates import Period, iso
from singledisease.definitions.measure import NUMERATOR
from singledisease.eventlog.build import build
from singledisease.eventlog.insertion import with_events
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import raw_rows
from singledisease.eventlog.to_tables import tables_of


@frozen
class Planned:
    """An event on a day that is still to come."""

    offer: Offer
    day: int


Plan = tuple[Planned, ...]


@frozen(eq=False)
class Future:
    """A log as it was known on a day, looked at from the end of a period by which nothing more has happened."""

    log: EventLog
    period: Period
    rules: LoadRules

    @classmethod
    def of(cls, known: EventLog, period: Period, definitions: Iterable[Definition]) -> Future:
        """Let time run on to the end of the period without anything happening."""
        return cls(evolve(known, known_until=None), period, reading(list(definitions)))

    def only(self, people: Sequence[int]) -> Future:
        """Look at some of the people."""
        return evolve(self, log=self.log.only(np.array(people, np.int64)))

    def decided(self, definitions: Sequence[Definition]) -> list[Decisions]:
        """Decide about everybody if nothing more happens."""
        return decided(definitions, self.log, self.period)

    def with_plans(self, plans: Mapping[int, Plan]) -> EventLog:
        """Give the log in which the plan of each person has taken place."""
        people: dict[int, list[int]] = {}
        drawn: dict[int, Plan] = {}
        for one, plan in plans.items():
            drawn[id(plan)] = plan
            people.setdefault(id(plan), []).append(one)
        # Many people have the same plan, and plans the same events on the same days: each is made of its cells once.
        number: dict[Planned, int] = {}
        numbers = {name: [number.setdefault(event, len(number)) for event in plan] for name, plan in drawn.items()}
        if not number:
            return self.log
        events = self._made(list(number))
        person = np.concatenate(
            [np.repeat(np.array(some, np.int64), len(numbers[name])) for name, some in people.items()]
        )
        which = np.concatenate([np.tile(np.array(numbers[name], np.int64), len(some)) for name, some in people.items()])
        first = events.offsets[:-1][which]
        made = first < events.offsets[1:][which]
        return with_events(self.log, person[made], events, first[made])

    def _made(self, planned: Sequence[Planned]) -> EventLog:
        """Read planned events as a registry is read, each as that of a person of its own."""
        width = len(str(len(planned)))
        ids = [f"{i:0{width}d}" for i in range(len(planned))]
        cells = [{"date": iso(one.day), "kind": one.offer.kind, **one.offer.cells} for one in planned]
        names = dict.fromkeys(("date", "kind", *(name for row in cells for name in row)))
        events = {name: [row.get(name) for row in cells] for name in names}
        *_, institutions, _, _ = tables_of(self.log.slice(0, 0))
        return build(
            raw_rows("patients", {"patient_id": ids, "birth_date": [None] * len(ids)}),
            raw_rows("events", {"patient_id": ids, **events}),
            institutions if institutions.columns else None,
            rules=self.rules,
        )

    def reached(self, definition: Definition, plans: Mapping[int, Plan]) -> set[int]:
        """Give the people whom their plan brings into the numerator of a measure."""
        if not plans:
            return set()
        people = sorted(plans)
        some = self.only(people)
        log = some.with_plans({place: plans[person] for place, person in enumerate(people)})
        (answers,) = decided([definition], log, self.period)
        return {person for place, person in enumerate(people) if group_of(answers, place) == NUMERATOR}


def group_of(answers: Decisions, person: int) -> str:
    """Give the group into which a measure of people puts somebody."""
    return answers.of(person)[""].group


def rule_of(answers: Decisions, person: int) -> str:
    """Give the rule that decides about somebody."""
    return answers.of(person)[""].rule


def groups_of(answers: Decisions, people: int) -> NDArray[np.object_]:
    """Give the group of everybody."""
    kinds = np.array([kind[""].group for kind in answers.kinds], object)
    return kinds[answers.code[:people]]
