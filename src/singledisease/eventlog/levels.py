"""The level of the institution at which an event happened: the event's own, or if that is blank the institution's."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from singledisease.eventlog.columns import AnyColumn, Coded
from singledisease.eventlog.institutions import InstitutionColumns
from singledisease.eventlog.parse_column import recoded


def with_levels(columns: Mapping[str, AnyColumn], places: InstitutionColumns) -> dict[str, AnyColumn]:
    """Give the columns of events with blank levels filled from the institutions at which the events happened.

    The person's institution is not asked: an event without an institution may have happened anywhere.
    """
    place, own = columns.get("institution"), columns.get("level")
    known = dict(zip(places.ids, places.columns.get("level", ()), strict=False))
    if not isinstance(place, Coded) or not any(known.get(name) for name in place.categories):
        return dict(columns)
    of_place = Coded(place.codes, [known.get(name, "") for name in place.categories])
    if not isinstance(own, Coded):
        return {**columns, "level": recoded(place.codes, of_place.categories)}
    # Codes of both in one list: those of the institutions stand after the event's own.
    codes = np.where(own.known, own.codes.astype(np.int64), of_place.codes.astype(np.int64) + len(own.categories))
    return {**columns, "level": recoded(codes, (*own.categories, *of_place.categories))}
