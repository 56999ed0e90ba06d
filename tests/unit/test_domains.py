"""The rows that a measure counts, as a value."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from singledisease.domains import RowDomain


def _domain(source="events"):
    return RowDomain(
        source=source,
        period=np.zeros(2, np.int32),
        owner=np.array([0, 3]),
        row=np.array([4, 9]),
        date=np.array([19_000, 19_001], np.int32),
    )


def test_a_domain_travels_and_cannot_be_changed():
    """It has as many elements as rows, compares by content after a journey, and its arrays are read-only."""
    domain = _domain()
    assert len(domain) == 2
    assert pickle.loads(pickle.dumps(domain)) == domain
    assert domain != _domain("spells")
    with pytest.raises(ValueError, match="read-only"):
        domain.owner[0] = 1


def test_a_domain_is_of_a_source_that_there_is():
    """What is no source of rows is refused by name."""
    with pytest.raises(ValueError, match="people"):
        _domain("people")
