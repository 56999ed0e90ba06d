"""Small FHIR resources to put together, and what a log says of them."""

from __future__ import annotations

import json

import singledisease as sd

UCUM = "http://unitsofmeasure.org"
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
ICD10 = "http://hl7.org/fhir/sid/icd-10"


def concept(code, system=LOINC, display=""):
    """Give a concept of one coding."""
    return {"coding": [{"system": system, "code": code, **({"display": display} if display else {})}]}


def quantity(value, code, **more):
    """Give a quantity in a UCUM unit."""
    return {"value": value, "unit": code, "system": UCUM, "code": code, **more}


def patient(id="p", **more):
    """Give a person born in 1950."""
    return {"resourceType": "Patient", "id": id, "gender": "female", "birthDate": "1950-03-01"} | more


def encounter(id="e", day="2024-03-01", patient="Patient/p", code="AMB", **more):
    """Give an encounter that was finished."""
    return {
        "resourceType": "Encounter",
        "id": id,
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": code},
        "subject": {"reference": patient},
        "period": {"start": day},
    } | more


def observation(id="o", day="2024-03-01", code="8480-6", value=None, *, patient="Patient/p", at="e", **more):
    """Give an observation, of a systolic pressure of 152 if nothing else is said."""
    made = {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "code": concept(code),
        "subject": {"reference": patient},
        "effectiveDateTime": day,
    }
    if at:
        made["encounter"] = {"reference": f"Encounter/{at}"}
    if value is not False:
        made["valueQuantity"] = value or quantity(152, "mm[Hg]")
    return made | more


def pressure(id="o", day="2024-03-01", sbp=152, dbp=95, at="e", **more):
    """Give a panel of both pressures."""
    parts = [("8480-6", sbp), ("8462-4", dbp)]
    made = [{"code": concept(code), "valueQuantity": quantity(value, "mm[Hg]")} for code, value in parts]
    return observation(id, day, "85354-9", False, at=at, component=made, **more)


def condition(id="c", code="I10", system=ICD10, day="2023-02-01", patient="Patient/p", **more):
    """Give a condition with an onset."""
    return {
        "resourceType": "Condition",
        "id": id,
        "code": concept(code, system),
        "subject": {"reference": patient},
        "onsetDateTime": day,
    } | more


def about(kind, id, patient="Patient/p", **more):
    """Give a resource of any type about a person."""
    return {"resourceType": kind, "id": id, "subject": {"reference": patient}} | more


def bundle(*resources, kind="collection", urls=None):
    """Give a bundle of resources; ``urls`` says what it calls some of them, by their place."""
    entries = [{"resource": resource} for resource in resources]
    for place, url in (urls or {}).items():
        entries[place]["fullUrl"] = url
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def written(path, *resources, **more):
    """Write a bundle of resources into a file and give the file."""
    path.write_text(json.dumps(bundle(*resources, **more), ensure_ascii=False), "utf-8")
    return path


def read(tmp_path, *resources, urls=None, **options):
    """Read a bundle of resources."""
    return sd.read(written(tmp_path / "bundle.json", *resources, urls=urls), **options)


def told(log, person="p", names=("kind", "mode", "disease", "sbp", "dbp", "fpg", "glucose", "hba1c", "status")):
    """Write a person's events, with the columns that matter."""
    lines = []
    for event in log.events_of(log.find(person)):
        values = [
            f"{name}={event[name]:g}" if isinstance(event[name], float) else f"{name}={event[name]}"
            for name in names
            if event[name] is not None
        ]
        lines.append(" ".join([str(event).split()[0], *values]))
    return lines


def counted(log):
    """Give read, accepted, duplicates, refused and left out (skipped or not done) of each table."""
    assert log.report.balanced
    return {
        one.table: (one.read, one.accepted, one.duplicates, one.refused, one.skipped + one.not_done)
        for one in log.report.tables
    }


def refused(log):
    """Give table, entry, element and check of each refusal, of resources and of readings."""
    return [(one.table, one.line, one.column, one.check) for one in (*log.report.refusals, *log.report.readings)]
