"""Events in the making: what a Synthea export's encounters, observations and conditions say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction

from attrs import field, frozen

from singledisease.eventlog.parse_cell import read_number
from singledisease.eventlog.raw import plain_number
from singledisease.eventlog.report import Refusal
from singledisease.eventlog.validation_rules import ValidationIssue, out_of_bounds, outside
from singledisease.io.conversion import converted
from singledisease.io.synthea.files import SourceFile, SourceRow, local_time
from singledisease.io.synthea.words import FACE_TO_FACE, READINGS, SETTINGS, LoincCode, SyntheaOptions
from singledisease.vocabulary import QUANTITIES

OTHER_OBSERVATION = "其他观察项目（LOINC）/ observations (LOINC code) that are not read"
OTHER_CONDITION = "其他诊断（SNOMED CT）/ conditions (SNOMED CT code) of no disease that is read"
OTHER_UNIT = ValidationIssue("unknown_unit", "单位未知，无法换算 / the unit is not known and cannot be converted")
NO_VALUE = ValidationIssue("not_a_number", "数值为空 / the value is blank")


@frozen(eq=False)
class SyntheaDraft:
    """An event in the making: its columns as text, and the rows that say it, first the one it is said to come from.

    ``encounter`` is the class of the encounter it belongs to, blank if to none.
    """

    columns: dict[str, str]
    rows: list[SourceRow]
    encounter: str = ""


@frozen(eq=False)
class SyntheaDrafts:
    """The events of an export, and the rows that make none: skipped for a reason, refused, or repeated."""

    events: list[SyntheaDraft] = field(factory=list)
    skipped: list[tuple[SourceRow, str]] = field(factory=list)
    refused: list[Refusal] = field(factory=list)
    repeated: list[SourceRow] = field(factory=list)


def draft_events(files: Mapping[str, SourceFile], options: SyntheaOptions) -> SyntheaDrafts:
    """Make the events of an export.

    An encounter is one event, which carries the first reading of each quantity; a second reading, one of
    another day of a stay, and one that belongs to no encounter are events of their own.
    """
    drafts = SyntheaDrafts()
    encounters: dict[str, SyntheaDraft] = {}
    for row in _first_of_each(files["encounters"].rows, drafts):
        draft = _encounter(row, options)
        drafts.events.append(draft)
        encounters.setdefault(row["Id"], draft)
    _observations(drafts, _first_of_each(files["observations"].rows, drafts), encounters, options)
    for draft in drafts.events:
        draft.columns.update(_kind(draft, options))
    _conditions(drafts, _first_of_each(files["conditions"].rows, drafts), options)
    return drafts


def _first_of_each(rows: Iterable[SourceRow], drafts: SyntheaDrafts) -> list[SourceRow]:
    """Leave out rows that repeat an earlier one cell by cell."""
    seen: dict[tuple[str, ...], SourceRow] = {}
    for row in rows:
        cells = tuple(row.cells.values())
        if cells in seen:
            drafts.repeated.append(row)
        else:
            seen[cells] = row
    return list(seen.values())


def _encounter(row: SourceRow, options: SyntheaOptions) -> SyntheaDraft:
    date, second = local_time(row["START"], options.zone)
    columns = {
        "patient_id": row["PATIENT"],
        "date": date,
        "sequence": second,
        "record": row["Id"],
        "institution": row["ORGANIZATION"],
        "setting": SETTINGS.get(row["ENCOUNTERCLASS"], ""),
    }
    return SyntheaDraft(columns, [row], row["ENCOUNTERCLASS"] or "?")


def _kind(draft: SyntheaDraft, options: SyntheaOptions) -> dict[str, str]:
    if not draft.encounter:
        return {"kind": "test"}
    reading = any(name in draft.columns for name in READINGS)
    counts = options.follow_up == "encounter" or (options.follow_up == "encounter_with_reading" and reading)
    if counts and draft.encounter in FACE_TO_FACE:
        return {"kind": "follow_up", "mode": "clinic"}
    return {"kind": "encounter"}


# OBSERVATIONS


def _observations(
    drafts: SyntheaDrafts, rows: list[SourceRow], encounters: Mapping[str, SyntheaDraft], options: SyntheaOptions
) -> None:
    """Put each reading into the event it belongs to: the n-th of a quantity in the n-th event of its encounter."""
    observed = options.observed
    events: dict[tuple[str, str, int], SyntheaDraft] = {}
    for encounter, draft in encounters.items():
        events[encounter, draft.columns["date"], 0] = draft
    nth: Counter[tuple[str, str, str]] = Counter()
    for row in sorted(rows, key=lambda row: row["DATE"]):
        if row["CODE"] not in observed:
            drafts.skipped.append((row, OTHER_OBSERVATION))
            continue
        meaning = observed[row["CODE"]]
        value = _value(row, meaning)
        if isinstance(value, ValidationIssue):
            drafts.refused.append(_refusal(row, value))
            continue
        of = encounters.get(row["ENCOUNTER"])
        if of is not None and of.columns["patient_id"] != row["PATIENT"]:
            of = None
        date, second = local_time(row["DATE"], options.zone)
        within = row["ENCOUNTER"] if of is not None else f"\0{row['PATIENT']}"
        key = (within, date, nth[within, date, meaning.quantity])
        nth[within, date, meaning.quantity] += 1
        if key not in events:
            events[key] = _reading(row, of, date, second)
            drafts.events.append(events[key])
        events[key].columns[meaning.quantity] = plain_number(value)
        events[key].rows.append(row)


def _reading(row: SourceRow, of: SyntheaDraft | None, date: str, second: str) -> SyntheaDraft:
    columns = {"patient_id": row["PATIENT"], "date": date, "sequence": second}
    if of is None:
        return SyntheaDraft(columns, [])
    kept = {name: of.columns[name] for name in ("record", "institution", "setting")}
    return SyntheaDraft(columns | kept, [], of.encounter)


def _value(row: SourceRow, meaning: LoincCode) -> float | ValidationIssue:
    """Read a value in this library's unit, minding the quantity's bounds: one bad cell refuses one row."""
    if row["UNITS"] not in meaning.units:
        return OTHER_UNIT
    text = row["VALUE"].strip()
    number = read_number(text) if text else NO_VALUE
    if isinstance(number, ValidationIssue):
        return number
    value = converted(meaning.quantity, meaning.units[row["UNITS"]], Fraction(text))
    quantity = QUANTITIES[meaning.quantity]
    return out_of_bounds(quantity) if outside(quantity, value) else value


def _refusal(row: SourceRow, problem: ValidationIssue) -> Refusal:
    column = "UNITS" if problem is OTHER_UNIT else "VALUE"
    table = row.file.removesuffix(".csv")
    return Refusal(table, row.file, row.line, column, row[column], problem.check, problem.reason, row["PATIENT"])


# CONDITIONS


def _conditions(drafts: SyntheaDrafts, rows: list[SourceRow], options: SyntheaOptions) -> None:
    """Make a diagnosis of every condition of a disease, and one enrolment per person and disease."""
    disease_of = options.disease_of
    first: dict[tuple[str, str], SyntheaDraft] = {}
    for row in rows:
        if row["CODE"] not in disease_of:
            drafts.skipped.append((row, OTHER_CONDITION))
            continue
        diagnosis = _diagnosis(row, disease_of[row["CODE"]], options)
        drafts.events.append(diagnosis)
        key = diagnosis.columns["patient_id"], diagnosis.columns["disease"]
        if key not in first or diagnosis.columns["date"] < first[key].columns["date"]:
            first[key] = diagnosis
    for diagnosis in first.values():
        day = _enrolled_on(diagnosis, drafts.events, options)
        if day is not None:
            columns = {"patient_id": diagnosis.columns["patient_id"], "date": day, "kind": "enrolment"}
            drafts.events.append(SyntheaDraft(columns | {"disease": diagnosis.columns["disease"]}, diagnosis.rows))


def _diagnosis(row: SourceRow, disease: str, options: SyntheaOptions) -> SyntheaDraft:
    date, second = local_time(row["START"], options.zone)
    columns = {"patient_id": row["PATIENT"], "date": date, "sequence": second, "kind": "diagnosis"}
    return SyntheaDraft(columns | {"disease": disease, "item": row["CODE"]}, [row])


def _enrolled_on(diagnosis: SyntheaDraft, events: list[SyntheaDraft], options: SyntheaOptions) -> str | None:
    person, onset = diagnosis.columns["patient_id"], diagnosis.columns["date"]
    if options.enrolment == "first_condition":
        return onset
    if options.enrolment == "none":
        return None
    days = [
        draft.columns["date"]
        for draft in events
        if draft.columns["kind"] == "follow_up"
        and draft.columns["patient_id"] == person
        and draft.columns["date"] >= onset
    ]
    return min(days, default=None)
