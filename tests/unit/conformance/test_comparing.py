"""Where two measures differ: people of a log, and the smallest history."""

from __future__ import annotations

import pytest

import singledisease as sd


@pytest.fixture(scope="module")
def log():
    """Give a made-up registry."""
    return sd.simulate(patients=400, seed=3).log()


def test_differing_people_are_those_of_two_scorecards(log):
    """The people listed are those whose group differs between two evaluations."""
    table = sd.differing_people("hypertension.control", None, log, "2024", other_policy={"lost": "exclude"})
    control = next(one for one in sd.measures("cn-bphs-2017", "hypertension") if one.id == "hypertension.control")
    groups = []
    for policy in ({}, {"lost": "exclude"}):
        score = sd.evaluate(control, log, period="2024", policy=policy, engine="reference")
        names = {rule.group for rule in score.measures[0].measure.rules}
        groups.append({id: name for name in names for id in sd.people(score, control.id, name)["patient_id"]})
    differ = {id for id in {*groups[0], *groups[1]} if groups[0].get(id) != groups[1].get(id)}
    assert differ
    assert set(table["patient_id"]) == differ
    for row in table:
        assert (row["group"], row["other_group"]) == (groups[0][row["patient_id"]], groups[1][row["patient_id"]])


def test_a_measure_does_not_differ_from_itself(log):
    """Between equal definitions nobody and no history differs."""
    assert len(sd.differing_people("hypertension.control", "hypertension.control", log, "2024")) == 0
    assert sd.counterexample("hypertension.managed", period="2024") is None


def test_rows_of_one_measure_only_are_listed(log):
    """A row that one measure counts and the other does not stands there with one side blank."""
    of = sd.events("follow_up").within(sd.PERIOD)
    phone = sd.column("mode") == "phone"
    all_rows, calls = (sd.Measure(id="rows", of=rows, numerator=phone) for rows in (of, of.where(phone)))
    table = sd.differing_people(all_rows, calls, log, "2024")
    assert set(table["other_group"]) == {None}
    assert all(table["row"])


@pytest.mark.parametrize(
    ("policy", "kinds", "groups"),
    [
        ({"lost": "exclude"}, ["enrolment"], ("not_numerator", "excluded:lost")),
        ({"reading": "any_mode"}, ["enrolment", "follow_up"], ("unknown", "numerator")),
        ({"reading": "day_lowest"}, ["enrolment", "follow_up", "follow_up"], ("not_numerator", "numerator")),
        ({"age_on": "period_end"}, ["enrolment", "follow_up"], ("not_numerator", "numerator")),
    ],
)
def test_policies_differ_on_a_small_history(policy, kinds, groups):
    """What an option means is shown on a history of one to three events."""
    found = sd.testing.counterexample("hypertension.control", period="2024", other_policy=policy)
    assert [row["kind"] for row in found.events] == kinds
    assert (found.answers["group"], found.answers["other_group"]) == ((groups[0],), (groups[1],))


def test_counterexample_is_printed():
    """It is printed as the person, a table of events, and what each measure makes of them by which rule."""
    found = sd.counterexample("hypertension.control", period="2024", other_policy={"reading": "any_mode"})
    text = str(found)
    assert text.splitlines()[0].startswith("birth_date=")
    assert "follow_up" in text
    assert "first: unknown · no reading that counts" in text
    assert "second: numerator · 最近一次达标" in found.to_text("zh")
    assert len(found.log.people) == 1


def test_two_versions_differ():
    """Two versions of a measure of one's own differ where one word was changed."""
    seen = sd.events("follow_up").within(sd.PERIOD)
    first, second = (
        sd.Measure(id="seen", version=version, numerator=numerator)
        for version, numerator in (("1", seen.count() >= 2), ("2", seen.count_days() >= 2))
    )
    found = sd.counterexample(first, second, period="2024")
    assert len({row["date"] for row in found.events}) == 1
    assert len(found.events) == 2


def test_log_is_needed():
    """Without a log nobody can be listed, which is said."""
    with pytest.raises(sd.UsageError, match="there is no log"):
        sd.differing_people("hypertension.control")


def test_how_well_a_log_tests(log):
    """Every mutant is listed with how many people tell it, and one of them; a log of nobody tells none."""
    table = sd.mutants_told("hypertension.control", log, period="2024")
    assert table["mutant"] == tuple(one.id for one in sd.mutants("hypertension.control", period="2024"))
    assert all(
        (count > 0) == (example is not None) for count, example in zip(table["told_by"], table["example"], strict=True)
    )
    nobody = sd.mutants_told("hypertension.control", log.only([]), period="2024")
    assert set(nobody["told_by"]) == {0}
