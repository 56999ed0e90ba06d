"""A disease made ready for clinic software: resolved and compiled once, however many people there are."""

from __future__ import annotations

from functools import lru_cache

from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.reference.compile_pathway import CompiledPathway, compiled_pathway


@lru_cache(maxsize=64)
def prepared(disease: Disease, policy: tuple[tuple[str, str], ...]) -> CompiledPathway:
    """Resolve a disease's parameters with some policies and make its pathway ready to be walked.

    Raises
    ------
    UsageError
        If a policy's value is none that its parameter can take.
    DefinitionError
        If the disease cannot be resolved.
    """
    return compiled_pathway(resolve_disease(disease, dict(policy)))
