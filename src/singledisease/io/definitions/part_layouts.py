"""The tables of a definition outside its pathway: sources, numbers, columns, code sets, tiers, roles, targets."""

from __future__ import annotations

from typing import Any

from singledisease.definitions.citation import Citation, DatedValue, Names, Parameter
from singledisease.definitions.code_set import CodeSet
from singledisease.definitions.disease import Role, Target
from singledisease.definitions.tier import Tier, TierLevel, TierRule
from singledisease.definitions.typed_column import TypedColumn
from singledisease.io.definitions.kinds import AMOUNT, DATE, NAMES, NUMBER, ON_EVENT, TEXT, TEXTS, WHOLE
from singledisease.io.definitions.layout import Key, Layout, Values, key, list_of, needed
from singledisease.language.nodes import Literal
from singledisease.vocabulary import Quantity

ZH_EN: tuple[Key, Key] = (
    needed("zh", TEXT, "中文名称", "name in Chinese"),
    needed("en", TEXT, "英文名称", "name in English"),
)
SOURCE = key("citation", TEXT, "来源的 id", "id of a citation", default="")
OTHERWISE = Literal(True, "bool")
"""The condition of a rule that says none."""


def zh_en(names: Names) -> Values:
    """Give names as the two keys that tables hold."""
    return {"zh": names.zh, "en": names.en}


def names_in(values: Values) -> Names:
    """Give the names that a table holds as two keys."""
    return Names(values["zh"], values["en"])


def _citation(id: str, values: Values) -> Citation:
    return Citation(id, values["title"], values["place"], values["year"])


CITATION = Layout(
    name="citations.ID",
    says=Names("来源", "a source"),
    keys=(
        needed("title", NAMES, "标题", "title"),
        key("place", TEXT, "出处（章节）", "where in it", default=""),
        key("year", WHOLE, "版本年份", "year of the edition"),
    ),
    make=_citation,
    take=lambda part: {"title": part.title, "place": part.place, "year": part.year},
)

DATED_VALUE = Layout(
    name="parameters.NAME.values",
    says=Names("自某日起的取值", "a value from a day on"),
    keys=(
        needed("value", NUMBER, "数值", "the value"),
        key(
            "valid_from", DATE, "自何日起有效；缺省为一直有效", "first day on which it holds; none: from the beginning"
        ),
    ),
    make=lambda _, values: DatedValue(value=values["value"], valid_from=values["valid_from"]),
    take=lambda part: {"value": part.value, "valid_from": part.valid_from},
)


def _parameter(id: str, values: Values) -> Parameter:
    one = [] if values["value"] is None else [DatedValue(value=values["value"])]
    return Parameter(
        name=id,
        names=values["names"],
        values=(*one, *values["values"]),
        unit=values["unit"],
        citation=values["citation"],
        status=values["status"],
        policy=values["policy"],
        note=values["note"],
    )


def _parameter_values(part: Parameter) -> Values:
    single = len(part.values) == 1 and part.values[0].valid_from is None
    return {
        "value": part.values[0].value if single else None,
        "values": () if single else part.values,
        "unit": part.unit,
        "names": part.names,
        "citation": part.citation,
        "status": part.status,
        "policy": part.policy,
        "note": part.note,
    }


PARAMETER = Layout(
    name="parameters.NAME",
    says=Names("一个有名字的数值；定义里的每个数都是参数", "a named number; every number of a definition is one"),
    keys=(
        key("value", NUMBER, "数值", "its value"),
        key(
            "values",
            list_of(DATED_VALUE, Names("按日期的取值", "values by date")),
            "按生效日期的多个取值，最早的在前",
            "several values by the day from which each holds, the earliest first",
            default=(),
        ),
        key("unit", TEXT, "单位", "unit", default=""),
        needed("names", NAMES, "名称", "names"),
        needed("citation", TEXT, "来源的 id", "id of a citation"),
        needed(
            "status",
            TEXT,
            "把握程度：confirmed、unverified、provisional、proposal",
            "how sure it is: confirmed, unverified, provisional, proposal",
        ),
        key("policy", TEXT, "可用以设定此值的口径名", "name of the policy by which it can be set", default=""),
        key("note", TEXT, "备注", "a remark", default=""),
    ),
    make=_parameter,
    misfit=lambda values: (
        ("needs either value or values", "value = 140, or values = [{ value = 140, valid_from = 2026-03-01 }]")
        if (values["value"] is None) == (not values["values"])
        else None
    ),
    take=_parameter_values,
)

QUANTITY = Layout(
    name="quantities.NAME",
    says=Names("内置之外的测量列", "a measured column beyond the built-in ones"),
    keys=(
        needed("unit", TEXT, "单位", "unit"),
        needed("low", NUMBER, "可接受的最小值", "the least value that is accepted"),
        needed("high", NUMBER, "可接受的最大值", "the greatest value that is accepted"),
        *ZH_EN,
    ),
    make=lambda id, values: Quantity(id, values["unit"], values["low"], values["high"], values["zh"], values["en"]),
    take=lambda part: {
        "unit": part.unit,
        "low": float(part.low),
        "high": float(part.high),
        "zh": part.zh,
        "en": part.en,
    },
)


def _column(name: str, says: Names) -> Layout:
    return Layout(
        name=name,
        says=says,
        keys=(
            needed("names", NAMES, "名称", "names"),
            needed("kind", TEXT, "值的类型：bool、number、date、text", "kind of value: bool, number, date, text"),
            key("unit", TEXT, "数值的单位", "unit of a number", default=""),
        ),
        make=lambda id, values: TypedColumn(name=id, **values),
        take=lambda part: {"names": part.names, "kind": part.kind, "unit": part.unit},
    )


ATTRIBUTE = _column("attributes.NAME", Names("患者表的附加列", "a further column of patients"))
INSTITUTION_COLUMN = _column("institutions.NAME", Names("机构表的附加列", "a further column of institutions"))


def _code_set(id: str, values: Values) -> CodeSet:
    prefixes = values["codes"] is None
    return CodeSet(
        name=id,
        names=values["names"] or Names(id, id),
        system=values["system"],
        codes=(values["prefixes"] if prefixes else values["codes"]) or (),
        prefixes=prefixes,
        citation=values["citation"],
    )


CODE_SET = Layout(
    name="codes.NAME",
    says=Names("编码集", "a code set"),
    keys=(
        key("names", NAMES, "名称；缺省用其 id", "names; none: its id"),
        key("system", TEXT, "编码体系；空为 ICD-10", "system of the codes; blank: ICD-10", default=""),
        key("codes", TEXTS, "完整编码", "whole codes"),
        key("prefixes", TEXTS, "编码的前缀；与 codes 二选一", "beginnings of codes; either these or codes"),
        SOURCE,
    ),
    make=_code_set,
    misfit=lambda values: (
        ("needs either codes or prefixes", 'codes = ["O14.1"], or prefixes = ["O1"]')
        if (values["codes"] is None) == (values["prefixes"] is None)
        else None
    ),
    take=lambda part: {
        "names": None if part.names == Names(part.name, part.name) else part.names,
        "system": part.system,
        "codes": None if part.prefixes else part.codes,
        "prefixes": part.codes if part.prefixes else None,
        "citation": part.citation,
    },
)

TIER_LEVEL = Layout(
    name="tiers.ID.levels",
    says=Names("分级的一级，由轻到重", "a level of a tier, the mildest first"),
    keys=(
        needed("id", TEXT, "级别 id", "id of the level"),
        *ZH_EN,
        key("colour", TEXT, "颜色：red、yellow、green 或 #rrggbb", "colour: red, yellow, green or #rrggbb", default=""),
    ),
    make=lambda _, values: TierLevel(id=values["id"], names=names_in(values), colour=values["colour"]),
    take=lambda part: {"id": part.id, **zh_en(part.names), "colour": part.colour},
)
TIER_RULE = Layout(
    name="tiers.ID.rules",
    says=Names("分级规则；依次判断，第一条成立的决定级别", "a rule of a tier; the first that is true gives the level"),
    keys=(
        needed("level", TEXT, "级别 id", "id of the level"),
        key("when", ON_EVENT, "条件；缺省为其余情况", "the condition; none: otherwise", default=OTHERWISE),
    ),
    make=lambda _, values: TierRule(**values),
    take=lambda part: {"level": part.level, "when": part.when},
)
TIER = Layout(
    name="tiers.ID",
    says=Names("由评估给出、保持到下次评估的分级", "a label that an assessment gives and that holds until the next"),
    keys=(
        needed("names", NAMES, "名称", "names"),
        needed("kinds", TEXTS, "作为评估的事件类别", "kinds of event that are assessments"),
        needed(
            "levels",
            list_of(TIER_LEVEL, Names("级别列表", "a list of levels")),
            "级别，由轻到重",
            "the levels, the mildest first",
        ),
        needed(
            "rules", list_of(TIER_RULE, Names("规则列表", "a list of rules")), "规则，依次判断", "the rules, in order"
        ),
        key("valid", AMOUNT, "最长有效月数", "months for which a level holds at most"),
        SOURCE,
        key("status", TEXT, "把握程度", "how sure the rules are", default="proposal"),
    ),
    make=lambda id, values: Tier(id=id, **values),
    take=lambda part: {
        name: getattr(part, name) for name in ("names", "kinds", "levels", "rules", "valid", "citation", "status")
    },
)

ROLE = Layout(
    name="roles",
    says=Names("谁来做：每个角色一行", "who does it: one line for each role"),
    keys=ZH_EN,
    make=lambda id, values: Role(id=id, names=names_in(values)),
    take=lambda part: zh_en(part.names),
)


def _target(id: str, values: Values) -> Target:
    rest: dict[str, Any] = {name: values[name] for name in ("columns", "goal", "citation")}
    return Target(id=id, names=names_in(values), **rest)


TARGET = Layout(
    name="targets.ID",
    says=Names("达标的定义", "what is at goal"),
    keys=(
        *ZH_EN,
        needed("columns", TEXTS, "一次测量须同时具有的指标", "the quantities that a reading must all have"),
        needed("goal", ON_EVENT, "达标条件", "the condition on the reading"),
        SOURCE,
    ),
    make=_target,
    take=lambda part: {**zh_en(part.names), "columns": part.columns, "goal": part.goal, "citation": part.citation},
)
