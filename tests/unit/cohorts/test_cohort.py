"""A cohort of a registry: who was where, who came and went, and the tables that say so."""

from __future__ import annotations

import numpy as np
import pytest
from cohort_world import log, quarter

import singledisease as sd
from singledisease.cohorts.building.build import cohort, cut
from singledisease.cohorts.steps.steps import CohortSteps
from singledisease.dates import day_of
from singledisease.errors import SingleDiseaseError
from singledisease.multistate.matrices.transition_counts import TransitionCounts
from singledisease.multistate.occupation.cumulative_incidence import until_first


def rows(table, *names):
    """Give some columns of a table as tuples."""
    return list(zip(*(table[name] for name in names), strict=True))


def test_counts_of_a_month():
    """January: one stays and is assessed, one stays, one enters; who left last year is not there."""
    found = rows(quarter().counts, "period_start", "from", "to", "people", "of")
    assert [row[1:] for row in found if str(row[0]) == "2024-01-01"] == [
        ("enrolled", "enrolled", 1, 2),
        ("enrolled", "satisfactory", 1, 2),
        ("entered", "enrolled", 1, None),
    ]


def test_who_passes_through_a_month_has_died():
    """Somebody who enters and dies within a step is in no stock, and yet among those who entered and died."""
    found = quarter()
    assert found.people("entered", "died", 1) == ["p4"]
    np.testing.assert_array_equal(found.transitions.counts[1].sum(), 4)


def test_people_of_a_stratum():
    """People behind a cell can be asked for by stratum."""
    found = quarter(by=["sex", "institution"])
    assert found.people("enrolled", "left", 1) == ["p2"]
    assert found.people("enrolled", "left", 1, sex="male", institution="A") == ["p2"]
    assert found.people("enrolled", "left", 1, sex="female") == []
    with pytest.raises(sd.UsageError, match="not cut by 'age'"):
        found.people("enrolled", "left", 1, age="1")


def test_strata_stand_in_a_column():
    """With strata every row says whose it is, as an object."""
    found = quarter(by="sex")
    assert {row["by"]["sex"] for row in found.counts} == {"female", "male"}
    assert {row["by"]["sex"] for row in found.flows} == {"female", "male"}
    assert {row["by"]["sex"] for row in found.matrix()} == {"female", "male"}
    assert {row["by"]["sex"] for row in found.person_time()} == {"female", "male"}
    assert {row["by"]["sex"] for row in found.incidence()} == {"female", "male"}
    assert len(found.occupancy()) == 2 * 4


def test_ages_stand_in_their_order():
    """Age bands are sorted by age, not by text."""
    bands = [row["by"]["age_band"] for row in quarter(by="age_band").person_time()]
    assert bands == sorted(bands, key=["35-44", "45-54", "55-64", "65-74", "75+"].index)


def test_flows_of_february():
    """Opening, entered, moved, left, died and closing of each state."""
    found = [row for row in quarter().flows if str(row["period_start"]) == "2024-02-01"]
    names = ("state", "opening", "entered", "moved_in", "moved_out", "left", "died", "closing")
    assert [tuple(row[name] for name in names) for row in found] == [
        ("enrolled", 2, 0, 0, 0, 1, 0, 1),
        ("satisfactory", 1, 0, 0, 1, 0, 0, 0),
        ("unsatisfactory", 0, 0, 1, 0, 0, 0, 1),
    ]


def test_person_time_of_the_quarter():
    """Person-years run from the end of the day before to the day a state is left."""
    years = dict(rows(quarter().person_time(), "state", "person_years"))
    days = {"p1": 10, "p2": 36, "p3": 42, "p4": 17}
    assert years["enrolled"] == pytest.approx(sum(days.values()) / 365.25)


def test_incidence_has_an_exact_interval():
    """One event in so many person-years: the limits are those of a Poisson count."""
    (row,) = [row for row in quarter().incidence() if (row["from"], row["to"]) == ("enrolled", "left")]
    years = 105 / 365.25
    assert (row["events"], row["rate"]) == (1, pytest.approx(100 / years))
    assert row["ci_low"] == pytest.approx(100 * 0.0253178 / years, rel=1e-5)
    assert row["ci_high"] == pytest.approx(100 * 5.5716434 / years, rel=1e-5)


def test_incidence_of_one_transition():
    """Named from both ends, a transition that nobody made has a rate of 0 and an upper limit."""
    found = quarter()
    assert set(found.incidence("enrolled")["from"]) == {"enrolled"}
    assert set(found.incidence(target="died")["to"]) == {"died"}
    (row,) = found.incidence("satisfactory", "died")
    assert (row["events"], row["rate"], row["ci_low"]) == (0, 0.0, 0.0)
    assert row["ci_high"] == pytest.approx(100 * 3.6888795 / row["person_years"], rel=1e-5)
    with pytest.raises(sd.UsageError, match="did you mean enrolled"):
        found.incidence("enroled")
    with pytest.raises(TypeError):
        found.incidence("enrolled", "left", 0.9)


def test_sequences_name_the_ends():
    """Ways end in leaving and dying, the commonest first; who left before is not among them."""
    found = quarter().sequences()
    assert dict(zip(found.ways, found.counts.tolist(), strict=True)) == {
        ("enrolled", "satisfactory", "unsatisfactory"): 1,
        ("enrolled", "left"): 1,
        ("enrolled", "unsatisfactory"): 1,
        ("enrolled", "died"): 1,
    }
    assert found.people("enrolled", "died") == ["p4"]
    assert found.table()["share"] == (0.25,) * 4
    with pytest.raises(sd.UsageError, match="nobody went lost → died"):
        found.people("lost", "died")


def test_depth_of_sequences():
    """Only the first states can be asked for."""
    assert quarter().sequences(depth=1).ways == (("enrolled",),)


def test_states_may_be_grouped():
    """A mapping gives several states of the pathway one name; the rest is out of the cohort."""
    groups = {"assessed": ("satisfactory", "unsatisfactory"), "new": ("enrolled",)}
    found = quarter(states=groups)
    assert found.states == ("assessed", "new")
    assert found.transitions.total.tolist() == [[2, 0, 0, 0], [2, 2, 1, 0], [0, 1, 0, 1]]


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (["enroled"], "did you mean enrolled"),
        ({"a": ["lost"], "b": ["lost"]}, "is in the cohort twice"),
        ([], "at least one state"),
    ],
)
def test_wrong_states_are_refused(states, said):
    """States that do not exist, or stand twice, are refused by name."""
    with pytest.raises(sd.UsageError, match=said):
        quarter(states=states)


def test_as_of_ends_the_cohort():
    """What is asked after the day of as_of is not known: the last step ends there."""
    found = quarter(as_of="2024-02-15")
    assert [str(period) for period in found.periods] == ["2024-01-01..2024-01-31", "2024-02-01..2024-02-15"]
    with pytest.raises(sd.UsageError, match="nothing is known of a cohort from 2024-01-01 on as of 2023-12-31"):
        quarter(as_of="2023-12-31")


@pytest.mark.parametrize(("every", "steps"), [("month", 3), ("quarter", 1), ("year", 1), ("whole", 1), (30, 4)])
def test_lengths_of_steps(every, steps):
    """Steps are calendar months, quarters, years, the whole, or so many days; all count the same people."""
    found = quarter(every=every)
    assert len(found.periods) == steps
    assert found.steps.stocks[-1].tolist() == quarter().steps.stocks[-1].tolist()


@pytest.mark.parametrize(
    ("start", "end", "every", "said"),
    [
        (9, 0, "month", "before it starts"),
        (0, 9, "week", "expected a number of days"),
        (0, 9, 0, "expected a number of days"),
    ],
)
def test_wrong_steps_are_refused(start, end, every, said):
    """Days the wrong way round and unknown steps are refused."""
    with pytest.raises(sd.UsageError, match=said):
        cut(start, end, every)


def test_periods_must_adjoin():
    """Periods with a hole, none at all, or beyond the courses are refused."""
    courses, ids = quarter().courses, quarter().ids
    one, other = sd.period("2024-01"), sd.period("2024-03")
    with pytest.raises(sd.UsageError, match="adjoin"):
        cohort(courses, ids, [one, other])
    with pytest.raises(sd.UsageError, match="adjoin"):
        cohort(courses, ids, [])
    assert cohort(courses, ids, [one]).people("entered", "enrolled") == ["p3"]
    with pytest.raises(sd.UsageError, match="courses end on 2024-03-31"):
        cohort(courses, ids, [sd.period("2024-04")])


def test_both_engines_give_one_cohort():
    """The cohort does not depend on the engine."""
    one, other = quarter(), quarter(engine="reference")
    np.testing.assert_array_equal(one.transitions.counts, other.transitions.counts)


def test_histories_start_with_the_cohort():
    """Stays are in days since the day before the first; who enters later is late, who died is there to the end."""
    stays = quarter().histories()
    assert stays.states[-2:] == ("left", "died")
    assert stays.people == 4
    first = day_of("2023-12-31")
    late = float(day_of("2024-01-20") - first)
    assert late in stays.start.tolist()


def test_occupation_notes():
    """Few people at risk and late entry are said below the table."""
    fit = quarter().aalen_johansen()
    assert "at some event only 1 was at risk" in str(fit)
    assert fit.needs_markov
    assert fit.initial[0] == 1
    one_step = quarter(every="whole").aalen_johansen()
    assert one_step.doubts == ()


def test_time_in_states_of_a_cohort():
    """The expected days in all states sum to the days of the cohort."""
    assert quarter().time_in_state().mean.sum() == pytest.approx(91)
    assert quarter().time_in_state(31).mean.sum() == pytest.approx(31)


def test_incidence_of_a_first_entry():
    """The cumulative incidence of leaving is that of those who were there."""
    found = quarter().cumulative_incidence("left")
    assert found.probability[-1, found.states.index("left")] > 0


def test_sojourns_began_before():
    """A stay that began before the cohort is at risk from its length on the first day on."""
    found = quarter().sojourns("enrolled")
    entry = dict(zip((quarter().ids[i] for i in found.person), found.entry.tolist(), strict=True))
    assert entry == {"p1": 213.0, "p2": 213.0, "p3": 0.0, "p4": 0.0}
    assert found.event.tolist() == [True, True, True, True]


def test_assumptions_are_tested():
    """Order, steps and strata are each tested where there is more than one."""
    assert [check.assumption.split(" (")[0] for check in quarter(by="sex").assumptions()] == [
        "the next state depends on the present one alone",
        "two steps are one step taken twice",
        "the matrix is the same in all steps",
        "the matrix is the same whatever the sex",
    ]
    assert list(quarter(every="whole").assumptions()) == []


def test_a_cohort_prints_its_counts():
    """Text and HTML are those of the counts, below who and when."""
    cohort = quarter()
    title, _, counts = str(cohort).partition("\n")
    assert counts == str(cohort.counts)
    assert title.startswith("高血压 / Hypertension: ")
    assert repr(cohort) == str(cohort)
    assert cohort._repr_html_() == f"<p>{title}</p>{cohort.counts._repr_html_()}"


def test_unknown_cells_are_refused():
    """A cell, row or step that does not exist is refused with those that do."""
    with pytest.raises(sd.UsageError, match="no cell from 'died'"):
        quarter().people("died", "left")
    with pytest.raises(sd.UsageError, match="there is no step 3"):
        quarter().people("enrolled", "left", 3)
    assert quarter().people("enrolled", "left", -2) == ["p2"]


def test_people_of_a_step_named_by_its_days():
    """A step can be named as its row names it; one that is none of them is refused with those that are."""
    assert quarter().people("enrolled", "left", "2024-02") == ["p2"]
    with pytest.raises(sd.UsageError, match=r"no step '2024Q1'; there are 2024-01, 2024-02, 2024-03$"):
        quarter().people("enrolled", "left", "2024Q1")


def test_a_state_alone_stands_without_a_list():
    """Under a new name one state may stand as it is; it is no list of letters."""
    assert quarter(states={"new": "enrolled", "seen": ["satisfactory"]}).states == ("new", "seen")


def test_unreconciled_steps_are_refused():
    """Steps whose flows do not sum to their stocks make no counts."""
    steps = CohortSteps(days=np.array([0, 1]), states=("a",), codes=np.array([[0], [0]], np.uint8))
    assert steps.counts().total.tolist() == [[1, 0, 0], [0, 0, 0]]
    wrong = TransitionCounts(sources=("a", "entered"), targets=("a", "left", "died"), counts=np.zeros((1, 2, 3), int))
    with pytest.raises(SingleDiseaseError, match="do not add up") as refused:
        steps._reconcile(wrong)
    assert len(refused.value.faults) == 2


def test_nothing_left_after_first_entries():
    """If everybody began in the state there is no first entry to estimate."""
    with pytest.raises(sd.DataError, match="everybody was already"):
        until_first(quarter().histories(), ["enrolled", "unsatisfactory", "satisfactory", "left"])
    with pytest.raises(sd.UsageError, match="name the states"):
        until_first(quarter().histories(), [])
    with pytest.raises(sd.UsageError, match="no state 'ill'"):
        until_first(quarter().histories(), ["ill"])


def test_nobody_at_all():
    """A registry nobody of which is enrolled makes an empty cohort, with tables that have no row."""
    found = sd.cohort("type2-diabetes", log(), "2024-01-01", "2024-03-31")
    assert len(found.counts) == len(found.flows) == len(found.matrix()) == 0
    with pytest.raises(sd.DataError, match="no stay"):
        found.aalen_johansen()
