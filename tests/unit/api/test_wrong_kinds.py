"""Something of another kind than a function takes: refused in words, with the way out, not by an attribute it lacks."""

import pytest

import singledisease as sd

LOG = sd.read_frames([{"patient_id": "P1", "birth_date": "1950-03-01"}], [])
SEEN = sd.Measure(id="seen", numerator=sd.events("follow_up").exists())
RECORD = sd.PersonRecord.start("P1", birth_date="1950-03-01")
BOTH = sd.start_joint(["hypertension", "type2-diabetes"], "P1", birth_date="1950-03-01").after(
    sd.Event("enrolment", "2024-01-10", disease="hypertension|type2-diabetes")
)
SCORE = sd.evaluate(SEEN, LOG, period="2024")


@pytest.mark.parametrize(
    ("call", "expected", "given"),
    [
        (lambda: sd.evaluate(LOG, SEEN, period="2024"), "EventLog or Parts", "Measure"),
        (lambda: sd.people(LOG, "seen", "numerator"), "Scorecard", "EventLog"),
        (lambda: sd.explain(LOG, "P1"), "Scorecard", "EventLog"),
        (lambda: sd.attrition(LOG), "Scorecard", "EventLog"),
        (lambda: sd.freeze(LOG, "frozen.jsonl"), "Scorecard", "EventLog"),
        (lambda: sd.standardized(LOG, "seen"), "Scorecard", "EventLog"),
        (lambda: sd.roll_up(LOG), "Scorecard", "EventLog"),
        (lambda: sd.quality("county"), "EventLog", "str"),
        (lambda: sd.worklist("county", on="2024-06-30"), "EventLog or Parts", "str"),
        (lambda: sd.irregularities("county"), "EventLog or Parts", "str"),
        (lambda: sd.repeated_tests(SCORE, period="2024"), "EventLog", "Scorecard"),
        (lambda: sd.unfinished("referral", "county", on="2024-06-30"), "EventLog", "str"),
        (lambda: sd.joint_courses("P1", "P1"), "EventLog", "str"),
        (lambda: sd.recognition(LOG, "hba1c", "2024-04-01", sd.recognition_rules()), "PersonRecord", "EventLog"),
        (
            lambda: sd.recognition(sd.PersonRecord.start("P1"), "hba1c", "2024-04-01", "rules"),
            "RecognitionRules",
            "str",
        ),
        (
            lambda: sd.recognition(RECORD, BOTH.due("2024-04-01")[0], "2024-04-01", sd.recognition_rules()),
            "str or Due",
            "JointDue",
        ),
        (lambda: sd.contract_state(BOTH, "2024-04-01", sd.contract_rules()), "PersonRecord", "JointCourses"),
        (lambda: sd.deliveries(RECORD, "2024-04-01", sd.point_rules()), "ContractRules", "PointRules"),
        (lambda: sd.contracts(RECORD, on="2024-04-01"), "EventLog or Parts", "PersonRecord"),
        (lambda: sd.package_deliveries(LOG, on="2024-04-01", rules="mine.toml"), "ContractRules", "str"),
        (lambda: sd.points_ledger("resident", LOG, until="2024-04-01"), "PointRules", "str"),
        (lambda: sd.repeated_tests(LOG, period="2024", rules=sd.contract_rules()), "RecognitionRules", "ContractRules"),
        (lambda: sd.out_of_turn(LOG), "Course", "EventLog"),
        (lambda: sd.periods(2024), "str", "int"),
        (lambda: sd.disease(60), "str or Path or Disease", "int"),
        (lambda: sd.measures(SEEN), "str or Path", "Measure"),
        (lambda: sd.mutants(LOG, period="2024"), "Measure or Ratio or Distribution or Derived", "EventLog"),
    ],
)
def test_what_was_expected_and_what_was_given_are_named(call, expected, given):
    """A log where a scorecard is needed, arguments in another order, a path where what was read of it is needed."""
    with pytest.raises(sd.UsageError, match=f"expected {expected}, got {given}: "):
        call()
