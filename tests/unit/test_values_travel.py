"""Every noun leaves the process and comes back: it pickles and deep-copies, and is equal afterwards."""

import copy
import pickle
from collections.abc import Mapping

import attrs
import numpy as np
import pytest

import singledisease as sd
from singledisease.api.figures import valued
from singledisease.language.wrappers import Wrapper

HYPERTENSION = sd.disease("hypertension")
SIMULATED = sd.simulate(patients=40, seed=3, dirty=0.02)
LOG = SIMULATED.log()
MEASURES = sd.measures("cn-bphs-2017")
SCORE = sd.evaluate(MEASURES, LOG, period="2024", by=["institution", "sex"])
COURSES = sd.courses(HYPERTENSION, LOG, until="2024-12-31")
VISITS = sd.events("follow_up").where(sd.column("mode").is_in("clinic", "home")).within(sd.PERIOD)
COHORT = sd.cohort(HYPERTENSION, LOG, start="2023-01-01", end="2024-12-31", every="month")
COURSE = (
    sd.start(HYPERTENSION, "P1", birth_date="1950-01-01", sex="male", policy={"lost_after": "6"})
    .after(sd.Event("enrolment", "2024-01-01", disease="hypertension"))
    .after(sd.Event("follow_up", "2024-02-01", mode="clinic", sbp=152, dbp=95, record="r1"))
    .withdraw("r1", "2024-03-01")
)
VALUES, SEEN, _ = valued(VISITS.count() >= 4, LOG, [sd.period("2024")])

FURTHER = (
    sd.Ratio(id="share", numerator=VISITS.count(), denominator=VISITS.count() + 1, per=100),
    sd.Distribution(id="visits", value=VISITS.count(), unit="visits"),
    sd.Derived(id="half", value='rate("share") / 2'),
)
FIGURES = sd.evaluate((MEASURES[0], *FURTHER), LOG, period="2024", by=["sex"])

NOUNS = {
    "ratio": FURTHER[0],
    "distribution": FURTHER[1],
    "derived figure": FURTHER[2],
    "code set": sd.CodeSet(name="stones", names=sd.Names("结石", "stones"), codes=("N20",)),
    "scorecard of further figures": FIGURES,
    "counts of further figures": FIGURES.counts,
    "log": LOG,
    "log as of a day": LOG.as_of(sd.period("2024").start),
    "people": LOG.people,
    "institutions": LOG.institutions,
    "load report": LOG.report,
    "disease": HYPERTENSION,
    "measure": MEASURES[2],
    "resolved measure": SCORE.measures[2],
    "courses": COURSES.courses,
    "spells": COURSES.courses.spells,
    "moves": COURSES.courses.moves,
    "obligations": COURSES.courses.obligations,
    "course tables": COURSES,
    "values": VALUES,
    "scorecard": SCORE,
    "rolled-up scorecard": sd.roll_up(SCORE),
    "counts": SCORE.counts,
    "table": SCORE.table(),
    "worklist": sd.worklist(LOG, on="2024-06-30"),
    "explanation": sd.explain(SCORE, LOG.people.ids[0]),
    "event": COURSE.events[0],
    "person": COURSE.person,
    "course": COURSE,
    "due": COURSE.due("2024-06-30"),
    "cohort": COHORT,
    "transitions": COHORT.transitions,
    "counts of a cohort": COHORT.counts,
}
EXPRESSIONS = {
    "expression": VISITS.count() >= 4,
    "selection": VISITS,
    "row": VISITS.last(),
    "window": sd.months(-2, 0),
    "period": sd.PERIOD,
    "status": sd.managed("hypertension"),
}


def pickled(value):
    """Give a value as another process would receive it."""
    return pickle.loads(pickle.dumps(value))


@pytest.mark.parametrize("again", [pickled, copy.deepcopy, copy.copy])
@pytest.mark.parametrize("name", NOUNS)
def test_nouns_are_equal_afterwards(name, again):
    """A noun that was pickled or copied equals the one it came from, and hashes like it where it can be hashed."""
    made = again(NOUNS[name])
    assert made == NOUNS[name]
    assert type(made) is type(NOUNS[name])


@pytest.mark.parametrize("again", [pickled, copy.deepcopy])
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_expressions_stand_for_the_same_node_afterwards(name, again):
    """An expression, whose own == asks a question, has an equal node and is written the same."""
    made = again(EXPRESSIONS[name])
    assert made.node == EXPRESSIONS[name].node
    assert repr(made) == repr(EXPRESSIONS[name])


@pytest.mark.parametrize("name", ["disease", "measure", "resolved measure"])
def test_definitions_are_keys_afterwards(name):
    """A definition that comes from elsewhere finds what is kept under the one here."""
    assert {NOUNS[name]: "kept"}[pickled(NOUNS[name])] == "kept"


def test_what_comes_back_can_be_worked_with():
    """Explaining, advancing, adding and following go on from what was pickled as from what was there."""
    log, score, course = pickled((LOG, SCORE, COURSE))
    who = log.people.ids[3]
    assert sd.explain(score, who) == sd.explain(SCORE, who)
    event = sd.Event("follow_up", "2024-05-01", mode="home", sbp=130, dbp=80)
    assert course.after(event) == COURSE.after(event)
    assert course.after(event).due("2024-06-30") == COURSE.after(event).due("2024-06-30")
    assert pickled(COHORT).matrix() == COHORT.matrix()
    assert sd.fit_generator(pickled(COHORT)).parameters == sd.fit_generator(COHORT).parameters


def test_a_fit_and_what_follows_from_it_pickle():
    """A fitted generator gives the same rates and the same forecast after it was pickled."""
    fit = sd.fit_generator(COHORT)
    there = pickled(fit)
    assert np.array_equal(there.rates, fit.rates)
    assert there.table() == fit.table()
    assert np.array_equal(there.covariance, fit.covariance, equal_nan=True)


def test_a_refusal_keeps_its_faults():
    """An error raised in another process says there all that it says here."""
    with pytest.raises(sd.DefinitionError) as caught:
        sd.Measure(id="wrong", rules=())
    made = pickled(caught.value)
    assert (str(made), made.faults) == (str(caught.value), caught.value.faults)


def arrays_in(value, path=""):
    """Give every array inside a noun with the way to it."""
    if isinstance(value, np.ndarray):
        yield path, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from arrays_in(part, f"{path}[{key!r}]")
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from arrays_in(part, f"{path}[{number}]")
    elif attrs.has(type(value)) and not isinstance(value, Wrapper):
        for one in attrs.fields(type(value)):
            yield from arrays_in(getattr(value, one.name), f"{path}.{one.name}")


@pytest.mark.parametrize("again", [lambda noun: noun, pickled, copy.deepcopy])
@pytest.mark.parametrize("name", NOUNS)
def test_no_array_of_a_noun_can_be_written_to(name, again):
    """Whatever a user is handed can be read only, also on the other side."""
    writable = [path for path, array in arrays_in(again(NOUNS[name])) if array.flags.writeable]
    assert writable == []


def test_arrays_are_found():
    """The search for arrays finds those of a log's people and columns, so that finding none writable says something."""
    found = {path for path, _ in arrays_in(LOG)}
    assert {".people.ids", ".people.attributes['institution'].codes", ".date", ".columns['sbp'].values"} <= found
    assert not LOG.person.flags.writeable
