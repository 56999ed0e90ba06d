"""Which reader reads what was given, and whether it can be told what it is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from singledisease.errors import DataError, Fault, UsageError, did_you_mean, require_each
from singledisease.io.database.url import is_url
from singledisease.io.readers.model import Reader, ReaderOption
from singledisease.io.readers.table import READERS
from singledisease.io.tables import FOREIGN_SUFFIXES

PathLike = str | Path
DEFAULT, DATABASE = "folder", "database"
_PLAIN: Mapping[str, type | tuple[type, ...]] = {
    "choice": str,
    "text": str,
    "file": (str, Path),
    "number": (int, float),
    "flag": bool,
}
_SAID: Mapping[str, str] = {
    "text": "文本 / text",
    "file": "路径 / a path",
    "number": "数字 / a number",
    "flag": "True 或/or False",
}


def reader_named(format: str) -> Reader:
    """Give the reader of a format.

    Raises
    ------
    UsageError
        If there is no such format.
    """
    if format not in READERS:
        raise UsageError(f"没有格式 / there is no format {format!r}; {did_you_mean(str(format), READERS)}")
    return READERS[format]


def reader_for(path: PathLike | Sequence[PathLike], format: str | None = None, *, mapped: bool = False) -> Reader:
    """Give the reader of a format, or if none is named the one whose files these are.

    A file is known by how its name ends; a folder by its files, if all that could be read are of one format, or by a
    table that one format alone has; a database by its URL.

    Parameters
    ----------
    path
        What is to be read.
    format
        Its format, if it is named.
    mapped
        Whether a mapping says what the tables of a folder are: then it is none of the formats that say so themselves.

    Raises
    ------
    UsageError
        If there is no such format, or it is given several paths and can read only one.
    DataError
        If a folder holds files of several formats.
    """
    if not isinstance(path, str | Path):
        require_each(path, str, Path, way="sd.read(path), sd.inspect(path)", named="path")
    reader = reader_named(format) if format is not None else READERS[_recognised(path, mapped)]
    if is_url(path) and not reader.urls:
        able = ", ".join(one.format for one in READERS.values() if one.urls)
        raise UsageError(f"{reader.format}: 不能从数据库读取 / is not read from a database; these are: {able}")
    if not reader.several and not isinstance(path, str | Path):
        raise UsageError(
            f"{reader.format}: 应为一个文件夹或文件 / pass one folder or file, not several: {reader.names.en}"
        )
    return reader


def _recognised(path: PathLike | Sequence[PathLike], mapped: bool) -> str:
    if is_url(path):
        return DATABASE
    if not isinstance(path, str | Path):
        names = [Path(one).name for one in path]
        able = (reader for reader in READERS.values() if reader.several and names)
        return next((reader.format for reader in able if all(map(reader.ends, names))), DEFAULT)
    here = Path(path)
    if not here.is_dir():
        return next((reader.format for reader in READERS.values() if reader.ends(here.name)), DEFAULT)
    names = [file.name for file in here.iterdir() if file.is_file()]
    if any(name.lower().endswith(FOREIGN_SUFFIXES) for name in names):
        signed = (reader.format for reader in READERS.values() if not mapped and reader.shows_in(here))
        return next(signed, DEFAULT)
    if not any(reader.ends(name) for reader in READERS.values() for name in names):
        names = [file.name for file in here.rglob("*")]
    found = [reader.format for reader in READERS.values() if any(map(reader.ends, names))]
    if len(found) > 1:
        message = f"文件夹内有多种格式 / the folder holds files of several formats: {', '.join(found)}"
        fault = Fault("several_formats", here.name, message, f"say which: --format-in {found[0]}")
        raise DataError(f"{here}: 无法判断格式 / the format cannot be told", [fault])
    return found[0] if found else DEFAULT


def check_options(reader: Reader, options: Mapping[str, Any], common: Mapping[str, Any]) -> None:
    """Refuse what a format cannot be told.

    Parameters
    ----------
    reader
        Of the format.
    options
        Its own options, by name.
    common
        Arguments that exist for every format and were given, by name.

    Raises
    ------
    UsageError
        With every option that it does not have, or that cannot be what it was given.
    """
    faults = [*_unknown(reader, options, common), *_wrong(reader, options)]
    if faults:
        raise UsageError(f"{reader.format}: 不能这样读取 / the registry cannot be read this way", faults)


def _unknown(reader: Reader, options: Mapping[str, Any], common: Mapping[str, Any]) -> Iterator[Fault]:
    known = [*(option.name for option in reader.options), *reader.takes]
    for name in (*(name for name in common if name not in reader.takes), *options):
        if name not in known:
            hint = did_you_mean(name, known)
            yield Fault("unknown_option", name, f"is no option of format {reader.format!r}", hint)


def _wrong(reader: Reader, options: Mapping[str, Any]) -> Iterator[Fault]:
    for name, given in options.items():
        option = reader.option(name)
        if option is not None:
            yield from _wrong_value(option, given)


def _wrong_value(option: ReaderOption, given: Any) -> Iterator[Fault]:
    if option.kind == "choice" and given not in option.choices:
        hint = did_you_mean(str(given), option.choices)
        yield Fault("unknown_option", option.name, f"没有选项 / there is no option {given!r}", hint)
    elif option.kind in _SAID and not isinstance(given, _PLAIN[option.kind]):
        message = f"应为{_SAID[option.kind]} is wanted, given {given!r}"
        yield Fault("wrong_type", option.name, message, option.says.en)
