"""Foreign cells in the form in which they are read here: blanks that have a word, numbers that have a unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from fractions import Fraction

import numpy as np

from singledisease.dates import MISSING, iso
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Numbers
from singledisease.eventlog.identity_number import one_spelling
from singledisease.eventlog.parse_cell import read_date
from singledisease.eventlog.parse_column import as_text, recoded
from singledisease.eventlog.raw import plain_number
from singledisease.eventlog.validation_rules import ValidationIssue
from singledisease.io.conversion import converted
from singledisease.io.mapping.days import SERIAL, days_in, impossible_in
from singledisease.io.mapping.names import normal, same_unit, unit_called
from singledisease.vocabulary import QUANTITIES

_NUMBER = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*(\D.*)?", re.ASCII)
_FORMULA = re.compile(r'="(.*)"')
_MARKS = ("'", "=")
_SPACES = 4
"""How many blanks may stand within a word that means nothing."""


def cleaned(column: AnyColumn, blank: Iterable[str]) -> AnyColumn:
    """Take the words that mean nothing out of a column, and what spreadsheets put around a text to keep it one."""
    if not isinstance(column, Coded):
        return column
    words = {normal(word) for word in blank}
    made = [text.strip() if text[:1] not in _MARKS else _bare(text.strip()) for text in column.categories]
    if words:
        longest = max(map(len, words)) + _SPACES
        made = ["" if len(text) <= longest and normal(text) in words else text for text in made]
    return column if made == list(column.categories) else recoded(column.codes, made)


def _bare(text: str) -> str:
    formula = _FORMULA.fullmatch(text)
    return formula[1].strip() if formula else text.removeprefix("'")


def measured(name: str, column: AnyColumn, unit: str) -> AnyColumn:
    """Give a column of a quantity in the unit kept here; a text that is no number of that unit stays, to be refused."""
    if isinstance(column, Numbers) and (not unit or unit == QUANTITIES[name].unit):
        return column
    text = as_text(column)
    made = [_number(name, category.strip(), unit) for category in text.categories]
    return column if made == list(text.categories) else recoded(text.codes, made)


def _number(name: str, text: str, unit: str) -> str:
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text)) if text else None
    if found is None:
        return text
    number, said = found[1], found[2]
    wanted = unit or QUANTITIES[name].unit
    if said and unit_called(name, said) != wanted:
        return text
    return number if same_unit(wanted, name) else plain_number(converted(name, wanted, Fraction(number)))


def dated(column: AnyColumn, forms: tuple[str, ...]) -> AnyColumn:
    """Read the days of a column that are written in given forms; with a text that is in none the column stays text."""
    if isinstance(column, Numbers) and SERIAL in forms:
        column = as_text(column)
    if not isinstance(column, Coded) or not forms:
        return column
    days = days_in(column.categories, forms)
    if None not in days:
        return Dates(np.array(days, np.int32)[column.codes])
    made = [_plain(text, day, forms) for text, day in zip(column.categories, days, strict=True)]
    return column if made == list(column.categories) else recoded(column.codes, made)


def _plain(text: str, day: int | None, forms: tuple[str, ...]) -> str:
    """Give a day as it is written here, one that no calendar has too; what is none or is read as is stays."""
    if day is None:
        return impossible_in(text.strip(), forms) or text
    return text if day == MISSING or not isinstance(read_date(text.strip()), ValidationIssue) else iso(day)


def identified(column: AnyColumn) -> AnyColumn:
    """Write identity numbers that name people in one spelling."""
    if not isinstance(column, Coded):
        return column
    made = [one_spelling(category) for category in column.categories]
    return column if made == list(column.categories) else recoded(column.codes, made)
