"""The options that say how DATA is read, made from the table of readers: a new format brings its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, get_args

import click
from attrs import field, frozen

from singledisease.cli.options import complete_mapping
from singledisease.eventlog.load_rules import Impossible
from singledisease.io.readers import READERS, ReaderOption
from singledisease.io.readers.model import OptionKind

_TYPES: Mapping[OptionKind, Any] = {"number": float, "file": click.Path(exists=True, path_type=Path)}


@frozen
class ReadingArguments:
    """How DATA is to be read, as it stands on the command line."""

    format: str | None
    encoding: str
    mapping: str | None
    options: Mapping[str, Any] = field(factory=dict)
    rules: Mapping[str, Any] = field(factory=dict)

    def arguments(self) -> dict[str, Any]:
        """Give what ``sd.read`` and ``sd.inspect`` are called with."""
        given = {"format": self.format, "encoding": self.encoding, "mapping": self.mapping}
        return {**given, **self.rules, **self.options}


def reads(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of every format, as ``reading``."""

    @wraps(command)
    def with_reading(*args: Any, format_in: str | None, encoding: str, mapping: str | None, **others: Any) -> Any:
        given = {name: others.pop(name) for name in _by_name()}
        rules = {name: others.pop(name) for name in _RULES}
        options = {name: value for name, value in given.items() if value is not None}
        return command(*args, reading=ReadingArguments(format_in, encoding, mapping, options, rules), **others)

    decorated: Callable[..., Any] = with_reading
    for option in reversed([*_common(), *_of_formats()]):
        decorated = option(decorated)
    return decorated


def _common() -> Iterator[Callable[..., Any]]:
    yield click.option(
        "--format-in",
        type=click.Choice(list(READERS)),
        help="What DATA is; if not said, it is known by the names of its files.",
    )
    yield click.option("--encoding", default="utf-8", show_default=True, help="Of CSV files, such as gb18030.")
    yield click.option(
        "--mapping",
        metavar="FILE|NAME",
        shell_complete=complete_mapping,
        help="What names foreign tables, columns and codes: a TOML file (begin one with inspect), or a shipped one.",
    )
    yield click.option(
        "--impossible",
        type=click.Choice(get_args(Impossible)),
        default="reading",
        show_default=True,
        help="What an impossible number refuses: the reading alone, or its whole row.",
    )
    yield click.option("--local-dates", is_flag=True, help="Take the date of a time stamp that has no time zone.")
    yield click.option("--strict", is_flag=True, help="Refuse words that no definition knows, instead of listing them.")


_RULES = ("impossible", "local_dates", "strict")


def _by_name() -> dict[str, list[tuple[str, ReaderOption]]]:
    """Give the options of all formats by name, each with the formats that have it."""
    found: dict[str, list[tuple[str, ReaderOption]]] = {}
    for reader in READERS.values():
        for option in reader.options:
            if option.kind != "value":
                found.setdefault(option.name, []).append((reader.format, option))
    return found


def _of_formats() -> Iterator[Callable[..., Any]]:
    for name, having in _by_name().items():
        option = having[0][1]
        flag = {"is_flag": True, "default": None} if option.kind == "flag" else {"metavar": _metavar(having)}
        yield click.option(
            f"--{name.replace('_', '-')}", name, type=_TYPES.get(option.kind, str), help=_help(having), **flag
        )


def _metavar(having: list[tuple[str, ReaderOption]]) -> str:
    choices = dict.fromkeys(choice for _, option in having for choice in option.choices)
    return "|".join(choices) or {"file": "FILE", "number": "NUMBER"}.get(having[0][1].kind, "TEXT")


def _help(having: list[tuple[str, ReaderOption]]) -> str:
    """Say what an option says in each format, once for those in which it says the same.

    In English, as every option: the terminal's width is counted in letters, and a Chinese character takes two.
    """
    said: dict[str, list[str]] = {}
    for format, option in having:
        default = f"  [{option.default}]" if option.default else ""
        said.setdefault(f"{option.says.en}{default}", []).append(format)
    return "; ".join(f"{', '.join(formats)}: {text}" for text, formats in said.items())
