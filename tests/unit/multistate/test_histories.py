"""Histories: what is refused, by person and row, and what an estimate says of itself."""

from __future__ import annotations

import numpy as np
import pytest

import singledisease as sd
from singledisease.multistate.assumption_tests.landmark import landmark_of
from singledisease.multistate.histories.histories import histories
from singledisease.multistate.occupation.aalen_johansen import occupation
from singledisease.multistate.occupation.restricted_mean import restricted_mean

WELL = {
    "start": [0, 4, 0],
    "stop": [4, 9, 5],
    "from_state": ["a", "b", "a"],
    "to_state": ["b", None, None],
    "id": [7, 7, 8],
}


@pytest.mark.parametrize(
    ("change", "check", "said"),
    [
        ({"stop": [-1, 9, 5]}, "backwards", "person 7, row 0"),
        ({"start": [0, 3, 0]}, "overlap", "person 7, row 1"),
        ({"from_state": ["a", "a", "a"]}, "jump", "the stay in a from 4 to 9"),
        ({"start": [0, 5, 0], "from_state": ["a", "a", "a"]}, "gap", "person 7, row 1"),
        ({"absorbing": ["b"]}, "after_the_end", "person 7, row 1"),
        ({"allowed": [("b", "a")]}, "impossible", "leads to b, which is not allowed"),
        ({"weights": [1, 0, 1]}, "weight", "person 7, row 1: a weight of 0; it must be positive"),
    ],
)
def test_faulty_stays_are_named(change, check, said):
    """What is wrong with a stay is said with its person and row."""
    with pytest.raises(sd.DataError, match=said) as refused:
        sd.aalen_johansen(**(WELL | change))
    assert check in {fault.check for fault in refused.value.faults}


def test_a_stay_that_stands_twice():
    """A duplicate is told from an overlap."""
    with pytest.raises(sd.DataError) as refused:
        histories([0, 0], [4, 4], ["a", "a"], ["b", "b"], id=[1, 1])
    assert [fault.check for fault in refused.value.faults] == ["duplicate"]


def test_many_faults_are_counted():
    """Of many faulty stays the first ten are shown, and all are counted."""
    with pytest.raises(sd.DataError, match="15 faulty stays \\(15 backwards; 10 are shown\\)") as refused:
        histories(np.ones(15), np.zeros(15), ["a"] * 15, [None] * 15)
    assert len(refused.value.faults) == 10


def test_who_dies_in_an_absorbing_state():
    """Leaving an absorbing state is after the end too; staying in it is not."""
    with pytest.raises(sd.DataError, match="comes after the end"):
        histories([0], [4], ["dead"], ["well"], absorbing=["dead"])
    assert histories([0], [4], ["dead"], [None], absorbing=["dead", "gone"]).people == 1


def test_an_interruption_is_no_fault():
    """Found in the same state after a gap, a person is not at risk meanwhile."""
    stays = histories([0, 6], [4, 9], ["a", "a"], [None, None], id=[1, 1])
    assert occupation(
        histories([0, 6, 0], [4, 9, 9], ["a"] * 3, [None, None, "b"], id=[1, 1, 2]), at=[5], since=0, variance=None
    ).at_risk.tolist() == [[1, 0]]
    assert stays.people == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"from_state": [None, "b", "a"]}, "row 0: from_state is missing"),
        ({"stop": [4, np.nan, 5]}, "person 7, row 1: stop is nan; it must be a finite time"),
        ({"states": ["a"]}, "row 1: from_state is 'b', which is none of the states"),
        ({"from_state": [["a"], ["b"], ["a"]]}, "one label per row"),
        ({"from_state": ["a", 1, "a"]}, "from_state has labels of different kinds"),
        ({"id": [7, 7]}, "one value per stay"),
    ],
)
def test_wrong_columns_are_refused(change, said):
    """Missing, unknown, mixed and odd labels and columns of other lengths are refused."""
    given = WELL | change
    if given["from_state"][0] is None or 1 in given["from_state"]:
        given["from_state"] = np.array(given["from_state"], dtype=object)
    with pytest.raises(sd.DataError, match=said):
        sd.aalen_johansen(**given)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (np.array([0, 1, 0]), np.array([1, -1, -1])),
        (np.array([0.0, 1.0, 0.0]), np.array([1.0, np.nan, np.nan])),
        (np.array(["a", "b", "a"]), np.array(["b", "", ""])),
        (np.array([False, True, False], dtype=object), np.array([True, None, None], dtype=object)),
    ],
)
def test_kinds_of_labels(source, target):
    """Numbers, texts and objects name states; a negative code, NaN, blank and None are a missing one."""
    stays = histories([0, 4, 0], [4, 9, 5], source, target, id=[7, 7, 8])
    assert stays.target.tolist() == [1, -1, -1]


def test_dates_are_days():
    """Times may be dates."""
    start = np.array(["2024-01-01", "2024-01-03"], dtype="datetime64[D]")
    assert histories(start, start + 2, ["a", "a"], [None, None]).stop.tolist() == [19725.0, 19727.0]
    with pytest.raises(sd.DataError, match="row 0: start is missing; it must be a finite time"):
        histories(np.array(["NaT"], dtype="datetime64[D]"), start[:1], ["a"], [None])


def test_stays_without_length():
    """Somebody who falls ill and dies on one day goes from well to dead in one step; an empty censoring is dropped."""
    stays = histories(
        [0, 4, 4, 0, 5], [4, 4, 4, 5, 5], ["w", "i", "i", "w", "w"], ["i", "i", "d", None, None], id=[1, 1, 1, 2, 2]
    )
    assert stays.states[stays.target[0]] == "d"
    assert (len(stays.person), stays.dropped) == (2, 1)
    begun = histories([0, 0], [0, 5], ["w", "i"], ["i", None], id=[1, 1])
    assert [begun.states[code] for code in begun.source] == ["i"]


def test_estimates_that_cannot_be_made():
    """Nobody there at s, a time before s, and one after everybody was last seen are refused."""
    with pytest.raises(sd.DataError, match="nobody is at risk just after 20"):
        sd.aalen_johansen(**WELL, since=20)
    with pytest.raises(sd.UsageError, match="goes backwards"):
        sd.aalen_johansen(**WELL, since=2, at=[1])
    with pytest.raises(sd.UsageError, match="nobody was observed after 9"):
        sd.aalen_johansen(**WELL, at=[10])
    with pytest.raises(sd.UsageError, match="2 probabilities"):
        sd.aalen_johansen(**WELL, initial=[1, 1])
    with pytest.raises(sd.UsageError, match="greenwood or aalen"):
        sd.aalen_johansen(**WELL, variance="jackknife", full=True)
    with pytest.raises(sd.UsageError, match="goes backwards"):
        restricted_mean(histories(**WELL), -1)
    with pytest.raises(sd.UsageError, match="ask for until=9"):
        restricted_mean(histories(**WELL), 10)


def test_a_covariance_that_is_not_known_is_refused_before_the_work():
    """Who asks for the full covariance beside the jackknife is told at once, not when the jackknife is done."""
    told: list[tuple[int, int]] = []
    with pytest.raises(sd.UsageError, match="greenwood or aalen, not 'jackknife'"):
        sd.aalen_johansen(
            [0, 0],
            [1, 2],
            ["well", "well"],
            ["ill", "ill"],
            full=True,
            variance="jackknife",
            progress=lambda *done: told.append(done),
        )
    assert not told


def test_what_was_not_computed():
    """Without a variance there is no standard error, without the full one none of P."""
    fit = sd.aalen_johansen(**WELL, variance=None)
    with pytest.raises(sd.UsageError, match="no variance was computed"):
        _ = fit.standard_error
    with pytest.raises(sd.UsageError, match="full=True"):
        _ = fit.transition_error
    assert fit.table()["ci_low"] == (None,) * 2


@pytest.mark.parametrize("transform", ["log", "log-log", "plain"])
def test_limits_hold_the_estimate(transform):
    """Every interval holds its estimate and stays within 0 and 1."""
    fit = sd.aalen_johansen([0] * 6, [1, 2, 3, 4, 5, 6], ["a"] * 6, ["b", "b", None, "b", None, None])
    low, high = fit.interval(transform=transform)
    inner = np.isfinite(low)
    assert (low[inner] <= fit.probability[inner]).all()
    assert (high[inner] >= fit.probability[inner]).all()
    assert (low[inner] >= 0).all()
    assert (high[inner] <= 1).all()


def test_areas_of_a_curve():
    """The area under an occupation is that of the restricted mean."""
    fit = sd.aalen_johansen(**WELL)
    np.testing.assert_allclose(fit.time_in_state(9), restricted_mean(histories(**WELL), 9).mean)


def test_limits_of_times():
    """Limits of a time in a state lie within what is possible."""
    found = sd.time_in_states([0, 0, 0], [2, 4, 6], ["a"] * 3, ["b", "b", None], until=6)
    low, high = found.interval(0.9999)
    assert (low >= 0).all()
    assert (high <= 6).all()
    assert "standard error" in str(found)


def test_landmark_uses_who_is_there():
    """A landmark estimate leaves out who comes later, and then nobody is late."""
    some = histories([0, 4, 0, 3], [4, 9, 5, 8], ["a", "b", "a", "a"], ["b", None, "b", "b"], id=[1, 1, 2, 3])
    assert occupation(some, since=1).needs_markov
    fit = occupation(some, since=1, landmark=True)
    assert fit.landmark
    assert not fit.needs_markov
    assert fit.at_risk[0].sum() == 2


@pytest.mark.parametrize("kind", ["greenwood", "aalen"])
def test_error_of_a_mean_time(kind):
    """With two states the variance of the mean time is Σ A(t)² d / (Y (Y − d)), A(t) the area still to come."""
    rng = np.random.default_rng(8)
    stop, moved = rng.integers(1, 15, 60), rng.random(60) < 0.7
    found = sd.time_in_states(
        np.zeros(60), stop, ["in"] * 60, np.where(moved, "out", ""), states=["in", "out"], until=12, variance=kind
    )
    curve = sd.kaplan_meier(stop, moved)
    inside = curve.times <= 12
    times, survival = np.append(curve.times[inside], 12), np.append(curve.probability[inside], np.nan)
    areas = [np.sum(np.diff(times[i:]) * survival[i:-1]) for i in range(len(times) - 1)]
    at_risk, events = curve.at_risk[inside], curve.events[inside]
    terms = events / (at_risk * (at_risk - events)) if kind == "greenwood" else events / at_risk**2
    np.testing.assert_allclose(found.standard_error, np.sqrt(np.sum(np.square(areas) * terms)), rtol=1e-12)
    before = np.concatenate(([1.0], curve.probability[inside]))
    assert found.mean[0] == pytest.approx(np.sum(np.diff(np.concatenate(([0.0], times))) * before))


def test_landmark_from_one_state():
    """From a given state only the people in it at that time speak: the others' futures may differ."""
    start, stop = [0, 2, 0, 4, 0], [2, 9, 4, 5, 8]
    source, target = list("abaab"), ["b", None, None, "c", "c"]
    some = histories(start, stop, source, target, id=[1, 1, 2, 2, 3])
    fit = occupation(some, since=3, at=[8], initial={"b": 1}, landmark=True)
    assert fit.probability.tolist() == [[0, 0.5, 0.5]]
    assert fit.at_risk.tolist() == [[0, 2, 0]]
    with pytest.raises(sd.UsageError, match="needs one state as `initial`"):
        occupation(some, since=3, initial=[0.5, 0.5, 0], landmark=True)
    with pytest.raises(sd.DataError, match="nobody is there just after 3"):
        occupation(some, since=3, initial={"c": 1}, landmark=True)


def test_landmark_against_plain():
    """Where ill people who fell ill late die sooner, the landmark estimate differs, and the test sees it."""
    rng = np.random.default_rng(1)
    rows = []
    for person in range(400):
        quick = person % 2 == 0
        ill = 1.0 if not quick else float(rng.integers(5, 9))
        death = ill + (rng.integers(1, 3) if quick else rng.integers(20, 30))
        rows += [(0, ill, "w", "i", person), (ill, death, "i", "d", person)]
    start, stop, source, target, who = zip(*rows, strict=True)
    stays = histories(start, stop, source, target, id=who)
    found = landmark_of(stays, "i", since=4, at=[10, 15], replicates=50)
    assert found.check.against
    assert "landmark" in str(found)
    with pytest.raises(sd.UsageError, match="no state 'x'"):
        landmark_of(stays, "x", since=4, at=[10])
    with pytest.raises(sd.DataError, match="nobody is in 'd'"):
        landmark_of(stays, "d", since=0, at=[10])
    few = histories([0, 0], [9, 9], ["w", "i"], ["d", "d"], states=["w", "i", "d"])
    assert landmark_of(few, "i", since=4, at=[9], replicates=20).replicates < 20
    rare = histories([0] * 40, [9] * 40, ["i"] + ["w"] * 39, ["d"] * 40)
    with pytest.raises(sd.DataError, match="of 2 samples of people had somebody in 'i'"):
        [landmark_of(rare, "i", since=4, at=[9], replicates=2, seed=seed) for seed in range(30)]
    with pytest.raises(sd.UsageError, match="at least two samples"):
        landmark_of(rare, "i", since=4, at=[9], replicates=1)


@pytest.mark.parametrize("kind", ["greenwood", "aalen", "jackknife"])
def test_nothing_happens(kind):
    """Without an event everybody stays where they are, with no error but that of the start."""
    fit = sd.aalen_johansen([0, 0], [5, 5], ["a", "b"], [None, None], variance=kind, at=[3])
    assert fit.probability.tolist() == [[0.5, 0.5]]
    assert fit.standard_error[0, 0] == pytest.approx(np.sqrt(0.125) if kind == "jackknife" else 0)
    assert np.isnan(fit.smallest_risk_set)
    assert fit.notes == ()
    found = sd.time_in_states([0, 0], [5, 5], ["a", "b"], [None, None], variance=kind, until=4)
    assert found.mean.tolist() == [2, 2]


@pytest.mark.parametrize("kind", ["greenwood", "aalen"])
def test_two_states_are_kaplan_meier(kind):
    """With two states Greenwood's and Aalen's errors are the classical ones; so are those of the full covariance."""
    columns = ([0] * 5, [1, 2, 2, 4, 5], ["a"] * 5, ["b", "b", None, "b", None])
    fit = sd.aalen_johansen(*columns, variance=kind, full=True)
    at_risk, events = np.array([5, 4, 2]), np.array([1, 1, 1])
    terms = events / (at_risk * (at_risk - events)) if kind == "greenwood" else events / at_risk**2
    expected = np.cumprod(1 - events / at_risk) * np.sqrt(np.cumsum(terms))
    np.testing.assert_allclose(fit.standard_error[:, 0], expected, atol=1e-14)
    np.testing.assert_allclose(fit.transition_error[:, 0, 0], expected, atol=1e-14)


def test_weights_of_the_jackknife():
    """A person of weight 2 is two people for the estimate, and one whose influence is double for its error."""
    columns = ([0] * 3, [1, 2, 3], ["a"] * 3, ["b", None, "b"])
    fit = sd.aalen_johansen(*columns, weights=[2, 1, 1], variance="jackknife", at=[1])
    assert fit.probability[0].tolist() == [0.5, 0.5]
    assert fit.standard_error[0, 0] == pytest.approx(np.sqrt(0.25**2 * 4 * 0.25 + 2 * 0.125**2))


def test_first_entries_on_plain_arrays():
    """Incidences of first entries take the options of the estimator."""
    found = sd.cumulative_incidence(**WELL, into=["b"], variance="jackknife", at=[4])
    assert found.probability.tolist() == [[0.5, 0.5]]
    assert found.variance == "jackknife"
