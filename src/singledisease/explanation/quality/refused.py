"""Refused rows and readings by reason, with an example of each."""

from __future__ import annotations

from collections import Counter

from singledisease.eventlog.report import LoadReport, Refusal
from singledisease.tables import Heading, Table

HEADINGS: dict[str, Heading] = {
    "file": ("文件", "file"),
    "column": ("列", "column"),
    "check": ("检查", "check"),
    "reason": ("原因", "reason"),
    "times": ("次数", "times"),
    "value": ("例如", "for example"),
    "line": ("所在行", "line"),
    "table": ("表", "table"),
    "read": ("读入", "read"),
    "accepted": ("接受", "accepted"),
    "duplicates": ("重复", "duplicates"),
    "refused": ("拒绝", "refused"),
    "not_done": ("未发生", "not done"),
    "skipped": ("略过", "skipped"),
    "readings": ("拒绝的读数", "refused readings"),
}


def rows(report: LoadReport) -> Table:
    """Give what became of the rows of every table that was read."""
    names = ("table", "read", "accepted", "duplicates", "refused", "not_done", "skipped", "readings")
    found = [tuple(getattr(table, name) for name in names) for table in report.tables]
    return Table.of_rows(names, found, headings=HEADINGS)


def refusals(report: LoadReport) -> Table:
    """Count refused rows and readings by file, column and check, the most frequent first, with the first of each."""
    first: dict[tuple[str, str, str], Refusal] = {}
    times: Counter[tuple[str, str, str]] = Counter()
    for refusal in (*report.refusals, *report.readings):
        key = refusal.file, refusal.column, refusal.check
        first.setdefault(key, refusal)
        times[key] += 1
    found = [(*key, count, first[key].value, first[key].line, first[key].reason) for key, count in times.most_common()]
    return Table.of_rows(("file", "column", "check", "times", "value", "line", "reason"), found, headings=HEADINGS)
