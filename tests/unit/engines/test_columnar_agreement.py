"""The columnar engine gives what the reference engine gives, on random diseases, logs and expressions."""

from __future__ import annotations

from random import Random

import attrs
import numpy as np
import pytest
from columnar_world import UNTIL, Maker, disease_of, log_of, maturity_of, periods_of

from singledisease.engines import columnar, reference
from singledisease.eventlog.log import EventLog
from singledisease.language import nodes as n
from singledisease.language.format import write
from singledisease.language.row_sources import source_of
from singledisease.pathway_courses import Courses
from singledisease.person_values import Values


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


def courses_of(rng: Random, log: EventLog) -> dict[str, Courses]:
    """Walk two random diseases until after the last day that any period of ``periods_of`` may see."""
    return {name: columnar.walk(disease_of(rng, name), log, UNTIL + 60, obligations=True) for name in ("alpha", "beta")}


def assert_same_values(expression: n.Value, ours: Values, theirs: Values) -> None:
    """Fail if two engines know a value of other elements, or do not give the same one to the last bit."""
    shown = write(expression)
    assert ours.kind == theirs.kind, shown
    np.testing.assert_array_equal(ours.known, theirs.known, shown, strict=True)
    np.testing.assert_array_equal(ours.value[ours.known], theirs.value[ours.known], shown, strict=True)


@pytest.mark.parametrize("seed", range(200, 260))
def test_values_agree(seed: int) -> None:
    """Both engines give the same value to the same expression, and know it of the same people."""
    rng = Random(seed)
    log = log_of(rng, people=10)
    courses, maker, periods, matures = courses_of(rng, log), Maker(rng), periods_of(rng), maturity_of(rng)
    expressions = [maker.sound(kind, 3) for kind in ("bool", "number", "date", "text") for _ in range(3)]
    for found in zip(
        expressions,
        columnar.values(expressions, log, periods, courses, matures=matures),
        reference.values(expressions, log, periods, courses, matures=matures),
        strict=True,
    ):
        assert_same_values(*found)


@pytest.mark.parametrize("seed", range(1000, 1040))
def test_values_of_rows_agree(seed: int) -> None:
    """Both engines find the same rows of a selection, in the same order, and value expressions of them alike."""
    rng = Random(seed)
    log = log_of(rng, people=10)
    courses, maker, periods, matures = courses_of(rng, log), Maker(rng), periods_of(rng), maturity_of(rng)
    of = maker.sound_selection(2)
    expressions = [maker.sound(kind, 2, source_of(of)) for kind in ("bool", "number", "date", "text")]
    domain, ours = columnar.row_values(of, expressions, log, periods, courses, matures=matures)
    same_domain, theirs = reference.row_values(of, expressions, log, periods, courses, matures=matures)
    assert domain == same_domain, write(of)
    for found in zip(expressions, ours, theirs, strict=True):
        assert_same_values(*found)
