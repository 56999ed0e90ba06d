"""Matrix exponentials of generators to sixty digits (mpmath 1.4.1), rounded to double precision."""

import numpy as np
import pytest
from attrs import frozen
from scipy.linalg import expm

from singledisease.multistate.exponential.expm_action import expm_action, expm_action_gradient, ready
from singledisease.multistate.exponential.propagation import propagate, pull_back
from singledisease.multistate.exponential.uniformisation import (
    checked_generator,
    derivatives,
    time_in_states,
    transition_probabilities,
)
from singledisease.multistate.rates.results.outcomes import PiecewiseGenerator
from singledisease.multistate.rates.results.outcomes import time_in_states as time_in_states_of_course


@frozen
class Case:
    """A generator's off-diagonal rates, a time, exp(Qt), ∫exp(Qu)du, and ∂exp(Qt)/∂q of one pair, as digits."""

    name: str
    rates: list[list[float]]
    time: float
    p: list[list[float]]
    spent: list[list[float]]
    pair: tuple[int, int]
    slope: list[list[float]]


# fmt: off
CASES = [
    Case(
        "defective_progressive_equal_rates",
        rates=[[0.0, 0.1, 0.0, 0.0], [0.0, 0.0, 0.1, 0.0], [0.0, 0.0, 0.0, 0.1], [0.0, 0.0, 0.0, 0.0]],
        time=50.0,
        p=[
            [0.006737946999085465, 0.03368973499542733, 0.08422433748856832, 0.8753479805169189],
            [0.0, 0.006737946999085465, 0.03368973499542733, 0.9595723180054873],
            [0.0, 0.0, 0.006737946999085465, 0.9932620530009145],
            [0.0, 0.0, 0.0, 1.0],
        ],
        spent=[
            [9.932620530009144, 9.595723180054872, 8.753479805169189, 21.718176484766797],
            [0.0, 9.932620530009144, 9.595723180054872, 30.471656289935982],
            [0.0, 0.0, 9.932620530009144, 40.067379469990854],
            [0.0, 0.0, 0.0, 50.0],
        ],
        pair=(0, 1),
        slope=[
            [-0.3368973499542733, -0.5053460249314099, -0.5614955832571222, 1.4037389581428055],
            [0.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 0.0],
        ],
    ),
    Case(
        "nearly_defective_1e-9",
        rates=[[0.0, 0.1, 0.0, 0.0], [0.0, 0.0, 0.100000001, 0.0], [0.0, 0.0, 0.0, 0.099999999], [0.0, 0.0, 0.0, 0.0]],
        time=50.0,
        p=[
            [0.006737946999085465, 0.033689734153183964, 0.08422433833081172, 0.8753479805169189],
            [0.0, 0.006737946662188124, 0.033689735332324694, 0.9595723180054871],
            [0.0, 0.0, 0.006737947335982823, 0.9932620526640171],
            [0.0, 0.0, 0.0, 1.0],
        ],
        spent=[
            [9.932620530009144, 9.595723092520075, 8.753479892703988, 21.718176484766794],
            [0.0, 9.932620434051914, 9.595723276012103, 30.471656289935982],
            [0.0, 0.0, 9.932620625966377, 40.06737937403362],
            [0.0, 0.0, 0.0, 50.0],
        ],
        pair=(0, 1),
        slope=[
            [-0.3368973499542733, -0.5053460193164542, -0.5614955888720781, 1.4037389581428055],
            [0.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 0.0],
        ],
    ),
    Case(
        "nearly_defective_1e-13",
        rates=[
            [0.0, 0.1, 0.0, 0.0],
            [0.0, 0.0, 0.10000000000010001, 0.0],
            [0.0, 0.0, 0.0, 0.0999999999999],
            [0.0, 0.0, 0.0, 0.0],
        ],
        time=50.0,
        p=[
            [0.006737946999085465, 0.0336897349953431, 0.08422433748865255, 0.8753479805169189],
            [0.0, 0.006737946999051774, 0.03368973499546102, 0.9595723180054873],
            [0.0, 0.0, 0.006737946999119156, 0.9932620530008809],
            [0.0, 0.0, 0.0, 1.0],
        ],
        spent=[
            [9.932620530009144, 9.595723180046118, 8.753479805177943, 21.718176484766797],
            [0.0, 9.932620529999548, 9.595723180064468, 30.471656289935982],
            [0.0, 0.0, 9.93262053001874, 40.06737946998126],
            [0.0, 0.0, 0.0, 50.0],
        ],
        pair=(0, 1),
        slope=[
            [-0.3368973499542733, -0.5053460249308485, -0.5614955832576837, 1.4037389581428055],
            [0.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 0.0],
        ],
    ),
    Case(
        "cyclic_complex_eigenvalues",
        rates=[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]],
        time=10.0,
        p=[
            [0.33333318615108776, 0.333333529174677, 0.3333332846742353],
            [0.3333332846742353, 0.33333318615108776, 0.333333529174677],
            [0.333333529174677, 0.3333332846742353, 0.33333318615108776],
        ],
        spent=[
            [3.666666781007863, 3.333333251833186, 2.999999967158951],
            [2.999999967158951, 3.666666781007863, 3.333333251833186],
            [3.333333251833186, 2.999999967158951, 3.666666781007863],
        ],
        pair=(0, 1),
        slope=[
            [-0.22222202437262617, 0.11111011447974208, 0.11111190989288411],
            [-0.22222137478135118, 0.1111115048020508, 0.11110986997930036],
            [-0.22222341469493492, 0.11111190989288411, 0.1111115048020508],
        ],
    ),
    Case(
        "tiny_rates_long_time",
        rates=[[0.0, 1e-09, 1e-12], [0.0, 0.0, 1e-09], [0.0, 0.0, 0.0]],
        time=1000000000.0,
        p=[
            [0.36751174560869354, 0.3676955627487716, 0.26479269164253494],
            [0.0, 0.3678794411714423, 0.6321205588285577],
            [0.0, 0.0, 1.0],
        ],
        spent=[
            [631856397.9933131, 264160835.2445416, 103982766.76214528],
            [0.0, 632120558.8285576, 367879441.17144233],
            [0.0, 0.0, 1000000000.0],
        ],
        pair=(0, 1),
        slope=[[-367511745.60869354, 183878422.6707708, 183633322.93792275], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
    ),
    Case(
        "two_absorbing",
        rates=[[0.0, 0.2, 0.05, 0.01], [0.1, 0.0, 0.3, 0.02], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]],
        time=10.0,
        p=[
            [0.12810964762245058, 0.10024448381662027, 0.6984621792130271, 0.07318368934790201],
            [0.05012224190831013, 0.0479140605691544, 0.8403949706074783, 0.06156872691505717],
            [0.0, 0.0, 1.0, 0.0],
            [0.0, 0.0, 0.0, 1.0],
        ],
        spent=[
            [3.9929316100550305, 1.6627186623675854, 3.9077005673658403, 0.436649160211544],
            [0.8313593311837927, 2.662756680160962, 6.072321633640728, 0.43356235501451723],
            [0.0, 0.0, 10.0, 0.0],
            [0.0, 0.0, 0.0, 10.0],
        ],
        pair=(0, 1),
        slope=[
            [-0.829555505082617, 0.02870425165719118, 0.8161144197786454, -0.015263166353219572],
            [-0.23625908371295506, 0.04968144794121236, 0.1869522899551157, -0.00037465418337298545],
            [0.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 0.0],
        ],
    ),
    Case(
        "cav_mle",
        rates=[
            [0.0, 0.127874268579138, 0.0, 0.0424853518820235],
            [0.225101598647954, 0.0, 0.342595503852791, 0.0402661956772244],
            [0.0, 0.130623856401625, 0.0, 0.30645939608699],
            [0.0, 0.0, 0.0, 0.0],
        ],
        time=1.0,
        p=[
            [0.8539676154388675, 0.08837180663133597, 0.014755224491594839, 0.04290535343820169],
            [0.15556401744585982, 0.5666193969781127, 0.20598527635107514, 0.07183130922495234],
            [0.009903348912630037, 0.07853749058683884, 0.6596660028274289, 0.25189315767310216],
            [0.0, 0.0, 0.0, 1.0],
        ],
        spent=[
            [0.9232743527648091, 0.05000534791851524, 0.005436911298597289, 0.02128338801807839],
            [0.08802618292544684, 0.7577028576613086, 0.12263182273609673, 0.031639136677147815],
            [0.0036491230362303805, 0.046756718705311555, 0.8152969411364088, 0.13429721712204928],
            [0.0, 0.0, 0.0, 1.0],
        ],
        pair=(0, 1),
        slope=[
            [-0.7675358192689675, 0.6471467970337429, 0.11045941483586472, 0.009929607399359941],
            [-0.07734346388492128, 0.06887046181961835, 0.007956212236209348, 0.000516789829093577],
            [-0.003308305813361858, 0.0030335223695464007, 0.00026175945634145163, 1.3023987474005555e-05],
            [0.0, 0.0, 0.0, 0.0],
        ],
    ),
    Case(
        "stiff_1e8",
        rates=[[0.0, 10000.0, 0.0], [10000.0, 0.0, 0.0001], [0.0, 0.0, 0.0]],
        time=1.0,
        p=[
            [0.4999750031249271, 0.49997500062505207, 4.999625002084245e-05],
            [0.49997500062505207, 0.4999749981251771, 5.00012497708487e-05],
            [0.0, 0.0, 1.0],
        ],
        spent=[
            [0.5000125027081119, 0.4999625002084245, 2.4997083463548906e-05],
            [0.4999625002084245, 0.500012497708487, 2.5002083088550992e-05],
            [0.0, 0.0, 1.0],
        ],
        pair=(0, 1),
        slope=[
            [-2.5000000093757292e-05, 2.4997500218741667e-05, 2.4998750156233857e-09],
            [-2.499999984376354e-05, 2.4997500218747915e-05, 2.499625015624948e-09],
            [0.0, 0.0, 0.0],
        ],
    ),
]
# fmt: on


def tolerance(case):
    """Give 1e-12, and 1e-8 for the stiff one, of which double precision has no more."""
    return 1e-8 if case.name.startswith("stiff") else 1e-12


def carried(case):
    """Say whether rows are carried by a series: stiff generators are squared instead."""
    return not case.name.startswith("stiff")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_probabilities(case):
    """P(t) is right, entry by entry and relative to its size, by every route."""
    expected = np.array(case.p)
    q = checked_generator(case.rates)
    by_route = [
        transition_probabilities(q, [case.time])[0],
        propagate(q[None], np.array([0]), np.array([case.time]))[0],
    ]
    if carried(case):
        each = np.zeros(len(q), dtype=int)
        by_route.append(expm_action(ready(q[None]), each, np.full(len(q), case.time), np.eye(len(q))))
    for found in by_route:
        assert np.abs(found - expected).max() <= tolerance(case)
        assert (np.abs(found - expected) <= 1e3 * tolerance(case) * expected).all()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_time_in_states(case):
    """The integral of P is right, relative to the time, by both routes."""
    q = checked_generator(case.rates)
    for found in (
        time_in_states(q, [case.time])[0],
        time_in_states_of_course(PiecewiseGenerator(q[None], np.zeros(1)), [case.time])[0],
    ):
        assert np.abs(found - np.array(case.spent)).max() <= tolerance(case) * max(1.0, case.time)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_derivatives(case):
    """The change of P with one rate is right forwards, and backwards from each entry of P."""
    q, (i, j), expected = checked_generator(case.rates), case.pair, np.array(case.slope)
    size, k = max(1.0, float(np.abs(expected).max())), len(q)
    direction = np.zeros((1, k, k))
    direction[0, i, j], direction[0, i, i] = 1.0, -1.0
    assert np.abs(derivatives(q, [case.time], direction)[0, 0] - expected).max() <= tolerance(case) * size
    for a, b in np.ndindex(k, k):
        unit = np.zeros((1, k, k))
        unit[0, a, b] = 1.0
        back = pull_back(q[None], np.array([0]), np.array([case.time]), unit)[0]
        assert abs(back[i, j] - back[i, i] - expected[a, b]) <= 10 * tolerance(case) * size
        if not carried(case):
            continue
        row, owed = expm_action_gradient(
            ready(q[None]), np.array([0]), np.array([case.time]), np.eye(k)[[a]], np.eye(k)[[b]]
        )
        assert abs(owed[0, i, j] - owed[0, i, i] - expected[a, b]) <= 10 * tolerance(case) * size
        assert np.abs(row[0] - np.array(case.p)[:, b]).max() <= tolerance(case)


def test_many_generators_at_once_are_each_alone():
    """Generators of different speed in one call give what each gives alone."""
    q = [checked_generator(case.rates) for case in CASES if len(case.rates) == 4]
    time = np.array([0.3, 7.0, 50.0])
    together = propagate(np.array(q), np.repeat(np.arange(len(q)), 3), np.tile(time, len(q)))
    alone = np.concatenate([transition_probabilities(one, time) for one in q])
    assert np.abs(together - alone).max() <= 1e-14
    many = np.repeat(np.arange(len(q)), 12)
    rows = expm_action(
        ready(np.array(q)), many, np.tile(np.repeat(time, 4), len(q)), np.tile(np.eye(4), (3 * len(q), 1))
    )
    assert np.abs(rows.reshape(-1, 4, 4) - alone).max() <= 1e-14


def test_scipy_is_off_on_nearly_equal_rates():
    """SciPy's own routine is off on a triangular generator whose rates differ in the last digits.

    When this fails SciPy has been mended, and the reason for our own exponential is gone.
    """
    case = next(case for case in CASES if case.name == "nearly_defective_1e-13")
    q = checked_generator(case.rates)
    assert np.abs(expm(q * case.time) - np.array(case.p)).max() > 1e-9
    assert np.abs(transition_probabilities(q, [case.time])[0] - np.array(case.p)).max() < 1e-14
