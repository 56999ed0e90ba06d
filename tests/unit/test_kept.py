"""What is kept beside an immutable value."""

import copy
import pickle

import numpy as np
from attrs import evolve

import singledisease as sd
from singledisease.kept import Kept

LOG = sd.simulate(patients=60, seed=3).log()
MEASURES = sd.measures("cn-bphs-2017", diseases=["hypertension"])


def asked(log, courses):
    """Give the counts of a log evaluated in small parts, with courses that are given."""
    from singledisease.scorecard.evaluate import evaluate

    disease = courses.disease
    return evaluate(
        [one for one in MEASURES if one.disease == "hypertension"],
        log,
        sd.periods("2024/month"),
        diseases={disease.id: sd.disease(disease.id)},
        courses={disease.id: courses},
        chunk=25,
    ).counts


def courses_of(log):
    """Give the courses of hypertension."""
    from singledisease.definitions.resolve import resolve_disease
    from singledisease.engines.columnar import walk

    return walk(resolve_disease(sd.disease("hypertension"), {}), log, sd.period("2024").end)


def test_what_is_asked_again_is_worked_out_once():
    """The work is done when a key is first asked for, and again once it was released."""
    kept, done = Kept(), []
    for _ in range(2):
        assert kept.of("a", lambda: done.append(1) or np.zeros(2)).tolist() == [0, 0]
    assert done == [1]
    kept.release()
    kept.of("a", lambda: done.append(1) or np.zeros(2))
    assert done == [1, 1]


def test_what_one_question_does_not_pay_for_is_kept_from_the_second_on():
    """Asked for once, it is not worked out; from then on it is, once, until it is released."""
    kept, done = Kept(), []
    found = [kept.of_again("a", lambda: done.append(1) or 7) for _ in range(3)]
    assert (found, done) == ([None, 7, 7], [1])
    kept.release()
    assert kept.of_again("a", lambda: 7) is None


def test_bytes_are_those_of_the_arrays_kept():
    """Arrays in tuples, mappings and values are counted, a part of an array that stands elsewhere is not."""
    kept = Kept()
    kept.of("pair", lambda: (np.zeros(2), {"more": np.zeros(3, np.uint8)}, "text", slice(None), LOG.date[:5]))
    assert kept.nbytes == 19
    assert repr(kept) == "Kept(19 bytes)"
    log = evolve(LOG)
    before = log.part(0, 10).offsets.nbytes
    assert log.kept.nbytes == before
    log.part(0, 10).kept.of("inside", lambda: np.zeros(4))
    assert log.kept.nbytes == before + 32


def test_a_copy_begins_with_nothing():
    """What is kept takes no part in comparing, and does not travel."""
    log = evolve(LOG)
    log.kept.of("some", lambda: np.zeros(100))
    for again in (pickle.loads(pickle.dumps(log)), copy.deepcopy(log), evolve(log)):
        assert again == log
        assert again.kept.nbytes == 0


def test_counts_are_the_same_cold_kept_and_released():
    """Evaluating keeps something on log and courses, says how much, and gives the same with it, and without it."""
    log = evolve(LOG.as_of(None))
    courses = courses_of(log)
    cold = asked(log, courses)
    assert asked(log, courses) == cold
    # What is worth its work only for several questions is kept from the second on; further ones add nothing.
    sizes = log.kept.nbytes, courses.kept.nbytes
    assert min(sizes) > 0
    assert asked(log, courses) == cold
    assert (log.kept.nbytes, courses.kept.nbytes) == sizes
    log.kept.release()
    courses.kept.release()
    assert log.kept.nbytes == courses.kept.nbytes == 0
    assert asked(log, courses) == cold


def test_a_log_known_to_date_is_made_once():
    """What is kept on it is found again; where nothing was ever withdrawn it is the log itself."""
    assert LOG.as_of(None) is LOG.as_of(None)
    known = LOG.as_of(None)
    assert known.as_of(None) is known
