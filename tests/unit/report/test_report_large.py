"""The page of many institutions: their figures packed, as a tree that the page draws when somebody opens it."""

import json
import re
import zlib
from base64 import b64decode

import pytest

import singledisease as sd
from singledisease.report import html
from singledisease.report.flows import OneStep, passage
from singledisease.report.html import page
from singledisease.report.institution_tree import institution_tree

PLACES = [
    {"institution": "C", "name": "County hospital", "level": "county", "parent": ""},
    {"institution": "T", "name": "Township", "level": "township", "parent": "C"},
    {"institution": "V", "name": "", "level": "village", "parent": "T"},
]
PEOPLE = [
    {"patient_id": f"P{i}", "birth_date": "1950-03-01", "institution": place} for i, place in enumerate("CTVVX")
] + [{"patient_id": "P9", "birth_date": "1950-03-01", "institution": ""}]
EVENTS = [
    {"patient_id": f"P{i}", "date": "2024-03-05", "kind": "follow_up", "mode": "clinic", "sbp": 130 + i, "dbp": 80}
    for i in range(4)
]
VISITS = sd.events("follow_up").within(sd.PERIOD)
ASKED = [
    sd.Measure(id="seen", numerator=VISITS.exists()),
    sd.Measure(id="how_many", numerator=VISITS.exists(), form="count"),
    sd.Ratio(id="mean", version="1", numerator=VISITS.sum("sbp"), denominator=VISITS.count()),
    sd.Measure(id="nobody", population=sd.events("exit").exists(), numerator=VISITS.exists()),
]


@pytest.fixture(name="score")
def _score():
    """Evaluate measures of each form by institution, rolled up."""
    log = sd.read_frames(PEOPLE, EVENTS, institutions=PLACES)
    return sd.roll_up(sd.evaluate(ASKED, log, period="2024", by="institution"))


def test_the_tree(score):
    """Parents stand before their own, each with all below it; without a name the id, without an id "not said"."""
    tree = json.loads(institution_tree(score))
    assert tree["places"] == [
        ["(未注明 / not said)", "", -1],
        ["County hospital", "county", -1],
        ["Township", "township", 1],
        ["V", "village", 2],
        ["X", "", -1],
    ]
    seen, how_many, mean = tree["measures"]
    assert (seen["n"], seen["d"]) == ([0, 4, 3, 2, 0], [1, 4, 3, 2, 1])
    assert (how_many["n"], "d" in how_many) == ([0, 4, 3, 2, 0], False)
    assert mean["text"] == ["", "131.5", "132", "132.5", ""]


def packed_in(text):
    """Give what is packed in a page."""
    found = re.findall(r'<script type="application/x-packed"[^>]*>([^<]*)</script>', text)
    return [zlib.decompress(b64decode(one)).decode() for one in found]


def test_a_large_page_is_packed(score, monkeypatch):
    """Beyond a number of figures no table of institutions stands in the page: it is packed, with its script."""
    small = page(score)
    assert "application/x-packed" not in small
    assert "DecompressionStream" not in small
    monkeypatch.setattr(html, "LARGE", 5)
    monkeypatch.setattr(html, "SHOWN", 2)
    large = page(score)
    kept = packed_in(large)
    assert institution_tree(score) in kept
    assert any("<table" in one for one in kept)
    assert "all 4" in large
    assert sum(one.count("<tbody>") for one in kept) >= 3
    assert "DecompressionStream" in large
    assert "each institution holds the sum of all below it" in large
    assert "<summary>County hospital" in small
    assert "<summary>County hospital" not in large


def test_the_example_of_one_person(score):
    """What is given as the joint course of a person stands in a part of its own, with a link to it."""
    assert 'id="joint"' not in page(score)
    text = page(score, joint="<p>somebody who does not exist</p>")
    assert '<a href="#joint">' in text
    assert "<p>somebody who does not exist</p>" in text


def test_a_step_known_as_counts_is_drawn_as_people_are():
    """The picture, flows and shares of counts alone are those of the cohort they were counted in; of nobody nothing."""
    log = sd.simulate(patients=80, seed=2).log()
    asked = ("hypertension", log, "2024-01-01", "2024-12-31")
    cohort, counts = sd.cohort(*asked, every="whole"), sd.count_transitions(*asked, every="whole")
    names = sd.disease("hypertension").names
    step = OneStep(names=names, period=cohort.periods[0], counts=counts)
    assert passage(step) == passage(cohort)
    empty = sd.count_transitions("hypertension", log.only([]), *asked[2:], every="whole")
    assert passage(OneStep(names=names, period=cohort.periods[0], counts=empty)) is None
