"""Timing several ways of doing the same work in turn, so that a slow minute of the machine strikes them all."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Mapping
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


def interleaved(works: Mapping[str, Callable[[], Any]], runs: int = 5) -> dict[str, Timed]:
    """Run each work in turn, ``runs`` times after one to warm up, and give the seconds of each."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(runs + 1):
        for name, work in works.items():
            gc.collect()
            begin = time.perf_counter()
            work()
            taken = time.perf_counter() - begin
            if turn:
                seconds[name].append(taken)
    return {name: Timed(tuple(taken)) for name, taken in seconds.items()}


def say(text: str) -> None:
    """Tell how far the run is."""
    print(text, file=sys.stderr, flush=True)
