"""The class of cardiovascular risk, computed from diseases and readings wherever these suffice."""

import pytest

from singledisease.catalogue import disease

# who  birth  sex
MAN_50 = "male 1974-01-01"
MAN_35 = "male 1989-01-01"
WOMAN_60 = "female 1964-01-01"
OLD_MAN = "male 1950-01-01"

STROKE = "2023-05-01 admission I63.9 . . . . . ."
HYPERTENSION = "2023-06-01 diagnosis I10 . . . . . ."
DIABETES = "2023-06-02 diagnosis E11.9 . . . . . ."
PRESSURE = "2024-02-01 follow_up . . 120 80 . . ."
RAISED = "2024-02-01 follow_up . . 150 95 . . ."
SMOKER = "2024-03-01 follow_up . . . . 10 . ."
NO_SMOKER = "2024-03-01 follow_up . . . . 0 . ."
ASSESSED = "2024-01-05 follow_up . high_vascular_risk . . . . ."

CASES = {
    # ATHEROSCLEROTIC DISEASE
    "a stroke and two factors": (OLD_MAN, [STROKE, HYPERTENSION, DIABETES], "2.0 1.2", "extreme"),
    "a stroke, no factor on record; smoking alone would be one": (OLD_MAN, [STROKE], "2.0 1.2", "very_high"),
    "a stroke and one factor: smoking would decide": (OLD_MAN, [STROKE, HYPERTENSION], "2.0 1.2", "?"),
    "a stroke, one factor, a smoker": (OLD_MAN, [STROKE, HYPERTENSION, SMOKER], "2.0 1.2", "extreme"),
    "a stroke, one factor, no smoker": (OLD_MAN, [STROKE, HYPERTENSION, NO_SMOKER], "2.0 1.2", "very_high"),
    "stable angina": (OLD_MAN, ["2022-05-01 encounter I20.8 . . . . . ."], "2.0 1.2", "very_high"),
    "an infarction this year after an older stroke": (
        OLD_MAN,
        [STROKE, "2024-03-05 admission I21.9 . . . . . ."],
        "2.0 1.2",
        "extreme",
    ),
    "an infarction long ago at 70, no factor": (
        OLD_MAN,
        ["2020-03-05 admission I21.9 . . . . . .", NO_SMOKER],
        "2.0 1.2",
        "very_high",
    ),
    "an early infarction with a stent": (
        MAN_50,
        ["2020-03-05 admission I21.9 . . . . . .", "2020-03-10 discharge Z95.5 . . . . . ."],
        "2.0 1.2",
        "extreme",
    ),
    "transient global amnesia is none": (MAN_35, ["2020-03-05 admission G45.4 . . . . . ."], "5.0 1.2", "high"),
    # HIGH AT ONCE
    "LDL of 4.9": (MAN_35, [], "4.9 1.2", "high"),
    "LDL of 5.0 once, 2.0 on a statin": (MAN_35, ["2023-01-01 test . . . . . 5.0 ."], "2.0 1.2", "high"),
    "diabetes from 40": (MAN_50, [DIABETES], "2.0 1.2", "high"),
    "diabetes before 40, nothing else": (MAN_35, [DIABETES, PRESSURE, NO_SMOKER], "3.0 1.2", "low"),
    "eGFR of 45 twice in five months": (
        MAN_35,
        ["2024-01-10 test . . . . . . 45", "2024-06-01 test . . . . . . 45"],
        "3.0 1.2",
        "high",
    ),
    "eGFR of 45 once": (MAN_35, ["2024-06-01 test . . . . . . 45", PRESSURE, NO_SMOKER], "3.0 1.2", "low"),
    # THE TABLE
    "hypertension, age and HDL: smoking does not matter": (MAN_50, [HYPERTENSION], "3.0 0.9", "high"),
    "hypertension and age": (MAN_50, [HYPERTENSION, NO_SMOKER], "3.0 1.3", "medium"),
    "hypertension and age, smoking not known": (MAN_50, [HYPERTENSION], "3.0 1.3", "?"),
    "hypertension, two factors, LDL below 2.6": (MAN_50, [HYPERTENSION, NO_SMOKER], "2.5 0.9", "medium"),
    "no hypertension, three factors": (WOMAN_60, [PRESSURE, SMOKER], "3.0 0.9", "medium"),
    "no hypertension, three factors, LDL below 2.6": (WOMAN_60, [PRESSURE, SMOKER], "2.5 0.9", "low"),
    "no hypertension, two factors": (WOMAN_60, [PRESSURE, NO_SMOKER], "3.0 0.9", "low"),
    "no hypertension, two factors, LDL of 3.4": (WOMAN_60, [PRESSURE, NO_SMOKER], "3.4 0.9", "medium"),
    "a raised pressure is no diagnosis": (MAN_50, [RAISED, NO_SMOKER], "3.0 0.9", "?"),
    "LDL alone": (MAN_50, [], "3.0 .", "?"),
    # AS A DOCTOR GAVE IT
    "given, the rest not known": (MAN_50, [ASSESSED], "3.0 .", "high"),
    "given, and worse since": (MAN_50, [ASSESSED, "2024-04-01 admission I63.9 . . . . . ."], "3.0 .", "very_high"),
    "given, and better by the records": (MAN_35, [ASSESSED, PRESSURE, NO_SMOKER], "3.0 1.2", "high"),
}
HEADING = "who date kind code item sbp dbp cigarettes ldl egfr hdl"


@pytest.mark.parametrize("tells", CASES)
def test_the_class_of_risk(engine, tells):
    """Each class follows from the facts of its case, and is unknown where a missing one would decide."""
    (person, before, readings, expected) = CASES[tells]
    sex, birth = person.split()
    ldl, hdl = readings.split()
    rows = [f"A {row} ." for row in before] + [f"A 2024-06-10 test . . . . . {ldl} . {hdl}"]
    asked = 'tier("dyslipidaemia.vascular", on=day("2024-12-31"))'
    people = f"who birth sex\nA {birth} {sex}"
    events = "\n".join([HEADING, *rows])
    assert engine.values(asked, events, diseases=[disease("dyslipidaemia")], people=people) == [
        "who value",
        f"A {expected}",
    ]
