"""A simulated registry: the library finds again, from shuffled files, what the simulation knows to be true."""

import csv
import json

import numpy as np
import pytest

from singledisease.catalogue import disease, diseases, measure_set
from singledisease.dates import period
from singledisease.errors import UsageError
from singledisease.io.folder import read_folder
from singledisease.scorecard.evaluate import evaluate
from singledisease.simulation import PRESETS, Preset, Rates, simulate

QUIET = {"adverse_reaction": 0, "complication": 0, "emergency": 0, "unusual": 0}


@pytest.fixture(scope="module")
def made():
    """Give a county of four hundred people."""
    return simulate(patients=400, seed=5)


@pytest.fixture(scope="module")
def folder(made, tmp_path_factory):
    """Give the county's files."""
    return made.write(tmp_path_factory.mktemp("county"))


def test_truth_stands_beside_the_files(made, folder):
    """``truth.csv`` and ``truth.json`` hold what the value knows, and say that it is made up."""
    with (folder / "truth.csv").open(encoding="utf-8") as file:
        assert tuple(tuple(row) for row in list(csv.reader(file))[1:]) == made.truth
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert truth == made.figures
    assert "assumptions" in truth["note"]


@pytest.mark.parametrize("year", ["2023", "2024"])
def test_figures_are_recovered(folder, year):
    """The measures give the true numbers of people managed, lost, without reading and at goal, by institution too."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["diseases"]
    log = read_folder(folder)
    for by in ((), ("institution",)):
        score = evaluate(
            measure_set("cn-bphs-2017", [disease(name) for name in truth]),
            log,
            period(year),
            diseases=diseases(),
            by=by,
        )
        seen = 0
        for row in score.table():
            name, _, measure = row["measure"].partition(".")
            true = truth[name]["years"][year]
            if by:
                true = true["institutions"].get(row["by"]["institution"])
            if measure == "control" and (true is not None or row["denominator"]):
                seen += 1
                assert (row["denominator"], row["numerator"], row["unknown"]) == (
                    true["managed"],
                    true["at_goal"],
                    true["without_reading"],
                )
        assert seen >= (8 if by else 2)


def test_everything_happens(made):
    """In a county of this size people are lost, closed, referred, in rehabilitation and dead, in both diseases."""
    assert {of for _, of, _, _, _ in made.truth} == {"hypertension", "type2-diabetes"}
    for name in ("hypertension", "type2-diabetes"):
        states = {state for _, of, state, _, _ in made.truth if of == name}
        assert {"lost", "closed", "misdiagnosed", "died", "referred", "rehabilitation", "suspected"} <= states


def test_same_seed_same_registry(made):
    """The same seed makes the same registry, another one another."""
    again = simulate(patients=400, seed=5)
    assert again.truth == made.truth
    assert again.figures == made.figures
    assert simulate(patients=400, seed=6).truth != made.truth


# RATES


def test_rates_are_given():
    """Figures move with the rates: nobody at goal, nobody dead, nobody lost, nobody moved."""
    rates = Rates(at_goal=0, died=0, recorded_lost=0, stopped=0, winter=0, reassigned=0, **QUIET)
    figures = simulate(patients=100, seed=1, rates=rates).figures
    assert figures["died"] == figures["reassigned"] == 0
    assert figures["rates"]["at_goal"] == 0
    for one in figures["diseases"].values():
        assert "lost" not in one["happenings"]
        assert "assignment" not in one["happenings"]
        assert one["years"]["2024"]["managed"] > 0
        assert one["years"]["2024"]["at_goal"] == 0


@pytest.mark.parametrize("asked", [0.3, 0.8])
def test_share_at_goal(asked):
    """Without season and rounding, the share of readings at goal at follow-ups is near the rate that was given."""
    rates = Rates(at_goal=asked, winter=0, rounding=0, differing=0.1, **QUIET)
    log = simulate(diseases=disease("type2-diabetes"), patients=500, seed=5, rates=rates).log().as_of(None)
    fpg = log.columns["fpg"].values[
        (log.columns["mode"].known) & (log.kind.codes == log.kind.categories.index("follow_up"))
    ]
    assert abs(np.mean(fpg[~np.isnan(fpg)] < 7) - asked) < 0.05


def test_diseases_go_together():
    """People have two diseases more often than chance would have it, and each disease as often as before."""
    both = {rate: simulate(patients=3000, seed=2, rates=Rates(sick=0.5, together=rate)).figures for rate in (0.0, 0.6)}
    for figures in both.values():
        for one in figures["diseases"].values():
            assert abs(one["sick"] / 3000 - 0.5) < 0.04
    shares = {rate: figures["people_by_number_of_diseases"]["2"] / 3000 for rate, figures in both.items()}
    assert abs(shares[0.0] - 0.25) < 0.03
    assert abs(shares[0.6] - (0.25 + 0.6 * 0.25)) < 0.03


def test_missing_readings():
    """The share of visits at which nothing was measured is near the rate that was given."""
    counted = simulate(patients=500, seed=1, missing=0.3).figures["diseases"]["hypertension"]["happenings"]
    assert abs(counted["visit_blank"] / (counted["visit_blank"] + counted["visit"] + counted["home"]) - 0.3) < 0.05


def test_people_come_back():
    """Some of those who were closed are enrolled again, as asked for; of the misdiagnosed nobody."""
    back = {}
    for returned in (0, 1):
        made = simulate(patients=300, seed=1, rates={"moved": 0.2, "misdiagnosed": 0.1, "returned": returned})
        moves = [
            (before[2], after[2])
            for before, after in zip(made.truth, made.truth[1:], strict=False)
            if before[:2] == after[:2]
        ]
        assert {after for before, after in moves if before == "misdiagnosed"} <= {"died"}
        back[returned] = moves.count(("closed", "enrolled"))
    assert back[0] == 0
    assert back[1] > 20


def test_late_rows():
    """The share of rows recorded later is near the rate that was given, and exactly that of the truth."""
    made = simulate(patients=300, seed=1, late=0.3)
    log = made.log()
    known_later = log.columns["recorded"].values > log.date
    assert int(known_later.sum()) == made.figures["rows"]["late"]
    assert abs(known_later.mean() - 0.3) < 0.03


@pytest.mark.parametrize("name", [one for one in Rates().to_dict() if one != "winter"])
def test_rate_that_is_no_share(name):
    """A rate outside 0 to 1 is refused by name."""
    with pytest.raises(UsageError, match=rf"{name}=1\.5"):
        Rates(**{name: 1.5})


def test_more_bad_rows_than_good_ones():
    """Rates that would leave fewer good rows than bad ones are refused together."""
    with pytest.raises(UsageError, match=r"dirty \+ duplicates \+ withdrawn = 0\.7"):
        simulate(patients=10, dirty=0.4, duplicates=0.3, withdrawn=0)


# THE COUNTY


@pytest.mark.parametrize(("townships", "villages", "count"), [(1, 0, 2), (1, 4, 6), (5, 3, 22), (10, 1, 22)])
def test_institutions_are_given(townships, villages, count):
    """Townships and villages can be told, and every one but the hospitals belongs to the level above."""
    places = simulate(patients=50, townships=townships, villages=villages).log().institutions
    level = dict(zip(places.ids, places.columns["level"], strict=True))
    parent = dict(zip(places.ids, places.columns["parent"], strict=True))
    assert len(places.ids) == count
    above = {"village": "township", "township": "county"}
    assert all(level[parent[one]] == above[level[one]] for one in places.ids if level[one] != "county")


def test_more_people_more_institutions():
    """A larger county has more townships, and more villages in each."""
    small, large = (simulate(patients=count, diseases=disease("hypertension")) for count in (100, 20_000))
    assert len(small.figures["institutions"]) == 11
    assert len(large.figures["institutions"]) == 2 + 4 * 6


def test_no_township():
    """A county without a township is refused."""
    with pytest.raises(UsageError, match="0 townships"):
        simulate(patients=10, townships=0)


def test_reassigned_people_go_elsewhere():
    """From the day of an assignment on, a person's events stand under the new institution."""
    made = simulate(patients=300, seed=1, rates=Rates(reassigned=0.5))
    log = made.log().as_of(None)
    places, kinds = log.columns["institution"], log.kind
    told = np.flatnonzero(kinds.codes == kinds.categories.index("assignment"))
    assert len(told) == made.figures["reassigned"] > 50
    for row in told.tolist():
        later = np.flatnonzero((log.person == log.person[row]) & (log.date > log.date[row]))
        elsewhere = {places.text(i) for i in later.tolist()} - {places.text(row)}
        assert all(one.startswith("county-") for one in elsewhere)


# PRESETS


def test_presets_differ():
    """Every preset makes a registry of its size and under its name, and what is given departs from it."""
    for name in ("village", "clean", "messy"):
        assert simulate(preset=name, patients=20).figures["preset"] == name
    assert len(simulate(preset="village", diseases=disease("hypertension")).log().people) == 300
    assert simulate(preset="messy", patients=20, dirty=0.2).figures["rates"]["dirty"] == 0.2
    assert simulate(preset="messy", patients=20, rates=Rates()).figures["rates"] == Rates().to_dict()
    messier = simulate(preset="messy", patients=20, rates={"winter": 9}).figures["rates"]
    assert messier == {**PRESETS["messy"].rates.to_dict(), "winter": 9}
    assert simulate(preset=Preset(id="mine", patients=7)).figures["preset"] == "mine"


def test_presets_are_named_in_two_languages():
    """Every preset has a line in Chinese and one in English."""
    assert all(one.names.zh and one.names.en for one in PRESETS.values())


def test_unknown_rate():
    """A misspelt rate gets a suggestion."""
    with pytest.raises(UsageError, match="did you mean rounding"):
        simulate(patients=5, rates={"rouding": 0.2})


def test_unknown_preset():
    """A misspelt preset gets a suggestion."""
    with pytest.raises(UsageError, match="did you mean messy"):
        simulate(preset="mesy")


def test_clean_is_clean():
    """The clean preset has nothing refused, twice, late, withdrawn, unmeasured or rounded."""
    made = simulate(preset="clean", patients=100)
    rows, events = made.figures["rows"], made.log().report.table("events")
    assert events.read == events.accepted == rows["read"]
    assert rows["late"] == rows["withdrawn"] == rows["uncorrected"] == 0
    assert sum(one["rounded"] for one in made.figures["institutions"].values()) == 0
    assert all("visit_blank" not in one["happenings"] for one in made.figures["diseases"].values())


# FILES


def test_one_disease_and_parquet(tmp_path):
    """One disease alone can be simulated, and written as Parquet, whose columns keep their types."""
    parquet = pytest.importorskip("pyarrow.parquet")
    made = simulate(tmp_path, diseases=disease("hypertension"), patients=60, seed=1, format="parquet", dirty=0.1)
    log = read_folder(tmp_path)
    assert set(log.column("disease").categories) <= {"", "hypertension"}
    assert log.report.table("events").refused == made.figures["rows"]["refused"] > 20
    types = parquet.read_schema(tmp_path / "events.parquet")
    assert (str(types.field("date").type), str(types.field("sbp").type)) == ("date32[day]", "double")


def test_another_format_replaces_the_first(tmp_path):
    """What was simulated into a folder before is replaced, so that it stays one registry."""
    pytest.importorskip("pyarrow")
    for format in ("csv", "parquet", "csv"):
        simulate(tmp_path, patients=20, format=format)
        assert len(read_folder(tmp_path).people) == 20


def test_real_data_is_not_overwritten(tmp_path):
    """A folder whose registry was not simulated is left alone."""
    (tmp_path / "events.csv").write_text("patient_id,date,kind\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"events\.csv"):
        simulate(tmp_path, patients=5)
    assert [file.name for file in tmp_path.iterdir()] == ["events.csv"]


def test_unknown_format(tmp_path):
    """A format that cannot be written is refused before anything is made or taken away."""
    with pytest.raises(UsageError, match="did you mean parquet"):
        simulate(tmp_path, patients=5, format="parket")
    simulate(tmp_path, patients=5).log()
    with pytest.raises(UsageError, match="did you mean csv"):
        simulate(patients=5).write(tmp_path, "csvv")
    assert (tmp_path / "events.csv").exists()


@pytest.mark.parametrize("wrong", [{"patients": 0}, {"start": "2024-01-01", "end": "2023-01-01"}, {"diseases": ()}])
def test_nothing_to_simulate(wrong):
    """Without people, days or diseases there is nothing to simulate."""
    with pytest.raises(UsageError, match="nothing to simulate"):
        simulate(**wrong)


@pytest.mark.parametrize(
    ("start", "end"), [("1955-03-01", "1956-12-31"), ("2024-12-31", "2025-01-01"), ("1990-01-01", "2030-12-31")]
)
def test_any_days(start, end):
    """However long ago, short or long: nothing but the slips is refused, each for its reason."""
    made = simulate(patients=30, start=start, end=end, dirty=0.2)
    refused = made.log().report.refusals
    assert sorted({one.check for one in refused}) == sorted(made.figures["rows"]["refused_by_check"])
    assert len(refused) == made.figures["rows"]["refused"]


def test_progress_is_told():
    """Whoever asks is told how many people are done, up to all."""
    told = []
    simulate(patients=30, progress=lambda done, people: told.append((done, people)))
    assert told[-1] == (30, 30)
