"""Codes for texts that are mostly digits behind one prefix, such as patient numbers: eight digits are read at once.

Hashing fifteen million names of a million people takes many times as long, because nearly every look misses the cache.
The texts of another form among them are looked up one by one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.eventlog.columns import Coded
from singledisease.io.optional_imports import needed

_ROOM = 4
"""Entries of the table per text: a wider table would cost more than it saves."""
_ODD = 8
"""One text in so many may be of another form."""
_BLOCK = 1 << 17
_MOST_DIGITS, _WORD, _SAMPLES = 18, 8, 9
_ZEROS = int.from_bytes(b"0" * _WORD, "little")
_HIGH, _LOW, _SIX = 0xF0F0F0F0F0F0F0F0, 0x0F0F0F0F0F0F0F0F, 0x0606060606060606
_OTHER, _ASCII = -1, 128
"""The number of a text of another form; the first character that is more than a byte."""


@frozen
class DigitPattern:
    """A prefix, and so many digits behind it."""

    prefix: bytes
    digits: int


def coded_digits(chunks: Iterable[Any], count: int) -> Coded | None:
    """Code texts by the numbers that they hold.

    Parameters
    ----------
    chunks
        The texts, as ``pyarrow.StringArray``.
    count
        How many there are.

    Returns
    -------
    Coded or None
        ``None`` if too many of them are no digits behind one prefix.
    """
    form: DigitPattern | None = None
    numbers, done = np.empty(count, np.int64), 0
    odd_rows: list[int] = []
    odd_texts: list[str | None] = []
    for chunk in (part.slice(at, _BLOCK) for part in chunks for at in range(0, len(part), _BLOCK)):
        form = form_of(chunk) if form is None else form
        if form is None:
            return None
        here = numbers[done : done + len(chunk)]
        here[:] = numbers_in(chunk, form)
        others = np.flatnonzero(here == _OTHER)
        if len(others) > len(chunk) // _ODD:
            return None
        if len(others):
            odd_rows += (others + done).tolist()
            odd_texts += chunk.take(needed("pyarrow").array(others)).to_pylist()
        done += len(chunk)
    return None if form is None else _coded(form, numbers, odd_rows, odd_texts)


# NUMBERS OF TEXTS


def form_of(chunk: Any) -> DigitPattern | None:
    """Give the form that most of some texts have; ``None`` if they end in no digits."""
    step = max(len(chunk) // _SAMPLES, 1)
    texts = [text.encode() for text in chunk[::step].to_pylist() if text]
    forms = Counter(
        DigitPattern(text[: len(text) - digits], digits) for text in texts if (digits := _digits_at_end(text))
    )
    return forms.most_common(1)[0][0] if forms else None


def _digits_at_end(text: bytes) -> int:
    return min(len(text) - len(text.rstrip(b"0123456789")), _MOST_DIGITS)


def numbers_in(chunk: Any, form: DigitPattern) -> NDArray[np.int64]:
    """Give the numbers of some texts; -1 for one that is missing or of another form."""
    _, offsets_buffer, data = chunk.buffers()
    kind = np.int64 if str(chunk.type) == "large_string" else np.int32
    offsets = np.frombuffer(offsets_buffer, kind)[chunk.offset : chunk.offset + len(chunk) + 1]
    width = len(form.prefix) + form.digits
    fits = np.diff(offsets) == width
    if chunk.null_count:
        fits &= chunk.is_valid().to_numpy(zero_copy_only=False)
    if fits.all():
        return _read(np.frombuffer(data, np.uint8)[int(offsets[0]) :][: width * len(chunk)], form)
    numbers = np.full(len(chunk), _OTHER, np.int64)
    if fits.any():
        letters = np.frombuffer(data, np.uint8)[offsets[:-1][fits][:, None] + np.arange(width)]
        numbers[fits] = _read(letters.ravel(), form)
    return numbers


def _read(letters: NDArray[np.uint8], form: DigitPattern) -> NDArray[np.int64]:
    """Read texts of one length that stand one after the other."""
    width = len(form.prefix) + form.digits
    texts = letters.reshape(-1, width)
    # A word before the first text, so that its last digits can be read as one.
    padded = np.concatenate([np.zeros(_WORD, np.uint8), letters])
    other = np.zeros(len(texts), np.bool_)
    for place, letter in enumerate(form.prefix):
        other |= texts[:, place] != letter
    numbers = np.zeros(len(texts), np.int64)
    for behind in range(0, form.digits, _WORD):
        word = np.ndarray((len(texts),), "<u8", padded, offset=width - behind, strides=(width,)).astype(np.uint64)
        numbers += _word(word, min(form.digits - behind, _WORD), other) * np.int64(10**behind)
    numbers[other] = _OTHER
    return numbers


def _word(word: NDArray[np.uint64], digits: int, other: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Read the last letters of words of eight as digits, and mark the words where one is none."""
    # The first letter is the lowest byte: what stands before the digits counts as zeros.
    before = (1 << 8 * (_WORD - digits)) - 1
    word &= np.uint64(~before & (1 << 64) - 1)
    word |= np.uint64(_ZEROS & before)
    other |= (word & np.uint64(_HIGH)) != np.uint64(_ZEROS)
    word &= np.uint64(_LOW)
    other |= ((word + np.uint64(_SIX)) & np.uint64(_HIGH)) != 0
    # Neighbours are put together: digits to pairs, pairs to fours, fours to eight.
    for base, shift, mask in ((10, 8, 0x00FF00FF00FF00FF), (100, 16, 0x0000FFFF0000FFFF), (10_000, 32, 0xFFFFFFFF)):
        later = word >> np.uint64(shift)
        word *= np.uint64(base)
        word += later
        word &= np.uint64(mask)
    return word.view(np.int64)


# CODES OF NUMBERS


def _coded(
    form: DigitPattern, numbers: NDArray[np.int64], odd_rows: list[int], odd_texts: Sequence[str | None]
) -> Coded:
    odd = np.array(odd_rows, np.int64)
    sound = numbers[numbers != _OTHER] if len(odd) else numbers
    low, high = (int(sound.min()), int(sound.max())) if len(sound) else (0, 0)
    # The others count as the lowest, and are given codes of their own below.
    numbers[odd] = low
    present, codes = (_by_table if high - low < _ROOM * len(numbers) else _by_hash)(numbers, low, high)
    texts = ["", *_written(form, present)]
    lookup = dict.fromkeys(["", None], 0)
    for text in odd_texts:
        if text not in lookup:
            lookup[text] = len(texts)
            texts.append(text or "")
    codes[odd] = np.array([lookup[text] for text in odd_texts], np.int32)
    return Coded(codes, texts) if not odd_rows and _is_dense(texts[1:], len(codes)) else _by_appearance(codes, texts)


def _is_dense(texts: Sequence[str], count: int) -> bool:
    """Tell whether ``dictionary_encode`` would have coded the texts by their places, and in their order."""
    letters = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32).reshape(len(texts), -1)
    least, most = letters.min(axis=0), letters.max(axis=0)
    spans = math.prod((most - least + 1).tolist())
    return bool(least.min() > 0 and most.max() < _ASCII and spans <= _ROOM * count)


def _by_appearance(codes: NDArray[np.int32], texts: Sequence[str]) -> Coded:
    """Give the codes numbered by first appearance, as hashing does: how texts were coded shows nowhere."""
    first = np.full(len(texts), len(codes))
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    first[0] = -1
    order = np.argsort(first)
    order = order[first[order] < len(codes)]
    moved = np.zeros(len(texts), np.int32)
    moved[order] = np.arange(len(order))
    return Coded(moved.take(codes), [texts[code] for code in order.tolist()])


def _by_table(numbers: NDArray[np.int64], low: int, high: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Give the numbers that occur, ascending, and for each row which of them it is, from 1."""
    blocks = [slice(first, first + _BLOCK) for first in range(0, len(numbers), _BLOCK)]
    seen = np.zeros(high - low + 1, np.bool_)
    for block in blocks:
        seen[numbers[block] - low] = True
    present = np.flatnonzero(seen)
    code = np.zeros(len(seen), np.int32)
    code[present] = np.arange(1, len(present) + 1)
    codes = np.empty(len(numbers), np.int32)
    for block in blocks:
        code.take(numbers[block] - low, out=codes[block])
    return present + low, codes


def _by_hash(numbers: NDArray[np.int64], _low: int, _high: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Do the same with numbers too far apart for a table, such as identity numbers."""
    found = needed("pyarrow").array(numbers).dictionary_encode()
    first_seen, codes = found.dictionary.to_numpy(), found.indices.to_numpy()
    order = np.argsort(first_seen)
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(1, len(order) + 1)
    return first_seen[order], place.take(codes)


def _written(form: DigitPattern, numbers: NDArray[np.int64]) -> list[str]:
    first, width = len(form.prefix), len(form.prefix) + form.digits
    letters = np.empty((len(numbers), width), np.uint8)
    letters[:, :first] = np.frombuffer(form.prefix, np.uint8)
    for place in reversed(range(first, width)):
        numbers, digit = np.divmod(numbers, 10)
        letters[:, place] = digit + ord("0")
    whole = letters.tobytes().decode()
    # In letters, not bytes: a prefix may be no ASCII.
    width = len(whole) // max(len(letters), 1)
    return [whole[at : at + width] for at in range(0, len(whole), max(width, 1))]
