"""Resolving: choices made, parameters' values put in, policies checked."""

from __future__ import annotations

import pytest
from attrs import evolve
from definitions_world import gout

from singledisease.catalogue import disease, measure_set
from singledisease.definitions.citation import DatedValue, Names
from singledisease.definitions.measure import GroupChoice, GroupOption, Measure, Rule
from singledisease.definitions.resolve import (
    Policy,
    check_policy,
    chosen,
    diseases_in,
    policies_of,
    resolve,
    resolve_disease,
    resolve_value,
)
from singledisease.errors import DefinitionError, UsageError
from singledisease.language import nodes as n
from singledisease.language.build import PERIOD, age, case, choice, events, managed, p
from singledisease.language.traversal import inside

GOUT = {"gout": gout()}
uric = events("test").last().column("uric_acid", "number", "µmol/L")
LOST = GroupChoice(
    "lost", (GroupOption("not_at_goal", "not_numerator"), GroupOption("exclude", "excluded:lost")), "not_at_goal"
)
KEEP = GroupChoice("closed", (GroupOption("exclude", "excluded:closed"), GroupOption("keep", "")), "exclude")


def control() -> Measure:
    """Give a measure with a choice of condition and two of group."""
    day = choice("age_on", default="period_end", period_end=PERIOD.end, period_start=PERIOD.start)
    goal = case((age(on=day) >= 65, p("gout.goal") + 60), p("gout.goal"))
    return Measure(
        id="gout.control",
        rules=(
            Rule(name="outside", names=Names("外", "outside"), when=~managed("gout", during=PERIOD), group="outside"),
            Rule(name="lost", names=Names("失访", "lost"), when=managed("gout", on=PERIOD.end), group=LOST),
            Rule(name="closed", names=Names("结案", "closed"), when=managed("gout", on=PERIOD.start), group=KEEP),
            Rule(name="goal", names=Names("达标", "at goal"), when=uric < goal, group="numerator"),
            Rule(name="rest", names=Names("其余", "rest"), when=True, group="not_numerator"),
        ),
    )


def test_a_resolved_disease_holds_values_with_their_units():
    """Parameters give way to their values everywhere: signals, lengths, targets."""
    found = resolve_disease(gout(), {})
    assert found.pathway.signals[1].when.args[1] == n.Literal(360.0, "number", "µmol/L")
    assert found.pathway.timings[0].length.amount == n.Literal(12.0, "number", "months")
    assert not [node for node in inside(found) if isinstance(node, n.ParameterOf)]
    assert found.parameters == gout().parameters


def test_a_policy_sets_the_parameter_that_allows_it():
    """A number given as text takes the place of the parameter's value, in its timing and in the list."""
    found = resolve_disease(gout(), {"lost_after": "6", "something_else": "x"})
    assert found.pathway.timings[0].length.amount == n.Literal(6.0, "number", "months")
    assert found.parameter("lost_after").values == (DatedValue(value=6.0),)


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "six", "", "１２", "1e3"])
def test_a_policy_that_is_no_whole_number_is_refused(value):
    """Months are counted from 1, in plain digits."""
    with pytest.raises(UsageError, match="unknown_option"):
        resolve_disease(gout(), {"lost_after": value})


def test_empty_and_missing_parameters_are_refused_together():
    """A parameter that is not there, of another disease, or without a value cannot be put in."""
    made = gout()
    dated = evolve(made.parameters[0], values=())
    goals = [p("gout.gaol"), p("hypertension.sbp")]
    targets = tuple(evolve(made.targets[0], goal=uric < goal) for goal in goals)
    with pytest.raises(DefinitionError) as error:
        resolve_disease(evolve(made, parameters=(dated, *made.parameters[1:]), targets=targets), {})
    assert [fault.check for fault in error.value.faults] == [
        "unsound_parameter",
        "unknown_parameter",
        "unknown_disease",
    ]


def test_a_resolved_measure_has_no_choice_left():
    """Choices of condition and of group are made, parameters put in, and the policies in force are said."""
    found = resolve(control(), GOUT, {"age_on": "period_start", "lost": "exclude"})
    assert dict(found.policy) == {"age_on": "period_start", "closed": "exclude", "lost": "exclude", "lost_after": "12"}
    assert list(found.policy) == sorted(found.policy)
    assert [rule.group for rule in found.measure.rules][1:3] == ["excluded:lost", "excluded:closed"]
    left = (n.Choice, n.ParameterOf, GroupChoice)
    assert not [node for node in inside(found.measure) if isinstance(node, left)]
    assert n.Age(n.PeriodStart()) in list(inside(found.measure))
    assert found.diseases == {"gout": resolve_disease(gout(), {})}


def test_defaults_are_in_force_unless_said_otherwise():
    """Without a policy every choice takes its default; a number of the disease is said as set."""
    found = resolve(control(), GOUT, {"lost_after": "6"})
    assert dict(found.policy) == {"age_on": "period_end", "closed": "exclude", "lost": "not_at_goal", "lost_after": "6"}
    assert found.diseases["gout"].pathway.timings[0].length.amount.value == 6.0


def test_a_rule_whose_group_is_left_blank_is_dropped():
    """A rule that catches nobody must not leave anybody undetermined either."""
    found = resolve(control(), GOUT, {"closed": "keep"})
    assert [rule.name for rule in found.measure.rules] == ["outside", "lost", "goal", "rest"]


def test_an_option_that_is_none_is_refused_with_the_way_out():
    """A misspelt option names those there are."""
    with pytest.raises(UsageError, match="did you mean exclude"):
        resolve(control(), GOUT, {"lost": "exlude"})


def test_what_a_measure_names_has_to_be_there():
    """A disease that is not known is refused, with what is missing, all at once."""
    with pytest.raises(DefinitionError) as error:
        resolve(control(), {}, {})
    assert {fault.check for fault in error.value.faults} == {"unknown_disease"}


def test_only_the_diseases_a_measure_names_are_resolved():
    """Another disease of the call is none of the measure's business, nor are its policies."""
    both = {**GOUT, "hypertension": disease("hypertension")}
    assert list(resolve(control(), both, {}).diseases) == ["gout"]
    assert diseases_in(control()) == ("gout",)
    assert diseases_in(managed("b", on=PERIOD.end).node) == ("b",)


def test_policies_of_a_measure():
    """The policies of a measure are those of its rules and of its disease's parameters, by name."""
    assert policies_of(control(), GOUT) == (
        Policy("age_on", ("period_end", "period_start"), "period_end"),
        Policy("closed", ("exclude", "keep"), "exclude"),
        Policy("lost", ("not_at_goal", "exclude"), "not_at_goal"),
        Policy("lost_after", (), "12"),
    )
    assert [policy.name for policy in policies_of(control(), {})] == ["age_on", "closed", "lost"]


def test_the_catalogue_has_the_policies_of_the_specification():
    """Control of hypertension has the policies that the specification leaves open, with their defaults."""
    found = disease("hypertension")
    measure = measure_set("cn-bphs-2017", [found])[2]
    assert {policy.name: policy.default for policy in policies_of(measure, {found.id: found})} == {
        "age_on": "reading",
        "lost": "not_at_goal",
        "lost_after": "12",
        "managed": "any_time",
        "misdiagnosed": "exclude",
        "reading": "last_follow_up",
        "unknown": "not_at_goal",
    }


def test_policies_are_checked_against_all_measures_of_a_call():
    """A policy that any measure has is right; names and options that none has are told together."""
    plain = Measure(id="m", numerator=managed("gout", during=PERIOD))
    check_policy([plain, control()], GOUT, {"lost": "exclude", "lost_after": "6"})
    with pytest.raises(UsageError) as error:
        check_policy([plain, control()], GOUT, {"lots": "exclude", "lost": "excluded", "lost_after": "0"})
    assert [(fault.check, fault.where) for fault in error.value.faults] == [
        ("unknown_policy", "lots=exclude"),
        ("unknown_option", "lost=excluded"),
        ("unknown_option", "lost_after=0"),
    ]
    assert "did you mean lost" in error.value.faults[0].hint


def test_an_expression_is_resolved_alone():
    """A value that is asked without a measure has its choices made and its parameters put in."""
    node = choice("strict", default="no", no=uric < p("gout.goal"), yes=uric < 300).node
    resolved = {"gout": resolve_disease(gout(), {})}
    assert resolve_value(node, resolved, {}).args[1] == n.Literal(360.0, "number", "µmol/L")
    assert resolve_value(node, resolved, {"strict": "yes"}).args[1] == n.Literal(300.0, "number")
    with pytest.raises(DefinitionError, match="unknown_disease"):
        resolve_value(node, {}, {})
    with pytest.raises(DefinitionError, match="unknown_disease"):
        resolve_value(managed("gout", during=PERIOD).node, {}, {})


def test_choices_can_be_made_for_reading():
    """A measure to be read has its choices made, the numbers of the disease still by name, and no rule of nobody."""
    read = chosen(control(), GOUT, {"closed": "keep"})
    assert not [part for part in inside(read) if isinstance(part, n.Choice | GroupChoice)]
    assert [part.name for part in inside(read) if isinstance(part, n.ParameterOf)]
    assert len(read.rules) == len(control().rules) - 1
    with pytest.raises(UsageError, match="cannot be followed"):
        chosen(control(), GOUT, {"closed": "kept"})
