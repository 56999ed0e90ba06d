"""Timing several ways of doing the same work in turn, so that a slow minute of the machine strikes them all."""

from __future__ import annotations

import cProfile
import gc
import pstats
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from attrs import frozen


@frozen
class Timed:
    """Seconds of several runs."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.seconds)

    def __str__(self) -> str:
        return f"{_short(self.median)} ({_short(min(self.seconds))} to {_short(max(self.seconds))})"


def _short(seconds: float) -> str:
    return (
        f"{seconds * 1e3:.0f} ms"
        if 0.001 <= seconds < 1
        else f"{seconds:.2f} s"
        if seconds >= 1
        else f"{seconds * 1e6:.1f} µs"
    )


def interleaved(works: Mapping[str, Callable[[], Any]], runs: int = 5, *, warm_up: bool = True) -> dict[str, Timed]:
    """Run each work in turn, ``runs`` times after one to warm up, and give the seconds of each."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(runs + warm_up):
        for name, work in works.items():
            gc.collect()
            begin = time.perf_counter()
            work()
            taken = time.perf_counter() - begin
            if turn or not warm_up:
                seconds[name].append(taken)
    return {name: Timed(tuple(taken)) for name, taken in seconds.items()}


def where_time_goes(work: Callable[[], Any], timer: Callable[[], float] = time.perf_counter) -> list[str]:
    """Say in which functions the time of some work goes, the eight that take most, each with its share."""
    profile = cProfile.Profile(timer)
    profile.runcall(work)
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    own = sorted(((tottime, file, name) for (file, _, name), (_, _, tottime, _, _) in stats.items()), reverse=True)
    whole = sum(seconds for seconds, _, _ in own)
    return [f"{_place(file, name)}: {seconds / whole:.0%}" for seconds, file, name in own[:8]]


def _place(file: str, name: str) -> str:
    """Name a function without saying where on this machine it lives."""
    return f"{Path(file).stem}.{name}" if file.endswith(".py") else name.strip("<>{}").removeprefix("method ")


def say(text: str) -> None:
    """Tell how far the run is."""
    print(text, file=sys.stderr, flush=True)
