"""One person as plain values: what does not change with time."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from singledisease.frozen_mapping import frozen_mapping


@frozen
class Person:
    """A person; days are day numbers, ``None`` is missing.

    ``attributes`` holds institution, team, region and any further column, as text.
    """

    id: str
    birth: int | None = None
    sex: str = "unknown"
    death: int | None = None
    death_recorded: int | None = None
    attributes: Mapping[str, str] = field(factory=dict, converter=frozen_mapping, hash=False)
