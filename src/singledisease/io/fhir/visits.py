"""Encounters and appointments."""

from __future__ import annotations

from singledisease.io.fhir.code_map import Setting
from singledisease.io.fhir.elements import SYSTEMS, Coding, code_of, codings, element, listed, text
from singledisease.io.fhir.moments import Moment
from singledisease.io.fhir.references import target_of
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

_ACT_CODE = "ActCode"
_NOT_SAID = Setting()


def encounter(resource: Resource) -> Said:
    """Make one event of an encounter, of an inpatient stay an admission and a discharge."""
    status = text(resource.body, "status")
    if status in ("planned", "cancelled"):
        return skipped(NOT_DONE, status)
    patient = about(resource, "subject")
    if patient is None:
        return skipped(NO_PERSON)
    said = Said(patient=patient)
    start = when(said, resource, ("period", "start"))
    if start is None:
        return said
    types = list(codings(resource.body.get("type")))
    where = _setting(resource, types)
    inpatient = where.setting == "inpatient"
    row = event(resource, "admission" if inpatient else "encounter", patient, start) | coded(chosen(types))
    row |= {
        "_encounter": resource.key,
        "_own": 1,
        "_visit": int(where.setting == "outpatient" and where.mode in ("clinic", "home")),
        "institution": resource.institution("serviceProvider"),
        "setting": where.setting,
        "mode": where.mode,
        "link": _link(resource) or (resource.name if inpatient else ""),
        "disposition": code_of(resource.body, "hospitalization", "dischargeDisposition"),
    }
    said.events.append(row)
    end = resource.options.calendar.moment(element(resource.body, "period", "end"))
    if isinstance(end, Moment) and end.day > start.day:
        row["until"] = end.day
    if inpatient and isinstance(end, Moment) and end.day >= start.day:
        said.events.append(_discharge(row, end))
    return said


def _discharge(admission: Row, end: Moment) -> Row:
    left = {"_encounter", "_own", "_visit", "record", "sequence", "code", "system", "display", "until"}
    row = {name: value for name, value in admission.items() if name not in left}
    second = {"sequence": float(end.second)} if end.second >= 0 else {}
    return row | {"kind": "discharge", "date": end.day} | second


def _setting(resource: Resource, types: list[Coding]) -> Setting:
    """Give what a type of the encounter says, else what its class does."""
    classes = [
        Coding(text(one, "code"), SYSTEMS.get(text(one, "system"), text(one, "system")) or _ACT_CODE)
        for one in listed(resource.body, "class")
    ]
    settings = resource.options.codes.settings
    found = ((one.system, one.code) for one in (*types, *classes))
    return next((settings[key] for key in found if key in settings), _NOT_SAID)


def _link(resource: Resource) -> str:
    """Give the referral that an encounter was based on, else the appointment that it was."""
    for path, type in (("basedOn", "ServiceRequest"), ("appointment", "Appointment")):
        for one in resource.targets(path):
            if one.key:
                return f"{one.type or type}/{one.key}"
    return ""


def appointment(resource: Resource) -> Said:
    """Make an appointment, dated the day it was made if that is stated, and due the day it starts."""
    patient = _invited(resource)
    if patient is None:
        return skipped(NO_PERSON)
    said = Said(patient=patient)
    made = when(said, resource, ("created",), ("start",), ("requestedPeriod",))
    if made is None:
        return said
    row = event(resource, "appointment", patient, made, "created") | {
        "status": resource.status,
        "link": _link(resource) or resource.name,
    }
    due = day_at(resource, "start")
    said.events.append(row if due is None else row | {"until": due})
    return said


def _invited(resource: Resource) -> str | None:
    for participant in listed(resource.body, "participant"):
        found = target_of(element(participant, "actor"), resource.body)
        if found.type == "Patient":
            return found.key
    return None
