"""What a call says in texts and dates: days, periods, policies, strata, and what was known on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from singledisease import catalogue, dates
from singledisease.api.parts import Parts
from singledisease.dates import Period, asked_day
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import check_policy
from singledisease.errors import UsageError
from singledisease.eventlog.log import EventLog
from singledisease.language.nodes import Concerns
from singledisease.scorecard.tier_strata import By

AnyDay = dt.date | str | int
AnyPeriods = Period | str | Iterable[Period | str]


def asked_periods(period: AnyPeriods | None, periods: AnyPeriods | None) -> tuple[Period, ...]:
    """Give the periods that a call names by one of two arguments.

    Raises
    ------
    UsageError
        If it names none, or both.
    """
    given = [one for one in (period, periods) if one is not None]
    if len(given) != 1:
        raise UsageError('name the days asked about: period="2024" or periods="2024/month", one of the two')
    listed = (given[0],) if isinstance(given[0], Period | str) else tuple(given[0])
    return tuple(found for one in listed for found in (dates.periods(one) if isinstance(one, str) else (one,)))


def one_period(period: AnyPeriods) -> Period:
    """Give the one period that is named; raises ``UsageError`` if there are several."""
    span = asked_periods(period, None)
    if len(span) != 1:
        raise UsageError(f"one period at a time: {len(span)} were given ({', '.join(map(str, span[:3]))} …)")
    return span[0]


def known_on(log: EventLog, as_of: AnyDay | None) -> EventLog:
    """Give the log as it was known on the day that a call names."""
    return log.as_of(None if as_of is None else asked_day("as_of", as_of))


def check_policies(diseases: Iterable[Disease], policy: Mapping[str, str] | None) -> None:
    """Refuse policies that none of the diseases has."""
    named = {one.id: one for one in diseases}
    check_policy([Concerns(name) for name in named], named, policy or {})


def strata_of(by: Sequence[By] | By, log: EventLog | Parts) -> tuple[By, ...]:
    """Give the strata of a call; a tier of several diseases that comes with the library may be named by its id.

    A column of people that is called so stands above it.
    """
    listed = (by,) if isinstance(by, By) else tuple(by)
    shipped = {one for one in listed if isinstance(one, str) and one in catalogue.joint_tier_ids()}
    if not shipped:
        return listed
    first = log.log(0) if isinstance(log, Parts) else log
    named = shipped - {*first.people.attributes}
    return tuple(catalogue.joint_tier(one) if isinstance(one, str) and one in named else one for one in listed)
