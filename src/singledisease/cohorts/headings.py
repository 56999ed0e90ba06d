"""Headings of the tables of a cohort, beside those that other tables share."""

from __future__ import annotations

from singledisease.cohorts.names import DIED, ENTERED, LEFT, WAYS
from singledisease.multistate.headings import HEADINGS as SHARED
from singledisease.tables import Heading

HEADINGS: dict[str, Heading] = SHARED | {
    "period_start": ("期初", "period start"),
    "period_end": ("期末", "period end"),
    "by": ("分组", "by"),
    "opening": ("期初人数", "opening"),
    ENTERED: WAYS[ENTERED],
    "moved_in": ("转入", "moved in"),
    "moved_out": ("转出", "moved out"),
    LEFT: WAYS[LEFT],
    DIED: WAYS[DIED],
    "closing": ("期末人数", "closing"),
}
