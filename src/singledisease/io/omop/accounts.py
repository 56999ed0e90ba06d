"""What became of every row: accepted, a copy, refused, or left out for a reason that is told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
from attrs import evolve

from singledisease.eventlog.log import EventLog
from singledisease.eventlog.report import LoadReport, Refusal, Slip, TableReport
from singledisease.io.assumed_enrolments import assumed_notes, enrolments
from singledisease.io.omop.clinical import Sources
from singledisease.io.omop.drafts import ACCEPTED, DUPLICATE, NOTHING, REFUSED, SKIPPED, OmopDrafts
from singledisease.io.omop.tables import CONCEPT, NEEDED, VOCABULARY, Cdm

NOT_READ = "本库不读取此表 / tables that are not read"
PERIODS = "观察期不成为事件 / periods of observation are no events"
_FEW = 12
"""How many codes are named in one note."""
_OF_PEOPLE = {"patients": "person", "institutions": "care_site"}


def report_of(log: EventLog, sources: Sources, cdm: Cdm) -> LoadReport:
    """Count the rows of each table by what became of them, and give every refusal its place."""
    drafts = sources.drafts
    for i in drafts.rows("observation_period"):
        drafts.skip(drafts.tables["observation_period"], i, PERIODS)
    # A condition and the enrolment that was assumed of it are refused for one reason, which is told once.
    moved = list(dict.fromkeys(_placed(one, drafts) for one in log.report.refusals))
    readings = [_placed(one, drafts) for one in log.report.readings]
    _settle_events(log, drafts)
    _settle_people(log, drafts)
    others = [name for name in cdm.names if name not in (*NEEDED, CONCEPT, *VOCABULARY)]
    counted = Counter(one.table for one in readings)
    tables = [_count(name, drafts, counted[name]) for name in NEEDED]
    for name in others:
        number = cdm.count(name)
        tables.append(TableReport(name, number, skipped=number))
    if CONCEPT in cdm.names:
        used, rows = len(sources.vocabulary.concepts), sources.vocabulary.rows
        tables.append(TableReport(CONCEPT, rows, accepted=used, skipped=rows - used))
    broken = [one for name, table in drafts.tables.items() if name not in _OF_PEOPLE.values() for one in table.broken]
    return LoadReport(
        tables=tuple(tables),
        refusals=(*broken, *drafts.refused, *moved),
        readings=tuple(readings),
        not_done=log.report.not_done,
        slips=tuple(_slip(one, drafts) for one in log.report.slips),
        notes=tuple(_notes(log, sources, cdm, [one for one in tables if one.table in others])),
    )


def _placed(refusal: Refusal, drafts: OmopDrafts) -> Refusal:
    """Give a refusal of an event the row it comes from."""
    if refusal.table != "events":
        return evolve(refusal, table=_OF_PEOPLE.get(refusal.table, refusal.table))
    name, i = drafts.events[refusal.line].rows[0]
    table = drafts.tables[name]
    return evolve(refusal, table=name, file=table.file, line=int(table.line[i]))


def _slip(slip: Slip, drafts: OmopDrafts) -> Slip:
    """Give a word that is likely a slip its place."""
    if slip.table != "events" or not slip.file or not slip.column:
        return slip
    name, i = drafts.events[slip.line].rows[0]
    return evolve(slip, file=drafts.tables[name].file, line=int(drafts.tables[name].line[i]))


def _settle_events(log: EventLog, drafts: OmopDrafts) -> None:
    """Say what became of the rows that events were made of: accepted if any event they say was."""
    accepted = set(log.source.line.tolist())
    refused = {one.line for one in log.report.refusals if one.table == "events"}
    for i, draft in enumerate(drafts.events):
        fate = ACCEPTED if i in accepted else REFUSED if i in refused else DUPLICATE
        for name, row in draft.rows:
            drafts.fate[name][row] = max(int(drafts.fate[name][row]), fate)


def _settle_people(log: EventLog, drafts: OmopDrafts) -> None:
    """Say which rows of people and institutions were refused, and with a person for the day of death that row too."""
    for one in log.report.refusals:
        if one.table in _OF_PEOPLE:
            name = _OF_PEOPLE[one.table]
            drafts.fate[name][drafts.tables[name].line == one.line] = REFUSED
        if one.table == "patients" and one.column == "death_date":
            death = drafts.tables["death"]
            for i in range(len(death)):
                if death.text(i, "person_id") == one.key:
                    drafts.fate["death"][i] = REFUSED


def _count(name: str, drafts: OmopDrafts, readings: int) -> TableReport:
    table = drafts.tables[name]
    counts = np.bincount(drafts.fate[name], minlength=ACCEPTED + 1).tolist()
    broken = len(table.broken)
    return TableReport(
        table=name,
        read=len(table) + broken,
        accepted=counts[ACCEPTED],
        duplicates=counts[DUPLICATE],
        refused=counts[REFUSED] + broken,
        skipped=counts[SKIPPED] + counts[NOTHING],
        readings=readings,
    )


def _notes(log: EventLog, sources: Sources, cdm: Cdm, unread: list[TableReport]) -> Iterator[str]:
    by_reason: Mapping[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (table, reason, detail), number in sources.drafts.reasons.items():
        by_reason[table, reason][detail] += number
    for (table, reason), details in sorted(by_reason.items()):
        of = f": {_listed(details)}" if any(details) else ""
        yield f"{table}: 略过 {sum(details.values())} 行 skipped: {reason}{of}"
    if unread:
        yield f"{NOT_READ}: {_listed({one.table: one.read for one in unread})}"
    if unopened := [name for name in VOCABULARY if name in cdm.names]:
        yield f"词表的其他表，未打开 / other tables of the vocabulary, not opened: {', '.join(unopened)}"
    if CONCEPT not in cdm.names:
        yield "没有 CONCEPT 表，按源编码读取 / there is no table CONCEPT: read by source codes"
    yield from assumed_notes(sources.options.enrolment, int(enrolments(log).sum()))


def _listed(counted: Mapping[str, int]) -> str:
    most = sorted(((name, n) for name, n in counted.items() if name), key=lambda one: (-one[1], one[0]))
    shown = "; ".join(f"{name} × {n}" for name, n in most[:_FEW])
    return f"{shown}; +{len(most) - _FEW} …" if len(most) > _FEW else shown
