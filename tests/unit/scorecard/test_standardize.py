"""Direct standardization by age, on counts small enough to work out by hand."""

import math

import pytest

import singledisease as sd
from singledisease.eventlog.build import build
from singledisease.eventlog.raw import raw_rows
from singledisease.scorecard.standard_populations import STANDARDS

SEEN = sd.Measure(id="seen", numerator=sd.events("follow_up").within(sd.PERIOD).exists())
VISITS = sd.Ratio(id="visits", numerator=sd.events("follow_up").within(sd.PERIOD).count(), denominator=1, per=100)
# Two people of 35-44, of whom one is seen; four of 45-54, of whom three are; one whose age is not known.
BIRTHS = ["1984-01-01"] * 2 + ["1974-01-01"] * 4 + [""]
LOG = build(
    raw_rows("patients", {"patient_id": list("abcdefg"), "birth_date": BIRTHS, "sex": ["male"] * 5 + ["female"] * 2}),
    raw_rows("events", {"patient_id": list("acde"), "date": ["2024-02-01"] * 4, "kind": ["follow_up"] * 4}),
)
BANDS = ("35-44", "45-54")


@pytest.fixture(name="score")
def _score():
    return sd.evaluate([SEEN, VISITS], LOG, period="2024", by="age_band")


def test_rates_are_weighed_by_the_standard(score):
    """A quarter of 1/2 and three quarters of 3/4 are 0.6875; as it is the rate is 4 of 6."""
    (row,) = sd.standardized(score, "seen", {"35-44": 1, "45-54": 3}, bands=BANDS)
    assert (row["standard"], row["standardized"], row["rate"]) == ("given", 0.6875, 4 / 6)
    assert (row["denominator"], row["without_rate"], row["age_unknown"]) == (6, "", 1)
    wide = 1.959963984540054 * math.sqrt(0.25**2 * 0.25 / 2 + 0.75**2 * 0.1875 / 4)
    assert row["ci_low"] == pytest.approx(0.6875 - wide)
    assert row["ci_high"] == 1


@pytest.mark.parametrize(
    ("standard", "first", "second"),
    [("who", 7.15 + 6.59, 6.04 + 5.37), ("china2020", 99_012_932 + 92_955_330, 114_224_887 + 121_164_296)],
)
def test_the_standards_that_come_with_it(score, standard, first, second):
    """Groups of five years are added up to the bands of strata."""
    (row,) = sd.standardized(score, "seen", standard, bands=BANDS)
    assert row["standardized"] == pytest.approx((0.5 * first + 0.75 * second) / (first + second))
    assert row["standard"] == standard


def test_a_band_without_a_rate_leaves_no_figure(score):
    """Nobody is 65 or older: that is said, and nothing is made up; without weight it does not matter."""
    (row,) = sd.standardized(score, "seen")
    assert (row["standardized"], row["ci_low"]) == (None, None)
    assert row["without_rate"] == "<35, 55-64, 65-74, 75+"
    (row,) = sd.standardized(score, "seen", {"35-44": 1, "45-54": 1, "75+": 0}, bands=(*BANDS, "75+"))
    assert row["standardized"] == 0.625


def test_a_ratio_keeps_its_factor_and_has_no_interval(score):
    """Visits per 100 people: half of 50 and half of 75."""
    (row,) = sd.standardized(score, "visits", {"35-44": 1, "45-54": 1}, bands=BANDS)
    assert (row["standardized"], row["rate"]) == (62.5, pytest.approx(400 / 6))
    assert (row["ci_low"], row["ci_high"]) == (None, None)


def test_other_strata_and_periods_stay():
    """By sex as well, each sex has its own figure in each period; a woman of 45-54 alone has none for 35-44."""
    score = sd.evaluate(SEEN, LOG, periods="2024/quarter", by=["sex", "age_band"])
    table = sd.standardized(score, "seen", {"35-44": 1, "45-54": 1}, bands=BANDS)
    assert [row["by"] for row in table][:2] == [{"sex": "female"}, {"sex": "male"}]
    assert len(table) == 8
    assert [row["standardized"] for row in table][:2] == [None, (0.5 + 1) / 2]
    assert table["rate"][3] == 0


def test_what_cannot_be_standardized_is_refused(score):
    """Counts without ages, an unknown measure or standard, a distribution, no age band, no weights."""
    ages = sd.Distribution(id="ages", value=sd.age(on=sd.PERIOD.end))
    wrong = [
        (sd.evaluate(SEEN, LOG, period="2024"), ("seen",), "age_band"),
        (score, ("sen",), "seen"),
        (score, ("seen", "chima2020"), "china2020"),
        (sd.evaluate(ages, LOG, period="2024", by="age_band"), ("ages",), "distribution"),
        (score, ("seen", {"35-44": 1}), "age band"),
        (score, ("seen", {"35-44": -1, "45-54": 2}), "weights"),
        (score, ("seen", {"35-44": 0, "45-54": 0}), "weights"),
    ]
    for made, asked, told in wrong:
        bands = {} if told == "age band" else {"bands": BANDS}
        with pytest.raises(sd.UsageError, match=told):
            sd.standardized(made, *asked, **bands)


def test_standard_populations_are_whole():
    """The census has 1,409,778,724 people, 190,635,280 of them 65 and older; the WHO's shares are those of 100.03."""
    china, who = STANDARDS["china2020"], STANDARDS["who"]
    assert sum(china.fives) == sum(china.in_bands().values()) == 1_409_778_724
    assert sum(china.fives[13:]) == 190_635_280
    assert sum(china.fives[:3]) == 253_383_938
    assert sum(who.fives) == pytest.approx(100.03)
    assert len(who.fives) == 18
