"""The sixty pathways on drawn histories: an independent walk and both engines agree.

States at the ends of days and missed deadlines are compared.  The second walk (``walking_pathways``) is written from
the meaning alone and reads the expanded text of a definition.
"""

import itertools
import os
import tomllib

import drawn_histories
import pytest
import walking_pathways

import singledisease as sd
from singledisease.catalogue import disease_ids
from singledisease.vocabulary import QUANTITIES

DEEP = int(os.environ.get("SINGLEDISEASE_DEEP", "0") or 0)
DEEP_RUNS = DEEP if DEEP > 1 else 60
LENGTH = 12


def expanded(name):
    """Give a definition as the independent walk reads it: with every part written out."""
    return walking_pathways.Definition(tomllib.loads(sd.write_disease(name, expanded=True)))


def bounds_of(disease):
    """Give the bounds within which a reading is taken."""
    known = {**QUANTITIES, **{each.name: each for each in disease.quantities}}
    return {name: (_decimal(each.low), _decimal(each.high)) for name, each in known.items()}


def _decimal(number):
    return drawn_histories.Decimal(str(number))


def drawn(name, definition, disease, numbers):
    """Give people with their histories, drawn by the name of the disease and a number each."""
    bounds = bounds_of(disease)
    return {
        f"P{number}": drawn_histories.history(definition, bounds, drawn_histories.seed_of(name, number), LENGTH)
        for number in numbers
    }


def walked(definition, people):
    """Give states and missed deadlines of each person by the independent walk."""
    found = {}
    for who, (person, rows, until) in people.items():
        going = walking_pathways.Walk(definition, person)
        for row in rows:
            going.hear(row)
        going.fall_before(until)
        found[who] = going.spells(), sorted(going.missed)
    return found


def by_engine(disease, people, engine):
    """Give the same by an engine, each person walked to the day that was drawn for them."""
    found = {}
    for who, (person, rows, until) in people.items():
        log = sd.read_frames([_patient(who, person)], [_event(who, row) for row in rows], quantities=disease.quantities)
        assert not log.report.refusals
        assert not log.report.readings
        courses = sd.courses(disease, log, until=until, engine=engine)
        spells = [(row["state"], row["entered"]) for row in courses.spells.rows()]
        missed = [(row["timing"], row["due"]) for row in courses.obligations.rows() if row["outcome"] == "breached"]
        found[who] = [next(run) for _, run in itertools.groupby(spells, key=lambda each: each[0])], sorted(missed)
    return found


def _patient(who, person):
    return {"patient_id": who, "birth_date": person["birth"].isoformat(), "sex": person["sex"]}


def _event(who, row):
    told = {name: "yes" if value is True else "no" if value is False else str(value) for name, value in row.items()}
    return {"patient_id": who, **told}


@pytest.mark.parametrize("name", disease_ids())
def test_a_drawn_history_is_walked_alike(name):
    """One history a disease, by both engines."""
    _agree(name, range(1))


@pytest.mark.deep
@pytest.mark.parametrize("name", disease_ids())
def test_many_drawn_histories_are_walked_alike(name):
    """Many histories a disease, by both engines."""
    _agree(name, range(1, DEEP_RUNS))


def _agree(name, numbers):
    disease, definition = sd.disease(name), expanded(name)
    people = drawn(name, definition, disease, numbers)
    again = walked(definition, people)
    for engine in ("reference", "columnar"):
        assert by_engine(disease, people, engine) == again, engine


def test_the_histories_go_deep():
    """Drawn histories pass through most states of a pathway, not only its beginning."""
    definition, disease = expanded("copd"), sd.disease("copd")
    found = walked(definition, drawn("copd", definition, disease, range(60)))
    seen = {state for spells, _ in found.values() for state, _ in spells}
    assert len(seen) >= 0.8 * len(disease.pathway.states)
