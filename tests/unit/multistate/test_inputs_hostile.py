"""Hostile input of histories and observations: how it is read, and how it is refused."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import singledisease as sd
from singledisease.multistate.assumption_tests.order import order_test
from singledisease.multistate.histories.histories import histories
from singledisease.multistate.inputs.ids import read_ids
from singledisease.multistate.inputs.labels import read_labels
from singledisease.multistate.inputs.times import read_times
from singledisease.multistate.uncertainty.limits import limits_of

WELL = {"start": [0, 4, 0], "stop": [4, 9, 5], "from_state": ["a", "b", "a"], "to_state": ["b", None, None]}
WHO = {"id": [7, 7, 8]}
DAYS = [dt.date(2024, 1, 1), dt.date(2024, 1, 5), dt.date(2024, 1, 10)]


# WHAT IS WRONG, ALL OF IT


def test_every_kind_of_fault_at_once():
    """One error names a fault of each kind, with the person, both rows, and how many there are of each."""
    with pytest.raises(sd.DataError) as refused:
        histories(
            [0, 3, 0, 6, 0, 5, 0, 0, 1],
            [5, 9, 4, 9, 5, 9, 3, 3, 0],
            list("abacabaaa"),
            ["b", None, "b", None, "c", None, None, None, None],
            id=["p1", "p1", "p2", "p2", "p3", "p3", "p4", "p4", "p5"],
        )
    text = str(refused.value)
    assert text.startswith("5 faulty stays (1 backwards, 1 duplicate, 1 overlap, 1 jump, 1 gap)")
    assert "person p4, row 7: the stay in a from 0 to 3 stands twice, also in row 6" in text
    assert "person p1, row 1: the stay in b from 3 to 9 starts before that in a from 0 to 5 (row 0) ends" in text
    assert "does not start in c, where that in a from 0 to 5 (row 4) led to" in text
    assert "in another state than b, where that in a from 0 to 4 (row 2) led to" in text


def test_many_faults_of_one_kind_do_not_hide_another():
    """Ten are shown, some of every kind."""
    start, stop = [*range(30), 0, 0], [*[-1] * 30, 5, 5]
    with pytest.raises(sd.DataError, match="31 faulty stays \\(30 backwards, 1 duplicate; 10 are shown\\)") as refused:
        histories(start, stop, ["a"] * 32, [None] * 32, id=[*range(30), 99, 99])
    assert sum(fault.check == "duplicate" for fault in refused.value.faults) == 1
    assert len(refused.value.faults) == 10


def test_every_faulty_cell_at_once():
    """Missing ids, times, states, weights and clusters are named together, before the order is looked at."""
    with pytest.raises(sd.DataError) as refused:
        histories(
            [0, np.nan, 0, 0, 0, 0],
            [5, 5, np.inf, 5, 5, 5],
            ["a", "a", "a", None, "x", "a"],
            ["a", None, None, None, None, "y"],
            id=[None, 2, 3, 4, 5, 6],
            states=["a"],
            weights=[1, 1, 1, 1, 1, 0],
            cluster=["c", "c", "c", "c", "c", None],
        )
    checks = [fault.check for fault in refused.value.faults]
    assert checks == ["no_id", "time", "time", "no_state", "unknown_state", "unknown_state", "no_cluster", "weight"]
    assert refused.value.faults[0].where == "row 0"
    assert refused.value.faults[1].where == "person 2, row 1"


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"weights": ["x", "y", "z"]}, sd.DataError, "weights must be numbers"),
        ({"weights": [[1], [1], [1]]}, sd.DataError, "one per stay, not an array"),
        ({"weights": [1, 1, np.inf]}, sd.DataError, "a weight of inf"),
        ({"start": ["2024-01-01"] * 3}, sd.DataError, "start holds dates and stop holds numbers"),
        ({"start": [0j, 4, 0]}, sd.DataError, "start must be numbers or dates, not complex"),
        ({"start": DAYS}, sd.DataError, "start holds dates and stop holds numbers"),
        ({"stop": DAYS}, sd.DataError, "stop holds dates and start holds numbers"),
        ({"start": 0}, sd.DataError, "one time per row, not an array of shape \\(\\)"),
        ({"start": np.array([{}, 1, 2], dtype=object)}, sd.DataError, "not objects such as {}"),
        (
            {"start": np.array([dt.datetime(2024, 1, 1, tzinfo=dt.UTC)] * 3, dtype=object)},
            sd.DataError,
            "time zone",
        ),
        ({"from_state": [["a"], ["a", "b"], ["a"]]}, sd.DataError, "not lists of different lengths"),
        ({"id": [[7], [7], [8]]}, sd.DataError, "id must be one per row"),
        ({"cluster": [1, 2, 1]}, sd.DataError, "in another cluster than that in row 0"),
        ({"states": "ab"}, sd.UsageError, "one text; give a list"),
        ({"states": ["a", "b", "a"]}, sd.UsageError, "names 'a' twice"),
        ({"states": ["a", "b"], "allowed": [("a", "bb")]}, sd.UsageError, "allowed names 'bb'.*did you mean b"),
        ({"states": ["a", "b"], "absorbing": "dead"}, sd.UsageError, "absorbing names 'dead'"),
    ],
)
def test_columns_of_the_wrong_kind(change, error, said):
    """What cannot be a column of stays, or names no state, is refused with a way out."""
    with pytest.raises(error, match=said):
        histories(**(WELL | WHO | change))


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"since": np.nan}, sd.UsageError, "since: expected a time, got nan"),
        ({"since": "soon"}, sd.UsageError, "since: expected a date such as 2024-01-31, got 'soon'"),
        ({"since": [0, 1]}, sd.UsageError, "name one time"),
        ({"since": dt.date(2024, 1, 1)}, sd.UsageError, "since is a date, but the times of the stays are numbers"),
        ({"at": [np.nan]}, sd.UsageError, "expected a time, got"),
        ({"initial": [np.nan, 1]}, sd.UsageError, "2 probabilities that sum to 1"),
        ({"initial": "a"}, sd.UsageError, "2 probabilities"),
        ({"initial": {"c": 1}}, sd.UsageError, "initial names 'c'; known: a, b"),
        ({"variance": "robust"}, sd.UsageError, "'robust': expected one of auto, greenwood, aalen, jackknife"),
    ],
)
def test_questions_of_the_wrong_kind(options, error, said):
    """What is no time, no distribution and no variance is refused."""
    with pytest.raises(error, match=said):
        sd.aalen_johansen(**WELL, **WHO, **options)
    assert sd.aalen_johansen(**WELL, **WHO, initial={"a": 1}).initial.tolist() == [1, 0]


def test_times_need_a_variance():
    """Times in states always come with an error: there is no leaving it out."""
    with pytest.raises(sd.UsageError, match="variance=None: expected one of"):
        sd.time_in_states(**WELL, **WHO, until=5, variance=None)


@pytest.mark.parametrize(
    ("options", "said"), [({"transform": "logit"}, "none of log"), ({"level": 1}, "must lie between")]
)
def test_limits_of_the_wrong_kind(options, said):
    """Unknown scales and levels are refused."""
    with pytest.raises(sd.UsageError, match=said):
        limits_of(np.array([0.5]), np.array([0.1]), **({"level": 0.95, "transform": "log"} | options))


# NOBODY THERE


def test_nobody_under_observation_in_between():
    """Nothing is known of a time in which nobody was seen: P over it is refused, and before it is given."""
    columns = {"start": [0, 0, 7], "stop": [4, 5, 9], "from_state": ["a"] * 3, "to_state": ["b", None, "b"]}
    with pytest.raises(sd.DataError, match=r"nobody was under observation from 5 to 7, with probability 0\.5 there"):
        sd.aalen_johansen(**columns)
    assert sd.aalen_johansen(**columns, at=[5]).probability.tolist() == [[0.5, 0.5]]
    with pytest.raises(sd.DataError, match="nobody was under observation from 5 to 7"):
        sd.time_in_states(**columns, until=8)
    assert sd.time_in_states(**columns, until=8, initial={"a": 1}).mean.sum() == pytest.approx(8)
    carried = sd.aalen_johansen(**columns, initial=[1, 0])
    assert carried.probability[-1].tolist() == [0, 1]
    assert "nobody was at risk in a from 5 to 7, with probability 0.5 there" in carried.notes


def test_nobody_after_everybody_arrived_is_no_lapse():
    """If all have arrived there is nothing left to observe, and a later comer is welcome."""
    fit = sd.aalen_johansen([0, 7], [4, 9], ["a", "a"], ["b", "b"])
    assert fit.probability.tolist() == [[0, 1], [0, 1]]
    assert fit.lapses == ()
    start, stop = [0, 2, 0, 4, 8], [2, 3, 5, 6, 9]
    fit = sd.aalen_johansen(start, stop, list("ababa"), ["b", None, "c", "c", "c"], id=[1, 1, 2, 3, 4])
    assert [(lapse.state, lapse.start, lapse.stop) for lapse in fit.lapses] == [("b", 3, 4)]


def test_nobody_in_one_state():
    """Where nobody was at risk in a state with people in it, the probability is carried, and the result says so."""
    start, stop = [0, 2, 0, 8, 0], [2, 3, 8, 9, 9]
    source, target = ["a", "b", "a", "b", "a"], ["b", None, "b", "c", None]
    fit = sd.aalen_johansen(start, stop, source, target, id=[1, 1, 2, 2, 3], at=[2, 8])
    (lapse,) = fit.lapses
    assert (lapse.state, lapse.start, lapse.stop) == ("b", 3, 8)
    assert str(lapse) in str(fit)
    later = sd.aalen_johansen([0, 2, 0], [2, 3, 9], ["a", "b", "a"], ["b", None, None], id=[1, 1, 2], at=[9])
    assert [str(one) for one in later.lapses] == ["nobody was at risk in b from 3 to 9, with probability 0.5 there"]


def test_lapses_are_capped_and_dated():
    """Three are written out, the rest counted; days are written as dates."""
    first = np.datetime64("2024-01-01")
    start = first + np.array([0, *range(1, 60, 10)])
    stop = first + np.array([80, *range(4, 60, 10)])
    fit = sd.aalen_johansen(start, stop, ["a", *["b"] * 6], [None] * 7, initial={"b": 1}, at=[first + 80])
    lines = [note for note in fit.notes if "nobody" in note]
    assert lines[0] == "nobody was at risk in b from 2024-01-01 to 2024-01-02, with probability 1 there"
    assert len(lines) == 3
    assert "and 4 more such times" in fit.notes


def test_who_dies_on_the_first_day():
    """Somebody whose only stay has no length and ends in death is in no risk set: they are counted, not lost."""
    fit = sd.aalen_johansen([0, 0, 0], [0, 5, 6], ["a"] * 3, ["dead", "dead", None], id=[1, 2, 3])
    assert fit.unseen == 1
    assert "1 had an event at the time they were first seen: never at risk, left out" in fit.notes


def test_all_leave_at_once():
    """A risk set that empties in one step leaves nothing behind."""
    for kind in ("greenwood", "aalen", "jackknife"):
        fit = sd.aalen_johansen([0, 0], [5, 5], ["a", "a"], ["b", "c"], variance=kind)
        assert fit.probability.tolist() == [[0, 0.5, 0.5]]
        assert np.isfinite(fit.standard_error).all()


# TIMES


@pytest.mark.parametrize(
    "days",
    [
        DAYS,
        np.array(DAYS, dtype="datetime64[D]"),
        np.array(DAYS, dtype="datetime64[ns]"),
        pd.Series(pd.to_datetime(DAYS)),
        pl.Series(DAYS),
        pa.array(DAYS),
    ],
)
def test_dates_of_every_make(days):
    """Dates of Python, NumPy, pandas, polars and Arrow are the same days; questions are in dates too.

    Tables hold what was given: dates, or times of day where the column has them; both are written as days.
    """
    start, stop = (
        ([days[0], days[1]], [days[1], days[2]])
        if isinstance(days, list)
        else (np.asarray(days)[:2], np.asarray(days)[1:])
    )
    fit = sd.aalen_johansen(start, stop, ["a", "b"], ["b", "c"], id=[1, 1], since=DAYS[0], at="2024-01-05")
    assert fit.probability.tolist() == [[0, 1, 0]]
    timed = str(getattr(np.asarray(days), "dtype", "")) != "datetime64[D]" and not isinstance(days, list)
    given = dt.datetime.combine(DAYS[1], dt.time()) if timed else DAYS[1]
    assert fit.table()["time"] == (given,) * 3
    assert "2024-01-05  a" in str(fit)
    with pytest.raises(sd.UsageError, match="expected a date"):
        sd.aalen_johansen(start, stop, ["a", "b"], ["b", "c"], id=[1, 1], at="5 January")


def test_hours_are_parts_of_a_day():
    """A stay of two hours is no stay of length zero."""
    stays = histories([dt.datetime(2024, 1, 1, 6)], [dt.datetime(2024, 1, 1, 12)], ["a"], ["b"])
    assert (stays.stop - stays.start).tolist() == [0.25]
    assert read_times(np.array(["2024-03", "NaT"], dtype="datetime64[M]"), "t").values[0] == 19783
    assert read_times(np.array([36, 48], dtype="timedelta64[h]"), "t").values.tolist() == [1.5, 2.0]
    assert np.isnan(read_times(np.array([1, None], dtype=object), "t").values).tolist() == [False, True]


def test_rounding_makes_no_second_time():
    """A stay that ends at 0.1 + 0.2 and one that starts at 0.3 meet, and two such deaths are one step."""
    stays = histories([0, 0.3, 0], [0.1 + 0.2, 0.9, 0.3], ["a", "b", "a"], ["b", None, "b"], id=[1, 1, 2])
    assert len(np.unique(stays.stop)) == 2
    fit = sd.aalen_johansen([0] * 3, [0.1 + 0.2, 0.3, 0.5], ["a"] * 3, ["b", "b", None], at=[0.3])
    np.testing.assert_allclose(fit.probability[0, 0], 1 / 3, rtol=1e-15)
    assert sd.kaplan_meier([0.1 + 0.2, 0.3, 0.5], [1, 1, 0]).events.tolist() == [2]
    assert sd.kaplan_meier([0.1 + 0.2, 0.7], [1, 0], entry=[0, 0.3]).at_risk.tolist() == [1]
    apart = histories([0, 0], [0.25, 0.5], ["a", "a"], ["b", "b"])
    assert apart.stop.tolist() == [0.25, 0.5]


def test_several_moves_within_a_day_in_any_order():
    """Rows of length zero are followed from state to state, however they stand in the file."""
    rows = [(4, 4, "c", "d"), (4, 4, "b", "c"), (0, 4, "a", "b"), (4, 9, "d", None)]
    for order in ((0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2)):
        start, stop, source, target = zip(*(rows[i] for i in order), strict=True)
        stays = histories(start, stop, source, target, id=[1] * 4)
        assert [stays.states[code] for code in stays.source] == ["a", "d"]
        assert stays.states[stays.target[0]] == "d"
    begun = histories([0, 0, 0], [0, 0, 9], ["b", "a", "c"], ["c", "b", None], id=[1] * 3)
    assert [begun.states[code] for code in begun.source] == ["c"]
    round_trip = histories([0, 0], [0, 0], ["a", "b"], ["b", "a"], id=[1, 1])
    assert (round_trip.people, round_trip.unseen) == (0, 1)


# LABELS AND IDS


@pytest.mark.parametrize("nothing", [None, np.nan, "", pd.NA, pd.NaT, np.datetime64("NaT"), -1])
def test_everything_that_is_missing(nothing):
    """None, NaN, the empty text, pandas' NA and NaT, and a negative code as to_state mean censored."""
    target = np.array([1 if nothing == -1 else "b", nothing, nothing], dtype=object) if nothing is not pd.NA else None
    if target is None:
        target = pd.Series(["b", pd.NA, pd.NA], dtype="string")
    source = [0, 1, 0] if isinstance(nothing, int) else ["a", "b", "a"]
    assert histories([0, 4, 0], [4, 9, 5], source, target, **WHO).target.tolist() == [1, -1, -1]


def _frames():
    labels, then = ["a", "b", "a"], ["b", None, None]
    order = pd.CategoricalDtype(["b", "a"])
    enum = pl.Enum(["b", "a"])
    yield pd.Series(labels, dtype=order), pd.Series(then, dtype=order), ("b", "a")
    yield pd.Categorical(labels), pd.Categorical(then), ("a", "b")
    yield pl.Series(labels, dtype=enum), pl.Series(then, dtype=enum), ("b", "a")
    yield pl.Series(labels, dtype=pl.Categorical), pl.Series(then, dtype=pl.Categorical), ("a", "b")
    yield pl.Series(labels), pl.Series(then), ("a", "b")
    yield pa.array(labels), pa.array(then), ("a", "b")
    yield pa.chunked_array([labels[:1], labels[1:]]), pa.chunked_array([then]), ("a", "b")
    yield pa.array(["b", "b", "a"]).dictionary_encode().take([2, 0, 2]), pa.array(then).dictionary_encode(), ("a", "b")


@pytest.mark.parametrize("columns", list(_frames()), ids=lambda x: type(x[0]).__module__)
def test_categoricals_of_every_make(columns):
    """Categories keep the order that they declare; a dictionary of Arrow or polars declares none."""
    source, target, names = columns
    stays = histories([0, 4, 0], [4, 9, 5], source, target, **WHO)
    assert stays.states == names
    assert [stays.states[code] for code in stays.source] == ["a", "b", "a"]
    assert stays.states[stays.target[0]] == "b"
    assert stays.target[1:].tolist() == [-1, -1]
    counted = sd.transition_counts([1, 1, 1], [0, 1, 2], source)
    assert counted.sources == names
    assert counted.total.sum() == 2


def test_whole_numbers_of_every_width():
    """Numbers with a gap are no other labels than those without; large and far apart ones are labels as well."""
    stays = histories([0, 4, 0], [4, 9, 5], [1, 2, 1], [2, np.nan, np.nan], **WHO)
    assert stays.states == (1, 2)
    assert read_labels(np.array([10**9, 0, 10**9])).names == (0, 10**9)
    assert read_labels(np.array([np.nan, np.nan])).names == ()
    assert read_labels([1.5, None]).names == (1.5,)
    many = np.array([f"state {i % 700:03}" for i in range(20_000)])
    many[15_000] = "late"
    found = read_labels(many)
    assert found.names[found.codes[15_000]] == "late"
    assert len(found.names) == 701


def test_ids_of_every_kind():
    """Numbers near and far, sorted and not, texts, booleans and mixed objects are people; NaN and None are nobody."""
    for ids, people in (
        ([3, 3, 9], 2),
        ([9, 3, 9], 2),
        ([2**62, -(2**62), 2**62], 2),
        (["b", "a", "b"], 2),
        (np.array(["b", "a", "b"]), 2),
        ([True, False, True], 2),
        (["x", 7, "7"], 3),
        (np.array(["x", 7, "x"], dtype=object), 2),
        ([], 0),
    ):
        found, codes = read_ids(ids)
        assert len(found) == people
        assert [found[code] for code in codes] == list(ids)
    assert read_ids(np.array([1.0, np.nan]))[1].tolist() == [0, -1]


# OBSERVATIONS


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": [1, None, 2]}, "row 1: id is missing"),
        ({"time": [0, np.nan, 0]}, "person 1, row 1: time is nan"),
        ({"state": ["a", "", "a"]}, "person 1, row 1: the state is missing"),
        ({"state": ["a", "b", "c"], "states": ["a", "b"]}, "person 2, row 2: 'c' is none of the states"),
        ({"time": [0, 0, 0]}, "person 1, row 1: in b at 0, but in a in row 0"),
        ({"state": ["a", "b"]}, "differ in length: 3, 3, 2"),
    ],
)
@pytest.mark.parametrize("of", [sd.transition_counts, sd.state_sequences, order_test])
def test_faulty_observations(of, change, said):
    """What is missing or stands twice is named by person and row, whoever asks."""
    with pytest.raises(sd.DataError, match=said):
        of(**({"id": [1, 1, 2], "time": [0, 1, 0], "state": ["a", "b", "a"]} | change))


def test_a_column_that_holds_no_states():
    """Thousands of different labels are no states."""
    with pytest.raises(sd.DataError, match="3000 different states, such as 0 and 1000: is this another column"):
        sd.transition_counts(np.ones(3000, int), np.arange(3000), np.arange(3000) * 1000)


def test_same_time_with_hours_and_dates():
    """Times of a clash are written as they were given."""
    with pytest.raises(sd.DataError, match="in b at 2024-01-01, but in a in row 0"):
        sd.transition_counts([1, 1], [DAYS[0]] * 2, ["a", "b"])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: sd.state_on_grid([1], [0], ["unknown"], [0, 1], carry_days=1), "is called 'unknown'"),
        (lambda: sd.state_on_grid([1], [DAYS[0]], ["a"], [0, 1], carry_days=1), "both be dates"),
        (lambda: sd.state_on_grid([1], [0], ["a"], [0, np.nan], carry_days=1), "ascending"),
        (lambda: sd.state_on_grid([1], [0], ["a"], [0], carry_days=1).counts(), "needs two times"),
        (lambda: sd.state_on_grid([1], [0], ["a"], [0, 1], carry_days=1).people(1, "a", "a"), "no step 1; there are 1"),
        (lambda: sd.state_sequences([1], [0], ["a"], depth=0), "1 or more"),
        (lambda: sd.person_time([0], [1], ["a"], [None], year=0), "units of time make a year"),
        (lambda: sd.log_rank([1, 2, 3], [1, 1, 1], ["a", "b", None]), "missing in 1 rows, such as \\[2\\]"),
        (lambda: sd.kaplan_meier([1, 2], [1, 2]), "row 1: event is neither true nor false: give 1 or 0"),
        (lambda: sd.kaplan_meier([1, 2], [True, None]), "row 1: event is neither"),
        (lambda: sd.kaplan_meier([1, 2], ["dead", "alive"]), "2 no_event"),
        (lambda: sd.kaplan_meier([1, np.inf], [1, 0]), "row 1: .* must be finite"),
        (lambda: sd.kaplan_meier([-1, 2], [1, 0]), "a duration of -1 does not end after its entry at 0"),
    ],
)
def test_other_hostile_questions(call, said):
    """Grids, sequences, person-time and clocks refuse what they cannot answer."""
    with pytest.raises((sd.DataError, sd.UsageError), match=said):
        call()


@pytest.mark.parametrize("scale", [1, 0.25, 2.0**52, 2.0**56])
def test_counting_rows_in_any_order(scale):
    """Rows in any order give what plain Python counts, whatever the times and ids: whole, broken, or far apart."""
    rng = np.random.default_rng(11)
    who, state = rng.integers(0, 40, 400), rng.integers(0, 4, 400)
    when = rng.permutation(400) * scale
    expected = np.zeros((4, 4), int)
    for person in range(40):
        seen = [state[i] for i in sorted(np.flatnonzero(who == person), key=lambda i: when[i])]
        for a, b in itertools.pairwise(seen):
            expected[a, b] += 1
    for ids in (who, who * 10**12, [f"p{one}" for one in who]):
        np.testing.assert_array_equal(sd.transition_counts(ids, when, state).total, expected)
    unsorted = sd.transition_counts(who[::-1], when.astype(np.int64)[::-1] if scale == 1 else when[::-1], state[::-1])
    np.testing.assert_array_equal(unsorted.total, expected)


def test_nobody_was_seen():
    """Without a row there is no state and nothing to count."""
    empty = np.zeros(0, dtype=np.int64)
    assert sd.transition_counts(empty, empty, empty).total.shape == (0, 0)
    assert len(histories(empty, empty, empty, empty, id=empty).person) == 0


def test_a_grid_of_nobody():
    """Without observations everybody, that is nobody, is unknown; an absorbing state may stand as one text."""
    assert sd.state_on_grid([], [], [], [0, 1], carry_days=1).stocks.tolist() == [[0], [0]]
    found = sd.state_on_grid([1], [DAYS[0]], ["dead"], DAYS[1:], carry_days=1, absorbing="dead")
    assert found.stocks.tolist() == [[1, 0], [1, 0]]


def test_a_clock_that_ends_at_once():
    """A duration of 0 counts where nothing says when observation began."""
    assert sd.kaplan_meier([0, 2], [1, 0]).probability.tolist() == [0.5]


def test_thirty_states():
    """Thirty states in a ring come round, and rows sum to one."""
    rng = np.random.default_rng(30)
    start, stop, source, target, who = [], [], [], [], []
    for person in range(200):
        now, state = 0, person % 30
        for _ in range(6):
            stay = int(rng.integers(1, 9))
            start.append(now), stop.append(now + stay), source.append(state), who.append(person)
            now, state = now + stay, (state + int(rng.integers(1, 4))) % 30
            target.append(state)
    fit = sd.aalen_johansen(start, stop, source, target, id=who, states=range(30), at=[6], full=True)
    np.testing.assert_allclose(fit.transition[0].sum(1), 1, rtol=0, atol=1e-12)
    assert np.isfinite(fit.transition_error).all()
