"""The presets of places whose accounts publish a few counts: what was published comes out of the county set."""

import pytest

import singledisease as sd
from singledisease.catalogue import diseases
from singledisease.dates import Period, day_of
from singledisease.simulation import PRESETS, simulate
from singledisease.simulation.county import places
from singledisease.simulation.published import Published, published_activities

TWO = [diseases()[name] for name in ("hypertension", "type2-diabetes")]


def figures_of(made):
    """Evaluate the county set over what was simulated: rows by measure."""
    score = sd.evaluate(sd.measures("cn-county"), made.log(), period="2024")
    return {row["measure"]: row for row in score.table()}


def test_jiaxing():
    """A thousandth: 4,333 items, 121,000 yuan, 27.93 yuan an item; 15.1 % of primary visits; every one accepted."""
    made = simulate(preset="jiaxing", diseases=TWO)
    found = figures_of(made)
    savings = found["county.recognition_savings"]
    assert (savings["numerator"], savings["denominator"], f"{savings['rate']:.2f}") == (121_000, 4_333, "27.93")
    assert f"{100 * found['county.specialist_clinic_share']['rate']:.1f}" == "15.1"
    assert found["county.contracted"]["numerator"] == made.figures["published"]["contracts"]
    assert not made.log().report.refusals


def test_fushun():
    """57.07 % of the residents have a contract, and everybody with a colour is of the 153,000 in 716,700."""
    made = simulate(preset="fushun", diseases=TWO)
    row = figures_of(made)["county.contracted"]
    assert (row["denominator"], f"{100 * row['rate']:.2f}") == (made.figures["published"]["residents"], "57.07")
    cohort = sd.cohort("hypertension", made.log(), "2024-01-01", "2024-12-31", every="whole", attribute="colour")
    assert {"green", "yellow", "red"} <= set(cohort.states)


def test_zhangdian():
    """77 % of key groups: those of 65 and over, and those managed at the end, each once."""
    made = simulate(preset="zhangdian", diseases=TWO, patients=2000)
    row, true = figures_of(made)["county.contracted_key_groups"], made.figures["published"]
    assert (row["numerator"], row["denominator"]) == (true["key_groups_contracted"], true["key_groups"])
    assert f"{100 * row['rate']:.0f}" == "77"


def test_yuxi():
    """1,040 sent down, 349 and 343 stationed, 319 and 2,148 rounds, however many residents are simulated."""
    found = figures_of(simulate(preset="yuxi", diseases=TWO, patients=200))
    names = ("dispatched", "stationed_township", "stationed_village", "rounds_township", "rounds_village")
    assert [found[f"county.{name}"]["numerator"] for name in names] == [1_040, 349, 343, 319, 2_148]
    assert found["county.contracted"]["numerator"] == 0


@pytest.mark.parametrize("name", ["jiaxing", "fushun", "zhangdian", "yuxi"])
def test_every_number_says_what_it_rests_on(name):
    """Published, derived and assumed numbers are told apart, each once; what was published has a source."""
    said = PRESETS[name].assumptions
    assert len({one.id for one in said}) == len(said)
    assert {one.basis for one in said} >= {"published", "assumed"}
    assert all(one.source.en for one in said if one.basis != "assumed")


def test_part_of_a_year_has_what_was_done_too():
    """Where no middle of a month is simulated, all of it is done on the last day."""
    last = day_of("2024-01-10")
    found = published_activities(Published(done=(("round", "village", 7),)).done, places(100), Period(last - 5, last))
    assert set(found["date"].values.tolist()) == {last}
    assert found["count"].values.sum() == 7
