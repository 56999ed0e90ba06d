"""One person with several diseases: each hears what concerns it, a visit that serves several is due once."""

import pickle

import pytest

import singledisease as sd

HTN, DM, CKD = sd.disease("hypertension"), sd.disease("type2-diabetes"), sd.disease("chronic-kidney-disease")
STROKE = sd.disease("ischaemic-stroke")
BORN = "1960-05-01"


def events():
    """Give two years of somebody with hypertension, then diabetes, then a stroke."""
    return [
        sd.Event("enrolment", "2023-01-10", disease="hypertension", record="E1"),
        sd.Event("follow_up", "2023-02-01", mode="clinic", sbp=152, dbp=95, record="F1"),
        sd.Event("follow_up", "2023-02-14", mode="clinic", sbp=136, dbp=84),
        sd.Event("enrolment", "2023-03-01", disease="type2-diabetes"),
        sd.Event("follow_up", "2023-05-10", mode="home", sbp=132, dbp=80, fpg=6.4),
        sd.Event("diagnosis", "2024-02-02", code="I63.9", disease="ischaemic-stroke"),
        sd.Event("follow_up", "2024-06-01", mode="clinic", sbp=128, dbp=78, disease="hypertension|type2-diabetes"),
    ]


@pytest.fixture
def joint():
    """Give the person with three diseases."""
    found = sd.start_joint([HTN, DM, STROKE], "P1", birth_date=BORN, sex="male")
    for event in events():
        found = found.after(event)
    return found


def test_each_course_is_that_of_its_disease_alone(joint):
    """Side by side nothing is heard that would not be heard alone."""
    for disease in (HTN, DM, STROKE):
        alone = sd.start(disease, "P1", birth_date=BORN, sex="male")
        for event in events():
            alone = alone.after(event)
        assert joint[disease.id] == alone
        assert joint[disease.id].history == alone.history
        assert joint.states[disease.id] == alone.state
    assert joint.managed == tuple(
        name for name in ("hypertension", "type2-diabetes", "ischaemic-stroke") if joint[name].managed
    )


def test_a_visit_that_serves_several_is_due_once():
    """The earliest due counts, and all it serves are named; one event then fulfils all of them."""
    both = sd.start_joint([HTN, DM], "P1", birth_date=BORN)
    both = both.after(sd.Event("enrolment", "2024-01-10", disease="hypertension"))
    both = both.after(sd.Event("enrolment", "2024-02-20", disease="type2-diabetes"))
    (visit,) = (one for one in both.due(on="2024-03-01") if one.kinds == ("follow_up",) and len(one.serves) > 1)
    assert [(one.disease, one.due.item, str(one.due.due)) for one in visit.serves] == [
        ("hypertension", "follow_up", "2024-04-10"),
        ("type2-diabetes", "follow_up", "2024-05-20"),
    ]
    assert (str(visit.due), visit.overdue, visit.diseases) == ("2024-04-10", 0, ("hypertension", "type2-diabetes"))
    assert [role.id for role in visit.roles] == ["village_doctor"]
    seen = both.after(sd.Event("follow_up", "2024-04-01", mode="clinic", sbp=130, dbp=80, fpg=6.0))
    (again,) = (one for one in seen.due(on="2024-04-02") if one.kinds == ("follow_up",) and len(one.serves) > 1)
    assert {str(one.due.due) for one in again.serves} == {"2024-07-01"}


def test_what_only_one_disease_wants_stands_alone(joint):
    """A test of glucose serves diabetes alone."""
    alone = [one for one in joint.due(on="2024-06-30") if one.diseases == ("type2-diabetes",)]
    assert "fasting_glucose" in {served.due.item for one in alone for served in one.serves}
    days = [one.due for one in joint.due(on="2024-06-30")]
    assert days == sorted(days)


def test_of_two_goals_for_one_quantity_the_stricter_counts():
    """The pressure of someone with albuminuria has to be lower than hypertension alone asks; both are named."""
    both = sd.start_joint([HTN, CKD], "P1", birth_date=BORN)
    both = both.after(sd.Event("enrolment", "2024-01-10", disease="hypertension|chronic-kidney-disease"))
    goals = {goal.quantity: goal for goal in both.goals(on="2024-03-01")}
    sbp = goals["sbp"]
    by_disease = {bound.disease: bound for bound in sbp.bounds}
    assert str(by_disease["hypertension"]) == "< 140"
    assert sbp.high == min(sbp.bounds, key=lambda bound: bound.high)
    assert sbp.high.disease == "chronic-kidney-disease"
    assert "Hypertension, pressure at goal: < 140" in sbp.reason.en
    assert sbp.reason.zh.startswith("收缩压 ≤ 130 mmHg（取最严格者：慢性肾脏病；")
    assert "最严格" in sbp.reason.zh
    assert sbp.low is None


def test_only_diseases_in_which_the_person_is_managed_have_goals():
    """Before enrolment there is none."""
    both = sd.start_joint([HTN, DM], "P1", birth_date=BORN)
    assert both.goals(on="2024-01-01") == ()
    both = both.after(sd.Event("enrolment", "2024-01-10", disease="type2-diabetes"))
    assert [goal.quantity for goal in both.goals(on="2024-01-11")] == ["fpg"]
    assert str(both.goals(on="2024-01-11")[0].high) == "< 7"


def test_goals_depend_on_the_person():
    """From 65 years on the systolic goal of hypertension is another."""
    old = sd.start_joint([HTN], "P1", birth_date="1950-01-01")
    old = old.after(sd.Event("enrolment", "2024-01-10", disease="hypertension"))
    assert str({goal.quantity: goal for goal in old.goals(on="2024-02-01")}["sbp"].high) == "< 150"


def test_a_quantity_of_one_disease_may_stand_in_an_event_of_all():
    """What one disease declares is no fault for the others; what none declares is."""
    both = sd.start_joint([HTN, sd.disease("copd")], "P1", birth_date=BORN)
    name = sd.disease("copd").quantities[0].name
    assert both.after(sd.Event("test", "2024-01-10", **{name: 20})).events
    with pytest.raises(sd.DataError):
        sd.start_joint([HTN], "P1", birth_date=BORN).after(sd.Event("test", "2024-01-10", sbp=900))


def test_late_and_withdrawn_events_count_for_all(joint):
    """Taken back is taken back everywhere; what was known on a day is what was entered by then."""
    without = joint.withdraw("F1", on="2023-02-20")
    assert all("F1" not in {event.get("record") for event in course.counted} for course in without.courses)
    assert without.as_of("2023-02-10")["hypertension"].state == joint.as_of("2023-02-10")["hypertension"].state


def test_a_further_disease_hears_what_was_entered_before(joint):
    """It is as if it had been followed from the beginning; twice is refused."""
    more = joint.with_disease(CKD)
    expected = sd.start_joint([HTN, DM, STROKE, CKD], "P1", birth_date=BORN, sex="male")
    for event in events():
        expected = expected.after(event)
    assert more == expected
    with pytest.raises(sd.UsageError, match="already"):
        more.with_disease(CKD)


def test_it_is_kept_and_restored(joint):
    """As plain values, and pickled; a disease that is not given is named."""
    assert sd.JointCourses.from_dict(joint.to_dict(), [HTN, DM, STROKE]) == joint
    assert pickle.loads(pickle.dumps(joint)) == joint
    with pytest.raises(sd.UsageError, match="ischaemic-stroke"):
        sd.JointCourses.from_dict(joint.to_dict(), [HTN, DM])


@pytest.mark.parametrize("diseases", [[], [HTN, HTN]])
def test_no_disease_or_one_twice_is_refused(diseases):
    """The message says which."""
    with pytest.raises(sd.UsageError, match="at least one disease"):
        sd.start_joint(diseases, "P1")


def test_a_disease_that_is_not_followed_is_named(joint):
    """The message says what is."""
    with pytest.raises(sd.UsageError, match="did you mean hypertension"):
        joint["hypertensoin"]


def test_courses_become_a_log(joint):
    """Everybody once, with every event of theirs once: the batch then answers as the courses do."""
    log = sd.log_of([joint, joint["hypertension"], sd.start(HTN, "P2", birth_date="1970-01-01")])
    assert (log.people.ids.tolist(), len(log)) == (["P1", "P2"], len(joint.events))
    walked = sd.courses("hypertension", log, until="2024-06-01").spells
    last = [row["state"] for row in walked.rows() if row["patient_id"] == "P1"][-1]
    assert last == joint["hypertension"].state.id
    other = sd.start(HTN, "P1", birth_date="1961-01-01")
    with pytest.raises(sd.UsageError, match="different things of this person"):
        sd.log_of([joint, other])


def test_courses_without_events_become_a_log_of_people():
    """Whom nothing has happened to is among the people."""
    log = sd.log_of([sd.start(HTN, "P3", birth_date="1980-01-01")])
    assert (log.people.ids.tolist(), len(log)) == (["P3"], 0)


def test_ids_in_the_place_of_definitions_are_refused_with_the_way_out():
    """What is kept is replayed under definitions, and a level is of a tier, not of a name."""
    both = sd.start_joint([HTN], "P1", birth_date=BORN)
    with pytest.raises(sd.UsageError, match=r"sd\.disease\('hypertension'\)"):
        sd.JointCourses.from_dict(both.to_dict(), ["hypertension"])
    with pytest.raises(sd.UsageError, match="joint_tiers"):
        both.level("colour", "2024-03-01")
