"""What one resource says: events, readings, what is wrong in it, or why it says nothing that is taken."""

from __future__ import annotations

from typing import Any

from attrs import define, field, frozen

from singledisease.eventlog.validation_rules import BLANK_DATE, ValidationIssue
from singledisease.io.fhir.elements import Coding, codings, element, listed, text
from singledisease.io.fhir.moments import Moment, first_given
from singledisease.io.fhir.options import FhirOptions
from singledisease.io.fhir.references import NOBODY, ReferenceTarget, target_of

Row = dict[str, Any]
IN_ERROR = "entered-in-error"
NOT_DONE = "没有发生 / did not happen"
MODIFIED = "含有不认识的修饰扩展 / changed by a modifier extension that is not known"
NO_PERSON = "不是关于某一个人的 / not about one person"
NO_CODE = ValidationIssue("no_code", "没有编码 / there is no code")


@frozen
class Problem:
    """An element that cannot be taken: which, what stands there, and why."""

    where: str
    value: str
    issue: ValidationIssue


@frozen
class Resource:
    """A resource as it is read: its type, its key, and how it is understood."""

    type: str
    key: str
    body: dict[str, Any]
    options: FhirOptions

    @property
    def name(self) -> str:
        """What a record of it is called: an id is one of its type only."""
        return f"{self.type}/{self.key}" if self.key else ""

    @property
    def status(self) -> str:
        """Its status as part of what happened; that it was entered in error is told by its withdrawal."""
        return "" if self.in_error else text(self.body, "status")

    @property
    def in_error(self) -> bool:
        """Whether it says that it was entered in error."""
        return IN_ERROR in (
            text(self.body, "status"),
            *(one.code for one in codings(self.body.get("verificationStatus"))),
        )

    def target(self, *path: str, type: str = "") -> str:
        """Give the key of what a reference points at, blank if nothing of the type that is wanted."""
        found = target_of(element(self.body, *path), self.body)
        return found.key if found.type in ("", type) or not type else NOBODY

    def targets(self, *path: str) -> list[ReferenceTarget]:
        """Give what the references of a list point at."""
        return [target_of(one, self.body) for one in listed(self.body, *path)]

    def institution(self, *path: str) -> str:
        """Give the key of an organization; of one that is only named, its name."""
        reference = element(self.body, *path)
        found = target_of(reference, self.body)
        if found.type not in ("", "Organization"):
            return NOBODY
        return found.key or text(reference, "display")


@define
class Said:
    """What a resource says.

    Attributes
    ----------
    events
        Rows of events; ``_encounter`` is the encounter they belong to.
    panels
        Readings: each with the columns of its event, and its quantities under ``values``.
    enrolments
        Rows that say when the management of a disease began, and perhaps when it ended.
    problems
        What is refused, each an element.
    patient
        Whom it is about, for the report.
    reason, detail
        Why nothing of it is taken, if so, and of what it is one.
    """

    events: list[Row] = field(factory=list)
    panels: list[Row] = field(factory=list)
    enrolments: list[Row] = field(factory=list)
    problems: list[Problem] = field(factory=list)
    patient: str = ""
    reason: str = ""
    detail: str = ""


def skipped(reason: str, detail: str = "") -> Said:
    """Say that nothing is taken, and why."""
    return Said(reason=reason, detail=detail)


_NOT_TO_BE_DONE = (
    "qicore-donotperform",
    "qicore-donotpeform",
    "qicore-notdone",
    "extension-devicerequest.donotperform",
)


def modified(resource: Resource) -> Said | None:
    """Say nothing of a resource that a modifier extension changes; ``None`` if none does.

    It says that something is not to be done, or what nobody here knows: FHIR forbids to pass it over.
    """
    for one in listed(resource.body, "modifierExtension"):
        url = text(one, "url")
        if one.get("valueBoolean") is False:
            continue
        known = url.rpartition("/")[2].lower() in _NOT_TO_BE_DONE
        return skipped(NOT_DONE, "doNotPerform") if known else skipped(MODIFIED, url)
    return None


def about(resource: Resource, *path: str) -> str | None:
    """Give the key of the person a resource is about; ``None`` if it is about something else."""
    found = target_of(element(resource.body, *path), resource.body)
    return found.key if found.type in ("", "Patient") else None


def subject_of(resource: Resource) -> str:
    """Give the key of whom any resource is about, so that two of one id are told apart; blank if of nobody."""
    for path in ("subject", "patient", "beneficiary"):
        for one in resource.targets(path):
            if one.key:
                return one.key
    return ""


def when(said: Said, resource: Resource, *paths: tuple[str, ...]) -> Moment | None:
    """Give the first moment that is stated at one of some paths; if it is none, that is a problem."""
    where, given = first_given(resource.body, *paths)
    if given is None:
        said.problems.append(Problem(where, "", BLANK_DATE))
        return None
    found = resource.options.calendar.moment(given)
    if isinstance(found, ValidationIssue):
        said.problems.append(Problem(where, str(given)[:80], found))
        return None
    return found


def day_at(resource: Resource, *path: str) -> int | None:
    """Give the day that is stated at a path; ``None`` if none is, or not to the day."""
    found = resource.options.calendar.moment(element(resource.body, *path))
    return found.day if isinstance(found, Moment) else None


def event(resource: Resource, kind: str, patient: str, moment: Moment, *stated: str) -> Row:
    """Begin the row of an event, with the days on which it became known and was taken back.

    Parameters
    ----------
    resource
        What says so.
    kind, patient, moment
        Of the event.
    stated
        Path of the element that says when it was recorded.
    """
    row: Row = {"kind": kind, "patient_id": patient, "date": moment.day, "record": resource.name}
    if moment.second >= 0:
        row["sequence"] = float(moment.second)
    return row | knowledge(resource, moment.day, *stated)


def knowledge(resource: Resource, day: int, *stated: str) -> Row:
    """Give ``recorded`` and ``withdrawn``: of what was entered in error, the day it was last updated is the latter."""
    updated = day_at(resource, "meta", "lastUpdated")
    said = day_at(resource, *stated) if stated else None
    if resource.in_error:
        recorded = said if said is not None else day
        return {"recorded": recorded, "withdrawn": max(recorded, updated if updated is not None else recorded)}
    order = {"last_updated": (updated, said), "stated": (said, updated), "none": ()}[resource.options.recorded]
    recorded_on = next((one for one in order if one is not None), None)
    return {} if recorded_on is None else {"recorded": recorded_on}


def coded(coding: Coding | None) -> Row:
    """Give the columns of a code; a blank system is ICD-10."""
    if coding is None:
        return {}
    return {"code": coding.code, "system": coding.system, "display": coding.display}


def chosen(found: list[Coding]) -> Coding | None:
    """Choose the coding to keep of several that mean the same: ICD-10, else SNOMED CT, else the first."""
    for system in ("", "SNOMED CT"):
        for one in found:
            if one.system == system:
                return one
    return found[0] if found else None
