"""The load report: what became of every row that was read."""

from __future__ import annotations

import html
from collections import Counter

from attrs import field, frozen


@frozen
class Refusal:
    """A row, or one cell of it, that was refused: where, what stood there, and why.

    ``table`` is ``patients``, ``events`` or ``institutions``; ``line`` counts from 1 (the header).
    ``check`` is the rule's short name, ``reason`` says it in words, in Chinese and English.
    ``key`` is the person (of an institution its id) as far as the row names one.
    """

    table: str
    file: str
    line: int
    column: str
    value: str
    check: str
    reason: str
    key: str = ""

    def __str__(self) -> str:
        cell = f"{self.column}={self.value!r}: " if self.column else ""
        return f"{self.file}:{self.line} {cell}{self.reason} [{self.check}]"


@frozen
class TableReport:
    """The rows of one table: accepted + duplicates + refused + skipped = read.

    ``skipped`` rows are sound but say nothing this library reads; only foreign files have any, and the
    report's notes count them by reason.
    """

    table: str
    read: int = 0
    accepted: int = 0
    duplicates: int = 0
    refused: int = 0
    skipped: int = 0

    @property
    def balanced(self) -> bool:
        """Whether every row that was read is accounted for."""
        return self.read == self.accepted + self.duplicates + self.refused + self.skipped

    def __str__(self) -> str:
        text = (
            f"{self.table}: 读入 read {self.read} = 接受 accepted {self.accepted}"
            f" + 重复 duplicates {self.duplicates} + 拒绝 refused {self.refused}"
        )
        return f"{text} + 略过 skipped {self.skipped}" if self.skipped else text


@frozen
class LoadReport:
    """What became of every row of every table, and the reasons of every refusal.

    ``notes`` are things worth knowing that refused nothing (skipped rows of foreign files, by reason).
    """

    tables: tuple[TableReport, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def balanced(self) -> bool:
        """Whether every row of every table is accounted for."""
        return all(table.balanced for table in self.tables)

    def table(self, name: str) -> TableReport:
        """Give the counts of one table; of a table that was not given, zeros."""
        for table in self.tables:
            if table.table == name:
                return table
        return TableReport(name)

    def summary(self, most: int = 10) -> str:
        """Write the counts, how often each check refused, and the first refusals, in Chinese and English."""
        lines = [str(table) for table in self.tables]
        checks = Counter(refusal.check for refusal in self.refusals)
        lines += [f"  {check}: {count}" for check, count in checks.most_common()]
        lines += [f"  {refusal}" for refusal in self.refusals[:most]]
        if len(self.refusals) > most:
            lines.append(f"  … 另有 {len(self.refusals) - most} 条 / {len(self.refusals) - most} more")
        return "\n".join([*lines, *self.notes])

    def __str__(self) -> str:
        return self.summary()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.summary())}</pre>"
