"""What the contested words mean, day by day: managed, contact, lost, closed, and which events count."""

import pytest
from bphs import enrolled, groups, pathway, states
from tables import lines

CONTROL = "hypertension.control"
MANAGED = "hypertension.managed"
STANDARD = "hypertension.standardized_management"


# THE STATE AT THE END OF THE DAY


def test_enrolled_on_the_last_day_is_managed_that_year(engine):
    """Enrolled on 31 December: managed on one day of the year."""
    assert groups(engine, MANAGED, enrolled("who date kind\nA 2024-12-31 contract", on="2024-12-31")) == ["A numerator"]
    assert groups(engine, MANAGED, enrolled("who date kind\nA 2025-01-01 contract", on="2025-01-01")) == ["A outside"]


def test_closed_on_the_first_day_is_managed_on_none(engine):
    """Closed on 1 January: not managed in that year, but on the 31st of December before."""
    events = enrolled("who date kind\nA 2024-01-01 exit", on="2023-06-01")
    assert groups(engine, MANAGED, events, period="2023-01-01..2024-12-31/year") == [
        "A 2023-12-31 numerator",
        "A 2024-12-31 outside",
    ]


def test_enrolled_and_closed_within_a_day_was_never_managed(engine):
    """What a day undoes leaves nothing."""
    assert groups(engine, MANAGED, enrolled("who date kind\nA 2024-03-01 exit", on="2024-03-01")) == ["A outside"]


# A REGISTRY THAT STARTS IN THE MIDDLE


def test_enrolment_needs_no_diagnosis(engine):
    """An enrolment is heard without a screening or diagnosis before it."""
    events = enrolled("who date kind mode\nA 2024-03-01 follow_up phone", on="2024-02-01")
    assert states(engine, events, "2024-03-31", "who birth\nA 1980-01-01") == [
        "1980-01-01 general",
        "2024-02-01 enrolled",
    ]


@pytest.mark.parametrize(
    "before", ["screening", "diagnosis", "exit", "lost", "follow_up", "referral", "rehabilitation"]
)
def test_nothing_but_an_enrolment_manages(engine, before):
    """Whatever happens before, nobody is managed until enrolled, and then is."""
    events = f"who date kind disease\nA 2024-02-01 {before} hypertension"
    assert groups(engine, MANAGED, events) == ["A outside"]
    assert groups(engine, MANAGED, f"{events}\nA 2024-03-01 enrolment hypertension") == ["A numerator"]


@pytest.mark.parametrize("reason", [".", "moved", "refused", "completed"])
def test_enrolment_is_heard_again_after_closing(engine, reason):
    """After a move, a refusal, a completion or no reason the next enrolment begins anew."""
    events = enrolled(f"who date kind reason\nA 2024-03-01 exit {reason}", on="2024-02-01")
    again = f"{events}\nA 2024-06-01 enrolment . hypertension"
    assert states(engine, again, "2024-12-31")[-2:] == ["2024-03-01 closed", "2024-06-01 enrolled"]


@pytest.mark.parametrize("reason", ["misdiagnosed", "died"])
def test_enrolment_is_not_heard_after_misdiagnosis_or_death(engine, reason):
    """After misdiagnosed or died nothing is heard any more."""
    events = enrolled(f"who date kind reason\nA 2024-03-01 exit {reason}", on="2024-02-01")
    again = f"{events}\nA 2024-06-01 enrolment . hypertension"
    assert states(engine, again, "2024-12-31")[-1] == f"2024-03-01 {reason}"


def test_a_further_exit_changes_nothing_unless_it_is_death(engine):
    """Closed stays closed through another reason; death comes last of all."""
    events = enrolled(
        """
        who  date        kind  reason
        A    2024-03-01  exit  moved
        A    2024-04-01  exit  misdiagnosed
        A    2024-05-01  exit  died
        A    2024-06-01  exit  refused
    """,
        on="2024-02-01",
    )
    assert states(engine, events, "2024-12-31")[-2:] == ["2024-03-01 closed", "2024-05-01 died"]


def test_an_exit_closes_who_was_never_enrolled(engine):
    """An exit is heard in every state that is not closed."""
    assert states(engine, "who date kind\nA 2024-03-01 exit", "2024-12-31", "who birth\nA 1980-01-01") == [
        "1980-01-01 general",
        "2024-03-01 closed",
    ]


def test_an_enrolment_of_the_enrolled_changes_nothing(engine):
    """Enrolment inside the management loop leaves the state as it is."""
    events = enrolled(
        """
        who  date        kind       mode    sbp  dbp
        A    2024-03-01  follow_up  clinic  150  95
        A    2024-03-02  enrolment  .       .    .
    """.replace("enrolment  .       .    .", "assignment  .       .    .")
    )
    again = events.replace("assignment", "enrolment")
    assert (
        states(
            engine,
            again.replace("A 2024-03-02 enrolment . . . .", "A 2024-03-02 enrolment . . . hypertension"),
            "2024-03-10",
        )[-1]
        == "2024-03-01 unsatisfactory"
    )


# DEATH


@pytest.mark.parametrize("disease", [".", "type2-diabetes"])
def test_death_closes_every_course_whatever_its_tag(engine, disease):
    """An exit with reason died that is tagged with another disease closes this one too."""
    events = enrolled("who date kind\nA 2024-02-01 contract")
    heading, *rows = lines(events)
    table = "\n".join([f"{heading} reason", *(f"{row} ." for row in rows), f"A 2024-06-01 exit {disease} died"])
    assert states(engine, table, "2024-12-31")[-1] == "2024-06-01 died"


def test_the_day_of_death_is_no_managed_day(engine):
    """Dead at the end of the day, so an earlier enrolment that day does not count."""
    events = enrolled("who date kind\nA 2024-03-01 contract", on="2024-03-01")
    assert groups(engine, MANAGED, events, "who birth death\nA 1950-01-01 2024-03-01") == ["A outside"]


# LOST


def test_twelve_months_of_silence_are_calendar_months(engine):
    """Last contact on 2023-02-10: lost from 2024-02-11 on."""
    events = enrolled("who date kind mode\nA 2023-02-10 follow_up phone", on="2023-01-05")
    assert states(engine, events, "2024-02-10")[-1] == "2023-01-05 enrolled"
    assert states(engine, events, "2024-02-11")[-1] == "2024-02-11 lost"


def test_an_event_on_the_last_day_is_in_time(engine):
    """A contact on the day that ends the twelve months meets it."""
    events = enrolled(
        """
        who  date        kind       mode
        A    2023-02-10  follow_up  phone
        A    2024-02-10  follow_up  phone
    """,
        on="2023-01-05",
    )
    assert states(engine, events, "2024-12-31")[-1] == "2023-01-05 enrolled"


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        *((kind, True) for kind in ("diagnosis", "follow_up", "checkup", "encounter", "admission", "discharge")),
        ("rehabilitation", True),
        *((kind, False) for kind in ("appointment", "call", "contract", "measurement", "test", "medication")),
        *((kind, False) for kind in ("screening", "referral", "complication", "assignment", "visit_by_a_friend")),
    ],
)
def test_what_is_a_contact(engine, kind, seen):
    """Being seen ends the silence and brings a lost person back; anything else does neither."""
    silent = enrolled(f"who date kind\nA 2024-01-01 {kind}", on="2023-01-05")
    assert (states(engine, silent, "2024-06-30")[-1].split()[1] == "lost") != seen
    back = enrolled(f"who date kind\nA 2023-03-01 lost\nA 2023-04-01 {kind}", on="2023-01-05")
    assert (states(engine, back, "2023-06-30")[-1].split()[1] == "lost") != seen


def test_a_contact_brings_back_to_what_it_says(engine):
    """After lost, a visit with pressure is assessed at once; another contact awaits an assessment."""
    table = "who date kind mode sbp dbp\nA 2024-03-01 lost . . .\nA 2024-04-01 follow_up {}"
    for reading, state in {
        "clinic 130 80": "satisfactory",
        "clinic 150 95": "unsatisfactory",
        "home 185 95": "emergency",
        "phone 130 80": "enrolled",
    }.items():
        assert states(engine, enrolled(table.format(reading)), "2024-06-30")[-1] == f"2024-04-01 {state}"


@pytest.mark.parametrize("loss", ["2024-03-01 lost .", "2024-03-01 lost hypertension"])
def test_only_a_managed_person_becomes_lost(engine, loss):
    """Before enrolment and after closing, a lost event and silence change nothing."""
    before = f"who date kind disease\nA {loss}\nA 2024-04-01 enrolment hypertension"
    assert states(engine, before, "2024-06-30")[-1] == "2024-04-01 enrolled"
    after = f"who date kind disease\nA 2024-01-01 enrolment hypertension\nA 2024-02-01 exit .\nA {loss}"
    assert states(engine, after, "2026-06-30")[-1] == "2024-02-01 closed"


def test_lost_is_looked_at_before_the_reading(engine):
    """Lost at the end of the period: not at goal whatever was read, and not unknown without a reading."""
    events = enrolled("""
        who  date        kind       mode    sbp  dbp
        A    2024-02-01  follow_up  clinic  120  70
        A    2024-12-31  lost       .       .    .
        B    2024-12-31  lost       .       .    .
    """)
    assert groups(engine, CONTROL, events) == ["A not_numerator", "B not_numerator"]


def test_who_came_back_is_not_lost(engine):
    """Lost in between does not matter: the end of the period is asked."""
    events = enrolled("""
        who  date        kind       mode    sbp  dbp
        A    2024-02-01  follow_up  clinic  120  70
        A    2024-06-01  lost       .       .    .
        A    2024-12-31  follow_up  phone   .    .
    """)
    assert groups(engine, CONTROL, events, "who birth\nA 1970-01-01") == ["A numerator"]


def test_closed_is_not_lost(engine):
    """Who was lost and then closed is judged by the last reading."""
    events = enrolled("""
        who  date        kind       mode    sbp  dbp  reason
        A    2024-02-01  follow_up  clinic  120  70   .
        A    2024-06-01  lost       .       .    .    .
        A    2024-07-01  exit       .       .    .    moved
    """)
    assert groups(engine, CONTROL, events, "who birth\nA 1970-01-01") == ["A numerator"]


def test_lost_does_not_touch_standardized_management(engine):
    """A lost person's follow-ups count as they are."""
    events = enrolled("""
        who  date        kind       mode
        A    2024-02-01  follow_up  clinic
        A    2024-03-01  follow_up  clinic
        A    2024-04-01  follow_up  clinic
        A    2024-05-01  follow_up  clinic
        A    2024-05-01  checkup    .
        A    2024-06-01  lost       .
    """)
    assert groups(engine, STANDARD, events) == ["A numerator"]


# WHICH EVENTS COUNT


def test_only_events_on_managed_days_count(engine):
    """A reading before enrolment or after closing is none; one on the day of enrolment is."""
    events = """
        who  date        kind       mode    sbp  dbp  disease
        A    2024-02-01  follow_up  clinic  120  70   .
        A    2024-03-01  enrolment  .       .    .    hypertension
        B    2024-03-01  enrolment  .       .    .    hypertension
        B    2024-03-01  follow_up  clinic  120  70   .
        C    2024-03-01  enrolment  .       .    .    hypertension
        C    2024-04-01  exit       .       .    .    .
        C    2024-05-01  follow_up  clinic  120  70   .
    """
    people = "who birth\nA 1970-01-01\nB 1970-01-01\nC 1970-01-01"
    assert groups(engine, CONTROL, events, people) == ["A unknown", "B numerator", "C unknown"]


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        (".", "numerator"),
        ("hypertension", "numerator"),
        ("type2-diabetes", "unknown"),
        ("type2-diabetes|hypertension", "numerator"),
    ],
)
def test_only_events_of_this_disease_or_of_none_count(engine, tag, expected):
    """A follow-up tagged with another disease says nothing about this one."""
    events = f"""
        who  date        kind       mode    sbp  dbp  disease
        A    2024-01-01  enrolment  .       .    .    hypertension
        A    2024-02-01  follow_up  clinic  120  70   {tag}
    """
    assert groups(engine, CONTROL, events, "who birth\nA 1970-01-01") == [f"A {expected}"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [("I10", "numerator"), ("i11.9", "numerator"), ("I13.0", "numerator"), ("I15.0", "outside"), ("E11.9", "outside")],
)
def test_a_blank_tag_of_an_enrolment_is_found_from_its_code(engine, code, expected):
    """Primary hypertension enrols; secondary hypertension and diabetes do not."""
    assert groups(engine, MANAGED, f"who date kind code\nA 2024-01-01 enrolment {code}") == [f"A {expected}"]


def test_blank_mode_is_neither_clinic_nor_home(engine):
    """A follow-up that does not say how it was made does not count as face to face."""
    events = enrolled("who date kind mode sbp dbp\nA 2024-02-01 follow_up . 120 70")
    assert groups(engine, CONTROL, events) == ["A unknown"]
    assert groups(engine, CONTROL, events, "who birth\nA 1970-01-01", reading="any_mode") == ["A numerator"]


def test_a_reading_needs_both_pressures(engine):
    """A later visit with one pressure does not replace an earlier one with both."""
    events = enrolled("""
        who  date        kind       mode    sbp  dbp
        A    2024-02-01  follow_up  clinic  120  70
        A    2024-03-01  follow_up  clinic  180  .
    """)
    assert groups(engine, CONTROL, events, "who birth\nA 1970-01-01") == ["A numerator"]


def test_several_readings_of_a_day_stand_in_canonical_order(engine):
    """Without a sequence the last of a day is the one with the highest systolic pressure."""
    events = enrolled("""
        who  date        kind       mode    sbp  dbp
        A    2024-02-01  follow_up  clinic  150  70
        A    2024-02-01  follow_up  clinic  120  95
    """)
    assert groups(engine, CONTROL, events, "who birth\nA 1970-01-01") == ["A not_numerator"]


def test_an_unknown_age_leaves_only_what_lies_between_the_limits_undetermined(engine):
    """Without a birth date a reading at goal at any age is at goal, one that is at no age is not; between nobody knows.

    The pathway hears the first two, and does not hear the third.
    """
    events = enrolled("""
        who  date        kind       mode    sbp    dbp
        A    2024-02-01  follow_up  clinic  120    70
        B    2024-02-01  follow_up  clinic  120    95
        C    2024-02-01  follow_up  clinic  178    80
        D    2024-02-01  follow_up  clinic  140    70
        E    2024-02-01  follow_up  clinic  149.9  89.9
        F    2024-02-01  follow_up  clinic  150    70
        G    2024-02-01  follow_up  clinic  139.9  89.9
    """)
    assert groups(engine, CONTROL, events) == [
        *("A numerator", "B not_numerator", "C not_numerator", "D undetermined:at_goal"),
        *("E undetermined:at_goal", "F not_numerator", "G numerator"),
    ]
    spells = engine.spells(pathway("hypertension"), events, until="2024-02-02")[1:]
    last = {line.split()[0]: line.split()[1] for line in spells}
    assert [last[who] for who in "ABCDEFG"] == [
        *("satisfactory", "unsatisfactory", "unsatisfactory", "enrolled", "enrolled"),
        *("unsatisfactory", "satisfactory"),
    ]


def test_population_wording_is_no_filter(engine):
    """Whoever is enrolled counts: also at 20, and also without a diagnosis."""
    events = enrolled("who date kind mode sbp dbp\nA 2024-02-01 follow_up clinic 120 70")
    assert groups(engine, CONTROL, events, "who birth\nA 2004-01-01") == ["A numerator"]


# WHEN IT IS ASKED


def test_as_of_asks_on_the_earlier_day(engine):
    """What was recorded later is unknown, and time does not run past the day of as_of."""
    events = """
        who  date        kind       mode    sbp  dbp  disease       recorded
        A    2024-01-01  enrolment  .       .    .    hypertension  .
        A    2024-02-01  follow_up  clinic  120  70   .             .
        A    2024-05-01  follow_up  clinic  160  95   .             2024-08-01
    """
    people = "who birth\nA 1970-01-01"
    assert groups(engine, CONTROL, events, people, as_of="2024-06-30") == ["A numerator"]
    assert groups(engine, CONTROL, events, people, as_of="2024-08-01") == ["A not_numerator"]


def test_each_period_is_asked_at_its_own_end(engine):
    """Lost in the second quarter, back in the third."""
    events = enrolled("""
        who  date        kind       mode    sbp  dbp
        A    2024-02-01  follow_up  clinic  120  70
        A    2024-05-01  follow_up  clinic  120  70
        A    2024-06-01  lost       .       .    .
        A    2024-08-01  follow_up  clinic  150  95
    """)
    assert groups(engine, CONTROL, events, "who birth\nA 1970-01-01", period="2024/quarter") == [
        "A 2024-03-31 numerator",
        "A 2024-06-30 not_numerator",
        "A 2024-09-30 not_numerator",
        "A 2024-12-31 unknown",
    ]


def test_both_diseases_are_judged_apart(engine):
    """One untagged visit with pressure and glucose counts for each disease in which the person is managed."""
    events = """
        who  date        kind       mode    sbp  dbp  fpg  disease
        A    2024-01-01  enrolment  .       .    .    .    hypertension|type2-diabetes
        A    2024-02-01  follow_up  clinic  120  70   8.0  .
    """
    people = "who birth\nA 1970-01-01"
    assert groups(engine, CONTROL, events, people) == ["A numerator"]
    assert groups(engine, "type2-diabetes.control", events, people) == ["A not_numerator"]
