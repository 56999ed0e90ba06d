"""Which events concern a disease."""

from __future__ import annotations

import numpy as np

from singledisease.definitions.disease import Disease
from singledisease.engines.columnar.code_sets import without_marks
from singledisease.engines.columnar.operands import Array, Mask, among
from singledisease.engines.columnar.table import Indices
from singledisease.eventlog.columns import Coded
from singledisease.eventlog.log import EventLog
from singledisease.vocabulary import CODED_KINDS


def concerning(log: EventLog, disease: Disease, rows: Indices | None = None) -> Mask:
    """Say which rows concern a disease: tagged with it, or with none and not coded as another.

    Every row concerns a pathway that hears any tag.  ``rows`` has the rows to be asked about; all of the log's if not
    given.
    """
    size = len(log) if rows is None else len(rows)
    tag, code = log.columns.get("disease"), log.columns.get("code")
    if disease.pathway.tags == "any" or not (isinstance(tag, Coded) or isinstance(code, Coded)):
        return np.ones(size, np.bool_)
    found = np.ones(size, np.bool_)
    if isinstance(tag, Coded):
        own = [not name or disease.id in name.split("|") for name in tag.categories]
        found = among(_codes(tag, rows), np.array(own))
    if isinstance(code, Coded):
        foreign = np.flatnonzero(among(_codes(code, rows), _foreign(code.categories, disease.codes)))
        # Few rows are coded: of these alone kind and tag are asked.
        foreign = foreign[of_kinds(log.kind[_rows(rows, foreign)], CODED_KINDS)]
        if isinstance(tag, Coded):
            foreign = foreign[tag.codes.take(_rows(rows, foreign)) == 0]
        found[foreign] = False
    others = np.flatnonzero(~found)
    found[others] = died(log, _rows(rows, others))
    return found


def died(log: EventLog, rows: Indices) -> Mask:
    """Say which of some rows are an exit by death, which concerns every disease."""
    found = of_kinds(log.kind[rows], ("exit",))
    reason, exits = log.columns.get("reason"), np.flatnonzero(found)
    found[exits] = isinstance(reason, Coded) and of_kinds(reason[rows.take(exits)], ("died",))
    return found


def of_kinds(column: Coded, names: tuple[str, ...]) -> Mask:
    """Say where a text is one of some names."""
    return among(column.codes, np.array([name in names for name in column.categories]))


def exits_by_death(log: EventLog) -> Indices:
    """Give the rows of a log that are an exit by death."""
    exits = np.flatnonzero(of_kinds(log.kind, ("exit",)))
    return exits[died(log, exits)]


def _codes(column: Coded, rows: Indices | None) -> Array:
    return column.codes if rows is None else column.codes.take(rows)


def _rows(rows: Indices | None, places: Indices) -> Indices:
    return places if rows is None else rows.take(places)


def _foreign(codes: tuple[str, ...], prefixes: tuple[str, ...]) -> Mask:
    """Say which codes are given and name another disease."""
    own = tuple(map(without_marks, prefixes))
    return np.array([bool(code.strip()) and not without_marks(code).startswith(own) for code in codes])
