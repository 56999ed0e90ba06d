"""Long work shows that it goes on: on standard error, on a terminal only, and only to who has waited a while."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import signature
from threading import Timer
from typing import ParamSpec, TypeVar

from singledisease.multistate.assumption_tests import landmark
from singledisease.multistate.occupation import aalen_johansen as histories
from singledisease.multistate.rates.results import resampled

PATIENCE = 2.0
"""Seconds before it is shown that something goes on."""

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def working(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show on a terminal that something goes on, once it takes more than two seconds; nobody watching, nothing.

    Gives what is to be told how many of how many people are done, ``None`` where nobody is watching, or where rich,
    which draws it, is not installed.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    try:
        from rich.console import Console  # noqa: PLC0415 - takes a tenth of a second, and is for terminals only
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )
    except ImportError:
        yield None
        return
    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    shown = Progress(*columns, console=console, transient=True)
    task = shown.add_task(what, total=None)
    patience = Timer(PATIENCE, shown.start)
    patience.daemon = True
    patience.start()
    try:
        yield lambda done, whole: shown.update(task, completed=done, total=whole)
    finally:
        patience.cancel()
        patience.join()
        if shown.live.is_started:
            shown.stop()


def watched(what: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function that takes ``progress`` show its own where none is given."""

    def wrap(work: Callable[P, R]) -> Callable[P, R]:
        taken = signature(work)

        @wraps(work)
        def shown(*args: P.args, **kwargs: P.kwargs) -> R:
            if taken.bind_partial(*args, **kwargs).arguments.get("progress") is not None:
                return work(*args, **kwargs)
            with working(what) as told:
                return work(*args, **{**kwargs, "progress": told})  # type: ignore[arg-type]

        return shown

    return wrap


aalen_johansen = watched("正在计算 / estimating")(histories.aalen_johansen)
landmark_test = watched("正在重抽样 / drawing people")(landmark.landmark_test)
bootstrap = watched("正在重抽样 / drawing people")(resampled.bootstrap)
profile_interval = watched("正在求区间 / looking for limits")(resampled.profile_interval)
