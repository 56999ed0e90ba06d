"""Going through a rule for one person or one row: every clause with its value, and the rows and stays it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from attrs import evolve, frozen

from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.wording.sentences import say
from singledisease.definitions.wording.terms import UNIT_NAMES
from singledisease.engines.reference.context import PersonContext
from singledisease.engines.reference.coverage import covered
from singledisease.engines.reference.make_context import row_of, rows_of, value_of
from singledisease.engines.reference.rows import Row
from singledisease.engines.reference.state_queries import holds
from singledisease.engines.reference.windows import days
from singledisease.eventlog.log import EventLog
from singledisease.explanation.evidence import evidence, stays_of
from singledisease.explanation.model import Clause, Cut, ExplainedStay, LookBack
from singledisease.language import nodes
from singledisease.language.traversal import inside, parts
from singledisease.language.typecheck import kind_of, unit_of
from singledisease.pathway_courses import Courses

_SELF_EVIDENT = (nodes.Literal, nodes.PeriodStart, nodes.PeriodEnd)
"""Values that explain themselves, and get no clause of their own inside another."""

_SELECTIONS: tuple[type, ...] = get_args(nodes.Selection)


@frozen(eq=False)
class ExplainContext:
    """One person, one period, perhaps one row: what clauses are valued on."""

    log: EventLog
    courses: Mapping[str, Courses]
    context: PersonContext

    @property
    def diseases(self) -> tuple[Disease, ...]:
        """The diseases whose names are known."""
        return tuple(courses.disease for courses in self.courses.values())

    def at(self, row: Row) -> ExplainContext:
        """Ask from a row of a selection that is named here."""
        return evolve(self, context=self.context.at(row))

    def before_rows(self) -> ExplainContext:
        """Ask what a window of a selection asks that is named here."""
        return evolve(self, context=self.context.before_rows())


def clause(node: nodes.Value, asked: ExplainContext) -> Clause:
    """Value an expression and every part of it."""
    rows = _rows(node, asked.context)
    return Clause(
        wording=_wording(node, asked),
        kind=kind_of(node),
        value=value_of(node, asked.context),
        unit=_unit(node),
        row=_wording(node.row, asked) if isinstance(node, nodes.Picked) else None,
        events=tuple(evidence(row, asked.log, asked.courses) for row in rows),
        stays=tuple(_stays(node, asked)),
        cuts=tuple(_cuts(node, asked.context)),
        look_backs=tuple(_look_backs(node, asked)),
        clauses=(*(clause(part, there) for part, there in _inner(node, asked)), *_of_picked(node, rows, asked)),
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


# THE PARTS OF A VALUE


def _inner(node: nodes.Value, asked: ExplainContext) -> Iterator[tuple[nodes.Value, ExplainContext]]:
    """Give the values inside a value that are worth a clause of their own, and where they stand."""
    selection = _selection(node)
    if selection is not None:
        found = [end for window in _windows(node, selection) for end in _ends(window)]
        there = asked.before_rows()
    else:
        there = asked
        match node:
            case nodes.StatusOn():
                found = [node.on]
            case nodes.StatusDuring() | nodes.DaysIn():
                found = _ends(node.window)
            case nodes.HasCode():
                found = [node.code]
            case _:
                found = list(parts(node))
    return ((value, there) for value in found if not isinstance(value, _SELF_EVIDENT))


def _of_picked(node: nodes.Value, rows: tuple[Row, ...], asked: ExplainContext) -> Iterator[Clause]:
    """Explain what is worked out of a picked row; a plain column of it stands in the row."""
    if isinstance(node, nodes.Picked) and not isinstance(node.value, nodes.Column) and rows:
        yield clause(node.value, asked.at(rows[0]))


def _selection(node: nodes.Value) -> nodes.Selection | None:
    """Give the selection that a value is made of."""
    match node:
        case nodes.Picked():
            return node.row.source
        case nodes.Reduce() | nodes.Covered() | nodes.Gap():
            return node.source
    return None


def _chain(selection: nodes.Selection) -> Iterator[Any]:
    """Give a selection and those it narrows, outermost first."""
    source: Any = selection
    while source is not None:
        yield source
        source = getattr(source, "source", None)


def _windows(node: nodes.Value, selection: nodes.Selection) -> Iterator[nodes.Window]:
    """Give the windows in which a value looks for rows; what its rows must fulfil belongs to the rows."""
    if isinstance(node, nodes.Covered | nodes.Gap):
        yield node.window
    for each in _chain(selection):
        if isinstance(each, nodes.Within | nodes.Overlapping):
            yield each.window


def _ends(window: nodes.Window) -> list[nodes.Value]:
    if not isinstance(window, nodes.Between):
        return []
    return [end for end in (window.start, window.end) if end is not None]


# WHAT A VALUE RESTS ON


def _rows(node: nodes.Value, context: PersonContext) -> tuple[Row, ...]:
    match node:
        case nodes.Picked():
            row = row_of(node.row, context)
            return () if row is None else (row,)
        case nodes.Reduce():
            return rows_of(node.source, context)
        case nodes.Covered() | nodes.Gap():
            span = days(node.window)(context.before_rows())
            found = rows_of(node.source, context)
            if span is None:
                return ()
            return tuple(row for row in found if covered((row,), span.first, span.last, node.open_ended))
    return ()


def _cuts(node: nodes.Value, context: PersonContext) -> Iterator[Cut]:
    """Give the windows of a value that had to be cut at the last day seen."""
    selection = _selection(node)
    if selection is not None:
        spans = [days(window)(context.before_rows()) for window in _windows(node, selection)]
    elif isinstance(node, nodes.StatusDuring | nodes.DaysIn):
        spans = [days(node.window)(context)]
    else:
        return
    for span in spans:
        if span is not None and span.wanted is not None:
            yield Cut(span.last, span.wanted)


def _look_backs(node: nodes.Value, asked: ExplainContext) -> Iterator[LookBack]:
    """Explain conditions that look at other rows: for each row that they were asked of."""
    selection = _selection(node)
    around: list[Any] = []
    for each in () if selection is None else _chain(selection):
        if isinstance(each, nodes.Where) and any(isinstance(part, _SELECTIONS) for part in inside(each.condition)):
            candidates: nodes.Selection = each.source
            for outer in reversed(around):
                candidates = evolve(outer, source=candidates)
            for row in rows_of(candidates, asked.context):
                named = evidence(row, asked.log, asked.courses)
                yield LookBack(named, clause(each.condition, asked.at(row)))
        # Rows outside a window around the condition are never caught, whatever they look back on.
        if isinstance(each, nodes.Within | nodes.Overlapping | nodes.Same):
            around.append(each)


def _stays(node: nodes.Value, asked: ExplainContext) -> Iterator[ExplainedStay]:
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
    for stay in stays_of(courses, asked.log, [asked.context.of_disease(courses.disease.id).one.place]):
        if stay.first <= bounds[1] and bounds[0] <= stay.last and test(states[stay.state]):
            yield stay
