"""The console script: says which extra to install if click is not there, and otherwise runs the commands."""

from __future__ import annotations

import io
import os
import sys

INTERRUPTED = 1


def main() -> None:
    """Run the command line; whatever happens ends in a sentence and an exit status."""
    try:
        _run()
        _flush()
    except KeyboardInterrupt:
        _end("已中断 / interrupted")
    except SystemExit as end:
        _flushed(end)
    except OSError as error:
        _end(f"无法写出结果 / the result cannot be written: {error.strerror}")


def _run() -> None:
    for stream in (sys.stdout, sys.stderr):
        # A GBK console has no sign for ² or ◀: better a question mark than no result.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    from singledisease.errors import MissingExtraError  # noqa: PLC0415 - an interruption while it loads is told too
    from singledisease.io.optional_imports import needed  # noqa: PLC0415

    try:
        needed("click", "cli")
    except MissingExtraError as missing:
        sys.exit(f"singledisease: {missing}")
    from singledisease.cli.commands import singledisease  # noqa: PLC0415 - needs the cli extra

    singledisease(prog_name="singledisease")


def _flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def _flushed(end: SystemExit) -> None:
    """End as a command wants to, unless the last of its result cannot be written."""
    try:
        _flush()
    except OSError as error:
        _end(f"无法写出结果 / the result cannot be written: {error.strerror}")
    raise end


def _end(what: str) -> None:
    """Say why the program ends; what is still to be written goes nowhere, or Python would try again."""
    for number, stream in ((1, sys.stdout), (2, sys.stderr)):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)
    if sys.stderr is not None:
        print(f"singledisease: {what}", file=sys.stderr)
    sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
