"""Strata: into which part of the registry each person falls, on the day each period is asked about.

Institution and team are those of the last assignment in force on that day, else the person's own; their columns
(``institution.level``, ``team.group``) go with them.  The age band is of that day; the rest does not change with time.
A missing value is the blank text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.aliases import STRATUM_ALIASES
from singledisease.dates import MISSING, Period, age_array
from singledisease.errors import Fault, UsageError, did_you_mean
from singledisease.eventlog.columns import Coded, Dates
from singledisease.eventlog.log import EventLog
from singledisease.frozen_mapping import FrozenMapping
from singledisease.read_only import holds_arrays, read_only
from singledisease.spelling import meant_by

Stratum = tuple[str, ...]
"""One text per name of ``by``; blank is missing."""

AGE_BANDS: tuple[str, ...] = ("<35", "35-44", "45-54", "55-64", "65-74", "75+", "unknown")
_AGE_EDGES = (35, 45, 55, 65, 75)
_DENSE = 2**16
"""Above so many combinations only those that occur are numbered."""

BUILT_IN: tuple[str, ...] = ("institution", "team", "sex", "age_band", "region")
OF_INSTITUTION = "institution."
"""Before the name of a column of the institution."""

OF_TEAM = "team."
"""Before the name of a column of the team in charge."""

OF_EVENT = "event."
"""Before the name of a column of the row itself, where rows are counted."""


@holds_arrays
@frozen(eq=False)
class Strata:
    """Which stratum each person is in.

    Attributes
    ----------
    keys
        The strata, each once.
    codes
        int64 (periods, people), or (1, people) if no stratum changes with time: index into ``keys``.
    """

    keys: tuple[Stratum, ...]
    codes: NDArray[np.int64] = field(converter=read_only)


@holds_arrays
@frozen(eq=False)
class Labels:
    """One text for each person: ``codes`` (periods or 1, people) into distinct ``texts``."""

    texts: tuple[str, ...]
    codes: NDArray[np.int64] = field(converter=read_only)

    def slice(self, first: int, last: int) -> Labels:
        """Give the labels of some consecutive people."""
        return Labels(self.texts, self.codes[:, first:last])

    def renamed(self, texts: Sequence[str]) -> Labels:
        """Put other texts, not necessarily distinct, in the place of these."""
        number = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        return Labels(tuple(number), np.array([number[text] for text in texts], np.int64)[self.codes])


def check_by(
    by: Iterable[str], log: EventLog, *, of_rows: bool = False, further: Iterable[str] = ()
) -> tuple[str, ...]:
    """Give the names of the strata, if the registry has them all.

    ``of_rows``: columns of events are strata too; ``further``: names that need no column.

    Raises
    ------
    UsageError
        With a fault for every name that is not known or stands twice.
    """
    names = tuple(by)
    known = [*BUILT_IN, *log.people.attributes, *(OF_INSTITUTION + name for name in log.institutions.columns)]
    known += [OF_TEAM + name for name in log.teams.columns]
    known += further
    if of_rows:
        known += [OF_EVENT + name for name, column in log.columns.items() if isinstance(column, Coded)]
    faults = [
        Fault(
            "unknown_stratum", f"by={name!r}", "登记中没有这一列 / the registry has no such column", _meant(name, known)
        )
        for name in names
        if name not in known
    ]
    faults += [
        Fault("repeated_stratum", f"by={name!r}", "stands more than once", "name each stratum once")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if faults:
        raise UsageError("cannot group the people like this:", faults)
    return names


def _meant(name: str, known: Collection[str]) -> str:
    """Give the stratum that was meant, by its name in either language, or all there are."""
    meant = meant_by(name, set(known), STRATUM_ALIASES)
    return did_you_mean(name, set(known)) if meant is None or meant not in known else did_you_mean(meant, [meant])


def stratify(
    by: Sequence[str],
    log: EventLog,
    periods: Sequence[Period],
    disease: str = "",
    given: Mapping[str, Labels] = FrozenMapping({}),
) -> Strata:
    """Find the stratum of each person in each period.

    Parameters
    ----------
    by
        Names that ``check_by`` let pass.
    log
        The log as it is known.
    periods
        Each is asked about on its last day, or on the day of ``as_of`` if that is earlier.
    disease
        Only assignments that concern it count; blank: all do.
    given
        Labels that are known already, by name.
    """
    asked = [period.end if log.known_until is None else min(period.end, log.known_until) for period in periods]
    keys: tuple[Stratum, ...] = ((),)
    codes = np.zeros((1, len(log.people)), np.int64)
    for name in by:
        labels = given[name] if name in given else labels_of(name, log, asked, disease)
        codes, keys = combined(codes, keys, labels)
    return Strata(keys, codes)


def combined(
    codes: NDArray[np.int64], keys: tuple[Stratum, ...], labels: Labels
) -> tuple[NDArray[np.int64], tuple[Stratum, ...]]:
    """Split strata further by labels: the codes and keys of those that there may be."""
    width = len(labels.texts)
    codes = labels.codes if len(keys) == 1 else codes * width + labels.codes
    present: Any = range(len(keys) * width)
    if len(present) > _DENSE:
        present, inverse = np.unique(codes, return_inverse=True)
        codes = inverse.reshape(codes.shape)
    return codes, tuple((*keys[code // width], labels.texts[code % width]) for code in present)


def labels_of(name: str, log: EventLog, asked: Sequence[int], disease: str = "") -> Labels:
    """Give the text of one stratum name for each person, on each day asked."""
    people = log.people
    if name in ("institution", "team"):
        return _assigned(name, log, asked, disease)
    if name == "sex":
        return Labels(people.sex.categories, people.sex.codes[None].astype(np.int64))
    if name == "age_band":
        return _age_bands(people.birth, asked)
    if name == "region":
        return _region(log, asked, disease)
    if name.startswith(OF_INSTITUTION):
        return _of_institution(name.removeprefix(OF_INSTITUTION), log, asked, disease)
    if name.startswith(OF_TEAM):
        return _of_team(name.removeprefix(OF_TEAM), log, asked, disease)
    return _own(people.attributes[name])


def _own(column: Coded) -> Labels:
    return Labels(column.categories, column.codes[None].astype(np.int64))


def _attribute(name: str, log: EventLog) -> Labels:
    column = log.people.attributes.get(name)
    return _own(column) if column is not None else Labels(("",), np.zeros((1, len(log.people)), np.int64))


def _age_bands(birth: NDArray[np.int32], asked: Sequence[int]) -> Labels:
    ages = np.stack([age_array(birth, np.full_like(birth, day)) for day in asked])
    bands = np.searchsorted(_AGE_EDGES, ages, side="right")
    return Labels(AGE_BANDS, np.where(ages == MISSING, AGE_BANDS.index("unknown"), bands).astype(np.int64))


def _region(log: EventLog, asked: Sequence[int], disease: str) -> Labels:
    own, other = _attribute("region", log), _of_institution("region", log, asked, disease)
    texts = tuple(dict.fromkeys((*own.texts, *other.texts)))
    ours, theirs = (np.array([texts.index(text) for text in part.texts], np.int64) for part in (own, other))
    # Code 0 is the blank text of every coded column: where the person has no region, the institution's stands.
    return Labels(texts, np.where(own.codes != 0, ours[own.codes], theirs[other.codes]))


def _of_team(column: str, log: EventLog, asked: Sequence[int], disease: str) -> Labels:
    values = dict(zip(log.teams.ids, log.teams.columns[column], strict=True))
    labels = _assigned("team", log, asked, disease)
    return labels.renamed([values.get(text, "") for text in labels.texts])


def _of_institution(column: str, log: EventLog, asked: Sequence[int], disease: str) -> Labels:
    institutions = log.institutions
    values = dict(zip(institutions.ids, institutions.columns.get(column, ()), strict=False))
    labels = _assigned("institution", log, asked, disease)
    return labels.renamed([values.get(text, "") for text in labels.texts])


# ASSIGNMENTS


def _assigned(column: str, log: EventLog, asked: Sequence[int], disease: str) -> Labels:
    own = _attribute(column, log)
    rows = _assignments(column, log, disease)
    if not len(rows):
        return own
    named = log.columns[column]
    assert isinstance(named, Coded)
    texts = tuple(dict.fromkeys((*own.texts, *named.categories)))
    number = {text: i for i, text in enumerate(texts)}
    mine = np.array([number[text] for text in own.texts], np.int64)[own.codes[0]]
    theirs = np.array([number[text] for text in named.categories], np.int64)[named.codes[rows]]
    person = np.searchsorted(log.offsets, rows, side="right") - 1
    codes = np.repeat(mine[None], len(asked), axis=0)
    for p, day in enumerate(asked):
        now = _in_force(log, rows, day)
        # Rows are in canonical order, and of several values for one place NumPy keeps the last.
        codes[p, person[now]] = theirs[now]
    return Labels(texts, codes)


def _assignments(column: str, log: EventLog, disease: str) -> NDArray[np.int64]:
    """Find the rows that assign people to an institution or team for the disease, in canonical order."""
    named = log.column(column)
    if not isinstance(named, Coded) or "assignment" not in log.kind.categories:
        return np.empty(0, np.int64)
    rows: NDArray[np.int64] = np.flatnonzero(log.kind.codes == log.kind.categories.index("assignment"))
    rows = rows[named.codes[rows] != 0]
    tags = log.column("disease")
    if disease and isinstance(tags, Coded):
        concerned = np.array([not tag or disease in tag.split("|") for tag in tags.categories])
        rows = rows[concerned[tags.codes[rows]]]
    return rows


def _in_force(log: EventLog, rows: NDArray[np.int64], day: int) -> NDArray[np.bool_]:
    begun = log.date[rows] <= day
    until = log.column("until")
    if not isinstance(until, Dates):
        return begun
    last = until.values[rows]
    return np.asarray(begun & ((last == MISSING) | (last >= day)))
