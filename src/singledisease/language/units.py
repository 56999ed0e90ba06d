"""Units of time, by whichever of their names they are written."""

from __future__ import annotations

_TIME = {
    "days": ("d", "day", "天", "日"),
    "months": ("mo", "month", "月", "个月"),
    "years": ("a", "y", "yr", "year", "年", "岁", "周岁"),
}
DIMENSIONLESS = "1"
"""The unit of a score or a ratio, which nobody says."""
_PLAIN = {alias: unit for unit, aliases in _TIME.items() for alias in aliases}


def plain_unit(unit: str) -> str:
    """Give the one name of a unit of time; any other unit is given back as it is.

    >>> plain_unit("a"), plain_unit("岁"), plain_unit("mmHg")
    ('years', 'years', 'mmHg')
    """
    return _PLAIN.get(unit, unit)
