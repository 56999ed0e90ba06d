"""Tiers of several diseases in a file of measures: read, put into texts, written back, and what is refused."""

import pytest

import singledisease as sd
from singledisease.errors import DefinitionError
from singledisease.io.measures import read_measures_text, write_measures

HEAD = 'id = "mine"\nversion = "1"\n'
TIER = """
[joint_tiers.colour]
names = { zh = "颜色", en = "colour" }
of = ["lungs.risk", "heart.risk"]
levels = [
    { id = "green", zh = "绿", en = "green", colour = "green" },
    { id = "red", zh = "红", en = "red", colour = "red" },
]
counted_as = { low = "green" }
citation = "ours"
status = "provisional"
"""
MEASURES = """
[shared]
red = '{colour} == "red"'

[[measures]]
id = "red"
numerator = '{red}'

[[measures]]
id = "redder"
population = '{colour on PERIOD.start} == "green"'
numerator = '{colour on events().last().date} == "red"'
"""


def test_it_is_read_and_put_into_texts():
    """Its name in braces is its level at the period's end, or on the day that is named."""
    made = read_measures_text(HEAD + TIER + MEASURES)
    (colour,) = made.joint_tiers
    assert (colour.id, colour.names.zh, colour.of) == ("colour", "颜色", ("lungs.risk", "heart.risk"))
    assert (colour.levels[1].colour, colour.counted_as) == ("red", {"low": "green"})
    assert (colour.citation, colour.status) == ("ours", "provisional")
    red, redder = made.measures
    assert red == sd.Measure(id="red", version="1", numerator=colour.on(sd.PERIOD.end) == "red")
    assert redder == sd.Measure(
        id="redder",
        version="1",
        population=colour.on(sd.PERIOD.start) == "green",
        numerator=colour.on(sd.events().last().date) == "red",
    )


def test_it_is_written_and_read_back(tmp_path):
    """Measures and joint tiers come back equal, and from a file too."""
    made = read_measures_text(HEAD + TIER + MEASURES)
    text = write_measures(made.measures, id="mine", joint_tiers=made.joint_tiers)
    assert read_measures_text(text) == made
    file = tmp_path / "mine.toml"
    file.write_text(sd.write_measures(made.measures, id="mine", joint_tiers=made.joint_tiers), "utf-8")
    assert sd.joint_tiers(file, diseases="hypertension")[0].id == "colour"
    assert sd.measures(file, diseases="hypertension") == made.measures


REFUSED = {
    TIER.replace("colour]", "colour]\ncolor = 1"): ("file_shape", "joint_tiers.colour"),
    TIER.replace('of = ["lungs.risk", "heart.risk"]', 'of = ["copd"]'): (
        "tier_missing",
        "joint_tiers.colour, of, 'copd'",
    ),
    TIER.replace('{ low = "green" }', '{ low = "gren" }'): ("unknown_level", "joint_tiers.colour, counted_as.low"),
    TIER.replace('{ low = "green" }', '["low"]'): ("file_shape", "joint_tiers.colour.counted_as"),
    "joint_tiers = 1\n": ("file_shape", "joint_tiers"),
}


@pytest.mark.parametrize("text", REFUSED, ids=[where for _, where in REFUSED.values()])
def test_what_is_wrong_is_told_with_its_place(text):
    """Keys that nobody reads, tiers without a disease and levels that are none are faults of the file."""
    with pytest.raises(DefinitionError) as caught:
        read_measures_text(HEAD + text)
    assert REFUSED[text] in [(fault.check, fault.where) for fault in caught.value.faults]


def test_a_level_without_a_place_is_told_where_it_is_joined():
    """Where the disease is at hand, its tier has to exist and each level of it to have a place."""
    graded = sd.disease("allergic-rhinitis")
    text = TIER.replace('"lungs.risk", "heart.risk"', '"allergic-rhinitis.severity", "allergic-rhinitis.nothing"')
    with pytest.raises(DefinitionError) as caught:
        read_measures_text(HEAD + text, [graded])
    found = {(fault.check, fault.where) for fault in caught.value.faults}
    assert found == {("unknown_level", "joint_tiers.colour, of"), ("unknown_tier", "joint_tiers.colour, of")}
