"""Counts of parts kept in a folder, so that interrupted work goes on where it stopped."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

from attrs import asdict

from singledisease import __version__
from singledisease.api.counted_part import CountedPart, Work
from singledisease.api.packed_counts import packed_counts, unpacked_counts
from singledisease.eventlog.report import LoadReport, NotDone, Refusal, Slip, TableReport
from singledisease.io.definitions.content_hash import content_hash
from singledisease.io.measures import write_measures
from singledisease.io.partition import MANIFEST
from singledisease.io.whole_files import write_whole
from singledisease.scorecard.log_contents import LogContents

_FORM = "packed-1"
"""How counts are written: what was kept in another form is counted anew."""
_ROWS = {"tables": TableReport, "refusals": Refusal, "readings": Refusal, "not_done": NotDone, "slips": Slip}


def key_of(work: Work) -> str:
    """Give a short text that differs whenever anything differs by which parts are counted."""
    asked = work.asked
    said = [
        __version__,
        _FORM,
        write_measures(asked.measures, id="kept"),
        [str(period) for period in asked.periods],
        [repr(one) for one in asked.by],
        sorted(asked.policy.items()),
        str(asked.as_of),
        sorted(content_hash(disease) for disease in asked.diseases.values()),
        sorted((name, repr(value)) for name, value in work.reading.items()),
        (work.folder / MANIFEST).read_text("utf-8"),
        [file.stat().st_size for file in sorted(work.folder.glob("part-*/*"))],
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:16]


def write_counted(folder: Path, key: str, part: CountedPart) -> None:
    """Write the counts of a part."""
    write_whole(_file(folder, key, part.number), text_of_counted(part))


def text_of_counted(part: CountedPart) -> str:
    """Give the counts of a part as JSON."""
    return json_text(said_of_counted(part))


def json_text(said: Any) -> str:
    """Write as JSON what is kept of a part."""
    return json.dumps(said, ensure_ascii=False, default=_plain)


def said_of_counted(part: CountedPart) -> dict[str, Any]:
    """Give the counts of a part as plain values."""
    return {
        "counts": packed_counts(part.counts),
        "contents": {
            **asdict(part.contents, recurse=False),
            "words": {name: sorted(words) for name, words in part.contents.words.items()},
            "enrolled": {name: sorted(words) for name, words in part.contents.enrolled.items()},
            "codes": {name: sorted(codes) for name, codes in (part.contents.codes or {}).items()},
        },
        "report": asdict(part.report),
        "by": list(part.by),
    }


def _plain(cell: Any) -> Any:
    """Write what JSON has no form for: a day, a mapping."""
    return cell.isoformat() if isinstance(cell, dt.date) else dict(cell)


def read_counted(folder: Path, key: str, number: int) -> CountedPart | None:
    """Read the counts of a part; ``None`` if it was not counted in the same way before."""
    file = _file(folder, key, number)
    return counted_of_text(file.read_text("utf-8"), number) if file.is_file() else None


def counted_of_text(text: str, number: int) -> CountedPart:
    """Give the counts of a part that ``text_of_counted`` wrote."""
    return counted_of_said(json.loads(text), number)


def counted_of_said(said: dict[str, Any], number: int) -> CountedPart:
    """Give the counts of a part that ``said_of_counted`` gave."""
    return CountedPart(
        number=number,
        counts=unpacked_counts(said["counts"]),
        contents=LogContents(**said["contents"]),
        report=_report(said["report"]),
        by=tuple(said["by"]),
    )


def _file(folder: Path, key: str, number: int) -> Path:
    return folder / f"counts-{key}-{number:05d}.json"


def _report(said: dict[str, Any]) -> LoadReport:
    rows = {name: tuple(_row(kind, **each) for each in said[name]) for name, kind in _ROWS.items()}
    return LoadReport(**rows, notes=tuple(said["notes"]))


def _row(kind: type[Any], **values: Any) -> Any:
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})
