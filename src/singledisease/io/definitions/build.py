"""From one TOML text, and the fragments it uses, to a disease: everything is read, joined and checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, frozen

from singledisease.definitions.checks import check
from singledisease.definitions.disease import Disease
from singledisease.definitions.fragment_use import Origin, transition_place
from singledisease.definitions.pathway import Pathway
from singledisease.definitions.state_groups import expand_groups, expand_timing, groups_of
from singledisease.errors import DefinitionError
from singledisease.io.definitions.elements import Element, elements_of
from singledisease.io.definitions.fragments import Filled, fill
from singledisease.io.definitions.head import HEAD, PATHWAY, read_order, wrong_keys
from singledisease.io.definitions.layout import read_table
from singledisease.io.definitions.library import Library
from singledisease.io.definitions.merge import Merged, ends_of, in_order, merge
from singledisease.io.definitions.needs import unmet
from singledisease.io.definitions.overridden import without_overridden
from singledisease.io.definitions.places import located
from singledisease.io.definitions.reading import MISSING, Spot, ValueReader
from singledisease.io.definitions.shared import Shared, with_shared
from singledisease.io.definitions.source import TomlSource, written
from singledisease.language.node_memory import memory_of

Parts = Mapping[str, tuple[tuple[Element, Any], ...]]
"""What was read of each section: as it is written, and as part of the definition."""


def disease_from(source: TomlSource, library: Library, *, check_it: bool = True) -> Disease:
    """Make a disease of the text of its file.

    Without ``check_it`` only what cannot be read is refused: for files that were checked before.

    Raises
    ------
    DefinitionError
        With every key that is missing, unknown or of the wrong type and every fragment that cannot be used; else
        with every expression that cannot be read and every check that fails.
    """
    file = _read(source, library)
    reader = file.reader
    if reader.shape:
        faults = dict.fromkeys((*reader.shape, *reader.faults))
        raise DefinitionError(f"{source.name or 'this definition'} cannot be read", faults)
    disease = _disease(file)
    answers = (answer for fragment in file.fragments for answer in fragment.answers)
    unsound = check(disease) if check_it else ()
    found = (*reader.faults, *unmet(answers, disease), *located(unsound, file.parts, file.top))
    if found:
        raise DefinitionError(f"{source.name or disease.id} is not sound", dict.fromkeys(found))
    return disease


@frozen
class _File:
    """Everything that was read, before it is put together."""

    top: Spot
    shared: Shared
    reader: ValueReader
    head: Mapping[str, Any]
    pathway: Mapping[str, Any]
    fragments: tuple[Filled, ...]
    parts: Parts


def _read(source: TomlSource, library: Library) -> _File:
    reader = ValueReader(source.tables["id"] if isinstance(source.tables.get("id"), str) else "")
    shared = with_shared(source, reader)
    tables, top = shared.source.tables, Spot(shared.source, (), "")
    wrong_keys(tables, reader, top)
    head = read_table(HEAD, reader, {each.name: tables[each.name] for each in HEAD.keys if each.name in tables}, top)
    own = elements_of(tables, reader, top)
    fragments = _fragments(tables.get("uses", []), reader, top.inner("uses"), library)
    merged = in_order(merge(own, fragments, reader), read_order(tables, reader, top), reader, top.inner("order"))
    pathway = _ends(tables.get("pathway", {}), fragments, reader, top.inner("pathway"))
    reader = evolve(
        reader, quantities=tuple(part for _, part in _parts(merged, "quantities", reader)), units=_units(merged)
    )
    sections = ("quantities", *(section for section in merged if section != "quantities"))
    parts = {section: _parts(merged, section, reader) for section in sections if section != "quantities"}
    parts["quantities"] = tuple(zip(merged["quantities"], reader.quantities, strict=False))
    return _File(top, shared, reader, head, pathway, fragments, parts)


def _fragments(uses: Any, reader: ValueReader, spot: Spot, library: Library) -> tuple[Filled, ...]:
    if not isinstance(uses, list):
        reader.wrong(spot, f"expected a list of tables, got {uses!r}", 'uses = [{ fragment = "registry" }]')
        return ()
    found = (fill(use, reader, spot.inner(i), library) for i, use in enumerate(uses))
    return tuple(fragment for fragment in found if fragment is not None)


def _ends(tables: Any, fragments: tuple[Filled, ...], reader: ValueReader, spot: Spot) -> Mapping[str, Any]:
    if not isinstance(tables, dict):
        reader.wrong(spot, f"expected a table, got {tables!r}", "[pathway]")
        return {}
    ends = ends_of(tables, fragments, reader, spot)
    values = {name: tables[name] for name in ("sequence", "begins_with", "tags") if name in tables} | ends
    if len(ends) < 2:
        return {}
    read = read_table(PATHWAY, reader, values, spot)
    return {} if read is MISSING else read


def _units(merged: Merged) -> dict[str, str]:
    values = {each.id: each.value.get("unit", "") for each in merged["parameters"] if isinstance(each.value, dict)}
    return {name: unit for name, unit in values.items() if isinstance(unit, str)}


def _parts(merged: Merged, section: str, reader: ValueReader) -> tuple[tuple[Element, Any], ...]:
    # What was put into a fragment's expressions makes one with what stood there.
    filled = evolve(reader, flattens=True)
    read = []
    for element in merged[section]:
        by = filled if element.fragment else reader
        read.append((element, _part(element, by)))
    return tuple((element, part) for element, part in read if part is not MISSING)


def _part(element: Element, reader: ValueReader) -> Any:
    """Read a part; one of a fragment that is the same in every disease is read once, if nothing is wrong with it."""
    about = memory_of(element) if element.fragment else {}
    if _part in about:
        return about[_part]
    part = read_table(element.layout, reader, element.value, element.spot, element.id)
    if part is not MISSING and element.layout.of_disease.isdisjoint(element.value):
        about[_part] = part
    return part


# PUTTING IT TOGETHER


def _disease(file: _File) -> Disease:
    def of(section: str) -> tuple[Any, ...]:
        return tuple(part for _, part in file.parts[section])

    pathway = Pathway(
        **file.pathway,
        states=of("pathway.states"),
        signals=of("pathway.signals"),
        transitions=of("pathway.transitions"),
        timings=of("pathway.timings"),
        groups=of("pathway.groups"),
    )
    expanded, faults = expand_groups(pathway)
    groups = groups_of(expanded)
    services = tuple(
        evolve(service, timing=expand_timing(service.timing, f"services.{service.id}", groups))
        for service in of("services")
    )
    file.reader.faults.extend(located((*faults, *groups.faults), file.parts, file.top))
    written_by = [element for element, _ in file.parts["pathway.transitions"]]
    kept = without_overridden(tuple(zip(written_by, expanded.transitions, strict=True)), file.reader)
    pathway = evolve(expanded, transitions=tuple(transition for _, transition in kept))
    return Disease(
        **file.head,
        citations=of("citations"),
        parameters=of("parameters"),
        quantities=of("quantities"),
        attributes=of("attributes"),
        institution_columns=of("institutions"),
        code_sets=of("codes"),
        tiers=of("tiers"),
        roles=of("roles"),
        pathway=pathway,
        targets=of("targets"),
        services=services,
        uses=tuple(fragment.use for fragment in file.fragments),
        origins=tuple(_origins({**file.parts, "pathway.transitions": kept}, file.shared)),
        shared=file.shared.texts,
    )


def _origins(parts: Mapping[str, Iterable[tuple[Element, Any]]], shared: Shared) -> Iterator[Origin]:
    for section, pairs in parts.items():
        for element, part in pairs:
            place = transition_place(part) if section == "pathway.transitions" else f"{section}.{element.id}"
            yield shared.on(_origin(element, place), element)


def _origin(element: Element, place: str) -> Origin:
    """Say where a part was written; a fragment's part that diseases share has one origin."""
    about = memory_of(element)
    if (_origin, place) not in about:
        path, source = element.spot.path, element.spot.source
        about[_origin, place] = Origin(
            place, source.name, written(path), source.line(path), element.fragment, element.replaces
        )
    found: Origin = about[_origin, place]
    return found
