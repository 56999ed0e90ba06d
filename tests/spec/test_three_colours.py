"""Red, yellow and green: what a follow-up makes of a person with hypertension or diabetes."""

import pytest

from singledisease.catalogue import disease

ABOUT_50, ABOUT_70, AGE_UNKNOWN = "1974-01-01", "1954-01-01", "."
HEADING = "who date kind mode disease sbp dbp fpg adverse_reaction"
CASES = {
    # HYPERTENSION: 140/90, from 65 on 150/90
    "at goal": ("hypertension", ABOUT_50, ["2024-03-01 follow_up clinic . 130 80 . ."], "green"),
    "not at goal once": ("hypertension", ABOUT_50, ["2024-03-01 follow_up clinic . 150 80 . ."], "yellow"),
    "on the goal's number": ("hypertension", ABOUT_50, ["2024-03-01 follow_up clinic . 139 90 . ."], "yellow"),
    "twice running": (
        "hypertension",
        ABOUT_50,
        ["2024-03-01 follow_up clinic . 150 80 . .", "2024-06-01 follow_up home . 141 80 . ."],
        "red",
    ),
    "twice on one day is once": (
        "hypertension",
        ABOUT_50,
        ["2024-03-01 follow_up clinic . 150 80 . .", "2024-03-01 follow_up home . 152 80 . ."],
        "yellow",
    ),
    "better again": (
        "hypertension",
        ABOUT_50,
        ["2024-03-01 follow_up clinic . 150 80 . .", "2024-06-01 follow_up clinic . 130 80 . ."],
        "green",
    ),
    "not running": (
        "hypertension",
        ABOUT_50,
        [
            "2024-03-01 follow_up clinic . 150 80 . .",
            "2024-06-01 follow_up clinic . 130 80 . .",
            "2024-09-01 follow_up clinic . 150 80 . .",
        ],
        "yellow",
    ),
    "an emergency": ("hypertension", ABOUT_50, ["2024-03-01 follow_up clinic . 180 80 . ."], "red"),
    "a complication": ("hypertension", ABOUT_50, ["2024-03-01 complication . hypertension . . . ."], "red"),
    "an adverse reaction at goal": (
        "hypertension",
        ABOUT_50,
        ["2024-03-01 follow_up clinic . 130 80 . true"],
        "yellow",
    ),
    "by phone": ("hypertension", ABOUT_50, ["2024-03-01 follow_up phone . 150 80 . ."], "?"),
    "a phone call in between": (
        "hypertension",
        ABOUT_50,
        ["2024-03-01 follow_up clinic . 150 80 . .", "2024-04-01 follow_up phone . 130 80 . ."],
        "yellow",
    ),
    "nothing measured the second time": (
        "hypertension",
        ABOUT_50,
        ["2024-03-01 follow_up clinic . 150 80 . .", "2024-06-01 follow_up clinic . . . . ."],
        "yellow",
    ),
    "the twelve months are over": ("hypertension", ABOUT_50, ["2023-12-01 follow_up clinic . 150 80 . ."], "?"),
    "the goal of the elderly": ("hypertension", ABOUT_70, ["2024-03-01 follow_up clinic . 145 80 . ."], "green"),
    "an age that decides is missing": ("hypertension", AGE_UNKNOWN, ["2024-03-01 follow_up clinic . 145 80 . ."], "?"),
    # DIABETES: fasting glucose below 7.0
    "glucose at goal": ("type2-diabetes", ABOUT_50, ["2024-03-01 follow_up clinic . . . 6.9 ."], "green"),
    "glucose on the goal's number": ("type2-diabetes", ABOUT_50, ["2024-03-01 follow_up clinic . . . 7.0 ."], "yellow"),
    "glucose twice running": (
        "type2-diabetes",
        ABOUT_50,
        ["2024-03-01 follow_up clinic . . . 7.5 .", "2024-06-01 follow_up clinic . . . 8.0 ."],
        "red",
    ),
    "glucose too low": ("type2-diabetes", ABOUT_50, ["2024-03-01 follow_up clinic . . . 3.9 ."], "red"),
    "glucose at goal, the pressure an emergency": (
        "type2-diabetes",
        ABOUT_50,
        ["2024-03-01 follow_up clinic . 190 100 6.5 ."],
        "red",
    ),
}


@pytest.mark.parametrize("tells", CASES)
def test_the_colour(engine, tells):
    """Each colour follows from the follow-ups of its case; who was not assessed in a year has none."""
    name, birth, rows, expected = CASES[tells]
    events = "\n".join([HEADING, *(f"A {row}" for row in rows)])
    asked = f'tier("{name}.colour", on=day("2024-12-31"))'
    found = engine.values(asked, events, diseases=[disease(name)], people=f"who birth sex\nA {birth} female")
    assert found == ["who value", f"A {expected}"]
