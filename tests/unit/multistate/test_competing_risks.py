"""Competing risks from durations and codes: the same as stays in one state, and what is refused."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from matplotlib.figure import Figure

import singledisease as sd

RNG = np.random.default_rng(7)
N = 200
TIME = RNG.exponential(5, N).round(1) + 0.1
CAUSE = RNG.integers(0, 3, N)
ARM = RNG.choice(["new", "usual"], N)


def stays(cause=CAUSE, **more):
    """Return the same data as stays in one state, as ``aalen_johansen`` takes them."""
    to = np.where(cause == 0, None, cause)
    return sd.aalen_johansen(np.zeros(N), TIME, ["event_free"] * N, to, states=["event_free", 1, 2], **more)


def test_it_is_aalen_johansen_of_one_state():
    """Probabilities and covariances are those of stays in one state that each cause ends."""
    fit = sd.competing_risks(TIME, CAUSE)
    other = stays()
    assert fit.states == ("event_free", 1, 2)
    np.testing.assert_allclose(fit.probability, other.probability, atol=1e-14)
    np.testing.assert_allclose(fit.covariance, other.covariance, atol=1e-14)


def test_one_cause_is_kaplan_meier():
    """With one cause the probability of none is Kaplan and Meier's, with Greenwood's error, late entry included."""
    entry = np.minimum(RNG.exponential(1, N).round(1), TIME - 0.1)
    fit, plain = sd.competing_risks(TIME, CAUSE > 0, entry=entry), sd.kaplan_meier(TIME, CAUSE > 0, entry=entry)
    np.testing.assert_allclose(fit["event_free"].probability, plain.probability, atol=1e-12)
    np.testing.assert_allclose(fit["event_free"].standard_error, plain.standard_error, atol=1e-12)


def test_what_happens_at_0_counts():
    """Without entries everybody is at risk from before 0 on, as in Kaplan and Meier's estimate."""
    fit = sd.competing_risks([0, 0, 1, 2], [1, 0, 1, 0])
    assert fit[1].at([0, 1]).tolist() == [0.25, 0.625]
    assert fit["event_free"].probability.tolist() == sd.kaplan_meier([0, 0, 1, 2], [1, 0, 1, 0]).probability.tolist()
    # One in four is gone at 0, half of the others at 1: 3/4 of the first unit of time is spent free of the event.
    assert fit.time_in_state(1.0).tolist() == [0.75, 0.25]


def test_causes_are_named():
    """Codes are given names; a text that stands for a censored time, or a missing one, is named."""
    fit = sd.competing_risks(TIME, CAUSE, causes={2: "death", 1: "relapse"})
    assert fit.states == ("event_free", "death", "relapse")
    np.testing.assert_array_equal(fit["death"].probability, sd.competing_risks(TIME, CAUSE)[2].probability)
    texts = np.array(["lost", "relapse", "death"], dtype=object)[CAUSE]
    same = sd.competing_risks(TIME, texts, censored="lost")
    np.testing.assert_array_equal(same["death"].probability, fit["death"].probability)
    gaps = np.array([None, "relapse", "death"], dtype=object)[CAUSE]
    again = sd.competing_risks(TIME, gaps, censored=None)
    np.testing.assert_array_equal(again["death"].probability, fit["death"].probability)


@pytest.mark.parametrize(
    ("event", "options", "error", "said"),
    [
        ([1, None, 2], {}, sd.DataError, "event is missing in 1 rows"),
        ([1, 3, 2], {"causes": {1: "a", 2: "b"}}, sd.DataError, "event holds 3, none of the causes"),
        (["a", "censored", "b"], {"causes": {"a": 1, "b": 2}}, sd.DataError, "name another in `censored`"),
        ([0, 0, 0], {}, sd.DataError, "nobody had an event"),
        (["event_free", "b", "b"], {}, sd.UsageError, "as is the state before any"),
        ([1, 2, 2], {"causes": {1: "a", 2: "a"}}, sd.UsageError, "one name to two codes"),
        (["a", "b", 0], {}, sd.DataError, "different kinds: .* the code of a censored time, 0, .* name it in"),
        ([1, 2], {}, sd.DataError, "differ in length"),
        ([1, 2, 2], {"group": ["a", "a", "a"]}, sd.DataError, "at least two groups"),
    ],
)
def test_events_that_are_refused(event, options, error, said):
    """What is no cause is refused with the way out."""
    with pytest.raises(error, match=said):
        sd.competing_risks([1, 2, 3], event, **options)


def test_a_code_for_censored_among_causes_is_named():
    """Nothing is said of the code 0 that is meant; a text that looks like one is named, as in stays."""
    assert not any("competes" in note for note in sd.competing_risks(TIME, CAUSE).notes)
    texts = np.array(["censored", "relapse", "death"])[CAUSE]
    notes = sd.competing_risks(TIME, texts).notes
    assert any("'censored' is a cause here" in note and note.endswith("say censored='censored'") for note in notes)
    assert not any("competes" in note for note in sd.competing_risks(TIME, texts, censored="censored").notes)


def test_groups_in_one_call():
    """Each group has its own estimate, and each cause a log-rank test in which the other censors."""
    fit = sd.competing_risks(TIME, CAUSE, group=ARM, causes={1: "relapse", 2: "death"})
    assert (list(fit), len(fit)) == (["new", "usual"], 2)
    mine = ARM == "new"
    alone = sd.competing_risks(TIME[mine], CAUSE[mine], causes={1: "relapse", 2: "death"})
    np.testing.assert_array_equal(fit["new"].probability, alone.probability)
    assert fit.tests["death"].statistic == sd.log_rank(TIME, CAUSE == 2, ARM).statistic
    assert fit.at([1, 5])["group"] == ("new",) * 6 + ("usual",) * 6
    assert len(fit.table()) == sum(len(fit[group].table()) for group in fit)
    assert "log-rank of death: chi²" in str(fit)
    with pytest.raises(sd.UsageError, match="there is no group 'old'"):
        fit["old"]


def test_groups_of_weighted_people_are_not_tested():
    """A log-rank test knows of no weights: it is left out, and that is said."""
    fit = sd.competing_risks(TIME, CAUSE, group=ARM, weights=np.ones(N))
    assert (len(fit.tests), fit["new"].variance) == (0, "jackknife")
    assert "knows of no weights" in fit.notes[0]


def test_a_group_that_cannot_be_estimated_is_named():
    """What is wrong in one group is said with its name."""
    with pytest.raises(sd.DataError, match="group 'b': nobody is at risk just after 5"):
        sd.competing_risks([9, 8, 3, 2], [1, 2, 1, 2], group=["a", "a", "b", "b"], entry=[0, 0, 0, 0], since=5)


def test_dates_of_entry_and_end():
    """With entries both may be dates; tables and questions are in dates."""
    day = dt.date(2024, 1, 1)
    ends = [day + dt.timedelta(days) for days in (10, 20, 30)]
    fit = sd.competing_risks(ends, [1, 2, 0], entry=[day] * 3)
    assert fit.at("2024-01-21")["time"] == (ends[1],) * 3
    assert fit[2].at(ends[1]).tolist() == [pytest.approx(1 / 3)]


def test_pictures_of_causes():
    """A cause is drawn for each group, in the unit given."""
    axes = Figure().subplots()
    fit = sd.competing_risks(TIME, CAUSE, group=ARM, causes={1: "relapse", 2: "death"}, unit="month")
    assert fit.plot("relapse", axes) is axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("months", "probability of relapse")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["new", "usual"]
    assert str(fit["new"]["relapse"]) == str(fit["new"]["relapse"].table())


def test_a_code_below_0_is_asked_about():
    """-1 is refused with both ways out, a text that is '-1' is told as a suspect, and both ways out work."""
    with pytest.raises(sd.errors.DataError, match=r"event holds -1, .*: say censored=-1 .*causes=\{-1: …\}"):
        sd.competing_risks([1, 2, 3, 4], [-1, 1, 2, -1])
    assert sd.competing_risks([1, 2, 3, 4], [-1, 1, 2, -1], censored=-1).states == ("event_free", 1, 2)
    named = sd.competing_risks([1, 2, 3, 4], [-1, 1, 2, 0], causes={-1: "lost", 1: "a", 2: "b"})
    assert named["lost"].at(4) == pytest.approx(0.25)
    told = sd.competing_risks([1, 2, 3, 4], ["-1", "1", "2", "-1"], censored="0")
    assert (
        "'-1' is a cause here, which competes with the others: if its time is censored, say censored='-1'"
        in told.doubts
    )
