"""A disease made ready for clinic software: resolved and compiled once, however many people there are."""

from __future__ import annotations

from functools import lru_cache

from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import resolve_disease
from singledisease.engines.reference.route import Route, prepared_route


@lru_cache(maxsize=64)
def prepared(disease: Disease, policy: tuple[tuple[str, str], ...]) -> Route:
    """Resolve a disease's parameters with some policies and make its pathway ready to be walked.

    Raises
    ------
    UsageError
        If a policy's value is none that its parameter can take.
    DefinitionError
        If the disease cannot be resolved.
    """
    return prepared_route(resolve_disease(disease, dict(policy)))
