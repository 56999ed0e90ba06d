"""The answers of one measure in one period: for a person, or for each row that is counted, rule by rule."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from attrs import frozen

from singledisease.dates import Period
from singledisease.definitions.aggregate import Distribution, Ratio
from singledisease.definitions.measure import UNDETERMINED
from singledisease.definitions.resolve import Resolved
from singledisease.engines.reference.make_context import (
    asked_on,
    last_day_seen,
    person_context,
    registry_context,
    rows_of,
)
from singledisease.engines.reference.rows import Row, place_of
from singledisease.errors import Fault, IdentityError
from singledisease.explanation.build import ExplainContext, clause
from singledisease.explanation.evidence import evidence
from singledisease.explanation.model import Answer, RuleStep
from singledisease.language.row_sources import source_of
from singledisease.scorecard.assign import group_of, groups_of
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.part import Part
from singledisease.scorecard.row_groups import RowGroups


def is_about_places(score: Scorecard, m: int) -> bool:
    """Say whether the m-th measure of a scorecard counts institutions, or what they did."""
    of = score.measures[m].measure.of
    return of is not None and source_of(of) in ("institutions", "activities")


def answers_of(score: Scorecard, part: Part, owner: int, m: int, period: Period) -> Iterator[Answer]:
    """Give the answer for a person, or one for each row of the person, or of the institution, that is counted."""
    measure, found = score.measures[m].measure, part.assigned[m]
    question = _Question(score.measures[m], period, score.complete(period, measure.matures))
    p, groups = score.periods.index(period), groups_of(score.measures[m].measure)
    whose = registry_context if is_about_places(score, m) else partial(person_context, person=owner)
    context = whose(log=part.log, period=period, courses=part.courses, matures=measure.matures)
    if not isinstance(found, RowGroups):
        asked = ExplainContext(part.log, part.courses, context)
        yield _answer(question, asked, groups[found[p, owner]])
        return
    assert measure.of is not None
    places = np.flatnonzero((found.domain.period == p) & (found.domain.owner == owner)).tolist()
    numbers = {int(found.domain.row[place]): groups[found.codes[place]] for place in places}
    rows = rows_of(measure.of, context)
    own = [row for row in rows if _owned(row, part, owner)] if is_about_places(score, m) else list(rows)
    if sorted(map(place_of, own)) != sorted(numbers):
        message = f"{len(numbers)} rows were counted, {len(own)} are selected one person at a time"
        raise IdentityError("the figure and its explanation differ:", [Fault("rows_as_counted", measure.id, message)])
    for row in own:
        asked = ExplainContext(part.log, part.courses, context.at(row))
        yield _answer(question, asked, numbers[place_of(row)], row)


def _owned(row: Row, part: Part, owner: int) -> bool:
    return row.get("institution") == part.log.institutions.ids[owner]


@frozen
class _Question:
    """Which measure is asked about in which period."""

    resolved: Resolved
    period: Period
    complete: bool


def _answer(question: _Question, asked: ExplainContext, counted: str, row: Row | None = None) -> Answer:
    resolved, log, period = question.resolved, asked.log, question.period
    measure = resolved.measure
    steps = _steps(resolved, asked)
    answer = Answer(
        measure=measure.id,
        names=measure.names,
        version=measure.version,
        policy=resolved.policy,
        period=period,
        asked=asked_on(log, period),
        complete=question.complete,
        group=next(step.group for step in steps if step.decisive),
        steps=steps,
        seen=last_day_seen(log, period, measure.matures),
        row=None if row is None else evidence(row, log, asked.courses),
        amounts=tuple(clause(each, asked) for each in _amounts(measure)),
    )
    if counted != answer.group:
        where = f"{answer.measure} {period} {asked.context.person.id}"
        message = f"counted in {counted}, explained as {answer.group}"
        raise IdentityError("the figure and its explanation differ:", [Fault("explained_as_counted", where, message)])
    return answer


def _amounts(measure: Any) -> tuple[Any, ...]:
    return measure.amounts if isinstance(measure, Ratio | Distribution) else ()


def _steps(resolved: Resolved, asked: ExplainContext) -> tuple[RuleStep, ...]:
    steps: list[RuleStep] = []
    decided = False
    for rule in resolved.measure.rules:
        found = clause(rule.when, asked)
        decisive = not decided and found.value is not False
        group = UNDETERMINED + rule.name if found.value is None else group_of(rule)
        steps.append(
            RuleStep(
                rule=rule.name,
                names=rule.names,
                group=group if decisive else group_of(rule),
                reached=not decided,
                decisive=decisive,
                clause=found,
            )
        )
        decided = decided or decisive
    return tuple(steps)
