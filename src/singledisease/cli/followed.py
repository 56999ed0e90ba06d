"""Who is followed, from when to when and in which steps: what every command about a cohort is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import click
from attrs import frozen

import singledisease as sd
from singledisease.cli import options, output
from singledisease.cli.source import SourceArguments

MONTHS = {"month": 1.0, "quarter": 3.0, "year": 12.0}
DAYS_OF_MONTH = 365.25 / 12


@frozen(kw_only=True)
class CohortArguments:
    """A cohort as it is asked for on the command line."""

    disease: sd.Disease
    start: int
    end: int
    every: str | int
    states: tuple[str, ...] | None
    policy: Mapping[str, str]
    as_of: int | None

    def cohort(self, source: SourceArguments, **more: Any) -> sd.Cohort:
        """Read DATA and follow its people."""
        log = source.read([self.disease])
        with output.working("正在随访 / following"):
            return sd.cohort(log=log, **self.asked, **more)

    @property
    def asked(self) -> dict[str, Any]:
        """What ``sd.cohort`` is asked beside the log."""
        return {
            "disease": self.disease,
            "start": self.start,
            "end": self.end,
            "every": self.every,
            "states": self.states,
            "policy": self.policy,
            "as_of": self.as_of,
        }

    @property
    def months(self) -> float:
        """Give the length of a step in months."""
        days = self.every if isinstance(self.every, int) else self.end - self.start + 1
        return MONTHS.get(str(self.every), days / DAYS_OF_MONTH)


def read_step(_context: click.Context, _parameter: click.Parameter, text: str) -> str | int:
    """Read a step: a word, or a number of days."""
    return int(text) if text.isdecimal() else text


def follows(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a cohort, as ``followed``."""

    @click.option(
        "--disease",
        required=True,
        shell_complete=options.complete_disease,
        metavar="ID|FILE",
        help="Whose pathway: an id, a name, or a TOML file.",
    )
    @click.option("--from", "start", required=True, callback=options.read_day, metavar="DATE", help="The first day.")
    @click.option("--to", "end", required=True, callback=options.read_day, metavar="DATE", help="The last day.")
    @click.option(
        "--every",
        default="month",
        show_default=True,
        callback=read_step,
        metavar="STEP",
        help="month, quarter, year, whole, or a number of days.",
    )
    @click.option(
        "--state", "states", multiple=True, metavar="ID", help="Only this state counts as in the cohort; repeatable."
    )
    @click.option(
        "--policy",
        callback=options.read_policy,
        multiple=True,
        metavar="NAME=OPTION",
        help="Of the disease (or of the measure that is the attribute), such as lost_after=6; repeatable.",
    )
    @click.option("--as-of", callback=options.read_day, metavar="DATE", help="Count what was known on that day.")
    @wraps(command)
    def with_followed(
        *args: Any,
        disease: str,
        start: int,
        end: int,
        every: str | int,
        states: tuple[str, ...],
        policy: dict[str, str],
        as_of: int | None,
        **others: Any,
    ) -> Any:
        followed = CohortArguments(
            disease=sd.disease(disease),
            start=start,
            end=end,
            every=every,
            states=states or None,
            policy=policy,
            as_of=as_of,
        )
        return command(*args, followed=followed, **others)

    return with_followed
