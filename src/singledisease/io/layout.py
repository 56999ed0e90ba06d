"""How the rows of a text file stand: under which line of headings, parted by what, and how strictly.

Files that are called as they are here are read as they are.  Those of a record system come out of spreadsheets: with
a title above the headings, tabs between the cells, the same heading twice, and blank cells past the last one.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence

from attrs import frozen

SEPARATORS = (",", "\t", ";", "|")


@frozen
class Layout:
    """The layout of a foreign text file.

    Attributes
    ----------
    header
        The line on which the columns are named.
    separator
        What stands between the cells; blank: a comma, or if the line of headings has none what it has.
    foreign
        Whether headings may repeat, and blank cells stand past the last one.
    """

    header: int = 1
    separator: str = ""
    foreign: bool = True

    def separator_of(self, line: str) -> str:
        """Give what parts the cells of a file whose line of headings this is.

        >>> Layout().separator_of("档案号|收缩压"), Layout().separator_of("档案号,收缩压;mmHg")
        ('|', ',')
        """
        if self.separator:
            return self.separator
        return next((mark for mark in SEPARATORS if mark in line), ",") if self.foreign else ","

    def named(self, names: Sequence[str]) -> list[str]:
        """Give headings of which none repeats: the second 收缩压 is 收缩压#2.

        >>> Layout().named(["档案号", "收缩压", "收缩压"])
        ['档案号', '收缩压', '收缩压#2']
        """
        return list(_numbered(names)) if self.foreign else list(names)

    def cells(self, row: list[str], width: int) -> list[str]:
        """Give a row without the blank cells that stand past the last heading."""
        if self.foreign and len(row) > width and not any(cell.strip() for cell in row[width:]):
            return row[:width]
        return row


LAYOUT = Layout(separator=",", foreign=False)
"""That of files which are called as they are here."""


def _numbered(names: Sequence[str]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield f"{name}#{seen[name]}" if name and seen[name] > 1 else name


def heading_line(lines: Sequence[str]) -> tuple[int, str]:
    """Guess on which line the columns are named and what parts the cells, from the first lines of a file.

    Titles and remarks above a table fill a cell or two; its headings and rows fill most.

    >>> heading_line(["某县随访登记表,,", "档案号,日期,收缩压", "1,2024-01-05,140"])
    (2, ',')
    """
    found = [(separator, _filled(lines, separator)) for separator in SEPARATORS]
    separator, filled = max(found, key=lambda one: sum(count for _, count in one[1]))
    most = max((count for _, count in filled), default=0)
    return next((line for line, count in filled if count >= 2 and count > most / 2), 1), separator


def _filled(lines: Sequence[str], separator: str) -> list[tuple[int, int]]:
    """Give the line on which each row begins, and how many of its cells are filled; one cell is no row of a table."""
    reader = csv.reader(lines, delimiter=separator)
    rows: list[tuple[int, int]] = []
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return rows
        except csv.Error:
            continue
        rows.append((line, sum(bool(cell.strip()) for cell in row) if len(row) > 1 else 0))
