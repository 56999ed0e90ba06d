"""Values travel: logs, definitions, courses and scorecards pickle and copy; counts become tables and come back."""

from hypothesis import given
from hypothesis import strategies as st

from singledisease.definitions.resolve import resolve, resolve_disease
from singledisease.engines.columnar import walk
from singledisease.scorecard.evaluate import evaluate
from singledisease.testing import diseases, logs, measures, periods
from singledisease.testing.laws import counts_survive_a_table, travels


@st.composite
def asked(draw):
    """Draw measures of two generated diseases, and the diseases."""
    known = {id: draw(diseases(id)) for id in ("alpha", "beta")}
    return [draw(measures(id=id)) for id in ("one", "two")], known


@given(logs(3))
def test_logs(log):
    """A log comes back with every person, event, column and place in a file."""
    travels(log)


@given(asked())
def test_definitions(question):
    """Diseases, measures and resolved measures come back."""
    made, known = question
    travels((made, known))
    travels([resolve(measure, known, {}) for measure in made])


@given(diseases("alpha"), logs(2), periods())
def test_courses(disease, log, span):
    """Courses come back with their spells, moves and obligations."""
    travels(walk(resolve_disease(disease, {}), log, span.end, obligations=True))


@given(asked(), logs(3), st.lists(periods(), min_size=1, max_size=2))
def test_scorecards(question, log, spans):
    """A scorecard comes back, people included, with the same figures."""
    made, known = question
    score = evaluate(made, log, spans, diseases=known, by=["sex"])
    travels(score)
    travels(score.table())


BY = st.sampled_from([(), ("sex",), ("institution", "age_band")])


@given(asked(), st.tuples(logs(2), logs(2)), st.lists(periods(), min_size=1, max_size=2), BY)
def test_counts(question, both, spans, by):
    """Counts come back from a table, and merge with others as if they had never been one."""
    made, known = question
    one, other = (evaluate(made, log, spans, diseases=known, by=by).counts for log in both)
    counts_survive_a_table(one, other)
