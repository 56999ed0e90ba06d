"""Pathways are walked where a measure asks for a state, and else when somebody asks why."""

import pickle

import pytest

import singledisease as sd
from singledisease.scorecard.walked_when_asked import WalkedWhenAsked

LOG = sd.simulate(patients=40, seed=3).log()
BY_VISITS = [one for one in sd.measures("hearts360") if one.id == "hearts360.registrations"]
BY_STATE = [one for one in sd.measures("cn-bphs-2017") if one.id == "hypertension.managed"]


@pytest.mark.parametrize("engine", ["columnar", "reference"])
def test_no_pathway_is_walked_where_no_measure_asks_for_a_state(engine):
    """Counting registrations leaves the way through hypertension unwalked; counting the managed walks it."""
    score = sd.evaluate(BY_VISITS, LOG, period="2024/quarter", engine=engine)
    courses = score.parts[0].courses
    assert isinstance(courses, WalkedWhenAsked)
    assert (courses.walked, list(courses), len(courses)) == ({}, ["hypertension"], 1)
    assert "hypertension" in courses
    assert "gout" not in courses
    managed = sd.evaluate(BY_STATE, LOG, period="2024", engine=engine).parts[0].courses
    assert isinstance(managed, WalkedWhenAsked)
    assert list(managed.walked) == ["hypertension"]


def test_who_asks_why_sees_the_same_way_as_if_it_had_been_walked():
    """An explanation names the stays; the courses are those that are walked by themselves, also after a journey."""
    score = sd.evaluate(BY_VISITS, LOG, period="2024")
    assert sd.explain(pickle.loads(pickle.dumps(score)), LOG.people.ids[0]).stays
    expected = sd.courses("hypertension", LOG, until="2024-12-31").courses
    found = score.parts[0].courses["hypertension"]
    assert found.spells == expected.spells
    assert score.parts[0].courses["hypertension"] is found


def test_both_engines_count_the_same_without_a_walk():
    """What concerns a disease is told by its definition, walked or not."""
    one, other = (
        sd.evaluate(BY_VISITS, LOG, period="2024/month", engine=engine) for engine in ("columnar", "reference")
    )
    assert one.counts == other.counts
