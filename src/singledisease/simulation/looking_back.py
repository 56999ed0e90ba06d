"""Who was where, of a disease whose conditions look back at what happened before.

While people are walked forward a condition sees one happening, as many can be asked about at once only where the past
does not matter.  A rise since the last visit, or a tier that an earlier assessment set, is not heard then; the truth of
such a disease is told by the columnar engine once everything has happened: the reference engine, to which the tests
hold it equal, takes seconds for a person where a pathway asks of the whole past.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve

from singledisease.definitions.disease import Disease
from singledisease.engines.columnar import walk
from singledisease.eventlog.build import build
from singledisease.eventlog.columns import AnyColumn
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import RawTable, TableName
from singledisease.simulation.county import Residents
from singledisease.simulation.course import SimulatedCourse
from singledisease.simulation.tables import happened, institution_table, patient_table, written
from singledisease.simulation.thresholds import conditions, past
from singledisease.simulation.walk import TrueStays


def looks_back(disease: Disease) -> bool:
    """Say whether a condition asks about more than the one event.

    >>> from singledisease.catalogue import disease
    >>> looks_back(disease("hypertension")), looks_back(disease("copd"))
    (False, True)
    """
    return any(past(condition) for condition in conditions(disease))


def remembered(course: SimulatedCourse, people: Residents, end: int) -> SimulatedCourse:
    """Give a course with the stays that follow from all that happened, where its disease looks back.

    Parameters
    ----------
    course
        What happened to some people for one disease.
    people
        Those people.
    end
        The last simulated day.
    """
    if not looks_back(course.judge.disease):
        return course
    log = _log(course, people)
    found = walk(course.judge.disease, log, end).spells
    number = {name: i for i, name in enumerate(people.ids)}
    who = np.repeat(np.array([number[name] for name in log.people.ids], np.int64), np.diff(found.offsets))
    order = np.argsort(who, kind="stable")
    return evolve(
        course,
        stays=TrueStays(
            person=who[order],
            state=found.state[order].astype(np.int64),
            entered=found.entered[order],
            left=found.left[order],
        ),
    )


def _log(course: SimulatedCourse, people: Residents) -> EventLog:
    """Give what happened as the event log that it will be read as where nothing goes wrong."""
    made = happened([course], 0)
    tables: dict[TableName, dict[str, AnyColumn]] = {
        "patients": patient_table(people),
        "events": written(made, np.arange(len(made), dtype=np.int32), people, [course.judge]),
        "institutions": institution_table(people.places),
    }
    patients, events, institutions = (
        RawTable(name=name, columns=columns, file=name, line=np.arange(2, 2 + len(next(iter(columns.values())))))
        for name, columns in tables.items()
    )
    return build(patients, events, institutions, course.judge.disease.quantities)
