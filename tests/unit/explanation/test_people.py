"""The people behind a count."""

import datetime as dt

import pytest
from gout_world import CONTROL, DISEASES, EVENTS, MEASURES, PATIENTS, gout_log

from singledisease.dates import period, periods
from singledisease.errors import UsageError
from singledisease.explanation.people import SUMS, people
from singledisease.scorecard.evaluate import evaluate

YEAR = period("2024")
SCORE = evaluate(MEASURES, gout_log(), YEAR, diseases=DISEASES)
GROUPS = {
    "outside": ("P07",),
    "excluded:closed": ("P06", "P09"),
    "not_numerator": ("P02", "P05"),
    "unknown": ("P03",),
    "numerator": ("P01", "P08", "P10"),
    "undetermined:at goal": ("P04",),
    "undetermined:lost": (),
}


@pytest.mark.parametrize(("group", "ids"), GROUPS.items())
def test_every_group_lists_its_people(group, ids):
    """The people of each group are those the rules put there by hand, as many as the scorecard counts."""
    listed = people(SCORE, "gout.control", group)
    assert listed["patient_id"] == ids
    assert set(listed["group"]) <= {group}
    (row,) = [row for row in SCORE.table() if row["measure"] == "gout.control"]
    assert len(listed) == row["groups"].get(group, 0)


def test_sums_list_the_people_of_several_groups():
    """The denominator, the excluded and the rest are lists too, each as long as its figure, with the group of each."""
    (row,) = [row for row in SCORE.table() if row["measure"] == "gout.control"]
    for name in SUMS[:-1]:
        assert len(people(SCORE, "gout.control", name)) == row[name]
    assert people(SCORE, "gout.control", "undetermined")["patient_id"] == ("P04",)
    denominator = people(SCORE, "gout.control", "denominator")
    assert dict(zip(denominator["patient_id"], denominator["group"], strict=True)) == {
        **dict.fromkeys(GROUPS["not_numerator"], "not_numerator"),
        **dict.fromkeys(GROUPS["unknown"], "unknown"),
        **dict.fromkeys(GROUPS["numerator"], "numerator"),
    }


def test_each_row_says_who_is_responsible():
    """A row has the period, the institution and team of the day asked about, and the further strata."""
    score = evaluate(CONTROL, gout_log(), YEAR, diseases=DISEASES, by=["sex", "institution"])
    rows = people(score, "gout.control", "numerator").rows()
    days = {"period_start": dt.date(2024, 1, 1), "period_end": dt.date(2024, 12, 31)}
    shared = {"group": "numerator", **days, "team": None}
    assert rows == [
        {"patient_id": "P01", "institution": "A", "sex": "male", **shared},
        {"patient_id": "P08", "institution": "B", "sex": "female", **shared},
        {"patient_id": "P10", "institution": "B", "sex": "female", **shared},
    ]


def test_periods_are_listed_one_after_the_other():
    """Without a period all are listed, with one only that; an institution is that of the day asked about."""
    score = evaluate(CONTROL, gout_log(), periods("2024/quarter"), diseases=DISEASES, as_of="2024-12-01")
    every = people(score, "gout.control", "numerator")
    assert list(every["period_start"]) == sorted(every["period_start"])
    second = people(score, "gout.control", "unknown", "2024Q2")
    assert second == people(score, "gout.control", "unknown", period("2024Q2"))
    third = people(score, "gout.control", "unknown", "2024Q3").rows()
    moved = [(row["patient_id"], row["institution"]) for row in (*second, *third) if row["patient_id"] == "P08"]
    assert moved == [("P08", None), ("P08", "B")]


def test_people_of_added_scorecards_are_listed_part_by_part():
    """The people of a sum are those of its parts."""
    halves = [
        evaluate(
            CONTROL,
            gout_log([one for one in PATIENTS if one[0] in half], [one for one in EVENTS if one[0] in half]),
            YEAR,
            diseases=DISEASES,
        )
        for half in ({"P08", "P09", "P10"}, {f"P0{i}" for i in range(1, 8)})
    ]
    assert people(halves[0] + halves[1], "gout.control", "numerator")["patient_id"] == ("P08", "P10", "P01")


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        (("gout.contorl", "numerator"), "did you mean gout.control"),
        (("gout.control", "numerater"), "did you mean numerator"),
        (("gout.control", "numerator", "2023"), "it covers 2024-01-01..2024-12-31"),
    ],
)
def test_what_does_not_exist_is_refused(asked, hint):
    """An unknown measure, group or period is refused with what was perhaps meant."""
    with pytest.raises(UsageError) as caught:
        people(SCORE, *asked)
    assert hint in str(caught.value)
