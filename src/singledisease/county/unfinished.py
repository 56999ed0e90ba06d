"""Linked sequences that are under way on a day: in which state, since when, where, and what they wait for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import numpy as np
from attrs import frozen

from singledisease.dates import MISSING, date_of
from singledisease.definitions.disease import Disease
from singledisease.errors import UsageError
from singledisease.eventlog.columns import Coded
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import OUTCOMES, Courses
from singledisease.tables import Heading, Table

HEADINGS: Mapping[str, Heading] = {
    "patient_id": ("患者", "patient"),
    "link": ("关联号", "link"),
    "state": ("状态", "state"),
    "since": ("自", "since"),
    "days": ("天数", "days"),
    "institution": ("最近机构", "last seen at"),
    "waits_for": ("待办", "waits for"),
    "role": ("责任人", "who"),
    "levels": ("机构级别", "level"),
    "due": ("期限", "due"),
    "overdue_days": ("逾期天数", "days overdue"),
}


class Walks(Protocol):
    """What is asked of an engine."""

    def walk(self, disease: Disease, log: EventLog, until: int, *, obligations: bool = False) -> Courses:
        """Walk everybody through the pathway of a resolved disease."""


def unfinished(log: EventLog, process: Disease, on: int, engine: Walks) -> Table:
    """List the sequences that are in no closed state at the end of a day, the longest overdue first.

    Parameters
    ----------
    log
        As it was known: call ``log.as_of`` first.
    process
        Resolved; its pathway runs over linked sequences.
    on
        The day: events after it are not taken.
    engine
        Walks: a module of ``engines``.

    Returns
    -------
    Table
        One row a sequence: state and the day it was entered, the institution of its last event (blank: it names none),
        and the earliest thing that it waits for, with role, levels and days overdue; ``None`` where it waits for
        nothing.

    Raises
    ------
    UsageError
        If the pathway runs over people.
    """
    if process.pathway.sequence != "link":
        raise UsageError(f"{process.id} 以人运行 / runs over people, not over linked sequences; see sd.worklist")
    courses = engine.walk(process, log, on, obligations=True)
    rows = sorted(_Sequences(process, log, courses, on).rows(), key=lambda row: (-row[-1], row[3], row[0], row[1]))
    called = {"state": {one.id: (one.names.zh, one.names.en) for one in process.pathway.states}}
    called["role"] = {one.id: (one.names.zh, one.names.en) for one in process.roles}
    called["waits_for"] = {one.id: (one.names.zh, one.names.en) for one in process.timings}
    return Table.of_rows(tuple(HEADINGS), rows, headings=HEADINGS, called=called)


@frozen(eq=False)
class _Sequences:
    """The sequences of one process, to be written as rows."""

    process: Disease
    log: EventLog
    courses: Courses
    on: int

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Give the cells of each sequence under way."""
        owner, links, spells = self.courses.owner, self.courses.link, self.courses.spells
        assert owner is not None
        assert links is not None
        awaited, places = self._awaited(), self._places()
        services = {service.id: service for service in self.process.services}
        for i in range(self.courses.people):
            last = int(spells.offsets[i + 1]) - 1
            if last < spells.offsets[i]:
                continue
            state = self.process.pathway.states[spells.state[last]]
            if state.stage == "closed":
                continue
            person, link, entered = int(owner[i]), str(links[i]), int(spells.entered[last])
            due, item = awaited.get(i, (None, None))
            service = services.get(item) if item else None
            yield (
                self.log.people.ids[person],
                link,
                state.id,
                date_of(entered),
                self.on - entered,
                places.get((person, link), ""),
                item,
                None if service is None else service.role,
                "" if service is None else "|".join(service.levels),
                None if due is None else date_of(due),
                0 if due is None else max(0, self.on - due),
            )

    def _awaited(self) -> dict[int, tuple[int, str]]:
        """Give the earliest obligation of each sequence that is open, or late and not made good."""
        made = self.courses.obligations
        assert made is not None
        late = (made.outcome == OUTCOMES.index("breached")) & (made.resolved == MISSING)
        found: dict[int, tuple[int, str]] = {}
        for i in np.flatnonzero(late | (made.outcome == OUTCOMES.index("open"))).tolist():
            timing = self.process.timings[made.timing[i]]
            one = (int(made.due[i]), timing.id)
            course = int(made.person[i])
            found[course] = min(found.get(course, one), one)
        return found

    def _places(self) -> dict[tuple[int, str], str]:
        """Give the institution of the last event of each link that names one."""
        links, places = self.log.columns.get("link"), self.log.columns.get("institution")
        if not isinstance(links, Coded) or not isinstance(places, Coded):
            return {}
        rows = np.flatnonzero((links.codes != 0) & (places.codes != 0) & (self.log.date <= self.on))
        owner = self.log.person[rows]
        return {
            (int(person), links.categories[links.codes[row]]): places.categories[places.codes[row]]
            for person, row in zip(owner, rows, strict=True)
        }
