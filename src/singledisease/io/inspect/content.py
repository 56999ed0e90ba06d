"""What stands in a column: how full it is, and whether it could be dates, numbers, pressures or codes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import day_of
from singledisease.events.cells import read_date, read_flag, read_number
from singledisease.events.columns import AnyColumn, Coded
from singledisease.events.reading import as_text
from singledisease.events.rules import Problem
from singledisease.io.mapping.take import DATE_COLUMNS
from singledisease.vocabulary import FLAGS, QUANTITIES

DATE_FORMATS = (
    "%Y/%m/%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y.%m.%d",
    "%Y年%m月%d日",
    "%d/%m/%Y",
    "%m/%d/%Y",
)
_DAY_FIRST = {"%d/%m/%Y", "%m/%d/%Y"}
_PAIR = re.compile(r"\d{2,3}\s*[/／\\]\s*\d{2,3}")
ENOUGH = 0.8
"""What share of the values must be of a kind for the column to be."""


@frozen(eq=False)
class Content:
    """The distinct values of a column and how often each stands there."""

    texts: tuple[str, ...]
    times: NDArray[np.int64]
    rows: int

    @property
    def filled(self) -> int:
        """In how many rows there is a value."""
        return int(self.times.sum())

    def share(self, fits: Callable[[str], bool]) -> float:
        """Give the share of the values that fit; 0 of none."""
        good = sum(int(n) for text, n in zip(self.texts, self.times, strict=True) if fits(text))
        return good / self.filled if self.filled else 0.0

    def numbers(self) -> NDArray[np.float64]:
        """Give the values that are numbers, each as often as it stands there."""
        found = [(read_number(text), n) for text, n in zip(self.texts, self.times.tolist(), strict=True)]
        known = [(value, n) for value, n in found if not isinstance(value, Problem)]
        return np.repeat([value for value, _ in known], [n for _, n in known]).astype(np.float64)

    def formats(self) -> tuple[str, ...]:
        """Give the ways beyond ``YYYY-MM-DD`` and ``YYYYMMDD`` in which the dates of a column are written.

        ``03/04/2024`` could be read in two ways; if nothing in the column decides, it is in neither.
        """
        odd = [text for text in self.texts if isinstance(read_date(text), Problem)]
        found = [form for form in DATE_FORMATS if any(is_date(text, form) for text in odd)]
        both = _DAY_FIRST & set(found)
        if both:
            decided = [form for form in both if all(is_date(text, form) for text in odd)]
            found = [form for form in found if form not in _DAY_FIRST or decided == [form]]
        return tuple(found)


def day_read(text: str, formats: tuple[str, ...]) -> int | None:
    """Give the day that a text is, ``None`` if it is none."""
    found = read_date(text)
    if not isinstance(found, Problem):
        return found
    form = next((form for form in formats if is_date(text, form)), None)
    return None if form is None else day_of(dt.datetime.strptime(text, form).date())


def content_of(column: AnyColumn) -> Content:
    """Look at a column."""
    text = as_text(column)
    assert isinstance(text, Coded)
    times = np.bincount(text.codes, minlength=len(text.categories))
    chosen = [(category.strip(), int(n)) for category, n in zip(text.categories, times, strict=True)]
    known = sorted(((category, n) for category, n in chosen if category and n), key=lambda one: (-one[1], one[0]))
    return Content(tuple(name for name, _ in known), np.array([n for _, n in known], np.int64), len(text))


def is_date(text: str, form: str) -> bool:
    """Tell whether a text is a date of a form."""
    try:
        return 1850 <= dt.datetime.strptime(text, form).year <= 2200
    except ValueError:
        return False


def dated(text: str) -> bool:
    """Tell whether a text is a date of any form."""
    return not isinstance(read_date(text), Problem) or any(is_date(text, form) for form in DATE_FORMATS)


def paired(text: str) -> bool:
    """Tell whether a text is two pressures in one cell."""
    return _PAIR.fullmatch(text) is not None


def could_be(name: str, content: Content) -> bool:
    """Tell whether what stands in a column could be what it would be called; an empty column could be anything."""
    if not content.filled:
        return True
    if name in DATE_COLUMNS:
        return content.share(dated) >= ENOUGH
    if name in QUANTITIES:
        quantity = QUANTITIES[name]
        numbers = content.numbers()
        within = (numbers >= quantity.low) & (numbers <= quantity.high)
        return bool(within.sum() >= ENOUGH * content.filled)
    if name in FLAGS:
        return len(content.texts) <= 6 or content.share(lambda text: not isinstance(read_flag(text), Problem)) > ENOUGH
    if name in ("sex", "mode", "level", "setting", "direction"):
        return len(content.texts) <= 30
    return True
