"""What may be done next in a course, by whom and by when, and which entries came out of turn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from attrs import frozen

from singledisease.clinic.course import Course, Day
from singledisease.clinic.due import Due
from singledisease.clinic.status import Step
from singledisease.dates import asked_day, date_of
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Role
from singledisease.definitions.pathway import Signal, State, Transition
from singledisease.definitions.state_groups import groups_of
from singledisease.errors import UsageError, require_kind
from singledisease.eventlog.event import Event
from singledisease.eventlog.order import sort_key
from singledisease.language.format import write


@frozen(kw_only=True)
class NextStep:
    """A step that the pathway allows from the state in which a course stands.

    Attributes
    ----------
    signal, names
        Id and names of what would be heard.
    kinds, when
        The event to enter: of one of these kinds (none: any), fulfilling this condition, written in the language.
    target
        Where it would lead.
    not_before
        The first day on which it is heard.
    due, overdue
        By when it is awaited, and by how many days it is late; ``None`` and 0 where nothing awaits it.
    role, levels
        Who takes it, and at which levels of institution, where a service of that id says so.
    """

    signal: str
    names: Names
    kinds: tuple[str, ...]
    when: str
    target: State
    not_before: dt.date
    due: dt.date | None = None
    overdue: int = 0
    role: Role | None = None
    levels: tuple[str, ...] = ()


@frozen(kw_only=True)
class OutOfTurn:
    """An entry that the course did not take: the event, the state in which it came, and why, in both languages."""

    event: Event
    state: State
    reason: Names


def next_steps(course: Course, on: Day) -> tuple[NextStep, ...]:
    """Give the steps that are allowed at the end of a day, those that are awaited first, then as declared.

    Who takes a step, and by when, is said by the service that is called like its signal.

    Parameters
    ----------
    course
        Of a referral, or of any other pathway.
    on
        The day.

    Raises
    ------
    UsageError
        If it is no course, or one that is as of an earlier day.

    >>> import singledisease as sd
    >>> course = sd.start(sd.processes()["referral"], "P1", birth_date="1950-01-01", link="R1")
    >>> course = course.after(sd.Event("referral", "2024-03-01", link="R1", direction="up"))
    >>> [(step.signal, step.target.id, str(step.due)) for step in sd.next_steps(course, on="2024-03-02")][:2]
    [('reviewed', 'reviewed', '2024-03-03'), ('visit', 'in_care', 'None')]
    """
    if not isinstance(course, Course):
        raise UsageError(
            f"须传入一个病程 / expected one course, got a {type(course).__name__}: of courses side by side name one, "
            'such as person["hypertension"]'
        )
    pathway = course.disease.pathway
    state = course.on(on)
    if state is None:
        state = pathway.state(pathway.initial)
    awaited = {one.item: one for one in course.due(on)}
    entered = max((step.date for step in course.history if step.date <= date_of(asked_day("on", on))), default=None)
    steps = [
        _step(course, signal, transition, entered, awaited.get(signal.id))
        for signal in pathway.signals
        for transition in pathway.transitions
        if transition.signal == signal.id and state.id in transition.sources
    ]
    return tuple(sorted(steps, key=lambda step: (step.due is None, step.due or dt.date.max)))


def _step(
    course: Course, signal: Signal, transition: Transition, entered: dt.date | None, awaited: Due | None
) -> NextStep:
    services = {service.id: service for service in course.disease.services}
    roles = {role.id: role for role in course.disease.roles}
    service = services.get(signal.id)
    wait = max(transition.after_days, int(transition.another_day))
    return NextStep(
        signal=signal.id,
        names=signal.names,
        kinds=signal.kinds,
        when="" if signal.when is None else write(signal.when, course.disease.id, course.disease.quantities),
        target=course.disease.pathway.state(transition.target),
        not_before=dt.date.min if entered is None else entered + dt.timedelta(days=wait),
        due=None if awaited is None else awaited.due,
        overdue=0 if awaited is None else awaited.overdue,
        role=None if service is None else roles.get(service.role),
        levels=() if service is None else service.levels,
    )


def out_of_turn(course: Course) -> tuple[OutOfTurn, ...]:
    """Give the entries of a course that came before or after their turn.

    They moved nothing and met nothing that was awaited; or by them the course stood, at the end of the day, in one of
    the states of the pathway's group ``out_of_turn``.

    Of a linked sequence only the kinds of event that it begins with are looked at: a referral accepted before it was
    submitted, closed twice, withdrawn when the patient was already there.  Such an entry stays in the log, and counts
    once what it lacks is entered with its date.

    >>> import singledisease as sd
    >>> course = sd.start(sd.processes()["referral"], "P1", birth_date="1950-01-01", link="R1")
    >>> early = course.after(sd.Event("referral", "2024-03-01", link="R1", status="accepted"))
    >>> [(one.event.get("status"), one.state.id) for one in sd.out_of_turn(early)]
    [('accepted', 'unsubmitted')]
    >>> sd.out_of_turn(early.after(sd.Event("referral", "2024-02-28", link="R1", status="submitted")))
    ()
    """
    require_kind(course, Course, way='person["referral"]')
    pathway = course.disease.pathway
    kinds = pathway.begins_with or {kind for signal in pathway.signals for kind in signal.kinds}
    groups = [group.states for group in pathway.groups if group.id == "out_of_turn"]
    early = {state for group in groups for state in groups_of(pathway).expand(group, "pathway.groups.out_of_turn")}
    waiting = [stay.cause for stay in course.spells if stay.state.id in early]
    taken = [step.cause for step in course.history if isinstance(step.cause, Event) and step.cause not in waiting]
    taken += [one.event for one in course.obligations if one.event is not None]
    entries = (one for one in course.counted if one.kind in kinds and one.get("link") == course.link)
    return tuple(_untaken(course, [event for event in entries if event not in taken]))


def _untaken(course: Course, events: list[Event]) -> Iterator[OutOfTurn]:
    pathway = course.disease.pathway
    for event in events:
        before = [step for step in course.history if _comes_before(step, event)]
        state = before[-1].target if before else pathway.state(pathway.initial)
        heard = {transition.signal for transition in pathway.transitions if state.id in transition.sources}
        open_ways = [signal.names for signal in pathway.signals if signal.id in heard]
        zh = "、".join(names.zh for names in open_ways) or "无"
        en = ", ".join(names.en for names in open_ways) or "nothing"
        reason = Names(
            f"当时为“{state.names.zh}”，可接续：{zh}", f"came in state “{state.names.en}”; allowed there: {en}"
        )
        yield OutOfTurn(event=event, state=state, reason=reason)


def _comes_before(step: Step, event: Event) -> bool:
    day = date_of(event.date)
    if step.date != day or not isinstance(step.cause, Event):
        return step.date <= day
    return bool(sort_key(step.cause) < sort_key(event))
