"""The tables of what conditions name: code sets, and tiers with their levels and rules."""

from __future__ import annotations

from singledisease.definitions.citation import STATUSES, Names
from singledisease.definitions.code_set import CodeSet
from singledisease.definitions.tier import Tier, TierLevel, TierRule
from singledisease.io.definitions.kinds import AMOUNT, NAMES, ON_EVENT, TEXT, TEXTS, one_of, some_of
from singledisease.io.definitions.layout import TableLayout, Values, key, list_of, needed
from singledisease.io.definitions.part_layouts import SOURCE, ZH_EN, names_in, zh_en
from singledisease.language.nodes import Literal
from singledisease.vocabulary import KINDS

OTHERWISE = Literal(True, "bool")
"""The condition of a rule that says none."""


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


CODE_SET = TableLayout(
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

TIER_LEVEL = TableLayout(
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
TIER_RULE = TableLayout(
    name="tiers.ID.rules",
    says=Names("分级规则；依次判断，第一条成立的决定级别", "a rule of a tier; the first that is true gives the level"),
    keys=(
        needed("level", TEXT, "级别 id", "id of the level"),
        key("when", ON_EVENT, "条件；缺省为其余情况", "the condition; none: otherwise", default=OTHERWISE),
    ),
    make=lambda _, values: TierRule(**values),
    take=lambda part: {"level": part.level, "when": part.when},
)
TIER = TableLayout(
    name="tiers.ID",
    says=Names("由评估给出、保持到下次评估的分级", "a label that an assessment gives and that holds until the next"),
    keys=(
        needed("names", NAMES, "名称", "names"),
        needed("kinds", some_of(KINDS), "作为评估的事件类别", "kinds of event that are assessments"),
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
        key("status", one_of(STATUSES), "把握程度", "how sure the rules are", default="proposal"),
    ),
    make=lambda id, values: Tier(id=id, **values),
    take=lambda part: {
        name: getattr(part, name) for name in ("names", "kinds", "levels", "rules", "valid", "citation", "status")
    },
)
