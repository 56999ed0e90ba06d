"""Steps of a projection and their days."""

from __future__ import annotations

import pytest
from cli_world import run
from cohort_world import log
from hypothesis import given
from hypothesis import strategies as st

import singledisease as sd
from singledisease.dates import iso

SPANS = (
    ("2024-01-01", "2024-12-31", "month"),
    ("2023-01-01", "2024-12-31", "quarter"),
    ("2024-01-01", "2024-03-31", "whole"),
    ("2024-01-15", "2024-03-10", "month"),
    ("2024-01-01", "2024-12-31", 30),
    ("2024-01-08", "2024-01-28", 7),
)
COHORTS = {span: sd.cohort("hypertension", log(), *span[:2], every=span[2]) for span in SPANS}


@given(st.sampled_from(SPANS), st.integers(1, 60))
def test_days_and_steps_find_each_other(span, step):
    """The first and the last day of a step lie in it, and the next begins on the day after."""
    cohort = COHORTS[span]
    days, after = sd.period_of_step(cohort, step), sd.period_of_step(cohort, step + 1)
    assert sd.step_on(cohort, days.start) == sd.step_on(cohort, days.end) == step
    assert after.start == days.end + 1
    if step == 1:
        assert days.start == cohort.periods[-1].end + 1


def test_steps_of_the_calendar_stay_on_it():
    """Months go on as months, quarters as quarters, a whole of three months as quarters; others by mean length."""
    names = {span: sd.period_of_step(cohort, 2).name for span, cohort in COHORTS.items()}
    assert names[SPANS[0]] == "2025-02"
    assert names[SPANS[1]] == "2025Q2"
    assert names[SPANS[2]] == "2024Q3"
    assert names[SPANS[5]] == "2024-02-05..2024-02-11"
    uneven = [sd.period_of_step(COHORTS[SPANS[3]], step) for step in (1, 2, 3)]
    assert sum(days.end - days.start + 1 for days in uneven) == 56


def test_step_0_has_no_days():
    """The stocks of step 0 are those of the cohort's last day: they are of no step."""
    with pytest.raises(sd.UsageError, match="count from 1"):
        sd.period_of_step(COHORTS[SPANS[0]], 0)


def test_the_command_line_says_when(tmp_path):
    """``project`` names the days of each step to people, and keeps its columns for programs."""
    sd.write(log(), tmp_path / "registry")
    how = ("project", tmp_path / "registry", "--disease", "hypertension", "--from", "2024-01-01", "--to", "2024-03-31")
    more = ("--steps", "2", "--draws", "5", "--empty", "stay")
    lines = run(*how, *more, "--lang", "en").stdout.splitlines()
    assert lines[0].split()[:3] == ["step", "period", "state"]
    assert {tuple(line.split()[:2]) for line in lines[2:]} == {("0", "2024-03-31"), ("1", "2024-04"), ("2", "2024-05")}
    assert run(*how, *more, "--format", "csv").stdout.splitlines()[0] == "step,state,people,ci_low,ci_high"
    cost = run(*how, *more, "--show", "cost", "--cost", "enrolled=1", "--lang", "en").stdout
    assert "period" not in cost
    assert iso(COHORTS[SPANS[2]].periods[-1].end) not in cost


def test_some_steps_of_a_projection():
    """A table of a projection, or of a difference, may show some steps only; one that there is not is refused."""
    model = sd.scenario([10, 0], [[0.9, 0.1], [0, 1]], states=["well", "ill"], exits={"aged": [0.1, 0]})
    found = model.project(3)
    assert found.table(steps=[0, 3])["step"] == (0, 0, 3, 3, 0, 3)
    assert found.table(steps=[3]).rows() == [row for row in found.table().rows() if row["step"] == 3]
    assert found.against(model.project(3), steps=[1])["step"] == (1, 1)
    assert found.against(model.project(3))["step"] == (0, 0, 1, 1, 2, 2, 3, 3)
    with pytest.raises(sd.UsageError, match="no step 4; there are 0 to 3"):
        found.table(steps=[1, 4])


def test_workload_refuses_a_policy_that_there_is_not():
    """A misspelt policy would silently leave the length of a clock as it is."""
    stay = sd.scenario([60], [[1.0]], states=["satisfactory"]).project(1)
    with pytest.raises(sd.UsageError, match="lost_after"):
        sd.workload(stay, "hypertension", policy={"lost_afer": "6"})
