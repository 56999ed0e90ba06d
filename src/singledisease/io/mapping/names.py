"""Foreign names compared: full-width and half-width letters, spaces and units in brackets make no difference."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from singledisease.io.conversion import BY_QUANTITY, CONVERSIONS, units_of
from singledisease.io.mapping.source import Source
from singledisease.io.sheet_names import telling_name, without_suffix
from singledisease.vocabulary import QUANTITIES

_SPACE = re.compile(r"\s+")
_BRACKET = re.compile(r"^(.+?)[(\[]([^()\[\]]*)[)\]]$")
_UNIT_SPELLINGS: Mapping[str, str] = {
    "次/分": "/min",
    "次/分钟": "/min",
    "次/min": "/min",
    "bpm": "/min",
    "℃": "°C",
    "kg/m2": "kg/m²",
    "毫米汞柱": "mmHg",
    "公斤": "kg",
    "厘米": "cm",
}


def normal(name: str) -> str:
    """Give the form in which foreign names are compared.

    >>> normal(" 收缩压（ｍｍHg）")
    '收缩压(mmhg)'
    """
    return _SPACE.sub("", unicodedata.normalize("NFKC", name)).casefold()


_UNITS = {normal(quantity.unit): normal(quantity.unit) for quantity in QUANTITIES.values()} | {
    normal(spelt): normal(unit)
    for spelt, unit in (
        *_UNIT_SPELLINGS.items(),
        *((spelt, one.unit) for one in CONVERSIONS for spelt in (one.unit, *one.spellings)),
    )
}


def without_unit(name: str) -> tuple[str, str]:
    """Divide a column's name into what it is called and the unit in brackets after it, in one spelling.

    >>> without_unit("心率（次/分钟）"), without_unit("血糖(mg/dL)"), without_unit("姓名")
    (('心率', '/min'), ('血糖', 'mg/dl'), ('姓名', ''))
    """
    found = _BRACKET.match(normal(name))
    if found is None:
        return normal(name), ""
    return found[1], _UNITS.get(found[2], found[2])


def same_unit(unit: str, quantity: str) -> bool:
    """Tell whether a unit is the one in which a quantity is kept here, however it is spelt."""
    return quantity in QUANTITIES and _UNITS.get(normal(unit), "") == normal(QUANTITIES[quantity].unit)


def unit_called(quantity: str, text: str) -> str:
    """Give the unit of a quantity that a text means, as it is written here; blank if it is none of them.

    >>> unit_called("sbp", "千帕"), unit_called("fpg", "mg/dl"), unit_called("sbp", "mg/dL")
    ('kPa', 'mg/dL', '')
    """
    if quantity not in QUANTITIES:
        return ""
    meant = _UNITS.get(normal(text), "")
    return next((unit for unit in units_of(quantity) if normal(unit) == meant), "")


def find_column(wanted: str, names: Iterable[str], header: Iterable[str], unit: str = "") -> str | None:
    """Give the column of a file that a mapping calls ``wanted`` and that becomes ``names`` here.

    Its name may be followed by a unit in brackets, if that is the one in which the mapping says it stands, or if it
    says none the one kept here: glucose in mg/dL is not found where mmol/L are meant, nor the other way round.
    """
    exact, targets = normal(wanted), tuple(names)
    loose = None
    for column in header:
        if normal(column) == exact:
            return column
        called, said = without_unit(column)
        if called == exact and any(said and unit_called(name, said) == _meant(name, unit) for name in targets):
            loose = loose or column
    return loose


def called(wanted: str, header: Iterable[str]) -> str | None:
    """Give the column of a file that a mapping calls ``wanted``, whatever unit its name says."""
    return next((name for name in header if normal(wanted) in (normal(name), without_unit(name)[0])), None)


def _meant(quantity: str, unit: str) -> str:
    return unit or (QUANTITIES[quantity].unit if quantity in QUANTITIES else "-")


def other_unit(wanted: str, quantity: str, header: Iterable[str]) -> tuple[str, str] | None:
    """Give the column that would be the one wanted, were it not in another unit that is converted; and that unit."""
    for column in header:
        called, said = without_unit(column)
        unit = unit_called(quantity, said) if called == normal(wanted) else ""
        if unit in BY_QUANTITY.get(quantity, ()):
            return column, unit
    return None


def called_so(source: Source, file: str) -> bool:
    """Tell whether a file has a name that a source table's may have; a sheet goes by the name that tells of it."""
    names = (normal(without_suffix(file)), normal(telling_name(file)))
    patterns = [normal(pattern) for pattern in source.files]
    # A workbook with its sheet in brackets is a name, not a pattern with a choice of letters.
    return not patterns or normal(file) in patterns or any(fnmatchcase(name, one) for one in patterns for name in names)


def fits(source: Source, file: str, header: Iterable[str]) -> bool:
    """Tell whether a file is a table that a mapping names, by its name and its columns."""
    columns = {form for column in header for form in (normal(column), without_unit(column)[0])}
    return (
        called_so(source, file)
        and all(normal(column) in columns for column in (*source.has, *source.where))
        and not any(normal(column) in columns for column in source.lacks)
    )
