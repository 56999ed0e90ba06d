"""What passes between the institutions of a county."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from attrs import evolve

from singledisease.api.data import load_rules
from singledisease.api.definitions import AnyDisease, AnyDiseases
from singledisease.api.definitions import disease as definition_of
from singledisease.api.figures import valued
from singledisease.api.parts import Parts
from singledisease.api.what_a_call_says import AnyDay, check_policies, known_on
from singledisease.catalogue.county_files import county_names, county_text
from singledisease.clinic.record import PersonRecord
from singledisease.county.contract_rules import ContractRules
from singledisease.county.contract_tables import list_contracts, list_deliveries
from singledisease.county.irregularities import list_irregularities
from singledisease.county.joined_records import Contested, JoinedRecords, join_logs
from singledisease.county.ledger import Ledger
from singledisease.county.person_links import LinkDecision
from singledisease.county.point_bookings import spoken_of
from singledisease.county.point_rules import PointRules
from singledisease.county.points import points_of, points_of_log
from singledisease.county.recognition_rules import RecognitionRules
from singledisease.county.repeated_tests import list_repeats
from singledisease.county.unfinished import unfinished as list_unfinished
from singledisease.dates import Period, asked_day, periods
from singledisease.definitions.resolve import resolve_disease
from singledisease.errors import UsageError, did_you_mean, require_each, require_kind
from singledisease.eventlog.log import EventLog
from singledisease.io.county.contracts import read_contract_rules
from singledisease.io.county.points import read_point_rules
from singledisease.io.county.recognition import read_recognition_rules
from singledisease.language.nodes import Value
from singledisease.scorecard.engine import EngineName, engine_named
from singledisease.tables import Table


def unfinished(
    process: AnyDisease,
    log: EventLog,
    *,
    on: AnyDay,
    policy: Mapping[str, str] | None = None,
    as_of: AnyDay | None = None,
    engine: EngineName = "columnar",
) -> Table:
    """List the referrals, or other linked sequences, under way on a day: where each is stuck, and who is to act.

    Parameters
    ----------
    process
        ``referral``, an overlay of it, or a process of your own.
    log
        The registry, as ``read`` gave it.
    on
        The day: what happened later is not taken.
    policy
        Deadlines, such as ``{"accept_days": "2"}``.
    as_of
        List by what was known on that day.
    engine
        ``columnar`` or ``reference``.

    Returns
    -------
    Table
        One row a sequence, the longest overdue first: ``patient_id``, ``link``, ``state``, ``since``, ``days``,
        ``institution`` (of its last event), ``waits_for``, ``role``, ``levels``, ``due``, ``overdue_days``.

    Raises
    ------
    UsageError
        If the pathway runs over people, or there is no such process, policy or engine.

    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01"}]
    >>> rows = [{"patient_id": "P1", "date": "2024-03-05", "kind": "referral", "link": "R1", "institution": "T1"}]
    >>> table = unfinished("referral", sd.read_frames(people, rows), on="2024-03-10")
    >>> [(row["state"], row["waits_for"], row["institution"], row["overdue_days"]) for row in table]
    [('submitted', 'reviewed', 'T1', 3)]
    """
    require_kind(log, EventLog, way="sd.read(…)")
    one = definition_of(process)
    check_policies([one], policy)
    seen = known_on(log, as_of)
    return list_unfinished(seen, resolve_disease(one, policy or {}), asked_day("on", on), engine_named(engine))


# CONTRACTS


def contract_rules(source: str | Path | None = None) -> ContractRules:
    """Give the rules of contracts that come with the library, or read your own from a TOML file.

    Raises
    ------
    DefinitionError
        If the file is not sound, with all its faults.

    >>> [package.id for package in contract_rules().packages]
    ['basic', 'hypertension', 'diabetes']
    """
    return read_contract_rules(county_text("contracts") if source is None else source)


def contracts(
    log: EventLog | Parts,
    *,
    on: AnyDay,
    rules: ContractRules | None = None,
    as_of: AnyDay | None = None,
    diseases: AnyDiseases | None = None,
    engine: EngineName = "columnar",
) -> Table:
    """List who has a contract on a day, whose is due for renewal or over, and who of a key group has none.

    Parameters
    ----------
    log
        The registry, as ``read`` gave it, or in parts, as ``parts`` gives it: one part is in memory at a time.
    on
        The day.
    rules
        ``contract_rules()``, or your own.
    as_of
        List by what was known on that day.
    diseases
        Your own diseases that key groups name.
    engine
        By which contracts and key groups are found: ``columnar``, everybody at once, or ``reference``.

    Returns
    -------
    Table
        One row a person who ever signed or is of a key group: ``patient_id``, ``institution`` and ``team`` of the
        contract (else the person's), ``state`` (none, in_force, renewal_due, unknown_package, expired, ended),
        ``package``, ``first``, ``last``, ``renewal_from``, ``key_groups`` (ids, joined by ``|``), ``notes``.  Of a
        contract whose package the rules do not have it cannot be told whether it counts: ``unknown_package``.

    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01"}, {"patient_id": "P2", "birth_date": "1990-03-01"}]
    >>> rows = [{"patient_id": "P2", "date": "2024-01-05", "kind": "contract", "package": "basic"}]
    >>> table = contracts(sd.read_frames(people, rows), on="2024-06-30")
    >>> [(row["patient_id"], row["state"], row["key_groups"]) for row in table]
    [('P1', 'none', 'aged_65'), ('P2', 'in_force', '')]
    """
    require_kind(log, EventLog, Parts, way="sd.read(…), sd.parts(…)")
    chosen, day = rules or contract_rules(), asked_day("on", on)
    require_kind(chosen, ContractRules, way="sd.contract_rules()")
    engine_named(engine)

    def listed(part: EventLog) -> Table:
        seen = known_on(part, as_of)
        groups = {group.id: _members(group.when, seen, day, diseases, engine) for group in chosen.key_groups}
        return list_contracts(seen, day, chosen, groups, at_once=engine == "columnar")

    return _of_each(log, listed)


def _of_each(log: EventLog | Parts, listed: Callable[[EventLog], Table]) -> Table:
    """Give the table of a registry, or those of its parts one below the other."""
    if isinstance(log, EventLog):
        return listed(log)
    tables = [listed(part) for part in log]
    names = tuple(tables[0].columns)
    return evolve(tables[0], columns={name: [cell for one in tables for cell in one.columns[name]] for name in names})


def _members(when: Value, log: EventLog, day: int, diseases: AnyDiseases | None, engine: EngineName) -> set[int]:
    """Give the places of the people for whom a condition is known to hold on a day."""
    found, _, _ = valued(when, log, [Period(day, day)], diseases=diseases, engine=engine)
    return set(np.flatnonzero(found.value[0].astype(bool) & found.known[0]).tolist())


def package_deliveries(
    log: EventLog | Parts,
    *,
    on: AnyDay,
    rules: ContractRules | None = None,
    as_of: AnyDay | None = None,
    engine: EngineName = "columnar",
) -> Table:
    """List what the packages of contracts promise, and what was delivered by a day: one row a person and item.

    Parameters are those of ``contracts``; both engines give the same.

    Returns
    -------
    Table
        ``patient_id``, ``package``, ``item``, ``promised``, ``delivered``, ``left``, ``last`` (valid day).

    Raises
    ------
    UsageError
        If a contract names a package that the rules do not have, with all such names, or there is no such engine.

    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01"}]
    >>> rows = [{"patient_id": "P1", "date": "2024-01-05", "kind": "contract", "package": "hypertension"},
    ...         {"patient_id": "P1", "date": "2024-03-05", "kind": "follow_up", "mode": "home", "sbp": 138, "dbp": 82}]
    >>> table = package_deliveries(sd.read_frames(people, rows), on="2024-06-30")
    >>> [(row["item"], row["promised"], row["delivered"], row["left"]) for row in table]
    [('follow_up', 4, 1, 3), ('checkup', 1, 0, 1)]
    """
    require_kind(log, EventLog, Parts, way="sd.read(…), sd.parts(…)")
    chosen, day = rules or contract_rules(), asked_day("on", on)
    require_kind(chosen, ContractRules, way="sd.contract_rules()")
    engine_named(engine)
    at_once = engine == "columnar"
    return _of_each(log, lambda part: list_deliveries(known_on(part, as_of), day, chosen, at_once=at_once))


# POINTS


def point_rules(source: str | Path = "resident") -> PointRules:
    """Give rules of points: ``resident`` or ``village-doctor``, which are examples, or your own from a TOML file.

    Raises
    ------
    UsageError
        If there are no rules of that name.
    DefinitionError
        If the file is not sound, with all its faults.

    >>> [rule.id for rule in point_rules("village-doctor").rules][:2]
    ['contract', 'effective_referral']
    """
    if isinstance(source, Path) or source.endswith(".toml") or "\n" in source:
        return read_point_rules(source)
    names = county_names("points-")
    if source not in names:
        raise UsageError(f"没有此积分规则 / there are no rules of points {source!r}; {did_you_mean(source, names)}")
    return read_point_rules(county_text(f"points-{source}"))


def points_ledger(
    rules: PointRules,
    of: EventLog | PersonRecord,
    *,
    until: AnyDay,
    as_of: AnyDay | None = None,
    engine: EngineName = "columnar",
) -> Ledger:
    """Replay the ledger of points of everybody in a registry, or of one person, up to the end of a day.

    Each event is booked on the day it became known, and reversed on the day it was taken back, so that the ledger until
    an earlier day is the beginning of a later one.  Nobody's balance is ever below zero: what a reversal could not take
    back is owed, and settled by the next points.  No record, and no event, pays twice.

    Parameters
    ----------
    rules
        ``point_rules()``, or your own.
    of
        A registry, or the record of a person.
    until
        The last day to be booked.
    as_of
        Replay what was known on that day.
    engine
        By which the conditions of the rules are asked of a registry: ``columnar``, everybody at once, or ``reference``,
        one person after the other.  A record is asked by the reference engine.

    Raises
    ------
    UsageError
        If there is no such engine, or it is neither a registry nor a record.

    Returns
    -------
    Ledger
        ``balance(holder)``, ``why(holder)``, ``balances()``, ``table()``.

    >>> import singledisease as sd
    >>> record = sd.PersonRecord.start("P1", birth_date="1950-01-01")
    >>> record = record.after(sd.Event("checkup", "2024-03-01", record="C1"))
    >>> record = record.after(sd.Event("redemption", "2024-03-05", amount=8))
    >>> ledger = sd.points_ledger(sd.point_rules("resident"), record, until="2024-03-31")
    >>> ledger.balance(), [entry.reason.en for entry in ledger.why()]
    (2, ['annual check-up: 10', 'health goods: 8'])
    >>> late = sd.points_ledger(ledger.rules, record.withdraw("C1", on="2024-03-20"), until="2024-03-31")
    >>> late.balance(), late.why()[-1].owed
    (0, 8)
    """
    require_kind(rules, PointRules, way="sd.point_rules()")
    last = asked_day("until", until)
    engine_named(engine)
    if isinstance(of, PersonRecord):
        return points_of([of if as_of is None else of.as_of(as_of)], rules, last)
    if not isinstance(of, EventLog):
        raise UsageError(
            f"须传入登记数据或一个人的记录 / expected a registry or the record of a person, got a {type(of).__name__}: "
            "sd.read(…), or sd.PersonRecord.of_log(log, …)"
        )
    seen = of if as_of is None else known_on(of, as_of)
    if engine == "columnar":
        return points_of_log(seen, rules, last)
    return points_of((PersonRecord.at(seen, place) for place in spoken_of(seen, rules)), rules, last)


# RECOGNISED EXAMINATIONS


def recognition_rules(source: str | Path | None = None) -> RecognitionRules:
    """Give the rules of recognised examinations that come with the library, an example, or your own from a TOML file.

    Raises
    ------
    DefinitionError
        If the file is not sound, with all its faults.

    >>> recognition_rules().item("hba1c").valid_days
    90
    """
    return read_recognition_rules(county_text("recognition") if source is None else source)


def repeated_tests(
    log: EventLog,
    *,
    period: Period | str,
    rules: RecognitionRules | None = None,
    as_of: AnyDay | None = None,
    engine: EngineName = "columnar",
) -> Table:
    """List the tests of a period that were done although a result from elsewhere could have been taken.

    Parameters
    ----------
    log
        The registry, as ``read`` gave it.
    period
        The days of the repeats.
    rules
        ``recognition_rules()``, or your own.  A reason of theirs in the column ``reason`` of a test excuses it.
    as_of
        List by what was known on that day.
    engine
        By which results are found: ``columnar``, everybody at once, or ``reference``, one person after the other.

    Returns
    -------
    Table
        One row a test: ``patient_id``, ``item``, ``date``, ``institution``, the ``result_date`` and
        ``result_institution`` that were there, ``age_days``, ``price``, and ``conflict``: the results contradict each
        other, so that the repeat may have been needed.

    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01"}]
    >>> rows = [{"patient_id": "P1", "date": "2024-03-05", "kind": "test", "institution": "H1", "hba1c": 7.0},
    ...         {"patient_id": "P1", "date": "2024-03-20", "kind": "test", "institution": "H2", "hba1c": 7.1}]
    >>> [(row["item"], row["age_days"]) for row in repeated_tests(sd.read_frames(people, rows), period="2024")]
    [('hba1c', 15)]
    """
    require_kind(log, EventLog, way="sd.read(…)")
    span = periods(period) if isinstance(period, str) else (period,)
    chosen = rules or recognition_rules()
    require_kind(chosen, RecognitionRules, way="sd.recognition_rules()")
    engine_named(engine)
    return list_repeats(known_on(log, as_of), span, chosen, at_once=engine == "columnar")


# RECORDS FROM MANY SYSTEMS


def join_records(
    logs: Mapping[str, EventLog],
    *,
    identifiers: Sequence[str],
    decisions: Sequence[LinkDecision] = (),
    as_of: AnyDay | None = None,
    contested: Contested = "first",
    diseases: AnyDiseases | None = None,
) -> JoinedRecords:
    """Join the registries of several systems into one log; what they contradict each other in is listed, not resolved.

    Records are one person if the first identifier that both have is the same and neither birth date nor sex speaks
    against it, or if somebody decided so.  Of an event that two systems hold alike one row stays; where they differ
    both stay, and are listed.

    Parameters
    ----------
    logs
        The registry of each system, by its name, the one that is trusted most first.
    identifiers
        Columns of people, or ``patient_id`` where systems share it, the most trustworthy first.
    decisions
        What people decided, with its day:
        ``sd.LinkDecision(date=…, what="merge", one=("his", "7"), other=("lis", "K7"))``, or ``what="split"``.
    as_of
        Join by what was known on that day, decisions too: a person merged later is still two.
    contested
        What is taken of a person where systems differ: what the ``first`` says, or that it is ``unknown``.  Either way
        it is listed.
    diseases
        Your own diseases, whose quantities events hold.

    Returns
    -------
    JoinedRecords
        ``log`` (institutions, teams and activities are those of the first system that has any), ``people`` (who is
        whom, by what), ``duplicates``, ``conflicts``.

    Raises
    ------
    UsageError
        If no system has such an identifier, or a decision names a system that there is none of.

    >>> import singledisease as sd
    >>> def system(name, pressure):
    ...     return sd.read_frames(
    ...         [{"patient_id": name, "birth_date": "1950-03-01", "card": "C77"}],
    ...         [{"patient_id": name, "date": "2024-03-05", "kind": "follow_up", "sbp": pressure, "dbp": 80}])
    >>> joined = sd.join_records({"his": system("7", 138), "phr": system("K7", 148)}, identifiers=["card"])
    >>> [tuple(row.values()) for row in joined.people]
    [('his', '7', 'his:7', ''), ('phr', 'K7', 'his:7', 'card')]
    >>> [(row["what"], row["columns"]) for row in joined.conflicts]
    [('conflict', 'sbp')]
    """
    require_kind(logs, Mapping, way="sd.join_records(logs, …)", named="logs")
    require_each(logs.values(), EventLog, way="sd.join_records({name: log, …}, …)", named="logs")
    until = None if as_of is None else asked_day("as_of", as_of)
    seen = {name: log if as_of is None else known_on(log, as_of) for name, log in logs.items()}
    rules = load_rules(diseases, (), (), impossible="reading", local_dates=False, strict=False)
    return join_logs(seen, identifiers, decisions, until=until, contested=contested, rules=rules)


# WHAT WANTS A REASON


def irregularities(log: EventLog | Parts, *, late_days: int = 30, as_of: AnyDay | None = None) -> Table:
    """List rows that look as if figures or points were made by them: each names its rows, and nothing is counted apart.

    Referrals split among several links, to oneself, accepted before they were submitted, sent down unseen, or of
    several people under one link; contracts signed while another is in force, for a few days or many years, ended at
    once or over before they began; one service by two teams or under two records; the same numbers from two
    institutions or systems; pressures that never change; visits crowded together; examinations recognised that nobody
    made, or twice; rows that were entered late, after the death, or by institutions that are not registered.  Any of
    it may be right: somebody has to look.

    Parameters
    ----------
    log
        The registry, as ``read`` gave it, or in parts.
    late_days
        How many days after it happened an entry is late; 30 is a proposal of this project.
    as_of
        List by what was known on that day.

    Returns
    -------
    Table
        One row a finding: ``what``, ``patient_id``, ``date``, ``kind``, ``institution``, ``link``, ``reason`` (in
        Chinese and English), and ``rows``: file and line of each row that is meant.

    Raises
    ------
    UsageError
        If ``late_days`` is below 0.

    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01"}]
    >>> rows = [{"patient_id": "P1", "date": "2024-03-05", "kind": "referral", "link": link, "institution": "T1"}
    ...         for link in ("R1", "R2")]
    >>> [(row["what"], row["reason"].split(" / ")[1]) for row in irregularities(sd.read_frames(people, rows))]
    [('split_referral', 'sent up 2 times on one day by one institution')]
    """
    require_kind(log, EventLog, Parts, way="sd.read(…), sd.parts(…)")
    if late_days < 0:
        raise UsageError(f"late_days={late_days}: 不能为负 / cannot be below 0")
    return _of_each(log, lambda part: list_irregularities(known_on(part, as_of), late_days))
