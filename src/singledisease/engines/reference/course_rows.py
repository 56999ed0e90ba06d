"""What a pathway made of a person, as rows that stand as on a day: missed timings, spells, runs, linked sequences."""

from __future__ import annotations

from singledisease.definitions.disease import Disease
from singledisease.engines.reference.context import DiseaseCourses
from singledisease.engines.reference.course_records import ObligationRecord, Spell
from singledisease.engines.reference.rows import TableRow
from singledisease.errors import UsageError
from singledisease.eventlog.columns import PlainValue


def spells(found: DiseaseCourses, seen: int) -> tuple[TableRow, ...]:
    """Give the stays in states that began by the end of a day, by the day on which they began.

    One that lasts beyond that day is still going on: ``left`` is missing, its days are counted to that day.
    """
    began = [spell for course in found.each for spell in course.spells if spell.entered <= seen]
    return tuple(_spell(found.disease.id, spell, seen) for spell in sorted(began, key=lambda spell: spell.entered))


def _spell(disease: str, spell: Spell, seen: int) -> TableRow:
    left = spell.left if spell.left <= seen else None
    return TableRow(
        source="spells",
        date=spell.entered,
        values={
            "left": left,
            "state": spell.state.id,
            "stage": spell.state.stage,
            "managed": spell.state.managed,
            "days": float((seen + 1 if left is None else left) - spell.entered),
        },
        place=spell.place,
        disease=disease,
    )


def services(found: DiseaseCourses, seen: int) -> tuple[TableRow, ...]:
    """Give every run that started by the end of a day, by start, then as declared, as it stands at the end of that day.

    Raises
    ------
    UsageError
        If the courses were made without obligations.
    """
    disease = found.disease
    roles = {service.id: service.role for service in disease.services}
    items = [timing.id for timing in disease.timings]
    started = [run for run in _runs(found, "services") if run.started <= seen]
    return tuple(
        TableRow(
            source="services",
            date=run.started,
            values={
                "item": items[run.timing],
                "due": run.due,
                "met": met,
                "outcome": outcome,
                "role": roles.get(items[run.timing]),
            },
            place=run.place,
            disease=disease.id,
        )
        for run in sorted(started, key=lambda run: (run.started, run.timing))
        for outcome, met in [_stands(run, seen)]
    )


def _stands(run: ObligationRecord, seen: int) -> tuple[str, int | None]:
    """Say what had become of a run by the end of a day, and on which day it was met."""
    if run.ended is None or run.ended > seen:
        return "open", None
    if run.outcome != "breached":
        return run.outcome, run.ended if run.outcome == "met" else None
    made_good = run.event is not None and run.resolved is not None and run.resolved <= seen
    return ("late", run.resolved) if made_good else ("missed", None)


def breaches(found: DiseaseCourses, seen: int) -> tuple[TableRow, ...]:
    """Give the missed timings that count as breaches, in the order in which they fell.

    Raises
    ------
    UsageError
        If the courses were made without obligations.
    """
    timings = found.disease.timings
    missed = [
        run
        for run in _runs(found, "breaches")
        if run.outcome == "breached" and timings[run.timing].breach and run.due < seen
    ]
    in_turn = sorted(missed, key=lambda run: (run.due, timings[run.timing].leads_to is not None, run.timing))
    return tuple(_breach(found.disease, run) for run in in_turn)


def _breach(disease: Disease, run: ObligationRecord) -> TableRow:
    values: dict[str, PlainValue | None] = {"timing": disease.timings[run.timing].id, "due": run.due}
    return TableRow(source="breaches", date=run.due + 1, values=values, place=run.place, disease=disease.id)


def _runs(found: DiseaseCourses, what: str) -> list[ObligationRecord]:
    runs = [course.obligations for course in found.each]
    if any(each is None for each in runs):
        raise UsageError(
            f"{what} of {found.disease.id} are asked for, but its courses were made without obligations; "
            "walk with obligations=True"
        )
    return [run for each in runs for run in each or ()]


def sequences(found: DiseaseCourses, seen: int) -> tuple[TableRow, ...]:
    """Give the linked sequences that began by the end of a day, in the order of their first events.

    Raises
    ------
    UsageError
        If each person has one course, and there are no sequences.
    """
    if found.disease.pathway.sequence != "link":
        raise UsageError(f"sequences of {found.disease.id} are asked for, whose pathway runs over people, not links")
    return tuple(
        TableRow(
            source="sequences",
            date=course.first.date,
            values={"link": course.first.get("link"), "institution": course.first.get("institution")},
            place=course.place,
            disease=found.disease.id,
        )
        for course in found.each
        if course.first is not None and course.first.date <= seen
    )
