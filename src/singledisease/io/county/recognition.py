"""Rules of recognised examinations as a TOML file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from singledisease.county.recognition_rules import RecognisedItem, RecognitionRules, RepeatReason
from singledisease.county.row_condition import condition_faults
from singledisease.definitions.citation import Names
from singledisease.errors import Fault
from singledisease.io.county.layouts import HEAD, MATCH, TRUST, read_definition, tables_by_id, wrong_trust
from singledisease.io.definitions.kinds import NUMBER, TEXTS, WHOLE
from singledisease.io.definitions.layout import TableLayout, key, needed
from singledisease.io.definitions.part_layouts import ZH_EN, names_in, zh_en

_ITEM = ("results", "columns", "valid_days", "price", "citation", "status")

ITEM = TableLayout(
    name="items.ID",
    says=Names("互认项目", "an item that is recognised"),
    keys=(
        *ZH_EN,
        needed("results", MATCH, "含有结果的事件", "the events that hold a result"),
        key("columns", TEXTS, "结果所在的列", "the quantities of the result", default=()),
        needed("valid_days", WHOLE, "结果几天内有效；0 为当天", "how old a result may be, in days; 0: the same day"),
        key("price", NUMBER, "当地价格（元）", "the local price, in yuan"),
        *TRUST,
    ),
    make=lambda id, values: RecognisedItem(id=id, names=names_in(values), **{name: values[name] for name in _ITEM}),
    take=lambda part: {**zh_en(part.names), **{name: getattr(part, name) for name in _ITEM}},
)
REASON = TableLayout(
    name="reasons.ID",
    says=Names("可以重复检查的理由", "a reason for which a test may be done again"),
    keys=(*ZH_EN, *TRUST),
    make=lambda id, values: RepeatReason(
        id=id, names=names_in(values), citation=values["citation"], status=values["status"]
    ),
    take=lambda part: {**zh_en(part.names), "citation": part.citation, "status": part.status},
)
LAYOUT = TableLayout(
    name="",
    says=Names("检查检验互认规则", "rules of recognised examinations"),
    keys=(
        *HEAD,
        needed("items", tables_by_id(ITEM, Names("项目", "items")), "互认项目", "items that are recognised"),
        key("reasons", tables_by_id(REASON, Names("理由", "reasons")), "可重复的理由", "reasons to repeat", default=()),
        key("changed", MATCH, "病情变化的事件", "events after which an earlier result no longer stands"),
    ),
    make=lambda _, values: RecognitionRules(**{name: value for name, value in values.items() if name != "parameters"}),
    take=lambda rules: {"id": rules.id, "version": rules.version, "names": rules.names},
)


def read_recognition_rules(source: Path | str) -> RecognitionRules:
    """Read rules of recognised examinations from a TOML file or text; raises ``DefinitionError`` with every fault."""
    rules: RecognitionRules = read_definition(source, LAYOUT, _faults, "rules of recognised examinations")
    return rules


def _faults(rules: RecognitionRules) -> Iterator[Fault]:
    for item in rules.items:
        where = f"items.{item.id}"
        if item.valid_days < 0:
            yield Fault("wrong_number", f"{where}.valid_days", f"is {item.valid_days}", "0: the same day only")
        if item.price is not None and item.price < 0:
            yield Fault("wrong_number", f"{where}.price", f"is {item.price}", "yuan, or leave it out")
        yield from wrong_trust(where, item.citation, item.status, rules.citations)
        yield from condition_faults(f"{where}.results.when", item.results.when)
    for reason in rules.reasons:
        yield from wrong_trust(f"reasons.{reason.id}", reason.citation, reason.status, rules.citations)
    if rules.changed is not None:
        yield from condition_faults("changed.when", rules.changed.when)
