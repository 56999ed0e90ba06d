"""The next steps of a referral, entries out of turn, and referrals that are stuck."""

import datetime as dt

import pytest

import singledisease as sd

REFERRAL = sd.processes()["referral"]


def course(*rows):
    """Give the course of referral R1 after rows of date, kind and columns."""
    made = sd.start(REFERRAL, "P1", birth_date="1960-01-01", link="R1")
    for date, kind, columns in rows:
        made = made.after(sd.Event(kind, date, link="R1", **columns))
    return made


SENT = ("2024-03-01", "referral", {"direction": "up", "level": "township"})


def test_steps_say_who_and_by_when():
    """What is awaited stands first, with its role, its deadline and how late it is; a withdrawal awaits nobody."""
    steps = {step.signal: step for step in sd.next_steps(course(SENT), on="2024-03-05")}
    assert next(iter(steps)) == "reviewed"
    assert steps["reviewed"].role.id == "township_reviewer"
    assert (steps["reviewed"].due, steps["reviewed"].overdue) == (dt.date(2024, 3, 3), 2)
    assert steps["reviewed"].when == 'status == "reviewed"'
    assert steps["withdrawn"].role is None
    assert set(steps) == {"reviewed", "accepted", "visit", "rejected", "withdrawn"}


def test_a_closed_referral_allows_nothing():
    """After a withdrawal there is no next step."""
    assert sd.next_steps(course(SENT, ("2024-03-02", "referral", {"status": "withdrawn"})), on="2024-03-03") == ()


def test_before_it_began_only_the_first_step():
    """On a day before the referral was written nothing has happened yet: it can be submitted, and not withdrawn."""
    steps = {step.signal for step in sd.next_steps(course(SENT), on="2024-02-01")}
    assert "submitted" in steps
    assert "withdrawn" not in steps


def test_a_late_submission_puts_an_early_acceptance_right():
    """Accepted before it was submitted; the submission is entered late with its date, and then taken back."""
    early = course(("2024-03-02", "referral", {"status": "accepted"}))
    (out,) = sd.out_of_turn(early)
    assert "未提交" in out.reason.zh
    steps = {step.signal: step for step in sd.next_steps(early, on="2024-03-02")}
    assert steps["submitted_later"].not_before == dt.date(2024, 3, 3)
    late = early.after(sd.Event("referral", "2024-03-01", link="R1", record="S1", recorded="2024-03-09"))
    assert (late.state.id, sd.out_of_turn(late)) == ("accepted", ())
    assert late.withdraw("S1", on="2024-03-10").state.id == "accepted_unsubmitted"
    assert late.as_of("2024-03-08").state.id == "accepted_unsubmitted"


def test_a_pathway_over_people_has_steps_too():
    """The next steps of a disease are those of its pathway from where the person stands."""
    made = sd.start(sd.disease("hypertension"), "P1", birth_date="1960-01-01")
    made = made.after(sd.Event("enrolment", "2024-01-10", disease="hypertension"))
    assert sd.next_steps(made, on="2024-01-11")
    assert sd.out_of_turn(made) == ()


@pytest.mark.parametrize("engine", ["columnar", "reference"])
def test_unfinished(engine):
    """Who is stuck longest stands first, with the place of the last event; closed ones and the dead are not listed."""
    people = [{"patient_id": who, "birth_date": "1950-01-01"} for who in ("P1", "P2", "P3")]
    people[2]["death_date"] = "2024-03-02"
    rows = [
        {"patient_id": "P1", "date": "2024-03-01", "kind": "referral", "link": "R1", "institution": "T1"},
        {"patient_id": "P1", "date": "2024-03-02", "kind": "referral", "link": "R1", "status": "accepted"},
        {"patient_id": "P1", "date": "2024-03-01", "kind": "referral", "link": "R2", "status": "submitted"},
        {"patient_id": "P2", "date": "2024-03-09", "kind": "referral", "link": "R1", "institution": "T2"},
        {"patient_id": "P2", "date": "2024-03-10", "kind": "referral", "link": "R1", "status": "withdrawn"},
        {"patient_id": "P3", "date": "2024-03-01", "kind": "referral", "link": "R9", "institution": "T3"},
    ]
    columns = ("patient_id", "date", "kind", "link", "status", "institution")
    log = sd.read_frames(people, [{name: row.get(name, "") for name in columns} for row in rows])
    table = sd.unfinished("referral", log, on="2024-03-20", engine=engine)
    assert [(r["patient_id"], r["link"], r["state"], r["institution"], r["overdue_days"]) for r in table] == [
        ("P1", "R2", "submitted", "", 17),
        ("P1", "R1", "accepted", "T1", 4),
    ]
    assert table.rows()[1]["role"] == "referring_doctor"
    assert len(sd.unfinished("referral", log, on="2024-03-20", policy={"arrive_days": "30"}, engine=engine)) == 2
    first = sd.unfinished("referral", log, on="2024-02-20", engine=engine)
    assert len(first) == 0


def test_unfinished_without_links_and_of_people():
    """A log in which nothing is linked has none under way; a pathway over people is refused."""
    log = sd.read_frames(
        [{"patient_id": "P1", "birth_date": ""}], [{"patient_id": "P1", "date": "2024-03-01", "kind": "call"}]
    )
    assert len(sd.unfinished("referral", log, on="2024-03-20")) == 0
    with pytest.raises(sd.UsageError, match="runs over people"):
        sd.unfinished("hypertension", log, on="2024-03-20")


def test_courses_side_by_side_are_asked_one_by_one():
    """The steps are those of one pathway."""
    person = sd.start_joint(["hypertension"], "P1", birth_date="1950-01-01")
    with pytest.raises(sd.UsageError, match="name one"):
        sd.next_steps(person, on="2024-03-01")
    assert sd.next_steps(person["hypertension"], on="2024-03-01")
