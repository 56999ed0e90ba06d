"""What every table of a cohort is written with: its states and their names, its steps, and its strata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from singledisease.cohorts.headings import HEADINGS
from singledisease.cohorts.names import DIED, ENTERED, LEFT
from singledisease.cohorts.subset import strata_in_order
from singledisease.dates import Period, date_of
from singledisease.definitions.citation import Names
from singledisease.definitions.wording.terms import ATTRIBUTE_NAMES, VALUE_NAMES
from singledisease.multistate.names import Called
from singledisease.strata import Strata
from singledisease.tables import Heading

_STRATA = {"institution": Names("机构", "institution"), "age_band": Names("年龄组", "age band")}
SPAN = ("period_start", "period_end")


@frozen(eq=False, kw_only=True)
class TableContext:
    """States, steps and strata of a cohort, and how they are called.

    Attributes
    ----------
    states, names
        The states that count as being in the cohort, and what they are called.
    periods
        The steps.
    by, strata
        Names of the strata, and in which stratum everybody is in each step.
    """

    states: tuple[str, ...]
    names: Called
    periods: tuple[Period, ...]
    by: tuple[str, ...]
    strata: Strata

    @property
    def sources(self) -> tuple[str, ...]:
        """Rows of counted transitions."""
        return (*self.states, ENTERED)

    @property
    def targets(self) -> tuple[str, ...]:
        """Columns of counted transitions."""
        return (*self.states, LEFT, DIED)

    def columns(self, first: tuple[str, ...], *rest: str) -> tuple[str, ...]:
        """Return the columns of a table, with one for the stratum where the cohort is cut."""
        return (*first, *(("by",) if self.by else ()), *rest)

    def headings(self) -> dict[str, Heading]:
        """Return the headings, those of the strata among them as they stand where they are spread out."""
        known = {**ATTRIBUTE_NAMES, **_STRATA}
        return HEADINGS | {f"by.{name}": (known[name].zh, known[name].en) for name in self.by if name in known}

    def called(self) -> dict[str, Called]:
        """Return what the values of each column are called."""
        strata = {
            f"by.{name}": {value: (names.zh, names.en) for value, names in VALUE_NAMES[name].items()}
            for name in self.by
            if name in VALUE_NAMES
        }
        return dict.fromkeys(("from", "to", "state"), self.names) | strata

    def in_order(self, used: Any) -> list[int]:
        """Return the strata that are used, in order."""
        return strata_in_order(self.strata, used)

    def stratum(self, number: int) -> tuple[dict[str, str], ...]:
        """Return the cell of a stratum; none where the cohort is not cut."""
        return (dict(zip(self.by, self.strata.keys[number], strict=True)),) if self.by else ()

    def spans(self) -> Iterator[tuple[int, tuple[Any, Any]]]:
        """Return the number of each step, with its first and last day."""
        for number, period in enumerate(self.periods):
            yield number, (date_of(period.start), date_of(period.end))
