"""A scorecard as a table for machines, and as text for people in Chinese or English."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np

from singledisease.dates import Period, date_of, iso
from singledisease.definitions.citation import Names
from singledisease.definitions.measure import UNDETERMINED
from singledisease.definitions.resolve import Resolved
from singledisease.scorecard.assign import counted_of
from singledisease.scorecard.counts import Block, Counted, Counts
from singledisease.scorecard.rates import Figures, figures
from singledisease.strata import AGE_BANDS, Stratum
from singledisease.tables import Heading, Table

COLUMNS: tuple[str, ...] = (
    "measure",
    "version",
    "policy",
    "period_start",
    "period_end",
    "complete",
    "by",
    "groups",
    "initial_population",
    "excluded",
    "denominator",
    "numerator",
    "unknown",
    "rate",
    "ci_low",
    "ci_high",
    "bound_low",
    "bound_high",
)
"""Columns of ``table_of``, in order.

``policy`` (name: option), ``by`` (stratum: value) and ``groups`` (group: people) are objects.  Undetermined
groups are listed where somebody is in them.  ``rate`` and what follows is missing where the denominator is 0.
"""
_WHOLE = COLUMNS[COLUMNS.index("initial_population") : COLUMNS.index("rate")]
_SHARES = COLUMNS[COLUMNS.index("rate") :]


class Scored(Protocol):
    """Measures with their counts: what is written here, and what ``Scorecard`` has."""

    @property
    def measures(self) -> tuple[Resolved, ...]:
        """Resolved, with the policies in force."""

    @property
    def by(self) -> tuple[str, ...]:
        """Names of the strata."""

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods, ascending."""

    @property
    def known_until(self) -> int | None:
        """The day of ``as_of``."""

    @property
    def counts(self) -> Counts:
        """The counts."""

    def complete(self, period: Period) -> bool:
        """Say whether the whole period was over when the data was known."""


def table_of(score: Scored) -> Table:
    """Give one row for each measure, period and stratum."""
    return Table.of_rows(COLUMNS, [row for resolved in score.measures for row in _rows(score, resolved)])


def _rows(score: Scored, resolved: Resolved) -> Iterator[list[Any]]:
    counted, block = _block(score, resolved)
    made = figures(counted.groups, block.array)
    for p, period in enumerate(block.periods):
        for s in _in_order(counted.by, block.strata):
            yield [
                counted.measure,
                counted.version,
                dict(counted.policy),
                date_of(period.start),
                date_of(period.end),
                score.complete(period),
                dict(zip(counted.by, block.strata[s], strict=True)),
                _groups(counted, block, p, s),
                *(int(getattr(made, name)[p, s]) for name in _WHOLE),
                *(_share(made, name, p, s) for name in _SHARES),
            ]


def _block(score: Scored, resolved: Resolved) -> tuple[Counted, Block]:
    counted = counted_of(resolved, score.by)
    return counted, score.counts.blocks[counted]


def _in_order(by: tuple[str, ...], strata: tuple[Stratum, ...]) -> list[int]:
    # As text "<35" stands after "35-44".
    def place(s: int) -> tuple[Any, ...]:
        return tuple(
            (AGE_BANDS.index(text), "") if name == "age_band" else (0, text)
            for name, text in zip(by, strata[s], strict=True)
        )

    return sorted(range(len(strata)), key=place)


def _groups(counted: Counted, block: Block, p: int, s: int) -> dict[str, int]:
    people = dict(zip(counted.groups, map(int, block.array[p, s]), strict=True))
    return {group: n for group, n in people.items() if n or not group.startswith(UNDETERMINED)}


def _share(made: Figures, name: str, p: int, s: int) -> float | None:
    share = float(getattr(made, name)[p, s])
    return None if math.isnan(share) else share


# FOR PEOPLE TO READ

HEADINGS: dict[str, Heading] = {
    "measure": ("指标", "Measure"),
    "period": ("统计期", "Period"),
    "rate": ("率", "Rate"),
    "ci": ("95% 置信区间", "95 % interval"),
    "numerator": ("分子", "Numerator"),
    "denominator": ("分母", "Denominator"),
    "unknown": ("其中结果未知", "of them unknown"),
    "bound": ("未知者均达标时", "if unknown pass"),
    "excluded": ("排除", "Excluded"),
    "undetermined": ("无法判定", "Undetermined"),
    "institution": ("机构", "Institution"),
    "team": ("团队", "Team"),
    "sex": ("性别", "Sex"),
    "age_band": ("年龄组", "Age band"),
    "region": ("地区", "Region"),
}


def text_of(score: Scored, language: str) -> str:
    """Write the figures, then the policies they rest on and what has to be known about them."""
    return "\n".join([readable_of(score, language).to_text(language), "", *notes_of(score, language)])


def brief_of(score: Scored) -> str:
    """Write what ``text_of`` says in English, but of a long table the first rows only."""
    return "\n".join([str(readable_of(score, "en")), "", *notes_of(score, "en")])


def html_of(score: Scored) -> str:
    """Write what ``text_of`` says for a notebook, names of measures in both languages."""
    made = readable_of(score, "en")
    named = {names.en: " / ".join(dict.fromkeys((names.zh, names.en))) for names in _measure_names(score)}
    table = Table({**made.columns, "measure": [named[name] for name in made["measure"]]}, headings=HEADINGS)
    notes = "<br>".join(html.escape(note) for note in notes_of(score, "en"))
    return f"{table._repr_html_()}<p>{notes}</p>"


def _measure_names(score: Scored) -> Iterator[Names]:
    return (resolved.measure.names for resolved in score.measures)


def readable_of(score: Scored, language: str) -> Table:
    """Give the figures as texts for people to read, in the order of ``table_of``."""
    names = ("measure", "period", *score.by, *list(HEADINGS)[2:10])
    rows = [row for resolved in score.measures for row in _text_rows(score, resolved, language)]
    return Table.of_rows(names, rows, headings=HEADINGS)


def _text_rows(score: Scored, resolved: Resolved, language: str) -> Iterator[list[Any]]:
    counted, block = _block(score, resolved)
    made = figures(counted.groups, block.array)
    undetermined = block.array[..., [group.startswith(UNDETERMINED) for group in counted.groups]].sum(axis=2)
    is_count = resolved.measure.form == "count"
    for p, period in enumerate(block.periods):
        for s in _in_order(counted.by, block.strata):
            yield [
                resolved.measure.names.in_language(language),
                f"{period.name}{'' if score.complete(period) else ' *'}",
                *block.strata[s],
                None if is_count else _percent(made.rate[p, s]),
                None if is_count else _interval(made.ci_low[p, s], made.ci_high[p, s]),
                int(made.numerator[p, s]),
                None if is_count else int(made.denominator[p, s]),
                None if is_count else int(made.unknown[p, s]),
                None if is_count else _percent(made.bound_high[p, s]),
                int(made.excluded[p, s]),
                int(undetermined[p, s]),
            ]


def _percent(share: np.float64) -> str | None:
    return None if math.isnan(share) else f"{100 * share:.1f} %"


def _interval(low: np.float64, high: np.float64) -> str | None:
    return None if math.isnan(low) else f"{100 * low:.1f}-{100 * high:.1f} %"


def notes_of(score: Scored, language: str) -> Iterator[str]:
    """Say the policies in force, and which periods are not complete."""
    yield "口径：" if language == "zh" else "Policies:"
    for resolved in score.measures:
        policy = ", ".join(f"{name}={option}" for name, option in resolved.policy.items()) or "-"
        yield f"  {resolved.measure.id} {resolved.measure.version}: {policy}"
    if not all(map(score.complete, score.periods)):
        day = iso(score.known_until)
        yield f"* 数据仅截至 {day}，统计期未完" if language == "zh" else f"* known only until {day}: not complete"
