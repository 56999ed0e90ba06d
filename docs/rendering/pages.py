"""Small pieces of Markdown: tables, blocks, lists of pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from unicodedata import east_asian_width


def block(text: str, language: str = "text") -> str:
    """Write a fenced block."""
    return f"```{language}\n{text.rstrip()}\n```"


def output(text: str, language: str = "text") -> str:
    """Write a block that holds Chinese in columns: its font must be one in which a character takes two places."""
    if not any(east_asian_width(sign) in "WF" for sign in text):
        return block(text, language)
    return f"```{{code-block}} {language}\n:class: cjk\n\n{text.rstrip()}\n```"


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table; a cell with nothing in it is blank."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cell(one) for one in line) + " |" for line in lines)


def cell(value: object) -> str:
    """Write one cell: ``|`` and line breaks would end it, ``<`` would open a tag, ``*`` would turn to italics."""
    text = "" if value is None else str(value)
    if text.startswith("`") and text.endswith("`"):
        return text.replace("|", "\\|").replace("\n", " ")
    for sign in "\\<*_[":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("|", "\\|").replace("\n", "<br>")


def code(text: object) -> str:
    """Write something as code, unless there is nothing to write."""
    return f"`{text}`" if str(text) else ""


def aligned(lines: Sequence[str]) -> str:
    """Align the blank-separated cells of some lines under each other."""
    cells = [line.split() for line in lines]
    widths = [max((len(row[i]) for row in cells if i < len(row)), default=0) for i in range(max(map(len, cells)))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=False)).rstrip() for row in cells
    )


def contents(names: Iterable[str], caption: str = "") -> str:
    """Write a list of pages that Sphinx takes up into the navigation."""
    options = [f":caption: {caption}"] if caption else []
    return "\n".join(["```{toctree}", ":maxdepth: 1", *options, "", *names, "```"])


def write(path: Path, *parts: str) -> None:
    """Write a page of some parts, with a blank line between them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(part for part in parts if part) + "\n", "utf-8")
