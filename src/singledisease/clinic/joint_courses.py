"""One person with several diseases: their courses side by side, for clinic software."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

from attrs import evolve, frozen

from singledisease.clinic.course import Course, Day, begun_for
from singledisease.clinic.disease_tags import in_our_words
from singledisease.clinic.joint_due import JointDue, joined
from singledisease.clinic.joint_goals import JointGoal, joint_goals
from singledisease.clinic.joint_level import JointLevel, joint_level
from singledisease.clinic.record import PersonRecord
from singledisease.clinic.start_course import start
from singledisease.clinic.unheard_words import refuse_unheard, slips_of
from singledisease.definitions.disease import Disease
from singledisease.definitions.joint_tier import JointTier
from singledisease.definitions.pathway import State
from singledisease.errors import UsageError, did_you_mean
from singledisease.eventlog.event import Event
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.person import Person
from singledisease.eventlog.report import Slip
from singledisease.eventlog.validation import validate_event


@frozen
class JointCourses:
    """The courses of one person through the pathways of several diseases, on one list of events.

    It never changes: every step gives a new one.  Each event is heard by every disease that it concerns, and by none
    twice.

    Attributes
    ----------
    courses
        One for each disease, in the order in which they were named.

    >>> import singledisease as sd
    >>> both = sd.start_joint([sd.disease("hypertension"), sd.disease("type2-diabetes")], "P1", birth_date="1960-01-01")
    >>> both = both.after(sd.Event("enrolment", "2024-01-10", disease="hypertension"))
    >>> both["hypertension"].state.id, both["type2-diabetes"].state.id, both.managed
    ('enrolled', 'general', ('hypertension',))
    """

    courses: tuple[Course, ...]

    def __getitem__(self, disease: str) -> Course:
        """Give the course through the pathway of one disease.

        Raises
        ------
        UsageError
            If it is none of this person's.
        """
        for course in self.courses:
            if course.disease.id == disease:
                return course
        known = [course.disease.id for course in self.courses]
        raise UsageError(f"{disease!r} is not followed for {self.person.id}; {did_you_mean(disease, known)}")

    @property
    def person(self) -> Person:
        """Who it is."""
        return self.courses[0].person

    @property
    def events(self) -> tuple[Event, ...]:
        """Everything that was entered, in canonical order."""
        return self.courses[0].events

    # WHAT HAPPENS

    def after(self, event: Event) -> Self:
        """Give the courses after an event; see ``Course.after``.

        Raises
        ------
        DataError
            If the event would be refused in a file, with every reason.
        """
        for course in self.courses:
            event = in_our_words(event, course.disease)
        refuse_unheard(event, tuple(course.disease for course in self.courses))
        quantities = {one.name: one for course in self.courses for one in course.disease.quantities}
        validate_event(event, self.person, tuple(quantities.values()))
        return evolve(self, courses=tuple(course.entered(event) for course in self.courses))

    def withdraw(self, record: str, on: Day) -> Self:
        """Give the courses after everything that was entered under an identifier was taken back on a day."""
        return evolve(self, courses=tuple(course.withdraw(record, on) for course in self.courses))

    def as_of(self, day: Day) -> Self:
        """Give the courses as they were known at the end of a day."""
        return evolve(self, courses=tuple(course.as_of(day) for course in self.courses))

    def with_disease(self, disease: Disease, policy: Mapping[str, str] | None = None) -> Self:
        """Give the courses with that of a further disease, which hears everything that was entered before.

        Raises
        ------
        UsageError
            If the disease is followed already.
        """
        if any(course.disease.id == disease.id for course in self.courses):
            raise UsageError(f"{disease.id} is followed for {self.person.id} already")
        added = _course(disease, self.person, policy)
        for event in self.events:
            added = added.entered(event)
        return evolve(self, courses=(*self.courses, added))

    # WHERE THE PERSON STANDS

    @property
    def states(self) -> Mapping[str, State]:
        """The state of each disease, by id."""
        return {course.disease.id: course.state for course in self.courses}

    @property
    def managed(self) -> tuple[str, ...]:
        """The diseases in which the person counts as managed."""
        return tuple(course.disease.id for course in self.courses if course.managed)

    def due(self, on: Day) -> tuple[JointDue, ...]:
        """List what is open at the end of a day, the earliest due first; one visit that serves several stands once."""
        diseases = {course.disease.id: course.disease for course in self.courses}
        return joined({course.disease.id: course.due(on) for course in self.courses}, diseases)

    def goals(self, on: Day) -> tuple[JointGoal, ...]:
        """Give the goals by quantity: of several for one quantity the strictest, with its reason."""
        return joint_goals(self.courses, on)

    def level(self, tier: JointTier, on: Day) -> JointLevel:
        """Give the person's level in a tier of several diseases, such as their colour, and which diseases give it.

        Raises
        ------
        UsageError
            If it is no such tier, or the courses are as of an earlier day.

        >>> import singledisease as sd
        >>> (colour,) = sd.joint_tiers()
        >>> person = sd.start_joint(["hypertension", "type2-diabetes"], "P1", birth_date="1960-01-01")
        >>> person = person.after(sd.Event("enrolment", "2024-01-10", disease="hypertension"))
        >>> person = person.after(sd.Event("follow_up", "2024-02-10", mode="clinic", sbp=152, dbp=84))
        >>> person.level(colour, "2024-03-01").reason.en
        "colour (the worst of the person's): yellow (Hypertension yellow)"
        """
        if not isinstance(tier, JointTier):
            raise UsageError(
                f"须传入联合分层 / expected a tier of several diseases, got {tier!r}: pass one of sd.joint_tiers()"
            )
        return joint_level(self.courses, tier, on)

    @property
    def slips(self) -> tuple[Slip, ...]:
        """The words of the events that nothing built in and none of the diseases knows; see ``Course.slips``."""
        return slips_of(self.events, [course.disease for course in self.courses])

    # KEEPING IT

    def to_dict(self) -> dict[str, Any]:
        """Give the courses as plain values that JSON can hold; ``from_dict`` replays them."""
        return {"courses": [course.to_dict() for course in self.courses]}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any], diseases: Iterable[Disease]) -> Self:
        """Restore what ``to_dict`` gave, under definitions of the same diseases; see ``Course.from_dict``.

        Raises
        ------
        UsageError
            If a disease is missing, or named and not given.
        """
        given = tuple(diseases)
        for one in given:
            if not isinstance(one, Disease):
                raise UsageError(
                    f"须传入病种定义 / expected a definition of a disease, got {one!r}: pass sd.disease({one!r})"
                )
        known = {disease.id: disease for disease in given}
        courses = []
        for one in kept["courses"]:
            name = one.get("disease", "")
            if name not in known:
                raise UsageError(f"the definition of {name!r} is needed; {did_you_mean(str(name), known)}")
            courses.append(Course.from_dict(one, known[name]))
        return cls(tuple(courses))


def _course(disease: Disease, person: Person, policy: Mapping[str, str] | None) -> Course:
    return begun_for(person, start(disease, person.id, policy=policy))


def start_joint(
    diseases: Iterable[Disease], patient_id: str, *, policy: Mapping[str, str] | None = None, **person: Any
) -> JointCourses:
    """Start courses of diseases at hand; see ``singledisease.start_joint``, which also takes what they are called.

    Raises
    ------
    UsageError
        If no disease is named, one twice, or one whose pathway runs over linked sequences.
    DataError
        If what is said of the person would be refused in a file.
    """
    listed = tuple(diseases)
    ids = [disease.id for disease in listed]
    if not listed or len(set(ids)) < len(ids):
        raise UsageError(f"name at least one disease, and each once: {', '.join(ids) or 'none'}")
    return JointCourses(tuple(start(disease, patient_id, policy=policy, **person) for disease in listed))


def joint_courses_of(
    log: EventLog, patient_id: str, diseases: Iterable[Disease], policy: Mapping[str, str] | None = None
) -> JointCourses:
    """Give the courses of a person of a registry through the pathways of several diseases, as the log was known.

    Raises
    ------
    UsageError
        If there is nobody of that id, no disease is named, or one twice.
    """
    record = PersonRecord.of_log(log, patient_id)
    begun = start_joint(diseases, patient_id, policy=policy)
    courses = []
    for course in begun.courses:
        entered = begun_for(record.person, course)
        for event in record.counted():
            entered = entered.entered(event)
        courses.append(entered if record.known_until is None else entered.as_of(record.known_until))
    return evolve(begun, courses=tuple(courses))
