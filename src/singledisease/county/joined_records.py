"""Records of several systems joined into one log: persons matched, events recognised, conflicts listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.county.joined_log import joined_log
from singledisease.county.person_links import LinkDecision, Member, PersonLinks, link_people, normal
from singledisease.county.shared_events import EventPair, shared_events
from singledisease.county.shared_rows import perhaps_shared
from singledisease.dates import iso
from singledisease.errors import UsageError, did_you_mean
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.person import Person
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
    links = link_people(people, identifiers, decisions, until)
    number = {member: i for i, group in enumerate(links.groups) for member in group}
    names = [named(group) for group in links.groups]
    whose = {
        system: np.array([number[system, name] for name in log.people.ids], np.int64) for system, log in logs.items()
    }
    persons: list[Person] = []
    attributes: list[tuple[str, str, tuple[str, ...]]] = []
    for who, group in zip(names, links.groups, strict=True):
        person, differing = _one_person(who, [people[member] for member in group], identifiers, contested)
        persons.append(person)
        attributes += differing
    pairs = {
        names[who]: found.pairs
        for who, events in perhaps_shared(logs, whose)
        if (found := shared_events(events, list(logs))).pairs
    }
    called = {system: [names[i] for i in numbers.tolist()] for system, numbers in whose.items()}
    log = joined_log(persons, logs, called, _kept(logs, pairs), rules)
    return JoinedRecords(log, links, pairs, tuple(attributes))


def _kept(logs: Mapping[str, EventLog], pairs: Mapping[str, tuple[EventPair, ...]]) -> dict[str, NDArray[np.int64]]:
    """Give by system the rows that stay: those that are no duplicate of another system's."""
    stays = {system: np.ones(len(log), np.bool_) for system, log in logs.items()}
    for one in (pair.other for found in pairs.values() for pair in found if pair.what == "duplicate"):
        stays[str(one.get("source"))][one.row] = False
    return {system: np.flatnonzero(rows).astype(np.int64) for system, rows in stays.items()}


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
