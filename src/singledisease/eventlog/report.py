"""The load report: what became of every row and every reading that was read, and what is likely a slip."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Iterator

from attrs import field, frozen


@frozen
class Refusal:
    """A row, or one cell of it, that was refused: where, what stood there, and why.

    ``table`` is ``patients``, ``events``, ``institutions``, ``teams`` or ``activities``; ``line`` counts from 1, which
    is the header.
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
class NotDone:
    """Rows whose status says that what they tell of did not happen: set aside, and heard by no engine.

    Attributes
    ----------
    table, file
        Where they stand.
    kind, status
        What they would have been, and the word that says it was not done, as it stands in the file.
    lines
        Their lines; the header is line 1.
    """

    table: str
    file: str
    kind: str
    status: str
    lines: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.file}:{self.lines[0]} {self.kind} status={self.status!r} × {len(self.lines)}"


@frozen
class Slip:
    """A word that is kept as it stands, and is likely a slip of the pen: nothing that is defined knows it.

    Attributes
    ----------
    table, column
        Where it stands; of a column's own name ``column`` is blank.
    value
        The word.
    count
        In how many rows; of a column's name, in how many it has a value.
    meant
        What was perhaps meant, in words; blank if nothing comes near.
    check
        The rule's short name: ``unknown_word``, ``unknown_column``, ``record_twice``, ``total_row``, ``shortened_id``,
        ``zeros_lost``.
    file, line
        Where the first such row stands.
    """

    table: str
    column: str
    value: str
    count: int
    meant: str = ""
    check: str = "unknown_word"
    file: str = ""
    line: int = 0

    @property
    def where(self) -> str:
        """The column it stands in; of a column's own name, the table."""
        return f"{self.table}.{self.column}" if self.column else f"{self.table} (列 column)"

    def __str__(self) -> str:
        place = f" {self.file}:{self.line}" if self.line else ""
        meant = f" – {self.meant}" if self.meant else ""
        return f"{self.where}: {self.value!r} × {self.count}{place}{meant}"


@frozen
class TableReport:
    """The rows of one table: accepted + duplicates + refused + not done + skipped = read.

    ``not_done`` rows say by their status that nothing happened.  ``skipped`` rows are sound but say nothing this
    library reads; only foreign files have any, and the report's notes count them by reason.  ``readings`` counts
    numbers that were refused in rows whose event was kept.
    """

    table: str
    read: int = 0
    accepted: int = 0
    duplicates: int = 0
    refused: int = 0
    skipped: int = 0
    not_done: int = 0
    readings: int = 0

    @property
    def balanced(self) -> bool:
        """Whether every row that was read is accounted for."""
        return self.read == self.accepted + self.duplicates + self.refused + self.skipped + self.not_done

    def __str__(self) -> str:
        text = (
            f"{self.table}: 读入 read {self.read} = 接受 accepted {self.accepted}"
            f" + 重复 duplicates {self.duplicates} + 拒绝 refused {self.refused}"
        )
        text += f" + 未发生 not done {self.not_done}" if self.not_done else ""
        text += f" + 略过 skipped {self.skipped}" if self.skipped else ""
        return f"{text}；拒绝的读数 refused readings {self.readings}" if self.readings else text


@frozen
class LoadReport:
    """What became of every row of every table, and the reasons of every refusal.

    Attributes
    ----------
    tables
        The counts of each table.
    refusals
        Rows that were refused.
    readings
        Numbers that were refused in rows whose event was kept: none, not finite, impossible; of crossed pressures
        both.
    not_done
        Rows that say that nothing happened, by kind and status.
    slips
        Words that were kept and are likely slips.
    notes
        Things worth knowing that refused nothing (skipped rows of foreign files, by reason).
    """

    tables: tuple[TableReport, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    readings: tuple[Refusal, ...] = ()
    not_done: tuple[NotDone, ...] = ()
    slips: tuple[Slip, ...] = ()
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
        """Write what became of the rows, in Chinese and English: counts by check, and the first of each kind.

        Parameters
        ----------
        most
            How many refusals, and how many of everything else, are shown one by one.
        """
        lines = [str(table) for table in self.tables]
        lines += _refused(self.refusals, most)
        if self.readings:
            lines += ["读数被拒绝，事件保留 / readings refused, their events kept:", *_refused(self.readings, most)]
        if self.not_done:
            lines += ["状态说明未发生，不计 / not done by their status, not counted:", *_listed(self.not_done, most)]
        if self.slips:
            lines += [UNKNOWN_WORDS, *_slips(self.slips, most)]
        return "\n".join([*lines, *self.notes])

    def __str__(self) -> str:
        return self.summary()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.summary())}</pre>"


UNKNOWN_WORDS = (
    "没有定义认识的词，按原样保留 / words that no definition knows, kept as they stand"
    " (strict=True, --strict: refused):"
)


def _slips(slips: tuple[Slip, ...], most: int) -> Iterator[str]:
    """Write slips: those of which it can be said what was meant first, one a line; of the others a line per column."""
    yield from _listed((slip for slip in slips if slip.meant), most)
    others: dict[str, list[Slip]] = {}
    for slip in slips:
        if not slip.meant:
            others.setdefault(slip.where, []).append(slip)
    for where, found in others.items():
        words = ", ".join(f"{slip.value!r} × {slip.count}" for slip in found[:most])
        yield f"  {where}: {words}{f', … ({len(found)})' if len(found) > most else ''}"


def _refused(refusals: tuple[Refusal, ...], most: int) -> Iterator[str]:
    checks = Counter(refusal.check for refusal in refusals)
    yield from (f"  {check}: {count}" for check, count in checks.most_common())
    yield from _listed(refusals, most)


def _listed(found: Iterable[object], most: int) -> Iterator[str]:
    every = list(found)
    yield from (f"  {one}" for one in every[:most])
    if len(every) > most:
        yield f"  … 另有 {len(every) - most} 条 / {len(every) - most} more"
