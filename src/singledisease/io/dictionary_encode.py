"""Codes for texts of one length, such as padded patient numbers, without hashing them.

Each place of such a text holds few different characters, so that the text can be read as a number in a mixed
base and looked up in a table.  Hashing fifteen million names of a million people takes ten times as long,
because nearly every look misses the cache.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.eventlog.columns import Coded

_ROOM = 4
"""Entries of the table per text: a wider table would cost more than it saves."""


def numbered(texts: Any) -> Coded | None:
    """Code a ``pyarrow.ChunkedArray`` of text; ``None`` if it is not of one length, ASCII and dense enough.

    The categories come in the order of their text.
    """
    letters = [_letters(chunk) for chunk in texts.chunks if len(chunk)]
    base = _base([part for part in letters if part is not None], len(texts))
    if base is None or any(part is None for part in letters):
        return None
    numbers = np.concatenate([base.numbers(part) for part in letters if part is not None])
    seen = np.zeros(base.size, np.bool_)
    seen[numbers] = True
    present = np.flatnonzero(seen)
    table = np.zeros(base.size, np.int32)
    table[present] = np.arange(1, len(present) + 1)
    return Coded(table.take(numbers), ("", *base.texts(present)))


def _letters(chunk: Any) -> NDArray[np.uint8] | None:
    """Give the characters as (texts, length) bytes, if every text has the same length and none is missing."""
    if chunk.null_count:
        return None
    _, offsets_buffer, data = chunk.buffers()
    kind = np.int64 if str(chunk.type) == "large_string" else np.int32
    offsets = np.frombuffer(offsets_buffer, kind)[chunk.offset : chunk.offset + len(chunk) + 1]
    start, width = int(offsets[0]), int(offsets[1] - offsets[0])
    if width == 0 or not (np.diff(offsets) == width).all():
        return None
    return np.frombuffer(data, np.uint8)[start : start + width * len(chunk)].reshape(-1, width)


@frozen(eq=False)
class _Base:
    """A mixed base: the lowest character and the number of characters of each place."""

    low: tuple[int, ...]
    span: tuple[int, ...]
    size: int

    def numbers(self, letters: NDArray[np.uint8]) -> NDArray[np.int32]:
        numbers = np.zeros(len(letters), np.int32)
        for place, (low, span) in enumerate(zip(self.low, self.span, strict=True)):
            if span > 1:
                numbers *= np.int32(span)
                numbers += letters[:, place] - np.uint8(low)
        return numbers

    def texts(self, numbers: NDArray[np.int64]) -> list[str]:
        letters = np.empty((len(numbers), len(self.low)), np.uint8)
        for place in reversed(range(len(self.low))):
            numbers, digit = np.divmod(numbers, self.span[place])
            letters[:, place] = digit + self.low[place]
        made: list[str] = letters.view(f"S{len(self.low)}").ravel().astype(np.str_).tolist()
        return made


def _base(parts: list[NDArray[np.uint8]], count: int) -> _Base | None:
    if len({part.shape[1] for part in parts}) != 1:
        return None
    low: list[int] = []
    span: list[int] = []
    size = 1
    for place in range(parts[0].shape[1]):
        least = min(int(part[:, place].min()) for part in parts)
        most = max(int(part[:, place].max()) for part in parts)
        size *= most - least + 1
        # A NUL at the end of a text would be lost; beyond ASCII a character is not a byte.
        if least == 0 or most > 127 or size > _ROOM * count:
            return None
        low.append(least)
        span.append(most - least + 1)
    return _Base(tuple(low), tuple(span), size)
