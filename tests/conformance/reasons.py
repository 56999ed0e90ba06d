"""Why a mutant is left alive: by what it changes, or that nobody has told it yet.

The reasons are read off the change and the measure; they are arguments, not proofs.
"""

from __future__ import annotations

import re

from singledisease.conformance.mutants import Mutant
from singledisease.definitions.measure import Measure
from singledisease.language import nodes as n
from singledisease.language.traversal import inside

REASONS = {
    "no state": "The policy moves the day on which silence makes somebody lost in the pathway, and the measure reads "
    "no state: it is the same measure.",
    "lost is managed": "The policy moves the day on which silence makes somebody lost, who is still managed then, and "
    "the measure does not ask who is lost.",
    "not seen": "Nothing after the period's last day is seen by a measure that does not mature: a window that goes on "
    "beyond it, or has no end, is the same window.",
    "kind named": "The condition on the rows names their kinds itself: kinds added or taken off outside it change "
    "nothing.",
    "same day": "Only the day of the row is read, and both rows are of one day.",
    "is there": "Only whether there is a row is asked, and there is a first one where there is a last one.",
    "open": "No worked case tells it, and none of the ten thousand histories that were looked at when cases were "
    "drawn: equivalent, or it needs a history that nobody has written yet.",
}
"""By name; ``open`` is no excuse but a list of what is left to do."""

_LAST_DAY = "period's last day"


def reason_of(measure: Measure, mutant: Mutant) -> str:
    """Give the name of the reason for which a mutant that no case tells is left alive."""
    change = mutant.names.en
    if change.startswith("lost_after=") and not _tells_lost_from_managed(measure):
        return "lost is managed" if [*inside(measure, n.Status)] else "no state"
    if mutant.kind == "window" and not measure.matures and _goes_on(change):
        return "not seen"
    if mutant.kind == "kinds" and _names_kinds(measure):
        return "kind named"
    if mutant.kind == "pick" and (
        found := re.fullmatch(r"the (first|last) of (.+) → the (first|last) of \2(.*)", change)
    ):
        if f" on date of the {found[1]} of" in found[4]:
            return "same day"
        if mutant.place.split("+")[0] in ("not_registered", "not_called", "no_visit") and "+" not in mutant.place:
            return "is there"
    return "open"


def _tells_lost_from_managed(measure: Measure) -> bool:
    runs = [*inside(measure, n.Spells, n.Breaches, n.Services)]
    return bool(runs) or any(status.of == "stage" or "lost" in status.values for status in inside(measure, n.Status))


def _goes_on(change: str) -> bool:
    before, _, after = change.partition(" → ")
    ends_there = before.endswith((f"{_LAST_DAY} (included)", f"{_LAST_DAY} (both included)", "in the period"))
    return ends_there and ((after == "(left out)" and before.startswith("up to")) or f"{_LAST_DAY} + 1 days" in after)


def _names_kinds(measure: Measure) -> bool:
    return any(part.name == "kind" for part in inside(measure, n.Column))
