"""When the management of a disease began: by an episode of care, and where there is none as the reader is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.io.assumed_enrolments import ASSUMED
from singledisease.io.fhir.assemble import Arrays
from singledisease.io.fhir.collecting import CollectedRows
from singledisease.io.fhir.said import Row
from singledisease.io.fhir.versions import Versions


@frozen(eq=False)
class Stated:
    """The enrolments and exits that were stated, and what said that something of no known disease began."""

    rows: tuple[Row, ...]
    of_no_disease: tuple[int, ...]


def stated(
    enrolments: CollectedRows, versions: Versions, known: Mapping[tuple[str, int], str], numbers: Mapping[str, int]
) -> Stated:
    """Give the enrolments that episodes of care and care plans state, and the exits that end them.

    Parameters
    ----------
    enrolments
        As they were found.
    versions
        Which resources stand.
    known
        The diseases of each condition that is of any, by its key and the number of its person.
    numbers
        The number of each person, by key.
    """
    rows: list[Row] = []
    without: set[int] = set()
    for row in enrolments.rows():
        number = row["_resource"]
        if versions.gone[number]:
            continue
        tag = row.get("disease") or known.get((row.pop("_condition", ""), numbers[row.get("patient_id", "")]), "")
        if not tag:
            without.add(number)
            continue
        replaced = int(versions.superseded[number])
        if replaced != MISSING:
            row["withdrawn"] = min(replaced, row.get("withdrawn", replaced))
        until = row.pop("until", None)
        rows.append(row | {"disease": tag})
        if until is not None:
            end = {name: value for name, value in row.items() if name not in ("record", "sequence")}
            rows.append(end | {"disease": tag, "kind": "exit", "date": max(until, row["date"])})
    said = {row["_resource"] for row in rows}
    return Stated(tuple(rows), tuple(sorted(without - said)))


@frozen(eq=False)
class Diagnosed:
    """The events among which first conditions and follow-ups are looked for.

    Attributes
    ----------
    events
        All of them, text as numbers.
    person
        Who each is about: a number for each person.
    kinds, diseases, people
        Texts of the columns ``kind``, ``disease`` and ``patient_id``.
    """

    events: Arrays
    person: NDArray[np.int32]
    kinds: tuple[str, ...]
    diseases: tuple[str, ...]
    people: tuple[str, ...]

    def of_kind(self, kind: str) -> NDArray[np.bool_]:
        """Tell which events are of a kind."""
        return np.asarray(self.events["kind"] == (self.kinds.index(kind) if kind in self.kinds else -1))


def assumed(found: Diagnosed, said: set[tuple[int, str]], how: str) -> Iterator[Row]:
    """Give the enrolments of people whom no episode of care enrols.

    Of the conditions of a disease that stand, the first; and each that was taken back, taken back with it, so that
    the log as it was known before then has it.

    Parameters
    ----------
    found
        The events.
    said
        Person and disease of the enrolments that are stated.
    how
        One of ``ASSUMED``; any other word: none.
    """
    if how not in ASSUMED:
        return
    events, visits = found.events, _follow_ups(found) if how == "first_follow_up" else {}
    for (person, disease), rows in sorted(_diagnoses(found).items()):
        if (person, disease) in said:
            continue
        standing = [i for i in rows if events["withdrawn"][i] == MISSING]
        first = min(standing, key=lambda i: (int(events["date"][i]), i), default=None)
        for i in rows:
            if i != first and events["withdrawn"][i] == MISSING:
                continue
            date: int | None = int(events["date"][i])
            if how == "first_follow_up":
                date = min((day for day in visits.get(person, ()) if day >= int(events["date"][i])), default=None)
            if date is not None:
                yield _enrolment(found, i, date, disease)


def _diagnoses(found: Diagnosed) -> dict[tuple[int, str], list[int]]:
    """Give the diagnoses of each person and disease."""
    by_person: dict[tuple[int, str], list[int]] = defaultdict(list)
    for i in np.flatnonzero(found.of_kind("diagnosis") & (found.events["disease"] != 0)).tolist():
        for disease in found.diseases[found.events["disease"][i]].split("|"):
            by_person[int(found.person[i]), disease].append(i)
    return by_person


def _follow_ups(found: Diagnosed) -> dict[int, list[int]]:
    by_person: dict[int, list[int]] = defaultdict(list)
    standing = found.events["withdrawn"] == MISSING
    for i in np.flatnonzero(found.of_kind("follow_up") & standing).tolist():
        by_person[int(found.person[i])].append(int(found.events["date"][i]))
    return by_person


def _enrolment(found: Diagnosed, i: int, date: int, disease: str) -> Row:
    events = found.events
    row: Row = {
        "patient_id": found.people[events["patient_id"][i]],
        "date": date,
        "kind": "enrolment",
        "disease": disease,
        "recorded": max(int(events["recorded"][i]), date),
        "_resource": int(events["_resource"][i]),
    }
    withdrawn = int(events["withdrawn"][i])
    return row if withdrawn == MISSING else row | {"withdrawn": max(withdrawn, row["recorded"])}
