"""Cohorts by an attribute: the group of a measure, a condition, a text, a column or the stage, on a grid of days."""

from __future__ import annotations

import json

import numpy as np
import pytest
from cli_world import registry, run
from cohort_world import log, quarter

import singledisease as sd

CONTROL = {"attribute": "hypertension.control", "carry_days": 60}


def cells(found):
    """Give every cell of every step that somebody is behind."""
    counted = found.transitions
    return {
        (int(step), counted.sources[i], counted.targets[j]): sorted(
            found.people(counted.sources[i], counted.targets[j], int(step))
        )
        for step, i, j in np.argwhere(counted.counts)
    }


def test_groups_of_a_measure():
    """p1 comes to goal in January and is lost to it in February; p3's reading in March is not at goal."""
    found = quarter(**CONTROL)
    assert found.states == ("not_numerator", "unknown", "numerator")
    assert cells(found) == {
        (0, "unknown", "unknown"): ["p2"],
        (0, "unknown", "numerator"): ["p1"],
        (0, "entered", "unknown"): ["p3"],
        (1, "numerator", "not_numerator"): ["p1"],
        (1, "unknown", "left"): ["p2"],
        (1, "unknown", "unknown"): ["p3"],
        (1, "entered", "died"): ["p4"],
        (2, "not_numerator", "not_numerator"): ["p1"],
        (2, "unknown", "not_numerator"): ["p3"],
    }


@pytest.mark.parametrize(("carry", "group"), [(21, "numerator"), (20, "unknown")])
def test_a_reading_stands_so_long_and_no_longer(carry, group):
    """A reading of 10 January is 21 days old at the end of the month: the last day of a limit of 21."""
    found = quarter(attribute="hypertension.control", carry_days=carry)
    assert found.people("unknown", group, 0) == (["p1"] if carry == 21 else ["p1", "p2"])


def test_groups_are_those_of_the_scorecard():
    """On each day the stock of each group is what the scorecard counts of those who are in the cohort."""
    county = sd.simulate(patients=400, seed=5).log()
    measure = next(one for one in sd.measures("cn-bphs-2017") if one.id == "hypertension.control")
    found = sd.cohort("hypertension", county, "2024-01-01", "2024-06-30", attribute=measure, carry_days=180, by="sex")
    whole = sd.cohort("hypertension", county, "2024-01-01", "2024-06-30")
    for t, day in enumerate(found.steps.days.tolist()):
        score = sd.evaluate(measure, county, period=sd.Period(day - 180, day))
        inside = set(whole.ids[whole.steps.codes[t] < len(whole.states)])
        for k, group in enumerate(found.states):
            people = set(sd.people(score, measure.id, group)["patient_id"]) & inside
            assert set(found.ids[found.steps.codes[t] == k]) == people
    for row in found.flows:
        came, went = row["entered"] + row["moved_in"], row["moved_out"] + row["left"] + row["died"]
        assert row["closing"] == row["opening"] + came - went
    reference = sd.cohort(
        "hypertension", county, "2024-01-01", "2024-03-31", attribute=measure, carry_days=180, engine="reference"
    )
    np.testing.assert_array_equal(reference.transitions.counts, found.transitions.counts[:3])


def test_conditions_and_texts():
    """A condition makes yes, no and unknown; a text makes groups of its own; a number makes none."""
    last = sd.events("follow_up").within(sd.PERIOD).last()
    seen = quarter(attribute=last.sbp < 140, carry_days=60)
    assert seen.states == ("no", "unknown", "yes")
    assert seen.people("yes", "no", 1) == ["p1"]
    colour = sd.case((last.sbp >= 150, "red"), (last.sbp >= 140, "amber"), "green")
    found = quarter(attribute=colour, carry_days=60)
    assert "red" in found.states
    assert found.people("green", "red", 1) == ["p1"]
    with pytest.raises(sd.UsageError, match="gives numbers; an attribute is a condition or a text"):
        quarter(attribute=last.sbp, carry_days=60)


def test_columns_and_stages():
    """A column is followed as it is on each day; stages are the pathway's own and keep every estimate."""
    by_place = quarter(attribute="institution")
    assert by_place.states == ("A", "B")
    assert by_place.people("entered", "B", 0) == ["p3"]
    staged = quarter(attribute="stage")
    assert staged.states == ("management", "treatment", "rehabilitation")
    assert staged.aalen_johansen().probability[-1].sum() == pytest.approx(1)
    blank = quarter(attribute="region")
    assert blank.states == ("unknown",)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"attribute": "hypertension.contol", "carry_days": 9}, "did you mean hypertension.control"),
        ({"attribute": "hypertension.control"}, "say for how many days a reading stands"),
        ({"attribute": "hypertension.control", "carry_days": -1}, "carry_days=-1"),
        ({"attribute": "sex", "carry_days": 9}, "leave carry_days out"),
        ({"attribute": "institution.colour"}, "no such column"),
        ({"attribute": "stage", "states": ["lost"]}, "name one of the two"),
        ({"attribute": "stage", "carry_days": 3}, "leave carry_days out"),
        ({"carry_days": 3}, "carry_days without an attribute"),
        (
            {
                "attribute": sd.case((sd.events("follow_up").within(sd.PERIOD).exists(), "died"), "no"),
                "carry_days": 60,
            },
            "a group called 'died'",
        ),
        ({**CONTROL, "policy": {"loost": "exclude"}}, "no policy is called 'loost'"),
    ],
)
def test_attributes_that_cannot_be_followed(options, said):
    """A misspelt name, no limit, a limit where nothing is read, and groups called like ways out are refused."""
    with pytest.raises(sd.UsageError, match=said):
        quarter(**options)


def test_policies_of_the_measure():
    """A policy of the measure is followed: who is unknown is excluded."""
    found = quarter(**CONTROL, policy={"unknown": "exclude"})
    assert not {"unknown"} & set(found.states)
    assert [name for name in found.states if name.startswith("excluded")]


@pytest.mark.parametrize(
    "estimate",
    [
        lambda found: found.histories(),
        lambda found: found.aalen_johansen(),
        lambda found: found.person_time(),
        lambda found: found.incidence(),
        lambda found: found.sojourns("unknown"),
        lambda found: found.time_in_state(),
        lambda found: found.cumulative_incidence("died"),
    ],
)
def test_visits_are_not_transitions(estimate):
    """What needs the day of each change is refused where an attribute is known on some days only."""
    with pytest.raises(sd.UsageError, match=r"hypertension.control is known on 4 days only; use counts"):
        estimate(quarter(**CONTROL))


def test_what_else_a_grid_gives():
    """Sequences, occupancy, matrix, allowed cells and the generator of a chain follow from the grid."""
    found = quarter(**CONTROL)
    assert found.sequences().people("unknown", "left") == ["p2"]
    assert found.sequences().people("unknown", "numerator", "not_numerator") == ["p1"]
    assert found.occupancy()["not_numerator"] == (0, 0, 1, 2)
    assert found.allowed().all()
    assert {row["from"] for row in found.matrix()} == {"unknown", "numerator", "not_numerator"}
    county = sd.simulate(patients=300, seed=2).log()
    many = sd.cohort(
        "hypertension", county, "2024-01-01", "2024-12-31", attribute="hypertension.control", carry_days=365
    )
    fit = sd.fit_generator(many)
    assert fit.states[-1] == "died" or "died" in fit.states
    assert (np.diag(fit.rates) <= 0).all()
    assert len(sd.cohort("hypertension", log(), "2024-01-01", "2024-01-31", attribute="sex").assumptions()) >= 0


def test_the_command_line_follows_an_attribute(tmp_path):
    """P1, who is old, comes to goal in February; P4 is lost, and so not at goal; what is missing is said."""
    data = registry(tmp_path / "data")
    asked = ["transitions", data, "--disease", "hypertension", "--from", "2024-01-01", "--to", "2024-06-30"]
    asked += ["--every", "quarter", "--attribute", "hypertension.control", "--format", "json"]
    found = run(*asked, "--carry-days", "180")
    assert found.exit_code == 0
    rows = [(row["from"], row["to"], row["people"]) for row in json.loads(found.stdout) if row["from"] != "entered"]
    assert rows[:2] == [("unknown", "not_numerator", 1), ("unknown", "numerator", 1)]
    refused = run(*asked)
    assert refused.exit_code == 2
    assert "say for how many days a reading stands" in refused.stderr
