"""How selections of rows, what is made of them, and windows are said in Chinese and in English.

In English every modifier stands behind the rows: ``follow-ups [mode is clinic] in the period``; so one of them is said
by putting the singular in the place of the plural.  In Chinese what is counted has a word of measure: 次, 项, 段.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from singledisease.definitions.wording.speaker import Speaker
from singledisease.definitions.wording.terms import ACTIVITY_NAMES, COLUMN_NAMES, KIND_NAMES, ONE_OF_KIND
from singledisease.language import nodes as n

_MEASURE_WORDS: Mapping[type, str] = MappingProxyType(
    {n.Breaches: "项", n.Services: "项", n.Spells: "段", n.Sequences: "条", n.Institutions: "家", n.Activities: "次"}
)
_SINGULAR: Mapping[type, str] = MappingProxyType(
    {
        n.Breaches: "missed deadline of {}",
        n.Spells: "stay in a state of {}",
        n.Services: "service of {}",
        n.Sequences: "sequence of {}",
    }
)
_WHICH_ZH = {"first": "最早", "last": "最近", "earliest": "最早", "latest": "最近"}
_WHICH_EN = {"first": "first", "last": "last", "earliest": "first", "latest": "last"}


# SOURCES


def _events(s: Speaker, node: n.Events) -> str:
    if not node.kinds:
        return s("事件", "events")
    return s.either(s.name(KIND_NAMES.get(kind), kind) for kind in node.kinds)


def _activities(s: Speaker, node: n.Activities) -> str:
    kinds = s.either(s.name(ACTIVITY_NAMES.get(kind), kind) for kind in node.kinds)
    return s(f"机构活动{kinds and f'“{kinds}”'}", f"activities of institutions{kinds and f' ({kinds})'}")


def _source(node: Any) -> Any:
    """Give the source that a selection narrows."""
    while hasattr(node, "source"):
        node = node.source
    return node


def _singular(s: Speaker, source: Any) -> str:
    """Say in English one row of a source."""
    match source:
        case n.Events(kinds=()):
            return "event"
        case n.Events(kinds=kinds):
            return s.either(ONE_OF_KIND.get(kind, kind) for kind in kinds)
        case n.Institutions():
            return "institution"
        case n.Activities():
            return _activities(s, source).replace("activities of institutions", "activity of an institution", 1)
    return _SINGULAR[type(source)].format(s.disease(source.disease))


def _one(s: Speaker, rows: Any) -> str:
    """Say in English one of some rows that have a plural."""
    source = _source(rows)
    return _singular(s, source) + s.say(rows).removeprefix(s.say(source))


def _measure_word(rows: Any) -> str:
    return _MEASURE_WORDS.get(type(_source(rows)), "次")


# NARROWER SELECTIONS


def _is_outermost(rows: Any) -> bool:
    """Say whether some rows are, or are some of, the first or last few."""
    return isinstance(rows, n.Outermost) or (hasattr(rows, "source") and _is_outermost(rows.source))


def _narrowed(s: Speaker, rows: Any) -> str:
    """Say rows that are narrowed further: of the last two those in a window are not the last two in the window."""
    text = s.say(rows)
    return s(f"（{text}）", f"({text})") if isinstance(rows, n.Outermost) else text


def _where(s: Speaker, node: n.Where) -> str:
    rows, condition = _narrowed(s, node.source), s.say(node.condition)
    return s(f"{rows}[{condition}]", f"{rows} [{condition}]")


def _within(s: Speaker, node: n.Within) -> str:
    rows, window = _narrowed(s, node.source), s.say(node.window)
    return s(f"{window}的{rows}", f"{rows} {window}")


def _same(s: Speaker, node: n.Same) -> str:
    columns = s.listed(s.name(COLUMN_NAMES.get(name), name) for name in node.columns)
    rows = _narrowed(s, node.source)
    return s(f"{columns}相同的{rows}", f"{rows} of the same {columns}")


def _overlapping(s: Speaker, node: n.Overlapping) -> str:
    rows, window = _narrowed(s, node.source), s.say(node.window)
    return s(f"{window}存续的{rows}", f"{rows} under way {window}")


def _outermost(s: Speaker, node: n.Outermost) -> str:
    rows, number, which = s.say(node.source), node.number, _WHICH_EN[node.which]
    if s.language == "zh":
        return f"{rows}中{_WHICH_ZH[node.which]}的{number if number > 1 else '一'}{_measure_word(node)}"
    if not _is_outermost(node.source):
        return f"the {which} {_one(s, node.source)}" if number == 1 else f"the {which} {number} {rows}"
    return f"the {which} of {rows}" if number == 1 else f"the {which} {number} of {rows}"


# WHAT IS MADE OF ROWS


def _pick(s: Speaker, node: n.Pick) -> str:
    rows = node.source
    if _is_outermost(rows):
        said, word = s.say(rows), _measure_word(rows)
        return s(f"{said}中{_WHICH_ZH[node.which]}的一{word}", f"the {node.which} of {said}")
    if s.language == "zh":
        return f"{_WHICH_ZH[node.which]}一{_measure_word(rows)}{s.say(rows)}"
    return f"the {node.which} {_one(s, rows)}"


def _picked(s: Speaker, node: n.Picked) -> str:
    row = s.say(node.row)
    if not isinstance(node.value, n.Column):
        return s(f"{row}的“{s.say(node.value)}”", f"“{s.say(node.value)}” of {row}")
    column = s.column(node.value)
    return s(f"{row}的{column}", f"{column} of {row}")


def _reduce(s: Speaker, node: n.Reduce) -> str:
    rows, columns = s.say(node.source), node.columns
    if node.how == "exists" and _is_outermost(node.source):
        return s(f"有{rows}", f"there is a row among {rows}")
    several = "_columns" if len(columns) > 1 else "_date" if columns and columns[0].kind == "date" else ""
    zh, en = _REDUCTIONS.get(f"{node.how}{several}", _REDUCTIONS[node.how])
    named = [s.column(each) for each in columns]
    column = s.listed(named) if len(named) < 2 else s("、", " and ").join((s.listed(named[:-1]), named[-1]))
    return s(zh, en).format(rows=rows, column=column, measure=_measure_word(node))


def no_rows(s: Speaker, rows: Any) -> str:
    """Say that there is no such row."""
    said = s.say(rows)
    return s(f"无{said}", f"no row among {said}" if _is_outermost(rows) else f"no {said}")


def _spread(s: Speaker, node: n.Covered | n.Gap) -> str:
    rows, window = s.say(node.source), s.say(node.window)
    going_on = s("（无截止日期的视为持续）", " (without a last day: going on)") if node.open_ended else ""
    if isinstance(node, n.Covered):
        return s(f"{window}被{rows}覆盖的天数{going_on}", f"number of days {window} covered by {rows}{going_on}")
    return s(
        f"{window}未被{rows}覆盖的最长连续天数{going_on}",
        f"longest run of days {window} not covered by {rows}{going_on}",
    )


_REDUCTIONS = {
    "count": ("{rows}的{measure}数", "number of {rows}"),
    "count_days": ("有{rows}的天数", "number of days with {rows}"),
    "exists": ("有{rows}", "there are {rows}"),
    "minimum": ("{rows}中最低的{column}", "lowest {column} of {rows}"),
    "minimum_date": ("{rows}中最早的{column}", "earliest {column} of {rows}"),
    "maximum": ("{rows}中最高的{column}", "highest {column} of {rows}"),
    "maximum_date": ("{rows}中最晚的{column}", "latest {column} of {rows}"),
    "sum": ("{rows}的{column}之和", "sum of {column} of {rows}"),
    "mean": ("{rows}的平均{column}", "mean {column} of {rows}"),
    "median": ("{rows}的{column}中位数", "median {column} of {rows}"),
    "count_distinct": ("{rows}中不同{column}的个数", "number of different values of {column} among {rows}"),
    "count_distinct_columns": (
        "{rows}中{column}不同组合的个数",
        "number of different combinations of {column} among {rows}",
    ),
}


# WINDOWS


def _between(s: Speaker, node: n.Between) -> str:
    start, end = (None if day is None else s.bracketed(day) for day in (node.start, node.end))
    if start is not None and node.start == node.end:
        return s(f"{start}当日", f"on {start}")
    if start is None and end is None:
        return s("任何时候", "at any time")
    if start is None:
        return s(f"截至{end}（含）", f"up to {end} (included)")
    if end is None:
        return s(f"自{start}起（含）", f"from {start} on (included)")
    return s(f"自{start}至{end}（含首尾）", f"from {start} to {end} (both included)")


def _calendar(s: Speaker, node: n.CalendarWindow) -> str:
    first, last = node.first, node.last
    zh, en = {"months": ("月", "month"), "quarters": ("季", "quarter"), "years": ("年", "year")}[node.unit]
    asked = s(f"（0为询问当{zh}）", f" (0 is the {en} asked in)")
    if first == last:
        return s(f"第{first}个日历{zh}", f"in calendar {en} {first}") + asked
    return s(f"第{first}至第{last}个日历{zh}", f"in calendar {en}s {first} to {last}") + asked


FORMS_OF_ROWS: Mapping[type, Callable[[Speaker, Any], str]] = MappingProxyType(
    {
        n.PeriodWindow: lambda s, _: s("期内", "in the period"),
        n.CalendarWindow: _calendar,
        n.Between: _between,
        n.Events: _events,
        n.Breaches: lambda s, x: s(f"{s.disease(x.disease)}逾期事项", f"missed deadlines of {s.disease(x.disease)}"),
        n.Spells: lambda s, x: s(f"{s.disease(x.disease)}状态期", f"stays in states of {s.disease(x.disease)}"),
        n.Services: lambda s, x: s(f"{s.disease(x.disease)}服务事项", f"services of {s.disease(x.disease)}"),
        n.Sequences: lambda s, x: s(f"{s.disease(x.disease)}序列", f"sequences of {s.disease(x.disease)}"),
        n.Institutions: lambda s, _: s("机构", "institutions"),
        n.Activities: _activities,
        n.Where: _where,
        n.Overlapping: _overlapping,
        n.Outermost: _outermost,
        n.Within: _within,
        n.Same: _same,
        n.Pick: _pick,
        n.Picked: _picked,
        n.Reduce: _reduce,
        n.Covered: _spread,
        n.Gap: _spread,
    }
)
"""How each selection, each row and each window is said."""
