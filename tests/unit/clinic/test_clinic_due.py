"""What is due for one person: services and obligations, with role and reason."""

import datetime as dt

from attrs import evolve
from clinic_world import GOUT, found, visit

from singledisease.clinic import start
from singledisease.eventlog.event import Event
from singledisease.language.parse import parse


def items(course, day):
    """Write what is due: item, due date, days overdue."""
    return [f"{one.item} {one.due} {one.overdue}" for one in course.due(day)]


def test_the_earliest_due_stands_first():
    """Services and obligations in one list, by due date."""
    course = found().after(visit("2024-02-01", 150))
    assert items(course, "2024-02-10") == ["review 2024-02-15 0", "routine 2024-05-01 0"]


def test_overdue_from_the_day_after():
    """On the due day nothing is late; on the next day it is by one day."""
    course = found().after(visit("2024-02-01", 150))
    assert items(course, "2024-02-15")[0] == "review 2024-02-15 0"
    assert items(course, "2024-02-16")[0] == "review 2024-02-15 1"


def test_what_was_done_is_not_due():
    """Done late or in time, it is off the list; what repeats stands with its next day."""
    course = found().after(visit("2024-02-01", 150)).after(visit("2024-02-20"))
    assert items(course, "2024-02-20") == ["routine 2024-05-20 0"]


def test_a_service_names_role_and_levels():
    """Who does it, at which levels; a role that the disease does not declare is none."""
    routine = next(one for one in found().due("2024-01-02") if one.item == "routine")
    elderly = next(one for one in found(birth_date="1950-01-01").due("2024-01-02") if one.item == "elderly")
    assert (routine.role, routine.levels) == (GOUT.roles[0], ("village", "township"))
    assert (routine.service, routine.breach, routine.since) == (GOUT.services[0], True, dt.date(2024, 1, 1))
    assert elderly.role is None


def test_an_obligation_is_no_service():
    """What the pathway asks for names no role."""
    review = found().after(visit("2024-02-01", 150)).due("2024-02-10")[0]
    assert (review.item, review.service, review.role, review.levels) == ("review", None, None, ())


def test_a_service_is_listed_unless_it_is_known_not_to_apply():
    """At 65 it applies, at 64 it does not; who has no birth date is not left out."""
    listed = [
        any(one.item == "elderly" for one in found(birth_date=birth).due("2024-01-02"))
        for birth in ("1959-01-02", "1959-01-03", None)
    ]
    assert listed == [True, False, True]


def test_a_service_may_apply_by_what_happened():
    """What asks for events is told of them."""
    first = GOUT.services[0]
    recheck = evolve(first, timing=evolve(first.timing, id="recheck"), applies=parse('events("follow_up").exists()'))
    disease = evolve(GOUT, services=(*GOUT.services, recheck))
    begun = start(disease, "P1").after(Event("diagnosis", "2024-01-01", disease="gout"))
    listed = [
        any(one.item == "recheck" for one in course.due("2024-02-10"))
        for course in (begun, begun.after(visit("2024-02-01")))
    ]
    assert listed == [False, True]


def test_time_outs_and_what_is_no_breach_are_nobodys_work():
    """Silence and the pause run, but there is nothing that anyone has to do."""
    course = found().after(visit("2024-02-01", 150))
    assert {one.timing.id for one in course.obligations if one.outcome == "open"} >= {"quiet", "pause"}
    assert not {"quiet", "pause"} & {one.item for one in course.due("2024-02-10")}


def test_the_reason_is_said_in_both_languages():
    """State, from when, until when, and how late."""
    course = found().after(visit("2024-02-01", 150))
    in_time, late = course.due("2024-02-15")[0].reason, course.due("2024-02-18")[0].reason
    assert in_time.en == "in state “high”; counted from 2024-02-01, due by 2024-02-15"
    assert in_time.zh == "现处“偏高”；自2024-02-01起计，应于2024-02-15前完成"
    assert late.en.endswith("was due by 2024-02-15, 3 days late")
    assert late.zh.endswith("已逾期3天")


def test_a_day_in_the_past_is_asked_as_it_was():
    """Events of later days take no part."""
    course = found().after(visit("2024-02-01", 150)).after(visit("2024-02-10", 130))
    assert items(course, "2024-02-05")[0] == "review 2024-02-15 0"


def test_nothing_is_due_for_the_dead():
    """Death ends every clock."""
    course = found().after(Event("exit", "2024-03-01", reason="died"))
    assert items(course, "2024-06-01") == []
