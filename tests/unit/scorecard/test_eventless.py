"""Registries in which most people have no event."""

import numpy as np
import pytest

import singledisease as sd
from singledisease.scorecard.eventless import Apart, apart

WHOLE = sd.simulate(patients=60, seed=11).log().as_of(None)
# Every third person keeps their events; the others remain with none.
SPARSE = WHOLE.take(np.flatnonzero(WHOLE.person % 3 == 0))
MEASURES = [
    *sd.measures("cn-bphs-2017", diseases=["hypertension"]),
    *sd.measures("hearts360", diseases=["hypertension"]),
]
TIER = sd.Measure(id="women", population=sd.attribute("sex") == "female", numerator=sd.events("follow_up").count() >= 2)


@pytest.mark.parametrize("by", [(), ("institution", "sex"), ("age_band",)])
def test_people_without_events_are_counted_as_with_the_others(by):
    """Apart or not, in many periods or one: the reference engine finds the same figures, and the same people."""
    for span in ("2024", "2024/month"):
        found, expected = (
            sd.evaluate([*MEASURES, TIER], SPARSE, period=span, by=by, engine=engine)
            for engine in ("columnar", "reference")
        )
        assert found.counts == expected.counts
        for ours, theirs in zip(found.parts[0].assigned, expected.parts[0].assigned, strict=True):
            assert np.array_equal(getattr(ours, "codes", ours), getattr(theirs, "codes", theirs))


def test_only_a_sparse_registry_is_taken_apart():
    """Where most people have events, nothing is gained; where they have none, rows stay where they are."""
    assert apart(WHOLE) is None
    parted = apart(SPARSE)
    assert isinstance(parted, Apart)
    assert apart(SPARSE) is parted
    some, none = parted.logs
    assert (len(some), len(none), len(some.people) + len(none.people)) == (len(SPARSE), 0, len(SPARSE.people))
    assert [some.people.ids[0], none.people.ids[0]] == [SPARSE.people.ids[places[0]] for places in parted.places]


@pytest.mark.parametrize("none", [np.full((2, 2), 7, np.uint8), np.array([[7, 8], [9, 7]], np.uint8)])
def test_both_are_put_together_again(none):
    """Everybody is in their place again, whether those without events are alike or not."""
    parted = Apart((np.array([1, 2]), np.array([0, 3])), (SPARSE, SPARSE))
    some = np.array([[1, 2], [3, 4]], np.uint8)
    for alike in (none, np.broadcast_to(none[:1, :1], (2, 2))):
        whole = parted.together((some, alike))
        assert whole[:, [1, 2]].tolist() == some.tolist()
        assert whole[:, [0, 3]].tolist() == alike.tolist()
