"""Codes that the pathways of a scorecard hear and that no event has: a step that nobody could take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import Resolved
from singledisease.language.nodes import Apply, Breaches, DaysIn, Sequences, Services, Spells, StatusDuring, StatusOn
from singledisease.language.traversal import inside, parts
from singledisease.scorecard.asked_codes import HeldCodes
from singledisease.scorecard.log_contents import LogContents

_OF_STATUS, _OF_COURSES = (StatusOn, StatusDuring, DaysIn), (Spells, Breaches, Services, Sequences)


def walked_diseases(rules: Iterable[Any]) -> set[str]:
    """Give the ids of the diseases of whose courses some measures ask anything: a state, a stay or a service."""
    listed = list(rules)
    asked = {node.status.disease for rule in listed for node in inside(rule, *_OF_STATUS)}
    return asked | {node.disease for rule in listed for node in inside(rule, *_OF_COURSES)}


def asked_for(waiting: list[Any]) -> Iterator[Any]:
    """Go through the nodes of some conditions, leaving out what must not be."""
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, Apply) and node.operation in ("not", "!="):
            continue
        yield node
        waiting += parts(node)


def remarks_of_pathways(
    measures: Sequence[Resolved], logs: Sequence[LogContents], codes: HeldCodes
) -> Iterator[tuple[Disease, Names]]:
    """Say of each walked disease for which somebody is enrolled which signals wait for codes that no event has.

    One remark a disease: of diseases that the log does not hold nothing is expected, so nothing is said.
    """
    walked = walked_diseases(one.measure for one in measures)
    diseases = {id: disease for one in measures for id, disease in one.diseases.items() if id in walked}
    for disease in diseases.values():
        if any(log.enrols(disease) for log in logs):
            remark = _of_pathway(disease, codes)
            if remark is not None:
                yield disease, remark


def _of_pathway(disease: Disease, codes: HeldCodes) -> Names | None:
    signals: dict[Names, dict[Names, None]] = {}
    for signal in disease.pathway.signals:
        waiting = [] if signal.when is None else [signal.when]
        for remark in (each for node in asked_for(waiting) for each in codes.remarks(node)):
            signals.setdefault(remark, {})[signal.names] = None
    if not signals:
        return None
    return Names(
        "；".join(f"{remark.zh}（{'、'.join(one.zh for one in heard)}）" for remark, heard in signals.items()),
        "; ".join(f"{remark.en} ({', '.join(one.en for one in heard)})" for remark, heard in signals.items()),
    )
