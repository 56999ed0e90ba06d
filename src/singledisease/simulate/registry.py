"""The simulated registry: files as a clinic would hand them over, and the truth beside them."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.catalogue import disease as of_catalogue
from singledisease.catalogue import disease_ids
from singledisease.dates import MISSING, Period, day_of, iso
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import resolve_disease
from singledisease.errors import UsageError
from singledisease.events.build import build
from singledisease.events.columns import AnyColumn
from singledisease.events.log import EventLog
from singledisease.events.raw import RawTable, TableName
from singledisease.io.write import Format, write_tables
from singledisease.simulate.county import People, settle
from singledisease.simulate.course import Course, run
from singledisease.simulate.figures import figures
from singledisease.simulate.rates import Rates
from singledisease.simulate.tables import event_table, institution_table, patient_table

Columns = Mapping[str, AnyColumn]


@frozen(eq=False, kw_only=True)
class Simulated:
    """A simulated registry: its tables, and the truth.

    Attributes
    ----------
    tables
        Columns of patients, events and institutions, as they are written.
    truth
        True stays in states: rows of patient_id, disease, state, entered, left (both ``YYYY-MM-DD``, the second
        the first day no longer in it), by disease, person and time.
    figures
        What is true of the whole: the rates that made it, and by disease and year how many people were managed, and
        how many were in the numerator and the denominator of control under the default policies.
    """

    tables: Mapping[TableName, Columns]
    truth: tuple[tuple[str, str, str, str, str], ...]
    figures: Mapping[str, Any] = field(factory=dict)

    def log(self) -> EventLog:
        """Give the registry as an event log, as if it had been read from files."""
        raw = {
            name: RawTable(name=name, columns=columns, file=name, line=np.arange(2, _length(columns) + 2))
            for name, columns in self.tables.items()
        }
        return build(raw["patients"], raw["events"], raw["institutions"])

    def write(self, folder: str | Path, format: Format = "csv") -> Path:
        """Write patients, events and institutions, and beside them ``truth.csv`` and ``truth.json``."""
        path = Path(folder)
        write_tables({str(name): columns for name, columns in self.tables.items()}, path, format)
        with (path / "truth.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("patient_id", "disease", "state", "entered", "left"))
            writer.writerows(self.truth)
        text = json.dumps(self.figures, ensure_ascii=False, indent=2)
        (path / "truth.json").write_text(text + "\n", encoding="utf-8")
        return path


def simulate(
    folder: str | Path | None = None,
    *,
    diseases: Disease | Sequence[Disease] | None = None,
    patients: int = 1000,
    seed: int = 1,
    start: dt.date | str = "2023-01-01",
    end: dt.date | str = "2024-12-31",
    rates: Rates | None = None,
    format: Format = "csv",
) -> Simulated:
    """Simulate the registry of a small county, whose truth is known.

    People are walked through the pathway of each disease at given rates; what happens to them becomes events, in
    any order, with phone follow-ups, missing readings, losses, deaths and exits, some entered late, some withdrawn,
    some with slips of the pen that will be refused.

    Parameters
    ----------
    folder
        Where to write it, if anywhere; see ``Simulated.write``.
    diseases
        One or several; by default those of the catalogue.
    patients
        How many people live in the county.
    seed
        The same seed makes the same registry.
    start, end
        First and last simulated day.
    rates
        How often what happens.
    format
        ``csv`` or ``parquet``.

    Raises
    ------
    UsageError
        If there are no people or days to simulate, or a disease cannot be simulated.

    >>> made = simulate(patients=50, seed=3)
    >>> len(made.log().people), made.log().report.balanced
    (50, True)
    """
    given = [of_catalogue(name) for name in disease_ids()] if diseases is None else diseases
    chosen = [resolve_disease(one, {}) for one in ([given] if isinstance(given, Disease) else given)]
    first, last = day_of(start), day_of(end)
    if patients < 1 or last <= first:
        raise UsageError(f"nothing to simulate: {patients} people from {iso(first)} to {iso(last)}")
    rates = rates or Rates()
    chance = np.random.default_rng(seed)
    people = settle(patients, first, last, rates.died, chance)
    courses = [run(one, people, Period(first, last), rates, chance) for one in chosen]
    made = Simulated(
        tables={
            "patients": patient_table(people),
            "events": event_table(people, courses, rates, chance),
            "institutions": institution_table(),
        },
        truth=tuple(row for course in courses for row in _told(people, course)),
        figures={
            "seed": seed,
            "patients": patients,
            "start": iso(first),
            "end": iso(last),
            "died": int((people.death != MISSING).sum()),
            "rates": rates.to_dict(),
            "diseases": {course.cast.disease.id: figures(course, first, last) for course in courses},
        },
    )
    if folder is not None:
        made.write(folder, format)
    return made


def _told(people: People, course: Course) -> list[tuple[str, str, str, str, str]]:
    disease, s = course.cast.disease, course.stays
    states = [state.id for state in disease.pathway.states]
    days = _texts(np.concatenate([s.entered, s.left]))
    count = len(s.person)
    return [
        (people.ids[person], disease.id, states[state], days[i], days[count + i])
        for i, (person, state) in enumerate(zip(s.person.tolist(), s.state.tolist(), strict=True))
    ]


def _texts(days: NDArray[np.int32]) -> list[str]:
    return [str(day) for day in days.astype("datetime64[D]")]


def _length(columns: Mapping[str, AnyColumn]) -> int:
    column = next(iter(columns.values()))
    return len(column.codes if hasattr(column, "codes") else column.values)
