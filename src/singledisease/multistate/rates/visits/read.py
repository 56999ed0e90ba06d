"""Reading visits: labels into codes, times into whole steps, rows into order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import DataError, Fault, UsageError
from singledisease.multistate.aggregate.keys import sorted_by
from singledisease.multistate.arrays import Codes
from singledisease.multistate.inputs.ids import read_ids
from singledisease.multistate.inputs.labels import LabelColumn, read_labels
from singledisease.multistate.inputs.missing import missing as absent
from singledisease.multistate.inputs.times import moment_in_text, refuse_zone
from singledisease.multistate.rates.visits.refusals import refuse
from singledisease.multistate.rates.visits.state_space import StateSpace
from singledisease.multistate.rates.visits.visits import VISITS_SHOWN, DateUnit, PanelVisits

DAYS_IN = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
STEPS_OF_A_DAY: dict[str, float] = {"D": 1.0, "s": 86_400.0, "us": 86_400_000_000.0}
FINE, GRAIN = 52, 2**10
"""Times that are not whole numbers count in steps of 2⁻⁵² of the longest, and intervals in 2¹⁰ of those."""


def in_ticks(time: ArrayLike, unit: str | None) -> tuple[Codes, float, str, DateUnit]:
    """Return times as whole steps, the length of a step, the unit in words, and of dates what their step is.

    Dates become days before anything is subtracted, or seconds or less where they have a time of day; texts are dates
    as ``2024-02-28`` or ``20240228``.

    >>> ticks, tick, *_ = in_ticks(np.array(["2024-02-28", "2024-03-01"], dtype="datetime64[D]"), "year")
    >>> round(float(ticks[1] - ticks[0]) * tick * 365.25, 9)
    2.0
    """
    refuse_zone(time, "time")
    array = _dates(np.asarray(time))
    if array.dtype.kind == "M":
        ticks, step = _steps(array)
        return ticks, 1.0 / (STEPS_OF_A_DAY[step] * _days_in(unit)), unit or "day", step
    if array.dtype.kind not in "iuf":
        raise DataError(f"time must be numbers or dates, not {array.dtype}")
    words = unit or "unit of time"
    if array.dtype.kind in "iu":
        return array.astype(np.int64), 1.0, words, ""
    _finite(np.isfinite(array))
    if (array == np.rint(array)).all():
        return array.astype(np.int64), 1.0, words, ""
    tick = 2.0 ** (np.ceil(np.log2(np.abs(array).max())) - FINE)
    return np.rint(array / tick).astype(np.int64), float(tick), words, ""


_DATE = "YYYY-MM-DD or YYYYMMDD; numbers that came as texts have to be made numbers first"


def _dates(array: NDArray[Any]) -> NDArray[Any]:
    """Read dates that come as objects or texts; anything else is left as it is."""
    first = next((value for value in array if value is not None), None) if array.dtype.kind == "O" else None
    if hasattr(first, "toordinal"):
        refuse_zone(array, "time")
        return array.astype("datetime64[us]" if isinstance(first, dt.datetime) else "datetime64[D]")
    if array.dtype.kind != "U" and not isinstance(first, str):
        return array
    texts, number = np.unique(np.where(absent(array), "NaT", array).astype(str), return_inverse=True)
    days = np.array([moment_in_text(text) for text in texts], dtype="datetime64[us]")[number]
    wrong = np.flatnonzero(np.isnat(days) & ~absent(array))
    if len(wrong):
        faults = [Fault("no_date", f"row {i}", f"{str(array[i])!r} is not a date", _DATE) for i in wrong[:VISITS_SHOWN]]
        raise DataError(f"time: {len(wrong)} texts are not dates", faults)
    return np.asarray(days)


def _steps(dates: NDArray[Any]) -> tuple[Codes, DateUnit]:
    """Return dates as days, or as seconds or microseconds if one of them has a time of day."""
    _finite(~np.isnat(dates))
    units: tuple[DateUnit, ...] = ("D", "s")
    for step in units:
        steps = dates.astype(f"datetime64[{step}]")
        if (steps == dates).all():
            return steps.astype(np.int64), step
    return dates.astype("datetime64[us]").astype(np.int64), "us"


def _days_in(unit: str | None) -> float:
    if unit is not None and unit not in DAYS_IN:
        raise UsageError(f"there is no unit {unit!r} for dates; known: {', '.join(DAYS_IN)}")
    return DAYS_IN[unit or "day"]


def _finite(good: NDArray[np.bool_]) -> None:
    if not good.all():
        raise DataError(
            f"time must be known at every visit; rows {np.flatnonzero(~good)[:VISITS_SHOWN].tolist()} lack it"
        )


def read_visits(
    id: ArrayLike,
    time: ArrayLike,
    state: ArrayLike,
    settle: Callable[[Sequence[Any], Sequence[Any]], StateSpace],
    *,
    unit: str | None = None,
    exact_times: ArrayLike = False,
) -> PanelVisits:
    """Check visits and put them in order.

    ``settle`` makes the state space of the labels that occur, and of those that a category declares, in its order.
    ``exact_times`` says of all visits or each whether nothing happened since the one before but what it shows.

    Raises
    ------
    DataError
        Naming person and rows: a missing state or one that is not in the model, two visits at one time, a
        visit after an absorbing state, a jump that the allowed transitions cannot make.
    """
    labels, (people, who) = read_labels(state), _people(id)
    ticks, tick, words, dated = in_ticks(time, unit)
    if not len(who) == len(ticks) == len(labels.codes):
        raise DataError(f"id, time and state differ in length: {len(who)}, {len(ticks)}, {len(labels.codes)}")
    space = settle(_occurring(labels), labels.names if labels.declared else ())
    seen, order = labels.into(space.labels), _order(who, ticks)
    watched = _watched(exact_times, len(who))
    if order is not None:
        who, ticks, seen, watched = who[order], ticks[order], seen[order], watched[order]
    visits = PanelVisits(
        who=who,
        names=people,
        ticks=ticks,
        tick=tick,
        grain=1 if dated or tick == 1.0 else GRAIN,
        seen=seen,
        watched=watched,
        order=order,
        space=space,
        unit=words,
        dated=dated,
    )
    unknown = np.flatnonzero(seen == -2)[:VISITS_SHOWN] if seen.min(initial=0) < 0 else np.empty(0, dtype=np.int64)
    refuse(visits, list(dict.fromkeys(labels.names[code] for code in labels.codes[visits.row[unknown]])))
    return visits


def _people(id: ArrayLike) -> tuple[NDArray[Any] | None, Codes]:
    """Return the people and who of them each visit is of; whole numbers are taken as they are."""
    given = np.asarray(id)
    if given.dtype.kind in "iu" and given.ndim == 1:
        return None, given
    people, who = read_ids(id)
    lost = np.flatnonzero(who < 0)
    if len(lost):
        raise DataError(f"id must be known at every visit; rows {lost[:VISITS_SHOWN].tolist()} lack it")
    return people, who


def _occurring(labels: LabelColumn) -> list[Any]:
    """Return the labels that occur; a category need not."""
    there = np.bincount(labels.codes + 1, minlength=len(labels.names) + 1)[1:] > 0 if labels.declared else None
    return [name for code, name in enumerate(labels.names) if there is None or there[code]]


def _watched(given: ArrayLike, visits: int) -> NDArray[np.bool_]:
    flags = np.asarray(given)
    if flags.dtype.kind != "b" or flags.shape not in ((), (visits,)):
        raise DataError(f"exact_times: one truth value, or one per visit, not {flags.dtype} of shape {flags.shape}")
    return np.broadcast_to(flags, (visits,))


def _order(who: Codes, ticks: Codes) -> NDArray[np.int64] | None:
    """Return the order by person and time, or ``None`` if the rows stand in it already."""
    same, later = who[1:] == who[:-1], who[1:] > who[:-1]
    if (later | (same & (ticks[1:] >= ticks[:-1]))).all():
        return None
    return sorted_by(who, ticks)
