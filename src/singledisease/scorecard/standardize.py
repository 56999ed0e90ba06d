"""Direct standardization by age: the rate that a population would have if it were as old as a standard one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from singledisease.dates import date_of
from singledisease.definitions.aggregate import Distribution
from singledisease.definitions.measure import Measure
from singledisease.definitions.resolve import Resolved
from singledisease.errors import UsageError, did_you_mean
from singledisease.scorecard.card import Scorecard, require_scorecard
from singledisease.scorecard.show import FigureCell, cells_of
from singledisease.scorecard.standard_populations import KNOWN_BANDS, STANDARDS, UNKNOWN_AGE
from singledisease.tables import Table

_AGE = "age_band"
_COLUMNS = (
    "measure",
    "period_start",
    "period_end",
    "by",
    "standard",
    "denominator",
    "rate",
    "standardized",
    "ci_low",
    "ci_high",
    "without_rate",
    "age_unknown",
)


def standardized(
    score: Scorecard,
    measure: str,
    standard: str | Mapping[str, float] = "china2020",
    *,
    bands: Sequence[str] = KNOWN_BANDS,
) -> Table:
    """Give the rates of a measure brought to the ages of a standard population, of merged counts.

    Parameters
    ----------
    score
        With ``age_band`` among its strata; the others stay.
    measure
        The id of one of its measures with a rate: a proportion or a ratio.
    standard
        ``china2020``, ``who``, or weights of one's own by age band.
    bands
        The ages that are compared; of a programme for people of 35 and over, those bands alone.

    Returns
    -------
    Table
        One row for each period and further stratum: ``rate`` as it is, over the bands; ``standardized``, missing where
        a band has nobody to have a rate (``without_rate`` names them); its 95 % interval, for a proportion;
        ``age_unknown``: how many in the denominator are in no band.

    Raises
    ------
    UsageError
        If the scorecard is not by age, or has no such measure, or there is no such standard or band.

    >>> import singledisease as sd
    >>> log = sd.simulate(patients=400, seed=1).log()
    >>> control = sd.measures("cn-bphs-2017", diseases="hypertension")[2]
    >>> score = sd.evaluate(control, log, period="2024", by="age_band")
    >>> older = ("35-44", "45-54", "55-64", "65-74", "75+")
    >>> table = sd.standardized(score, "hypertension.control", "who", bands=older)
    >>> table["standard"], 0 < table["standardized"][0] < 1
    (('who',), True)
    """
    require_scorecard(score)
    resolved = _asked(score, measure)
    name, weights = _weights(standard, bands)
    place = score.by.index(_AGE)
    rows = [
        _row(resolved, name, cells, weights, tuple(part for part in score.by if part != _AGE))
        for cells in _together(score, resolved, place)
    ]
    return Table.of_rows(_COLUMNS, rows)


def _asked(score: Scorecard, measure: str) -> Resolved:
    if _AGE not in score.by:
        raise UsageError(f"expected a scorecard by age_band, got one by {list(score.by)}; evaluate by=['age_band', …]")
    known = {one.measure.id: one for one in score.measures}
    if measure not in known:
        raise UsageError(f"the scorecard has no measure {measure!r}; {did_you_mean(measure, known)}")
    if isinstance(known[measure].measure, Distribution):
        raise UsageError(f"{measure} is a distribution and has no rate to be standardized")
    return known[measure]


def _weights(standard: str | Mapping[str, float], bands: Sequence[str]) -> tuple[str, dict[str, float]]:
    if isinstance(standard, str):
        if standard not in STANDARDS:
            raise UsageError(f"there is no standard population {standard!r}; {did_you_mean(standard, STANDARDS)}")
        name, known = standard, STANDARDS[standard].in_bands()
    else:
        name, known = "given", standard
    for band in bands:
        if band not in KNOWN_BANDS or band not in known:
            raise UsageError(f"there is no age band {band!r} to weigh; {did_you_mean(band, known)}")
    chosen = {band: float(known[band]) for band in bands}
    if not chosen or any(not weight >= 0 for weight in chosen.values()) or not sum(chosen.values()) > 0:
        raise UsageError(f"expected weights of 0 or more, together above 0, got {chosen}")
    whole = sum(chosen.values())
    return name, {band: weight / whole for band, weight in chosen.items()}


def _together(score: Scorecard, resolved: Resolved, place: int) -> Iterator[dict[str, FigureCell]]:
    """Give the cells of each period and further stratum, by age band."""
    found: dict[Any, dict[str, FigureCell]] = {}
    for cell in cells_of(score, resolved):
        rest = tuple(text for i, text in enumerate(cell.stratum) if i != place)
        found.setdefault((cell.period, rest), {})[cell.stratum[place]] = cell
    yield from found.values()


def _row(
    resolved: Resolved,
    name: str,
    cells: Mapping[str, FigureCell],
    weights: Mapping[str, float],
    others: tuple[str, ...],
) -> tuple[Any, ...]:
    some = next(iter(cells.values()))
    by = dict(zip(some.counted.by, some.stratum, strict=True))
    figures = {band: cells[band].figures for band in weights if band in cells}
    rates = {band: one["rate"] for band, one in figures.items() if one["rate"] is not None}
    lacking = [band for band, weight in weights.items() if weight and band not in rates]
    value = None if lacking else math.fsum(weights[band] * rate for band, rate in rates.items())
    low, high = (None, None) if value is None else _interval(resolved, value, figures, weights)
    above, below = (math.fsum(one[part] for one in figures.values()) for part in ("numerator", "denominator"))
    aside = cells.get(UNKNOWN_AGE)
    return (
        resolved.measure.id,
        date_of(some.period.start),
        date_of(some.period.end),
        {part: by[part] for part in others},
        name,
        _plain(below),
        above / below * getattr(resolved.measure, "per", 1) if below else None,
        value,
        low,
        high,
        ", ".join(lacking),
        0 if aside is None else aside.figures["denominator"],
    )


def _interval(
    resolved: Resolved, value: float, figures: Mapping[str, Mapping[str, Any]], weights: Mapping[str, float]
) -> tuple[float | None, float | None]:
    """Give the 95 % interval of a standardized proportion, by the variance of a weighted sum of proportions."""
    if not isinstance(resolved.measure, Measure):
        return None, None
    variances = (
        weights[band] ** 2 * one["rate"] * (1 - one["rate"]) / one["denominator"]
        for band, one in figures.items()
        if weights[band]
    )
    wide = 1.959963984540054 * math.sqrt(math.fsum(variances))
    return max(0.0, value - wide), min(1.0, value + wide)


def _plain(number: float) -> float | int:
    return int(number) if number.is_integer() else number
