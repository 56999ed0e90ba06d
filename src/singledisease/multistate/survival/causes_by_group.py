"""Competing risks of several groups, with a log-rank test for each cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen

from singledisease.errors import UsageError, did_you_mean
from singledisease.frozen_mapping import frozen_mapping
from singledisease.multistate.headings import HEADINGS, PROBABILITIES
from singledisease.multistate.occupation.occupation import Occupation
from singledisease.multistate.plots import draw
from singledisease.multistate.survival.log_rank import LogRank
from singledisease.tables import Table, displayed


@displayed
@frozen(eq=False, kw_only=True)
class CausesByGroup:
    """Cumulative incidences of each group; ``fit[group]`` are those of one.

    Attributes
    ----------
    groups
        Names, G of them.
    fits
        Of each group.
    tests
        Cause to the log-rank test of whether the groups have the same hazard of it; the other causes censor there.
        None where there are weights or clusters.
    """

    groups: tuple[Any, ...]
    fits: tuple[Occupation, ...]
    tests: Mapping[Any, LogRank] = field(converter=frozen_mapping)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.groups)

    def __len__(self) -> int:
        return len(self.groups)

    def __getitem__(self, group: Any) -> Occupation:
        """Return the estimate of a group; raises ``UsageError`` if there is none of that name."""
        if group not in self.groups:
            raise UsageError(f"there is no group {group!r}; {did_you_mean(str(group), map(str, self.groups))}")
        return self.fits[self.groups.index(group)]

    def at(self, times: Any, level: float = 0.95) -> Table:
        """Write one row per group, time asked for and state; see ``Occupation.at``."""
        return self._stacked([fit.at(times, level) for fit in self.fits])

    def table(self) -> Table:
        """Write one row per group, time and state."""
        return self._stacked([fit.table() for fit in self.fits])

    def _stacked(self, tables: list[Table]) -> Table:
        names = ("group", *tables[0].columns)
        rows = [
            (str(group), *row.values())
            for group, table in zip(self.groups, tables, strict=True)
            for row in table.rows()
        ]
        return Table.of_rows(names, rows, headings=HEADINGS, formats=PROBABILITIES, called=tables[0].called)

    @property
    def notes(self) -> tuple[str, ...]:
        """The tests in words, and what to know of each group before relying on it."""
        tested = [f"log-rank of {cause}: {test.notes[0]}" for cause, test in self.tests.items()]
        about = [f"{group}: {note}" for group, fit in zip(self.groups, self.fits, strict=True) for note in fit.notes]
        return (*(tested or ["no log-rank test: it knows of no weights and no clusters"]), *about)

    def plot(self, cause: Any, ax: Any = None, *, level: float | None = 0.95) -> Any:
        """Draw the cumulative incidence of a cause in each group, and return the axes; see ``StateCurve.plot``."""
        curves = [fit[cause].drawn(level, str(group)) for group, fit in zip(self.groups, self.fits, strict=True)]
        one = self.fits[0]
        return draw(ax, curves, dated=one.dated, unit=one.unit, what=f"probability of {cause}")

    def __str__(self) -> str:
        return "\n".join((str(self.table()), *(f"({note})" for note in self.notes)))
