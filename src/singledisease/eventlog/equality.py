"""Whether two logs hold the same: people, events in their order, institutions; not codes, files and lines."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from singledisease.eventlog.columns import AnyColumn, Coded, Dates, blank_like
from singledisease.eventlog.institutions import ActivityColumns, InstitutionColumns, Teams
from singledisease.eventlog.log import EventLog, People


def equal(first: EventLog, second: EventLog) -> bool:
    """Tell whether two logs hold the same.

    A column that is absent equals one without values; ``recorded`` that is absent equals the date.  Where
    rows stood, how text is coded, the report and ``known_until`` take no part.
    """
    return (
        _same_people(first.people, second.people)
        and np.array_equal(first.offsets, second.offsets)
        and _same_columns(_all_columns(first), _all_columns(second), len(first))
        and _rows_of(first.institutions) == _rows_of(second.institutions)
        and _rows_of(first.teams) == _rows_of(second.teams)
        and _same_activities(first.activities, second.activities)
    )


def _same_people(first: People, second: People) -> bool:
    return (
        first.ids.tolist() == second.ids.tolist()
        and np.array_equal(first.birth, second.birth)
        and np.array_equal(first.death, second.death)
        and np.array_equal(first.death_recorded, second.death_recorded)
        and _same(first.sex, second.sex)
        and _same_columns(first.attributes, second.attributes, len(first))
    )


def _all_columns(log: EventLog) -> dict[str, AnyColumn]:
    return {"recorded": Dates(log.date), **log.columns, "date": Dates(log.date), "kind": log.kind}


def _same_columns(first: Mapping[str, AnyColumn], second: Mapping[str, AnyColumn], count: int) -> bool:
    return all(
        _same(first.get(name, blank_like(given, count)), second.get(name, blank_like(given, count)))
        for name, given in {**first, **second}.items()
    )


def _same(first: AnyColumn, second: AnyColumn) -> bool:
    if isinstance(first, Coded) and isinstance(second, Coded):
        return np.array_equal(_common(first, first), _common(second, first))
    if isinstance(first, Coded) or isinstance(second, Coded) or type(first) is not type(second):
        return not first.known.any() and not second.known.any()
    return np.array_equal(first.values, second.values, equal_nan=first.values.dtype.kind == "f")


def _common(column: Coded, reference: Coded) -> NDArray[np.int64]:
    """Give codes into the categories of ``reference``; a text that is none of them gets a code of its own."""
    lookup = {text: code for code, text in enumerate(reference.categories)}
    codes = [lookup.setdefault(text, len(lookup)) for text in column.categories]
    return np.asarray(np.array(codes, np.int64)[column.codes])


def _rows_of(places: InstitutionColumns | Teams) -> dict[str, dict[str, str]]:
    return {
        one: {name: texts[i] for name, texts in places.columns.items() if texts[i]} for i, one in enumerate(places.ids)
    }


def _same_activities(first: ActivityColumns, second: ActivityColumns) -> bool:
    def columns(done: ActivityColumns) -> dict[str, AnyColumn]:
        return {**done.columns, "institution": done.institution, "kind": done.kind, "date": Dates(done.date)}

    return len(first) == len(second) and _same_columns(columns(first), columns(second), len(first))
