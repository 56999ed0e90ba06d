"""Options that several commands share, and how their texts become values."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

import singledisease as sd
from singledisease import dates
from singledisease.errors import UsageError
from singledisease.io.mapping import shipped
from singledisease.io.whole_files import checked_target


class OutputFile(click.Path):
    """A file to be written: it is asked for whether it can be before anything is computed."""

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Path:
        """Give the path; click tells the user why no file can stand there."""
        try:
            checked_target(value)
        except UsageError as error:
            self.fail(str(error), parameter, context)
        return Path(value)


class OutputFolder(click.Path):
    """A folder to be written into, made if need be."""

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Path:
        """Give the path; click tells the user if it is none, or a file."""
        if not str(value) or (Path(value).exists() and not Path(value).is_dir()):
            self.fail(f"{str(value)!r}: 应为文件夹 / is no folder", parameter, context)
        return Path(value)


OUTPUT_FILE, OUTPUT_FOLDER = OutputFile(), OutputFolder()
LANGUAGES = ("zh", "en")


def language(environ: Mapping[str, str]) -> str:
    """Give the language of the first of LC_ALL, LC_MESSAGES and LANG that is set: ``zh`` or ``en``.

    >>> language({"LANG": "zh_CN.UTF-8"}), language({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"})
    ('zh', 'en')
    """
    named = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    return "zh" if named.lower().startswith("zh") else "en"


def read_day(_context: click.Context, parameter: click.Parameter, text: str | None) -> int | None:
    """Read a day; click tells the user if it is none."""
    try:
        return None if text is None else dates.day_of(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r}: {error}", param=parameter) from None


def read_periods(_context: click.Context, parameter: click.Parameter, text: str | None) -> tuple[dates.Period, ...]:
    """Read periods, none where none need be named; click tells the user if they are no periods."""
    try:
        return () if text is None else dates.periods(text)
    except UsageError as error:
        raise click.BadParameter(str(error), param=parameter) from None


def read_policy(_context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]) -> dict[str, str]:
    """Read ``name=option`` texts; click tells the user which is not of that form, or contradicts another."""
    policy: dict[str, str] = {}
    for text in texts:
        name, _, option = text.partition("=")
        if not name or not option:
            raise click.BadParameter(f"{text!r} is not of the form name=option, such as lost=exclude", param=parameter)
        if policy.get(name, option) != option:
            raise click.BadParameter(f"{name} is given as {policy[name]} and as {option}", param=parameter)
        policy[name] = option
    return policy


def read_vary(
    _context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]
) -> dict[str, tuple[str, ...]] | None:
    """Read ``name`` or ``name=option,option`` texts; ``None`` if nothing was said."""
    parts = [text.partition("=") for text in texts]
    return {name: tuple(filter(None, some.split(","))) for name, _, some in parts} if texts else None


def completing(names: Callable[[], Iterable[str]]) -> Callable[..., list[str]]:
    """Offer names to the shell's completion; they are looked up when it asks."""

    def complete(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
        return [name for name in names() if name.startswith(begun)]

    return complete


def _disease_ids() -> Iterable[str]:
    return (*sd.diseases(), *sd.processes())  # loaded when asked for, not when the command line begins


complete_disease = completing(_disease_ids)
complete_mapping = completing(shipped)
complete_stratum = completing(lambda: ("institution", "team", "sex", "age_band", "region"))

grouped = click.option(
    "--by",
    multiple=True,
    shell_complete=complete_stratum,
    help="institution, team, sex, age_band, region …; may be repeated.",
)
for_diseases = click.option(
    "--disease",
    "diseases",
    multiple=True,
    shell_complete=complete_disease,
    help="Only this one (id, name or TOML file); repeatable.",
)
SPREADSHEET_SAFE = "singledisease.spreadsheet_safe"
"""Under which name the context knows whether CSV is to be harmless in a spreadsheet."""


def _keep_safe(context: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    context.meta[SPREADSHEET_SAFE] = asked


def form(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command that shows a table the option of its form, as ``form``, and that of CSV for a spreadsheet."""
    safe = click.option(
        "--spreadsheet-safe",
        is_flag=True,
        expose_value=False,
        callback=_keep_safe,
        help="CSV: put an apostrophe before what a spreadsheet would take for a formula.",
    )
    kind = click.Choice(["table", "csv", "json"])
    return click.option("--format", "form", type=kind, default="table", show_default=True)(safe(command))


LANGUAGE = "singledisease.language"
"""Under which key of a context the language is kept in which refusals are told."""


def _told_in(context: click.Context, _parameter: click.Parameter, chosen: str) -> str:
    context.meta[LANGUAGE] = chosen
    return chosen


lang = click.option(
    "--lang",
    callback=_told_in,
    is_eager=True,
    type=click.Choice(LANGUAGES),
    default=lambda: language(os.environ),
    help="Chinese or English; otherwise as the environment says.",
)


def disclosing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of what is published, as ``suppress_below`` and ``round_to``."""
    below = click.option(
        "--suppress-below",
        type=click.IntRange(min=2),
        metavar="N",
        help="Withhold counts from 1 to N - 1, and what would give them away.  Which N is right is yours to say.",
    )
    base = click.option("--round-to", type=click.IntRange(min=2), metavar="N", help="Round counts to multiples of N.")
    return below(base(command))


def varied(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say which readings are tried, as ``vary`` and ``one_at_a_time``."""
    vary = click.option(
        "--vary",
        callback=read_vary,
        multiple=True,
        metavar="NAME[=OPTION,…]",
        help="Vary this policy, with these options or all it has; repeatable.  Otherwise every policy is varied.",
    )
    single = click.option("--one-at-a-time", is_flag=True, help="Change one policy at a time, not all combinations.")
    return vary(single(command))
