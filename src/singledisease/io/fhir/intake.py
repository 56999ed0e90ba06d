"""Going through an export once: every resource is taken apart into rows, and then forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from attrs import frozen

from singledisease.eventlog.report import NotDone, Refusal
from singledisease.io.fhir import conditions, observations, orders, visits
from singledisease.io.fhir.collecting import CollectedRows, NumberedTexts
from singledisease.io.fhir.elements import element, text
from singledisease.io.fhir.files import Found
from singledisease.io.fhir.moments import Moment
from singledisease.io.fhir.options import FhirOptions
from singledisease.io.fhir.people import organization, other_names, patient, replaced_by
from singledisease.io.fhir.references import own_key, url_key
from singledisease.io.fhir.said import NOT_DONE, Problem, Resource, Row, Said, modified, subject_of

READ: Mapping[str, Callable[[Resource], Said]] = {
    "Encounter": visits.encounter,
    "Appointment": visits.appointment,
    "Condition": conditions.condition,
    "EpisodeOfCare": conditions.episode,
    "CarePlan": conditions.care_plan,
    "Observation": observations.observation,
    "MedicationRequest": orders.medication,
    "Procedure": orders.procedure,
    "Immunization": orders.vaccination,
    "ServiceRequest": orders.service_request,
    "DeviceRequest": orders.device_request,
    "Coverage": orders.contract,
    "Contract": orders.contract,
}
"""Types whose resources become events, and what reads one."""
TAKEN = ("Patient", "Organization", "Medication", *READ)
TABLES: Mapping[str, str] = {"Patient": "patients", "Organization": "institutions"}
"""How the tables of the report are called that have another name here than their type."""
NOT_A_RESOURCE = "(none)"

DAYS = ("date", "recorded", "withdrawn", "until", "birth_date", "death_date", "death_recorded")
_COUNTS = ("_resource", "_own", "_visit")


@frozen
class Skipped:
    """Why resources of a type are not taken, and what they are."""

    type: str
    reason: str
    detail: str


class Intake:
    """What has been found so far."""

    def __init__(self, options: FhirOptions) -> None:
        self.options = options
        self.people, self.places, self.encounters, self.conditions = (
            NumberedTexts(),
            NumberedTexts(),
            NumberedTexts(),
            NumberedTexts(),
        )
        shared = {"patient_id": self.people, "_encounter": self.encounters, "institution": self.places}
        shared |= {"referred_to": self.places, "_condition": self.conditions}
        self._shared = shared | {name: NumberedTexts() for name in ("kind", "record", "disease")}
        self.resources = CollectedRows(
            counts=("file", "line", "content", "updated", "version"),
            keys={"type": NumberedTexts(), "patient": self.people},
        )
        self.patients = CollectedRows(days=DAYS, counts=_COUNTS, keys={"_key": self.people, "institution": self.places})
        self.institutions = CollectedRows(counts=_COUNTS, keys={"institution": self.places, "parent": self.places})
        self.events, self.panels, self.enrolments = self.like_events(), self.like_events(), self.like_events()
        self.files: dict[str, int] = {}
        self.other_people: dict[str, str] = {}
        self.other_places: dict[str, str] = {}
        self.replaced: dict[str, str] = {}
        self.medications: dict[str, list[tuple[str, Row]]] = {}
        self.diseases: dict[tuple[str, str], str] = {}
        self.refusals: list[tuple[int, Refusal]] = []
        self.skipped: Counter[Skipped] = Counter()
        self.skips: list[int] = []
        self.undone: dict[tuple[str, str, str], list[int]] = {}
        self.not_taken: Counter[str] = Counter()
        self.notes: Counter[str] = Counter()

    def like_events(self) -> CollectedRows:
        """Begin rows of events that share their texts with the others."""
        return CollectedRows(
            days=DAYS, counts=_COUNTS, numbers=("sequence", *self.options.quantities), keys=self._shared
        )

    def take(self, found: Found) -> None:
        """Take what stands in one place of a file."""
        if found.body is None:
            number = self._number(NOT_A_RESOURCE, "", found, 0)
            refusal = Refusal(NOT_A_RESOURCE, found.file, found.line, "", "", "no_resource", found.problem)
            self.refusals.append((number, refusal))
            return
        kind = found.body["resourceType"]
        if kind not in TAKEN:
            self.not_taken[kind] += 1
            return
        resource = Resource(kind, own_key(found.body, found.full_url), found.body, self.options)
        if kind == "Patient":
            self._patient(resource, found)
        elif kind == "Organization":
            self._organization(resource, found)
        elif kind == "Medication":
            self._medication(resource, found)
        else:
            self._event(resource, found)

    def close(self) -> None:
        """Finish, after the last resource."""
        for rows in (self.resources, self.patients, self.institutions, self.events, self.panels, self.enrolments):
            rows.close()

    def not_done(self) -> Iterator[NotDone]:
        """Give what says by its status that it did not happen."""
        lines = self.resources.array("line")
        for (kind, file, status), numbers in self.undone.items():
            yield NotDone(kind, file, kind, status, tuple(lines[numbers].tolist()))

    # RESOURCES

    def _number(self, kind: str, key: str, found: Found, content: int, *, patient: str = "") -> int:
        """Count a resource, and give its number."""
        file = self.files.setdefault(found.file, len(self.files))
        updated = self.options.calendar.moment(element(found.body, "meta", "lastUpdated"))
        version = text(found.body, "meta", "versionId")
        self.resources.add(
            {
                "type": kind,
                "id": key,
                "patient": patient,
                "file": file,
                "line": found.line,
                "content": content,
                "updated": updated.day * 86400 + max(updated.second, 0) + 1 if isinstance(updated, Moment) else 0,
                "version": int(version[:9]) if version.isascii() and version.isdecimal() else 0,
            }
        )
        return len(self.resources) - 1

    def _patient(self, resource: Resource, found: Found) -> None:
        row, problems, notes = patient(resource)
        number = self._number("Patient", resource.key, found, _content(row, problems))
        for name in _urls(resource, found):
            self.other_people.setdefault(name, resource.key)
        newer = replaced_by(resource)
        if newer and newer != resource.key:
            self.replaced[resource.key] = newer
        self.notes.update(notes)
        self._refuse(number, "patients", found, problems, row["patient_id"] or resource.key)
        if not problems:
            self.patients.add(row | {"_key": resource.key, "_resource": number})

    def _organization(self, resource: Resource, found: Found) -> None:
        row = organization(resource)
        number = self._number("Organization", resource.key, found, _content(row))
        for name in other_names(resource, url_key(found.full_url)):
            self.other_places.setdefault(name, resource.key)
        self.institutions.add(row | {"_resource": number})

    def _medication(self, resource: Resource, found: Found) -> None:
        code = orders.medication_code(resource)
        # Like ids in two files may be two medications: which is meant is settled by where they stand.
        self._number("Medication", f"{found.file}#{resource.key}", found, _content(code))
        self.medications.setdefault(resource.key, []).append((found.file, code))

    def _event(self, resource: Resource, found: Found) -> None:
        said = modified(resource) or READ[resource.type](resource)
        content = _content(said.events, said.panels, said.enrolments, said.problems, said.reason)
        number = self._number(resource.type, resource.key, found, content, patient=said.patient or subject_of(resource))
        if said.reason == NOT_DONE:
            self.undone.setdefault((resource.type, found.file, said.detail), []).append(number)
        elif said.reason:
            self.skips.append(number)
            self.skipped[Skipped(resource.type, said.reason, said.detail)] += 1
        if resource.type == "Condition" and said.events and said.events[0]["disease"]:
            self.diseases[resource.key, said.patient] = said.events[0]["disease"]
        self._refuse(number, resource.type, found, said.problems, said.patient)
        for row in said.events:
            self.events.add(row | {"_resource": number})
        for row in said.panels:
            values = row.pop("values")
            self.panels.add(row | values | {"_resource": number})
        for row in said.enrolments:
            self.enrolments.add(row | {"_resource": number})

    def _refuse(self, number: int, table: str, found: Found, problems: list[Problem], patient: str) -> None:
        for one in problems:
            where = (table, found.file, found.line, one.where, one.value)
            self.refusals.append((number, Refusal(*where, one.issue.check, one.issue.reason, patient)))


def _urls(resource: Resource, found: Found) -> list[str]:
    """Give what its bundle calls a person, if that is not its id; identifiers are looked up when one is needed."""
    url = url_key(found.full_url)
    return [url] if url and url != resource.key else []


def _content(*said: Any) -> int:
    """Give a number that is the same for resources that say the same, whenever they were recorded."""
    return hash(_plain(said))


def _plain(said: Any) -> Any:
    if isinstance(said, dict):
        return tuple((name, _plain(value)) for name, value in said.items() if name != "recorded")
    if isinstance(said, list | tuple):
        return tuple(map(_plain, said))
    return said
