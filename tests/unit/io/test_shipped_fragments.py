"""The fragments that come with the library, each in a small disease that uses it: sound, and walked as it says."""

from __future__ import annotations

import datetime as dt

import pytest

import singledisease as sd
from singledisease.definitions.disease import Disease
from singledisease.io.definitions import read_disease_text, write_disease

HEAD = """
id = "example"
version = "1"
codes = ["Z99"]
names = { zh = "示例", en = "Example" }

[citations.guide]
title = { zh = "指南", en = "Guideline" }

"""
WELL = '\n[pathway]\ninitial = "well"\n\n[pathway.states]\nwell = { stage = "prevention", zh = "健", en = "well" }\n'
REGISTRY = '\n[[uses]]\nfragment = "registry"\nsource = "guide"\n'


def parameters(**values: tuple[float, str]) -> str:
    """Write parameters by name, each a value and a unit."""
    lines = (
        f'{name} = {{ value = {value}, unit = "{unit}", names = {{ zh = "数", en = "number" }}, '
        f'citation = "guide", status = "proposal" }}'
        for name, (value, unit) in values.items()
    )
    return "\n[parameters]\n" + "\n".join(lines) + "\n"


ACUTE = (
    REGISTRY
    + """
[[uses]]
fragment = "acute-episode"
episode = { zh = "急性加重", en = "an exacerbation" }
begins = 'True'
stable = "enrolled"
source = "guide"
"""
    + parameters(recovery_days=(90, "days"), after_episode_days=(14, "days"))
    + WELL
)
COURSE = (
    REGISTRY
    + """
[[uses]]
fragment = "course-of-treatment"
before = ["enrolled"]
source = "guide"
"""
    + parameters(
        intensive_months=(2, "months"),
        interruption_days=(60, "days"),
        treatment_visit_days=(30, "days"),
        interruption_search_days=(7, "days"),
    )
    + WELL
)
TUMOUR = (
    REGISTRY
    + """
[[uses]]
fragment = "tumour-follow-up"
before = ["enrolled"]
source = "guide"
"""
    + parameters(
        first_period_months=(24, "months"),
        second_period_months=(36, "months"),
        first_interval_months=(3, "months"),
        second_interval_months=(6, "months"),
        later_interval_months=(12, "months"),
    )
    + WELL
)
TREATED = """
[[uses]]
fragment = "tumour-treatment"
source = "guide"

[[uses]]
fragment = "referral"
source = "guide"
in_hospital = ["treatment", "@surveillance", "palliative"]
stays = ["treatment", "@surveillance", "palliative"]
""" + TUMOUR.replace('before = ["enrolled"]', 'before = ["enrolled", "treatment"]\ntreated = \'status == "completed"\'')
EXAMINATIONS = (
    REGISTRY
    + """
[[uses]]
fragment = "regular-examination"
service = "eyes"
service_name = { zh = "眼底检查", en = "examination of the eyes" }
done = 'item == "eyes"'
interval = "eye_months"
source = "guide"

[[uses]]
fragment = "regular-examination"
service = "feet"
service_name = { zh = "足部检查", en = "examination of the feet" }
done = 'item == "feet"'
interval = "foot_months"
applies = 'age(on=PERIOD.end) >= p("foot_age")'
role = "doctor"
levels = ["village"]
source = "guide"
"""
    + parameters(eye_months=(12, "months"), foot_months=(6, "months"), foot_age=(40, "years"))
    + '\n[roles]\ndoctor = { zh = "医生", en = "doctor" }\n'
    + WELL
)
TARGET = (
    REGISTRY
    + """
[[uses]]
fragment = "referral"
source = "guide"

[[uses]]
fragment = "treat-to-target"
remission = 'score <= p("remission")'
low = 'score > p("remission") and score <= p("low")'
active = 'score > p("low")'
flares = 'emergency'
laboratory = 'item == "blood"'
toxic = 'item == "blood" and status == "toxic"'
source = "guide"

[quantities]
score = { unit = "1", low = 0, high = 10, zh = "评分", en = "score" }
"""
    + parameters(
        remission=(2, "1"),
        low=(4, "1"),
        sustained_months=(6, "months"),
        target_months=(3, "months"),
        active_visit_months=(1, "months"),
        early_laboratory_months=(1, "months"),
        later_laboratory_months=(3, "months"),
    )
    + WELL
)
USERS = {
    "treat-to-target": TARGET,
    "acute-episode": ACUTE,
    "course-of-treatment": COURSE,
    "tumour-follow-up": TUMOUR,
    "tumour-treatment": TREATED,
    "regular-examination": EXAMINATIONS,
}


def made(name: str) -> Disease:
    """Read the small disease that uses a fragment."""
    return read_disease_text(HEAD + USERS[name])


def way(name: str, until: str, *events: sd.Event) -> list[tuple[str, str]]:
    """Give the states of a person, each with the day on which it was entered, in the order of the days."""
    course = sd.start(made(name), "P", birth_date="1950-01-01")
    for event in events:
        course = course.after(event)
    days = [
        dt.date(2024, 1, 1) + dt.timedelta(days=i)
        for i in range((dt.date.fromisoformat(until) - dt.date(2024, 1, 1)).days + 1)
    ]
    states = [(day.isoformat(), state.id) for day in days if (state := course.on(day)) is not None]
    return [now for i, now in enumerate(states) if i == 0 or now[1] != states[i - 1][1]]


ENROLLED = sd.Event("enrolment", "2024-01-10", disease="example")


@pytest.mark.parametrize("name", USERS)
def test_a_disease_that_uses_it_is_sound_and_survives(name):
    """Each is read without a fault, and written and read again the same, with its fragments and expanded."""
    found = made(name)
    for expanded in (False, True):
        assert read_disease_text(write_disease(found, expanded=expanded)) == found
    assert len(write_disease(found)) < len(write_disease(found, expanded=True))


def test_an_acute_episode_begins_ends_and_is_over():
    """An admission is the episode, the discharge ends it, and 90 days without another end recovery."""
    found = way(
        "acute-episode",
        "2024-08-01",
        ENROLLED,
        sd.Event("admission", "2024-02-01"),
        sd.Event("discharge", "2024-02-11"),
        sd.Event("follow_up", "2024-02-20", mode="clinic"),
    )
    assert found == [
        ("2024-01-01", "well"),
        ("2024-01-10", "enrolled"),
        ("2024-02-01", "acute"),
        ("2024-02-11", "recovering"),
        # The 90th day after the discharge is the last of recovery.
        ("2024-05-12", "enrolled"),
    ]


def test_a_course_of_treatment_goes_on_is_interrupted_and_completed():
    """Two months of the intensive phase, 60 days without medication interrupt it, medication takes it up again."""
    found = way(
        "course-of-treatment",
        "2024-12-31",
        ENROLLED,
        sd.Event("medication", "2024-01-20"),
        sd.Event("medication", "2024-03-10"),
        sd.Event("medication", "2024-06-01"),
        sd.Event("medication", "2024-07-01", status="completed"),
    )
    assert found == [
        ("2024-01-01", "well"),
        ("2024-01-10", "enrolled"),
        ("2024-01-20", "intensive"),
        ("2024-03-21", "continuation"),
        ("2024-05-10", "interrupted"),
        ("2024-06-01", "continuation"),
        ("2024-07-01", "completed"),
    ]


def test_a_course_of_treatment_fails_and_begins_anew():
    """A failure is recorded, the person has to be referred, and further medication is another course."""
    found = way(
        "course-of-treatment",
        "2024-03-01",
        ENROLLED,
        sd.Event("medication", "2024-01-20"),
        sd.Event("medication", "2024-02-10", status="failed"),
        sd.Event("medication", "2024-02-20"),
    )
    assert [state for _, state in found] == ["well", "enrolled", "intensive", "failed", "intensive"]


def scored(day: str, score: float | None = None, **more: object) -> sd.Event:
    """Give a follow-up at which the score was taken."""
    return sd.Event("follow_up", day, mode="clinic", **({} if score is None else {"score": score}), **more)


def test_a_disease_is_treated_to_its_target():
    """Active, low, in a remission that lasts, tapered; a flare that stays is referred until it is better."""
    found = way(
        "treat-to-target",
        "2025-06-30",
        ENROLLED,
        scored("2024-01-15", 7),
        scored("2024-02-15", 4),
        scored("2024-03-15", 2),
        sd.Event("medication", "2024-10-01", status="reduced", disease="example"),
        scored("2024-12-01", 5),
        scored("2025-01-01", 5),
        scored("2025-02-01", 3),
        scored("2025-03-01", 3, emergency=True),
    )
    assert found == [
        ("2024-01-01", "well"),
        ("2024-01-10", "enrolled"),
        ("2024-01-15", "induction"),
        ("2024-02-15", "low_activity"),
        ("2024-03-15", "remission"),
        # Six months on: the day after 15 September.
        ("2024-09-16", "sustained_remission"),
        ("2024-10-01", "tapering"),
        ("2024-12-01", "flare"),
        ("2025-01-01", "not_at_target"),
        ("2025-02-01", "low_activity"),
        ("2025-03-01", "flare"),
    ]


def test_who_is_not_at_target_in_time_is_referred_and_toxicity_is_reviewed():
    """Three months of treatment are over on 16 April; a toxic test before that is a reaction, and begins them anew."""
    events = [ENROLLED, scored("2024-01-15", 7), scored("2024-02-15", 6)]
    assert way("treat-to-target", "2024-04-20", *events)[-1] == ("2024-04-16", "not_at_target")
    toxic = sd.Event("test", "2024-03-01", item="blood", status="toxic")
    found = way("treat-to-target", "2024-05-30", *events, toxic, scored("2024-03-10", 6))
    assert found[-2:] == [("2024-03-01", "drug_reaction"), ("2024-03-10", "induction")]


def test_a_tumour_is_treated_until_that_is_completed():
    """An admission begins it; who was away after its completion is followed closely again; palliative care ends it."""
    found = way(
        "tumour-treatment",
        "2024-12-31",
        ENROLLED,
        sd.Event("admission", "2024-02-01"),
        sd.Event("discharge", "2024-02-10"),
        sd.Event("discharge", "2024-03-10", status="completed"),
        sd.Event("referral", "2024-05-01", direction="up"),
        sd.Event("referral", "2024-05-10", direction="down"),
        sd.Event("follow_up", "2024-05-15", mode="clinic"),
        sd.Event("follow_up", "2024-08-15", mode="home", status="palliative"),
    )
    assert found == [
        ("2024-01-01", "well"),
        ("2024-01-10", "enrolled"),
        ("2024-02-01", "treatment"),
        ("2024-03-10", "first_period"),
        ("2024-05-01", "referred"),
        ("2024-05-10", "returned"),
        ("2024-05-15", "first_period"),
        ("2024-08-15", "palliative"),
    ]


def test_a_tumour_is_followed_less_and_less_until_it_comes_back():
    """Two years, three years, then for good; a recurrence is referred, and its treatment begins anew."""
    found = way(
        "tumour-follow-up",
        "2030-12-31",
        ENROLLED,
        sd.Event("discharge", "2024-02-01"),
        *(
            sd.Event("follow_up", f"{year}-{month}-15", mode="clinic")
            for year in range(2024, 2030)
            for month in ("04", "10")
        ),
        sd.Event("diagnosis", "2030-01-05", disease="example", status="recurrence"),
        sd.Event("discharge", "2030-02-01"),
    )
    assert found == [
        ("2024-01-01", "well"),
        ("2024-01-10", "enrolled"),
        ("2024-02-01", "first_period"),
        ("2026-02-02", "second_period"),
        ("2029-02-03", "later"),
        ("2030-01-05", "recurrence"),
        ("2030-02-01", "first_period"),
    ]


def test_one_fragment_is_used_for_several_examinations():
    """Each use has a service of its own, with its interval, role, levels and condition."""
    services = {service.id: service for service in made("regular-examination").services}
    assert list(services) == ["eyes", "feet", "recall"]
    assert (services["eyes"].role, services["feet"].role) == ("public_health_doctor", "doctor")
    assert (services["eyes"].levels, services["feet"].levels) == (("township", "community", "county"), ("village",))
    course = sd.start(made("regular-examination"), "P", birth_date="1950-01-01").after(ENROLLED)
    course = course.after(sd.Event("test", "2024-03-01", item="feet"))
    assert {due.item: due.due.isoformat() for due in course.due(on="2024-07-01")} == {
        "feet": "2024-09-01",
        "eyes": "2025-01-10",
    }
