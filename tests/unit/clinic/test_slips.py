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
