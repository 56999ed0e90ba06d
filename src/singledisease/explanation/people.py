"""Who is in a group of a measure: the people behind a count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease import dates
from singledisease.dates import Period
from singledisease.definitions.measure import DENOMINATOR_GROUPS, EXCLUDED, OUTSIDE, UNDETERMINED
from singledisease.definitions.resolve import Resolved
from singledisease.errors import Fault, UsageError, did_you_mean
from singledisease.explanation.row_lists import rows_of_group
from singledisease.scorecard.assign import groups_of
from singledisease.scorecard.card import Scorecard, parts_of, require_scorecard
from singledisease.scorecard.part import Part
from singledisease.scorecard.row_groups import RowGroups
from singledisease.strata import Labels, labels_of
from singledisease.tables import Heading, Table

SUMS: tuple[str, ...] = ("initial_population", "denominator", "excluded", "undetermined")
"""What can be asked for beside the groups of a measure: the people of several groups together."""

_HEADINGS: dict[str, Heading] = {
    "patient_id": ("患者编号", "Patient"),
    "group": ("分组", "Group"),
    "period_start": ("起始日", "From"),
    "period_end": ("截止日", "To"),
    "institution": ("机构", "Institution"),
    "team": ("团队", "Team"),
}


def people(score: Scorecard, measure: str, group: str, period: Period | str | None = None) -> Table:
    """List the people of a group of a measure; of a measure of rows, its rows.

    Parameters
    ----------
    score
        From ``evaluate``.
    measure
        Its id.
    group
        One of its groups, or one of ``SUMS``.
    period
        One of the scorecard's periods; ``None``: all of them, one after the other.

    Returns
    -------
    Table
        ``patient_id``, ``group``, ``period_start``, ``period_end``, ``institution``, ``team`` (those responsible on
        the day asked about), and the further strata of the scorecard; by period, then by part, then by id.
        Of rows: ``patient_id``, ``group``, ``period_start``, ``period_end``, ``date``, ``kind``, ``institution`` (the
        row's own), ``file`` and ``line``.

    Raises
    ------
    UsageError
        If there is no such measure, group or period, or the scorecard was made of counts alone.

    >>> import singledisease as sd
    >>> log = sd.read_frames([{"patient_id": who, "birth_date": "1950-03-01"} for who in ("P1", "P2")],
    ...                      [{"patient_id": "P1", "date": "2024-03-05", "kind": "follow_up"}])
    >>> seen = sd.Measure(id="seen", numerator=sd.events("follow_up").within(sd.PERIOD).exists())
    >>> people(sd.evaluate(seen, log, period="2024"), "seen", "not_numerator")["patient_id"]
    ('P2',)
    """
    require_scorecard(score)
    m = measure_index(score, measure)
    resolved = score.measures[m]
    chosen = _chosen(resolved, group)
    span = score.periods if period is None else (score_period(score, period),)
    parts = parts_of(score)
    if resolved.measure.of is not None:
        return rows_of_group(score, m, span, parts, chosen)
    further = [name for name in score.by if name not in ("institution", "team")]
    names = ("patient_id", "group", "period_start", "period_end", "institution", "team", *further)
    rows = [
        row
        for one in span
        for part in parts
        for row in _listed(
            part,
            resolved,
            one,
            names[4:],
            known=_levels(part, score, one),
            members=_members(_of_people(part, m, score, one), chosen),
        )
    ]
    return Table.of_rows(names, rows, headings=_HEADINGS)


def _levels(part: Part, score: Scorecard, period: Period) -> dict[str, Labels]:
    """Give the levels of tiers in one period."""
    p = score.periods.index(period)
    return {name: Labels(labels.texts, labels.codes[p : p + 1]) for name, labels in part.labels.items()}


def _of_people(part: Part, m: int, score: Scorecard, period: Period) -> NDArray[np.uint8]:
    codes = part.assigned[m]
    assert not isinstance(codes, RowGroups)
    return np.asarray(codes[score.periods.index(period)])


Members = tuple[NDArray[np.int64], NDArray[np.uint8]]
"""Indices of people, and the group of each."""


def _members(assigned: NDArray[np.uint8], chosen: Sequence[int]) -> Members:
    found = np.flatnonzero(np.isin(assigned, chosen))
    return found, assigned[found]


def _listed(
    part: Part,
    resolved: Resolved,
    period: Period,
    columns: Sequence[str],
    *,
    known: Mapping[str, Labels],
    members: Members,
) -> Iterator[list[Any]]:
    log, groups = part.log, groups_of(resolved.measure)
    asked = [period.end if log.known_until is None else min(period.end, log.known_until)]
    labels = [
        known[column] if column in known else labels_of(column, log, asked, resolved.measure.disease)
        for column in columns
    ]
    start, end = dates.date_of(period.start), dates.date_of(period.end)
    for person, group in zip(*members, strict=True):
        texts = [label.texts[label.codes[0, person]] or None for label in labels]
        yield [log.people.ids[person], groups[group], start, end, *texts]


def measure_index(score: Scorecard, measure: str) -> int:
    """Find a measure of a scorecard by id; raises ``UsageError`` if there is none."""
    ids = [resolved.measure.id for resolved in score.measures]
    if measure not in ids:
        fault = Fault("unknown_measure", f"measure={measure!r}", "the scorecard has none", did_you_mean(measure, ids))
        raise UsageError("no such measure:", [fault])
    return ids.index(measure)


def score_period(score: Scorecard, period: Period | str) -> Period:
    """Find a period of a scorecard; raises ``UsageError`` if there is none."""
    wanted = dates.period(period) if isinstance(period, str) else period
    if wanted not in score.periods:
        known = ", ".join(map(str, score.periods))
        fault = Fault("unknown_period", f"period={wanted}", "the scorecard does not cover it", f"it covers {known}")
        raise UsageError("no such period:", [fault])
    return wanted


def _chosen(resolved: Resolved, group: str) -> list[int]:
    groups = groups_of(resolved.measure)
    tests = {
        "initial_population": lambda name: name != OUTSIDE,
        "denominator": lambda name: name in DENOMINATOR_GROUPS,
        "excluded": lambda name: name.startswith(EXCLUDED),
        "undetermined": lambda name: name.startswith(UNDETERMINED),
    }
    if group not in groups and group not in tests:
        where, hint = f"group={group!r}", did_you_mean(group, (*groups, *tests))
        raise UsageError("no such group:", [Fault("unknown_group", where, f"{resolved.measure.id} has none", hint)])
    test = tests[group] if group not in groups else group.__eq__
    return [number for number, name in enumerate(groups) if test(name)]
