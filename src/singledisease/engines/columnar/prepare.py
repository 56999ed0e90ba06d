"""Making expressions ready to be evaluated: once, however many parts of a registry are asked the same."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from attrs import evolve

from singledisease.definitions.disease import Disease
from singledisease.engines.columnar.common_subexpressions import CommonSubexpressions
from singledisease.engines.columnar.institutions import IN_CHARGE
from singledisease.engines.columnar.scopes import with_own_columns


@lru_cache(maxsize=32)
def prepared(
    nodes: tuple[Any, ...], linked: frozenset[str] = frozenset()
) -> tuple[tuple[Any, ...], CommonSubexpressions]:
    """Give nodes as they are evaluated, and the numbers of all that is inside them.

    ``linked`` has the diseases of which each linked sequence has a course of its own.
    """
    ready = tuple(map(with_own_columns, nodes))
    common = CommonSubexpressions(linked)
    common.add((*ready, IN_CHARGE))
    return ready, common


@lru_cache(maxsize=128)
def prepared_pathway(disease: Disease) -> tuple[Disease, CommonSubexpressions]:
    """Give a disease with the expressions of its pathway as they are evaluated, and the numbers of all inside them."""
    pathway = with_own_columns(disease.pathway)
    services = tuple(with_own_columns(service) for service in disease.services)
    ready = evolve(disease, pathway=pathway, services=services)
    common = CommonSubexpressions()
    common.add(signal.when for signal in ready.pathway.signals)
    common.add(timing.met_by for timing in ready.timings)
    common.add(timing.length.amount for timing in ready.timings)
    common.add((IN_CHARGE,))
    return ready, common
