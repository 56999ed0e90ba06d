"""A county too large for one's memory, simulated some people at a time, each time into a folder of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import evolve

from singledisease.dates import day_of, iso
from singledisease.definitions.disease import Disease
from singledisease.errors import UsageError
from singledisease.io.definitions.content_hash import content_hash
from singledisease.io.partition.folders import FOLDERS, folders_made, refuse_other_settings, write_folders
from singledisease.io.write import Format
from singledisease.simulation.presets import Preset, settled
from singledisease.simulation.registry import chosen_diseases, simulate
from singledisease.simulation.simulated import TRUTH, Progress, checked_format

AT_A_TIME = 250_000
"""How many people stand in memory at once, unless told otherwise: about two gigabytes with two diseases in a year."""


def simulate_in_folders(
    folder: str | Path,
    *,
    at_a_time: int = AT_A_TIME,
    diseases: Disease | Sequence[Disease] | None = None,
    seed: int = 1,
    start: dt.date | str = "2023-01-01",
    end: dt.date | str = "2024-12-31",
    format: Format = "csv",
    progress: Progress | None = None,
    **county: Any,
) -> list[Path]:
    """Give the folders of a simulated county, each a registry of its own with its truth; together they are the county.

    A folder that an earlier run finished is not made again, so that interrupted work goes on where it stopped.

    Parameters
    ----------
    folder
        Where the folders are made; ``folders.json`` in it lists them.
    at_a_time
        How many people stand in memory at once.
    diseases, seed, start, end, format
        As of ``simulate``.
    progress
        Told of how many of how many people are done.
    county
        What else ``simulate`` takes: ``preset``, ``patients``, ``townships``, ``villages``, ``rates``, and single ones.

    Raises
    ------
    UsageError
        If the folder holds anything else, or was begun with other settings; or the county's published counts are made
        exactly, which takes everybody at once; or as of ``simulate``.

    >>> every = simulate_in_folders("large-county", patients=60, at_a_time=40, seed=3)
    >>> [one.name for one in every]
    ['from-000000000', 'from-000000040']
    """
    sizes = {name: county.pop(name, None) for name in ("patients", "townships", "villages", "rates")}
    settings = settled(county.pop("preset", None), **sizes, changes=county)
    if at_a_time < 1:
        raise UsageError(f"at_a_time={at_a_time}: 至少一人 / at least one person")
    if settings.published is not None:
        raise UsageError(
            f"{settings.id}: 公布的总数须一次生成 / its published totals are made of everybody at once:"
            " use simulate, or leave out --at-a-time"
        )
    target, people = Path(folder), settings.patients
    firsts = range(0, people, at_a_time)
    chosen = chosen_diseases(settings, diseases)
    made = _made(settings, chosen, at_a_time=at_a_time, seed=seed, start=start, end=end, format=checked_format(format))
    _begin(target, [_name(first) for first in firsts], made)
    for first in firsts:
        here, count = target / _name(first), min(at_a_time, people - first)
        if not (here / TRUTH).exists():
            some = evolve(settings, before=first, residents=people)
            told = None if progress is None else _after(progress, first, people)
            asked: dict[str, Any] = {"seed": seed, "start": start, "end": end, "format": format}
            simulate(here, diseases=chosen, preset=some, patients=count, progress=told, **asked)
        if progress is not None:
            progress(first + count, people)
    return [target / _name(first) for first in firsts]


def _name(first: int) -> str:
    return f"from-{first:09d}"


def _after(progress: Progress, first: int, people: int) -> Progress:
    return lambda done, _of: progress(first + done, people)


def _made(settings: Preset, diseases: Sequence[Disease], **asked: Any) -> dict[str, Any]:
    """Say by what the folders are made, so that others are not taken for them."""
    return {
        "preset": settings.id,
        "patients": settings.patients,
        "townships": settings.townships,
        "villages": settings.villages,
        "rates": settings.rates.to_dict(),
        "diseases": {one.id: content_hash(one) for one in diseases},
        **{name: iso(day_of(value)) if name in {"start", "end"} else value for name, value in asked.items()},
    }


def _begin(target: Path, names: Sequence[str], made: Mapping[str, Any]) -> None:
    before = folders_made(target)
    if before is not None:
        refuse_other_settings(target, before, made)
        return
    if target.exists() and any(one.name != FOLDERS for one in target.iterdir()):
        raise UsageError(f"{target}: 已有内容，请另选文件夹 / there is something already; name a new folder")
    target.mkdir(parents=True, exist_ok=True)
    write_folders(target, names, made)
