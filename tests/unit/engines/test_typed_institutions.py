"""Columns of institutions that were declared when the registry was read."""

import pytest

import singledisease as sd
from singledisease.definitions.citation import Names
from singledisease.definitions.typed_column import TypedColumn
from singledisease.eventlog.build import build
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.raw import raw_rows

PEOPLE = {"patient_id": ["P1", "P2", "P3"], "birth_date": [None] * 3, "institution": ["V1", "H1", "elsewhere"]}
PLACES = {"institution": ["V1", "H1"], "adults": ["1200", ""]}
ADULTS = TypedColumn(name="adults", names=Names("成人数", "adults"), kind="number")


@pytest.mark.parametrize("engine", ["columnar", "reference"])
def test_a_declared_number_is_taken_as_it_was_read(engine):
    """It is a number of the person's institution; where the cell is blank or the institution is not there, missing."""
    tables = (raw_rows("patients", PEOPLE), raw_rows("events", {"patient_id": [], "date": [], "kind": []}))
    log = build(*tables, raw_rows("institutions", PLACES), rules=LoadRules(institution_columns=(ADULTS,)))
    asked = sd.institution("adults", "number") / 100
    assert list(sd.values(asked, log, period="2024", engine=engine)["value"]) == [12.0, None, None]
