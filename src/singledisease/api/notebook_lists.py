"""What a notebook shows of one event, one state, and of several things in a row: measures, work that is due, steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from singledisease.clinic.due import Due
from singledisease.clinic.status import Step
from singledisease.dates import iso
from singledisease.definitions.aggregate import Distribution, Ratio
from singledisease.definitions.citation import Names
from singledisease.definitions.derived import Derived
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import Measure
from singledisease.definitions.pathway import State
from singledisease.eventlog.event import Event
from singledisease.explanation.event_words import event_words
from singledisease.tables import Heading, Table

_HEADINGS: Mapping[str, Heading] = {
    "id": ("编号", "id"),
    "version": ("版本", "version"),
    "name": ("名称", "name"),
    "item": ("项目", "item"),
    "what": ("内容", "what"),
    "since": ("起算日", "since"),
    "due": ("到期日", "due"),
    "overdue": ("逾期天数", "days overdue"),
    "who": ("执行者", "who"),
    "why": ("原因", "why"),
    "date": ("日期", "date"),
    "from": ("原状态", "from"),
    "to": ("新状态", "to"),
    "event": ("事件", "event"),
    "stage": ("阶段", "stage"),
    "managed": ("在管", "managed"),
    "next": ("下一步", "next step"),
}
_Rows = tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]


def _both(names: Names) -> str:
    return f"{names.zh} / {names.en}"


def _due(one: Due) -> tuple[Any, ...]:
    who = None if one.role is None else _both(one.role.names)
    return one.item, _both(one.names), one.since, one.due, one.overdue or None, who, _both(one.reason)


def _step(one: Step) -> tuple[Any, ...]:
    return one.date, _both(one.source.names), _both(one.target.names), _both(one.reason)


def _event(one: Event) -> tuple[Any, ...]:
    return iso(one.date), _both(event_words(one))


def _state(one: State) -> tuple[Any, ...]:
    step = None if one.next_step is None else _both(one.next_step)
    return one.id, _both(one.names), one.stage, one.managed, step


def _defined(one: Any) -> tuple[Any, ...]:
    return one.id, one.version, _both(one.names)


_TABLES: Mapping[type, _Rows] = {
    Due: (("item", "what", "since", "due", "overdue", "who", "why"), _due),
    Step: (("date", "from", "to", "why"), _step),
    Event: (("date", "event"), _event),
    State: (("id", "name", "stage", "managed", "next"), _state),
    **dict.fromkeys((Measure, Ratio, Distribution, Derived, Disease), (("id", "version", "name"), _defined)),
}
ALONE = (Due, Event, State, Step)
"""What is shown so when it stands alone too; a measure says its wording then, a disease its pathway."""


def list_html(several: Sequence[Any]) -> str | None:
    """Show several things of one sort as a table; ``None``, which leaves it to the notebook, for anything else."""
    sorts = {_TABLES.get(type(one)) for one in several}
    found = sorts.pop() if len(sorts) == 1 else None
    if found is None:
        return None
    names, row = found
    return Table.of_rows(names, [row(one) for one in several], headings=_HEADINGS)._repr_html_()


def one_html(one: Any) -> str | None:
    """Show one thing as a table of one row."""
    return list_html((one,))


def mapping_html(catalogue: Mapping[str, Any]) -> str | None:
    """Show the diseases or processes of a catalogue, each by id, version and names."""
    return list_html(tuple(catalogue.values()))
