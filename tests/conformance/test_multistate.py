"""Multi-state estimates as other programs give them.

``toy5`` is the small made-up history of R's ``survival`` with late entry and going back (survfit 3.8.6; Greenwood's
covariance from etm 1.1.2).  The rating matrix is Standard & Poor's as in R's ``ctmcd`` 1.4.2, the CD4 matrix that of
Craig & Sendi (2002), the cohort models are Briggs, Claxton & Sculpher (2006), examples 2.5 and 3.5.
"""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

import singledisease as sd
from singledisease.multistate.matrices.generators import log_likelihood

# HISTORIES

TOY5 = """
1 0 4 entry a
1 4 9 a b
1 9 10 b a
2 0 5 entry b
3 2 9 entry c
4 0 2 entry a
4 2 8 a c
4 8 9 c .
5 1 3 entry b
5 3 11 b .
"""
STATES = ("entry", "a", "b", "c")
TIMES = [2, 3, 4, 5, 8, 9, 10, 11]
PROBABILITY = [
    [0.75, 0.25, 0.0, 0.0],
    [0.5625, 0.25, 0.1875, 0.0],
    [0.375, 0.4375, 0.1875, 0.0],
    [0.1875, 0.4375, 0.375, 0.0],
    [0.1875, 0.21875, 0.375, 0.21875],
    [0.0, 0.0, 0.59375, 0.40625],
    [0.0, 0.296875, 0.296875, 0.40625],
    [0.0, 0.296875, 0.296875, 0.40625],
]
JACKKNIFE = [
    [0.21650635094611, 0.21650635094611, 0.0, 0.0],
    [0.219863238741723, 0.21650635094611, 0.175390190005029, 0.0],
    [0.202523146825246, 0.219863238741723, 0.175390190005029, 0.0],
    [0.157804764661907, 0.219863238741723, 0.229639663385923, 0.0],
    [0.157804764661907, 0.175737841862531, 0.229639663385923, 0.2028242966523],
    [0.0, 0.0, 0.228840914310575, 0.228840914310575],
    [0.0, 0.243882676231062, 0.234179606051904, 0.228840914310575],
    [0.0, 0.243882676231062, 0.234179606051904, 0.228840914310575],
]
LOWER = [
    [0.425932268497982, 0.0457907596660182, 0.0, 0.0],
    [0.261465925394921, 0.0457907596660182, 0.0299761005330114, 0.0],
    [0.130115757402046, 0.163384692290983, 0.0299761005330114, 0.0],
    [0.0360253677613619, 0.163384692290983, 0.112922089434132, 0.0],
    [0.0360253677613619, 0.0453018285038258, 0.112922089434132, 0.0355399430623099],
    [0.0, 0.0, 0.278956633399387, 0.134682428446813],
    [0.0, 0.0593351370650461, 0.063260503350782, 0.134682428446813],
    [0.0, 0.0593351370650461, 0.063260503350782, 0.134682428446813],
]
AT_RISK = [
    [4.0, 0.0, 0.0, 0.0],
    [4.0, 1.0, 0.0, 0.0],
    [3.0, 1.0, 1.0, 0.0],
    [2.0, 2.0, 1.0, 0.0],
    [1.0, 2.0, 1.0, 0.0],
    [1.0, 1.0, 1.0, 1.0],
    [0.0, 0.0, 2.0, 0.0],
    [0.0, 0.0, 1.0, 0.0],
]
GREENWOOD_AT_10 = {
    (4, 4): 0.0562744140625,
    (4, 5): 0.05078125,
    (4, 6): 0.07421875,
    (4, 8): -0.0318603515625,
    (4, 9): -0.0234375,
    (4, 10): -0.07421875,
    (4, 12): -0.0244140625,
    (4, 13): -0.02734375,
    (5, 5): 0.0625,
    (5, 6): 0.0625,
    (5, 8): -0.0234375,
    (5, 10): -0.0625,
    (5, 12): -0.02734375,
    (5, 13): -0.0625,
    (6, 6): 0.125,
    (6, 8): -0.07421875,
    (6, 9): -0.0625,
    (6, 10): -0.125,
    (8, 8): 0.0562744140625,
    (8, 9): 0.05078125,
    (8, 10): 0.07421875,
    (8, 12): -0.0244140625,
    (8, 13): -0.02734375,
    (9, 9): 0.0625,
    (9, 10): 0.0625,
    (9, 12): -0.02734375,
    (9, 13): -0.0625,
    (10, 10): 0.125,
    (12, 12): 0.048828125,
    (12, 13): 0.0546875,
    (13, 13): 0.125,
}
"""Upper triangle of the covariance of vec P(0, 10), columns of P one after the other; the rest is 0."""


def toy5(**options):
    """Estimate from the toy history."""
    rows = [line.split() for line in TOY5.strip().splitlines()]
    who, start, stop, source, target = zip(*rows, strict=True)
    return sd.aalen_johansen(
        np.array(start, float),
        np.array(stop, float),
        list(source),
        [None if name == "." else name for name in target],
        id=list(who),
        states=STATES,
        **options,
    )


def test_occupation_of_toy5():
    """State occupation at every time is survfit's, as is who was at risk."""
    fit = toy5(at=TIMES, since=0)
    np.testing.assert_allclose(fit.probability, PROBABILITY, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(fit.at_risk, AT_RISK)


def test_jackknife_of_toy5():
    """Infinitesimal-jackknife standard errors and log limits are survfit's."""
    fit = toy5(at=TIMES, since=0, variance="jackknife")
    np.testing.assert_allclose(fit.standard_error, JACKKNIFE, rtol=0, atol=1e-10)
    low, high = fit.interval(transform="log")
    np.testing.assert_allclose(np.nan_to_num(low), LOWER, rtol=0, atol=1e-9)
    assert np.nanmax(high) <= 1


def test_greenwood_of_toy5():
    """The covariance of all entries of P(0, 10) is etm's, 16 by 16."""
    fit = toy5(at=[10], since=0, full=True)
    found = fit.transition_covariance[0].transpose(1, 0, 3, 2).reshape(16, 16)
    expected = np.zeros((16, 16))
    for (i, j), value in GREENWOOD_AT_10.items():
        expected[i, j] = expected[j, i] = value
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-15)


# MATRICES

RATINGS = np.array(
    [
        [208, 22, 2, 0, 0, 0, 0, 0],
        [5, 777, 67, 4, 0, 0, 0, 0],
        [0, 55, 1428, 135, 6, 1, 6, 4],
        [1, 6, 65, 1514, 66, 9, 3, 6],
        [0, 4, 1, 40, 886, 75, 9, 3],
        [0, 5, 3, 6, 48, 793, 47, 53],
        [0, 0, 0, 0, 1, 13, 77, 19],
        [0, 0, 0, 0, 0, 0, 0, 0],
    ]
)
NEGATIVE = 15
DIAGONAL = {
    "diagonal": [
        -0.109987519624155,
        -0.0957739748247168,
        -0.139260060949648,
        -0.101057036834603,
        -0.142770117456821,
        -0.19324019146927,
        -0.363414201793592,
        0,
    ],
    "weighted": [
        -0.109541120627224,
        -0.0952977952914781,
        -0.139105751672766,
        -0.101057036834605,
        -0.142415516868528,
        -0.193219238794913,
        -0.362011318826363,
        0,
    ],
    "projection": [
        -0.109688197832683,
        -0.095416840174788,
        -0.139127795855179,
        -0.101057036834605,
        -0.142486436986187,
        -0.193222232034108,
        -0.362361432402743,
        0,
    ],
}
DISTANCE = {"diagonal": 0.00149229526988355, "weighted": 0.00133623112697216, "projection": 0.00110693682252471}
EM_LOG_LIKELIHOOD = -3194.25372409448
SATURATED = -3193.3805
CD4 = np.array([[682, 33, 25], [154, 64, 47], [19, 19, 43]])
CD4_MONTH = [
    [0.98190159257398, 0.0121972898489856, 0.00590111757703431],
    [0.176576523489806, 0.751704389666019, 0.0717190868441747],
    [0.0177034832430627, 0.0992854513938314, 0.883011065363106],
]


def ratings():
    """Give the matrix of ratings; nobody leaves default."""
    rows = RATINGS.sum(1, keepdims=True)
    return np.divide(RATINGS, rows, out=np.eye(8), where=rows > 0)


def test_ratings_have_no_generator():
    """The logarithm of the rating matrix has 15 negative rates, and zeros that can be reached refute any other."""
    report = sd.embeddability(ratings())
    assert len(report.negative) == NEGATIVE
    assert report.embeddable is False
    with pytest.raises(sd.DataError, match="not a generator: 15 rates are negative"):
        sd.generator_of(ratings())


@pytest.mark.parametrize("method", DIAGONAL)
def test_nearest_generators_of_ratings(method):
    """Diagonal and weighted adjustment and projection give ctmcd's (for projection: quadprog's) generators."""
    found = sd.generator_of(ratings(), method=method)
    np.testing.assert_allclose(found.generator.diagonal(), DIAGONAL[method], rtol=0, atol=1e-13)
    assert found.distance == pytest.approx(DISTANCE[method], abs=1e-13)


def test_likeliest_generator_of_ratings():
    """EM climbs at least as high as ctmcd's, and cannot pass the likelihood of the shares themselves."""
    found = sd.generator_of(ratings(), method="em", counts=RATINGS)
    assert EM_LOG_LIKELIHOOD <= log_likelihood(found.generator, RATINGS) < SATURATED


def test_monthly_matrix_of_cd4_counts():
    """The sixth root of the half-yearly CD4 matrix is Craig and Sendi's monthly one."""
    half_year = CD4 / CD4.sum(1, keepdims=True)
    assert sd.embeddability(half_year).embeddable
    np.testing.assert_allclose(sd.change_step(half_year, 1 / 6), CD4_MONTH, rtol=0, atol=1e-13)


# PUBLISHED COHORT MODELS

HIV = np.array([[1251, 350, 116, 17], [0, 731, 512, 15], [0, 0, 1312, 437], [0, 0, 0, 469]])
STAGES = ("A", "B", "C", "D")


def test_lamivudine():
    """Zidovudine alone and with lamivudine for two years: costs, life-years and their ratio as published."""
    alone = sd.scenario([1, 0, 0, 0], HIV / HIV.sum(1, keepdims=True), states=STAGES)
    worse = [(a, b) for i, a in enumerate(STAGES) for b in STAGES[i + 1 :]]
    both = alone.changed(*(sd.Change(source=a, target=b, factor=0.509, start=1, until=2) for a, b in worse))
    care = np.tile([2756.0 + 2278, 3052 + 2278, 9007 + 2278, 0], (21, 1))
    more = care.copy()
    more[1:3, :3] += 2086.5
    one, other = alone.project(20), both.project(20)
    cost = one.total(care, discount=0.06), other.total(more, discount=0.06)
    years = one.time_in("A", "B", "C"), other.time_in("A", "B", "C")
    assert [round(x.value, 7) for x in cost] == [44663.4535637, 50601.6513312]
    assert [round(x.value, 7) for x in years] == [7.9912066, 8.9373889]
    assert round(((cost[1] - cost[0]) / (years[1] - years[0])).value, 4) == 6275.9556


DEATHS = {35: 0.99, 45: 2.6, 55: 6.7, 65: 19.3, 75: 53.5, 85: 154.8}
"""Per 1000 women a year, from an age on."""
HIP_STANDARD = [
    [0.98, 0.0, 0.0, 0.02],
    [0.9726572, 0.0007768, 0.0, 0.026566],
    [0.96516548, 0.00097491, 0.00075606, 0.03310354],
    [0.95757109, 0.00115802, 0.00166964, 0.03960125],
    [0.93783561, 0.00132115, 0.00268314, 0.0581601],
    [0.91838963, 0.00145307, 0.00379326, 0.07636404],
    [0.89924305, 0.00157339, 0.00496429, 0.09421927],
    [0.88040225, 0.00168398, 0.00618146, 0.11173231],
]
HIP_NEW = [
    [0.98, 0.0, 0.0, 0.02],
    [0.97323145, 0.00020255, 0.0, 0.026566],
    [0.96645641, 0.00025438, 0.00019715, 0.03309206],
    [0.95968665, 0.00030239, 0.00043553, 0.03957543],
    [0.94083683, 0.00034529, 0.00070021, 0.05811767],
    [0.92232657, 0.00038012, 0.0009904, 0.07630291],
    [0.90415327, 0.00041201, 0.00129686, 0.09413786],
    [0.88631355, 0.00044144, 0.00161577, 0.11162924],
]


def hip(price, effect):
    """Follow women from a hip replacement at 60 over 60 years."""
    scale, shape = exp(-5.490935 - 0.0367022 * 60) * effect, exp(0.3740968)
    matrices = []
    for t in range(1, 61):
        death = DEATHS[max(age for age in DEATHS if age <= 60 + t)] / 1000
        again = 1 - exp(scale * ((t - 1) ** shape - t**shape))
        matrices.append(
            [
                [0, 0.98, 0, 0, 0.02],
                [0, 1 - again - death, again, 0, death],
                [0, 0, 0, 0.98 - death, 0.02 + death],
                [0, 0, 0.04, 0.96 - death, death],
                [0, 0, 0, 0, 1],
            ]
        )
    found = sd.scenario([1, 0, 0, 0, 0], matrices).project(60)
    cost = found.total([price, 0, 5294, 0, 0], discount=0.06, first=0)
    quality = found.total([0, 0.85, 0.30, 0.75, 0], discount=0.015, first=0)
    return found, cost, quality


def test_hip_replacement():
    """Counts of the first cycles, costs and quality-adjusted life-years of both prostheses as published."""
    standard, cost, quality = hip(394, 1)
    new, more, better = hip(579, exp(-1.344474))
    np.testing.assert_array_equal(standard.stocks[1:9, 1:].round(8), HIP_STANDARD)
    np.testing.assert_array_equal(new.stocks[1:9, 1:].round(8), HIP_NEW)
    assert (round(cost.value, 6), round(quality.value, 7)) == (512.434658, 14.6531896)
    assert (round(more.value, 6), round(better.value, 8)) == (610.311818, 14.69770986)
    assert round(((more - cost) / (better - quality)).value, 6) == 2198.486665
