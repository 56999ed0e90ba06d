"""Calls as users write them: what is natural is taken, what cannot be is refused with the way out."""

import datetime as dt

import numpy as np
import pytest
from cohort_world import quarter

import singledisease as sd
from singledisease.intervals import poisson

STAYS = ([0, 4, 0], [4, 9, 5], ["well", "ill", "well"], ["ill", "dead", None])
IDS = [1, 1, 2]
COUNTED = sd.transition_counts([1, 1, 1, 2, 2], [0, 1, 2, 0, 1], ["a", "b", "a", "a", "a"])


def test_nothing_happened_is_reported():
    """Without an event the last time at which anybody was seen is reported, not nothing."""
    fit = sd.aalen_johansen([0, 0], [5, 7], ["a", "b"], [None, None])
    assert fit.times.tolist() == [7]
    assert fit.probability.tolist() == [[0.5, 0.5]]
    assert fit.at_risk.tolist() == [[0, 1]]


def test_nobody_is_left_to_observe():
    """After the last stay there is nothing to estimate; an earlier start is the way out, not a later one."""
    with pytest.raises(sd.DataError, match="the last stay ends at 9: choose an earlier `since`"):
        sd.aalen_johansen(*STAYS, id=IDS, since=100)
    with pytest.raises(sd.DataError, match="nobody was observed after 100"):
        sd.aalen_johansen(*STAYS, id=IDS, since=100, initial={"well": 1})


def test_stays_that_are_rounding():
    """Stays that are no longer than the rounding of their times are said to be left out for that."""
    with pytest.raises(sd.DataError, match=r"2 were left out, being no longer than 0\.909, which is rounding"):
        sd.aalen_johansen([1e12, 1e12], [1e12 + 0.25, 1e12 + 0.5], ["a", "a"], ["b", "b"])


@pytest.mark.parametrize(
    "asked",
    [
        COUNTED.interval,
        lambda level: COUNTED.dirichlet(level=level),
        lambda level: sd.person_time(*STAYS, id=IDS).interval(level),
        lambda level: sd.time_in_states(*STAYS, id=IDS, until=5).interval(level),
        lambda level: sd.aalen_johansen(*STAYS, id=IDS).interval(level),
        lambda level: sd.kaplan_meier([1, 2], [1, 0]).interval(level),
        lambda level: poisson(3, 1.0, level),
    ],
)
def test_a_level_is_a_share(asked):
    """A level of 95 is refused wherever there is one, in words of the library."""
    with pytest.raises(sd.UsageError, match=r"95 .*between 0 and 1"):
        asked(95)


def test_allowed_cells_by_name():
    """Cells that a prior may stand on can be named; a table of another shape, or no prior, is refused."""
    named = COUNTED.dirichlet([("a", "a"), ("a", "b"), ("b", "a")])
    assert np.array_equal(named, COUNTED.dirichlet([[1, 1], [1, 0]]))
    assert np.array_equal(named, COUNTED.dirichlet({"a": ["a", "b"], "b": ["a"]}))
    with pytest.raises(sd.UsageError, match=r"allowed must be a table of \(2, 2\) cells, or pairs of states"):
        COUNTED.dirichlet([[True, True, False]])
    with pytest.raises(sd.UsageError, match="allowed names 'c'"):
        COUNTED.dirichlet([("a", "c")])
    for prior in (0, -1, np.nan, np.inf):
        with pytest.raises(sd.UsageError, match="prior"):
            COUNTED.dirichlet(prior=prior)


def test_carry_as_a_span_of_time():
    """How long a reading stands may be a span of time."""
    grid = [dt.date(2024, 1, 31), dt.date(2024, 3, 31)]
    days = sd.state_on_grid(["x"], [dt.date(2024, 1, 1)], ["red"], grid, carry_days=30)
    for span in (dt.timedelta(30), np.timedelta64(30, "D")):
        assert np.array_equal(sd.state_on_grid(["x"], ["2024-01-01"], ["red"], grid, carry_days=span).codes, days.codes)
    with pytest.raises(sd.UsageError, match="carry_days='month'"):
        sd.state_on_grid(["x"], ["2024-01-01"], ["red"], grid, carry_days="month")


def test_one_time_at_once():
    """A mean time is until one time."""
    with pytest.raises(sd.UsageError, match=r"until=\[3, 4\]: name one time"):
        sd.time_in_states(*STAYS, id=IDS, until=[3, 4])


@pytest.mark.parametrize("allowed", [{"well": ["ill"], "ill": ["dead"]}, {"well": "ill", "ill": "dead"}])
def test_allowed_by_state(allowed):
    """Transitions may be given by state, as to a fit, one state alone without a list."""
    assert sd.histories(*STAYS, id=IDS, allowed=allowed).people == 2


def test_allowed_as_a_table():
    """A table of transitions goes with the states in their order; one of other states is refused."""
    table = np.array([[0, 1, 0], [0, 0, 1], [0, 0, 0]])
    assert sd.histories(*STAYS, id=IDS, states=["well", "ill", "dead"], allowed=table).people == 2
    with pytest.raises(sd.DefinitionError, match="matrix for 3 states, but there are 2"):
        sd.histories([0], [1], ["a"], ["b"], allowed=table)
    with pytest.raises(sd.DefinitionError, match=r"pairs \(from, to\), a mapping .* not \[3, 4\]"):
        sd.histories(*STAYS, id=IDS, allowed=[3, 4])


def test_a_misspelt_transition():
    """A transition that is not allowed says which allowed state nobody is ever in: it may be misspelt."""
    with pytest.raises(sd.DataError, match="allowed names 'ded', in which nobody ever is"):
        sd.histories(*STAYS, id=IDS, allowed=[("well", "ill"), ("ill", "ded")])


def test_one_state_without_a_list():
    """One goal may be given alone."""
    found = sd.histories(*STAYS, id=IDS)
    assert sd.waiting_times(found, "well", "dead").event.tolist() == [True, False]
    assert sd.sojourns(found, "ill", to="dead").event.tolist() == [True]
    with pytest.raises(sd.UsageError, match="did you mean dead"):
        sd.sojourns(found, "ill", to="deda")


def test_kinds_of_variance_have_other_names():
    """Whoever asks for the robust or infinitesimal variance is told what it is called here."""
    with pytest.raises(sd.UsageError, match="robust and infinitesimal are the jackknife"):
        sd.aalen_johansen(*STAYS, id=IDS, variance="IJ")


def test_options_of_an_incidence():
    """A cumulative incidence has the options of the occupation under its own name."""
    found = sd.cumulative_incidence(*STAYS, id=IDS, into="dead", at=[9], variance="jackknife")
    assert found.variance == "jackknife"
    with pytest.raises(TypeError, match="cumulative_incidence"):
        sd.cumulative_incidence(*STAYS, id=IDS, into="dead", varience="jackknife")


def test_durations_are_no_dates():
    """A date is no duration, unless it says when observation began as well."""
    with pytest.raises(sd.DataError, match="duration is a date; give the time from the start"):
        sd.kaplan_meier([dt.date(2024, 1, 1)], [1])
    with pytest.raises(sd.DataError, match="holds dates and the other numbers"):
        sd.kaplan_meier([dt.date(2024, 3, 1)], [1], entry=[0])
    found = sd.kaplan_meier([dt.date(2024, 3, 1)], [1], entry=[dt.date(2024, 1, 1)])
    assert found.table()["time"] == (dt.date(2024, 3, 1),)


@pytest.mark.parametrize("share", [0, 1, 50, -0.5])
def test_a_share_of_people(share):
    """A quantile is of a share between 0 and 1."""
    with pytest.raises(sd.UsageError, match=f"share={share}"):
        sd.kaplan_meier([1, 2], [1, 0]).quantile(share)


def test_nobody_had_the_event():
    """A survival without an event says so, and of how many."""
    assert "nobody of 2 had the event" in str(sd.kaplan_meier([1, 2], [0, 0]))


def test_columns_of_a_log_rank_test():
    """Different lengths and a lonely group are different faults."""
    with pytest.raises(sd.DataError, match="duration 2, group 3"):
        sd.log_rank([1, 2], [1, 0], ["a", "b", "b"])
    with pytest.raises(sd.DataError, match="at least two groups; there is but 'a'"):
        sd.log_rank([1, 2], [1, 0], ["a", "a"])


def test_a_way_as_it_is_shown():
    """A way may be asked for as its table writes it; one that nobody went gets a suggestion."""
    found = sd.state_sequences([1, 1, 2, 2], [0, 1, 0, 1], ["a", "b", "a", "a"])
    assert found.people("a → b") == found.people("a", "b") == ["1"]
    with pytest.raises(sd.UsageError, match="did you mean a → b"):
        found.people("a → c")


def test_groups_never_at_risk_together():
    """Where no event has two groups at risk there is nothing to compare, and the test says so."""
    found = sd.log_rank([1, 5], [1, 1], ["a", "b"], entry=[0, 3])
    assert str(found).endswith("nothing to compare: at no event are two groups at risk together")


def test_person_time_by_step_has_no_notes():
    """Sums with further axes say nothing of states that nobody left."""
    assert quarter(every="month").exposure.notes == ()


def test_a_stratum_that_is_none():
    """A misspelt stratum has no people; that is refused, and not an empty answer."""
    whole = quarter(by="sex")
    with pytest.raises(sd.UsageError, match="there is no stratum sex='femal'; did you mean female"):
        whole.people("enrolled", "left", sex="femal")


def test_a_rate_is_per_some_years():
    """Rates are per a number of person-years above 0."""
    with pytest.raises(sd.UsageError, match="per=0"):
        quarter().incidence(per=0)


def test_log_rank_within_strata():
    """Ovarian cancer (Edmunson 1979) by treatment within residual disease, as survdiff of R's survival 3.5-3 has it."""
    days = [59, 115, 156, 421, 431, 448, 464, 475, 477, 563, 638, 744, 769]
    days += [770, 803, 855, 1040, 1106, 1129, 1206, 1227, 268, 329, 353, 365, 377]
    died = [int(x) for x in "11101011011000000000011110"]
    treatment, residual = list("11121122121222111122211222"), list("22222122211122112112122121")
    found = sd.log_rank(days, died, treatment, strata=residual)
    assert found.statistic == pytest.approx(1.27964345120336, abs=1e-13)
    assert found.expected == pytest.approx([5.09519647019647, 6.90480352980353], abs=1e-13)
    assert found.covariance[0, 0] == pytest.approx(2.83538081153778, abs=1e-13)
    assert found.observed.tolist() == [7, 5]
    with pytest.raises(sd.DataError, match="strata is missing in 1 rows, such as \\[0\\]"):
        sd.log_rank([1, 2], [1, 0], ["a", "b"], strata=[None, "x"])


def test_time_without_a_transition_is_shown():
    """Person-time in a state that nobody left stands beneath the table, not nowhere."""
    text = str(sd.person_time([0], [365.25], ["well"], [None], states=["well", "ill"]))
    assert "nobody left well in 1.00 person-years" in text
    assert "ill" not in text
