"""Looking for the fewest events that bring somebody into the numerator, and until when they may take place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from attrs import evolve, field, frozen

from singledisease.care_gaps.futures import Future, Plan, Planned
from singledisease.care_gaps.offers import Offer, offers_of
from singledisease.conformance.ingredients import ingredients_of
from singledisease.conformance.valued import Definition

Layout = Literal["early", "spread", "late"]
"""On which of the days left several events of a kind are tried: the first, evenly parted, or the last."""


@frozen
class WorkingPlan:
    """A plan that works: how often each event, on which of the days left; tried, not inferred.

    ``until``: for each event the last day by which all of them may have taken place, the others as planned.
    """

    times: Mapping[Offer, int]
    layout: Layout
    until: Mapping[Offer, int]


@frozen(eq=False)
class Planner:
    """Lays events on the days from ``first`` to ``last``; all who have the same events the same way share a plan."""

    first: int
    last: int
    _known: dict[Any, Plan] = field(factory=dict)

    def of(self, way: WorkingPlan) -> Plan:
        """Give the events of a way with their days."""
        return self.plan(way.times, way.layout)

    def plan(self, times: Mapping[Offer, int], layout: Layout) -> Plan:
        """Give so many of each event with their days."""
        key = (*times.items(), layout)
        if key not in self._known:
            self._known[key] = _plan(times, layout, self.first, self.last)
        return self._known[key]


def ways(future: Future, definition: Definition, people: Iterable[int], first: int) -> dict[int, WorkingPlan]:
    """Find for each person the fewest events that bring them into the numerator; whoever has none is left out.

    Parameters
    ----------
    future
        The log, and the period by the end of which they have to take place.
    definition
        The measure, resolved.
    people
        Places of people.
    first
        The first day that is still to come.
    """
    last = future.period.end
    planner = Planner(first, last)
    found: dict[int, WorkingPlan] = {}
    open_people = sorted(people)
    for times, layout in _attempts(definition, future, first, last):
        if not open_people:
            break
        reached = future.reached(definition, dict.fromkeys(open_people, planner.plan(times, layout)))
        found.update((person, WorkingPlan(times, layout, {})) for person in reached)
        open_people = [person for person in open_people if person not in reached]
    work = _Work(future, definition, planner)
    return work.with_last_days(work.fewest(found))


def _attempts(
    definition: Definition, future: Future, first: int, last: int
) -> Iterator[tuple[Mapping[Offer, int], Layout]]:
    offered = offers_of(definition, future.period)
    repeats = ingredients_of([definition.measure], definition.diseases.values(), future.period).repeats
    layouts: tuple[Layout, ...] = ("early", "spread", "late")
    for count in dict.fromkeys((1, repeats)):
        for offers in offered:
            for layout in layouts:
                yield dict.fromkeys(offers, min(count, last - first + 1)), layout


def _plan(times: Mapping[Offer, int], layout: Layout, first: int, last: int) -> Plan:
    return tuple(Planned(offer, day) for offer, count in times.items() for day in _days(count, layout, first, last))


def _days(count: int, layout: Layout, first: int, last: int) -> list[int]:
    if layout == "late":
        return [last - count + 1 + i for i in range(count)]
    if layout == "spread" and count > 1:
        return [first + (last - first) * i // (count - 1) for i in range(count)]
    return [first + i for i in range(count)]


@frozen(eq=False)
class _Work:
    """Making plans smaller and later, for many people at once: each trial is one evaluation of the log."""

    future: Future
    definition: Definition
    planner: Planner

    def fewest(self, found: Mapping[int, WorkingPlan]) -> dict[int, WorkingPlan]:
        """Take events out of each plan, one kind after the other, as long as it still works.

        Whatever stays was tried as it stands: the plan that was found, or the last smaller one that worked.
        """
        known = dict(found)
        for offer in _offers(known.values()):
            least = dict.fromkeys((p for p, way in known.items() if offer in way.times), 0)
            most = {person: known[person].times[offer] for person in least}
            while least:
                middle = {person: (least[person] + most[person]) // 2 for person in least}
                works = self._works({p: self._with(known[p], offer, middle[p]) for p in least})
                for person in list(least):
                    if person in works:
                        most[person] = middle[person]
                    else:
                        least[person] = middle[person] + 1
                    if least[person] == most[person]:
                        known[person] = self._with(known[person], offer, most[person])
                        del least[person]
        return known

    @staticmethod
    def _with(way: WorkingPlan, offer: Offer, count: int) -> WorkingPlan:
        times = {each: number for each, number in {**way.times, offer: count}.items() if number}
        return evolve(way, times=times)

    def _works(self, some: Mapping[int, WorkingPlan]) -> set[int]:
        # Nothing at all was tried already: it is how things stand.
        plans = {person: self.planner.of(way) for person, way in some.items() if way.times}
        return self.future.reached(self.definition, plans)

    # LAST DAYS

    def with_last_days(self, known: Mapping[int, WorkingPlan]) -> dict[int, WorkingPlan]:
        """Find for each event of each plan the last day: that of the period if all may be as late as can be."""
        late = self._works({person: evolve(way, layout="late") for person, way in known.items()})
        done = {
            p: evolve(way, until=dict.fromkeys(way.times, self.planner.last)) for p, way in known.items() if p in late
        }
        rest = {person: way for person, way in known.items() if person not in late}
        for offer in _offers(rest.values()):
            whose = {person: way for person, way in rest.items() if offer in way.times}
            days = self._last_days(whose, offer)
            for person, day in days.items():
                rest[person] = evolve(rest[person], until={**rest[person].until, offer: day})
        return {**done, **rest}

    def _last_days(self, whose: Mapping[int, WorkingPlan], offer: Offer) -> dict[int, int]:
        """Find by halves the last day on which the last of some events may be."""
        planner = self.planner
        low = {p: max(_days(way.times[offer], way.layout, planner.first, planner.last)) for p, way in whose.items()}
        high = dict.fromkeys(whose, planner.last)
        open_people = set(whose)
        while open_people:
            middle = {person: (low[person] + high[person] + 1) // 2 for person in open_people}
            plans = {p: self._shifted(whose[p], offer, middle[p]) for p in open_people}
            works = self.future.reached(self.definition, plans)
            for person in list(open_people):
                if person in works:
                    low[person] = middle[person]
                else:
                    high[person] = middle[person] - 1
                if low[person] >= high[person]:
                    open_people.discard(person)
        return low

    def _shifted(self, way: WorkingPlan, offer: Offer, last: int) -> Plan:
        others = {each: count for each, count in way.times.items() if each != offer}
        planned = self.planner.plan(others, way.layout)
        days = _days(way.times[offer], way.layout, self.planner.first, self.planner.last)
        moved = [min(day + last - days[-1], last) for day in days]
        return (*planned, *(Planned(offer, day) for day in moved))


def _offers(found: Iterable[WorkingPlan]) -> Sequence[Offer]:
    return list(dict.fromkeys(offer for way in found for offer in way.times))
