"""The Python interface, the command line and the words of a registry as pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

import singledisease as sd
from rendering.pages import block, cell, code, table, write
from singledisease import vocabulary
from singledisease.cli.commands import singledisease as commands

ROOMS = {
    "Data in and out": (
        "api.data",
        "api.data_sets",
        "api.test_cases",
        "api.database",
        "api.fhir",
        "api.parts",
        "api.workbooks",
        "eventlog.",
        "tables",
        "io.",
        "simulation",
    ),
    "Diseases and measures": ("api.definitions", "api.overlays", "definitions."),
    "Figures": ("api.figures", "scorecard.", "explanation.", "worklists"),
    "Mutants, counterexamples, conformance": ("conformance.",),
    "Figures compared": ("api.comparisons", "api.frozen", "comparison."),
    "What is missing": ("api.gaps",),
    "One person": ("clinic", "api.clinic", "api.joint"),
    "Between institutions": ("api.county", "county."),
    "Cohorts": ("api.cohorts", "api.progress", "cohorts.", "multistate."),
    "Periods": ("dates",),
    "The language of expressions": ("language.",),
    "What can go wrong": ("errors",),
}
"""The headings, and the rooms whose public names stand under each."""


def render(folder: Path) -> None:
    """Write the pages."""
    (folder / "api.rst").parent.mkdir(parents=True, exist_ok=True)
    (folder / "api.rst").write_text("\n".join(_api()), "utf-8")
    write(folder / "command-line.md", *_commands())
    write(folder / "words.md", *_words())


# PYTHON


def _api() -> Iterator[str]:
    title = "The Python interface"
    yield from (title, "=" * len(title), "")
    yield "``import singledisease as sd``: every name on this page is ``sd.name``, and nothing else is promised.\n"
    for room, names in _rooms().items():
        yield from (room, "-" * len(room), "")
        for name in names:
            yield from _documented(name)


def _rooms() -> dict[str, list[str]]:
    """Give the public names by heading, functions first; one whose room has no heading stands at the end."""
    found: dict[str, list[str]] = {heading: [] for heading in ROOMS}
    for name in sorted(sd.__all__, key=lambda name: (isinstance(getattr(sd, name), type), name)):
        home = sd._HOME_OF[name].removeprefix("singledisease.")
        heading = next((heading for heading, rooms in ROOMS.items() if home.startswith(rooms)), "Further")
        found.setdefault(heading, []).append(name)
    return found


def _documented(name: str) -> Iterator[str]:
    value = getattr(sd, name)
    if isinstance(value, type):
        yield from (f".. autoclass:: singledisease.{name}", "   :members:", "")
    elif callable(value):
        yield from (f".. autofunction:: singledisease.{name}", "")
    else:
        yield from (f".. autodata:: singledisease.{name}", "   :no-value:", "")


# COMMAND LINE


def _commands() -> Iterator[str]:
    yield "# The command line"
    yield (
        "Results go to standard output, everything else (the summary of the load report too) to standard error.\n"
        "The exit status is 0 done, 1 the data or the definition was refused, 2 wrong usage.\n"
        "What follows is what `singledisease COMMAND --help` prints."
    )
    yield block(_help(commands, "singledisease"))
    for path, command in _all(commands, "singledisease"):
        yield f"## `{path}`"
        yield block(_help(command, path))


def _all(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from _all(command, f"{path} {name}")


def _help(command: click.Command, path: str) -> str:
    names = commands.context_settings["help_option_names"]
    context = click.Context(command, info_name=path, terminal_width=88, max_content_width=88, help_option_names=names)
    return command.get_help(context)


# WORDS


def _words() -> Iterator[str]:
    yield "# The words of a registry"
    yield "## Kinds of event"
    yield (
        "In the order in which they are taken within a day; any further kind is allowed, has no built-in meaning,\n"
        "and is taken before `lost`. *Contact* means that the person was seen."
    )
    marks = (vocabulary.CONTACTS, vocabulary.CODED_KINDS)
    rows = [(code(kind), *("✓" if kind in some else "" for some in marks)) for kind in vocabulary.KINDS]
    yield table(("kind", "contact", "a blank disease is found from `code`"), rows)
    yield "## Quantities"
    yield (
        "A value outside the bounds (both allowed) is refused: it is a slip of the pen.\n"
        "The bounds are proposals of this project, wider than any clinical threshold."
    )
    quantities = vocabulary.QUANTITIES.values()
    yield table(
        ("column", "中文", "English", "unit", "from", "to"),
        [(code(one.name), one.zh, one.en, one.unit, f"{one.low:g}", f"{one.high:g}") for one in quantities],
    )
    yield "## Code lists"
    lists = {**vocabulary.CODE_LISTS, "reason (of an exit)": vocabulary.EXIT_REASONS, "sex": vocabulary.SEXES}
    yield table(("column", "allowed, or blank"), [(cell(name), " · ".join(some)) for name, some in lists.items()])
    codes = ", ".join(f"{name} = {sex}" for name, sex in vocabulary.SEX_CODES.items())
    yield f"`sex` may also be written with the codes of GB/T 2261.1: {codes}."
