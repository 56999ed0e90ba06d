"""The rules of each measure in their order, with the people each took: a section of the report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, frozen

from singledisease.dates import Period, date_of
from singledisease.definitions.citation import Names
from singledisease.definitions.measure import name_of_group
from singledisease.explanation.attrition import attrition
from singledisease.report.sections import Grid, PageCell, whole
from singledisease.scorecard.assign import group_of
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.parts_on_demand import PartsOnDemand
from singledisease.scorecard.show import HEADINGS as STRATA_HEADINGS
from singledisease.tables import Heading

MOST_ROWS = 600
"""Rows of the table by strata that a page shows; more are left to the command, which the page then names."""

_HEADS: tuple[Heading, ...] = (
    ("指标", "Measure"),
    ("统计期", "Period"),
    ("步", "Step"),
    ("规则", "Rule"),
    ("归入", "Into"),
    ("进入", "Before"),
    ("被判定", "Taken"),
    ("占进入者", "of those asked"),
    ("无法判定", "Undetermined"),
    ("剩余", "Left"),
)
_SUMMED = ("before", "taken", "undetermined", "left")


@frozen
class Section:
    """The rules of everybody together, and by strata if there are any and the page can hold them.

    ``is_long``: there are strata, and too many rows of them.
    """

    whole: Grid
    by_strata: Grid | None
    is_long: bool


def section(score: Scorecard) -> Section | None:
    """Count rule by rule; ``None`` if no measure can be counted so without reading the registry again."""
    chosen = [resolved.measure.id for resolved in score.measures if _is_at_hand(resolved, score)]
    if not chosen:
        return None
    plain = score if score.leaves is None else evolve(score, counts=score.leaves, leaves=None)
    # Where the strata cannot be shown, their rules need not be counted one by one either.
    is_long = bool(score.by) and sum(len(block.strata) for block in plain.counts.blocks.values()) > MOST_ROWS
    rows = [row for name in chosen for row in attrition(whole(plain) if is_long else plain, name)]
    names = {resolved.measure.id: resolved.measure.names for resolved in score.measures}
    periods = {_days(period): period.name for period in score.periods}
    listed = [{**row, "names": names[row["measure"]], "period": periods[_key(row)[:2]]} for row in rows]
    fits = bool(score.by) and not is_long and len(listed) <= MOST_ROWS
    by_strata = Grid((*_strata_heads(score.by), *_HEADS), tuple(_by_strata(listed, score.by))) if fits else None
    return Section(Grid(_HEADS, tuple(map(_cells, _whole(listed)))), by_strata, bool(score.by) and not fits)


def _is_at_hand(resolved: Any, score: Scorecard) -> bool:
    groups = [group_of(rule) for rule in resolved.measure.rules]
    return len(set(groups)) == len(groups) or not isinstance(score.parts, PartsOnDemand)


def _days(period: Period) -> tuple[dt.date, dt.date]:
    return date_of(period.start), date_of(period.end)


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["period_start"], row["period_end"], row["measure"], row["step"]


def _whole(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Add up the strata of each rule."""
    found: dict[Any, dict[str, Any]] = {}
    for row in rows:
        if (known := found.setdefault(_key(row), row)) is not row:
            found[_key(row)] = {**known, **{name: known[name] + row[name] for name in _SUMMED}}
    yield from found.values()


def _strata_heads(by: Iterable[str]) -> Iterator[Heading]:
    yield from (STRATA_HEADINGS.get(name, (name, name)) for name in by)


def _by_strata(rows: Iterable[dict[str, Any]], by: Iterable[str]) -> Iterator[tuple[PageCell, ...]]:
    names = tuple(by)
    for row in rows:
        yield (*(PageCell(str(row["by"][name]) or "–") for name in names), *_cells(row))


def _cells(row: Mapping[str, Any]) -> tuple[PageCell, ...]:
    into = name_of_group(row["group"])
    return (
        _both(row["names"]),
        PageCell(row["period"]),
        PageCell(str(row["step"]), numeric=True),
        _both(Names(row["rule_zh"], row["rule_en"])),
        _both(into),
        _number(row["before"]),
        _number(row["taken"]),
        _share(row),
        _number(row["undetermined"]),
        _number(row["left"]),
    )


def _share(row: Mapping[str, Any]) -> PageCell:
    share = row["taken"] / row["before"] if row["before"] else None
    return PageCell("–", numeric=True) if share is None else PageCell(f"{100 * share:.1f} %", numeric=True, share=share)


def _both(names: Names) -> PageCell:
    return PageCell(names.zh, en="" if names.en == names.zh else names.en)


def _number(number: int) -> PageCell:
    return PageCell(f"{number:,}", numeric=True)
