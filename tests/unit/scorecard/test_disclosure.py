"""What may be published of a scorecard: small counts withheld with what gives them away, and counts rounded."""

import json
import pickle

import numpy as np
import pytest
from cli_world import registry, run

import singledisease as sd
from singledisease.definitions.derived import Derived
from singledisease.eventlog.log import InstitutionColumns
from singledisease.report.published import published_page
from singledisease.scorecard.counts import Block, Counts
from singledisease.scorecard.suppression import SuppressionRows, Withheld, withheld

HYPERTENSION = sd.measures("cn-bphs-2017", diseases="hypertension")
MANAGED, STANDARD, CONTROL = HYPERTENSION
FLAT = SuppressionRows(3, ((0,), (1,), (2,)))
TREE = SuppressionRows(5, ((0, 3), (1, 3), (2, 4), (4,)))
"""Two leaves below node 3; below node 4 a leaf, and people of its own."""


@pytest.fixture(name="log", scope="module")
def _log():
    return sd.simulate(patients=400, seed=2).log()


def scorecard(groups, measure=CONTROL, by="institution"):
    """Give a scorecard with the groups of one measure by stratum, those not named with nobody."""
    empty = sd.simulate(patients=1, seed=1).log()
    (key,) = sd.evaluate(measure, empty, period="2024", by=[by]).counts.blocks
    array = np.array([[[people.get(group, 0) for group in key.groups] for people in groups.values()]])
    block = Block([sd.period("2024")], [(name,) for name in groups], array)
    return sd.scorecard_of(Counts({key: block}), measure)


def by_name(found, name="institution"):
    """Give the rows of a table by stratum."""
    return {row["by"][name]: row for row in found.table()}


# WHICH ROWS


def test_nothing_small_nothing_withheld():
    """A table without small counts is shown whole; 0 is none."""
    assert withheld(FLAT, np.array([[5], [0], [9]]), 5) == Withheld()


def test_a_second_row_goes_with_a_small_one():
    """With 3 the smallest row goes that makes their sum not small: 3 + 7; from the total nobody gets further."""
    assert withheld(FLAT, np.array([[3], [7], [40]]), 5).nodes == {0, 1}
    assert withheld(FLAT, np.array([[3], [3], [40]]), 5).nodes == {0, 1}


def test_a_small_total_needs_no_further_row():
    """Where the total is small too it is withheld itself, and nothing has to go with the row."""
    assert withheld(FLAT, np.array([[3], [0], [0]]), 5).nodes == {0}


def test_the_row_withheld_too_has_the_same_parent_if_it_can():
    """A village is hidden by the other village of its township, so that the township is still shown."""
    assert withheld(TREE, np.array([[2], [20], [30], [0]]), 5) == Withheld(frozenset({0, 1}), frozenset({0, 1}))


def test_a_township_with_one_village_is_withheld_with_it():
    """Where a small village is alone its township is withheld too, and something of another township with them."""
    found = withheld(TREE, np.array([[20], [30], [2], [0]]), 5)
    assert found.nodes == {2, 4, 0, 3}


def test_people_of_the_township_itself_hide_a_village():
    """People who belong to the township itself are no row, and hide a village as well as another village does."""
    assert withheld(TREE, np.array([[20], [30], [2], [9]]), 5) == Withheld(frozenset({2, 3}), frozenset({2}))


def test_what_is_withheld_of_a_sum_is_withheld_of_its_parts():
    """Parts of a sum that nobody may know are not shown, small or not."""
    upper = Withheld(frozenset({0, 1}), frozenset({0, 1}))
    assert withheld(FLAT, np.array([[50, 50], [60, 60], [70, 70]]), 5, upper).nodes == {0, 1}


# WHICH FIGURES


def test_a_rate_is_shown_where_only_the_unknown_are_few():
    """Two people unknown are hidden among those not at goal: the rate and its denominator are shown, 0 is 0."""
    groups = {
        "A": {"numerator": 50, "not_numerator": 20, "unknown": 2, "outside": 30},
        "B": {"numerator": 40, "not_numerator": 30, "unknown": 6, "outside": 30},
        "C": {"numerator": 60, "not_numerator": 30, "unknown": 0, "outside": 30},
    }
    rows = by_name(sd.disclose(scorecard(groups), suppress_below=5))
    for name in "AB":
        assert (rows[name]["unknown"], rows[name]["bound_high"]) == (None, None)
        assert rows[name]["groups"]["not_numerator"] is None
        assert rows[name]["withheld"] == {
            "unknown": "small_count",
            "bound_high": "made_of_withheld",
            "groups.not_numerator": "small_count",
            "groups.unknown": "small_count",
        }
    assert rows["A"]["rate"] == 50 / 72
    assert (rows["C"]["unknown"], rows["C"]["withheld"]) == (0, {})


def test_a_small_denominator_takes_everything_with_it():
    """Three managed people are not shown, nor outside, from which they would follow; a second stratum goes too."""
    groups = {
        "A": {"numerator": 2, "not_numerator": 1, "outside": 97},
        "B": {"numerator": 20, "not_numerator": 10, "outside": 70},
        "C": {"numerator": 40, "not_numerator": 40, "outside": 70},
    }
    rows = by_name(sd.disclose(scorecard(groups), suppress_below=5))
    for name in "AB":
        figures = ("initial_population", "excluded", "denominator", "numerator", "unknown", "rate", "ci_low")
        assert {rows[name][figure] for figure in figures} == {None}
        assert set(rows[name]["groups"].values()) == {None}
    assert rows["C"]["rate"] == 0.5


def test_few_excluded_leave_the_rate():
    """Who is excluded is hidden among those outside, and the denominator is shown."""
    groups = {
        "A": {"numerator": 20, "not_numerator": 10, "outside": 60, "excluded:misdiagnosed": 2},
        "B": {"numerator": 20, "not_numerator": 10, "outside": 70, "excluded:misdiagnosed": 4},
    }
    rows = by_name(sd.disclose(scorecard(groups), suppress_below=5))
    assert {rows[name]["initial_population"] for name in "AB"} == {None}
    assert {rows[name]["excluded"] for name in "AB"} == {None}
    assert {rows[name]["rate"] for name in "AB"} == {20 / 30}


def test_measures_of_one_disease_are_withheld_together(log):
    """Where the denominator of one measure is withheld, so it is in the others, which have the same."""
    score = sd.evaluate(HYPERTENSION, log, period="2024", by=["institution", "age_band"])
    hidden = {}
    for row in sd.disclose(score, suppress_below=8).table():
        hidden.setdefault(row["measure"], set())
        if row["denominator"] is None:
            hidden[row["measure"]].add(tuple(row["by"].values()))
    assert len(hidden) == 3
    assert len({frozenset(strata) for strata in hidden.values()}) == 1
    assert hidden[CONTROL.id]


def test_institutions_are_no_people(log):
    """Counts of institutions are shown however few they are."""
    of_places = sd.Measure(id="places", of=sd.institutions(), numerator=sd.institution("level").is_in("village"))
    score = sd.evaluate([of_places, CONTROL], log, period="2024")
    row = sd.disclose(score, suppress_below=1000).table().rows()[0]
    assert (row["denominator"] or 0) == len(log.institutions.ids)
    assert row["withheld"] == {}


def test_rolled_up_counts_alone_need_their_institutions():
    """Of which institutions a row is the sum has to be known, or nothing is disclosed."""
    places = InstitutionColumns(ids=("A", "B", "T"), columns={"parent": ("T", "T", "")})
    groups = {"A": {"numerator": 3, "outside": 50}, "B": {"numerator": 30, "outside": 50}}
    rolled = sd.roll_up(scorecard(groups, MANAGED), places)
    with pytest.raises(sd.UsageError, match="institutions=…"):
        sd.disclose(rolled, suppress_below=5)
    rows = by_name(sd.disclose(rolled, suppress_below=5, institutions=places))
    assert [rows[name]["numerator"] for name in "ABT"] == [None, None, 33]


# RATIOS, DISTRIBUTIONS, DERIVED FIGURES


def test_sums_and_extremes(log):
    """Sums and quartiles of few people are withheld, and an extreme always is: it is the value of one person."""
    visits = sd.events("follow_up").within(sd.PERIOD).count()
    ratio = sd.Ratio(id="ratio", numerator=visits, denominator=visits * 2, population=sd.attribute("sex").known())
    spread = sd.Distribution(id="spread", value=visits)
    score = sd.evaluate([ratio, spread], log, period="2024", by=["age_band"])
    least = min(row["people"] for row in score.table() if row["measure"] == "ratio") + 1
    rows = sd.disclose(score, suppress_below=least).table().rows()
    few = [row for row in rows if row["measure"] == "ratio" and row["people"] is None]
    assert len(few) >= 2
    for row in few:
        assert (row["numerator"], row["denominator"], row["rate"]) == (None, None, None)
        assert row["withheld"]["rate"] == "made_of_withheld"
    for row in rows:
        if row["measure"] == "spread":
            assert (row["minimum"], row["maximum"]) == (None, None)
            assert row["withheld"]["maximum"] == "one_person"
            assert (row["median"] is None) == (row["count"] is None)


def test_a_small_sum_of_many_people_is_withheld(log):
    """A sum of 1 to N - 1 over many people is a small count of what is summed."""
    rare = sd.case((sd.attribute("birth_date", "date") < sd.day("1940-01-01"), 1), 0)
    ratio = sd.Ratio(id="ratio", numerator=rare, denominator=sd.case((sd.age(on=sd.PERIOD.end) >= 0, 1), 1))
    score = sd.evaluate(ratio, log, period="2024")
    (exact,) = score.table()
    (row,) = sd.disclose(score, suppress_below=int(exact["numerator"]) + 1).table()
    assert exact["numerator"] > 0
    assert row["people"] == exact["people"]
    assert (row["numerator"], row["rate"], row["withheld"]["numerator"]) == (None, None, "small_count")
    (rounded,) = sd.disclose(score, round_to=7).table()
    assert (rounded["denominator"] % 7, rounded["people"] % 7) == (0, 0)


def test_derived_figures_are_made_of_what_is_shown(log):
    """A figure of a rate that is withheld is withheld too; otherwise it is made of the rate that is shown."""
    score_of = Derived(id="score", value=f'100 * rate("{CONTROL.id}")')
    score = sd.evaluate([CONTROL, score_of], log, period="2024", by=["age_band"])
    rows = sd.disclose(score, suppress_below=30).table().rows()
    rates = {row["by"]["age_band"]: row["rate"] for row in rows if row["measure"] == CONTROL.id}
    for row in rows:
        if row["measure"] == "score":
            rate = rates[row["by"]["age_band"]]
            assert row["value"] == (None if rate is None else 100 * rate)
            assert row["withheld"] == ({"value": "made_of_withheld"} if rate is None else {})
    assert None in rates.values()
    assert "[c]" in sd.disclose(score, suppress_below=30).to_text("zh")


# ROUNDING


def test_rates_are_made_of_rounded_counts():
    """13 of 27 rounded to 5 is 15 of 25, and 2, which would become 0, is withheld with those beside it."""
    groups = {"A": {"numerator": 13, "not_numerator": 14, "outside": 73}}
    (row,) = sd.disclose(scorecard(groups), round_to=5).table()
    assert (row["numerator"], row["denominator"], row["rate"]) == (15, 25, 0.6)
    assert (row["initial_population"], row["groups"]["outside"], row["bound_high"]) == (25, 75, 0.6)
    few = sd.disclose(scorecard({"A": {"numerator": 13, "not_numerator": 14, "unknown": 2, "outside": 71}}), round_to=5)
    (row,) = few.table()
    assert (row["unknown"], row["groups"]["not_numerator"], row["rate"]) == (None, None, 0.5)
    assert few.least == 3


def test_both_together_take_the_greater_threshold():
    """What is withheld is decided by exact counts, before they are rounded."""
    groups = {"A": {"numerator": 9, "not_numerator": 14, "outside": 73}}
    (row,) = sd.disclose(scorecard(groups), suppress_below=10, round_to=5).table()
    assert (row["numerator"], row["denominator"]) == (None, 25)


def test_distributions_are_counted_in_multiples(log):
    """The number of values is rounded, their quartiles are not; where nothing is withheld but the extremes."""
    spread = sd.Distribution(id="spread", value=sd.events("follow_up").within(sd.PERIOD).count())
    score = sd.evaluate(spread, log, period="2024")
    (exact,), (row,) = score.table(), sd.disclose(score, round_to=7).table()
    assert (row["count"] % 7, row["median"], set(row["withheld"])) == (0, exact["median"], {"minimum", "maximum"})
    assert sd.disclose(score, round_to=7).institutions.ids == ()


# WHAT IS REFUSED


@pytest.mark.parametrize("how", [{}, {"suppress_below": 1}, {"round_to": 2.5}, {"suppress_below": True}])
def test_numbers_have_to_be_said(log, how):
    """There is no number that is taken if none is said, and none below 2."""
    with pytest.raises(sd.UsageError, match=r"suppress_below|round_to"):
        sd.disclose(sd.evaluate(CONTROL, log, period="2024"), **how)


def test_what_was_disclosed_is_last(log):
    """Nothing is added to it, taken from it, rolled up, listed, frozen or disclosed again."""
    score = sd.evaluate(CONTROL, log, period="2024", by=["institution"])
    shown = sd.disclose(score, suppress_below=5)
    attempts = (
        lambda: shown + shown,
        lambda: shown + score,
        lambda: score + shown,
        lambda: score - shown,
        lambda: shown.difference(score),
        lambda: score.difference(shown),
        lambda: sd.score_difference(shown, score),
        lambda: sd.roll_up(shown),
        lambda: sd.disclose(shown, suppress_below=3),
        lambda: sd.people(shown, CONTROL.id, "numerator"),
        lambda: sd.explain(shown, "P1"),
        lambda: sd.attrition(shown),
        lambda: sd.reconcile(shown, []),
        lambda: shown.counts,
    )
    for attempt in attempts:
        with pytest.raises(sd.UsageError, match="disclosed"):
            attempt()


def test_other_things_are_not_added_to_a_scorecard(log):
    """What is no scorecard is refused as Python refuses it."""
    with pytest.raises(TypeError):
        sd.evaluate(CONTROL, log, period="2024") + 3


def test_no_exact_count_travels_with_it(log):
    """It pickles to the same table, and holds no count that it does not show."""
    score = sd.evaluate(CONTROL, log, period="2024", by=["age_band"])
    shown = sd.disclose(score, suppress_below=30)
    again = pickle.loads(pickle.dumps(shown))
    assert again.table() == shown.table()
    assert shown.complete(sd.period("2024"))
    assert json.loads(shown.to_json())[0]["withheld"]
    assert "withheld.numerator" in shown.to_csv().splitlines()[0]
    assert "[c]" in repr(shown)
    assert "[c]" in shown._repr_html_()
    assert "取整" in sd.disclose(score, round_to=5).to_text("zh")


def test_remarks_tell_no_number(log):
    """A remark with a number of people is left out; what the log never holds is still said."""
    often = sd.Measure(
        id="often",
        population=sd.events("moon").within(sd.PERIOD).last().sbp > 3,
        numerator=sd.events("star").within(sd.PERIOD).exists(),
    )
    score = sd.evaluate(often, log, period="2024")
    assert len(score.remarks) == 2
    (remark,) = sd.disclose(score, suppress_below=5).remarks
    assert remark.en == "often: the log holds no event of kind star"


def test_a_workbook_names_what_is_withheld(log, tmp_path):
    """The sheet of figures has a column for it."""
    pytest.importorskip("xlsxwriter")
    shown = sd.disclose(sd.evaluate(CONTROL, log, period="2024", by=["age_band"]), suppress_below=30)
    sd.write_workbook(tmp_path / "book.xlsx", score=shown, language="zh")
    assert "未公布" in _sheet(tmp_path / "book.xlsx")[0]


def _sheet(path):
    import python_calamine

    return python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


# ON THE COMMAND LINE


def test_kpi_withholds_and_says_so(tmp_path):
    """The table marks what is withheld, JSON has it as null with a reason, and the rule is told."""
    data = registry(tmp_path / "data")
    asked = ("kpi", data, "--period", "2024", "--disease", "hypertension", "--by", "institution")
    done = run(*asked, "--suppress-below", "3", "--roll-up")
    assert done.exit_code == 0
    assert "[c]" in done.stdout
    assert "[c]: withheld. From 1 to 2 people" in done.stdout
    done = run(*asked, "--round-to", "10", "--format", "json")
    assert {row["numerator"] for row in json.loads(done.stdout)} == {None}
    assert "multiples of 10" in done.stderr
    assert run(*asked, "--suppress-below", "1").exit_code == 2


def test_the_report_has_only_what_was_disclosed(tmp_path):
    """The page marks what is withheld, and says what it leaves out; exact counts cannot be asked for beside it."""
    data, out = registry(tmp_path / "data"), tmp_path / "out.html"
    asked = ("report", data, "--period", "2024", "--disease", "hypertension", "--out", out)
    assert run(*asked, "--suppress-below", "3").exit_code == 0
    page = out.read_text("utf-8")
    assert page.count("[c]") > 10
    assert "were not disclosed, and are not on this page" in page
    assert "http" not in page
    refused = run(*asked, "--round-to", "5", "--with-rows")
    assert refused.exit_code == 2
    assert "neither withheld nor rounded" in refused.stderr


def test_a_page_of_everybody_has_no_strata(log):
    """Without strata the page has the figures of everybody alone."""
    page = published_page(sd.evaluate(CONTROL, log, period="2024"), round_to=5)
    assert 'id="strata"' not in page
    assert "rounded to multiples of 5" in page


@pytest.mark.parametrize("name", ["counts", "leaves", "parts"])
def test_exact_counts_and_people_are_not_beside_what_was_disclosed(log, name):
    """Whoever asks for them is told that there are none, rather than given what was to be withheld."""
    with pytest.raises(sd.UsageError, match="scorecard"):
        getattr(sd.disclose(sd.evaluate(CONTROL, log, period="2024"), suppress_below=5), name)
