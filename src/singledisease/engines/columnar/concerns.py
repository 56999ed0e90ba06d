"""Which events concern a disease."""

from __future__ import annotations

import numpy as np

from singledisease.definitions.disease import Disease
from singledisease.engines.columnar.code_sets import without_marks
from singledisease.engines.columnar.operands import Array, Mask
from singledisease.eventlog.columns import Coded
from singledisease.eventlog.log import EventLog
from singledisease.vocabulary import CODED_KINDS


def concerning(log: EventLog, disease: Disease, index: Array | slice = np.s_[:]) -> Mask:
    """Say which rows concern a disease: tagged with it, or with none and not coded as another.

    Every row concerns a pathway that hears any tag.  ``index`` has the rows to be asked about; all of the log's if not
    given.
    """
    kind = log.kind[index]
    if disease.pathway.tags == "any":
        return np.ones(len(kind.codes), np.bool_)
    tag = _text(log, "disease", index, kind)
    found = np.array([not name or disease.id in name.split("|") for name in tag.categories])[tag.codes]
    code = log.columns.get("code")
    coded = of_kinds(kind, CODED_KINDS) if isinstance(code, Coded) else np.False_
    if isinstance(code, Coded) and coded.any():
        foreign = _foreign(code.categories, disease.codes)[code.codes[index]]
        found &= ~(coded & foreign & (tag.codes == 0))
    return np.asarray(found | died(log, index))


def died(log: EventLog, index: Array | slice = np.s_[:]) -> Mask:
    """Say which rows are an exit by death, which concerns every disease."""
    kind = log.kind[index]
    exits = of_kinds(kind, ("exit",))
    if not exits.any():
        return exits
    reason = _text(log, "reason", index, kind)
    return np.asarray(exits & of_kinds(reason, ("died",)))


def of_kinds(column: Coded, names: tuple[str, ...]) -> Mask:
    """Say where a text is one of some names; comparing codes one by one beats a table for a few names."""
    found = np.zeros(len(column.codes), np.bool_)
    for code, name in enumerate(column.categories):
        if name in names:
            found |= column.codes == code
    return found


def _text(log: EventLog, name: str, index: Array | slice, like: Coded) -> Coded:
    column = log.columns.get(name)
    if isinstance(column, Coded):
        return column[index]
    return Coded(np.zeros(len(like.codes), np.uint8), ("",))


def _foreign(codes: tuple[str, ...], prefixes: tuple[str, ...]) -> Mask:
    """Say which codes are given and name another disease."""
    own = tuple(map(without_marks, prefixes))
    return np.array([bool(code.strip()) and not without_marks(code).startswith(own) for code in codes])
