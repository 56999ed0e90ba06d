"""Texts on a fixed-width screen, on which a Chinese character takes two places: how wide, and where to break them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

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
