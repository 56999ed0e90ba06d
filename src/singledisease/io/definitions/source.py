"""TOML text as tables, and the line on which each key stands."""

from __future__ import annotations

import pathlib
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from attrs import frozen

from singledisease.errors import DefinitionError, Fault
from singledisease.language.node_memory import Memoized

Path = tuple[str | int, ...]
"""Keys and places in lists that lead to a value: ``("pathway", "signals", 0, "when")``."""

_BARE_OR_QUOTED = r"(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')"
_STATEMENT = re.compile(
    rf"^[ \t]*(?:(\[\[?)([^\[\]\n]+)\]|({_BARE_OR_QUOTED}(?:\s*\.\s*{_BARE_OR_QUOTED})*)\s*=|(\{{))", re.MULTILINE
)
"""The head of a table, a key, or a table in a list, at the beginning of a line."""
_KEY = re.compile(r"[\w-]+|\"[^\"]*\"|'[^']*'")
_LONG_STRING = re.compile(r"'''.*?'''|\"\"\".*?\"\"\"", re.S)


@frozen
class TomlSource(Memoized):
    """One TOML text: what it is called in messages, its tables, and the lines of its keys."""

    name: str
    tables: Mapping[str, Any]
    lines: Mapping[Path, int]
    text: str = ""

    def at(self, path: Path) -> str:
        """Say the file and line where something stands, or the nearest thing around it that has a line."""
        line = self.line(path)
        name = self.name or "line"
        return f"{name}:{line}" if self.name and line else f"{name} {line}" if line else self.name

    def line(self, path: Path) -> int:
        """Give the line on which something begins, or the nearest thing around it; 0 if none is known."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)


_TOML = "keys are those of the reference, such as id and names; others stand in quotes; see https://toml.io"


def read_source(text: str, name: str = "") -> TomlSource:
    """Read TOML text.

    Raises
    ------
    DefinitionError
        If it is not TOML, with the line.
    """
    plain = text.replace("\r\n", "\n")
    try:
        return TomlSource(name, tomllib.loads(plain), lines_of(plain), plain)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        fault = Fault("no_toml", name, str(error), _TOML)
        raise DefinitionError(f"{name or 'this text'} is no TOML", [fault]) from None


def text_of_file(path: pathlib.Path | str, *, what: str = "definition") -> str:
    """Give the text of a definition's file.

    Raises
    ------
    DefinitionError
        If there is no such file, or it is not UTF-8, with the byte.
    """
    path = pathlib.Path(path)
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        fault = Fault("no_file", str(path), f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        fault = Fault("no_text", str(path), f"is not UTF-8 from byte {error.start} on", "save the file as UTF-8")
    raise DefinitionError(f"no {what}", [fault])


def lines_of(text: str) -> dict[Path, int]:
    r"""Give the line of every table and key that begins a line.

    >>> lines_of('id = "gout"\n[[services]]\nid = "visit"')
    {('id',): 1, ('services',): 2, ('services', 0): 2, ('services', 0, 'id'): 3}
    >>> lines_of('services = [\n  { id = "visit" },\n]')
    {('services',): 1, ('services', 0): 2}
    """
    # Long strings may hold what looks like a key, so they are blanked; their line breaks stay.
    text = _LONG_STRING.sub(lambda found: "''" + "\n" * found[0].count("\n"), text)
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    here: Path = ()
    held: tuple[Path, int] = (), 0
    line, seen = 1, 0
    for found in _STATEMENT.finditer(text):
        line, seen = line + text.count("\n", seen, found.start()), found.start()
        bracket, table, key, brace = found.groups()
        if bracket:
            here = _indexed(_path(table), counts, new=len(bracket) == 2)
            lines.setdefault(tuple(here[:-1]) if isinstance(here[-1], int) else here, line)
            lines[here] = line
        elif brace:
            (last, count) = held
            lines[(*last, count)] = line
            held = last, count + 1
        else:
            held = (*here, *_path(key)), 0
            lines.setdefault(held[0], line)
    return lines


def _path(written: str) -> Path:
    return tuple(part.strip("\"'") for part in _KEY.findall(written))


def _indexed(path: Path, counts: dict[Path, int], *, new: bool) -> Path:
    """Put the places of the tables within lists of tables into a path: the last one there is, or a new one."""
    found: Path = ()
    for i, part in enumerate(path):
        found = (*found, part)
        if new and i == len(path) - 1:
            counts[found] = counts.get(found, -1) + 1
        if found in counts:
            found = (*found, counts[found])
    return found


def written(path: Path) -> str:
    """Write a path as people read it.

    >>> written(("pathway", "signals", 0, "when"))
    'pathway.signals[0].when'
    """
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
