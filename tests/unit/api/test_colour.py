"""A person's colour by its name: as a stratum, as an attribute of a cohort, and on the report."""

import pytest

import singledisease as sd
from singledisease.report import colours

PEOPLE = [{"patient_id": f"P{i}", "birth_date": "1970-01-01", "sex": "female"} for i in range(3)]


def follow_up(who, day, sbp):
    """Give a follow-up in the clinic."""
    return {"patient_id": who, "date": day, "kind": "follow_up", "mode": "clinic", "sbp": sbp, "dbp": 80}


ROWS = [
    *({"patient_id": f"P{i}", "date": "2023-06-01", "kind": "enrolment", "disease": "hypertension"} for i in range(3)),
    follow_up("P0", "2023-12-01", 130),
    follow_up("P0", "2024-06-01", 150),
    follow_up("P1", "2023-12-01", 150),
    follow_up("P1", "2024-06-01", 130),
]


@pytest.fixture(scope="module")
def log():
    """Give three people: one becomes yellow, one green, of one nothing is known."""
    return sd.read_frames(PEOPLE, ROWS)


def test_it_is_a_stratum(log):
    """Each person is in the stratum of their colour at the end of the period, and the strata add up."""
    control = sd.measures("cn-bphs-2017", diseases="hypertension")[2]
    score = sd.evaluate(control, log, period="2024", by="colour")
    found = {row["by"]["colour"]: row["denominator"] for row in score.table()}
    assert found == {"": 1, "green": 1, "yellow": 1}


def test_it_is_an_attribute_of_a_cohort(log):
    """One went from green to yellow, one from yellow to green, one was never assessed."""
    cohort = sd.cohort("hypertension", log, "2024-01-01", "2024-12-31", every="whole", attribute="colour")
    went = {(row["from"], row["to"]): row["people"] for row in cohort.matrix() if row["people"]}
    assert went == {("green", "yellow"): 1, ("yellow", "green"): 1, ("unknown", "unknown"): 1}


def test_a_column_of_the_registry_stands_above_it():
    """Where people have a column that is called so, it is meant."""
    log = sd.read_frames([{**one, "colour": "blue"} for one in PEOPLE], ROWS)
    control = sd.measures("cn-bphs-2017", diseases="hypertension")[2]
    assert [row["by"]["colour"] for row in sd.evaluate(control, log, period="2024", by="colour").table()] == ["blue"]


def test_what_the_page_shows(log):
    """Who went from colour to colour, in these colours; nothing where nobody was in the cohort."""
    (colour,) = sd.joint_tiers()
    cohort = sd.cohort("hypertension", log, "2024-01-01", "2024-12-31", every="whole", attribute="colour")
    shown = colours.section(colour, [cohort])
    (passage,) = shown["passages"]
    assert (shown["status"], passage.names.en) == ("proposal", "Hypertension")
    assert "#4f9d69" in passage.picture
    assert "绿 / green → 黄 / yellow: 1" in passage.picture
    nobody = sd.cohort("type2-diabetes", log, "2024-01-01", "2024-12-31", every="whole", attribute="colour")
    assert colours.section(colour, [nobody]) is None
