"""Mapping files read: TOML, with all that is wrong told at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from singledisease.errors import DataError, Fault, UsageError, did_you_mean
from singledisease.io.mapping.names import unit_called
from singledisease.io.mapping.schema import COMMON, TABLES, faults_of, names_and_unit
from singledisease.io.mapping.source import ANYTHING, CodeList, RecordSystem, Source

_SHIPPED = resources.files("singledisease.io").joinpath("mappings")
_LISTS = "lists"


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
    faults = list(faults_of(content))
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


# VALUES


def _unknown_lists(content: Mapping[str, Any], known: Mapping[str, CodeList]) -> Iterator[Fault]:
    named = [
        (f"{where}.codes.{column}", codes)
        for where, table in _tables(content)
        for column, codes in table.get("codes", {}).items()
    ]
    for where, table in (("", content), *_tables(content)):
        named.append((f"{where}.status_codes".lstrip("."), table.get("status_codes", {})))
    for where, codes in named:
        if isinstance(codes, str) and codes not in known:
            yield Fault("unknown_list", where, f"没有代码表 / no code list {codes!r}", did_you_mean(codes, known))


def _tables(content: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, table in content.get("sources", {}).items():
        yield f"sources.{name}", table
    for name in TABLES:
        if name in content:
            yield name, content[name]


def _lists(content: Mapping[str, Any]) -> dict[str, CodeList]:
    return {name: CodeList(name=name, **one) for name, one in content.get("lists", {}).items()}


def _system(content: Mapping[str, Any], known: Mapping[str, CodeList]) -> RecordSystem:
    common = {part: content[part] for part in COMMON if part in content}
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
    parts["where"] = {foreign: tuple(cells) for foreign, cells in table.get("where", {}).items()}
    parts["units"] = {}
    for part in ("columns", "split"):
        given = {foreign: names_and_unit(value) for foreign, value in table.get(part, {}).items()}
        parts[part] = {foreign: names for foreign, (names, _) in given.items()}
        parts["units"] |= {foreign: unit_called(names[0], unit) for foreign, (names, unit) in given.items() if unit}
    codes = dict(table.get("codes", {}))
    status = parts.pop("status_codes", None)
    if status is not None and table["table"] == "events":
        # What is not among them stays as it is: other words of a status are no unknown codes.
        codes.setdefault("status", status if isinstance(status, str) else {ANYTHING: ANYTHING, **status})
    parts["codes"] = {
        column: known[one] if isinstance(one, str) else CodeList(name=column, values=one)
        for column, one in codes.items()
    }
    return Source(name=name, **parts)
