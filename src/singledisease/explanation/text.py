"""An explanation as text, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from singledisease.dates import iso
from singledisease.definitions.citation import Names
from singledisease.definitions.measure import (
    COUNTED,
    EXCEPTION,
    EXCLUDED,
    NOT_NUMERATOR,
    NUMERATOR,
    OUTSIDE,
    UNDETERMINED,
    UNKNOWN,
)
from singledisease.eventlog.person import Person
from singledisease.explanation.model import Answer, Clause, Evidence, ExplainedStay, RuleStep
from singledisease.language.format import number_text

_GROUPS = {
    OUTSIDE: Names("不在统计人群", "outside the population"),
    NUMERATOR: Names("计入分子", "in the numerator"),
    NOT_NUMERATOR: Names("计入分母、不计入分子", "in the denominator, not in the numerator"),
    UNKNOWN: Names("计入分母、结果未知", "in the denominator, result unknown"),
    COUNTED: Names("计入", "counted"),
}
_PREFIXES = {
    EXCLUDED: Names("排除", "excluded"),
    EXCEPTION: Names("例外", "exception"),
    UNDETERMINED: Names("无法判定", "undetermined"),
}
_SEXES = {"male": Names("男", "male"), "female": Names("女", "female")}
_UNKNOWN = Names("未知", "unknown")
_WORDS = {
    "patient": Names("患者", "Patient"),
    "born": Names("出生", "born"),
    "died": Names("死亡", "died"),
    "institution": Names("机构", "institution"),
    "way": Names("经过", "Way through"),
    "policy": Names("口径", "Policies"),
    "true": Names("是", "true"),
    "false": Names("否", "false"),
    "unknown": _UNKNOWN,
    "missing": Names("缺失", "missing"),
    "decides": Names("◀ 由此判定", "◀ decides"),
    "not reached": Names("前面已判定，未用到", "decided before, not reached"),
    "row": Names("记录", "row "),
    "counted": Names("统计的记录", "Row that was counted"),
    "result": Names("结论", "Result"),
    "because": Names("依据规则", "by the rule"),
    "until": Names("数据截至", "known until"),
    "seen": Names("观察至", "seen until"),
    "cut": Names("窗口截至", "the window is cut at"),
    "wanted": Names("原应至", "it would go to"),
    "amounts": Names("数值", "Amounts"),
    "institution of": Names("机构", "Institution"),
}


def tell(whom: Person | str, stays: Sequence[ExplainedStay], answers: Sequence[Answer], language: str) -> str:
    """Tell an explanation line by line: who, the ways through the pathways, then each measure rule by rule.

    ``whom``: a person, or the id of an institution.
    """
    return "\n".join(_Telling(language).lines(whom, stays, answers))


class _Telling:
    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, names: Names) -> str:
        return names.in_language(self.language)

    def word(self, key: str) -> str:
        return self.say(_WORDS[key])

    def lines(self, whom: Person | str, stays: Sequence[ExplainedStay], answers: Sequence[Answer]) -> Iterator[str]:
        yield f"{self.word('institution of')} {whom}" if isinstance(whom, str) else self.who(whom)
        for (disease, link), way in groupby(stays, lambda stay: (stay.disease_names, stay.link)):
            yield f"{self.word('way')} {self.say(disease)} {link}".rstrip()
            yield from (f"  {self.stay(stay)}" for stay in way)
        for answer in answers:
            yield ""
            yield from self.answer(answer)

    def who(self, person: Person) -> str:
        words = [self.word("patient"), person.id, self.say(_SEXES.get(person.sex, _UNKNOWN))]
        words += [self.word("born"), iso(person.birth) or self.word("unknown")]
        if person.death is not None:
            words += [self.word("died"), iso(person.death)]
        if "institution" in person.attributes:
            words += [self.word("institution"), person.attributes["institution"]]
        return " ".join(words)

    def stay(self, stay: ExplainedStay) -> str:
        cause = self.say(stay.cause) if stay.event is None else self.event(stay.event)
        return f"{iso(stay.first)}..{iso(stay.last)}  {self.say(stay.names)}  ← {cause}"

    def event(self, event: Evidence) -> str:
        place = f"  [{event.file}:{event.line}]" if event.file else ""
        return f"{iso(event.date)} {self.say(event.what)}{place}".lstrip()

    def answer(self, answer: Answer) -> Iterator[str]:
        known = "" if answer.complete else f" ({self.word('until')} {iso(answer.asked)})"
        title = f"{self.say(answer.names)} ({answer.measure} {answer.version})"
        later = answer.seen is not None and answer.seen > answer.period.end
        seen = f" ({self.word('seen')} {iso(answer.seen)})" if later else ""
        yield f"{title}  {answer.period}{known}{seen}"
        if answer.row is not None:
            yield f"  {self.word('counted')}: {self.event(answer.row)}"
        if answer.policy:
            policy = ", ".join(f"{name}={option}" for name, option in answer.policy.items())
            yield f"  {self.word('policy')}: {policy}"
        rows = self.rows(answer)
        yield from (f"  {short} = {wording}" for wording, short in rows.items())
        for number, step in enumerate(answer.steps, 1):
            yield from self.step(number, step, rows)
        if answer.amounts:
            yield f"  {self.word('amounts')}:"
        for amount in answer.amounts:
            yield from self.clause(amount, rows, "     ")
        rule = f"{self.word('because')} “{self.say(answer.decisive.names)}”"
        yield f"  {self.word('result')}: {self.group(answer.group, answer.decisive.names)} ({answer.group}), {rule}"

    def rows(self, answer: Answer) -> dict[str, str]:
        """Give a short name to each picked row: "the last of follow-ups [...]" stands in a dozen clauses."""
        reached = [*(step.clause for step in answer.steps if step.reached), *answer.amounts]
        wordings = dict.fromkeys(self.say(row) for clause in reached for row in clause.all_rows())
        return {wording: f"{self.word('row')}{number}" for number, wording in enumerate(wordings, 1)}

    def step(self, number: int, step: RuleStep, rows: Mapping[str, str]) -> Iterator[str]:
        title = f"  {number}. {self.say(step.names)} → {self.group(step.group, step.names)}"
        if not step.reached:
            yield f"{title}: {self.word('not reached')}"
            return
        mark = f"  {self.word('decides')}" if step.decisive else ""
        yield f"{title}: {self.value(step.clause)}{mark}"
        yield from self.clause(step.clause, rows, "     ")

    def clause(self, clause: Clause, rows: Mapping[str, str], indent: str) -> Iterator[str]:
        wording = self.say(clause.wording)
        # The longest first: a row that is looked for by the date of another has the other's wording inside its own.
        for row in sorted(rows, key=len, reverse=True):
            wording = wording.replace(row, rows[row])
        yield f"{indent}{wording} = {self.value(clause)}"
        inner = indent + "  "
        yield from (f"{inner}· {self.event(event)}" for event in clause.events)
        yield from (f"{inner}· {self.stay(stay)}" for stay in clause.stays)
        for cut in clause.cuts:
            yield f"{inner}✂ {self.word('cut')} {iso(cut.last)}, {self.word('wanted')} {iso(cut.wanted)}"
        for one in clause.look_backs:
            yield f"{inner}↩ {self.event(one.row)}"
            yield from self.clause(one.clause, rows, inner + "  ")
        for part in clause.clauses:
            yield from self.clause(part, rows, inner)

    def value(self, clause: Clause) -> str:
        if clause.kind == "bool":
            return self.word("unknown" if clause.value is None else "true" if clause.value else "false")
        if clause.value is None:
            return self.word("missing")
        if clause.kind == "date":
            return iso(int(clause.value))
        text = number_text(float(clause.value)) if clause.kind == "number" else str(clause.value)
        return f"{text} {self.say(clause.unit)}".rstrip()

    def group(self, group: str, rule: Names) -> str:
        if group in _GROUPS:
            return self.say(_GROUPS[group])
        for prefix, names in _PREFIXES.items():
            if group.startswith(prefix):
                return f"{self.say(names)}: {self.say(rule)}"
        return group
