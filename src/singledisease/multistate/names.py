"""What states are called in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from singledisease.frozen_mapping import FrozenMapping
from singledisease.tables import Heading

Called = Mapping[Any, Heading]
"""Ids of states to their names; an id without one is shown as it is."""

NAMELESS: Called = FrozenMapping({})
