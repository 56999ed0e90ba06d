"""Which people stand on a page with rows: some of every group of every measure, up to a cap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

import numpy as np
from attrs import frozen

from singledisease.dates import Period
from singledisease.definitions.citation import Names
from singledisease.definitions.measure import OUTSIDE, name_of_group
from singledisease.explanation.answers import is_about_places
from singledisease.scorecard.assign import groups_of
from singledisease.scorecard.card import Scorecard, parts_of
from singledisease.scorecard.part import Part
from singledisease.scorecard.row_groups import RowGroups

Group = tuple[int, str]
"""The number of a measure, and one of its groups."""


@frozen
class ListedGroup:
    """A group of a measure with how many are in it, and those of them that stand on the page, by number.

    ``number`` is that of the measure; ``of_rows``: it counts rows, the people are those whose rows are in the group.
    """

    number: int

    measure: Names
    period: str
    anchor: str
    names: Names
    people: int
    shown: tuple[int, ...]
    of_rows: bool

    @property
    def left_out(self) -> int:
        """How many of the people do not stand on the page."""
        return self.people - len(self.shown)


@frozen
class Chosen:
    """Where the people of a page are: number of part and of person, in the order in which they are numbered."""

    places: tuple[tuple[int, int], ...]
    groups: tuple[ListedGroup, ...]
    everybody: int


def anchor_of(measure: int, group: str) -> str:
    """Name the place on the page where the people of a group stand.

    >>> anchor_of(2, "excluded:moved away")
    'who-2-excluded-moved-away'
    """
    return f"who-{measure}-" + "".join(letter if letter.isalnum() else "-" for letter in group)


def list_of(measure: int) -> str:
    """Name the place on the page where the groups of a measure stand one after the other.

    >>> list_of(2)
    'who-2'
    """
    return f"who-{measure}"


def chosen_people(score: Scorecard, period: Period, most: int) -> Chosen:
    """Choose people for a page: the groups take turns, so that a small one is not lost behind a large one.

    Whoever is outside the population of every measure is not on the page; nor is who stands behind what institutions
    did, which is nobody.
    """
    members = _members(score, period)
    turns = zip_longest(*(places for places in members.values()))
    chosen = list(dict.fromkeys(place for turn in turns for place in turn if place is not None))[:most]
    numbers = {place: number for number, place in enumerate(chosen)}
    groups = tuple(_listed(score, period, group, places, numbers) for group, places in members.items())
    everybody = {place for places in members.values() for place in places}
    return Chosen(tuple(chosen), groups, len(everybody))


def _members(score: Scorecard, period: Period) -> dict[Group, list[tuple[int, int]]]:
    found: dict[Group, list[tuple[int, int]]] = {}
    for k, part in enumerate(parts_of(score)):
        for m in range(len(score.measures)):
            if not is_about_places(score, m):
                for group, people in _of_part(score, part, m, score.periods.index(period)):
                    found.setdefault((m, group), []).extend((k, person) for person in people)
    return {group: found[group] for group in sorted(found, key=lambda one: (one[0], _order(score, one)))}


def _order(score: Scorecard, group: Group) -> int:
    return groups_of(score.measures[group[0]].measure).index(group[1])


def _of_part(score: Scorecard, part: Part, m: int, p: int) -> Iterator[tuple[str, Sequence[int]]]:
    assigned = part.assigned[m]
    for number, group in enumerate(groups_of(score.measures[m].measure)):
        if group == OUTSIDE:
            continue
        if isinstance(assigned, RowGroups):
            inside = (assigned.codes == number) & (assigned.domain.period == p)
            people = np.unique(assigned.domain.owner[inside])
        else:
            people = np.flatnonzero(assigned[p] == number)
        if len(people):
            yield group, people.tolist()


def _listed(
    score: Scorecard,
    period: Period,
    group: Group,
    places: Sequence[tuple[int, int]],
    numbers: Mapping[tuple[int, int], int],
) -> ListedGroup:
    m, name = group
    measure = score.measures[m].measure
    rules = [rule.names for rule in measure.rules if rule.group == name and ":" in name]
    called = name_of_group(name)
    if rules:
        called = Names(f"{called.zh}：{rules[0].zh}", f"{called.en}: {rules[0].en}")
    shown = tuple(numbers[place] for place in places if place in numbers)
    return ListedGroup(
        m, measure.names, period.name, anchor_of(m, name), called, len(places), shown, measure.of is not None
    )
