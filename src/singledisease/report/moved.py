"""What moved since a result was frozen, in a report: the cells and the reasons; with rows the people and events too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from singledisease.comparison.since_frozen import SinceFrozen
from singledisease.definitions.citation import Names
from singledisease.report.sections import Grid, PageCell, grid
from singledisease.tables import Table

MOST = 200
"""How many people and events are shown."""


def section(found: SinceFrozen, names: Mapping[str, Names], *, rows: bool) -> dict[str, Any]:
    """Give what the page shows of it, measures by their names; with ``rows`` the people and the events too."""
    moved = 0 if found.people is None else len({*found.people["patient_id"]})
    shown: dict[str, Any] = {
        "entry": found.entry,
        "note": found.note,
        "known_until": found.known_until,
        "cells": _named(found.cells, names) if len(found.cells) else None,
        "causes": _named(found.causes, names) if len(found.causes) else None,
        "definitions": None,
        "checks": None,
        "remarks": found.remarks,
        "moved": moved,
        "people": None,
        "events": None,
        "left_out": 0,
    }
    if found.difference is None:
        return {**shown, "checks": grid(found.verification.table())}
    if len(found.difference.definitions):
        shown["definitions"] = _named(found.difference.definitions, names)
    if rows:
        people, events = found.difference.people, found.difference.events
        left_out = max(0, len(people) - MOST) + max(0, len(events) - MOST)
        shown |= {"people": _named(_first(people), names), "events": grid(_first(events)), "left_out": left_out}
    return shown


def _first(table: Table) -> Table:
    return evolve(table, columns={name: cells[:MOST] for name, cells in table.columns.items()})


def _named(table: Table, names: Mapping[str, Names]) -> Grid:
    """Show a table whose first column is an id of a measure, by the measure's name."""
    made = grid(table)
    rows = []
    for row, name in zip(made.rows, table["measure"], strict=True):
        known = names.get(str(name))
        rows.append((row[0] if known is None else PageCell(known.zh, en=known.en), *row[1:]))
    return Grid(made.heads, tuple(rows))
