"""The console script: says which extra to install if click is not there, and otherwise runs the commands."""

from __future__ import annotations

import io
import sys

from singledisease.errors import MissingExtraError
from singledisease.io.optional_imports import needed


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        # A GBK console has no sign for ² or ◀: better a question mark than no result.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        needed("click", "cli")
    except MissingExtraError as missing:
        sys.exit(f"singledisease: {missing}")
    from singledisease.cli.commands import singledisease  # noqa: PLC0415 - needs the cli extra

    singledisease(prog_name="singledisease")


if __name__ == "__main__":
    main()
