"""Threads that stay from one question to the next, with the memory that they have worked in.

The C library gives each new thread one of several stocks of memory, mostly not the one that the thread before it left
warm: what it works in then has to be fetched, and filled with zeros, page by page, which took a third of the time of
a question, and more where other libraries in the process have threads of their own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def mapped(work: Callable[[Item], Result], items: Iterable[Item], threads: int) -> Iterator[Result]:
    """Give the results of some work on each of some items, in their order, worked out on several threads.

    On one thread each is worked out when it is taken.  Whoever stops taking leaves what has not begun undone.

    >>> list(mapped(abs, [-1, 2], 1)), list(mapped(abs, [-1, 2], 2))
    ([1, 2], [1, 2])
    """
    listed = tuple(items)
    if threads == 1 or len(listed) == 1:
        return map(work, listed)
    return _threads(threads, os.getpid()).map(work, listed)


@lru_cache(maxsize=4)
def _threads(number: int, process: int) -> ThreadPoolExecutor:
    """Give threads of a process, ``process``: into one that is forked off they do not follow."""
    return ThreadPoolExecutor(number, thread_name_prefix=f"scorecard-{process}")
