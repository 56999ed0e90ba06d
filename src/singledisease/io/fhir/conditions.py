"""Conditions, and what says that their management began: episodes of care, care plans."""

from __future__ import annotations

from collections.abc import Iterator

from singledisease.eventlog.event import disease_tag
from singledisease.io.fhir.elements import Coding, codings, element, listed, text
from singledisease.io.fhir.moments import Moment
from singledisease.io.fhir.references import contained, target_of
from singledisease.io.fhir.said import (
    NO_CODE,
    NO_PERSON,
    NOT_DONE,
    Problem,
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

UNCONFIRMED = "unconfirmed_condition"
"""Kind of a condition that is not established: no diagnosis, and without a meaning of its own."""
REFUTED = "诊断已被推翻 / the condition was refuted"
NO_DISEASE = "不是已知病种的 / of no disease that is known"


def condition(resource: Resource) -> Said:
    """Make a diagnosis of a condition, on its onset, or where that is not known to the day when it was recorded."""
    patient = about(resource, "subject")
    if patient is None:
        return skipped(NO_PERSON)
    status = next((one.code for one in codings(resource.body.get("verificationStatus"))), "")
    if status == "refuted":
        return skipped(REFUTED)
    said = Said(patient=patient)
    found = list(codings(resource.body.get("code")))
    day = _since(said, resource)
    if not found:
        said.problems.append(Problem("code", text(resource.body, "code", "text"), NO_CODE))
    if not found or day is None:
        return said
    tag, coding = _disease(resource, found)
    kind = UNCONFIRMED if status in ("unconfirmed", "provisional", "differential") else "diagnosis"
    row = event(resource, kind, patient, day, "recordedDate") | coded(coding) | {"disease": tag}
    until = day_at(resource, "abatementDateTime")
    until = day_at(resource, "abatementPeriod", "end") if until is None else until
    said.events.append(row if until is None else row | {"until": until})
    return said


def _since(said: Said, resource: Resource) -> Moment | None:
    """Give the onset; of one that is stated as a part of a date, an age or words, the day it was recorded."""
    paths = (("onsetDateTime",), ("onsetPeriod", "start"), ("recordedDate",))
    for path in paths:
        found = resource.options.calendar.moment(element(resource.body, *path))
        if isinstance(found, Moment):
            return found
    return when(said, resource, *paths)


def _disease(resource: Resource, found: list[Coding]) -> tuple[str, Coding | None]:
    """Give the diseases of some codings, and the coding that says so."""
    for one in found:
        diseases = resource.options.finder.diseases(one)
        if diseases:
            return disease_tag("|".join(diseases)), one
    return "", chosen(found)


def disease_of(resource: Resource) -> str:
    """Give the diseases that a condition is of, blank if of none that is known."""
    return _disease(resource, list(codings(resource.body.get("code"))))[0]


# MANAGEMENT


def episode(resource: Resource) -> Said:
    """Make of an episode of care the management of the diseases it is about, from its start to its end."""
    status = text(resource.body, "status")
    if status in ("planned", "waitlist", "cancelled"):
        return skipped(NOT_DONE, status)
    concepts = (element(one, "condition") for one in listed(resource.body, "diagnosis"))
    said = _enrolments(resource, about(resource, "patient"), list(concepts), "type")
    ended = day_at(resource, "period", "end") if status == "finished" else None
    more: Row = {"institution": resource.institution("managingOrganization")}
    more |= {} if ended is None else {"until": ended}
    said.enrolments = [row | more for row in said.enrolments]
    return said


def care_plan(resource: Resource) -> Said:
    """Make of a care plan the management of the diseases it addresses, if that is asked for."""
    status, intent = text(resource.body, "status"), text(resource.body, "intent")
    if resource.options.enrolment != "care_plan":
        return skipped("未选用照护计划为建档 / not asked for: enrolment=care_plan takes care plans")
    if status in ("draft", "revoked") or intent in ("proposal", "option"):
        return skipped(NOT_DONE, status)
    return _enrolments(resource, about(resource, "subject"), list(listed(resource.body, "addresses")), "category")


def _enrolments(resource: Resource, patient: str | None, conditions: list[object], concept: str) -> Said:
    if patient is None:
        return skipped(NO_PERSON)
    said = Said(patient=patient)
    start = when(said, resource, ("period", "start"), ("created",))
    if start is not None:
        begun = event(resource, "enrolment", patient, start, "created") | {"_source": resource.type}
        for number, of in enumerate(_of_what(resource, conditions, concept)):
            said.enrolments.append(begun | of | ({"record": ""} if number else {}))
    return said


def _of_what(resource: Resource, conditions: list[object], concept: str) -> Iterator[Row]:
    """Give the disease of each condition that is contained or named by type; of a reference, its key."""
    named = False
    for reference in conditions:
        inside = contained(reference, resource.body)
        key = target_of(reference, resource.body).key
        named = named or inside is not None or bool(key)
        if inside is not None:
            yield {"disease": _disease(resource, list(codings(inside.get("code"))))[0]}
        elif key:
            yield {"_condition": key}
    if not named:
        yield {"disease": _disease(resource, list(codings(resource.body.get(concept))))[0]}
