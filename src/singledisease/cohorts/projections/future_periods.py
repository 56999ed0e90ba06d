"""Which days a step of a projection is: the steps of a cohort, going on after its end."""

from __future__ import annotations

from datetime import date
from numbers import Integral

from attrs import frozen

from singledisease.cohorts.cohort import Cohort
from singledisease.dates import Period, asked_day, iso, month_number, month_start
from singledisease.errors import UsageError, require_kind


@frozen
class _Going:
    """Steps that go on: ``months`` each of the calendar, or if that is ``None`` so many days in so many steps."""

    last: int
    months: int | None
    days: int
    steps: int

    def step(self, day: int) -> int:
        if self.months is not None:
            return (month_number(day) - month_number(self.last + 1)) // self.months + 1
        return (day - self.last - 1) * self.steps // self.days + 1

    def begin(self, step: int) -> int:
        if self.months is not None:
            return month_start(month_number(self.last + 1) + (step - 1) * self.months)
        return self.last + 1 - (-(step - 1) * self.days // self.steps)


def _going(cohort: Cohort) -> _Going:
    first, last = cohort.periods[0].start, cohort.periods[-1].end
    n, start, after = len(cohort.periods), month_number(first), month_number(last + 1)
    whole = month_start(start) == first and month_start(after) == last + 1 and (after - start) % n == 0
    return _Going(last, (after - start) // n if whole else None, last + 1 - first, n)


def step_on(cohort: Cohort, day: int | str | date) -> int:
    """Return the step of a projection of a cohort in which a day lies: 1 is the first after the cohort's end.

    Steps of whole calendar months go on as such; others by their mean length.

    Parameters
    ----------
    cohort
        Whose steps go on.
    day
        A date, ``YYYY-MM-DD``, or a day number.

    Raises
    ------
    UsageError
        If the day is not after the cohort's end.

    >>> import singledisease as sd
    >>> rows = [{"patient_id": "P1", "date": "2023-05-10", "kind": "enrolment", "disease": "hypertension"}]
    >>> log = sd.read_frames([{"patient_id": "P1", "birth_date": "1950-03-01"}], rows)
    >>> year = sd.cohort("hypertension", log, "2024-01-01", "2024-12-31", every="quarter")
    >>> step_on(year, "2025-05-15")
    2
    """
    when, going = asked_day("day", day), _going(cohort)
    if when <= going.last:
        raise UsageError(f"{iso(when)} is not after {iso(going.last)}, with which the cohort ends")
    return going.step(when)


def period_of_step(cohort: Cohort, step: int) -> Period:
    """Return the days of a step of a projection of a cohort, as ``step_on`` finds them.

    Parameters
    ----------
    cohort
        Whose steps go on.
    step
        From 1.

    Raises
    ------
    UsageError
        If the step is none: the stocks of step 0 are those of the cohort's last day.

    >>> import singledisease as sd
    >>> rows = [{"patient_id": "P1", "date": "2023-05-10", "kind": "enrolment", "disease": "hypertension"}]
    >>> log = sd.read_frames([{"patient_id": "P1", "birth_date": "1950-03-01"}], rows)
    >>> year = sd.cohort("hypertension", log, "2024-01-01", "2024-12-31", every="quarter")
    >>> str(period_of_step(year, 2))
    '2025-04-01..2025-06-30'
    """
    require_kind(cohort, Cohort, way="sd.period_of_step(cohort, step)", named="cohort")
    require_kind(step, Integral, way="sd.period_of_step(cohort, step)", named="step")
    if step < 1:
        raise UsageError(f"step={step!r}: steps of a projection count from 1")
    going = _going(cohort)
    return Period(going.begin(step), going.begin(step + 1) - 1)
