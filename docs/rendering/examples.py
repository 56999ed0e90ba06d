"""The examples of a page, run while it is built, with what they printed put below them.

A block of ``python`` or ``console`` that is followed by ``<!-- output -->`` gets its output; one that prints HTML and
is followed by ``<!-- picture -->`` is shown as that.  The blocks of one page run in order, in one empty folder, as they
do in ``tests/docs``; one that fails stops the build.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from click import testing
from click.testing import CliRunner

from rendering.pages import block, output

BLOCK = re.compile(r"^```(python|console)\n(.*?)^```$(\n+<!-- (output|picture) -->$)?", re.MULTILINE | re.DOTALL)


def with_outputs(text: str) -> str:
    """Run the blocks of a page and put the outputs that it asks for below them."""
    names: dict[str, Any] = {}

    def run(match: re.Match[str]) -> str:
        language, source, _, wanted = match.groups()
        shown = block(source, language)
        if language == "console":
            outputs = list(_console(source))
            return output("\n".join(outputs), "console") if wanted else shown
        printed = _python(source, names)
        if wanted == "picture":
            # In a line of its own, as a blank one would end it.
            lines = "".join(line for line in printed.splitlines() if line.strip())
            return f'{shown}\n\n```{{raw}} html\n<div class="pathway" style="overflow-x:auto">{lines}</div>\n```'
        return f"{shown}\n\n{output(printed)}" if wanted else shown

    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        return BLOCK.sub(run, text)


def _python(source: str, names: dict[str, Any]) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(source, "example", "exec"), names)
    return printed.getvalue()


def _console(source: str) -> Iterator[str]:
    """Give each command and what it printed, as a terminal would show them."""
    from singledisease.cli.commands import singledisease

    for line in source.splitlines():
        prompt, _, command = line.partition(" ")
        if prompt != "$":
            continue
        with _a_terminal():
            result = CliRunner().invoke(singledisease, shlex.split(command)[1:])
        if result.exit_code:
            raise RuntimeError(f"{line}\n{result.output}")
        yield f"{line}\n{result.output}".rstrip()


@contextlib.contextmanager
def _a_terminal() -> Iterator[None]:
    """Let commands write as for a terminal without colours: what a pipe gets is wider than a page."""
    stream = testing._NamedTextIOWrapper
    before, stream.isatty = stream.isatty, lambda self: self.name == "<stdout>"
    try:
        yield
    finally:
        stream.isatty = before


if __name__ == "__main__":
    os.environ |= {"COLUMNS": "96", "TERM": "dumb", "NO_COLOR": "1"}
    sys.stdout.write(with_outputs(Path(sys.argv[1]).read_text("utf-8")))
