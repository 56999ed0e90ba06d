"""Survival of several groups, with the log-rank test of whether they differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from singledisease.errors import UsageError, did_you_mean
from singledisease.multistate.headings import HEADINGS, PROBABILITIES
from singledisease.multistate.plots import draw
from singledisease.multistate.survival.log_rank import LogRank
from singledisease.multistate.survival.survival import Survival
from singledisease.tables import Table, displayed


@displayed
@frozen(eq=False, kw_only=True)
class SurvivalByGroup:
    """Survival of each group; ``fit[group]`` is that of one.

    Attributes
    ----------
    groups
        Names, G of them.
    curves
        Of each group.
    test
        The log-rank test of whether they are alike.
    """

    groups: tuple[Any, ...]
    curves: tuple[Survival, ...]
    test: LogRank

    def __iter__(self) -> Iterator[Any]:
        return iter(self.groups)

    def __len__(self) -> int:
        return len(self.groups)

    def __getitem__(self, group: Any) -> Survival:
        """Return the survival of a group; raises ``UsageError`` if there is none of that name."""
        if group not in self.groups:
            raise UsageError(f"there is no group {group!r}; {did_you_mean(str(group), map(str, self.groups))}")
        return self.curves[self.groups.index(group)]

    def at(self, times: Any, level: float = 0.95) -> Table:
        """Write one row per group and time asked for; see ``Survival.at``."""
        return self._stacked([curve.at(times, level) for curve in self.curves])

    def table(self, level: float = 0.95) -> Table:
        """Write one row per group and event time."""
        return self._stacked([curve.table(level) for curve in self.curves])

    def _stacked(self, tables: list[Table]) -> Table:
        names = ("group", *tables[0].columns)
        rows = [
            (str(group), *row.values())
            for group, table in zip(self.groups, tables, strict=True)
            for row in table.rows()
        ]
        return Table.of_rows(names, rows, headings=HEADINGS, formats=PROBABILITIES)

    @property
    def notes(self) -> tuple[str, ...]:
        """The test in words, and what to know of each group before relying on it."""
        about = (f"{group}: {note}" for group, one in zip(self.groups, self.curves, strict=True) for note in one.notes)
        return (f"log-rank: {self.test.notes[0]}", *about)

    def plot(self, ax: Any = None, *, level: float | None = 0.95) -> Any:
        """Draw the curve of each group with its limits, and return the axes; see ``Survival.plot``."""
        curves = [curve.drawn(level, str(group)) for group, curve in zip(self.groups, self.curves, strict=True)]
        one = self.curves[0]
        return draw(ax, curves, dated=one.dated, unit=one.unit, what="without the event")

    def __str__(self) -> str:
        return "\n".join((str(self.table()), *(f"({note})" for note in self.notes)))
