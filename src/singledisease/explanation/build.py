"""Going through a rule for one person: every clause with its value, and the rows and stays it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, get_args

from attrs import frozen

from singledisease import dates
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.wording.sentences import say
from singledisease.definitions.wording.terms import UNIT_NAMES
from singledisease.engines.reference.context import PersonContext
from singledisease.engines.reference.make_context import row_of, rows_of, value_of
from singledisease.engines.reference.rows import Row, TableRow
from singledisease.engines.reference.state_queries import holds
from singledisease.engines.reference.windows import days
from singledisease.eventlog.columns import PlainValue
from singledisease.eventlog.log import EventLog
from singledisease.explanation.event_words import event_words
from singledisease.explanation.model import Clause, Evidence, Stay
from singledisease.language import nodes
from singledisease.language.traversal import inside, parts
from singledisease.language.typecheck import kind_of, unit_of
from singledisease.pathway_courses import NO_ROW, Courses
from singledisease.vocabulary import DATES

_SELF_EVIDENT = (nodes.Literal, nodes.PeriodStart, nodes.PeriodEnd)
"""Values that explain themselves, and get no clause of their own inside another."""

_VALUES: tuple[type, ...] = get_args(nodes.Value)

_BEGINNING = Names("观察开始", "observation begins")
_DEATH = Names("死亡日期", "date of death")


@frozen(eq=False)
class ExplainContext:
    """One person, one period: what clauses are valued on."""

    log: EventLog
    courses: Mapping[str, Courses]
    person: int
    context: PersonContext

    @property
    def diseases(self) -> tuple[Disease, ...]:
        """The diseases whose names are known."""
        return tuple(courses.disease for courses in self.courses.values())


def clause(node: nodes.Value, asked: ExplainContext) -> Clause:
    """Value a person-level expression and every part of it."""
    return Clause(
        wording=_wording(node, asked),
        kind=kind_of(node),
        value=value_of(node, asked.context),
        unit=_unit(node),
        row=_wording(node.row, asked) if isinstance(node, nodes.Picked) else None,
        events=tuple(evidence(row, asked) for row in _rows(node, asked.context)),
        stays=tuple(_stays(node, asked)),
        clauses=tuple(clause(part, asked) for part in _inner(node)),
    )


def _wording(node: nodes.Value | nodes.Pick, asked: ExplainContext) -> Names:
    if node == nodes.Literal(True, "bool"):
        return Names("其余所有人", "everyone who is left")
    return Names(say(node, "zh", *asked.diseases), say(node, "en", *asked.diseases))


def _unit(node: nodes.Value) -> Names:
    if isinstance(node, nodes.Age):
        return Names("岁", "years")
    unit = unit_of(node)
    return UNIT_NAMES.get(unit, Names(unit, unit))


def _inner(node: nodes.Value) -> Iterator[nodes.Value]:
    """Give the person-level values inside a value that are worth a clause of their own."""
    match node:
        case nodes.Picked():
            found = _bounds(node.row.source)
        case nodes.Reduce():
            found = _bounds(node.source)
        case nodes.Covered() | nodes.Gap():
            found = chain(_bounds(node.source), _ends(node.window))
        case nodes.StatusOn():
            found = iter((node.on,))
        case nodes.StatusDuring() | nodes.DaysIn():
            found = _ends(node.window)
        case _:
            found = parts(node)
    return (value for value in found if isinstance(value, _VALUES) and not isinstance(value, _SELF_EVIDENT))


def _bounds(selection: nodes.Selection) -> Iterator[nodes.Value]:
    """Give the days between which a selection looks; what its rows must fulfil belongs to the rows."""
    source: Any = selection
    while hasattr(source, "source"):
        if isinstance(source, nodes.Within | nodes.Overlapping):
            # A day counted from the outer row is another one for each row: it belongs to the rows.
            yield from (end for end in _ends(source.window) if not _names_outer(end))
        source = source.source


def _names_outer(node: nodes.Value) -> bool:
    return any(isinstance(part, nodes.This) for part in inside(node))


def _ends(window: nodes.Window) -> Iterator[nodes.Value]:
    if isinstance(window, nodes.Between):
        yield from (end for end in (window.start, window.end) if end is not None)


# WHAT A VALUE RESTS ON


def _rows(node: nodes.Value, context: PersonContext) -> tuple[Row, ...]:
    if isinstance(node, nodes.Picked):
        row = row_of(node.row, context)
        return () if row is None else (row,)
    return rows_of(node.source, context) if isinstance(node, nodes.Reduce | nodes.Covered | nodes.Gap) else ()


def evidence(row: Row, asked: ExplainContext) -> Evidence:
    """Name a row, with its file and line if it is an event."""
    if isinstance(row, TableRow) and row.source != "breaches":
        values = {name: _written(name, value) for name, value in row.values.items()}
        told = ", ".join(f"{name} {value}" for name, value in values.items())
        names = _SOURCES[row.source]
        what = Names(f"{names.zh}：{told}", f"{names.en}: {told}")
        return Evidence(date=row.date or 0, kind=row.source, what=what, values=values)
    if isinstance(row, TableRow):
        timing = next(one for one in asked.courses[row.disease].disease.timings if one.id == row.get("timing"))
        due = dates.iso(int(row.get("due") or 0))
        what = Names(f"逾期：{timing.names.zh}，应于 {due} 完成", f"missed: {timing.names.en}, due {due}")
        return Evidence(date=row.date or 0, kind="breach", what=what, values={"timing": timing.id, "due": due})
    return event_evidence(asked.log, row.row, asked.diseases)


_SOURCES = {
    "spells": Names("状态期", "stay"),
    "services": Names("服务", "service"),
    "sequences": Names("关联序列", "linked sequence"),
    "institutions": Names("机构", "institution"),
    "activities": Names("机构活动", "activity"),
}
_ROW_DATES = (*DATES, "left", "due", "met")


def _written(name: str, value: PlainValue) -> PlainValue:
    return dates.iso(int(value)) if name in _ROW_DATES else value


def event_evidence(log: EventLog, row: int, diseases: tuple[Disease, ...]) -> Evidence:
    """Name an event of the log, with its file and line."""
    file, line = log.place(row)
    event = log.event(row)
    values: dict[str, PlainValue] = {name: _written(name, value) for name, value in event.values.items()}
    return Evidence(
        date=event.date, kind=event.kind, what=event_words(event, diseases), values=values, file=file, line=line
    )


def _stays(node: nodes.Value, asked: ExplainContext) -> Iterator[Stay]:
    """Give the stays, within the days asked about, for which a condition on the state holds."""
    if isinstance(node, nodes.StatusOn):
        day = value_of(node.on, asked.context)
        bounds = None if day is None else (int(day), int(day))
    elif isinstance(node, nodes.StatusDuring | nodes.DaysIn):
        span = days(node.window)(asked.context)
        bounds = None if span is None else (span.first, span.last)
    else:
        return
    if bounds is None:
        return
    test, courses = holds(node.status), asked.courses[node.status.disease]
    states = {state.id: state for state in courses.disease.pathway.states}
    for stay in stays_of(courses, asked.log, asked.person):
        if stay.first <= bounds[1] and bounds[0] <= stay.last and test(states[stay.state]):
            yield stay


def stays_of(courses: Courses, log: EventLog, person: int) -> Iterator[Stay]:
    """Give the stays of one person, in time, each with what led to it."""
    spells, disease = courses.spells, courses.disease
    begin = int(spells.offsets[person])
    for i in range(begin, int(spells.offsets[person + 1])):
        row, timing = int(spells.row[i]), int(spells.timing[i])
        event = event_evidence(log, row, (disease,)) if row != NO_ROW else None
        if event is not None:
            cause = event.what
        elif timing != NO_ROW:
            cause = disease.timings[timing].names
        else:
            cause = _BEGINNING if i == begin else _DEATH
        state = disease.pathway.states[spells.state[i]]
        first, last = int(spells.entered[i]), int(spells.left[i]) - 1
        yield Stay(
            disease=disease.id,
            disease_names=disease.names,
            state=state.id,
            names=state.names,
            first=first,
            last=last,
            cause=cause,
            event=event,
        )
