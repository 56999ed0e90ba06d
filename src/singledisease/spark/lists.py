"""People behind a figure, and what is due, as Spark dataframes: they stay on the cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from singledisease.api.counted_part import CountRequest
from singledisease.api.figures import asked_of
from singledisease.api.figures import worklist as list_due
from singledisease.explanation.people import people as list_people
from singledisease.io.optional_imports import needed
from singledisease.scorecard.evaluate import AnyMeasure
from singledisease.spark.shuffle import PartReader, Tables
from singledisease.tables import Table


def people(measures: AnyMeasure | Iterable[AnyMeasure], tables: Tables, measure: str, group: str, **asked: Any) -> Any:
    """List the people of a group of a measure as a Spark dataframe, one text column for each of ``sd.people``'s.

    Parameters
    ----------
    measures
        As ``evaluate`` takes them.
    tables
        The registry on the cluster.
    measure, group
        Of which measure, and which of its groups: see ``singledisease.people``.
    asked
        ``period`` or ``periods``, ``by``, ``policy`` … as ``singledisease.evaluate`` takes them.
    """
    question = asked_of(measures, **asked)
    return _rows(tables, partial(_people, question, measure, group))


def worklist(tables: Tables, **asked: Any) -> Any:
    """List what is due as a Spark dataframe, one text column for each of ``singledisease.worklist``'s, in no order.

    Parameters
    ----------
    tables
        The registry on the cluster.
    asked
        ``on``, ``diseases``, ``policy`` … as ``singledisease.worklist`` takes them.
    """
    return _rows(tables, partial(_due, asked))


def _people(asked: CountRequest, measure: str, group: str, log: Any) -> Table:
    return list_people(asked.score(log), measure, group)


def _due(asked: dict[str, Any], log: Any) -> Table:
    return list_due(log, **asked)


def _rows(tables: Tables, made: Callable[[Any], Table]) -> Any:
    """Make a table of each part; the columns are those of the first part's, made on the driver."""
    reader = tables.reader()
    names = list(made(reader.log(*(table.slice(0, 0) for table in tables.part(0)))).columns)
    schema = ", ".join(f"`{name}` string" for name in names)
    return tables.in_each(partial(_of_part, reader, made, names), schema)


def _of_part(reader: PartReader, made: Callable[[Any], Table], names: list[str], patients: Any, events: Any) -> Any:
    arrow = needed("pyarrow", "spark")
    table = made(reader.log(patients, events))
    cells = {name: [None if cell is None else str(cell) for cell in table.columns[name]] for name in names}
    return arrow.table({name: arrow.array(values, arrow.string()) for name, values in cells.items()})
