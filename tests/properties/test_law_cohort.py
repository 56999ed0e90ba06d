"""Laws of cohorts: what holds for every history, matrix and generator, and for every pathway and registry."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from singledisease.cohorts.building.attribute import AttributeOnGrid, by_attribute
from singledisease.cohorts.building.build import cohort, cut
from singledisease.cohorts.steps.resample import bootstrap_counts
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar.walking.walk_everyone import walk
from singledisease.errors import DataError
from singledisease.multistate.exponential.uniformisation import derivatives, time_in_states, transition_probabilities
from singledisease.multistate.histories.histories import histories as checked
from singledisease.multistate.matrices.embeddability import embeddability
from singledisease.multistate.matrices.generators import change_step, generator_of
from singledisease.multistate.occupation.aalen_johansen import aalen_johansen, occupation
from singledisease.multistate.occupation.cumulative_incidence import until_first
from singledisease.multistate.occupation.restricted_mean import restricted_mean
from singledisease.multistate.scenarios.scenario import scenario
from singledisease.strata import stratify
from singledisease.testing import days, diseases, generators, logs, stays, transition_matrices
from singledisease.testing.histories import LABELS

sys.path.insert(0, str(Path(__file__).parents[1] / "conformance"))
import slow_histories

CLOSE = {"rtol": 0, "atol": 1e-12}
KINDS = ("greenwood", "aalen", "jackknife")


def fit(some, **options):
    """Estimate from generated stays, counted from day 0."""
    return aalen_johansen(**some.columns(), since=0, **options)


@given(stays(), st.sampled_from(KINDS))
def test_rows_sum_to_one(some, kind):
    """At every time the probabilities sum to 1, as does every row of P(0, t), and no covariance has a net effect."""
    found = fit(some, variance=kind)
    np.testing.assert_allclose(found.probability.sum(1), 1, **CLOSE)
    np.testing.assert_allclose(found.transition.sum(2), 1, **CLOSE)
    np.testing.assert_allclose(found.covariance.sum(2), 0, **CLOSE)


@given(stays(), st.integers(0, 6), st.integers(0, 6))
def test_intervals_multiply(some, first, further):
    """P(s, u) P(u, t) = P(s, t)."""
    histories = some.checked()
    initial = [1, 0, 0, 0]
    last = float(histories.stop.max())
    middle, end = min(first, last), min(first + further, last)

    def between(since, until):
        return occupation(histories, since=since, at=[until], initial=initial, variance=None).transition[0]

    np.testing.assert_allclose(between(0, middle) @ between(middle, end), between(0, end), **CLOSE)


@given(stays(), st.sampled_from(KINDS), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(some, kind, chance):
    """Shuffled rows give the same numbers to the last bit but one."""
    order = list(range(len(some.id)))
    chance.shuffle(order)
    one, other = fit(some, variance=kind), fit(some.rows(order), variance=kind)
    np.testing.assert_allclose(one.probability, other.probability, **CLOSE)
    np.testing.assert_allclose(one.covariance, other.covariance, **CLOSE)


@given(stays(), st.permutations(LABELS))
def test_names_of_states_do_not_matter(some, order):
    """Other names in another order change nothing but names and order."""
    names = {name: f"state {name}" for name in LABELS}
    renamed = fit(some.renamed(names, tuple(names[name] for name in order)))
    plain = fit(some)
    places = [LABELS.index(name) for name in order]
    np.testing.assert_allclose(renamed.probability, plain.probability[:, places], **CLOSE)
    np.testing.assert_allclose(renamed.covariance, plain.covariance[:, places][:, :, places], **CLOSE)


@given(stays(), st.sampled_from(KINDS), st.data())
def test_a_stay_may_be_cut_in_two(some, kind, data):
    """A stay split in two at any time, the first part censored there, gives the same estimate."""
    i = data.draw(st.sampled_from(range(len(some.id))))
    at = (some.start[i] + some.stop[i]) / 2
    row = (some.start[i], at, some.from_state[i], None, some.id[i])
    rest = (at, some.stop[i], some.from_state[i], some.to_state[i], some.id[i])
    others = [
        (some.start[j], some.stop[j], some.from_state[j], some.to_state[j], some.id[j])
        for j in range(len(some.id))
        if j != i
    ]
    start, stop, source, target, person = zip(*others, row, rest, strict=True)
    split = type(some)(start, stop, source, target, person)
    one, other = fit(some, variance=kind), fit(split, variance=kind)
    np.testing.assert_allclose(one.probability, other.probability, **CLOSE)
    np.testing.assert_allclose(one.covariance, other.covariance, **CLOSE)


@given(stays(), st.sampled_from(KINDS))
def test_everybody_twice_halves_the_variance(some, kind):
    """Doubling every person leaves the estimate alone and halves its variance."""
    double = some.rows([*range(len(some.id))] * 2)
    person = np.array(some.id)
    columns = {**double.columns(), "id": np.concatenate((person, person + 1000))}
    one, other = fit(some, variance=kind), aalen_johansen(**columns, since=0, variance=kind)
    np.testing.assert_allclose(one.probability, other.probability, **CLOSE)
    np.testing.assert_allclose(one.covariance / 2, other.covariance, **CLOSE)


@given(stays(), st.sampled_from(KINDS))
def test_weights_count_people(some, kind):
    """Weight 2 for everybody leaves the estimate alone."""
    one = fit(some, variance=kind)
    other = fit(some, weights=np.full(len(some.id), 2.0), variance=kind)
    np.testing.assert_allclose(one.probability, other.probability, **CLOSE)


@given(stays(late=False, censored=False), st.integers(1, 12))
def test_without_censoring_it_is_a_count(some, until):
    """If everybody is followed from 0 to death, occupation is the share of people in each state."""
    histories = some.checked()
    found = occupation(histories, since=0, at=[until])
    now = (histories.start <= until) & (histories.stop > until)
    share = np.bincount(histories.source[now], minlength=4) / histories.people
    share[LABELS.index("dead")] = 1 - share.sum()
    np.testing.assert_allclose(found.probability[0], share, **CLOSE)
    jackknife = occupation(histories, since=0, at=[until], variance="jackknife")
    multinomial = (np.diag(share) - np.outer(share, share)) / histories.people
    np.testing.assert_allclose(jackknife.covariance[0], multinomial, **CLOSE)


@given(stays(), st.integers(1, 8), st.sampled_from(["greenwood", "jackknife"]))
def test_it_is_the_slow_one(some, until, kind):
    """Estimate and standard error are those of plain loops, the jackknife by differences in each person's weight."""
    rows = list(zip(some.id, some.start, some.stop, some.from_state, some.to_state, strict=True))
    until = min(until, max(some.stop))
    found = fit(some, at=[until], variance=kind, full=kind == "greenwood")
    path, product = slow_histories.occupation(rows, LABELS, until)
    np.testing.assert_allclose(found.probability[0], path, **CLOSE)
    np.testing.assert_allclose(found.transition[0], product, **CLOSE)
    if kind == "jackknife":
        expected = slow_histories.jackknife(rows, LABELS, until)
        np.testing.assert_allclose(found.standard_error[0], expected, rtol=0, atol=1e-7)
    else:
        expected = slow_histories.greenwood(rows, LABELS, until)
        np.testing.assert_allclose(found.covariance[0].diagonal(), expected, **CLOSE)


@given(stays(), st.sampled_from(["greenwood", "aalen"]))
def test_full_covariance_holds_the_other(some, kind):
    """The covariance of p(t) is that of P(0, t) weighed by the start."""
    found = fit(some, variance=kind, full=True)
    weighed = np.einsum("h,thjrm,r->tjm", found.initial, found.transition_covariance, found.initial)
    np.testing.assert_allclose(weighed, found.covariance, **CLOSE)
    np.testing.assert_allclose(found.transition_error[:, 3], 0, **CLOSE)


@given(stays(), st.sampled_from(KINDS))
def test_times_in_states_sum(some, kind):
    """Expected times in the states sum to the time that passed, with no variance left over."""
    histories = some.checked()
    until = float(histories.stop.max())
    found = restricted_mean(histories, until, since=0, variance=kind)
    assert found.mean.sum() == pytest.approx(until, abs=1e-10)
    np.testing.assert_allclose(found.covariance.sum(1), 0, rtol=0, atol=1e-10)


@given(stays(), st.sampled_from(KINDS), st.integers(1, 9))
def test_times_in_states_are_areas(some, kind, until):
    """The expected times are the areas under the curves, and their error that of the sum of the errors."""
    histories = some.checked()
    until = min(float(until), float(histories.stop.max()))
    found = restricted_mean(histories, until, since=0, variance=kind)
    fine = occupation(histories, since=0, at=np.arange(until), variance=None)
    np.testing.assert_allclose(found.mean, fine.probability.sum(0), rtol=0, atol=1e-10)
    doubled = restricted_mean(histories.only(np.ones(len(histories.person), bool)), until, since=0, variance=kind)
    np.testing.assert_array_equal(found.covariance, doubled.covariance)


@given(stays(late=False))
def test_first_entries_and_the_rest_sum(some):
    """Cumulative incidences and the probability of neither sum to 1, and an incidence never falls."""
    try:
        found = occupation(until_first(some.checked(), ["worse", "dead"]), since=0)
    except DataError:
        assume(False)
    np.testing.assert_allclose(found.probability.sum(1), 1, **CLOSE)
    entered = found.probability[:, [LABELS.index("worse"), LABELS.index("dead")]]
    assert (np.diff(entered, axis=0, prepend=0) >= -1e-12).all()


@given(stays(), st.sampled_from(KINDS), st.data())
def test_weights_are_people(some, kind, data):
    """A person of weight 2 moves the estimate as two people do; everybody in a cluster of their own is no cluster."""
    twice = data.draw(st.sampled_from(sorted(set(some.id))))
    weight = np.where(np.array(some.id) == twice, 2.0, 1.0)
    again = [i for i, person in enumerate(some.id) if person == twice]
    columns = some.rows([*range(len(some.id)), *again]).columns()
    columns["id"][len(some.id) :] += 1000
    one, other = fit(some, weights=weight, variance=None), aalen_johansen(**columns, since=0, variance=None)
    np.testing.assert_allclose(one.probability, other.probability, **CLOSE)
    np.testing.assert_allclose(one.at_risk, other.at_risk, **CLOSE)
    apart = fit(some, variance="jackknife", cluster=np.array(some.id) + 7)
    np.testing.assert_allclose(apart.covariance, fit(some, variance="jackknife").covariance, **CLOSE)


@given(stays(), st.integers(0, 8))
def test_clusters_are_summed(some, until):
    """The jackknife by cluster is that by differences in the weight of a whole cluster."""
    until, small = min(until, max(some.stop)), 1e-5
    cluster = np.array(some.id) % 3
    found = fit(some, at=[until], variance="jackknife", cluster=cluster).standard_error[0]
    squares = np.zeros(4)
    for one in set(cluster.tolist()):
        up, down = (
            fit(some, at=[until], variance=None, weights=np.where(cluster == one, 1 + step, 1)).probability[0]
            for step in (small, -small)
        )
        squares += ((up - down) / (2 * small)) ** 2
    np.testing.assert_allclose(found, np.sqrt(squares), rtol=0, atol=1e-7)


@given(stays(), st.sampled_from([0.1, 1 / 3, 1e5 / 7]), st.sampled_from(KINDS))
def test_units_and_rounding_do_not_matter(some, unit, kind):
    """Times in another unit, rounded as its numbers are, give the same steps and the same numbers."""
    columns = some.columns()
    # Two ways of writing one time, as an age and as a day of birth and a duration would.
    columns["start"], columns["stop"] = columns["start"] * unit, (columns["stop"] + 1) * unit - unit
    one, other = fit(some, variance=kind), aalen_johansen(**columns, since=0, variance=kind)
    np.testing.assert_allclose(one.times * unit, other.times, rtol=1e-9)
    np.testing.assert_allclose(one.probability, other.probability, **CLOSE)
    np.testing.assert_allclose(one.covariance, other.covariance, **CLOSE)


@given(stays(lapses=True))
def test_lapses_are_where_nobody_is(some):
    """A lapse is named wherever nobody was at risk in a state with people in it, and nowhere else."""
    histories = some.checked()
    found = occupation(histories, since=0, initial=[0.25] * 4, at=[histories.stop.max()], variance=None)
    named = {(lapse.state, day) for lapse in found.lapses for day in range(int(lapse.start), int(lapse.stop))}
    expected = set()
    for day in range(int(histories.stop.max())):
        before = occupation(histories, since=0, initial=[0.25] * 4, at=[day], variance=None).probability[0]
        for code, state in enumerate(LABELS):
            there = (histories.source == code) & (histories.start <= day) & (histories.stop > day)
            if (histories.source == code).any() and before[code] > 1e-9 and not there.any():
                expected.add((state, day))
    assert named == expected


@pytest.mark.parametrize("late", [False, True])
def test_intervals_cover(late):
    """Of histories drawn from known rates, censored and seen late, about 95 of 100 intervals hold the truth."""
    rng, until, replicates = np.random.default_rng(1), 6.0, 200
    rates = np.array([[-0.12, 0.08, 0.04], [0.1, -0.25, 0.15], [0.0, 0.0, 0.0]])
    truth = transition_probabilities(rates, [until])[0, 0]
    held = np.zeros((3, 3))
    for _ in range(replicates):
        found = checked(**drawn(rates, 120, rng, late), states=[0, 1, 2])
        for i, kind in enumerate(KINDS):
            some = occupation(found, since=0, at=[until], initial=[1, 0, 0], variance=kind)
            low, high = some.interval(transform="plain")
            held[i] += (low[0] <= truth) & (truth <= high[0])
    assert (held / replicates > 0.90).all()
    assert (held / replicates < 0.99).all()


def drawn(rates, people, rng, late):
    """Draw people who start well at 0, are censored at random and, some of them, first seen later."""
    start, stop, source, target, who = [], [], [], [], []
    for person in range(people):
        seen = rng.uniform(0, 3) if late and person % 2 else 0.0
        end, now, state = rng.uniform(4, 12), 0.0, 0
        while state < 2 and now < end:
            leaves = now + rng.exponential(-1 / rates[state, state])
            goes = int(rng.choice(3, p=np.maximum(rates[state], 0) / -rates[state, state]))
            if min(leaves, end) > seen:
                row = (max(now, seen), min(leaves, end), state, goes if leaves <= end else -1, person)
                for column, value in zip((start, stop, source, target, who), row, strict=True):
                    column.append(value)
            now, state = leaves, goes
    return {"start": start, "stop": stop, "from_state": source, "to_state": target, "id": who}


# MATRICES AND GENERATORS


@given(generators(), st.sampled_from([0.0, 1e-3, 0.5, 1.0, 7.0]), st.sampled_from([0.0, 0.25, 3.0]))
def test_exponentials_multiply(q, s, t):
    """exp(Qs) exp(Qt) = exp(Q(s + t)); rows are probabilities."""
    one, other, both = transition_probabilities(q, [s, t, s + t])
    np.testing.assert_allclose(one @ other, both, rtol=0, atol=1e-11)
    assert (both >= 0).all()
    np.testing.assert_allclose(both.sum(1), 1, **CLOSE)


@given(generators(), st.sampled_from([0.1, 1.0, 20.0]))
def test_times_sum_to_the_time(q, t):
    """Expected times in all states up to t sum to t."""
    np.testing.assert_allclose(time_in_states(q, [t])[0].sum(1), t, rtol=1e-11)


@given(generators(), st.sampled_from([0.1, 1.0, 5.0]), st.data())
def test_derivative_is_a_difference(q, t, data):
    """The derivative in any direction is the limit of central differences."""
    k = len(q)
    assume(k > 1)
    i = data.draw(st.integers(0, k - 1))
    j = data.draw(st.sampled_from([x for x in range(k) if x != i]))
    direction = np.zeros((k, k))
    direction[i, j], direction[i, i] = 1.0, -1.0
    small = 1e-6
    base = q + small * direction
    up, down = (transition_probabilities(base + sign * small * direction, [t])[0] for sign in (1, -1))
    found = derivatives(base, [t], direction[None])[0, 0]
    np.testing.assert_allclose(found, (up - down) / (2 * small), rtol=1e-5, atol=1e-6 * max(t, 1))


@given(generators(most=4), st.sampled_from([0.1, 0.5]))
def test_slow_generators_are_found_again(q, slow):
    """From the matrix of a chain that moves slowly the logarithm gives its generator back."""
    q = q * slow / max(1.0, -q.diagonal().min())
    p = transition_probabilities(q, [1.0])[0]
    assert embeddability(p).embeddable
    np.testing.assert_allclose(generator_of(p).generator, q, rtol=0, atol=1e-9)
    np.testing.assert_allclose(np.linalg.matrix_power(change_step(p, 1 / 12), 12), p, rtol=0, atol=1e-11)


@given(transition_matrices(most=3), st.sampled_from(["diagonal", "weighted", "projection", "em"]))
def test_nearest_generators_are_generators(p, method):
    """Whatever the matrix, what is offered has no negative rate and rows that sum to 0; nothing is projected twice."""
    try:
        q = generator_of(p, method=method).generator
    except DataError:
        assert embeddability(p).logarithm is None
        return
    off = q - np.diag(q.diagonal())
    assert (off >= 0).all()
    np.testing.assert_allclose(q.sum(1), 0, **CLOSE)


@given(transition_matrices(), st.integers(1, 6), st.data())
def test_projections_keep_everybody(p, steps, data):
    """Nobody is lost or made: stocks grow by the inflow and shrink by who goes."""
    k = len(p)
    start = data.draw(st.lists(st.integers(0, 1000), min_size=k, max_size=k))
    found = scenario(start, p, inflow=np.arange(k), exits={"aged out": np.full(k, 0.01)}).project(steps)
    whole = found.stocks.sum(1) + found.gone.sum(1)
    np.testing.assert_allclose(whole, sum(start) + np.arange(steps + 1) * k * (k - 1) / 2, rtol=1e-12)


# PATHWAYS AND REGISTRIES


@st.composite
def followed(draw):
    """Draw a cohort of a generated pathway and registry."""
    disease, log = resolve_disease(draw(diseases("alpha")), {}), draw(logs()).as_of(None)
    start = draw(days())
    periods = cut(start, start + draw(st.integers(0, 400)), draw(st.sampled_from(["month", "quarter", 7, "whole"])))
    assume(len(periods) <= 60)
    courses = walk(disease, log, periods[-1].end)
    states = tuple(state.id for state in disease.pathway.states if state.id != disease.pathway.died)[:3]
    strata = stratify(("sex",), log, periods)
    return cohort(courses, log.people.ids, periods, states=states, by=("sex",), strata=strata)


@given(followed())
def test_transitions_reconcile(found):
    """Rows sum to the stock before, columns to the stock after; strata sum to the whole; people stand behind cells."""
    counted, k = found.transitions, len(found.states)
    stocks = found.steps.stocks
    np.testing.assert_array_equal(counted.counts[:, :k].sum(2), stocks[:-1])
    np.testing.assert_array_equal(counted.counts[:, :, :k].sum(1), stocks[1:])
    np.testing.assert_array_equal(found.transitions_by.sum(1), counted.counts)
    for step, i, j in np.argwhere(counted.counts):
        assert len(found.people(counted.sources[i], counted.targets[j], int(step))) == counted.counts[step, i, j]


@given(followed())
def test_flows_reconcile(found):
    """Of every state and step: closing = opening + came − went."""
    for row in found.flows:
        came, went = row["entered"] + row["moved_in"], row["moved_out"] + row["left"] + row["died"]
        assert row["closing"] == row["opening"] + came - went


@given(followed(), st.integers(0, 2**32 - 1))
def test_attributes_reconcile(whole, seed):
    """Whatever group people are in on each day, flows, strata and people of an attribute add up to its stocks."""
    codes = np.random.default_rng(seed).integers(-1, 3, whole.steps.codes.shape)
    found = by_attribute(whole, AttributeOnGrid(name="colour", groups=("red", "amber", "green"), codes=codes))
    counted, k = found.transitions, len(found.states)
    inside = (whole.steps.codes < len(whole.states)) & (codes >= 0)
    np.testing.assert_array_equal(found.steps.stocks.sum(1), inside.sum(1))
    np.testing.assert_array_equal(counted.counts[:, :k].sum(2), found.steps.stocks[:-1])
    np.testing.assert_array_equal(counted.counts[:, :, :k].sum(1), found.steps.stocks[1:])
    np.testing.assert_array_equal(found.transitions_by.sum(1), counted.counts)
    for step, i, j in np.argwhere(counted.counts):
        assert len(found.people(counted.sources[i], counted.targets[j], int(step))) == counted.counts[step, i, j]
    assert int(found.sequences().counts.sum()) == int(inside.any(0).sum())


@given(followed())
def test_only_what_the_pathway_allows(found):
    """Nothing is counted in a cell that the pathway does not reach."""
    k = len(found.states)
    assert not (found.transitions.total[:k] > 0)[~found.allowed()[:k]].any()


@given(followed())
def test_person_time_is_that_of_histories(found):
    """Person-days by step sum to those of the stays, events to the transitions of the stays."""
    histories, k = found.histories(), len(found.states)
    lasted = np.bincount(histories.source, weights=histories.stop - histories.start, minlength=k + 2)[:k]
    np.testing.assert_allclose(found.exposure.time.sum((0, 1)), lasted, rtol=0, atol=1e-9)
    moved = (histories.source < k) & (histories.target >= 0) & (histories.target != histories.source)
    cell = histories.source[moved] * (k + 2) + histories.target[moved]
    np.testing.assert_array_equal(found.exposure.events.sum((0, 1)).ravel(), np.bincount(cell, minlength=k * (k + 2)))


@given(followed())
def test_sequences_hold_everybody(found):
    """Everybody who was ever in the cohort took exactly one way, and no way repeats a state at once."""
    ways = found.sequences()
    assert ways.counts.sum() == found.histories().people == len(ways.way)
    assert all(a != b for way in ways.ways for a, b in pairwise(way))


@given(followed(), st.integers(0, 2**32 - 1))
def test_people_are_drawn_whole(found, seed):
    """A sample of people has transitions of as many people; one of all alike has the same counts."""
    drawn = bootstrap_counts(found.steps, 3, seed)
    assert drawn.shape[0] == 3
    assert not drawn[:, found.transitions.total == 0].any()
    if found.steps.codes.shape[1] == 1:
        np.testing.assert_array_equal(drawn, np.broadcast_to(found.transitions.total, drawn.shape))
