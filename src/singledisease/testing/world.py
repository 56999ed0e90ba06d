"""The small world in which generated registries and definitions live.

Few days, few values, few names: equal values, equal days and overlaps are where engines differ, and a wide
world would hardly ever meet them.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from singledisease.dates import Period, day_of

DISEASES: tuple[str, ...] = ("alpha", "beta")
"""Ids of the generated diseases; their codes are ``A1`` and ``B1``."""

CODES = {"alpha": ("A1",), "beta": ("B1",)}

KINDS: tuple[str, ...] = (
    "diagnosis",
    "enrolment",
    "assignment",
    "measurement",
    "follow_up",
    "checkup",
    "encounter",
    "complication",
    "home_oxygen",
    "lost",
    "exit",
)
MODES: tuple[str, ...] = ("clinic", "home", "phone")
INSTITUTIONS: tuple[str, ...] = ("north", "south")
ACTIVITIES: tuple[str, ...] = ("dispatch", "training")
"""Kinds of what institutions do that is about no one person."""
REASONS: tuple[str, ...] = ("moved", "misdiagnosed", "died")

NUMBERS: dict[str, tuple[float, ...]] = {
    "sbp": (139.9, 140.0, 150.0),
    "dbp": (80.0, 89.9, 90.0),
    "fpg": (6.9, 7.0),
}
"""Values of the quantities, which are also the limits that definitions compare with."""

LINKS: tuple[str, ...] = ("l1", "l2")
TIER, TIER_LEVELS = "grade", ("low", "high")
"""The tier of every generated disease, and its levels."""

PARAMETERS = {"high": "mmHg", "very_high": "mmHg", "old": "years", "week": "days", "month": "months"}
"""Parameters of every generated disease that expressions name, with their units."""

UNITS = {"sbp": "mmHg", "dbp": "mmHg", "fpg": "mmol/L"}

FIRST, LAST = day_of("2023-01-01"), day_of("2025-03-31")

_EDGES = tuple(
    day_of(text)
    for text in (
        "2023-01-31",
        "2023-12-31",
        "2024-01-01",
        "2024-02-28",
        "2024-02-29",
        "2024-03-01",
        "2024-03-31",
        "2024-12-31",
        "2025-01-01",
        "2025-02-28",
    )
)


def days(first: int = FIRST, last: int = LAST) -> SearchStrategy[int]:
    """Give days: the edges of months, years and leap years often, any other sometimes.

    Parameters
    ----------
    first, last
        Day numbers, both included.

    >>> from hypothesis import given, settings
    >>> from singledisease.dates import iso
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(days(day_of("2024-02-01"), day_of("2024-02-29")))
    ... def in_february(day):
    ...     assert iso(day).startswith("2024-02")
    >>> in_february()
    """
    edges = tuple(day for day in _EDGES if first <= day <= last) or (first,)
    near = st.builds(lambda day, shift: min(max(day + shift, first), last), st.sampled_from(edges), st.integers(-1, 15))
    return st.one_of(st.sampled_from(edges), near, st.integers(first, last))


def periods() -> SearchStrategy[Period]:
    """Give periods: single days, months, quarters, years and odd ones, in and around the generated logs.

    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, deadline=None, derandomize=True)
    ... @given(periods())
    ... def is_a_day_at_least(period):
    ...     assert period.days >= 1
    >>> is_a_day_at_least()
    """
    whole = st.sampled_from(
        [
            ("2024-01-01", "2024-12-31"),
            ("2024-01-01", "2024-03-31"),
            ("2024-02-01", "2024-02-29"),
            ("2023-07-01", "2024-06-30"),
            ("2022-01-01", "2022-12-31"),
        ]
    ).map(lambda ends: Period(day_of(ends[0]), day_of(ends[1])))
    odd = st.tuples(days(), days()).map(lambda pair: Period(min(pair), max(pair)))
    return st.one_of(whole, odd)
