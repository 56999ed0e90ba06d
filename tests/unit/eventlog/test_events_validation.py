"""Single events for clinic software pass the rules that files pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from singledisease.dates import day_of, iso
from singledisease.errors import DataError
from singledisease.eventlog.build import build
from singledisease.eventlog.event import Event, disease_tag
from singledisease.eventlog.person import Person
from singledisease.eventlog.raw import raw_rows
from singledisease.eventlog.validation import event_faults, is_plainly_sound, validate_event
from singledisease.vocabulary import Quantity

BORN, DIED = day_of("1960-01-01"), day_of("2024-06-30")
PERSON = Person("P1", birth=BORN, death=DIED)
OPTIONAL = {
    "sbp": st.sampled_from([120.0, 90, 20, 400.5]),
    "dbp": st.sampled_from([80.0, 95, 300]),
    "mode": st.sampled_from(["home", "nowhere"]),
    "disease": st.sampled_from(["a", "b|a", "|"]),
    "code": st.sampled_from(["I10", "x\0"]),
    "reason": st.sampled_from(["moved", "bored"]),
    "emergency": st.booleans(),
    "sequence": st.sampled_from([1.0, -2]),
    "until": st.sampled_from([day_of("2024-05-01")]),
    "ward": st.sampled_from(["9", "\ud800"]),
}


@given(
    st.sampled_from(["follow_up", "exit", "enrolment", " ", "dance"]),
    st.sampled_from(["1959-12-31", "1960-01-01", "2024-06-30", "2024-07-01"]),
    st.fixed_dictionaries({}, optional=OPTIONAL),
)
def test_an_event_is_refused_as_its_row_would_be(kind: str, date: str, values: dict[str, object]) -> None:
    """The checks that refuse an event are those that refuse a row of the same values."""
    row = {"patient_id": "P1", "date": date, "kind": kind, **values}
    row = {name: iso(value) if name == "until" else value for name, value in row.items()}
    patients = raw_rows("patients", {"patient_id": ["P1"], "birth_date": [iso(BORN)], "death_date": [iso(DIED)]})
    log = build(patients, raw_rows("events", {name: [value] for name, value in row.items()}))
    faults = event_faults(Event(kind, date, **values), PERSON)
    assert sorted((fault.where, fault.check) for fault in faults) == sorted(
        (found.column, found.check) for found in (*log.report.refusals, *log.report.readings)
    )


@pytest.mark.parametrize(
    ("values", "check"),
    [
        ({"sbp": "120"}, "not_a_number"),
        ({"sbp": True}, "not_a_number"),
        ({"sbp": float("nan")}, "not_finite"),
        ({"sequence": float("inf")}, "not_finite"),
        ({"emergency": 1}, "not_a_flag"),
        ({"until": 1.5}, "not_a_date"),
        ({"until": True}, "not_a_date"),
        ({"until": 2**31 - 1}, "impossible_date"),
        ({"mode": 3}, "not_text"),
        ({"ward": 3}, "not_text"),
        ({"kind_of_bed": False}, "not_text"),
    ],
)
def test_a_value_of_another_type_is_refused(values: dict[str, object], check: str) -> None:
    """What a file could only hold as text must come in the type its column has."""
    (fault,) = event_faults(Event("follow_up", "2024-03-01", values=values), PERSON)
    assert fault.check == check


def test_an_exit_with_a_reason_that_is_no_text_is_told_so_once() -> None:
    """The list of reasons is asked of texts only."""
    (fault,) = event_faults(Event("exit", "2024-03-01", reason=3), PERSON)
    assert fault.check == "not_text"


def test_a_day_no_calendar_has_is_refused() -> None:
    """A day number beyond the year 9999 is impossible, and can still be shown."""
    with pytest.raises(DataError, match="impossible_date"):
        validate_event(Event("test", 2**31 - 1), PERSON)


def test_a_sound_event_passes() -> None:
    """Nothing is raised, also for a person of whom nothing is known, and for declared quantities."""
    event = Event("test", "2024-03-01", ferritin=30, sbp=120, dbp=80)
    ferritin = Quantity("ferritin", "µg/L", 1, 5000, "铁蛋白", "ferritin")
    validate_event(event, Person("P1"), [ferritin])
    assert [fault.where for fault in event_faults(event, Person("P1"))] == ["ferritin"]


def test_every_fault_of_an_event_is_told_at_once() -> None:
    """One error carries them all."""
    with pytest.raises(DataError, match="拒绝") as caught:
        validate_event(Event("enrolment", "1950-01-01", sbp=9000, mode="x"), PERSON)
    assert {fault.check for fault in caught.value.faults} == {
        "out_of_bounds",
        "not_in_list",
        "before_birth",
        "enrolment_without_disease",
    }


def test_an_event_takes_dates_as_texts_and_tags_in_any_order() -> None:
    """Dates among the columns may be written; a tag of several diseases has one form."""
    event = Event("test", "2024-03-01", until="2024-05-01", disease="b|a")
    assert (event["until"], event["disease"], event.diseases) == (day_of("2024-05-01"), "a|b", ("a", "b"))
    assert (event["date"], event["kind"], Event("test", 0).diseases) == (day_of("2024-03-01"), "test", ())
    assert disease_tag("|") == ""


def test_crossed_pressures_are_told_together() -> None:
    """Both values are shown, once, under the diastolic pressure."""
    (fault,) = event_faults(Event("measurement", "2024-03-01", sbp=90, dbp=95), PERSON)
    assert (fault.where, fault.check) == ("dbp", "dbp_not_below_sbp")
    assert fault.message.startswith("90/95: ")


@pytest.mark.parametrize(
    ("event", "where", "check"),
    [
        (Event("exit", "2024-03-01", reason="bored"), "reason", "not_in_list"),
        (Event("enrolment", "2024-03-01"), "disease", "enrolment_without_disease"),
        (Event("", "2024-03-01"), "kind", "blank_kind"),
        (Event("test", "1959-12-31"), "date", "before_birth"),
        (Event("test", "2024-07-01"), "date", "after_death"),
        (Event("test", "2024-03-01", sbp=39), "sbp", "out_of_bounds"),
        (Event("test", "2024-03-01", item="x\0"), "item", "unwritable_text"),
    ],
)
def test_each_refusal_of_an_event_names_its_column(event: Event, where: str, check: str) -> None:
    """One fault, under the column in which a file would have it."""
    assert [(fault.where, fault.check) for fault in event_faults(event, PERSON)] == [(where, check)]


ODD = [120.0, 90, True, False, "home", "120", "", "x\0", float("nan"), 1e9, -1, day_of("2024-05-01"), ["home"]]


@pytest.mark.parametrize("kind", ["follow_up", "enrolment", "exit", "of_my_own", " "])
@pytest.mark.parametrize("date", ["1959-12-31", "2024-05-01", "2024-07-01"])
@pytest.mark.parametrize("column", ["sbp", "mode", "disease", "reason", "emergency", "until", "sequence", "ward"])
def test_what_is_seen_to_be_sound_at_once_has_no_fault(kind, date, column):
    """The short way lets nothing pass that the long way refuses, whatever a value is."""
    events = [Event(kind, date, values={column: value, **more}) for value in ODD for more in ({}, {"dbp": 95.0})]
    for event in events:
        if is_plainly_sound(event, PERSON) or is_plainly_sound(event, Person("P2")):
            assert not event_faults(event, Person("P2"))
        if is_plainly_sound(event, PERSON):
            assert not event_faults(event, PERSON)


def test_the_short_way_is_taken():
    """A visit with pressures, mode and flag is sound at once; a further quantity keeps its bounds."""
    visit = Event("follow_up", "2024-05-01", mode="home", sbp=120.0, dbp=80, emergency=False, disease="a")
    uric = Quantity("uric_acid", "umol/L", 50, 2000, "尿酸", "uric acid")
    assert is_plainly_sound(visit, PERSON)
    assert is_plainly_sound(Event("test", "2024-05-01", values={"uric_acid": 400.0}), PERSON, (uric,))
    assert not is_plainly_sound(Event("test", "2024-05-01", values={"uric_acid": 4.0}), PERSON, (uric,))
