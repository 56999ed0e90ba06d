"""Explanations: the definition walked for one person, down to file and line."""

import datetime as dt
import json

import pytest
from attrs import evolve
from gout_world import CONTROL, DISEASES, EVENTS, MANAGED, MEASURES, NO_BREACH, PATIENTS, READING, gout_log

from singledisease.dates import day_of, period, periods
from singledisease.definitions.citation import Names
from singledisease.definitions.measure import Measure
from singledisease.errors import IdentityError, UsageError
from singledisease.eventlog.event import Event
from singledisease.explanation import answers as module
from singledisease.explanation.event_words import event_words
from singledisease.explanation.explain import explain
from singledisease.explanation.people import people
from singledisease.language.build import (
    PERIOD,
    attribute,
    between,
    column,
    days_in,
    events,
    in_state,
    managed,
    months,
)
from singledisease.scorecard.assign import groups_of
from singledisease.scorecard.evaluate import evaluate
from singledisease.vocabulary import Quantity

YEAR = period("2024")
LOG = gout_log()
SCORE = evaluate(MEASURES, LOG, YEAR, diseases=DISEASES)


def control(patient):
    """Explain control of gout for one person."""
    (answer,) = explain(SCORE, patient, "gout.control").answers
    return answer


def line_of(patient, date, kind):
    """Give the line of an event in the file it came from; the header is line 1."""
    (place,) = [i for i, event in enumerate(EVENTS) if event[:3] == (patient, date, kind)]
    return place + 2


# THE LAW


@pytest.mark.parametrize("engine", ["columnar", "reference"])
def test_everybody_is_explained_as_they_were_counted(engine):
    """For every person, measure and quarter the explanation ends in the group the person was counted in."""
    score = evaluate(MEASURES, LOG, periods("2024/quarter"), diseases=DISEASES, engine=engine, as_of="2024-11-15")
    for i, patient in enumerate(LOG.people.ids):
        answers = iter(explain(score, patient).answers)
        for m, resolved in enumerate(score.measures):
            for p in range(4):
                answer = next(answers)
                assert (answer.measure, answer.period) == (resolved.measure.id, score.periods[p])
                assert answer.group == groups_of(resolved.measure)[score.parts[0].assigned[m][p, i]]


def test_an_explanation_that_differs_from_the_count_is_an_error(monkeypatch):
    """If the walk ended elsewhere than the count, no explanation is given: one of the two is wrong."""
    monkeypatch.setattr(module, "groups_of", lambda measure: ["other"] * 20)
    with pytest.raises(IdentityError, match="P01: counted in other, explained as numerator"):
        explain(SCORE, "P01", "gout.control")


# RULES AND CLAUSES


@pytest.mark.parametrize(
    ("patient", "decisive", "group"),
    [
        ("P01", "at goal", "numerator"),
        ("P02", "not at goal", "not_numerator"),
        ("P03", "no reading", "unknown"),
        ("P04", "at goal", "undetermined:at goal"),
        ("P05", "lost", "not_numerator"),
        ("P06", "closed", "excluded:closed"),
        ("P07", "not managed", "outside"),
    ],
)
def test_the_decisive_rule_is_marked(patient, decisive, group):
    """The first rule that is not false decides; those after it are not reached."""
    answer = control(patient)
    assert (answer.decisive.rule, answer.group) == (decisive, group)
    rules = [step.rule for step in answer.steps]
    assert rules == [rule.name for rule in CONTROL.rules]
    assert [step.rule for step in answer.steps if step.reached] == rules[: rules.index(decisive) + 1]
    assert [step.rule for step in answer.steps if step.decisive] == [decisive]


def test_a_value_names_the_event_it_was_read_from():
    """The pressure of 148 is the last reading of the year; the one of March before it plays no part."""
    goal = control("P01").steps[4].clause
    reading, limit = goal.clauses
    assert (reading.value, reading.unit.en) == (148.0, "mmHg")
    (event,) = reading.events
    assert (event.date, event.kind, event.values) == (day_of("2024-11-01"), "follow_up", {"sbp": 148.0})
    assert (event.file, event.line) == ("events.csv", line_of("P01", "2024-11-01", "follow_up"))
    assert limit.value == 150.0
    assert [clause.value for clause in limit.clauses] == [True]
    (age,) = limit.clauses[0].clauses
    assert (age.value, age.unit) == (74.0, Names("岁", "years"))
    assert {one.line for one in goal.all_events()} == {event.line}


def test_an_unknown_clause_is_unknown_all_the_way_down():
    """Without a birth date the age is missing, the limit too, and so the whole rule."""
    goal = control("P04").steps[4].clause
    assert goal.value is None
    assert goal.clauses[0].value == 145.0
    assert goal.clauses[1].value is None
    assert goal.clauses[1].clauses[0].clauses[0].value is None


def test_a_missing_reading_rests_on_nothing():
    """Nothing was read, so no event is named, and the value is missing."""
    clause = control("P03").steps[3].clause
    assert clause.value is True
    assert list(clause.all_events()) == []


def test_a_state_names_the_stays_and_what_led_there():
    """Being lost on the last day is the stay since October, which a lost event began."""
    (stay,) = control("P05").steps[2].clause.stays
    assert (stay.state, stay.first, stay.last) == ("lost", day_of("2024-10-01"), day_of("2024-12-31"))
    assert stay.event.line == line_of("P05", "2024-10-01", "lost")
    assert control("P01").steps[2].clause.stays == ()


def answer_of(numerator, patient="P10", **more):
    """Explain a numerator of our own for one person, as its clause."""
    measure = Measure(id="mine", disease="gout", population=managed("gout", during=PERIOD), numerator=numerator)
    score = evaluate(measure, LOG, YEAR, diseases=DISEASES, **more)
    return explain(score, patient).answers[0].steps[1].clause


def test_counts_name_all_rows_and_missed_timings_their_due_day():
    """A count rests on every row it counts; a breach has no file but says what was due when."""
    clause = answer_of(events("follow_up").count() >= 2, "P01")
    assert [event.line for event in clause.all_events()] == [
        line_of("P01", day, "follow_up") for day in ("2024-03-01", "2024-11-01")
    ]
    (answer,) = explain(SCORE, "P09", "gout.no_breach").answers
    (breach,) = answer.steps[1].clause.all_events()
    assert (breach.date, breach.kind, breach.file, breach.line) == (day_of("2024-04-10"), "breach", "", None)
    assert breach.values == {"timing": "visit", "due": "2024-04-09"}
    assert breach.what == Names("逾期：visit(中)，应于 2024-04-09 完成", "missed: visit, due 2024-04-09")


def test_windows_that_depend_on_the_person_are_explained():
    """Where a selection looks between days that are found for the person, those days are clauses."""
    first = events("enrolment").first().date
    visits = events("follow_up").where(column("sbp") > 0).within(between(first, first + 30)).within(PERIOD)
    clause = answer_of(visits.exists())
    assert clause.value is True
    assert [one.value for one in clause.clauses] == [day_of("2024-10-15"), day_of("2024-11-14")]
    picked = answer_of(visits.last().sbp.known()).clauses[0]
    assert [one.value for one in picked.clauses] == [day_of("2024-10-15"), day_of("2024-11-14")]
    assert answer_of(events().within(between(None, PERIOD.end)).exists()).clauses == ()


def test_states_during_a_window_name_the_stays_in_it():
    """Days managed rest on the stays in the window; a window without known ends, or a day not known, on none."""
    (days,) = answer_of(days_in(managed("gout"), months(-1, 0)) == 61, "P05").clauses
    assert (days.value, [stay.state for stay in days.stays]) == (61.0, ["lost"])
    never = events("checkup").first().date
    during = answer_of(in_state("gout", "managed", during=between(never, PERIOD.end)))
    assert (during.value, during.stays, [one.value for one in during.clauses]) == (False, (), [None])
    on = answer_of(in_state("gout", "managed", on=never))
    assert (on.value, on.stays, [one.value for one in on.clauses]) == (None, (), [None])


def test_person_values_are_told():
    """A value of the person stands as it is, a date as a day."""
    sex, birth = answer_of((attribute("sex") == "female") & (attribute("birth_date") < READING.date)).clauses
    assert sex.clauses[0].value == "female"
    assert birth.clauses[0].value == day_of("1980-01-01")
    assert birth.clauses[0].to_dict()["value"] == "1980-01-01"


# THE WAY THROUGH THE PATHWAY


def stays(patient, **more):
    """Give the stays of a person as plain facts."""
    score = evaluate(CONTROL, LOG, YEAR, diseases=DISEASES, **more)
    return [
        (stay.state, stay.first, stay.last, stay.cause.en, stay.event.line if stay.event else None)
        for stay in explain(score, patient).stays
    ]


def test_stays_name_their_causes():
    """A stay begins with observation, an event, a timing or a date of death, and says which."""
    enrolled = line_of("P09", "2024-01-10", "enrolment")
    day = {text: day_of(text) for text in ("1980-01-01", "2024-01-10", "2024-08-01")}
    assert stays("P09") == [
        ("free", day["1980-01-01"], day["2024-01-10"] - 1, "observation begins", None),
        ("managed", day["2024-01-10"], day["2024-08-01"] - 1, "enrolment: code M10.9", enrolled),
        ("closed", day["2024-08-01"], day_of("2024-12-31"), "date of death", None),
    ]
    state, first, _, cause, line = stays("P03", policy={"lost_after": "3"})[-1]
    assert (state, first, cause, line) == ("lost", day_of("2024-04-11"), "silence", None)


# WHOLE EXPLANATIONS


def test_text_in_chinese_and_english():
    """Both languages tell who, the way, each rule with its value, the place of each event, and the result."""
    explanation = explain(SCORE, "P04", "gout.control")
    line = line_of("P04", "2024-02-01", "follow_up")
    zh, en = explanation.to_text("zh"), explanation.to_text("en")
    enrolled = f"events.csv:{line_of('P04', '2024-01-10', 'enrolment')}"
    assert str(explanation) == en
    assert zh.split("\n")[:3] == [
        "患者 P04 男 出生 未知 机构 A",
        "经过 gout(中)",
        f"  2024-01-10..2024-12-31  managed(中)  ← 2024-01-10 建档纳入：编码 M10.9  [{enrolled}]",
    ]
    assert f"· 2024-02-01 随访：收缩压 145 mmHg  [events.csv:{line}]" in zh
    assert "  5. at goal(中) → 无法判定: at goal(中): 未知  ◀ 由此判定" in zh
    assert "  6. not at goal(中) → 计入分母、不计入分子: 前面已判定，未用到" in zh
    assert zh.split("\n")[-1] == "  结论: 无法判定: at goal(中) (undetermined:at goal), 依据规则 “at goal(中)”"
    assert f"· 2024-02-01 follow up: systolic pressure 145 mmHg  [events.csv:{line}]" in en
    assert "  2. closed → excluded: closed: false" in en
    assert "  5. at goal → undetermined: at goal: unknown  ◀ decides" in en
    assert " = missing" in en
    assert "control rate (gout.control 3)  2024-01-01..2024-12-31\n  Policies: lost=not_at_goal, lost_after=12" in en


def test_picked_rows_get_short_names():
    """A row that several clauses read is said in full once, and by a short name after that."""
    first = events("follow_up").first()
    later = events("follow_up").within(between(first.date + 1, None)).last()
    measure = Measure(id="mine", disease="gout", numerator=(later.sbp < first.sbp) & (later.date > first.date))
    text = explain(evaluate(measure, LOG, YEAR, diseases=DISEASES), "P01").to_text().split("\n")
    assert "  row 2 = the first follow-up" in text
    (full,) = [line for line in text if line.startswith("  row 1 = ")]
    assert "the first follow-up" in full
    assert (
        "     systolic pressure of row 1 < systolic pressure of row 2 and date of row 1 > date of row 2 = true" in text
    )
    assert "         systolic pressure of row 2 = 152 mmHg" in text


def test_text_tells_what_is_special():
    """A death, a stay that a timing began, a book closed early, a group of one's own and no policy are all told."""
    dead = explain(evaluate(CONTROL, LOG, YEAR, diseases=DISEASES, as_of="2024-10-15"), "P09").to_text()
    assert dead.startswith("Patient P09 male born 1980-01-01 died 2024-08-01 institution A")
    assert "2024-01-01..2024-12-31 (known until 2024-10-15)" in dead
    silent = evaluate(CONTROL, LOG, YEAR, diseases=DISEASES, policy={"lost_after": "3"})
    assert "2024-04-11..2024-12-31  lost  ← silence" in explain(silent, "P03").to_text()
    rules = tuple(evolve(rule, group="care needed") if rule.name == "not at goal" else rule for rule in CONTROL.rules)
    gout = DISEASES["gout"]
    plain = {"gout": evolve(gout, parameters=tuple(evolve(one, policy="") for one in gout.parameters))}
    own = evaluate(evolve(CONTROL, rules=(rules[0], *rules[3:])), LOG, YEAR, diseases=plain)
    text = explain(own, "P02").to_text()
    assert "Result: care needed (care needed)" in text
    assert "Policies" not in text
    nowhere = explain(evaluate(MANAGED, gout_log([("Q1", None, "0")], []), YEAR, diseases=DISEASES), "Q1")
    assert nowhere.to_text("zh").split("\n")[0] == "患者 Q1 未知 出生 未知"


def test_dict_is_plain_and_whole():
    """The dictionary can be written as JSON, dates as text, and holds every rule, clause, event and stay."""
    loaded = json.loads(explain(SCORE, "P05").to_json())
    assert loaded == explain(SCORE, "P05").to_dict()
    assert {key: loaded[key] for key in ("patient_id", "birth_date", "sex", "death_date", "institution", "team")} == {
        "patient_id": "P05",
        "birth_date": "1980-01-01",
        "sex": "male",
        "death_date": None,
        "institution": "B",
        "team": None,
    }
    assert loaded["stays"][-1] == {
        "disease": "gout",
        "state": "lost",
        "from": "2024-10-01",
        "to": "2024-12-31",
        "cause": "lost",
        "event": {
            "date": "2024-10-01",
            "kind": "lost",
            "values": {},
            "file": "events.csv",
            "line": line_of("P05", "2024-10-01", "lost"),
        },
    }
    assert loaded["stays"][0]["event"] is None
    answer = loaded["measures"][1]
    assert {key: value for key, value in answer.items() if key != "rules"} == {
        "measure": "gout.control",
        "version": "3",
        "policy": {"lost": "not_at_goal", "lost_after": "12"},
        "period_start": "2024-01-01",
        "period_end": "2024-12-31",
        "asked_on": "2024-12-31",
        "complete": True,
        "group": "not_numerator",
        "rule": "lost",
    }
    rule = answer["rules"][2]
    assert (rule["rule"], rule["group"], rule["reached"], rule["decisive"]) == ("lost", "not_numerator", True, True)
    assert rule["clause"]["stays"][0]["state"] == "lost"
    assert answer["rules"][5]["clause"]["wording"] == {"zh": "其余所有人", "en": "everyone who is left"}


# WHO AND WHAT


def test_measures_and_periods_can_be_chosen():
    """One measure and one period are explained if they are named; else all, in the order of the scorecard."""
    score = evaluate([MANAGED, NO_BREACH], LOG, periods("2024/quarter"), diseases=DISEASES)
    assert len(explain(score, "P01").answers) == 8
    (answer,) = explain(score, "P01", "gout.no_breach", "2024Q3").answers
    assert (answer.measure, answer.period) == ("gout.no_breach", period("2024Q3"))


def test_a_person_is_found_in_any_part():
    """In a sum of scorecards the person is explained from the part they are in."""
    halves = [
        evaluate(
            CONTROL,
            gout_log([one for one in PATIENTS if wanted(one)], [one for one in EVENTS if wanted(one)]),
            YEAR,
            diseases=DISEASES,
        )
        for wanted in (lambda one: one[0] < "P05", lambda one: one[0] >= "P05")
    ]
    score = halves[0] + halves[1]
    assert explain(score, "P08").answers[0].group == "numerator"
    with pytest.raises(UsageError, match="did you mean P08 or P01"):
        explain(score, "P018")


def test_what_does_not_exist_is_refused():
    """An unknown person, measure or period is refused with what was perhaps meant."""
    with pytest.raises(UsageError, match=r"patient='P1'(?s:.*)did you mean P10 or P01"):
        explain(SCORE, "P1", "gout.control")
    with pytest.raises(UsageError, match=r"did you mean gout\.control"):
        explain(SCORE, "P01", "gout.contol")
    with pytest.raises(UsageError, match="does not cover it"):
        explain(SCORE, "P01", "gout.control", "2023")


def test_lists_and_explanations_agree():
    """Whoever is listed in a group is explained as being in it."""
    for patient in people(SCORE, "gout.control", "denominator"):
        assert control(patient["patient_id"]).group == patient["group"]


# EVENTS IN WORDS


def test_an_event_in_words():
    """Every value has its name and unit; flags, dates and codes are said, and a quantity of a disease by its name."""
    quantity = Quantity("urate", "µmol/L", 10, 2000, "血尿酸", "uric acid")
    event = Event(
        "exit",
        "2024-03-01",
        reason="died",
        emergency=True,
        complication=False,
        urate=412.5,
        village="x",
        until=dt.date(2024, 4, 1),
        recorded=day_of("2024-03-02"),
    )
    said = event_words(event, [evolve(DISEASES["gout"], quantities=(quantity,))])
    assert said.zh.startswith(
        "退出：原因 死亡，危急情况 是，并发症 否，血尿酸 412.5 µmol/L，village x，截止日期 2024-04-01"
    )
    assert said.en.startswith("exit: reason died, emergency yes, complication no, uric acid 412.5 µmol/L, village x")
    assert said.en.endswith("date of recording 2024-03-02")
    assert event_words(Event("home_visit", "2024-03-01", recorded=day_of("2024-03-01"))) == Names(
        "home_visit", "home visit"
    )
