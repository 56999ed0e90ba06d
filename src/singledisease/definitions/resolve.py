"""Resolving a definition: every choice made and every parameter's value put in, before an engine sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from attrs import evolve, field, frozen

from singledisease.definitions.aggregate import Countable, Distribution, Ratio
from singledisease.definitions.citation import DatedValue, Parameter
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import GroupChoice, Measure
from singledisease.errors import DefinitionError, Fault, UsageError, did_you_mean
from singledisease.frozen_mapping import frozen_mapping
from singledisease.language.format import number_text
from singledisease.language.nodes import (
    Breaches,
    Choice,
    CodesOf,
    Concerns,
    Literal,
    ParameterOf,
    Sequences,
    Services,
    Spells,
    Status,
    TierDuring,
    TierOn,
    Value,
)
from singledisease.language.traversal import inside, rewrite

KEPT = 4096
"""How many measures are remembered with what was found out about them; they never change, so nothing goes stale."""


@frozen
class Policy:
    """A named policy: its options in the order in which they are declared, none if it is a whole number."""

    name: str
    options: tuple[str, ...]
    default: str


AnyMeasure = TypeVar("AnyMeasure", Measure, Ratio, Distribution)


@frozen
class Resolved:
    """A measure without choices, the diseases it looks at, and the policies in force.

    Attributes
    ----------
    diseases
        Resolved, by id: those the measure names.
    policy
        Every policy of the measure and of its diseases' parameters, with the option in force, by name.
    """

    measure: Countable
    diseases: Mapping[str, Disease] = field(converter=frozen_mapping)
    policy: Mapping[str, str] = field(converter=frozen_mapping)


# WHICH DISEASES AND POLICIES


def diseases_in(node: Any) -> tuple[str, ...]:
    """Give the ids of the diseases that an expression or a measure names, in order of first mention."""
    return _diseases_in_measure(node) if isinstance(node, Measure | Ratio | Distribution) else _diseases_in(node)


def _diseases_in(node: Any) -> tuple[str, ...]:
    named = (part.disease for part in inside(node) if isinstance(part, _NAMING))
    return tuple(dict.fromkeys(disease for disease in named if disease))


_diseases_in_measure = lru_cache(KEPT)(_diseases_in)
_NAMING = (
    Breaches,
    Spells,
    Services,
    Sequences,
    Concerns,
    Status,
    TierOn,
    TierDuring,
    CodesOf,
    ParameterOf,
    Measure,
)


def policies_of(measure: Countable | Value, diseases: Mapping[str, Disease]) -> tuple[Policy, ...]:
    """Give the policies of a measure or an expression and of the parameters of the diseases it names, by name."""
    named = named_diseases(measure, diseases)
    return _policies_of_measure(measure, named) if isinstance(measure, Measure) else _policies_of(measure, named)


def named_diseases(measure: Countable | Value, diseases: Mapping[str, Disease]) -> tuple[Disease, ...]:
    """Give those of the diseases that a measure or an expression names."""
    return tuple(diseases[name] for name in diseases_in(measure) if name in diseases)


def _policies_of(measure: Countable | Value, diseases: tuple[Disease, ...]) -> tuple[Policy, ...]:
    found: dict[str, Policy] = {}
    for part in inside(measure):
        if isinstance(part, Choice | GroupChoice):
            found[part.name] = Policy(part.name, tuple(option.name for option in part.options), part.default)
    for parameter in (parameter for disease in diseases for parameter in disease.parameters):
        if parameter.policy:
            found[parameter.policy] = Policy(parameter.policy, (), number_text(parameter.values[-1].value))
    return tuple(found[name] for name in sorted(found))


_policies_of_measure = lru_cache(KEPT)(_policies_of)


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
    faults = [fault for name, value in policy.items() for fault in _policy_faults(name, str(value), known)]
    if faults:
        raise UsageError("this policy cannot be followed", faults)


def _policy_faults(name: str, value: str, known: Mapping[str, list[Policy]]) -> list[Fault]:
    if name not in known:
        return [Fault("unknown_policy", f"{name}={value}", f"no policy is called {name!r}", did_you_mean(name, known))]
    options = [option for policy in known[name] for option in policy.options]
    if any(not policy.options for policy in known[name]):
        if _is_whole(value):
            return []
        return [Fault("unknown_option", f"{name}={value}", f"{value!r} is no whole number of at least 1")]
    if value in options:
        return []
    return [Fault("unknown_option", f"{name}={value}", f"{value!r} is no option of it", did_you_mean(value, options))]


def _is_whole(value: str) -> bool:
    return value.isascii() and value.isdigit() and int(value) >= 1


# DISEASES

Chosen = tuple[tuple[str, str], ...]
"""Options by name of policy, in order of the names."""


def resolve_disease(disease: Disease, policy: Mapping[str, str]) -> Disease:
    """Put the values of a disease's parameters in the place of their names.

    A parameter with a policy takes the number that ``policy`` gives for it, if any; further names in
    ``policy`` are none of a disease's business.

    Raises
    ------
    DefinitionError
        If a parameter is not declared, or has several values by date.
    UsageError
        If the policy of a parameter is no whole number of at least 1.
    """
    named = {parameter.policy for parameter in disease.parameters}
    return _resolve_disease(disease, tuple((name, str(policy[name])) for name in sorted(named & policy.keys())))


@lru_cache(KEPT)
def _resolve_disease(disease: Disease, chosen: Chosen) -> Disease:
    policy = dict(chosen)
    parameters = {parameter.name: _set(parameter, policy) for parameter in disease.parameters}
    with_values = evolve(disease, parameters=tuple(parameters.values()))
    values = _Values({disease.id: with_values})
    found: Disease = rewrite(with_values, values.put)
    if values.faults:
        raise DefinitionError(f"{disease.id} cannot be resolved", dict.fromkeys(values.faults))
    return found


def _set(parameter: Parameter, policy: Mapping[str, str]) -> Parameter:
    if not parameter.policy or parameter.policy not in policy:
        return parameter
    value = policy[parameter.policy]
    known = {parameter.policy: [Policy(parameter.policy, (), "")]}
    faults = _policy_faults(parameter.policy, value, known)
    if faults:
        raise UsageError("this policy cannot be followed", faults)
    return evolve(parameter, values=(DatedValue(value=float(value)),))


@frozen
class _Values:
    """Puts values in the place of parameters, collecting what cannot be found."""

    diseases: Mapping[str, Disease]
    faults: list[Fault] = field(factory=list)

    def put(self, node: Any) -> Any:
        return self.value(node) if isinstance(node, ParameterOf) else node

    def value(self, node: ParameterOf) -> Literal | ParameterOf:
        where = f"p({node.name!r}) of {node.disease}"
        if node.disease not in self.diseases:
            hint = did_you_mean(node.disease, self.diseases)
            self.faults.append(Fault("unknown_disease", where, f"no disease is called {node.disease!r}", hint))
            return node
        known = {parameter.name: parameter for parameter in self.diseases[node.disease].parameters}
        if node.name not in known:
            hint = did_you_mean(node.name, known)
            self.faults.append(Fault("unknown_parameter", where, f"no parameter is called {node.name!r}", hint))
            return node
        parameter = known[node.name]
        if len(parameter.values) != 1:
            message = "has several values by date, which no engine follows yet"
            self.faults.append(Fault("unsupported_dated_value", where, message, "give it one value"))
            return node
        return Literal(parameter.values[0].value, "number", parameter.unit)


# MEASURES


def resolve(measure: Countable, diseases: Mapping[str, Disease], policy: Mapping[str, str]) -> Resolved:
    """Make every choice of a measure and of the diseases it names, and put the values of parameters in.

    Rules whose group a policy leaves blank catch nobody and are dropped.  Names in ``policy`` that the
    measure does not have are passed over: ``check_policy`` looks at all measures of a call.

    Raises
    ------
    DefinitionError
        If a disease or parameter is not known.
    UsageError
        If an option is not known.
    """
    named = named_diseases(measure, diseases)
    in_force = tuple((each.name, str(policy.get(each.name, each.default))) for each in policies_of(measure, diseases))
    return _resolve(measure, named, in_force, tuple(_unknown_diseases(measure, diseases)))


@lru_cache(KEPT)
def _resolve(measure: Countable, diseases: tuple[Disease, ...], chosen: Chosen, unknown: tuple[Fault, ...]) -> Resolved:
    in_force = dict(chosen)
    resolved = {disease.id: resolve_disease(disease, in_force) for disease in diseases}
    values, options = _Values(resolved), _Options(in_force)
    found = _rewritten(measure, lambda part: rewrite(options.choose(part), values.put))
    values.faults.extend(unknown)
    if values.faults:
        raise DefinitionError(f"{measure.id} cannot be resolved", dict.fromkeys(values.faults))
    return Resolved(found, resolved, in_force)


def chosen(measure: AnyMeasure, diseases: Mapping[str, Disease], policy: Mapping[str, str]) -> AnyMeasure:
    """Make every choice of a measure and leave the names of its parameters, so that it can be read.

    Raises
    ------
    UsageError
        If an option is not known.
    """
    in_force = {each.name: policy.get(each.name, each.default) for each in policies_of(measure, diseases)}
    found: AnyMeasure = _rewritten(measure, _Options(in_force).choose)
    return found


def resolve_value(node: Any, diseases: Mapping[str, Disease], policy: Mapping[str, str]) -> Any:
    """Make every choice of an expression and put the values of parameters in; ``diseases`` are resolved ones."""
    in_force = {part.name: part.default for part in inside(node) if isinstance(part, Choice)} | dict(policy)
    values = _Values(diseases)
    found = rewrite(_Options(in_force).choose(node), values.put)
    values.faults.extend(_unknown_diseases(node, diseases))
    if values.faults:
        raise DefinitionError("this expression cannot be resolved", dict.fromkeys(values.faults))
    return found


def _rewritten(measure: Any, change: Callable[[Any], Any]) -> Any:
    """Change all that a measure holds; rules that a policy gives no group catch nobody, and are dropped."""
    if not isinstance(measure, Measure):
        return change(measure)
    rules = tuple(rule for rule in map(change, measure.rules) if rule.group)
    return evolve(measure, rules=rules, of=None if measure.of is None else change(measure.of))


@frozen
class _Options:
    """Puts the chosen option in the place of a choice."""

    in_force: Mapping[str, str]

    def choose(self, node: Any) -> Any:
        return rewrite(node, self._put)

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


def _unknown_diseases(node: Any, diseases: Mapping[str, Disease]) -> list[Fault]:
    return [_unknown_disease(name, diseases) for name in diseases_in(node) if name not in diseases]


def _unknown_disease(name: str, diseases: Mapping[str, Disease]) -> Fault:
    return Fault("unknown_disease", name, f"no disease is called {name!r}", did_you_mean(name, diseases))
