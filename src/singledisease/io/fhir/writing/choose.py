"""What a scorecard becomes: the measures it counts, then its reports of the type that is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from singledisease.errors import UsageError, did_you_mean
from singledisease.io.fhir.writing.bundle import Naming, Resource
from singledisease.io.fhir.writing.individual_reports import individuals
from singledisease.io.fhir.writing.measure import derived_resource, measure_resource
from singledisease.io.fhir.writing.measure_report import TYPES, ReportType, check_people, sums
from singledisease.io.fhir.writing.tasks import WorkForm, work_resources
from singledisease.scorecard.card import Scorecard, parts_of

__all__ = ["ReportType", "WorkForm", "score_resources", "work_resources"]


def score_resources(score: Scorecard, type: ReportType, naming: Naming) -> Iterator[Resource]:
    """Give the measures of a scorecard, and its measure reports with the lists or events that they refer to.

    Parameters
    ----------
    score
        The scorecard.
    type
        ``summary``: a report for each measure and period, with a stratum for each of the scorecard's;
        ``subject-list``: the same, with the people of each population; ``individual``: a report for each measure,
        period and person of the initial population, with the events that the answer rests on.  Measures of rows have
        no people: they are summed up, or left out of individual reports.
    naming
        How resources are called.

    Raises
    ------
    UsageError
        If there is no such type, or people are asked for who are not known: of counts alone, of measures of rows.
    """
    if type not in TYPES:
        raise UsageError(f"没有 / there is no type of report {type!r}; {did_you_mean(str(type), TYPES)}")
    if type != "summary":
        parts_of(score)
        check_people(score)
    return _all(score, type, naming)


def _all(score: Scorecard, type: ReportType, naming: Naming) -> Iterator[Resource]:
    yield from (measure_resource(resolved, naming) for resolved in score.measures)
    if type == "individual":
        yield from individuals(score, naming)
    else:
        yield from (derived_resource(each, naming) for each in score.derived)
        yield from sums(score, type, naming)
