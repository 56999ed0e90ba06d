"""Mapping files read: TOML, with all that is wrong told at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, get_args

from singledisease.errors import DataError, Fault, UsageError, did_you_mean
from singledisease.events.raw import TableName
from singledisease.io.conversion import units_of
from singledisease.io.mapping.names import unit_called, without_unit
from singledisease.io.mapping.source import CodeList, Others, RecordSystem, Source
from singledisease.vocabulary import QUANTITIES

TABLES: tuple[str, ...] = get_args(TableName)
_SHIPPED = resources.files("singledisease.io").joinpath("mappings")
_LISTS = "lists"
_COMMON = ("dates", "blank", "footers", "header", "header_lines", "separator")
"""What may stand at the top, for every table that does not say it itself; the encoding may too."""
_TOP = ("title", "encoding", "extends", "lists", "sources", *_COMMON, *TABLES)
_SHAPES: Mapping[str, str] = {
    "table": "table",
    "files": "texts",
    "has": "texts",
    "lacks": "texts",
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
}
_SEPARATORS = (",", "\t", ";", "|")
_WANTED = {
    "table": f"应为其一 / must be one of {', '.join(TABLES)}",
    "texts": "应为文字的列表 / must be a list of texts",
    "names": "应逐行写明名称 / must give a name, a list of names, or { name = …, unit = … } for each",
    "codes": "应逐行写明代码 / must give the meaning of each code, or the name of a code list",
    "constants": "应逐行写明内容 / must give a text for each column",
    "flag": "应为 true 或 false / must be true or false",
    "others": f"应为其一 / must be one of {', '.join(get_args(Others))}",
    "text": "应为文字 / must be a text",
    "lines": "应为 1 或 2 / must be 1 or 2",
    "line": "应为行号 / must be the number of a line, from 1",
    "separator": f"应为其一 / must be one of {' '.join(map(repr, _SEPARATORS))}",
}


def code_lists() -> Mapping[str, CodeList]:
    """Give the code lists that come with the library, by name.

    >>> code_lists()["CV06.00.207"].values["1"], code_lists()["CV06.00.207"].status
    ('clinic', 'confirmed')
    """
    return _lists(_shipped_text(_LISTS))


def shipped() -> tuple[str, ...]:
    """Give the names of the mappings that come with the library.

    >>> shipped()
    ('bphs-forms', 'ws365', 'ws372')
    """
    names = (file.name for file in _SHIPPED.iterdir())
    return tuple(sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml") and n != f"{_LISTS}.toml"))


def read_mapping(path: str | Path) -> RecordSystem:
    """Read a mapping file, or one that comes with the library by its name.

    Raises
    ------
    DataError
        If it cannot be read, or says something that a mapping cannot say, with all its faults.

    >>> [source.name for source in read_mapping("ws365").sources][:2]
    ['个人基本信息', '高血压随访']
    """
    return mapping_of(_loaded(path), str(path))


def mapping_of(content: dict[str, Any], where: str) -> RecordSystem:
    """Make a mapping of what a TOML file says.

    Raises
    ------
    DataError
        If it says something that a mapping cannot say, with all its faults.
    """
    content = _with_base(content, where)
    faults = list(_faults(content))
    if not faults:
        known = {**code_lists(), **_lists(content)}
        faults = list(_unknown_lists(content, known))
    if faults:
        raise DataError(f"{where}: 对照表有误 / the mapping is not sound", faults)
    try:
        return _system(content, known)
    except UsageError as error:
        fault = Fault("column_and_constant", where, error.summary, "name it once")
        raise DataError(f"{where}: 对照表有误 / the mapping is not sound", [fault]) from None


# FILES


def _loaded(path: str | Path) -> dict[str, Any]:
    if isinstance(path, str) and path in shipped():
        return _shipped_text(path)
    file = Path(path)
    if not file.exists():
        near = [str(one) for one in sorted(file.parent.glob("*.toml"))] if file.parent.is_dir() else []
        close = did_you_mean(str(path), [*shipped(), *near])
        hint = close if close.startswith("did you mean") else f"shipped mappings: {', '.join(shipped())}"
        raise DataError(
            f"{path}: 没有这个对照表 / there is no such mapping",
            [
                Fault(
                    "no_mapping",
                    str(path),
                    "既不是文件也不是自带的对照表 / neither a file nor one that is shipped",
                    hint,
                )
            ],
        )
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        fault = Fault(
            "unreadable_mapping",
            file.name,
            str(error),
            "a mapping is a TOML file in UTF-8; names that are not plain letters stand in quotes",
        )
        raise DataError(f"{path}: 无法读取对照表 / the mapping cannot be read", [fault]) from None


def _shipped_text(name: str) -> dict[str, Any]:
    return tomllib.loads(_SHIPPED.joinpath(f"{name}.toml").read_text("utf-8"))


def _with_base(content: dict[str, Any], where: str) -> dict[str, Any]:
    """Lay a mapping over the shipped one that it extends: tables are merged, everything else replaces."""
    base = content.get("extends")
    if base is None:
        return content
    if base not in shipped():
        fault = Fault("unknown_mapping", f"{where}: extends", f"{base!r}", did_you_mean(str(base), shipped()))
        raise DataError(f"{where}: 对照表有误 / the mapping is not sound", [fault])
    return _laid_over(_shipped_text(base), {key: value for key, value in content.items() if key != "extends"})


def _laid_over(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    both = {
        key: _laid_over(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
        for key, value in own.items()
    }
    # What is one's own stands first: of several columns for one name the first is taken.
    return {**both, **{key: value for key, value in base.items() if key not in both}}


# FAULTS


def _faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    for name, part in content.items():
        if name not in _TOP:
            yield Fault("unknown_table", name, "没有这个表 / there is no such table", did_you_mean(name, _TOP))
        elif name in ("title", "encoding", *_COMMON):
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
        names, unit = _named(value)
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
            return value in _SEPARATORS
        case "flag":
            return isinstance(value, bool)
        case "text":
            return isinstance(value, str)
        case "texts":
            return isinstance(value, list) and all(isinstance(text, str) for text in value)
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


def _named(value: Any) -> tuple[tuple[str, ...], str]:
    """Give the names that a column becomes, and the unit it says."""
    names, unit = (value["name"], value.get("unit", "")) if isinstance(value, dict) else (value, "")
    return ((names,) if isinstance(names, str) else tuple(names)), unit


def _misshapen(where: str, shape: str) -> Fault:
    example = '"收缩压" = "sbp"' if shape in ("names", "codes") else ""
    return Fault("not_names", where, _WANTED[shape], example)


def _unknown_lists(content: Mapping[str, Any], known: Mapping[str, CodeList]) -> Iterator[Fault]:
    for where, table in _tables(content):
        for column, codes in table.get("codes", {}).items():
            if isinstance(codes, str) and codes not in known:
                hint = did_you_mean(codes, known)
                yield Fault("unknown_list", f"{where}.codes.{column}", f"没有代码表 / no code list {codes!r}", hint)


# VALUES


def _tables(content: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, table in content.get("sources", {}).items():
        yield f"sources.{name}", table
    for name in TABLES:
        if name in content:
            yield name, content[name]


def _lists(content: Mapping[str, Any]) -> dict[str, CodeList]:
    return {name: CodeList(name=name, **one) for name, one in content.get("lists", {}).items()}


def _system(content: Mapping[str, Any], known: Mapping[str, CodeList]) -> RecordSystem:
    common = {part: content[part] for part in _COMMON if part in content}
    short = {name: {"table": name, "others": "keep", **common, **content[name]} for name in TABLES if name in content}
    sources = {name: {**common, **table} for name, table in content.get("sources", {}).items()}
    return RecordSystem(
        title=content.get("title", ""),
        sources=tuple(_source(name, table, known) for name, table in sources.items()),
        tables={name: _source(name, table, known) for name, table in short.items()},
        encoding=content.get("encoding", ""),
        header=content.get("header", 1),
        header_lines=content.get("header_lines", 1),
        separator=content.get("separator", ""),
    )


def _source(name: str, table: Mapping[str, Any], known: Mapping[str, CodeList]) -> Source:
    parts: dict[str, Any] = {part: tuple(value) if isinstance(value, list) else value for part, value in table.items()}
    parts["units"] = {}
    for part in ("columns", "split"):
        given = {foreign: _named(value) for foreign, value in table.get(part, {}).items()}
        parts[part] = {foreign: names for foreign, (names, _) in given.items()}
        parts["units"] |= {foreign: unit_called(names[0], unit) for foreign, (names, unit) in given.items() if unit}
    parts["codes"] = {
        column: known[codes] if isinstance(codes, str) else CodeList(name=column, values=codes)
        for column, codes in table.get("codes", {}).items()
    }
    return Source(name=name, **parts)
