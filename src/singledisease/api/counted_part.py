"""One part of a registry, counted: what a process is sent, and what it sends back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from singledisease.api.part_log import log_of_part
from singledisease.dates import Period
from singledisease.definitions.disease import Disease
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.report import LoadReport
from singledisease.frozen_mapping import frozen_mapping
from singledisease.io.partition import part_folder
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.counts import Counts
from singledisease.scorecard.engine import EngineName
from singledisease.scorecard.evaluate import AnyMeasure
from singledisease.scorecard.evaluate import evaluate as count
from singledisease.scorecard.log_contents import LogContents
from singledisease.scorecard.tier_strata import By


@frozen(kw_only=True)
class CountRequest:
    """What is counted in every part, as plain values that go to another process or machine."""

    measures: tuple[AnyMeasure, ...]
    periods: tuple[Period, ...]
    by: tuple[By, ...] = ()
    policy: Mapping[str, str] = field(factory=dict, converter=frozen_mapping)
    as_of: Any = None
    engine: EngineName = "columnar"
    diseases: Mapping[str, Disease] = field(factory=dict, converter=frozen_mapping)
    threads: int | None = None

    def score(self, log: EventLog) -> Scorecard:
        """Count it in the log of a part."""
        return count(
            self.measures,
            log,
            self.periods,
            diseases=self.diseases,
            by=self.by,
            policy=self.policy,
            as_of=self.as_of,
            engine=self.engine,
            threads=self.threads,
        )


@frozen(kw_only=True)
class Work:
    """What is counted in every part of a partitioned registry.

    Attributes
    ----------
    folder
        Of the registry.
    reading
        How a part is read: what ``read`` is told.
    """

    folder: Path
    reading: Mapping[str, Any] = field(factory=dict, converter=frozen_mapping)
    asked: CountRequest

    def log(self, number: int) -> EventLog:
        """Read a part."""
        return log_of_part(self.folder, number, self.reading)

    def score(self, number: int) -> Scorecard:
        """Read a part, and evaluate it."""
        return self.asked.score(self.log(number))


@frozen(kw_only=True)
class CountedPart:
    """What is kept of a part: sums, and what its log held; no person but those of refused rows."""

    number: int
    counts: Counts
    contents: LogContents
    report: LoadReport
    by: tuple[str, ...]


def counted_part(work: Work, number: int) -> CountedPart:
    """Read, walk and count one part."""
    return counted_log(work.asked, work.log(number), number)


def counted_log(asked: CountRequest, log: EventLog, number: int) -> CountedPart:
    """Walk and count the log of one part."""
    score = asked.score(log)
    return CountedPart(
        number=number,
        counts=score.counts,
        contents=score.contents[0],
        report=placed(log.report, number),
        by=score.by,
    )


def placed(report: LoadReport, number: int) -> LoadReport:
    """Say of every refused row in which part its file is."""

    def here(file: str) -> str:
        return f"{part_folder(Path(), number).name}/{file}"

    return evolve(
        report,
        refusals=tuple(evolve(one, file=here(one.file)) for one in report.refusals),
        readings=tuple(evolve(one, file=here(one.file)) for one in report.readings),
        not_done=tuple(evolve(one, file=here(one.file)) for one in report.not_done),
    )
