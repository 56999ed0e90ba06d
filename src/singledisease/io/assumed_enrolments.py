"""Enrolments that no row states: formats without a word for them are read on an assumption, which is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from singledisease.eventlog.log import EventLog

ASSUMED: Mapping[str, str] = MappingProxyType(
    {
        "first_condition": "以首次诊断的日期为建档 / enrolled on the onset of a first condition",
        "first_follow_up": "以诊断后首次随访为建档 / enrolled by the first follow-up",
    }
)
"""Ways to assume an enrolment, and how each is told; any other word assumes none."""


def enrolments(log: EventLog) -> NDArray[np.bool_]:
    """Tell which events of a log are enrolments."""
    kinds = log.kind.categories
    return np.asarray(log.kind.codes == (kinds.index("enrolment") if "enrolment" in kinds else -1))


def assumed_notes(how: str, number: int) -> Iterator[str]:
    """Say on what assumption how many people were enrolled, if any were."""
    if number:
        yield f"{ASSUMED[how]}: {number}"
