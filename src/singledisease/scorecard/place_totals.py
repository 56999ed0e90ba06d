"""Numbers of institutions added up, each place once, for figures whose denominator stands in no log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from attrs import Factory, evolve, field, frozen

from singledisease.eventlog.log import InstitutionColumns
from singledisease.scorecard.rollup import parents_of
from singledisease.strata import OF_INSTITUTION

_ABOVE = ("county", "city")
"""Levels whose institutions, with none below them, serve everybody and have no residents of their own."""

NumberOf = Callable[[int], float | None]
"""The number of an institution, by its row; ``None`` where it states none."""


@frozen
class StratumInstitutions:
    """The institutions of a stratum.

    Attributes
    ----------
    by
        The stratum: name to text.
    rolled_up
        Whether an institution has the sum of all below it.
    row
        The row of the one institution that is meant, if it is one.
    """

    institutions: InstitutionColumns
    by: Mapping[str, str]
    rolled_up: bool = False
    row: int | None = field(default=Factory(lambda self: self._own_row(), takes_self=True))

    def _own_row(self) -> int | None:
        own, ids = self.by.get("institution"), self.institutions.ids
        return ids.index(own) if own in ids else None

    def at(self, row: int) -> StratumInstitutions:
        """Give one of the institutions."""
        return evolve(self, row=row)

    def total(self, number: NumberOf) -> float | None:
        """Add up a number of each institution; missing where a place would be left out.

        Strata of people, such as sex, have no number of institutions: it is missing.
        """
        if any(name != "institution" and not name.startswith(OF_INSTITUTION) for name in self.by):
            return None
        if "institution" in self.by and (self.row is None or not self.rolled_up):
            return None if self.row is None else number(self.row)
        found = list(self._stated(number))
        there = [value for value in found if value is not None]
        return sum(there) if found and len(there) == len(found) else None

    def _stated(self, number: NumberOf) -> Iterator[float | None]:
        """Give the numbers that cover the stratum: those of its uppermost institutions, or of what is below them."""
        ids, parents, levels = self.institutions.ids, parents_of(self.institutions), self._column("level")
        here = range(len(ids)) if "institution" in self.by else self._rows_of_stratum()
        known = {ids[row] for row in here}
        below: dict[str, list[int]] = {}
        for row in here:
            parent = parents.get(ids[row], "")
            below.setdefault(parent if parent in known else "", []).append(row)
        waiting = [self.row] if self.row is not None else below.get("", [])
        while waiting:
            row, waiting = waiting[0], waiting[1:]
            own, under = number(row), below.get(ids[row], [])
            if own is None and under:
                waiting = [*under, *waiting]
            elif own is not None or levels[row] not in _ABOVE:
                yield own

    def _rows_of_stratum(self) -> list[int]:
        """Give the institutions that have the stratum's text in each column asked for."""
        columns = [(self._column(name.removeprefix(OF_INSTITUTION)), text) for name, text in self.by.items()]
        return [row for row in range(len(self.institutions.ids)) if all(of[row] == text for of, text in columns)]

    def _column(self, name: str) -> Sequence[str]:
        return self.institutions.columns.get(name, ("",) * len(self.institutions.ids))
