"""The parts of a disease and of the fragments it uses, as one definition.

What the disease writes under an id replaces what a fragment has under it.  Two fragments that have the same part may
share it; two that differ are refused.  Parts of fragments stand by their ``rank``, those of the disease's own among
them where ``OWN_RANK`` says, until ``[order]`` says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Any, TypeVar

from attrs import evolve

from singledisease.errors import Fault, did_you_mean
from singledisease.io.definitions.elements import SECTIONS, Element
from singledisease.io.definitions.fragments import ENDS, Filled
from singledisease.io.definitions.reading import Spot, ValueReader

Merged = Mapping[str, tuple[Element, ...]]
"""Parts by section, in their order."""

OWN_RANK: Mapping[str, int] = MappingProxyType({"pathway.signals": 70})
"""Where parts of the disease's own stand among those of fragments; 20 where nothing is said, before most."""
_OTHER_OWN_RANK = 20
ORDERED = MappingProxyType(
    {
        "states": "pathway.states",
        "signals": "pathway.signals",
        "timings": "pathway.timings",
        "services": "services",
    }
)
"""Keys of ``[order]``, and the sections they put in order."""


def merge(own: Sequence[Element], fragments: Sequence[Filled], reader: ValueReader) -> Merged:
    """Join the parts of a disease with those of the fragments it uses."""
    borrowed = [element for fragment in fragments for element in fragment.elements]
    merged = {
        section: _joined(
            section,
            [element for element in own if element.section == section],
            [element for element in borrowed if element.section == section],
            reader,
        )
        for section in SECTIONS
    }
    return {**merged, "pathway.signals": _heard(merged)}


def _joined(section: str, own: list[Element], borrowed: list[Element], reader: ValueReader) -> tuple[Element, ...]:
    if section == "pathway.transitions":
        # A transition has no id: which of them replaces which is known once its states are.
        return tuple(sorted((*own, *borrowed), key=_rank))
    shared: dict[str, tuple[int, Element]] = {}
    mine = {element.id for element in own}
    for i, element in enumerate(borrowed):
        first = shared.setdefault(element.id, (i, element))[1]
        if first.value != element.value and element.id not in mine:
            reader.faults.append(_ambiguous(first, element))
    placed = [_own_place(i, element, shared) for i, element in enumerate(own)]
    placed += [((_rank(each), 1, i), each) for id, (i, each) in shared.items() if id not in mine]
    return tuple(element for _, element in sorted(placed, key=lambda pair: pair[0]))


def _own_place(
    i: int, element: Element, shared: Mapping[str, tuple[int, Element]]
) -> tuple[tuple[int, int, int], Element]:
    """Say where a part of the disease's own stands: in the place of the one it replaces, if it does."""
    if element.id in shared:
        place, replaced = shared[element.id]
        return (_rank(replaced), 1, place), evolve(element, replaces=replaced.fragment)
    return (_rank(element), 0, i), element


def _rank(element: Element) -> int:
    own = OWN_RANK.get(element.section, _OTHER_OWN_RANK)
    return own if element.rank is None else element.rank


def _ambiguous(one: Element, other: Element) -> Fault:
    message = f"the fragments {one.fragment!r} and {other.fragment!r} both have it, and differ"
    short = f"{other.section.removeprefix('pathway.')}.{other.id}"
    hint = f'write it in the disease, or leave one out: without = ["{short}"]'
    return Fault("ambiguous_fragments", other.spot.place, message, hint, other.spot.source.at(other.spot.path))


def _heard(merged: Merged) -> tuple[Element, ...]:
    """Give the signals without those of fragments that no transition hears."""
    heard = {each.value.get("on") for each in merged["pathway.transitions"] if isinstance(each.value, dict)}
    return tuple(each for each in merged["pathway.signals"] if not each.fragment or each.id in heard)


def ends_of(own: Mapping[str, Any], fragments: Iterable[Filled], reader: ValueReader, spot: Spot) -> dict[str, str]:
    """Give the states in which the pathway begins and in which death ends it: the disease's own, or a fragment's."""
    found: dict[str, str] = {}
    for name in ENDS:
        given = {fragment.ends[name]: fragment.use.fragment for fragment in fragments if name in fragment.ends}
        if isinstance(own.get(name), str):
            found[name] = own[name]
        elif len(given) == 1:
            found[name] = next(iter(given))
        elif given:
            message = f"fragments give it differently: {', '.join(f'{state} ({by})' for state, by in given.items())}"
            reader.wrong(spot.inner(name), message, f'{name} = "…"')
        elif name not in own:
            reader.wrong(spot.inner(name), f"the key {name!r} is missing")
        else:
            reader.wrong(spot.inner(name), f"expected text, got {own[name]!r}")
    return found


# ORDER


def in_order(merged: Merged, order: Mapping[str, tuple[str, ...]], reader: ValueReader, spot: Spot) -> Merged:
    """Put sections into the order the disease asks for: what stands before its predecessor moves right behind it."""
    found = dict(merged)
    for name, wanted in order.items():
        section, known = ORDERED[name], [element.id for element in merged[ORDERED[name]]]
        here = spot.inner(name)
        for id in dict.fromkeys(wanted):
            if id not in known:
                reader.wrong(here, f"there is no {id!r} among the {name}", did_you_mean(id, known))
            elif wanted.count(id) > 1:
                reader.wrong(here, f"{id!r} stands twice in the order", "name each once")
        chain = [id for id in dict.fromkeys(wanted) if id in known]
        by_id = {element.id: element for element in merged[section]}
        if len(by_id) == len(known):
            found[section] = tuple(by_id[id] for id in chained(known, chain))
    return found


Item = TypeVar("Item")


def chained(items: Sequence[Item], chain: Sequence[Item]) -> list[Item]:
    """Put the items of a chain behind one another, moving as few as need be.

    >>> chained(["high risk", "exit", "elevated", "severe"], ["severe", "elevated", "high risk"])
    ['exit', 'severe', 'elevated', 'high risk']
    """
    after = dict(pairwise(chain))
    before = {second: first for first, second in after.items()}
    found: list[Item] = []
    waiting: set[Item] = set()
    for item in items:
        if item in before and before[item] not in found:
            waiting.add(item)
            continue
        found.append(item)
        while after.get(found[-1]) in waiting:
            waiting.remove(after[found[-1]])
            found.append(after[found[-1]])
    return found
