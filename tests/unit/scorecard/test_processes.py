"""Parts of a registry, evaluated in other processes."""

from multiprocessing import get_context

import pytest

import singledisease as sd
from singledisease.scorecard.counts import merge

ASKED = {"period": "2024", "by": ["institution", "sex"], "policy": {"reading": "any_mode"}}


def evaluated(part):
    """Evaluate a part of the people; what is given and what is handed back goes through a pipe."""
    log, measures = part
    return sd.evaluate(measures, log, **ASKED)


def refused(day):
    """Refuse, in another process."""
    return sd.period(day)


@pytest.fixture(scope="module")
def pool():
    """Start two processes that know nothing but what they are sent."""
    with get_context("spawn").Pool(2) as processes:
        yield processes


def test_parts_in_processes_sum_to_the_whole(pool):
    """A log is cut, its parts are evaluated elsewhere, and counts, figures and explanations are those of the whole."""
    log, measures = sd.simulate(patients=90, seed=7).log(), sd.measures("cn-bphs-2017")
    whole = sd.evaluate(measures, log, **ASKED)
    ids = log.people.ids.tolist()
    parts = pool.map(evaluated, [(log.only(ids[first::3]), measures) for first in range(3)])
    together = parts[0] + parts[1] + parts[2]
    assert together.counts == whole.counts == merge(part.counts for part in parts)
    assert together.table() == whole.table()
    assert sd.explain(together, ids[1]) == sd.explain(whole, ids[1])


def test_a_refusal_comes_back_with_all_it_says(pool):
    """What is wrong in another process is told as if it were here."""
    with pytest.raises(sd.UsageError, match="2024-13"):
        pool.map(refused, ["2024-13"])
