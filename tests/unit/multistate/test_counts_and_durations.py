"""Counting, grids, person-time, sequences and survival on plain arrays."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import singledisease as sd
from singledisease.multistate.aggregate.pairs import count_pairs
from singledisease.multistate.histories.histories import histories
from singledisease.multistate.histories.sequences import state_sequences
from singledisease.multistate.matrices.transition_counts import TransitionCounts
from singledisease.multistate.survival.sojourn_times import sojourns, waiting_times

WHO = np.array([1, 1, 1, 2, 2, 3])
WHEN = np.array([0, 1, 2, 0, 1, 0])
WHERE = np.array(["a", "b", "b", "a", "a", "c"])


# COUNTING


def test_order_of_visits_does_not_matter():
    """Visits in any order give the same counts, whether ids are numbers or texts."""
    order = [5, 2, 0, 4, 1, 3]
    one = sd.transition_counts(WHO, WHEN, WHERE)
    other = sd.transition_counts(WHO[order], WHEN[order], WHERE[order])
    texts = sd.transition_counts(WHO.astype(str), WHEN, WHERE, states=["a", "b", "c"])
    assert one.total.tolist() == other.total.tolist() == texts.total.tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 0]]


def test_codes_are_taken_as_they_are():
    """Small whole numbers are their own codes; larger and negative ones are labels."""
    assert sd.transition_counts([1, 1], [0, 1], [0, 2]).sources == (0, 1, 2)
    assert sd.transition_counts([1, 1], [0, 1], [-1, 900]).sources == (-1, 900)


def test_many_states_are_counted_too():
    """More states than fit in a byte are counted the same."""
    state = np.arange(300)
    counted = sd.transition_counts(np.ones(300, int), state, state, states=range(300))
    assert counted.total.sum() == 299
    assert counted.total[0, 1] == 1


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (([1], [0, 1], ["a"]), "differ in length"),
        (([1, 1], [0, 0], ["a", "b"]), "person 1, row 1: in b at 0, but in a in row 0"),
    ],
)
def test_wrong_visits_are_refused(columns, said):
    """Columns of different lengths and two visits at one time are refused, as is an unknown state."""
    with pytest.raises(sd.DataError, match=said):
        sd.transition_counts(*columns)
    with pytest.raises(sd.DataError, match="person 1, row 1: 'b' is none of"):
        sd.transition_counts([1, 1], [0, 1], ["a", "b"], states=["a"])


def test_empty_rows_have_no_estimate():
    """Nobody was seen in c before: its row is NaN, never uniform; intervals are Wilson's."""
    counted = sd.transition_counts(WHO, WHEN, WHERE)
    assert [row["people"] for row in counted.table()] == [1, 1, 1]
    assert "people" in str(counted)
    assert np.isnan(counted.matrix()[2]).all()
    low, high = counted.interval()
    assert np.isnan(low[2]).all()
    assert (low[0, 0], high[0, 0]) == pytest.approx((0.0945312, 0.9054688), abs=1e-6)


def test_prior_only_on_allowed_cells():
    """A Dirichlet prior does not bring the dead back, and refuses counts where none can be."""
    counts = TransitionCounts(sources=("a", "d"), targets=("a", "d"), counts=np.array([[[3, 1], [0, 5]]]))
    mean, low, high = counts.dirichlet()
    np.testing.assert_allclose(mean, [[0.7, 0.3], [0, 1]])
    expected = stats.beta(3.5, 1.5).ppf([0.025, 0.975])
    np.testing.assert_allclose([low[0, 0], high[0, 0]], expected)
    assert (low[1].tolist(), high[1].tolist()) == ([0, 1], [0, 1])
    with pytest.raises(sd.DataError, match="1 went from 'a' to 'd'"):
        counts.dirichlet(allowed=np.eye(2))


def test_counts_add_and_narrow():
    """Counts of the same states add up; rows and columns that are both can be kept alone."""
    counts = TransitionCounts(sources=("a", "in"), targets=("a", "out"), counts=np.ones((1, 2, 2), int))
    assert (counts + counts).total.tolist() == [[2, 2], [2, 2]]
    assert counts.only().total.tolist() == [[1]]
    with pytest.raises(sd.UsageError, match="'out' is not both"):
        counts.only(["out"])
    with pytest.raises(sd.UsageError, match="same states"):
        counts + counts.only()


# GRIDS


def test_carried_so_long_and_no_longer():
    """A reading stands on the last day of its limit and not on the next; death stands for ever."""
    found = sd.state_on_grid([1, 2], [0, 0], ["ill", "dead"], [0, 30, 31], carry_days=30, absorbing=["dead"])
    assert found.states == ("dead", "ill")
    assert found.stocks.tolist() == [[1, 1, 0], [1, 1, 0], [1, 0, 1]]
    assert found.counts().counts[1].tolist() == [[1, 0, 0], [0, 0, 1], [0, 0, 0]]
    assert found.people(1, "ill", "unknown") == [1]


def test_grids_of_dates():
    """Times may be dates: the limit is in days."""
    when = np.array(["2024-01-01", "2024-02-20"], dtype="datetime64[D]")
    grid = np.array(["2024-01-31", "2024-02-29", "2024-03-31"], dtype="datetime64[D]")
    found = sd.state_on_grid([1, 1], when, ["a", "b"], grid, carry_days=30)
    assert found.codes.ravel().tolist() == [0, 1, 2]
    assert str(found).splitlines()[2].split() == ["2024-01-31", "1", "0", "0"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"grid": [2, 1]}, "ascending"),
        ({"carry_days": -1}, "0 or more"),
        ({"absorbing": ["x"]}, "'x' is none of"),
        ({"time": [0, 0]}, "person 1, row 1: in b at 0, but in a in row 0"),
        ({"id": [1]}, "differ in length"),
    ],
)
def test_wrong_grids_are_refused(change, said):
    """A grid that goes back, a negative limit, an unknown state and two states at once are refused."""
    given = {"id": [1, 1], "time": [0, 1], "state": ["a", "b"], "grid": [0, 1], "carry_days": 5} | change
    with pytest.raises((sd.DataError, sd.UsageError), match=said):
        sd.state_on_grid(**given)


def test_unknown_cells_of_a_grid():
    """A cell that is none is refused."""
    found = sd.state_on_grid([1], [0], ["a"], [0, 1], carry_days=5)
    with pytest.raises(sd.UsageError, match="no cell from 'b'"):
        found.people(0, "b", "a")


def test_a_grid_is_the_slow_one():
    """On random readings the state on each day is that of a loop over all readings."""
    rng = np.random.default_rng(5)
    who, when = rng.integers(0, 9, 60), rng.choice(500, 60, replace=False)
    where = rng.integers(0, 3, 60)
    grid = np.arange(0, 500, 37)
    found = sd.state_on_grid(who, when, where, grid, carry_days=40)
    for t, day in enumerate(grid):
        for i, person in enumerate(found.ids):
            seen = [(when[r], where[r]) for r in range(60) if who[r] == person and when[r] <= day]
            last = max(seen, default=None)
            expected = 3 if last is None or day - last[0] > 40 else last[1]
            assert found.codes[t, i] == expected


# SEQUENCES, PERSON-TIME


@pytest.mark.parametrize(
    ("columns", "said"),
    [(([1], [0, 1], ["a"]), "differ in length"), (([1, 1], [0, 0], ["a", "b"]), "in b at 0, but in a in row 0")],
)
def test_wrong_sequences_are_refused(columns, said):
    """Columns of different lengths and two states at once are refused."""
    with pytest.raises(sd.DataError, match=said):
        state_sequences(*columns)


def test_person_time_without_time():
    """Where nobody was there is neither rate nor interval."""
    found = sd.person_time([0], [10], ["a"], ["b"], year=10)
    assert found.years.tolist() == [1, 0]
    assert found.rate(per=1)[0].tolist() == [0, 1]
    assert np.isnan(found.rate()[1]).all()
    assert np.isnan(found.interval()[0][1]).all()


# SURVIVAL


def test_kaplan_meier_is_scipys():
    """Estimate and Greenwood's interval are those of scipy.stats.ecdf."""
    rng = np.random.default_rng(3)
    time, event = rng.integers(1, 30, 80), rng.random(80) < 0.6
    censored = stats.CensoredData.right_censored(time.astype(float), ~event)
    theirs = stats.ecdf(censored).sf
    mine = sd.kaplan_meier(time, event)
    np.testing.assert_allclose(mine.probability, theirs.evaluate(mine.times), atol=1e-12)
    limits = theirs.confidence_interval(0.95, method="log-log")
    low, high = mine.interval()
    inner = mine.probability > 0
    np.testing.assert_allclose(low[inner], limits.low.evaluate(mine.times)[inner], atol=1e-10)
    np.testing.assert_allclose(high[inner], limits.high.evaluate(mine.times)[inner], atol=1e-10)


def test_kaplan_meier_with_late_entry_is_aalen_johansen():
    """With entries it is the two-state Aalen–Johansen estimate, its error Greenwood's."""
    rng = np.random.default_rng(4)
    entry = rng.integers(0, 5, 60) * (np.arange(60) > 5)
    time = entry + rng.integers(1, 20, 60)
    event = rng.random(60) < 0.7
    target = np.where(event, "out", "")
    fit = sd.aalen_johansen(entry, time, ["in"] * 60, target, states=["in", "out"], since=0)
    mine = sd.kaplan_meier(time, event, entry=entry)
    np.testing.assert_allclose(mine.probability, fit.probability[:, 0], atol=1e-14)
    np.testing.assert_allclose(mine.standard_error, fit.standard_error[:, 0], atol=1e-14)


def test_limits_on_other_scales():
    """Plain limits are symmetrical and cut; log limits have a constant ratio."""
    mine = sd.kaplan_meier([1, 2, 3], [1, 1, 1])
    low, high = mine.interval(transform="plain")
    assert (low[-1], high[-1]) == (0, 0)
    low, high = mine.interval(transform="log")
    assert high[0] == 1
    assert np.isnan(low[-1])


def test_quantiles():
    """The median is where the curve comes down to ½; where it does not there is none."""
    assert sd.kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1]).quantile()[0] == 2
    assert sd.kaplan_meier([1, 2], [1, 0]).quantile(0.9)[0] is None


def test_log_rank_is_scipys():
    """For two groups the statistic is the square of scipy's."""
    rng = np.random.default_rng(6)
    time = np.concatenate((rng.exponential(5, 40), rng.exponential(9, 50)))
    event = rng.random(90) < 0.8
    group = np.repeat(["x", "y"], (40, 50))
    parts = [stats.CensoredData.right_censored(time[group == g], ~event[group == g]) for g in "xy"]
    theirs = stats.logrank(*parts)
    mine = sd.log_rank(time, event, group)
    assert mine.statistic == pytest.approx(theirs.statistic**2)
    assert mine.p_value == pytest.approx(theirs.pvalue)
    assert mine.observed.sum() == pytest.approx(mine.expected.sum())


def test_wrong_durations_are_refused():
    """One group, different lengths, and a duration that ends before its entry are refused."""
    with pytest.raises(sd.DataError, match="at least two groups"):
        sd.log_rank([1, 2], [1, 1], ["a", "a"])
    with pytest.raises(sd.DataError, match="differ in length"):
        sd.kaplan_meier([1, 2], [1])
    with pytest.raises(sd.DataError, match="row 1: a duration of 2"):
        sd.kaplan_meier([1, 2], [1, 1], entry=[0, 2])


def test_groups_that_never_meet():
    """Groups that are never at risk together have nothing to compare: no degree of freedom."""
    found = sd.log_rank([1, 3], [1, 1], ["a", "b"], entry=[0, 2])
    assert (found.degrees, found.p_value) == (0, 1.0)


# CLOCKS

STAYS = histories(
    [0, 4, 6, 9, 0, 3, 8, 0],
    [4, 6, 9, 12, 3, 5, 9, 7],
    ["well", "ill", "ill", "well", "ill", "well", "well", "well"],
    ["ill", None, "well", None, "well", None, "dead", None],
    id=[1, 1, 1, 1, 2, 2, 2, 3],
)


def test_sojourns_join_cut_stays():
    """A stay cut in two lasts as long as both; one already under way is left out unless it is said to begin."""
    found = sojourns(STAYS, "ill")
    assert (found.duration.tolist(), found.event.tolist()) == ([5.0], [True])
    assert sojourns(STAYS, "ill", from_start=True).duration.tolist() == [5.0, 3.0]
    assert sojourns(STAYS, "well", ["dead"], from_start=True).event.tolist() == [False, False, False, True, False]
    assert found.survival().times.tolist() == [5.0]


def test_waits_go_through_other_states():
    """The clock runs from the first stay in a state to the goal, through others, and stops at an interruption."""
    found = waiting_times(STAYS, "well", ["dead"])
    assert found.person.tolist() == [0, 1, 2]
    assert (found.duration.tolist(), found.event.tolist()) == ([12.0, 2.0, 7.0], [False, False, False])
    ill = waiting_times(STAYS, "well", ["ill"])
    assert (ill.duration.tolist(), ill.event.tolist()) == ([4.0, 2.0, 7.0], [True, False, False])


def test_durations_observed_from_a_time():
    """What ended before is gone, what was under way enters late."""
    found = waiting_times(STAYS, "well", ["ill"]).observed_from(4)
    assert (found.person.tolist(), found.entry.tolist()) == ([1, 2], [1.0, 4.0])


def test_no_duration_no_estimate():
    """Nobody seen to begin is refused, as is a state that does not exist."""
    with pytest.raises(sd.DataError, match="nobody was seen to begin"):
        sojourns(STAYS, "dead").survival()
    with pytest.raises(sd.UsageError, match="no state 'sick'"):
        sojourns(STAYS, "sick")


@pytest.mark.parametrize(
    "clock", [lambda stays: sd.sojourns(stays, "a"), lambda stays: sd.waiting_times(stays, "a", ["b"])]
)
def test_durations_take_no_weights(clock):
    """Weights are refused rather than forgotten."""
    with pytest.raises(sd.UsageError, match="durations take no weights"):
        clock(sd.histories([0], [4], ["a"], ["b"], weights=[2]))


def test_results_print():
    """Every result prints as a table."""
    assert "A → B" in str(sd.state_sequences([1, 1], [0, 1], ["A", "B"]))
    assert "person-years" in str(sd.person_time([0], [10], ["a"], ["b"]))
    assert "at risk" in str(sd.kaplan_meier([1], [1]))
    assert "chi²" in str(sd.log_rank([1, 2], [1, 1], ["a", "b"]))


def test_two_by_two_counting_is_plain_counting():
    """Counting bytes in pairs gives what plain counting gives, for odd and even numbers of rows and many states."""
    rng = np.random.default_rng(9)
    for rows, k in ((1, 3), (2, 3), (7, 3), (8, 15), (1001, 16), (1000, 255), (5000, 300)):
        first, second, keep = rng.integers(0, k, rows), rng.integers(0, k, rows), rng.random(rows) < 0.7
        plain = np.zeros((k, k), int)
        np.add.at(plain, (first[keep], second[keep]), 1)
        kind = np.uint8 if k < 256 else np.uint16
        np.testing.assert_array_equal(count_pairs(first.astype(kind), second.astype(kind), keep, k), plain)
