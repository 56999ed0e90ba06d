"""What stands in a column: how full it is, and whether it could be dates, numbers, pressures or codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.eventlog.columns import AnyColumn
from singledisease.eventlog.parse_cell import DECIMAL_COMMA_FORM, read_date, read_flag, read_number
from singledisease.eventlog.parse_column import as_text
from singledisease.eventlog.validation_rules import ValidationIssue
from singledisease.io.conversion import BY_QUANTITY
from singledisease.io.inspect.words import BLANK_WORDS
from singledisease.io.mapping.columns import DATE_COLUMNS
from singledisease.io.mapping.days import SERIAL, day_reader
from singledisease.io.mapping.names import normal
from singledisease.vocabulary import FLAGS, QUANTITIES

DATE_FORMATS = (
    "%Y/%m/%d",
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y.%m.%d",
    "%Y年%m月%d日",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y%m%d%H%M%S",
    "%Y%m%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d.%m.%Y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%b %d, %Y",
    "%Y年%m月%d号",
    "%Y年%m月",
    "%Y-%m",
    "%Y/%m",
    "%Y.%m",
    "%Y%m",
)
_DAY_OR_MONTH = (("%d/%m/%Y", "%m/%d/%Y"), ("%d-%m-%Y", "%m-%d-%Y"))
"""Forms that cannot be told apart by 03/04/2024."""
_PAIR = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*[/／\\]\s*(\d{1,3}(?:\.\d+)?)\s*(?:mmhg|kpa)?", re.ASCII | re.IGNORECASE)


def _pointed(text: str) -> str:
    """Write a decimal comma as a point: the column is known for what it is, its cells are refused with the reason.

    Wide digits are digits: by a mapping they are read so.
    """
    text = unicodedata.normalize("NFKC", text)
    return text.replace(",", ".") if DECIMAL_COMMA_FORM.fullmatch(text) else text


_AMOUNT = re.compile(r"(\d+(?:\.\d*)?)\s*(?:[a-zA-Z%°℃℉/².]*)$", re.ASCII)
SAMPLE = 10_000
"""How many distinct values of a column are looked at; of more, so many evenly spread over the file."""
_YEAR = re.compile(r"(?:18[5-9]|19\d|20[0-4])\d(?!\d)", re.ASCII)
_BLANK = frozenset(map(normal, BLANK_WORDS))
SERIALS = 0.05
"""What share of the values must be spreadsheet numbers of days to be taken for them: one 20245 alone is a slip."""
ENOUGH = 0.8
"""What share of the values must be of a kind for the column to be."""


@frozen(eq=False)
class Content:
    """The distinct values of a column and how often each stands there; of very many, a sample.

    Attributes
    ----------
    texts, times
        The values looked at, the most frequent first, and how often each stands there.
    rows
        Of the file.
    filled
        In how many of them there is a value.
    distinct
        How many different ones there are.
    """

    texts: tuple[str, ...]
    times: NDArray[np.int64]
    rows: int
    filled: int
    distinct: int

    @property
    def seen(self) -> int:
        """In how many rows there is a value that was looked at."""
        return int(self.times.sum())

    def spoken(self) -> Content:
        """Give the content without the words that stand where nothing is known."""
        said = [i for i, text in enumerate(self.texts) if normal(text) not in _BLANK]
        texts = tuple(self.texts[i] for i in said)
        return Content(texts, self.times[said], self.rows, int(self.times[said].sum()), len(said))

    def share(self, fits: Callable[[str], bool]) -> float:
        """Give the share of the values that fit; 0 of none."""
        good = sum(int(n) for text, n in zip(self.texts, self.times, strict=True) if fits(text))
        return good / self.seen if self.seen else 0.0

    def numbers(self) -> NDArray[np.float64]:
        """Give the values that are numbers, each as often as it stands there."""
        found = [(read_number(text), n) for text, n in zip(self.texts, self.times.tolist(), strict=True)]
        known = [(value, n) for value, n in found if not isinstance(value, ValidationIssue)]
        return np.repeat([value for value, _ in known], [n for _, n in known]).astype(np.float64)

    def amounts(self) -> NDArray[np.float64]:
        """Give the values that are numbers, with or without a unit after them, also with a comma for decimals."""
        found = [(_AMOUNT.match(_pointed(text)), n) for text, n in zip(self.texts, self.times.tolist(), strict=True)]
        known = [(float(amount[1]), n) for amount, n in found if amount is not None]
        return np.repeat([value for value, _ in known], [n for _, n in known]).astype(np.float64)

    def formats(self) -> tuple[str, ...]:
        """Give the ways beyond ``YYYY-MM-DD`` and ``YYYYMMDD`` in which the dates of a column are written.

        ``03/04/2024`` could be read in two ways; if nothing in the column decides, it is in neither.
        """
        odd = [text for text in self.texts if isinstance(read_date(text), ValidationIssue)]
        found = [form for form in DATE_FORMATS if any(is_date(text, form) for text in odd)]
        if self.share(_is_serial) >= SERIALS:
            found.append(SERIAL)
        for pair in _DAY_OR_MONTH:
            if set(pair) & set(found):
                decided = self._decided(pair, odd)
                found = [form for form in found if form not in pair or decided == [form]]
        return tuple(found)

    def undecided(self) -> tuple[str, ...]:
        """Give the two forms between which nothing in the column decides: the day first, and the month first."""
        odd = [text for text in self.texts if isinstance(read_date(text), ValidationIssue)]
        for pair in _DAY_OR_MONTH:
            if any(is_date(text, pair[0]) for text in odd) and len(self._decided(pair, odd)) > 1:
                return pair
        return ()

    @staticmethod
    def _decided(pair: Sequence[str], odd: Sequence[str]) -> list[str]:
        """Give which of two forms all dates are of that are of one of them."""
        turned = [text for text in odd if any(is_date(text, form) for form in pair)]
        return [form for form in pair if all(is_date(text, form) for text in turned)]


def content_of(column: AnyColumn) -> Content:
    """Look at a column."""
    text = as_text(column)
    times = np.bincount(text.codes, minlength=len(text.categories))
    blank = np.array([not category.strip() for category in text.categories], np.bool_)
    present = np.flatnonzero((times > 0) & ~blank)
    looked_at = present
    if len(present) > SAMPLE:
        looked_at = present[np.linspace(0, len(present) - 1, SAMPLE).astype(np.int64)]
    known = [(text.categories[i].strip(), int(times[i])) for i in looked_at.tolist()]
    known.sort(key=lambda one: (-one[1], one[0]))
    return Content(
        texts=tuple(name for name, _ in known),
        times=np.array([n for _, n in known], np.int64),
        rows=len(text),
        filled=int(times[present].sum()),
        distinct=len(present),
    )


def is_date(text: str, form: str) -> bool:
    """Tell whether a text is a date of a form."""
    found = day_reader(form)(text)
    return found is not None and 1850 <= found.year <= 2200


def _is_serial(text: str) -> bool:
    """Tell whether a text is a spreadsheet's number of a day; 1957 is a year, as a day it would be one of 1905."""
    return is_date(text, SERIAL) and not _YEAR.match(text)


def dated(text: str) -> bool:
    """Tell whether a text is a date of any form; a spreadsheet's number of a day is one only if its column says so."""
    return not isinstance(read_date(text), ValidationIssue) or any(is_date(text, form) for form in DATE_FORMATS)


def dated_or_serial(text: str) -> bool:
    """Tell whether a text could be a date where one is expected."""
    return dated(text) or _is_serial(text)


def pressures_in(text: str) -> tuple[float, float] | None:
    """Give the two numbers of a cell like ``152/95``, ``None`` if it is none."""
    found = _PAIR.fullmatch(text)
    return None if found is None else (float(found[1]), float(found[2]))


def pair_unit(content: Content) -> str | None:
    """Give the unit of the pressures of a column that has two in a cell, ``None`` if it has not."""
    content = content.spoken()
    for unit, low, high in (("mmHg", 30, 300), ("kPa", 4, 40)):

        def both(text: str, low: float = low, high: float = high) -> bool:
            found = pressures_in(text)
            return found is not None and low <= found[1] < found[0] <= high

        if content.share(both) >= ENOUGH:
            return unit
    return None


def could_be(name: str, content: Content) -> bool:
    """Tell whether what stands in a column could be what it would be called; an empty column could be anything."""
    if name in DATE_COLUMNS or name in QUANTITIES:
        content = content.spoken()
    if not content.filled:
        return True
    if name in DATE_COLUMNS:
        return content.share(dated_or_serial) >= ENOUGH
    if name in QUANTITIES:
        return fits_unit(name, QUANTITIES[name].unit, content)
    if name in FLAGS:
        return (
            len(content.texts) <= 6
            or content.share(lambda text: not isinstance(read_flag(text), ValidationIssue)) > ENOUGH
        )
    if name in ("sex", "mode", "level", "setting", "direction"):
        return len(content.texts) <= 30
    return True


# UNITS

_TYPICAL: Mapping[str, tuple[tuple[str, float, float], ...]] = {
    "sbp": (("kPa", 6, 30),),
    "dbp": (("kPa", 6, 30),),
    "fpg": (("mg/dL", 30, 900),),
    "ppg": (("mg/dL", 30, 900),),
    "glucose": (("mg/dL", 30, 900),),
    "tc": (("mg/dL", 40, 1000),),
    "ldl": (("mg/dL", 30, 1000),),
    "hdl": (("mg/dL", 10, 300),),
    "tg": (("mg/dL", 20, 5000),),
    "hba1c": (("mmol/mol", 25, 200),),
    "temperature": (("°F", 80, 115),),
    "height": (("m", 0.5, 2.5),),
    "waist": (("m", 0.4, 1.6), ("尺", 1.6, 5)),
}
"""Unit and the values between which the median lies if a column is in it, and cannot lie if it is in the one kept here.

Nobody's waist is 2.4 cm, and nobody's pressure 18 mmHg.  Weights in 斤 cannot be told from weights in kg.
"""


def fits_unit(name: str, unit: str, content: Content) -> bool:
    """Tell whether most of what stands in a column are possible values of a quantity, if it is in a unit."""
    quantity, content = QUANTITIES[name], content.spoken()
    numbers = content.amounts()
    if unit in BY_QUANTITY[name]:
        conversion = BY_QUANTITY[name][unit]
        numbers = numbers * float(conversion.factor) + float(conversion.more)
    within = (numbers >= quantity.low) & (numbers <= quantity.high)
    return bool(within.sum() >= ENOUGH * content.seen)


def likely_unit(name: str, content: Content) -> str:
    """Give the unit that the values of a quantity speak for, the one kept here unless they cannot be in it."""
    numbers = content.amounts()
    median = float(np.median(numbers)) if numbers.size else np.nan
    for unit, low, high in _TYPICAL.get(name, ()):
        if low <= median <= high and fits_unit(name, unit, content):
            return unit
    return QUANTITIES[name].unit
