"""A table: what every result can become - rows, text, JSON, CSV, HTML, and (in ``io.frames``) any dataframe."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from attrs import evolve, field, frozen

from singledisease.frozen_mapping import FrozenMapping, frozen_mapping
from singledisease.text_layout import levels, longest_word, narrowed, width_of

Cell = Any
"""Text, whole number, number, truth value, date, mapping of texts to cells, or ``None``."""

Heading = tuple[str, str]
"""A heading, or a name, in Chinese and in English."""

SHOWN = 60
"""How many rows a notebook or a prompt shows: a table of a million people would stop it."""

ROOM = 80
"""Places of a line at a prompt: where a row would take more, names and long headings are broken."""

LONG = 16
UNBROKEN = 24
LOOKS = {True: "text-align:right", False: "text-align:left"}

R = TypeVar("R")


def _columns(columns: Mapping[str, Iterable[Cell]]) -> Mapping[str, tuple[Cell, ...]]:
    fixed = {name: tuple(values) for name, values in columns.items()}
    lengths = {len(values) for values in fixed.values()}
    if len(lengths) > 1:
        raise ValueError(f"columns of one table differ in length: { {n: len(v) for n, v in fixed.items()} }")
    return FrozenMapping(fixed)


def _called(called: Mapping[str, Mapping[Any, Heading]]) -> Mapping[str, Mapping[Any, Heading]]:
    return FrozenMapping({name: frozen_mapping(names) for name, names in called.items()})


@frozen(eq=False, repr=False)
class Table:
    """Named columns of plain values, all of one length.

    Attributes
    ----------
    columns
        Name to values, in the order in which they are shown.
    headings
        Name to heading in Chinese and English, for ``to_text``; a column without one shows its name.
    formats
        Name to how its numbers are written for people to read, such as ``.1%``, or ``+.1pp`` for a difference of shares
        in percentage points; otherwise with six digits.
    called
        Name to what the ids in it are called in Chinese and English.  People are shown the names; rows, JSON, CSV and
        dataframes keep the ids.

    A prompt, ``print`` and a notebook show the first rows of a long table and say how many there are more;
    ``to_text``, ``to_csv`` and ``to_json`` write all of them.

    >>> table = Table({"patient": ["P1", "P2"], "sbp": [152.0, None]})
    >>> table.rows()
    [{'patient': 'P1', 'sbp': 152.0}, {'patient': 'P2', 'sbp': None}]
    >>> print(table)
    patient  sbp
    -------  ---
    P1       152
    P2         -
    """

    columns: Mapping[str, tuple[Cell, ...]] = field(converter=_columns)
    headings: Mapping[str, Heading] = field(factory=dict, converter=frozen_mapping)
    formats: Mapping[str, str] = field(factory=dict, converter=frozen_mapping)
    called: Mapping[str, Mapping[Any, Heading]] = field(factory=dict, converter=_called)

    @classmethod
    def of_rows(cls, names: Sequence[str], rows: Iterable[Sequence[Cell]], **more: Any) -> Table:
        """Make a table of rows, each with one cell per name."""
        listed = list(rows)
        return cls({name: [row[i] for row in listed] for i, name in enumerate(names)}, **more)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __iter__(self) -> Iterator[dict[str, Cell]]:
        return iter(self.rows())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return NotImplemented
        return list(self.columns.items()) == list(other.columns.items())

    __hash__ = None  # type: ignore[assignment]

    def __getitem__(self, name: str) -> tuple[Cell, ...]:
        return self.columns[name]

    def rows(self) -> list[dict[str, Cell]]:
        """Give each row as a dictionary by column name."""
        names = tuple(self.columns)
        return [dict(zip(names, row, strict=True)) for row in zip(*self.columns.values(), strict=True)]

    def flat(self) -> Table:
        """Give the table with each column of mappings spread out as ``column.key``.

        Keys stand in the order in which they first appear; a row that lacks one has ``None`` there.

        >>> list(Table({"by": [{"sex": "male"}, {}]}).flat().columns)
        ['by.sex']
        """
        columns: dict[str, Sequence[Cell]] = {}
        for name, values in self.columns.items():
            if not any(isinstance(value, Mapping) for value in values):
                columns[name] = values
                continue
            keys = dict.fromkeys(key for value in values for key in value)
            columns |= {f"{name}.{key}": [value.get(key) for value in values] for key in keys}
        return evolve(self, columns=columns)

    def to_json(self, indent: int | None = 2) -> str:
        """Write a list of objects; dates as ``YYYY-MM-DD``, missing values as null."""
        plain = [{name: _plain(cell) for name, cell in row.items()} for row in self.rows()]
        return json.dumps(plain, ensure_ascii=False, indent=indent, allow_nan=False)

    def to_csv(self, *, spreadsheet_safe: bool = False) -> str:
        """Write comma-separated lines with a header; mappings are spread out, missing values are blank.

        With ``spreadsheet_safe`` texts that a spreadsheet would take for a formula are made ``harmless``.
        """
        table = self.flat()
        lines = [list(table.columns), *zip(*table.columns.values(), strict=True)]
        safe = harmless if spreadsheet_safe else str
        return "".join(
            _csv_line([safe(cell) if isinstance(cell, str) else _written(cell) for cell in line]) for line in lines
        )

    def to_text(self, language: str = "en", *, width: int | None = None) -> str:
        """Write aligned columns for a fixed-width screen, on which a Chinese character takes two places.

        Parameters
        ----------
        language
            Of headings and names, ``zh`` or ``en``.
        width
            Where a row would take more places, what ids are ``called`` and long headings stand on several lines;
            ``None``: each row is one line.
        """
        table = self.flat()
        titles = [table.heading(name, language) for name in table.columns]
        rows, right = table.shown(language), table.numeric()
        widths = table._widths(titles, rows, width)
        lines = [
            *levels(titles, widths, below=True),
            ["-" * width for width in widths],
            *(line for row in rows for line in levels(row, widths)),
        ]
        return "\n".join(_line(line, widths, right) for line in lines)

    def _widths(self, titles: Sequence[str], rows: Sequence[Sequence[str]], room: int | None) -> list[int]:
        bodies = [max(map(width_of, cells), default=0) for cells in zip(*rows, strict=True)] or [0] * len(titles)
        widths = [max(body, width_of(title)) for body, title in zip(bodies, titles, strict=True)]
        if room is None or sum(widths) + 2 * (len(widths) - 1) <= room:
            return widths
        heads = [longest_word(title) if width_of(title) > LONG else width_of(title) for title in titles]
        widths = [max(body, head) for body, head in zip(bodies, heads, strict=True)]
        return narrowed(widths, [i for i, name in enumerate(self.columns) if self.called.get(name)], room)

    def shown(self, language: str = "en") -> list[list[str]]:
        """Give each row as texts for people to read: ``-`` is missing, numbers are written by ``formats``.

        Ids are written by what they are ``called``, in ``zh``, ``en`` or ``both``.
        """
        columns = [self._shown_column(name, language) for name in self.columns]
        return [list(row) for row in zip(*columns, strict=True)]

    def _shown_column(self, name: str, language: str) -> list[str]:
        form, called = self.formats.get(name, ".6g"), self.called.get(name)
        if not called:
            return [_shown(cell, form) for cell in self.columns[name]]
        return [named(called[cell], language) if cell in called else _shown(cell, form) for cell in self.columns[name]]

    def numeric(self) -> list[bool]:
        """Say of each column whether it holds numbers or rates, which stand to the right."""
        return [_is_numeric(values) for values in self.columns.values()]

    def heading(self, name: str, language: str) -> str:
        """Give the heading of a column in ``zh`` or ``en``."""
        zh, en = self.headings.get(name, (name, name))
        return zh if language == "zh" else en

    def __str__(self) -> str:
        left = len(self) - SHOWN
        more = f"\n… 另有 {left:,} 行 / {left:,} more rows" if left > 0 else ""
        return self.first(SHOWN).to_text(width=ROOM) + more

    __repr__ = __str__

    def first(self, count: int) -> Table:
        """Give the first rows."""
        return evolve(self, columns={name: values[:count] for name, values in self.columns.items()})

    def _repr_html_(self) -> str:
        table = self.first(SHOWN).flat()
        right = table.numeric()
        head = "".join(
            f'<th style="{LOOKS[one]}">{_title(table, name)}</th>'
            for name, one in zip(table.columns, right, strict=True)
        )
        rows = ("".join(map(_td, row, right)) for row in table.shown("both"))
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        left = len(self) - SHOWN
        more = f"<p>… 另有 {left:,} 行 / {left:,} more rows</p>" if left > 0 else ""
        whole = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return f'<div style="overflow-x:auto">{whole}</div>{more}'


def named(name: Heading, language: str) -> str:
    """Give a name in ``zh`` or ``en``, or ``both``; one that is the same in both stands once."""
    zh, en = name
    return " / ".join(dict.fromkeys(name)) if language == "both" else zh if language == "zh" else en


def displayed(result: type[R]) -> type[R]:
    """Let a result show itself: at a prompt as its text, in a notebook as its table, with its notes beneath.

    For results that have ``__str__``, and may have ``table()`` and ``notes``.
    """
    result.__repr__ = result.__str__  # type: ignore[method-assign]
    if hasattr(result, "table") and not hasattr(result, "_repr_html_"):
        result._repr_html_ = _table_html  # type: ignore[attr-defined]
    return result


def _table_html(result: Any) -> str:
    table: Table = result.table()
    notes = getattr(result, "notes", ())
    return table._repr_html_() + "".join(f"<p>{html.escape(note)}</p>" for note in notes)


def _title(table: Table, name: str) -> str:
    """Write a heading in both languages, in the notebook of nobody knows whom."""
    titles = dict.fromkeys((table.heading(name, "zh"), table.heading(name, "en")))
    return "<br>".join(html.escape(title) for title in titles)


def _td(cell: str, numeric: bool) -> str:
    # Jupyter sets all cells to the right, and breaks a date or a rate where it finds a hyphen or a blank.
    whole = ";white-space:nowrap" if width_of(cell) <= UNBROKEN else ";min-width:16em"
    return f'<td style="{LOOKS[numeric]}{whole}">{html.escape(cell)}</td>'


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, Mapping):
        return {key: _plain(value) for key, value in cell.items()}
    if isinstance(cell, tuple):
        return [_plain(value) for value in cell]
    return cell


def _written(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return _plain(cell)


FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With which of them a text begins a spreadsheet may take it for a formula, and run it; full-width ones too."""
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)


def harmless(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula; a number stays as it is.

    >>> harmless("=1+1"), harmless("-0.5"), harmless("高血压")
    ("'=1+1", '-0.5', '高血压')
    """
    return f"'{text}" if text.startswith(FORMULA_SIGNS) and _NUMBER.fullmatch(text) is None else text


def _csv_line(cells: Sequence[Cell]) -> str:
    out = io.StringIO()
    # With "\n" as its line end the csv module leaves a "\r" inside a text unquoted, and readers break the line there.
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().removesuffix("\r\n") + "\n"


def _shown(cell: Cell, form: str) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, float) and form.endswith("pp"):
        return format(100 * cell, form.removesuffix("pp") + "f")
    if isinstance(cell, float):
        return format(cell, form).replace("%", " %")
    if isinstance(cell, dt.datetime):
        # Midnight is how a day is written where there is no kind of column for days.
        return str(cell if cell.time() > dt.time() else cell.date())
    if isinstance(cell, Mapping):
        return ", ".join(f"{key}={_shown(value, form)}" for key, value in cell.items())
    return str(_written(cell))


def _is_numeric(values: Sequence[Cell]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(map(_is_number, known))


def _is_number(value: Cell) -> bool:
    """Say whether it is a number or a rate that is already written as one."""
    if isinstance(value, str):
        return value.endswith("%")
    return isinstance(value, int | float) and not isinstance(value, bool)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for cell, width, numeric in zip(cells, widths, right, strict=True):
        blank = " " * (width - width_of(cell))
        padded.append(blank + cell if numeric else cell + blank)
    return "  ".join(padded).rstrip()
