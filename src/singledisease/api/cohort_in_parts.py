"""Transitions counted in a registry in parts: each part is read once and followed, and the counts of all are added."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.api.cohorts import cohort, order_of
from singledisease.api.joined_parts import joined_reports
from singledisease.api.parts import Parts
from singledisease.catalogue.in_log import diseases_elsewhere
from singledisease.cohorts.tables import transitions
from singledisease.cohorts.tables.context import TableContext
from singledisease.dates import Period
from singledisease.errors import UsageError
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.report import LoadReport
from singledisease.multistate.matrices.joined_counts import joined_counts
from singledisease.multistate.matrices.transition_counts import TransitionCounts
from singledisease.strata import Strata, Stratum
from singledisease.tables import Table

TABLES: Mapping[str, Callable[[TableContext, NDArray[np.int64]], Table]] = {
    "counts": transitions.counts,
    "flows": transitions.flows,
    "matrix": partial(transitions.matrix, level=0.95),
}
"""Tables for which counted transitions are enough; others need everybody's days."""


def counts_in_parts(
    registry: Parts, asked: Sequence[Mapping[str, Any]], *, workers: int = 1
) -> list[TransitionCounts | None]:
    """Give who moved, for each of several questions; ``None`` where no part speaks of its disease.

    Parameters
    ----------
    registry
        A registry in parts.
    asked
        What ``cohort`` is asked beside the log, once for each question.
    workers
        How many processes.
    """
    found = list(registry.map(partial(_counted, [dict(one) for one in asked]), workers))
    every = [[part[i] for part in found] for i in range(len(asked))]
    return [_together(counts, one) for counts, one in zip(every, asked, strict=True)]


def _counted(asked: Sequence[Mapping[str, Any]], log: EventLog) -> list[TransitionCounts | None]:
    elsewhere = diseases_elsewhere(log)
    return [None if one["disease"].id in elsewhere else cohort(log=log, **one).transitions for one in asked]


def _together(counts: Sequence[TransitionCounts | None], asked: Mapping[str, Any]) -> TransitionCounts | None:
    there = [one for one in counts if one is not None]
    return joined_counts(there, order_of(asked.get("attribute"))) if there else None


# TABLES


@frozen
class _Followed:
    """What is kept of a part: what became of its rows, its steps, and the transitions of each stratum."""

    report: LoadReport
    periods: tuple[Period, ...]
    by: tuple[str, ...]
    counts: Mapping[Stratum, TransitionCounts]


def table_in_parts(
    registry: Parts, show: str, asked: Mapping[str, Any], *, workers: int = 1
) -> tuple[Table, LoadReport]:
    """Give a table as ``cohort`` has it, of the people of all parts, and what became of the rows of all.

    Parameters
    ----------
    registry
        A registry in parts.
    show
        One of ``TABLES``.
    asked
        What ``cohort`` is asked beside the log.
    workers
        How many processes.

    Raises
    ------
    UsageError
        If the table takes more than counted transitions; or as of ``cohort``.
    """
    if show not in TABLES:
        raise UsageError(
            f"{show}: 分片的数据只有 / of a registry in parts there are only {', '.join(TABLES)};"
            " 其余请读取整个登记库 / for the others read the registry whole"
        )
    parts = list(registry.map(partial(_followed, dict(asked)), workers))
    keys = sorted({key for part in parts for key in part.counts}, key=repr)
    order = order_of(asked.get("attribute"))
    every = {key: joined_counts([_of(part, key) for part in parts], order) for key in keys}
    first = every[keys[0]]
    context = TableContext(
        states=tuple(first.sources[:-1]),
        names=first.names,
        periods=parts[0].periods,
        by=parts[0].by,
        strata=Strata(tuple(keys), np.zeros((len(parts[0].periods), 0), np.int64)),
    )
    table = TABLES[show](context, np.stack([every[key].counts for key in keys], axis=1))
    return table, joined_reports([part.report for part in parts])


def _followed(asked: Mapping[str, Any], log: EventLog) -> _Followed:
    found = cohort(log=log, **asked)
    whole, counted = found.transitions, found.transitions_by
    counts = {
        key: TransitionCounts(
            sources=whole.sources, targets=whole.targets, counts=counted[:, number], names=whole.names
        )
        for number, key in enumerate(found.strata.keys)
    }
    return _Followed(log.report, found.periods, found.by, counts)


def _of(part: _Followed, key: Stratum) -> TransitionCounts:
    """Give the transitions of a stratum; of one that nobody of the part is in, none."""
    if key in part.counts:
        return part.counts[key]
    other = next(iter(part.counts.values()))
    return TransitionCounts(
        sources=other.sources, targets=other.targets, counts=np.zeros_like(other.counts), names=other.names
    )
