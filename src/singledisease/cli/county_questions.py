"""What ``make county`` asks of every part of the county, each read once: figures, who is responsible, colours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from attrs import evolve

import singledisease as sd
from singledisease.api.attributes import names_of_levels
from singledisease.api.cohorts import order_of
from singledisease.api.figures import asked_of
from singledisease.api.one_pass import OnePass
from singledisease.api.places_of_parts import kinds_of_places
from singledisease.catalogue import joint_tier
from singledisease.cohorts.names import called
from singledisease.dates import periods
from singledisease.definitions.aggregate import Countable
from singledisease.multistate.matrices.joined_counts import joined_counts
from singledisease.multistate.matrices.transition_counts import TransitionCounts
from singledisease.report.flows import OneStep
from singledisease.report.joint_timeline import joint_timeline
from singledisease.scorecard.evaluate import AnyMeasure
from singledisease.tables import Table

PERIOD = "2024"
RESPONSIBLE = ("institution.level", "team.kind", "team.group")
_COLUMNS = ("from", "to", "people")


def one_pass(everybody: Sequence[AnyMeasure], places: Sequence[Countable]) -> OnePass:
    """Give what is asked of each part."""
    of_everybody = sd.measures("cn-bphs-2017")
    return OnePass(
        asked={
            "figures": asked_of(everybody, period=PERIOD, by="institution"),
            "responsible": asked_of(of_everybody, period=PERIOD, by=RESPONSIBLE),
            "colours": asked_of(of_everybody, period=PERIOD, by=(colour(),)),
        },
        tables={name: partial(colours_of, name) for name in _having_colours()},
        kinds=kinds_of_places(places),
    )


# COLOURS


def colour() -> sd.JointTier:
    """Give the tier that is a person's colour."""
    return joint_tier("colour")


def _having_colours() -> list[str]:
    return list(dict.fromkeys(name.rpartition(".")[0] for name in colour().of))


def colours_of(disease: str, log: sd.EventLog) -> Table:
    """Count who of a disease went from colour to colour in the period: a row for each pair, those with nobody too."""
    counts = _followed(disease, log)
    rows = [
        (source, target, int(counts.total[i, j]))
        for i, source in enumerate(counts.sources)
        for j, target in enumerate(counts.targets)
    ]
    return Table.of_rows(_COLUMNS, rows)


def _followed(disease: str, log: sd.EventLog) -> TransitionCounts:
    (span,) = periods(PERIOD)
    return sd.count_transitions(disease, log, span.start, span.end, every="whole", attribute=colour())


def coloured(tables: Mapping[str, Sequence[Table]]) -> Iterator[OneStep]:
    """Give who went from colour to colour, disease by disease, of all parts."""
    (span,) = periods(PERIOD)
    names = called(names_of_levels(colour()))
    for disease in _having_colours():
        counts = joined_counts([_of_table(table) for table in tables[disease]], order_of(colour()))
        yield OneStep(names=sd.disease(disease).names, period=span, counts=evolve(counts, names=names))


def _of_table(table: Table) -> TransitionCounts:
    sources, targets = (tuple(dict.fromkeys(table[name])) for name in ("from", "to"))
    people = np.array(table["people"], np.int64).reshape(1, len(sources), len(targets))
    return TransitionCounts(sources=sources, targets=targets, counts=people)


# ONE PERSON


def example(log: sd.EventLog) -> str:
    """Draw the joint course of a simulated person: of those with the most enrolments the first."""
    enrolled = [code for code, kind in enumerate(log.kind.categories) if kind == "enrolment"]
    number = np.bincount(log.person[np.isin(log.kind.codes, enrolled)], minlength=len(log.people))
    if not number.any():
        return ""
    (span,) = periods(PERIOD)
    return joint_timeline(sd.joint_courses(log, str(log.people.ids[number.argmax()])), span.end)
