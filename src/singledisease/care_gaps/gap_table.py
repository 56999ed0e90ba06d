"""Gaps as a table: what can still be met first, the earliest last day first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from singledisease.care_gaps.gap import IMPOSSIBLE, NOT_WORKED_OUT, POSSIBLE, STATUS_NAMES, CareGap
from singledisease.dates import date_of, iso
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease, Service
from singledisease.definitions.wording.terms import KIND_NAMES
from singledisease.eventlog.log import EventLog
from singledisease.frozen_mapping import frozen_mapping
from singledisease.strata import labels_of
from singledisease.tables import Heading, Table
from singledisease.worklists.joint import joined_cells

HEADINGS: Mapping[str, Heading] = frozen_mapping(
    {
        "patient_id": ("患者", "Patient"),
        "measure": ("指标", "Measure"),
        "group": ("现分组", "Group"),
        "status": ("能否补上", "Can it be met"),
        "names": ("所缺", "What is missing"),
        "times": ("次数", "Times"),
        "until": ("最迟", "Until"),
        "role": ("责任人", "Who"),
        "institution": ("机构", "Institution"),
        "team": ("团队", "Team"),
        "done": ("已有", "Done"),
        "needed": ("应有", "Needed"),
        "clauses": ("未满足", "Not met"),
        "kind": ("事件类型", "Kind"),
        "levels": ("机构级别", "Level"),
        "event": ("如", "Such as"),
        "days": ("试算日期", "Tried on"),
    }
)


def table_of(found: Sequence[CareGap], log: EventLog, on: int, language: str) -> Table:
    """Give a row for each gap: what can still be met first, the earliest last day first."""
    columns = {name: _labels(name, log, on) for name in ("institution", "team")}
    order = (POSSIBLE, NOT_WORKED_OUT, IMPOSSIBLE)
    listed = sorted(found, key=lambda gap: (order.index(gap.status), gap.until or 0, gap.person, gap.measures))
    rows = [_row(gap, log, columns, language) for gap in listed]
    return Table.of_rows(tuple(HEADINGS), rows, headings=HEADINGS, called={"status": STATUS_NAMES})


def _labels(name: str, log: EventLog, on: int) -> list[str | None]:
    labels = labels_of(name, log, [on])
    return [labels.texts[code] or None for code in labels.codes[0].tolist()]


def _row(gap: CareGap, log: EventLog, columns: Mapping[str, Sequence[str | None]], language: str) -> list[Any]:
    clauses = gap.standing.blocking if gap.status == IMPOSSIBLE and gap.standing.blocking else gap.standing.clauses
    served = [_served(disease, service, language) for disease, service in gap.served]
    cells = joined_cells(served, ("names", "role", "levels")) if served else {}
    kind = None if gap.offer is None else gap.offer.kind
    return [
        log.people.ids[gap.person],
        "|".join(gap.measures),
        "|".join(dict.fromkeys(gap.groups)),
        gap.status,
        None if kind is None else cells.get("names") or _said(_kind_names(kind), language),
        len(gap.days) or None,
        None if gap.until is None else date_of(gap.until),
        cells.get("role"),
        columns["institution"][gap.person],
        columns["team"][gap.person],
        gap.standing.done,
        gap.standing.needed,
        "；".join(dict.fromkeys(_said(one, language) for one in clauses)),
        kind,
        cells.get("levels"),
        {} if gap.offer is None else dict(gap.offer.cells),
        "|".join(map(iso, gap.days)) or None,
    ]


def _served(disease: Disease, service: Service, language: str) -> dict[str, str]:
    roles = {role.id: role.names for role in disease.roles}
    role = roles.get(service.role, Names(service.role, service.role))
    return {
        "names": _said(service.names, language),
        "role": _said(role, language),
        "levels": "|".join(service.levels),
    }


def _kind_names(kind: str) -> Names:
    return KIND_NAMES.get(kind, Names(kind, kind))


def _said(names: Names, language: str) -> str:
    if language == "both":
        return names.zh if names.zh == names.en else f"{names.zh} / {names.en}"
    return names.in_language(language)
