"""Who is in another group of a measure than before, and what of theirs is otherwise known now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import Period
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.measure import OUTSIDE
from singledisease.definitions.resolve import Resolved
from singledisease.eventlog.changes import LogChange, changes_of
from singledisease.eventlog.log import EventLog
from singledisease.scorecard.assign import groups_of
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.count import CHUNK, Groups, Job, count_all
from singledisease.scorecard.evaluate import until_of, walk_all
from singledisease.scorecard.part import Part
from singledisease.scorecard.row_groups import RowGroups


@frozen
class GroupMove:
    """Somebody who is in another group of a measure than before, and what of theirs is otherwise known now.

    ``before`` and ``after`` are groups; of a measure of rows, how many of the person's rows are in each group, as
    ``numerator 2, not_numerator 1``.  ``None`` where the person was, or is, not in the registry, or has no such row.
    """

    measure: str
    period: Period
    patient_id: str
    before: str | None
    after: str | None
    by_definition: bool
    changes: tuple[LogChange, ...]

    @property
    def causes(self) -> tuple[str, ...]:
        """Why: kinds of change, ``definition`` (or another policy), ``time``: nothing but a later day of asking."""
        found = dict.fromkeys(one.change for one in self.changes)
        causes = (*found, *(("definition",) if self.by_definition else ()))
        return causes or ("time",)


def same_question(one: Resolved, other: Resolved) -> bool:
    """Say whether two resolved measures ask the same, of the same diseases."""
    return one.measure == other.measure and dict(one.diseases) == dict(other.diseases)


def group_moves(before: Scorecard, after: Scorecard, one: Resolved, other: Resolved) -> Iterator[GroupMove]:
    """Give everybody who moved in a measure, period by period, in the order of their ids.

    Raises
    ------
    UsageError
        If one of the scorecards was made of counts alone.
    """
    old_parts, new_parts = _parts_of(before), _parts_of(after)
    same = same_question(one, other)
    for period in sorted({*before.periods} & {*after.periods}):
        old, new = _groups(before, old_parts, one, period), _groups(after, new_parts, other, period)
        moved = sorted(who for who in {**old, **new} if old.get(who) != new.get(who))
        moved = [who for who in moved if {old.get(who), new.get(who)} != {None, OUTSIDE}]
        again = {} if same else _under(one, new_parts, period, moved)
        for who in moved:
            by_definition = not same and again.get(who) != new.get(who)
            yield GroupMove(
                one.measure.id,
                period,
                who,
                old.get(who),
                new.get(who),
                by_definition,
                tuple(_changes(old_parts, new_parts, who)),
            )


def _parts_of(score: Scorecard) -> Sequence[Part]:
    """Give the people of a scorecard; raises ``UsageError`` if it was made of counts alone."""
    from singledisease.scorecard.card import parts_of  # noqa: PLC0415  (a scorecard gives its difference)

    return tuple(parts_of(score))


def _groups(score: Scorecard, parts: Sequence[Part], resolved: Resolved, period: Period) -> dict[str, str]:
    """Give the group of everybody in a period, by their ids."""
    m, p = [*score.measures].index(resolved), score.periods.index(period)
    found: dict[str, str] = {}
    for part in parts:
        found.update(_by_id(part.log, resolved.measure, part.assigned[m], p))
    return found


def _under(resolved: Resolved, parts: Sequence[Part], period: Period, people: Sequence[str]) -> dict[str, str]:
    """Give the groups of people under the earlier definition by what is known now."""
    found: dict[str, str] = {}
    for part in parts:
        places = np.flatnonzero(np.isin(part.log.people.ids, np.array([*people], object)))
        log = part.log.only(places.astype(np.int64))
        courses = walk_all([resolved], log, until_of(log, [period], [resolved.measure.matures]), "columnar")
        _, (codes,) = count_all(Job((resolved,), log, (period,), (), courses, "columnar"), 1, CHUNK, None)
        found.update(_by_id(log, resolved.measure, codes, 0))
    return found


def _by_id(log: EventLog, measure: Countable, codes: Groups, p: int) -> dict[str, str]:
    groups, ids = groups_of(measure), log.people.ids.tolist()
    if not isinstance(codes, RowGroups):
        return dict(zip(ids, (groups[code] for code in codes[p]), strict=True))
    return {ids[owner]: told for owner, told in _rows_by_owner(codes, groups, p)}


def _rows_by_owner(rows: RowGroups, groups: Sequence[str], p: int) -> Iterator[tuple[int, str]]:
    """Say of everybody who has rows in a period how many are in each group; those outside are not counted."""
    counted: NDArray[np.bool_] = np.array([group != OUTSIDE for group in groups])
    here = (rows.domain.period == p) & counted[rows.codes]
    owners, place = np.unique(rows.domain.owner[here], return_inverse=True)
    cell = place.astype(np.int64) * len(groups) + rows.codes[here]
    numbers = np.bincount(cell, minlength=len(owners) * len(groups)).reshape(len(owners), len(groups))
    for owner, of_groups in zip(owners.tolist(), numbers.tolist(), strict=True):
        yield owner, ", ".join(f"{group} {number}" for group, number in zip(groups, of_groups, strict=True) if number)


def _changes(before: Sequence[Part], after: Sequence[Part], who: str) -> list[LogChange]:
    old, new = _log_of(before, who), _log_of(after, who)
    return changes_of(old, new, who)


def _log_of(parts: Sequence[Part], who: str) -> EventLog:
    for part in parts:
        try:
            part.log.find(who)
        except KeyError:
            continue
        return part.log
    return parts[0].log
