"""The parts of one TOML text, each with its section, its id and where it stands, before they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from attrs import frozen

from singledisease.io.definitions import part_layouts as parts
from singledisease.io.definitions import pathway_layouts as pathway
from singledisease.io.definitions import tier_layouts as tiers
from singledisease.io.definitions.layout import TableLayout
from singledisease.io.definitions.reading import Spot, ValueReader
from singledisease.language.node_memory import Memoized

KEYED: Mapping[str, TableLayout] = MappingProxyType(
    {
        "citations": parts.CITATION,
        "parameters": parts.PARAMETER,
        "quantities": parts.QUANTITY,
        "attributes": parts.ATTRIBUTE,
        "institutions": parts.INSTITUTION_COLUMN,
        "codes": tiers.CODE_SET,
        "tiers": tiers.TIER,
        "roles": parts.ROLE,
        "pathway.states": pathway.STATE,
        "pathway.groups": pathway.GROUP,
        "targets": parts.TARGET,
    }
)
"""Sections that are tables of tables: the key is the id."""

LISTED: Mapping[str, TableLayout] = MappingProxyType(
    {
        "pathway.signals": pathway.SIGNAL,
        "pathway.transitions": pathway.TRANSITION,
        "pathway.timings": pathway.TIMING,
        "services": pathway.SERVICE,
    }
)
"""Sections that are lists of tables, in an order that means something."""

_LAST = ("targets", "services")
SECTIONS: Mapping[str, TableLayout] = MappingProxyType(
    {name: layout for last in (False, True) for name, layout in {**KEYED, **LISTED}.items() if (name in _LAST) is last}
)
"""All sections, in the order in which faults are told."""
RANK = "rank"
"""The key by which a fragment says where among the others a part stands."""
RANKED = ("pathway.states", "pathway.signals", "pathway.transitions", "pathway.timings", "services")
"""Sections whose order means something across fragments."""


@frozen
class Element(Memoized):
    """A part as it is written: its section, id and value; ``fragment`` is blank in the disease's own file."""

    section: str
    id: str
    value: Any
    spot: Spot
    fragment: str = ""
    rank: int | None = None
    replaces: str = ""

    @property
    def layout(self) -> TableLayout:
        """How such a part is laid out."""
        return SECTIONS[self.section]


def elements_of(tables: Mapping[str, Any], reader: ValueReader, top: Spot, fragment: str = "") -> list[Element]:
    """Give every part of a text; a section that is no table or list of tables is collected as a fault."""
    found: list[Element] = []
    for section in SECTIONS:
        held, spot = _section(tables, section, top)
        if held is None or (section == "codes" and isinstance(held, list)):
            continue
        if section in LISTED:
            found += _listed(section, held, reader, spot, fragment)
        elif isinstance(held, dict):
            found += _keyed(section, held, spot, fragment)
        else:
            reader.wrong(spot, f"expected a table, got {held!r}", f"[{section}]")
    return found


def _section(tables: Mapping[str, Any], section: str, top: Spot) -> tuple[Any, Spot]:
    outer, _, inner = section.partition(".")
    held, spot = tables.get(outer), top.inner(outer)
    if not inner:
        return held, spot
    return (held.get(inner) if isinstance(held, dict) else None), spot.inner(inner)


def _keyed(section: str, held: Mapping[str, Any], spot: Spot, fragment: str) -> Iterator[Element]:
    for id, value in held.items():
        if section == "codes" and id == "disease":
            continue
        # A group may be given as a list alone.
        whole = {"states": value} if section == "pathway.groups" and isinstance(value, list) else value
        yield _element(section, id, whole, spot.inner(id), fragment)


def _listed(section: str, held: Any, reader: ValueReader, spot: Spot, fragment: str) -> Iterator[Element]:
    if not isinstance(held, list):
        reader.wrong(spot, f"expected a list of tables, got {held!r}", f"[[{section}]]")
        return
    for i, value in enumerate(held):
        id = value.get("id") if isinstance(value, dict) else None
        if section == "pathway.transitions" and isinstance(value, dict):
            place = f"the transition on {value.get('on')} to {value.get('to')}"
            id = f"{value.get('on')}.{value.get('to')}"
        else:
            place = f"{spot.place}.{id}" if isinstance(id, str) else f"{spot.place}[{i}]"
        inner = Spot(spot.source, (*spot.path, i), place)
        yield _element(section, id if isinstance(id, str) else f"[{i}]", value, inner, fragment)


def _element(section: str, id: str, value: Any, spot: Spot, fragment: str) -> Element:
    ranked = fragment and section in RANKED and isinstance(value, dict) and isinstance(value.get(RANK), int)
    if not ranked:
        return Element(section, id, value, spot, fragment)
    rest = {name: each for name, each in value.items() if name != RANK}
    return Element(section, id, rest, spot, fragment, value[RANK])
