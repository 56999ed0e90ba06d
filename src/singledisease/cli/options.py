"""Options that several commands share, and how their texts become values."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping

import click

import singledisease as sd
from singledisease import dates
from singledisease.errors import UsageError
from singledisease.io.mapping import shipped

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


def read_periods(_context: click.Context, parameter: click.Parameter, text: str) -> tuple[dates.Period, ...]:
    """Read periods; click tells the user if they are none."""
    try:
        return dates.periods(text)
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


def completing(names: Callable[[], Iterable[str]]) -> Callable[..., list[str]]:
    """Offer names to the shell's completion; they are looked up when it asks."""

    def complete(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
        return [name for name in names() if name.startswith(begun)]

    return complete


def _disease_ids() -> Iterable[str]:
    return sd.diseases()  # loaded when asked for, not when the command line begins


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
    help="Only this one (id or TOML file); repeatable.",
)
form = click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
lang = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=lambda: language(os.environ),
    help="Chinese or English; otherwise as the environment says.",
)
