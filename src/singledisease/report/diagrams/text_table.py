"""A pathway as a list to be read: what is heard in which states, what is due in them, by whom and on what ground."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from singledisease.definitions.disease import Disease
from singledisease.report.diagrams.rows import HEADINGS, table
from singledisease.text_layout import wrapped

_BESIDE = ("due", "role", "levels", "when", "source")


def listing(disease: Disease, language: str = "en", width: int = 80) -> str:
    """Write the rows of the pathway's table one under the other, by part and states, in lines of ``width`` places."""
    return "\n".join(_lines(disease, language, width)) + "\n"


def _lines(disease: Disease, language: str, width: int) -> Iterator[str]:
    yield f"{disease.names.in_language(language)} {disease.version}"
    rows = table(disease, language).rows()
    for part, of_part in groupby(rows, lambda row: row["part"]):
        yield ""
        yield f"━━ {part} ━━"
        for states, group in groupby(of_part, lambda row: row["from"]):
            yield ""
            yield from wrapped(states, width)
            for row in group:
                yield from _row(row, language, width)


def _row(row: dict[str, str], language: str, width: int) -> Iterator[str]:
    arrow = f" → {row['to']}" if row["to"] else ""
    yield from _indented(f"• {row['what']}{arrow}", 2, width)
    for name in _BESIDE:
        if row[name]:
            title = HEADINGS[name][0 if language == "zh" else 1]
            yield from _indented(f"{title}: {row[name]}", 6, width)
    if row["breach"]:
        yield " " * 6 + HEADINGS["breach"][0 if language == "zh" else 1]


def _indented(text: str, indent: int, width: int) -> Iterator[str]:
    first, *rest = wrapped(text, width - indent - 2)
    yield " " * indent + first
    yield from (" " * (indent + 2) + line for line in rest)
