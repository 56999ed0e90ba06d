"""Results as sheets of a workbook: a scorecard with its policies, and what became of every row that was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from singledisease.eventlog.report import LoadReport, Refusal
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.disclosed import Disclosed
from singledisease.scorecard.show import HEADINGS, WITHHELD, notes_of
from singledisease.tables import Cell, Heading, Table

SHEETS: Mapping[str, Heading] = {
    "score": ("指标", "Scorecard"),
    "policies": ("口径", "Policies"),
    "people": ("人员名单", "People"),
    "worklist": ("工作清单", "Worklist"),
    "rows": ("读取情况", "Rows read"),
    "refused": ("拒绝的行与读数", "Refused"),
    "notes": ("说明", "Notes"),
}
"""What the sheets are called in Chinese and English."""

_SHARES = ("rate", "ci_low", "ci_high", "bound_low", "bound_high")
_SCORE: Mapping[str, Heading] = {
    **HEADINGS,
    "period_start": ("起始日", "From"),
    "period_end": ("截止日", "To"),
    "complete": ("期间已结束", "Complete"),
    "initial_population": ("应统计人群", "Initial population"),
    "rate": ("率", "Rate"),
    "ratio": ("比", "Ratio"),
    "ci_low": ("95% 置信区间下限", "95 % interval, low"),
    "ci_high": ("95% 置信区间上限", "95 % interval, high"),
    "bound_low": ("未知者均不达标时", "if unknown fail"),
    "bound_high": ("未知者均达标时", "if unknown pass"),
    "count": ("例数", "Count"),
    WITHHELD: ("未公布", "Withheld"),
    "median": ("中位数", "Median"),
    "q25": ("下四分位数", "Lower quartile"),
    "q75": ("上四分位数", "Upper quartile"),
    "value": ("值", "Value"),
    "unit": ("单位", "Unit"),
}
_REPORT: Mapping[str, Heading] = {
    "what": ("拒绝的是", "Refused"),
    "table": ("表", "Table"),
    "file": ("文件", "File"),
    "line": ("行", "Line"),
    "column": ("列", "Column"),
    "value": ("内容", "Value"),
    "check": ("规则", "Check"),
    "reason": ("原因", "Reason"),
    "read": ("读入", "Read"),
    "accepted": ("接受", "Accepted"),
    "duplicates": ("重复", "Duplicates"),
    "refused": ("拒绝", "Refused"),
    "not_done": ("未发生", "Not done"),
    "skipped": ("略过", "Skipped"),
    "readings": ("拒绝的读数", "Readings refused"),
    "note": ("说明", "Note"),
    "policy": ("口径与说明", "Policies and remarks"),
}
_COUNTS = ("table", "read", "accepted", "duplicates", "refused", "not_done", "skipped", "readings")
_REFUSED = ("table", "file", "line", "column", "value", "check", "reason")


def sheets_of_score(score: Scorecard | Disclosed, language: str) -> Iterator[tuple[str, Table]]:
    """Give the figures, shares as numbers, and the policies they rest on, each with the name of its sheet."""
    forms = {one.measure.id: one.measure.form for one in score.measures}
    rows = [_figures(row, forms.get(row["measure"], "")) for row in score.table().rows()]
    columns = {name: [row.get(name) for row in rows] for name in dict.fromkeys(name for row in rows for name in row)}
    kept = {name: cells for name, cells in columns.items() if any(cell is not None for cell in cells)}
    called = {one.measure.id: (one.measure.names.zh, one.measure.names.en) for one in score.measures}
    called |= {each.id: (each.names.zh, each.names.en) for each in score.derived}
    formats = dict.fromkeys(_SHARES, ".1%")
    yield "score", Table(kept, headings=_SCORE, formats=formats, called={"measure": called})
    lines = [line for line in notes_of(score, language) if line.strip()]
    yield "policies", Table({"policy": [line.strip() for line in lines]}, headings=_REPORT)


def _figures(row: Mapping[str, Cell], form: str) -> dict[str, Cell]:
    """Give a row of a scorecard with a column for each stratum; a share of a count means nothing, a ratio is none."""
    made: dict[str, Cell] = {}
    for name, cell in row.items():
        if name == "by":
            made |= cell
        elif name in _SHARES:
            made[name] = cell if form == "proportion" else None
            if name == "rate":
                made["ratio"] = cell if form not in ("proportion", "count") else None
        elif name == WITHHELD:
            made[name] = ", ".join(cell) or None
        elif name not in ("version", "policy", "groups"):
            made[name] = cell
    return made


def sheets_of_report(report: LoadReport) -> Iterator[tuple[str, Table]]:
    """Give the counts of rows, every refusal one by one, and what else is to be known, each with its sheet's name."""
    counts = [[getattr(one, name) for name in _COUNTS] for one in report.tables]
    yield "rows", Table.of_rows(_COUNTS, counts, headings=_REPORT)
    refused = [*_refused(report.refusals, "row"), *_refused(report.readings, "reading")]
    called = {"what": {"row": ("整行", "row"), "reading": ("读数", "reading")}}
    yield "refused", Table.of_rows(("what", *_REFUSED), refused, headings=_REPORT, called=called)
    notes = [*map(str, report.not_done), *map(str, report.slips), *report.notes]
    yield "notes", Table({"note": notes}, headings=_REPORT)


def _refused(refusals: tuple[Refusal, ...], what: str) -> Iterator[list[Cell]]:
    for refusal in refusals:
        yield [what, *(getattr(refusal, name) for name in _REFUSED)]
