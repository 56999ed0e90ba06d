"""What was probably meant, where an expression is not well made."""

from __future__ import annotations

from typing import Any

from singledisease.aliases import COLUMN_ALIASES
from singledisease.language import nodes as n
from singledisease.language.format import write
from singledisease.language.row_sources import EVERY_COLUMN
from singledisease.spelling import suggestion
from singledisease.vocabulary import ValueKind


def column_hint(node: Any) -> str:
    """Say that a column is a further one, if that may be a slip of the pen."""
    column = node.value if isinstance(node, n.Picked) else node
    if isinstance(column, n.Column | n.This) and column.name not in EVERY_COLUMN:
        return f"{column.name!r} is a further column; {suggestion(column.name, EVERY_COLUMN, COLUMN_ALIASES)}"
    return ""


def date_hint(node: Any, kind: ValueKind) -> str:
    """Say how a date is written, where a text stands in its place."""
    is_text = isinstance(node, n.Literal) and node.kind == "text"
    return f"a date is written day({write(node)})" if kind == "date" and is_text else ""


def bracket_hint(user: Any) -> str:
    """Say what is the matter if ``a < 1 & b < 2`` was written: & binds tighter than <."""
    return "put brackets around each comparison: (a < 1) & (b < 2)" if is_connective(user) else ""


def is_connective(node: Any) -> bool:
    """Say whether a node is ``and`` or ``or``."""
    return isinstance(node, n.Apply) and node.operation in ("and", "or")
