"""The tables that are about no person: institutions, teams, and what institutions did that is about nobody."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from singledisease.eventlog.columns import AnyColumn, Coded
from singledisease.frozen_mapping import frozen_mapping
from singledisease.read_only import holds_arrays, read_only


@frozen(kw_only=True)
class InstitutionColumns:
    """One row per institution, sorted by id.

    Attributes
    ----------
    ids
        Their ids.
    columns
        name, level, parent, region and further columns, as text; blank is missing.
    typed
        The further columns that were declared to hold something other than text, as that: ``adults`` as numbers.
    """

    ids: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(factory=dict, converter=frozen_mapping)
    typed: Mapping[str, AnyColumn] = field(factory=dict, converter=frozen_mapping)

    def parent(self, institution: str) -> str:
        """Give the institution above, blank if there is none or it is not known."""
        return self.text(institution, "parent")

    def text(self, institution: str, column: str) -> str:
        """Give what stands in a column of an institution, blank if it is not known."""
        if institution not in self.ids or column not in self.columns:
            return ""
        return self.columns[column][self.ids.index(institution)]


@frozen(kw_only=True)
class Teams:
    """One row per team, sorted by id; ``columns`` are name, institution, kind, group and further ones, as text."""

    ids: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(factory=dict, converter=frozen_mapping)


def _nothing() -> Coded:
    return Coded(np.empty(0, np.uint8), ("",))


@holds_arrays
@frozen(eq=False, kw_only=True)
class ActivityColumns:
    """What institutions did that is about no one person, sorted by institution, date, kind and the rest by name.

    Attributes
    ----------
    institution, kind
        Of each row.
    date
        int32 days.
    columns
        ``count`` and ``staff`` as numbers, ``from_level``, ``to_level`` and further columns as text.
    """

    institution: Coded = field(factory=_nothing)
    date: NDArray[np.int32] = field(factory=lambda: np.empty(0, np.int32), converter=read_only)
    kind: Coded = field(factory=_nothing)
    columns: Mapping[str, AnyColumn] = field(factory=dict, converter=frozen_mapping)

    def __len__(self) -> int:
        return len(self.date)

    def take(self, rows: NDArray[np.int64]) -> ActivityColumns:
        """Give some of the rows, in the order named."""
        return evolve(
            self,
            institution=self.institution[rows],
            date=self.date[rows],
            kind=self.kind[rows],
            columns={name: column[rows] for name, column in self.columns.items()},
        )
