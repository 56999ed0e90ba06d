"""Scoring a system's answers to a deck: which cases are wrong, and which mutants the system cannot be told from."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from singledisease.conformance.decisions import NOT_COUNTED, Groups, amounts_in, counted_as, groups_in
from singledisease.conformance.deck import Deck, DeckCase, DeckMutant
from singledisease.errors import DataError, Fault, did_you_mean, require_kind
from singledisease.tables import Heading, Table

_SAID_BY_FLAGS = ("numerator", "denominator", NOT_COUNTED)
_TRUE, _FALSE = ("1", "true", "yes", "是"), ("0", "false", "no", "否", "")

_WRONG: dict[str, Heading] = {
    "case": ("病例", "Case"),
    "row": ("行", "Row"),
    "expected": ("应为", "Expected"),
    "answered": ("系统答", "Answered"),
    "rule": ("判定规则", "Deciding rule"),
    "like": ("如同变体", "As mutants would"),
}
_LIKE: dict[str, Heading] = {
    "mutant": ("变体", "Mutant"),
    "kind": ("类型", "Kind"),
    "place": ("所在规则", "Place"),
    "change_zh": ("改动", "Change (Chinese)"),
    "change_en": ("改动（英文）", "Change (English)"),
    "wrong_explained": ("解释的错例数", "Wrong cases it explains"),
    "cases_against": ("与之不符的病例数", "Cases against it"),
}


@frozen(eq=False)
class AnswersScore:
    """What a system's answers to a deck show.

    Attributes
    ----------
    cases, right
        How many cases there are, and how many were answered as expected.
    unanswered
        Cases of which nothing was said.
    wrong
        ``case``, ``row``, ``expected``, ``answered``, ``rule``, and ``like``: the mutants that answer that case so too.
    untold
        The mutants that the answers cannot be told from: they answer every case just so.  Of a system that answers
        all cases rightly these are those that no case tells, or that the kind of answer does not show.
    likely
        Mutants that explain wrong answers, best first: ``wrong_explained`` and ``cases_against``.
    """

    cases: int
    right: int
    unanswered: tuple[str, ...]
    wrong: Table
    untold: Table
    likely: Table

    @property
    def conforms(self) -> bool:
        """Whether every case was answered, and rightly."""
        return self.right == self.cases

    def to_text(self, language: str = "en") -> str:
        """Write what is wrong, what would explain it, and what cannot be told."""
        zh = language == "zh"
        parts = [f"{self.cases} 例中答对 {self.right} 例" if zh else f"{self.right} of {self.cases} cases right"]
        if self.unanswered:
            parts.append(("未作答：" if zh else "not answered: ") + ", ".join(self.unanswered))
        titles = (
            ("答错的病例", "可能的错误", "无法区分的变体") if zh else ("Wrong", "Likely faults", "Cannot be told from")
        )
        for title, table in zip(titles, (self.wrong, self.likely, self.untold), strict=True):
            if len(table):
                parts += ["", f"{title}:", _said_in(table, language).to_text(language).rstrip("\n")]
        return "\n".join(parts)

    def __str__(self) -> str:
        return self.to_text("en")


def _said_in(table: Table, language: str) -> Table:
    """Give a table without what it says in the other language."""
    other = "_en" if language == "zh" else "_zh"
    kept = [name for name in table.columns if not name.endswith(other)]
    rows = [[row[name] for name in kept] for row in table.rows()]
    return Table.of_rows(kept, rows, headings={**_WRONG, **_LIKE, "change_en": ("改动", "Change")})


@frozen
class _Answers:
    """Answers by case.

    ``in_rate``: they say only who is in the denominator and who in the numerator.  ``all_named``: whoever is not named
    was not answered, rather than not counted.  ``amounts``: of a ratio they say what each adds to both.
    """

    given: Mapping[str, Groups]
    in_rate: bool
    all_named: bool
    amounts: bool = False

    def shown(self, groups: Groups) -> Groups:
        """Give groups as these answers would say them."""
        if not self.in_rate:
            return groups
        counted = _adding if self.amounts else counted_as
        return tuple((row, said) for row, group in groups if (said := counted(group)) != NOT_COUNTED)


def _adding(group: str) -> str:
    """Give what somebody in a group adds to a ratio; who is outside, or of whom a number is missing, adds nothing."""
    found = amounts_in(group)
    return NOT_COUNTED if found is None or counted_as(group) == NOT_COUNTED else "/".join(found)


def score_answers(deck: Deck, answers: str | Path | Iterable[Mapping[str, Any]]) -> AnswersScore:
    """Hold a system's answers against a deck.

    Parameters
    ----------
    deck
        As made or read.
    answers
        A CSV file, or its rows, in one of two forms.  ``patient_id`` and ``group``, where the system knows groups; a
        person who is not named was not answered.  Or ``patient_id``, ``denominator`` and ``numerator`` (1 or 0); a
        person who is not named, as a query leaves out whom it does not count, is in neither; of a ratio what each adds
        to both.  Of a measure of rows also ``row``; a row that is not named is not counted.

    Raises
    ------
    DataError
        If a column is missing, a person or group is none of the deck's, or somebody is answered twice.

    >>> import singledisease as sd
    >>> deck = sd.conformance_deck(sd.Measure(id="women", numerator=sd.attribute("sex") == "female"), period="2024")
    >>> everybody_counts = [{"patient_id": case.id, "group": "numerator"} for case in deck.cases]
    >>> score = score_answers(deck, everybody_counts)
    >>> score.right, score.cases, score.likely["change_en"][0]
    (1, 2, 'everyone else: in the denominator only → numerator')
    """
    require_kind(deck, Deck, way="sd.score_answers(deck, answers)", named="deck")
    rows = _read(answers) if isinstance(answers, str | Path) else list(answers)
    said = _answers(deck, rows)
    wrong, right, unanswered = [], 0, []
    for case in deck.cases:
        expected = said.shown(groups_in(case.expected))
        given = said.given.get(case.id, None if said.all_named else ())
        if given is None:
            unanswered.append(case.id)
        elif given == expected:
            right += 1
        else:
            wrong.append((case, expected, given))
    answered = [case for case in deck.cases if case.id not in unanswered]
    scored = [(one, *_held(one, answered, said, {case.id for case, _, _ in wrong})) for one in deck.mutants]
    likely = sorted(((one, k, n) for one, k, n in scored if k), key=lambda each: (each[2] - each[1], each[2]))
    return AnswersScore(
        cases=len(deck.cases),
        right=right,
        unanswered=tuple(unanswered),
        wrong=_wrong_table(wrong, deck, said),
        untold=_like_table([(one, k, n) for one, k, n in scored if n == 0]),
        likely=_like_table(likely[:10]),
    )


def _held(mutant: DeckMutant, cases: Sequence[DeckCase], said: _Answers, wrong: set[str]) -> tuple[int, int]:
    """Count the wrong cases that a mutant answers just so, and the cases that it answers otherwise."""
    explained = against = 0
    for case in cases:
        if _as_mutant(mutant, case, said) == said.given.get(case.id, ()):
            explained += case.id in wrong
        else:
            against += 1
    return explained, against


def _as_mutant(mutant: DeckMutant, case: DeckCase, said: _Answers) -> Groups:
    return said.shown(mutant.answers.get(case.id, groups_in(case.expected)))


def _wrong_table(wrong: Sequence[tuple[DeckCase, Groups, Groups]], deck: Deck, said: _Answers) -> Table:
    rows = []
    for case, expected, given in wrong:
        like = " ".join(one.id for one in deck.mutants if _as_mutant(one, case, said) == given)
        ours, theirs = dict(expected), dict(given)
        for row in sorted({*ours, *theirs}):
            if ours.get(row) != theirs.get(row):
                decision = case.expected.get(row)
                told = [ours.get(row, NOT_COUNTED), theirs.get(row, NOT_COUNTED), decision and decision.rule]
                rows.append([case.id, row or None, *told, like or None])
    return Table.of_rows(tuple(_WRONG), rows, headings=_WRONG)


def _like_table(found: Sequence[tuple[DeckMutant, int, int]]) -> Table:
    rows = [[one.id, one.kind, one.place, one.names.zh, one.names.en, k, n] for one, k, n in found]
    return Table.of_rows(tuple(_LIKE), rows, headings=_LIKE)


# WHAT A SYSTEM ANSWERED


def _read(path: str | Path) -> list[dict[str, str]]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        fault = Fault("no_answers", str(path), f"无法读取 / cannot be read: {why}", "a CSV file in UTF-8")
        raise DataError("没有答案 / there are no answers", [fault]) from None


def _answers(deck: Deck, rows: Sequence[Mapping[str, Any]]) -> _Answers:
    columns = {name for row in rows for name in row}
    of_rows = any(row for case in deck.cases for row in case.expected)
    # Where no row at all is named it cannot be seen which form it would have had: groups say more.
    in_rate = "group" not in columns and bool(rows or not of_rows)
    needed = {"patient_id", "denominator", "numerator"} if in_rate else {"patient_id", "group"}
    if rows and not needed <= columns:
        hint = "patient_id,group   or   patient_id,denominator,numerator"
        message = f"缺少列 / lacks {', '.join(sorted(needed - columns))}"
        raise DataError("答案缺列 / answers lack a column", [Fault("missing_column", "answers", message, hint)])
    own = sorted(group for group in deck.groups if counted_as(group) not in _SAID_BY_FLAGS and not amounts_in(group))
    if in_rate and own:
        message = f"分子分母说不出自有分组 / numerator and denominator cannot say the groups {', '.join(own)}"
        raise DataError(
            "答案缺列 / answers lack a column", [Fault("missing_column", "answers", message, "patient_id,group")]
        )
    faults: list[Fault] = []
    given: dict[str, dict[str, str]] = {}
    known = {case.id: case for case in deck.cases}
    groups, counted = deck.groups, _added if deck.adds_amounts else _counted
    for number, row in enumerate(rows, 2):
        case, name = str(row["patient_id"] or "").strip(), str(row.get("row") or "").strip()
        where = f"answers:{number}"
        group = counted(row) if in_rate else str(row["group"] or "").strip()
        if case not in known:
            faults.append(Fault("unknown_case", where, f"{case!r}: 无此病例 / is no case", did_you_mean(case, known)))
        elif name in given.get(case, {}):
            faults.append(Fault("answered_twice", where, f"{case} {name}: 重复作答 / is answered twice".strip()))
        elif group is None or (not in_rate and not _is_group(group, groups, deck)):
            faults.append(_no_group(row, where, groups, in_rate=in_rate))
        else:
            given.setdefault(case, {})[name] = group
    if faults:
        raise DataError("答案有误 / answers that cannot be taken", faults)
    said = {case: tuple(sorted(rows.items())) for case, rows in given.items()}
    if in_rate:
        said = {case: tuple(pair for pair in groups if pair[1] != NOT_COUNTED) for case, groups in said.items()}
    return _Answers(said, in_rate, all_named=not in_rate and not of_rows, amounts=deck.adds_amounts)


def _is_group(group: str, groups: Iterable[str], deck: Deck) -> bool:
    """Say whether a group could be answered: one of the deck's, or of a ratio any two numbers."""
    return group in groups or bool(deck.adds_amounts and amounts_in(group))


def _counted(row: Mapping[str, Any]) -> str | None:
    flags = []
    for name in ("denominator", "numerator"):
        text = str(row[name] if row[name] is not None else "").strip().lower()
        if text not in (*_TRUE, *_FALSE):
            return None
        flags.append(text in _TRUE)
    return "numerator" if flags[1] else "denominator" if flags[0] else NOT_COUNTED


def _added(row: Mapping[str, Any]) -> str | None:
    """Read the numbers that somebody adds to a ratio; nothing is 0."""
    try:
        found = [float(str(row[name] if row[name] is not None else "").strip() or 0) for name in _SAID_BY_FLAGS[:2]]
    except ValueError:
        return None
    said = "/".join(f"{number + 0.0:.12g}" for number in found)
    return NOT_COUNTED if counted_as(said) == NOT_COUNTED else said


def _no_group(row: Mapping[str, Any], where: str, groups: Iterable[str], *, in_rate: bool) -> Fault:
    if in_rate:
        shown = f"denominator={row['denominator']!r}, numerator={row['numerator']!r}"
        return Fault("no_flag", where, f"{shown}: 应为 1 或 0（比值为数）/ must be 1 or 0 (of a ratio numbers)")
    return Fault(
        "unknown_group", where, f"{row['group']!r}: 无此分组 / is no group", did_you_mean(str(row["group"]), groups)
    )
