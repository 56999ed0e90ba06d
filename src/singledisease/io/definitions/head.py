"""The head of a disease's file, and the keys beside its parts: id, version, names, codes, order, the pathway's ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from singledisease.definitions.citation import Names
from singledisease.io.definitions.elements import KEYED, LISTED
from singledisease.io.definitions.kinds import NAMES, TEXT, TEXTS, Kind
from singledisease.io.definitions.layout import TableLayout, key, needed, read_table
from singledisease.io.definitions.merge import ORDERED
from singledisease.io.definitions.reading import MISSING, Spot, ValueReader


def _read_codes(reader: ValueReader, value: Any, spot: Spot) -> Any:
    """Read the codes of the disease: a list, or ``disease`` in a table that holds code sets too."""
    if not isinstance(value, dict):
        return TEXTS.read(reader, value, spot)
    if "disease" not in value:
        return reader.wrong(spot.inner("disease"), "the key 'disease' is missing", 'disease = ["I10"]')
    return TEXTS.read(reader, value["disease"], spot.inner("disease"))


CODES = Kind(
    Names(
        "编码前缀的列表；若还有编码集，则写作 [codes] disease = […]",
        "a list of beginnings of codes; beside code sets, [codes] disease = […]",
    ),
    _read_codes,
    lambda _, value: list(value),
    {"oneOf": [{"type": "array", "items": {"type": "string"}}, {"type": "object"}]},
)

HEAD = TableLayout(
    name="",
    says=Names("文件开头", "the head of the file"),
    keys=(
        needed("id", TEXT, "病种 id", "id of the disease"),
        needed(
            "version",
            TEXT,
            "版本；数字的含义改变即为新版本",
            "its version; a change of what a number means is a new one",
        ),
        needed("codes", CODES, "ICD-10 编码前缀", "beginnings of its ICD-10 codes"),
        key(
            "shared_codes",
            TEXTS,
            "有意与其他病种共用的编码前缀",
            "beginnings of codes that are another disease's too, on purpose",
            default=(),
        ),
        key("group", TEXT, "所属专病组，如 cardiovascular", "the specialty group it belongs to", default=""),
        needed("names", NAMES, "名称", "its names"),
    ),
    make=lambda _, values: values,
    take=lambda disease: {
        "id": disease.id,
        "version": disease.version,
        "codes": disease.codes,
        "shared_codes": disease.shared_codes,
        "group": disease.group,
        "names": disease.names,
    },
)

ORDER = TableLayout(
    name="order",
    says=Names(
        "先后次序：列出的各项依次相随；未列出的保持原位",
        "what stands behind what: each that is named behind the one before it; others stay where they are",
    ),
    keys=tuple(
        key(name, TEXTS, f"{zh}的次序", f"order of {name}")
        for name, zh in (("states", "状态"), ("signals", "信号"), ("timings", "时限"), ("services", "服务"))
    ),
    make=lambda _, values: {name: value for name, value in values.items() if value is not None},
    take=lambda order: {name: order.get(name) for name in ORDERED},
)

PATHWAY = TableLayout(
    name="pathway",
    says=Names("路径", "the pathway"),
    keys=(
        needed("initial", TEXT, "出生时的状态", "the state from birth on"),
        needed("died", TEXT, "死亡转入的状态", "the state that a death leads to"),
        key(
            "sequence",
            TEXT,
            "person，或 link（每个关联序列一条）",
            "person, or link: one course for each linked sequence",
            default="person",
        ),
        key(
            "begins_with",
            TEXTS,
            "关联序列以哪些类别的事件开始；空：任何一类",
            "the kinds of event that a linked sequence begins with; none: any",
            default=(),
        ),
        key(
            "tags",
            TEXT,
            "own：听取标有本病种或未标病种的事件；any：不论所标病种",
            "own: events tagged with this disease or none are heard; any: whatever their tag",
            default="own",
        ),
    ),
    make=lambda _, values: values,
    take=lambda pathway: {
        "initial": pathway.initial,
        "died": pathway.died,
        "sequence": pathway.sequence,
        "begins_with": pathway.begins_with,
        "tags": pathway.tags,
    },
)


def read_order(tables: Mapping[str, Any], reader: ValueReader, spot: Spot) -> Mapping[str, tuple[str, ...]]:
    """Read what a disease says about the order of its parts."""
    order = read_table(ORDER, reader, tables.get("order", {}), spot.inner("order"))
    return {} if order is MISSING else order


def wrong_keys(tables: Mapping[str, Any], reader: ValueReader, spot: Spot) -> None:
    """Collect keys at the top of the file, and in ``[pathway]``, that nobody reads."""
    sections = (*KEYED, *LISTED)
    top = (
        {section.partition(".")[0] for section in sections}
        | {each.name for each in HEAD.keys}
        | {"uses", "order", "shared"}
    )
    for name in tables.keys() - top:
        reader.unknown_key(spot, name, sorted(top))
    inner = {section.partition(".")[2] for section in sections if "." in section} | {each.name for each in PATHWAY.keys}
    pathway = tables.get("pathway")
    for name in pathway.keys() - inner if isinstance(pathway, dict) else ():
        reader.unknown_key(spot.inner("pathway"), name, sorted(inner))
