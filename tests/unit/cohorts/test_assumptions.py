"""The tests of a cohort's assumptions together: a table, and in words what they speak against."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from attrs import evolve
from cohort_world import quarter

import singledisease as sd
from singledisease.cohorts.assumptions import CONCERNS, NOTHING_AGAINST, NOTHING_TESTED, TESTS, Assumptions
from singledisease.cohorts.steps.steps import CohortSteps
from singledisease.text_layout import width_of


def with_memory():
    """Give a cohort whose people move on after two steps in a state, and then back: the past decides, by far."""
    whole = quarter(states=["enrolled", "satisfactory"])
    days = whole.steps.days[0] + 30 * np.arange(13, dtype=np.int32)
    walk = np.array([[0, 0, 1, 1] * 4, [1, 0, 0, 1] * 4, [0, 1, 1, 0] * 4, [1, 1, 0, 0] * 4])[:, :13]
    codes = np.tile(walk, (30, 1)).T.astype(np.uint8)
    steps = CohortSteps(days=days, states=whole.states, codes=codes)
    periods = tuple(sd.Period(int(first) + 1, int(last)) for first, last in pairwise(days))
    strata = evolve(whole.strata, codes=np.zeros((1, codes.shape[1]), np.int64))
    return evolve(whole, steps=steps, periods=periods, strata=strata)


def test_the_past_speaks_against_what_forgets_it():
    """A walk with a memory fails the test of order, and the result says in both languages what rests on it."""
    found = with_memory().assumptions()
    assert [(check.test, check.against) for check in found] == [
        ("order", True),
        ("chapman_kolmogorov", True),
        ("steps", False),
    ]
    note, last = found.notes
    assert "检验反对“下一状态只取决于当前状态”" in note
    assert "The test speaks against 'the next state depends on the present one alone'" in note
    assert "forecast" in note
    assert "landmark=True" in note
    assert "The test speaks against 'two steps are one step taken twice'" in last
    text = str(found)
    assert max(map(width_of, text.splitlines())) <= 80
    assert "".join(text.split()).endswith("".join(last.split("/")[-1].split()))


def test_an_estimate_that_needs_the_assumption_says_so():
    """Where people entered late, P(s, t) carries what the test of order says, with the way out."""
    notes = with_memory().aalen_johansen().notes
    assert any("speaks against it" in note for note in notes)
    assert "landmark=True" in notes[-1]


def test_assumptions_are_a_list():
    """They can be gone through, counted, and taken by number or slice."""
    found = quarter(by="sex").assumptions()
    assert len(found) == 4
    assert [check.test for check in found] == ["order", "chapman_kolmogorov", "steps", "strata"]
    assert found[-1] is found.checks[3]
    assert found[:2] == found.checks[:2]
    with pytest.raises(IndexError):
        found[4]


def test_assumptions_become_a_dataframe():
    """As data the tests have ids, numbers and a truth value; as text, names in the language asked for."""
    pandas = pytest.importorskip("pandas")
    found = with_memory().assumptions()
    frame = sd.to_frame(found.table(), "pandas")
    assert isinstance(frame, pandas.DataFrame)
    assert frame["test"].tolist() == ["order", "chapman_kolmogorov", "steps"]
    assert frame["against"].tolist() == [True, True, False]
    assert frame["p_value"].tolist() == [check.p_value for check in found]
    assert "下一状态只取决于当前状态" in found.table().to_text("zh")
    assert "反对" in found.table().to_text("zh")
    assert "against it" in str(found)


def test_what_cannot_be_tested_is_said():
    """No degree of freedom is no verdict, and a cohort of one step without strata has no test."""
    nothing = Assumptions(checks=(sd.homogeneity([[[3, 0], [0, 2]], [[1, 0], [0, 1]]]),))
    assert nothing[0].verdict is None
    assert str(nothing[0]) == "the matrix is the same in all groups: nothing to test (df 0)"
    assert nothing.table()["p_value"] == (None,)
    assert "无可检验" in nothing.table().to_text("zh")
    assert nothing.notes == (NOTHING_AGAINST,)
    none = quarter(every="whole").assumptions()
    assert len(none) == 0
    assert str(none).replace("\n", " / ") == NOTHING_TESTED


def test_every_test_says_what_it_concerns():
    """Each test has a name, and says what rests on it, in both languages."""
    assert set(TESTS) == set(CONCERNS)
    for zh, en in (*TESTS.values(), *CONCERNS.values()):
        assert not zh.isascii()
        assert en.isascii()


@pytest.mark.parametrize("test", TESTS)
def test_a_test_of_any_kind_is_told(test):
    """Whichever test fails, the note names it; one that does not fail says nothing."""
    wide = evolve(sd.homogeneity([[[30, 10], [5, 20]], [[10, 30], [20, 6]]]), test=test)
    (note,) = Assumptions(checks=(wide,)).notes
    assert TESTS[test][0] in note
    assert CONCERNS[test][1] in note
    assert Assumptions(checks=(evolve(wide, p_value=0.5),)).notes == (NOTHING_AGAINST,)


def test_each_test_knows_which_it_is():
    """The tests on plain arrays carry the id by which they are explained."""
    walk = ["a", "b", "a", "a", "b", "b", "a", "b", "a", "a", "b", "a"]
    assert sd.order_test([1] * 12, range(12), walk).test == "order"
    assert sd.chapman_kolmogorov([[80, 20], [10, 90]], [[66, 34], [18, 82]]).test == "chapman_kolmogorov"
    state, then = ["well", "ill", "well", "ill", "ill"], ["ill", "dead", "ill", "dead", "dead"]
    plain = ([0, 2, 0, 5, 0], [2, 9, 5, 6, 8], state, then)
    assert sd.landmark_test(*plain, id=[1, 1, 2, 2, 3], source="ill", since=3, at=[7]).check.test == "landmark"


def test_notebooks_show_table_and_words():
    """A notebook shows the table, and beneath it what the tests speak against."""
    page = with_memory().assumptions()._repr_html_()
    assert "<table>" in page
    assert "检验反对" in page


def test_rough_tests_are_said_to_be():
    """Where many cells hold next to nobody χ² is rough, and the result says so of that test, in both languages."""
    rough = sd.homogeneity([[[9, 1, 1], [1, 9, 1], [1, 1, 9]], [[8, 2, 1], [1, 8, 1], [2, 1, 8]]])
    assert rough.notes
    first, last = Assumptions(checks=(rough,)).notes
    assert first == NOTHING_AGAINST
    assert "“各组的转移矩阵相同”的检验较粗略" in last
    assert f"fewer than 5 are expected in {rough.sparse:.0%} of the cells" in last
    other = Assumptions(checks=(evolve(rough, test="of my own"),))
    assert other.notes == (NOTHING_AGAINST,)
    assert "of my own" in str(other)
