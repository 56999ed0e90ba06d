"""Which records of several systems are one person: by identifiers in order, and by what people decided."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Literal

from attrs import field, frozen

from singledisease.dates import date_of, day_of
from singledisease.eventlog.person import Person
from singledisease.frozen_mapping import frozen_mapping

Member = tuple[str, str]
"""A person as one system knows them: the system, and their id in it."""


def _date(day: dt.date | str) -> dt.date:
    return date_of(day_of(day))


@frozen(kw_only=True)
class LinkDecision:
    """What somebody decided of two records: that they are one person (``merge``), or two (``split``), from a day on.

    The latest decision of a pair that is known counts; a split after a merge restores what was.

    >>> same = LinkDecision(date="2024-03-01", what="merge", one=("his", "7"), other=("phr", "K7"))
    >>> str(same.date), sorted(same.pair)
    ('2024-03-01', [('his', '7'), ('phr', 'K7')])
    """

    date: dt.date = field(converter=_date)
    what: Literal["merge", "split"]
    one: Member
    other: Member
    reason: str = ""

    @property
    def pair(self) -> frozenset[Member]:
        """The two records."""
        return frozenset((self.one, self.other))


@frozen(kw_only=True)
class PersonConflict:
    """Two records that one thing says are one person, and another that they are not: somebody has to decide."""

    one: Member
    other: Member
    agrees: str
    differs: str


@frozen(kw_only=True)
class PersonLinks:
    """Who is one person.

    Attributes
    ----------
    groups
        The records of each person, in the order of the systems; a record that nothing joins is alone.
    by
        For each record that was joined to an earlier one, by what: an identifier, or ``merge``.
    conflicts
        What was not joined, and why.
    """

    groups: tuple[tuple[Member, ...], ...]
    by: Mapping[Member, str] = field(converter=frozen_mapping)
    conflicts: tuple[PersonConflict, ...]


def link_people(
    people: Mapping[Member, Person], identifiers: Sequence[str], decisions: Iterable[LinkDecision], until: int | None
) -> PersonLinks:
    """Join the records of one person.

    Two records are joined if somebody decided so, or if the first identifier that both have is the same and neither
    sex nor birth date speaks against it.  Records that were split, or whose first shared identifier differs, are never
    in one group, however they are joined through others: what would join them is a conflict.

    Parameters
    ----------
    people
        Every record, those of the first system first.
    identifiers
        ``patient_id`` or columns of people, the most trustworthy first.
    decisions
        What people decided.
    until
        Decisions after this day are not known; ``None``: all are.
    """
    known = sorted(
        (one for one in decisions if until is None or day_of(one.date) <= until), key=lambda one: day_of(one.date)
    )
    decided = {one.pair: one.what for one in known}
    groups = _Groups({member: [member] for member in people}, decided, people, identifiers)
    for pair, what in decided.items():
        if what == "merge" and pair <= people.keys():
            one, other = sorted(pair, key=list(people).index)
            groups.join(one, other, "merge")
    for identifier in identifiers:
        for one, other in _sharing(people, identifier):
            groups.join(one, other, identifier)
    order = {member: place for place, member in enumerate(people)}
    found = {id(group): tuple(sorted(group, key=order.__getitem__)) for group in groups.of.values()}
    listed = sorted(found.values(), key=lambda group: order[group[0]])
    return PersonLinks(groups=tuple(listed), by=groups.by, conflicts=tuple(dict.fromkeys(groups.conflicts)))


def _sharing(people: Mapping[Member, Person], identifier: str) -> Iterator[tuple[Member, Member]]:
    by_value: defaultdict[str, list[Member]] = defaultdict(list)
    for member, person in people.items():
        value = identifier_of(person, identifier)
        if value:
            by_value[value].append(member)
    for members in by_value.values():
        yield from combinations(members, 2)


def identifier_of(person: Person, identifier: str) -> str:
    """Give an identifier of a person, without blanks and in capitals; empty if there is none."""
    return normal(person.id if identifier == "patient_id" else person.attributes.get(identifier, ""))


def normal(value: str) -> str:
    """Write an identifier in one way only: without blanks, in capitals."""
    return "".join(value.split()).upper()


@frozen
class _Groups:
    """Groups of records while they are joined."""

    of: dict[Member, list[Member]]
    decided: Mapping[frozenset[Member], str]
    people: Mapping[Member, Person]
    identifiers: Sequence[str]
    by: dict[Member, str] = field(factory=dict)
    conflicts: list[PersonConflict] = field(factory=list)

    def join(self, one: Member, other: Member, by: str) -> None:
        """Join the groups of two records, unless something speaks against it, which is told."""
        first, second = self.of[one], self.of[other]
        if first is second:
            return
        against = next((found for a in first for b in second if (found := self._against(a, b))), "")
        if against:
            self.conflicts.append(PersonConflict(one=one, other=other, agrees=by, differs=against))
            return
        first.extend(second)
        self.by[other] = by
        for member in second:
            self.of[member] = first

    def _against(self, one: Member, other: Member) -> str:
        """Say what speaks against two records being one person; empty: nothing, or somebody decided that they are."""
        decided = self.decided.get(frozenset((one, other)))
        if decided is not None:
            return "split" if decided == "split" else ""
        a, b = self.people[one], self.people[other]
        for identifier in self.identifiers:
            values = identifier_of(a, identifier), identifier_of(b, identifier)
            # An id of a system says nothing about a record of another one that has its own.
            if all(values) and not (identifier == "patient_id" and one[0] != other[0]):
                if values[0] != values[1]:
                    return identifier
                break
        if a.birth is not None and b.birth is not None and a.birth != b.birth:
            return "birth_date"
        sexes = {a.sex, b.sex} - {"unknown"}
        return "sex" if len(sexes) > 1 else ""
