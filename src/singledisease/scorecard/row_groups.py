"""The rows that a measure of rows counts: which group each is in, and which stratum."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from singledisease.dates import Period
from singledisease.definitions.aggregate import Countable
from singledisease.domains import RowDomain
from singledisease.errors import Fault, UsageError
from singledisease.eventlog.columns import Coded
from singledisease.eventlog.log import EventLog
from singledisease.language.row_sources import source_of
from singledisease.pathway_courses import Courses
from singledisease.read_only import holds_arrays, read_only
from singledisease.scorecard.counts import OF_PLACES
from singledisease.strata import OF_EVENT, OF_INSTITUTION, Labels, Strata, Stratum, combined, labels_of


@holds_arrays
@frozen(eq=False)
class RowGroups:
    """Rows, and the group of each: ``codes`` uint8 (rows), index into the measure's groups."""

    domain: RowDomain
    codes: NDArray[np.uint8] = field(converter=read_only)

    def counts(self, periods: int, groups: int) -> NDArray[np.int64]:
        """Count rows by period and group."""
        cell = self.domain.period.astype(np.int64) * groups + self.codes
        return np.bincount(cell, minlength=periods * groups).reshape(periods, groups)


def joined(parts: Sequence[RowGroups], people: Sequence[int], rows: Sequence[int]) -> RowGroups:
    """Join rows of consecutive people; each part begins at a person and, of its source, at a row.

    Rows stand by period, so that those of one period follow one another over all parts.
    """
    domains = [
        evolve(part.domain, owner=part.domain.owner + first, row=part.domain.row + first_row)
        for part, first, first_row in zip(parts, people, rows, strict=True)
    ]
    columns = {
        name: np.concatenate([getattr(domain, name) for domain in domains])
        for name in ("period", "owner", "row", "date")
    }
    codes, period = np.concatenate([part.codes for part in parts]), columns["period"]
    if (period[1:] < period[:-1]).any():
        order = np.argsort(period, kind="stable")
        columns, codes = {name: column.take(order) for name, column in columns.items()}, codes.take(order)
    return RowGroups(RowDomain(source=domains[0].source, **columns), codes)


def first_row(source: str, log: EventLog, courses: Courses | None, person: int) -> int:
    """Give the first row of a person among the rows of a source."""
    if courses is None:
        return int(log.offsets[person]) if source == "events" else 0
    number = courses.of_person(person).start
    if source == "sequences":
        return number
    if source == "spells":
        return int(courses.spells.offsets[number])
    owners = courses.obligations.person if courses.obligations is not None else np.zeros(0, np.int64)
    return int(np.searchsorted(owners, number))


# STRATA


def check_row_strata(by: Iterable[str], log: EventLog, measures: Iterable[Countable]) -> None:
    """Refuse strata that what a measure counts does not have: people's of institutions, events' of other rows.

    Raises
    ------
    UsageError
        With a fault for every measure and name.
    """
    listed = tuple(by)
    faults = [
        Fault("unfit_stratum", f"by={name!r}", f"{one.id} counts {source_of(one.of)}, which have no such stratum", hint)
        for one in measures
        if one.of is not None
        for name in listed
        if (hint := _unfit(name, log, source_of(one.of)))
    ]
    if faults:
        raise UsageError("cannot group the rows like this:", faults)


def counts_places(measure: Countable) -> bool:
    """Say whether a measure counts institutions, or what they did: these are of no one person, and in no one part."""
    return measure.of is not None and source_of(measure.of) in OF_PLACES


def fits_strata(measure: Countable, by: Iterable[str], log: EventLog) -> bool:
    """Say whether what a measure counts has all the strata; see ``check_row_strata``."""
    return measure.of is None or not any(_unfit(name, log, source_of(measure.of)) for name in by)


def _unfit(name: str, log: EventLog, source: str) -> str:
    """Give what to group by instead; blank if rows of a source can be grouped by it."""
    if source in OF_PLACES:
        columns = log.institutions.columns
        known = ["institution", *(OF_INSTITUTION + column for column in columns)]
        fits = name in known or (name == "region" and name in columns)
        return "" if fits else f"there is {', '.join(known)}; or evaluate the measure apart from the others"
    if name.startswith(OF_EVENT) and source != "events":
        return "group events by it, or these rows by a column of their person"
    return ""


def stratify_rows(
    by: Sequence[str],
    log: EventLog,
    periods: Sequence[Period],
    disease: str,
    domain: RowDomain,
    *,
    given: Mapping[str, Labels],
) -> Strata:
    """Find the stratum of each row.

    ``event.<column>`` is the row's own; everything else that of its person on the day asked about.  Of institutions
    and activities it is their own institution's.

    Returns
    -------
    Strata
        With codes (rows).
    """
    asked = [period.end if log.known_until is None else min(period.end, log.known_until) for period in periods]
    codes: NDArray[np.int64] = np.zeros((1, len(domain)), np.int64)
    keys: tuple[Stratum, ...] = ((),)
    for name in by:
        codes, keys = combined(
            codes,
            keys,
            _labels(name, log, domain, lambda name: given.get(name) or labels_of(name, log, asked, disease)),
        )
    return Strata(keys, codes[0])


def _labels(name: str, log: EventLog, domain: RowDomain, of_people: Callable[[str], Labels]) -> Labels:
    if name.startswith(OF_EVENT):
        column = log.columns.get(name.removeprefix(OF_EVENT))
        assert isinstance(column, Coded)
        return Labels(column.categories, column.codes[domain.row][None].astype(np.int64))
    if domain.source in ("institutions", "activities"):
        return _of_institution(name, log, domain)
    labels = of_people(name)
    period = domain.period if len(labels.codes) > 1 else 0
    return Labels(labels.texts, labels.codes[period, domain.owner][None])


def _of_institution(name: str, log: EventLog, domain: RowDomain) -> Labels:
    ids = log.institutions.ids
    texts = ids if name == "institution" else log.institutions.columns[name.removeprefix(OF_INSTITUTION)]
    # Behind the institutions stands one that is not in their table, whose activities have -1 for it.
    number = tuple(range(len(texts) + 1))
    return Labels(number, domain.owner[None] % len(number)).renamed([*texts, ""])  # type: ignore[arg-type]
