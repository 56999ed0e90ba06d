"""Checks of a measure against the diseases it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from singledisease.dates import Period
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.checks.expression_sites import with_values
from singledisease.definitions.checks.looking_ahead import LateWindow, late_windows, looks_ahead
from singledisease.definitions.checks.named_parts import wrong_named_parts
from singledisease.definitions.checks.references import (
    UNKNOWN_QUANTITY,
    missing,
    wrong_columns,
    wrong_kinds,
    wrong_statuses,
)
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import named_diseases
from singledisease.definitions.resolve.named import codes_not_given, diseases_beside_codes, names_of
from singledisease.errors import Fault
from singledisease.language.node_memory import remembered
from singledisease.language.nodes import ParameterOf
from singledisease.language.row_sources import Source, source_of
from singledisease.language.traversal import inside
from singledisease.language.typecheck import faults_of
from singledisease.vocabulary import Quantity


def wrong_names(measure: Countable, diseases: Mapping[str, Disease]) -> Iterator[Fault]:
    """Find diseases, states, tiers, parameters and quantities that a measure names and that do not exist."""
    unknown = [name for name in diseases_beside_codes(measure) if name not in diseases]
    called = names_of(diseases) if unknown else {}
    yield from missing("unknown_disease", f"measure {measure.id}", "disease", unknown, diseases, called=called)
    yield from codes_not_given(measure, diseases)
    named = named_diseases(measure, diseases)
    faults = _faults(measure, named, _declared(named))
    if any(fault.check == UNKNOWN_QUANTITY for fault in faults):
        # Any disease may have declared the quantity; only now are all of them looked at, which may load them.
        faults = _faults(measure, named, _declared(diseases.values()))
    yield from faults


def _declared(diseases: Iterable[Disease]) -> tuple[Quantity, ...]:
    return tuple(quantity for disease in diseases for quantity in disease.quantities)


def windows_ahead(measure: Countable, diseases: Mapping[str, Disease], periods: Iterable[Period]) -> Iterator[Fault]:
    """Find windows of a measure that end after the end of a period asked about; see ``looks_ahead``."""
    yield from looks_ahead(_late_windows(measure, named_diseases(measure, diseases)), periods)


@remembered
def _late_windows(measure: Countable, diseases: tuple[Disease, ...]) -> tuple[LateWindow, ...]:
    sites = [(where, _with_all_values(node, diseases)) for where, node, _ in _sites(measure)]
    return tuple(late_windows(measure, sites))


def _sites(measure: Countable) -> list[tuple[str, Any, Source | None]]:
    source = None if measure.of is None else source_of(measure.of)
    sites: list[tuple[str, Any, Source | None]] = [(f"rule {rule.name}", rule.when, source) for rule in measure.rules]
    return sites if measure.of is None else [*sites, ("of", measure.of, None)]


def _with_all_values(node: Any, diseases: tuple[Disease, ...]) -> Any:
    for disease in diseases:
        node = with_values(disease, node)
    return node


@remembered
def _faults(measure: Countable, diseases: tuple[Disease, ...], quantities: tuple[Quantity, ...]) -> tuple[Fault, ...]:
    return tuple(
        fault
        for where, node, source in _sites(measure)
        for fault in _site_faults(where, node, source, diseases, quantities)
    )


def _site_faults(
    where: str,
    node: Any,
    source: Source | None,
    diseases: tuple[Disease, ...],
    quantities: tuple[Quantity, ...],
) -> Iterator[Fault]:
    yield from wrong_statuses(where, node, diseases)
    yield from wrong_columns(where, node, quantities, source)
    yield from wrong_kinds(where, node)
    yield from _wrong_parameters(where, node, diseases)
    yield from wrong_named_parts(where, node, diseases)
    for fault in faults_of(_with_all_values(node, diseases), source):
        yield Fault(fault.check, f"{where}, {fault.where}", fault.message, fault.hint)


def _wrong_parameters(where: str, node: Any, diseases: tuple[Disease, ...]) -> Iterator[Fault]:
    known = {disease.id: [parameter.name for parameter in disease.parameters] for disease in diseases}
    for part in inside(node, ParameterOf):
        if part.disease in known:
            what = f"parameter of {part.disease}"
            yield from missing("unknown_parameter", where, what, [part.name], known[part.disease])
