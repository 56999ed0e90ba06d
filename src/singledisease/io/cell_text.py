"""Plain values written as a CSV file would hold them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np

from singledisease.eventlog.raw import plain_number


def cell_text(value: Any) -> str | None:
    """Write a plain value as a CSV file would hold it; ``None`` for what is no plain value.

    >>> cell_text(138.0), cell_text(True), cell_text(dt.date(2024, 3, 1)), cell_text([138])
    ('138', 'true', '2024-03-01', None)
    """
    match value:
        case str():
            return value
        case bool() | np.bool_():
            return "true" if value else "false"
        case dt.datetime():
            return value.isoformat()
        case dt.date():
            return value.isoformat()
        case float() | np.floating():
            # Beyond 2 ** 53 it is not known which whole number it was: with an exponent it is refused as a name.
            exact = abs(float(value)) <= 2**53 or not np.isfinite(value)
            return plain_number(float(value)) if exact else f"{float(value):.15E}"
        case int() | np.integer() | Decimal():
            return format(value, "f" if isinstance(value, Decimal) else "d")
        case UUID():
            return str(value)
        case _:
            return None
