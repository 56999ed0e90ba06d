"""Checks of a measure against the diseases it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from singledisease.definitions.checks.expression_sites import with_values
from singledisease.definitions.checks.references import missing, wrong_columns, wrong_statuses
from singledisease.definitions.checks.support import dated_values
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import Measure, Rule
from singledisease.definitions.resolve import diseases_in
from singledisease.errors import Fault
from singledisease.language.nodes import ParameterOf
from singledisease.language.traversal import inside
from singledisease.language.typecheck import faults_of


def wrong_names(measure: Measure, diseases: Mapping[str, Disease]) -> Iterator[Fault]:
    """Find diseases, states, parameters and quantities that a measure names and that do not exist."""
    yield from missing("unknown_disease", f"measure {measure.id}", "disease", diseases_in(measure), diseases)
    for rule in measure.rules:
        yield from _rule_faults(rule, diseases)


def _rule_faults(rule: Rule, diseases: Mapping[str, Disease]) -> Iterator[Fault]:
    where, known = f"rule {rule.name}", list(diseases.values())
    yield from wrong_statuses(where, rule.when, known)
    yield from wrong_columns(where, rule.when, [quantity for disease in known for quantity in disease.quantities])
    for part in inside(rule.when):
        if isinstance(part, ParameterOf) and part.disease in diseases:
            names = [parameter.name for parameter in diseases[part.disease].parameters]
            yield from missing("unknown_parameter", where, f"parameter of {part.disease}", [part.name], names)
    yield from dated_values(rule.when, known)
    node = rule.when
    for disease in known:
        node = with_values(disease, node)
    for fault in faults_of(node):
        yield Fault(fault.check, f"{where}, {fault.where}", fault.message, fault.hint)
