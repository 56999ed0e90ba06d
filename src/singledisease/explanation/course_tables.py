"""The ways of people through a pathway as tables: spells, moves, missed and open obligations."""

from __future__ import annotations

import html
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING, date_of, iso
from singledisease.errors import UsageError
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import NO_ROW, OUTCOMES, Courses, Obligations
from singledisease.tables import Heading, Table

_HEADINGS: dict[str, Heading] = {
    "patient_id": ("患者编号", "Patient"),
    "link": ("关联号", "Link"),
    "state": ("状态", "State"),
    "stage": ("阶段", "Stage"),
    "names": ("名称", "Name"),
    "people": ("期末人数", "People at the end"),
    "sequences": ("期末例数", "Sequences at the end"),
    "spells": ("停留次数", "Stays"),
    "entered": ("进入日", "Entered"),
    "left": ("离开日", "Left"),
    "date": ("日期", "Date"),
    "source": ("原状态", "From"),
    "target": ("新状态", "To"),
    "timing": ("时限", "Timing"),
    "kind": ("事件", "Event"),
    "file": ("文件", "File"),
    "line": ("行", "Line"),
    "started": ("起算日", "Started"),
    "due": ("到期日", "Due"),
    "outcome": ("结果", "Outcome"),
    "ended": ("结束日", "Ended"),
    "resolved": ("补做日", "Made good"),
}


@frozen(kw_only=True)
class CourseTables:
    """Courses and the log they were walked from, to be read as tables.

    Every table names the event that led there (``kind``, ``file``, ``line``) or the timing that did; where neither
    stands the cause is the start of observed time or a date of death.  Of a pathway over linked sequences a row also
    says which it is of (``link``).
    """

    courses: Courses
    log: EventLog

    @property
    def spells(self) -> Table:
        """Stays in states: ``left`` is the first day no longer in it, missing if the stay goes on at the end."""
        spells = self.courses.spells
        number = np.repeat(np.arange(self.courses.people), np.diff(spells.offsets))
        goes_on = spells.left == self.courses.until + 1
        columns = self._whose(number) | {
            "state": self._states(spells.state),
            "stage": [self.courses.disease.pathway.states[state].stage for state in spells.state],
            "entered": _dates(spells.entered),
            "left": _dates(np.where(goes_on, MISSING, spells.left)),
        }
        return Table(columns | self._cause(spells.row, spells.timing), headings=_HEADINGS)

    @property
    def states(self) -> Table:
        """How many people, or linked sequences, are in each state at the end of the last day, and how many stays."""
        spells = self.courses.spells
        states = self.courses.disease.pathway.states
        at_end = spells.state[spells.left == self.courses.until + 1]
        columns = {
            "state": [state.id for state in states],
            "names": [f"{state.names.zh} / {state.names.en}" for state in states],
            "stage": [state.stage for state in states],
            self._counted: np.bincount(at_end, minlength=len(states)).tolist(),
            "spells": np.bincount(spells.state, minlength=len(states)).tolist(),
        }
        return Table(columns, headings=_HEADINGS)

    @property
    def _counted(self) -> str:
        return "people" if self.courses.link is None else "sequences"

    def __str__(self) -> str:
        return f"{self._title()}\n{self.states}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self._title())}</p>{self.states._repr_html_()}"

    def _title(self) -> str:
        disease, courses = self.courses.disease, self.courses.people
        what = "人 / people" if self.courses.link is None else "例 / sequences"
        return f"{disease.names.zh} / {disease.names.en}: {courses:,} {what}, … {iso(self.courses.until)}"

    @property
    def moves(self) -> Table:
        """Every change of state, those undone on the same day included."""
        moves = self.courses.moves
        columns = self._whose(moves.person) | {
            "date": _dates(moves.date),
            "source": self._states(moves.source),
            "target": self._states(moves.target),
        }
        return Table(columns | self._cause(moves.row, moves.timing), headings=_HEADINGS)

    @property
    def obligations(self) -> Table:
        """Every run of every timing with its outcome and the event that met it, or made it good late."""
        made = self._obligations()
        return self._runs(np.ones(len(made.person), bool))

    @property
    def breaches(self) -> Table:
        """Timings that were missed and count as a breach: late from ``ended`` on, made good on ``resolved``."""
        made = self._obligations()
        counts = np.array([timing.breach for timing in self.courses.disease.timings], bool)
        return self._runs((made.outcome == OUTCOMES.index("breached")) & counts[made.timing])

    @property
    def open(self) -> Table:
        """Timings that still run on the last day."""
        return self._runs(self._obligations().outcome == OUTCOMES.index("open"))

    def _obligations(self) -> Obligations:
        if self.courses.obligations is None:
            raise UsageError("these courses were walked without obligations; walk with obligations=True")
        return self.courses.obligations

    def _runs(self, chosen: NDArray[np.bool_]) -> Table:
        made = self._obligations()
        ids = [timing.id for timing in self.courses.disease.timings]
        columns = self._whose(made.person[chosen]) | {
            "timing": [ids[timing] for timing in made.timing[chosen]],
            "started": _dates(made.started[chosen]),
            "due": _dates(made.due[chosen]),
            "outcome": [OUTCOMES[outcome] for outcome in made.outcome[chosen]],
            "ended": _dates(made.ended[chosen]),
            "resolved": _dates(made.resolved[chosen]),
        }
        return Table(columns | self._events(made.row[chosen]), headings=_HEADINGS)

    def _whose(self, number: NDArray[np.int64]) -> dict[str, list[Any]]:
        """Say of courses, by number, whose they are and what links their events."""
        owners = {"patient_id": list(self.log.people.ids[self.courses.whose[number]])}
        return owners if self.courses.link is None else owners | {"link": list(self.courses.link[number])}

    def _states(self, codes: NDArray[np.uint8]) -> list[str]:
        return [self.courses.disease.pathway.states[code].id for code in codes]

    def _cause(self, rows: NDArray[np.int64], timings: NDArray[np.int16]) -> dict[str, list[Any]]:
        ids = [timing.id for timing in self.courses.disease.timings]
        return {"timing": [None if t == NO_ROW else ids[t] for t in timings], **self._events(rows)}

    def _events(self, rows: NDArray[np.int64]) -> dict[str, list[Any]]:
        places = [(None, None) if row == NO_ROW else self.log.place(row) for row in rows]
        return {
            "kind": [None if row == NO_ROW else self.log.kind.text(row) for row in rows],
            "file": [file for file, _ in places],
            "line": [line for _, line in places],
        }


def _dates(days: NDArray[np.int32]) -> list[Any]:
    return [None if day == MISSING else date_of(day) for day in days.tolist()]
