"""The calendar: days, months, ages and periods, held to dateutil, one day at a time and many at once."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

import singledisease as sd
from singledisease import dates
from singledisease.dates import MISSING, Period

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))


@given(DAYS, st.integers(-600, 600))
def test_months_are_those_of_dateutil(day, months):
    """A month that lacks the day takes its last, for one day as for many."""
    moved = day + relativedelta(months=months)
    assert dates.date_of(dates.add_months(dates.day_of(day), months)) == moved
    many = dates.add_months_array(np.array([dates.day_of(day), MISSING], np.int32), months)
    assert many.tolist() == [dates.day_of(moved), MISSING]
    assert dates.months_between(dates.day_of(day), dates.day_of(moved)) == months


@given(DAYS, DAYS)
def test_ages_are_those_of_dateutil(one, other):
    """Completed years, but that who was born on 29 February has the birthday on 1 March of a common year."""
    born, on = sorted((one, other))
    years = relativedelta(on, born).years
    if (born.month, born.day) == (2, 29) and (on.month, on.day) == (2, 28):
        years = on.year - born.year - 1
    assert dates.age(dates.day_of(born), dates.day_of(on)) == years
    days = (np.array([dates.day_of(day), MISSING], np.int32) for day in (born, on))
    assert dates.age_array(*days).tolist() == [years, MISSING]


@given(DAYS)
def test_months_have_numbers(day):
    """All days of a month have its number, alone and among many, and it names the first of them."""
    number = dates.month_number(dates.day_of(day))
    assert dates.date_of(dates.month_start(number)) == day.replace(day=1)
    assert dates.month_number_array(np.array([dates.day_of(day)], np.int32)).tolist() == [number]


@given(DAYS)
def test_a_day_may_be_written_in_many_ways(day):
    """A date, both texts, a NumPy day and a number are one day."""
    ways = (day, day.isoformat(), f" {day:%Y%m%d} ", np.datetime64(day.isoformat()), dates.day_of(day))
    assert len({dates.day_of(way) for way in ways}) == 1
    assert dates.iso(dates.day_of(day)) == day.isoformat()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (dt.datetime(2024, 1, 1, 12), "has a time of day"),
        (np.datetime64("2024-01-01T12"), "not a whole day"),
        ("1.2.2024", "is no date; write YYYY-MM-DD"),
        ("2024-02-30", "day"),
    ],
)
def test_what_is_no_day(value, said):
    """A moment is not cut to a day, for the clinic's may be another; a text that is none is said."""
    with pytest.raises(ValueError, match=said):
        dates.day_of(value)


def test_a_missing_day_is_blank():
    """No day, and the number that stands for none in a column, are written as nothing."""
    assert dates.iso(None) == dates.iso(MISSING) == ""


@given(DAYS, st.integers(0, 800))
def test_periods_are_read_as_they_are_called(first, length):
    """The name of a period, and its days, read back to it; its length counts both ends."""
    start = dates.day_of(first)
    whole = Period(start, start + length)
    assert dates.period(whole.name) == dates.period(str(whole)) == whole
    assert whole.days == length + 1
    assert repr(whole) == f"Period('{whole}')"


@given(
    st.sampled_from(["2024", "2023Q4", "2024-02", "2023-11-15..2025-02-10"]),
    st.sampled_from(["month", "quarter", "year"]),
)
def test_parts_of_a_period_adjoin(whole, step):
    """Cut into months, quarters or years, a period is all of its parts, each beginning on the day after the last."""
    parts, asked = dates.periods(f"{whole}/{step}"), dates.period(whole)
    assert (parts[0].start, parts[-1].end) == (asked.start, asked.end)
    assert [part.start for part in parts[1:]] == [part.end + 1 for part in parts[:-1]]
    assert dates.periods(whole) == (asked,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2024-13", "is no period"),
        ("2024Q5", "is no period"),
        ("24", "is no period"),
        ("2024-01-01..2024-02-30", "is no period"),
        ("2024-02-01..2024-01-01", "ends before it starts"),
        ("2024/week", "cannot cut a period by 'week'"),
    ],
)
def test_what_is_no_period(text, said):
    """A text that is no period is refused with the ways of writing one."""
    with pytest.raises(sd.UsageError, match=said):
        dates.periods(text)


@pytest.mark.parametrize("given", ["15", 1.5, -1, True, None, {"days": 15}])
def test_what_is_no_time_of_maturing_is_refused_with_the_ways_to_write_it(given):
    """Days are a number that is not below 0; whole months need the word for it."""
    with pytest.raises(sd.UsageError, match=r"matures=15, or matures=sd\.Maturity\(months=1\)"):
        sd.Measure(id="seen", numerator=sd.events("follow_up").within(sd.PERIOD).exists(), matures=given)


@pytest.mark.parametrize("later", [dates.Maturity(), dates.Maturity(days=15), dates.Maturity(months=1)])
def test_nothing_matures_after_the_last_day_of_the_calendar(later):
    """A period at the end of the calendar is looked at until that day, however long its question takes."""
    assert dates.iso(later.day_after(dates.day_of("9999-12-31"))) == "9999-12-31"
    assert dates.iso(dates.Maturity(months=1).day_after(dates.day_of("9999-11-30"))) == "9999-12-30"


@pytest.mark.parametrize(
    ("maturity", "last"),
    [
        (dates.Maturity(), "2024-01-31"),
        (dates.Maturity(days=15), "2024-02-15"),
        (dates.Maturity(months=1), "2024-02-29"),
        (dates.Maturity(days=1, months=1), "2024-03-01"),
    ],
)
def test_a_measure_looks_at_days_after_its_period(maturity, last):
    """Calendar months first, then days."""
    assert dates.iso(maturity.day_after(dates.day_of("2024-01-31"))) == last


def test_many_days_have_the_months_that_few_have():
    """Days that stand many times over are worked out once, unless one of them is missing or far away."""
    days = np.arange(-400, 400, dtype=np.int32).repeat(20)
    for many in (days, np.append(days, np.int32(MISSING)), np.append(days, np.int32(dates.day_of("9999-12-31")))):
        assert dates.month_number_array(many)[:16000].tolist() == [dates.month_number(int(day)) for day in days]
