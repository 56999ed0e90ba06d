"""What an expression sees: a person, what happened, and the courses through the pathways; and the row it stands in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import NamedTuple

from attrs import frozen

from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import State
from singledisease.engines.reference.course_records import ObligationRecord, Spell
from singledisease.engines.reference.rows import Row, TableRow
from singledisease.errors import UsageError, did_you_mean
from singledisease.eventlog.event import Event
from singledisease.eventlog.log import InstitutionColumns
from singledisease.eventlog.person import Person


@frozen
class PersonCourse:
    """The course of one person, or of one linked sequence, through one disease's pathway.

    Attributes
    ----------
    spells
        They tile the observed time, in its order.
    obligations
        Every run of every timing; ``None``: nobody asked the engine for them.
    place
        Its number among ``pathway_courses.Courses``, -1 if it comes from none.
    first
        The event with which a linked sequence begins.
    """

    spells: tuple[Spell, ...] = ()
    obligations: tuple[ObligationRecord, ...] | None = ()
    place: int = -1
    first: Event | None = None

    def state_on(self, day: int) -> State | None:
        """Give the state at the end of a day, ``None`` where no time was observed."""
        last = bisect_right(self.spells, day, key=_entered) - 1
        return self.spells[last].state if last >= 0 and day < self.spells[last].left else None


def _entered(spell: Spell) -> int:
    return spell.entered


@frozen
class DiseaseCourses:
    """The courses of one person through one disease's pathway: one, or one for each linked sequence.

    ``of_sequence``: only that of the sequence in whose row an expression stands.
    """

    disease: Disease
    each: tuple[PersonCourse, ...] = ()
    of_sequence: bool = False

    @property
    def one(self) -> PersonCourse:
        """The one course that questions about the state are asked of.

        Raises
        ------
        UsageError
            If there is one for each linked sequence, and none of them is meant.
        """
        if self.disease.pathway.sequence == "link" and not self.of_sequence:
            raise UsageError(
                f"{self.disease.id} runs over linked sequences, so a person has no one state of it; "
                f'ask in a row of sequences("{self.disease.id}")'
            )
        return self.each[0]


class PersonContext(NamedTuple):
    """One person, or one institution, and one question: what an expression is asked about.

    Attributes
    ----------
    person
        Who; of an institution nobody.
    events
        All events of the person, in canonical order; of an institution all that name it, person by person.
    start, asked
        First day of the period, and the day on which its question is asked.
    seen
        The last day seen: no row later than that is there.  The day asked on, unless the measure matures later.
    courses
        The courses through the pathway of each disease, by disease id.
    institutions
        The institutions of the registry.
    of_institutions, activities
        Rows of institutions and of what they did; a person has none.
    row, outer
        The row an expression stands in, if any, and the row in which the selection of that row stands.
    belongs
        Of an institution: gives the context of the person, or of the institution, that a row is of.
        ``None``: every row here is of this person.

    Every event that is heard makes one, and a named tuple is made in half the time of a frozen class.
    """

    person: Person
    events: tuple[Event, ...]
    start: int
    asked: int
    seen: int
    courses: Mapping[str, DiseaseCourses]
    row: Row | None = None
    outer: Row | None = None
    institutions: InstitutionColumns = InstitutionColumns()
    of_institutions: tuple[TableRow, ...] = ()
    activities: tuple[TableRow, ...] = ()
    belongs: Callable[[Row], PersonContext] | None = None

    def of_disease(self, disease: str) -> DiseaseCourses:
        """Give the courses through the pathway of a disease.

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

    @property
    def standing(self) -> Row | None:
        """The row in which a selection stands that is named here."""
        return self.outer if self.row is None else self.row

    def at(self, row: Row) -> PersonContext:
        """Give what is seen from a row of a selection that is named here: whose it is, with what is there outside."""
        whose = self if self.belongs is None else self.belongs(row)
        courses = whose.courses
        if isinstance(row, TableRow) and row.source == "sequences":
            courses = {**courses, row.disease: _of_sequence(courses[row.disease], row)}
        return whose._replace(row=row, outer=self.standing, courses=courses)

    def before_rows(self) -> PersonContext:
        """Give what a window of a selection sees that is named here: there are no rows of it yet."""
        return self if self.row is None else self._replace(row=None, outer=self.row)


def _of_sequence(found: DiseaseCourses, row: TableRow) -> DiseaseCourses:
    course = next(each for each in found.each if each.first is not None and each.first.get("link") == row.get("link"))
    return DiseaseCourses(found.disease, (course,), of_sequence=True)
