"""Histories as R's ``survival`` 3.5-3 and ``etm`` 1.1.1 (R 4.2.2) estimate them.

``heart.csv`` are the 103 candidates of the Stanford heart transplant program (Crowley & Hu, J Am Stat Assoc
1977;72:27–36), ``hostile.csv`` ninety made-up people: late entries, several starting states, going back, ties on nearly
every day, stays cut in two.  ``figures.R`` made ``figures.json`` from both: ``Rscript figures.R``.

Two habits of those versions are not followed.  ``survfit`` counts the error of an estimated start only if its influence
is asked for (as was done here), and its ``summary`` forgets the weights in the error of a mean time.  ``etm`` 1.1.1
writes 0 for a negative covariance, against which rows that must sum to 0 speak.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

import singledisease as sd

HERE = Path(__file__).parent / "elsewhere"
FIGURES = json.loads((HERE / "figures.json").read_text(encoding="utf-8"))
STATES = {"heart": ("wait", "tx", "dead"), "hostile": ("well", "ill", "worse", "dead")}
SETS = tuple(STATES)
UNTIL = {"heart": 1000, "hostile": 20}
P = {"rtol": 0, "atol": 1e-12}
ERROR = {"rtol": 0, "atol": 1e-10}


def figures(name):
    """Give a figure as an array, with NaN where there is none."""
    return np.array(FIGURES[name], dtype=float)


def rows(name):
    """Give the rows of a data set."""
    with (HERE / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def columns(name):
    """Give a data set as the arguments of an estimator."""
    found = rows(name)
    return {
        "start": [float(row["start"]) for row in found],
        "stop": [float(row["stop"]) for row in found],
        "from_state": [row["from"] for row in found],
        "to_state": [row["to"] for row in found],
        "id": [row["id"] for row in found],
        "states": STATES[name],
    }


def weights(name):
    """Give weights and clusters, which for the heart follow from the number of the candidate."""
    if name == "hostile":
        return [float(row["weight"]) for row in rows(name)], [row["cluster"] for row in rows(name)]
    number = [int(float(row["id"])) for row in rows(name)]
    return [1 + n % 3 / 2 for n in number], [n % 7 for n in number]


def fit(name, **options):
    """Estimate at the times of the figures."""
    options = {"at": figures(f"{name}.times"), "since": 0, "variance": "jackknife"} | options
    return sd.aalen_johansen(**columns(name), **options)


@pytest.mark.parametrize("name", SETS)
def test_occupation(name):
    """Start, occupation and jackknife error, that of the start included, are survfit's."""
    found = fit(name)
    np.testing.assert_allclose(found.initial, figures(f"{name}.initial"), **P)
    np.testing.assert_allclose(found.probability, figures(f"{name}.probability"), **P)
    np.testing.assert_allclose(found.standard_error, figures(f"{name}.error"), **ERROR)


@pytest.mark.parametrize("name", SETS)
def test_given_start(name):
    """From a given start both are survfit's, as are the limits on each scale."""
    found = fit(name, initial=figures(f"{name}.given"))
    np.testing.assert_allclose(found.probability, figures(f"{name}.given_probability"), **P)
    np.testing.assert_allclose(found.standard_error, figures(f"{name}.given_error"), **ERROR)
    for transform in ("log", "log-log", "plain"):
        for mine, side in zip(found.interval(transform=transform), ("low", "high"), strict=True):
            theirs = figures(f"{name}.{side}.{transform}")
            known = ~np.isnan(theirs)
            np.testing.assert_allclose(mine[known], theirs[known], **ERROR)


@pytest.mark.parametrize("name", SETS)
def test_weights_and_clusters(name):
    """Weighted estimates and errors are survfit's; by cluster the error is that of the summed influences."""
    weight, cluster = weights(name)
    found = fit(name, weights=weight)
    np.testing.assert_allclose(found.probability, figures(f"{name}.weighted_probability"), **P)
    np.testing.assert_allclose(found.standard_error, figures(f"{name}.weighted_error"), **ERROR)
    clustered = fit(name, weights=weight, cluster=cluster)
    np.testing.assert_array_equal(clustered.probability, found.probability)
    np.testing.assert_allclose(clustered.standard_error, figures(f"{name}.cluster_error"), **ERROR)


@pytest.mark.parametrize("name", SETS)
def test_mean_times(name):
    """Restricted mean times in the states and their errors are survfit's."""
    found = sd.time_in_states(**columns(name), until=UNTIL[name], since=0, variance="jackknife")
    np.testing.assert_allclose(found.mean, figures(f"{name}.time"), rtol=1e-13)
    np.testing.assert_allclose(found.standard_error, figures(f"{name}.time_error"), rtol=1e-11)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("place", [1, 2])
def test_full_covariance(name, place):
    """P(s, t) from a later day, and every covariance of its entries that is not negative, are etm's."""
    at = FIGURES[f"{name}.covariance_at"][place - 1]
    first = np.eye(len(STATES[name]))[0]
    found = fit(name, at=[at], since=FIGURES[f"{name}.since"], initial=first, variance="greenwood", full=True)
    np.testing.assert_allclose(found.transition[0], figures(f"{name}.transition{place}"), **P)
    expected = np.zeros(found.transition_covariance[0].shape)
    for *cell, value in FIGURES[f"{name}.covariance{place}"]:
        h, j, r, m = map(int, cell)
        expected[h, j, r, m] = expected[r, m, h, j] = value
    np.testing.assert_allclose(np.maximum(found.transition_covariance[0], 0), expected, **P)


def first_stays():
    """Give of each person the first stay: where, from when to when, whether it ended in a move, and the cluster."""
    seen: dict[str, dict[str, str]] = {}
    for row in rows("hostile"):
        seen.setdefault(row["id"], row)
    found = seen.values()
    start, stop = (np.array([float(row[name]) for row in found]) for name in ("start", "stop"))
    moved = np.array([row["to"] != "" for row in found])
    return start, stop, moved, [row["from"] for row in found], [row["cluster"] for row in found]


@pytest.mark.parametrize("transform", ["log", "log-log", "plain"])
def test_one_clock(transform):
    """Kaplan and Meier with late entry, its error and its limits on each scale are survfit's."""
    start, stop, moved, *_ = first_stays()
    found = sd.kaplan_meier(stop, moved, entry=start)
    np.testing.assert_array_equal(found.times, figures("clock.times"))
    np.testing.assert_allclose(found.probability, figures("clock.probability"), **P)
    np.testing.assert_allclose(found.standard_error, figures("clock.error"), **ERROR)
    for mine, side in zip(found.interval(transform=transform), ("low", "high"), strict=True):
        theirs = figures(f"clock.{side}.{transform}")
        known = ~np.isnan(theirs)
        np.testing.assert_allclose(mine[known], theirs[known], **ERROR)


def test_log_rank_of_several_groups():
    """The log-rank tests of three states and of eight clusters, and the quartiles, are survival's."""
    start, stop, moved, source, cluster = first_stays()
    found = sd.log_rank(stop - start, moved, source)
    assert found.statistic == pytest.approx(FIGURES["clock.log_rank"], rel=1e-11)
    np.testing.assert_array_equal(found.observed, figures("clock.observed"))
    np.testing.assert_allclose(found.expected, figures("clock.expected"), rtol=1e-12)
    assert sd.log_rank(stop - start, moved, cluster).statistic == pytest.approx(FIGURES["clock.log_rank8"], rel=1e-11)
    quartiles = [sd.kaplan_meier(stop - start, moved).quantile(share) for share in (0.25, 0.5, 0.75)]
    np.testing.assert_array_equal(np.array(quartiles, dtype=float).T, figures("clock.quantiles"))
