"""How each node of an expression is said in Chinese or in English.

The same signs are used in both languages: ``<`` leaves the bound out, ``≤`` takes it in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from singledisease.dates import iso
from singledisease.definitions.disease import Disease
from singledisease.definitions.wording.rows_in_words import FORMS_OF_ROWS, no_rows
from singledisease.definitions.wording.speaker import Speaker
from singledisease.definitions.wording.terms import ATTRIBUTE_NAMES, INSTITUTION_NAMES, STAGE_NAMES, VALUE_NAMES
from singledisease.errors import DefinitionError
from singledisease.language import nodes as n
from singledisease.language.operations import OPERATIONS, Method, Phrase, is_operation
from singledisease.language.typecheck import kind_of, unit_of

# STATES


def _day(s: Speaker, node: Any) -> tuple[str, str]:
    """Say a day on which something is asked, in both languages; the row's own date is that day."""
    if isinstance(node, n.Column) and node.name == "date":
        return "当日", "that day"
    text = s.bracketed(node)
    return f"{text}时", f"on {text}"


# STATES


def _status(s: Speaker, node: n.Status) -> str:
    disease = s.disease(node.disease)
    if node.of == "managed":
        return s(f"{disease}管理中", f"managed for {disease}")
    if node.of == "stage":
        stages = s.either(s.name(STAGE_NAMES.get(value), value) for value in node.values)
        return s(f"{disease}处于{stages}阶段", f"in the stage {stages} of {disease}")
    known = {each.id: each.names for each in s.diseases[node.disease].pathway.states} if _has(s, node.disease) else {}
    states = s.either(s.name(known.get(value), value) for value in node.values)
    return s(f"{disease}处于“{states}”", f"in the state {states} of {disease}")


def _has(s: Speaker, disease: str) -> bool:
    return disease in s.diseases


def _status_on(s: Speaker, node: n.StatusOn) -> str:
    status, (zh, en) = s.say(node.status), _day(s, node.on)
    return s(f"{zh.removesuffix('时')}日终{status}".replace("当日日终", "当日"), f"{status} {en}")


def _status_during(s: Speaker, node: n.StatusDuring) -> str:
    status, window = s.say(node.status), s.say(node.window)
    return s(f"{window}至少一天{status}", f"{status} on at least one day {window}")


def _days_in(s: Speaker, node: n.DaysIn) -> str:
    status, window = s.say(node.status), s.say(node.window)
    return s(f"{window}{status}的天数", f"number of days {status} {window}")


# TIERS AND CODE SETS


def _tier_on(s: Speaker, node: n.TierOn) -> str:
    name, (zh, en) = s.tier_name(node.disease, node.tier), _day(s, node.on)
    return s(f"{zh.removesuffix('时')}日终{name}".replace("当日日终", "当日"), f"{name} {en}")


def _tier_during(s: Speaker, node: n.TierDuring) -> str:
    name, window = s.tier_name(node.disease, node.tier), s.say(node.window)
    levels = s.either(s.level(node.disease, node.tier, level) for level in node.levels)
    return s(f"{window}至少一天{name}为{levels}", f"{name} is {levels} on at least one day {window}")


def _codes_of(s: Speaker, node: n.CodesOf) -> str:
    for code_set in s.diseases[node.disease].code_sets if _has(s, node.disease) else ():
        if code_set.name == node.name:
            return code_set.names.in_language(s.language)
    return s.disease(node.disease) if node.name == "disease" else node.name


def _has_code(s: Speaker, node: n.HasCode) -> str:
    code, codes = s.bracketed(node.code), s.say(node.codes)
    return s(f"{code}属于编码集“{codes}”", f"{code} is in the code set {codes}")


# VALUES


def _literal(s: Speaker, node: n.Literal) -> str:
    match node.kind:
        case "bool":
            return s("是", "true") if node.value else s("否", "false")
        case "date":
            return iso(int(node.value))
        case "number":
            return s.quantity(float(node.value), node.unit)
    return s(f"“{node.value}”", f'"{node.value}"')


def _beside(s: Speaker, node: Any, other: Any) -> str:
    """Say one side of a comparison: a bare number takes the unit, a code the name, of the other side."""
    if isinstance(node, n.Literal) and node.kind == "number":
        return s.quantity(float(node.value), node.unit or _unit(other), other)
    if isinstance(node, n.Literal) and node.kind == "text":
        return _value_name(s, other, str(node.value))
    return _parameter(s, node, other) if isinstance(node, n.ParameterOf) else s.bracketed(node)


def _value_name(s: Speaker, owner: Any, value: str) -> str:
    if is_operation(owner, "worst", "coalesce"):
        return _value_name(s, owner.args[0], value)
    if isinstance(owner, n.TierOn):
        return s.level(owner.disease, owner.tier, value)
    column = owner.value if isinstance(owner, n.Picked) else owner
    return s.name(VALUE_NAMES.get(getattr(column, "name", ""), {}).get(value), value)


def _parameter(s: Speaker, node: n.ParameterOf, other: Any = None) -> str:
    found = s.diseases[node.disease].parameters if _has(s, node.disease) else ()
    for parameter in found:
        if parameter.name == node.name:
            values = s.values(parameter, other)
            return s(f"{parameter.names.zh}（{values}）", f"{parameter.names.en} ({values})")
    return node.name


def _choice(s: Speaker, node: n.Choice) -> str:
    options = s("；", "; ").join(f"{option.name}: {s.say(option.value)}" for option in node.options)
    return s(
        f"按口径 {node.name}（默认 {node.default}）{{{options}}}",
        f"by the policy {node.name} (default {node.default}) {{{options}}}",
    )


def _applied(s: Speaker, node: n.Apply) -> str:
    """Say an operator by its phrase in the table; what is said with "not" reads better in words of its own."""
    if node.operation == "not":
        return _negation(s, node.args[0])
    if (said := _moved_back(s, node)) is not None:
        return said
    phrase = OPERATIONS[node.operation].phrase
    operands = list(_operands(s, phrase, node))
    joined = s(*phrase.joined).join(operands)
    texts = s(*phrase.texts).join(_value_name(s, node.args[0], text) for text in node.texts)
    return s(phrase.zh, phrase.en).format(*operands, all=joined, texts=texts)


def _operands(s: Speaker, phrase: Phrase, node: n.Apply) -> Iterator[str]:
    others = node.args[::-1] if len(node.args) == 2 else node.args
    for arg, other in zip(node.args, others, strict=True):
        match phrase.operands:
            case "compared":
                yield _beside(s, arg, other)
            case "amount":
                yield _amount(s, arg, other, _moved_by(node))
            case "clauses":
                yield s.bracketed(arg) if _is_loose(arg) else s.say(arg)
            case "plain":
                yield s.say(arg)
            case _:
                yield s.bracketed(arg)


def _amount(s: Speaker, node: Any, other: Any, unit: str) -> str:
    """Say one side of a sum: a bare number beside a date has the unit by which a date is moved."""
    if isinstance(node, n.Literal) and node.kind == "number" and not node.unit and _is_date(other):
        return s.quantity(float(node.value), unit)
    return s.bracketed(node)


def _moved_back(s: Speaker, node: n.Apply) -> str | None:
    """Say that a day lies so long before another, where it is moved by a number below 0; of other nodes ``None``."""
    if not _is_shift(node):
        return None
    day, by = node.args
    if not isinstance(by, n.Literal) or float(by.value) >= 0:
        return None
    said = s.quantity(-float(by.value), by.unit or _moved_by(node))
    return s(f"{s.bracketed(day)}前 {said}", f"{said} before {s.bracketed(day)}")


def _is_shift(node: n.Apply) -> bool:
    notation = OPERATIONS[node.operation].notation
    return isinstance(notation, Method) and notation.name == "plus"


def _case(s: Speaker, node: n.Case) -> str:
    parts = [(_part_of_case(s, when), _part_of_case(s, value)) for when, value in node.whens]
    whens = [s(f"若{when}则为{value}", f"{value} if {when}") for when, value in parts]
    if node.otherwise is not None:
        otherwise = _part_of_case(s, node.otherwise)
        whens.append(s(f"否则为{otherwise}", f"else {otherwise}"))
    return s("；", ", ").join(whens)


def _part_of_case(s: Speaker, node: Any) -> str:
    """Say a part; another case in it would be read as going on."""
    return s.bracketed(node) if isinstance(node, n.Case) else s.say(node)


def _negation(s: Speaker, arg: Any) -> str:
    match arg:
        case n.Reduce(how="exists", source=source):
            return no_rows(s, source)
        case n.Apply("known", (value,)):
            return s(f"{s.bracketed(value)}缺失", f"{s.bracketed(value)} is missing")
    return s(f"并非（{s.say(arg)}）", f"not ({s.say(arg)})")


def _attribute(s: Speaker, node: n.Attribute) -> str:
    declared = (column for disease in s.diseases.values() for column in disease.attributes)
    names = next((column.names for column in declared if column.name == node.name), None)
    return s.name(ATTRIBUTE_NAMES.get(node.name, names), node.name)


def _institution(s: Speaker, node: n.Institution) -> str:
    declared = (column for disease in s.diseases.values() for column in disease.institution_columns)
    names = next((column.names for column in declared if column.name == node.name), None)
    name = s.name(INSTITUTION_NAMES.get(node.name, names), node.name)
    return s(f"所属机构的{name}", f"{name} of the institution")


def _age(s: Speaker, node: n.Age) -> str:
    zh, en = _day(s, node.on)
    return s("当日年龄" if zh == "当日" else f"{zh}的年龄", f"age {en}")


def _moved_by(node: n.Apply) -> str:
    moving = (each.shift_unit for each in OPERATIONS[node.operation].signatures if each.shift >= 0)
    return next(moving, "days")


def _is_loose(node: Any) -> bool:
    """Say whether a clause would be misread beside another without brackets."""
    return isinstance(node, n.Case | n.Choice) or (isinstance(node, n.Apply) and node.operation in ("and", "or"))


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


_FORMS: Mapping[type, Callable[[Speaker, Any], str]] = MappingProxyType(
    {
        **FORMS_OF_ROWS,
        n.Column: Speaker.column,
        n.This: lambda s, x: s(f"本行的{s.column(x)}", f"{s.column(x)} of this row"),
        n.Concerns: lambda s, x: s(
            f"属{s.disease(x.disease)}或未注明病种", f"of {s.disease(x.disease)} or of no disease named"
        ),
        n.Attribute: _attribute,
        n.Institution: _institution,
        n.Age: _age,
        n.PeriodStart: lambda s, _: s("期初", "the period's first day"),
        n.PeriodEnd: lambda s, _: s("期末", "the period's last day"),
        n.Status: _status,
        n.StatusOn: _status_on,
        n.StatusDuring: _status_during,
        n.DaysIn: _days_in,
        n.TierOn: _tier_on,
        n.TierDuring: _tier_during,
        n.CodesOf: _codes_of,
        n.Codes: lambda s, x: s(x.zh, x.en),
        n.HasCode: _has_code,
        n.Literal: _literal,
        n.ParameterOf: _parameter,
        n.Choice: _choice,
        n.Apply: _applied,
        n.Case: _case,
    }
)


def speaking(language: str, diseases: Mapping[str, Disease]) -> Speaker:
    """Give who says every node in ``zh`` or ``en``; ``diseases`` are those whose parts have names."""
    return Speaker(language, diseases, _FORMS)
