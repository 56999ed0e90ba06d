"""What a log holds as short texts, one for each table: whatever the order of rows, the files, and how text is coded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from singledisease.eventlog.columns import AnyColumn, Coded, Dates
from singledisease.eventlog.institutions import InstitutionColumns, Teams
from singledisease.eventlog.log import EventLog

TABLES: tuple[str, ...] = ("people", "events", "institutions", "teams", "activities")


def content_hashes(log: EventLog) -> dict[str, str]:
    """Give the SHA-256 of each table of a log, by name.

    Logs that hold the same have the same hashes: where rows stood, in which files, and how text is coded take no part.
    A column without a value is as if it were not there; a blank ``recorded`` is the day of the event.

    >>> import singledisease as sd
    >>> log = sd.simulate(patients=5, seed=1).log()
    >>> content_hashes(log) == content_hashes(log + log), content_hashes(log)["events"][:7]
    (True, 'sha256:')
    """
    people, done = log.people, log.activities
    attributes: dict[str, AnyColumn] = {**people.attributes, "sex": people.sex}
    events: dict[str, AnyColumn] = {"recorded": Dates(log.date), **log.columns, "kind": log.kind}
    return {
        "people": _hash(
            [*map(_array, (people.birth, people.death, people.death_recorded)), _texts(people.ids.tolist())],
            attributes,
        ),
        "events": _hash([_array(log.offsets), _array(log.date)], events),
        "institutions": _hash([_places(log.institutions)], {}),
        "teams": _hash([_places(log.teams)], {}),
        "activities": _hash([_array(done.date)], {**done.columns, "institution": done.institution, "kind": done.kind}),
    }


def _hash(blocks: Iterable[bytes], columns: Mapping[str, AnyColumn]) -> str:
    found = hashlib.sha256()
    for block in blocks:
        found.update(len(block).to_bytes(8, "little") + block)
    for name in sorted(columns):
        if columns[name].known.any():
            block = name.encode() + b"\0" + _column(columns[name])
            found.update(len(block).to_bytes(8, "little") + block)
    return f"sha256:{found.hexdigest()}"


def _column(column: AnyColumn) -> bytes:
    if not isinstance(column, Coded):
        return _array(column.values)
    # Codes are numbered anew, by the order of the texts that occur.
    used = np.unique(column.codes).tolist()
    texts = sorted(column.categories[code] for code in used)
    number = {text: i for i, text in enumerate(texts)}
    place = np.zeros(len(column.categories), np.int64)
    place[used] = [number[column.categories[code]] for code in used]
    return _texts(texts) + _array(place[column.codes])


def _array(values: Any) -> bytes:
    whole = np.asarray(values)
    if whole.dtype.kind == "f":
        # One missing number is like another, and minus nought is nought.
        return np.where(np.isnan(whole), np.nan, whole + 0.0).astype("<f8").tobytes()
    return whole.astype("<i8").tobytes()


def _texts(texts: Iterable[Any]) -> bytes:
    return json.dumps([str(text) for text in texts], ensure_ascii=False).encode()


def _places(places: InstitutionColumns | Teams) -> bytes:
    rows = {
        one: {name: texts[i] for name, texts in sorted(places.columns.items()) if texts[i]}
        for i, one in enumerate(places.ids)
    }
    return json.dumps(rows, ensure_ascii=False, sort_keys=True).encode()
