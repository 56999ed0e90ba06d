"""Writing a disease so that it is read back the same: as it was written, with groups and fragments, or expanded."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, field, frozen

from singledisease.definitions.disease import Disease
from singledisease.definitions.fragment_use import FragmentUse, Origin
from singledisease.errors import DefinitionError
from singledisease.io.definitions.build import disease_from
from singledisease.io.definitions.emit import (
    PARTS,
    WrittenParts,
    id_of,
    lines_of_disease,
    place_of,
    plain,
    with_true_selections,
)
from singledisease.io.definitions.library import Library
from singledisease.io.definitions.merge import ORDERED
from singledisease.io.definitions.source import read_source

_ATTEMPTS = 4
"""How often the parts that a fragment does not give are looked for: own parts, what is left out, and the order."""


def write_disease(disease: Disease, *, expanded: bool = False, origins: bool = False) -> str:
    """Write a disease as TOML text, which ``read_disease`` reads back to an equal disease.

    Parameters
    ----------
    disease
        Any disease, whether or not it is sound.
    expanded
        Whether to write every part, and every state of a group, rather than fragments and groups.  A disease that
        was changed so that its fragments no longer give it is written expanded in any case.
    origins
        Whether to say above each part of an expanded disease where it comes from.
    """
    if expanded:
        remarks = {origin.place: _remark(origin) for origin in disease.origins}
        form = WrittenParts(remark=lambda place: remarks.get(place, "made in Python")) if origins else WrittenParts()
        return _text(plain(disease), form)
    true = with_true_selections(disease)
    shared = WrittenParts(shared=disease.shared)
    return (disease.uses and _with_fragments(true)) or _text(true if not disease.uses else plain(disease), shared)


def write_every_part(disease: Disease) -> str:
    """Write a disease as TOML text with every part of its own: fragments put in, groups of states kept."""
    return _text(with_true_selections(disease), WrittenParts())


def _text(disease: Disease, form: WrittenParts) -> str:
    return "\n".join(lines_of_disease(disease, form)) + "\n"


def _remark(origin: Origin) -> str:
    line = f", line {origin.line}" if origin.line else ""
    replaces = f"; in the place of the fragment {origin.replaces}'s" if origin.replaces else ""
    shared = "".join(f"; with shared.{text.name}, line {text.line}" for text in origin.shared)
    return f"{origin.source or 'this text'}: {origin.written_as}{line}{replaces}{shared}"


# WITH FRAGMENTS


@frozen
class _Attempt:
    """A guess at which parts are the disease's own, what it leaves out of fragments, and what it says of the order."""

    own: frozenset[str]
    without: frozenset[tuple[str, str]] = frozenset()
    order: Mapping[str, tuple[str, ...]] = field(factory=dict)


def _with_fragments(disease: Disease) -> str:
    """Write a disease with its fragments; blank if they no longer give it."""
    borrowed = {origin.place for origin in disease.origins if origin.fragment}
    attempt = _Attempt(frozenset(_parts(disease)) - borrowed)
    for _ in range(_ATTEMPTS):
        uses = tuple(_leaving_out(use, attempt.without) for use in disease.uses)
        text = _text(disease, WrittenParts(attempt.own, uses, attempt.order, shared=disease.shared))
        try:
            # Whether it is sound is not asked: without the order that is yet to be found it may not be.
            found = disease_from(read_source(text), _library(disease.uses), check_it=False)
        except DefinitionError:
            return ""
        if found == disease:
            return text
        attempt = _better(attempt, found, disease)
    return ""


def _parts(disease: Disease) -> dict[str, object]:
    return {place_of(section, part): part for section, parts in PARTS.items() for part in parts(disease)}


def _better(attempt: _Attempt, found: Disease, disease: Disease) -> _Attempt:
    """Write what the fragments give differently, leave out what they give too much, and put the rest in order."""
    wanted, given = _parts(disease), _parts(found)
    differing = {place for place, part in wanted.items() if given.get(place) != part}
    extra = {(origin.fragment, _short(origin)) for origin in found.origins if origin.place not in wanted}
    order = {
        name: tuple(map(id_of, PARTS[section](disease)))
        for name, section in ORDERED.items()
        if tuple(map(id_of, PARTS[section](disease))) != tuple(map(id_of, PARTS[section](found)))
    }
    return evolve(
        attempt, own=attempt.own | differing, without=attempt.without | extra, order={**attempt.order, **order}
    )


def _short(origin: Origin) -> str:
    """Give the name by which a fragment's part is left out: a transition by its signal and target."""
    short = origin.place.removeprefix("pathway.")
    return short.rpartition(".")[0] if short.startswith("transitions.") else short


def _leaving_out(use: FragmentUse, extra: frozenset[tuple[str, str]]) -> FragmentUse:
    further = sorted(name for fragment, name in extra if fragment == use.fragment and name not in use.without)
    return evolve(use, without=(*use.without, *further))


def _library(uses: tuple[FragmentUse, ...]) -> Library:
    sources = {use.fragment: read_source(use.text, f"fragment {use.fragment}") for use in uses}
    return sources.__getitem__
