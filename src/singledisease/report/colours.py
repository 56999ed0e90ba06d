"""How people went from colour to colour: the part of a page about a tier that is the worst of a person's diseases'."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from singledisease.definitions.joint_tier import JointTier
from singledisease.report.figure_setup import COLOURS
from singledisease.report.flows import Followed, passage

_FILLS = MappingProxyType({"green": "#4f9d69", "yellow": "#e0b93b", "orange": "#dd8434", "red": "#c0392b"})
_NOBODY_KNOWS = "#b5bec7"


def section(tier: JointTier, followed: Iterable[Followed]) -> dict[str, Any] | None:
    """Give what a page shows of a tier: its names and how sure it is, and who of each disease went where.

    Each has to follow its people from level to level of the tier; nothing if nobody was in any.
    """
    fills = {level.id: _FILLS.get(level.colour, level.colour) for level in tier.levels}
    found = []
    for one in followed:
        bands = [*(fills.get(state, _NOBODY_KNOWS) for state in one.states), COLOURS[0]]
        shown = passage(one, bands)
        if shown is not None:
            found.append(shown)
    if not found:
        return None
    return {"names": tier.names, "status": tier.status, "citation": tier.citation, "of": tier.of, "passages": found}
