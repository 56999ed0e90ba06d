"""What is due on a day: for whom, by when, who does it and why; one row for a visit that serves several diseases."""

from singledisease.worklists.joint import jointly
from singledisease.worklists.what_is_due import COLUMNS, HEADINGS, worklist

__all__ = ["COLUMNS", "HEADINGS", "jointly", "worklist"]
