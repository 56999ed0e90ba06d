"""One person at a time: what would go unheard in silence is refused where it is entered."""

from __future__ import annotations

import pytest

import singledisease as sd

HTN = sd.disease("hypertension")
COURSE = sd.start(HTN, "P1", birth_date="1960-01-01")


@pytest.mark.parametrize(
    ("kind", "columns", "meant"),
    [
        ("enrollment", {}, "did you mean enrolment?"),
        ("followup", {}, "did you mean follow_up?"),
        ("follow-up", {}, "did you mean follow_up?"),
        ("Enrolment", {}, "did you mean enrolment?"),
        ("follow_up", {"mood": "clinic"}, "did you mean mode?"),
        ("follow_up", {"SBP": 152}, "did you mean sbp?"),
        ("follow_up", {"Recorded": "2024-01-01"}, "did you mean recorded?"),
        ("follow_up", {"diseases": "hypertension"}, "did you mean disease?"),
    ],
)
def test_an_event_with_a_slip_is_refused(kind, columns, meant):
    """A kind or column that is a built-in one misspelt is refused with what was perhaps meant."""
    with pytest.raises(sd.UsageError, match="did you mean") as refused:
        sd.Event(kind, "2024-01-01", **columns)
    assert meant in str(refused.value)


def test_every_slip_of_an_event_is_told_at_once():
    """Two slips are two faults."""
    with pytest.raises(sd.UsageError) as refused:
        sd.Event("followup", "2024-01-01", SBP=152, mood="clinic")
    assert [fault.check for fault in refused.value.faults] == ["unknown_kind", "unknown_column", "unknown_column"]


@pytest.mark.parametrize("kind", ["home_oxygen", "assessment", "vaccination", "visit"])
def test_a_kind_of_ones_own_is_allowed(kind):
    """Kinds that nobody knows have no built-in meaning, and are no slips for that."""
    assert sd.Event(kind, "2024-01-01", shoe_colour="red", source_id="7").kind == kind


def test_a_column_of_ones_own_may_be_called_anything():
    """What comes near a built-in column can be given by name; rows of a log are taken as they stand."""
    event = sd.Event("follow_up", "2024-01-01", values={"mood": "good"})
    assert event["mood"] == "good"


@pytest.mark.parametrize(
    ("name", "meant"),
    [("birthday", "birth_date"), ("gender", "sex"), ("dob", "birth_date"), ("instituion", "institution")],
)
def test_a_person_with_a_slip_is_refused(name, meant):
    """An attribute that is a built-in column under another name is refused: the age would be unknown in silence."""
    with pytest.raises(sd.UsageError, match=f"did you mean {meant}"):
        sd.start(HTN, "P1", **{name: "1960-01-01"})


def test_an_attribute_of_ones_own_is_allowed():
    """Further attributes are text."""
    course = sd.start(HTN, "P1", institution_name="甲村", ethnicity="han")
    assert course.person.attributes["institution_name"] == "甲村"


@pytest.mark.parametrize("tag", ["hypertention", "I10", "i10.x"])
def test_a_tag_with_a_slip_is_refused(tag):
    """An event tagged with a disease that is this one misspelt, or by a code, would not concern it."""
    with pytest.raises(sd.DataError, match="hypertension"):
        COURSE.after(sd.Event("enrolment", "2024-01-01", disease=tag))


@pytest.mark.parametrize("tag", ["高血压", "Hypertension", "高血压|type2-diabetes"])
def test_a_tag_may_be_a_name(tag):
    """The disease may be called by its name; tags of other diseases are left as they are."""
    event = sd.Event("enrolment", "2024-01-01", disease=tag)
    course = COURSE.after(event)
    assert course.managed
    assert "hypertension" in course.events[0].diseases
    assert course.without(event).events == ()


@pytest.mark.parametrize("tag", ["type2-diabetes", "高血脂", "pulmonary-hypertension"])
def test_another_disease_is_no_slip(tag):
    """What is another disease's is entered, and concerns this course as little as before."""
    assert not COURSE.after(sd.Event("enrolment", "2024-01-01", disease=tag)).managed


def test_what_did_not_happen_is_not_heard():
    """A cancelled visit stays among the events, counts for nothing, and can be stored."""
    course = COURSE.after(sd.Event("enrolment", "2024-01-01", disease="hypertension"))
    after = course.after(sd.Event("follow_up", "2024-02-01", mode="clinic", sbp=182, dbp=95, status="cancelled"))
    assert len(after.events) == 2
    assert len(after.counted) == 1
    assert after.state == course.state
    assert after.on("2024-03-01") == course.on("2024-03-01")
    again = sd.Course.from_dict(after.to_dict(), HTN)
    assert again.events == after.events
    assert again.state == after.state
    later = after.after(sd.Event("follow_up", "2024-01-20", mode="clinic", sbp=130, dbp=80))
    assert [event.date for event in later.counted] == sorted(event.date for event in later.counted)


ENROLLED = COURSE.after(sd.Event("enrolment", "2024-01-10", disease="hypertension"))


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        ("随访", "follow_up"),
        ("随防", "follow_up"),
        ("家访", "follow_up"),
        ("visits", "follow_up"),
        ("体检", "checkup"),
        ("registration", "enrolment"),
        ("转针", "referral"),
        ("death ", "exit"),
        ("drug", "medication"),
    ],
)
def test_a_kind_that_nothing_hears_is_refused_where_it_is_entered(kind, meant):
    """Another word for a built-in kind, or one near it, would be kept and heard by nobody."""
    with pytest.raises(sd.DataError, match=f"did you mean {meant}"):
        ENROLLED.after(sd.Event(kind, "2024-02-01"))


@pytest.mark.parametrize(
    ("columns", "meant"),
    [
        ({"systolic": 152}, "sbp"),
        ({"spb": 152}, "sbp"),
        ({"收缩压": 152}, "sbp"),
        ({"a1c": 7}, "hba1c"),
        ({"record_date": "2024-01-01"}, "recorded"),
        ({"hospital": "H1"}, "institution"),
    ],
)
def test_a_column_under_another_name_is_refused(columns, meant):
    """What others call a column is refused with its name here."""
    with pytest.raises(sd.UsageError, match=f"did you mean {meant}"):
        sd.Event("follow_up", "2024-01-01", **columns)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"mode": "入户"}, "did you mean home"),
        ({"mode": "Clinic"}, "did you mean clinic"),
        ({"setting": "OPD"}, "did you mean outpatient"),
        ({"level": "country"}, "did you mean county"),
        ({"direction": "UP"}, "did you mean up"),
        ({"status": "canceld"}, "did you mean canceled"),
        ({"status": "取消"}, "did you mean cancelled"),
        ({"sbp": "152"}, "text was given"),
        ({"weight": "70kg"}, "text was given"),
        ({"emergency": "maybe"}, "neither True nor False"),
        ({"disease": "高血压，糖尿病"}, "divided by"),
        ({"disease": "E11"}, "code='E11'"),
        ({"disease": "HTN"}, "did you mean hypertension"),
        ({"disease": "原发性高血压"}, "did you mean hypertension"),
    ],
)
def test_a_value_with_a_slip_is_refused_with_the_way_out(columns, said):
    """A code in another language, a status that nothing knows, a number as text: what to write is said."""
    with pytest.raises(sd.DataError) as refused:
        ENROLLED.after(sd.Event("follow_up", "2024-02-01", **columns))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "columns", "column", "meant"),
    [
        ("home_oxygen", {}, "kind", ""),
        ("follow_up", {"disease": "t2dm"}, "disease", "did you mean type2-diabetes?"),
        ("follow_up", {"item": "uacr_test"}, "item", ""),
        ("follow_up", {"role": "docter"}, "role", ""),
        ("follow_up", {"shoe_colour": "red"}, "", ""),
    ],
)
def test_what_is_kept_and_nothing_knows_is_listed(kind, columns, column, meant):
    """It may be one's own, or another disease's: the course lists it, and its short form says so."""
    course = ENROLLED.after(sd.Event(kind, "2024-02-01", **columns))
    (slip,) = course.slips
    assert (slip.column, slip.count) == (column, 1)
    assert meant in slip.meant
    assert "1 unknown words" in repr(course)
    assert "unknown" not in repr(ENROLLED)


def test_courses_of_several_diseases_list_what_none_knows():
    """What one of the diseases knows is no slip."""
    both = sd.start_joint(["hypertension", "copd"], "P1").after(sd.Event("home_oxygen", "2024-02-01"))
    assert [slip.value for slip in both.slips] == ["home_oxygen"]


@pytest.mark.parametrize(
    "attributes",
    [{"date_of_birth": "1960-01-01"}, {"性别": "female"}, {"出生日期": "1960-01-01"}, {"died": "2024-01-01"}],
)
def test_a_person_under_other_headings_is_refused(attributes):
    """Headings of other systems are no attributes of one's own."""
    with pytest.raises(sd.UsageError, match="did you mean"):
        sd.start("hypertension", "P1", **attributes)


@pytest.mark.parametrize(("sex", "meant"), [("女性", "female"), ("F", "female"), ("男", "male"), ("femal", "female")])
def test_a_sex_in_other_words_is_refused_with_the_word_for_it(sex, meant):
    """The code is said, not guessed."""
    with pytest.raises(sd.DataError, match=f"did you mean {meant}"):
        sd.start("hypertension", "P1", sex=sex)


@pytest.mark.parametrize("called", ["hypertension", "高血压", "Hypertension", HTN])
def test_a_course_may_be_started_by_what_a_disease_is_called(called):
    """An id, a name, or the disease."""
    assert sd.start(called, "P1").disease.id == "hypertension"


@pytest.mark.parametrize("called", ["hypertensoin", "I10", 5, None])
def test_what_is_no_disease_starts_no_course(called):
    """It is said that there is none, and how a course is started."""
    with pytest.raises(sd.UsageError):
        sd.start(called, "P1")


@pytest.mark.parametrize("day", ["2024-13-01", "2024-02-30", "tomorrow", "2024", 20240101, None, 5.5, True])
@pytest.mark.parametrize(
    ("argument", "asked"),
    [
        ("on", lambda day: COURSE.due(on=day)),
        ("day", COURSE.on),
        ("day", COURSE.as_of),
        ("date", lambda day: sd.Event("follow_up", day)),
    ],
)
def test_what_is_no_day_is_refused_by_the_name_of_its_argument(argument, asked, day):
    """One sentence, with the argument and what was given, and never a day in 2025 for a number."""
    with pytest.raises(sd.UsageError, match=f"^{argument}="):
        asked(day)


@pytest.mark.parametrize("given", ["enrolment", {"kind": "enrolment", "date": "2024-01-01"}, None])
def test_what_is_no_event_is_refused(given):
    """A course, and the record of a person, take events."""
    for entered in (COURSE, sd.PersonRecord.start("P1")):
        with pytest.raises(sd.UsageError, match="an event is wanted"):
            entered.after(given)


@pytest.mark.parametrize("kind", [None, 5])
def test_a_kind_that_is_no_text_is_refused(kind):
    """It is said what kinds there are."""
    with pytest.raises(sd.UsageError, match="a kind of event is wanted"):
        sd.Event(kind, "2024-01-01")


@pytest.mark.parametrize("name", ["birth_date", "death_date"])
def test_a_date_of_a_person_is_no_number(name):
    """A year given as a number would be a day in 1975."""
    with pytest.raises(sd.UsageError, match=f"{name}=: 1960 is a number"):
        sd.start("hypertension", "P1", **{name: 1960})
