"""Rows and stays that a value rests on, named, with the file and line they came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from singledisease import dates
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.engines.reference.rows import Row, TableRow
from singledisease.eventlog.columns import PlainValue
from singledisease.eventlog.log import EventLog
from singledisease.explanation.event_words import event_words
from singledisease.explanation.model import Evidence, ExplainedStay
from singledisease.pathway_courses import NO_ROW, Courses
from singledisease.vocabulary import DATES

_BEGINNING = Names("观察开始", "observation begins")
_DEATH = Names("死亡日期", "date of death")
_KINDS = {
    "breaches": "breach",
    "spells": "spell",
    "services": "service",
    "sequences": "sequence",
    "institutions": "institution",
}
_OUTCOMES = {
    "met": Names("按期完成", "met"),
    "late": Names("逾期后补做", "made good late"),
    "missed": Names("逾期未做", "missed"),
    "cancelled": Names("取消", "cancelled"),
    "open": Names("未到期", "open"),
}
_DAYS = (*DATES, "due", "met", "left")


def evidence(row: Row, log: EventLog, courses: Mapping[str, Courses]) -> Evidence:
    """Name a row, with the file and line of the event that it is or that it came from."""
    diseases = tuple(each.disease for each in courses.values())
    if not isinstance(row, TableRow):
        return event_evidence(log, row.row, diseases)
    made = courses.get(row.disease)
    source = NO_ROW if made is None else _event_of(row, made, log)
    file, line = log.place(source) if source != NO_ROW else ("", None)
    return Evidence(
        date=row.date,
        kind=_KINDS.get(row.source, str(row.get("kind"))),
        what=_words(row, None if made is None else made.disease),
        values=_plain(row.values),
        file=file,
        line=line,
    )


def _event_of(row: TableRow, courses: Courses, log: EventLog) -> int:
    """Give the event that led to a stay, that met a run, or with which a sequence begins, as row of the log."""
    match row.source:
        case "spells":
            return int(courses.spells.row[row.place])
        case "services" if courses.obligations is not None and row.get("met") is not None:
            return int(courses.obligations.row[row.place])
        case "sequences" if row.date is not None:
            return first_event(courses, log, row.place, row.date)
    return NO_ROW


def first_event(courses: Courses, log: EventLog, number: int, day: int) -> int:
    """Give the event of a day with which a linked sequence begins, as row of the log."""
    assert courses.link is not None
    person = int(courses.whose[number])
    own = range(int(log.offsets[person]), int(log.offsets[person + 1]))
    return next(i for i in own if log.date[i] == day and log.event(i).get("link") == courses.link[number])


def _words(row: TableRow, disease: Disease | None) -> Names:
    """Say what a row is, without its day."""
    if disease is None:
        name = row.get("name") or row.get("kind") or ""
        return Names(f"{row.get('institution')} {name}".strip(), f"{row.get('institution')} {name}".strip())
    due, left = (dates.iso(None if day is None else int(day)) for day in (row.get("due"), row.get("left")))
    timings = {timing.id: timing.names for timing in disease.timings}
    match row.source:
        case "breaches":
            names = timings[str(row.get("timing"))]
            return Names(f"逾期：{names.zh}，应于 {due} 完成", f"missed: {names.en}, due {due}")
        case "services":
            names, outcome = timings[str(row.get("item"))], _OUTCOMES[str(row.get("outcome"))]
            return Names(f"{names.zh}，应于 {due} 完成：{outcome.zh}", f"{names.en}, due {due}: {outcome.en}")
        case "spells":
            names = disease.pathway.state(str(row.get("state"))).names
            zh, en = (f"至 {left} 前一日", f"left {left}") if left else ("仍在", "goes on")
            return Names(f"状态 {names.zh}，{zh}", f"in state {names.en}, {en}")
    return Names(f"{disease.names.zh} {row.get('link')}", f"{disease.names.en} {row.get('link')}")


def event_evidence(log: EventLog, row: int, diseases: tuple[Disease, ...]) -> Evidence:
    """Name an event of the log, with its file and line."""
    file, line = log.place(row)
    event = log.event(row)
    what = event_words(event, diseases)
    return Evidence(date=event.date, kind=event.kind, what=what, values=_plain(event.values), file=file, line=line)


def _plain(values: Mapping[str, PlainValue]) -> dict[str, PlainValue]:
    return {name: dates.iso(int(value)) if name in _DAYS else value for name, value in values.items()}


# STAYS


def stays_of(courses: Courses, log: EventLog, numbers: Iterable[int]) -> Iterator[ExplainedStay]:
    """Give the stays of some courses, by number and in time, each with what led to it."""
    for number in numbers:
        yield from _stays(courses, log, number)


def _stays(courses: Courses, log: EventLog, number: int) -> Iterator[ExplainedStay]:
    spells, disease = courses.spells, courses.disease
    begin = int(spells.offsets[number])
    for i in range(begin, int(spells.offsets[number + 1])):
        row, timing = int(spells.row[i]), int(spells.timing[i])
        event = event_evidence(log, row, (disease,)) if row != NO_ROW else None
        if event is not None:
            cause = event.what
        elif timing != NO_ROW:
            cause = disease.timings[timing].names
        else:
            cause = _BEGINNING if i == begin else _DEATH
        state = disease.pathway.states[spells.state[i]]
        yield ExplainedStay(
            disease=disease.id,
            disease_names=disease.names,
            state=state.id,
            names=state.names,
            first=int(spells.entered[i]),
            last=int(spells.left[i]) - 1,
            cause=cause,
            event=event,
            link="" if courses.link is None else str(courses.link[number]),
        )
