"""The tables of a definition outside its pathway: sources, numbers, columns, code sets, tiers, roles, targets."""

from __future__ import annotations

from typing import Any

from singledisease.definitions.citation import STATUSES, Citation, DatedValue, Names, Parameter
from singledisease.definitions.disease import Role, Target
from singledisease.definitions.typed_column import TypedColumn
from singledisease.io.definitions.kinds import DATE, NAMES, NUMBER, ON_EVENT, TEXT, TEXTS, WHOLE, one_of
from singledisease.io.definitions.layout import Key, TableLayout, Values, key, list_of, needed
from singledisease.vocabulary import Quantity

ZH_EN: tuple[Key, Key] = (
    needed("zh", TEXT, "中文名称", "name in Chinese"),
    needed("en", TEXT, "英文名称", "name in English"),
)
SOURCE = key("citation", TEXT, "来源的 id", "id of a citation", default="")


def zh_en(names: Names) -> Values:
    """Give names as the two keys that tables hold."""
    return {"zh": names.zh, "en": names.en}


def names_in(values: Values) -> Names:
    """Give the names that a table holds as two keys."""
    return Names(values["zh"], values["en"])


def _citation(id: str, values: Values) -> Citation:
    return Citation(id, values["title"], values["place"], values["year"])


CITATION = TableLayout(
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

DATED_VALUE = TableLayout(
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


PARAMETER = TableLayout(
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
            one_of(STATUSES),
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

QUANTITY = TableLayout(
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


def _column(name: str, says: Names) -> TableLayout:
    return TableLayout(
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


ROLE = TableLayout(
    name="roles",
    says=Names("谁来做：每个角色一行", "who does it: one line for each role"),
    keys=ZH_EN,
    make=lambda id, values: Role(id=id, names=names_in(values)),
    take=lambda part: zh_en(part.names),
)


def _target(id: str, values: Values) -> Target:
    rest: dict[str, Any] = {name: values[name] for name in ("columns", "goal", "citation")}
    return Target(id=id, names=names_in(values), **rest)


TARGET = TableLayout(
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
