"""Resolving a measure: every choice made, everything named written out, before an engine sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from attrs import field, frozen

from singledisease.definitions.aggregate import Countable, Distribution, Ratio
from singledisease.definitions.citation import Parameter, Status
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import Measure, Rule, with_rules
from singledisease.definitions.resolve.diseases import Chosen, resolve_disease
from singledisease.definitions.resolve.named import named_diseases, unknown_diseases
from singledisease.definitions.resolve.policies import (
    AT_PERIOD_END,
    IN_FORCE,
    ChoiceResolver,
    dated_parameters,
    policies_of,
)
from singledisease.definitions.resolve.write_out import WriteOut
from singledisease.errors import DefinitionError, Fault
from singledisease.frozen_mapping import frozen_mapping
from singledisease.language.format import number_text
from singledisease.language.node_memory import remembered
from singledisease.language.nodes import Choice, ParameterOf
from singledisease.language.scopes import Scope, scope_of_rows
from singledisease.language.traversal import inside

AnyMeasure = TypeVar("AnyMeasure", bound=Countable)

_OF_COUNTED_ROW: Mapping[type, tuple[str, ...]] = {
    Rule: ("when",),
    Ratio: ("population", "numerator", "denominator"),
    Distribution: ("population", "value"),
}
"""Fields of a measure of rows that hold expressions about a row."""


@frozen
class Resolved:
    """A measure without choices, the diseases it looks at, and the policies in force.

    Attributes
    ----------
    diseases
        Resolved, by id: those the measure names.
    policy
        Every policy of the measure and of its diseases' parameters, with the option in force, by name; and the values
        of each dated parameter that the measure names, by ``disease.name``.
    numbers
        The parameters that the measure names, under the options in force, as ``disease.name``, with how sure each is.
    written, named
        What it was resolved from: the measure with its choices, and the diseases it names; so that it can be resolved
        again under other policies.  Two that say the same are equal whatever they were made from.
    """

    measure: Countable
    diseases: Mapping[str, Disease] = field(converter=frozen_mapping)
    policy: Mapping[str, str] = field(converter=frozen_mapping)
    numbers: Mapping[str, Status] = field(factory=dict, converter=frozen_mapping)
    written: Countable | None = field(default=None, eq=False, repr=False)
    named: tuple[Disease, ...] = field(default=(), eq=False, repr=False)

    @property
    def proposals(self) -> tuple[str, ...]:
        """The numbers of the measure that no source supports: they are this project's, or a county's."""
        return tuple(name for name, status in self.numbers.items() if status == "proposal")


def resolve(measure: Countable, diseases: Mapping[str, Disease], policy: Mapping[str, str]) -> Resolved:
    """Make every choice of a measure and of the diseases it names, and write out what it names.

    Rules whose group a policy leaves blank catch nobody and are dropped.  Names in ``policy`` that the
    measure does not have are passed over: ``check_policy`` looks at all measures of a call.

    Raises
    ------
    DefinitionError
        If a disease, parameter, code set or tier is not known.
    UsageError
        If an option is not known.
    """
    named = named_diseases(measure, diseases)
    in_force = tuple((each.name, str(policy.get(each.name, each.default))) for each in policies_of(measure, diseases))
    return _resolve(measure, named, in_force, tuple(unknown_diseases(measure, diseases)))


@remembered
def _resolve(measure: Countable, diseases: tuple[Disease, ...], chosen: Chosen, unknown: tuple[Fault, ...]) -> Resolved:
    in_force = dict(chosen)
    resolved = {disease.id: resolve_disease(disease, in_force) for disease in diseases}
    values = WriteOut(resolved, in_force.get(IN_FORCE) == AT_PERIOD_END)
    chosen_measure = _chosen(measure, in_force)
    found = values.write_out(chosen_measure, of_row=_OF_COUNTED_ROW if _counts_dated_rows(measure) else {})
    values.faults.extend(unknown)
    if values.faults:
        raise DefinitionError(f"{measure.id} cannot be resolved", dict.fromkeys(values.faults))
    dated = {f"{owner}.{each.name}": _values_text(each) for owner, each in dated_parameters(measure, resolved.values())}
    numbers = dict(_numbers(chosen_measure, resolved))
    policy = {**in_force, **dict(sorted(dated.items()))}
    return Resolved(found, resolved, policy, numbers, written=measure, named=diseases)


def _numbers(measure: Countable, diseases: Mapping[str, Disease]) -> Iterator[tuple[str, Status]]:
    for node in inside(measure, ParameterOf):
        yield f"{node.disease}.{node.name}", diseases[node.disease].parameter(node.name).status


def _counts_dated_rows(measure: Countable) -> bool:
    return measure.of is not None and scope_of_rows(measure.of) == "row"


def _values_text(parameter: Parameter) -> str:
    """Write every value of a parameter with the day from which it holds, in no language."""
    texts = []
    for each in parameter.values:
        since = "" if each.valid_from is None else f"≥ {each.valid_from}: "
        texts.append(f"{since}{number_text(each.value)} {parameter.unit}".strip())
    return "; ".join(texts)


def chosen(measure: AnyMeasure, diseases: Mapping[str, Disease], policy: Mapping[str, str]) -> AnyMeasure:
    """Make every choice of a measure and leave the names of its parameters, so that it can be read.

    Raises
    ------
    UsageError
        If an option is not known.
    """
    in_force = {each.name: policy.get(each.name, each.default) for each in policies_of(measure, diseases)}
    found: AnyMeasure = _chosen(measure, in_force)
    return found


def _chosen(measure: Any, in_force: Mapping[str, str]) -> Any:
    """Make every choice; rules that a policy gives no group catch nobody, and are dropped."""
    choose = ChoiceResolver(in_force).choose
    if not isinstance(measure, Measure):
        return choose(measure)
    rules = tuple(rule for rule in map(choose, measure.rules) if rule.group)
    return with_rules(measure, rules, None if measure.of is None else choose(measure.of))


def resolve_value(
    node: Any, diseases: Mapping[str, Disease], policy: Mapping[str, str], scope: Scope = "person"
) -> Any:
    """Make every choice of an expression and write out what it names; ``diseases`` are resolved ones."""
    in_force = {part.name: part.default for part in inside(node, Choice)} | dict(policy)
    values = WriteOut(diseases, in_force.get(IN_FORCE) == AT_PERIOD_END)
    found = values.write_out(ChoiceResolver(in_force).choose(node), scope)
    values.faults.extend(unknown_diseases(node, diseases))
    if values.faults:
        raise DefinitionError("this expression cannot be resolved", dict.fromkeys(values.faults))
    return found
