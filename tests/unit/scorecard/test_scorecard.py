"""Scorecards: figures that can be counted by hand, and what they do not depend on."""

import datetime as dt
import json
from itertools import pairwise

import numpy as np
import pytest
from attrs import evolve
from gout_world import CONTROL, DISEASES, EVENTS, GOUT, MANAGED, MEASURES, NO_BREACH, PATIENTS, gout_log
from hypothesis import given, settings
from hypothesis import strategies as st

from singledisease.dates import Period, day_of, period, periods
from singledisease.definitions.citation import Names
from singledisease.definitions.measure import Rule
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar.walking.walk_everyone import walk
from singledisease.errors import DefinitionError, IdentityError, UsageError
from singledisease.language.nodes import Literal
from singledisease.pathway_courses import Courses
from singledisease.person_values import Values
from singledisease.scorecard import evaluate as module
from singledisease.scorecard.assign import assign, groups_of
from singledisease.scorecard.card import Scorecard, roll_up
from singledisease.scorecard.evaluate import evaluate
from singledisease.scorecard.part import Part
from singledisease.scorecard.show import COLUMNS

LOG = gout_log()
YEAR = period("2024")
YEAR_START, YEAR_END = dt.date(2024, 1, 1), dt.date(2024, 12, 31)
Z2 = 1.959963984540054**2
ENGINE = module.engine_named
ENGINES = pytest.mark.parametrize("engine", ["columnar", "reference"])


def scored(measures=MEASURES, span=YEAR, log=LOG, **more):
    """Evaluate measures of gout."""
    return evaluate(measures, log, span, diseases=DISEASES, **more)


def row(score, measure, **by):
    """Give the one row of a measure and stratum."""
    (found,) = [one for one in score.table().rows() if one["measure"] == measure and one["by"] == by]
    return found


# FIGURES


@ENGINES
def test_the_figures_are_those_counted_by_hand(engine):
    """Of ten people one is outside, two closed, one lost, one unread, one ageless, one above, three at goal."""
    assert row(scored(engine=engine), "gout.control") == {
        "measure": "gout.control",
        "version": "3",
        "policy": {"lost": "not_at_goal", "lost_after": "12"},
        "period_start": YEAR_START,
        "period_end": YEAR_END,
        "complete": True,
        "by": {},
        "groups": {
            "outside": 1,
            "excluded:closed": 2,
            "not_numerator": 2,
            "unknown": 1,
            "numerator": 3,
            "undetermined:at goal": 1,
        },
        "initial_population": 9,
        "excluded": 2,
        "denominator": 6,
        "numerator": 3,
        "unknown": 1,
        "rate": 0.5,
        "ci_low": pytest.approx(0.5 - np.sqrt(Z2 / (6 + Z2)) / 2),
        "ci_high": pytest.approx(0.5 + np.sqrt(Z2 / (6 + Z2)) / 2),
        "bound_low": 0.5,
        "bound_high": pytest.approx(4 / 6),
    }


@ENGINES
def test_strata_by_hand(engine):
    """By institution: five, four and nobody are managed in A and B; the person who moved in July counts in B."""
    score = scored(engine=engine, by=["institution"])
    figures = [(one["by"]["institution"], one["numerator"], one["denominator"]) for one in score.table()]
    assert figures == [("A", 5, 5), ("B", 4, 4), ("A", 1, 3), ("B", 2, 3), ("A", 0, 5), ("B", 1, 4)]


@ENGINES
def test_a_policy_moves_people(engine):
    """Excluding the lost takes one person out of the denominator and is printed with the figure."""
    found = row(scored(engine=engine, policy={"lost": "exclude"}), "gout.control")
    assert (found["excluded"], found["denominator"], found["numerator"]) == (3, 5, 3)
    assert found["policy"]["lost"] == "exclude"
    assert found["groups"]["excluded:lost"] == 1
    early = row(scored(engine=engine, policy={"lost_after": "6"}), "gout.control")
    assert early["groups"]["not_numerator"] == 5


@ENGINES
def test_breaches_are_counted_only_where_they_are_asked_for(engine):
    """One of nine missed no visit; courses of measures that ask for no breach are walked without obligations."""
    score = scored(engine=engine)
    assert row(score, "gout.no_breach")["groups"] == {"outside": 1, "numerator": 1, "not_numerator": 8}
    assert score.parts[0].courses["gout"].obligations is not None
    assert scored(CONTROL, engine=engine).parts[0].courses["gout"].obligations is None


@ENGINES
def test_many_periods_are_each_alone(engine):
    """Evaluating the quarters together gives what each gives alone, in order of time and each once."""
    quarters = periods("2024/quarter")
    together = scored(span=[*reversed(quarters), quarters[0]], engine=engine, by=["age_band"]).table().rows()
    alone = [one for quarter in quarters for one in scored(span=quarter, engine=engine, by=["age_band"]).table()]
    assert [one["period_start"] for one in together][:3] == [YEAR_START] * 3
    ids = [measure.id for measure in MEASURES]
    assert together == sorted(alone, key=lambda one: ids.index(one["measure"]))


def test_age_bands_stand_in_order_of_age():
    """The youngest stand first and the unknown last, whatever the texts sort like."""
    log = gout_log([("P1", "2020-01-01"), ("P2", "1984-01-01"), ("P3", None)], [])
    assert [one["by"]["age_band"] for one in scored(MANAGED, log=log, by=["age_band"]).table()] == [
        "<35",
        "35-44",
        "unknown",
    ]


# AS OF


@ENGINES
def test_as_of_closes_the_books(engine):
    """What is known in June leaves the year incomplete and asks in June: what came later is unknown."""
    score = scored(CONTROL, engine=engine, as_of="2024-06-30", span=[YEAR, period("2024Q1")])
    first, year = score.table().rows()
    assert (first["complete"], year["complete"]) == (True, False)
    assert year["groups"]["excluded:closed"] == 1
    assert score.known_until == day_of("2024-06-30")
    assert score.parts[0].courses["gout"].until == day_of("2024-06-30")
    assert "2024 *" in score.to_text("en")
    assert "known only until 2024-06-30" in score.to_text("en")
    assert "数据仅截至 2024-06-30" in score.to_text("zh")


def test_courses_end_with_the_last_period():
    """Without ``as_of`` courses are walked to the end of the last period and no further."""
    assert scored(CONTROL, span=[period("2024Q2"), period("2024-02")]).parts[0].courses["gout"].until == day_of(
        "2024-06-30"
    )


# WHAT IT DOES NOT DEPEND ON


@ENGINES
@pytest.mark.parametrize("chunk", [1, 3, 1000])
def test_chunks_and_threads_do_not_matter(engine, chunk):
    """However many people are valued at once, and on however many threads, every figure and list is the same."""
    whole = scored(by=["institution"], span=periods("2024/quarter"))
    told = []
    other = scored(
        by=["institution"],
        span=periods("2024/quarter"),
        engine=engine,
        chunk=chunk,
        threads=3,
        progress=lambda done, people: told.append((done, people)),
    )
    assert other.counts == whole.counts
    for ours, theirs in zip(other.parts[0].assigned, whole.parts[0].assigned, strict=True):
        assert ours.tolist() == theirs.tolist()
    done = [0, *(people for people, _ in told)]
    assert done[-1] == 10
    assert {of for _, of in told} == {10}
    assert all(0 < then - before <= chunk for before, then in pairwise(done))


@settings(deadline=None)
@given(st.sets(st.sampled_from([patient[0] for patient in PATIENTS])))
def test_parts_can_be_added(some):
    """Splitting the people in two, evaluating each part and adding gives every figure of the whole."""
    parts = [
        gout_log(
            [one for one in PATIENTS if (one[0] in some) == wanted], [e for e in EVENTS if (e[0] in some) == wanted]
        )
        for wanted in (True, False)
    ]
    added = scored(log=parts[0], by=["sex"]) + scored(log=parts[1], by=["sex"])
    whole = scored(by=["sex"])
    assert added.counts == whole.counts
    assert added.table() == whole.table()


def test_only_scorecards_of_the_same_question_are_added():
    """Scorecards that differ in measures, periods, strata or knowledge, or share people, are not added."""
    score = scored()
    other = gout_log([("Q1", "1980-01-01")], [])
    for what, wrong in (
        ("measures", scored(CONTROL, log=other)),
        ("measures", scored(log=other, policy={"lost": "exclude"})),
        ("periods", scored(log=other, span=period("2023"))),
        ("by", scored(log=other, by=["sex"])),
        ("known_until", scored(log=other, as_of="2025-01-01")),
    ):
        with pytest.raises(UsageError, match=f"differ in {what}"):
            score + wrong
    with pytest.raises(UsageError, match=r"10 people are in both scorecards \(P01, P02, P03, P04, P05\)"):
        score + score
    here, there = scored(by=["institution"]), scored(by=["institution"], log=other)
    for one, two in ((roll_up(here), there), (there, roll_up(here))):
        with pytest.raises(UsageError, match="rolled-up"):
            one + two
    assert row(score + scored(log=other), "gout.control")["groups"]["outside"] == 2


@ENGINES
def test_an_empty_registry_has_figures(engine):
    """Nobody at all gives one row of zeros, and no rate."""
    found = row(scored(log=gout_log([], []), engine=engine), "gout.control")
    assert (found["initial_population"], found["rate"], found["ci_low"], found["bound_high"]) == (0, None, None, None)
    assert "-" in scored(CONTROL, log=gout_log([], [])).to_text()


# COURSES WALKED BEFORE


def ways(until="2024-12-31", log=LOG, obligations=True, policy=None) -> dict[str, Courses]:
    """Walk the registry through gout."""
    gout = resolve_disease(GOUT, policy or {})
    return {"gout": walk(gout, log, day_of(until), obligations=obligations)}


def test_courses_can_be_given(monkeypatch):
    """Courses walked before, also further than needed, give the same figures without walking again."""
    expected = scored().counts
    monkeypatch.setattr(module, "engine_named", lambda name: evolve(ENGINE(name), walk=None))
    assert scored(courses=ways()).counts == expected
    assert scored(courses=ways("2026-12-31")).counts == expected


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"asthma": None}, "gout are needed and were not given"),
        (ways(policy={"lost_after": "6"}), "another definition or policy"),
        (ways(until="2024-06-30"), "of another log, or end before"),
        (ways(log=gout_log(PATIENTS[:1], ())), "of another log"),
        (ways(log=gout_log(PATIENTS, ())), "of another log"),
        (ways(obligations=False), "without obligations"),
    ],
)
def test_courses_that_do_not_fit_are_refused(given, why):
    """Courses of another policy, log or time, or without what is counted, are refused with the reason."""
    with pytest.raises(UsageError, match=why):
        scored(courses=given)


# WHAT CANNOT BE ASKED


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"measures": []}, "no measure"),
        ({"span": []}, "no period"),
        ({"measures": [CONTROL, CONTROL]}, "share an id.*gout.control"),
        ({"policy": {"lsot": "exclude"}}, "did you mean lost"),
        ({"by": ["institutoin"]}, "did you mean institution"),
        ({"engine": "referense"}, "did you mean reference"),
        ({"as_of": "2024-13-01"}, "as_of='2024-13-01'"),
    ],
)
def test_what_does_not_exist_is_refused(more, why):
    """Asking for what does not exist says so, and what was perhaps meant."""
    with pytest.raises(UsageError, match=why):
        scored(**more)


# GROUPS


def test_groups_stand_in_the_order_of_the_rules():
    """A measure's groups are its rules' in order, then the undetermined; a rule for everybody determines all."""
    resolved = scored(CONTROL).measures[0].measure
    assert groups_of(resolved) == (
        "outside",
        "excluded:closed",
        "not_numerator",
        "unknown",
        "numerator",
        "undetermined:not managed",
        "undetermined:closed",
        "undetermined:lost",
        "undetermined:no reading",
        "undetermined:at goal",
    )


def test_too_many_groups_are_refused():
    """A measure with more groups than a byte can number is refused."""
    rules = [Rule(name=f"r{i}", names=Names("", ""), when=False, group=f"g{i}") for i in range(255)]
    last = Rule(name="rest", names=Names("", ""), when=True, group="rest")
    measure = evolve(MANAGED, rules=(*rules, last))
    with pytest.raises(DefinitionError, match="256 groups, at most 255"):
        groups_of(measure)


def test_people_left_over_are_refused():
    """Should the last rule not catch somebody, no figure is made."""
    nobody = Values("bool", np.zeros((1, 2), bool), np.ones((1, 2), bool))
    measure = evolve(MANAGED, rules=MANAGED.rules[-1:])
    assert isinstance(measure.rules[0].when, Literal)
    with pytest.raises(DefinitionError, match="2 people are caught by no rule"):
        assign(measure, [nobody], (1, 2))


def test_nothing_is_asked_once_everybody_is_caught():
    """Rules behind the one that leaves nobody are not valued; while one is left, they are."""

    def conditions(*caught):
        for each in caught:
            taken.append(each)
            yield Values("bool", np.array([each]), np.ones((1, 2), bool))

    for caught, expected in (((True, True), 1), ((True, False), 2)):
        taken = []
        assign(evolve(MANAGED, rules=CONTROL.rules[-2:]), conditions(caught, (True, True)), (1, 2))
        assert len(taken) == expected


TRUTHS = st.lists(st.sampled_from([True, False, None]), min_size=2, max_size=2)


@given(st.lists(TRUTHS, min_size=3, max_size=3))
def test_the_first_rule_that_is_not_false_decides(people):
    """A person is in the group of the first true rule, or undetermined by the first unknown one before it."""
    rules = [
        *(Rule(name=name, names=Names("", ""), when=CONTROL.rules[0].when, group=f"in {name}") for name in "ab"),
        Rule(name="rest", names=Names("", ""), when=True, group="rest"),
    ]
    measure = evolve(MANAGED, rules=tuple(rules))
    conditions = [
        Values("bool", np.array([[bool(one[i]) for one in people]]), np.array([[one[i] is not None for one in people]]))
        for i in range(2)
    ]
    everybody = Values("bool", np.ones((1, 3), bool), np.ones((1, 3), bool))
    found = [groups_of(measure)[code] for code in assign(measure, [*conditions, everybody], (1, 3))[0]]
    for truths, group in zip(people, found, strict=True):
        expected = next(
            (
                f"in {name}" if truth else f"undetermined:{name}"
                for name, truth in zip("ab", truths, strict=True)
                if truth is not False
            ),
            "rest",
        )
        assert group == expected


# ROLL-UP


@ENGINES
def test_roll_up(engine):
    """The county has the sum of its two institutions, which stay as they are."""
    score = roll_up(scored(CONTROL, by=["institution"], engine=engine))
    assert {one["by"]["institution"]: (one["numerator"], one["denominator"]) for one in score.table()} == {
        "A": (1, 3),
        "B": (2, 3),
        "C": (3, 6),
    }
    with pytest.raises(UsageError, match="rolled up before"):
        roll_up(score)
    with pytest.raises(UsageError, match="cannot be rolled up"):
        roll_up(scored(CONTROL))


# IDENTITIES


def test_a_scorecard_that_does_not_add_up_cannot_be_made():
    """Changing the group of one person in the lists, or losing a person, is found when the scorecard is made."""
    score = scored(CONTROL)
    (part,) = score.parts
    changed = part.assigned[0].copy()
    changed[0, 0] = 0
    with pytest.raises(IdentityError, match="strata_sum_to_whole"):
        evolve(score, parts=(evolve(part, assigned=(changed,)),))
    with pytest.raises(IdentityError, match="groups_sum_to_everybody"):
        evolve(score, parts=(evolve(part, log=part.log.slice(1, len(part.log.people))),))
    assert isinstance(score, Scorecard)
    assert isinstance(part, Part)


# WHAT IT BECOMES


def test_json_has_the_columns_in_order():
    """The JSON is a list of objects with the contract's keys in the contract's order, then the bounds."""
    loaded = json.loads(scored(by=["sex"]).to_json())
    assert [tuple(one) for one in loaded] == [COLUMNS] * len(loaded)
    assert COLUMNS[-2:] == ("bound_low", "bound_high")
    assert loaded[0]["by"] == {"sex": "female"}


def test_csv_spreads_groups_and_strata():
    """The CSV has a column for each stratum and group."""
    header, first, *_ = scored(CONTROL, by=["sex"]).to_csv().split("\n")
    assert "policy.lost,policy.lost_after" in header
    assert ",by.sex,groups.outside,groups.excluded:closed," in header
    assert first.startswith("gout.control,3,not_at_goal,12,2024-01-01,2024-12-31,true,female,0,1,")


def test_text_shows_rate_interval_and_policies():
    """The text shows the rate as a percentage, its interval and bounds, and the policies it rests on."""
    text = scored(CONTROL).to_text("en")
    assert str(scored(CONTROL)) == text
    figures = next(line for line in text.split("\n") if line.startswith("control rate"))
    assert figures.split() == [
        *("control", "rate", "2024", "50.0", "%", "18.8-81.2", "%"),
        *("3", "6", "1", "66.7", "%", "2", "1"),
    ]
    assert "gout.control 3 [proposal]: lost=not_at_goal, lost_after=12" in text
    assert "control rate(中)" in scored(CONTROL).to_text("zh")
    assert "*" not in text


def test_text_of_a_count_shows_no_rate():
    """How many are managed is a number; its rate of 1 would mean nothing and is not shown."""
    line = next(line for line in scored(MANAGED).to_text("en").split("\n") if line.startswith("managed"))
    assert line.split() == ["managed", "2024", "-", "-", "9", "-", "-", "-", "0", "0"]


def test_html_shows_figures_and_policies():
    """A notebook shows the figures as people read them, in both languages, and the policies they rest on."""
    page = scored(CONTROL)._repr_html_()
    assert page.count("<table>") == 1
    assert "率<br>Rate" in page
    assert "Policies, and how sure each definition is:" in page


def test_a_measure_of_no_policy_says_so():
    """A measure of a disease without policies prints a dash in their place."""
    plain = {"gout": evolve(GOUT, parameters=tuple(evolve(one, policy="") for one in GOUT.parameters))}
    text = evaluate(NO_BREACH, LOG, Period(YEAR.start, YEAR.end), diseases=plain).to_text()
    assert "gout.no_breach 1 [proposal]: -" in text
