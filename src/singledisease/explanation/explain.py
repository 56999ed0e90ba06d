"""Why is this person in this group: the definition, walked for one person, down to file and line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from attrs import frozen

from singledisease.dates import Period, iso
from singledisease.errors import Fault, UsageError, did_you_mean
from singledisease.eventlog.person import Person
from singledisease.explanation.answers import answers_of, is_about_places
from singledisease.explanation.evidence import stays_of
from singledisease.explanation.model import Answer, ExplainedStay
from singledisease.explanation.page import html_of
from singledisease.explanation.people import measure_index, score_period
from singledisease.explanation.text import tell
from singledisease.scorecard.card import Scorecard, parts_of, require_scorecard
from singledisease.scorecard.part import Part
from singledisease.scorecard.parts_on_demand import PartsOnDemand
from singledisease.text_layout import folded


@frozen(kw_only=True)
class Explanation:
    """Everything that the figures of a scorecard rest on for one person, or for one institution.

    Attributes
    ----------
    person
        Who; of an institution ``None``.
    stays
        The person's ways through the pathways, by disease and in time.
    answers
        One for each measure and period asked about; of a measure of rows one for each row.
    institution
        Of a measure of institutions, or of what they did: which one.
    """

    person: Person | None
    stays: tuple[ExplainedStay, ...]
    answers: tuple[Answer, ...]
    institution: str = ""

    @property
    def whom(self) -> Person | str:
        """The person, or the id of the institution."""
        return self.institution if self.person is None else self.person

    def to_text(self, language: str = "en", width: int | None = None) -> str:
        """Tell it in ``zh`` or ``en``, folded to lines of at most ``width`` places, or each sentence on one line."""
        text = tell(self.whom, self.stays, self.answers, language)
        return text if width is None else folded(text, width)

    def to_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        person = self.person
        told = {"measures": [answer.to_dict() for answer in self.answers]}
        if person is None:
            return {"institution": self.institution, **told}
        return {
            "patient_id": person.id,
            "birth_date": iso(person.birth) or None,
            "sex": person.sex,
            "death_date": iso(person.death) or None,
            **{name: person.attributes.get(name) for name in ("institution", "team")},
            "stays": [stay.to_dict() for stay in self.stays],
            **told,
        }

    def to_json(self, indent: int | None = 2) -> str:
        """Write ``to_dict()`` as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent, allow_nan=False)

    def __str__(self) -> str:
        return self.to_text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return html_of(self.whom, self.stays, self.answers)


def explain(
    score: Scorecard, patient_id: str, measure: str | None = None, period: Period | str | None = None
) -> Explanation:
    """Walk the definitions of a scorecard for one person.

    Parameters
    ----------
    score
        From ``evaluate``.
    patient_id
        Who; of a measure of institutions, or of what they did, the id of an institution.
    measure
        Id of one measure; ``None``: all of the scorecard that are about people or their rows.
    period
        One period; ``None``: all of the scorecard.

    Raises
    ------
    UsageError
        If there is no such person, institution, measure or period, or the scorecard was made of counts alone.
    IdentityError
        If the walk, one person at a time, ends in another group than the one the person, or the row, was counted in.

    >>> import singledisease as sd
    >>> log = sd.read_frames([{"patient_id": "P1", "birth_date": "1950-03-01"}],
    ...                      [{"patient_id": "P1", "date": "2024-03-05", "kind": "follow_up"}])
    >>> seen = sd.Measure(id="seen", numerator=sd.events("follow_up").within(sd.PERIOD).exists())
    >>> print(explain(sd.evaluate(seen, log, period="2024"), "P1"))
    Patient P1 unknown born 1950-03-01
    <BLANKLINE>
    seen (seen 1)  2024-01-01..2024-12-31
      1. in the numerator → in the numerator: true  ◀ decides
         there are follow-ups in the period = true
           · 2024-03-05 follow up  [events frame:1]
      2. everyone else → in the denominator, not in the numerator: decided before, not reached
      Result: in the numerator (numerator), by the rule “in the numerator”
    """
    require_scorecard(score)
    span = score.periods if period is None else (score_period(score, period),)
    chosen = range(len(score.measures)) if measure is None else (measure_index(score, measure),)
    if measure is not None and is_about_places(score, chosen[0]):
        return _of_institution(score, patient_id, chosen[0], span)
    part, person = _find(score, patient_id)
    of_people = [m for m in chosen if not is_about_places(score, m)]
    stays = [
        stay
        for name in sorted(part.courses)
        for stay in stays_of(part.courses[name], part.log, part.courses[name].of_person(person))
    ]
    return Explanation(
        person=part.log.person_at(person),
        stays=tuple(stays),
        answers=tuple(answer for m in of_people for one in span for answer in answers_of(score, part, person, m, one)),
    )


def _find(score: Scorecard, patient_id: str) -> tuple[Part, int]:
    near: list[str] = []
    for part in _where_to_look(score, patient_id):
        try:
            return part, part.log.find(patient_id)
        except KeyError:
            # Among a million ids the nearest text is sought only near the place where this one would stand.
            place = int(part.log.people.ids.searchsorted(patient_id))
            near += part.log.people.ids[max(0, place - 20) : place + 20].tolist()
    fault = Fault("unknown_person", f"patient={patient_id!r}", "not in the registry", did_you_mean(patient_id, near))
    raise UsageError("no such person:", [fault])


def _where_to_look(score: Scorecard, patient_id: str) -> Sequence[Part]:
    """Give the parts that may have a person: of a registry in parts the one that has them, if any has."""
    parts = parts_of(score)
    return (parts[parts.whose(patient_id)],) if isinstance(parts, PartsOnDemand) else parts


def _of_institution(score: Scorecard, name: str, m: int, span: Sequence[Period]) -> Explanation:
    known = score.institutions.ids
    if name not in known:
        where, hint = f"institution={name!r}", did_you_mean(name, known)
        fault = Fault("unknown_institution", where, f"{score.measures[m].measure.id} is about institutions", hint)
        raise UsageError("no such institution:", [fault])
    answers = [
        answer
        for part in parts_of(score)
        if name in part.log.institutions.ids
        for period in span
        for answer in answers_of(score, part, part.log.institutions.ids.index(name), m, period)
    ]
    return Explanation(person=None, institution=name, stays=(), answers=tuple(answers))
