"""Figures compared: under other readings, and with somebody else's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from singledisease import dates
from singledisease.api.definitions import AnyDiseases, known
from singledisease.api.parts import Parts
from singledisease.api.what_a_call_says import AnyDay, AnyPeriods, known_on, one_period
from singledisease.comparison import reconcile as reconciliations
from singledisease.comparison import sensitivity as sensitivities
from singledisease.comparison.policy_product import LIMIT, Varied
from singledisease.comparison.reconcile import Reconciliation
from singledisease.comparison.sensitivity import Sensitivity
from singledisease.comparison.theirs import AnyTheirs, theirs_of
from singledisease.dates import Period
from singledisease.definitions import checks
from singledisease.errors import DefinitionError
from singledisease.eventlog.log import EventLog
from singledisease.scorecard.card import Scorecard, require_scorecard
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


def reconcile(
    score: Scorecard,
    theirs: AnyTheirs,
    *,
    measure: str | None = None,
    period: Period | str | None = None,
    vary: Varied | None = None,
    one_at_a_time: bool = False,
    limit: int = LIMIT,
    encoding: str = "utf-8",
) -> Reconciliation:
    """Put somebody else's numbers beside ours: who is counted otherwise, by which rule, and when both would agree.

    Parameters
    ----------
    score
        From ``evaluate``: of one measure of people and one period, or say which.
    theirs
        A CSV file or a ``Table`` with a row a person: ``patient_id``, and either ``group`` (a group of the measure,
        such as ``numerator`` or ``excluded:lost``, or ``denominator``: in it and not in the numerator) or
        ``numerator`` (1 or 0; blank: not counted), if need be with ``denominator`` (1 or 0).  With ``patient_id``
        alone it lists a numerator.  Or groups or flags by person, rows, or the ids of a numerator.  Whoever is not
        named is outside.
    measure, period
        Which one of the scorecard.
    vary, one_at_a_time, limit
        Which readings are tried for one under which both agree; as in ``sensitivity``.
    encoding
        Of a file.

    Raises
    ------
    UsageError
        If the scorecard has no such measure or period, or it counts no people; or of too many readings.
    DataError
        If their table cannot be taken, with every row that is wrong.

    >>> import singledisease as sd
    >>> log = sd.simulate(patients=200, seed=1).log()
    >>> control = sd.measures("cn-bphs-2017", diseases="hypertension")[2]
    >>> score = sd.evaluate(control, log, period="2024")
    >>> other = sd.evaluate(control, log, period="2024", policy={"lost": "exclude"})
    >>> theirs = {who: "numerator" for who in sd.people(other, control.id, "numerator")["patient_id"]}
    >>> theirs |= {who: "denominator" for who in sd.people(other, control.id, "not_numerator")["patient_id"]}
    >>> theirs |= {who: "denominator" for who in sd.people(other, control.id, "unknown")["patient_id"]}
    >>> sd.reconcile(score, theirs).best.text
    'lost=exclude'
    """
    require_scorecard(score, "score")
    return reconciliations.reconcile(
        score,
        theirs_of(theirs, encoding),
        measure,
        dates.period(period) if isinstance(period, str) else period,
        vary=vary,
        one_at_a_time=one_at_a_time,
        limit=limit,
    )
