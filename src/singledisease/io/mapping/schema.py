"""What a mapping file may hold: every part with its shape, and what is wrong with a file, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from singledisease.errors import Fault, did_you_mean
from singledisease.eventlog.raw import TableName
from singledisease.io.conversion import units_of
from singledisease.io.layout import SEPARATORS
from singledisease.io.mapping.names import unit_called, without_unit
from singledisease.io.mapping.source import Others
from singledisease.vocabulary import QUANTITIES

TABLES: tuple[str, ...] = get_args(TableName)
COMMON = ("dates", "blank", "footers", "header", "header_lines", "separator", "status_codes")
"""What may stand at the top, for every table that does not say it itself; the encoding may too."""
_TOP = ("title", "encoding", "extends", "lists", "sources", *COMMON, *TABLES)
_SHAPES: Mapping[str, str] = {
    "table": "table",
    "files": "texts",
    "has": "texts",
    "lacks": "texts",
    "where": "cells",
    "columns": "names",
    "codes": "codes",
    "constants": "constants",
    "split": "names",
    "dates": "texts",
    "blank": "texts",
    "footers": "texts",
    "id_number": "texts",
    "also": "texts",
    "only_with": "texts",
    "once": "flag",
    "others": "others",
    "encoding": "text",
    "header": "line",
    "header_lines": "lines",
    "separator": "separator",
    "status_codes": "codes",
}
_WANTED = {
    "table": f"应为其一 / must be one of {', '.join(TABLES)}",
    "texts": "应为文字的列表 / must be a list of texts",
    "names": "应逐行写明名称 / must give a name, a list of names, or { name = …, unit = … } for each",
    "cells": "应逐列写明内容 / must give a list of texts for each column",
    "codes": "应逐行写明代码 / must give the meaning of each code, or the name of a code list",
    "constants": "应逐行写明内容 / must give a text for each column",
    "flag": "应为 true 或 false / must be true or false",
    "others": f"应为其一 / must be one of {', '.join(get_args(Others))}",
    "text": "应为文字 / must be a text",
    "lines": "应为 1 或 2 / must be 1 or 2",
    "line": "应为行号 / must be the number of a line, from 1",
    "separator": f"应为其一 / must be one of {' '.join(map(repr, SEPARATORS))}",
}


def faults_of(content: Mapping[str, Any]) -> Iterator[Fault]:
    """Find everything that a mapping file says and cannot say."""
    for name, part in content.items():
        if name not in _TOP:
            yield Fault("unknown_table", name, "没有这个表 / there is no such table", did_you_mean(name, _TOP))
        elif name in ("title", "encoding", *COMMON):
            yield from _shape_faults(name, _SHAPES.get(name, "text"), part)
        elif not isinstance(part, dict):
            yield _misshapen(name, "names")
        elif name == "lists":
            yield from _list_faults(part)
        elif name == "sources":
            for source, table in part.items():
                yield from _source_faults(f"sources.{source}", table, required=True)
        else:
            yield from _source_faults(name, part, required=False)


def _list_faults(lists: Mapping[str, Any]) -> Iterator[Fault]:
    for name, one in lists.items():
        if not isinstance(one, dict) or not _fits("constants", one.get("values")):
            yield _misshapen(f"lists.{name}.values", "codes")


def _source_faults(where: str, table: Any, *, required: bool) -> Iterator[Fault]:
    if not isinstance(table, dict):
        yield _misshapen(where, "names")
        return
    if required and "table" not in table:
        yield Fault("no_table", where, "没有写明 table / does not say which table it is", 'table = "events"')
    for part, value in table.items():
        if part not in _SHAPES:
            yield Fault("unknown_part", f"{where}.{part}", "不能识别 / is not known", did_you_mean(part, _SHAPES))
        elif part == "codes":
            if not isinstance(value, dict):
                yield _misshapen(f"{where}.codes", "codes")
            for column, codes in value.items() if isinstance(value, dict) else ():
                yield from _shape_faults(f"{where}.codes.{column}", "codes", codes)
        else:
            yield from _shape_faults(f"{where}.{part}", _SHAPES[part], value)
            if part in ("columns", "split") and _fits("names", value):
                yield from _unit_faults(f"{where}.{part}", value)


def _unit_faults(where: str, columns: Mapping[str, Any]) -> Iterator[Fault]:
    """Find units that nobody converts, and columns whose name says another unit than the one they are read in."""
    for foreign, value in columns.items():
        names, unit = names_and_unit(value)
        said = without_unit(foreign)[1]
        for name in names:
            other = unit_called(name, said)
            if unit and not unit_called(name, unit):
                known = f"units of {name}: {', '.join(units_of(name))}" if name in QUANTITIES else "has no unit"
                yield Fault(
                    "unknown_unit", f"{where}.{foreign}", f"不能换算 / cannot convert {unit!r} to {name}", known
                )
            elif other and other != (unit_called(name, unit) if unit else QUANTITIES[name].unit):
                hint = f'"{foreign}" = {{ name = "{name}", unit = "{other}" }}'
                yield Fault("unit_not_said", f"{where}.{foreign}", f"列名说的是 {other} / its name says {other}", hint)


def _shape_faults(where: str, shape: str, value: Any) -> Iterator[Fault]:
    if not _fits(shape, value):
        yield _misshapen(where, shape)


def _fits(shape: str, value: Any) -> bool:
    match shape:
        case "table":
            return value in TABLES
        case "others":
            return value in get_args(Others)
        case "line":
            return isinstance(value, int) and not isinstance(value, bool) and value >= 1
        case "lines":
            return value in (1, 2) and not isinstance(value, bool)
        case "separator":
            return value in SEPARATORS
        case "flag":
            return isinstance(value, bool)
        case "text":
            return isinstance(value, str)
        case "texts":
            return isinstance(value, list) and all(isinstance(text, str) for text in value)
        case "cells":
            return isinstance(value, dict) and all(bool(cells) and _fits("texts", cells) for cells in value.values())
        case "constants":
            return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
        case "codes":
            return isinstance(value, str) or _fits("constants", value)
        case _:
            return isinstance(value, dict) and all(map(_is_name, value.values()))


def _is_name(value: Any) -> bool:
    """Tell whether a value is what a column may become: a name, some names, or these with a unit."""
    if isinstance(value, dict):
        unit = value.get("unit", "")
        return value.keys() <= {"name", "unit"} and isinstance(unit, str) and _is_plain(value.get("name"))
    return _is_plain(value)


def _is_plain(value: Any) -> bool:
    return bool(value) and (isinstance(value, str) or _fits("texts", value))


def _misshapen(where: str, shape: str) -> Fault:
    example = '"收缩压" = "sbp"' if shape in ("names", "codes") else ""
    return Fault("not_names", where, _WANTED[shape], example)


def names_and_unit(value: Any) -> tuple[tuple[str, ...], str]:
    """Give the names that a column becomes, and the unit it says."""
    names, unit = (value["name"], value.get("unit", "")) if isinstance(value, dict) else (value, "")
    return ((names,) if isinstance(names, str) else tuple(names)), unit
