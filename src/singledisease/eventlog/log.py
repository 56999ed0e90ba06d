"""The event log: columns sorted by person and canonical order, with person offsets.  Immutable."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING, asked_day, iso
from singledisease.errors import did_you_mean
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, value_at
from singledisease.eventlog.event import Event
from singledisease.eventlog.institutions import ActivityColumns as ActivityColumns  # noqa: PLC0414
from singledisease.eventlog.institutions import InstitutionColumns as InstitutionColumns  # noqa: PLC0414
from singledisease.eventlog.institutions import Teams as Teams  # noqa: PLC0414
from singledisease.eventlog.person import Person
from singledisease.eventlog.report import LoadReport
from singledisease.frozen_mapping import frozen_mapping
from singledisease.kept import Kept
from singledisease.read_only import holds_arrays, read_only


@holds_arrays
@frozen(eq=False, kw_only=True)
class People:
    """One row per person, sorted by id.

    Attributes
    ----------
    ids
        Object array of texts, ascending.
    birth, death, death_recorded
        int32 days with ``dates.MISSING``; ``death_recorded`` is filled with ``death`` where it was blank.
    sex
        Codes into ``("", "male", "female", "unknown")``: every person has one of the last three.
    attributes
        institution, team, region and any further column, as codes.
    typed
        The further columns that were declared to hold something other than text, as that.
    """

    ids: NDArray[np.object_] = field(converter=read_only)
    birth: NDArray[np.int32] = field(converter=read_only)
    death: NDArray[np.int32] = field(converter=read_only)
    death_recorded: NDArray[np.int32] = field(converter=read_only)
    sex: Coded
    attributes: Mapping[str, Coded] = field(converter=frozen_mapping)
    typed: Mapping[str, AnyColumn] = field(factory=dict, converter=frozen_mapping)

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, part: Any) -> People:
        """Give some of the people, named by a slice (nothing is copied) or by their places, ascending."""
        return People(
            ids=self.ids[part],
            birth=self.birth[part],
            death=self.death[part],
            death_recorded=self.death_recorded[part],
            sex=self.sex[part],
            attributes={name: column[part] for name, column in self.attributes.items()},
            typed={name: column[part] for name, column in self.typed.items()},
        )


@holds_arrays
@frozen(eq=False, kw_only=True)
class Provenance:
    """From which file and line each row came: codes into ``files``, and line numbers from 1."""

    files: tuple[str, ...]
    file: NDArray[np.uint16] = field(converter=read_only)
    line: NDArray[np.int64] = field(converter=read_only)


@holds_arrays
@frozen(eq=False, kw_only=True, repr=False)
class EventLog:
    """Events of people, in canonical order, with what is known of when they became known.

    Attributes
    ----------
    people
        One row per person, sorted by id; people without events are among them.
    offsets
        int64 (people + 1): the rows of person i are ``offsets[i]:offsets[i + 1]``.
    date
        int32 day of each row.
    kind
        Kind of each row.
    columns
        Every further column that was given, by name; one that was not given is absent.
        ``recorded`` is filled with the date where it was blank, if it was given at all.
    source
        File and line of each row.
    institutions, teams, activities
        The tables that are about no person; empty if they were not given.
    known_until
        The day of ``as_of``, or ``None`` if everything counts whenever it was recorded.
    kept
        What has been worked out of the log so that asking again is faster: ``kept.nbytes`` says how much that is,
        ``kept.release()`` lets go of it.

    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01"}, {"patient_id": "P2", "birth_date": None}]
    >>> rows = [{"patient_id": "P1", "date": "2024-04-02", "kind": "follow_up", "sbp": 128, "dbp": 78}]
    >>> log = sd.read_frames(people, rows)
    >>> log
    EventLog(2 people, 1 events, 2024-04-02..2024-04-02)
    >>> [str(event) for event in log.events_of(log.find("P1"))]
    ['2024-04-02 follow_up sbp=128.0 dbp=78.0']
    """

    people: People
    offsets: NDArray[np.int64] = field(converter=read_only)
    date: NDArray[np.int32] = field(converter=read_only)
    kind: Coded
    columns: Mapping[str, AnyColumn] = field(converter=frozen_mapping)
    source: Provenance
    institutions: InstitutionColumns = field(factory=InstitutionColumns)
    teams: Teams = field(factory=Teams)
    activities: ActivityColumns = field(factory=ActivityColumns)
    report: LoadReport = field(factory=LoadReport)
    known_until: int | None = None
    kept: Kept = field(factory=Kept, init=False, eq=False)

    def __len__(self) -> int:
        return len(self.date)

    def __repr__(self) -> str:
        days = f", {iso(int(self.date.min()))}..{iso(int(self.date.max()))}" if len(self) else ""
        known = "" if self.known_until is None else f", as of {iso(self.known_until)}"
        return f"EventLog({len(self.people):,} people, {len(self):,} events{days}{known})"

    def _repr_html_(self) -> str:
        report = "<br>".join(html.escape(line) for line in self.report.summary(most=0).splitlines())
        return f"<p>{html.escape(repr(self))}</p><p>{report}</p>"

    @property
    def person(self) -> NDArray[np.int64]:
        """The person of each row, as index into ``people``."""
        return read_only(np.repeat(np.arange(len(self.people)), np.diff(self.offsets)))

    def column(self, name: str) -> AnyColumn | None:
        """Give a column of events, ``date`` and ``kind`` included; ``None`` if it was not given."""
        if name == "date":
            return Dates(self.date)
        if name == "kind":
            return self.kind
        return self.columns.get(name)

    def event(self, row: int) -> Event:
        """Give one row as an event."""
        values = {name: value_at(column, row) for name, column in self.columns.items()}
        return Event(self.kind.categories[self.kind.codes[row]], int(self.date[row]), row=row, values=values)

    def events_of(self, person: int) -> tuple[Event, ...]:
        """Give the events of one person, in canonical order."""
        return self.events_at(np.arange(self.offsets[person], self.offsets[person + 1]))

    def events_at(self, rows: NDArray[np.int64]) -> tuple[Event, ...]:
        """Give some rows as events, in their order."""
        values: list[dict[str, Any]] = [{} for _ in rows]
        # Most rows say nothing in most columns: only what is said is looked at, column by column.
        for name, column in self.columns.items():
            part = column[rows]
            for i in np.flatnonzero(part.known).tolist():
                values[i][name] = value_at(part, i)
        kinds = [self.kind.categories[code] for code in self.kind.codes[rows].tolist()]
        given = zip(kinds, self.date[rows].tolist(), rows.tolist(), values, strict=True)
        return tuple(Event(kind, day, row=row, values=said) for kind, day, row, said in given)

    def person_at(self, person: int) -> Person:
        """Give one person as plain values."""
        people = self.people

        def day(column: NDArray[np.int32]) -> int | None:
            return None if column[person] == MISSING else int(column[person])

        return Person(
            id=people.ids[person],
            birth=day(people.birth),
            sex=people.sex.text(person) or "unknown",
            death=day(people.death),
            death_recorded=day(people.death_recorded),
            attributes={
                name: text for name, column in people.attributes.items() if (text := column.text(person)) is not None
            },
        )

    def find(self, patient_id: str) -> int:
        """Give the index of a person; raises ``KeyError`` if there is none of that id."""
        i = int(np.searchsorted(self.people.ids, patient_id))
        if i == len(self.people) or self.people.ids[i] != patient_id:
            raise KeyError(patient_id)
        return i

    def place(self, row: int) -> tuple[str, int]:
        """Give file and line of a row."""
        return self.source.files[self.source.file[row]], int(self.source.line[row])

    def take(self, rows: NDArray[np.int64]) -> EventLog:
        """Give the log of some rows, which must keep the order of their persons; people stay."""
        person = self.person[rows]
        offsets = np.zeros(len(self.people) + 1, np.int64)
        np.cumsum(np.bincount(person, minlength=len(self.people)), out=offsets[1:])
        return self._of_rows(rows, offsets, self.people)

    def _of_rows(self, rows: NDArray[np.int64], offsets: NDArray[np.int64], people: People) -> EventLog:
        return evolve(
            self,
            people=people,
            offsets=offsets,
            date=self.date[rows],
            kind=self.kind[rows],
            columns={name: column[rows] for name, column in self.columns.items()},
            source=evolve(self.source, file=self.source.file[rows], line=self.source.line[rows]),
        )

    def as_of(self, day: int | None) -> EventLog:
        """Give the log as it was known at the end of a day; see ``knowledge.as_of``."""
        from singledisease.eventlog.as_of import as_of  # noqa: PLC0415  (it stands above this module)

        return as_of(self, None if day is None else asked_day("day", day))

    def __add__(self, other: EventLog) -> EventLog:
        """Join two logs; see ``joining.join``."""
        from singledisease.eventlog.concatenate import join  # noqa: PLC0415  (it stands above this module)

        return join(self, other)

    def only(self, people: Iterable[str] | NDArray[np.int64]) -> EventLog:
        """Give the log of some people, all their events with them; the load report remains that of all.

        Parameters
        ----------
        people
            Their ids in any order, or their places among ``people``, ascending.

        Raises
        ------
        KeyError
            If there is nobody of an id.

        >>> import singledisease as sd
        >>> log = sd.simulate(patients=5, seed=1).log()
        >>> first, last = log.people.ids[0], log.people.ids[-1]
        >>> log.only([last, first]).people.ids.tolist() == [first, last]
        True
        """
        places = people if isinstance(people, np.ndarray) else self._places(people)
        first, number = self.offsets[places], self.offsets[places + 1] - self.offsets[places]
        offsets = np.concatenate(([0], np.cumsum(number)))
        rows = np.repeat(first - offsets[:-1], number) + np.arange(offsets[-1])
        return self._of_rows(rows, offsets, self.people[places])

    def _places(self, people: Iterable[str]) -> NDArray[np.int64]:
        try:
            return np.array(sorted({*map(self.find, people)}), np.int64)
        except KeyError as error:
            hint = did_you_mean(str(error.args[0]), self.people.ids[:1000].tolist())
            raise KeyError(f"没有此人 / there is nobody called {error.args[0]!r}; {hint}") from None

    def part(self, first: int, last: int) -> EventLog:
        """Give the log of people ``first:last``, the same one each time it is asked for; see ``slice``."""
        found: EventLog = self.kept.of(("part", first, last), lambda: self.slice(first, last))
        return found

    def slice(self, first: int, last: int) -> EventLog:
        """Give the log of people ``first:last``; columns are views, nothing is copied but the offsets."""
        lo, hi = int(self.offsets[first]), int(self.offsets[last])
        rows = np.s_[lo:hi]
        return evolve(
            self,
            people=self.people[first:last],
            offsets=self.offsets[first : last + 1] - lo,
            date=self.date[rows],
            kind=self.kind[rows],
            columns={name: column[rows] for name, column in self.columns.items()},
            source=evolve(self.source, file=self.source.file[rows], line=self.source.line[rows]),
        )
