"""One part of a partitioned registry, read when everything of the parts before it has been let go."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from singledisease.api.data import read
from singledisease.eventlog.log import EventLog
from singledisease.io.partition import part_folder


def log_of_part(folder: Path, number: int, reading: Mapping[str, Any]) -> EventLog:
    """Read a part; memory is that of one part however many are read one after the other.

    A log and its courses know each other: they are few objects with many bytes, which the collector would leave
    unnoticed for long.

    Parameters
    ----------
    folder
        Of the registry.
    number
        Of the part.
    reading
        How it is read: what ``read`` is told.
    """
    gc.collect()
    return read(part_folder(folder, number), **reading)
