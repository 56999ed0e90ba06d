"""Explanations as small blocks of JSON, one a person, which a page draws when somebody opens them.

Wordings stand once on the page, in a list; a block names them by number.  A block is
``{id, sex, born, died, at, stays, answers, more}``: a stay is ``[from, to, disease, state, cause]``, an answer has the
measure, the group, the rules with what each said, and the parts of the rule that decided with the rows under them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import field, frozen

from singledisease.dates import Period, iso
from singledisease.definitions.citation import Names
from singledisease.definitions.measure import OUTSIDE, name_of_group
from singledisease.explanation.answers import answers_of, is_about_places
from singledisease.explanation.evidence import stays_of
from singledisease.explanation.model import Answer, Clause, Evidence, ExplainedStay, RuleStep
from singledisease.language.format import number_text
from singledisease.report.chosen_people import Chosen
from singledisease.scorecard.assign import groups_of
from singledisease.scorecard.card import Scorecard, parts_of
from singledisease.scorecard.part import Part
from singledisease.scorecard.row_groups import RowGroups

ROWS = 20
"""How many rows of a measure of rows are explained for one person."""

LARGEST = 20_000_000
"""How many characters all blocks of a page may have; who comes after is named without an explanation."""

_WORDS = {True: Names("是", "true"), False: Names("否", "false")}
_UNKNOWN, _MISSING = Names("未知", "unknown"), Names("缺失", "missing")


@frozen
class Wordings:
    """The wordings of a page, each once, by number."""

    numbers: dict[tuple[str, str], int] = field(factory=dict)

    def number(self, names: Names) -> int:
        """Give the number of a wording, a new one if it is new."""
        return self.numbers.setdefault((names.zh, names.en), len(self.numbers))

    def to_json(self) -> str:
        """Write them in the order of their numbers, each as Chinese and English, or once where both are the same."""
        return for_page([zh if zh == en else [zh, en] for zh, en in self.numbers])


def for_page(value: Any) -> str:
    """Write JSON that can stand in a page: no text in it ends the block it stands in.

    >>> "<" in for_page({"name": "</script>"})
    False
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


@frozen
class Blocks:
    """The ids of the people of a page, their blocks as far as there is room, and the wordings."""

    ids: tuple[str, ...]
    blocks: tuple[str, ...]
    wordings: str


def blocks_of(score: Scorecard, chosen: Chosen, period: Period, largest: int = LARGEST) -> Blocks:
    """Explain each of the chosen people in one period, where they are in the population of a measure."""
    wordings, parts, size = Wordings(), parts_of(score), 0
    blocks: list[str] = []
    for k, person in chosen.places:
        if size >= largest:
            break
        blocks.append(for_page(_block(score, parts[k], person, period, wordings)))
        size += len(blocks[-1])
    ids = tuple(str(parts[k].log.people.ids[person]) for k, person in chosen.places)
    return Blocks(ids, tuple(blocks), wordings.to_json())


def _block(score: Scorecard, part: Part, person: int, period: Period, wordings: Wordings) -> dict[str, Any]:
    whom = part.log.person_at(person)
    answers = [one for m in range(len(score.measures)) for one in _answers(score, part, person, m, period)]
    return {
        "id": whom.id,
        "sex": whom.sex,
        "born": iso(whom.birth) or None,
        "died": iso(whom.death) or None,
        "at": whom.attributes.get("institution") or None,
        "stays": [_stay(one, wordings) for one in _stays(part, person)],
        "answers": [_answer(one, wordings) for one in answers],
    }


def _answers(score: Scorecard, part: Part, person: int, m: int, period: Period) -> Iterable[Answer]:
    """Explain a person of whom the measure counts something: of those outside there is no figure on the page."""
    if is_about_places(score, m):
        return ()
    assigned = part.assigned[m]
    if isinstance(assigned, RowGroups):
        return [one for one, _ in zip(answers_of(score, part, person, m, period), range(ROWS), strict=False)]
    group = groups_of(score.measures[m].measure)[assigned[score.periods.index(period), person]]
    return () if group == OUTSIDE else tuple(answers_of(score, part, person, m, period))


def _stays(part: Part, person: int) -> Iterator[ExplainedStay]:
    """Give the stays in diseases that the person was ever found to have anything to do with."""
    for name in sorted(part.courses):
        course = part.courses[name]
        stays = tuple(stays_of(course, part.log, course.of_person(person)))
        if len(stays) > 1:
            yield from stays


def _stay(one: ExplainedStay, wordings: Wordings) -> list[Any]:
    cause = wordings.number(one.cause) if one.event is None else _row(one.event, wordings)
    return [iso(one.first), iso(one.last), wordings.number(one.disease_names), wordings.number(one.names), cause]


def _row(one: Evidence, wordings: Wordings) -> list[Any]:
    place = f"{one.file}:{one.line}" if one.file else ""
    return [iso(one.date) or "", [one.what.zh, one.what.en] if one.what.zh != one.what.en else one.what.zh, place]


def _answer(one: Answer, wordings: Wordings) -> dict[str, Any]:
    found = {
        "measure": wordings.number(one.names),
        "group": wordings.number(name_of_group(one.group)),
        "steps": [_step(step, wordings) for step in _until_decided(one.steps)],
        "clause": _clause(one.decisive.clause, wordings),
    }
    if one.row is not None:
        found["row"] = _row(one.row, wordings)
    if one.amounts:
        found["amounts"] = [_clause(amount, wordings) for amount in one.amounts]
    return found


def _until_decided(steps: Sequence[RuleStep]) -> Sequence[RuleStep]:
    return [step for step in steps if step.reached]


def _step(one: RuleStep, wordings: Wordings) -> list[int]:
    return [wordings.number(one.names), wordings.number(name_of_group(one.group)), wordings.number(_value(one.clause))]


def _clause(one: Clause, wordings: Wordings) -> list[Any]:
    """Give ``[wording, value, rows, parts]``; stays and cut windows stand among the rows."""
    rows: list[Any] = [_row(event, wordings) for event in one.events]
    rows += [[f"{iso(stay.first)}..{iso(stay.last)}", [stay.names.zh, stay.names.en], ""] for stay in one.stays]
    rows += [
        [iso(cut.last), ["窗口截至此日，原应至", "the window is cut here; it would go to"], iso(cut.wanted)]
        for cut in one.cuts
    ]
    parts = [_clause(each, wordings) for each in one.clauses]
    for back in one.look_backs:
        rows.append(_row(back.row, wordings))
        parts.append(_clause(back.clause, wordings))
    return [wordings.number(one.wording), wordings.number(_value(one)), rows, parts]


def _value(one: Clause) -> Names:
    if one.kind == "bool":
        return _UNKNOWN if one.value is None else _WORDS[bool(one.value)]
    if one.value is None:
        return _MISSING
    if one.kind == "date":
        day = iso(int(one.value))
        return Names(day, day)
    text = number_text(float(one.value)) if one.kind == "number" else str(one.value)
    return Names(f"{text} {one.unit.zh}".rstrip(), f"{text} {one.unit.en}".rstrip())
