"""Checks of a measure against the diseases it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from singledisease.definitions.aggregate import Countable
from singledisease.definitions.checks.expression_sites import with_values
from singledisease.definitions.checks.named_parts import wrong_named_parts
from singledisease.definitions.checks.references import UNKNOWN_QUANTITY, missing, wrong_columns, wrong_statuses
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import KEPT, diseases_in, named_diseases
from singledisease.errors import Fault
from singledisease.language.nodes import ParameterOf
from singledisease.language.row_sources import Source, source_of
from singledisease.language.traversal import inside
from singledisease.language.typecheck import faults_of
from singledisease.vocabulary import Quantity


def wrong_names(measure: Countable, diseases: Mapping[str, Disease]) -> Iterator[Fault]:
    """Find diseases, states, tiers, parameters and quantities that a measure names and that do not exist."""
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
def _faults(measure: Countable, diseases: tuple[Disease, ...], quantities: tuple[Quantity, ...]) -> tuple[Fault, ...]:
    source = None if measure.of is None else source_of(measure.of)
    sites: list[tuple[str, Any, Source | None]] = [(f"rule {rule.name}", rule.when, source) for rule in measure.rules]
    if measure.of is not None:
        sites.append(("of", measure.of, None))
    return tuple(fault for where, node, row in sites for fault in _site_faults(where, node, row, diseases, quantities))


def _site_faults(
    where: str,
    node: Any,
    source: Source | None,
    diseases: tuple[Disease, ...],
    quantities: tuple[Quantity, ...],
) -> Iterator[Fault]:
    yield from wrong_statuses(where, node, diseases)
    yield from wrong_columns(where, node, quantities)
    yield from _wrong_parameters(where, node, diseases)
    yield from wrong_named_parts(where, node, diseases)
    for disease in diseases:
        node = with_values(disease, node)
    for fault in faults_of(node, source):
        yield Fault(fault.check, f"{where}, {fault.where}", fault.message, fault.hint)


def _wrong_parameters(where: str, node: Any, diseases: tuple[Disease, ...]) -> Iterator[Fault]:
    known = {disease.id: [parameter.name for parameter in disease.parameters] for disease in diseases}
    for part in inside(node, ParameterOf):
        if part.disease in known:
            what = f"parameter of {part.disease}"
            yield from missing("unknown_parameter", where, what, [part.name], known[part.disease])
