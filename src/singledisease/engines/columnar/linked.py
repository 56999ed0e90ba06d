"""Linked sequences: the events of a person that share a link, such as those of one referral."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from singledisease.definitions.disease import Disease
from singledisease.engines.columnar.concerns import concerning, of_kinds
from singledisease.engines.columnar.domain import Domain, SelectedRows
from singledisease.engines.columnar.table import Indices
from singledisease.eventlog.columns import Coded
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import Courses


def links_of(log: EventLog) -> Coded:
    """Give what links each event; nothing, where no event is linked."""
    link = log.columns.get("link")
    return link if isinstance(link, Coded) else Coded(np.zeros(len(log), np.uint8), ("",))


def first_rows(log: EventLog, disease: Disease, until: int) -> Indices:
    """Give the event with which each linked sequence of a disease begins, of those that began by the end of a day."""
    is_of_one = (links_of(log).codes != 0) & concerning(log, disease) & (log.date <= until)
    if disease.pathway.begins_with:
        is_of_one &= of_kinds(log.kind, disease.pathway.begins_with)
    rows = np.flatnonzero(is_of_one)
    return np.sort(rows[np.unique(_person_and_link(log, rows), return_index=True)[1]])


def sequence_of(courses: Courses, domain: Domain) -> Indices | None:
    """Give the course of each element of rows of linked sequences, or of what stands in such a row; else ``None``."""
    if not isinstance(domain, SelectedRows) or domain.outer is None:
        return None
    if domain.table.source == "sequences" and domain.table.courses is courses:
        return domain.index
    outer = sequence_of(courses, domain.outer)
    return None if outer is None else outer.take(domain.cell)


def people_of(log: EventLog, rows: Indices) -> Indices:
    """Give the person of each of some rows."""
    person: Indices = np.searchsorted(log.offsets, rows, "right") - 1
    return person


def sequences_of(log: EventLog, first: Indices) -> tuple[Indices, Indices]:
    """Give the events of sequences, from the day of its first one on: of which sequence each is, and its row.

    ``first`` has the first event of each sequence, ascending.
    """
    rows = np.flatnonzero(links_of(log).codes != 0)
    own, of_first = _person_and_link(log, rows), _person_and_link(log, first)
    by_key = np.argsort(of_first, kind="stable")
    place = np.searchsorted(of_first[by_key], own)
    # Behind the last sequence stands one that no event is of.
    sequence = np.append(by_key, len(first))[place]
    there = np.flatnonzero(np.append(of_first, -1)[sequence] == own)
    sequence, rows = sequence[there], rows[there]
    begun = np.flatnonzero(log.date[rows] >= log.date[first[sequence]])
    return sequence[begun], rows[begun]


def _person_and_link(log: EventLog, rows: Indices) -> NDArray[np.int64]:
    link = links_of(log)
    key: NDArray[np.int64] = people_of(log, rows) * np.int64(len(link.categories)) + link.codes[rows]
    return key
