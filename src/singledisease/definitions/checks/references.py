"""Checks of references: whatever is named has to be there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from singledisease.definitions.checks.expression_sites import places, timings_of
from singledisease.definitions.citation import STATUSES
from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import SEQUENCES, TAGS
from singledisease.errors import Fault, did_you_mean
from singledisease.language import nodes as n
from singledisease.language.row_sources import COLUMNS, Source, source_of
from singledisease.language.traversal import inside
from singledisease.spelling import folded, misspelt, suggestion
from singledisease.vocabulary import EVENT_COLUMNS, KINDS, LEVELS, QUANTITIES, STAGES, Quantity

UNKNOWN_QUANTITY = "unknown_quantity"


def missing(
    check: str,
    where: str,
    what: str,
    names: Iterable[str],
    known: Collection[str],
    *,
    called: Mapping[str, str] | None = None,
) -> Iterator[Fault]:
    """Find names that are not known; ``called`` has other names of what is known, folded, to say what was meant."""
    for name in dict.fromkeys(names):
        if name not in known:
            yield Fault(check, where, f"no {what} is called {name!r}", suggestion(name, known, called))


def unknown_sequences(disease: Disease) -> Iterator[Fault]:
    """Find a pathway that runs over what it cannot run over, or hears events by what is no rule."""
    yield from missing("unknown_sequence", "pathway.sequence", "sequence", [disease.pathway.sequence], SEQUENCES)
    yield from missing("unknown_tags", "pathway.tags", "rule of tags", [disease.pathway.tags], TAGS)
    if disease.pathway.begins_with and disease.pathway.sequence != "link":
        message = "only a linked sequence begins with an event; a person is observed from birth"
        yield Fault("begins_with", "pathway.begins_with", message, 'sequence = "link", or leave it out')


def unknown_stages(disease: Disease) -> Iterator[Fault]:
    """Find states in stages that do not exist."""
    for state in disease.pathway.states:
        yield from missing("unknown_stage", f"pathway.states.{state.id}", "stage", [state.stage], STAGES)


def unknown_states(disease: Disease) -> Iterator[Fault]:
    """Find states that are named but not declared, and lists of states that are empty."""
    pathway, states = disease.pathway, [state.id for state in disease.pathway.states]
    yield from missing("unknown_state", "pathway.initial", "state", [pathway.initial], states)
    yield from missing("unknown_state", "pathway.died", "state", [pathway.died], states)
    for transition in pathway.transitions:
        where = f"the transition on {transition.signal} to {transition.target}"
        yield from missing("unknown_state", where, "state", (*transition.sources, transition.target), states)
        if not transition.sources:
            yield Fault("unknown_state", where, "starts in no state", 'from = ["…"]')
    for where, timing in timings_of(disease):
        leads_to = () if timing.leads_to is None else (timing.leads_to,)
        yield from missing("unknown_state", where, "state", (*timing.states, *leads_to), states)
        if not timing.states:
            yield Fault("unknown_state", where, "runs in no state", 'states = ["…"]')
    for place in places(disease):
        yield from wrong_statuses(place.where, place.node, [disease])


def wrong_statuses(where: str, node: Any, diseases: Iterable[Disease]) -> Iterator[Fault]:
    """Find conditions on states and stages that do not exist."""
    known = {disease.id: disease.pathway.states for disease in diseases}
    for part in inside(node, n.Status):
        if part.of == "stage":
            yield from missing("unknown_stage", where, "stage", part.values, STAGES)
        elif part.disease in known:
            states = known[part.disease]
            called = {folded(name): one.id for one in states for name in (one.names.zh, one.names.en)}
            ids = [state.id for state in states]
            yield from missing("unknown_state", where, f"state of {part.disease}", part.values, ids, called=called)


def unknown_signals(disease: Disease) -> Iterator[Fault]:
    """Find transitions on signals that are not declared."""
    signals = [signal.id for signal in disease.pathway.signals]
    for transition in disease.pathway.transitions:
        where = f"the transition to {transition.target}"
        yield from missing("unknown_signal", where, "signal", [transition.signal], signals)


def unknown_roles_and_levels(disease: Disease) -> Iterator[Fault]:
    """Find services by roles that are not declared, or at levels of institution that do not exist."""
    roles = [role.id for role in disease.roles]
    for service in disease.services:
        where = f"services.{service.id}"
        yield from missing("unknown_role", where, "role", [service.role], roles)
        yield from missing("unknown_level", where, "level", service.levels, LEVELS)
        if not service.levels:
            yield Fault("unknown_level", where, "is done at no level of institution", 'levels = ["village", …]')


def unknown_kinds(disease: Disease) -> Iterator[Fault]:
    """Find kinds of event that are a slip of the pen; a further kind, by a name of its own, is allowed."""
    yield from _slips(_named_kinds(disease))


def wrong_kinds(where: str, node: Any) -> Iterator[Fault]:
    """Find kinds of event that an expression asks for and that are a slip of the pen."""
    yield from _slips((where, part.kinds) for part in inside(node, n.Events))
    yield from _slips((where, _compared_kinds(part)) for part in inside(node, n.Apply))


def _compared_kinds(node: n.Apply) -> tuple[str, ...]:
    """Give the texts with which the kind of an event is compared."""
    if not any(isinstance(part, n.Column | n.This) and part.name == "kind" for part in node.args):
        return ()
    literals = [part for part in node.args if isinstance(part, n.Literal) and part.kind == "text"]
    return (*node.texts, *(str(part.value) for part in literals))


def further_kinds(disease: Disease) -> dict[str, str]:
    """Give the kinds without a built-in meaning that a disease uses, each with where it first stands.

    >>> from singledisease.catalogue import disease
    >>> further_kinds(disease("hypertension"))
    {}
    """
    found: dict[str, str] = {}
    for where, kinds in _named_kinds(disease):
        for kind in kinds:
            if kind not in KINDS:
                found.setdefault(kind, where)
    return found


def _named_kinds(disease: Disease) -> list[tuple[str, tuple[str, ...]]]:
    named = [(f"pathway.signals.{signal.id}", signal.kinds) for signal in disease.pathway.signals]
    named += [(where, timing.kinds) for where, timing in timings_of(disease)]
    named += [(f"tiers.{tier.id}", tier.kinds) for tier in disease.tiers]
    for place in places(disease):
        named += [(place.where, part.kinds) for part in inside(place.node, n.Events)]
    return named


def _slips(named: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[Fault]:
    for where, kinds in named:
        for kind in dict.fromkeys(kinds):
            if kind not in KINDS and (not kind.strip() or _resembles(kind, KINDS)):
                hint = f"{did_you_mean(kind, KINDS)} a further kind needs a name of its own"
                yield Fault("unknown_kind", where, f"no kind of event is called {kind!r}", hint)


_NEAR = 0.85


def _resembles(name: str, known: Iterable[str]) -> bool:
    """Say whether a name is a known one misspelt: ``followup`` is, ``follow_up_by_video`` is not."""
    return misspelt(name, known, _NEAR) is not None


def unknown_parameters(disease: Disease) -> Iterator[Fault]:
    """Find parameters that are not declared, and those of another disease."""
    known = [parameter.name for parameter in disease.parameters]
    for place in places(disease):
        for part in inside(place.node, n.ParameterOf):
            if part.disease == disease.id:
                yield from missing("unknown_parameter", place.where, "parameter", [part.name], known)
            else:
                message = f"{part.name!r} belongs to {part.disease}"
                yield Fault("unknown_parameter", place.where, message, "declare a parameter of this disease")


def unknown_columns(disease: Disease) -> Iterator[Fault]:
    """Find quantities that are neither built in nor declared, and columns that are a slip of the pen."""
    for place in places(disease):
        yield from wrong_columns(place.where, place.node, disease.quantities)
    quantities = [*QUANTITIES, *(quantity.name for quantity in disease.quantities)]
    for target in disease.targets:
        where = f"targets.{target.id}.columns"
        yield from missing(UNKNOWN_QUANTITY, where, "quantity", target.columns, quantities)
        if not target.columns:
            yield Fault(UNKNOWN_QUANTITY, where, "a reading has to have at least one quantity", 'columns = ["sbp"]')


def wrong_columns(
    where: str, node: Any, quantities: Iterable[Quantity], source: Source | None = None
) -> Iterator[Fault]:
    """Find columns of numbers that are no declared quantity, and columns of text that are a slip of the pen.

    ``source``: of what the rows are in which the node stands, if in any.
    """
    # Columns of the other sources are checked where they stand; here they are only not taken for quantities.
    known = _columns_of(frozenset({source or "events", *map(source_of, inside(node, *_OTHER_ROWS))}))
    columns = {part for part in inside(node, n.Column, n.This) if part.name not in known}
    units = {quantity.name: quantity.unit for quantity in quantities} if columns else {}
    for column in sorted(columns, key=lambda column: column.name):
        if column.kind == "number" and units.get(column.name) != column.unit:
            hint = f"{did_you_mean(column.name, [*QUANTITIES, *units])} a further one is declared under quantities"
            message = f"no quantity is called {column.name!r} and held in {column.unit or 'no unit'}"
            yield Fault(UNKNOWN_QUANTITY, where, message, hint)
        elif column.kind == "text" and _resembles(column.name, EVENT_COLUMNS):
            hint = did_you_mean(column.name, EVENT_COLUMNS)
            yield Fault("unknown_column", where, f"no column is called {column.name!r}", hint)


@cache
def _columns_of(sources: frozenset[Source]) -> frozenset[str]:
    return frozenset({*EVENT_COLUMNS, *(name for each in sources for name in COLUMNS[each])})


_OTHER_ROWS = (n.Spells, n.Services, n.Breaches, n.Sequences, n.Institutions, n.Activities)


def unknown_citations(disease: Disease) -> Iterator[Fault]:
    """Find citations that are not declared, and statuses that do not exist."""
    pathway, known = disease.pathway, [citation.id for citation in disease.citations]
    named = [(f"parameters.{parameter.name}", parameter.citation) for parameter in disease.parameters]
    named += [(f"pathway.signals.{signal.id}", signal.citation) for signal in pathway.signals]
    named += [(f"the transition on {each.signal} to {each.target}", each.citation) for each in pathway.transitions]
    named += [(where, timing.citation) for where, timing in timings_of(disease)]
    named += [(f"codes.{code_set.name}", code_set.citation) for code_set in disease.code_sets]
    named += [(f"tiers.{tier.id}", tier.citation) for tier in disease.tiers]
    named += [(f"targets.{target.id}", target.citation) for target in disease.targets]
    for where, citation in named:
        yield from missing("unknown_citation", where, "citation", [citation] if citation else [], known)
    sure = [(f"parameters.{parameter.name}", parameter.status) for parameter in disease.parameters]
    sure += [(f"tiers.{tier.id}", tier.status) for tier in disease.tiers]
    for where, status in sure:
        yield from missing("unknown_status", where, "status", [status], STATUSES)
