"""The pathways of hypertension and type 2 diabetes, from prevention to rehabilitation."""

import pytest
from bphs import clocks, enrolled, states, step

from singledisease import catalogue

PERSON = "who birth sex\nA 1980-01-01 male"


def last(engine, events, until="2024-12-31", people=PERSON, name="hypertension"):
    """Give day and name of the last state."""
    return states(engine, events, until, people, name=name)[-1]


# PREVENTION


@pytest.mark.parametrize(
    ("column", "value", "sex", "state"),
    [
        ("sbp", "129", "male", "general"),
        ("sbp", "130", "male", "high_risk"),
        ("dbp", "84", "male", "general"),
        ("dbp", "85", "male", "high_risk"),
        ("bmi", "23.9", "male", "general"),
        ("bmi", "24", "male", "high_risk"),
        ("waist", "89", "male", "general"),
        ("waist", "90", "male", "high_risk"),
        ("waist", "84", "female", "general"),
        ("waist", "85", "female", "high_risk"),
        ("waist", "95", "unknown", "general"),
    ],
)
def test_one_criterion_makes_high_risk(engine, column, value, sex, state):
    """High-normal pressure, overweight or central obesity by sex; what depends on an unknown sex is not heard."""
    events = f"who date kind {column}\nA 2024-03-01 screening {value}"
    assert last(engine, events, people=f"who birth sex\nA 1980-01-01 {sex}").split()[1] == state


@pytest.mark.parametrize(("birth", "state"), [("1969-03-01", "high_risk"), ("1969-03-02", "general")])
def test_whoever_is_55_is_at_high_risk(engine, birth, state):
    """Age alone is a criterion, from the birthday on."""
    events = "who date kind\nA 2024-03-01 checkup"
    assert last(engine, events, people=f"who birth\nA {birth}").split()[1] == state


def test_pressure_is_measured_yearly_and_half_yearly_at_high_risk(engine):
    """The clock runs from the last measurement; at high risk it is due after six calendar months."""
    yearly = "who date kind sbp dbp\nA 2024-02-29 screening 120 70"
    assert clocks(engine, "annual_pressure", yearly, "2024-03-31", PERSON)[-1].startswith("2024-02-29 2025-02-28 open")
    half = "who date kind sbp dbp\nA 2024-08-31 screening 132 70"
    found = clocks(engine, "half_yearly_pressure", half, "2024-09-30", PERSON)
    assert found[-1].startswith("2024-08-31 2025-02-28 open")


# SCREENING


def test_three_elevated_readings_on_different_days_are_suspected(engine):
    """Within 28 days of the first, both ends included; a second one on the same day does not count."""
    events = """
        who  date        kind       sbp  dbp
        A    2024-03-01  screening  150  70
        A    2024-03-01  encounter  155  70
        A    2024-03-10  screening  120  95
        A    2024-03-29  screening  140  70
    """
    assert states(engine, events, "2024-03-31", PERSON)[1:] == [
        "2024-03-01 elevated_once",
        "2024-03-10 elevated_twice",
        "2024-03-29 suspected",
    ]
    assert catalogue.disease("hypertension").pathway.state("suspected").refer


def test_the_window_is_fixed_from_the_first_reading(engine):
    """A second reading does not prolong it: on the 29th day the person is back at high risk, the retest missed."""
    events = """
        who  date        kind       sbp  dbp
        A    2024-03-01  screening  150  70
        A    2024-03-20  screening  150  70
        A    2024-03-30  screening  150  70
    """
    assert states(engine, events, "2024-04-10", PERSON)[1:] == [
        "2024-03-01 elevated_once",
        "2024-03-20 elevated_twice",
        "2024-03-30 elevated_once",
    ]
    assert clocks(engine, "retest_window", events, "2024-04-10", PERSON) == [
        "2024-03-01 2024-03-29 breached 2024-03-30 . 2024-03-30",
        "2024-03-30 2024-04-27 open . . .",
    ]
    assert last(engine, events, "2024-04-28") == "2024-04-28 high_risk"


def test_a_normal_reading_between_leaves_the_window_open(engine):
    """A normal retest meets the service and does not end the window."""
    events = """
        who  date        kind       sbp  dbp
        A    2024-03-01  screening  150  70
        A    2024-03-05  screening  120  70
        A    2024-03-10  screening  150  70
        A    2024-03-20  screening  150  70
    """
    assert last(engine, events) == "2024-03-20 suspected"


def test_a_self_measurement_screens_nobody(engine):
    """Readings at home have another threshold."""
    assert last(engine, "who date kind sbp dbp\nA 2024-03-01 measurement 150 95") == "1980-01-01 general"


def test_a_severe_first_reading_is_referred_at_once(engine):
    """At 180/110 nobody waits for two more days."""
    assert last(engine, "who date kind sbp dbp\nA 2024-03-01 screening 170 110") == "2024-03-01 severe"
    assert step("severe") == "4"


# DIAGNOSIS


SUSPECTED = """
    who  date        kind       sbp  dbp  direction  code  status
    A    2024-03-01  screening  150  95   .          .     .
    A    2024-03-05  screening  150  95   .          .     .
    A    2024-03-09  screening  150  95   .          .     .
"""


def test_from_suspicion_to_enrolment(engine):
    """Referred, confirmed, enrolled; the result is followed within two weeks of the suspicion."""
    events = (
        SUSPECTED
        + """
        A    2024-03-12  referral   .    .    up         .     .
        A    2024-03-20  diagnosis  .    .    .          I10   .
        A    2024-03-25  enrolment  .    .    .          I10   .
    """
    )
    assert states(engine, events, "2024-03-31", PERSON)[3:] == [
        "2024-03-09 suspected",
        "2024-03-12 confirming",
        "2024-03-20 confirmed",
        "2024-03-25 enrolled",
    ]
    assert clocks(engine, "referral_to_confirm", events, "2024-03-31", PERSON) == [
        "2024-03-09 2024-03-16 met 2024-03-12 referral#4 ."
    ]
    assert clocks(engine, "confirmation_follow_up", events, "2024-03-31", PERSON)[0] == (
        "2024-03-09 2024-03-23 met 2024-03-20 diagnosis#5 ."
    )
    assert clocks(engine, "enrol", events, "2024-03-31", PERSON) == [
        "2024-03-20 2024-04-04 met 2024-03-25 enrolment#6 ."
    ]


def test_ruled_out_is_still_at_high_risk(engine):
    """A result that excludes hypertension ends the suspicion."""
    events = SUSPECTED + "    A 2024-03-20 encounter . . . . ruled_out"
    assert last(engine, events) == "2024-03-20 high_risk"


def test_a_diagnosis_that_names_nothing_diagnoses_nothing(engine):
    """Without disease and code a diagnosis is a contact, and no diagnosis of this disease; nor is another's code."""
    for code in (".", "I15.0", "E11"):
        events = f"who date kind code\nA 2024-03-01 diagnosis {code}"
        assert last(engine, events) == "1980-01-01 general"


# MANAGEMENT


def test_two_readings_of_one_day_are_not_two_follow_ups(engine):
    """Two unsatisfactory follow-ups on one day are one."""
    events = enrolled("""
        who  date        kind       mode    sbp  dbp
        A    2024-03-01  follow_up  clinic  150  95
        A    2024-03-01  follow_up  home    155  95
    """)
    assert last(engine, events) == "2024-03-01 unsatisfactory"


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        ("150 80 .", "150 80 true", "referral_due"),
        ("150 80 .", "130 80 true", "adverse_reaction"),
        ("130 80 true", "150 80 .", "unsatisfactory"),
        ("130 80 true", "150 80 true", "referral_due_adverse_reaction"),
        ("150 80 true", "150 80 .", "referral_due"),
        ("150 80 true", "130 80 true", "referral_due_adverse_reaction"),
        ("150 80 true", "130 80 false", "satisfactory"),
    ],
)
def test_pressure_and_adverse_reaction_are_counted_apart(engine, first, second, state):
    """What was there twice running is referred for; what is new begins anew, even if the other is over."""
    events = enrolled(f"""
        who  date        kind       mode    sbp dbp adverse_reaction
        A    2024-03-01  follow_up  clinic  {first}
        A    2024-03-12  follow_up  clinic  {second}
    """)
    assert last(engine, events) == f"2024-03-12 {state}"


@pytest.mark.parametrize(
    ("age_65_on", "pressure", "state"),
    [
        ("2024-03-01", "149 89", "satisfactory"),
        ("2024-03-01", "150 89", "unsatisfactory"),
        ("2024-03-02", "149 89", "unsatisfactory"),
        ("2024-03-02", "139 89", "satisfactory"),
    ],
)
def test_the_elderly_have_their_own_limit(engine, age_65_on, pressure, state):
    """From the 65th birthday on 150 is the limit; the diastolic one is 90 at any age."""
    events = enrolled(f"who date kind mode sbp dbp\nA 2024-03-01 follow_up clinic {pressure}")
    born = age_65_on.replace("2024", "1959")
    assert last(engine, events, people=f"who birth\nA {born}") == f"2024-03-01 {state}"


@pytest.mark.parametrize(
    ("pressure", "state"),
    [("139 89", "satisfactory"), ("150 80", "unsatisfactory"), ("120 90", "unsatisfactory"), ("145 80", "enrolled")],
)
def test_without_a_birth_date_only_what_depends_on_age_is_not_heard(engine, pressure, state):
    """Between 140 and 150 the age decides; below and above it does not."""
    events = enrolled(f"who date kind mode sbp dbp\nA 2024-03-01 follow_up clinic {pressure}")
    assert last(engine, events, people="who birth\nA .").split()[1] == state


@pytest.mark.parametrize("mode", ["phone", "message", "online", "."])
def test_a_follow_up_that_is_not_face_to_face_assesses_nothing(engine, mode):
    """Pressure told by phone moves nobody, unless it is an emergency."""
    events = enrolled(f"who date kind mode sbp dbp\nA 2024-03-01 follow_up {mode} 150 95")
    assert last(engine, events).endswith("enrolled")
    events = enrolled(f"who date kind mode sbp dbp\nA 2024-03-01 follow_up {mode} 185 95")
    assert last(engine, events).endswith("emergency")


@pytest.mark.parametrize("kind", ["follow_up", "checkup", "encounter", "measurement"])
def test_an_emergency_is_heard_wherever_it_is_found(engine, kind):
    """By either pressure, from the limit on, or by the flag."""
    for cells in ("180 100 .", "170 110 .", ". . true"):
        events = enrolled(f"who date kind sbp dbp emergency\nA 2024-03-01 {kind} {cells}")
        assert last(engine, events) == "2024-03-01 emergency"
    events = enrolled(f"who date kind sbp dbp emergency\nA 2024-03-01 {kind} 179 109 false")
    assert not last(engine, events).endswith("emergency")


def test_an_emergency_is_over_on_another_day_only(engine):
    """A second, better reading of the same day does not undo an emergency; one of another day does."""
    events = enrolled("""
        who  date        kind       sequence  mode    sbp  dbp
        A    2024-03-01  follow_up  1         clinic  182  100
        A    2024-03-01  follow_up  2         clinic  138  85
    """)
    assert last(engine, events) == "2024-03-01 emergency"
    assert last(engine, events + "\nA 2024-03-08 follow_up . clinic 138 85 .") == "2024-03-08 satisfactory"
    assert last(engine, events + "\nA 2024-03-08 follow_up . clinic 150 95 .") == "2024-03-08 referral_due"


def test_the_review_is_due_after_two_weeks_and_breached_on_the_day_after(engine):
    """Unsatisfactory on 1 March: due on the 15th, a breach on the 16th, made good late on the 20th."""
    events = enrolled("""
        who  date        kind       mode    sbp  dbp
        A    2024-03-01  follow_up  clinic  150  95
        A    2024-03-10  follow_up  phone   .    .
        A    2024-03-20  follow_up  clinic  130  80
    """)
    assert clocks(engine, "review", events, "2024-03-31", PERSON)[0] == (
        "2024-03-01 2024-03-15 breached 2024-03-16 follow_up#4 2024-03-20"
    )


def test_follow_ups_are_due_every_three_months_and_a_checkup_every_year(engine):
    """From enrolment, then from the last one; calls do not count."""
    events = enrolled("""
        who  date        kind       mode
        A    2024-03-30  follow_up  home
        A    2024-05-01  follow_up  phone
    """)
    assert clocks(engine, "follow_up", events, "2024-06-30", PERSON) == [
        "2024-01-01 2024-04-01 met 2024-03-30 follow_up#2 .",
        "2024-03-30 2024-06-30 open . . .",
    ]
    assert clocks(engine, "checkup", events, "2024-06-30", PERSON) == ["2024-01-01 2025-01-01 open . . ."]


def test_the_lost_owe_no_follow_up_but_are_searched_for(engine):
    """Becoming lost cancels the clocks of management; the search begins."""
    events = enrolled("who date kind\nA 2024-03-01 lost")
    assert clocks(engine, "follow_up", events, "2024-06-30", PERSON) == [
        "2024-01-01 2024-04-01 cancelled 2024-03-01 . ."
    ]
    assert clocks(engine, "recall", events, "2024-03-10", PERSON) == ["2024-03-01 2024-03-15 open . . ."]


# REFERRAL AND RETURN


REFERRED = """
    who  date        kind       mode    sbp  dbp  direction  level   status
    A    2024-03-01  follow_up  clinic  150  95   .          .       .
    A    2024-03-12  follow_up  clinic  150  95   .          .       .
    A    2024-03-14  referral   .       .    .    up         .       .
"""


def test_a_referral_is_followed_until_the_person_is_back(engine):
    """Due to be referred, referred, seen at county level, referred down, assessed."""
    events = enrolled(
        REFERRED
        + """
        A    2024-03-20  encounter  .       185  110  .          county  .
        A    2024-04-01  referral   .       .    .    down       .       .
        A    2024-04-10  follow_up  clinic  130  80   .          .       .
    """
    )
    assert states(engine, events, "2024-04-30", PERSON)[2:] == [
        "2024-03-01 unsatisfactory",
        "2024-03-12 referral_due",
        "2024-03-14 referred",
        "2024-03-20 higher_care",
        "2024-04-01 returned",
        "2024-04-10 satisfactory",
    ]
    assert clocks(engine, "referral", events, "2024-04-30", PERSON) == [
        "2024-03-12 2024-03-19 met 2024-03-14 referral#4 ."
    ]
    assert clocks(engine, "referral_follow_up", events, "2024-04-30", PERSON)[0] == (
        "2024-03-12 2024-03-26 met 2024-03-20 encounter#5 ."
    )
    assert clocks(engine, "return_follow_up", events, "2024-04-30", PERSON)[0] == (
        "2024-04-01 2024-04-15 met 2024-04-10 follow_up#7 ."
    )


def test_a_call_follows_a_referral_and_moves_nobody(engine):
    """The active follow-up may be a call; the next is due two weeks later as long as the person is not there."""
    events = enrolled(REFERRED + "    A 2024-03-20 call . . . . . .")
    assert last(engine, events, "2024-03-31") == "2024-03-14 referred"
    assert clocks(engine, "referral_follow_up", events, "2024-03-31", PERSON) == [
        "2024-03-12 2024-03-26 met 2024-03-20 call#5 .",
        "2024-03-20 2024-04-03 open . . .",
    ]


@pytest.mark.parametrize(
    ("back", "state"),
    [
        ("follow_up clinic 130 80 . . .", "satisfactory"),
        ("follow_up clinic 150 95 . . .", "unsatisfactory"),
        ("follow_up clinic . . . . .", "returned"),
        ("follow_up phone . . . . .", "higher_care"),
        ("discharge . . . . . .", "returned"),
    ],
)
def test_ways_back_from_higher_care(engine, back, state):
    """After an admission: assessed at once, to be assessed, or still there."""
    events = enrolled(REFERRED + f"    A 2024-03-20 admission . . . . . .\n    A 2024-04-02 {back}")
    assert last(engine, events, "2024-04-30").split()[1] == state


def test_complications_of_people_in_hospital_need_no_referral(engine):
    """A complication recorded on the day of admission leaves the person where they are."""
    events = enrolled(
        REFERRED
        + """
        A 2024-03-20 admission    . . . . . .
        A 2024-03-20 complication . . . . . .
    """
    )
    assert last(engine, events) == "2024-03-20 higher_care"


# REHABILITATION


def test_rehabilitation_and_back(engine):
    """Rehabilitation goes on through satisfactory follow-ups, ends when completed, or when nothing follows."""
    start = enrolled("""
        who  date        kind            mode    sbp  dbp  status
        A    2024-03-01  rehabilitation  .       .    .    .
        A    2024-03-20  follow_up       clinic  130  80   .
    """)
    assert last(engine, start, "2024-05-30") == "2024-03-01 rehabilitation"
    assert last(engine, start, "2024-05-31") == "2024-05-31 returned"
    done = start + "\nA 2024-04-01 rehabilitation . . . completed ."
    assert last(engine, done) == "2024-04-01 returned"
    worse = start + "\nA 2024-04-01 follow_up clinic 150 95 . ."
    assert last(engine, worse) == "2024-04-01 unsatisfactory"


# TYPE 2 DIABETES


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ("fpg 6.0", "general"),
        ("fpg 6.1", "high_risk"),
        ("ppg 7.8", "high_risk"),
        ("hdl 0.9", "high_risk"),
        ("tg 2.22", "high_risk"),
        ("fpg 7.0", "elevated_once"),
        ("glucose 11.1", "elevated_once"),
        ("ppg 11.1", "elevated_once"),
        ("hba1c 6.5", "elevated_once"),
        ("fpg 16.7", "severe"),
    ],
)
def test_glucose_at_screening(engine, cells, state):
    """Each limit belongs to what it names."""
    column, value = cells.split()
    events = f"who date kind {column}\nA 2024-03-01 test {value}"
    found = last(engine, events, people="who birth\nA 1990-01-01", name="type2-diabetes", until="2024-03-10")
    assert found.split()[1] == state


def test_glucose_is_retested_on_another_day(engine):
    """Two elevated values on different days are suspected."""
    events = "who date kind fpg\nA 2024-03-01 test 7.4\nA 2024-03-01 screening 7.5\nA 2024-03-10 test 7.1"
    assert states(engine, events, "2024-03-31", PERSON, name="type2-diabetes")[1:] == [
        "2024-03-01 elevated_once",
        "2024-03-10 suspected",
    ]


@pytest.mark.parametrize(
    ("column", "value", "emergency"),
    [
        *(("fpg", value, heard) for value, heard in (("3.9", True), ("4.0", False), ("16.6", False), ("16.7", True))),
        ("ppg", "17", True),
        ("glucose", "3.5", True),
        ("sbp", "180", True),
        ("temperature", "39", False),
        ("temperature", "39.1", True),
    ],
)
def test_emergencies_of_diabetes(engine, column, value, emergency):
    """Any glucose of 16.7 and more or 3.9 and less, a pressure of 180, a fever above 39."""
    events = enrolled(f"who date kind {column}\nA 2024-03-01 measurement {value}", disease="type2-diabetes")
    assert last(engine, events, name="type2-diabetes").endswith("emergency") == emergency


def test_diabetes_is_followed_by_fasting_glucose(engine):
    """7.0 is unsatisfactory; twice running is referred."""
    events = enrolled(
        """
        who  date        kind       mode    fpg
        A    2024-03-01  follow_up  clinic  6.9
        A    2024-06-01  follow_up  clinic  7.0
        A    2024-06-12  follow_up  home    8.1
    """,
        disease="type2-diabetes",
    )
    assert states(engine, events, "2024-06-30", PERSON, name="type2-diabetes")[2:] == [
        "2024-03-01 satisfactory",
        "2024-06-01 unsatisfactory",
        "2024-06-12 referral_due",
    ]
