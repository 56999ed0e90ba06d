"""Other units: exact factors from the units that files hold to those in which quantities are kept here.

A number is converted as the decimal fraction that was written, and brought to float64 once, at the end.  Nothing is
rounded to the places a clinician would write: 126 mg/dL of glucose is 6.99378… mmol/L, and lies below 7.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from attrs import field, frozen

from singledisease.definitions.citation import Status
from singledisease.vocabulary import QUANTITIES

MG_DL_PER_MMOL_L_OF_GLUCOSE = Fraction("18.016")
_PRESSURES, _GLUCOSES, _CHOLESTEROLS = ("sbp", "dbp"), ("fpg", "ppg", "glucose"), ("tc", "ldl", "hdl")
_LENGTHS = ("height", "waist")


@frozen(kw_only=True)
class Conversion:
    """How numbers in one unit become the unit in which some quantities are kept here: times ``factor``, plus ``more``.

    Attributes
    ----------
    unit
        As it is written here.
    spellings
        How it is written elsewhere, letter case, width and spaces apart.
    quantities
        Of which quantities; a unit may mean another factor for another substance.
    source, status
        Where the factor stands and how sure that is.
    """

    unit: str
    spellings: tuple[str, ...] = ()
    quantities: tuple[str, ...]
    factor: Fraction
    more: Fraction = field(default=Fraction(0))
    source: str
    status: Status

    def __call__(self, number: Fraction) -> float:
        """Convert a number, rounding once, to the nearest float64."""
        return float(number * self.factor + self.more)


_MOLAR = "the molar mass of {substance}, {mass} g/mol; 1 mmol/L = {factor} mg/dL"

CONVERSIONS: tuple[Conversion, ...] = (
    Conversion(
        unit="kPa",
        spellings=("千帕",),
        quantities=_PRESSURES,
        factor=1 / Fraction("0.133322387415"),
        source="conventional millimetre of mercury, 13595.1 kg/m³ × 9.80665 m/s² × 1 mm = 133.322387415 Pa",
        status="confirmed",
    ),
    Conversion(
        unit="mg/dL",
        spellings=("mg/100ml", "mg%", "毫克/分升"),
        quantities=_GLUCOSES,
        factor=1 / MG_DL_PER_MMOL_L_OF_GLUCOSE,
        source=_MOLAR.format(substance="glucose", mass="180.16", factor="18.016"),
        status="unverified",
    ),
    Conversion(
        unit="mg/dL",
        spellings=("mg/100ml", "mg%", "毫克/分升"),
        quantities=_CHOLESTEROLS,
        factor=1 / Fraction("38.67"),
        source=_MOLAR.format(substance="cholesterol", mass="386.7", factor="38.67"),
        status="unverified",
    ),
    Conversion(
        unit="mg/dL",
        spellings=("mg/100ml", "mg%", "毫克/分升"),
        quantities=("tg",),
        factor=1 / Fraction("88.57"),
        source=_MOLAR.format(substance="a mean triglyceride", mass="885.7", factor="88.57"),
        status="unverified",
    ),
    Conversion(
        unit="mmol/mol",
        spellings=("毫摩尔/摩尔",),
        quantities=("hba1c",),
        factor=Fraction("0.09148"),
        more=Fraction("2.152"),
        source="NGSP master equation, NGSP % = 0.09148 × IFCC mmol/mol + 2.152 (ngsp.org, IFCC standardization)",
        status="confirmed",
    ),
    Conversion(
        unit="mg/mmol",
        spellings=("毫克/毫摩尔",),
        quantities=("uacr",),
        factor=1 / Fraction("0.11312"),
        source="the molar mass of creatinine, 113.12 g/mol; 1 mg/mmol = 8.84 mg/g",
        status="unverified",
    ),
    Conversion(
        unit="°F",
        spellings=("℉", "华氏度", "f"),
        quantities=("temperature",),
        factor=Fraction(5, 9),
        more=Fraction(-160, 9),
        source="definition of the degree Fahrenheit, (°F − 32) × 5/9",
        status="unverified",
    ),
    Conversion(
        unit="lb",
        spellings=("lbs", "磅", "pound", "pounds"),
        quantities=("weight",),
        factor=Fraction("0.45359237"),
        source="international pound, 0.45359237 kg",
        status="unverified",
    ),
    Conversion(
        unit="斤",
        spellings=("市斤",),
        quantities=("weight",),
        factor=Fraction(1, 2),
        source="市斤, 500 g",
        status="unverified",
    ),
    Conversion(
        unit="g",
        spellings=("克",),
        quantities=("weight",),
        factor=Fraction(1, 1000),
        source="SI",
        status="confirmed",
    ),
    Conversion(
        unit="in",
        spellings=("inch", "inches", "英寸"),
        quantities=_LENGTHS,
        factor=Fraction("2.54"),
        source="international inch, 2.54 cm",
        status="unverified",
    ),
    Conversion(
        unit="尺",
        spellings=("市尺",),
        quantities=_LENGTHS,
        factor=Fraction(100, 3),
        source="市尺, a third of a metre",
        status="unverified",
    ),
    Conversion(unit="m", spellings=("米",), quantities=_LENGTHS, factor=Fraction(100), source="SI", status="confirmed"),
    Conversion(
        unit="mm", spellings=("毫米",), quantities=_LENGTHS, factor=Fraction(1, 10), source="SI", status="confirmed"
    ),
)
"""Every unit that is converted, with its factor, source and status: the only place where they stand."""


def _by_quantity() -> Mapping[str, Mapping[str, Conversion]]:
    found: dict[str, dict[str, Conversion]] = {name: {} for name in QUANTITIES}
    for one in CONVERSIONS:
        for name in one.quantities:
            found[name][one.unit] = one
    return MappingProxyType(found)


BY_QUANTITY = _by_quantity()
"""Quantity to unit to how it is converted; the unit kept here needs none and is not named."""


def units_of(quantity: str) -> tuple[str, ...]:
    """Give the units in which a quantity may come: the one kept here first.

    >>> units_of("sbp")
    ('mmHg', 'kPa')
    """
    return (QUANTITIES[quantity].unit, *BY_QUANTITY[quantity])


def converted(quantity: str, unit: str, number: Fraction) -> float:
    """Give a number of a quantity in the unit kept here.

    >>> converted("sbp", "kPa", Fraction("18.6")), converted("fpg", "mg/dL", Fraction(126))
    (139.51145310729208, 6.993783303730018)
    """
    conversion = BY_QUANTITY[quantity].get(unit)
    return float(number) if conversion is None else conversion(number)
