"""Fragments: pieces of a definition that diseases use, filled with what each disease gives them.

A fragment is a TOML file with the sections of a disease, a table ``[needs.NAME]`` for each thing that a disease has
to give it, and ``{NAME}`` in its texts wherever that is put.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen

from singledisease.definitions.citation import Names
from singledisease.definitions.fragment_use import FragmentUse, Given
from singledisease.errors import DefinitionError, Fault, did_you_mean
from singledisease.io.definitions.elements import KEYED, LISTED, Element, elements_of
from singledisease.io.definitions.fragment_heads import DEFAULT_RANK, FRAGMENT, read_head
from singledisease.io.definitions.kinds import TEXT, TEXTS
from singledisease.io.definitions.layout import TableLayout, key, needed, read_table
from singledisease.io.definitions.library import Library
from singledisease.io.definitions.needs import Need, NeedAnswer, answers, read_needs
from singledisease.io.definitions.placeholders import Filling, names_in
from singledisease.io.definitions.reading import MISSING, Spot, ValueReader
from singledisease.io.definitions.source import TomlSource
from singledisease.language.node_memory import memory_of

ENDS = ("initial", "died")
"""Keys of ``[pathway]`` that a fragment may give."""

USE = TableLayout(
    name="uses",
    says=Names("使用的片段；其余的键是它所需要的内容", "a fragment that is used; further keys are what it needs"),
    keys=(
        needed(
            "fragment",
            TEXT,
            "片段的 id，或旁边的 .toml 文件的路径",
            "its id, or the path of a .toml file beside this one",
        ),
        key(
            "without",
            TEXTS,
            "不要的部分，如 services.recall、transitions.lost",
            "parts that are not wanted: services.recall, transitions.lost",
            default=(),
        ),
    ),
    make=lambda _, values: values,
    take=lambda part: {"fragment": part.fragment, "without": part.without},
)


@frozen
class Filled:
    """A fragment as one disease uses it: its parts and ends of the pathway filled in, and the answers to its needs."""

    use: FragmentUse
    elements: tuple[Element, ...]
    ends: Mapping[str, str]
    answers: tuple[NeedAnswer, ...]


def fill(use: Any, reader: ValueReader, spot: Spot, library: Library) -> Filled | None:
    """Read one of ``uses`` and fill its fragment; ``None`` if that cannot be done, with the faults collected."""
    head = {name: each for name, each in use.items() if name in USE.known} if isinstance(use, dict) else use
    read = read_table(USE, reader, head, spot)
    if read is MISSING:
        return None
    here = Spot(spot.source, spot.path, f"uses.{read['fragment']}")
    try:
        source = library(read["fragment"])
    except DefinitionError as error:
        at = spot.source.at(spot.path)
        reader.shape.extend(Fault(each.check, here.place, each.message, each.hint, at) for each in error.faults)
        return None
    given = {name: value for name, value in use.items() if name not in USE.known}
    return _filled(read, given, source, reader, here)


def _filled(read: Any, given: Mapping[str, Any], source: TomlSource, reader: ValueReader, here: Spot) -> Filled:
    """Fill a fragment with what was given, and leave out what is not wanted."""
    name, without = read["fragment"], read["without"]
    text = _opened(source, name)
    reader.shape.extend(text.shape)
    found = answers(text.needs, given, reader, here)
    filling = Filling(found, text.needs)
    elements = list(_elements(text, filling))
    ends = {key: filling.fill(value, Spot(source, ("pathway", key), f"pathway.{key}")) for key, value in _ends(source)}
    reader.shape.extend(filling.faults)
    told: tuple[tuple[str, Given], ...] = tuple((key, found[key].value) for key in given if key in found)
    kept = _without(elements, without, reader, here)
    return Filled(FragmentUse(name, told, without, source.text), tuple(kept), ends, tuple(found.values()))


def _ends(source: TomlSource) -> Iterator[tuple[str, Any]]:
    pathway = source.tables.get("pathway")
    for name in ENDS:
        if isinstance(pathway, dict) and isinstance(pathway.get(name), str):
            yield name, pathway[name]


@frozen
class _Opened:
    """A fragment's text as it is before anything is put in: what it needs, its rank and parts, and what is wrong.

    Attributes
    ----------
    elements
        Its parts, each with the needs that its texts name.
    filled
        Parts that were filled, by which they are and what was put in: diseases give a fragment much the same.
    """

    needs: Mapping[str, Need]
    rank: int
    elements: tuple[tuple[Element, frozenset[str]], ...]
    shape: tuple[Fault, ...]
    filled: dict[Any, Element] = field(factory=dict)


def _opened(source: TomlSource, name: str) -> _Opened:
    """Look into a fragment's text, once however many diseases use it."""
    about = memory_of(source)
    if name not in about:
        reader = ValueReader("")
        _wrong_keys(source, reader)
        needs = read_needs(source.tables.get("needs", {}), reader, Spot(source, ("needs",), "needs"))
        head = read_head(source, reader, tuple(needs.values()))
        elements = elements_of(source.tables, reader, Spot(source, (), ""), name)
        rank = DEFAULT_RANK if head is None else head.rank
        named = tuple((element, names_in([element.value, element.id, element.spot.place])) for element in elements)
        about[name] = _Opened(needs, rank, named, tuple(reader.shape))
    found: _Opened = about[name]
    return found


def _elements(text: _Opened, filling: Filling) -> Iterator[Element]:
    """Give the parts of a fragment, filled; those that run in no state because none was given are left out."""
    for place, (element, names) in enumerate(text.elements):
        key = place, tuple((name, filling.given[name].value) for name in sorted(names & filling.given.keys()))
        found = text.filled.get(key)
        if found is None:
            before = len(filling.faults)
            found = _element(element, text, filling)
            if len(filling.faults) == before:
                text.filled[key] = found
        if not (isinstance(found.value, dict) and [] in (found.value.get("from"), found.value.get("states"))):
            yield found


def _element(element: Element, text: _Opened, filling: Filling) -> Element:
    """Fill one part of a fragment."""
    value = filling.fill(element.value, element.spot)
    id, place = (filling.fill(text, element.spot) for text in (element.id, element.spot.place))
    other = DEFAULT_RANK if element.section == "pathway.signals" else text.rank
    own = other if element.rank is None else element.rank
    spot = Spot(element.spot.source, element.spot.path, place)
    return Element(element.section, id, value, spot, element.fragment, own)


def _wrong_keys(source: TomlSource, reader: ValueReader) -> None:
    """Collect keys at the top of a fragment's file, and in its ``[pathway]``, that nobody reads."""
    sections, spot = (*KEYED, *LISTED), Spot(source, (), "")
    top = {section.partition(".")[0] for section in sections} | FRAGMENT.known | {"needs"}
    for name in source.tables.keys() - top:
        reader.unknown_key(spot, name, sorted(top))
    inner = {section.partition(".")[2] for section in sections if "." in section} | set(ENDS)
    pathway = source.tables.get("pathway", {})
    for name in pathway.keys() - inner if isinstance(pathway, dict) else ():
        reader.unknown_key(spot.inner("pathway"), name, sorted(inner))


def _without(elements: list[Element], without: tuple[str, ...], reader: ValueReader, spot: Spot) -> list[Element]:
    """Leave out what the disease does not want; what the fragment does not have is collected as a fault."""
    if not without:
        return elements
    known = [set(_names(element)) for element in elements]
    for name in without:
        if not any(name in each for each in known):
            hint = did_you_mean(name, sorted(set().union(*known)))
            at = spot.source.at((*spot.path, "without"))
            reader.shape.append(Fault("unknown_part", spot.place, f"the fragment has no part {name!r}", hint, at))
    return [element for element, own in zip(elements, known, strict=True) if not own & set(without)]


def _names(element: Element) -> Iterator[str]:
    """Give the names by which a part can be left out: with and without ``pathway``, a transition by its signal too."""
    short = element.section.removeprefix("pathway.")
    yield f"{short}.{element.id}"
    yield f"{element.section}.{element.id}"
    if element.section == "pathway.transitions":
        yield f"{short}.{element.id.partition('.')[0]}"
