"""What an expression sees of one person: who it is, what happened, and the courses through the pathways."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import State
from singledisease.engines.reference.rows import Breach, Row
from singledisease.errors import UsageError, did_you_mean
from singledisease.eventlog.event import Event
from singledisease.eventlog.person import Person


@frozen
class Spell:
    """A spell of one person: in ``state`` from ``entered`` to the day before ``left``."""

    state: State
    entered: int
    left: int


@frozen
class PersonCourse:
    """The way of one person through one disease's pathway.

    ``spells`` tile the observed time; ``breaches`` are the missed timings that count as breaches, in the
    order in which they fell (``None``: nobody asked the engine for them).
    """

    disease: Disease
    spells: tuple[Spell, ...] = ()
    breaches: tuple[Breach, ...] | None = ()

    def state_on(self, day: int) -> State | None:
        """Give the state at the end of a day, ``None`` where no time was observed."""
        for spell in self.spells:
            if spell.entered <= day < spell.left:
                return spell.state
        return None


@frozen
class PersonContext:
    """One person, one question: what an expression is asked about.

    Attributes
    ----------
    events
        All events of the person, in canonical order.
    start, asked
        First day of the period, and the day on which the question is asked: no row later than that is seen.
    courses
        The person's way through the pathway of each disease, by disease id.
    row
        The row a row-level expression stands in, if any.
    """

    person: Person
    events: tuple[Event, ...]
    start: int
    asked: int
    courses: Mapping[str, PersonCourse]
    row: Row | None = None

    def course(self, disease: str) -> PersonCourse:
        """Give the person's way through the pathway of a disease.

        Raises
        ------
        UsageError
            If nobody walked the person through that pathway.
        """
        found = self.courses.get(disease)
        if found is None:
            raise UsageError(
                f"{disease!r} is asked for, but there are no courses of it; {did_you_mean(disease, self.courses)}"
            )
        return found

    def at(self, row: Row) -> PersonContext:
        """Give the same context, seen from a row."""
        return PersonContext(self.person, self.events, self.start, self.asked, self.courses, row)
