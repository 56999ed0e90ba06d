"""Red, yellow and green of hypertension and diabetes, and a person's colour: the worst of their diseases'."""

import pytest

from singledisease import catalogue
from singledisease.language.format import write
from singledisease.language.parse import parse

DISEASES = [catalogue.disease(name.rpartition(".")[0]) for name in catalogue.joint_tier("colour").of]
HEADING = "who date kind mode disease sbp dbp fpg adverse_reaction emergency complication"
VISITS = """
A 2024-01-10 follow_up  clinic .              150 95 .    .   .   .
A 2024-02-10 follow_up  clinic .              152 88 .    .   .   .
A 2024-03-10 follow_up  phone  .              120 70 .    .   .   .
A 2024-04-10 follow_up  home   .              132 84 .    .   .   .
A 2024-05-10 follow_up  clinic .              150 88 .    .   .   .
A 2024-06-10 follow_up  phone  .              .   .  .    yes .   .
A 2024-07-10 follow_up  clinic type2-diabetes 190 80 9.0  .   .   .
A 2024-08-10 follow_up  clinic hypertension   130 80 .    .   .   .
A 2024-09-10 follow_up  clinic type2-diabetes .   .  6.5  .   .   .
A 2024-10-10 follow_up  clinic hypertension   184 80 .    .   .   .
A 2024-11-10 follow_up  clinic hypertension   130 80 .    .   .   .
A 2024-12-10 complication . type2-diabetes    .   .  .    .   .   .
"""
# day: of hypertension, of diabetes, of the person
EXPECTED = {
    "2024-01-09": ("?", "?", "?"),
    "2024-01-10": ("yellow", "?", "yellow"),  # not at goal for the first time
    "2024-02-10": ("red", "?", "red"),  # the second time running, by the systolic pressure alone
    "2024-03-10": ("red", "?", "red"),  # what is said on the phone is no reading
    "2024-04-10": ("green", "?", "green"),
    "2024-05-10": ("yellow", "?", "yellow"),  # the first time again
    "2024-06-10": ("yellow", "yellow", "yellow"),  # an adverse reaction concerns both: nobody said which
    "2024-07-10": ("yellow", "yellow", "yellow"),  # diabetes for the first time; the pressure is tagged as not its
    "2024-08-10": ("green", "yellow", "yellow"),
    "2024-09-10": ("green", "green", "green"),
    "2024-10-10": ("red", "green", "red"),  # an emergency needs no second reading
    "2024-11-10": ("green", "green", "green"),
    "2024-12-10": ("green", "red", "red"),
    "2025-11-10": ("green", "red", "red"),  # twelve months to the day
    "2025-11-11": ("?", "red", "red"),
    "2025-12-11": ("?", "?", "?"),
}


@pytest.mark.parametrize("day", EXPECTED)
def test_the_colour_on_a_day(engine, day):
    """Each visit gives the colour that its comment says, and it stands for twelve months at most."""
    person = write(catalogue.joint_tier("colour").on(parse(f'day("{day}")')).node)
    asked = [f'tier("{disease}.colour", on=day("{day}"))' for disease in ("hypertension", "type2-diabetes")]
    found = [
        engine.values(one, HEADING + VISITS, diseases=DISEASES, people="who birth\nA 1970-01-01")[1].split()[-1]
        for one in (*asked, person)
    ]
    assert tuple(found) == EXPECTED[day]


def test_every_level_of_a_tier_that_takes_part_counts_as_a_colour():
    """No tier has a level that the person's colour has no place for, and every one shows the colour it counts as."""
    colour = catalogue.joint_tier("colour")
    shown = {"green": "green", "yellow": "yellow", "orange": "red", "red": "red"}
    for name in colour.of:
        disease, _, tier = name.rpartition(".")
        (found,) = [one for one in catalogue.disease(disease).tiers if one.id == tier]
        for level in found.levels:
            assert colour.counted_as.get(level.id, level.id) == shown[level.colour], (name, level.id)
