"""Matrices, projections, what-if, workload, and the tests of assumptions, at their edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from attrs import evolve
from cli_world import registry, run
from cohort_world import log, quarter

import singledisease as sd
from singledisease.cohorts.steps.assumption_tests import order_of, prevalence
from singledisease.multistate.assumption_tests.homogeneity import homogeneity
from singledisease.multistate.assumption_tests.order import order_test
from singledisease.multistate.matrices.embeddability import checked_matrix
from singledisease.multistate.matrices.generators import log_likelihood
from singledisease.multistate.rates.fit import fit_generator
from singledisease.multistate.rates.results.projected import forecast_of_fit
from singledisease.multistate.scenarios.changes import factor_of_coverage, factor_of_interval
from singledisease.multistate.scenarios.projection import NOTHING_DRAWN
from singledisease.multistate.uncertainty.draws import bootstrap_cells, dirichlet_draws
from singledisease.multistate.uncertainty.estimate import Estimate

YEAR = [[0.9, 0.08, 0.02], [0.3, 0.6, 0.1], [0, 0, 1]]
STATES = ("well", "ill", "dead")


def plain(**more):
    """Give a scenario of a hundred people."""
    return sd.scenario([100, 0, 0], YEAR, states=STATES, **more)


# MATRICES


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        ([[1, 0]], "square"),
        ([[0.5, 0.4], [0, 1]], "row 0 .* sums to 0.9"),
        ([[1.5, -0.5], [0, 1]], "row 0"),
        ([[np.nan, np.nan], [0, 1]], r"rows \[0\] have no estimate"),
    ],
)
def test_what_is_no_matrix(matrix, said):
    """What is no transition matrix is refused with its row."""
    with pytest.raises(sd.DataError, match=said):
        checked_matrix(matrix)


def test_no_logarithm():
    """A matrix that turns everybody round has no logarithm; EM needs none."""
    turn = [[0.1, 0.9], [0.8, 0.2]]
    assert sd.embeddability(turn).embeddable is False
    with pytest.raises(sd.DataError, match="no principal logarithm"):
        sd.generator_of(turn, method="diagonal")
    assert sd.generator_of(turn, method="em").generator[0, 1] > 0
    assert sd.embeddability([[0.5, 0.5], [0.5, 0.5]]).logarithm is None


def test_unknown_methods_and_counts():
    """An unknown method, counts of another shape and negative ones are refused."""
    with pytest.raises(sd.UsageError, match="did you mean weighted"):
        sd.generator_of(YEAR, method="wieghted")
    for counts in (np.ones((2, 2)), -np.ones((3, 3))):
        with pytest.raises(sd.DataError, match="counts must be a table"):
            sd.generator_of(YEAR, method="em", counts=counts)


def test_roots_print():
    """A generator prints its rates, its method and how far off it is."""
    text = str(sd.generator_of(YEAR, states=STATES))
    assert "well  ill" in text
    assert "(principal; embeddable" in text


def test_impossible_counts():
    """What a generator makes impossible has no likelihood."""
    assert log_likelihood(np.zeros((2, 2)), [[1, 1], [0, 1]]) == -math.inf


def test_parts_and_powers_of_a_step():
    """A whole number of steps is a power, a part of one needs a generator; what zeros refute says which."""
    np.testing.assert_allclose(sd.change_step(YEAR, 2), np.array(YEAR) @ YEAR)
    np.testing.assert_allclose(np.linalg.matrix_power(sd.change_step(YEAR, 1 / 12), 12), YEAR, atol=1e-12)
    chain = sd.embeddability([[0.9, 0.1, 0], [0, 0.9, 0.1], [0, 0, 1]])
    assert "reachable, but not in one step: (0, 2)" in str(chain)


# WHAT IF


def test_changes_hold_while_they_hold():
    """A change holds from its first to its last step, staying gives way, later changes act on earlier ones."""
    change = sd.Change(source="well", target="ill", value=0.2, start=2, until=2)
    found = plain().changed(change, sd.Change(source="well", target="ill", factor=2, start=2)).project(3)
    assert [m[0].round(6).tolist() for m in found.matrices] == [
        [0.9, 0.08, 0.02],
        [0.58, 0.4, 0.02],
        [0.82, 0.16, 0.02],
    ]


def test_rates_may_change():
    """With a generator rates change, and rows stay probabilities however high they are."""
    q = sd.generator_of(YEAR).generator
    found = sd.scenario([100, 0, 0], q, states=STATES, generator=True, uncertain=np.stack([q, q]))
    np.testing.assert_allclose(found.project(1).stocks[1], [90, 8, 2], atol=1e-9)
    fast = found.changed(sd.Change(source="well", target="ill", factor=1000)).project(1)
    assert fast.stocks[1].sum() == pytest.approx(100)
    np.testing.assert_allclose(fast.draws[0], fast.stocks)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"factor": 1, "value": 1},
        {"factor": -1},
        {"value": math.nan},
        {"factor": 1, "start": 0},
        {"factor": 1, "start": 3, "until": 2},
        {"factor": 1, "target": "well"},
    ],
)
def test_wrong_changes_are_refused(wrong):
    """A change of nothing, of both, to less than nothing, in no step or of staying is refused."""
    with pytest.raises(sd.UsageError):
        sd.Change(**({"source": "well", "target": "ill"} | wrong))


def test_changes_that_cannot_be():
    """A change of a state that does not exist, or that makes more than everybody leave, is refused."""
    with pytest.raises(sd.UsageError, match="no state 'sick'"):
        plain().changed(sd.Change(source="sick", target="ill", factor=2)).project(1)
    with pytest.raises(sd.UsageError, match="more than everybody would leave 'well'"):
        plain().changed(sd.Change(source="well", target="ill", factor=20)).project(1)
    with pytest.raises(sd.UsageError, match="at least one"):
        plain().project(0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": [1, 1]},
        {"start": [-1, 1, 1]},
        {"start": [], "states": ()},
        {"matrix": np.eye(2)},
        {"matrix": [[2, -1, 0], [0, 1, 0], [0, 0, 1]]},
        {"uncertain": np.zeros((5, 2, 2))},
        {"generator": True, "matrix": [[0, -1, 0], [0, 0, 0], [0, 0, 0]]},
    ],
)
def test_wrong_scenarios_are_refused(wrong):
    """Stocks, matrices and draws that do not fit each other are refused."""
    given = {"start": [100, 0, 0], "matrix": YEAR, "states": STATES} | wrong
    with pytest.raises((sd.UsageError, sd.DataError)):
        sd.scenario(given.pop("start"), given.pop("matrix"), **given)


def test_rows_that_nobody_knows():
    """A row without an estimate does no harm until somebody comes into the state."""
    matrix = np.array(YEAR)
    matrix[1] = np.nan
    unknown = sd.scenario([0, 0, 5], matrix, states=STATES, uncertain=np.stack([matrix] * 2))
    assert unknown.project(2).stocks[-1].tolist() == [0, 0, 5]
    assert unknown.project(2).flows(1)[2].tolist() == [0, 0, 5]
    with pytest.raises(sd.DataError, match="nobody was seen in ill"):
        sd.scenario([100, 0, 0], matrix, states=STATES).project(2)


def test_ways_out_and_in():
    """Who ages out goes first and is counted; who arrives is there at the end of the step; the last row goes on."""
    found = plain(inflow=[[10, 0, 0], [20, 0, 0]], exits={"aged_out": [0.5, 0, 0]}).project(3)
    assert found.stocks[1].tolist() == [55.0, 4.0, 1.0]
    assert found.gone[:2, 0].tolist() == [0.0, 50.0]
    assert ("aged_out", 50.0) in zip(found.table()["state"], found.table()["people"], strict=True)
    with pytest.raises(sd.UsageError, match="sum to 1 at most"):
        plain(exits={"a": [0.6, 0, 0], "b": [0.6, 0, 0]}).project(1)


def test_factors():
    """Coverage and interval make factors; impossible ones are refused."""
    assert factor_of_coverage(0.5, 0.5, 1.0) == pytest.approx(2 / 3)
    assert factor_of_interval(3, 6) == 0.5
    for wrong in ((0.5, -1, 1), (0.5, 0, 2), (0, 1, 1), (-1, 0, 1)):
        with pytest.raises(sd.UsageError):
            factor_of_coverage(*wrong)
    with pytest.raises(sd.UsageError, match="above 0"):
        factor_of_interval(0, 1)


# WHAT COMES OF IT


def test_totals():
    """Sums count the end of each step, or the trapezoid, discounted by the step."""
    found = plain().project(2)
    assert found.time_in("well", "ill").value == pytest.approx(98 + 92.2 + 0.0 + 3.2 - 0.0, abs=5)
    flat = sd.scenario([1], [[1]], states=["a"]).project(2)
    assert flat.total([1]).value == 2
    assert flat.total([1], first=0).value == 3
    assert flat.total([1], half_cycle=True).value == 2
    assert flat.total([1], discount=1.0).value == 0.75


def test_time_to_a_goal():
    """The first step at whose end a share is reached; infinity if it never is."""
    drawn = dirichlet_draws([[90, 8, 2], [30, 60, 10], [0, 0, 1]], 50, 1)
    found = plain(uncertain=drawn).project(30)
    reached = found.time_to(["ill"], 0.1, of=["well", "ill"])
    assert reached.value == 2
    assert reached.interval()[0] <= 2
    assert found.time_to(["ill"], 0.99).value == math.inf
    assert found.share(["ill"])[0] == 0
    assert str(found.time_to(["ill"], 0.99)) == "未达到 / not reached (∞ to ∞)"
    with pytest.raises(sd.UsageError, match="no state 'sick'"):
        found.share(["sick"])


def test_two_scenarios_are_paired():
    """The difference of a scenario and itself is 0 in every draw; unlike draws are no pairs."""
    drawn = dirichlet_draws([[90, 8, 2], [30, 60, 10], [0, 0, 1]], 50, 1)
    one = plain(uncertain=drawn).project(5)
    gap = one.time_in("well") - one.time_in("well")
    assert gap.interval() == (0, 0)
    assert (one.time_in("well") + one.time_in("ill") + one.time_in("dead")).value == pytest.approx(500)
    assert {*one.against(one)["difference"]} == {0.0}
    better = one.scenario.changed(sd.Change(source="well", target="ill", factor=0.5)).project(5)
    assert (better.time_in("well") - one.time_in("well")).interval()[0] > 0
    with pytest.raises(sd.UsageError, match="not pairs"):
        one.time_in("well") - plain(uncertain=drawn[:9]).project(5).time_in("well")
    with pytest.raises(sd.UsageError, match="same states and steps"):
        one.against(plain().project(4))
    assert (Estimate(4.0) / Estimate(2.0)).value == 2
    assert str(Estimate(4.0)) == "4"
    assert math.isnan(Estimate(4.0).interval()[0])


def drawn_once():
    """Draw one matrix."""
    return dirichlet_draws([[90, 8, 2], [30, 60, 10], [0, 0, 1]], 1, 1)


def test_projections_print():
    """Text and HTML are those of the table, and say why there is no interval where there is none."""
    found = plain().project(1)
    assert str(found) == f"{found.table()}\n{NOTHING_DRAWN}"
    assert str(plain(uncertain=drawn_once()).project(1)).count("drawn") == 0
    assert "<table>" in found._repr_html_()
    assert found.drawn_flows(1) is None
    assert found.flows(1)[0].tolist() == pytest.approx([90, 8, 2])


# UNCERTAINTY


def test_people_who_are_alike_are_drawn_together():
    """Drawing people gives on average what there is, and as many people as there are."""
    person, cell = np.array([0, 0, 1, 2, 2]), np.array([0, 1, 1, 0, 1])
    drawn = bootstrap_cells(person, cell, cells=3, people=4, n=4000, seed=2)
    assert drawn.mean(0) == pytest.approx([2, 3, 0], abs=0.1)
    assert drawn[:, 0].max() <= 4


def test_wrong_draws_are_refused():
    """Counts where none can be, no draw and a negative prior are refused."""
    with pytest.raises(sd.DataError, match="not allowed"):
        dirichlet_draws([[1, 1]], 5, 1, allowed=[[True, False]])
    with pytest.raises(sd.UsageError, match="at least one"):
        dirichlet_draws([[1, 1]], 0, 1)


def test_dirichlet_moments():
    """Draws of a row have mean and variance of its posterior."""
    drawn = dirichlet_draws([[8, 2]], 20_000, 3)[:, 0, 0]
    assert drawn.mean() == pytest.approx(8.5 / 11, abs=0.003)
    assert drawn.var() == pytest.approx(8.5 * 2.5 / (121 * 12), rel=0.05)


# FROM A COHORT


@pytest.mark.parametrize("uncertainty", ["bootstrap", "dirichlet", "none"])
def test_forecast_of_a_cohort(uncertainty):
    """A cohort goes on with its last stocks; who left and died stays so, intervals hold the estimate."""
    found = sd.forecast(quarter(), uncertainty=uncertainty, draws=200, seed=1, empty="stay").project(6)
    assert found.scenario.states[-2:] == ("left", "died")
    assert found.stocks[0].sum() == 2
    assert found.stocks[-1].sum() == pytest.approx(2 + 6 * 1 / 3)
    low, high = found.interval()
    if uncertainty != "none":
        assert (low <= found.stocks + 1e-9).all()
        assert (high >= found.stocks - 1e-9).all()


def test_forecast_without_anybody_new():
    """Without inflow the number of people stays."""
    found = sd.forecast(quarter(), empty="stay", inflow=False, draws=20).project(6)
    assert found.stocks.sum(1) == pytest.approx(2)


def test_empty_rows_are_refused():
    """A state in which nobody began a step stops the projection, unless they are said to stay."""
    short = sd.forecast(quarter(every="whole"), uncertainty="none")
    with pytest.raises(sd.DataError, match="empty='stay'"):
        short.project(2)
    with pytest.raises(sd.UsageError, match="uncertainty is one of"):
        sd.forecast(quarter(), uncertainty="guess")


def test_workload_of_a_cohort():
    """Follow-ups come up every 3 months for everybody in their states, twice as often at half the interval."""
    disease = sd.disease("hypertension")
    found = sd.forecast(quarter(), uncertainty="bootstrap", draws=20, empty="stay").project(2)
    usual, often = (sd.workload(found, disease, intervals=how) for how in (None, {"follow_up": 1.5}))
    i = [service.id for service in usual.services].index("follow_up")
    assert usual.due[0, i] == pytest.approx(found.stocks[0, :-2].sum() / 3)
    assert often.due[0, i] == pytest.approx(2 * usual.due[0, i])
    assert usual.roles()["village_doctor"][0] >= usual.due[0, i]
    assert usual.draws.shape == (20, 2, len(usual.services))
    assert "village_doctor" in usual.table()["role"]
    assert "village doctor" in str(usual)


def test_work_for_who_enters():
    """What is done once comes up for everybody who enters its states, newcomers included."""
    disease = sd.disease("hypertension")
    going = sd.scenario([10, 0], [[0.8, 0.2], [0, 1]], states=["enrolled", "lost"], inflow=[[0, 3]])
    found = sd.workload(going.project(1), disease)
    i = [service.id for service in found.services].index("recall")
    assert found.due[0, i] == pytest.approx(2 + 3)
    assert found.table()["ci_low"][0] is None


@pytest.mark.parametrize(
    ("how", "said"),
    [({"intervals": {"folow_up": 1}}, "did you mean follow_up"), ({"intervals": {"follow_up": 0}}, "above 0")],
)
def test_wrong_intervals_are_refused(how, said):
    """Intervals of no service, or of nothing, are refused."""
    with pytest.raises(sd.UsageError, match=said):
        sd.workload(plain().project(1), sd.disease("hypertension"), **how)
    with pytest.raises(sd.UsageError, match="no service of hypertension"):
        sd.workload(plain().project(1), sd.disease("hypertension"))


# ASSUMPTIONS


def test_homogeneity_against_markovchain():
    """A group that lacks a row, and a column that nobody reached, cost no degree of freedom."""
    check = homogeneity([[[5, 5, 0], [1, 1, 0]], [[5, 5, 0], [0, 0, 0]]])
    assert (check.statistic, check.degrees, check.p_value) == (0.0, 1, 1.0)
    assert not check.against
    with pytest.raises(sd.DataError, match="groups, states, states"):
        homogeneity([[1, 2]])


def test_order_two_is_seen():
    """A walk that remembers where it came from speaks against order 1, one that does not does not."""
    rng = np.random.default_rng(7)
    who, when = np.repeat(np.arange(300), 20), np.tile(np.arange(20), 300)
    plain_walk = rng.integers(0, 2, 6000)
    assert not order_test(who, when, plain_walk).p_value < 0.001
    remembers = plain_walk.reshape(300, 20).copy()
    for t in range(2, 20):
        keep = rng.random(300) < 0.7
        remembers[keep, t] = remembers[keep, t - 2]
    assert order_test(who, when, remembers.ravel()).p_value < 1e-6
    assert order_test([1], [0], ["a"]).degrees == 0
    with pytest.raises(sd.DataError, match="differ in length"):
        order_test([1], [0, 1], ["a"])


def test_two_steps_against_one():
    """P(2h) is compared with the square of P(h); what the square makes impossible is refused."""
    single = np.array([[60, 40], [0, 10]])
    assert sd.chapman_kolmogorov(single, [[36, 64], [0, 10]]).statistic == pytest.approx(0)
    assert sd.chapman_kolmogorov(single, [[90, 10], [0, 10]]).against
    with pytest.raises(sd.DataError, match="went from 1 to 0"):
        sd.chapman_kolmogorov(single, [[36, 64], [1, 9]])
    with pytest.raises(sd.DataError, match="alike"):
        sd.chapman_kolmogorov(single, [[1]])


def test_prevalence_starts_equal():
    """Observed and expected are equal at the start and over the first step if there is only one."""
    table = prevalence(quarter(every="whole").steps)
    assert table["observed"] == pytest.approx(table["expected"])


# COMMAND LINE

SPAN = ("--disease", "hypertension", "--from", "2024-01-01", "--to", "2024-03-31", "--lang", "en")


@pytest.fixture
def folder(tmp_path):
    """Write a small registry."""
    return registry(tmp_path / "registry")


@pytest.mark.parametrize(
    "show", ["counts", "flows", "occupancy", "matrix", "incidence", "person-time", "sequences", "occupation"]
)
def test_transitions_on_the_command_line(folder, show):
    """Every table of a cohort can be shown, by stratum."""
    done = run("transitions", folder, *SPAN, "--by", "sex", "--show", show, "--format", "csv")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.count("\n") > 1


def test_steps_on_the_command_line(folder):
    """A step may be a number of days, and states may be chosen."""
    done = run("transitions", folder, *SPAN, "--every", "45", "--state", "enrolled", "--format", "json")
    assert done.exit_code == 0
    assert '"period_end": "2024-02-14"' in done.stdout


def test_wrong_steps_on_the_command_line(folder):
    """A step that is none is wrong usage."""
    assert run("transitions", folder, *SPAN, "--every", "week").exit_code == 2


@pytest.mark.parametrize("show", ["stocks", "workload", "difference"])
def test_projections_on_the_command_line(folder, show):
    """Stocks, work and the difference a change makes are shown."""
    how = ("--steps", "2", "--empty", "stay", "--draws", "20", "--show", show, "--change", "enrolled:lost=0.1@2")
    done = run("project", folder, *SPAN, *how)
    assert done.exit_code == 0, done.stderr
    assert "follow-up" in done.stdout if show == "workload" else "lost to follow-up" in done.stdout


def test_lengths_of_projected_steps(folder):
    """Work is that of a step, in days or the whole, and nobody new comes if nobody shall."""
    for every in ("45", "whole", "quarter"):
        how = ("--steps", "1", "--every", every, "--empty", "stay", "--show", "workload", "--no-inflow")
        assert run("project", folder, *SPAN, *how, "--uncertainty", "none").exit_code == 0


def test_costs_and_intervals_on_the_command_line(folder):
    """Costs are compared with and without the change, from a day on; services may come up at another interval."""
    common = ("project", folder, *SPAN, "--steps", "3", "--empty", "stay", "--draws", "5", "--format", "csv")
    costs = ("--show", "cost", "--cost", "enrolled=2", "--cost", "lost=1")
    done = run(*common, *costs, "--change", "enrolled:lost=0.1@2024-05-20")
    by_step = run(*common, *costs, "--change", "enrolled:lost=0.1@2")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == by_step.stdout
    nothing = run(*common, "--show", "cost")
    assert nothing.exit_code != 0
    assert "give --cost STATE=AMOUNT" in nothing.stderr
    values = {row[0]: float(row[1]) for row in (line.split(",") for line in done.stdout.splitlines()[1:])}
    assert values["difference"] == pytest.approx(values["changed"] - values["unchanged"])
    assert run(*common, *costs, "--uncertainty", "none").stdout.splitlines()[1].endswith(",,")
    work = [run(*common, "--show", "workload", *how) for how in ((), ("--interval", "follow_up=1"))]
    assert work[0].stdout != work[1].stdout
    assert run(*common, "--cost", "enrolled=many").exit_code == 2
    assert run(*common, "--change", "enrolled:lost=0.1@2024-01-20").exit_code == 2


def test_changes_print():
    """A scenario says where its people go first, and each of its changes."""
    halved = sd.Change(source="well", target="ill", factor=0.5, start=2, until=3)
    text = str(plain().changed(halved, sd.Change(source="ill", target="dead", value=0.25)))
    assert text.splitlines()[-2:] == ["well -> ill x 0.5 from step 2 to 3", "ill -> dead = 0.25 from step 1"]


def test_the_step_of_a_day():
    """Calendar steps go on as such, other ones by their length; a day of the past lies in no step to come."""
    monthly, yearly = quarter(), quarter(every="whole")
    days = ("2024-04-01", "2024-04-30", "2024-05-01", "2025-01-31")
    assert [sd.step_on(monthly, day) for day in days] == [1, 1, 2, 10]
    assert [sd.step_on(yearly, day) for day in ("2024-06-30", "2024-07-01")] == [1, 2]
    weeks = sd.cohort("hypertension", log(), "2024-01-08", "2024-01-28", every=7)
    assert [sd.step_on(weeks, day) for day in ("2024-01-29", "2024-02-04", "2024-02-05")] == [1, 1, 2]
    with pytest.raises(sd.UsageError, match="not after 2024-03-31"):
        sd.step_on(monthly, "2024-03-31")


def test_wrong_changes_on_the_command_line(folder):
    """A change that is none, and a state without an estimate, end in a message."""
    assert run("project", folder, *SPAN, "--steps", "1", "--change", "lost+2").exit_code == 2
    refused = run("project", folder, *SPAN, "--every", "whole", "--steps", "3")
    assert refused.exit_code == 1
    assert "nobody was seen in" in refused.stderr


def test_lengths_that_depend_on_the_person():
    """A clock whose length is a parameter with values by person cannot be counted without saying its length."""
    disease = sd.disease("hypertension")
    wrong = evolve(disease, services=tuple(_by_age(service) for service in disease.services))
    found = sd.scenario([10], [[1]], states=["enrolled"]).project(1)
    with pytest.raises(sd.DefinitionError, match="depends on the person"):
        sd.workload(found, wrong)
    lengths = {service.id: 3.0 for service in wrong.services}
    assert sd.workload(found, wrong, intervals=lengths).due.sum() > 0


def _by_age(service):
    length = evolve(service.timing.length, amount=sd.age(on=sd.day("2024-01-01")))
    return evolve(service, timing=evolve(service.timing, length=length))


def test_one_step_has_no_order():
    """A test of order needs two steps."""
    with pytest.raises(sd.UsageError, match="at least two steps"):
        order_of(quarter(every="whole").steps)


def test_goals_without_draws():
    """Without draws a time to a goal is one number."""
    assert plain().project(5).time_to(["dead"], 0.05).draws is None


def test_complex_logarithms():
    """A matrix with negative eigenvalues that come in pairs has no real principal logarithm."""
    turn = np.array([[0.2, 0.8, 0, 0], [0.8, 0.2, 0, 0], [0, 0, 0.2, 0.8], [0, 0, 0.8, 0.2]])
    assert sd.embeddability(turn).logarithm is None


def test_a_cohort_as_visits():
    """Everybody's state at the end of each step from the first on which they are seen, and deaths on their day."""
    found = quarter().visits()
    rows = {who: [] for who in ("p1", "p2", "p3")}
    for who, when, state in zip(found["id"], found["time"].astype(str), found["state"], strict=True):
        rows[str(who)].append((when, str(state)))
    assert rows["p2"] == [
        ("2023-12-31", "enrolled"),
        ("2024-01-31", "enrolled"),
        ("2024-02-29", "left"),
        ("2024-03-31", "left"),
    ]
    assert ("enrolled", "satisfactory") in found["allowed"]
    assert {name for pair in found["allowed"] for name in pair} <= set(found["states"])


def test_deaths_stand_on_their_day():
    """Who died after having been seen has a visit on the day of death."""
    found = quarter(every=1).visits()
    last = {str(w): (str(t), str(s)) for w, t, s in zip(found["id"], found["time"], found["state"], strict=True)}
    assert last["p4"] == ("2024-02-20", "died")


def test_a_fitted_generator_goes_on():
    """Stocks move by the fitted rates, uncertain as the fit is."""
    fit = fit_generator(
        np.repeat(np.arange(40), 3), np.tile([0, 1, 2], 40), np.tile([1, 1, 2, 1, 1, 1], 20), allowed=[(1, 2)]
    )
    found = forecast_of_fit(fit, [100, 0], step=2.0, draws=200).project(3)
    share = np.exp(-6 * fit.rates[0, 1])
    assert found.stocks[-1].tolist() == pytest.approx([100 * share, 100 * (1 - share)])
    low, high = found.interval()
    assert low[-1, 0] < 100 * share < high[-1, 0]
    assert forecast_of_fit(fit, [100, 0], draws=0).project(1).draws is None


TWO = [[0.5, 0.5], [0.0, 1.0]]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: sd.scenario([1, np.nan], TWO), "known and not negative"),
        (lambda: sd.scenario([1, 2], TWO, states=["a", "a"]), "'a' twice"),
        (lambda: sd.scenario([1, 2], TWO, inflow=[1, 2, 3]), "inflow: one number, one per state"),
        (lambda: sd.scenario([1, 2], TWO, exits={"moved": [[0.1], [0.2]]}), "moved: one number, one per state"),
        (lambda: sd.scenario([1, 2], TWO, inflow=[-1, 0]), "people who leave belong in the matrix"),
        (lambda: sd.scenario([1, 2], TWO, uncertain=[[[0.5, 0.9], [0, 1]]]), r"sum to 1, not \[0.5, 0.9\]"),
        (lambda: sd.scenario([1, 2], TWO).project(2.5), "whole steps, at least one"),
        (lambda: sd.scenario([1, 2], TWO).project(2).total([1, 2, 3]), r"one per state, 2, .* got \(3,\)"),
        (lambda: sd.scenario([1, 2], TWO).project(2).total([1, 2], discount=-1), "got discount=-1"),
        (lambda: sd.scenario([1, 2], TWO).project(2).time_in(), "time in which states"),
        (lambda: sd.scenario([1, 2], TWO).project(2).time_to([1], 80), "share=80 must lie between 0 and 1"),
        (lambda: sd.scenario([1, 2], TWO).project(2).share([0], of=[1]), "is not part of"),
        (lambda: sd.Change(source="a", target="b", factor=2, start="2025-01-01"), "step_on"),
        (lambda: sd.Change(source="a", target="b", factor=2, ramp=0), "one step or more"),
    ],
)
def test_what_if_asked_wrongly(wrong, said):
    """What cannot be meant is refused where it is said, in words."""
    with pytest.raises(sd.UsageError, match=said):
        wrong()


def test_changes_that_come_bit_by_bit():
    """A change with a ramp comes in equal parts, whether a factor or a value, and then stays."""
    plain = sd.scenario([1, 0], [[0.8, 0.2], [0.0, 1.0]], states=["well", "ill"])
    half = sd.Change(source="well", target="ill", factor=0.5, start=2, ramp=4)
    none = sd.Change(source="well", target="ill", value=0.0, start=2, until=4, ramp=2)
    factors = [m[0, 1] for m in plain.changed(half).project(6).matrices]
    assert factors == pytest.approx([0.2, 0.175, 0.15, 0.125, 0.1, 0.1])
    values = [m[0, 1] for m in plain.changed(none).project(5).matrices]
    assert values == pytest.approx([0.2, 0.1, 0.0, 0.0, 0.2])
    assert str(half).endswith("from step 2, in full force after 4 steps")


def test_a_goal_that_is_never_reached():
    """A goal out of reach says so, and so does the difference of two."""
    found = sd.scenario([1, 0], TWO, states=["well", "ill"], uncertain=[TWO, TWO]).project(3)
    never = found.time_to("ill", 1.0)
    assert str(never) == "未达到 / not reached (∞ to ∞)"
    assert str(found.time_to("ill", 0.5)) == "1 (1 to 1)"
    assert "未知 / not known" in str(never - never)


def test_workload_by_role():
    """The work of a role is that of its services together, with limits of the sum and not sums of limits."""
    cohort = sd.cohort("hypertension", sd.simulate(patients=200, seed=1).log(), "2024-01-01", "2024-12-31")
    found = sd.forecast(cohort, draws=30, seed=1, empty="stay").project(3)
    due = sd.workload(found, "hypertension")
    rows = due.by_role().rows()
    assert [row["due"] for row in rows if row["role"] == "village_doctor"] == pytest.approx(
        due.roles()["village_doctor"].tolist()
    )
    assert all(row["ci_low"] <= row["ci_high"] for row in rows)
    entered = [service.id for service in due.services].index("referral")
    assert len(np.unique(due.draws[:, 0, entered])) > 1
    alike = sd.forecast(cohort, uncertainty="dirichlet", draws=30, seed=1, empty="stay").project(1)
    assert sd.workload(alike, "hypertension").draws.shape == (30, 1, len(due.services))
    plain = sd.workload(sd.forecast(cohort, uncertainty="none", empty="stay").project(1), "hypertension")
    assert {row["ci_low"] for row in plain.by_role().rows()} == {None}


def test_workload_of_states_that_are_no_states_of_the_pathway():
    """Groups of states under names of one's own, a step without length and an interval in words are refused."""
    found = sd.scenario([5, 5], TWO, states=["lost", "managed"]).project(1)
    with pytest.raises(sd.UsageError, match="managed: no states of hypertension"):
        sd.workload(found, "hypertension")
    known = sd.scenario([5, 5], TWO, states=["lost", "satisfactory"]).project(1)
    with pytest.raises(sd.UsageError, match="the length of a step must be above 0"):
        sd.workload(known, "hypertension", months=0)
    with pytest.raises(sd.UsageError, match="follow_up every '2' months"):
        sd.workload(known, "hypertension", intervals={"follow_up": "2"})
