"""Law 6: spells tile observed time, every spell names its cause, every timing comes to exactly one end."""

from hypothesis import given

from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar import walk as columnar_walk
from singledisease.engines.reference import walk as reference_walk
from singledisease.testing import days, diseases, logs
from singledisease.testing.laws import obligations_end, spells_tile


@given(diseases(), logs(), days())
def test_tiling_and_ends(disease, log, until):
    """In both engines, for every pathway and log."""
    known, resolved = log.as_of(None), resolve_disease(disease, {})
    for walk in (columnar_walk, reference_walk):
        courses = walk(resolved, known, until, obligations=True)
        spells_tile(courses, known)
        obligations_end(courses)


@given(diseases(), logs(), days())
def test_longer_is_the_same_as_far(disease, log, until):
    """What happened by a day does not depend on how far the walk goes on."""
    known, resolved = log.as_of(None), resolve_disease(disease, {})
    short, long = (columnar_walk(resolved, known, end) for end in (until, until + 200))
    s, w = short.spells, long.spells
    expected = [(int(w.state[i]), int(w.entered[i])) for i in range(len(w.state)) if w.entered[i] <= until]
    assert [(int(s.state[i]), int(s.entered[i])) for i in range(len(s.state))] == expected
