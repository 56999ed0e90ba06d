"""Measurements: readings of the quantities that are kept here, in the event of their visit or of their own."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from singledisease.eventlog.parse_cell import read_number
from singledisease.eventlog.raw import plain_number
from singledisease.eventlog.validation_rules import ValidationIssue
from singledisease.io.fhir.ucum import COMPARED, NO_VALUE, in_our_unit
from singledisease.io.omop.clinical import Sources, begun, codings_of
from singledisease.io.omop.drafts import OmopDraft, when
from singledisease.io.omop.tables import SourceTable
from singledisease.io.omop.vocabulary import EQUALS

OTHER = "其他测量项目 / measurements of other codes"
_NAME = "measurement"


def measurements(sources: Sources, visits: dict[str, OmopDraft]) -> None:
    """Put each reading into the event it belongs to: the n-th of a quantity in the n-th event of its visit and day."""
    table, drafts = sources.table(_NAME), sources.drafts
    events = {(visit, draft.columns["date"], 0): draft for visit, draft in visits.items()}
    nth: Counter[tuple[str, str, str]] = Counter()
    for i, quantity in _taken(sources, table):
        value = _value(sources, table, i, quantity)
        if isinstance(value, ValidationIssue):
            drafts.refuse(table, i, _column(value), value)
            continue
        visit = table.key(i, "visit_occurrence_id")
        of = visits.get(visit)
        if of is not None and of.columns["patient_id"] != table.text(i, "person_id"):
            of = None
        date = when(table, i, _NAME)[0]
        within = visit if of is not None else f"\0{table.text(i, 'person_id')}"
        key = (within, date, nth[within, date, quantity])
        nth[within, date, quantity] += 1
        if key not in events:
            events[key] = _apart(table, i, of)
            drafts.events.append(events[key])
        events[key].columns[quantity] = plain_number(value)
        events[key].rows.append((_NAME, i))


def _taken(sources: Sources, table: SourceTable) -> list[tuple[int, str]]:
    """Give the rows that are readings with what they are of, in the order of their moments."""
    found = [(i, name) for i in sources.drafts.rows(_NAME) if (name := _quantity(sources, table, i))]
    return sorted(found, key=lambda one: (*when(table, one[0], _NAME), one[0]))


def _apart(table: SourceTable, i: int, of: OmopDraft | None) -> OmopDraft:
    """Begin the event of a reading that is not the first of its visit's day."""
    columns = begun(table, i, _NAME) | {"kind": "test"}
    if of is None:
        return OmopDraft(columns, [])
    kept = {name: of.columns[name] for name in ("institution", "setting", "mode")}
    kept["kind"] = "encounter"
    return OmopDraft(columns | kept, [], of.visit)


def _quantity(sources: Sources, table: SourceTable, i: int) -> str:
    """Give the quantity of a measurement, blank if it is none, which is counted by code."""
    given = list(codings_of(sources, table, i, _NAME))
    for one in given:
        if found := sources.options.quantity(one.system, one.code):
            return found
    shown = given[0].code if given else table.text(i, "measurement_source_value")
    sources.drafts.skip(table, i, OTHER, shown or table.text(i, "measurement_concept_id"))
    return ""


def _value(sources: Sources, table: SourceTable, i: int, quantity: str) -> float | ValidationIssue:
    if table.key(i, "operator_concept_id") not in ("", EQUALS):
        return COMPARED
    text = table.text(i, "value_as_number")
    number = read_number(text) if text else NO_VALUE
    if isinstance(number, ValidationIssue):
        return number
    unit = sources.vocabulary.unit(table.key(i, "unit_concept_id"))
    said = table.text(i, "unit_source_value")
    given = {"value": Decimal(text), "code": unit, "unit": said}
    return in_our_unit(sources.options.quantities[quantity], given)


def _column(issue: ValidationIssue) -> str:
    """Name the column in which something is wrong."""
    if issue is COMPARED:
        return "operator_concept_id"
    return "unit_source_value" if issue.check in ("unknown_unit", "units_differ") else "value_as_number"
