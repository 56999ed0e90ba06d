"""Measures that are no counts of a group: ratios of sums, distributions, and figures derived from others."""

import pytest
from tables import log_of

import singledisease as sd
from singledisease.eventlog.build import build
from singledisease.eventlog.raw import raw_rows
from singledisease.scorecard.evaluate import evaluate

PATIENTS = """
    who  institution
    ann  North
    bob  North
    cy   South
    di   South
"""
EVENTS = """
    who  date        kind       level
    ann  2024-01-10  encounter  village
    ann  2024-02-10  encounter  county
    ann  2024-03-10  encounter  village
    bob  2024-01-10  encounter  county
    bob  2024-02-01  follow_up  .
    cy   2024-05-01  follow_up  .
    cy   2023-05-01  encounter  village
"""
VISITS = sd.events("encounter").within(sd.PERIOD)
PRIMARY = VISITS.where(sd.column("level").is_in("village", "township", "community"))
SHARE = sd.Ratio(id="share", numerator=PRIMARY.count(), denominator=VISITS.count(), per=100)


@pytest.fixture
def score(engine):
    """Evaluate measures by one engine."""
    log = log_of(EVENTS, PATIENTS)

    def evaluated(*measures, by=(), log=log):
        return evaluate(measures, log, sd.periods("2024"), diseases={}, by=by, engine=engine.name)

    return evaluated


def rows(score, *columns):
    """Give some columns of the scorecard's table."""
    return list(zip(*(score.table()[name] for name in columns), strict=True))


def test_a_ratio_is_one_of_sums_not_a_mean_of_ratios(score):
    """2 of 4 visits were at primary level: 50 per 100, though the mean over people is 33."""
    made = score(SHARE)
    assert rows(made, "numerator", "denominator", "rate", "per", "people") == [(2, 4, 50.0, 100, 4)]


def test_sums_of_strata_add_up_and_nothing_divided_by_nothing_is_null(score):
    """South had no visit in the period: its ratio is null, and the whole is that of the sums."""
    made = score(SHARE, by=("institution",))
    assert rows(made, "by", "numerator", "denominator", "rate") == [
        ({"institution": "North"}, 2, 4, 50.0),
        ({"institution": "South"}, 0, 0, None),
    ]


def test_a_population_leaves_people_out(score):
    """Whoever is outside adds to no sum, and is counted as outside."""
    made = score(sd.Ratio(id="r", population=VISITS.exists(), numerator=PRIMARY.count(), denominator=1))
    assert rows(made, "groups", "numerator", "denominator") == [({"outside": 2, "unknown": 0, "counted": 2}, 2, 2)]


def test_who_has_no_number_is_unknown_and_in_neither_sum(score):
    """The day of the last follow-up is missing for two people."""
    last = sd.events("follow_up").within(sd.PERIOD).last().date
    made = score(sd.Ratio(id="r", numerator=sd.days_between(sd.PERIOD.start, last), denominator=1))
    assert rows(made, "unknown", "numerator", "denominator", "people") == [(2, 31 + 121, 2, 2)]


def test_a_distribution_is_summarised_after_merging(score):
    """Visits per person are 3, 1, 0, 0: mean 1, median a half, quartiles between the nearest values in proportion."""
    made = score(sd.Distribution(id="visits", value=VISITS.count(), unit="visits"))
    names = ("count", "mean", "median", "q25", "q75", "minimum", "maximum", "unit")
    assert rows(made, *names) == [(4, 1.0, 0.5, 0.0, 1.5, 0.0, 3.0, "visits")]


def test_of_nobody_a_distribution_has_no_mean(score):
    """Where nobody has a value only the count is a number."""
    nobody = sd.Distribution(id="d", population=sd.events("exit").exists(), value=VISITS.count())
    assert rows(score(nobody), "count", "mean", "median", "maximum") == [(0, None, None, None)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('rate("share") / 2', 25.0),
        ('100 * min(1, rate("share") / 40)', 100.0),
        ('max(numerator("share"), denominator("share"), -1)', 4.0),
        ('people("share") - mean("visits")', 3.0),
        ('rate("share") / (numerator("share") - 2)', None),
        ('rate("share") + mean("nobody")', None),
    ],
)
def test_derived_figures_are_made_of_merged_ones(score, value, expected):
    """A figure made of others is worked out after merging, and missing where a part of it is."""
    visits = sd.Distribution(id="visits", value=VISITS.count())
    nobody = sd.Distribution(id="nobody", population=sd.events("exit").exists(), value=VISITS.count())
    made = score(SHARE, visits, nobody, sd.Derived(id="derived", value=value))
    assert rows(made, "measure", "value")[-1] == ("derived", expected)


def test_a_column_of_institutions_belongs_to_the_stratum(score):
    """By institution a target is that of the institution; without strata, or where it is blank, the figure is null."""
    institutions = raw_rows("institutions", {"institution": ["North", "South"], "target": ["25", ""]})
    people = {"patient_id": ["a", "b"], "birth_date": ["", ""], "institution": ["North", "South"]}
    visits = {"patient_id": ["a", "b"], "date": ["2024-03-01"] * 2, "kind": ["encounter"] * 2, "level": ["village"] * 2}
    log = build(raw_rows("patients", people), raw_rows("events", visits), institutions)
    reached = sd.Derived(id="reached", value='rate("share") / institution("target")')
    assert rows(score(SHARE, reached, by=("institution",), log=log), "by", "value")[2:] == [
        ({"institution": "North"}, 4.0),
        ({"institution": "South"}, None),
    ]
    assert rows(score(SHARE, reached, log=log), "value")[-1] == (None,)


def test_a_derived_figure_needs_what_it_is_made_of(score):
    """Measures that are not counted in the same call, and columns that institutions do not have, are named."""
    with pytest.raises(sd.UsageError) as refused:
        score(SHARE, sd.Derived(id="d", value='rate("shore") / institution("beds")'))
    assert [fault.check for fault in refused.value.faults] == ["unknown_measure", "unknown_column"]


def test_counts_with_sums_and_values_become_a_table_and_come_back(score):
    """What was added up goes to a table and comes back the same, and merges as it would have."""
    counts = score(SHARE, sd.Distribution(id="visits", value=VISITS.count()), by=("institution",)).counts
    back = type(counts).from_table(counts.to_table())
    assert back == counts
    assert (back + counts).amounts == (counts + counts).amounts
