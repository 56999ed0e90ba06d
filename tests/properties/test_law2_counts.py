"""Law 2: counts are a commutative monoid; how people were split, the order of rows and loading twice do not matter."""

from hypothesis import given
from hypothesis import strategies as st

from singledisease.scorecard.evaluate import evaluate
from singledisease.testing import diseases, log_of, logs, measures, periods, registries
from singledisease.testing.laws import counts_add_up, parts_do_not_matter, rows_do_not_matter


@st.composite
def asked(draw):
    """Draw measures of two generated diseases, and the diseases."""
    known = {id: draw(diseases(id)) for id in ("alpha", "beta")}
    return [draw(measures(id=id)) for id in ("one", "two")], known


@given(asked(), st.tuples(logs(2), logs(2), logs(2)), st.lists(periods(), min_size=1, max_size=2))
def test_monoid(question, three, spans):
    """Zero is neutral, and neither order nor grouping matters when counts are added."""
    made, known = question
    counts_add_up(*(evaluate(made, log, spans, diseases=known, by=["sex"]).counts for log in three))


@given(asked(), logs(4), st.integers(0, 4), st.lists(periods(), min_size=1, max_size=2))
def test_parts(question, log, cut, spans):
    """Two parts of the people, or each person alone, sum to all counted at once, in every stratum."""
    made, known = question
    cut = min(cut, len(log.people))
    parts_do_not_matter(made, log, spans, cut, diseases=known, by=["institution", "sex", "age_band"])


@given(registries(), st.randoms(use_true_random=False))
def test_order_of_rows(rows, chance):
    """Rows in any order make the same log."""
    events, patients = list(rows.events), list(rows.patients)
    chance.shuffle(events)
    chance.shuffle(patients)
    rows_do_not_matter(rows, type(rows)(tuple(patients), tuple(events), rows.institutions, rows.activities))


@given(registries())
def test_rows_twice(rows):
    """Rows given twice make the same log, and are counted as duplicates."""
    rows_do_not_matter(rows, type(rows)(rows.patients * 2, rows.events * 2, rows.institutions, rows.activities * 2))


@given(registries())
def test_log_joined_to_itself(rows):
    """A log joined to itself is the log."""
    log = log_of(rows)
    both = log + log
    assert len(both) == len(log)
    assert [both.events_of(i) for i in range(len(both.people))] == [log.events_of(i) for i in range(len(log.people))]
