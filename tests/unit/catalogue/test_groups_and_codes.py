"""Diseases belong to specialty groups, and a code leads to the diseases that claim it."""

import polars as pl
import pytest

import singledisease as sd
from singledisease.catalogue import GROUPS, disease_ids, diseases_of_code, diseases_of_log
from singledisease.catalogue.shipped import disease_head
from singledisease.errors import UsageError

HEADS = {name: disease_head(name) for name in disease_ids()}


@pytest.mark.parametrize("name", disease_ids())
def test_every_disease_is_in_a_group(name):
    """A specialty group of the catalogue looks after each disease."""
    assert HEADS[name].group in GROUPS


def _overlaps():
    for one, head in HEADS.items():
        for other, claims in HEADS.items():
            if one != other:
                for code in head.codes:
                    if code.startswith(claims.codes):
                        yield one, code, other


def test_no_two_diseases_claim_one_code_in_silence():
    """A disease whose code begins with one of another's says so."""
    unsaid = [
        f"{one}: {code} is {other}'s too"
        for one, code, other in _overlaps()
        if not code.startswith(HEADS[one].shared_codes or "-")
    ]
    assert unsaid == []


def test_what_is_said_to_be_shared_is():
    """A code said to be shared begins, or is begun by, a code of another disease."""
    for name, head in HEADS.items():
        others = tuple(code for other in HEADS if other != name for code in HEADS[other].codes)
        for code in head.shared_codes:
            assert code.startswith(others) or any(other.startswith(code) for other in others), (name, code)


@pytest.mark.parametrize("code", ["E11", "E11.9", " e11.900x001 ", "E11.900+"])
def test_a_code_leads_to_its_disease(code):
    """By its beginning, whatever edition wrote it and however."""
    assert "type2-diabetes" in [disease.id for disease in sd.diseases_of(code)]


@pytest.mark.parametrize("code", ["E11.2", "e112", "E11200x001", "E11.200+"])
def test_a_shared_code_leads_to_both_with_and_without_its_point(code):
    """Diabetic kidney disease and diabetes, the one that says more of it first."""
    assert [disease.id for disease in sd.diseases_of(code)] == ["diabetic-kidney-disease", "type2-diabetes"]


def test_a_code_that_nobody_claims_leads_nowhere():
    """There is no disease for it; no code at all is a slip."""
    assert sd.diseases_of("Z99.9") == ()
    with pytest.raises(UsageError, match="there is no code"):
        diseases_of_code("  ")


def test_a_log_names_diseases_by_tag_and_by_code():
    """A code counts where it names a disease, on a diagnosis and not on an encounter; a tag may name several."""
    people = pl.DataFrame({"patient_id": ["A"], "birth_date": ["1980-01-01"], "sex": ["1"], "institution": ["V"]})
    events = pl.DataFrame(
        {
            "patient_id": ["A", "A", "A"],
            "date": ["2024-01-01", "2024-01-02", "2024-01-03"],
            "kind": ["encounter", "follow_up", "diagnosis"],
            "code": ["Z99", "", "I10.x00"],
            "disease": ["", "type2-diabetes|elsewhere", ""],
        }
    )
    assert list(diseases_of_log(sd.read_frames(people, events))) == ["hypertension", "type2-diabetes"]
