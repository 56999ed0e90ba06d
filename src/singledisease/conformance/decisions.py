"""How measures that share nothing but a log decide about each person: the group, and the rule that put them there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.conformance.valued import Definition, Flat, ValuationContext, courses_of, last_day_seen, valued
from singledisease.dates import MISSING, Period, iso
from singledisease.definitions.aggregate import Distribution, Ratio
from singledisease.definitions.measure import COUNTED, NOT_NUMERATOR, OUTSIDE, UNDETERMINED, UNKNOWN, Measure, Rule
from singledisease.domains import RowDomain
from singledisease.errors import UsageError
from singledisease.eventlog.log import EventLog
from singledisease.language import nodes as n
from singledisease.language.row_sources import base_of
from singledisease.pathway_courses import Courses


@frozen
class Decision:
    """Into which group somebody, or a row, is put, and by the condition of which rule."""

    group: str
    rule: str


Decided = Mapping[str, Decision]
"""About one person: the decision under a blank name; of a measure of rows that of each row under the row's name."""

Groups = tuple[tuple[str, str], ...]
"""Into which group one person, or each row by name, is put."""

_AMOUNTS = re.compile(r"(-?[0-9.e+-]+)/(-?[0-9.e+-]+)(?: x.+)?")
NO_AMOUNTS = "0/0"
"""What somebody adds to a ratio who adds nothing."""

IN_NUMERATOR, IN_DENOMINATOR, NOT_COUNTED = "numerator", "denominator", "not counted"


def groups_in(one: Decided) -> Groups:
    """Give the groups of what was decided about a person, by name of row."""
    return tuple((name, decision.group) for name, decision in sorted(one.items()))


def counted_as(group: str) -> str:
    """Say what a rate shows of a group: in the numerator, in the denominator only, or not counted.

    A label of the measure's own is shown as such, and so are the two numbers of a ratio, unless both are 0.

    >>> [counted_as(group) for group in ("numerator", "unknown", "excluded:pregnant", "controlled", "3/2", "0/0")]
    ['numerator', 'denominator', 'not counted', 'controlled', '3/2', 'not counted']
    """
    if group == NO_AMOUNTS:
        return NOT_COUNTED
    if group in (NOT_NUMERATOR, UNKNOWN):
        return IN_DENOMINATOR
    return NOT_COUNTED if group == OUTSIDE or ":" in group else group


def amounts_in(group: str) -> tuple[str, str] | None:
    """Give numerator and denominator that somebody adds to a ratio; ``None`` of a group that is none.

    >>> amounts_in("3/2"), amounts_in("1/1 x1000"), amounts_in("numerator")
    (('3', '2'), ('1', '1'), None)
    """
    found = _AMOUNTS.fullmatch(group)
    return None if found is None else (found[1], found[2])


@frozen(eq=False)
class Decisions:
    """What a definition decides about everybody: ``code`` (people) int64, index into ``kinds``."""

    kinds: Sequence[Decided]
    code: NDArray[np.int64]

    def of(self, person: int) -> Decided:
        """Give what is decided about a person."""
        return self.kinds[int(self.code[person])]

    def differ(self, other: Decisions, *, in_rate: bool = False) -> NDArray[np.bool_]:
        """Say about which people two definitions differ: in the group, whichever rule it comes from.

        ``in_rate``: only where the rate shows it; see ``counted_as``.
        """
        numbers: dict[Groups, int] = {}
        one, two = (each._numbered(numbers, in_rate=in_rate) for each in (self, other))
        return np.asarray(one != two)

    def _numbered(self, numbers: dict[Groups, int], *, in_rate: bool) -> NDArray[np.int64]:
        kinds = [groups_in(kind) for kind in self.kinds]
        if in_rate:
            kinds = [_in_rate(kind) for kind in kinds]
        return np.array([numbers.setdefault(kind, len(numbers)) for kind in kinds], np.int64)[self.code]


def _in_rate(groups: Groups) -> Groups:
    """Give what the rate shows; rows that are not counted are as good as not there."""
    shown = ((name, counted_as(group)) for name, group in groups)
    return tuple(pair for pair in shown if pair[1] != NOT_COUNTED)


def decided(definitions: Sequence[Definition], log: EventLog, period: Period) -> list[Decisions]:
    """Decide about each person of a log under each of several definitions.

    Parameters
    ----------
    definitions
        They may share ids.
    log
        As it is known.
    period
        The one period asked about.

    Returns
    -------
    list
        For each definition what it decides, with people in the order of the log.

    Raises
    ------
    UsageError
        If a measure counts institutions or what they did: those belong to nobody.
    """
    found: dict[int, Decisions] = {}
    walked: dict[Any, Courses] = {}
    for some in _alike(definitions):
        alike = [definitions[i] for i in some]
        measure = alike[0].measure
        ways = courses_of(alike, log, last_day_seen(measure, log, period), walked)
        asked = ValuationContext(log, period, ways, measure.of, measure.matures)
        found.update(zip(some, _of_alike(alike, asked), strict=True))
    return [found[i] for i in range(len(definitions))]


def _alike(definitions: Sequence[Definition]) -> list[list[int]]:
    """Put those together that can be valued in one pass: same diseases, same rows, same days seen."""
    groups: dict[Any, list[int]] = {}
    for i, one in enumerate(definitions):
        base = None if one.measure.of is None else base_of(one.measure.of)
        if isinstance(base, n.Institutions | n.Activities):
            raise UsageError(f"{one.measure.id}: 按机构计数，不属于任何个人 / counts institutions, which are nobody's")
        key = tuple(sorted(one.diseases.items(), key=lambda pair: pair[0])), one.measure.of, one.measure.matures
        groups.setdefault(key, []).append(i)
    return list(groups.values())


def _of_alike(definitions: Sequence[Definition], asked: ValuationContext) -> Iterator[Decisions]:
    # Mutants share most of their rules: each condition is valued once.
    conditions = list({rule.when: None for one in definitions for rule in one.measure.rules})
    amounts = list({amount: None for one in definitions for amount in _amounts(one)})
    found, domain = valued([*conditions, *amounts], asked)
    by_condition = {each: (one.true, one.known) for each, one in zip(conditions, found, strict=False)}
    by_amount = dict(zip(amounts, found[len(conditions) :], strict=True))
    names = [] if domain is None else [_row_name(asked.log, domain, i) for i in range(len(domain))]
    for one in definitions:
        rules = one.measure.rules
        codes, decisions = _assigned(rules, [by_condition[rule.when] for rule in rules])
        if not isinstance(one.measure, Measure):
            codes, decisions = _with_amounts(one.measure, codes, decisions, [by_amount[each] for each in _amounts(one)])
        if domain is None:
            yield Decisions([{"": decision} for decision in decisions], codes)
        else:
            yield _by_person(len(asked.log.people), domain, names, [decisions[code] for code in codes.tolist()])


def _amounts(one: Definition) -> tuple[Any, ...]:
    return () if isinstance(one.measure, Measure) else one.measure.amounts


def _with_amounts(
    measure: Ratio | Distribution,
    codes: NDArray[np.int64],
    decisions: Sequence[Decision],
    amounts: Sequence[Flat],
) -> tuple[NDArray[np.int64], list[Decision]]:
    """Say of whoever counts in a ratio or distribution with which numbers."""
    counted = [k for k, decision in enumerate(decisions) if decision.group == COUNTED]
    where = np.flatnonzero(np.isin(codes, counted))
    numbers = np.stack([one.value[where].astype(float) for one in amounts], axis=1)
    distinct, place = np.unique(numbers, axis=0, return_inverse=True)
    per = getattr(measure, "per", 1)
    times = "" if per == 1 else f" x{per:g}"
    labels = ["/".join(f"{number:.12g}" for number in row) + times for row in (distinct + 0.0).tolist()]
    new = codes.copy()
    new[where] = len(decisions) + place.reshape(-1)
    return new, [*decisions, *(Decision(label, COUNTED) for label in labels)]


def _by_person(people: int, domain: RowDomain, names: Sequence[str], given: Sequence[Decision]) -> Decisions:
    rows: list[dict[str, Decision]] = [{} for _ in range(people)]
    for owner, name, decision in zip(domain.owner.tolist(), names, given, strict=True):
        # Rows that have one name are told apart by a number behind it.
        twice = sum(1 for known in rows[owner] if known == name or known.startswith(f"{name} #"))
        rows[owner][f"{name} #{twice + 1}" if twice else name] = decision
    return Decisions(rows, np.arange(people, dtype=np.int64))


def _assigned(
    rules: Sequence[Rule], conditions: Sequence[tuple[NDArray[np.bool_], NDArray[np.bool_]]]
) -> tuple[NDArray[np.int64], list[Decision]]:
    """Let the first rule that is not false decide; one that is unknown decides too."""
    decisions: list[Decision] = []
    count = len(conditions[0][0])
    codes = np.full(count, -1, np.int64)
    for rule, (true, known) in zip(rules, conditions, strict=True):
        for caught, group in ((true, str(rule.group)), (~known, UNDETERMINED + rule.name)):
            codes[(codes < 0) & caught] = len(decisions)
            decisions.append(Decision(group, rule.name))
    return codes, decisions


def _row_name(log: EventLog, domain: RowDomain, i: int) -> str:
    """Name a row by its record, or by what it is and when."""
    if domain.source == "events":
        event = log.event(int(domain.row[i]))
        record = event.get("record")
        return str(record) if record is not None else f"{iso(event.date)} {event.kind}"
    day = int(domain.date[i])
    return f"{domain.source} {'' if day == MISSING else iso(day)}".strip()
