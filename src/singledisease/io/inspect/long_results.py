"""Lists with one result a row, as laboratories keep them: what was tested, the result, and mostly its unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from attrs import field, frozen

from singledisease.eventlog.parse_column import as_text
from singledisease.eventlog.raw import RawTable
from singledisease.io.inspect.words import known_names
from singledisease.io.mapping.names import called, normal, same_unit, unit_called, without_unit
from singledisease.vocabulary import QUANTITIES

_TEST = ("项目名称", "检验项目名称", "检验项目", "化验项目", "检查项目", "项目", "指标名称", "指标", "test", "item")
_RESULT = ("结果", "检验结果", "化验结果", "结果值", "测定结果", "检测结果", "测定值", "数值", "result", "value")
_UNIT = ("单位", "结果单位", "检验单位", "计量单位", "unit", "units")


@frozen
class Test:
    """One quantity in one unit: how its rows are known.

    Attributes
    ----------
    name
        What it is called here.
    unit
        In which its results stand, blank if it is the one kept here.
    tests, units
        What stands in the column of tests, and in that of units if there is one.
    rows
        How many rows there are.
    """

    name: str
    unit: str
    tests: tuple[str, ...]
    units: tuple[str, ...]
    rows: int


@frozen
class ResultColumns:
    """The columns of a list, the tests that are known here, and how many rows hold others."""

    test: str
    result: str
    unit: str
    known: tuple[Test, ...]
    unknown: Mapping[str, int] = field(hash=False)


def listed(table: RawTable) -> ResultColumns | None:
    """Give how a file is a list of results; ``None`` if it is none, or holds nothing that is known here."""
    test, result, unit = (_column(words, table) for words in (_TEST, _RESULT, _UNIT))
    if test is None or result is None:
        return None
    groups: dict[tuple[str, str], list[tuple[str, str, int]]] = {}
    unknown: dict[str, int] = {}
    for what, of, rows in _pairs(table, test, unit):
        name = _quantity(what)
        meant = None if name is None else _meant(name, of)
        if name is None or meant is None:
            told = what if name is None else f"{what} {of}"
            unknown[told] = unknown.get(told, 0) + rows
        else:
            groups.setdefault((name, meant), []).append((what, of, rows))
    known = tuple(
        Test(
            name=name,
            unit=meant,
            tests=tuple(dict.fromkeys(what for what, _, _ in pairs)),
            units=tuple(dict.fromkeys(of for _, of, _ in pairs)) if unit else (),
            rows=sum(rows for *_, rows in pairs),
        )
        for (name, meant), pairs in groups.items()
    )
    return ResultColumns(test, result, unit or "", known, unknown) if known else None


def _column(words: tuple[str, ...], table: RawTable) -> str | None:
    found = (called(word, table.columns) for word in words)
    return next((name for name in found if name is not None), None)


def _pairs(table: RawTable, test: str, unit: str | None) -> Iterator[tuple[str, str, int]]:
    """Give each test with each of its units, and how many rows there are, the most frequent first."""
    columns = [as_text(table.columns[name]) for name in (test, unit) if name is not None]
    kinds, number = np.unique(np.stack([column.codes for column in columns]), axis=1, return_counts=True)
    for i in np.argsort(-number, kind="stable"):
        cells = [column.categories[code].strip() for column, code in zip(columns, kinds[:, i], strict=True)]
        yield cells[0], cells[1] if unit else "", int(number[i])


def _quantity(what: str) -> str | None:
    """Give the quantity that a test is of: by its whole name, or by the one before or in a bracket."""
    known = known_names("events")
    before, inside = without_unit(what)
    names = (known.get(form) for form in (normal(what), before, inside))
    return next((name for name in names if name in QUANTITIES), None)


def _meant(name: str, unit: str) -> str | None:
    """Give the unit that a cell means, blank for the one kept here; ``None`` if it is not converted."""
    if not unit or same_unit(unit, name):
        return ""
    return unit_called(name, unit) or None
