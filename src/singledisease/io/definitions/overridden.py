"""Which transition leads from a state on a signal, where a disease and the fragments it uses say it several times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve

from singledisease.definitions.pathway import Transition
from singledisease.errors import Fault
from singledisease.io.definitions.elements import Element
from singledisease.io.definitions.reading import ValueReader

Written = tuple[Element, Transition]


def without_overridden(transitions: Sequence[Written], reader: ValueReader) -> tuple[Written, ...]:
    """Take out of fragments' transitions the states from which another one leads on the same signal.

    The disease's own come first.  Two fragments may say the same; if they differ, that is collected as a fault.
    """
    claimed: dict[tuple[str, str], Written] = {}
    for element, each in transitions:
        if not element.fragment:
            claimed |= {(source, each.signal): (element, each) for source in each.sources}
    return tuple(_kept(transitions, claimed, reader))


def _kept(
    transitions: Sequence[Written], claimed: dict[tuple[str, str], Written], reader: ValueReader
) -> Iterator[Written]:
    for element, each in transitions:
        if not element.fragment:
            yield element, each
            continue
        sources = []
        for source in each.sources:
            first, other = claimed.setdefault((source, each.signal), (element, each))
            if first is element or first.fragment == element.fragment:
                # Twice in one fragment is for the check of transitions to find.
                sources.append(source)
            elif first.fragment and _leads(other) != _leads(each):
                reader.faults.append(_ambiguous(source, each, first, element))
        if len(sources) == len(each.sources):
            yield element, each
        elif sources:
            yield element, evolve(each, sources=tuple(sources), selection=None)


def _leads(transition: Transition) -> tuple[str, bool, int]:
    return transition.target, transition.another_day, transition.after_days


def _ambiguous(source: str, transition: Transition, one: Element, other: Element) -> Fault:
    message = f"the fragments {one.fragment!r} and {other.fragment!r} both lead on from here on {transition.signal!r}"
    hint = (
        f"write the transition in the disease, or leave one out: "
        f'without = ["transitions.{transition.signal}.{transition.target}"]'
    )
    at = other.spot.source.at(other.spot.path)
    return Fault("ambiguous_fragments", f"pathway.states.{source}", message, hint, at)
