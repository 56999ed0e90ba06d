"""The events that an answer rests on, as resources: visits, readings with LOINC and UCUM, diagnoses, and the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from singledisease.dates import iso
from singledisease.explanation.model import Evidence
from singledisease.io.fhir.elements import DISEASES, SYSTEMS, URN
from singledisease.io.fhir.writing.bundle import Naming, Resource, coded, filled, stable_id, urn_of
from singledisease.vocabulary import CONTACTS, QUANTITIES

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
KINDS = f"{URN}:kind"
_CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"
_VITAL_SIGNS = ("sbp", "dbp", "bmi", "weight", "height", "heart_rate", "temperature", "spo2")
_ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CODES: Mapping[str, str] = MappingProxyType(
    {
        "sbp": "8480-6",
        "dbp": "8462-4",
        "fpg": "14771-0",
        "glucose": "14749-6",
        "tc": "14647-2",
        "tg": "14927-8",
        "ldl": "22748-8",
        "hdl": "14646-4",
        "hba1c": "4548-4",
        "bmi": "39156-5",
        "weight": "29463-7",
        "height": "8302-2",
        "waist": "8280-0",
        "heart_rate": "8867-4",
        "temperature": "8310-5",
        "spo2": "59408-5",
        "egfr": "62238-1",
        "uacr": "9318-7",
    }
)
"""LOINC codes of quantities in the units kept here (glucose and lipids by substance); of others, their name."""
UNITS: Mapping[str, str] = MappingProxyType(
    {
        "mmHg": "mm[Hg]",
        "kg/m²": "kg/m2",
        "°C": "Cel",
        "mL/min/1.73 m²": "mL/min/{1.73_m2}",
    }
)
"""UCUM codes of the units that UCUM writes otherwise."""
PANEL = "85354-9"
_CLASSES = {"inpatient": "IMP", "emergency": "EMER"}
_MODES = {"home": "HH", "phone": "VR", "message": "VR", "online": "VR"}


def evidence_resources(event: Evidence, patient: str, naming: Naming) -> Iterator[Resource]:
    """Give the resources that an event is: a visit and its readings, a condition, or a statement of its kind.

    Parameters
    ----------
    event
        A row that a value rests on.
    patient
        Whose it is.
    naming
        How people are called.
    """
    key = (patient, event.file, event.line, event.kind, event.date, sorted(event.values.items(), key=str))
    subject = naming.patient(patient)
    visit = None
    readings = {name: float(value) for name, value in event.values.items() if name in QUANTITIES}
    if event.kind == "diagnosis":
        yield _condition(event, subject, key)
    elif event.kind == "enrolment":
        yield _episode(event, subject, key)
    elif event.kind in CONTACTS:
        visit = _encounter(event, subject, key)
        yield visit
    elif not readings:
        yield _statement(event, subject, key)
    yield from _observations(event, readings, subject, key, visit)


def _identified(event: Evidence) -> list[Resource]:
    record = event.values.get("record")
    return [{"system": f"{URN}:record", "value": str(record)}] if record else []


def _condition(event: Evidence, subject: Resource, key: tuple[object, ...]) -> Resource:
    return filled(
        {
            "resourceType": "Condition",
            "id": stable_id("Condition", *key),
            "identifier": _identified(event),
            "code": _code(event) or coded(KINDS, event.kind, event.what.en),
            "subject": subject,
            "onsetDateTime": iso(event.date),
        }
    )


def _episode(event: Evidence, subject: Resource, key: tuple[object, ...]) -> Resource:
    """Give the management that an enrolment begins; its type is the disease."""
    diseases = [one for one in str(event.values.get("disease", "")).split("|") if one]
    return filled(
        {
            "resourceType": "EpisodeOfCare",
            "id": stable_id("EpisodeOfCare", *key),
            "identifier": _identified(event),
            "status": "active",
            "type": [coded(DISEASES, one) for one in diseases],
            "patient": subject,
            "period": {"start": iso(event.date)},
        }
    )


def _code(event: Evidence) -> Resource | None:
    code, name = event.values.get("code"), str(event.values.get("system", ""))
    if not code:
        return None
    system = next((uri for uri, short in SYSTEMS.items() if short == name), name)
    return coded(system, str(code), str(event.values.get("display", "")))


def _encounter(event: Evidence, subject: Resource, key: tuple[object, ...]) -> Resource:
    mode, setting = str(event.values.get("mode", "")), str(event.values.get("setting", ""))
    act = _MODES.get(mode) or _CLASSES.get(setting) or "AMB"
    place = str(event.values.get("institution", ""))
    return filled(
        {
            "resourceType": "Encounter",
            "id": stable_id("Encounter", *key),
            "identifier": _identified(event),
            "status": "finished",
            "class": {"system": _ACT, "code": act},
            "type": [coded(KINDS, event.kind, f"{event.what.zh} / {event.what.en}")],
            "subject": subject,
            "period": {"start": iso(event.date), "end": iso(event.date)},
            "serviceProvider": {"display": place} if place else None,
        }
    )


def _statement(event: Evidence, subject: Resource, key: tuple[object, ...]) -> Resource:
    """Give a resource for what FHIR has no better one for here: what happened, about whom, on which day."""
    return filled(
        {
            "resourceType": "Basic",
            "id": stable_id("Basic", *key),
            "identifier": _identified(event),
            "code": coded(KINDS, event.kind, f"{event.what.zh} / {event.what.en}"),
            "subject": subject,
            "created": iso(event.date),
        }
    )


# READINGS


def _observations(
    event: Evidence, readings: Mapping[str, float], subject: Resource, key: tuple[object, ...], visit: Resource | None
) -> Iterator[Resource]:
    """Give the readings, both pressures as one panel."""
    groups: list[tuple[str, ...]] = [("sbp", "dbp")] if {"sbp", "dbp"} <= readings.keys() else []
    groups += [(name,) for name in readings if not groups or name not in groups[0]]
    for names in groups:
        yield filled(
            {
                "resourceType": "Observation",
                "id": stable_id("Observation", *key, *names),
                "status": "final",
                "category": [coded(_CATEGORIES, "vital-signs" if names[0] in _VITAL_SIGNS else "laboratory")],
                "code": coded(LOINC, PANEL) if len(names) > 1 else _quantity_code(names[0]),
                "subject": subject,
                "encounter": None if visit is None else {"reference": urn_of(visit)},
                "effectiveDateTime": iso(event.date),
                **_values({name: readings[name] for name in names}),
            }
        )


def _quantity_code(name: str) -> Resource:
    quantity = QUANTITIES[name]
    words = f"{quantity.zh} / {quantity.en}"
    return coded(LOINC, CODES[name], words) if name in CODES else coded(f"{URN}:quantity", name, words)


def _values(readings: Mapping[str, float]) -> Resource:
    made = {name: _quantity(name, value) for name, value in readings.items()}
    if len(made) == 1:
        return {"valueQuantity": next(iter(made.values()))}
    return {"component": [{"code": _quantity_code(name), "valueQuantity": value} for name, value in made.items()]}


def _quantity(name: str, value: float) -> Resource:
    unit = QUANTITIES[name].unit
    return {"value": value, "unit": unit, "system": UCUM, "code": UNITS.get(unit, unit)}
