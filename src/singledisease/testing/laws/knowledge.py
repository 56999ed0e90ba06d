"""Laws of logs: rows in any order and any number of times, and what was known on a day."""

from __future__ import annotations

from singledisease.dates import iso
from singledisease.eventlog.log import EventLog
from singledisease.testing.contents import contents, kept
from singledisease.testing.disagreement import hold
from singledisease.testing.logs import log_of
from singledisease.testing.rows import RegistryRows


def rows_do_not_matter(rows: RegistryRows, others: RegistryRows) -> None:
    """Check that the same rows in another order, or given several times, make the same log."""
    one, other = log_of(rows), log_of(others)
    hold(contents(one) == contents(other), "rows in another order, or given again, made another log")
    hold(one.report.balanced and other.report.balanced, "a load report does not account for every row")


def as_of_is_what_was_known(log: EventLog, day: int) -> None:
    """Check that ``as_of`` keeps what was recorded and not withdrawn by a day, however often it is asked."""
    known = contents(log.as_of(day))
    hold(known == kept(log, day), f"as_of({iso(day)}) is not what was known then")
    hold(contents(log.as_of(day).as_of(day)) == known, "asked twice, something else was known")
    hold(log.as_of(day).known_until == day, "the log does not say until when it was known")
