"""One row for a visit that serves several diseases of one person, in the place of one for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve

from singledisease.definitions.disease import Disease
from singledisease.definitions.fulfilment import Fulfilment, fulfilments
from singledisease.tables import Table

_LISTED = ("disease", "item", "names", "role", "levels", "reason")
"""Columns of which each served item has its own value."""


def jointly(due: Table, diseases: Iterable[Disease]) -> Table:
    """Join the rows of a worklist that the same events fulfil, for each person; the order of the first ones stays.

    The due day is the earliest of what is served, the days overdue those of that day; what each item has of its own is
    listed with ``|`` between, diseases as an event that fulfils all may be tagged.
    """
    fulfilled = {disease.id: fulfilments(disease) for disease in diseases}
    visits: dict[tuple[str, Fulfilment, Any], list[dict[str, Any]]] = {}
    for row in due.rows():
        what = fulfilled[row["disease"]][row["item"]]
        visits.setdefault((row["patient_id"], what, row.get("link")), []).append(row)
    rows = [_visit(rows) for rows in visits.values()]
    return evolve(due, columns={name: [row[name] for row in rows] for name in due.columns})


def joined_cells(rows: Iterable[Mapping[str, Any]], names: Iterable[str]) -> dict[str, str | None]:
    """Give what several rows that one visit serves have of their own, each text once, with ``|`` between."""
    listed = list(rows)
    return {name: "|".join(dict.fromkeys(str(row[name]) for row in listed if row[name])) or None for name in names}


def _visit(rows: list[dict[str, Any]]) -> dict[str, Any]:
    first = min(rows, key=lambda row: row["due"])
    listed = joined_cells(rows, _LISTED)
    return {**first, **{name: listed[name] for name in _LISTED if name in first}}
