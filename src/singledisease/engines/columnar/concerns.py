"""Which events concern a disease."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.definitions.disease import Disease
from singledisease.engines.columnar.code_sets import without_marks
from singledisease.engines.columnar.operands import Array, Mask, among
from singledisease.engines.columnar.table import Indices
from singledisease.eventlog.columns import AnyColumn, Coded
from singledisease.eventlog.log import EventLog
from singledisease.vocabulary import CODED_KINDS


def concerning(
    log: EventLog, disease: Disease, rows: Indices | None = None, kinds: frozenset[str] = frozenset()
) -> Mask:
    """Say which rows concern a disease: tagged with it, or with none and not coded as another.

    Every row concerns a pathway that hears any tag.  ``rows`` has the rows to be asked about; all of the log's if not
    given.  ``kinds`` has the kinds that these are of, if that is known: of most kinds the tag is all there is to ask.
    """
    size = len(log) if rows is None else len(rows)
    tag, code = log.columns.get("disease"), log.columns.get("code")
    if disease.pathway.tags == "any" or not (isinstance(tag, Coded) or isinstance(code, Coded)):
        return np.ones(size, np.bool_)
    found = np.ones(size, np.bool_)
    if isinstance(tag, Coded):
        own = [not name or disease.id in name.split("|") for name in tag.categories]
        found = among(_codes(tag, rows), np.array(own))
    if isinstance(code, Coded) and (not kinds or kinds.intersection(CODED_KINDS)):
        foreign = np.flatnonzero(among(_codes(code, rows), _foreign(code.categories, disease.codes)))
        # Few rows are coded: of these alone kind and tag are asked.
        foreign = foreign[of_kinds(log.kind[_rows(rows, foreign)], CODED_KINDS)]
        if isinstance(tag, Coded):
            foreign = foreign[tag.codes.take(_rows(rows, foreign)) == 0]
        found[foreign] = False
    # An exit by death concerns every disease.
    if not kinds or "exit" in kinds:
        found |= _ends_life(log) if rows is None else _ends_life(log).take(rows)
    return found


def _ends_life(log: EventLog) -> Mask:
    def work() -> Mask:
        found = np.zeros(len(log), np.bool_)
        found[exits_by_death(log)] = True
        return found

    found: Mask = log.kept.of("is exit by death", work)
    return found


@frozen(eq=False)
class _ByKindAndTag:
    """The rows of a log by kind and tag: those of one of both are ``order[first:last]``, ascending.

    ``ends`` has the ``last`` of each kind, and of each tag in it.
    """

    order: NDArray[np.int32]
    ends: NDArray[np.int64]

    def rows(self, kind: int, tag: int) -> Array:
        """Give the rows of a kind with a tag, by their codes."""
        place = kind * self.ends.shape[1] + tag
        return self.order[self.ends.flat[place - 1] if place else 0 : self.ends.flat[place]]


def rows_concerning(log: EventLog, disease: Disease, kind: str) -> Indices:
    """Give the rows of a kind that concern a disease, ascending; of rows that concern others nothing is asked."""
    tag, of_kind = log.columns.get("disease"), log.kind.categories.index(kind)
    tags = tag.categories if isinstance(tag, Coded) else ("",)
    # Few tags name several diseases: these alone have to be taken apart, for each of many diseases and parts.
    own = [
        code
        for code, name in enumerate(tags)
        if not name
        or disease.pathway.tags == "any"
        or name == disease.id
        or ("|" in name and disease.id in name.split("|"))
    ]
    by: _ByKindAndTag = log.kept.of("rows by kind and tag", lambda: _by_kind_and_tag(log, tag))
    parts = [part for code in own if len(part := by.rows(of_kind, code))]
    rows = np.concatenate([*parts, np.zeros(0, np.int32)]).astype(np.intp)
    if kind == "exit":
        rows = np.union1d(rows, exits_by_death(log))
    elif len(parts) > 1:
        # What is in order already is what this way of sorting makes use of.
        rows.sort(kind="stable")
    # Without a tag, a code may still name another disease.
    return rows[np.flatnonzero(concerning(log, disease, rows))] if kind in CODED_KINDS else rows


def _by_kind_and_tag(log: EventLog, tag: AnyColumn | None) -> _ByKindAndTag:
    kinds, tags = len(log.kind.categories), len(tag.categories) if isinstance(tag, Coded) else 1
    key = log.kind.codes.astype(np.min_scalar_type(kinds * tags)) * np.min_scalar_type(kinds * tags).type(tags)
    if isinstance(tag, Coded):
        key += tag.codes.astype(key.dtype)
    # Numbers of 16 bits are sorted without comparing.
    order = np.argsort(key, kind="stable").astype(np.int32)
    return _ByKindAndTag(order, np.cumsum(np.bincount(key, minlength=kinds * tags)).reshape(kinds, tags))


def of_kinds(column: Coded, names: tuple[str, ...]) -> Mask:
    """Say where a text is one of some names."""
    return among(column.codes, np.array([name in names for name in column.categories]))


def exits_by_death(log: EventLog) -> Indices:
    """Give the rows of a log that are an exit by death."""

    def work() -> Indices:
        exits, reason = np.flatnonzero(of_kinds(log.kind, ("exit",))), log.columns.get("reason")
        return exits[of_kinds(reason[exits], ("died",))] if isinstance(reason, Coded) else exits[:0]

    found: Indices = log.kept.of("exits by death", work)
    return found


def _codes(column: Coded, rows: Indices | None) -> Array:
    return column.codes if rows is None else column.codes.take(rows)


def _rows(rows: Indices | None, places: Indices) -> Indices:
    return places if rows is None else rows.take(places)


def _foreign(codes: tuple[str, ...], prefixes: tuple[str, ...]) -> Mask:
    """Say which codes are given and name another disease."""
    own = tuple(map(without_marks, prefixes))
    return np.array([bool(code.strip()) and not without_marks(code).startswith(own) for code in codes])
