"""Law 1: both engines give the same courses and the same values."""

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from singledisease.dates import AT_ONCE, Maturity
from singledisease.definitions.resolve import resolve_disease, resolve_value
from singledisease.language import nodes as n
from singledisease.language.row_sources import source_of
from singledisease.scorecard.evaluate import until_of
from singledisease.testing import (
    diseases,
    engines_agree_on_courses,
    engines_agree_on_rows,
    engines_agree_on_values,
    expressions,
    linked_diseases,
    logs,
    periods,
    selections,
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


AGES = st.sampled_from([0.0, 1.0, 40.0, 65.0])


@given(diseases(), logs(), days(last=LAST + 400), AGES)
def test_same_courses_of_services_from_an_age(disease, log, until, years):
    """The same holds where services apply from an age: of those whose birthday is still to come, or unknown, too."""
    from_age = n.Apply(">=", (n.Age(n.PeriodEnd()), n.Literal(years, "number")))
    services = tuple(evolve(service, applies=from_age) for service in disease.services)
    engines_agree_on_courses(resolve_disease(evolve(disease, services=services), {}), log.as_of(None), until)


SORTS = st.sampled_from(
    [("bool", ""), ("number", ""), ("number", "days"), ("number", None), ("date", ""), ("text", ""), ("bool", "")]
)
POLICIES = st.sampled_from([{}, {"in_force": "period_end"}])
MATURITIES = st.builds(Maturity, st.integers(0, 40), st.integers(0, 2))


@given(linked_diseases(), logs(max_people=2), days(last=LAST + 400), st.none() | days())
def test_same_courses_of_linked_sequences(disease, log, until, known):
    """Of a pathway in which each linked sequence has a course, too, however the log was known."""
    engines_agree_on_courses(resolve_disease(disease, {}), log.as_of(known), until if known is None else known)


@st.composite
def asked_of_sequences(draw):
    """Draw a log, courses of linked sequences and of people, and periods that end within them."""
    log = draw(logs(max_people=2)).as_of(None)
    spans = draw(st.lists(periods(), min_size=1, max_size=2))
    until = until_of(log, spans)
    pair = [resolve_disease(draw(made), {}) for made in (linked_diseases("alpha"), diseases("beta"))]
    return log, spans, {one.id: engines_agree_on_courses(one, log, until) for one in pair}


@given(asked_of_sequences(), SORTS, st.data())
def test_same_values_of_linked_sequences(question, sort, data):
    """Whatever is asked in the row of a sequence, its rows and its values are the same."""
    log, spans, courses = question
    asked_in_a_row = [data.draw(expressions("person", *sort)), *STAYS_AND_RUNS]
    engines_agree_on_rows(data.draw(st.sampled_from(ROWS)), asked_in_a_row, log, spans, courses)


SEQUENCES = n.Sequences("alpha")
ROWS = (
    SEQUENCES,
    n.Outermost(SEQUENCES, "latest", 1),
    n.Where(SEQUENCES, n.StatusOn(n.Status("alpha", "managed"), n.PeriodEnd())),
)
STAYS_AND_RUNS = (
    n.Reduce("count", n.Spells("alpha")),
    n.Reduce("count", n.Spells("beta")),
    n.Picked(n.Pick(n.Services("alpha"), "last"), n.Column("outcome", "text")),
    n.Reduce("count", n.Where(n.Events(), n.StatusOn(n.Status("alpha", "state", ("s1",)), n.Column("date", "date")))),
    n.Reduce(
        "count",
        n.Where(n.Events(), n.Reduce("exists", n.Within(n.Spells("alpha"), n.Between(None, n.This("date", "date"))))),
    ),
)


@st.composite
def asked(draw, matures=AT_ONCE):
    """Draw a log, its courses through two diseases, and periods that end within them."""
    log = draw(logs()).as_of(draw(st.none() | days()))
    spans = draw(st.lists(periods(), min_size=1, max_size=3))
    until = until_of(log, spans, [matures])
    pair = [resolve_disease(draw(diseases(id)), {}) for id in ("alpha", "beta")]
    courses = {disease.id: engines_agree_on_courses(disease, log, until) for disease in pair}
    return log, spans, courses


@given(asked(), SORTS, st.data())
def test_same_values(question, sort, data):
    """Whatever is asked of people, what is known and what it is are the same."""
    log, spans, courses = question
    engines_agree_on_values(data.draw(expressions("person", *sort)), log, spans, courses)


@given(asked(), SORTS, POLICIES, st.data())
def test_same_values_of_what_diseases_name(question, sort, policy, data):
    """Dated parameters, code sets and tiers are written out, and what they become is the same."""
    log, spans, courses = question
    known = {id: of.disease for id, of in courses.items()}
    node = resolve_value(data.draw(expressions("person", *sort, named=True)), known, policy)
    engines_agree_on_values(node, log, spans, courses)


@given(MATURITIES, st.data())
def test_same_values_of_figures_that_mature(matures, data):
    """Rows, windows and states are looked at equally far where a figure matures."""
    log, spans, courses = data.draw(asked(matures))
    engines_agree_on_values(data.draw(expressions()), log, spans, courses, matures=matures)


@given(asked(), st.lists(expressions("person", "bool", depth=2), min_size=2, max_size=4))
def test_same_values_together(question, conditions):
    """Expressions valued together share their work, and come out as each alone."""
    log, spans, courses = question
    together = engines_agree_on_values(conditions, log, spans, courses)
    alone = [engines_agree_on_values(condition, log, spans, courses)[0] for condition in conditions]
    for one, other in zip(together, alone, strict=True):
        assert (one.known == other.known).all()
        assert (one.true == other.true).all()


@given(MATURITIES, selections(), SORTS, st.data())
def test_same_rows(matures, of, sort, data):
    """The rows that a measure counts are the same, and so is what is asked of each."""
    log, spans, courses = data.draw(asked(matures))
    condition = expressions("row", *sort, source=source_of(of), depth=2)
    engines_agree_on_rows(of, [data.draw(condition)], log, spans, courses, matures=matures)
