"""People of a cohort by stratum: who is in one, in which order strata stand, and one table of all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from singledisease.cohorts.headings import HEADINGS
from singledisease.errors import DataError, UsageError, did_you_mean
from singledisease.strata import AGE_BANDS, Strata
from singledisease.tables import Table

By = tuple[str, ...]
"""Names of what a cohort is cut by."""


def strata_in_order(strata: Strata, used: Any) -> list[int]:
    """Return the strata that are used, sorted by their texts, age bands by age."""

    def place(stratum: int) -> tuple[Any, ...]:
        return tuple((AGE_BANDS.index(text) if text in AGE_BANDS else -1, text) for text in strata.keys[stratum])

    return sorted(np.flatnonzero(used).tolist(), key=place)


def at_the_start(strata: Strata) -> list[tuple[str, ...]]:
    """Return the strata that hold somebody in the first step, in order."""
    return [strata.keys[s] for s in strata_in_order(strata, np.bincount(strata.codes[0]) > 0)]


def in_stratum(by: By, strata: Strata, step: int, wanted: Mapping[str, str]) -> NDArray[np.bool_]:
    """Say of everybody whether they are in a stratum during a step; raises ``UsageError`` if there is none such."""
    for name in wanted:
        if name not in by:
            raise UsageError(f"the cohort is not cut by {name!r}; {did_you_mean(name, by)}")
    keys = [dict(zip(by, key, strict=True)) for key in strata.keys]
    fits = np.array([all(key[name] == value for name, value in wanted.items()) for key in keys])
    return np.asarray(fits[strata.codes[step if len(strata.codes) > 1 else 0]])


def known_stratum(by: By, strata: Strata, wanted: Mapping[str, str]) -> None:
    """Refuse a value that no stratum has: a misspelt one has no people, and that would look like an answer."""
    for place, name in enumerate(by):
        known = {key[place] for key in strata.keys}
        if name in wanted and wanted[name] not in known:
            raise UsageError(f"there is no stratum {name}={wanted[name]!r}; {did_you_mean(str(wanted[name]), known)}")


def people_within(by: By, strata: Strata, wanted: Mapping[str, str]) -> NDArray[np.intp]:
    """Return the people who are in a stratum in the first step; raises ``UsageError`` if nobody is."""
    people = np.flatnonzero(in_stratum(by, strata, 0, wanted))
    if not len(people):
        known = "; ".join(", ".join(map(repr, key)) for key in at_the_start(strata))
        raise UsageError(f"nobody is in {dict(wanted)} in the first step; there are, by {', '.join(by)}: {known}")
    return people


def per_stratum(by: By, strata: Strata, make: Callable[[Mapping[str, str]], Table]) -> Table:
    """Return one table of what ``make`` gives for each stratum of the first step, led by the column ``by``.

    Raises
    ------
    DataError
        If ``make`` raises one, naming the stratum.
    """
    parts = [dict(zip(by, key, strict=True)) for key in at_the_start(strata)]
    tables = [_made(part, make) for part in parts]
    columns = {name: [cell for table in tables for cell in table[name]] for name in tables[0].columns}
    owners = [part for part, table in zip(parts, tables, strict=True) for _ in range(len(table))]
    headings = {**tables[0].headings, "by": HEADINGS["by"]}
    return evolve(tables[0], columns={"by": owners, **columns}, headings=headings)


def _made(part: Mapping[str, str], make: Callable[[Mapping[str, str]], Table]) -> Table:
    try:
        return make(part)
    except DataError as error:
        named = ", ".join(f"{name} {value!r}" for name, value in part.items())
        raise DataError(f"{named}: {error.summary}", error.faults) from None
