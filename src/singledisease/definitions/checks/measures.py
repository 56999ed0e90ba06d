"""Checks of a measure against the diseases it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from singledisease.definitions.checks.expression_sites import with_values
from singledisease.definitions.checks.references import UNKNOWN_QUANTITY, missing, wrong_columns, wrong_statuses
from singledisease.definitions.checks.support import dated_values
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import Measure, Rule
from singledisease.definitions.resolve import KEPT, diseases_in, named_diseases
from singledisease.errors import Fault
from singledisease.language.nodes import ParameterOf
from singledisease.language.traversal import inside
from singledisease.language.typecheck import faults_of
from singledisease.vocabulary import Quantity


def wrong_names(measure: Measure, diseases: Mapping[str, Disease]) -> Iterator[Fault]:
    """Find diseases, states, parameters and quantities that a measure names and that do not exist."""
    yield from missing("unknown_disease", f"measure {measure.id}", "disease", diseases_in(measure), diseases)
    named = named_diseases(measure, diseases)
    faults = _faults(measure, named, _declared(named))
    if any(fault.check == UNKNOWN_QUANTITY for fault in faults):
        # Any disease may have declared the quantity; only now are all of them looked at, which may load them.
        faults = _faults(measure, named, _declared(diseases.values()))
    yield from faults


def _declared(diseases: Iterable[Disease]) -> tuple[Quantity, ...]:
    return tuple(quantity for disease in diseases for quantity in disease.quantities)


@lru_cache(KEPT)
def _faults(measure: Measure, diseases: tuple[Disease, ...], quantities: tuple[Quantity, ...]) -> tuple[Fault, ...]:
    return tuple(fault for rule in measure.rules for fault in _rule_faults(rule, diseases, quantities))


def _rule_faults(rule: Rule, diseases: tuple[Disease, ...], quantities: tuple[Quantity, ...]) -> Iterator[Fault]:
    where = f"rule {rule.name}"
    yield from wrong_statuses(where, rule.when, diseases)
    yield from wrong_columns(where, rule.when, quantities)
    yield from _wrong_parameters(where, rule, diseases)
    yield from dated_values(rule.when, diseases)
    node = rule.when
    for disease in diseases:
        node = with_values(disease, node)
    for fault in faults_of(node):
        yield Fault(fault.check, f"{where}, {fault.where}", fault.message, fault.hint)


def _wrong_parameters(where: str, rule: Rule, diseases: tuple[Disease, ...]) -> Iterator[Fault]:
    known = {disease.id: [parameter.name for parameter in disease.parameters] for disease in diseases}
    for part in inside(rule.when):
        if isinstance(part, ParameterOf) and part.disease in known:
            what = f"parameter of {part.disease}"
            yield from missing("unknown_parameter", where, what, [part.name], known[part.disease])
