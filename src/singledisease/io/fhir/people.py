"""Patients and organizations: who the events are about, and who is responsible."""

from __future__ import annotations

from collections.abc import Iterator

from singledisease.eventlog.validation_rules import ValidationIssue
from singledisease.io.fhir.elements import codings, element, listed, text, words
from singledisease.io.fhir.moments import PARTIAL, Moment
from singledisease.io.fhir.references import by_identifier, target_of
from singledisease.io.fhir.said import Problem, Resource, Row, day_at

_SEXES = {"other": "unknown"}
DEAD_WITHOUT_DAY = "已故但无死亡日期，按在世处理 / dead, on no stated day: taken as alive"
PARTIAL_BIRTH = "出生日期只到年或月，年龄未知 / the birth date stops at the year or month: the age is unknown"
PARTIAL_DEATH = "死亡日期只到年或月，按在世处理 / the day of death stops at the year or month: taken as alive"


def patient(resource: Resource) -> tuple[Row, list[Problem], list[str]]:
    """Give the row of a person, what is wrong in it, and what is worth knowing of it."""
    body, notes = resource.body, []
    row: Row = {
        "patient_id": _called(resource),
        "sex": _SEXES.get(text(body, "gender"), text(body, "gender")),
        "region": _region(body),
        "institution": _responsible(resource),
    }
    problems: list[Problem] = []
    for name, where, partly in (
        ("birth_date", "birthDate", PARTIAL_BIRTH),
        ("death_date", "deceasedDateTime", PARTIAL_DEATH),
    ):
        given = element(body, where)
        found = resource.options.calendar.moment(given) if given is not None else None
        if isinstance(found, Moment):
            row[name] = found.day
        elif found is PARTIAL:
            notes.append(partly)
        elif isinstance(found, ValidationIssue):
            problems.append(Problem(where, str(given)[:80], found))
    if "death_date" in row and resource.options.recorded == "last_updated":
        updated = day_at(resource, "meta", "lastUpdated")
        row |= {} if updated is None else {"death_recorded": max(updated, row["death_date"])}
    if element(body, "deceasedBoolean") is True:
        notes.append(DEAD_WITHOUT_DAY)
    return row, problems, notes


def _called(resource: Resource) -> str:
    """Give what the person is called: the id of the resource, or the identifier of a system that is asked for."""
    system = resource.options.patient_identifier
    if not system:
        return resource.key
    return next(
        (text(one, "value") for one in listed(resource.body, "identifier") if text(one, "system") == system), ""
    )


def _responsible(resource: Resource) -> str:
    """Give the organization that keeps the record, else the one that is named as general practitioner."""
    stated = resource.institution("managingOrganization")
    practices = (one.key for one in resource.targets("generalPractitioner") if one.type == "Organization")
    return stated or next(practices, "")


def _region(body: dict[str, object]) -> str:
    address = next(iter(listed(body, "address")), None)
    return text(address, "district") or text(address, "city")


def other_names(resource: Resource, full_url: str) -> Iterator[str]:
    """Give the keys other than its own by which a person or an organization may be referred to."""
    if full_url and full_url != resource.key:
        yield full_url
    for one in listed(resource.body, "identifier"):
        if key := by_identifier(one):
            yield key


def replaced_by(resource: Resource) -> str:
    """Give the key of the patient that took this one's place, blank if none did."""
    for link in listed(resource.body, "link"):
        if text(link, "type") == "replaced-by":
            return target_of(element(link, "other"), resource.body).key
    return ""


def organization(resource: Resource) -> Row:
    """Give the row of an institution; its level is what the code map says of its type, else blank."""
    types = element(resource.body, "type")
    said = [*(one.code for one in codings(types)), *(words(one) for one in listed(types))]
    level = next((resource.options.codes.levels[one] for one in said if one in resource.options.codes.levels), "")
    return {
        "institution": resource.key,
        "name": text(resource.body, "name"),
        "level": level,
        "parent": resource.institution("partOf"),
        "region": _region(resource.body),
    }
