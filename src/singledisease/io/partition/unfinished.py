"""A registry in parts that is being made: what is finished stands beside its folder until all of it is.

It is made in steps, each of them written whole or not at all, in a folder that bears the name of the target and
``.unfinished``; the last step gives it its own name.  Whoever is killed on the way finds every finished step there.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from singledisease.errors import DataError, UsageError
from singledisease.io.partition.folders import refuse_other_settings
from singledisease.io.whole_files import remove_partial, write_whole

SENT, MADE = "sent", "made"
"""The folders of the rows that were sent to their parts, and of the parts that are whole."""
_SETTINGS, _RUNNING = "partition.json", "running"
_FORM = "singledisease-partition-1"


@contextmanager
def unfinished(target: Path, settings: Mapping[str, Any]) -> Iterator[Path]:
    """Give the folder in which a registry in parts is made, and put it into its place when all is written.

    What an interrupted run finished is in it.  Data that are refused leave nothing, as they have to change.

    Parameters
    ----------
    target
        The folder it is for: there must be none, or an empty one.
    settings
        By what it is made: what an interrupted run made by others is not taken for it.

    Raises
    ------
    UsageError
        If there is something in the folder, it was begun with other settings, or is being made by another process.
    """
    here = target.with_name(f"{target.name}.unfinished")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        if not (here / MADE).exists():  # It took its name, and the run was killed before it could tidy up.
            shutil.rmtree(here, ignore_errors=True)
        raise UsageError(f"{target}: 已有内容，请另选文件夹 / there is something already; name a new folder")
    (here / MADE).mkdir(parents=True, exist_ok=True)
    (here / SENT).mkdir(exist_ok=True)
    with _alone(here):
        _begin(here, settings)
        try:
            yield here
        except (DataError, UsageError):
            shutil.rmtree(here)
            raise
        if target.exists():
            target.rmdir()
        os.rename(here / MADE, target)
        shutil.rmtree(here)


def _begin(here: Path, settings: Mapping[str, Any]) -> None:
    made = {"form": _FORM, **settings}
    before = _settings(here)
    if before is not None:
        refuse_other_settings(here, before, made)
    else:
        write_whole(here / _SETTINGS, json.dumps(made, ensure_ascii=False, indent=2) + "\n")
    for steps in (here / SENT, here / MADE):
        remove_partial(steps)


def _settings(here: Path) -> dict[str, Any] | None:
    try:
        return dict(json.loads((here / _SETTINGS).read_text("utf-8")))
    except FileNotFoundError:
        return None


@contextmanager
def _alone(here: Path) -> Iterator[None]:
    """Refuse to work beside another process; its hold ends with it, however it ends."""
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:
        yield
        return
    with (here / _RUNNING).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UsageError(
                f"{here}: 另一进程正在分片 / another process is partitioning into it;"
                " wait for it, or name another folder"
            ) from None
        yield
