"""Why a mutant is left alive: a proof that it is the same measure, or an argument made by hand.

Proofs are those of ``equivalent.py``; arguments stand in ``reasons.toml``, each with the mutants that it is about.
"""

from __future__ import annotations

import re
import tomllib
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from equivalent import proof, reads_states

from singledisease.conformance.mutants import Mutant
from singledisease.conformance.valued import Definition
from singledisease.language import nodes as n
from singledisease.language.traversal import inside

ARGUMENTS = Path(__file__).with_name("reasons.toml")

PROOFS = {
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
    "said twice": "The condition says the same twice, or holds in itself what is left out.",
    "not taken": "Rows are selected by what is true: where a value is missing they are left out, whether it is asked "
    "for beforehand, taken for false, or neither.",
    "no day no row": "Without a day no row is in a window that begins or ends with it: it need not be asked for.",
    "value known": "Whether a value is known is asked by comparing it with numbers: with which, and how often, changes "
    "nothing.",
    "turned twice": "Who is looked at is asked by two negations, and both are turned: they were one condition before.",
    "deadline": "The policy moves a deadline that leads to no other state, and the measure does not ask what is late.",
    "several": "By more than one of the other proofs at once.",
}
"""By name what a proof says."""


@cache
def arguments() -> dict[str, dict[str, Any]]:
    """Give the arguments made by hand by name: why, and of which mutants."""
    found = tomllib.loads(ARGUMENTS.read_text("utf-8"))
    return {name: dict(one) for name, one in found.items()}


def reason_of(original: Definition, mutant: Mutant, measure: str) -> str:
    """Give the name of the reason for which a mutant that no case tells is left alive; ``open``: there is none."""
    change = mutant.names.en
    if change.startswith("lost_after=") and not reads_states(original):
        return "lost is managed" if [*inside(original.measure, n.Status)] else "no state"
    proved = proof(original, Definition(mutant.measure, mutant.diseases))
    return proved or _argued(measure, mutant.place, change) or "open"


def _argued(measure: str, place: str, change: str) -> str | None:
    for name, one in arguments().items():
        for about in one["of"]:
            measures, places, changes = (about.get(part, "*") for part in ("measure", "place", "change"))
            if (
                fnmatchcase(measure, measures)
                and fnmatchcase(place, places)
                and (changes == "*" or re.search(changes, change))
            ):
                return name
    return None
