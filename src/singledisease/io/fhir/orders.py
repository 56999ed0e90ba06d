"""What was ordered, done, given and agreed: medication, procedures, vaccinations, referrals, contracts."""

from __future__ import annotations

from decimal import Decimal

from singledisease.io.fhir.elements import codings, element, words
from singledisease.io.fhir.elements import text as text_at
from singledisease.io.fhir.references import contained, target_of
from singledisease.io.fhir.said import (
    NO_PERSON,
    NOT_DONE,
    Resource,
    Row,
    Said,
    about,
    chosen,
    coded,
    day_at,
    event,
    skipped,
    when,
)

_MOST_DAYS = 36525
"""A century: a supply for longer is a slip."""
_ONLY_MEANT = ("proposal", "plan", "option")
"""Intents of what nobody has ordered yet."""


def _begun(resource: Resource, kind: str, person: str, *dates: tuple[str, ...]) -> tuple[Said, Row | None]:
    """Begin the row of an event, unless it did not happen or is about nobody."""
    status, intent = text_at(resource.body, "status"), text_at(resource.body, "intent")
    if status in ("draft", "not-done", "preparation") or (kind == "medication" and status == "cancelled"):
        return skipped(NOT_DONE, status), None
    if intent in _ONLY_MEANT or element(resource.body, "doNotPerform") is True:
        return skipped(NOT_DONE, intent), None
    patient = about(resource, person)
    if patient is None:
        return skipped(NO_PERSON), None
    said = Said(patient=patient)
    moment = when(said, resource, *dates)
    if moment is None:
        return said, None
    row = event(resource, kind, patient, moment, "recorded")
    row["_encounter"] = resource.target("encounter", type="Encounter")
    said.events.append(row)
    return said, row


def medication(resource: Resource) -> Said:
    """Make a medication of a request, by the code of what is requested or of the resource it points at."""
    said, row = _begun(resource, "medication", "subject", ("authoredOn",))
    if row is not None:
        reference = element(resource.body, "medicationReference")
        inside = contained(reference, resource.body)
        concept = inside.get("code") if inside is not None else element(resource.body, "medicationCodeableConcept")
        row |= coded(chosen(list(codings(concept))))
        if inside is None:
            row["_medication"] = target_of(reference, resource.body).key
        row["status"] = resource.status
        _until(resource, row, "dispenseRequest", "validityPeriod", "end")
        supplied = _days(element(resource.body, "dispenseRequest", "expectedSupplyDuration"))
        if supplied and "until" not in row:
            row["until"] = row["date"] + supplied - 1
    return said


def procedure(resource: Resource) -> Said:
    """Make an event of a procedure; its kind has no meaning of its own here."""
    said, row = _begun(resource, "procedure", "subject", ("performedDateTime",), ("performedPeriod", "start"))
    if row is not None:
        row |= coded(chosen(list(codings(resource.body.get("code")))))
        _until(resource, row, "performedPeriod", "end")
    return said


def vaccination(resource: Resource) -> Said:
    """Make a vaccination of an immunization."""
    said, row = _begun(resource, "vaccination", "patient", ("occurrenceDateTime",), ("recorded",))
    if row is not None:
        row |= coded(chosen(list(codings(resource.body.get("vaccineCode")))))
    return said


def service_request(resource: Resource) -> Said:
    """Make a referral of a request that sends a person elsewhere, and an order of any other; referrals are linked."""
    concepts = [*codings(resource.body.get("category")), *codings(resource.body.get("code"))]
    referral = any((one.system, one.code) in resource.options.codes.referrals for one in concepts)
    dates = (("authoredOn",), ("occurrenceDateTime",), ("occurrencePeriod", "start"))
    said, row = _begun(resource, "referral" if referral else "order", "subject", *dates)
    if row is not None:
        row |= coded(chosen(list(codings(resource.body.get("code")))))
        row |= {"status": resource.status, "link": resource.name if referral else ""}
        requester = target_of(element(resource.body, "requester"), resource.body)
        row["institution"] = requester.key if requester.type == "Organization" else ""
        performers = [one.key for one in resource.targets("performer") if one.type == "Organization"]
        row["referred_to"] = performers[0] if performers else ""
        _until(resource, row, "occurrencePeriod", "end")
    return said


def device_request(resource: Resource) -> Said:
    """Make an order of a request for a device."""
    dates = (("authoredOn",), ("occurrenceDateTime",), ("occurrencePeriod", "start"))
    said, row = _begun(resource, "order", "subject", *dates)
    if row is not None:
        row |= coded(chosen(list(codings(resource.body.get("codeCodeableConcept")))))
        row["status"] = resource.status
    return said


def contract(resource: Resource) -> Said:
    """Make a contract of a contract or a coverage, from the day it was signed or began, valid until it ends."""
    coverage = resource.type == "Coverage"
    subject = "beneficiary" if coverage else "subject"
    period = "period" if coverage else "applies"
    people = [one for one in resource.targets(subject) if one.type in ("", "Patient")]
    status = text_at(resource.body, "status")
    if status == "draft":
        return skipped(NOT_DONE, status)
    if not people:
        return skipped(NO_PERSON)
    said = Said(patient=people[0].key)
    moment = when(said, resource, *(() if coverage else (("issued",),)), (period, "start"))
    if moment is None:
        return said
    parties = (
        one.key for path in ("authority", "payor") for one in resource.targets(path) if one.type == "Organization"
    )
    row = event(resource, "contract", people[0].key, moment) | {
        "status": resource.status,
        "package": _package(resource),
        "institution": next(parties, "") if not coverage else "",
    }
    _until(resource, row, period, "end")
    said.events.append(row)
    return said


def _package(resource: Resource) -> str:
    return words(resource.body.get("type")) or next((one.code for one in codings(resource.body.get("type"))), "")


def _days(duration: object) -> int:
    """Give how many days a duration is, 0 if it is not stated in whole days."""
    value, unit = element(duration, "value"), text_at(duration, "code") or text_at(duration, "unit")
    if not isinstance(value, int | Decimal) or isinstance(value, bool) or unit not in ("d", "day", "days"):
        return 0
    # The bounds first: a number of a million digits takes long to be made whole.
    return int(value) if 0 < value < _MOST_DAYS and value == int(value) else 0


def _until(resource: Resource, row: Row, *path: str) -> None:
    day = day_at(resource, *path)
    if day is not None:
        row["until"] = day


def medication_code(resource: Resource) -> Row:
    """Give the code of a medication that others point at."""
    return coded(chosen(list(codings(resource.body.get("code")))))
