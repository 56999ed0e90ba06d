"""Texts on a fixed-width screen, on which a Chinese character takes two places: how wide, and where to break them."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence

_OPENING = "（「『《“‘(["
_CLOSING = "，。、；：）」』》”’,.;:)]"


def width_of(text: str) -> int:
    """Give how many places a text takes on a fixed-width screen.

    >>> width_of("血压 152")
    8
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else not unicodedata.combining(char) for char in text)


def wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines of at most ``width`` places: at blanks, and between Chinese characters.

    >>> wrapped("血压未达标，两周内随访", 12)
    ['血压未达标，', '两周内随访']
    """
    lines = [""]
    for piece in _pieces(text):
        for part in _fitting(piece, width):
            if width_of(lines[-1] + part) <= width:
                lines[-1] += part
            else:
                lines[-1] = lines[-1].rstrip()
                lines.append(part.lstrip())
    return [*lines[:-1], lines[-1].rstrip()]


def folded(text: str, width: int) -> str:
    """Fold the lines of a text that are wider than ``width``, their further parts further in than they are.

    >>> print(folded("  follow-up: clinic, 152 mmHg", 20))
      follow-up: clinic,
        152 mmHg
    """
    return "\n".join(part for line in text.splitlines() for part in _hanging(line, width))


def _hanging(line: str, width: int) -> Iterator[str]:
    body = line.lstrip(" ")
    indent = min(len(line) - len(body), width // 2)
    first, *rest = wrapped(body, width - indent - 2) if width_of(line) > width else [body]
    yield " " * indent + first
    yield from (" " * (indent + 2) + part for part in rest)


def narrowed(widths: Sequence[int], some: Collection[int], room: int, *, gap: int = 2, least: int = 15) -> list[int]:
    """Cut the widths of some columns so that a line takes ``room`` places, none of them to less than ``least``.

    >>> narrowed([40, 6, 40], [0, 2], 50)
    [20, 6, 20]
    >>> narrowed([10, 6, 40], [0, 2], 50)
    [10, 6, 30]
    """
    out = list(widths)
    left = room - gap * (len(out) - 1) - sum(width for i, width in enumerate(out) if i not in some)
    for done, i in enumerate(sorted(some, key=out.__getitem__)):
        out[i] = min(out[i], max(left // (len(some) - done), least))
        left -= out[i]
    return out


def levels(cells: Sequence[str], widths: Sequence[int], *, below: bool = False) -> list[list[str]]:
    """Give the lines of a row whose cells may be wider than their columns, blank where a cell has no more lines.

    Parameters
    ----------
    cells, widths
        Texts, and how many places each may take.
    below
        Whether the blank lines stand first, as in a heading.

    >>> levels(["unsatisfactory, first time", "97"], [15, 3])
    [['unsatisfactory,', '97'], ['first time', '']]
    """
    broken = [
        wrapped(cell, width) if width_of(cell) > width else [cell] for cell, width in zip(cells, widths, strict=True)
    ]
    depth = max(map(len, broken), default=0)
    blank = [[""] * (depth - len(lines)) for lines in broken]
    whole = [[*pad, *lines] if below else [*lines, *pad] for lines, pad in zip(broken, blank, strict=True)]
    return [[lines[level] for lines in whole] for level in range(depth)]


def longest_word(text: str) -> int:
    """Give how narrow a heading may be: its longest word, of Chinese two characters.

    >>> longest_word("period start"), longest_word("期初人数")
    (6, 4)
    """
    return max((width_of(word) if word.isascii() else min(width_of(word), 4) for word in text.split()), default=1)


def _pieces(text: str) -> Iterator[str]:
    """Give what must not be broken: words with the blank before them, Chinese characters with a closing mark."""
    piece = ""
    for char in text:
        in_word = char != " " and bool(piece) and width_of(char) == 1 and width_of(piece[-1]) == 1
        joins = in_word or char in _CLOSING or piece[-1:] in (*_OPENING,)
        if piece and not joins:
            if piece.isspace():
                piece += char
                continue
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece


def _fitting(piece: str, width: int) -> Iterator[str]:
    """Give a piece whole, or if it is wider than a line in parts that are not."""
    part = ""
    for char in piece:
        if width_of(part + char) > width:
            yield part
            part = ""
        part += char
    yield part
