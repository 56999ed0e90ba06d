"""Why is this person in this group: the definition, walked for one person, down to file and line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from attrs import frozen

from singledisease.dates import Period, iso
from singledisease.definitions.measure import UNDETERMINED
from singledisease.definitions.resolve import Resolved
from singledisease.engines.reference.make_context import asked_on, person_context, rows_of
from singledisease.errors import Fault, IdentityError, UsageError, did_you_mean
from singledisease.eventlog.person import Person
from singledisease.explanation.build import ExplainContext, clause, evidence, stays_of
from singledisease.explanation.model import Answer, Evidence, Stay, Step
from singledisease.explanation.page import html_of
from singledisease.explanation.people import measure_index, score_period
from singledisease.explanation.text import tell
from singledisease.scorecard.assign import group_of, groups_of
from singledisease.scorecard.card import Part, Scorecard, parts_of
from singledisease.scorecard.row_groups import RowGroups
from singledisease.text_layout import folded


@frozen(kw_only=True)
class Explanation:
    """Everything that the figures of a scorecard rest on for one person.

    Attributes
    ----------
    person
        Who.
    stays
        The person's ways through the pathways, by disease and in time.
    answers
        One for each measure and period asked about.
    """

    person: Person
    stays: tuple[Stay, ...]
    answers: tuple[Answer, ...]

    def to_text(self, language: str = "en", width: int | None = None) -> str:
        """Tell it in ``zh`` or ``en``, folded to lines of at most ``width`` places, or each sentence on one line."""
        text = tell(self.person, self.stays, self.answers, language)
        return text if width is None else folded(text, width)

    def to_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        person = self.person
        return {
            "patient_id": person.id,
            "birth_date": iso(person.birth) or None,
            "sex": person.sex,
            "death_date": iso(person.death) or None,
            **{name: person.attributes.get(name) for name in ("institution", "team")},
            "stays": [stay.to_dict() for stay in self.stays],
            "measures": [answer.to_dict() for answer in self.answers],
        }

    def to_json(self, indent: int | None = 2) -> str:
        """Write ``to_dict()`` as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent, allow_nan=False)

    def __str__(self) -> str:
        return self.to_text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return html_of(self.person, self.stays, self.answers)


def explain(
    score: Scorecard, patient_id: str, measure: str | None = None, period: Period | str | None = None
) -> Explanation:
    """Walk the definitions of a scorecard for one person.

    Parameters
    ----------
    score
        From ``evaluate``.
    patient_id
        Who.
    measure
        Id of one measure; ``None``: all of the scorecard.
    period
        One period; ``None``: all of the scorecard.

    Raises
    ------
    UsageError
        If there is no such person, measure or period, or the scorecard was made of counts alone.
    IdentityError
        If the walk, one person at a time, ends in another group than the one the person was counted in.
    """
    part, person = _find(score, patient_id)
    chosen = range(len(score.measures)) if measure is None else (measure_index(score, measure),)
    span = score.periods if period is None else (score_period(score, period),)
    answers = tuple(answer for m in chosen for one in span for answer in _answers(score, part, person, m, one))
    ways = [part.courses[name] for name in sorted(part.courses)]
    return Explanation(
        person=part.log.person_at(person),
        stays=tuple(stay for courses in ways for stay in stays_of(courses, part.log, person)),
        answers=answers,
    )


def _find(score: Scorecard, patient_id: str) -> tuple[Part, int]:
    near: list[str] = []
    for part in parts_of(score):
        try:
            return part, part.log.find(patient_id)
        except KeyError:
            # Among a million ids the nearest text is sought only near the place where this one would stand.
            place = int(part.log.people.ids.searchsorted(patient_id))
            near += part.log.people.ids[max(0, place - 20) : place + 20].tolist()
    fault = Fault("unknown_person", f"patient={patient_id!r}", "not in the registry", did_you_mean(patient_id, near))
    raise UsageError("no such person:", [fault])


def _answers(score: Scorecard, part: Part, person: int, m: int, period: Period) -> Iterator[Answer]:
    """Answer for the person, or for each of the person's rows that a measure counts; institutions are no person's."""
    measure, found = score.measures[m].measure, part.assigned[m]
    context = person_context(part.log, person, period, part.courses, measure.matures)
    asked = ExplainContext(part.log, part.courses, person, context)
    p = score.periods.index(period)
    if measure.of is None or not isinstance(found, RowGroups):
        yield _answer(score, m, period, asked, code=np.asarray(found)[p, person])
    elif found.domain.source not in ("institutions", "activities"):
        mine = np.flatnonzero((found.domain.period == p) & (found.domain.owner == person))
        for place, row in zip(mine, rows_of(measure.of, context), strict=True):
            of_row = ExplainContext(part.log, part.courses, person, context.at(row))
            yield _answer(score, m, period, of_row, code=found.codes[place], row=evidence(row, asked))


def _answer(
    score: Scorecard, m: int, period: Period, asked: ExplainContext, *, code: np.uint8, row: Evidence | None = None
) -> Answer:
    resolved = score.measures[m]
    steps = _steps(resolved, asked)
    answer = Answer(
        measure=resolved.measure.id,
        names=resolved.measure.names,
        version=resolved.measure.version,
        policy=resolved.policy,
        period=period,
        asked=asked_on(asked.log, period),
        complete=score.complete(period, resolved.measure.matures),
        group=next(step.group for step in steps if step.decisive),
        steps=steps,
        row=row,
    )
    counted = groups_of(resolved.measure)[code]
    if counted != answer.group:
        where = f"{answer.measure} {period} {asked.log.people.ids[asked.person]}"
        message = f"counted in {counted}, explained as {answer.group}"
        raise IdentityError("the figure and its explanation differ:", [Fault("explained_as_counted", where, message)])
    return answer


def _steps(resolved: Resolved, asked: ExplainContext) -> tuple[Step, ...]:
    steps: list[Step] = []
    decided = False
    for rule in resolved.measure.rules:
        found = clause(rule.when, asked)
        decisive = not decided and found.value is not False
        group = UNDETERMINED + rule.name if found.value is None else group_of(rule)
        steps.append(
            Step(
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
