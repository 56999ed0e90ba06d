"""The operators that are written as functions, with their documentation; the table of operators has their meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from singledisease.language.wrappers import Expression, applied, apply_function


def coalesce(*values: Any) -> Expression:
    """Give the first value that is there.

    >>> import singledisease as sd
    >>> sd.coalesce(sd.column("recorded"), sd.column("date")) <= sd.PERIOD.end
    <coalesce(recorded, date) <= PERIOD.end>
    """
    return applied("coalesce", *values)


def how_many(*conditions: Any) -> Expression:
    """Count the conditions that are true; unknown if one is unknown.

    >>> from singledisease.language.build import column
    >>> how_many(column("sbp") >= 140, column("dbp") >= 90, column("fpg") >= 7) >= 2
    <how_many(sbp >= 140, dbp >= 90, fpg >= 7) >= 2>
    """
    return applied("how_many", *conditions)


def days_between(start: Any, end: Any) -> Expression:
    """Count the days from one day to another.

    >>> import singledisease as sd
    >>> log = sd.read_frames([{"patient_id": "P1", "birth_date": "1950-03-01"}], [])
    >>> across_a_leap_day = days_between(sd.day("2024-02-28"), sd.day("2024-03-01"))
    >>> sd.values(across_a_leap_day, log, period="2024")["value"]
    (2.0,)
    """
    return applied("days_between", start, end)


def months_between(start: Any, end: Any) -> Expression:
    """Count the calendar months from one day to another; days of the month do not matter.

    >>> import singledisease as sd
    >>> log = sd.read_frames([{"patient_id": "P1", "birth_date": "1950-03-01"}], [])
    >>> one_day_later = months_between(sd.day("2024-01-31"), sd.day("2024-02-01"))
    >>> sd.values(one_day_later, log, period="2024")["value"]
    (1.0,)
    """
    return applied("months_between", start, end)


def years_between(start: Any, end: Any) -> Expression:
    """Count the completed years from one day to another.

    >>> import singledisease as sd
    >>> log = sd.read_frames([{"patient_id": "P1", "birth_date": "1950-03-01"}], [])
    >>> a_day_short = years_between(sd.day("2023-03-01"), sd.day("2024-02-29"))
    >>> sd.values(a_day_short, log, period="2024")["value"]
    (0.0,)
    """
    return applied("years_between", start, end)


def earliest(*days: Any) -> Expression:
    """Give the earliest of the dates that are there; of none it is missing.

    >>> from singledisease.language.build import events
    >>> earliest(events("follow_up").first().date, events("checkup").first().date)
    <earliest(events("follow_up").first().date, events("checkup").first().date)>
    """
    return applied("earliest", *days)


def latest(*days: Any) -> Expression:
    """Give the latest of the dates that are there; of none it is missing.

    >>> from singledisease.language.build import events
    >>> latest(events("follow_up").last().date, events("checkup").last().date)
    <latest(events("follow_up").last().date, events("checkup").last().date)>
    """
    return applied("latest", *days)


def smallest(*numbers: Any) -> Expression:
    """Give the smallest of the numbers that are there; of none it is missing.

    >>> from singledisease.language.build import events
    >>> smallest(events("follow_up").last().sbp, events("checkup").last().sbp) < 140
    <smallest(events("follow_up").last().sbp, events("checkup").last().sbp) < 140>
    """
    return applied("smallest", *numbers)


def largest(*numbers: Any) -> Expression:
    """Give the largest of the numbers that are there; of none it is missing.

    >>> from singledisease.language.build import events
    >>> largest(events("follow_up").last().sbp, events("checkup").last().sbp) >= 140
    <largest(events("follow_up").last().sbp, events("checkup").last().sbp) >= 140>
    """
    return applied("largest", *numbers)


def worst(*texts: Any, order: Iterable[str]) -> Expression:
    """Give the text that stands last in an order, of those that are there and stand in it; of none it is missing.

    Parameters
    ----------
    texts
        Mostly levels of tiers: ``tier("hypertension.risk", on=day)``.
    order
        From the mildest to the worst.  A text that is not named takes no part.

    >>> from singledisease.language.state_words import tier
    >>> order = ("green", "yellow", "red")
    >>> worst(tier("hypertension.colour"), tier("copd.colour"), order=order) == "red"  # doctest: +ELLIPSIS
    <worst(tier("hypertension.colour", on=PERIOD.end), ..., order=("green", "yellow", "red")) == "red">
    """
    return apply_function("worst", *texts, order=order)


def operator_function(name: str) -> Callable[..., Expression]:
    """Give the function of an operator that is written as one; its row in the table is all that it needs."""
    named: Callable[..., Expression] | None = globals().get(name)
    return partial(apply_function, name) if named is None else named
