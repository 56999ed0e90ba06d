"""Parts of a cohort: the people of one stratum as a cohort of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from singledisease.cohorts.show import HEADINGS, strata_in_order
from singledisease.errors import DataError, UsageError, did_you_mean
from singledisease.strata import Strata
from singledisease.tables import Table

if TYPE_CHECKING:
    from singledisease.cohorts.cohort import Cohort


def in_stratum(cohort: Cohort, step: int, wanted: Mapping[str, str]) -> NDArray[np.bool_]:
    """Say of everybody whether they are in a stratum during a step; raises ``UsageError`` if there is none such."""
    for name in wanted:
        if name not in cohort.by:
            raise UsageError(f"the cohort is not cut by {name!r}; {did_you_mean(name, cohort.by)}")
    keys = [dict(zip(cohort.by, key, strict=True)) for key in cohort.strata.keys]
    fits = np.array([all(key[name] == value for name, value in wanted.items()) for key in keys])
    codes = cohort.strata.codes
    return np.asarray(fits[codes[step if len(codes) > 1 else 0]])


def known_stratum(cohort: Cohort, wanted: Mapping[str, str]) -> None:
    """Refuse a value that no stratum has: a misspelt one has no people, and that would look like an answer."""
    for place, name in enumerate(cohort.by):
        known = {key[place] for key in cohort.strata.keys}
        if name in wanted and wanted[name] not in known:
            raise UsageError(f"there is no stratum {name}={wanted[name]!r}; {did_you_mean(str(wanted[name]), known)}")


def within(cohort: Cohort, wanted: Mapping[str, str]) -> Cohort:
    """Give the cohort of those who were in a stratum in the first step; see ``Cohort.within``."""
    people = np.flatnonzero(in_stratum(cohort, 0, wanted))
    if not len(people):
        keys = [cohort.strata.keys[s] for s in strata_in_order(cohort, np.bincount(cohort.strata.codes[0]) > 0)]
        known = "; ".join(", ".join(map(repr, key)) for key in keys)
        raise UsageError(
            f"nobody is in {dict(wanted)} in the first step; there are, by {', '.join(cohort.by)}: {known}"
        )
    steps, passed = cohort.steps, cohort.steps.passed
    return evolve(
        cohort,
        courses=cohort.courses.only(people),
        ids=cohort.ids[people],
        steps=evolve(steps, codes=steps.codes[:, people], passed=None if passed is None else passed[:, people]),
        strata=Strata(cohort.strata.keys, cohort.strata.codes[:, people]),
    )


def per_stratum(cohort: Cohort, make: Callable[[Cohort], Table]) -> Table:
    """Give one table of what ``make`` gives for each stratum; see ``Cohort.per_stratum``."""
    if not cohort.by:
        return make(cohort)
    keys = [cohort.strata.keys[s] for s in strata_in_order(cohort, np.bincount(cohort.strata.codes[0]) > 0)]
    parts = [dict(zip(cohort.by, key, strict=True)) for key in keys]
    tables = [_made(cohort, part, make) for part in parts]
    columns = {name: [cell for table in tables for cell in table[name]] for name in tables[0].columns}
    by = [part for part, table in zip(parts, tables, strict=True) for _ in range(len(table))]
    return evolve(tables[0], columns={"by": by, **columns}, headings={**tables[0].headings, "by": HEADINGS["by"]})


def _made(cohort: Cohort, part: Mapping[str, str], make: Callable[[Cohort], Table]) -> Table:
    try:
        return make(within(cohort, part))
    except DataError as error:
        called = ", ".join(f"{name} {value!r}" for name, value in part.items())
        raise DataError(f"{called}: {error.summary}", error.faults) from None
