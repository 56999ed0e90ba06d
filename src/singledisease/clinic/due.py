"""What is due for one person: services of the service list and obligations of the pathway."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cache

from attrs import frozen

from singledisease.dates import date_of, iso
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Role, Service
from singledisease.engines.reference import PersonContext, context_of_walker, value_of
from singledisease.engines.reference.history import Run
from singledisease.engines.reference.walker import Walker
from singledisease.eventlog.event import Event
from singledisease.language import nodes as n
from singledisease.language.nodes import Value
from singledisease.language.traversal import kinds_inside


@frozen(kw_only=True)
class Due:
    """Something to be done for a person.

    Attributes
    ----------
    item, names
        Id and names of the service, or of the pathway's timing.
    since, due
        The day from which the time runs, and the last day on which it is in time.
    overdue
        By how many days it is late; 0 if it is not.
    role, levels
        Who does it, and at which levels of institution (a service; an obligation names none).
    reason
        Why it is due, in Chinese and English.
    breach
        Whether doing it late is a breach.
    service
        The item of the service list; ``None`` for an obligation of the pathway.
    """

    item: str
    names: Names
    since: dt.date
    due: dt.date
    overdue: int
    role: Role | None
    levels: tuple[str, ...]
    reason: Names
    breach: bool
    service: Service | None = None


def due(walker: Walker, events: Callable[[], tuple[Event, ...]], day: int) -> tuple[Due, ...]:
    """List what is open for a person at the end of a day, the earliest due first.

    A time-out, which no event can meet, is nothing that anyone has to do; nor is a timing of the pathway whose
    passing is no breach.  A service is listed unless its ``applies`` is known not to hold on that day.

    Parameters
    ----------
    walker
        Stands at the end of ``day``.
    events
        Gives all events of the person that count; it is asked for them if a service applies by what happened.
    day
        The day for which work is listed.
    """

    @cache
    def whole() -> PersonContext:
        return context_of_walker(walker, events(), day)

    def applies(condition: Value) -> bool:
        # What only asks who somebody is need not have the whole history told.
        of_person = kinds_inside(condition) <= _OF_PERSON
        context = PersonContext(walker.person, (), day, day, day, {}) if of_person else whole()
        return value_of(condition, context) is not False

    return tuple(sorted(_open(walker, applies, day), key=lambda one: (one.due, one.item)))


_OF_PERSON = frozenset({n.Apply, n.Literal, n.Attribute, n.Age, n.Case, n.PeriodStart, n.PeriodEnd})


def _open(walker: Walker, applies: Callable[[Value], bool], day: int) -> Iterator[Due]:
    disease = walker.pathway.disease
    services = {service.id: service for service in disease.services}
    roles = {role.id: role for role in disease.roles}
    for run in walker.runs.values():
        if run.started > day:
            continue
        timing = run.clock.timing
        service = services.get(timing.id)
        if service is None:
            wanted = timing.can_be_met and timing.breach
        else:
            wanted = service.applies is None or applies(service.applies)
        if wanted:
            yield Due(
                item=timing.id,
                names=timing.names,
                since=date_of(run.started),
                due=date_of(run.due),
                overdue=max(0, day - run.due),
                role=None if service is None else roles.get(service.role),
                levels=() if service is None else service.levels,
                reason=_reason(walker, run, day),
                breach=timing.breach,
                service=service,
            )


def _reason(walker: Walker, run: Run, day: int) -> Names:
    state = walker.pathway.disease.pathway.state(walker.state).names
    since, last, late = iso(run.started), iso(run.due), day - run.due
    if late > 0:
        return Names(
            f"现处“{state.zh}”；自{since}起计，应于{last}前完成，已逾期{late}天",
            f"in state “{state.en}”; counted from {since}, was due by {last}, {late} days late",
        )
    return Names(
        f"现处“{state.zh}”；自{since}起计，应于{last}前完成",
        f"in state “{state.en}”; counted from {since}, due by {last}",
    )
