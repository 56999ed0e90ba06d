"""Codes for which something holds, and the rows of some kinds."""

import numpy as np
import pytest

from singledisease.engines.columnar import stays
from singledisease.engines.columnar.event_rows import Dated
from singledisease.engines.columnar.operands import among, both, either


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
@pytest.mark.parametrize("size", [1, 5, 256])
def test_codes_are_found_however_they_stand(dtype, share, size):
    """Few codes or many, side by side or scattered, the first and the last: the same as looking each up."""
    draw = np.random.default_rng(size)
    holds, codes = draw.random(size) < share, draw.integers(0, size, (3, 40)).astype(dtype)
    assert among(codes, holds).tolist() == holds[codes].tolist()


LOWEST, HIGHEST = -(2**31) + 1, 2**31 - 1


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(3, 5, [1, 2]), (5, 5, [2]), (1, 0, []), (LOWEST, 4, [0, 1]), (LOWEST, HIGHEST, [0, 1, 2, 3]), (6, HIGHEST, [3])],
)
def test_rows_are_found_between_days(first, last, expected):
    """Both days are included, a window turned round holds nothing, and one without an end all there is."""
    date = np.array([-7, 3, 5, 9], np.int32)
    assert Dated(None, date).between(first, last).tolist() == expected
    rows = np.array([10, 20, 30, 40], np.int32)
    assert Dated(rows, date).between(first, last).tolist() == [rows[place] for place in expected]


@pytest.mark.parametrize("neutral", [True, False])
@pytest.mark.parametrize(
    ("one", "other"), [((1, 1), (3, 4)), ((3, 1), (1, 4)), ((3, 4), (3, 1)), ((1,), (4,)), ((1, 4), (3, 4))]
)
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_masks_are_joined_whatever_their_shapes(neutral, one, other, share):
    """What is the same for all need not be read along: the result is that of joining element by element."""
    draw = np.random.default_rng(1)
    masks = draw.random(one) < share, draw.random(other) < 0.5
    found, join = (both(*masks), np.logical_and) if neutral else (either(*masks), np.logical_or)
    assert found.tolist() == join(*masks).tolist()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.9, 1.0])
@pytest.mark.parametrize("spells", [0, 1, 60])
def test_spells_are_joined_alike_few_or_many(share, spells):
    """Looking at the spells of a status alone or at all, a stay has the same ends, and is one person's."""
    draw = np.random.default_rng(spells)
    holds, owner = draw.random(spells) < share, np.sort(draw.integers(0, 12, spells)).astype(np.int32)
    few, many = stays._join_few(holds.copy(), owner), stays._join_many(holds.copy(), owner)
    assert [each.tolist() for each in few] == [each.tolist() for each in many]
    apart = [i for i in range(spells) if holds[i] and (i == 0 or not holds[i - 1] or owner[i - 1] != owner[i])]
    assert few[0].tolist() == apart
