"""Law 3: one person's events, fed one by one and in any order, give what the batch gives."""

from hypothesis import given
from hypothesis import strategies as st

from singledisease.catalogue import disease
from singledisease.testing import diseases, linked_diseases, log_of, logs, registries
from singledisease.testing.laws import one_by_one_is_the_batch


@given(diseases(), logs(max_people=1))
def test_in_time(made, log):
    """Events entered as they happen give the same course as the batch."""
    one_by_one_is_the_batch(made, log, 0, range(len(log)))


@given(diseases(), logs(max_people=1, max_events=6), st.data())
def test_entered_late(made, log, data):
    """Events entered in any order, dated as they happened, give what they would have given in time."""
    order = data.draw(st.permutations(range(len(log))))
    one_by_one_is_the_batch(made, log, 0, order)


@given(linked_diseases(), logs(max_people=1, max_events=8), st.data())
def test_linked_sequences(made, log, data):
    """The same holds of every linked sequence by itself."""
    one_by_one_is_the_batch(made, log, 0, data.draw(st.permutations(range(len(log)))))


@given(registries(max_people=1, max_events=8), st.sampled_from(["hypertension", "type2-diabetes"]), st.data())
def test_catalogue(rows, name, data):
    """The same holds for the diseases of the catalogue."""
    log = log_of(rows.about({"alpha": ("hypertension", "I10"), "beta": ("type2-diabetes", "E11")}))
    one_by_one_is_the_batch(disease(name), log, 0, data.draw(st.permutations(range(len(log)))))
