"""Gaps as they are asked for: what is refused, in parts, on the command line; and what a clause can still become."""

import json
import math

import pytest
from cli_world import registry, run

import singledisease as sd
from singledisease.care_gaps.offers import NOT_PLANNED, Offer, offers_of, rules_before, service_of
from singledisease.care_gaps.reachable import ANYTHING, Outlook, Range, conjuncts, counted_in
from singledisease.conformance.asked import definition_of
from singledisease.dates import day_of, period
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.columnar import walk
from singledisease.engines.reference.make_context import person_context
from singledisease.language.wrappers import node_of

STANDARD, CONTROL = sd.measures("cn-bphs-2017", diseases="hypertension")[1:]
YEAR = period("2024")
ON = "2024-09-30"
VISITS = sd.events("follow_up").within(sd.PERIOD)


@pytest.fixture(name="data", scope="module")
def _data(tmp_path_factory):
    return registry(tmp_path_factory.mktemp("world") / "data")


def outlook(data, first="2024-10-01", last="2024-12-31"):
    """Give what can still happen to P1, who has had two follow-ups."""
    context = person_context(sd.read(data).as_of(None), 0, YEAR, {})
    return Outlook(context, day_of(first), day_of(last))


# WHAT A CLAUSE CAN BECOME


@pytest.mark.parametrize(
    ("expression", "truths"),
    [
        (VISITS.count() >= 2, {True}),
        (VISITS.count() >= 3, {True, False}),
        (VISITS.count() < 2, {False}),
        (VISITS.count() <= 2, {True, False}),
        (VISITS.count() == 2, {True, False}),
        (VISITS.count() > 100, {True, False}),
        (VISITS.count_days() >= 94, {True, False}),
        (VISITS.count_days() >= 95, {False}),
        (VISITS.exists(), {True}),
        (sd.events("checkup").within(sd.PERIOD).exists(), {True, False}),
        (sd.events("follow_up").within(sd.until(sd.day("2024-09-30"))).count() >= 3, {False}),
        (sd.events("follow_up").within(sd.until(sd.day("2024-09-30"))).last().sbp < 150, {True}),
        (VISITS.last().sbp < 140, ANYTHING),
        (VISITS.first().sbp < 150, {True}),
        (sd.events("checkup").within(sd.PERIOD).first().date > sd.day("2024-01-01"), ANYTHING),
        (sd.attribute("sex").is_in("male"), {True}),
        (sd.attribute("death_date", "date").known(), ANYTHING),
        (sd.age(on=sd.PERIOD.end) >= 65, {True}),
        (~(VISITS.count_days() >= 95), {True}),
        ((VISITS.count_days() >= 95) & (VISITS.last().sbp < 140), {False}),
        ((VISITS.count() >= 2) | (VISITS.last().sbp < 140), {True}),
        ((VISITS.count() >= 3) | (VISITS.count_days() >= 95), {True, False}),
        (sd.events("follow_up").within(sd.between(VISITS.last().date, sd.PERIOD.end)).count() >= 3, {True, False}),
        (VISITS.where(~sd.events("checkup").within(sd.until(sd.this("date"))).exists()).count() >= 3, ANYTHING),
        (VISITS.sum("sbp") > 3, ANYTHING),
        (sd.case((VISITS.count() >= 2, True), False), ANYTHING),
    ],
    ids=str,
)
def test_what_a_condition_can_become(data, expression, truths):
    """Of P1 on 1 October, with follow-ups in February and May and 92 days left."""
    assert outlook(data).truths(node_of(expression)) == frozenset(truths)


def test_without_days_left_everything_counted_is_settled(data):
    """After the last day a count is what it is."""
    over = outlook(data, "2025-01-01")
    assert over.truths(node_of(VISITS.count() >= 3)) == {False}
    assert over.range(node_of(VISITS.count())) == Range(2, 2)
    assert outlook(data).range(node_of(VISITS.count())) == Range(2, math.inf)


def test_the_state_of_past_days_is_settled(data):
    """Where somebody stood on a day that is over nothing can change, on one to come it can."""
    log = sd.read(data).as_of(None)
    courses = {"hypertension": walk(resolve_disease(sd.disease("hypertension"), {}), log, YEAR.end)}
    seen = Outlook(person_context(log, 0, YEAR, courses), day_of("2024-10-01"), YEAR.end)
    managed = sd.managed("hypertension", on=sd.day("2024-06-30"))
    assert seen.truths(node_of(managed)) == {True}
    assert seen.truths(node_of(sd.managed("hypertension", on=sd.PERIOD.end))) == ANYTHING
    assert seen.truths(node_of(sd.managed("hypertension", during=sd.until(sd.day("2024-06-30"))))) == {True}
    of_that_day = VISITS.where(sd.managed("hypertension", on=sd.PERIOD.end)).count() >= 3
    assert seen.truths(node_of(of_that_day)) == ANYTHING


def test_a_rule_that_takes_everybody_blocks(data):
    """Where an earlier rule cannot become false it is what keeps somebody out."""
    many = sd.Measure(id="many", exclusions={"male": sd.attribute("sex").is_in("male")}, numerator=VISITS.exists())
    assert outlook(data).blocking(many.rules) == [many.rules[0].when]
    few = sd.Measure(id="few", numerator=(VISITS.count_days() >= 95) & VISITS.exists())
    assert outlook(data).blocking(few.rules) == [node_of(VISITS.count_days() >= 95)]
    none = sd.Measure(id="none", numerator=VISITS.count() >= 5)
    assert outlook(data).blocking(none.rules) == []
    assert outlook(data).blocking(none.rules[1:]) == [none.rules[1].when]


def test_clauses_that_count():
    """A count that has to reach a number is told as done and needed; another clause is not."""
    assert counted_in(node_of(VISITS.count() >= 4)) == (node_of(VISITS.count()), 4)
    assert counted_in(node_of(VISITS.count_days() > 4))[1] == 5
    assert counted_in(node_of(VISITS.exists()))[1] == 1
    assert counted_in(node_of(VISITS.sum("sbp") >= 4)) is None
    assert counted_in(node_of(VISITS.last().sbp < 4)) is None
    assert len(conjuncts(node_of(VISITS.exists() & VISITS.exists() & (VISITS.count() > 3)))) == 3


# WHAT COULD BE DONE


def test_nobody_is_made_to_leave():
    """Rules that put people outside or exclude them offer nothing, and no exit is ever planned."""
    control = definition_of(CONTROL, {"hypertension": sd.disease("hypertension")}, {}).measure
    names = [rule.name for rule in rules_before(control.rules)]
    assert names == ["lost", "no_reading", "at_goal"]
    left = sd.Measure(id="left", numerator=sd.events("exit").within(sd.PERIOD).exists())
    assert offers_of(definition_of(left, {}, {}), YEAR) == []
    assert "exit" in NOT_PLANNED


def test_goals_are_tried_from_both_sides():
    """Of two pressures each is tried low and high, of more columns all together."""
    known = {"hypertension": sd.disease("hypertension")}
    offered = offers_of(definition_of(CONTROL, known, {}), YEAR)
    pressures = {tuple(one.cells[name] for name in ("sbp", "dbp")) for (one,) in offered}
    assert pressures == {("139", "89"), ("151", "89"), ("139", "91"), ("151", "91")}
    last = VISITS.last()
    three = (last.sbp < 140) & (last.dbp < 90) & (last.column("bmi") < 28)
    offered = offers_of(definition_of(sd.Measure(id="three", numerator=three), {}, {}), YEAR)
    assert len(offered) == 2


def test_a_service_is_found_by_what_fulfils_it():
    """A follow-up in the clinic fulfils a service, an event of a kind that no service names none."""
    hypertension = sd.disease("hypertension")
    assert service_of(Offer("checkup", {}), [hypertension])[1].id
    assert service_of(Offer("training", {}), [hypertension]) is None


# AS IT IS ASKED


@pytest.mark.parametrize(
    "asked",
    [
        sd.Measure(id="rows", of=VISITS, numerator=sd.column("sbp") < 140),
        sd.Ratio(id="ratio", numerator=VISITS.count(), denominator=VISITS.count()),
    ],
)
def test_only_people_have_gaps(data, asked):
    """A measure of rows and a ratio are refused by name."""
    with pytest.raises(sd.UsageError, match=asked.id):
        sd.gaps(asked, sd.read(data), on=ON, period="2024")


def test_parts_give_what_the_whole_gives(data, tmp_path):
    """Of a registry in parts each part is looked at on its own."""
    sd.partition(data, tmp_path / "parts", parts=2)
    whole = sd.gaps([STANDARD, CONTROL], sd.read(data), on=ON, period="2024")
    parts = sd.gaps([STANDARD, CONTROL], sd.parts(tmp_path / "parts"), on=ON, period="2024")
    assert sorted(map(str, parts.rows())) == sorted(map(str, whole.rows()))


def test_a_policy_changes_what_is_missing(data):
    """Whoever is lost is excluded under one policy, and then has no gap."""
    gaps = sd.gaps(CONTROL, sd.read(data), on=ON, period="2024")
    assert "P4" in gaps["patient_id"]
    assert "P4" not in sd.gaps(CONTROL, sd.read(data), on=ON, period="2024", policy={"lost": "exclude"})["patient_id"]


def test_nobody_missing_is_an_empty_table(data):
    """A measure that everybody meets leaves a table without rows, with all columns."""
    everybody = sd.Measure(id="everybody", numerator=sd.attribute("birth_date", "date").known())
    found = sd.gaps(everybody, sd.read(data), on=ON, period="2024")
    assert (len(found), "until" in found.columns) == (0, True)


def test_the_command_lists_gaps(data):
    """The table is for people to read, JSON has every column; the day has to be said, and a measure of people."""
    asked = ("gaps", data, "--period", "2024", "--as-of", ON, "--disease", "hypertension")
    shown = run(*asked, "--measure", CONTROL.id, "--lang", "zh")
    assert shown.exit_code == 0
    assert "可以" in shown.stdout
    assert "试算日期" not in shown.stdout
    rows = json.loads(run(*asked, "--format", "json").stdout)
    assert any("|" in row["measure"] for row in rows)
    apart = json.loads(run(*asked, "--apart", "--format", "json").stdout)
    assert not any("|" in row["measure"] for row in apart)
    assert "--as-of" in run("gaps", data, "--period", "2024").stderr
    refused = run(*asked, "--measure", "hypertension.managed")
    assert refused.exit_code == 2
    assert "hypertension.managed" in refused.stderr
