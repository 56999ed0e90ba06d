"""Policies: which there are, whether what is asked for is one of their options, and making the choice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from singledisease.definitions.aggregate import Countable
from singledisease.definitions.citation import Parameter
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import GroupChoice, Measure
from singledisease.definitions.resolve.named import named_diseases
from singledisease.errors import Fault, UsageError, did_you_mean
from singledisease.language.format import number_text
from singledisease.language.node_memory import remembered
from singledisease.language.nodes import Choice, ParameterOf, Value
from singledisease.language.traversal import inside, rewrite

IN_FORCE, OWN_DAY, AT_PERIOD_END = "in_force", "own_day", "period_end"
"""The policy on which of several dated values is taken: that of the day looked at, or that of the period's end."""

AS_DATED = "as_dated"
"""The option of a number with several dated values that leaves them as they are."""


@frozen
class Policy:
    """A named policy: its options in the order in which they are declared, none if it is a whole number."""

    name: str
    options: tuple[str, ...]
    default: str


def policies_of(measure: Countable | Value, diseases: Mapping[str, Disease]) -> tuple[Policy, ...]:
    """Give the policies of a measure or an expression and of the parameters of the diseases it names, by name."""
    named = named_diseases(measure, diseases)
    return _policies_of_measure(measure, named) if isinstance(measure, Measure) else _policies_of(measure, named)


def _policies_of(measure: Countable | Value, diseases: tuple[Disease, ...]) -> tuple[Policy, ...]:
    found: dict[str, Policy] = {}
    for part in inside(measure, Choice, GroupChoice):
        found[part.name] = Policy(part.name, tuple(option.name for option in part.options), part.default)
    for parameter in (parameter for disease in diseases for parameter in disease.parameters):
        if parameter.policy:
            dated = len(parameter.values) > 1
            default = AS_DATED if dated else number_text(parameter.values[-1].value)
            found[parameter.policy] = Policy(parameter.policy, (), default)
    if any(True for _ in dated_parameters(measure, diseases)):
        found.setdefault(IN_FORCE, Policy(IN_FORCE, (OWN_DAY, AT_PERIOD_END), OWN_DAY))
    return tuple(found[name] for name in sorted(found))


_policies_of_measure = remembered(_policies_of)


def dated_parameters(node: Any, diseases: Iterable[Disease]) -> Iterator[tuple[str, Parameter]]:
    """Give the parameters with several values by date that an expression names, each with its disease."""
    named = dict.fromkeys((part.disease, part.name) for part in inside(node, ParameterOf))
    for disease in diseases:
        for parameter in disease.parameters:
            if (disease.id, parameter.name) in named and is_dated(parameter):
                yield disease.id, parameter


def is_dated(parameter: Parameter) -> bool:
    """Say whether which value holds depends on the day."""
    return len(parameter.values) > 1 or any(value.valid_from is not None for value in parameter.values)


def check_policy(
    measures: Iterable[Countable | Value], diseases: Mapping[str, Disease], policy: Mapping[str, str]
) -> None:
    """Refuse policies that no measure has, and options that no policy of that name has.

    Raises
    ------
    UsageError
        With all of them.
    """
    if not policy:
        return
    known: dict[str, list[Policy]] = {}
    for measure in measures:
        for each in policies_of(measure, diseases):
            known.setdefault(each.name, []).append(each)
    faults = [fault for name, value in policy.items() for fault in policy_faults(name, str(value), known)]
    if faults:
        raise UsageError("this policy cannot be followed", faults)


def policy_faults(name: str, value: str, known: Mapping[str, list[Policy]]) -> list[Fault]:
    """Give what is wrong with an option of a policy."""
    if name not in known:
        return [Fault("unknown_policy", f"{name}={value}", f"no policy is called {name!r}", did_you_mean(name, known))]
    options = [option for policy in known[name] for option in policy.options]
    if any(not policy.options for policy in known[name]):
        if _is_whole(value) or value in (policy.default for policy in known[name]):
            return []
        return [Fault("unknown_option", f"{name}={value}", f"{value!r} is no whole number of at least 1")]
    if value in options:
        return []
    return [Fault("unknown_option", f"{name}={value}", f"{value!r} is no option of it", did_you_mean(value, options))]


def _is_whole(value: str) -> bool:
    return value.isascii() and value.isdigit() and int(value) >= 1


@frozen
class ChoiceResolver:
    """Puts the chosen option in the place of a choice."""

    in_force: Mapping[str, str]

    def choose(self, node: Any) -> Any:
        """Make every choice in a node."""
        return rewrite(node, self._put, Choice, GroupChoice)

    def _put(self, node: Any) -> Any:
        if isinstance(node, Choice):
            return self._chosen(node).value
        return self._chosen(node).group if isinstance(node, GroupChoice) else node

    def _chosen(self, node: Any) -> Any:
        name = self.in_force[node.name]
        for option in node.options:
            if option.name == name:
                return option
        options = [option.name for option in node.options]
        fault = Fault("unknown_option", f"{node.name}={name}", "is no option of it", did_you_mean(name, options))
        raise UsageError("this policy cannot be followed", [fault])
