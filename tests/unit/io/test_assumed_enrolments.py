"""Of an enrolment that no row states, the report says that it is assumed, how often, and each refusal once."""

import json

import pytest

import singledisease as sd

TOLD = "以首次诊断的日期为建档 / enrolled on the onset of a first condition: 1"


def fhir(folder):
    """Write one person, and a condition of theirs and of nobody."""
    condition = {
        "resourceType": "Condition",
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "I10"}]},
        "onsetDateTime": "2024-01-03",
    }
    rows = [
        {"resourceType": "Patient", "id": "a", "birthDate": "1955-03-01"},
        {**condition, "id": "c1", "subject": {"reference": "Patient/a"}},
        {**condition, "id": "c2", "subject": {"reference": "Patient/nobody"}},
    ]
    (folder / "all.ndjson").write_text("\n".join(json.dumps(row) for row in rows) + "\n", "utf-8")


def omop(folder):
    """Write the same as tables of OMOP."""
    person = "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth\na,8532,1955,3,1\n"
    (folder / "person.csv").write_text(person, "utf-8")
    heading = "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_source_value\n"
    rows = "1,a,0,2024-01-03,I10\n2,nobody,0,2024-01-03,I10\n"
    (folder / "condition_occurrence.csv").write_text(heading + rows, "utf-8")


def synthea(folder):
    """Write the same as an export of Synthea."""
    (folder / "patients.csv").write_text("Id,BIRTHDATE,DEATHDATE,GENDER\na,1955-03-01,,F\n", "utf-8")
    rows = "2024-01-03,,a,,59621000,Essential hypertension\n2024-01-03,,nobody,,59621000,Essential hypertension\n"
    (folder / "conditions.csv").write_text("START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION\n" + rows, "utf-8")
    for name, heading in (
        ("encounters", "Id,START,STOP,PATIENT,ORGANIZATION,ENCOUNTERCLASS,CODE,DESCRIPTION\n"),
        ("observations", "DATE,PATIENT,ENCOUNTER,CODE,DESCRIPTION,VALUE,UNITS,TYPE\n"),
        ("organizations", "Id,NAME\n"),
    ):
        (folder / f"{name}.csv").write_text(heading, "utf-8")


@pytest.mark.parametrize("write", [fhir, omop, synthea])
def test_a_condition_of_nobody_enrols_nobody_and_is_refused_once(tmp_path, write):
    """The enrolment assumed of a refused condition is no refusal of its own."""
    write(tmp_path)
    report = sd.read(tmp_path, format=write.__name__).report
    assert [refusal.check for refusal in report.refusals] == ["unknown_person"]


@pytest.mark.parametrize("write", [fhir, omop])
def test_the_assumption_is_told(tmp_path, write):
    """One person was enrolled on an assumption, and the report says how many and on which."""
    write(tmp_path)
    assert TOLD in sd.read(tmp_path, format=write.__name__).report.notes


@pytest.mark.parametrize("write", [fhir, omop, synthea])
def test_without_the_assumption_nothing_is_told(tmp_path, write):
    """Who asks for no assumed enrolment gets none, and no note of any."""
    write(tmp_path)
    log = sd.read(tmp_path, format=write.__name__, enrolment="none")
    assert not any("enrolled" in note for note in log.report.notes)
    assert len(log.report.refusals) == 1
