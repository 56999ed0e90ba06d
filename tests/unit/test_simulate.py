"""A simulated registry: the library finds again, from shuffled files, what the simulation knows to be true."""

import csv
import json

import numpy as np
import pytest

from singledisease.catalogue import disease, disease_ids, diseases, measure_set
from singledisease.dates import day_of, iso, period
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar import walk as columnar_walk
from singledisease.engines.reference import walk as reference_walk
from singledisease.errors import UsageError
from singledisease.io.folder import read_folder
from singledisease.scorecard.evaluate import evaluate
from singledisease.simulate import Rates, simulate

END = day_of("2024-12-31")


@pytest.fixture(scope="module")
def made():
    """Give a county of four hundred people."""
    return simulate(patients=400, seed=5)


@pytest.fixture(scope="module")
def folder(made, tmp_path_factory):
    """Give the county's files."""
    return made.write(tmp_path_factory.mktemp("county"))


def stays_found(log, name, walk):
    """Tell what an engine makes of a log, in the words of ``truth.csv``."""
    courses = walk(resolve_disease(disease(name), {}), log, END)
    spells = courses.spells
    who = np.repeat(np.arange(len(log.people)), np.diff(spells.offsets))
    states = [state.id for state in courses.disease.pathway.states]
    return [
        (log.people.ids[who[i]], name, states[spells.state[i]], iso(spells.entered[i]), iso(spells.left[i]))
        for i in range(len(who))
    ]


@pytest.mark.parametrize("walk", [columnar_walk, reference_walk], ids=["columnar", "reference"])
@pytest.mark.parametrize("name", disease_ids())
def test_states_are_recovered(folder, name, walk):
    """From the files both engines find every true state of every person on every day."""
    with (folder / "truth.csv").open(encoding="utf-8") as file:
        truth = [tuple(row) for row in csv.reader(file) if row[1] == name]
    assert stays_found(read_folder(folder).as_of(None), name, walk) == truth


@pytest.mark.parametrize("year", ["2023", "2024"])
def test_figures_are_recovered(folder, year):
    """The measures give the true numbers of people managed, lost, without reading and at goal."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["diseases"]
    score = evaluate(measure_set("cn-bphs-2017"), read_folder(folder), period(year), diseases=diseases())
    for row in score.table():
        name, _, measure = row["measure"].partition(".")
        true = truth[name]["years"][year]
        if measure == "managed":
            assert row["numerator"] == true["managed"]
        if measure == "control":
            assert (row["denominator"], row["numerator"], row["unknown"]) == (
                true["managed"],
                true["at_goal"],
                true["without_reading"],
            )


def test_everything_happens(made):
    """In a county of this size people are lost, closed, referred, in rehabilitation and dead, in both diseases."""
    for name in disease_ids():
        states = {state for _, of, state, _, _ in made.truth if of == name}
        assert {"lost", "closed", "misdiagnosed", "died", "referred", "rehabilitation", "suspected"} <= states


def test_load_report(made, folder):
    """Only the slips of the pen are refused; rows that were withdrawn do not count."""
    log = read_folder(folder)
    assert log.report.balanced
    assert {refusal.check for refusal in log.report.refusals} == {"out_of_bounds"}
    assert len(log.as_of(None)) < len(log)
    assert log.report.table("institutions").accepted == 10
    assert len(made.log()) == len(log)


def test_same_seed_same_registry(made):
    """The same seed makes the same registry, another one another."""
    again = simulate(patients=400, seed=5)
    assert again.truth == made.truth
    assert again.figures == made.figures
    assert simulate(patients=400, seed=6).truth != made.truth


def test_rates_are_given():
    """Figures move with the rates: nobody at goal, nobody dead, nobody lost."""
    rates = Rates(at_goal=0, died=0, recorded_lost=0, stopped=0, differing=0)
    figures = simulate(patients=100, seed=1, rates=rates).figures
    assert figures["died"] == 0
    assert figures["rates"]["at_goal"] == 0
    for one in figures["diseases"].values():
        assert "lost" not in one["happenings"]
        assert not {"visit_good", "home_good"} & set(one["happenings"])


def test_share_at_goal(made):
    """The share of readings at goal at follow-ups is near the rate that was given."""
    counted = made.figures["diseases"]["hypertension"]["happenings"]
    good = counted["visit_good"] + counted["home_good"]
    share = good / (good + counted["visit_bad"] + counted["home_bad"])
    assert abs(share - Rates().at_goal) < 0.1


def test_one_disease_and_parquet(tmp_path):
    """One disease alone can be simulated, and written as Parquet."""
    simulate(tmp_path, diseases=disease("hypertension"), patients=20, seed=1, format="parquet")
    log = read_folder(tmp_path)
    assert set(log.column("disease").categories) <= {"", "hypertension"}


@pytest.mark.parametrize("wrong", [{"patients": 0}, {"start": "2024-01-01", "end": "2023-01-01"}])
def test_nothing_to_simulate(wrong):
    """Without people or days there is nothing to simulate."""
    with pytest.raises(UsageError, match="nothing to simulate"):
        simulate(**wrong)


def test_rate_that_is_no_share():
    """A rate outside 0 to 1 is refused by name."""
    with pytest.raises(UsageError, match=r"at_goal=1\.5"):
        Rates(at_goal=1.5)
