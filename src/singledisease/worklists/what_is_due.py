"""What is due on a day: for whom, by when, by which role at which institution, and why.

Everybody's open and overdue obligations, as the walk through the pathway made them.  A time-out, which no event
can meet, is nothing that anyone has to do; nor is a timing of the pathway whose passing is no breach.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING, Period, date_of, iso
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease, Service
from singledisease.definitions.resolve import resolve_disease
from singledisease.errors import UsageError, did_you_mean
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import Sequences, Value
from singledisease.pathway_courses import OUTCOMES, Courses
from singledisease.person_values import Values
from singledisease.strata import OF_INSTITUTION, OF_TEAM, labels_of
from singledisease.tables import Heading, Table

HEADINGS: Mapping[str, Heading] = {
    "patient_id": ("患者", "patient"),
    "disease": ("病种", "disease"),
    "item": ("项目", "item"),
    "names": ("项目名称", "what"),
    "due": ("期限", "due"),
    "overdue_days": ("逾期天数", "days overdue"),
    "role": ("责任人", "who"),
    "levels": ("机构级别", "level"),
    "institution": ("机构", "institution"),
    "reason": ("原因", "why"),
    "link": ("关联号", "link"),
}
COLUMNS = tuple(name for name in HEADINGS if name != "link")

_OPEN, _BREACHED = OUTCOMES.index("open"), OUTCOMES.index("breached")


class DueEngine(Protocol):
    """What is asked of an engine."""

    def walk(self, disease: Disease, log: EventLog, until: int, *, obligations: bool = False) -> Courses:
        """Walk everybody through the pathway of a resolved disease."""

    def values(
        self, expressions: Sequence[Value], log: EventLog, periods: Sequence[Period], courses: Mapping[str, Courses]
    ) -> Sequence[Values]:
        """Value expressions for every period and person."""

    @property
    def row_values(self) -> Any:
        """Value expressions for every row of a selection."""


def worklist(
    logs: EventLog | Iterable[EventLog],
    diseases: Iterable[Disease],
    on: int,
    engine: DueEngine,
    *,
    by: Sequence[str] = (),
    policy: Mapping[str, str] | None = None,
    language: str = "both",
    ahead: int | None = None,
) -> Table:
    """List what is due, one row for each person and item.

    Parameters
    ----------
    logs
        As it was known: call ``log.as_of`` first.  Or several that share nobody, looked at one after the other.
    diseases
        Whose services are listed; not resolved yet.
    on
        The day: events after it are not taken, and what falls due on it is not late yet.
    engine
        Walks and values: a module of ``engines``.
    by
        Columns to sort by before anything else: of the list, ``team``, ``region``, ``sex``, ``institution.<column>``,
        ``team.<column>``, or a further one of patients; who is responsible is asked on the day.
    policy
        Values of parameters that may be set, such as ``lost_after``.
    language
        Of names and reasons: ``zh``, ``en`` or ``both``.
    ahead
        Leave out what falls due more than so many days after ``on``; ``None``: nothing.

    Returns
    -------
    Table
        Sorted by what needs care first: people past prevention, then the earliest due.  Where a pathway runs over
        linked sequences there is a row for each sequence and item, and a column ``link``.

    Raises
    ------
    UsageError
        For an unknown column in ``by``.
    """
    resolved_ones = [resolve_disease(disease, policy or {}) for disease in diseases]
    linked = any(disease.pathway.sequence == "link" for disease in resolved_ones)
    further: tuple[str, ...] = ()
    rows: list[tuple[Any, tuple[Any, ...]]] = []
    for log in (logs,) if isinstance(logs, EventLog) else logs:
        further = _further(by, log, linked)
        for resolved in resolved_ones:
            courses = engine.walk(resolved, log, on, obligations=True)
            rows.extend(_Open(resolved, log, courses, engine, on, language, further).rows(ahead))
    names = (*COLUMNS, *further)
    places = [names.index(name) for name in by]
    rows.sort(key=lambda row: (*(_ordered(row[1][place]) for place in places), row[0]))
    return Table.of_rows(names, (row for _, row in rows), headings=HEADINGS)


def _further(by: Sequence[str], log: EventLog, linked: bool) -> tuple[str, ...]:
    """Give the columns that the list does not have by itself: the link of a sequence, and what it is sorted by."""
    links = ("link",) if linked else ()
    known = {"team", "sex", "region", *links, *log.people.attributes}
    known |= {OF_INSTITUTION + name for name in log.institutions.columns} | {
        OF_TEAM + name for name in log.teams.columns
    }
    for name in by:
        if name not in known and name not in COLUMNS:
            raise UsageError(f"a worklist cannot be sorted by {name!r}; {did_you_mean(name, {*known, *COLUMNS})}")
    return tuple(dict.fromkeys((*links, *(name for name in by if name not in COLUMNS))))


def _ordered(cell: Any) -> tuple[bool, str]:
    return cell is not None, "" if cell is None else str(cell)


@frozen(eq=False)
class _Open:
    """The open and overdue obligations of one disease, to be written as rows."""

    disease: Disease
    log: EventLog
    courses: Courses
    engine: DueEngine
    on: int
    language: str
    further: tuple[str, ...]

    def rows(self, ahead: int | None) -> Iterator[tuple[Any, tuple[Any, ...]]]:
        """Give a key to sort by and the cells of each row."""
        assert self.courses.obligations is not None
        due = self.courses.obligations.due
        states, ids = self._states_now(), self.log.people.ids[self.courses.whose]
        services, columns = self._services, self._columns()
        for i in self._listed():
            if ahead is not None and due[i] > self.on + ahead:
                continue
            course = int(self.courses.obligations.person[i])
            state = self.disease.pathway.states[states[course]]
            timing = self.disease.timings[self.courses.obligations.timing[i]]
            service = services.get(timing.id)
            key = (state.stage == "prevention", int(due[i]), ids[course], self.disease.id, timing.id, course)
            cells = (
                ids[course],
                self.disease.id,
                timing.id,
                self._say(timing.names),
                date_of(int(due[i])),
                max(0, self.on - int(due[i])),
                self._role(service),
                "" if service is None else "|".join(service.levels),
                columns["institution"][course],
                self._say(_reason(state.names, int(self.courses.obligations.started[i]), int(due[i]), self.on)),
                *(columns[name][course] for name in self.further),
            )
            yield key, cells

    def _listed(self) -> NDArray[np.int64]:
        """Give the obligations to list: still open or overdue, somebody's to do, and of people they are for."""
        found = self.courses.obligations
        assert found is not None
        services = self._services
        work = [timing.id in services or (timing.can_be_met and timing.breach) for timing in self.disease.timings]
        wanted = np.array(work, bool)
        overdue = (found.outcome == _BREACHED) & (found.resolved == MISSING)
        listed = ((found.outcome == _OPEN) | overdue) & wanted[found.timing]
        for i, applies in self._applies():
            listed &= (found.timing != i) | applies[found.person]
        return np.flatnonzero(listed)

    def _applies(self) -> Iterator[tuple[int, NDArray[np.bool_]]]:
        """Give, for each timing with a condition, the courses for which it is not known to be false."""
        asked = [service for service in self.disease.services if service.applies is not None]
        found = self._values([service.applies for service in asked if service.applies is not None])
        places = {timing.id: i for i, timing in enumerate(self.disease.timings)}
        for service, values in zip(asked, found, strict=True):
            yield places[service.id], ~values.known | values.true

    def _columns(self) -> dict[str, list[str]]:
        """Give institution and further columns of the person of each course, and its link; blank where missing.

        Institution and team are those of the last assignment in force on the day, else the person's own, as in the
        strata of figures, so that work and figures of a team are of the same people.
        """
        names = [name for name in dict.fromkeys(("institution", *self.further)) if name != "link"]
        day = self.on if self.log.known_until is None else min(self.on, self.log.known_until)
        # A process hears events of any disease, and so any assignment.
        concerned = "" if self.disease.pathway.tags == "any" else self.disease.id
        columns = {}
        for name in names:
            labels = labels_of(name, self.log, [day], concerned)
            columns[name] = [labels.texts[code] for code in labels.codes[0][self.courses.whose].tolist()]
        links = self.courses.link
        return columns | {"link": [""] * self.courses.people if links is None else links.tolist()}

    def _values(self, expressions: Sequence[Value]) -> list[Values]:
        """Value expressions for each course, on the day."""
        if not expressions:
            return []
        period, courses = Period(self.on, self.on), {self.disease.id: self.courses}
        if self.courses.link is not None:
            of = Sequences(self.disease.id)
            _, found = self.engine.row_values(of, expressions, self.log, [period], courses)
            return list(found)
        people = self.engine.values(expressions, self.log, [period], courses)
        return [Values(one.kind, one.value[0], one.known[0]) for one in people]

    def _states_now(self) -> NDArray[np.uint8]:
        """Give the state of each course on the day; meaningless where no time is observed."""
        spells = self.courses.spells
        if not len(spells.state):
            return np.zeros(self.courses.people, np.uint8)
        return spells.state[np.maximum(spells.offsets[1:] - 1, 0)]

    @property
    def _services(self) -> dict[str, Service]:
        return {service.id: service for service in self.disease.services}

    def _role(self, service: Service | None) -> str:
        roles = {role.id: role.names for role in self.disease.roles}
        return "" if service is None else self._say(roles.get(service.role, Names(service.role, service.role)))

    def _say(self, names: Names) -> str:
        if self.language == "both":
            return names.zh if names.zh == names.en else f"{names.zh} / {names.en}"
        return names.in_language(self.language)


def _reason(state: Names, started: int, due: int, on: int) -> Names:
    since, last = iso(started), iso(due)
    if on > due:
        return Names(
            f"现处“{state.zh}”；自{since}起计，应于{last}前完成，已逾期{on - due}天",
            f"in state “{state.en}”; counted from {since}, was due by {last}, {on - due} days late",
        )
    return Names(
        f"现处“{state.zh}”；自{since}起计，应于{last}前完成",
        f"in state “{state.en}”; counted from {since}, due by {last}",
    )
