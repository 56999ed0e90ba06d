"""Registries, courses and values as small text tables, to be read beside the fact they show.

A table is a heading and rows, columns parted by blanks; ``.`` is a blank cell.  What comes out of an engine is
written the same way, one line a row, so that expected and found can be compared and shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from attrs import frozen

from singledisease.dates import MISSING, Maturity, Period, day_of, iso, periods
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import resolve_disease, resolve_value
from singledisease.eventlog.build import build
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import raw_rows
from singledisease.language.parse import parse
from singledisease.pathway_courses import NO_ROW, NO_STATE, OUTCOMES, Courses
from singledisease.vocabulary import Quantity

EVENTS = "who date kind"
PEOPLE = "who birth"


# IN


def lines(text: str) -> list[str]:
    """Give the lines of a table, heading first, each with single blanks."""
    return [" ".join(line.split()) for line in text.strip().splitlines() if line.strip()]


def log_of(
    events: str = EVENTS,
    people: str = "",
    as_of: str | None = None,
    *,
    quantities: Iterable[Quantity] = (),
    institutions: str = "",
    activities: str = "",
) -> EventLog:
    """Make a log of two tables; who has events need not be among the people, unless something is said of them.

    Headings of ``people``: who, birth, death, sex and further columns; of ``events``: who, date, kind and any
    column; of ``institutions``: institution and any column; of ``activities``: institution, date, kind and any column.
    No row may be refused.
    """
    happened, persons = _columns(events), _columns(people or PEOPLE)
    known = persons.pop("who")
    further = [who for who in dict.fromkeys(happened["who"]) if who not in known]
    named = {"birth": "birth_date", "death": "death_date"}
    columns = {named.get(name, name): [*cells, *[""] * len(further)] for name, cells in persons.items()}
    columns.setdefault("birth_date", [""] * (len(known) + len(further)))
    happened["patient_id"] = happened.pop("who")
    tables = raw_rows("patients", {"patient_id": [*known, *further], **columns}), raw_rows("events", happened)
    places = raw_rows("institutions", _columns(institutions)) if institutions else None
    did = raw_rows("activities", _columns(activities)) if activities else None
    log = build(*tables, places, activities=did, quantities=tuple(quantities))
    assert not log.report.refusals, log.report.refusals
    return log.as_of(None if as_of is None else day_of(as_of))


def _columns(text: str) -> dict[str, list[str]]:
    heading, *rows = (line.split() for line in lines(text))
    for row in rows:
        assert len(row) == len(heading), f"{row} does not fit under {heading}"
    return {name: ["" if row[i] == "." else row[i] for row in rows] for i, name in enumerate(heading)}


# OUT


@frozen
class Engine:
    """One engine, and what it finds written as tables."""

    name: str
    walk: Callable[..., Courses]
    value: Callable[..., Any]
    row_value: Callable[..., Any]

    def courses(self, disease: Disease, events: str, until: str, people: str = "") -> tuple[EventLog, Courses]:
        """Walk everyone, obligations included."""
        log = log_of(events, people, quantities=disease.quantities)
        return log, self.walk(disease, log, day_of(until), obligations=True)

    def spells(self, disease: Disease, events: str = EVENTS, *, until: str, people: str = "") -> list[str]:
        """Write the spells; ``to`` is the last day, ``cause`` the event (``kind#n``: the person's nth) or timing."""
        log, courses = self.courses(disease, events, until, people)
        found = [
            f"{_who(log, courses, number)} {line}"
            for number in range(courses.people)
            for line in self.spells_of(log, courses, number)
        ]
        return ["who state from to cause", *found]

    def spells_of(self, log: EventLog, courses: Courses, number: int) -> list[str]:
        """Write the spells of one course, without who it is."""
        found = courses.spells
        return [
            " ".join(
                [
                    _state(courses, found.state[i]),
                    iso(int(found.entered[i])),
                    iso(int(found.left[i]) - 1),
                    _cause(log, courses, found, i),
                ]
            )
            for i in range(found.offsets[number], found.offsets[number + 1])
        ]

    def moves(self, disease: Disease, events: str = EVENTS, *, until: str, people: str = "") -> list[str]:
        """Write every move, also those undone on the same day."""
        return ["who date from to cause", *_moves(*self.courses(disease, events, until, people))]

    def obligations(self, disease: Disease, events: str = EVENTS, *, until: str, people: str = "") -> list[str]:
        """Write every run of every timing."""
        heading = "who timing started due outcome ended by resolved"
        return [heading, *_obligations(*self.courses(disease, events, until, people))]

    def at_rows(self, disease: Disease, events: str, *, until: str, people: str = "") -> list[str]:
        """Write the state at the end of each event's day."""
        return ["who date kind state", *_at_rows(*self.courses(disease, events, until, people))]

    def values(self, expression: str, events: str = EVENTS, *, period: str = "2024", **registry: Any) -> list[str]:
        """Write the value of an expression for each person, ``?`` where it is unknown or missing.

        With several periods (``2024/quarter``) each line names the last day of its period.  ``registry``: see
        ``_asked``.
        """
        asked = self._asked(events, period, **registry)
        log, wanted = asked.log, asked.periods
        (found,) = self.value([asked.resolved(expression)], log, wanted, asked.courses, **asked.maturing)
        several = len(wanted) > 1
        return [
            "who period value" if several else "who value",
            *(
                " ".join([log.people.ids[i], *([iso(span.end)] if several else []), _written(found, (p, i))])
                for i in range(len(log.people))
                for p, span in enumerate(wanted)
            ),
        ]

    def rows(
        self, of: str, expression: str, events: str = EVENTS, *, period: str = "2024", **registry: Any
    ) -> list[str]:
        """Write the value of an expression for each row of a selection; an event is ``kind#n``, any other its date.

        With several periods each line names the last day of its period.  ``registry``: see ``_asked``.
        """
        asked = self._asked(events, period, **registry)
        log, wanted = asked.log, asked.periods
        domain, (found,) = self.row_value(
            asked.resolved(of), [asked.resolved(expression)], log, wanted, asked.courses, **asked.maturing
        )
        whose = log.institutions.ids if domain.source in ("institutions", "activities") else log.people.ids
        several = len(wanted) > 1
        return [
            "who period row value" if several else "who row value",
            *(
                " ".join(
                    [
                        whose[domain.owner[i]],
                        *([iso(wanted[domain.period[i]].end)] if several else []),
                        _event(log, int(domain.row[i])) if domain.source == "events" else _day(domain.date[i]),
                        _written(found, i),
                    ]
                )
                for i in range(len(domain))
            ),
        ]

    def _asked(
        self,
        events: str,
        period: str,
        *,
        people: str = "",
        institutions: str = "",
        activities: str = "",
        diseases: Iterable[Disease] = (),
        as_of: str | None = None,
        matures: int | Maturity = 0,
        policy: Mapping[str, str] = MappingProxyType({}),
    ) -> _Asked:
        """Make the registry and the courses of some diseases, and say how long after the periods is looked."""
        diseases = tuple(diseases)
        measured = {each.name: each for disease in diseases for each in disease.quantities}
        tables = {"institutions": institutions, "activities": activities, "quantities": measured.values()}
        log, wanted = log_of(events, people, as_of, **tables), periods(period)
        maturity = matures if isinstance(matures, Maturity) else Maturity(days=matures)
        last = maturity.day_after(wanted[-1].end)
        until = last if log.known_until is None else min(last, log.known_until)
        known = {disease.id: resolve_disease(disease, policy) for disease in diseases}
        courses = {name: self.walk(disease, log, until, obligations=True) for name, disease in known.items()}
        return _Asked(log, wanted, known, courses, policy, {"matures": maturity} if maturity else {})


@frozen
class _Asked:
    """What expressions are asked of."""

    log: EventLog
    periods: Sequence[Period]
    diseases: Mapping[str, Disease]
    courses: Mapping[str, Courses]
    policy: Mapping[str, str]
    maturing: Mapping[str, Maturity]

    def resolved(self, text: str) -> Any:
        """Read an expression or a selection, and put the values of parameters in."""
        return resolve_value(parse(text), self.diseases, self.policy)


def _moves(log: EventLog, courses: Courses) -> Iterator[str]:
    found = courses.moves
    for i in range(len(found.person)):
        states = _state(courses, found.source[i]), _state(courses, found.target[i])
        who, day = _who(log, courses, found.person[i]), iso(int(found.date[i]))
        yield " ".join([who, day, *states, _cause(log, courses, found, i)])


def _obligations(log: EventLog, courses: Courses) -> Iterator[str]:
    found = courses.obligations
    assert found is not None
    for i in range(len(found.person)):
        timing = courses.disease.timings[found.timing[i]].id
        days = [_day(column[i]) for column in (found.started, found.due, found.ended, found.resolved)]
        by = "." if found.row[i] == NO_ROW else _event(log, int(found.row[i]))
        outcome = OUTCOMES[found.outcome[i]]
        yield " ".join([_who(log, courses, found.person[i]), timing, *days[:2], outcome, days[2], by, days[3]])


def _at_rows(log: EventLog, courses: Courses) -> Iterator[str]:
    for row, person in enumerate(log.person):
        event = log.event(row)
        yield " ".join([str(log.people.ids[person]), iso(event.date), event.kind, _state(courses, courses.at_row[row])])


def _who(log: EventLog, courses: Courses, number: int) -> str:
    return str(log.people.ids[courses.whose[number]])


def _state(courses: Courses, code: int) -> str:
    return "." if code == NO_STATE else courses.disease.pathway.states[code].id


def _cause(log: EventLog, courses: Courses, found: Any, i: int) -> str:
    if found.timing[i] != NO_ROW:
        return courses.disease.timings[found.timing[i]].id
    return "." if found.row[i] == NO_ROW else _event(log, int(found.row[i]))


def _event(log: EventLog, row: int) -> str:
    return f"{log.event(row).kind}#{row - log.offsets[log.person[row]] + 1}"


def _day(day: int) -> str:
    return "." if day == MISSING else iso(int(day))


def _written(found: Any, place: Any) -> str:
    if not found.known[place]:
        return "?"
    value = found.value[place]
    match found.kind:
        case "bool":
            return "yes" if value else "no"
        case "number":
            return f"{value:g}"
        case "date":
            return iso(int(value))
    return str(value)
