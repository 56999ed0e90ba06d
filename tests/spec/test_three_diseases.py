"""One person with hypertension, diabetes and a stroke, followed by hand for three years.

Every expected day was worked out from the rules: the comment says which.  Born in June 1955, so that from 2022 on the
pressure goal of hypertension is below 150/90, and of the stroke below 130/80; fasting glucose below 7.0.
"""

import pytest
from tables import log_of

import singledisease as sd
from singledisease.catalogue import quantities

NAMES = ("hypertension", "type2-diabetes", "ischaemic-stroke")
EVENTS = """
    who date       kind      mode   disease          sequence sbp dbp fpg mrs direction code
    P1  2022-01-10 enrolment .      hypertension     .        .   .   .   .   .         .
    P1  2022-01-20 follow_up clinic .                .        150 88  .   .   .         .
    P1  2022-02-02 follow_up clinic .                .        146 86  .   .   .         .
    P1  2022-05-02 enrolment .      type2-diabetes   1        .   .   .   .   .         .
    P1  2022-05-02 follow_up clinic .                2        138 80  8.2 .   .         .
    P1  2022-05-14 follow_up clinic type2-diabetes   .        .   .   7.6 .   .         .
    P1  2022-05-16 referral  .      type2-diabetes   .        .   .   .   .   up        .
    P1  2022-05-25 referral  .      type2-diabetes   .        .   .   .   .   down      .
    P1  2022-06-01 follow_up home   .                .        132 78  6.8 .   .         .
    P1  2022-09-01 checkup   .      .                .        .   .   .   .   .         .
    P1  2022-12-01 follow_up clinic .                .        144 84  6.5 .   .         .
    P1  2023-03-10 admission .      ischaemic-stroke .        .   .   .   .   .         I63.9
    P1  2023-03-24 discharge .      ischaemic-stroke .        .   .   .   .   .         I63.9
    P1  2023-03-30 enrolment .      ischaemic-stroke .        .   .   .   .   .         .
    P1  2023-04-10 follow_up home   .                .        152 84  6.6 3   .         .
    P1  2023-04-20 follow_up clinic .                .        158 84  .   3   .         .
    P1  2023-04-22 referral  .      hypertension     .        .   .   .   .   up        .
    P1  2023-05-10 follow_up clinic .                .        136 80  6.4 2   .         .
    P1  2023-09-28 follow_up clinic .                .        134 78  6.9 1   .         .
    P1  2024-06-01 lost      .      .                .        .   .   .   .   .         .
    P1  2024-10-01 follow_up home   .                .        130 70  7.0 1   .         .
"""
PEOPLE = "who birth sex\nP1 1955-06-01 male"
CHANGES = {
    "hypertension": [
        ("2022-01-10", "enrolled"),
        ("2022-01-20", "unsatisfactory"),  # 150 is not below 150
        ("2022-02-02", "satisfactory"),  # 146 is, at 66
        ("2023-04-10", "unsatisfactory"),
        ("2023-04-20", "referral_due"),  # the second time running, ten days later
        ("2023-04-22", "referred"),
        ("2023-05-10", "satisfactory"),
        ("2024-06-01", "lost"),
        ("2024-10-01", "satisfactory"),  # a contact brings back, and the reading is at goal
    ],
    "type2-diabetes": [
        ("2022-01-20", "high_risk"),  # 66 years at a contact
        ("2022-05-02", "unsatisfactory"),  # enrolled and read on one day: no stay in enrolled is left
        ("2022-05-14", "referral_due"),
        ("2022-05-16", "referred"),
        ("2022-05-25", "returned"),
        ("2022-06-01", "satisfactory"),
        ("2024-06-01", "lost"),
        ("2024-10-01", "unsatisfactory"),  # 7.0 is not below 7.0
    ],
    "ischaemic-stroke": [
        ("2023-03-10", "hospital"),
        ("2023-03-24", "discharged"),
        ("2023-03-30", "recovering"),  # 90 days: until 28 June; no reading ends a phase of recovery
        ("2023-06-29", "recovery"),  # three months: until 29 September
        ("2023-09-30", "recovery_ended"),
        ("2024-06-01", "lost"),
        ("2024-10-01", "unsatisfactory"),  # 130 is not below 130
    ],
}


@pytest.fixture(scope="module", name="log")
def _log():
    """Give the registry of this one person."""
    return log_of(EVENTS, PEOPLE, quantities=quantities())


@pytest.fixture(scope="module", name="person")
def _person(log):
    """Give the person's courses side by side."""
    return sd.joint_courses(log, "P1", diseases=NAMES)


@pytest.mark.parametrize("engine", ["columnar", "reference"])
@pytest.mark.parametrize("name", NAMES)
def test_the_states_of_each_disease(log, person, engine, name):
    """Each state is entered on the day that its comment says: in the batch of either engine, and side by side."""
    found = [(one["entered"], one["state"]) for one in sd.courses(name, log, until="2024-12-31", engine=engine).spells]
    assert [(str(day), state) for day, state in found][1:] == CHANGES[name]
    spells = [(str(stay.entered), stay.state.id) for stay in person[name].spells_on("2024-12-31")]
    assert spells[1:] == CHANGES[name]


def test_one_visit_serves_all_three(person):
    """At the end of 2023 each wants a follow-up three months after 28 September: it is one visit."""
    due = {
        one.due.isoformat(): [item.disease for item in one.serves]
        for one in person.due("2023-12-31")
        if one.kinds == ("follow_up",)
    }
    assert {*due["2023-12-28"]} == {*NAMES}


def test_the_earliest_of_what_a_visit_serves_counts(person):
    """Two diseases want a review within two weeks of 1 October 2024; the third's visit in January is served with it."""
    first = person.due("2024-12-31")[0]
    assert (first.due.isoformat(), first.overdue) == ("2024-10-15", 77)
    assert {(one.disease, one.due.item) for one in first.serves} >= {
        ("type2-diabetes", "review"),
        ("ischaemic-stroke", "review"),
        ("hypertension", "follow_up"),
    }


@pytest.mark.parametrize(
    ("day", "sbp", "whose"), [("2022-12-31", 150, "hypertension"), ("2023-12-31", 130, "ischaemic-stroke")]
)
def test_the_stricter_goal_since_the_stroke(person, day, sbp, whose):
    """Before the stroke the pressure is to be below 150, after it below 130."""
    (goal,) = [one for one in person.goals(day) if one.quantity == "sbp"]
    assert (goal.high.high, goal.high.disease) == (sbp, whose)


def test_the_way_in_words(log, person):
    """Each event stands once with its line, each change under it, in either language; nothing later is told."""
    way = sd.joint_way(person, "2023-07-31", log)
    english, chinese = way.to_text("en"), way.to_text("zh")
    assert "2024" not in english.replace("2024-03-30", "")
    assert english.count("fasting glucose 8.2") == 1
    assert (
        "      Ischaemic stroke: early recovery (up to 3 months) → recovery (3 to 6 months) (missed: end of recovery)"
        in english
    )
    assert "缺血性脑卒中" in chinese
    assert ":2)" in english  # the first row stands on the second line of its file
    told = way.to_dict()
    assert [one["state"] for one in told["stands"]] == ["satisfactory", "satisfactory", "recovery"]
    assert sum(len(day["events"]) for day in told["days"]) == 18


def test_nobody_is_told_of_a_disease_that_has_not_begun(person):
    """Before the stroke only two diseases stand there."""
    assert [one.disease.en for one in sd.joint_way(person, "2022-12-31").stands] == ["Hypertension", "Type 2 diabetes"]


def test_what_nobody_names_is_asked_for(log):
    """The diseases are those that the person's events name; somebody without any has to be asked about by name."""
    assert sorted(sd.joint_courses(log, "P1").states) == sorted(NAMES)
    silent = log_of("who date kind\nP2 2024-01-01 encounter", "who birth\nP2 1950-01-01")
    with pytest.raises(sd.UsageError, match="names a disease"):
        sd.joint_courses(silent, "P2")


def test_as_it_was_known(log):
    """As of a day in 2022 there is no stroke yet, and nothing may be asked of a later day."""
    then = sd.joint_courses(log, "P1", diseases=NAMES, as_of="2022-12-31")
    assert then.states["ischaemic-stroke"].id == "general"
    with pytest.raises(sd.UsageError, match="as of"):
        sd.joint_way(then, "2023-12-31")


# COLOUR, GOALS AND WORK, DAY BY DAY

COLOURS = [
    ("2022-01-19", None),  # nothing was read yet
    ("2022-01-20", "yellow"),  # 150 is not below 150
    ("2022-02-02", "green"),
    ("2022-05-02", "yellow"),  # the pressure is green, glucose of 8.2 yellow: the worst counts
    ("2022-05-14", "red"),  # glucose not at goal a second time running
    ("2022-05-31", "red"),  # it stands until the next
    ("2022-06-01", "green"),
    ("2023-03-10", "green"),  # a stroke by itself says no colour: its disability was not assessed
    ("2023-04-10", "yellow"),  # pressure of 152; moderate disability
    ("2023-04-20", "red"),  # 158 is the second
    ("2023-05-10", "yellow"),  # the pressure is green again, the disability is not
    ("2023-09-28", "green"),  # a grade of 1 is none
    ("2024-09-28", "green"),  # twelve months later
    ("2024-09-29", None),  # the readings are too old, and so is the grade of disability: nobody knows
    ("2024-10-01", "yellow"),  # glucose of 7.0
]


def test_the_clinic_says_the_same_colour_and_whose_it_is(person):
    """Side by side the person has the colours of the batch; the reason names the disease that gives the worst."""
    (colour,) = sd.joint_tiers()
    found = {day: person.level(colour, day) for day, _ in COLOURS}
    assert [(day, one.level.id if one.level else None) for day, one in found.items()] == COLOURS
    assert found["2022-05-14"].reason.zh == "红黄绿（本人最重）：红（2型糖尿病红）"
    assert found["2023-04-10"].reason.en.endswith("yellow (Hypertension yellow; Ischaemic stroke slight to moderate)")
    assert "未知" in found["2024-09-29"].reason.zh
    (told,) = sd.joint_way(person, "2022-05-14").levels
    assert (told.level.id, [one.counts_as.id for one in told.given]) == ("red", ["green", "red"])
    assert (
        "colour (the worst of the person's): red (Type 2 diabetes red)" in sd.joint_way(person, "2022-05-14").to_text()
    )
    assert sd.joint_way(person, "2022-05-14").to_dict()["levels"][0]["level"] == "red"
    assert sd.joint_way(person, "2022-05-14", tiers=()).levels == ()


@pytest.mark.parametrize("engine", ["columnar", "reference"])
def test_the_colour_is_the_worst_of_the_three(log, engine):
    """On each day it is what its comment says, and unknown before the first reading."""
    (colour,) = sd.joint_tiers()
    spans = [f"{day}..{day}" for day, _ in COLOURS]
    found = sd.values(colour.on(sd.PERIOD.end), log, periods=spans, engine=engine)
    assert [row["value"] if row["known"] else None for row in found] == [level for _, level in COLOURS]


WORK = {
    # three months after the reading of 2 February, at goal
    "2022-03-01": [("hypertension", "follow_up", "2022-05-02", 0)],
    # three months after 1 December for both; a year after the check-up of 1 September
    "2022-12-31": [
        ("hypertension|type2-diabetes", "follow_up", "2023-03-01", 0),
        ("hypertension|type2-diabetes", "checkup", "2023-09-01", 0),
    ],
    # two weeks after the reading that asked for referral; in recovery a visit each month
    "2023-05-01": [
        ("hypertension", "referral_follow_up", "2023-05-04", 0),
        ("ischaemic-stroke", "recovery_follow_up", "2023-05-20", 0),
    ],
    # three months after 28 September, one visit for all three
    "2023-12-31": [
        ("hypertension|ischaemic-stroke|type2-diabetes", "follow_up", "2023-12-28", 3),
        ("hypertension|type2-diabetes|ischaemic-stroke", "checkup", "2023-09-01", 121),
    ],
    # two weeks after the readings of 1 October that were not at goal; pressure is served with it
    "2024-12-31": [("ischaemic-stroke|type2-diabetes|hypertension", "review|follow_up", "2024-10-15", 77)],
}


@pytest.mark.parametrize("engine", ["columnar", "reference"])
@pytest.mark.parametrize("day", WORK)
def test_the_joint_worklist_day_by_day(log, engine, day):
    """Each visit that is due stands there once, with all it serves, its day and how long it is overdue."""
    rows = sd.worklist(log, on=day, diseases=NAMES, joint=True, engine=engine).rows()
    found = {(row["disease"], row["item"], str(row["due"]), row["overdue_days"]) for row in rows}
    assert found >= set(WORK[day])


def test_the_stricter_goal_says_why(person):
    """Each goal is named with that of the other disease, in both languages; nobody else has a say on glucose."""
    told = {goal.quantity: (goal.reason.zh, goal.reason.en) for goal in person.goals("2023-12-31")}
    assert told["sbp"] == (
        "收缩压 < 130 mmHg（取最严格者：缺血性脑卒中；各目标：高血压·血压达标 < 150；缺血性脑卒中·血压达标 < 130）",
        "systolic pressure < 130 mmHg (the strictest: Ischaemic stroke; "
        "of Hypertension, pressure at goal: < 150; Ischaemic stroke, pressure at goal: < 130)",
    )
    assert told["fpg"][1] == (
        "fasting glucose < 7 mmol/L (the strictest: Type 2 diabetes; of Type 2 diabetes, fasting glucose at goal: < 7)"
    )
