"""How many people each rule of a measure took, in the order in which the rules are asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.dates import date_of
from singledisease.definitions.measure import UNDETERMINED, Measure, Rule, with_rules
from singledisease.definitions.resolve import Resolved
from singledisease.errors import Fault, IdentityError
from singledisease.explanation.people import measure_index
from singledisease.scorecard.assign import counted_of, group_of
from singledisease.scorecard.card import Scorecard, parts_of, require_scorecard
from singledisease.scorecard.count import CHUNK, Job, count_all
from singledisease.scorecard.counts import Block, Counted, Counts, merge
from singledisease.scorecard.engine import EngineName
from singledisease.scorecard.part import Part
from singledisease.scorecard.rollup import roll_up_counts
from singledisease.tables import Heading, Table

HEADINGS: dict[str, Heading] = {
    "measure": ("指标", "Measure"),
    "version": ("版本", "Version"),
    "period_start": ("起始日", "From"),
    "period_end": ("截止日", "To"),
    "by": ("分层", "By"),
    "step": ("步", "Step"),
    "rule": ("规则编号", "Rule"),
    "rule_zh": ("规则", "Rule (zh)"),
    "rule_en": ("规则（英文）", "What it takes"),
    "group": ("归入", "Into"),
    "before": ("进入", "Before"),
    "taken": ("被判定", "Taken"),
    "undetermined": ("无法判定", "Undetermined"),
    "left": ("剩余", "Left"),
}
_PREFIX = "rule:"


def attrition(score: Scorecard, measure: str | None = None, *, engine: EngineName = "columnar") -> Table:
    """Count whom each rule of a measure took, rule by rule: population, exclusions, numerator.

    The first rule that is true of somebody takes that person, so that the order of the rules is part of the answer.

    Parameters
    ----------
    score
        From ``evaluate``, by any strata, rolled up or not.
    measure
        Id of one measure; ``None``: all of the scorecard.
    engine
        Which engine asks the rules once more, where several of them share a group; the counts are the same.

    Returns
    -------
    Table
        One row for each measure, period, stratum and rule, in the order in which they are asked: ``measure``,
        ``version``, ``period_start``, ``period_end``, ``by`` (stratum: value), ``step`` (1, 2 …), ``rule``,
        ``rule_zh``, ``rule_en``, ``group`` (into which the rule puts people), ``before`` (those asked), ``taken``,
        ``undetermined`` (of whom the rule is not known to be true or false) and ``left``.  ``before`` is always
        ``taken + undetermined + left``, ``left`` is the next rule's ``before``, and after the last rule nobody is
        left.  Of a measure of rows all these are rows.

    Raises
    ------
    UsageError
        If there is no such measure; or the scorecard was made of counts alone, and two rules share a group.
    IdentityError
        If the rules do not add up to the groups that were counted.

    >>> import singledisease as sd
    >>> log = sd.simulate(patients=200, seed=1).log()
    >>> score = sd.evaluate(sd.measures("cn-bphs-2017", diseases="hypertension"), log, period="2024")
    >>> flow = sd.attrition(score, "hypertension.control")
    >>> [(row["rule"], row["group"]) for row in flow][:2]
    [('not_managed', 'outside'), ('misdiagnosed', 'excluded:misdiagnosed')]
    >>> flow["before"][1] == flow["left"][0], flow["left"][-1]
    (True, 0)
    """
    require_scorecard(score)
    chosen = range(len(score.measures)) if measure is None else (measure_index(score, measure),)
    asked = [score.measures[m] for m in chosen]
    counts = _by_rule([one for one in asked if _shares_groups(one)], score, engine)
    rows = [
        list(row.values())
        for one in asked
        for row in _rows(score, one, counts if _shares_groups(one) else score.counts)
    ]
    return Table.of_rows(tuple(HEADINGS), rows, headings=HEADINGS)


# THE GROUPS OF SINGLE RULES


def _shares_groups(resolved: Resolved) -> bool:
    groups = [group_of(rule) for rule in resolved.measure.rules]
    return len(set(groups)) < len(groups)


def _named(resolved: Resolved) -> Resolved:
    """Give the measure with a group of its own for each rule."""
    measure = resolved.measure
    assert isinstance(measure, Measure), "rules share groups only where they were written"
    rules = tuple(evolve(rule, group=_PREFIX + rule.name) for rule in measure.rules)
    return evolve(resolved, measure=with_rules(measure, rules, measure.of))


def _by_rule(asked: Sequence[Resolved], score: Scorecard, engine: EngineName) -> Counts:
    """Count once more, by rule in the place of by group, with the courses that are already there."""
    if not asked:
        return Counts()
    named = tuple(map(_named, asked))
    found = merge(
        (_of_part(named, part, score, engine) for part in parts_of(score)),
        places_differ=True,
    )
    return found if score.leaves is None else roll_up_counts(found, score.institutions)


def _of_part(named: tuple[Resolved, ...], part: Part, score: Scorecard, engine: EngineName) -> Counts:
    job = Job(named, part.log, score.periods, score.by, part.courses, engine, part.labels)
    counts, _ = count_all(job, threads=1, chunk=CHUNK, progress=None)
    return counts


# THE STEPS


@frozen(eq=False)
class _Taken:
    """Whom the rules of a measure took in all periods and strata: (periods, strata, rules)."""

    block: Block
    taken: NDArray[np.int64]
    undetermined: NDArray[np.int64]


def _rows(score: Scorecard, resolved: Resolved, counts: Counts) -> Iterator[dict[str, Any]]:
    measure, rules = resolved.measure, resolved.measure.rules
    own = _shares_groups(resolved)
    found = _taken(counts, counted_of(_named(resolved) if own else resolved, score.by), rules, own=own)
    _check(score, resolved, found)
    for p, period in enumerate(found.block.periods):
        for s, stratum in enumerate(found.block.strata):
            before = int(found.taken[p, s].sum() + found.undetermined[p, s].sum())
            for r, rule in enumerate(rules):
                taken, undetermined = int(found.taken[p, s, r]), int(found.undetermined[p, s, r])
                left = before - taken - undetermined
                yield {
                    "measure": measure.id,
                    "version": measure.version,
                    "period_start": date_of(period.start),
                    "period_end": date_of(period.end),
                    "by": dict(zip(score.by, stratum, strict=True)),
                    "step": r + 1,
                    "rule": rule.name,
                    "rule_zh": rule.names.zh,
                    "rule_en": rule.names.en,
                    "group": group_of(rule),
                    "before": before,
                    "taken": taken,
                    "undetermined": undetermined,
                    "left": left,
                }
                before = left


def _taken(counts: Counts, counted: Counted, rules: Sequence[Rule], *, own: bool) -> _Taken:
    block = counts.blocks[counted]
    places = {group: g for g, group in enumerate(counted.groups)}

    def of(groups: Sequence[str]) -> NDArray[np.int64]:
        # A rule that is known of everybody, such as the last one, leaves nobody undetermined and has no such group.
        columns = [
            block.array[:, :, places[group]] if group in places else np.zeros(block.array.shape[:2], np.int64)
            for group in groups
        ]
        return np.stack(columns, axis=2)

    taken = of([_PREFIX + rule.name if own else group_of(rule) for rule in rules])
    return _Taken(block, taken, of([UNDETERMINED + rule.name for rule in rules]))


def _check(score: Scorecard, resolved: Resolved, found: _Taken) -> None:
    """Refuse rules that do not add up to the groups of the scorecard."""
    counted = counted_of(resolved, score.by)
    block, rules = score.counts.blocks[counted], resolved.measure.rules
    faults = []
    for g, group in enumerate(counted.groups):
        of_rules = [r for r, rule in enumerate(rules) if group_of(rule) == group]
        undetermined = [r for r, rule in enumerate(rules) if UNDETERMINED + rule.name == group]
        sums = found.taken[:, :, of_rules].sum(axis=2) + found.undetermined[:, :, undetermined].sum(axis=2)
        if found.block.strata != block.strata or not np.array_equal(sums, block.array[:, :, g]):
            message = f"the rules took {int(sums.sum())}, the group has {int(block.array[:, :, g].sum())}"
            faults.append(Fault("rules_and_groups", f"{counted.measure} {group}", message))
    if faults:
        raise IdentityError("the rules of a measure do not add up to its groups:", faults)
