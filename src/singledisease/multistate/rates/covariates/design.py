"""Covariates and periods: which rates are in force in an interval between two visits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.errors import DataError, DefinitionError, Fault, UsageError, did_you_mean
from singledisease.multistate.aggregate.keys import dense
from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.rates.covariates.change_points import read_cuts
from singledisease.multistate.rates.covariates.columns import named_columns, read_column
from singledisease.multistate.rates.visits.visits import VISITS_SHOWN, PanelVisits


@frozen(eq=False, kw_only=True)
class Covariate:
    """One column: a number, or the levels of a text, the first of which is the reference.

    Attributes
    ----------
    terms
        Names of its terms: the name itself, or ``name=level`` for each level but the first.
    mean, spread
        (terms): mean over the visits that start an interval, and the step on which an effect is judged.
    levels
        The levels in order; empty for a number.
    """

    name: str
    terms: tuple[str, ...]
    mean: Floats
    spread: Floats
    levels: tuple[Any, ...] = ()

    def coded(self, value: Any) -> Floats:
        """Return the terms of one value, centred."""
        if not self.levels:
            return np.atleast_1d(np.float64(value)) - self.mean
        if value not in self.levels:
            raise UsageError(f"{self.name} has no level {value!r}; known: {', '.join(map(str, self.levels))}")
        return np.array([float(value == level) for level in self.levels[1:]]) - self.mean


@frozen(eq=False, kw_only=True)
class Patterns:
    """Distinct rows of covariates.

    Attributes
    ----------
    covariates
        In the order given.
    patterns
        float64 (patterns, terms): centred.
    pattern
        int64 (rows): which pattern holds in the interval that a visit starts, or at a visit; -1 where none is asked.
    """

    covariates: tuple[Covariate, ...]
    patterns: Floats
    pattern: Codes

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the terms of all covariates."""
        return tuple(term for covariate in self.covariates for term in covariate.terms)

    @property
    def spread(self) -> Floats:
        """The step on which the effect of each term is judged."""
        return np.concatenate([c.spread for c in self.covariates]) if self.covariates else np.empty(0)

    def terms_of(self, name: str) -> tuple[str, ...]:
        """Return the terms of a covariate; raises ``UsageError`` if there is none of that name."""
        known = [c.name for c in self.covariates]
        if name not in known:
            raise UsageError(f"effects: there is no covariate {name!r}; {did_you_mean(str(name), known)}")
        return self.covariates[known.index(name)].terms

    def centred(self, values: Mapping[str, Any] | None) -> Floats:
        """Return the terms of given values of the covariates, (terms); those not named are at their mean.

        Raises
        ------
        UsageError
            If a name or a level does not exist.
        """
        given = dict(values or {})
        known = [c.name for c in self.covariates]
        for name in given:
            if name not in known:
                raise UsageError(f"the fit has no covariate {name!r}; {did_you_mean(str(name), known)}")
        parts = [c.coded(given[c.name]) if c.name in given else np.zeros(len(c.terms)) for c in self.covariates]
        return np.concatenate(parts) if parts else np.empty(0)


@frozen(eq=False, kw_only=True)
class Design:
    """Covariates of the rates, by interval, and of the errors, by visit; periods.

    Attributes
    ----------
    rates
        Held from the left visit of each interval.
    errors
        At each visit whose state may be mistaken.
    cuts
        float64, in the unit of time: where rates change.
    edges
        How they are written.
    """

    rates: Patterns
    errors: Patterns
    cuts: Floats
    edges: tuple[str, ...] = ()


def design(
    visits: PanelVisits,
    covariates: Any,
    cuts: Any,
    errors: Any = None,
    doubtful: NDArray[np.bool_] | None = None,
) -> Design:
    """Settle patterns; covariates are centred at their mean over the visits that start an interval.

    Parameters
    ----------
    visits
        The visits.
    covariates
        Of the rates: asked at the visits that start an interval, and held until the next.
    cuts
        Where rates change.
    errors
        Of the errors: asked at the visits that are ``doubtful``.
    doubtful
        Which visits show a state that may be mistaken, (visits); left out: none.

    Raises
    ------
    DataError
        If a covariate is missing where it is asked, naming person and row.
    DefinitionError
        If it has one value only, or the cuts lie outside.
    """
    when, edges = read_cuts(visits, cuts)
    unsure = np.zeros(len(visits.seen), dtype=bool) if doubtful is None else doubtful
    at = np.flatnonzero(unsure)
    mistaken = _patterns(visits, errors, at, "shows a state that may be mistaken")
    pattern = np.full(len(visits.seen), -1, dtype=np.int64)
    pattern[at] = mistaken.pattern
    return Design(
        rates=_patterns(visits, covariates, visits.left, "starts an interval"),
        errors=evolve(mistaken, pattern=pattern),
        cuts=when,
        edges=edges,
    )


def _patterns(visits: PanelVisits, covariates: Any, at: Codes, which: str) -> Patterns:
    columns = named_columns(covariates, "covariates")
    if not columns:
        return Patterns(covariates=(), patterns=np.zeros((1, 0)), pattern=np.zeros(len(at), dtype=np.int64))
    made = [_covariate(visits, name, values, at, which) for name, values in columns.items()]
    table = np.concatenate([column for _, column in made], axis=1)
    pattern, first = dense(*(_numbered(column) for column in table.T))
    return Patterns(covariates=tuple(covariate for covariate, _ in made), patterns=table[first], pattern=pattern)


def _numbered(column: Floats) -> Codes:
    return np.asarray(np.unique(column, return_inverse=True)[1], dtype=np.int64)


def _covariate(visits: PanelVisits, name: str, values: Any, at: Codes, which: str) -> tuple[Covariate, Floats]:
    column = read_column(name, values, len(visits.who))
    used = column.values[visits.row[at]]
    _refuse_missing(visits, name, used, at, which)
    codes = None if column.levels is None else np.unique(used)
    numbers = _terms(used, codes)
    if not numbers.size or (numbers.min(0) == numbers.max(0)).any():
        raise DefinitionError(f"covariate {name} has one value only, so that it has no effect to estimate")
    levels = () if codes is None or column.levels is None else tuple(column.levels[int(code)] for code in codes)
    terms = tuple(f"{name}={level}" for level in levels[1:]) or (name,)
    whole = column.values[visits.row[visits.left]]
    mean = _terms(whole[np.isfinite(whole)], codes).mean(0)
    spread = np.minimum(numbers.max(0) - numbers.min(0), 4 * numbers.std(0))
    return Covariate(name=name, terms=terms, mean=mean, spread=spread, levels=levels), numbers - mean


def _terms(values: Floats, codes: Floats | None) -> Floats:
    """Return a number as it is, levels but the first as 0 and 1, (rows, terms)."""
    return values[:, None] if codes is None else (values[:, None] == codes[1:]).astype(np.float64)


def _refuse_missing(visits: PanelVisits, name: str, used: Floats, at: Codes, which: str) -> None:
    missing = np.flatnonzero(~np.isfinite(used))
    if len(missing):
        way_out = "leave these visits out, or fill it in"
        faults = [
            Fault(
                "missing_covariate",
                f"person {visits.ids[visits.person[i]]}, row {visits.row[i]}",
                f"{name} is missing",
                way_out,
            )
            for i in at[missing[:VISITS_SHOWN]]
        ]
        raise DataError(f"covariate {name} is missing at {len(missing)} visits each of which {which}", faults)
