"""The tables of a cohort: what is printed, written as CSV or JSON, and turned into dataframes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from singledisease.cohorts.columns import time_cell
from singledisease.cohorts.course_stays import DIED, LEFT
from singledisease.cohorts.names import ENTERED, WAYS, Called, suggested
from singledisease.dates import date_of
from singledisease.definitions.citation import Names
from singledisease.definitions.wording.terms import ATTRIBUTE_NAMES, VALUE_NAMES
from singledisease.errors import UsageError
from singledisease.intervals import wilson
from singledisease.strata import AGE_BANDS, Stratum
from singledisease.tables import Heading, Table

if TYPE_CHECKING:
    from singledisease.cohorts.cohort import Cohort
    from singledisease.cohorts.occupation import Occupation

HEADINGS: dict[str, Heading] = {
    "period_start": ("期初", "period start"),
    "period_end": ("期末", "period end"),
    "by": ("分组", "by"),
    "from": ("从", "from"),
    "to": ("到", "to"),
    "people": ("人数", "people"),
    "of": ("总人数", "of"),
    "share": ("比例", "share"),
    "ci_low": ("下限", "low"),
    "ci_high": ("上限", "high"),
    "day": ("日", "day"),
    "state": ("状态", "state"),
    "opening": ("期初人数", "opening"),
    ENTERED: WAYS[ENTERED],
    "moved_in": ("转入", "moved in"),
    "moved_out": ("转出", "moved out"),
    LEFT: WAYS[LEFT],
    DIED: WAYS[DIED],
    "closing": ("期末人数", "closing"),
    "person_years": ("人年", "person-years"),
    "events": ("事件数", "events"),
    "rate": ("率", "rate"),
    "probability": ("概率", "probability"),
    "time": ("时间", "time"),
    "at_risk": ("在险人数", "at risk"),
    "standard_error": ("标准误", "standard error"),
    "step": ("步", "step"),
    "group": ("组", "group"),
    "observed": ("观察到", "observed"),
    "expected": ("预期", "expected"),
    "observed_share": ("观察比例", "observed share"),
    "expected_share": ("预期比例", "expected share"),
    "plain": ("普通估计", "plain"),
    "landmark": ("界标估计", "landmark"),
    "person": ("人", "person"),
    "began": ("开始", "began"),
    "entry": ("进入观察", "entry"),
    "duration": ("持续", "duration"),
    "event": ("事件", "event"),
    "unknown": ("未知", "unknown"),
    "assumption": ("假设", "assumption"),
    "test": ("检验", "test"),
    "statistic": ("χ²", "χ²"),
    "degrees": ("自由度", "df"),
    "p_value": ("P 值", "p"),
    "against": ("结论", "verdict"),
}
_STRATA = {"institution": Names("机构", "institution"), "age_band": Names("年龄组", "age band")}
_SPAN = ("period_start", "period_end")
SHARES = {"share": ".1%", "ci_low": ".1%", "ci_high": ".1%"}
COMPARED = {"observed": ",.0f", "expected": ",.1f", "observed_share": ".1%", "expected_share": ".1%"}
PROBABILITIES = {"probability": ".4f", "standard_error": ".4f", "ci_low": ".4f", "ci_high": ".4f"}
RATES = {"person_years": ",.2f", "rate": ".2f", "ci_low": ".2f", "ci_high": ".2f"}


def _names(cohort: Cohort, first: tuple[str, ...], *rest: str) -> tuple[str, ...]:
    return (*first, *(("by",) if cohort.by else ()), *rest)


def _headings(cohort: Cohort) -> dict[str, Heading]:
    """Give the headings, those of the strata among them as they stand where they are spread out."""
    known = {**ATTRIBUTE_NAMES, **_STRATA}
    return HEADINGS | {f"by.{name}": (known[name].zh, known[name].en) for name in cohort.by if name in known}


def _called(cohort: Cohort) -> dict[str, Called]:
    strata = {
        f"by.{name}": {value: (names.zh, names.en) for value, names in VALUE_NAMES[name].items()}
        for name in cohort.by
        if name in VALUE_NAMES
    }
    return dict.fromkeys(("from", "to", "state"), cohort.names) | strata


def strata_in_order(cohort: Cohort, used: Any) -> list[int]:
    """Give the strata that are used, sorted by their texts, age bands by age."""

    def place(stratum: int) -> tuple[Any, ...]:
        key: Stratum = cohort.strata.keys[stratum]
        return tuple((AGE_BANDS.index(text) if text in AGE_BANDS else -1, text) for text in key)

    return sorted(np.flatnonzero(used).tolist(), key=place)


def _stratum(cohort: Cohort, stratum: int) -> tuple[dict[str, str], ...]:
    return (dict(zip(cohort.by, cohort.strata.keys[stratum], strict=True)),) if cohort.by else ()


def _number(value: Any) -> float | None:
    return None if math.isnan(value) else float(value)


def _spans(cohort: Cohort) -> Iterator[tuple[int, tuple[Any, Any]]]:
    for p, period in enumerate(cohort.periods):
        yield p, (date_of(period.start), date_of(period.end))


def counts(cohort: Cohort) -> Table:
    """Write one row per step, stratum and pair of states that somebody took; see ``Cohort.counts``."""
    counted, k = cohort.transitions_by, len(cohort.states)
    sources, targets = (*cohort.states, ENTERED), (*cohort.states, LEFT, DIED)
    of = counted.sum(3, keepdims=True)
    low, high = wilson(counted, np.broadcast_to(of, counted.shape))
    order = strata_in_order(cohort, counted.any(axis=(0, 2, 3)))
    rows = []
    for p, span in _spans(cohort):
        for s in order:
            for i, j in np.argwhere(counted[p, s]).tolist():
                n, whole = int(counted[p, s, i, j]), int(of[p, s, i, 0])
                shares = (whole, n / whole, float(low[p, s, i, j]), float(high[p, s, i, j]))
                known = shares if i < k else (None,) * 4
                rows.append((*span, *_stratum(cohort, s), sources[i], targets[j], n, *known))
    names = _names(cohort, _SPAN, "from", "to", "people", "of", "share", "ci_low", "ci_high")
    return Table.of_rows(names, rows, headings=_headings(cohort), formats=SHARES, called=_called(cohort))


def matrix(cohort: Cohort, level: float) -> Table:
    """Write the share of each state that went to each in one step, all steps together."""
    counted = cohort.transitions_by.sum(0)[:, : len(cohort.states)]
    targets = (*cohort.states, LEFT, DIED)
    of = counted.sum(2, keepdims=True)
    low, high = wilson(counted, np.broadcast_to(of, counted.shape), confidence=level)
    rows = [
        (
            *_stratum(cohort, s),
            cohort.states[i],
            targets[j],
            int(counted[s, i, j]),
            int(of[s, i, 0]),
            float(counted[s, i, j] / of[s, i, 0]),
            float(low[s, i, j]),
            float(high[s, i, j]),
        )
        for s in strata_in_order(cohort, counted.any(axis=(1, 2)))
        for i, j in np.argwhere(counted[s]).tolist()
    ]
    names = _names(cohort, (), "from", "to", "people", "of", "share", "ci_low", "ci_high")
    return Table.of_rows(names, rows, headings=_headings(cohort), formats=SHARES, called=_called(cohort))


def occupancy(cohort: Cohort) -> Table:
    """Write the stock of each state at the end of each step, and before the first."""
    k, number = len(cohort.states), len(cohort.strata.keys)
    stocks = np.zeros((len(cohort.steps.days), number, k), dtype=np.int64)
    for t, codes in enumerate(cohort.steps.codes):
        who = np.flatnonzero(codes < k)
        group = cohort.strata.codes[_step(cohort, t - 1), who]
        stocks[t] = np.bincount(group * k + codes[who], minlength=number * k).reshape(number, k)
    order = strata_in_order(cohort, stocks.any(axis=(0, 2))) if cohort.by else [0]
    rows = [
        (date_of(int(day)), *_stratum(cohort, s), *map(int, stocks[t, s]))
        for t, day in enumerate(cohort.steps.days)
        for s in order
    ]
    # A state of one's own may be called as a column is elsewhere: "event", say.
    headings = {**_headings(cohort), **{state: (state, state) for state in cohort.states}, **cohort.names}
    return Table.of_rows(_names(cohort, ("day",), *cohort.states), rows, headings=headings, called=_called(cohort))


def _step(cohort: Cohort, step: int) -> int:
    """Give the row of strata of a step; before the first it is that of the first."""
    return min(max(step, 0), len(cohort.strata.codes) - 1)


def flows(cohort: Cohort) -> Table:
    """Write who was in each state, came, went, and was there at the end: closing = opening + came − went."""
    counted, k = cohort.transitions_by, len(cohort.states)
    inner = counted[:, :, :k, :k]
    stayed = np.einsum("psii->psi", inner)
    columns = (
        counted[:, :, :k].sum(3),
        counted[:, :, k, :k],
        inner.sum(2) - stayed,
        inner.sum(3) - stayed,
        counted[:, :, :k, k],
        counted[:, :, :k, k + 1],
        counted[:, :, :, :k].sum(2),
    )
    rows = [
        (*span, *_stratum(cohort, s), cohort.states[i], *(int(column[p, s, i]) for column in columns))
        for p, span in _spans(cohort)
        for s in strata_in_order(cohort, counted.any(axis=(0, 2, 3)))
        for i in range(k)
        if any(column[p, s, i] for column in columns)
    ]
    names = ("state", "opening", "entered", "moved_in", "moved_out", "left", "died", "closing")
    return Table.of_rows(_names(cohort, _SPAN, *names), rows, headings=_headings(cohort), called=_called(cohort))


def person_time(cohort: Cohort) -> Table:
    """Write the person-years in each state, all steps together."""
    found = cohort.exposure
    years = found.years.sum(0)
    rows = [
        (*_stratum(cohort, s), cohort.states[i], float(years[s, i]))
        for s in strata_in_order(cohort, years.any(axis=1))
        for i in np.flatnonzero(years[s]).tolist()
    ]
    names = _names(cohort, (), "state", "person_years")
    return Table.of_rows(names, rows, headings=_headings(cohort), formats=RATES, called=_called(cohort))


def incidence(cohort: Cohort, source: str | None, target: str | None, *, level: float, per: float) -> Table:
    """Write transitions per person-time; a pair that occurs in any stratum stands in each that had the time."""
    apart = cohort.exposure
    found = evolve(apart, time=apart.time.sum(0), events=apart.events.sum(0))
    rate, (low, high) = found.rate(per), found.interval(level, per)
    wanted = np.outer(_named(source, found.sources, cohort.names), _named(target, found.targets, cohort.names))
    one = source is not None and target is not None
    pairs = np.argwhere(wanted if one else wanted & found.events.any(axis=0)).tolist()
    rows = [
        (
            *_stratum(cohort, s),
            found.sources[i],
            found.targets[j],
            int(found.events[s, i, j]),
            float(found.years[s, i]),
            *(float(column[s, i, j]) for column in (rate, low, high)),
        )
        for s in strata_in_order(cohort, found.time.any(axis=1))
        for i, j in pairs
        if found.time[s, i] > 0
    ]
    names = _names(cohort, (), "from", "to", "events", "person_years", "rate", "ci_low", "ci_high")
    return Table.of_rows(names, rows, headings=_headings(cohort), formats=RATES, called=_called(cohort))


def _named(name: str | None, names: Sequence[str], called: Called) -> NDArray[np.bool_]:
    if name is not None and name not in names:
        raise UsageError(f"there is no {name!r} to count; {suggested(name, names, called)}")
    return np.array([name in (None, other) for other in names])


def occupation(fit: Occupation) -> Table:
    """Write an occupation as rows of time, state, probability and limits."""
    low, high = fit.interval() if fit.covariance is not None else (fit.probability * np.nan,) * 2
    rows = [
        (time_cell(time, fit.dated), str(state), float(fit.probability[t, k]), _number(low[t, k]), _number(high[t, k]))
        for t, time in enumerate(fit.times)
        for k, state in enumerate(fit.states)
    ]
    return Table.of_rows(
        ("time", "state", "probability", "ci_low", "ci_high"),
        rows,
        headings=HEADINGS,
        formats=PROBABILITIES,
        called={"state": fit.names},
    )
