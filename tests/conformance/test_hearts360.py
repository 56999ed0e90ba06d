"""The worked examples that HEARTS360 publishes, by the shipped set: each expectation, and its table of fourteen months.

Facts of simpledotorg/hearts360, its examples in words and its example table.  Months without a year are those of 2024.
"""

from datetime import date
from itertools import pairwise

import pytest

import singledisease as sd
from singledisease.catalogue import measure_set
from singledisease.eventlog.build import build
from singledisease.eventlog.raw import raw_rows

NAMES = ("registrations", "cumulative")
PRESSURES = {"controlled": ("130", "80"), "uncontrolled": ("150", "95")}
REGISTERED_LONG_AGO = ("2023-01-10", "enrolment", {"disease": "hypertension"})


def enrolled(day):
    """Give a registration."""
    return day, "enrolment", {"disease": "hypertension"}


def seen(day, outcome="uncontrolled"):
    """Give a visit with a pressure."""
    sbp, dbp = PRESSURES[outcome]
    return day, "follow_up", {"sbp": sbp, "dbp": dbp}


def called(day, status):
    """Give a call and how it ended."""
    return day, "call", {"status": status}


DUE_JAN_5 = [REGISTERED_LONG_AGO, ("2023-12-05", "appointment", {"until": "2024-01-05"})]
RETURNED = [
    ("day 15", [called("2024-01-01", "agreed_to_visit"), seen("2024-01-16")], {"2024-01": 1}),
    ("day 16", [called("2024-01-01", "agreed_to_visit"), seen("2024-01-17")], {"2024-01": 0}),
    ("the next month", [called("2024-01-31", "agreed_to_visit"), seen("2024-02-05")], {"2024-01": 1}),
    (
        "of the first call",
        [called("2024-01-10", "agreed_to_visit"), called("2024-01-20", "agreed_to_visit"), seen("2024-01-27")],
        {"2024-01": 0},
    ),
    (
        "windows that overlap",
        [called("2024-01-30", "agreed_to_visit"), called("2024-02-03", "agreed_to_visit"), seen("2024-02-05")],
        {"2024-01": 1, "2024-02": 1},
    ),
]


def score_of(events, period, measure, death=""):
    """Give the row of a measure of the set for one person and a month."""
    names = dict.fromkeys(name for _, _, more in events for name in more)
    log = build(
        raw_rows("patients", {"patient_id": ["P"], "birth_date": [""], "death_date": [death]}),
        raw_rows(
            "events",
            {
                "patient_id": ["P"] * len(events),
                "date": [day for day, _, _ in events],
                "kind": [kind for _, kind, _ in events],
                **{name: [more.get(name, "") for _, _, more in events] for name in names},
            },
        ),
    )
    assert not log.report.refusals
    (asked,) = (one for one in measure_set("hearts360") if one.id == measure)
    (row,) = sd.evaluate([asked], log, period=period).table()
    return row


def group_of(events, period, measure, **more):
    """Give the one group in which the person is."""
    (group,) = (name for name, people in score_of(events, period, measure, **more)["groups"].items() if people)
    return group


@pytest.mark.parametrize("month", ["2023-09", "2023-12"])
def test_a_death_takes_the_patient_out_of_every_past_month(month):
    """Registered in September 2023 and dead in January 2024: in no month of 2023 is there a patient."""
    row = score_of([enrolled("2023-09-10")], month, "hearts360.cumulative", death="2024-01-15")
    assert row["numerator"] == 0


@pytest.mark.parametrize(("month", "monthly"), [("2023-09", 1), ("2023-10", 0)])
def test_registration(month, monthly):
    """Counted once in the month of registration, and cumulatively from then on."""
    events = [enrolled("2023-09-10")]
    assert score_of(events, month, "hearts360.registrations")["numerator"] == monthly
    assert score_of(events, month, "hearts360.cumulative")["numerator"] == 1


@pytest.mark.parametrize(("month", "under_care"), [("2024-02", 1), ("2024-03", 0)])
def test_under_care_for_eleven_months_after_the_month_of_the_visit(month, under_care):
    """Seen in March 2023: under care up to February 2024, lost from March on."""
    events = [enrolled("2023-01-10"), seen("2023-03-10")]
    assert score_of(events, month, "hearts360.under_care")["numerator"] == under_care
    assert score_of(events, month, "hearts360.lost_to_follow_up")["numerator"] == 1 - under_care


@pytest.mark.parametrize(
    ("outcome", "visits"),
    [
        ("controlled", "2023-11 controlled, 2024-01 uncontrolled, 2024-02 uncontrolled, 2024-03 controlled"),
        ("uncontrolled", "2023-11 controlled, 2024-02 uncontrolled, 2024-04 uncontrolled"),
        ("no visit", "2023-12 controlled, 2024-01 uncontrolled"),
    ],
)
def test_the_outcome_is_the_latest_of_three_months(outcome, visits):
    """Registered in September 2023, asked at the end of April 2024."""
    came = (visit.split() for visit in visits.split(", "))
    events = [enrolled("2023-09-10"), *(seen(f"{month}-10", how) for month, how in came)]
    assert group_of(events, "2024-04", "hearts360.care_state") == outcome


@pytest.mark.parametrize(
    ("month", "calls", "overdue"),
    [("2024-01", [], 0), ("2024-02", [], 1), ("2024-02", [called("2024-01-15", "removed_from_overdue_list")], 0)],
)
def test_overdue_on_the_first_of_the_month(month, calls, overdue):
    """Expected on 5 January: overdue on 1 February, not on 1 January, and not if taken off the list."""
    assert score_of([*DUE_JAN_5, *calls], month, "hearts360.overdue")["numerator"] == overdue


def test_called():
    """A call on 7 January counts in January, though the patient was not overdue on the first."""
    events = [*DUE_JAN_5, called("2024-01-07", "remind_to_call_later")]
    assert score_of(events, "2024-01", "hearts360.called")["numerator"] == 1


def test_the_first_call_of_the_month_counts():
    """Reminded on 8 February and agreed on the 15th: called once, with the result of the 8th."""
    events = [
        REGISTERED_LONG_AGO,
        ("2023-12-30", "appointment", {"until": "2024-01-30"}),
        called("2024-02-08", "remind_to_call_later"),
        called("2024-02-15", "agreed_to_visit"),
    ]
    assert score_of(events, "2024-02", "hearts360.called")["numerator"] == 1
    assert group_of(events, "2024-02", "hearts360.call_results") == "remind to call later"


@pytest.mark.parametrize(("events", "months"), [case[1:] for case in RETURNED], ids=[case[0] for case in RETURNED])
def test_returned_within_fifteen_days_of_the_first_call(events, months):
    """Day 0 to 15 after the first call of the month, whichever month that is in."""
    for month, expected in months.items():
        row = score_of([REGISTERED_LONG_AGO, *events], month, "hearts360.returned")
        assert (row["numerator"], row["denominator"]) == (expected, 1)


# ITS EXAMPLE TABLE: lost, under care, cumulative, new, registered before, no visit, uncontrolled, controlled

MONTHS = """
    2023-05  362   8011   8373   2195   5816   969   1279  3568
    2023-06  443   9472   9915   3495   5977   942   1320  3715
    2023-07  538   10553  11091  4160   6393   910   1314  4169
    2023-08  619   11451  12070  3604   7847   1061  1476  5310
    2023-09  721   12397  13118  3111   9286   1268  1821  6197
    2023-10  827   14135  14962  3767   10368  1492  1888  6988
    2023-11  918   15392  16310  4136   11256  1676  2026  7554
    2023-12  997   16445  17442  4229   12216  1799  2139  8278
    2024-01  1155  18042  19197  4138   13904  2369  2653  8882
    2024-02  1283  20544  21827  5389   15155  2841  2902  9412
    2024-03  1492  25673  27165  9461   16212  3305  2852  10055
    2024-04  1778  31308  33086  13419  17889  3590  3205  11094
    2024-05  1990  36384  38374  16058  20326  3926  3955  12445
    2024-06  2266  38885  41151  13617  25268  5262  5121  14885
"""
ROWS = [[int(cell) for cell in line.split()[1:]] for line in MONTHS.strip().splitlines()]


def test_what_the_table_says_of_one_month_is_a_partition():
    """Lost and under care make the cumulative number, new and earlier ones those under care, outcomes the earlier."""
    for lost, under_care, cumulative, new, before, no_visit, uncontrolled, controlled in ROWS:
        assert lost + under_care == cumulative
        assert new + before == under_care
        assert no_visit + uncontrolled + controlled == before


def test_its_months_are_not_those_of_one_registry():
    """Its fourth check never holds: newly registered are not what the cumulative number grew by in three months."""
    grown = [(row[3], row[2] - earlier[2]) for earlier, row in zip(ROWS, ROWS[3:], strict=False)]
    assert len(grown) == 11
    assert not any(new == more for new, more in grown)


def test_in_one_registry_the_cumulative_number_grows_by_the_registrations():
    """By the shipped set it does in every month, a patient who died included: a death is taken out of both."""
    who = [f"P{i:02}" for i in range(60)]
    days = [date(2023, 1 + i % 12, 1 + i % 28).isoformat() for i in range(60)]
    log = build(
        raw_rows(
            "patients",
            {
                "patient_id": who,
                "birth_date": [""] * 60,
                "death_date": ["2024-02-01" if i % 7 == 0 else "" for i in range(60)],
            },
        ),
        raw_rows(
            "events",
            {"patient_id": who, "date": days, "kind": ["enrolment"] * 60, "disease": ["hypertension"] * 60},
        ),
    )
    asked = [one for one in measure_set("hearts360") if one.id in ("hearts360.registrations", "hearts360.cumulative")]
    rows = sd.evaluate(asked, log, periods="2023/month").table()
    of = {name: [row["numerator"] for row in rows if row["measure"] == f"hearts360.{name}"] for name in NAMES}
    growth = [later - earlier for earlier, later in pairwise([0, *of["cumulative"]])]
    assert growth == of["registrations"]
    assert sum(growth) == 51
