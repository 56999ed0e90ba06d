"""A disease as TOML text, in the layout in which people write it: with its groups and fragments, or expanded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from attrs import evolve, frozen

from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.fragment_use import FragmentUse, Given, SharedText, transition_place
from singledisease.definitions.state_groups import groups_of
from singledisease.io.definitions.elements import LISTED, SECTIONS
from singledisease.io.definitions.fragments import USE
from singledisease.io.definitions.head import HEAD, ORDER, PATHWAY
from singledisease.io.definitions.kinds import Writer
from singledisease.io.definitions.layout import write_table
from singledisease.io.definitions.shared import Folding, folding
from singledisease.io.definitions.toml_text import ExpressionText, Table, pair_lines, table_lines, toml_key, toml_value

PARTS: Mapping[str, Callable[[Disease], tuple[Any, ...]]] = MappingProxyType(
    {
        "citations": lambda disease: disease.citations,
        "parameters": lambda disease: disease.parameters,
        "quantities": lambda disease: disease.quantities,
        "attributes": lambda disease: disease.attributes,
        "institutions": lambda disease: disease.institution_columns,
        "codes": lambda disease: disease.code_sets,
        "tiers": lambda disease: disease.tiers,
        "roles": lambda disease: disease.roles,
        "pathway.groups": lambda disease: disease.pathway.groups,
        "pathway.states": lambda disease: disease.pathway.states,
        "pathway.signals": lambda disease: disease.pathway.signals,
        "pathway.transitions": lambda disease: disease.pathway.transitions,
        "pathway.timings": lambda disease: disease.pathway.timings,
        "services": lambda disease: disease.services,
        "targets": lambda disease: disease.targets,
    }
)
"""The parts of a disease by section, in the order in which they are written."""

_A_LINE_EACH = ("roles", "pathway.groups", "pathway.states")


@frozen
class WrittenParts:
    """What is written of a disease.

    Attributes
    ----------
    own
        Places of the parts that are written; ``None``: all.
    uses, order
        The fragments that give the rest, and what has to be said about the order.
    remark
        Gives a line of comment for a place, blank for none.
    shared
        Texts that are written once, wherever a part or a fragment's use has them whole.
    """

    own: Collection[str] | None = None
    uses: tuple[FragmentUse, ...] = ()
    order: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    remark: Callable[[str], str] = str
    shared: tuple[SharedText, ...] = ()


def place_of(section: str, part: Any) -> str:
    """Give the place of a part, as origins name it."""
    if section == "pathway.transitions":
        return transition_place(part)
    return f"{section}.{id_of(part)}"


def id_of(part: Any) -> str:
    """Give the id of a part, which some call its name."""
    return str(part.id if hasattr(part, "id") else part.name)


def plain(disease: Disease) -> Disease:
    """Give a disease without groups, its transitions and timings with the states themselves."""
    pathway = disease.pathway
    return evolve(
        disease,
        pathway=evolve(
            pathway,
            groups=(),
            transitions=tuple(evolve(each, selection=None) for each in pathway.transitions),
            timings=tuple(evolve(each, selection=None) for each in pathway.timings),
        ),
        services=tuple(evolve(each, timing=evolve(each.timing, selection=None)) for each in disease.services),
    )


def with_true_selections(disease: Disease) -> Disease:
    """Give a disease without those selections of states that no longer stand for what is there."""
    pathway = disease.pathway
    groups = groups_of(pathway)

    def true(timing: Any, states: tuple[str, ...]) -> Any:
        kept = timing.selection is not None and groups.expand(timing.selection, "") == states
        return timing if kept else evolve(timing, selection=None)

    return evolve(
        disease,
        pathway=evolve(
            pathway,
            transitions=tuple(true(each, each.sources) for each in pathway.transitions),
            timings=tuple(true(each, each.states) for each in pathway.timings),
        ),
        services=tuple(evolve(each, timing=true(each.timing, each.timing.states)) for each in disease.services),
    )


# LINES


def lines_of_disease(disease: Disease, form: WrittenParts) -> Iterator[str]:
    """Write a disease, a line at a time."""
    writer = Writer(disease.id, disease.quantities)
    head = write_table(HEAD, writer, disease)
    names, codes = head.pop("names"), head.pop("codes")
    yield from pair_lines(head if disease.code_sets else {**head, "codes": codes})
    yield from table_lines("names", names)
    fold = folding(form.shared, writer)
    body = list(_body(disease, form, writer, fold, codes))
    if fold.used:
        yield from table_lines("shared", {name: ExpressionText(text) for name, text in fold.used.items()})
    yield from body


def _body(disease: Disease, form: WrittenParts, writer: Writer, fold: Folding, codes: Any) -> Iterator[str]:
    """Write what follows the head: the fragments that are used, the order, and the parts."""
    for use in form.uses:
        yield from table_lines("uses", fold(_use(use, writer)), many=True)
    if form.order:
        yield from table_lines("order", write_table(ORDER, writer, form.order))
    for section, parts in PARTS.items():
        if section == "codes" and disease.code_sets:
            yield from table_lines("codes", {"disease": codes})
        if section == "pathway.groups":
            yield from table_lines("pathway", write_table(PATHWAY, writer, disease.pathway))
        pairs = ((place_of(section, part), part) for part in parts(disease))
        kept = [(place, part) for place, part in pairs if form.own is None or place in form.own]
        layout = SECTIONS[section]
        tables = [(place, part, fold(write_table(layout, writer, part))) for place, part in kept]
        yield from _section(section, tables, form)


def _section(section: str, parts: list[tuple[str, Any, Table]], form: WrittenParts) -> Iterator[str]:
    if section in _A_LINE_EACH and parts:
        yield from table_lines(section, {})
    remark = form.remark
    for place, part, values in parts:
        said = remark(place) if remark is not str else ""
        comment = [f"# {said}"] if said else []
        if section in _A_LINE_EACH:
            yield from comment
            yield f"{toml_key(id_of(part))} = {toml_value(_short(section, values))}"
            continue
        name = section if section in LISTED else f"{section}.{toml_key(id_of(part))}"
        blank, *lines = table_lines(name, values, many=section in LISTED)
        yield from (blank, *comment, *lines)


def _short(section: str, values: Table) -> Any:
    """Write a group that leaves nothing out as a list alone."""
    return values["states"] if section == "pathway.groups" and len(values) == 1 else values


def _use(use: FragmentUse, writer: Writer) -> Table:
    return {**write_table(USE, writer, use), **{name: _given(value) for name, value in use.given}}


def _given(value: Given) -> Any:
    match value:
        case str():
            return ExpressionText(value) if '"' in value else value
        case bool():
            return value
    return {"zh": value.zh, "en": value.en} if isinstance(value, Names) else list(value)
