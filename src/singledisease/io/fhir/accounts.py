"""What became of every resource: accepted, a copy, refused, or left out for a reason that is told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.eventlog.log import EventLog
from singledisease.eventlog.report import LoadReport, Refusal, Slip, TableReport
from singledisease.io.assumed_enrolments import assumed_notes, enrolments
from singledisease.io.fhir.assemble import Assembled
from singledisease.io.fhir.conditions import NO_DISEASE
from singledisease.io.fhir.enrolments import Stated
from singledisease.io.fhir.intake import TABLES, Intake, Skipped
from singledisease.io.fhir.tables import FhirTable
from singledisease.io.fhir.versions import CONTRADICTING, Versions

NOTHING, SKIPPED, ASIDE, DUPLICATE, REFUSED, ACCEPTED = range(6)
"""What may become of a resource, in the order in which one overrules another."""
_FEW = 12
"""How many codes or types are named in one note."""
REPLACED = "由另一患者取代 / patients in whose place others came"
NO_PATIENT = "没有 Patient 资源，事件无人可归 / the export holds no Patient: no event is anybody's"
NOT_TAKEN = "不读取的资源类型 / types of resource that are not taken"


@frozen(eq=False, kw_only=True)
class FhirReading:
    """All that is known once an export has been read, to account for it.

    Attributes
    ----------
    log
        As it was built: lines are rows of the tables.
    events, patients, institutions
        The tables it was built of.
    """

    intake: Intake
    versions: Versions
    assembled: Assembled
    stated: Stated
    events: FhirTable
    patients: FhirTable
    institutions: FhirTable
    replaced: NDArray[np.int64]
    log: EventLog


def report_of(reading: FhirReading) -> LoadReport:
    """Count the resources of each type by what became of them, and give every refusal its place."""
    found = _placed(reading)
    fate = _fates(reading, found)
    # What is wrong with a part of a resource of which another part is taken refuses a reading, not the resource.
    readings = [*(one for one in found if fate[one[0]] == ACCEPTED), *_readings(reading)]
    return LoadReport(
        tables=tuple(_tables(reading.intake, fate, Counter(number for number, _ in readings))),
        refusals=tuple(refusal for number, refusal in found if fate[number] != ACCEPTED),
        readings=tuple(refusal for _, refusal in readings),
        not_done=tuple(reading.intake.not_done()),
        slips=tuple(_slip(one, reading) for one in reading.log.report.slips),
        notes=tuple(_notes(reading)),
    )


def _placed(reading: FhirReading) -> list[tuple[int, Refusal]]:
    """Give the refusals with the number of their resource, in the order of the files."""
    intake = reading.intake
    found = [one for one in intake.refusals if not reading.versions.gone[one[0]]]
    tables = {"events": reading.events, "patients": reading.patients, "institutions": reading.institutions}
    for refusal in reading.log.report.refusals:
        number = int(tables[refusal.table].resource[refusal.line])
        found.append((number, _at(refusal, number, intake)))
    for number in np.flatnonzero(reading.versions.refused).tolist():
        key = intake.resources.keys("id").texts()[intake.resources.array("id")[number]]
        refusal = Refusal("", "", 0, "id", key, CONTRADICTING.check, CONTRADICTING.reason, key)
        found.append((number, _at(refusal, number, intake)))
    # A condition and the enrolment that was assumed of it are refused for one reason, which is told once.
    return sorted(dict.fromkeys(found), key=lambda one: one[0])


def _readings(reading: FhirReading) -> Iterator[tuple[int, Refusal]]:
    """Give the readings that were refused when events were put together, with the number of their resource."""
    for refusal in reading.log.report.readings:
        number = int(reading.events.resource[refusal.line])
        yield number, _at(refusal, number, reading.intake)


def _slip(slip: Slip, reading: FhirReading) -> Slip:
    """Give a word that is likely a slip its place."""
    if slip.table != "events" or not slip.file or not slip.column:
        return slip
    placed = _at(Refusal("", "", 0, "", "", "", ""), int(reading.events.resource[slip.line]), reading.intake)
    return evolve(slip, file=placed.file, line=placed.line)


def _at(refusal: Refusal, number: int, intake: Intake) -> Refusal:
    resources = intake.resources
    kind = resources.keys("type").texts()[resources.array("type")[number]]
    file = list(intake.files)[resources.array("file")[number]]
    line = int(resources.array("line")[number])
    return evolve(refusal, table=TABLES.get(kind, kind), file=file, line=line)


def _fates(reading: FhirReading, refusals: Iterable[tuple[int, Refusal]]) -> NDArray[np.uint8]:
    intake, versions, events = reading.intake, reading.versions, reading.events
    fate = np.zeros(len(intake.resources), np.uint8)
    fate[intake.skips] = SKIPPED
    fate[[number for lines in intake.undone.values() for number in lines]] = ASIDE
    fate[list(reading.stated.of_no_disease)] = SKIPPED
    fate[reading.replaced] = SKIPPED
    taken = [events.resource, reading.assembled.from_resource, reading.patients.resource, reading.institutions.resource]
    for numbers in taken:
        fate[numbers] = DUPLICATE
    fate[versions.copy | (versions.older & versions.gone)] = DUPLICATE
    fate[[number for number, _ in refusals]] = REFUSED
    accepted = np.zeros(len(events.resource), np.bool_)
    accepted[reading.log.source.line] = True
    fate[events.resource[accepted]] = ACCEPTED
    carried = accepted[reading.assembled.of_reading]
    fate[reading.assembled.from_resource[carried]] = ACCEPTED
    for table in (reading.patients, reading.institutions):
        fate[_first_of_each(table, reading.log)] = ACCEPTED
    _medications(intake, versions, fate)
    return fate


def _first_of_each(table: FhirTable, log: EventLog) -> list[int]:
    """Give the resources of the people or institutions that the log has, of copies the first."""
    name = "patient_id" if table.table.name == "patients" else "institution"
    ids = table.table.columns[name]
    left = set(log.people.ids.tolist() if name == "patient_id" else log.institutions.ids)
    found = []
    for i, number in enumerate(table.resource.tolist()):
        text = ids.text(i)  # type: ignore[union-attr]
        if text in left:
            left.discard(text)
            found.append(number)
    return found


def _medications(intake: Intake, versions: Versions, fate: NDArray[np.uint8]) -> None:
    kinds = intake.resources.keys("type")
    found = (intake.resources.array("type") == kinds["Medication"]) & ~versions.gone
    fate[found] = ACCEPTED


def _tables(intake: Intake, fate: NDArray[np.uint8], readings: Counter[int]) -> Iterator[TableReport]:
    kind = intake.resources.array("type")
    by_kind = Counter({int(code): 0 for code in np.unique(kind)})
    for number, times in readings.items():
        by_kind[int(kind[number])] += times
    names = intake.resources.keys("type").texts()
    if "Patient" not in names:
        yield TableReport(table=TABLES["Patient"])
    for code, name in enumerate(names):
        counts = np.bincount(fate[kind == code], minlength=ACCEPTED + 1).tolist()
        if sum(counts):
            yield TableReport(
                table=TABLES.get(name, name),
                read=sum(counts),
                accepted=counts[ACCEPTED],
                duplicates=counts[DUPLICATE],
                refused=counts[REFUSED],
                skipped=counts[SKIPPED] + counts[NOTHING],
                not_done=counts[ASIDE],
                readings=by_kind[code],
            )
    for name, number in sorted(intake.not_taken.items()):
        yield TableReport(table=name, read=number, skipped=number)


# NOTES


def _notes(reading: FhirReading) -> Iterator[str]:
    yield from _skipped(reading)
    if not len(reading.intake.patients):
        yield NO_PATIENT
    intake, versions = reading.intake, reading.versions
    if intake.not_taken:
        yield f"{NOT_TAKEN}: {_listed(intake.not_taken)}"
    for note, number in sorted(intake.notes.items()):
        yield f"patients: {number}: {note}"
    if number := int(versions.copy.sum()):
        yield f"相同资源的副本 / copies of a resource: {number}"
    if number := int(versions.older.sum()):
        yield f"已有更新版本的资源 / resources of which a newer version is here: {number}"
    if reading.assembled.astray:
        told = "所属就诊不在数据中或属他人的观察 / readings of an encounter that is not here, or is another person's"
        yield f"{told}: {reading.assembled.astray}"
    yield from assumed_notes(intake.options.enrolment, _assumed(reading))


def _assumed(reading: FhirReading) -> int:
    """Count the enrolments that the log has of a condition: nothing else said them."""
    kinds = reading.intake.resources.keys("type")
    of_condition = reading.intake.resources.array("type") == kinds["Condition"]
    return int((enrolments(reading.log) & of_condition[reading.events.resource[reading.log.source.line]]).sum())


def _skipped(reading: FhirReading) -> Iterator[str]:
    by_reason: Mapping[tuple[str, str], Counter[str]] = defaultdict(Counter)
    extra = Counter(_kind(number, reading.intake) for number in reading.stated.of_no_disease)
    skipped = reading.intake.skipped + Counter({Skipped(kind, NO_DISEASE, ""): n for kind, n in extra.items()})
    skipped += Counter({Skipped("Patient", REPLACED, ""): len(reading.replaced)})
    for one, number in skipped.items():
        by_reason[one.type, one.reason][one.detail] += number
    for (kind, reason), details in sorted(by_reason.items()):
        of = f": {_listed(details)}" if any(details) else ""
        yield f"{kind}: 略过 {sum(details.values())} 项 skipped: {reason}{of}"


def _kind(number: int, intake: Intake) -> str:
    return intake.resources.keys("type").texts()[int(intake.resources.array("type")[number])]


def _listed(counted: Mapping[str, int]) -> str:
    most = sorted(((name, n) for name, n in counted.items() if name), key=lambda one: (-one[1], one[0]))
    shown = "; ".join(f"{name} × {n}" for name, n in most[:_FEW])
    return f"{shown}; +{len(most) - _FEW} …" if len(most) > _FEW else shown
