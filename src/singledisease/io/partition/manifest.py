"""What a partitioned registry says of itself: how many parts, which tables, how many rows of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from attrs import asdict, field, frozen

from singledisease.errors import DataError, Fault
from singledisease.frozen_mapping import frozen_mapping
from singledisease.io.whole_files import write_whole

MANIFEST = "parts.json"
"""The file that is written last: without it the folder is no partitioned registry."""
_FORM = "singledisease-parts-1"


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(names)


@frozen(kw_only=True)
class Manifest:
    """A partitioned registry.

    Attributes
    ----------
    parts
        How many parts there are; person p is in part ``crc32(patient_id) % parts``.
    rows
        Rows of ``patients`` and of ``events``, over all parts, as they were handed over.
    shared
        Tables about no person, which stand once beside the parts.
    """

    parts: int
    rows: Mapping[str, int] = field(converter=frozen_mapping)
    shared: tuple[str, ...] = field(default=(), converter=_names)


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write what a partitioned registry says of itself."""
    said = {"form": _FORM, **asdict(manifest), "rows": dict(manifest.rows)}
    write_whole(folder / MANIFEST, json.dumps(said, indent=2) + "\n")


def read_manifest(folder: Path) -> Manifest:
    """Read what a partitioned registry says of itself.

    Raises
    ------
    DataError
        If the folder is none, or partitioning it was interrupted.
    """
    try:
        said: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        if said.pop("form") != _FORM:
            raise ValueError("another form")
        return Manifest(**said)
    except (OSError, ValueError, TypeError, KeyError) as error:
        message = f"没有可用的 {MANIFEST} / there is no {MANIFEST} that can be read ({error})"
        hint = f"singledisease partition DATA {folder}"
        fault = Fault("no_parts", str(folder), message, hint)
        raise DataError(f"{folder}: 不是分片的数据 / is no partitioned registry", [fault]) from None


def part_folder(folder: Path, number: int) -> Path:
    """Give the folder of a part."""
    return folder / f"part-{number:05d}"
