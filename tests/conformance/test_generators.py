"""Generators of published tables, fitted from visits, against those of other programs."""

import numpy as np
import pytest

from singledisease.multistate.rates.fit import fit_generator

CD4 = [[682, 33, 25], [154, 64, 47], [19, 19, 43]]
"""Half-yearly moves between CD4 counts 0-49, 50-74 and 75 up (Craig and Sendi, Health Econ 2002;11:33-42)."""

LOG_OF_CD4 = [
    [-0.117631294295938, 0.0829648164835842, 0.0346664778123505],
    [1.22994595710874, -1.75580714077492, 0.525861183666184],
    [0.0442880411775114, 0.732897416496636, -0.777185457674151],
]
"""The logarithm of the table of shares (R package expm 0.999-7)."""

RATINGS = [
    [208, 22, 2, 0, 0, 0, 0, 0],
    [5, 777, 67, 4, 0, 0, 0, 0],
    [0, 55, 1428, 135, 6, 1, 6, 4],
    [1, 6, 65, 1514, 66, 9, 3, 6],
    [0, 4, 1, 40, 886, 75, 9, 3],
    [0, 5, 3, 6, 48, 793, 47, 53],
    [0, 0, 0, 0, 1, 13, 77, 19],
]
"""Yearly moves between Standard and Poor's ratings; the last column, default, is not left."""

RATINGS_BY_EM = [
    [-0.109502, 0.104889, 0.00461352, 0, 0, 0, 0, 0],
    [0.00623118, -0.0950025, 0.0878388, 0.000932552, 0, 0, 0, 0],
    [0, 0.0374925, -0.138885, 0.0929096, 0.00200565, 2.87446e-05, 0.00447432, 0.00197444],
    [0.000615531, 0.00301572, 0.0435873, -0.100947, 0.0443821, 0.00416838, 0.00178115, 0.00339679],
    [0, 0.0040515, 0, 0.0438807, -0.142388, 0.0860531, 0.0084028, 0],
    [0, 0.00576858, 0.00323313, 0.0057335, 0.0589479, -0.192943, 0.0644453, 0.0548145],
    [0, 0, 0, 0, 0.00672684, 0.153873, -0.361607, 0.201007],
    [0, 0, 0, 0, 0, 0, 0, 0],
]
"""Maximum likelihood by the EM algorithm (R package ctmcd 1.4.2), log-likelihood -3194.25372409448."""


def visits_of(table):
    """Give two visits, one unit apart, for everybody counted in a table."""
    moves = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    people = np.repeat(np.arange(len(moves)), 2)
    return {"id": people, "time": np.tile([0, 1], len(moves)), "state": np.array(moves).ravel()}


def test_the_logarithm_of_a_table():
    """Where the table of shares has a logarithm with positive rates, that is the estimate."""
    fit = fit_generator(**visits_of(CD4))
    assert np.abs(fit.rates - LOG_OF_CD4).max() < 1e-11
    shares = np.array(CD4) / np.sum(CD4, axis=1, keepdims=True)
    assert fit.log_likelihood == pytest.approx(np.sum(CD4 * np.log(shares)), abs=1e-9)
    assert np.abs(fit.probabilities([1.0])[0] - shares).max() < 1e-12


def test_a_table_without_such_a_logarithm():
    """Where the logarithm has negative rates the estimate is that of the EM algorithm, or a little better."""
    allowed = [(i, j) for i in range(7) for j in range(8) if i != j]
    fit = fit_generator(**visits_of(RATINGS), allowed=allowed)
    assert fit.converged
    assert -3194.25372409448 <= fit.log_likelihood < -3194.2537
    assert np.abs(fit.rates - RATINGS_BY_EM).max() < 2e-5
    assert {u.name for u in fit.unidentified} >= {"0 → 7", "6 → 0", "4 → 2"}
