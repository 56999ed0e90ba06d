"""Patients and events sent to parts, each person whole in one, and the log of a part where it arrives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import field, frozen

from singledisease.api.data import read_frames
from singledisease.errors import UsageError
from singledisease.eventlog.log import EventLog
from singledisease.frozen_mapping import frozen_mapping
from singledisease.io.optional_imports import needed

PART = "singledisease_part"
"""The column that says to which part a row goes; it is not among those of the log."""


@frozen(kw_only=True, eq=False)
class Tables:
    """The tables of a registry on a cluster.

    Attributes
    ----------
    patients, events
        Spark dataframes with the columns of the contract.
    institutions, teams, activities
        Small tables about no person: Spark dataframes, any dataframe, or lists of dictionaries; every part gets them.
    parts
        How many parts people are sent to: so many that one part fits into an executor a few times over.
    reading
        What ``sd.read_frames`` is told further: ``diseases``, ``quantities`` …
    """

    patients: Any
    events: Any
    institutions: Any = None
    teams: Any = None
    activities: Any = None
    parts: int = 64
    reading: Mapping[str, Any] = field(factory=dict, converter=frozen_mapping)

    def __attrs_post_init__(self) -> None:
        if self.parts < 1:
            raise UsageError(f"parts={self.parts}: 至少一个分片 / at least one part")

    def reader(self) -> PartReader:
        """Give what makes the log of a part of two Arrow tables; it goes to the executors."""
        small = {name: _collected(getattr(self, name)) for name in ("institutions", "teams", "activities")}
        return PartReader(
            small={name: table for name, table in small.items() if table is not None}, reading=self.reading
        )

    def sent(self) -> tuple[Any, Any]:
        """Give patients and events with the part of each row."""
        return self._with_part(self.patients), self._with_part(self.events)

    def part(self, number: int) -> tuple[Any, Any]:
        """Give the patients and events of one part as Arrow tables, on the driver."""
        patients, events = (table.filter(table[PART] == number).toArrow() for table in self.sent())
        return patients, events

    def in_each(self, function: Callable[[Any, Any], Any], schema: str) -> Any:
        """Give a dataframe of the rows that a function makes of the Arrow tables of each part."""
        patients, events = (table.groupBy(PART) for table in self.sent())
        return patients.cogroup(events).applyInArrow(function, schema)

    def _with_part(self, table: Any) -> Any:
        sql = needed("pyspark.sql.functions", "spark")
        # The same rule as ``io.partition``: a person's part is the same on a cluster and on one machine.
        person = sql.trim(sql.coalesce(table["patient_id"].cast("string"), sql.lit("")))
        return table.withColumn(PART, sql.pmod(sql.crc32(person), sql.lit(self.parts)).cast("int"))


def _collected(table: Any) -> Any:
    return table.toArrow() if hasattr(table, "toArrow") else table


@frozen(kw_only=True, eq=False)
class PartReader:
    """Makes the log of a part of its Arrow tables."""

    small: Mapping[str, Any]
    reading: Mapping[str, Any]

    def log(self, patients: Any, events: Any) -> EventLog:
        """Read one part."""
        people, rows = (table.drop_columns([PART]) for table in (patients, events))
        return read_frames(people, rows, **self.small, **self.reading)


def number_of(patients: Any, events: Any) -> int:
    """Give which part two tables are of."""
    table = patients if len(patients) else events
    return int(table.column(PART)[0].as_py())
