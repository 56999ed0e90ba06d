"""What every managed disease is measured by: worked cases of people managed and of standardized management.

The same few people stand in the registry once for each disease, every event tagged with it; only how many follow-ups it
owes a year (``visits_per_year``) and in how many days one (``days_per_visit``) is read from the disease's own file.
"""

from datetime import date, timedelta

import pytest
from tables import log_of

import singledisease as sd
from singledisease import catalogue
from singledisease.catalogue.cn_bphs_2017 import SPEAKS_OF

DISEASES = {name: catalogue.disease(name) for name in catalogue.disease_ids()}
ALL = [name for name in DISEASES if name not in SPEAKS_OF]
NATIONAL = list(SPEAKS_OF)
OF_ENGINE = {"columnar": ALL, "reference": ALL[::8]}
"""The slower engine, one person at a time, is asked for some of them."""

# MANAGED, in 2024: told are the groups of the default, of managed=period_end, managed=followed_up, misdiagnosed=keep.
MANAGED = {
    "since_february": ("2024-02-01 enrolment", "numerator numerator outside numerator"),
    "moved_in_june": ("2024-02-01 enrolment, 2024-06-30 exit moved", "numerator outside outside numerator"),
    "last_day": ("2024-12-31 enrolment", "numerator numerator outside numerator"),
    "day_after": ("2025-01-01 enrolment", "outside outside outside outside"),
    "closed_first_day": ("2023-06-01 enrolment, 2024-01-01 exit moved", "outside outside outside outside"),
    "closed_second_day": ("2023-06-01 enrolment, 2024-01-02 exit moved", "numerator outside outside numerator"),
    "misdiagnosed": (
        "2024-02-01 enrolment, 2024-03-01 follow_up clinic, 2024-06-30 exit misdiagnosed",
        "excluded:misdiagnosed outside excluded:misdiagnosed numerator",
    ),
    "seen": ("2024-02-01 enrolment, 2024-12-31 follow_up clinic", "numerator numerator numerator numerator"),
    "seen_before": ("2023-12-01 enrolment, 2023-12-31 follow_up clinic", "numerator numerator outside numerator"),
    "never": ("2024-03-01 follow_up clinic", "outside outside outside outside"),
}
POLICIES = ({}, {"managed": "period_end"}, {"managed": "followed_up"}, {"misdiagnosed": "keep"})


def rows_of(who, disease, told):
    """Write the rows of one person: day, kind, and the mode of a follow-up or the reason of an exit."""
    for row in told.split(", "):
        day, kind, *word = row.split()
        mode = word[0] if kind == "follow_up" else "."
        reason = word[0] if kind == "exit" else "."
        yield f"{who} {day} {kind} {disease} {mode} {reason}"


def registry(own, told):
    """Give the log in which each person of a table stands once for each disease: ``told(disease)`` by name."""
    people = [(f"{name}/{who}", name, rows) for name in own for who, rows in told(name).items()]
    events = [line for who, name, rows in people for line in rows_of(who, name, rows)]
    return log_of("\n".join(["who date kind disease mode reason", *events]), "")


def groups(about, log, policy, engine, own):
    """Give the groups of one measure of each disease, as ``disease: {group: people}``, without those outside."""
    measures = [one for one in sd.measures("single-disease") if one.id in {f"{name}.{about}" for name in own}]
    score = sd.evaluate(measures, log, period="2024", policy=policy, engine=engine.name)
    found = {}
    for row in score.table():
        counts = {group: n for group, n in row["groups"].items() if n and group != "outside"}
        found[row["measure"].partition(".")[0]] = counts
    return found


def counted(listed):
    """Count groups, without those outside."""
    return {group: listed.count(group) for group in dict.fromkeys(listed) if group != "outside"}


@pytest.mark.parametrize("at", range(len(POLICIES)), ids=["default", "period_end", "followed_up", "keep"])
def test_managed(engine, at):
    """Managed on one day of the year is managed; on the last day, or followed up, where the policy says so."""
    own = [*OF_ENGINE[engine.name], *NATIONAL]
    log = registry(own, lambda _: {who: rows for who, (rows, _) in MANAGED.items()})
    expected = counted([told.split()[at] for _, told in MANAGED.values()])
    wanted = dict.fromkeys(own, expected)
    if POLICIES[at] == {"managed": "period_end"}:
        # Recovery is over after twelve months: who was enrolled on 1 December 2023 is managed no longer.
        wanted["acs-recovery"] = {"numerator": expected["numerator"] - 1}
    assert groups("managed", log, POLICIES[at], engine, own) == wanted


def number(disease, name):
    """Give a number that the disease's own file declares."""
    (parameter,) = (one for one in DISEASES[disease].parameters if one.name == name)
    return int(parameter.values[0].value)


def visits(days, mode="clinic"):
    """Write follow-ups on days of 2024, counted from the first."""
    first = date(2024, 1, 1)
    return [f"{first + timedelta(day)} follow_up {mode}" for day in days]


def standards(disease):
    """Tell by person the rows, where so many follow-ups are owed a year, and one in so many days."""
    owed, days = number(disease, "visits_per_year"), number(disease, "days_per_visit")
    spread = [3 + k * 300 // owed for k in range(owed)]
    floor_start = date(2024, 12, 31) - timedelta(days - 1)
    one_less = floor_start + timedelta(1)
    return {
        "as_many": ["2023-12-31 enrolment", *visits(spread)],
        "one_less": ["2023-12-31 enrolment", *visits(spread[1:])],
        "one_by_phone": ["2023-12-31 enrolment", *visits(spread[1:]), *visits(spread[:1], "phone")],
        "one_at_home": ["2023-12-31 enrolment", *visits(spread[1:]), *visits(spread[:1], "home")],
        "two_on_one_day": ["2023-12-31 enrolment", *visits(spread[1:]), *visits(spread[1:2], "home")],
        "first_and_last_day": ["2023-12-31 enrolment", *visits([0, *spread[1:-1], 365][:owed] if owed > 1 else [365])],
        "day_before": ["2023-12-31 enrolment", *visits([-1, *spread[1:]])],
        "floor_of_one": [f"{floor_start} enrolment", f"{date(2024, 12, 31)} follow_up clinic"],
        "floor_of_one_without": [f"{floor_start} enrolment"],
        "floor_of_none": [f"{one_less} enrolment"],
    }


def expected_standard(disease):
    """Count by hand who is in the numerator: by visits, and by the floor of managed days."""
    owed, days = number(disease, "visits_per_year"), number(disease, "days_per_visit")
    by_year = ["as_many", "one_at_home", "first_and_last_day", *(["floor_of_one"] if owed == 1 else [])]
    of_year = 366 // days
    by_floor = [*(["as_many", "one_at_home", "first_and_last_day"] if owed >= of_year else [])]
    by_floor += ["one_less", "one_by_phone", "two_on_one_day", "day_before"] if owed - 1 >= of_year else []
    by_floor += ["floor_of_one", "floor_of_none"]
    return len(by_year), len(by_floor)


@pytest.mark.parametrize("policy", ["visits", "floor"])
def test_standardized_management(engine, policy):
    """So many follow-ups face to face on different days of the year as the disease owes, or as its managed days owe."""
    own = OF_ENGINE[engine.name]
    log = registry(own, lambda name: {who: ", ".join(rows) for who, rows in standards(name).items()})
    found = groups("standardized_management", log, {"standard": policy}, engine, own)
    for name in own:
        numerator = expected_standard(name)[policy == "floor"]
        assert found[name] == {"numerator": numerator, "not_numerator": 10 - numerator}, name


def test_standardized_by_what_is_late(engine):
    """By ``no_breach`` who was enrolled on the last day has nothing late yet, whatever the disease."""
    own = OF_ENGINE[engine.name]
    log = registry(own, lambda _: {"last_day": "2024-12-31 enrolment"})
    found = groups("standardized_management", log, {"standard": "no_breach"}, engine, own)
    assert found == {name: {"numerator": 1} for name in own}
    found = groups("standardized_management", log, {"standard": "visits"}, engine, own)
    assert found == {name: {"not_numerator": 1} for name in own}


FOUR = "2023-12-31 enrolment, 2024-01-01 follow_up clinic, 2024-04-01 follow_up home, 2024-07-01 follow_up clinic"
NATIONAL_STANDARD = {
    "four_and_checkup": (f"{FOUR}, 2024-12-31 follow_up clinic, 2024-12-31 checkup", "numerator"),
    "three_and_checkup": (f"{FOUR}, 2024-12-31 checkup", "not_numerator"),
    "no_checkup": (f"{FOUR}, 2024-12-31 follow_up clinic", "not_numerator"),
    "two_on_one_day": (f"{FOUR}, 2024-07-01 follow_up home, 2024-12-31 checkup", "not_numerator"),
    "fourth_by_phone": (f"{FOUR}, 2024-12-31 follow_up phone, 2024-12-31 checkup", "not_numerator"),
    "fourth_a_day_late": (f"{FOUR}, 2025-01-01 follow_up clinic, 2024-12-31 checkup", "not_numerator"),
    "checkup_of_last_year": (f"{FOUR}, 2024-12-31 follow_up clinic, 2023-12-31 checkup", "not_numerator"),
}


def test_standardized_management_by_the_national_specification(engine):
    """Four follow-ups face to face on different days of the year and a checkup in it, for both diseases alike."""
    log = registry(NATIONAL, lambda _: {who: rows for who, (rows, _) in NATIONAL_STANDARD.items()})
    expected = counted([told for _, told in NATIONAL_STANDARD.values()])
    assert groups("standardized_management", log, {}, engine, NATIONAL) == dict.fromkeys(NATIONAL, expected)
