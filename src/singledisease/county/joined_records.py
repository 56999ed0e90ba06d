"""Records of several systems joined into one log: persons matched, events recognised, conflicts listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from attrs import evolve, field, frozen

from singledisease.clinic.stored import event_row
from singledisease.county.person_links import LinkDecision, Member, PersonLinks, link_people, normal
from singledisease.county.shared_events import EventPair, SharedEvents, shared_events
from singledisease.dates import iso
from singledisease.errors import UsageError, did_you_mean
from singledisease.eventlog.build import build
from singledisease.eventlog.event import Event
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.person import Person
from singledisease.eventlog.raw import raw_rows
from singledisease.frozen_mapping import frozen_mapping
from singledisease.tables import Heading, Table

Contested = Literal["first", "unknown"]

HEADINGS: Mapping[str, Heading] = {
    "source": ("系统", "system"),
    "patient_id": ("系统内编号", "id there"),
    "person": ("个人", "person"),
    "by": ("依据", "joined by"),
    "what": ("类别", "what"),
    "one": ("甲", "one"),
    "other": ("乙", "other"),
    "columns": ("不同之处", "differs in"),
}
WHAT: Mapping[str, Heading] = {
    "duplicate": ("重复", "duplicate"),
    "conflict": ("事件矛盾", "events differ"),
    "perhaps_one": ("或为同一事件", "perhaps one event"),
    "person": ("身份矛盾", "identity in doubt"),
    "attribute": ("个人资料矛盾", "what is said of a person differs"),
}


@frozen(eq=False)
class JoinedRecords:
    """One log of several systems, and everything that had to be decided, or was not.

    Attributes
    ----------
    log
        Each person once, called ``system:id`` by their record in the first system that has them; each event with its
        ``source``.
    links
        Who is one person, by what.
    events
        By person, the pairs of rows that say the same, or differ.
    attributes
        What systems say differently of one person: person, column, and what each says.
    """

    log: EventLog
    links: PersonLinks
    events: Mapping[str, tuple[EventPair, ...]] = field(converter=frozen_mapping)
    attributes: tuple[tuple[str, str, tuple[str, ...]], ...] = ()

    @property
    def people(self) -> Table:
        """Every record of every system, the person it is of, and by what it was joined (blank: it is the first)."""
        rows = [
            (source, name, named(group), self.links.by.get((source, name), ""))
            for group in self.links.groups
            for source, name in group
        ]
        return Table.of_rows(("source", "patient_id", "person", "by"), rows, headings=HEADINGS)

    @property
    def duplicates(self) -> Table:
        """The events that several systems hold: the row that stays, and the one that was left out."""
        return self._table(self._pairs("duplicate"))

    @property
    def conflicts(self) -> Table:
        """Everything that nobody has decided yet, with both sides."""
        people = [
            (named((one.one,)), "person", f"{one.agrees} =", named((one.other,)), one.differs)
            for one in self.links.conflicts
        ]
        said = [(who, "attribute", values[0], "; ".join(values[1:]), name) for who, name, values in self.attributes]
        return self._table([*people, *said, *self._pairs("conflict"), *self._pairs("perhaps_one")])

    def _pairs(self, what: str) -> list[tuple[Any, ...]]:
        return [
            (person, what, str(pair.one), str(pair.other), ", ".join(pair.columns))
            for person, pairs in self.events.items()
            for pair in pairs
            if pair.what == what
        ]

    def _table(self, rows: Iterable[tuple[Any, ...]]) -> Table:
        names = ("person", "what", "one", "other", "columns")
        return Table.of_rows(names, rows, headings=HEADINGS, called={"what": WHAT})


def named(group: Sequence[Member]) -> str:
    """Give what a person is called whose first record is the first of these."""
    return ":".join(group[0])


def join_logs(
    logs: Mapping[str, EventLog],
    identifiers: Sequence[str],
    decisions: Sequence[LinkDecision] = (),
    *,
    until: int | None = None,
    contested: Contested = "first",
    rules: LoadRules | None = None,
) -> JoinedRecords:
    """Join the logs of several systems; see ``sd.join_records``."""
    _check(logs, identifiers, decisions)
    people = {
        (system, log.people.ids[i]): log.person_at(i) for system, log in logs.items() for i in range(len(log.people))
    }
    events = {
        (system, log.people.ids[i]): tuple(_with_source(event, system) for event in log.events_of(i))
        for system, log in logs.items()
        for i in range(len(log.people))
    }
    links = link_people(people, identifiers, decisions, until)
    shared: dict[str, SharedEvents] = {}
    whole: list[tuple[Person, tuple[Event, ...]]] = []
    attributes: list[tuple[str, str, tuple[str, ...]]] = []
    for group in links.groups:
        who = named(group)
        shared[who] = shared_events((event for member in group for event in events[member]), list(logs))
        person, differing = _one_person(who, [people[member] for member in group], identifiers, contested)
        whole.append((person, shared[who].kept))
        attributes += differing
    log = _with_places(_log(whole, rules), list(logs.values()))
    pairs = {who: found.pairs for who, found in shared.items() if found.pairs}
    return JoinedRecords(log, links, pairs, tuple(attributes))


def _with_source(event: Event, system: str) -> Event:
    return Event(event.kind, event.date, row=event.row, values={**event.values, "source": system})


def _check(logs: Mapping[str, EventLog], identifiers: Sequence[str], decisions: Sequence[LinkDecision]) -> None:
    known = {"patient_id", *(name for log in logs.values() for name in log.people.attributes)}
    for name in identifiers:
        if name not in known:
            raise UsageError(f"没有此标识列 / no system has an identifier {name!r}; {did_you_mean(name, known)}")
    for one in decisions:
        for system, _ in (one.one, one.other):
            if system not in logs:
                raise UsageError(f"没有此系统 / there is no system {system!r}; {did_you_mean(system, logs)}")


def _one_person(
    who: str, persons: Sequence[Person], identifiers: Sequence[str], contested: Contested
) -> tuple[Person, list[tuple[str, str, tuple[str, ...]]]]:
    """Give what is said of one person; where systems differ, by the policy, and told."""
    said: dict[str, list[Any]] = {}
    for person in persons:
        values = {"birth": person.birth, "sex": None if person.sex == "unknown" else person.sex, "death": person.death}
        for name, value in {**values, **person.attributes}.items():
            known = said.setdefault(name, [])
            if name in identifiers and normal(str(value)) in [normal(one) for one in known]:
                continue
            if value not in (None, "", *known):
                known.append(value)
    differing = [(who, name, tuple(map(_text, values))) for name, values in said.items() if len(values) > 1]
    own = {"institution", "team"}
    chosen = {
        name: values[0]
        for name, values in said.items()
        if values and (len(values) == 1 or contested == "first" or name in own)
    }
    attributes = {name: value for name, value in chosen.items() if name not in ("birth", "sex", "death")}
    recorded = next((one.death_recorded for one in persons if one.death == chosen.get("death")), None)
    made = Person(
        id=who,
        birth=chosen.get("birth"),
        sex=chosen.get("sex", "unknown"),
        death=chosen.get("death"),
        death_recorded=recorded,
        attributes=attributes,
    )
    return made, differing


def _text(value: Any) -> str:
    return iso(value) if isinstance(value, int) else str(value)


def _log(rows: Sequence[tuple[Person, tuple[Event, ...]]], rules: LoadRules | None) -> EventLog:
    people = [
        {
            "patient_id": person.id,
            "birth_date": "" if person.birth is None else iso(person.birth),
            "sex": person.sex,
            "death_date": "" if person.death is None else iso(person.death),
            "death_recorded": "" if person.death_recorded is None else iso(person.death_recorded),
            **person.attributes,
        }
        for person, _ in rows
    ]
    events = [{"patient_id": person.id, **event_row(event)} for person, kept in rows for event in kept]
    return build(
        raw_rows("patients", _columns(people, ("patient_id", "birth_date"))),
        raw_rows("events", _columns(events, ("patient_id", "date", "kind"))),
        rules=rules,
    )


def _with_places(log: EventLog, logs: Sequence[EventLog]) -> EventLog:
    """Give the log with the tables that are about no person of the first system that has each."""
    return evolve(
        log,
        institutions=next((one.institutions for one in logs if len(one.institutions.ids)), log.institutions),
        teams=next((one.teams for one in logs if len(one.teams.ids)), log.teams),
        activities=next((one.activities for one in logs if len(one.activities)), log.activities),
    )


def _columns(rows: Sequence[Mapping[str, Any]], needed: Sequence[str]) -> dict[str, list[str]]:
    names = dict.fromkeys([*needed, *(name for row in rows for name in row)])
    return {name: [_cell(row.get(name)) for row in rows] for name in names}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, float) else str(value)
