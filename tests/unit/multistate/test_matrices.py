"""Transition matrices for another step: what is embeddable, and what is asked wrongly."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy import linalg

import singledisease as sd
from singledisease.multistate.matrices import logarithms as branches

YEAR = [[0.9, 0.1], [0.2, 0.8]]
COUNTED = sd.transition_counts([1, 1, 1, 1, 1, 2, 2], [0, 1, 2, 3, 4, 0, 1], ["a", "a", "a", "b", "a", "b", "b"])


def ring(states, rate):
    """Give the matrix of one step round a ring, and its generator."""
    generator = rate * (np.roll(np.eye(states), 1, axis=1) - np.eye(states))
    return sd.generator_of(np.eye(states)).generator + generator


def of_generator(generator):
    """Give the matrix of one step."""
    from singledisease.multistate.exponential.uniformisation import transition_probabilities

    return transition_probabilities(generator, [1.0])[0]


@pytest.mark.parametrize("states", [2, 3, 4, 5])
def test_going_round_is_not_embeddable(states):
    """Everybody moves on to the next state: nobody can have stayed, which in continuous time some always do."""
    report = sd.embeddability(np.roll(np.eye(states), 1, axis=1))
    assert report.embeddable is False
    assert set(report.impossible) >= {(i, i) for i in range(states)}


@pytest.mark.parametrize(
    ("matrix", "why"),
    [
        ([[0.9, 0.09, 0.01], [0.2, 0.6, 0.2], [0.0005, 0.2995, 0.7]], "none of its 1 logarithms"),
        ([[0.9, 0.0999, 0.0001], [0.001, 0.9, 0.099], [0.0001, 0.0999, 0.9]], "only the principal logarithm"),
        ([[0.2, 0.75, 0.05], [0.05, 0.2, 0.75], [0.75, 0.05, 0.2]], "product of the probabilities of staying"),
        ([[0.6, 0.3, 0.1], [0.6, 0.3, 0.1], [0.1, 0.1, 0.8]], "not above 0"),
        ([[0.05, 0.5, 0.45], [0.5, 0.05, 0.45], [0.1, 0.2, 0.7]], "not above 0"),
        (
            [[0.12, 0.19, 0.42, 0.27], [0.11, 0.62, 0.01, 0.26], [0.24, 0.32, 0.15, 0.29], [0.59, 0.04, 0.03, 0.34]],
            "stands alone",
        ),
    ],
)
def test_what_refutes(matrix, why):
    """Where no logarithm can be a generator that is decided, with the reason."""
    report = sd.embeddability(matrix)
    assert report.embeddable is False
    assert why in report.refuted
    assert str(report).startswith("not embeddable")


def test_another_logarithm():
    """Round a ring of five faster than the principal logarithm can tell, another one is the generator."""
    generator = ring(5, 4.0)
    matrix = of_generator(generator)
    report = sd.embeddability(matrix)
    assert report.embeddable is True
    assert report.negative
    assert "by another logarithm than the principal one" in str(report)
    assert of_generator(report.generator) == pytest.approx(matrix, abs=1e-12)
    with pytest.raises(sd.DataError, match=r"another logarithm is one: embeddability\(matrix\)\.generator"):
        sd.generator_of(matrix)


def test_undecided():
    """Equal eigenvalues have endlessly many logarithms, and one near 0 has none that is known: both stay open."""
    first = np.array([0.4715, 0.2162, 0.0961, 0.2162])
    equal = sd.embeddability([np.roll(first, i) for i in range(4)])
    assert equal.embeddable is None
    assert "not decided: the principal logarithm is not a generator" in str(equal)
    near = sd.embeddability([[0.5, 0.3, 0.2], [0.3, 0.3, 0.4], [0.4, 0.3, 0.3]])
    assert near.embeddable is None
    assert "too near to a determinant of 0" in str(near)


def test_a_rate_near_nought():
    """A rate below 0 by less than is known of it decides nothing."""
    report = sd.embeddability(of_almost(-3e-10))
    assert report.negative
    assert report.embeddable is None
    assert sd.embeddability(of_almost(-1e-5)).embeddable is False


def of_almost(rate):
    """Give the matrix of one step of a generator with one rate that is none."""
    generator = np.array([[-1.0, 1.0, 0.0], [0.5, -1.5, 1.0], [0.0, 2.0, -2.0]])
    generator[0, 2], generator[0, 0] = rate, -1.0 - rate
    return linalg.expm(generator)


def test_too_many_logarithms(monkeypatch):
    """Where more would have to be tried than are, nothing is decided."""
    monkeypatch.setattr(branches, "MOST", 0)
    assert branches.other_logarithms(of_generator(ring(5, 4.0))) == (None, "")


def test_counts_have_a_generator():
    """Counted transitions have shares, names and, for the likeliest generator, counts."""
    assert sd.generator_of(COUNTED).states == ("a", "b")
    assert np.array_equal(sd.generator_of(COUNTED).generator, sd.generator_of(COUNTED.matrix()).generator)
    assert sd.generator_of(COUNTED, method="em").generator == pytest.approx(
        sd.generator_of(COUNTED.matrix(), method="em", counts=COUNTED.total).generator
    )
    assert sd.change_step(COUNTED, 2) == pytest.approx(COUNTED.matrix() @ COUNTED.matrix())
    assert sd.generator_of(COUNTED, states=["x", "y"]).states == ("x", "y")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda: sd.change_step(YEAR, -1), "steps=-1: say how many steps"),
        (lambda: sd.change_step(YEAR, np.nan), "steps=nan"),
        (lambda: sd.change_step(YEAR, "1/12"), "steps='1/12'"),
        (lambda: sd.generator_of(YEAR, states=["a"]), "states names 1 states; the matrix has 2"),
        (lambda: sd.generator_of(YEAR, counts=[[1, 2], [3, 4]]), "'principal' takes no counts"),
        (lambda: sd.generator_of(YEAR, method="em", counts=[[1, np.nan], [3, 4]]), "counts must be a table"),
        (lambda: sd.generator_of(np.zeros((0, 0))), "a transition matrix is square"),
        (lambda: sd.generator_of("matrix"), "a square table of numbers, not str"),
        (lambda: sd.generator_of([[90, 10], [20, 80]]), "divide per cents by 100"),
        (lambda: sd.generator_of([[0.9, 0.2], [0.1, 0.8]]), r"row 0 .* sums to 1\.1; row 1 .* sums to 0\.9"),
        (lambda: sd.generator_of(np.full((12, 12), 0.1)), "and 2 more rows"),
    ],
)
def test_what_has_no_other_step(asked, said):
    """Steps that cannot be, names and counts that do not fit, and rows that are no probabilities are refused."""
    with pytest.raises(sd.SingleDiseaseError, match=said):
        asked()


def test_who_left_is_no_state():
    """Counts of a cohort have rows and columns that are no states: those who stayed have a generator."""
    both = sd.state_on_grid([1, 1, 2], [0, 1, 0], ["a", "b", "a"], [0, 1, 2], carry_days=1).counts()
    wide = type(both)(sources=("a", "entered"), targets=("a", "left"), counts=np.ones((1, 2, 2), dtype=np.int64))
    with pytest.raises(sd.UsageError, match=r"counts\.only\(\)"):
        sd.generator_of(wide)


# DATAFRAMES

YEARLY = [[0.9, 0.08, 0.02], [0.2, 0.7, 0.1], [0.0, 0.0, 1.0]]
NAMES = ["well", "ill", "dead"]
FRAMES = {
    "pandas": pd.DataFrame(YEARLY, index=NAMES, columns=NAMES),
    "pandas_numbered": pd.DataFrame(YEARLY, columns=NAMES),
    "polars": pl.DataFrame(YEARLY, schema=NAMES, orient="row"),
    "arrow": pa.Table.from_pydict({name: [row[i] for row in YEARLY] for i, name in enumerate(NAMES)}),
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("steps", [2, 1 / 12])
def test_names_of_a_dataframe_survive_a_change_of_step(frame, steps):
    """A dataframe comes back as one of the same kind with the same names, and the numbers of an array."""
    found = sd.change_step(frame, steps)
    assert type(found) is type(frame)
    assert list(getattr(found, "column_names", getattr(found, "columns", ()))) == NAMES
    if isinstance(frame, pd.DataFrame):
        assert list(found.index) == list(frame.index)
    numbers = np.column_stack([np.asarray(found[name]) for name in NAMES])
    np.testing.assert_allclose(numbers, sd.change_step(YEARLY, steps), atol=1e-15)


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_names_of_a_dataframe_are_those_of_the_states(frame):
    """A generator and a scenario have the names of the dataframe, unless others are given."""
    assert sd.generator_of(frame).states == tuple(NAMES)
    assert sd.generator_of(frame, states=["a", "b", "c"]).states == ("a", "b", "c")
    assert sd.generator_of(frame, method="em", counts=frame).states == tuple(NAMES)
    assert sd.scenario([100, 0, 0], frame).states == tuple(NAMES)
    assert str(sd.embeddability(frame)) == str(sd.embeddability(YEARLY))


def test_rows_that_are_named_unlike_columns():
    """Rows in another order than the columns would be another matrix: they are refused."""
    turned = FRAMES["pandas"].loc[["ill", "well", "dead"]]
    for work in (
        sd.generator_of,
        lambda matrix: sd.change_step(matrix, 2),
        lambda matrix: sd.scenario([1, 0, 0], matrix),
    ):
        with pytest.raises(sd.DataError, match="give both the same names, in one order"):
            work(turned)
