"""Columns that are kept as text and declared to hold something else."""

from __future__ import annotations

import numpy as np

from singledisease.dates import MISSING
from singledisease.engines.columnar.operands import Day, Number, Operand, Text, Truth
from singledisease.eventlog.parse_cell import read_date, read_flag, read_number
from singledisease.vocabulary import ValueKind


def as_kind(operand: Operand, kind: ValueKind) -> Operand:
    """Give a value as the kind it is declared to be; a text that is none of that kind is missing."""
    if not isinstance(operand, Text) or kind == "text":
        return operand
    names, codes = [name.strip() for name in operand.categories], operand.codes
    match kind:
        case "number":
            numbers = [found if isinstance(found := read_number(name), float) else np.nan for name in names]
            return Number(np.array(numbers)[codes])
        case "date":
            days = [found if isinstance(found := read_date(name), int) else MISSING for name in names]
            return Day(np.array(days, np.int32)[codes])
        case _:
            flags = np.array([found if isinstance(found := read_flag(name), int) else -1 for name in names])
            return Truth(lambda wanted: np.asarray(flags[codes] == wanted))
