"""One language's voice: how each node of an expression is said in Chinese or in English.

The same signs are used in both languages: ``<`` leaves the bound out, ``≤`` takes it in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from singledisease.dates import iso
from singledisease.definitions.citation import Names, Parameter
from singledisease.definitions.disease import Disease
from singledisease.definitions.wording.terms import (
    ACTIVITY_NAMES,
    ATTRIBUTE_NAMES,
    COLUMN_NAMES,
    INSTITUTION_NAMES,
    KIND_NAMES,
    STAGE_NAMES,
    UNIT_NAMES,
    VALUE_NAMES,
)
from singledisease.errors import DefinitionError
from singledisease.language import nodes as n
from singledisease.language.format import number_text
from singledisease.language.operations import OPERATIONS, Phrase, is_operation
from singledisease.language.typecheck import kind_of, unit_of
from singledisease.language.units import DIMENSIONLESS, plain_unit


@frozen
class Speaker:
    """Says nodes in one language; ``diseases`` are those whose states, parameters and quantities have names.

    Called with a Chinese and an English text, gives the one in its language.
    """

    language: str
    diseases: Mapping[str, Disease]

    def say(self, node: Any) -> str:
        """Say a node."""
        return _FORMS[type(node)](self, node)

    def __call__(self, zh: str, en: str) -> str:
        """Give one of two texts."""
        return zh if self.language == "zh" else en

    def name(self, names: Names | None, otherwise: str) -> str:
        """Give a name, or the id of what has none."""
        return otherwise if names is None else names.in_language(self.language)

    def _bracketed(self, node: Any) -> str:
        """Say a part; what is itself joined by a sign or a word gets brackets."""
        text = self.say(node)
        return self(f"（{text}）", f"({text})") if _is_joined(node) else text

    def listed(self, texts: Iterable[str]) -> str:
        """Join texts by commas."""
        return self("、", ", ").join(texts)

    def _either(self, texts: Iterable[str]) -> str:
        return self("或", " or ").join(texts)

    def disease(self, name: str) -> str:
        """Name a disease."""
        return self.name(self.diseases[name].names, name) if name in self.diseases else name

    # ROWS

    def _events(self, node: n.Events) -> str:
        if not node.kinds:
            return self("事件", "events")
        return self._either(self.name(KIND_NAMES.get(kind), kind) for kind in node.kinds)

    def _where(self, node: n.Where) -> str:
        condition = self.say(node.condition)
        return self(f"{self.say(node.source)}[{condition}]", f"{self.say(node.source)} [{condition}]")

    def _within(self, node: n.Within) -> str:
        window = self.say(node.window)
        return self(f"{window}的{self.say(node.source)}", f"{self.say(node.source)} {window}")

    def _same(self, node: n.Same) -> str:
        columns = self.listed(self.name(COLUMN_NAMES.get(name), name) for name in node.columns)
        return self(f"{columns}相同的{self.say(node.source)}", f"{self.say(node.source)} of the same {columns}")

    def _overlapping(self, node: n.Overlapping) -> str:
        rows, window = self.say(node.source), self.say(node.window)
        return self(f"有一日在{window}的{rows}", f"{rows} that last into some day {window}")

    def _outermost(self, node: n.Outermost) -> str:
        rows, number = self.say(node.source), node.number
        which = self(
            {"earliest": "最早", "latest": "最近"}[node.which], {"earliest": "first", "latest": "last"}[node.which]
        )
        return self(f"{which}{number}次{rows}", f"the {which} {number} of {rows}")

    def _spread(self, node: n.Covered | n.Gap) -> str:
        rows, window = self.say(node.source), self.say(node.window)
        going_on = self("（无截止日期的视为持续）", " (without a last day: going on)") if node.open_ended else ""
        if isinstance(node, n.Covered):
            return self(f"{window}被{rows}覆盖的天数{going_on}", f"number of days {window} covered by {rows}{going_on}")
        return self(
            f"{window}未被{rows}覆盖的最长连续天数{going_on}",
            f"longest run of days {window} not covered by {rows}{going_on}",
        )

    def _activities(self, node: n.Activities) -> str:
        kinds = self._either(self.name(ACTIVITY_NAMES.get(kind), kind) for kind in node.kinds)
        return self(f"机构活动{kinds and f'“{kinds}”'}", f"activities of institutions{kinds and f' ({kinds})'}")

    def _pick(self, node: n.Pick) -> str:
        rows = self.say(node.source)
        which = self({"first": "最早", "last": "最近"}[node.which], node.which)
        return self(f"{which}一次{rows}", f"the {which} of {rows}")

    def _column(self, node: n.Column | n.This) -> str:
        for disease in self.diseases.values():
            for quantity in disease.quantities:
                if quantity.name == node.name:
                    return self(quantity.zh, quantity.en)
        return self.name(COLUMN_NAMES.get(node.name), node.name)

    def _picked(self, node: n.Picked) -> str:
        row = self.say(node.row)
        if not isinstance(node.value, n.Column):
            return self(f"{row}的“{self.say(node.value)}”", f"“{self.say(node.value)}” of {row}")
        column = self._column(node.value)
        return self(f"{row}的{column}", f"{column} of {row}")

    def _reduce(self, node: n.Reduce) -> str:
        rows = self.say(node.source)
        column = self.listed(map(self._column, node.columns))
        zh, en = _REDUCTIONS[node.how]
        return self(zh, en).format(rows=rows, column=column)

    # WINDOWS

    def _between(self, node: n.Between) -> str:
        start, end = (None if day is None else self._bracketed(day) for day in (node.start, node.end))
        if start is not None and node.start == node.end:
            return self(f"{start}当日", f"on {start}")
        if start is None and end is None:
            return self("任何时候", "at any time")
        if start is None:
            return self(f"截至{end}（含）", f"up to {end} (included)")
        if end is None:
            return self(f"自{start}起（含）", f"from {start} on (included)")
        return self(f"自{start}至{end}（含首尾）", f"from {start} to {end} (both included)")

    def _calendar(self, node: n.CalendarWindow) -> str:
        first, last = node.first, node.last
        zh, en = {"months": ("月", "month"), "quarters": ("季", "quarter"), "years": ("年", "year")}[node.unit]
        return self(
            f"第{first}至第{last}个日历{zh}（0为询问当{zh}）",
            f"in calendar {en}s {first} to {last} (0 is the {en} asked in)",
        )

    def _day(self, node: Any) -> tuple[str, str]:
        """Say a day on which something is asked, in both languages; the row's own date is that day."""
        if isinstance(node, n.Column) and node.name == "date":
            return "当日", "that day"
        text = self._bracketed(node)
        return f"{text}时", f"on {text}"

    # STATES

    def _status(self, node: n.Status) -> str:
        disease = self.disease(node.disease)
        if node.of == "managed":
            return self(f"{disease}管理中", f"managed for {disease}")
        if node.of == "stage":
            stages = self._either(self.name(STAGE_NAMES.get(value), value) for value in node.values)
            return self(f"{disease}处于{stages}阶段", f"in the stage {stages} of {disease}")
        known = {s.id: s.names for s in self.diseases[node.disease].pathway.states} if self._has(node.disease) else {}
        states = self._either(self.name(known.get(value), value) for value in node.values)
        return self(f"{disease}处于“{states}”", f"in the state {states} of {disease}")

    def _has(self, disease: str) -> bool:
        return disease in self.diseases

    def _status_on(self, node: n.StatusOn) -> str:
        status, (zh, en) = self.say(node.status), self._day(node.on)
        return self(f"{zh.removesuffix('时')}日终{status}".replace("当日日终", "当日"), f"{status} {en}")

    def _status_during(self, node: n.StatusDuring) -> str:
        status, window = self.say(node.status), self.say(node.window)
        return self(f"{window}至少一天{status}", f"{status} on at least one day {window}")

    def _days_in(self, node: n.DaysIn) -> str:
        status, window = self.say(node.status), self.say(node.window)
        return self(f"{window}{status}的天数", f"number of days {status} {window}")

    # TIERS AND CODE SETS

    def tier_name(self, disease: str, tier: str) -> str:
        """Name a tier with its disease."""
        for each in self.diseases[disease].tiers if self._has(disease) else ():
            if each.id == tier:
                return self(f"{self.disease(disease)}{each.names.zh}", f"{each.names.en} of {self.disease(disease)}")
        return self(f"{self.disease(disease)}分级“{tier}”", f"the tier {tier} of {self.disease(disease)}")

    def level(self, disease: str, tier: str, level: str) -> str:
        """Name a level of a tier."""
        for each in self.diseases[disease].tiers if self._has(disease) else ():
            for known in each.levels if each.id == tier else ():
                if known.id == level:
                    return known.names.in_language(self.language)
        return level

    def _tier_on(self, node: n.TierOn) -> str:
        name, (zh, en) = self.tier_name(node.disease, node.tier), self._day(node.on)
        return self(f"{zh.removesuffix('时')}日终{name}".replace("当日日终", "当日"), f"{name} {en}")

    def _tier_during(self, node: n.TierDuring) -> str:
        name, window = self.tier_name(node.disease, node.tier), self.say(node.window)
        levels = self._either(self.level(node.disease, node.tier, level) for level in node.levels)
        return self(f"{window}至少一天{name}为{levels}", f"{name} is {levels} on at least one day {window}")

    def _codes_of(self, node: n.CodesOf) -> str:
        for code_set in self.diseases[node.disease].code_sets if self._has(node.disease) else ():
            if code_set.name == node.name:
                return code_set.names.in_language(self.language)
        return self.disease(node.disease) if node.name == "disease" else node.name

    def _has_code(self, node: n.HasCode) -> str:
        code, codes = self._bracketed(node.code), self.say(node.codes)
        return self(f"{code}属于编码集“{codes}”", f"{code} is in the code set {codes}")

    # VALUES

    def _unit(self, unit: str, number_of: Any = None) -> str:
        if unit == DIMENSIONLESS:
            return ""
        plain = plain_unit(unit)
        if plain == "years" and isinstance(number_of, n.Age):
            return self("岁", "years")
        return self.name(UNIT_NAMES.get(plain), unit)

    def quantity(self, value: float, unit: str, number_of: Any = None) -> str:
        """Say a number with its unit; years of age have a word of their own in Chinese."""
        said = self._unit(unit, number_of)
        # Units that are words are plural in English: one day, two days.
        is_one = self.language == "en" and abs(value) == 1 and plain_unit(unit) in UNIT_NAMES
        return f"{number_text(value)} {said.removesuffix('s') if is_one else said}".rstrip()

    def _literal(self, node: n.Literal) -> str:
        match node.kind:
            case "bool":
                return self("是", "true") if node.value else self("否", "false")
            case "date":
                return iso(int(node.value))
            case "number":
                return self.quantity(float(node.value), node.unit)
        return self(f"“{node.value}”", f'"{node.value}"')

    def _beside(self, node: Any, other: Any) -> str:
        """Say one side of a comparison: a bare number takes the unit, a code the name, of the other side."""
        if isinstance(node, n.Literal) and node.kind == "number":
            return self.quantity(float(node.value), node.unit or _unit(other), other)
        if isinstance(node, n.Literal) and node.kind == "text":
            return self._value_name(other, str(node.value))
        return self._parameter(node, other) if isinstance(node, n.ParameterOf) else self._bracketed(node)

    def _value_name(self, owner: Any, value: str) -> str:
        if is_operation(owner, "worst"):
            return self._value_name(owner.args[0], value)
        if isinstance(owner, n.TierOn):
            return self.level(owner.disease, owner.tier, value)
        column = owner.value if isinstance(owner, n.Picked) else owner
        return self.name(VALUE_NAMES.get(getattr(column, "name", ""), {}).get(value), value)

    def _parameter(self, node: n.ParameterOf, other: Any = None) -> str:
        found = self.diseases[node.disease].parameters if self._has(node.disease) else ()
        for parameter in found:
            if parameter.name == node.name:
                values = self.values(parameter, other)
                return self(f"{parameter.names.zh}（{values}）", f"{parameter.names.en} ({values})")
        return node.name

    def values(self, parameter: Parameter, other: Any = None) -> str:
        """Say every value of a parameter; ``other`` is what it is compared with."""
        said = []
        for value in parameter.values:
            number = self.quantity(value.value, parameter.unit, other)
            since = value.valid_from
            said.append(number if since is None else self(f"自{since}起 {number}", f"{number} from {since} on"))
        return self.listed(said)

    def _choice(self, node: n.Choice) -> str:
        options = self("；", "; ").join(f"{option.name}: {self.say(option.value)}" for option in node.options)
        return self(
            f"按口径 {node.name}（默认 {node.default}）{{{options}}}",
            f"by the policy {node.name} (default {node.default}) {{{options}}}",
        )

    def _applied(self, node: n.Apply) -> str:
        """Say an operator by its phrase in the table; what is said with "not" reads better in words of its own."""
        if node.operation == "not":
            return self._negation(node.args[0])
        phrase = OPERATIONS[node.operation].phrase
        operands = list(self._operands(phrase, node))
        joined = self(*phrase.joined).join(operands)
        texts = self(*phrase.texts).join(self._value_name(node.args[0], text) for text in node.texts)
        return self(phrase.zh, phrase.en).format(*operands, all=joined, texts=texts)

    def _operands(self, phrase: Phrase, node: n.Apply) -> Iterator[str]:
        others = node.args[::-1] if len(node.args) == 2 else node.args
        for arg, other in zip(node.args, others, strict=True):
            match phrase.operands:
                case "compared":
                    yield self._beside(arg, other)
                case "amount":
                    yield self._amount(arg, other, _moved_by(node))
                case "clauses":
                    yield self._bracketed(arg) if _is_loose(arg) else self.say(arg)
                case "plain":
                    yield self.say(arg)
                case _:
                    yield self._bracketed(arg)

    def _amount(self, node: Any, other: Any, unit: str) -> str:
        """Say one side of a sum: a bare number beside a date has the unit by which a date is moved."""
        if isinstance(node, n.Literal) and node.kind == "number" and not node.unit and _is_date(other):
            return self.quantity(float(node.value), unit)
        return self._bracketed(node)

    def _case(self, node: n.Case) -> str:
        whens = [
            self(f"若{self.say(when)}则为{self.say(value)}", f"{self.say(value)} if {self.say(when)}")
            for when, value in node.whens
        ]
        if node.otherwise is not None:
            whens.append(self(f"否则为{self.say(node.otherwise)}", f"else {self.say(node.otherwise)}"))
        return self("；", ", ").join(whens)

    def _negation(self, arg: Any) -> str:
        match arg:
            case n.Reduce(how="exists", source=source):
                return self(f"无{self.say(source)}", f"no {self.say(source)}")
            case n.Apply("known", (value,)):
                return self(f"{self._bracketed(value)}缺失", f"{self._bracketed(value)} is missing")
        return self(f"并非（{self.say(arg)}）", f"not ({self.say(arg)})")

    def _attribute(self, node: n.Attribute) -> str:
        declared = (column for disease in self.diseases.values() for column in disease.attributes)
        names = next((column.names for column in declared if column.name == node.name), None)
        return self.name(ATTRIBUTE_NAMES.get(node.name, names), node.name)

    def _institution(self, node: n.Institution) -> str:
        declared = (column for disease in self.diseases.values() for column in disease.institution_columns)
        names = next((column.names for column in declared if column.name == node.name), None)
        name = self.name(INSTITUTION_NAMES.get(node.name, names), node.name)
        return self(f"所属机构的{name}", f"{name} of the institution")

    def _age(self, node: n.Age) -> str:
        zh, en = self._day(node.on)
        return self("当日年龄" if zh == "当日" else f"{zh}的年龄", f"age {en}")


def _moved_by(node: n.Apply) -> str:
    moving = (each.shift_unit for each in OPERATIONS[node.operation].signatures if each.shift >= 0)
    return next(moving, "days")


def _is_loose(node: Any) -> bool:
    """Say whether a clause would be misread beside another without brackets."""
    return isinstance(node, n.Case | n.Choice) or (isinstance(node, n.Apply) and node.operation in ("and", "or"))


def _is_joined(node: Any) -> bool:
    """Say whether what is said is itself joined by a sign or a word, and needs brackets inside another sentence."""
    if isinstance(node, n.Apply):
        return OPERATIONS[node.operation].phrase.is_joined
    return isinstance(node, n.Case | n.Choice)


_REDUCTIONS = {
    "count": ("{rows}的次数", "number of {rows}"),
    "count_days": ("{rows}的不同天数", "number of days with {rows}"),
    "exists": ("有{rows}", "there are {rows}"),
    "minimum": ("{rows}中最低的{column}", "lowest {column} of {rows}"),
    "maximum": ("{rows}中最高的{column}", "highest {column} of {rows}"),
    "sum": ("{rows}的{column}之和", "sum of {column} of {rows}"),
    "mean": ("{rows}的平均{column}", "mean {column} of {rows}"),
    "median": ("{rows}的{column}中位数", "median {column} of {rows}"),
    "count_distinct": ("{rows}的不同{column}个数", "number of different {column} of {rows}"),
}


def _unit(node: Any) -> str:
    try:
        return unit_of(node)
    except DefinitionError:
        return ""


def _is_date(node: Any) -> bool:
    try:
        return kind_of(node) == "date"
    except DefinitionError:
        return False


_FORMS: dict[type, Callable[[Speaker, Any], str]] = {
    n.PeriodWindow: lambda s, _: s("期内", "in the period"),
    n.CalendarWindow: Speaker._calendar,
    n.Between: Speaker._between,
    n.Events: Speaker._events,
    n.Breaches: lambda s, x: s(f"{s.disease(x.disease)}逾期事项", f"missed deadlines of {s.disease(x.disease)}"),
    n.Spells: lambda s, x: s(f"{s.disease(x.disease)}状态期", f"stays in states of {s.disease(x.disease)}"),
    n.Services: lambda s, x: s(f"{s.disease(x.disease)}服务事项", f"services of {s.disease(x.disease)}"),
    n.Sequences: lambda s, x: s(f"{s.disease(x.disease)}序列", f"sequences of {s.disease(x.disease)}"),
    n.Institutions: lambda s, _: s("机构", "institutions"),
    n.Activities: Speaker._activities,
    n.Where: Speaker._where,
    n.Overlapping: Speaker._overlapping,
    n.Outermost: Speaker._outermost,
    n.Within: Speaker._within,
    n.Same: Speaker._same,
    n.Pick: Speaker._pick,
    n.Column: Speaker._column,
    n.This: lambda s, x: s(f"本行的{s._column(x)}", f"{s._column(x)} of this row"),
    n.Concerns: lambda s, x: s(
        f"属{s.disease(x.disease)}或未注明病种", f"of {s.disease(x.disease)} or of no disease named"
    ),
    n.Picked: Speaker._picked,
    n.Reduce: Speaker._reduce,
    n.Covered: Speaker._spread,
    n.Gap: Speaker._spread,
    n.Attribute: Speaker._attribute,
    n.Institution: Speaker._institution,
    n.Age: Speaker._age,
    n.PeriodStart: lambda s, _: s("期初", "the period's first day"),
    n.PeriodEnd: lambda s, _: s("期末", "the period's last day"),
    n.Status: Speaker._status,
    n.StatusOn: Speaker._status_on,
    n.StatusDuring: Speaker._status_during,
    n.DaysIn: Speaker._days_in,
    n.TierOn: Speaker._tier_on,
    n.TierDuring: Speaker._tier_during,
    n.CodesOf: Speaker._codes_of,
    n.Codes: lambda s, x: s(x.zh, x.en),
    n.HasCode: Speaker._has_code,
    n.Literal: Speaker._literal,
    n.ParameterOf: Speaker._parameter,
    n.Choice: Speaker._choice,
    n.Apply: Speaker._applied,
    n.Case: Speaker._case,
}
