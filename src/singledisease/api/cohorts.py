"""What happens to a population: cohorts and their transitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from singledisease.api.definitions import AnyDisease
from singledisease.api.definitions import disease as disease_of
from singledisease.api.figures import AnyDay, _check_policies, _day, _known_on
from singledisease.cohort import fit
from singledisease.cohort.as_visits import visits_of
from singledisease.cohort.cohort import Chosen, Cohort, cut
from singledisease.cohort.cohort import cohort as follow
from singledisease.cohort.fitted import FittedGenerator
from singledisease.dates import iso
from singledisease.definitions.resolve import resolve_disease
from singledisease.errors import UsageError
from singledisease.events.log import EventLog
from singledisease.scorecard.engine import EngineName, engine_named
from singledisease.strata import check_by, stratify


def cohort(
    disease: AnyDisease,
    log: EventLog,
    start: AnyDay,
    end: AnyDay,
    *,
    every: str | int = "month",
    by: Sequence[str] | str = (),
    states: Chosen | None = None,
    policy: Mapping[str, str] | None = None,
    as_of: AnyDay | None = None,
    engine: EngineName = "columnar",
) -> Cohort:
    """Follow the managed people of a disease from one day to another, step by step.

    Parameters
    ----------
    disease
        Whose pathway.
    log
        The registry, as ``read`` gave it.
    start, end
        First and last day.  What is asked after the day of ``as_of`` is not known: the cohort ends there.
    every
        Length of a step: ``month``, ``quarter``, ``year`` (of the calendar), ``whole``, or a number of days.
    by
        Strata, as in ``evaluate``; everybody is in the stratum of the last day of each step.
    states
        Which states of the pathway count as being in the cohort; a mapping gives several one name.  Left out:
        those in which a person counts as managed.
    policy
        Values of the disease's own policies, such as ``{"lost_after": "6"}``.
    as_of
        Count what was known on that day; ``None``: every row that was not taken back.
    engine
        ``columnar`` or ``reference``.

    Raises
    ------
    UsageError
        For an unknown state, stratum, policy or step, or days the wrong way round.
    """
    one = disease_of(disease)
    _check_policies([one], policy)
    first, last, seen = _day("start", start), _day("end", end), _known_on(log, as_of)
    if seen.known_until is not None:
        if seen.known_until < first:
            raise UsageError(f"nothing is known of a cohort from {iso(first)} on as of {iso(seen.known_until)}")
        last = min(last, seen.known_until)
    periods = cut(first, last, every)
    names = check_by((by,) if isinstance(by, str) else by, seen)
    resolved = resolve_disease(one, policy or {})
    walked = engine_named(engine).walk(resolved, seen, last)
    strata = stratify(names, seen, periods, one.id)
    return follow(walked, seen.people.ids, periods, states=states, by=names, strata=strata)


def fit_generator(
    id: Any, time: Any = None, state: Any = None, *, unit: str | None = None, **options: Any
) -> FittedGenerator:
    """Fit the rates of a continuous-time chain, to visits or to a cohort.

    Parameters
    ----------
    id, time, state
        Visits, one per row: see ``cohort.fit.fit_generator``, which has the options too.  Or a cohort alone: where
        everybody was at the end of each step, each death on its day, and the moves that the pathway knows.
    unit
        Of the rates, where time is dates; of a cohort ``month`` unless said otherwise.
    options
        Such as ``allowed``, ``death``, ``covariates``, ``cuts``, ``misclassification``.

    Raises
    ------
    UsageError
        If visits are given without times or states.
    DataError
        Naming person and rows of visits that cannot be.

    Examples
    --------
    >>> fit = fit_generator(
    ...     id=[1, 1, 1, 2, 2, 3, 3], time=[0, 1, 2, 0, 2, 0, 1], state=[1, 1, 2, 1, 2, 1, 1], allowed=[(1, 2)]
    ... )
    >>> float(fit.rates[0, 1].round(4))
    0.6156
    """
    if isinstance(id, Cohort):
        return fit.fit_generator(**(visits_of(id) | options), unit=unit or "month")
    if time is None or state is None:
        raise UsageError("visits need id, time and state; a cohort stands alone: fit_generator(cohort)")
    return fit.fit_generator(id, time, state, unit=unit, **options)
