"""Measures: the long and the short form, and what is refused when one is made."""

from __future__ import annotations

import pytest
from attrs import evolve, exceptions

from singledisease.definitions.citation import Names
from singledisease.definitions.measure import GroupChoice, GroupOption, Measure, Rule
from singledisease.errors import DefinitionError
from singledisease.language import nodes as n
from singledisease.language.build import PERIOD, choice, column, events, managed, sbp

MANAGED = managed("hypertension", during=PERIOD)
VISITS = events("follow_up").within(PERIOD).count() >= 4


def rule(name: str, when: object, group: object) -> Rule:
    """Give a rule."""
    return Rule(name=name, names=Names(name, name), when=when, group=group)


REST = rule("rest", True, "not_numerator")


def test_the_short_form_makes_rules_in_order():
    """Population, exclusions, unknown, numerator, exceptions and the rest become rules in this order."""
    made = Measure(
        id="m",
        population=MANAGED,
        numerator=VISITS,
        exclusions={"pregnant": events("test").exists(), "young": False},
        exceptions={"refused": events("exit").exists()},
        unknown=~events("follow_up").exists(),
    )
    assert [(each.name, each.group) for each in made.rules] == [
        ("population", "outside"),
        ("pregnant", "excluded:pregnant"),
        ("young", "excluded:young"),
        ("unknown", "unknown"),
        ("numerator", "numerator"),
        ("refused", "exception:refused"),
        ("otherwise", "not_numerator"),
    ]
    assert made.rules[0].when == n.Apply("not", (MANAGED.node,))
    assert made.rules[4].when == VISITS.node
    assert all(each.names.zh and each.names.en for each in made.rules)


def test_the_short_form_needs_a_numerator_only():
    """Without a population everyone is asked; the id serves as name and the disease is found."""
    made = Measure(id="m", numerator=VISITS)
    assert [each.group for each in made.rules] == ["numerator", "not_numerator"]
    assert (made.names, made.version, made.disease) == (Names("m", "m"), "1", "")
    assert Measure(id="m", numerator=MANAGED).disease == "hypertension"
    assert Measure(id="m", numerator=MANAGED & managed("b", during=PERIOD)).disease == ""
    assert Measure(id="m", numerator=MANAGED, disease="b").disease == "b"


def test_measures_are_values():
    """Two measures made alike are equal, can be changed into new ones, and cannot be changed in place."""
    made = Measure(id="m", numerator=VISITS)
    assert made == Measure(id="m", numerator=VISITS)
    assert made == Measure(id="m", rules=made.rules)
    assert hash(made) == hash(Measure(id="m", numerator=VISITS))
    assert evolve(made, version="2").rules == made.rules
    with pytest.raises(exceptions.FrozenInstanceError):
        made.id = "n"


def test_rules_may_have_any_groups():
    """Labels of one's own, exclusions and policies on groups are groups."""
    lost = GroupChoice("lost", (GroupOption("a", "not_numerator"), GroupOption("b", "")), "a")
    made = Measure(
        id="m", rules=(rule("lost", False, lost), rule("new", False, "care state new"), rule("控制", True, "已控制"))
    )
    assert made.rules[0].group == lost


@pytest.mark.parametrize("parts", [{}, {"population": MANAGED}, {"rules": (REST,), "numerator": VISITS}])
def test_either_rules_or_parts(parts):
    """A measure is given by rules or by parts that hold a numerator, never by both or neither."""
    with pytest.raises(DefinitionError, match="rules_or_parts"):
        Measure(id="m", **parts)


WRONG = {
    "no rules": ((), {"people_left_over"}),
    "a last rule with a condition": ((rule("a", VISITS, "numerator"),), {"people_left_over"}),
    "a last rule that may catch nobody": (
        (rule("a", True, GroupChoice("x", (GroupOption("a", ""), GroupOption("b", "unknown")), "b")),),
        {"people_left_over"},
    ),
    "two rules of one name": ((rule("rest", VISITS, "numerator"), REST), {"duplicate_rule"}),
    "a rule without a name": ((rule(" ", VISITS, "numerator"), REST), {"blank_name"}),
    "a number as condition": ((rule("a", events().count(), "numerator"), REST), {"no_condition"}),
    "a condition on a row": ((rule("a", sbp > 140, "numerator"), REST), {"row_not_person"}),
    "a row's number": ((rule("a", sbp, "numerator"), REST), {"no_condition", "row_not_person"}),
    "a condition that is not well made": (
        (rule("a", n.Apply("<", (n.Column("sbp", "text"), n.Literal(1.0, "number"))), "numerator"), REST),
        {"kind_differs", "unknown_column"},
    ),
    "a blank group": ((rule("a", VISITS, ""), REST), {"group_name"}),
    "a group with a blank": ((rule("a", VISITS, " numerator"), REST), {"group_name"}),
    "an exclusion without a reason": ((rule("a", VISITS, "excluded:"), REST), {"group_name"}),
    "an exclusion without a colon": ((rule("a", VISITS, "excluded"), REST), {"group_name"}),
    "a group that engines make": ((rule("a", VISITS, "undetermined:a"), REST), {"group_name"}),
    "a prefix that is none": ((rule("a", VISITS, "exclude:a"), REST), {"group_name"}),
    "a known group written otherwise": ((rule("a", VISITS, "Not-Numerator"), REST), {"group_name"}),
    "an option that is none": (
        (rule("a", VISITS, GroupChoice("x", (GroupOption("a", "unknown"),), "b")), REST),
        {"unknown_option"},
    ),
    "a policy with two defaults": (
        (
            rule("a", choice("x", default="a", a=VISITS, b=MANAGED), "numerator"),
            rule("b", choice("x", default="b", a=VISITS, b=MANAGED), "numerator"),
            REST,
        ),
        {"policy_differs"},
    ),
}


@pytest.mark.parametrize(("rules", "checks"), WRONG.values(), ids=WRONG.keys())
def test_what_is_not_sound_is_refused_when_it_is_made(rules, checks):
    """Each fault of a measure has its name, and no other is told."""
    with pytest.raises(DefinitionError) as error:
        Measure(id="m", rules=rules)
    assert {fault.check for fault in error.value.faults} == checks


def test_units_and_forms_are_known_words():
    """A misspelt unit or form is refused with the right one."""
    with pytest.raises(DefinitionError, match="did you mean person"):
        Measure(id="m", numerator=VISITS, unit="persons")
    with pytest.raises(DefinitionError, match="did you mean count"):
        Measure(id="m", numerator=VISITS, form="counts")


def test_all_faults_are_told_at_once():
    """Faults of several rules come in one error, each with its rule."""
    with pytest.raises(DefinitionError) as error:
        Measure(id="m", rules=(rule("a", sbp > 1, "numerator"), rule("b", column("mode"), "excluded")))
    assert [(fault.check, fault.where.split(",")[0]) for fault in error.value.faults] == [
        ("row_not_person", "rule a"),
        ("no_condition", "rule b"),
        ("row_not_person", "rule b"),
        ("group_name", "rule b"),
        ("people_left_over", "m"),
    ]
