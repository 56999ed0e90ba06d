"""The columnar engine gives what the reference engine gives, on random diseases, logs and expressions."""

from __future__ import annotations

from random import Random

import attrs
import numpy as np
import pytest
from columnar_world import UNTIL, Maker, disease_of, log_of, periods_of

from singledisease.engines import columnar, reference
from singledisease.pathway_courses import Courses


def assert_same_courses(one: Courses, other: Courses) -> None:
    """Fail if two courses differ in any column."""
    for name in ("spells", "moves", "obligations"):
        for field in attrs.fields(type(getattr(one, name))):
            left, right = getattr(getattr(one, name), field.name), getattr(getattr(other, name), field.name)
            np.testing.assert_array_equal(left, right, f"{name}.{field.name}", strict=True)
    np.testing.assert_array_equal(one.at_row, other.at_row, "at_row", strict=True)


@pytest.mark.parametrize("seed", range(60))
def test_walks_agree(seed: int) -> None:
    """Both engines find the same spells, moves, states on rows and obligations."""
    rng = Random(seed)
    disease, log = disease_of(rng), log_of(rng)
    assert_same_courses(
        columnar.walk(disease, log, UNTIL, obligations=True), reference.walk(disease, log, UNTIL, obligations=True)
    )


@pytest.mark.parametrize("seed", range(60))
def test_values_agree(seed: int) -> None:
    """Both engines give the same value to the same expression, and know it of the same people."""
    rng = Random(seed)
    log = log_of(rng, people=25)
    courses = {name: columnar.walk(disease_of(rng, name), log, UNTIL, obligations=True) for name in ("alpha", "beta")}
    maker, periods = Maker(rng), periods_of(rng)
    expressions = [maker.sound(kind, 3) for kind in ("bool", "number", "date", "text") for _ in range(3)]
    for expression, ours, theirs in zip(
        expressions,
        columnar.values(expressions, log, periods, courses),
        reference.values(expressions, log, periods, courses),
        strict=True,
    ):
        assert ours.kind == theirs.kind, expression
        np.testing.assert_array_equal(ours.known, theirs.known, str(expression), strict=True)
        np.testing.assert_array_equal(ours.value[ours.known], theirs.value[ours.known], str(expression), strict=True)
