"""The way of one person with several diseases: each event once, with what it did in every disease, and what follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from singledisease.clinic.course import Course, Day
from singledisease.clinic.joint_courses import JointCourses
from singledisease.clinic.joint_due import JointDue
from singledisease.clinic.joint_goals import JointGoal
from singledisease.clinic.joint_level import JointLevel
from singledisease.dates import asked_day, date_of
from singledisease.definitions.citation import Names
from singledisease.definitions.joint_tier import JointTier
from singledisease.definitions.pathway import State
from singledisease.eventlog.event import Event
from singledisease.eventlog.log import EventLog
from singledisease.explanation.event_words import event_words

_NOTHING = Names("无", "nothing")
_OF_ITSELF = Names("逾期", "missed")
_BEGINNING = Names("开始观察，或死亡日期", "the start of observed time, or the date of death")


@frozen
class DiseaseChange:
    """What a day did in one disease: from which state to which, and why where it was no event."""

    disease: Names
    source: State
    target: State
    reason: Names | None = None


@frozen
class DayOfWay:
    """A day on which something happened: the events, each in words, and every change of state."""

    date: dt.date
    events: tuple[Names, ...]
    changes: tuple[DiseaseChange, ...]


@frozen
class DiseaseStanding:
    """Where the person stands in one disease: since when, and by what."""

    disease: Names
    state: State
    since: dt.date
    cause: Names


@frozen(kw_only=True)
class JointWay:
    """Why a person with several diseases stands where they do at the end of a day, and what is to be done.

    Attributes
    ----------
    person
        The id.
    on
        The day: nothing that happened later is told.
    stands
        Of each disease; one of which the person has not yet left the first state is left out.
    days
        What happened, day by day; a day without any change of state has its events alone.
    due
        One visit, all that it serves; the earliest first.
    goals
        By quantity, the strictest, with its reason.
    levels
        The person's level in each tier of several diseases that was asked for, such as their colour, and whose it is.

    >>> import singledisease as sd
    >>> both = sd.start_joint([sd.disease("hypertension"), sd.disease("type2-diabetes")], "P1", birth_date="1960-01-01")
    >>> way = sd.joint_way(both.after(sd.Event("enrolment", "2024-01-10", disease="hypertension")), "2024-02-01")
    >>> [(str(day.date), change.target.id) for day in way.days for change in day.changes]
    [('2024-01-10', 'enrolled')]
    >>> [(goal.quantity, str(goal.high)) for goal in way.goals]
    [('sbp', '< 140'), ('dbp', '< 90')]
    """

    person: str
    on: dt.date
    stands: tuple[DiseaseStanding, ...]
    days: tuple[DayOfWay, ...]
    due: tuple[JointDue, ...]
    goals: tuple[JointGoal, ...]
    levels: tuple[JointLevel, ...]
    names: Mapping[str, Names]

    def to_text(self, language: str = "en") -> str:
        """Say it in Chinese (``zh``) or English (``en``)."""
        return "\n".join(_lines(self, language))

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values that JSON can hold, in both languages."""
        return {
            "person": self.person,
            "on": self.on.isoformat(),
            "stands": [
                {
                    "disease": _both(one.disease),
                    "state": one.state.id,
                    "names": _both(one.state.names),
                    "since": one.since.isoformat(),
                    "cause": _both(one.cause),
                }
                for one in self.stands
            ],
            "days": [
                {
                    "date": day.date.isoformat(),
                    "events": [_both(event) for event in day.events],
                    "changes": [
                        {"disease": _both(one.disease), "from": one.source.id, "to": one.target.id}
                        for one in day.changes
                    ],
                }
                for day in self.days
            ],
            "due": [
                {
                    "due": one.due.isoformat(),
                    "overdue": one.overdue,
                    "kinds": list(one.kinds),
                    "serves": [{"disease": served.disease, "item": served.due.item} for served in one.serves],
                }
                for one in self.due
            ],
            "goals": [{"quantity": one.quantity, "reason": _both(one.reason)} for one in self.goals],
            "levels": [
                {
                    "tier": _both(one.tier),
                    "level": None if one.level is None else one.level.id,
                    "reason": _both(one.reason),
                }
                for one in self.levels
            ],
        }


def joint_way(courses: JointCourses, on: Day, log: EventLog | None = None, tiers: Iterable[JointTier] = ()) -> JointWay:
    """Explain the diseases of one person side by side, up to the end of a day.

    It is ``sd.joint_way``, but that the tiers are those that are given.
    """
    day = date_of(asked_day("on", on))
    followed = tuple(course for course in courses.courses if course.history_on(day))
    return JointWay(
        person=courses.person.id,
        on=day,
        stands=tuple(_standings(followed, day)),
        days=tuple(_days(courses, followed, day, log)),
        due=courses.due(day),
        goals=courses.goals(day),
        levels=tuple(courses.level(tier, day) for tier in tiers),
        names={course.disease.id: course.disease.names for course in courses.courses},
    )


def _standings(followed: tuple[Course, ...], day: dt.date) -> Iterator[DiseaseStanding]:
    for course in followed:
        stay = course.spells_on(day)[-1]
        yield DiseaseStanding(course.disease.names, stay.state, stay.entered, _cause(stay.cause, course))


def _days(
    courses: JointCourses, followed: tuple[Course, ...], last: dt.date, log: EventLog | None
) -> Iterator[DayOfWay]:
    defined = [course.disease for course in courses.courses]
    events: dict[dt.date, list[Names]] = {}
    for event in courses.courses[0].counted:
        events.setdefault(date_of(event.date), []).append(_placed(event, event_words(event, defined), log))
    changes: dict[dt.date, list[DiseaseChange]] = {}
    for course in followed:
        for step in course.history_on(last):
            why = None if isinstance(step.cause, Event) else _cause(step.cause, course)
            change = DiseaseChange(course.disease.names, step.source, step.target, why)
            changes.setdefault(step.date, []).append(change)
    for date in sorted({*events, *changes}):
        if date <= last:
            yield DayOfWay(date, tuple(events.get(date, ())), tuple(changes.get(date, ())))


def _placed(event: Event, said: Names, log: EventLog | None) -> Names:
    """Add the file and line of an event of a registry."""
    if log is None or event.row < 0:
        return said
    file, line = log.place(event.row)
    return Names(f"{said.zh}（{file}:{line}）", f"{said.en} ({file}:{line})")


def _cause(cause: Any, course: Course) -> Names:
    if isinstance(cause, Event):
        return event_words(cause, [course.disease])
    if cause is None:
        return _BEGINNING
    return Names(f"{_OF_ITSELF.zh}：{cause.names.zh}", f"{_OF_ITSELF.en}: {cause.names.en}")


# IN WORDS

_WORDS = {
    "stands": Names("现状", "Where the person stands"),
    "days": Names("经过", "What happened"),
    "due": Names("待办（一次随访，服务多病）", "What is due (one visit, all it serves)"),
    "goals": Names("目标（取最严格者）", "Goals (the strictest)"),
    "since": Names("自", "since"),
    "overdue": Names("逾期天数", "days overdue"),
}


def _lines(way: JointWay, language: str) -> Iterator[str]:
    def said(names: Names) -> str:
        return names.in_language(language)

    def word(name: str) -> str:
        return said(_WORDS[name])

    yield f"{way.person}, {way.on.isoformat()}"
    yield word("stands")
    for one in way.stands:
        yield f"  {said(one.disease)}: {said(one.state.names)}, {word('since')} {one.since}, {said(one.cause)}"
        if one.state.next_step is not None:
            yield f"    → {said(one.state.next_step)}"
    yield from [] if way.stands else [f"  {said(_NOTHING)}"]
    yield from (f"  {said(level.reason)}" for level in way.levels)
    yield word("days")
    for day in way.days:
        yield f"  {day.date}"
        yield from (f"    {said(event)}" for event in day.events)
        for change in day.changes:
            why = "" if change.reason is None else f" ({said(change.reason)})"
            states = f"{said(change.source.names)} → {said(change.target.names)}"
            yield f"      {said(change.disease)}: {states}{why}"
    yield word("due")
    for due in way.due:
        late = f" ({word('overdue')} {due.overdue})" if due.overdue else ""
        items = "; ".join(f"{said(way.names[one.disease])}: {said(one.due.names)}" for one in due.serves)
        yield f"  {due.due}{late}  {items}"
    yield from [] if way.due else [f"  {said(_NOTHING)}"]
    yield word("goals")
    yield from (f"  {said(goal.reason)}" for goal in way.goals)
    yield from [] if way.goals else [f"  {said(_NOTHING)}"]


def _both(names: Names) -> dict[str, str]:
    return {"zh": names.zh, "en": names.en}
