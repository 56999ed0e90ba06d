"""Gaps: what would bring somebody into the numerator before the period ends, as worked by hand.

Standardized management asks for four follow-ups in the clinic or at home on different days and a checkup in the year;
control for a last pressure below 140/90.
"""

import pytest
from tables import log_of

import singledisease as sd

STANDARD, CONTROL = sd.measures("cn-bphs-2017", diseases="hypertension")[1:]
SUGAR = sd.measures("cn-bphs-2017", diseases="type2-diabetes")[1]

EVENTS = """
who date        kind       disease       mode   sbp  dbp
A   2023-05-01  enrolment  hypertension  .      .    .
A   2024-02-01  follow_up  .             clinic 150  80
A   2024-05-01  follow_up  .             home   150  80
B   2023-05-01  enrolment  hypertension  .      .    .
B   2024-02-01  follow_up  .             clinic 130  80
B   2024-03-01  follow_up  .             clinic 130  80
B   2024-04-01  follow_up  .             clinic 130  80
B   2024-05-01  follow_up  .             clinic 130  80
C   2023-05-01  enrolment  hypertension  .      .    .
C   2024-04-01  checkup    .             .      .    .
C   2024-04-01  follow_up  .             phone  130  80
"""
PEOPLE = """
who birth
A   1970-01-01
B   1970-01-01
C   1970-01-01
"""


def found(measures, on, events=EVENTS, people=PEOPLE, **how):
    """Give person, measures, status, kind of event, how often, last day, done and needed of each gap."""
    names = ("patient_id", "measure", "status", "kind", "times", "until", "done", "needed")
    rows = sd.gaps(measures, log_of(events, people), on=on, period="2024", language="en", **how)
    return [" ".join("." if row[name] is None else str(row[name]).replace(" ", "_") for name in names) for row in rows]


def lines(text):
    """Give lines with the measures' long names in the place of short ones."""
    named = text.replace("STANDARD", STANDARD.id).replace("CONTROL", CONTROL.id).replace("SUGAR", SUGAR.id)
    return [line.strip() for line in named.strip().splitlines()]


def test_what_is_missing_is_told_with_how_often_and_until_when():
    """In September two follow-ups and a checkup are missing to A, a checkup to B, four follow-ups to C."""
    assert found(STANDARD, "2024-09-30") == lines("""
        A STANDARD possible follow_up 2 2024-12-31 2 4
        A STANDARD possible checkup 1 2024-12-31 2 4
        B STANDARD possible checkup 1 2024-12-31 0 1
        C STANDARD possible follow_up 4 2024-12-31 0 4
    """)


def test_what_the_days_left_cannot_hold_is_no_longer_possible():
    """Two days before the end A can still have two follow-ups, C cannot have four; on the last day nothing can be."""
    rows = found(STANDARD, "2024-12-29")
    assert [row for row in rows if "follow_up" in row] == [f"A {STANDARD.id} possible follow_up 2 2024-12-31 2 4"]
    assert rows[-1] == f"C {STANDARD.id} no_longer_possible . . . 0 4"
    statuses = [row.split()[2] for row in found(STANDARD, "2024-12-31")]
    assert statuses == ["no_longer_possible"] * 3


def test_the_clause_that_cannot_be_met_is_named():
    """Of C it is said that the days of follow-up cannot become four; the checkup, which there is, is not named."""
    rows = sd.gaps(STANDARD, log_of(EVENTS, PEOPLE), on="2024-12-29", period="2024", language="en")
    (clause,) = [row["clauses"] for row in rows if row["patient_id"] == "C"]
    assert clause.startswith("number of days with follow-ups")
    assert "checkup" not in clause


def test_a_pressure_at_goal_is_missing():
    """A's last pressure is not at goal and C has none that counts: a follow-up below the goal would do."""
    assert found(CONTROL, "2024-09-30") == lines("""
        A CONTROL possible follow_up 1 2024-12-31 . .
        C CONTROL possible follow_up 1 2024-12-31 . .
    """)
    rows = sd.gaps(CONTROL, log_of(EVENTS, PEOPLE), on="2024-09-30", period="2024")
    assert dict(rows["event"][0]) == {
        "mode": "clinic",
        "sbp": "139",
        "dbp": "89",
        "disease": "hypertension",
    }


def test_one_visit_that_serves_two_measures_stands_once():
    """A's two follow-ups serve control too if the pressure is at goal; apart there is a row for each."""
    joined = [row for row in found([STANDARD, CONTROL], "2024-09-30") if row.startswith("A")]
    assert f"A {STANDARD.id}|{CONTROL.id} possible follow_up 2 2024-12-31 2 4" in joined
    assert len(joined) == 2
    apart = [row for row in found([STANDARD, CONTROL], "2024-09-30", joint=False) if row.startswith("A")]
    assert len(apart) == 3


def test_one_visit_that_serves_two_diseases_stands_once():
    """Somebody with both diseases needs each follow-up and the checkup once, tagged with both."""
    both = EVENTS + "A 2023-06-01 enrolment type2-diabetes . . .\n"
    log = log_of(both, PEOPLE)
    rows = [row for row in sd.gaps([STANDARD, SUGAR], log, on="2024-09-30", period="2024") if row["patient_id"] == "A"]
    assert {(row["measure"], row["kind"], row["event"]["disease"]) for row in rows} == {
        (f"{STANDARD.id}|{SUGAR.id}", "follow_up", "hypertension|type2-diabetes"),
        (f"{STANDARD.id}|{SUGAR.id}", "checkup", "hypertension|type2-diabetes"),
    }
    assert {row["times"] for row in rows if row["kind"] == "follow_up"} == {2}


def test_who_does_it_is_the_role_of_the_service():
    """A follow-up is the village doctor's, a checkup the public-health doctor's, as the services of the disease say."""
    rows = sd.gaps(STANDARD, log_of(EVENTS, PEOPLE), on="2024-09-30", period="2024", language="en")
    assert {(row["kind"], row["role"]) for row in rows} == {
        ("follow_up", "village doctor"),
        ("checkup", "public-health doctor"),
    }


def test_a_window_of_a_few_days_has_its_own_last_day():
    """Whoever was called has to come within fifteen days, and after these nothing can be done."""
    call = sd.events("call").within(sd.PERIOD).first()
    back = sd.events("encounter").within(sd.between(call.date, sd.earliest(call.date + 15, sd.PERIOD.end))).exists()
    returned = sd.Measure(id="returned", population=sd.events("call").within(sd.PERIOD).exists(), numerator=back)
    events = "who date kind\nD 2024-09-20 call\nE 2024-09-25 call\n"
    rows = sd.gaps(returned, log_of(events, "who birth\nD 1970-01-01\nE 1970-01-01"), on="2024-10-06", period="2024")
    told = [(row["patient_id"], row["status"], str(row["until"])) for row in rows]
    assert told == [("E", "possible", "2024-10-10"), ("D", "no longer possible", "None")]


def test_the_dead_are_past_helping():
    """After a death nothing can happen any more."""
    people = "who birth death\nA 1970-01-01 2024-08-01\n"
    events = "\n".join(line for line in EVENTS.splitlines() if line[:1] not in ("B", "C"))
    rows = found(STANDARD, "2024-09-30", events, people)
    assert rows == [] or {row.split()[2] for row in rows} == {"no_longer_possible"}


def test_what_is_known_later_is_not_known_yet():
    """A checkup entered in November is missing on the last day of September."""
    late = """
    who date        kind       disease       mode   recorded
    B   2023-05-01  enrolment  hypertension  .      .
    B   2024-02-01  follow_up  .             clinic .
    B   2024-03-01  follow_up  .             clinic .
    B   2024-04-01  follow_up  .             clinic .
    B   2024-05-01  follow_up  .             clinic .
    B   2024-09-01  checkup    .             .      2024-11-10
    """
    rows = sd.gaps(STANDARD, log_of(late, PEOPLE), on="2024-09-30", period="2024")
    assert "B" in rows["patient_id"]
    assert "B" not in sd.gaps(STANDARD, log_of(late, PEOPLE), on="2024-11-30", period="2024")["patient_id"]


@pytest.mark.parametrize("engine", ["reference", "columnar"])
def test_the_events_that_are_listed_do_what_is_said(engine):
    """Added to the log they bring everybody into the numerator, as both engines count."""
    measures = [STANDARD, CONTROL]
    log = log_of(EVENTS, PEOPLE)
    rows = sd.gaps(measures, log, on="2024-09-30", period="2024")
    added = "who date kind disease mode sbp dbp\n" + "\n".join(
        " ".join(
            (
                row["patient_id"],
                day,
                row["kind"],
                *(row["event"].get(name, ".") for name in ("disease", "mode", "sbp", "dbp")),
            )
        )
        for row in rows
        for day in row["days"].split("|")
    )
    score = sd.evaluate(measures, log + log_of(added, PEOPLE), period="2024", engine=engine)
    assert [row["rate"] for row in score.table()] == [1, 1]
