"""What passes between institutions in the simulated county: the measures of the county set count what is true of it."""

import numpy as np
import pytest

import singledisease as sd
from singledisease.catalogue import diseases
from singledisease.dates import Period, day_of
from singledisease.eventlog.columns import Dates, coded
from singledisease.simulation import simulate
from singledisease.simulation.activities import activity_table
from singledisease.simulation.county import places
from singledisease.simulation.exchange import stacked
from singledisease.simulation.shouguang import EXCHANGE

FEW = ["hypertension", "type2-diabetes"]
CLEAN = {"dirty": 0.0, "duplicates": 0.0, "withdrawn": 0.0}


@pytest.fixture(scope="module")
def made():
    """Give a county of three thousand with two diseases, in which nobody slips."""
    chosen = [diseases()[name] for name in FEW]
    return simulate(preset="shouguang", patients=3000, start="2024-01-01", diseases=chosen, rates=CLEAN)


@pytest.fixture(scope="module")
def log(made):
    """Give its log."""
    return made.log()


@pytest.fixture(scope="module")
def figure(log):
    """Give a figure of the county set by the measure's id."""
    score = sd.evaluate(sd.measures("cn-county"), log, period="2024")
    rows = {row["measure"]: row for row in score.table()}
    return rows.__getitem__


def test_every_row_is_accounted_for(made, log):
    """The rows are those that the truth says, every one accepted: what passes between institutions is no slip."""
    assert log.report.table("events").read == made.figures["rows"]["read"] == log.report.table("events").accepted
    assert not log.report.refusals


def test_contracts_are_renewed_and_in_force(made, figure):
    """Who signed and did not die has a contract in force on the last day; no team of a hospital signs."""
    signed = made.figures["exchange"]["contracts"]["2024"]
    row = figure("county.contracted")
    assert 0 <= signed - row["numerator"] <= 40
    assert abs(row["numerator"] / row["denominator"] - EXCHANGE.contracted) < 0.03


def test_recognised_examinations_and_what_they_save(made, figure):
    """Items recognised and yuan saved are counted exactly, and so are the repeats that were not."""
    true = made.figures["exchange"]["examinations"]
    assert figure("county.recognised_items")["numerator"] == true["recognised"]
    row = figure("county.recognition_savings")
    assert (row["numerator"], row["denominator"]) == (true["amount"], true["recognised"])
    rate = figure("county.recognition_rate")
    assert rate["numerator"] == true["recognised"]
    assert rate["denominator"] >= true["recognised"] + true["again"]


def test_visits_outside_and_the_referrals_behind_them(made, figure):
    """Visits outside the county are counted exactly, and those with a referral by its link."""
    true = made.figures["exchange"]["visits"]
    row = figure("county.orderly_referral")
    assert (row["numerator"], row["denominator"]) == (true["referred"], true["outside"])
    assert true["all"] > true["primary"] > true["outside"] > true["referred"] > 0


def test_first_contact_is_what_is_published(figure):
    """About 76.65 % of those who went anywhere went to primary care first: each visit has that chance."""
    row = figure("county.first_contact")
    assert abs(row["numerator"] / row["denominator"] - 0.7665) < 0.04


def test_referrals_come_back(made, figure):
    """Of the referrals within the county about 0.9 × 0.85 are closed in two weeks; one to outside is never answered."""
    row = figure("county.referral_loop")
    inside = row["denominator"] - made.figures["exchange"]["visits"]["referred"]
    assert abs(row["numerator"] / inside - EXCHANGE.arrived * EXCHANGE.closed) < 0.1


def test_hospitals_send_people_down(log):
    """Each hospital sends two to each township below it every month and one to a village, counted exactly."""
    wanted = [one for one in sd.measures("cn-county") if one.id == "county.dispatched"]
    (row,) = sd.evaluate(wanted, log, period="2024").table()
    towns = list(log.institutions.columns["level"]).count("township")
    assert row["numerator"] == 12 * 3 * towns
    half = activity_table(places(10), Period(day_of("2024-01-16"), day_of("2024-02-20")))
    assert set(half["date"].values.tolist()) == {day_of("2024-02-15")}


def test_a_chief_team_is_in_charge_of_some(log):
    """Of the people with a disease some are with its chief-physician team, the others with their family doctors."""
    (managed, *_) = sd.measures("cn-bphs-2017", diseases="hypertension")
    whole = sd.evaluate(managed, log, period="2024")
    (total,) = whole.table()
    by_group = {
        row["by"]["team.group"]: row for row in sd.evaluate(managed, log, period="2024", by="team.group").table()
    }
    assert {name for name, row in by_group.items() if row["numerator"]} == {"", "cardiovascular"}
    assert 0.1 < by_group["cardiovascular"]["numerator"] / total["numerator"] < 0.3


@pytest.mark.parametrize("by", ["institution", "institution.level", "team", "team.kind", "team.group", "region"])
def test_leaves_sum_to_the_whole(log, by):
    """By whoever is responsible, the people counted add up to those of the county, in every measure."""
    wanted = sd.measures("cn-bphs-2017", diseases=FEW)
    whole = {row["measure"]: row for row in sd.evaluate(wanted, log, period="2024").table()}
    sums: dict[str, np.ndarray] = {}
    for row in sd.evaluate(wanted, log, period="2024", by=by).table():
        counts = np.array([row["numerator"], row["denominator"], row["unknown"], row["initial_population"]])
        sums[row["measure"]] = sums.get(row["measure"], 0) + counts
    assert sums.keys() == whole.keys()
    for name, row in whole.items():
        found = [row["numerator"], row["denominator"], row["unknown"], row["initial_population"]]
        assert sums[name].tolist() == found, name


def test_hospitals_rolled_up_are_the_whole(log):
    """The hospitals, each with all below it, have the people of the county."""
    (managed, *_) = sd.measures("cn-bphs-2017", diseases="hypertension")
    (whole,) = sd.evaluate(managed, log, period="2024").table()
    rolled = sd.roll_up(sd.evaluate(managed, log, period="2024", by="institution"), log.institutions)
    tops = {"county-hospital", "county-chinese-medicine"}
    found = [row["numerator"] for row in rolled.table() if row["by"]["institution"] in tops]
    assert len(found) == 2
    assert sum(found) == whole["numerator"]


def test_columns_of_other_types_are_put_together_as_text():
    """Where slips have made a column of dates one of text, further rows are written as text too."""
    spoilt = {"date": coded(["2024-02-30"]), "kind": coded(["call"]), "record": coded(["E1"])}
    day = np.array([day_of("2024-03-01")], np.int32)
    found = stacked(spoilt, [{"date": Dates(day), "kind": coded(["contract"])}])
    assert [found["date"].text(i) for i in range(2)] == ["2024-02-30", "2024-03-01"]
    assert [found["record"].text(i) for i in range(2)] == ["E1", "X0000001"]
