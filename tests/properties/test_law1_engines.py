"""Law 1: both engines give the same courses and the same values."""

from hypothesis import given
from hypothesis import strategies as st

from singledisease.definitions.resolve import resolve_disease
from singledisease.testing import (
    diseases,
    engines_agree_on_courses,
    engines_agree_on_values,
    expressions,
    logs,
    periods,
)
from singledisease.testing.world import LAST, days


@given(diseases(), logs(), days(last=LAST + 400))
def test_same_courses(disease, log, until):
    """Whatever the pathway and the log, spells, moves, obligations and states at rows are the same."""
    engines_agree_on_courses(resolve_disease(disease, {}), log.as_of(None), until)


@given(diseases(), logs(), days())
def test_same_courses_as_of(disease, log, day):
    """The same holds for a log as it was known on a day."""
    engines_agree_on_courses(resolve_disease(disease, {}), log.as_of(day), day)


@st.composite
def asked(draw):
    """Draw a log, its courses through two diseases, and periods that end within them."""
    log = draw(logs()).as_of(draw(st.none() | days()))
    spans = draw(st.lists(periods(), min_size=1, max_size=3))
    until = max(span.end for span in spans)
    until = until if log.known_until is None else min(until, log.known_until)
    pair = [resolve_disease(draw(diseases(id)), {}) for id in ("alpha", "beta")]
    courses = {disease.id: engines_agree_on_courses(disease, log, until) for disease in pair}
    return log, spans, courses


@given(asked(), st.sampled_from(["bool", "number", "date", "text"]), st.data())
def test_same_values(question, kind, data):
    """Whatever is asked of people, what is known and what it is are the same."""
    log, spans, courses = question
    engines_agree_on_values(data.draw(expressions("person", kind)), log, spans, courses)


@given(asked(), st.lists(expressions("person", "bool", depth=2), min_size=2, max_size=4))
def test_same_values_together(question, conditions):
    """Expressions valued together share their work, and come out as each alone."""
    log, spans, courses = question
    together = engines_agree_on_values(conditions, log, spans, courses)
    alone = [engines_agree_on_values(condition, log, spans, courses)[0] for condition in conditions]
    for one, other in zip(together, alone, strict=True):
        assert (one.known == other.known).all()
        assert (one.true == other.true).all()
