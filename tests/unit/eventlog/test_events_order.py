"""Canonical order: of rows, of single events, and what counts as an exact duplicate."""

import itertools
import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from singledisease.eventlog.build import build
from singledisease.eventlog.columns import coded
from singledisease.eventlog.equality import equal
from singledisease.eventlog.event import Event
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.order import canonical_order, kind_key, sort_key
from singledisease.eventlog.raw import raw_rows
from singledisease.sorting import sort

Row = dict[str, str]

PEOPLE = {"patient_id": ["P1", "P2"], "birth_date": ["", ""]}
CELLS = {
    "patient_id": st.sampled_from(["P1", "P2"]),
    "date": st.sampled_from(["2024-01-01", "2024-01-02", "0001-01-01"]),
    "kind": st.sampled_from(["lost", "exit", "redemption", "home_oxygen", "bowling", "follow_up"]),
    "sequence": st.sampled_from(["", "", "1", "-2", "10"]),
    "sbp": st.sampled_from(["", "120", "150"]),
    "fpg": st.sampled_from(["", "7", "10"]),
    "mode": st.sampled_from(["", "clinic", "home"]),
    "emergency": st.sampled_from(["", "0", "1"]),
    "until": st.sampled_from(["", "2024-05-01", "2024-04-01"]),
    "ward": st.sampled_from(["", "9", "10", "b", "中"]),
    "recorded": st.sampled_from(["", "2024-01-01", "2024-03-01"]),
}
rows = st.lists(st.fixed_dictionaries(CELLS), max_size=25)


def load(given_rows: list[Row]) -> EventLog:
    """Build a log of rows."""
    columns = {name: [row[name] for row in given_rows] for name in CELLS}
    return build(raw_rows("patients", PEOPLE), raw_rows("events", columns))


def test_kinds_follow_each_other_as_in_the_vocabulary() -> None:
    """A referral comes after the follow-up that led to it, a further kind before lost, exit last."""
    wanted = ["screening", "diagnosis", "follow_up", "referral", "complication", "alpha", "beta", "lost", "exit"]
    assert sorted(wanted, key=kind_key) == wanted


def test_the_order_of_the_contract_step_by_step() -> None:
    """Date, sequence with missing lowest, kind, quantities in order with missing lowest, columns by name."""
    wanted = [
        Event("exit", "2024-01-01"),
        Event("screening", "2024-01-02", ward="b"),
        Event("follow_up", "2024-01-02"),
        Event("follow_up", "2024-01-02", until="2024-05-01"),
        Event("follow_up", "2024-01-02", mode="clinic"),
        Event("follow_up", "2024-01-02", mode="clinic", until="2024-05-01"),
        Event("follow_up", "2024-01-02", mode="home"),
        Event("follow_up", "2024-01-02", adverse_reaction=False),
        Event("follow_up", "2024-01-02", adverse_reaction=True),
        Event("follow_up", "2024-01-02", fpg=9.0),
        Event("follow_up", "2024-01-02", fpg=10.0),
        Event("follow_up", "2024-01-02", dbp=90),
        Event("follow_up", "2024-01-02", sbp=120, dbp=95),
        Event("follow_up", "2024-01-02", sbp=150),
        Event("screening", "2024-01-02", sequence=-1),
        Event("screening", "2024-01-02", sequence=0),
    ]
    shuffled = random.Random(3).sample(wanted, len(wanted))
    assert sorted(shuffled, key=sort_key) == wanted


def test_recorded_takes_no_part_in_a_key() -> None:
    """When an event became known does not change where it stands."""
    assert sort_key(Event("test", "2024-01-01", recorded="2024-02-01")) == sort_key(Event("test", "2024-01-01"))


@given(rows)
def test_rows_and_single_events_stand_in_the_same_order(given_rows: list[Row]) -> None:
    """Sorting the events of a log by their keys changes nothing, and no two keys are equal."""
    log = load(given_rows)
    for person in range(len(log.people)):
        keys = [sort_key(event) for event in log.events_of(person)]
        assert all(first < second for first, second in itertools.pairwise(keys))


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(given_rows: list[Row], random: random.Random) -> None:
    """Shuffled rows give an equal log and an equal account."""
    shuffled = random.sample(given_rows, len(given_rows))
    first, second = load(given_rows), load(shuffled)
    assert equal(first, second)
    assert first.report.tables == second.report.tables


@given(rows)
def test_loading_rows_twice_changes_nothing(given_rows: list[Row]) -> None:
    """Every row that stands twice is an exact duplicate once."""
    once, twice = load(given_rows), load(given_rows + given_rows)
    assert equal(once, twice)
    counts = twice.report.table("events")
    assert counts.balanced
    assert counts.duplicates == once.report.table("events").duplicates + len(given_rows)


def test_the_earliest_known_copy_is_kept_with_its_place() -> None:
    """Of rows equal but for ``recorded`` the earliest known stays; blank is the day itself."""
    base = dict.fromkeys(CELLS, "") | {"patient_id": "P1", "date": "2024-01-10", "kind": "test"}
    late, early = base | {"recorded": "2024-03-01"}, base | {"recorded": "2024-01-05"}
    log = load([late, base, early, base])
    assert len(log) == 1
    assert log.event(0)["recorded"] == 19727
    assert log.place(0) == ("events", 4)
    assert load([late, base, base]).place(0) == ("events", 3)


def test_rows_that_differ_in_withdrawal_are_not_duplicates() -> None:
    """Only ``recorded`` and the place take no part in what makes a duplicate."""
    columns = {
        "patient_id": ["P1"] * 2,
        "date": ["2024-01-01"] * 2,
        "kind": ["test"] * 2,
        "withdrawn": ["", "20240201"],
    }
    assert len(build(raw_rows("patients", PEOPLE), raw_rows("events", columns))) == 2


def test_columns_too_wide_for_one_number_still_sort() -> None:
    """What does not fit into the packed key settles ties afterwards."""
    person = np.array([2**40, 0, 2**40, 2**40])
    date = np.array([2**30, 5, -(2**30), -(2**30)], np.int32)
    order, again = canonical_order(person, date, coded(["test", "exit", "lost", "lost"]), {})
    assert order.tolist()[0] == 1
    assert sorted(order.tolist()[1:3]) == [2, 3]
    assert order.tolist()[3] == 0
    assert again.tolist() == [False, False, True, False]


def test_keys_that_leave_no_room_for_the_row_still_sort() -> None:
    """Where the packed key fills 63 bits the rows are sorted beside it."""
    person, date = np.array([2**40, 0, 2**40]), np.array([2**20, 0, 0], np.int32)
    order, again = canonical_order(person, date, coded(["lost", "exit", "lost"]), {})
    assert order.tolist() == [1, 2, 0]
    assert not again.any()


NAMES = st.lists(st.sampled_from(["P1", "P2", "P3", "P4", "p1"]), max_size=5, unique=True)


@given(NAMES, NAMES)
def test_persons_are_found_in_whatever_order_both_tables_name_them(people: list[str], wanted: list[str]) -> None:
    """Each row of an event finds its person or nobody, sorted or not, and with strangers or without."""
    log = build(
        raw_rows("patients", {"patient_id": people, "birth_date": [""] * len(people)}),
        raw_rows(
            "events", {"patient_id": wanted, "date": ["2024-01-01"] * len(wanted), "kind": ["test"] * len(wanted)}
        ),
    )
    assert [log.people.ids[person] for person in log.person] == sorted(set(people) & set(wanted))
    assert sorted(refusal.value for refusal in log.report.refusals) == sorted(set(wanted) - set(people))


def test_many_numbers_are_sorted_as_few_are() -> None:
    """Two halves sorted side by side come together again, with an odd count and with numbers that repeat."""
    numbers = np.random.default_rng(1).integers(-5, 1 << 40, 200_001)
    numbers[1000:3000] = numbers[0]
    wanted = np.array(sorted(numbers.tolist()))
    sort(numbers)
    assert (numbers == wanted).all()
