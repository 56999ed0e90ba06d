"""Whether a definition is sound: every fault at once, each found by a small named check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from singledisease.dates import Period
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.checks import (
    expressions,
    graph,
    measures,
    named_parts,
    names,
    numbers,
    references,
    tiers,
    timings,
)
from singledisease.definitions.checks import signal_overlap as implied
from singledisease.definitions.checks.loose_ends import loose_ends
from singledisease.definitions.checks.named_parts import wrong_named_parts
from singledisease.definitions.checks.references import further_kinds, wrong_kinds, wrong_statuses
from singledisease.definitions.disease import Disease
from singledisease.errors import DefinitionError, Fault
from singledisease.frozen_mapping import FrozenMapping

__all__ = [
    "CHECKS",
    "check",
    "check_measure",
    "further_kinds",
    "loose_ends",
    "sound",
    "wrong_kinds",
    "wrong_named_parts",
    "wrong_statuses",
]

CHECKS: tuple[Callable[[Disease], Iterable[Fault]], ...] = (
    names.duplicate_ids,
    names.blank_names,
    names.wrong_codes,
    references.unknown_sequences,
    references.unknown_stages,
    references.unknown_states,
    references.unknown_signals,
    references.unknown_roles_and_levels,
    references.unknown_kinds,
    references.unknown_parameters,
    references.unknown_columns,
    references.unknown_citations,
    named_parts.unknown_named_parts,
    numbers.numbers_without_citation,
    numbers.unsound_parameters,
    expressions.wrong_expressions,
    expressions.signals_that_look_forward,
    expressions.lengths_of_states,
    expressions.policies_in_a_pathway,
    graph.wrong_ends,
    graph.two_transitions_on_one_signal,
    graph.self_transitions,
    graph.unused_signals,
    graph.unreachable_states,
    graph.no_way_to_closed,
    tiers.wrong_code_sets,
    tiers.wrong_tiers,
    tiers.wrong_typed_columns,
    timings.wrong_lengths,
    timings.wrong_starts,
    timings.instant_cycles,
    timings.leads_within,
    timings.without_effect,
    implied.implied_signals,
)
"""Every check of a disease, in the order in which faults are told."""


def check(disease: Disease) -> tuple[Fault, ...]:
    """Give every fault of a disease."""
    return tuple(dict.fromkeys(fault for one in CHECKS for fault in one(disease)))


def sound(disease: Disease) -> Disease:
    """Give a disease back if it is sound.

    Raises
    ------
    DefinitionError
        With every fault, if it is not.
    """
    faults = check(disease)
    if faults:
        raise DefinitionError(f"{disease.id} is not sound", faults)
    return disease


def check_measure(
    measure: Countable, diseases: Mapping[str, Disease] = FrozenMapping({}), periods: Iterable[Period] = ()
) -> tuple[Fault, ...]:
    """Give every fault of a measure beyond those refused when it was made: what it names, which days it looks at.

    With ``periods``, constant days and days counted from a period's start are held against them too.
    """
    found = (
        *measures.wrong_names(measure, diseases),
        *measures.windows_ahead(measure, diseases, periods),
    )
    return tuple(dict.fromkeys(found))
