"""What stands once in a file of measures and is put into many of its texts: shared texts, and levels of joint tiers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from singledisease.definitions.joint_tier import JointTier
from singledisease.io.definitions.reading import Spot, ValueReader
from singledisease.io.definitions.source import TomlSource
from singledisease.language.format import write
from singledisease.language.nodes import Literal

SHARED, JOINT_TIERS = "shared", "joint_tiers"
TABLES = (SHARED, JOINT_TIERS)
"""The tables of such a file that are about no single measure."""

_OF_DISEASE = ("disease", "name")
_AT_THE_END = "PERIOD.end"


def shared_texts(source: TomlSource, reader: ValueReader) -> Mapping[str, str]:
    """Give the texts that several measures share, by name; each may use those above it."""
    listed, spot = source.tables.get(SHARED, {}), Spot(source, (SHARED,), SHARED)
    if not isinstance(listed, dict):
        reader.wrong(spot, f"expected texts by name, got {listed!r}", "[shared]")
        return {}
    found: dict[str, str] = {}
    for name, text in listed.items():
        if isinstance(text, str) and name not in _OF_DISEASE:
            found[name] = put_in(text, found)
        elif name in _OF_DISEASE:
            reader.wrong(spot.inner(name), f"{{{name}}} is what for_each puts in", "give it another name")
        else:
            reader.wrong(spot.inner(name), f"expected text, got {text!r}", "visits = 'events(\"encounter\")'")
    return found


def put_in(value: Any, shared: Mapping[str, str], tiers: Sequence[JointTier] = ()) -> Any:
    """Put shared texts and levels into texts.

    ``{visits}`` is the text of that name; ``{colour}`` the level of a joint tier at the period's end, ``{colour on
    PERIOD.start}`` that at the end of another day.
    """
    match value:
        case str():
            for name, text in shared.items():
                value = value.replace(f"{{{name}}}", text)
            for tier in tiers:
                value = re.sub(rf"\{{{tier.id}(?: on ([^{{}}]+))?\}}", partial(_level, tier), value)
            return value
        case list():
            return [put_in(each, shared, tiers) for each in value]
        case dict():
            return {name: put_in(each, shared, tiers) for name, each in value.items()}
    return value


def _level(tier: JointTier, found: re.Match[str]) -> str:
    # The day is put in as it is written, for a fault in it to be told where it stands.
    placeholder = Literal(0, "date")
    return write(tier.on(placeholder).node).replace(write(placeholder), found[1] or _AT_THE_END)
