"""Tables as TOML text, in the layout in which people write it."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from singledisease.language.format import number_text

Table = Mapping[str, Any]
"""Keys and values of one table; keys whose value is ``None`` are left out."""


class ExpressionText(str):
    """Text of an expression: written in single quotes where that spares escaping double ones and line breaks."""

    __slots__ = ()


def table_lines(name: str, values: Table, *, many: bool = False) -> Iterator[str]:
    """Write a table with a blank line before it; ``many``: one of a list of tables."""
    yield ""
    yield f"[[{name}]]" if many else f"[{name}]"
    yield from pair_lines(values)


def pair_lines(values: Table) -> Iterator[str]:
    """Write keys and values, a line each."""
    for key, value in values.items():
        if value is not None:
            yield f"{toml_key(key)} = {toml_value(value)}"


def toml_key(key: str) -> str:
    """Write a key, in quotes if it needs them."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _string(key)


def toml_value(value: Any) -> str:
    """Write a value: text, an expression, a number, a date, a list or a table in one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case ExpressionText():
            return _literal(value)
        case str():
            return _string(value)
        case float() | int():
            return number_text(value)
        case dt.date():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(toml_value(each) for each in value)}]"
    pairs = ", ".join(f"{toml_key(key)} = {toml_value(each)}" for key, each in value.items() if each is not None)
    return f"{{ {pairs} }}" if pairs else "{}"


def _literal(text: str) -> str:
    """Write text as it is, in one line or several, if single quotes can hold it."""
    if "'" in text or not text.replace("\n", "").isprintable() or text.startswith("\n"):
        return _string(text)
    return f"'''{text}'''" if "\n" in text else f"'{text}'"


def _string(text: str) -> str:
    # JSON writes a string as TOML does, but lets the one control character DEL stand.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
