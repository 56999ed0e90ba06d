"""The tables of a report: figures, who counts and who does not, and what became of the rows that were read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from attrs import evolve, frozen

from singledisease.dates import Period, day_of
from singledisease.definitions.citation import Names
from singledisease.definitions.measure import UNDETERMINED, name_of_group
from singledisease.definitions.resolve import Resolved
from singledisease.eventlog.report import LoadReport
from singledisease.report import charts
from singledisease.report.way_to_date import to_date
from singledisease.scorecard.assign import counted_of
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.counts import Block, Counted, Counts
from singledisease.scorecard.rates import Figures
from singledisease.scorecard.rates import figures as figures_of
from singledisease.scorecard.show import HEADINGS, Scored, readable_of, table_of
from singledisease.tables import Heading, Table

REFUSALS_SHOWN = 50


@frozen
class PageCell:
    """A cell: its text, the same in English where they differ, the share its bar shows, where on the page it leads."""

    text: str
    en: str = ""
    numeric: bool = False
    share: float | None = None
    link: str = ""


Cells = tuple[PageCell, ...]
_BLANK = PageCell("")


@frozen
class Grid:
    """A table of a page: headings in Chinese and English, and rows of cells."""

    heads: tuple[Heading, ...]
    rows: tuple[Cells, ...]

    @property
    def numeric(self) -> list[bool]:
        """Say of each column whether numbers stand in it, under a heading to the right."""
        return [any(row[i].numeric for row in self.rows) for i in range(len(self.heads))]


def grid(table: Table) -> Grid:
    """Show a table as it is, numbers to the right."""
    flat = table.flat()
    heads = tuple((flat.heading(name, "zh"), flat.heading(name, "en")) for name in flat.columns)
    rows = zip(zip(*flat.columns.values(), strict=True), flat.shown("zh"), flat.shown("en"), strict=True)
    return Grid(heads, tuple(tuple(map(_cell, *row)) for row in rows))


def _cell(value: object, zh: str, en: str) -> PageCell:
    if isinstance(value, bool):
        return PageCell("✓" if value else "")
    number = isinstance(value, int | float)
    return PageCell(zh, en="" if en == zh else en, numeric=number or zh == "-" or zh.endswith(" %"))


# FIGURES


def whole(score: Scorecard) -> Scorecard:
    """Give the scorecard without its strata."""
    counts = score.leaves or score.counts
    keys = {counted_of(resolved): counted_of(resolved, score.by) for resolved in score.measures}
    blocks = {key: counts.blocks[by] for key, by in keys.items()}
    together = {key: Block(block.periods, [()], block.whole[:, None, :]) for key, block in blocks.items()}
    amounts = {key: counts.amounts[by].whole for key, by in keys.items() if by in counts.amounts}
    return evolve(score, by=(), counts=Counts(together, amounts), leaves=None)


def by_names(by: Iterable[str]) -> Heading:
    """Name the strata of a scorecard."""
    headings = [HEADINGS.get(name, (name, name)) for name in by]
    return "按" + "、".join(zh for zh, _ in headings), "by " + ", ".join(en.lower() for _, en in headings)


Links = Callable[[str, Period, str], str]
"""Where on the page the people of a group of a measure (by id) in a period stand; blank if nowhere.

Of a blank group: where all groups of the measure stand, or of a figure made of others what it is made of."""


def _nowhere(_measure: str, _period: Period, _group: str) -> str:
    return ""


_LINKED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "rate": ("",),
        "numerator": ("numerator", "counted"),
        "denominator": ("counted", ""),
        "unknown": ("unknown",),
        "excluded": ("",),
        "undetermined": ("",),
    }
)
"""To which group a figure leads, if there is none of that name to which next; blank: to all groups of the measure."""


def figures(score: Scored, links: Links = _nowhere) -> Grid:
    """Give the rates and what they are made of, one row for each measure, period and stratum."""
    counted = [resolved.measure for resolved in score.measures]
    names = {one.id: one.names for one in (*counted, *score.derived)}
    shown = readable_of(score, "zh")
    place = list(shown.columns).index("rate")
    plain = grid(shown)
    rows = []
    for row, (_, *cells) in zip(table_of(score), plain.rows, strict=True):
        cells.insert(0, _both(names[row["measure"]]))
        # Of a count nobody asks the rate, though the machine's table has one; a bar is of a share alone.
        is_share = cells[place].text.endswith("%")
        cells[place] = evolve(cells[place], share=row["rate"] if is_share else None)
        period = Period(day_of(str(row["period_start"])), day_of(str(row["period_end"])))
        for column, groups in _LINKED.items():
            at = list(shown.columns).index(column)
            found = (links(row["measure"], period, group) for group in groups)
            if cells[at].text != "-" and (column == "rate" or cells[at].text != "0"):
                cells[at] = evolve(cells[at], link=next(filter(None, found), ""))
        rows.append(tuple(cells))
    return Grid(plain.heads, tuple(rows))


# PICTURES


def compared(score: Scorecard) -> Iterator[tuple[Names, str]]:
    """Draw the institutions of each proportion beside each other, in the last period; nothing without institutions."""
    if score.by != ("institution",):
        return
    names = _institutions(score)
    for resolved, made, strata in _proportions(score):
        whole = figures_of(
            counted_of(resolved).groups, (score.leaves or score.counts).blocks[_key(score, resolved)].whole
        )
        rates = [_rate_of(names.get(key, key or "–"), made, (-1, s)) for s, (key,) in enumerate(strata)]
        of_all = _rate_of("总体 / all", whole, (-1,))
        if len(rates) > 1 and of_all.denominator:
            yield resolved.measure.names, charts.compared(rates, of_all)


def months(score: Scorecard) -> str:
    """Draw the way of each proportion to the end of each month."""
    lines = [(resolved.measure.names, made.rate[:, 0].tolist()) for resolved, made, _ in _proportions(whole(score))]
    return to_date(lines, score.periods)


def _proportions(score: Scorecard) -> Iterator[tuple[Resolved, Figures, Sequence[tuple[str, ...]]]]:
    for resolved in score.measures:
        if resolved.measure.form == "proportion":
            block = (score.leaves or score.counts).blocks[_key(score, resolved)]
            yield resolved, figures_of(_key(score, resolved).groups, block.array), block.strata


def _key(score: Scorecard, resolved: Resolved) -> Counted:
    return counted_of(resolved, score.by)


def _rate_of(name: str, made: Figures, at: tuple[int, ...]) -> charts.Rate:
    return charts.Rate(
        name,
        int(made.numerator[at]),
        int(made.denominator[at]),
        *(float(values[at]) for values in (made.rate, made.ci_low, made.ci_high)),
    )


def _institutions(score: Scorecard) -> dict[str, str]:
    """Give what institutions are called, as far as their table says it."""
    institutions = score.institutions
    found = zip(institutions.ids, institutions.columns.get("name", ()), strict=False)
    return {key: name for key, name in found if name}


def _text(text: object) -> PageCell:
    return PageCell(str(text))


def _both(names: Names) -> PageCell:
    return PageCell(names.zh, en=names.en)


def _number(number: int) -> PageCell:
    return PageCell(f"{number:,}", numeric=True)


def _rate(share: float | None, *, bar: bool = False) -> PageCell:
    if share is None:
        return PageCell("–", numeric=True)
    return PageCell(f"{100 * share:.1f} %", numeric=True, share=share if bar else None)


# WHO COUNTS


def attrition(score: Scorecard, links: Links = _nowhere) -> Grid:
    """Give the people of every group of every measure, with the rules that put them there."""
    heads = (
        ("指标", "Measure"),
        ("统计期", "Period"),
        ("分组", "Group"),
        ("规则", "Rules"),
        ("人数", "People"),
        ("占登记", "of all registered"),
    )
    return Grid(heads, tuple(row for resolved in score.measures for row in _fates(score, resolved, links)))


def _fates(score: Scorecard, resolved: Resolved, links: Links) -> Iterator[Cells]:
    counted = counted_of(resolved)
    block = score.counts.blocks[counted]
    for period, counts in zip(block.periods, block.whole, strict=True):
        everybody = int(counts.sum())
        for group, people in zip(counted.groups, map(int, counts), strict=True):
            if people or not group.startswith(UNDETERMINED):
                share = people / everybody if everybody else None
                first = (_both(resolved.measure.names), _text(period.name), _both(name_of_group(group)))
                number = evolve(_number(people), link=links(resolved.measure.id, period, group))
                yield (*first, _both(_rules(resolved, group)), number, _rate(share, bar=True))


def _rules(resolved: Resolved, group: str) -> Names:
    name = group.removeprefix(UNDETERMINED) if group.startswith(UNDETERMINED) else None
    named = [rule.names for rule in resolved.measure.rules if rule.name == name or rule.group == group]
    return Names("；".join(names.zh for names in named), "; ".join(names.en for names in named))


# WHAT WAS READ


def rows_read(reports: Iterable[LoadReport]) -> Grid:
    """Give the counts of rows of every table."""
    heads = (
        ("表", "Table"),
        ("读入", "Read"),
        ("接受", "Accepted"),
        ("重复", "Duplicates"),
        ("拒绝", "Refused"),
        ("未发生", "Not done"),
        ("略过", "Skipped"),
        ("拒绝的读数", "Refused readings"),
    )
    return Grid(heads, tuple(_account(table) for report in reports for table in report.tables))


def _account(table: Any) -> Cells:
    counts = (
        *(table.read, table.accepted, table.duplicates, table.refused, table.not_done, table.skipped),
        table.readings,
    )
    return (_text(table.table), *map(_number, counts))


def checks(reports: Iterable[LoadReport]) -> Grid:
    """Give how often each check refused a row or a reading, the most frequent first."""
    found = Counter(refusal.check for report in reports for refusal in (*report.refusals, *report.readings))
    rows = ((_text(check), _number(count)) for check, count in found.most_common())
    return Grid((("检查", "Check"), ("次数", "Times")), tuple(rows))


def refusals(reports: Iterable[LoadReport]) -> Grid:
    """Give the first refused rows and readings, with place, value and reason."""
    heads = (("文件", "File"), ("行", "Line"), ("列", "Column"), ("值", "Value"), ("原因", "Reason"))
    every = [one for report in reports for one in (*report.refusals, *report.readings)][:REFUSALS_SHOWN]
    rows = ((_text(one.file), _number(one.line), *map(_text, (one.column, one.value, one.reason))) for one in every)
    return Grid(heads, tuple(rows))
