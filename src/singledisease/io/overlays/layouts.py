"""The keys of an overlay file, beside those of a disease: what it lies over, what it takes away, who signed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from attrs import frozen

from singledisease.definitions.citation import Names
from singledisease.io.definitions.kinds import TEXT, TEXTS, Kind
from singledisease.io.definitions.layout import TableLayout, key, list_of, needed
from singledisease.io.definitions.reading import Spot, ValueReader


@frozen(kw_only=True)
class SignOff:
    """Who looked at a definition and stands for it.

    Attributes
    ----------
    definition
        The content hash of the definition that was signed: the signature is void for any other.
    parameters
        The numbers that were looked at; empty: all of the definition.
    """

    by: str
    on: dt.date
    definition: str
    remark: str = ""
    parameters: tuple[str, ...] = ()


def _read_day(reader: ValueReader, value: Any, spot: Spot) -> Any:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    return reader.wrong(spot, f"expected a date, got {value!r}", "on = 2024-05-01")


_DAY = Kind(Names("日期", "a date"), _read_day, lambda _, value: value, {"type": "string", "format": "date"})

SIGNATURE = TableLayout(
    name="signatures",
    says=Names("签名", "a signature"),
    keys=(
        needed("by", TEXT, "签名人", "who signs"),
        needed("on", _DAY, "签名日期", "the day of signing"),
        needed("definition", TEXT, "所签定义的内容哈希", "content hash of the definition that is signed"),
        key("remark", TEXT, "备注", "a remark", default=""),
        key("parameters", TEXTS, "所审参数；缺省为全部", "the numbers looked at; none named: all", default=()),
    ),
    make=lambda _, values: SignOff(**values),
    take=lambda one: {
        "by": one.by,
        "on": one.on,
        "definition": one.definition,
        "remark": one.remark,
        "parameters": one.parameters,
    },
)

HEAD = TableLayout(
    name="",
    says=Names("覆盖文件开头", "the head of an overlay"),
    keys=(
        needed("overlay_of", TEXT, "所覆盖的病种 id", "the disease it lies over"),
        key("version", TEXT, "覆盖的版本，接在病种版本之后", "its version, put behind the disease's", default=""),
        key(
            "remove",
            TEXTS,
            "去掉的部分，如 services.checkup",
            "parts it takes away, such as services.checkup",
            default=(),
        ),
        key("signatures", list_of(SIGNATURE, Names("签名", "signatures")), "签名", "signatures", default=()),
    ),
    make=lambda _, values: values,
    take=lambda values: values,
)
