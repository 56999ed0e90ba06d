"""Work that is killed before it changes a file for the n-th time."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir")


def changes(event: str, arguments: tuple[Any, ...]) -> bool:
    """Tell whether what Python is about to do changes a file or folder."""
    mode = arguments[1] if event == "open" else None
    return event in CHANGES or (isinstance(mode, str) and any(letter in mode for letter in "wax+"))


def killed(stop: int, work: Any, below: Path) -> bool:
    """Do something in a process that is killed before it changes anything below a folder for the n-th time."""
    child = os.fork()
    if child == 0:
        left = [stop]

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            if arguments and str(below) in str(arguments[0]) and changes(event, arguments):
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left[0] -= 1

        sys.addaudithook(hook)
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended in (0, -signal.SIGKILL)
    return ended != 0
