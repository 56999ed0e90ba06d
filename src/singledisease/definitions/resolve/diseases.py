"""Resolving a disease: every number, code set and tier in its place."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from singledisease.definitions.citation import DatedValue, Parameter
from singledisease.definitions.disease import Disease
from singledisease.definitions.intervals_in_names import with_names_restated
from singledisease.definitions.resolve.policies import AS_DATED, Policy, is_dated, policy_faults
from singledisease.definitions.resolve.write_out import WriteOut
from singledisease.errors import DefinitionError, UsageError
from singledisease.language.format import number_text
from singledisease.language.node_memory import remembered

Chosen = tuple[tuple[str, str], ...]
"""Options by name of policy, in order of the names."""


def resolve_disease(disease: Disease, policy: Mapping[str, str]) -> Disease:
    """Put the values of a disease's parameters, its code sets and its tiers in the place of their names.

    A parameter with a policy takes the number that ``policy`` gives for it, if any; further names in
    ``policy`` are none of a disease's business.  Of several dated values an event takes the one in force on its day.

    Raises
    ------
    DefinitionError
        If a parameter, a code set or a tier is not declared.
    UsageError
        If the policy of a parameter is no whole number of at least 1.
    """
    # To name no policy does not look at the parameters, which may not have been read yet.
    asked = [each for each in disease.parameters if each.policy in policy] if policy else []
    chosen = {each.policy: value for each in asked if not _is_default(each, value := str(policy[each.policy]))}
    return _resolve_disease(disease, tuple(sorted(chosen.items())))


def _is_default(parameter: Parameter, value: str) -> bool:
    """Say whether an option leaves a parameter as it is written: to name it is to name nothing."""
    if is_dated(parameter):
        return value == AS_DATED
    return [number_text(each.value) for each in parameter.values] == [value]


@remembered
def _resolve_disease(disease: Disease, chosen: Chosen) -> Disease:
    policy = dict(chosen)
    parameters = {parameter.name: _set(parameter, policy) for parameter in disease.parameters}
    with_values = evolve(disease, parameters=tuple(parameters.values()))
    if policy:
        with_values = with_names_restated(disease, with_values)
    values = WriteOut({disease.id: with_values})
    found: Disease = values.write_out(with_values)
    if values.faults:
        raise DefinitionError(f"{disease.id} cannot be resolved", dict.fromkeys(values.faults))
    return found


def _set(parameter: Parameter, policy: Mapping[str, str]) -> Parameter:
    if not parameter.policy or parameter.policy not in policy:
        return parameter
    value = policy[parameter.policy]
    faults = policy_faults(parameter.policy, value, {parameter.policy: [Policy(parameter.policy, (), "1")]})
    if faults:
        raise UsageError("this policy cannot be followed", faults)
    return evolve(parameter, values=(DatedValue(value=float(value)),))
