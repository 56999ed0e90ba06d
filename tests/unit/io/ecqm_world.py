"""Test cases of eCQMs in the layout in which they are published, made up: a record, and a report of what it expects."""

from __future__ import annotations

import json

SCT = "http://snomed.info/sct"
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
YEAR = ("2026-01-01", "2026-12-31")
VALUE_SETS = {
    "2.16.840.1.113883.3.464.1003.101.12.1001": ("OfficeVisit", SCT, "185463005"),
    "2.16.840.1.113883.3.464.1003.101.12.1089": ("VirtualEncounter", SCT, "185317003"),
    "2.16.840.1.113883.3.464.1003.1006": ("NutritionServices", SCT, "11816003"),
    "2.16.840.1.113883.3.464.1003.104.12.1011": ("EssentialHypertension", ICD, "I10"),
    "2.16.840.1.113883.3.526.3.378": ("Pregnancy", SCT, "77386006"),
    "2.16.840.1.113883.3.526.3.353": ("EndStageRenalDisease", SCT, "46177005"),
    "2.16.840.1.113883.3.464.1003.109.12.1013": ("DialysisServices", SCT, "108241001"),
    "2.16.840.1.113883.3.526.3.1584": ("HospiceCareAmbulatory", SCT, "385763009"),
    "2.16.840.1.113883.3.464.1003.1167": ("PalliativeCareDiagnosis", ICD, "Z51.5"),
    "2.16.840.1.113883.3.464.1003.118.12.1300": ("FrailtyDevice", SCT, "183240000"),
    "2.16.840.1.113883.3.464.1003.113.12.1075": ("FrailtySymptom", ICD, "R26.89"),
    "2.16.840.1.113883.3.464.1003.110.12.1082": ("AdvancedIllness", SCT, "42343007"),
    "2.16.840.1.113883.3.464.1003.196.12.1510": ("DementiaMedications", RXNORM, "312836"),
    "2.16.840.1.113883.3.464.1003.103.12.1001": ("Diabetes", SCT, "44054006"),
    "2.16.840.1.113883.3.464.1003.198.12.1013": ("HbA1cLaboratoryTest", LOINC, "17855-8"),
    "2.16.840.1.114222.4.11.3591": ("PayerType", "https://nahdo.org/sopt", "1"),
}
"""A code of each value set by its OID; the last is one that no measure here names."""


def concept(code, system=SCT):
    """Give a concept of one coding."""
    return {"coding": [{"system": system, "code": code}]}


def value_set(oid, *, expanded=True, **more):
    """Give a value set, expanded or composed code by code."""
    name, system, code = VALUE_SETS[oid]
    body = {"resourceType": "ValueSet", "id": oid, "url": f"http://cts.nlm.nih.gov/fhir/ValueSet/{oid}", "name": name}
    if expanded:
        body["expansion"] = {"contains": [{"system": system, "code": code}]}
    else:
        body["compose"] = {"include": [{"system": system, "concept": [{"code": code}]}]}
    return body | more


def write_value_sets(folder):
    """Write every value set as a file of its own, one half expanded, the other composed."""
    folder.mkdir()
    for number, oid in enumerate(VALUE_SETS):
        body = value_set(oid, expanded=number % 2 == 0)
        (folder / f"valueset-{oid}.json").write_text(json.dumps(body), "utf-8")
    return folder


def moment(day):
    """Give the moment of a day as these cases write it."""
    return day if "T" in day else f"{day}T00:00:00.000+00:00"


def period(start, end=None):
    """Give a period."""
    return {"start": moment(start), "end": moment(end or start)}


def encounter(code="185463005", start="2026-01-01", end=None, kind="AMB", name="visit", **more):
    """Give an encounter."""
    body = {"resourceType": "Encounter", "id": name, "status": "finished", "class": {"system": ACT, "code": kind}}
    return body | {"type": [concept(code)], "period": period(start, end)} | more


def condition(code, system=SCT, onset="2026-06-30T23:59:59.000+00:00", name="", **more):
    """Give a condition."""
    body = {"resourceType": "Condition", "id": name or f"condition-{code}", "code": concept(code, system)}
    return body | {"onsetDateTime": moment(onset)} | more


def answer(code, value=None, start="2026-01-01", end=None, system=LOINC, **more):
    """Give an observation of a survey."""
    body = {"resourceType": "Observation", "id": f"answer-{code}-{start}", "status": "final"}
    body |= {"code": concept(code, system), "effectivePeriod": period(start, end)}
    return body | ({"valueCodeableConcept": concept(value)} if value else {}) | more


def pressure(sbp, dbp, day="2026-01-01", visit="visit"):
    """Give a blood pressure of two components."""
    parts = [
        {"code": concept(code, LOINC), "valueQuantity": {"value": value, "code": "mm[Hg]", "unit": "mmHg"}}
        for code, value in (("8480-6", sbp), ("8462-4", dbp))
    ]
    body = {"resourceType": "Observation", "id": f"bp-{day}-{sbp}", "status": "final"}
    body |= {"code": concept("85354-9", LOINC), "effectiveDateTime": moment(day), "component": parts}
    return body | ({"encounter": {"reference": f"Encounter/{visit}"}} if visit else {})


def hba1c(value, day="2026-02-01", **more):
    """Give a test of HbA1c."""
    body = {"resourceType": "Observation", "id": f"hba1c-{day}-{value}", "status": "final"}
    body |= {"code": concept("17855-8", LOINC), "effectiveDateTime": moment(day)}
    return body | ({"valueQuantity": {"value": value, "code": "%"}} if value is not None else {}) | more


def device(day="2026-11-01", *, done=True):
    """Give an order of a wheelchair."""
    body = {"resourceType": "DeviceRequest", "id": "device", "status": "completed", "intent": "order"}
    url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-DeviceRequest.doNotPerform"
    body |= {"modifierExtension": [{"url": url, "valueBoolean": not done}], "authoredOn": moment(day)}
    return body | {"codeCodeableConcept": concept("183240000")}


def medicine(day="2026-12-30", *, days=90, **more):
    """Give a request of a medicine for dementia."""
    body = {"resourceType": "MedicationRequest", "id": "medicine", "status": "active", "intent": "order"}
    body |= {"doNotPerform": False, "medicationCodeableConcept": concept("312836", RXNORM), "authoredOn": moment(day)}
    return body | {"dispenseRequest": {"expectedSupplyDuration": {"value": days, "code": "days"}}} | more


def request(code, day="2026-03-01", status="active"):
    """Give a request of a service."""
    body = {"resourceType": "ServiceRequest", "id": "request", "status": status, "intent": "order"}
    return body | {"code": concept(code), "authoredOn": moment(day)}


def procedure(code, start, end=None):
    """Give a procedure."""
    body = {"resourceType": "Procedure", "id": "procedure", "status": "completed", "code": concept(code)}
    return body | {"performedPeriod": period(start, end)}


def case(name, record, counts, *, born="1960-01-01", measure="CMS165FHIRControllingHighBP"):
    """Give a test case: the bundle of a person's record, and of the report that expects some counts."""
    who = f"patient-{name}"
    people = {"resourceType": "Patient", "id": who, "gender": "female", "birthDate": born}
    about = [{**one, "subject": {"reference": f"Patient/{who}"}} for one in record]
    words = ("initial-population", "denominator", "denominator-exclusion", "numerator")
    system = "http://terminology.hl7.org/CodeSystem/measure-population"
    populations = [{"code": concept(word, system), "count": number} for word, number in zip(words, counts, strict=True)]
    inside = {"resourceType": "Parameters", "id": "p", "parameter": [{"name": "subject", "valueString": who}]}
    report = {"resourceType": "MeasureReport", "id": f"report-{name}", "status": "complete", "type": "individual"}
    flag = "http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-isTestCase"
    report |= {"modifierExtension": [{"url": flag, "valueBoolean": True}], "contained": [inside]}
    report |= {
        "measure": f"https://example.org/Measure/{measure}",
        "period": dict(zip(("start", "end"), YEAR, strict=True)),
    }
    report |= {"group": [{"id": "Group_1", "population": populations}]}
    entries = [
        {"fullUrl": f"https://example.org/{one['resourceType']}/{one['id']}", "resource": one}
        for one in (people, *about, report)
    ]
    return {"resourceType": "Bundle", "id": name, "type": "transaction", "entry": entries}


def sent_to(code):
    """Give the disposition of a discharge."""
    return {"hospitalization": {"dischargeDisposition": concept(code)}}
