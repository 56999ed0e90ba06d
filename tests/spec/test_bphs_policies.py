"""Every policy of cn-bphs-2017, each with people on whom its options differ."""

import pytest
from bphs import enrolled, groups, measure
from tables import lines

from singledisease import catalogue
from singledisease.definitions.resolve import policies_of

CONTROL = "hypertension.control"
STANDARD = "hypertension.standardized_management"


def answers(*columns):
    """Write the group of each person, who are called A, B, C and so on."""
    return [f"{who} {group}" for who, group in zip("ABCDEF", columns, strict=False)]


def test_the_policies_are_named_as_agreed():
    """Control has seven policies, standardized management four; each is printed with its options and default."""
    diseases = catalogue.diseases()
    found = {policy.name: (policy.default, policy.options) for policy in policies_of(measure(CONTROL), diseases)}
    assert found == {
        "age_on": ("reading", ("reading", "period_end")),
        "lost": ("not_at_goal", ("not_at_goal", "exclude")),
        "lost_after": ("12", ()),
        "managed": ("any_time", ("any_time", "period_end", "followed_up")),
        "misdiagnosed": ("exclude", ("exclude", "keep")),
        "reading": ("last_follow_up", ("last_follow_up", "any_mode", "include_measurements", "day_lowest")),
        "unknown": ("not_at_goal", ("not_at_goal", "exclude")),
    }
    standard = {policy.name: policy for policy in policies_of(measure(STANDARD), diseases)}
    assert sorted(standard) == ["lost_after", "managed", "misdiagnosed", "standard"]
    assert standard["standard"].default == "four_and_checkup"
    assert standard["standard"].options == ("four_and_checkup", "floor90", "six_months", "no_breach")


@pytest.mark.parametrize(
    ("managed", "expected"),
    [
        ("any_time", answers("numerator", "numerator", "numerator")),
        ("period_end", answers("numerator", "outside", "numerator")),
        ("followed_up", answers("outside", "numerator", "numerator")),
    ],
)
def test_managed(engine, managed, expected):
    """A: never seen; B: seen, moved away in June; C: followed up by phone, which is a follow-up too."""
    events = enrolled("""
        who  date        kind        mode    reason
        A    2024-02-01  contract    .       .
        B    2024-02-01  follow_up   clinic  .
        B    2024-06-01  exit        .       moved
        C    2024-02-01  follow_up   phone   .
    """)
    assert groups(engine, "hypertension.managed", events, managed=managed) == expected


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        ("last_follow_up", answers("numerator", "numerator", "not_numerator", "unknown")),
        ("any_mode", answers("not_numerator", "numerator", "not_numerator", "not_numerator")),
        ("include_measurements", answers("numerator", "not_numerator", "not_numerator", "unknown")),
        ("day_lowest", answers("numerator", "numerator", "numerator", "unknown")),
    ],
)
def test_reading(engine, reading, expected):
    """A: worse by phone; B: worse at home alone; C: twice on one day, each time one of two too high; D: phone only."""
    events = enrolled("""
        who  date        kind         sequence  mode    sbp  dbp
        A    2024-02-01  follow_up    .         clinic  135  85
        A    2024-03-01  follow_up    .         phone   150  95
        B    2024-02-01  follow_up    .         home    135  85
        B    2024-03-01  measurement  .         home    150  95
        C    2024-02-01  follow_up    1         clinic  135  95
        C    2024-02-01  follow_up    2         clinic  145  85
        D    2024-02-01  follow_up    .         phone   150  95
    """)
    people = "who birth\nA 1970-01-01\nB 1970-01-01\nC 1970-01-01\nD 1970-01-01"
    assert groups(engine, CONTROL, events, people, reading=reading) == expected


def test_the_lowest_of_the_day_looks_at_the_last_day_only(engine):
    """A good reading on an earlier day does not help."""
    events = enrolled("""
        who  date        kind       mode    sbp  dbp
        A    2024-02-01  follow_up  clinic  120  70
        A    2024-02-02  follow_up  clinic  150  95
    """)
    assert groups(engine, CONTROL, events, reading="day_lowest") == ["A not_numerator"]


@pytest.mark.parametrize(("age_on", "expected"), [("reading", "not_numerator"), ("period_end", "numerator")])
@pytest.mark.parametrize("reading", ["last_follow_up", "day_lowest"])
def test_age_on(engine, reading, age_on, expected):
    """Who turns 65 after the reading is judged by 140 on that day and by 150 at the end of the year."""
    events = enrolled("who date kind mode sbp dbp\nA 2024-02-01 follow_up clinic 145 80")
    people = "who birth\nA 1959-06-01"
    assert groups(engine, CONTROL, events, people, age_on=age_on, reading=reading) == [f"A {expected}"]


@pytest.mark.parametrize(("lost", "expected"), [("not_at_goal", "not_numerator"), ("exclude", "excluded:lost")])
def test_lost(engine, lost, expected):
    """A lost person is not at goal, or excluded under that name; never counted as unknown."""
    events = enrolled("""
        who  date        kind       mode    sbp  dbp
        A    2024-02-01  follow_up  clinic  120  70
        A    2024-03-01  lost       .       .    .
        B    2024-03-01  lost       .       .    .
    """)
    assert groups(engine, CONTROL, events, lost=lost) == [f"A {expected}", f"B {expected}"]


@pytest.mark.parametrize(
    ("months", "expected"), [("3", "not_numerator"), ("9", "not_numerator"), ("10", "numerator"), ("12", "numerator")]
)
def test_lost_after(engine, months, expected):
    """Last seen on 29 February: silent for 9 months on 29 November, for 10 on 29 December, lost the day after."""
    events = enrolled("who date kind mode sbp dbp\nA 2024-02-29 follow_up clinic 120 70")
    people = "who birth\nA 1970-01-01"
    found = groups(engine, CONTROL, events, people, period="2024-01-01..2024-12-29", lost_after=months)
    assert found == [f"A {expected}"]


YEAR = """
    who  date        kind       mode
    A    2024-02-01  follow_up  clinic
    A    2024-04-01  follow_up  home
    A    2024-06-01  follow_up  clinic
    A    2024-09-01  follow_up  clinic
    A    2024-09-01  checkup    .
    B    2024-02-01  follow_up  clinic
    B    2024-02-02  follow_up  clinic
    B    2024-02-03  follow_up  clinic
    B    2024-02-04  follow_up  clinic
    C    2024-03-01  checkup    .
    C    2024-07-01  follow_up  clinic
    D    2024-02-01  follow_up  clinic
    D    2024-02-01  follow_up  home
    D    2024-06-01  follow_up  clinic
    D    2024-09-01  follow_up  clinic
    D    2024-09-02  checkup    .
"""


@pytest.mark.parametrize(
    ("standard", "expected"),
    [
        ("four_and_checkup", answers("numerator", "not_numerator", "not_numerator", "not_numerator")),
        ("floor90", answers("numerator", "numerator", "not_numerator", "not_numerator")),
        ("six_months", answers("numerator", "not_numerator", "numerator", "numerator")),
    ],
)
def test_standard(engine, standard, expected):
    """A does everything; B has no checkup; C came once; D came on three days, on one of them twice."""
    assert groups(engine, STANDARD, enrolled(YEAR), standard=standard) == expected


def test_no_breach(engine):
    """A is followed up every three months and checked up within the year; B is one day late once."""
    events = enrolled("""
        who  date        kind       mode
        A    2024-04-01  follow_up  clinic
        A    2024-07-01  follow_up  clinic
        A    2024-10-01  follow_up  clinic
        B    2024-04-02  follow_up  clinic
        B    2024-07-02  follow_up  clinic
        B    2024-10-02  follow_up  clinic
    """)
    assert groups(engine, STANDARD, events, standard="no_breach") == answers("numerator", "not_numerator")


def test_a_breach_counts_in_the_period_of_its_first_late_day(engine):
    """Due on 31 March, missed: late from 1 April on, so the second quarter has the breach."""
    events = enrolled("who date kind mode\nA 2024-05-01 follow_up clinic", on="2023-12-31")
    found = groups(engine, STANDARD, events, standard="no_breach", period="2024-01-01..2024-06-30/quarter")
    assert found == ["A 2024-03-31 numerator", "A 2024-06-30 not_numerator"]


def test_six_months_are_calendar_months(engine):
    """Asked on 31 December, a visit on 1 July is in the last six months and one on 30 June is not."""
    events = enrolled("""
        who  date        kind       mode
        A    2024-07-01  follow_up  clinic
        A    2024-01-01  checkup    .
        B    2024-06-30  follow_up  clinic
        B    2024-01-01  checkup    .
    """)
    assert groups(engine, STANDARD, events, standard="six_months") == answers("numerator", "not_numerator")


@pytest.mark.parametrize(("unknown", "expected"), [("not_at_goal", "unknown"), ("exclude", "excluded:unknown")])
def test_unknown(engine, unknown, expected):
    """Without a reading that holds both pressures a person is counted as unknown, or excluded."""
    events = enrolled("""
        who  date        kind       mode    sbp  dbp
        A    2024-02-01  follow_up  clinic  120  .
        A    2024-03-01  checkup    .       120  70
    """)
    assert groups(engine, CONTROL, events, unknown=unknown) == [f"A {expected}"]


@pytest.mark.parametrize(
    ("misdiagnosed", "expected"),
    [("exclude", "excluded:misdiagnosed"), ("keep", "numerator")],
)
@pytest.mark.parametrize("name", ["hypertension.managed", CONTROL])
def test_misdiagnosed(engine, name, misdiagnosed, expected):
    """Closed as misdiagnosed by the end of the period: excluded under that name, or kept."""
    events = enrolled("""
        who  date        kind       mode    sbp  dbp  reason
        A    2024-02-01  follow_up  clinic  120  70   .
        A    2024-03-01  exit       .       .    .    misdiagnosed
    """)
    people = "who birth\nA 1970-01-01"
    assert groups(engine, name, events, people, misdiagnosed=misdiagnosed) == [f"A {expected}"]


def test_misdiagnosed_after_the_period_is_not_known_in_it(engine):
    """Who is closed as misdiagnosed in the next year counted in this one."""
    events = enrolled("who date kind reason\nA 2025-01-01 exit misdiagnosed")
    assert groups(engine, "hypertension.managed", events) == ["A numerator"]


def test_every_option_puts_everybody_into_one_group(engine):
    """Whatever the policies, each person is in exactly one group and none is left over."""
    events = enrolled(YEAR)
    for policy in policies_of(measure(CONTROL), catalogue.diseases()):
        for option in policy.options:
            assert len(groups(engine, CONTROL, events, **{policy.name: option})) == len(lines("A\nB\nC\nD"))
