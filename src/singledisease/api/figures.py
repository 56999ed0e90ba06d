"""Figures: scorecards, values, courses, worklists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from singledisease import catalogue
from singledisease.api.counted_part import CountRequest, Work
from singledisease.api.definitions import AnyDisease, AnyDiseases, given, known
from singledisease.api.definitions import disease as disease_of
from singledisease.api.parts import Parts, evaluate_parts
from singledisease.api.places_of_parts import counts_places_alone, log_of_places
from singledisease.api.what_a_call_says import (
    AnyDay,
    AnyPeriods,
    asked_periods,
    check_policies,
    known_on,
    strata_of,
)
from singledisease.dates import Period, asked_day
from singledisease.definitions import checks
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import check_policy, diseases_in, resolve_disease, resolve_value
from singledisease.errors import DefinitionError, Fault, UsageError, require_kind
from singledisease.eventlog.log import EventLog
from singledisease.explanation.course_tables import CourseTables
from singledisease.explanation.value_tables import value_table
from singledisease.language.format import write
from singledisease.language.nodes import Value
from singledisease.language.typecheck import level_of
from singledisease.language.wrappers import node_of
from singledisease.person_values import Values
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.counts import Counts
from singledisease.scorecard.engine import EngineName, engine_named
from singledisease.scorecard.evaluate import AnyMeasure, until_of
from singledisease.scorecard.evaluate import evaluate as count
from singledisease.scorecard.from_counts import scorecard_of_counts
from singledisease.scorecard.tier_strata import By
from singledisease.tables import Table
from singledisease.worklists import jointly
from singledisease.worklists import worklist as list_due


def evaluate(
    measures: AnyMeasure | Iterable[AnyMeasure],
    log: EventLog | Parts,
    *,
    period: AnyPeriods | None = None,
    periods: AnyPeriods | None = None,
    by: Sequence[By] | By = (),
    policy: Mapping[str, str] | None = None,
    as_of: AnyDay | None = None,
    engine: EngineName = "columnar",
    diseases: AnyDiseases | None = None,
    **more: Any,
) -> Scorecard:
    """Count every measure in every period and stratum.

    Of a registry in parts each part is read, walked and counted, and only counts are kept: the people of the
    scorecard are read again when they are asked for.

    Parameters
    ----------
    measures
        A ``Measure``, ``Ratio``, ``Distribution`` or ``Derived``, or several; ids must differ.
    log
        The registry, as ``read`` gave it, or in parts, as ``parts`` gives it.
    period, periods
        One of the two: a period, its text, or several; ``period="2024"``, ``periods="2024/month"``.
    by
        Strata: institution, team, sex, age_band, region, a further column of patients, ``institution.<column>``,
        ``team.<column>``, a tier (``hypertension.colour``), a ``JointTier``, or ``colour``: the one that comes with the
        library.
    policy
        Option by name of policy; what is not named is at its default.
    as_of
        Count what was known on that day; ``None``: every row that was not taken back.
    engine
        ``columnar``, or ``reference``: the same figures, one person at a time.
    diseases
        Your own diseases that the measures name; those of the catalogue are known.
    more
        ``threads``, ``progress``, ``courses``, ``chunk``: see ``scorecard.evaluate``.  Of a registry in parts:
        ``workers`` (processes), ``keep`` (a folder for the counts of each part, from which interrupted work goes on)
        and ``progress``.

    Raises
    ------
    UsageError
        For an unknown policy, option, stratum or engine, or no period.
    DefinitionError
        If a measure asks for what no engine supports yet.

    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01", "sex": "male"},
    ...           {"patient_id": "P2", "birth_date": "1960-03-01", "sex": "female"}]
    >>> visits = [{"patient_id": "P1", "date": "2024-03-05", "kind": "follow_up"}]
    >>> seen = sd.Measure(id="seen", numerator=sd.events("follow_up").within(sd.PERIOD).exists())
    >>> score = sd.evaluate(seen, sd.read_frames(people, visits), period="2024", by="sex")
    >>> [(row["by"]["sex"], row["numerator"], row["denominator"]) for row in score.table()]
    [('female', 0, 1), ('male', 1, 1)]
    """
    require_kind(log, EventLog, Parts, way="sd.read(…), sd.parts(…)")
    asked = asked_of(
        measures,
        period=period,
        periods=periods,
        by=strata_of(by, log),
        policy=policy,
        as_of=as_of,
        engine=engine,
        diseases=diseases,
    )
    if isinstance(log, Parts) and counts_places_alone(asked.measures):
        log = log_of_places(asked.measures, log, more.get("progress"))
        more = {name: one for name, one in more.items() if name not in ("workers", "keep", "progress")}
    if isinstance(log, Parts):
        return evaluate_parts(Work(folder=log.folder, reading=log.reading, asked=asked), log, **more)
    return count(
        asked.measures,
        log,
        asked.periods,
        diseases=known(diseases),
        by=asked.by,
        policy=policy,
        as_of=as_of,
        engine=engine,
        **more,
    )


def asked_of(
    measures: AnyMeasure | Iterable[AnyMeasure],
    *,
    period: AnyPeriods | None = None,
    periods: AnyPeriods | None = None,
    by: Sequence[By] | By = (),
    policy: Mapping[str, str] | None = None,
    as_of: AnyDay | None = None,
    engine: EngineName = "columnar",
    diseases: AnyDiseases | None = None,
) -> CountRequest:
    """Give what ``evaluate`` is asked as one value, checked; only the diseases that are named go with it.

    Raises
    ------
    UsageError
        If there is no period, or there are two ways of naming it.
    DefinitionError
        If a measure is not sound.
    """
    listed = (measures,) if isinstance(measures, AnyMeasure) else tuple(measures)
    defined, spans = known(diseases), asked_periods(period, periods)
    counted = (one for one in listed if isinstance(one, Countable))
    faults = (fault for one in counted for fault in checks.check_measure(one, defined, spans))
    _refuse("these measures cannot be evaluated", faults)
    strata = (by,) if isinstance(by, By) else tuple(by)
    return CountRequest(
        measures=listed,
        periods=tuple(sorted(set(spans))),
        by=strata,
        policy=policy or {},
        as_of=as_of,
        engine=engine,
        diseases=_named(listed, strata, defined),
    )


def _named(measures: Iterable[AnyMeasure], by: Iterable[By], diseases: Mapping[str, Disease]) -> dict[str, Disease]:
    """Give the diseases that measures, or strata by tier, name: they go to other processes."""
    ids = [name for one in measures if isinstance(one, Countable) for name in diseases_in(one)]
    tiers = (tier for name in by for tier in ((name,) if isinstance(name, str) else name.of))
    ids += [name.rpartition(".")[0] for name in tiers]
    return {name: diseases[name] for name in ids if name in diseases}


def scorecard_of(
    counts: Counts,
    measures: Countable | Iterable[Countable],
    *,
    as_of: AnyDay | None = None,
    diseases: AnyDiseases | None = None,
) -> Scorecard:
    """Give counts that were made in parts, in other processes or elsewhere, their figures.

    Parameters
    ----------
    counts
        The sum of the counts of all parts, each person in one of them: ``score.counts``, or ``Counts.from_table``.
    measures
        Those that were counted; the policies are those of the counts.
    as_of
        The day they were counted as of, if any.
    diseases
        Your own diseases that the measures name; those of the catalogue are known.

    Raises
    ------
    UsageError
        If the counts are not of these measures, or not all of the same strata and periods.
    IdentityError
        If they do not add up.

    >>> import singledisease as sd
    >>> log = sd.simulate(patients=20, seed=1).log()
    >>> control = sd.measures("cn-bphs-2017", diseases="hypertension")[2]
    >>> halves = [sd.evaluate(control, half, period="2024").counts for half in (log.slice(0, 10), log.slice(10, 20))]
    >>> sd.scorecard_of(halves[0] + halves[1], control).table() == sd.evaluate(control, log, period="2024").table()
    True
    """
    require_kind(counts, Counts, way="sd.scorecard_of(counts, measures, …)", named="counts")
    listed = (measures,) if isinstance(measures, Countable) else tuple(measures)
    known_until = None if as_of is None else asked_day("as_of", as_of)
    return scorecard_of_counts(counts, listed, known(diseases), known_until=known_until)


def values(
    expression: Any,
    log: EventLog,
    *,
    period: AnyPeriods | None = None,
    periods: AnyPeriods | None = None,
    policy: Mapping[str, str] | None = None,
    as_of: AnyDay | None = None,
    engine: EngineName = "columnar",
    diseases: AnyDiseases | None = None,
) -> Table:
    """Value an expression for every person: ``patient_id``, period, ``value`` and whether it is ``known``.

    Parameters are those of ``evaluate``.

    Raises
    ------
    DefinitionError
        If the expression is not one of a person, or asks for what no engine supports yet.

    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01"}, {"patient_id": "P2", "birth_date": ""}]
    >>> old = sd.values(sd.age(on=sd.PERIOD.end), sd.read_frames(people, []), period="2024")
    >>> old["patient_id"], old["value"], old["known"]
    (('P1', 'P2'), (74.0, None), (True, False))
    """
    found, seen, span = valued(
        expression,
        log,
        asked_periods(period, periods),
        policy=policy,
        as_of=as_of,
        engine=engine,
        diseases=diseases,
    )
    return value_table(found, seen, span)


def valued(
    expression: Any,
    log: EventLog,
    periods: Iterable[Period],
    *,
    policy: Mapping[str, str] | None = None,
    as_of: AnyDay | None = None,
    engine: EngineName = "columnar",
    diseases: AnyDiseases | None = None,
) -> tuple[Values, EventLog, tuple[Period, ...]]:
    """Value an expression for every person: the values, the log as it was known, and the periods in order."""
    node = node_of(expression)
    _refuse("this expression cannot be valued", _faults_of(node))
    chosen, defined = dict(policy or {}), known(diseases)
    check_policy((node,), defined, chosen)
    one_of = [defined[name] for name in diseases_in(node) if name in defined]
    _refuse("this expression cannot be valued", _wrong_names(node, one_of))
    named = {one.id: resolve_disease(one, chosen) for one in one_of}
    span = tuple(sorted(set(periods)))
    seen = known_on(log, as_of)
    machine = engine_named(engine)
    until = until_of(seen, span)
    ways = {name: machine.walk(one, seen, until, obligations=True) for name, one in named.items()}
    (found,) = machine.values([resolve_value(node, named, chosen)], seen, span, ways)
    return found, seen, span


def courses(
    disease: AnyDisease,
    log: EventLog,
    *,
    until: AnyDay,
    policy: Mapping[str, str] | None = None,
    as_of: AnyDay | None = None,
    engine: EngineName = "columnar",
) -> CourseTables:
    """Walk everybody through the pathway of a disease: spells, moves, breaches and open timings, as tables.

    Parameters
    ----------
    disease
        Whose pathway.
    log
        The registry, as ``read`` gave it.
    until
        Last observed day; the day of ``as_of`` if that is earlier.
    policy
        Values of the disease's own policies, such as ``{"lost_after": "6"}``.
    as_of
        Walk by what was known on that day; ``None``: by every row that was not taken back.
    engine
        ``columnar`` or ``reference``.

    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01"}]
    >>> visit = {"kind": "follow_up", "mode": "clinic", "sbp": 128, "dbp": 78}
    >>> rows = [{"patient_id": "P1", "date": "2024-01-10", "kind": "enrolment", "disease": "hypertension"},
    ...         {"patient_id": "P1", "date": "2024-04-02", **visit}]
    >>> walked = sd.courses("hypertension", sd.read_frames(people, rows), until="2024-12-31")
    >>> [(row["state"], str(row["entered"])) for row in walked.spells]
    [('general', '1950-03-01'), ('enrolled', '2024-01-10'), ('satisfactory', '2024-04-02')]
    >>> [(row["timing"], str(row["due"])) for row in walked.breaches]
    [('follow_up', '2024-07-02')]
    """
    one = disease_of(disease)
    check_policies([one], policy)
    day, seen = asked_day("until", until), known_on(log, as_of)
    last = until_of(seen, [Period(day, day)])
    walked = engine_named(engine).walk(resolve_disease(one, policy or {}), seen, last, obligations=True)
    return CourseTables(courses=walked, log=seen)


def worklist(
    log: EventLog | Parts,
    *,
    on: AnyDay,
    diseases: AnyDiseases | None = None,
    by: Sequence[str] | str = (),
    policy: Mapping[str, str] | None = None,
    as_of: AnyDay | None = None,
    engine: EngineName = "columnar",
    language: str = "both",
    ahead: int | None = None,
    joint: bool = False,
) -> Table:
    """List what is due on a day: for whom, by when, by which role, and why; what needs care first stands first.

    Parameters
    ----------
    log
        The registry, as ``read`` gave it, or in parts, as ``parts`` gives it: one part is read after the other.
    on
        The day: what happened later is not taken.
    diseases
        Whose services and deadlines; if none are named, those of the catalogue that the log names by tag or code,
        and those of the national service specification, for which everybody is screened.  Of a registry in parts
        they have to be named.
    by
        Columns to sort by before anything else, such as ``institution``.
    policy
        Values of the diseases' own policies, such as ``{"lost_after": "6"}``.
    as_of
        List by what was known on that day; ``None``: by every row that was not taken back.
    engine
        ``columnar`` or ``reference``.
    language
        Of names and reasons: ``zh``, ``en`` or ``both``.
    ahead
        Leave out what falls due more than so many days after ``on``.
    joint
        One row for a visit that serves several diseases of a person: an event that fulfils one fulfils all.

    Raises
    ------
    UsageError
        For an unknown policy, column or engine, or a registry in parts and no disease.

    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01"}]
    >>> rows = [{"patient_id": "P1", "date": "2024-01-10", "kind": "enrolment", "disease": "hypertension"}]
    >>> due = sd.worklist(sd.read_frames(people, rows), on="2024-05-10", diseases="hypertension")
    >>> [(row["item"], str(row["due"]), row["overdue_days"]) for row in due]
    [('follow_up', '2024-04-10', 30), ('checkup', '2025-01-10', 0)]
    """
    require_kind(log, EventLog, Parts, way="sd.read(…), sd.parts(…)")
    chosen = (given(diseases) or _of_log(log)).values()
    check_policies(chosen, policy)
    logs = (log,) if isinstance(log, EventLog) else log
    due = list_due(
        (known_on(one, as_of) for one in logs),
        chosen,
        asked_day("on", on),
        engine_named(engine),
        by=(by,) if isinstance(by, str) else tuple(by),
        policy=policy,
        language=language,
        ahead=ahead,
    )
    return jointly(due, chosen) if joint else due


def _of_log(log: EventLog | Parts) -> Mapping[str, Disease]:
    if isinstance(log, Parts):
        raise UsageError(
            "分片的数据须指明病种 / of a registry in parts name the diseases:"
            ' diseases=["hypertension"], --disease hypertension'
        )
    return catalogue.diseases_of_log(log)


# WHAT IS WRONG


def _refuse(what: str, faults: Iterable[Fault]) -> None:
    found = tuple(dict.fromkeys(faults))
    if found:
        raise DefinitionError(what, found)


def _faults_of(node: Value) -> Iterator[Fault]:
    yield from _not_a_persons(node)
    yield from checks.wrong_kinds("events", node)


def _wrong_names(node: Value, diseases: Iterable[Disease]) -> Iterator[Fault]:
    """Find what an expression names of diseases, and they do not have."""
    listed = tuple(diseases)
    yield from checks.wrong_statuses("the expression", node, listed)
    yield from checks.wrong_named_parts("the expression", node, listed)


def _not_a_persons(node: Value) -> Iterator[Fault]:
    if level_of(node) == "row":
        hint = 'say which row: events("follow_up").within(PERIOD).last().sbp'
        yield Fault("row_not_person", write(node), "belongs to a row, and a value is asked of each person", hint)
