"""How the tables of a file of measures are laid out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from singledisease.dates import AT_ONCE, Maturity
from singledisease.definitions.citation import Names
from singledisease.definitions.measure import GroupChoice, GroupOption, Rule
from singledisease.errors import DefinitionError, Fault
from singledisease.io.definitions.kinds import NAMES, NUMBER, ON_PERSON, TEXT, WHOLE, Kind, Writer
from singledisease.io.definitions.layout import Key, TableLayout, Values, key, list_of, needed
from singledisease.io.definitions.reading import MISSING, Spot, ValueReader
from singledisease.language.nodes import Literal
from singledisease.language.parse import parse
from singledisease.language.row_wrappers import selection_node

TRUE = Literal(True, "bool")

# KINDS OF VALUE


def _read_selection(reader: ValueReader, value: Any, spot: Spot) -> Any:
    if not isinstance(value, str):
        return reader.wrong(spot, f"expected a selection as text, got {value!r}", "of = 'events(\"encounter\")'")
    try:
        return selection_node(parse(value, reader.disease, reader.quantities))
    except DefinitionError as error:
        for fault in error.faults:
            at = spot.source.at(spot.path)
            where = f"{spot.place}, {fault.where}"
            reader.faults.append(Fault(fault.check, where, f"{fault.message} in {value!r}", fault.hint, at))
        return MISSING


SELECTION = Kind(
    Names("行的选取", "a selection of rows"),
    _read_selection,
    lambda writer, node: writer.expression(node),
    {"type": "string"},
)


def _read_conditions(reader: ValueReader, value: Any, spot: Spot) -> Any:
    if not isinstance(value, dict):
        return reader.wrong(spot, f"expected conditions by name, got {value!r}", "exclusions = { moved = '…' }")
    read = {name: ON_PERSON.read(reader, text, spot.inner(name)) for name, text in value.items()}
    return MISSING if MISSING in read.values() else read


def _write_conditions(writer: Writer, conditions: Mapping[str, Any]) -> Any:
    return {name: writer.expression(node) for name, node in conditions.items()}


CONDITIONS = Kind(
    Names("按名称的条件", "conditions by name"),
    _read_conditions,
    _write_conditions,
    {"type": "object", "additionalProperties": {"type": "string"}},
)

_MATURITY_HINT = "matures = { days = 15 }, or { months = 1 }"


def _read_maturity(reader: ValueReader, value: Any, spot: Spot) -> Any:
    if not isinstance(value, dict):
        return reader.wrong(spot, f"expected days or months, got {value!r}", _MATURITY_HINT)
    for name in value.keys() - {"days", "months"}:
        reader.unknown_key(spot, name, ["days", "months"])
    read = {name: WHOLE.read(reader, value[name], spot.inner(name)) for name in ("days", "months") if name in value}
    if MISSING in read.values():
        return MISSING
    if any(number < 0 for number in read.values()):
        return reader.wrong(
            spot, f"a question cannot be answered before its period ends, got {value!r}", _MATURITY_HINT
        )
    return Maturity(**read)


MATURITY = Kind(
    Names("期末后多久可以回答", "how long after the period's end it can be answered"),
    _read_maturity,
    lambda _, matures: {name: n for name in ("months", "days") if (n := getattr(matures, name))},
    {"type": "object", "properties": {"days": {"type": "integer"}, "months": {"type": "integer"}}},
)

_GROUP_HINT = (
    'group = { policy = "lost", default = "kept", options = { kept = "not_numerator", exclude = "excluded:lost" } }'
)


def _read_group(reader: ValueReader, value: Any, spot: Spot) -> Any:
    if isinstance(value, str):
        return value
    wanted = {"policy": str, "default": str, "options": dict}
    if not isinstance(value, dict) or any(not isinstance(value.get(name), kind) for name, kind in wanted.items()):
        return reader.wrong(spot, f"expected a group or a policy with its options, got {value!r}", _GROUP_HINT)
    for name in value.keys() - wanted.keys():
        reader.unknown_key(spot, name, list(wanted))
    options = tuple(GroupOption(name, str(group)) for name, group in value["options"].items())
    return GroupChoice(value["policy"], options, value["default"])


def _write_group(_: Writer, group: str | GroupChoice) -> Any:
    if isinstance(group, str):
        return group
    options = {option.name: option.group for option in group.options}
    return {"policy": group.name, "default": group.default, "options": options}


GROUP = Kind(
    Names("分组，或按口径的分组", "a group, or a policy that says into which"),
    _read_group,
    _write_group,
    {"oneOf": [{"type": "string"}, {"type": "object"}]},
)

# TABLES

RULE = TableLayout(
    name="measures.rules",
    says=Names("一条规则：第一条成立的规则决定分组", "a rule: the first that is true decides"),
    keys=(
        needed("name", TEXT, "规则名", "its name"),
        needed("names", NAMES, "名称", "its names"),
        key("when", ON_PERSON, "条件；缺省为其余所有", "the condition; none: everyone who is left", default=TRUE),
        needed("group", GROUP, "分组", "the group of whom it catches"),
    ),
    make=lambda _, values: Rule(**values),
    take=lambda rule: {"name": rule.name, "names": rule.names, "when": rule.when, "group": rule.group},
)

_COMMON: tuple[Key, ...] = (
    needed("id", TEXT, "指标 id", "id of the measure"),
    key("names", NAMES, "名称；缺省用其 id", "names; none: its id"),
    key("version", TEXT, "版本；缺省为整个文件的版本", "its version; none: that of the file"),
    key("disease", TEXT, "所属病种；缺省取表达式中唯一的病种", "its disease; none: the only one it names"),
    key("citation", TEXT, "来源；缺省为整个文件的来源", "its source; none: that of the file"),
    key("status", TEXT, "把握程度", "how sure it is"),
)
_COUNTED: tuple[Key, ...] = (
    key("of", SELECTION, "统计哪些行；缺省统计人", "which rows are counted; none: people"),
    key(
        "matures", MATURITY, "期末后多久可以回答", "how long after the period's end it can be answered", default=AT_ONCE
    ),
    key("population", ON_PERSON, "人群", "who is looked at"),
)


def _as_they_are(_: str, values: Values) -> Values:
    return values


MEASURE = TableLayout(
    name="measures",
    says=Names("一个指标：比例或人数", "a measure: a proportion, or a count"),
    keys=(
        *_COMMON,
        key("form", TEXT, "proportion 或 count", "proportion or count", default="proportion"),
        key("unit", TEXT, "统计单位", "what is counted: person, encounter, referral, test, institution"),
        *_COUNTED,
        key("exclusions", CONDITIONS, "排除", "who is excluded, by reason"),
        key("unknown", ON_PERSON, "分母内、结果未知", "who is in the denominator and unknown"),
        key("numerator", ON_PERSON, "分子", "who is in the numerator"),
        key("exceptions", CONDITIONS, "例外", "exceptions, by reason"),
        key("rules", list_of(RULE, Names("规则列表", "a list of rules")), "规则，依次判断", "rules, in order"),
    ),
    make=_as_they_are,
    take=lambda part: part,
)
RATIO = TableLayout(
    name="measures",
    says=Names("两个合计之比", "the ratio of two sums"),
    keys=(
        *_COMMON,
        needed("form", TEXT, "ratio", "ratio"),
        *_COUNTED,
        needed("numerator", ON_PERSON, "分子的数值", "the number that is summed above"),
        needed("denominator", ON_PERSON, "分母的数值", "the number that is summed below"),
        key("per", NUMBER, "乘以多少", "by what the ratio is multiplied", default=1.0),
    ),
    make=_as_they_are,
    take=lambda part: part,
)
DISTRIBUTION = TableLayout(
    name="measures",
    says=Names("一个数值的分布", "the distribution of a number"),
    keys=(
        *_COMMON,
        needed("form", TEXT, "distribution", "distribution"),
        *_COUNTED,
        needed("value", ON_PERSON, "数值", "the number"),
        key("unit", TEXT, "单位", "its unit", default=""),
    ),
    make=_as_they_are,
    take=lambda part: part,
)
DERIVED = TableLayout(
    name="measures",
    says=Names("由其他指标的结果推出的数", "a figure made of those of other measures"),
    keys=(
        *_COMMON[:3],
        *_COMMON[4:],
        needed("form", TEXT, "derived", "derived"),
        needed("value", TEXT, "算式", "what it is made of"),
        key("unit", TEXT, "单位", "its unit", default=""),
    ),
    make=_as_they_are,
    take=lambda part: part,
)
LAYOUTS: Mapping[str, TableLayout] = MappingProxyType(
    {"proportion": MEASURE, "count": MEASURE, "ratio": RATIO, "distribution": DISTRIBUTION, "derived": DERIVED}
)
"""How a measure is laid out, by its form."""
