"""What would bring whom into the numerator before a period ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from singledisease.api.definitions import AnyDiseases, known
from singledisease.api.parts import Parts
from singledisease.api.what_a_call_says import AnyDay, AnyPeriods, known_on, one_period
from singledisease.care_gaps.gap_table import table_of
from singledisease.care_gaps.gaps import find_gaps
from singledisease.conformance.valued import Definition
from singledisease.dates import asked_day
from singledisease.definitions.measure import Measure
from singledisease.errors import Fault, UsageError
from singledisease.eventlog.log import EventLog
from singledisease.scorecard.evaluate import resolve_all
from singledisease.tables import Table


def gaps(
    measures: Any,
    log: EventLog | Parts,
    *,
    on: AnyDay,
    period: AnyPeriods,
    policy: Mapping[str, str] | None = None,
    diseases: AnyDiseases | None = None,
    joint: bool = True,
    language: str = "both",
) -> Table:
    """List what would bring people into the numerator before the period ends: what, how often, by whom, until when.

    Everybody is listed who will be in the denominator and not in the numerator if nothing more happens after the day.
    What is listed as possible was tried: the events were added to the log, and the measure put the person into the
    numerator, with the events on the ``days`` and with the last of them on the day ``until``.

    Parameters
    ----------
    measures
        One or several, of people.
    log
        The registry, as ``read`` gave it, or in parts, as ``parts`` gives it.
    on
        The day: what was known then is taken as given, and what is missing can happen on any later day.
    period
        One period.
    policy
        Option by name of policy; what is not named is at its default.
    diseases
        Your own diseases that the measures name; those of the catalogue are known.
    joint
        One row for an event that serves several measures, where it was tried that it serves them all.
    language
        Of clauses and names: ``zh``, ``en`` or ``both``.

    Returns
    -------
    Table
        ``patient_id``; ``measure`` and ``group`` (with ``|`` between several); ``status``: ``possible``, ``no longer
        possible`` (shown by the clauses, or the period is over; what is entered late is another matter) or ``not
        worked out``; ``names`` of the service that the event fulfils, or of its kind, ``times``, ``until``, ``role``,
        ``institution`` and ``team`` of the person; ``done`` and ``needed`` of the first clause that counts events;
        ``clauses`` that are not met, or that cannot be; ``kind`` of the event, ``levels`` of institution, ``event``:
        an example of what it holds, ``days`` on which it was tried.  What can still be met stands first, by ``until``.

    Raises
    ------
    UsageError
        For a measure of rows, a ratio, a distribution or a derived figure; an unknown policy; several periods.

    >>> import singledisease as sd
    >>> log = sd.simulate(patients=60, seed=1).log()
    >>> standard = sd.measures("cn-bphs-2017", diseases="hypertension")[1]
    >>> missing = sd.gaps(standard, log, on="2024-09-30", period="2024")
    >>> set(missing["kind"]) <= {"follow_up", "checkup", None}
    True
    """
    listed = (measures,) if not isinstance(measures, Iterable) else tuple(measures)
    _check_measures(listed)
    span, day = one_period(period), asked_day("on", on)
    resolved = resolve_all(listed, known(diseases), policy or {})
    definitions = [Definition(one.measure, one.diseases) for one in resolved]
    tables = []
    for one in (log,) if isinstance(log, EventLog) else log:
        seen = known_on(one, day)
        tables.append(table_of(find_gaps(seen, definitions, day, span, joint=joint), seen, day, language))
    if len(tables) == 1:
        return tables[0]
    rows = [tuple(row.values()) for table in tables for row in table]
    return Table.of_rows(tuple(tables[0].columns), rows, headings=tables[0].headings, called=tables[0].called)


def _check_measures(listed: tuple[Any, ...]) -> None:
    faults = [
        Fault("no_groups", str(getattr(one, "id", one)), "has no numerator of people", "ask about a measure of people")
        for one in listed
        if not isinstance(one, Measure)
    ]
    if faults:
        raise UsageError("缺口只对以人为统计对象的指标而言 / only people have gaps:", faults)
