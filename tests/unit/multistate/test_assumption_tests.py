"""Tests of assumptions: how often they speak up if nothing is wrong, and what they are given."""

import numpy as np
import pytest
from cohort_world import quarter

import singledisease as sd
from singledisease.cohorts.steps.assumption_tests import chapman_kolmogorov_of
from singledisease.multistate.assumption_tests import chapman_kolmogorov

CHAIN = np.array([[0.8, 0.15, 0.05], [0.2, 0.6, 0.2], [0.05, 0.15, 0.8]])


def walks(rng, people, times, matrix=CHAIN, repeat=0.0):
    """Walk people through a chain; with some probability each goes back to where they were two steps ago."""
    states = np.empty((people, times), dtype=int)
    states[:, 0] = rng.integers(0, len(matrix), people)
    for t in range(1, times):
        states[:, t] = (rng.random(people)[:, None] > matrix.cumsum(1)[states[:, t - 1]]).sum(1)
        if t > 1:
            back = rng.random(people) < repeat
            states[back, t] = states[back, t - 2]
    return states


def visits(states):
    """Give walks as columns of visits."""
    people, times = states.shape
    return np.repeat(np.arange(people), times), np.tile(np.arange(times), people), states.ravel()


def counted(states, lag=1):
    """Count the moves over so many steps."""
    cell = states[:, :-lag].ravel() * 3 + states[:, lag:].ravel()
    return np.bincount(cell, minlength=9).reshape(3, 3)


@pytest.mark.parametrize(
    "ask",
    [
        lambda rng: sd.chapman_kolmogorov_test(*visits(walks(rng, 250, 4))),
        lambda rng: sd.chapman_kolmogorov(counted(walks(rng, 500, 2)), counted(walks(rng, 500, 3), 2)),
        lambda rng: sd.order_test(*visits(walks(rng, 250, 4))),
        lambda rng: sd.homogeneity([counted(walks(rng, 250, 3)) for _ in range(3)]),
    ],
    ids=["two steps of the same people", "two steps of others", "order", "homogeneity"],
)
def test_a_chain_is_seldom_spoken_against(ask):
    """Of chains about one in twenty is spoken against: between 2 and 9 of 100 in 300 tries."""
    rng = np.random.default_rng(3)
    assert 0.02 < np.mean([ask(rng).against for _ in range(300)]) < 0.09


def test_memory_is_seen():
    """Walks that go back every third time are no chain: order and two steps both say so."""
    rng = np.random.default_rng(1)
    states = visits(walks(rng, 300, 6, repeat=0.3))
    assert sd.chapman_kolmogorov_test(*states).p_value < 1e-6
    assert sd.order_test(*states).p_value < 1e-6


def test_pieces_of_people(monkeypatch):
    """It does not matter how many people are held at once."""
    states = visits(walks(np.random.default_rng(2), 100, 5))
    whole = sd.chapman_kolmogorov_test(*states)
    monkeypatch.setattr(chapman_kolmogorov, "PEOPLE", 7)
    assert sd.chapman_kolmogorov_test(*states).statistic == pytest.approx(whole.statistic, rel=1e-9)
    cohort = quarter(every="month")
    small = chapman_kolmogorov_of(cohort.steps)
    monkeypatch.undo()
    assert chapman_kolmogorov_of(cohort.steps).statistic == pytest.approx(small.statistic, rel=1e-9)


def test_two_steps_of_a_cohort_need_two():
    """A cohort of one step has nothing to compare."""
    with pytest.raises(sd.UsageError, match="at least two steps"):
        chapman_kolmogorov_of(quarter(every="whole").steps)


@pytest.mark.parametrize(
    "check",
    [
        lambda: sd.order_test([1, 1], [0, 1], ["a", "b"]),
        lambda: sd.chapman_kolmogorov_test([1, 1, 2], [0, 1, 0], ["a", "b", "b"]),
        lambda: sd.chapman_kolmogorov_test([], [], []),
        lambda: sd.chapman_kolmogorov_test([1, 1, 1, 2, 2, 2], [0, 1, 2, 0, 1, 2], ["a"] * 6),
        lambda: sd.homogeneity(np.zeros((2, 2, 2))),
    ],
)
def test_nothing_to_test(check):
    """Without a degree of freedom nothing was tested, and nothing is said for or against."""
    found = check()
    assert (found.degrees, found.against) == (0, False)
    assert str(found).endswith("nothing to test (df 0)")
    assert found.table().rows()[0]["p_value"] is None


def test_few_people_make_a_rough_test():
    """Where few are expected in many cells the verdict says that the test is rough."""
    assert "rough: fewer than 5 are expected in 100% of the cells" in str(
        sd.homogeneity([[[3, 1], [1, 3]], [[2, 2], [2, 2]]])
    )
    assert "rough" not in str(sd.homogeneity([[[30, 10], [10, 30]], [[20, 20], [20, 20]]]))


def test_counts_as_they_were_counted():
    """Counts of transitions are taken as they are, one per group."""
    states = walks(np.random.default_rng(4), 200, 3)
    groups = [sd.transition_counts(*visits(part)) for part in (states[:100], states[100:])]
    assert sd.homogeneity(groups) == sd.homogeneity([counted(states[:100]), counted(states[100:])])
    both = sd.transition_counts(*visits(states))
    assert sd.chapman_kolmogorov(both, both) == sd.chapman_kolmogorov(counted(states), counted(states))


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([[1, 2], [3, 4]], r"\(groups, states, states\); got shape \(2, 2\)"),
        ([[[1, 2], [3, 4]], [[1]]], r"of the same states; they have shapes .*\(2, 2\), \(1, 1\)"),
        ([[[np.nan, 1], [1, 1]]] * 2, r"has nan at \(0, 0, 0\)"),
        ([[[-1, 1], [1, 1]]] * 2, r"has -1 at \(0, 0, 0\)"),
        ([[[0.4, 0.6], [0.5, 0.5]]] * 2, "are shares"),
        ([[["x", 1], [1, 1]]] * 2, "must be numbers"),
        ([], "got shape"),
        ([[[1, 2], [3]], [[1, 2], [3]]], "rows are of one length"),
    ],
)
def test_what_is_no_table_of_counts(counts, said):
    """Shares, missing and negative numbers, and tables of different states are no counts."""
    with pytest.raises(sd.DataError, match=said):
        sd.homogeneity(counts)


def test_two_steps_of_shares():
    """Shares do not say how sure they are: the counts are asked for."""
    with pytest.raises(sd.DataError, match="double are shares"):
        sd.chapman_kolmogorov([[80, 20], [10, 90]], [[0.66, 0.34], [0.18, 0.82]])


def test_a_landmark_without_a_difference():
    """Where no difference can be told from none there was nothing to test; the day is written as it was given."""
    start, stop, state, then = ["2024-01-01"] * 2, ["2024-03-01"] * 2, ["ill"] * 2, [None] * 2
    found = sd.landmark_test(
        start, stop, state, then, source="ill", since="2024-02-01", at=["2024-02-15"], replicates=5
    )
    assert str(found.check).startswith("P(2024-02-01, t) from ill")
    assert str(found.check).endswith("nothing to test (df 0)")
    assert "2024-02-15" in str(found)
    with pytest.raises(sd.UsageError, match="did you mean ill"):
        sd.landmark_test(start, stop, state, then, source="il", since="2024-02-01", at=["2024-02-15"])
    with pytest.raises(sd.DataError, match="nobody is in 'ill' just after 2024-04-01"):
        sd.landmark_test(start, stop, state, then, source="ill", since="2024-04-01", at=["2024-04-15"])


def test_drawing_people_tells_how_far_it_is():
    """Each sample of people, and each time of a jackknife, is told to whoever asks; in a pipe nobody has to."""
    heard = []
    stays = {"start": [0, 0], "stop": [3, 4], "from_state": ["a", "a"], "to_state": ["b", "b"]}
    asked = {**stays, "source": "a", "since": 1, "at": [2], "replicates": 4}
    sd.landmark_test(**asked, progress=lambda done, whole: heard.append((done, whole)))
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]
    heard.clear()
    sd.aalen_johansen(**stays, variance="jackknife", progress=lambda done, whole: heard.append((done, whole)))
    assert heard == [(1, 2), (2, 2)]
    assert sd.landmark_test(**asked).replicates == 4
