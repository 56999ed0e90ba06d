"""The text of statements: a table's name or a query made one, names quoted, and what the load report calls it."""

from __future__ import annotations

import re

from singledisease.errors import UsageError
from singledisease.io.database.connection import Family

_QUERY = re.compile(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/|\()*(select|with|values|from|table|exec|call)\b\s*\S", re.I | re.DOTALL
)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_$#]*\Z")
_SHOWN = 80
"""How much of a query stands in the place of a file name."""


def is_query(text: str) -> bool:
    """Tell whether a text is a query; what is none is the name of a table.

    >>> is_query("select * from visits"), is_query("with t as (select 1) select * from t"), is_query("values")
    (True, True, False)
    """
    return _QUERY.match(text) is not None


def select_of(text: str, family: Family) -> str:
    """Give the statement that reads a table or a query.

    Raises
    ------
    UsageError
        If there is no text.

    >>> select_of("public.follow_up", "other"), select_of("随访", "other")
    ('select * from public.follow_up', 'select * from "随访"')
    """
    if not isinstance(text, str) or not text.strip():
        raise UsageError(f"应为表名或查询 / name a table or write a query, not {text!r}")
    if is_query(text):
        return text.strip().rstrip(";")
    return f"select * from {quoted(text, family)}"


def quoted(name: str, family: Family) -> str:
    """Give the name of a table as a statement has it, with the schema before it, each quoted if need be.

    A plain name stays as it is, so that every database folds it as it is used to.

    >>> quoted("main.血压", "sqlite"), quoted("order list", "mysql"), quoted("public.visit", "other")
    ('main."血压"', '`order list`', 'public.visit')
    """
    name = name.strip()
    if name[:1] in ('"', "`", "["):
        return name
    return ".".join(part if _PLAIN.match(part) else column_name(part, family) for part in name.split("."))


def column_name(name: str, family: Family) -> str:
    """Give the name of a column as a statement has it; always quoted: ``group`` and ``from`` are words of SQL."""
    mark = "`" if family == "mysql" else '"'
    return f"{mark}{name.replace(mark, mark * 2)}{mark}"


def called(text: str) -> str:
    r"""Give what stands in the place of a file: the table's name, or the query on one line, cut if it is long.

    >>> called("select *\n  from visits"), called("visits")
    ('select * from visits', 'visits')
    """
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
