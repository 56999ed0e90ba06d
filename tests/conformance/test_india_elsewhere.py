"""What the India Hypertension Control Initiative published of its fifteen states, by the set ``hearts360``.

BMJ Open 2025;15:e106372: of 1,235,453 people enrolled by the end of 2021, 1,046,512 were under care; in January to
March 2022, 44 % of these had their pressure controlled, and 68 % of those who came and were measured.  A thousandth of
each stands in the registry here.  Who came and was not at goal, and who did not come, follow from the percentages.
"""

import pytest

import singledisease as sd

ENROLLED, UNDER_CARE, CONTROLLED = 1_235, 1_047, 461
SEEN = round(CONTROLLED / 0.68)
QUARTER = "2022Q1"


@pytest.fixture(scope="module")
def log():
    """Give the log: all enrolled in 2020; seen in the quarter, in the year before it, or for longer not at all."""
    names = [f"P{i}" for i in range(ENROLLED)]
    rows = [
        {"patient_id": name, "date": "2020-03-01", "kind": "enrolment", "disease": "hypertension"} for name in names
    ]

    def measured(some, day, sbp):
        return [{"patient_id": who, "date": day, "kind": "encounter", "sbp": sbp, "dbp": 80} for who in some]

    rows += measured(names[:CONTROLLED], "2022-02-01", 139)
    rows += measured(names[CONTROLLED:SEEN], "2022-03-31", 140)
    rows += measured(names[SEEN:UNDER_CARE], "2021-04-01", 130)
    rows += measured(names[UNDER_CARE:], "2021-03-31", 130)
    return sd.read_frames([{"patient_id": name, "birth_date": "1960-01-01"} for name in names], rows)


def percents(log, engine, policy=None):
    """Give the percentage of each indicator in the quarter, in whole numbers as they are published."""
    asked = [one for one in sd.measures("hearts360") if one.id in ("hearts360.under_care", "hearts360.control")]
    score = sd.evaluate(asked, log, period=QUARTER, engine=engine, policy=policy)
    return {row["measure"].partition(".")[2]: row for row in score.table()}


@pytest.mark.parametrize("engine", ["reference", "columnar"])
def test_under_care_and_controlled_are_as_published(log, engine):
    """85 % of the enrolled are under care, 44 % of these are controlled, 68 % of those measured."""
    found = percents(log, engine)
    assert f"{found['under_care']['rate']:.0%}" == f"{1_046_512 / 1_235_453:.0%}" == "85%"
    control = found["control"]
    assert (control["denominator"], f"{control['rate']:.0%}") == (UNDER_CARE, "44%")
    assert f"{control['numerator'] / (control['denominator'] - control['unknown']):.0%}" == "68%"


@pytest.mark.parametrize("engine", ["reference", "columnar"])
def test_with_those_lost_the_same_people_give_another_figure(log, engine):
    """Of everybody enrolled 37 % are controlled: which of both is meant has to be said."""
    control = percents(log, engine, {"lost_to_follow_up": "with"})["control"]
    assert (control["denominator"], f"{control['rate']:.0%}") == (ENROLLED, "37%")
