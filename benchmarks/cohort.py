"""Yardsticks of counting: the transitions of sorted rows against polars and DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import polars as pl
from attrs import frozen
from numpy.typing import NDArray

from benchmarks.clock import Timed, interleaved
from singledisease.multistate.matrices.transition_counts import transition_counts

STATES, MONTHS = 5, 12


@frozen(eq=False)
class Panel:
    """Sorted rows: people of every month, whose state it is, and the same as an Arrow table for DuckDB."""

    id: NDArray[np.int32]
    month: NDArray[np.int8]
    state: NDArray[np.int8]


def panel_of(people: int) -> Panel:
    """Draw a year of states, one row per person and month, sorted."""
    rng = np.random.default_rng(1)
    state = np.empty((people, MONTHS), np.int8)
    state[:, 0] = rng.integers(0, STATES, people)
    for month in range(1, MONTHS):
        moves = rng.random(people) < 0.2
        state[:, month] = np.where(moves, rng.integers(0, STATES, people), state[:, month - 1])
    return Panel(
        np.repeat(np.arange(people, dtype=np.int32), MONTHS),
        np.tile(np.arange(MONTHS, dtype=np.int8), people),
        state.ravel(),
    )


def counting(people: int, runs: int) -> dict[str, Timed]:
    """Time the count of all transitions, ours with every check it always makes."""
    panel = panel_of(people)
    frame = pl.DataFrame({"id": panel.id, "month": panel.month, "state": panel.state})
    table = frame.to_arrow()
    works = {"ours": lambda: transition_counts(panel.id, panel.month, panel.state).total, **_peers(frame, table)}
    expected = works["ours"]()
    for name, work in works.items():
        if not np.array_equal(work(), expected):
            raise SystemExit(f"{name} counts something else")
    return interleaved(works, runs)


def _peers(frame: pl.DataFrame, table: Any) -> dict[str, Callable[[], Any]]:
    def counted(rows: Any) -> NDArray[np.int64]:
        matrix = np.zeros((STATES, STATES), np.int64)
        for source, target, number in rows:
            matrix[source, target] = number
        return matrix

    def polars() -> NDArray[np.int64]:
        same = pl.col("id") == pl.col("id").shift(-1)
        cell = (pl.col("state") * STATES + pl.col("state").shift(-1)).filter(same).alias("cell")
        number = frame.lazy().select(cell).group_by("cell").len().collect()
        return counted((cell // STATES, cell % STATES, n) for cell, n in number.iter_rows())

    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.register("panel", table)

    def duck() -> NDArray[np.int64]:
        query = """
            SELECT state, next, count(*) FROM
            (SELECT state, lead(state) OVER (PARTITION BY id ORDER BY month) AS next FROM panel)
            WHERE next IS NOT NULL GROUP BY ALL
        """
        return counted(connection.execute(query).fetchall())

    return {"polars": polars, "duckdb": duck}
