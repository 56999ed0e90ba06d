"""A FHIR quantity in the unit kept here: UCUM codes, exactly, by the factors of ``io.conversion``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from singledisease.eventlog.validation_rules import NOT_FINITE, ValidationIssue, out_of_bounds, outside
from singledisease.io.conversion import converted, units_of
from singledisease.io.fhir.elements import element, text
from singledisease.io.mapping.names import unit_called
from singledisease.vocabulary import Quantity

_SAME = Fraction(1)
_GFR = "mL/min/1.73 m²"

UNITS: Mapping[str, tuple[str, Fraction]] = MappingProxyType(
    {
        "mm[Hg]": ("mmHg", _SAME),
        "kPa": ("kPa", _SAME),
        "mmol/L": ("mmol/L", _SAME),
        "umol/L": ("mmol/L", Fraction(1, 1000)),
        "mol/m3": ("mmol/L", _SAME),
        "mg/dL": ("mg/dL", _SAME),
        "g/L": ("mg/dL", Fraction(100)),
        "mg/L": ("mg/dL", Fraction(1, 10)),
        "%": ("%", _SAME),
        "mmol/mol": ("mmol/mol", _SAME),
        "kg/m2": ("kg/m²", _SAME),
        "kg": ("kg", _SAME),
        "g": ("g", _SAME),
        "[lb_av]": ("lb", _SAME),
        "cm": ("cm", _SAME),
        "m": ("m", _SAME),
        "mm": ("mm", _SAME),
        "[in_i]": ("in", _SAME),
        "/min": ("/min", _SAME),
        "1/min": ("/min", _SAME),
        "Cel": ("°C", _SAME),
        "[degF]": ("°F", _SAME),
        "mL/min/{1.73_m2}": (_GFR, _SAME),
        "mL/min/{1.73m2}": (_GFR, _SAME),
        "mL/min/1.73.m2": (_GFR, _SAME),
        "mL/min/1.73m2": (_GFR, _SAME),
        "mg/g": ("mg/g", _SAME),
        "ug/mg": ("mg/g", _SAME),
        "mg/mmol": ("mg/mmol", _SAME),
        "g/mol": ("mg/mmol", _SAME),
    }
)
"""UCUM code to the unit as it is written here, and by what a number is multiplied to be in it.

Notes in braces mean nothing in UCUM and are left out: ``{beats}/min`` is ``/min``.
"""

_NOTE = re.compile(r"\{[^{}]*\}")
NO_VALUE = ValidationIssue("not_a_number", "没有数值 / there is no value")
NOT_A_NUMBER = ValidationIssue("not_a_number", "数值不是数字 / the value is no number")
COMPARED = ValidationIssue("not_exact", "只给出上限或下限 / only a bound of the value is given")
UNITS_DIFFER = ValidationIssue("units_differ", "单位编码与单位文字不一致 / code and text of the unit do not agree")
_LARGEST = 400
"""Exponents beyond this are not finite as float64, and would take for ever as fractions."""


def unknown_unit(quantity: str) -> ValidationIssue:
    """Say which units a quantity may come in."""
    known = ", ".join(units_of(quantity))
    return ValidationIssue(
        "unknown_unit", f"单位未知，无法换算 / the unit is not known and not converted; known: {known}"
    )


def in_our_unit(quantity: Quantity, given: Any) -> float | ValidationIssue:
    """Give a FHIR Quantity in the unit in which a quantity is kept here, rounded once, or why it is none.

    >>> from singledisease.vocabulary import QUANTITIES
    >>> in_our_unit(QUANTITIES["fpg"], {"value": 126, "unit": "mg/dL", "code": "mg/dL"})
    6.993783303730018
    """
    value = element(given, "value")
    if value is None:
        return NO_VALUE
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        return NOT_A_NUMBER
    if text(given, "comparator"):
        return COMPARED
    if isinstance(value, Decimal) and value != 0 and abs(value.adjusted()) > _LARGEST:
        return NOT_FINITE
    unit = _unit(quantity.name, given)
    if isinstance(unit, ValidationIssue):
        return unit
    name, factor = unit
    try:
        number = converted(quantity.name, name, Fraction(value) * factor) + 0.0
    except OverflowError:
        return NOT_FINITE
    return out_of_bounds(quantity) if outside(quantity, number) else number


def _unit(quantity: str, given: Any) -> tuple[str, Fraction] | ValidationIssue:
    """Give the unit that the code says, or if there is none the text; both must say the same if both are known."""
    code, said = text(given, "code"), text(given, "unit")
    by_code = _known(quantity, code) or _spelt(quantity, code)
    by_text = _known(quantity, said) or _spelt(quantity, said)
    if by_code and by_text and by_code != by_text:
        return UNITS_DIFFER
    return by_code or (by_text if not code else None) or unknown_unit(quantity)


def _known(quantity: str, code: str) -> tuple[str, Fraction] | None:
    found = UNITS.get(code) or UNITS.get(_NOTE.sub("", code))
    return found if found is not None and found[0] in units_of(quantity) else None


def _spelt(quantity: str, said: str) -> tuple[str, Fraction] | None:
    unit = unit_called(quantity, said)
    return (unit, _SAME) if unit else None
