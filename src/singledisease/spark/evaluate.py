"""Figures of a registry on a cluster: counted part by part where the rows are, added on the driver."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from singledisease.api.counted_part import CountedPart, CountRequest, counted_log
from singledisease.api.figures import asked_of
from singledisease.api.joined_parts import refuse_places, whole_score
from singledisease.api.kept_counts import counted_of_text, text_of_counted
from singledisease.eventlog.log import EventLog
from singledisease.io.optional_imports import needed
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.evaluate import AnyMeasure
from singledisease.scorecard.part import Part
from singledisease.spark.shuffle import PartReader, Tables, number_of

_SCHEMA = "number int, counted string"


def evaluate(
    measures: AnyMeasure | Iterable[AnyMeasure],
    patients: Any,
    events: Any,
    institutions: Any = None,
    *,
    teams: Any = None,
    activities: Any = None,
    parts: int = 64,
    reading: dict[str, Any] | None = None,
    **asked: Any,
) -> Scorecard:
    """Count every measure in every period and stratum, as ``singledisease.evaluate`` does, on a cluster.

    Parameters
    ----------
    measures
        As ``singledisease.evaluate`` takes them.
    patients, events
        Spark dataframes with the columns of the contract.
    institutions, teams, activities
        Small tables: Spark dataframes, any dataframe, or lists of dictionaries; every part gets them.
    parts
        How many parts people are sent to.
    reading
        What ``singledisease.read_frames`` is told further.
    asked
        ``period`` or ``periods``, ``by``, ``policy``, ``as_of``, ``engine``, ``diseases``: as there.

    Returns
    -------
    Scorecard
        With the load report of all parts; its people are collected, part by part, when they are asked for.

    Raises
    ------
    UsageError
        As ``singledisease.evaluate`` does, and if a measure counts institutions.
    MissingExtraError
        If PySpark is not installed.
    """
    tables = Tables(
        patients=patients,
        events=events,
        institutions=institutions,
        teams=teams,
        activities=activities,
        parts=parts,
        reading=reading or {},
    )
    question = asked_of(measures, **asked)
    refuse_places(question.measures)
    reader = tables.reader()
    rows = tables.in_each(partial(_counted, question, reader), _SCHEMA).collect()
    found = {int(row["number"]): counted_of_text(row["counted"], int(row["number"])) for row in rows}
    counted = [found.get(number) or _empty(question, reader, tables, number) for number in range(parts)]
    made = partial(_part, question, reader, tables)
    return whole_score(question, counted, made, _log(reader, tables, 0).institutions)


def _counted(asked: CountRequest, reader: PartReader, patients: Any, events: Any) -> Any:
    """Count one part on an executor: one row with its number and what was counted."""
    arrow = needed("pyarrow", "spark")
    number = number_of(patients, events)
    counted = counted_log(asked, reader.log(patients, events), number)
    columns = {"number": arrow.array([number], arrow.int32()), "counted": [text_of_counted(counted)]}
    return arrow.table(columns)


def _empty(asked: CountRequest, reader: PartReader, tables: Tables, number: int) -> CountedPart:
    """Count a part that nobody was sent to: it has no row on the cluster."""
    return counted_log(asked, _log(reader, tables, number), number)


def _log(reader: PartReader, tables: Tables, number: int) -> EventLog:
    return reader.log(*tables.part(number))


def _part(asked: CountRequest, reader: PartReader, tables: Tables, number: int) -> Part:
    (part,) = asked.score(_log(reader, tables, number)).parts
    return part
