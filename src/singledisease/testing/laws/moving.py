"""Metamorphic laws: what may be changed about a registry without changing an answer, or only one way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from singledisease.dates import Period, add_months, day_of, iso
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import NUMERATOR, Measure
from singledisease.read_only import same
from singledisease.scorecard.assign import groups_of
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.evaluate import evaluate
from singledisease.testing.disagreement import hold
from singledisease.testing.logs import log_of
from singledisease.testing.rows import RegistryRows, Row

YEARS = 28
"""After so many years dates fall on the same days of the week and leap years come again, until 2099."""

_DATES = ("birth_date", "death_date", "death_recorded", "date", "recorded", "withdrawn", "until")


def names_do_not_matter(
    measures: Sequence[Measure], rows: RegistryRows, periods: Sequence[Period], *, diseases: Mapping[str, Disease]
) -> None:
    """Check that renaming people so that they stand in the opposite order changes no count."""
    ids = [row["patient_id"] for row in rows.patients]
    names = {id: f"x{len(ids) - place:04d}" for place, id in enumerate(sorted(ids))}
    here = evaluate(measures, log_of(rows), periods, diseases=diseases)
    there = evaluate(measures, log_of(rows.renamed(names)), periods, diseases=diseases)
    hold(here.counts == there.counts, "counts changed with the names of people")


def dates_do_not_matter(
    measures: Sequence[Measure], rows: RegistryRows, periods: Sequence[Period], *, diseases: Mapping[str, Disease]
) -> None:
    """Check that moving every date and period by 28 years changes nobody's group; no rule may name a date."""
    moved = RegistryRows(
        tuple(map(later, rows.patients)),
        tuple(map(later, rows.events)),
        rows.institutions,
        tuple(map(later, rows.activities)),
    )
    spans = [Period(_later(span.start), _later(span.end)) for span in periods]
    here = evaluate(measures, log_of(rows), periods, diseases=diseases)
    there = evaluate(measures, log_of(moved), spans, diseases=diseases)
    for one, other in zip(here.parts[0].assigned, there.parts[0].assigned, strict=True):
        hold(same(one, other), f"somebody's group changed with all dates moved by {YEARS} years")


def later(row: Row) -> Row:
    """Move every date of a row of text by 28 years."""
    return {name: iso(_later(day_of(text))) if name in _DATES and text else text for name, text in row.items()}


def _later(day: int) -> int:
    return add_months(day, YEARS * 12)


def control_is_not_lost(measure: Measure, rows: RegistryRows, reading: Row, period: Period, disease: Disease) -> None:
    """Check that a further reading at goal, on a later day than all others, takes nobody out of the numerator.

    Parameters
    ----------
    measure, period, disease
        The measure, whose numerator asks for the last reading; when it is asked, and of which disease.
    rows
        The registry before.
    reading
        An event at goal of one person, after all events of that person.
    """
    diseases = {disease.id: disease}
    before = evaluate(measure, log_of(rows), period, diseases=diseases)
    after = evaluate(measure, log_of(rows.with_events((*rows.events, reading))), period, diseases=diseases)
    lost = _numerator(before) - _numerator(after)
    hold(not lost, f"a reading at goal took {sorted(lost)} out of the numerator")


def _numerator(score: Scorecard) -> set[str]:
    number = groups_of(score.measures[0].measure).index(NUMERATOR)
    return {
        part.log.people.ids[i]
        for part in score.parts
        for i in np.flatnonzero(np.asarray(part.assigned[0])[0] == number)
    }
