"""Figures compared: under other readings, with what was published, with somebody else's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from singledisease.api.definitions import AnyDiseases, known
from singledisease.api.figures import AnyDay, AnyPeriods, asked_periods, known_on
from singledisease.api.parts import Parts
from singledisease.comparison import sensitivity as sensitivities
from singledisease.comparison.policy_product import LIMIT, Varied
from singledisease.comparison.sensitivity import Sensitivity
from singledisease.dates import Period
from singledisease.definitions import checks
from singledisease.errors import DefinitionError, UsageError
from singledisease.eventlog.log import EventLog
from singledisease.scorecard.engine import EngineName


def sensitivity(
    measure: Any,
    log: EventLog | Parts,
    *,
    period: AnyPeriods,
    vary: Varied | None = None,
    one_at_a_time: bool = False,
    limit: int = LIMIT,
    policy: Mapping[str, str] | None = None,
    as_of: AnyDay | None = None,
    engine: EngineName = "columnar",
    diseases: AnyDiseases | None = None,
) -> Sensitivity:
    """Evaluate one measure under every reading of its contested words: one row a reading, and who changes sides.

    Parameters
    ----------
    measure
        A ``Measure``: of people or of rows.
    log
        The registry, as ``read`` gave it, or in parts, as ``parts`` gives it.
    period
        One period.
    vary
        The policies that are varied: names, or the options to try by name.  ``None``: all that have a list of
        options.  A whole number such as ``lost_after`` has none: ``vary={"lost_after": ["6", "12", "24"]}``.
    one_at_a_time
        Change one policy at a time rather than combine all options with each other.
    limit
        How many readings there may be.
    policy
        Of the reading that the others are compared with; what is not named is at its default.
    as_of, engine, diseases
        As in ``evaluate``.

    Raises
    ------
    UsageError
        For an unknown policy or option, several periods, too many readings, or a ratio, distribution or derived
        figure.
    DefinitionError
        If the measure asks for what no engine supports.

    >>> import singledisease as sd
    >>> log = sd.simulate(patients=200, seed=1).log()
    >>> control = sd.measures("cn-bphs-2017", diseases="hypertension")[2]
    >>> found = sd.sensitivity(control, log, period="2024", vary=["lost", "unknown"])
    >>> found.table()["changed"]
    ('', 'unknown=exclude', 'lost=exclude', 'lost=exclude, unknown=exclude')
    >>> set(found.people({"lost": "exclude"})["after"]) <= {"excluded:lost"}
    True
    """
    sensitivities.check_varied(measure)
    defined, span = known(diseases), one_period(period)
    faults = tuple(dict.fromkeys(checks.check_measure(measure, defined, (span,))))
    if faults:
        raise DefinitionError("this measure cannot be evaluated", faults)
    logs = (log,) if isinstance(log, EventLog) else log
    return sensitivities.sensitivity(
        measure,
        (known_on(one, as_of) for one in logs),
        span,
        defined,
        policy=policy,
        vary=vary,
        one_at_a_time=one_at_a_time,
        limit=limit,
        engine=engine,
    )


def one_period(period: AnyPeriods) -> Period:
    """Give the one period that is named; raises ``UsageError`` if there are several."""
    span = asked_periods(period, None)
    if len(span) != 1:
        raise UsageError(f"one period at a time: {len(span)} were given ({', '.join(map(str, span[:3]))} …)")
    return span[0]
