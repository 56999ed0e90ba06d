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
        The line on which the columns are named, of several the first.
    header_lines
        On how many lines they are: of two the upper one names groups of columns.
    separator
        What stands between the cells; blank: a comma, or if the line of headings has none what it has.
    foreign
        Whether headings may repeat, and blank cells stand past the last one.
    """

    header: int = 1
    separator: str = ""
    foreign: bool = True
    header_lines: int = 1

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


def joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Give the names of columns that stand on two lines: the lower one, with its group if it stands there twice.

    >>> joined(["档案号", "第1次", "", "第2次", ""], ["", "日期", "收缩压", "日期", "收缩压"])
    ['档案号', '第1次日期', '第1次收缩压', '第2次日期', '第2次收缩压']
    >>> joined(["档案号", "血压", ""], ["", "收缩压", "舒张压"])
    ['档案号', '收缩压', '舒张压']
    """
    twice = {name for name, times in Counter(lower).items() if times > 1}
    names, group = [], ""
    for above, below in zip(upper, lower, strict=False):
        group = above or (group if below else "")
        names.append(f"{group}{below}" if below in twice else below or above)
    return names


def heading_line(lines: Sequence[str]) -> tuple[int, int, str]:
    """Guess on which line the columns are named, on how many, and what parts the cells, from a file's first lines.

    Titles and remarks above a table fill a cell or two, or fewer cells than the names below them; its headings and
    rows fill most.

    >>> heading_line(["某县随访登记表,,", "档案号,日期,收缩压", "1,2024-01-05,140"])
    (2, 1, ',')
    >>> heading_line(["档案号,血压,", ",收缩压,舒张压", "1,140,90"])
    (1, 2, ',')
    """
    found = [(separator, _rows(lines, separator)) for separator in SEPARATORS]
    separator, rows = max(found, key=lambda one: sum(_filled(row) for _, row in one[1]))
    most = max((_filled(row) for _, row in rows), default=0)
    place = next((i for i, (_, row) in enumerate(rows) if _filled(row) >= 2 and _filled(row) > most / 2), 0)
    place = _below_titles(rows, place)
    for i in (place - 1, place):
        if 0 <= i < len(rows) - 1 and _are_two(rows[i][1], rows[i + 1][1]):
            return rows[i][0], 2, separator
    return (rows[place][0] if rows else 1), 1, separator


def _below_titles(rows: Sequence[tuple[int, list[str]]], place: int) -> int:
    """Give the row of names a little below that fills more cells without a digit: what stood above it is a remark."""
    for below in range(place + 1, min(place + 1 + _REMARKS, len(rows))):
        row = rows[below][1]
        if _filled(row) > _filled(rows[place][1]) and not any(letter.isdecimal() for letter in "".join(row)):
            return below
    return place


_REMARKS = 4
"""Among so many lines below a remark the names of the columns are looked for."""


def _are_two(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Tell whether two rows name columns together: each fills what the other leaves blank, and neither is a record."""
    pairs = list(zip(upper, lower, strict=False))
    return (
        len(upper) == len(lower)
        and any(above and not below for above, below in pairs)
        and any(below and not above for above, below in pairs)
        and all(above or below for above, below in pairs)
        and not any(letter.isdecimal() for letter in "".join(lower))
    )


def _filled(row: Sequence[str]) -> int:
    """Count the filled cells of a row; one cell is no row of a table."""
    return sum(map(bool, row)) if len(row) > 1 else 0


def _rows(lines: Sequence[str], separator: str) -> list[tuple[int, list[str]]]:
    """Give the rows, each with the line on which it begins."""
    reader = csv.reader(lines, delimiter=separator)
    rows: list[tuple[int, list[str]]] = []
    while True:
        line = reader.line_num + 1
        try:
            rows.append((line, [cell.strip() for cell in next(reader)]))
        except StopIteration:
            return rows
        except csv.Error:
            continue
