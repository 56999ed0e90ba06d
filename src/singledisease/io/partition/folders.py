"""A registry that stands in several folders: which they are, and whether all of them are there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from singledisease.errors import DataError, Fault, UsageError
from singledisease.io.tables import SUFFIXES
from singledisease.io.whole_files import write_whole

FOLDERS = "folders.json"
"""The file that lists the folders of a registry, written before the first of them."""
_FORM = "singledisease-folders-1"


def write_folders(folder: Path, names: Iterable[str], made: Mapping[str, Any]) -> None:
    """Write which folders make up a registry, and how they are made."""
    said = {"form": _FORM, "folders": list(names), "made": dict(made)}
    write_whole(folder / FOLDERS, json.dumps(said, ensure_ascii=False, indent=2) + "\n")


def folders_made(folder: Path) -> dict[str, Any] | None:
    """Give how the folders of a registry are made, if it is listed."""
    return None if not (folder / FOLDERS).exists() else dict(_listed(folder)["made"])


def refuse_other_settings(target: Path, before: Mapping[str, Any], made: Mapping[str, Any]) -> None:
    """Refuse to go on with what was begun with other settings, and name those that differ.

    Raises
    ------
    UsageError
        With what they were and what they are.
    """
    differ = [name for name in dict.fromkeys([*before, *made]) if before.get(name) != made.get(name)]
    if differ:
        told = "; ".join(f"{name}: {before.get(name)!r} / {made.get(name)!r}" for name in differ)
        raise UsageError(
            f"{target}: 已按其他设置开始，请另选文件夹，或先删除它 / was begun with other settings ({told});"
            " name another folder, or take this one away"
        )


def folders_of(source: Path) -> list[Path]:
    """Give the folders of a registry: those that are listed, else all that hold people, else the source itself.

    Raises
    ------
    DataError
        If a folder that is listed has no people yet, because whoever made them was interrupted.
    """
    if (source / FOLDERS).exists():
        every = [source / name for name in _listed(source)["folders"]]
        missing = [one.name for one in every if not _has_people(one)]
        if missing:
            message = (
                f"{len(every)} 个文件夹缺 {len(missing)} 个 / {len(missing)} of {len(every)} folders are not there,"
                f" first {missing[0]}"
            )
            hint = "用同样的命令再运行一次，会接着做 / run what makes them once more: it goes on where it stopped"
            fault = Fault("folders_missing", str(source), message, hint)
            raise DataError(f"{source}: 数据不全 / is not complete", [fault])
        return every
    if not source.is_dir() or _has_people(source):
        return [source]
    return [one for one in sorted(source.iterdir()) if one.is_dir() and _has_people(one)] or [source]


def _has_people(folder: Path) -> bool:
    return any((folder / f"patients{suffix}").exists() for suffix in SUFFIXES)


def _listed(folder: Path) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads((folder / FOLDERS).read_text("utf-8"))
        if said["form"] != _FORM:
            raise ValueError(f"form {said['form']!r}")
        return {"folders": [str(name) for name in said["folders"]], "made": dict(said["made"])}
    except (OSError, ValueError, TypeError, KeyError) as error:
        message = f"{FOLDERS} 无法读取 / cannot be read ({error})"
        raise DataError(f"{folder}: 无法读取 / cannot be read", [Fault("unreadable_file", FOLDERS, message)]) from None
