"""The page about performance: figures of one run, with how much the machine wavered, in plain words."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version

from attrs import frozen

PEERS = ("numpy", "scipy", "duckdb", "lifelines", "polars", "pyarrow", "transitions")


@frozen
class Row:
    """One line of a table: what was done, how long it took, what that is against the yardstick, and the aim."""

    work: str
    taken: str
    ratio: str = ""
    aim: str = ""


@frozen
class Section:
    """One yardstick: title, what was done by whom, the lines, and remarks."""

    title: str
    words: str
    rows: tuple[Row, ...]
    remarks: tuple[str, ...] = ()


def as_text(section: Section) -> str:
    """Write a section for the terminal."""
    table = [("", "time", "ratio", "aim"), *[(row.work, row.taken, row.ratio, row.aim) for row in section.rows]]
    widths = [max(len(line[i]) for line in table) for i in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in table]
    return "\n".join([section.title, "-" * len(section.title), *lines, *[f"* {remark}" for remark in section.remarks]])


def as_markdown(
    sections: Iterable[Section], people: int, events: int, runs: int, wavering: float, *, picture: str
) -> str:
    """Write the page; ``picture`` is the name of the file beside it that has its bars."""
    peers = ", ".join(f"{name} {version(name)}" for name in PEERS)
    parts = [
        "# Performance",
        "",
        "`make bench` wrote this page; nobody edits it. It measures the library against others that do the same "
        "work with the same meaning: before anything is timed their figures have to be equal.",
        "",
        f"One registry made up by NumPy: {people:,} people, {events:,} events, 300 institutions. "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, {peers}. "
        f"All ways of one yardstick take turns; a time is the middle one of {runs} turns, "
        "with the shortest and the longest in brackets.",
        "",
        f"The machine's noise: the longest turn took up to {wavering:.1f} times the shortest of the same work. "
        "A ratio is worth no more than that; times are not comparable between machines.",
        "",
        f"![The times of this page as bars: the library in blue, its peers in grey]({picture})",
        "",
    ]
    for section in sections:
        parts += [f"## {section.title}", "", section.words, "", *_table(section.rows), ""]
        parts += [f"* {remark}" for remark in section.remarks]
        parts += [""] if section.remarks else []
    return "\n".join(parts).rstrip() + "\n"


def _table(rows: Sequence[Row]) -> list[str]:
    lines = ["| work | time | ratio | aim |", "|---|---|---|---|"]
    return lines + [f"| {row.work} | {row.taken} | {row.ratio} | {row.aim} |" for row in rows]
