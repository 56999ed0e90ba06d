"""One person's course in clinic software: what was entered, and where the person stands."""

import datetime as dt

import pytest
from clinic_world import GOUT, found, visit

from singledisease.clinic import Course, start
from singledisease.errors import DataError, UsageError
from singledisease.eventlog.event import Event


def told(course):
    """Write the history: date, from, to."""
    return [f"{step.date} {step.source.id} {step.target.id}" for step in course.history]


# WHERE THE PERSON STANDS


def test_before_any_event_the_state_is_the_initial_one():
    """Nothing happened: the initial state, nothing due, no history."""
    course = start(GOUT, "P1")
    assert (course.state.id, course.managed, course.history, course.spells, course.obligations) == (
        "outside",
        False,
        (),
        (),
        (),
    )
    assert course.due("2024-01-01") == ()
    assert course.on("2024-01-01") is None


def test_the_state_after_an_event():
    """A raised pressure makes the state high, in which the person must be referred."""
    course = found().after(visit("2024-02-01", 150))
    assert (course.state.id, course.managed, course.must_refer) == ("high", True, True)


def test_a_course_never_changes():
    """After an event there is another course; the first one still stands where it stood."""
    before = found(birth_date="1950-01-01")
    after = before.after(visit("2024-02-01", 150))
    assert (before.state.id, after.state.id, len(before.events)) == ("stable", "high", 1)
    assert (len(before.obligations), len(after.obligations)) == (3, 7)


def test_two_courses_part_from_one():
    """What one of them hears does not reach the other."""
    both = found()
    high, closed = both.after(visit("2024-02-01", 150)), both.after(Event("exit", "2024-02-01"))
    assert (told(high)[1:], told(closed)[1:]) == (["2024-02-01 stable high"], ["2024-02-01 stable closed"])


def test_on_a_day_timings_fall():
    """The pause of sixty days ends on 1 April; the state moves at the start of 2 April."""
    course = found().after(visit("2024-02-01", 150))
    assert [course.on(day).id for day in ("2024-01-31", "2024-04-01", "2024-04-02")] == ["stable", "high", "stable"]


def test_on_a_day_before_birth_there_is_no_state():
    """Before observed time nothing is said."""
    assert found().on("1959-12-31") is None
    assert found().on("1960-01-01").id == "outside"


def test_death_is_at_the_end_of_its_day():
    """A person whose death date is known is dead at its end, and an exit for death closes the course."""
    known = found(death_date="2024-03-01")
    told_by_exit = found().after(Event("exit", "2024-03-01", reason="died"))
    assert [course.on("2024-03-01").id for course in (known, told_by_exit)] == ["dead", "dead"]
    assert (known.state.id, told_by_exit.state.id) == ("stable", "dead")


def test_dates_may_be_dates():
    """Days are taken as dates or as text."""
    course = start(GOUT, "P1", birth_date=dt.date(1960, 1, 1)).after(Event("diagnosis", dt.date(2024, 1, 1)))
    assert course == found()
    assert course.on(dt.date(2024, 1, 1)).id == "stable"


def test_blank_dates_and_attributes_are_missing():
    """An empty text is no value, as in a file."""
    course = start(GOUT, "P1", birth_date="", institution="", team="north")
    assert (course.person.birth, dict(course.person.attributes)) == (None, {"team": "north"})


@pytest.mark.parametrize(
    ("said", "checks"),
    [
        ({"sex": "lady"}, {"not_in_list"}),
        ({"birth_date": "1960-02-30"}, {"impossible_date"}),
        ({"birth_date": "1960-01-01", "death_date": "1959-12-31"}, {"death_before_birth"}),
        ({"birth_date": "soon", "sex": "x"}, {"not_a_date", "not_in_list"}),
    ],
)
def test_a_person_whom_a_file_would_refuse_is_refused(said, checks):
    """What is said of the person passes the rules of the table of patients, all faults at once."""
    with pytest.raises(DataError) as refused:
        start(GOUT, "P1", **said)
    assert {fault.check for fault in refused.value.faults} == checks


def test_codes_of_sex_are_read():
    """GB/T 2261.1: 2 is female."""
    assert start(GOUT, "P1", sex="2").person.sex == "female"


def test_without_a_birth_date_time_begins_with_the_first_event():
    """An event entered late that is the first moves the beginning of observed time."""
    course = found(birth_date=None)
    assert course.on("2023-12-31") is None
    assert course.after(Event("call", "2023-12-01")).on("2023-12-31").id == "outside"


def test_a_policy_of_the_disease_can_be_set():
    """Lost after six months instead of twelve."""
    six = found(policy={"lost_after": "6"})
    assert (six.on("2024-07-02").id, found().on("2024-07-02").id) == ("lost", "stable")


def test_a_policy_that_the_disease_does_not_have_is_refused():
    """A slip of the pen is not passed over; an option that makes no sense neither."""
    with pytest.raises(UsageError, match="did you mean lost_after"):
        found(policy={"lost_afer": "6"})
    with pytest.raises(UsageError):
        found(policy={"lost_after": "soon"})


# HISTORY


def test_history_names_its_causes():
    """Each step knows the event or the timing that caused it, and says so in both languages."""
    course = found().after(visit("2024-02-01", 150)).after(visit("2024-04-02"))
    causes = [step.cause for step in course.history]
    assert causes[:2] == [course.events[0], course.events[1]]
    assert causes[2].id == "pause"
    assert told(course)[2] == "2024-04-02 high stable"
    assert [step.reason.en for step in course.history[1:]] == ["event: 2024-02-01 follow_up sbp=150", "missed: pause"]
    assert course.history[2].reason.zh == "逾期：休整"


def test_a_death_date_has_no_cause_but_is_told():
    """A move that no event and no timing caused still has words."""
    course = found(death_date="2024-03-01").after(Event("call", "2024-03-01"))
    assert course.history[-1].cause is None
    assert "date of death" in course.history[-1].reason.en


def test_spells_tile_observed_time():
    """Each stay ends where the next begins; the last one lasts."""
    course = found().after(visit("2024-02-01", 150))
    spells = [(stay.state.id, str(stay.entered), str(stay.left)) for stay in course.spells]
    assert spells == [
        ("outside", "1960-01-01", "2024-01-01"),
        ("stable", "2024-01-01", "2024-02-01"),
        ("high", "2024-02-01", "None"),
    ]
    assert [stay.cause for stay in course.spells] == [None, *course.events]


def test_obligations_tell_what_became_of_each():
    """Met by which event, cancelled, or open."""
    course = found(birth_date="1950-01-01").after(visit("2024-02-01", 150))
    told_of = {(one.timing.id, str(one.started)): one for one in course.obligations}
    met, open_now = told_of["routine", "2024-01-01"], told_of["routine", "2024-02-01"]
    assert (met.outcome, met.event, met.ended) == ("met", course.events[1], dt.date(2024, 2, 1))
    assert (open_now.outcome, open_now.event, open_now.ended, open_now.due) == ("open", None, None, dt.date(2024, 5, 1))
    assert told_of["elderly", "2024-01-01"].outcome == "breached"
    assert told_of["elderly", "2024-01-01"].resolved == dt.date(2024, 2, 1)


def test_a_clock_that_waits_for_a_birthday_is_no_obligation_yet():
    """Found on 1 January 2024, aged 65 a year later: nothing was owed before that day."""
    course = found(birth_date="1960-01-01").after(visit("2024-02-01", 130))
    assert "elderly" not in {one.timing.id for one in course.obligations}
    (owed,) = [one for one in course.after(visit("2025-01-01", 130)).obligations if one.timing.id == "elderly"]
    assert (str(owed.started), str(owed.due), owed.outcome) == ("2025-01-01", "2025-01-31", "open")


# WHAT WAS ENTERED


def test_an_event_entered_late_counts_as_in_time():
    """Entered after a later one, it gives what it would have given in time."""
    in_time = found().after(visit("2024-02-01", 150)).after(visit("2024-03-01", 130))
    late = found().after(visit("2024-03-01", 130)).after(visit("2024-02-01", 150))
    assert late == in_time
    assert told(late) == told(in_time)
    assert late.obligations == in_time.obligations


def test_within_a_day_canonical_order_decides():
    """An exit entered before the visit of the same day is still the last of the day."""
    course = found().after(Event("exit", "2024-02-01")).after(visit("2024-02-01", 150))
    assert told(course)[1:] == ["2024-02-01 stable high", "2024-02-01 high closed"]
    assert told(found().after(visit("2024-02-01", 150)).after(Event("exit", "2024-02-01"))) == told(course)


def test_an_exact_duplicate_changes_nothing():
    """Entered twice, it is there once; the copy known earliest is kept."""
    once = found().after(visit("2024-02-01", 150, recorded=dt.date(2024, 2, 10)))
    again = once.after(visit("2024-02-01", 150, recorded=dt.date(2024, 2, 20)))
    earlier = once.after(visit("2024-02-01", 150))
    assert again == once
    assert (len(earlier.events), told(earlier)) == (2, told(once))
    assert [course.as_of("2024-02-05").state.id for course in (again, earlier)] == ["stable", "high"]


def test_what_a_file_would_refuse_is_refused():
    """All faults at once, and the course is as before."""
    course = found()
    with pytest.raises(DataError) as refused:
        course.after(Event("follow_up", "1959-12-31", sbp=90, dbp=95, mode="pigeon"))
    checks = {fault.where for fault in refused.value.faults}
    assert {"date", "dbp", "mode"} <= checks
    assert course == found()


def test_withdrawn_is_as_never_entered():
    """A record taken back counts no longer; it stays among the events."""
    course = found().after(visit("2024-02-01", 150, record="r7"))
    without = course.withdraw("r7", on="2024-02-20")
    assert (course.state.id, without.state.id, len(without.events), len(without.counted)) == ("high", "stable", 2, 1)
    assert told(without) == told(found())


def test_withdrawing_again_later_changes_nothing():
    """The day on which it was first taken back stays."""
    course = found().after(visit("2024-02-01", 150, record="r7")).withdraw("r7", on="2024-02-20")
    assert course.withdraw("r7", on="2024-03-01") == course
    assert course.withdraw("r7", on="2024-02-19") != course


def test_only_what_was_entered_can_be_withdrawn():
    """An unknown record is refused with those that there are."""
    with pytest.raises(UsageError, match="r7"):
        found().after(visit("2024-02-01", 150, record="r7")).withdraw("r8", on="2024-02-20")


def test_an_event_that_comes_withdrawn_is_not_heard():
    """Taken back before it was entered here, it is kept but does not count."""
    course = found().after(visit("2024-02-01", 150, withdrawn=dt.date(2024, 2, 2)))
    assert (course.state.id, len(course.events)) == ("stable", 2)


def test_without_an_event():
    """A slip of the pen is taken out as if it had never been entered."""
    slip = visit("2024-02-01", 150)
    course = found().after(slip).after(visit("2024-03-01", 130))
    assert course.without(slip) == found().after(visit("2024-03-01", 130))
    with pytest.raises(UsageError, match="was not entered"):
        course.without(visit("2024-02-02", 150))


def test_without_any_event_the_course_is_empty_again():
    """Taking out the only event leaves a course that has heard nothing."""
    course = found(birth_date=None)
    assert course.without(course.events[0]).history == ()
    assert course.without(course.events[0]).on("2024-06-01") is None


# AS OF


def test_as_of_forgets_what_was_not_known_yet():
    """Recorded later is unknown; withdrawn later still counts."""
    course = found().after(visit("2024-02-01", 150, recorded=dt.date(2024, 3, 1), record="r7"))
    taken_back = course.withdraw("r7", on="2024-04-01")
    states = [taken_back.as_of(day).state.id for day in ("2024-02-29", "2024-03-31", "2024-04-01")]
    assert states == ["stable", "high", "stable"]


def test_as_of_ends_time():
    """Of days after it nothing is known: neither state nor work."""
    course = found().as_of("2024-02-01")
    assert course.on("2024-02-01").id == "stable"
    for ask in (course.on, course.due):
        with pytest.raises(UsageError, match="2024-02-02"):
            ask("2024-02-02")


def test_an_event_dated_later_but_known_is_not_reached():
    """An appointment recorded by then lies in the future: time does not run to it."""
    course = found(birth_date=None).after(visit("2024-06-01", 150, recorded=dt.date(2024, 1, 1)))
    assert course.as_of("2024-02-01").state.id == "stable"
    assert course.as_of("2023-12-31").history == ()


def test_a_death_recorded_later_is_not_known_yet():
    """Known from the day on which it was recorded."""
    course = found(death_date="2024-03-01", death_recorded="2024-05-01")
    assert [course.as_of(day).on("2024-03-01").id for day in ("2024-04-30", "2024-05-01")] == ["stable", "dead"]


def test_as_of_an_earlier_day_stays():
    """What was forgotten is not remembered by asking for a later day."""
    course = found().after(visit("2024-02-01", 150))
    assert course.as_of("2024-01-15").as_of("2024-12-31") == course.as_of("2024-01-15")


def test_a_course_as_of_a_day_goes_on():
    """An event entered into it counts if it was recorded by that day."""
    course = found().as_of("2024-02-10")
    assert course.after(visit("2024-02-01", 150)).state.id == "high"
    assert course.after(visit("2024-02-11", 150)).state.id == "stable"


# MANY EVENTS


def test_a_long_course_shares_its_past_with_the_one_before():
    """Of two hundred events nothing but the last few is held anew, and a course that was kept tells its own."""
    kept, course = [], found()
    for day in range(200):
        course = course.after(visit(f"2024-{2 + day // 28:02}-{1 + day % 28:02}", 120 + day % 40))
        kept.append(course)
    before, last = kept[-2], kept[-1]
    assert last._entries.earlier is before._entries.earlier
    assert [len(one.events) for one in (kept[0], before, last)] == [2, 200, 201]
    assert last.events[:-1] == before.events
    assert last == Course.from_dict(last.to_dict(), GOUT) != before
    assert hash(last) == hash(Course.from_dict(last.to_dict(), GOUT))


def test_what_comes_late_into_a_long_past_counts_as_in_time():
    """An event before two hundred others gives what it would have given there, and taken back it is gone."""
    visits = [visit(f"2024-{2 + day // 28:02}-{1 + day % 28:02}", 120 + day % 40) for day in range(200)]
    late = visit("2024-01-20", 155, record="L1")
    in_time = found().after(late)
    course = found()
    for one in visits:
        in_time, course = in_time.after(one), course.after(one)
    entered_late = course.after(late)
    assert entered_late == in_time
    assert (told(entered_late), entered_late.obligations) == (told(in_time), in_time.obligations)
    assert told(entered_late.withdraw("L1", on="2024-12-01")) == told(course) != told(in_time)
