"""The group of everybody, or of every row, under many readings of one measure; a pathway is walked once per policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING, Period, date_of
from singledisease.definitions.resolve import Resolved
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import Courses
from singledisease.read_only import holds_arrays, read_only
from singledisease.scorecard.assign import groups_of
from singledisease.scorecard.count import CHUNK, Groups, Job, count_all
from singledisease.scorecard.counts import OF_PLACES
from singledisease.scorecard.engine import EngineName
from singledisease.scorecard.evaluate import until_of, walk_all
from singledisease.scorecard.row_groups import RowGroups

TOGETHER = 16
"""Readings that are valued in one pass, so that what they share is valued once; bounds the memory."""

NOT_COUNTED = ""
"""The group of a row that another reading counts and this one does not."""


@holds_arrays
@frozen(eq=False, kw_only=True)
class Placements:
    """Who, or what, is in which group under each reading.

    Attributes
    ----------
    ids
        (members) of each member the person's id; of institutions and what they did, that of the institution.
    dates
        (members) int32 day of each row, ``dates.MISSING`` where there is none; of people ``None``.
    groups
        Every group of any reading; the first, blank, is of rows that a reading does not count.
    codes
        (readings, members) int16: index into ``groups``.
    """

    ids: NDArray[np.object_] = field(converter=read_only)
    dates: NDArray[np.int32] | None = None
    groups: tuple[str, ...]
    codes: NDArray[np.int16] = field(converter=read_only)

    def counts(self, reading: int) -> dict[str, int]:
        """Count the members of each group under a reading, those with nobody left out."""
        found = np.bincount(self.codes[reading], minlength=len(self.groups))
        return {group: int(n) for group, n in zip(self.groups, found, strict=True) if n and group != NOT_COUNTED}

    def date(self, member: int) -> Any:
        """Give the date of a row; ``None`` where it has none, and of people."""
        day = MISSING if self.dates is None else int(self.dates[member])
        return None if day == MISSING else date_of(day)

    def chosen(self, test: Any) -> NDArray[np.bool_]:
        """Say of every reading and member whether the name of its group passes a test: (readings, members)."""
        return np.asarray(np.array([bool(test(group)) for group in self.groups])[self.codes])

    def __add__(self, other: Placements) -> Placements:
        """Add those of other people under the same readings."""
        groups = tuple(dict.fromkeys((*self.groups, *other.groups)))
        moved = np.array([groups.index(group) for group in other.groups], np.int16)
        dates = None if self.dates is None or other.dates is None else np.concatenate([self.dates, other.dates])
        return Placements(
            ids=np.concatenate([self.ids, other.ids]),
            dates=dates,
            groups=groups,
            codes=np.concatenate([self.codes, moved[other.codes]], axis=1),
        )


def placements_of(
    resolved: Sequence[Resolved], log: EventLog, period: Period, engine: EngineName = "columnar"
) -> Placements:
    """Give the group of everybody under every reading of one measure.

    ``resolved`` is the measure as resolved under each of them, and ``log`` the registry as it was known.
    """
    found: list[Groups] = [*_found(resolved, log, period, engine)]
    keys = [_keys(groups, len(log.people)) for groups in found]
    universe = keys[0] if all(np.array_equal(keys[0], key) for key in keys) else np.unique(np.concatenate(keys))
    names = tuple(dict.fromkeys((NOT_COUNTED, *(name for one in resolved for name in groups_of(one.measure)))))
    codes = np.zeros((len(resolved), len(universe)), np.int16)
    for r, (one, groups, key) in enumerate(zip(resolved, found, keys, strict=True)):
        number = np.array([names.index(name) for name in groups_of(one.measure)], np.int16)
        codes[r, np.searchsorted(universe, key)] = number[_codes(groups)]
    ids, dates = _members(found, keys, universe, log)
    return Placements(ids=ids, dates=dates, groups=names, codes=codes)


def _found(resolved: Sequence[Resolved], log: EventLog, period: Period, engine: EngineName) -> list[Groups]:
    placed: dict[int, Groups] = {}
    threads = 2 if engine == "columnar" else 1
    for chosen in _same_diseases(resolved):
        some = tuple(resolved[r] for r in chosen)
        courses = _walk(some, log, period, engine)
        for first in range(0, len(chosen), TOGETHER):
            batch = some[first : first + TOGETHER]
            _, groups = count_all(Job(batch, log, (period,), (), courses, engine), threads, CHUNK, None)
            placed.update(zip(chosen[first : first + TOGETHER], groups, strict=True))
    return [placed[r] for r in range(len(resolved))]


def _walk(resolved: Sequence[Resolved], log: EventLog, period: Period, engine: EngineName) -> dict[str, Courses]:
    return walk_all(resolved, log, until_of(log, [period], [one.measure.matures for one in resolved]), engine)


def _same_diseases(resolved: Sequence[Resolved]) -> list[list[int]]:
    """Give readings under which the diseases are the same ones: their courses are walked once."""
    together: list[list[int]] = []
    for r, one in enumerate(resolved):
        for known in together:
            if dict(resolved[known[0]].diseases) == dict(one.diseases):
                known.append(r)
                break
        else:
            together.append([r])
    return together


# ROWS


def _codes(groups: Groups) -> NDArray[np.uint8]:
    return groups.codes if isinstance(groups, RowGroups) else np.asarray(groups[0])


def _keys(groups: Groups, people: int) -> NDArray[np.int64]:
    """Give a number for every member, the same under every reading and ascending."""
    if not isinstance(groups, RowGroups):
        return np.arange(people)
    # Rows of a source are numbered through all people, so that the row alone says which it is.
    return groups.domain.row.astype(np.int64)


def _members(
    found: Sequence[Groups], keys: Sequence[NDArray[np.int64]], universe: NDArray[np.int64], log: EventLog
) -> tuple[NDArray[np.object_], NDArray[np.int32] | None]:
    if not isinstance(found[0], RowGroups):
        return log.people.ids, None
    owner = np.zeros(len(universe), np.int64)
    dates = np.full(len(universe), MISSING, np.int32)
    for groups, key in zip(found, keys, strict=True):
        assert isinstance(groups, RowGroups)
        places = np.searchsorted(universe, key)
        owner[places], dates[places] = groups.domain.owner, groups.domain.date
    if found[0].domain.source in OF_PLACES:
        # Behind the institutions stands one that is not in their table: its number is -1.
        return np.array([*log.institutions.ids, ""], object)[owner], dates
    return log.people.ids[owner], dates
