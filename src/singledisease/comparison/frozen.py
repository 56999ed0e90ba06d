"""A frozen result: a file with counts and hashes of all they rest on, which can be verified and only be appended to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from singledisease.dates import iso
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import Resolved
from singledisease.errors import DataError, Fault, UsageError
from singledisease.eventlog.content_hash import TABLES, content_hashes
from singledisease.eventlog.log import EventLog
from singledisease.io.definitions.content_hash import content_hash
from singledisease.io.measures import write_measures
from singledisease.io.whole_files import write_whole
from singledisease.scorecard.card import Scorecard, parts_of
from singledisease.scorecard.counts import Counts

Entry = Mapping[str, Any]
"""One line of the file: ``COLUMNS``."""

COLUMNS: tuple[str, ...] = (
    *("entry", "previous", "note", "library", "known_until", "periods", "by"),
    *("log", "measures", "diseases", "counts", "hash"),
)


def append_entry(score: Scorecard, path: str | Path, note: str, library: str) -> None:
    """Write what a scorecard counted as a new entry of a file; see the public ``freeze``."""
    target = Path(path)
    earlier = entries(target) if target.exists() else ()
    if earlier and not note.strip():
        fault = Fault(
            "no_reason", str(target), "is frozen; a revision has to say why", 'note="late records of two sites"'
        )
        raise UsageError("this cannot be frozen:", [fault])
    found = _entry_of(score, library)
    if earlier and all(earlier[-1][name] == found[name] for name in found):
        fault = Fault("nothing_new", str(target), "the last entry says the same already", "there is nothing to revise")
        raise UsageError("this cannot be frozen:", [fault])
    previous = earlier[-1]["hash"] if earlier else None
    entry = {"entry": len(earlier) + 1, "previous": previous, "note": note, **found}
    text = target.read_text("utf-8") if earlier else ""
    write_whole(target, text + _line({**entry, "hash": _hash_of(entry)}))


def entries(path: str | Path) -> tuple[Entry, ...]:
    """Read the entries of a frozen result, the first one first.

    Raises
    ------
    DataError
        If a line is none, or was changed, left out or put in other than at the end.
    """
    read: list[Entry] = []
    if Path(path).is_dir():
        raise DataError(f"{path}: 是文件夹，不是冻结文件 / is a folder, no file of frozen figures")
    for number, line in enumerate(Path(path).read_text("utf-8").splitlines(), 1):
        try:
            entry = json.loads(line)
        except ValueError:
            raise _broken(path, number, "is no entry") from None
        if not isinstance(entry, dict) or not {*COLUMNS} <= {*entry}:
            raise _broken(path, number, "is no entry")
        if entry["hash"] != _hash_of({name: value for name, value in entry.items() if name != "hash"}):
            raise _broken(path, number, "was changed after it was written")
        if (entry["entry"], entry["previous"]) != (number, read[-1]["hash"] if read else None):
            raise _broken(path, number, "does not follow the entry before it")
        read.append(entry)
    if not read:
        raise _broken(path, 1, "is no entry")
    return tuple(read)


def _broken(path: str | Path, line: int, what: str) -> DataError:
    hint = "take the file from where it was published; a revision is appended with freeze(…, note=…)"
    return DataError(
        "this frozen result is not what was written:", [Fault("broken_chain", f"{path}:{line}", what, hint)]
    )


def _line(entry: Entry) -> str:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, allow_nan=False) + "\n"


def _hash_of(entry: Entry) -> str:
    return f"sha256:{hashlib.sha256(_line(entry).encode()).hexdigest()}"


# WHAT IS FROZEN


def _entry_of(score: Scorecard, library: str) -> dict[str, Any]:
    diseases = {one.id: one for each in score.measures for one in each.named}
    return {
        "library": library,
        "known_until": iso(score.known_until) or None,
        "periods": [str(period) for period in score.periods],
        "by": list(score.by),
        "log": log_hashes([part.log for part in parts_of(score)]),
        "measures": [_measure(one) for one in score.measures],
        "diseases": {name: disease_hash(one) for name, one in sorted(diseases.items())},
        "counts": counts_rows(score.leaves or score.counts),
    }


def log_hashes(logs: list[EventLog]) -> dict[str, str]:
    """Give the hash of each table; of a registry in parts that of the hashes of its parts, in order."""
    found = [content_hashes(log) for log in logs]
    if len(found) == 1:
        return found[0]
    joined = {name: "".join(one[name] for one in found) for name in TABLES}
    return {name: f"sha256:{hashlib.sha256(text.encode()).hexdigest()}" for name, text in joined.items()}


def _measure(resolved: Resolved) -> dict[str, Any]:
    measure = resolved.measure if resolved.written is None else resolved.written
    found = {"id": measure.id, "version": measure.version, "hash": measure_hash(measure)}
    return {**found, "policy": dict(resolved.policy)}


def measure_hash(measure: Countable) -> str:
    """Give the SHA-256 of a measure as it is written: rules, policies with all options, names, source."""
    text = write_measures([measure], id="frozen", version="1", names=Names("冻结", "frozen"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def disease_hash(disease: Disease) -> str:
    """Give the SHA-256 of a disease with everything expanded."""
    return content_hash(disease)


def counts_rows(counts: Counts) -> list[dict[str, Any]]:
    """Give the counts as plain rows that JSON can hold, in an order of their own."""
    rows = json.loads(counts.to_table().to_json())
    return sorted(rows, key=lambda row: json.dumps(row, ensure_ascii=False, sort_keys=True))
