"""A scorecard as a table for machines, and as text for people in Chinese or English."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from attrs import field, frozen

from singledisease.dates import AT_ONCE, Maturity, Period, date_of, iso
from singledisease.definitions.aggregate import Distribution, Ratio
from singledisease.definitions.citation import Names
from singledisease.definitions.derived import Derived
from singledisease.definitions.measure import UNDETERMINED, Measure
from singledisease.definitions.resolve import Resolved
from singledisease.eventlog.log import InstitutionColumns
from singledisease.frozen_mapping import frozen_mapping
from singledisease.language.format import number_text
from singledisease.scorecard.assign import counted_of
from singledisease.scorecard.counts import Block, Counted, Counts
from singledisease.scorecard.further_figures import (
    FURTHER_COLUMNS,
    derived_value,
    figures_of_distribution,
    figures_of_ratio,
)
from singledisease.scorecard.place_totals import StratumInstitutions
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
WITHHELD = "withheld"
"""A further column, where figures were withheld: by name of figure why (``groups.<group>`` for a group)."""
MARK = "[c]"
"""What people read in the place of a figure that was withheld: confidential."""
FIGURES = COLUMNS[COLUMNS.index("initial_population") :]
"""Those of them that are numbers of one measure in one period and stratum."""
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

    @property
    def leaves(self) -> Counts | None:
        """The counts before roll-up, if it was rolled up."""

    @property
    def derived(self) -> tuple[Derived, ...]:
        """Figures made of those that are counted."""

    @property
    def institutions(self) -> InstitutionColumns:
        """The institutions of the registry."""

    @property
    def remarks(self) -> tuple[Names, ...]:
        """What has to be known beside the figures."""

    def complete(self, period: Period, matures: Maturity = AT_ONCE) -> bool:
        """Say whether the whole period was over when the data was known."""

    def cells(self, resolved: Resolved) -> Iterator[FigureCell]:
        """Give the figures of a measure, period by period, stratum by stratum."""

    def derived_cells(self) -> Iterator[tuple[Derived, FigureCell]]:
        """Give the figures that are derived from others."""


@frozen
class FigureCell:
    """The figures of one measure in one period and stratum; ``withheld`` says by name why one is not shown."""

    counted: Counted
    period: Period
    stratum: Stratum
    groups: Mapping[str, Any]
    figures: Mapping[str, Any]
    withheld: Mapping[str, str] = field(factory=dict, converter=frozen_mapping)


def cells_of(score: Scored, resolved: Resolved) -> Iterator[FigureCell]:
    """Give the figures of a measure, period by period, strata in the order in which they are shown."""
    counted, block = _block(score, resolved)
    made = figures(counted.groups, block.array)
    for p, period in enumerate(block.periods):
        for s in _in_order(counted.by, block.strata):
            groups = _groups(counted, block, p, s)
            common = {name: int(getattr(made, name)[p, s]) for name in _WHOLE}
            own = _own_figures(resolved.measure, score.counts.amounts.get(counted), period, block.strata[s], groups)
            shares = {} if own else {name: _share(made, name, p, s) for name in _SHARES}
            yield FigureCell(counted, period, block.strata[s], groups, {**common, **shares, **own})


def _own_figures(
    measure: Any, amounts: Any, period: Period, stratum: Stratum, groups: Mapping[str, int]
) -> Mapping[str, Any]:
    if isinstance(measure, Ratio):
        return figures_of_ratio(measure, amounts, period, stratum, groups)
    if isinstance(measure, Distribution):
        blank = dict.fromkeys(("numerator", "denominator"))
        return {**blank, **figures_of_distribution(amounts, period, stratum, measure.unit)}
    return {}


def derived_cells(score: Scored) -> Iterator[tuple[Derived, FigureCell]]:
    """Give the figures that are derived from others, in the order of ``cells_of``."""
    return derived_of(score, {one.measure.id: list(cells_of(score, one)) for one in score.measures})


def derived_of(score: Scored, by_measure: Mapping[str, Sequence[FigureCell]]) -> Iterator[tuple[Derived, FigureCell]]:
    """Derive figures from those of some cells, by id of measure."""
    for each in score.derived:
        places_of: dict[tuple[Period, Stratum], dict[str, Mapping[str, Any]]] = {}
        for cell in (cell for name in each.measures for cell in by_measure[name]):
            places_of.setdefault((cell.period, cell.stratum), {})[cell.counted.measure] = cell.figures
        for (period, stratum), there in places_of.items():
            by = dict(zip(score.by, stratum, strict=True))
            places = StratumInstitutions(score.institutions, by, rolled_up=score.leaves is not None)
            value = derived_value(each.figure, there, places)
            counted = Counted(each.id, each.version, (), (), score.by)
            yield each, FigureCell(counted, period, stratum, {}, {"value": value, "unit": each.unit})


def table_of(score: Scored) -> Table:
    """Give one row for each measure, period and stratum; columns that no measure of it has are left out."""
    cells = [cell for resolved in score.measures for cell in score.cells(resolved)]
    cells += [cell for _, cell in score.derived_cells()]
    further = [name for name in FURTHER_COLUMNS if any(name in cell.figures for cell in cells)]
    columns = (*COLUMNS, *further, *((WITHHELD,) if any(cell.withheld for cell in cells) else ()))
    return Table.of_rows(columns, [_row(score, cell, columns) for cell in cells])


def _row(score: Scored, cell: FigureCell, columns: tuple[str, ...]) -> list[Any]:
    row = {
        "measure": cell.counted.measure,
        "version": cell.counted.version,
        "policy": dict(cell.counted.policy),
        "period_start": date_of(cell.period.start),
        "period_end": date_of(cell.period.end),
        "complete": score.complete(cell.period, _matures(score, cell.counted.measure)),
        "by": dict(zip(cell.counted.by, cell.stratum, strict=True)),
        "groups": dict(cell.groups),
        **cell.figures,
        WITHHELD: dict(cell.withheld),
    }
    return [row.get(name) for name in columns]


def _matures(score: Scored, name: str) -> Maturity:
    return next((one.measure.matures for one in score.measures if one.measure.id == name), AT_ONCE)


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
    "institution.level": ("机构级别", "Level"),
    "team.kind": ("团队类型", "Kind of team"),
    "team.group": ("专病组", "Specialty group"),
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
    yield from (resolved.measure.names for resolved in score.measures)
    yield from (each.names for each in score.derived)


def readable_of(score: Scored, language: str) -> Table:
    """Give the figures as texts for people to read, in the order of ``table_of``."""
    names = ("measure", "period", *score.by, *list(HEADINGS)[2:10])
    rows = [row for resolved in score.measures for row in _text_rows(score, resolved, language)]
    rows += _derived_rows(score, language)
    return Table.of_rows(names, rows, headings=HEADINGS)


def _text_rows(score: Scored, resolved: Resolved, language: str) -> Iterator[list[Any]]:
    measure = resolved.measure
    for cell in score.cells(resolved):
        found = cell.figures
        is_rate = isinstance(measure, Measure) and measure.form == "proportion"
        row = [
            measure.names.in_language(language),
            f"{cell.period.name}{'' if score.complete(cell.period, measure.matures) else ' *'}",
            *cell.stratum,
            headline(measure, found),
            _interval(found["ci_low"], found["ci_high"]) if is_rate else None,
            _amount(found["count"] if isinstance(measure, Distribution) else found["numerator"]),
            _amount(found["denominator"]) if is_rate or isinstance(measure, Ratio) else None,
            None if measure.form == "count" else found["unknown"],
            _percent(found["bound_high"]) if is_rate else None,
            found["excluded"],
            _undetermined(cell),
        ]
        yield row if not cell.withheld else _marked(measure, cell, row)


def _undetermined(cell: FigureCell) -> int | None:
    people = [n for group, n in cell.groups.items() if group.startswith(UNDETERMINED)]
    return None if None in people else sum(n for n in people if n is not None)


def _marked(measure: Any, cell: FigureCell, row: list[Any]) -> list[Any]:
    """Mark what was withheld, so that it is not taken for what does not exist."""
    is_rate = isinstance(measure, Measure) and measure.form == "proportion"
    counted = "count" if isinstance(measure, Distribution) else "numerator"
    of_undetermined = any(name.startswith(f"groups.{UNDETERMINED}") for name in cell.withheld)
    figures = (
        *("" if measure.form == "count" else "median" if isinstance(measure, Distribution) else "rate",),
        "ci_low" if is_rate else "",
        counted,
        "denominator" if is_rate or isinstance(measure, Ratio) else "",
        "" if measure.form == "count" else "unknown",
        "bound_high" if is_rate else "",
        "excluded",
    )
    marks = [MARK if name in cell.withheld else None for name in figures]
    marks.append(MARK if of_undetermined else None)
    first = len(row) - len(marks)
    return [*row[:first], *(mark or value for mark, value in zip(marks, row[first:], strict=True))]


def _derived_rows(score: Scored, language: str) -> Iterator[list[Any]]:
    for each, cell in score.derived_cells():
        value = cell.figures["value"]
        shown = None if value is None else f"{number_text(round(value, 4))} {each.unit}".rstrip()
        shown = MARK if "value" in cell.withheld else shown
        yield [each.names.in_language(language), cell.period.name, *cell.stratum, shown, *[None] * 7]


def headline(measure: Any, found: Mapping[str, Any]) -> str | None:
    """Say the figure that matters most: a share, a ratio, a median with its quartiles."""
    if isinstance(measure, Ratio):
        per = "" if measure.per == 1 else f" / {number_text(measure.per)}"
        return None if found["rate"] is None else f"{number_text(round(found['rate'], 4))}{per}"
    if isinstance(measure, Distribution):
        if not found["count"] or found["median"] is None:
            return None
        low, middle, high = (number_text(round(found[name], 4)) for name in ("q25", "median", "q75"))
        return f"{middle} ({low}-{high}) {measure.unit}".rstrip()
    return None if measure.form == "count" else _percent(found["rate"])


def _amount(number: float | None) -> str | int | None:
    return number if number is None or isinstance(number, int) else number_text(number)


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{100 * share:.1f} %"


def _interval(low: float | None, high: float | None) -> str | None:
    return None if low is None or high is None else f"{100 * low:.1f}-{100 * high:.1f} %"


def notes_of(score: Scored, language: str) -> Iterator[str]:
    """Say the policies in force and how sure each definition is, what is not complete, and what has to be known."""
    yield "口径与把握程度：" if language == "zh" else "Policies, and how sure each definition is:"
    for resolved in score.measures:
        policy = ", ".join(f"{name}={option}" for name, option in resolved.policy.items()) or "-"
        yield f"  {resolved.measure.id} {resolved.measure.version} [{resolved.measure.status}]: {policy}"
        if resolved.proposals:
            names = ", ".join(resolved.proposals)
            yield (
                f"    所用数值为提议，无来源：{names}"
                if language == "zh"
                else f"    numbers no source supports: {names}"
            )
    if not all(map(score.complete, score.periods)):
        day = iso(score.known_until)
        yield f"* 数据仅截至 {day}，统计期未完" if language == "zh" else f"* known only until {day}: not complete"
    if score.remarks:
        yield "注意：" if language == "zh" else "Mind:"
        yield from (f"  {remark.in_language(language)}" for remark in score.remarks)
