"""A cohort of one step has no two steps to compare."""

import pytest

import singledisease as sd
from singledisease.cohorts.steps.assumption_tests import chapman_kolmogorov_of


def test_a_test_of_two_steps_needs_two():
    """It is an error of the question, not a test that always passes."""
    cohort = sd.cohort(
        "hypertension", sd.simulate(patients=20, seed=1).log(), "2024-01-01", "2024-12-31", every="whole"
    )
    with pytest.raises(sd.UsageError, match="at least two steps"):
        chapman_kolmogorov_of(cohort.steps)
