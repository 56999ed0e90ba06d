"""A Synthea CSV export written as FHIR R4, one bundle a person or NDJSON a type, by nobody who reads it here.

Written from Synthea's columns and the FHIR specification alone: pressures become the components of one panel, as
Synthea's own FHIR export has them; everything else is a resource a row.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict

CLASSES = {"emergency": "EMER", "inpatient": "IMP", "virtual": "VR", "home": "HH", "hospice": "HH", "snf": "IMP"}
PRESSURES = ("8480-6", "8462-4")
GENDERS = {"M": "male", "F": "female"}


def tables(folder):
    """Give the rows of each file."""
    return {path.stem: list(csv.DictReader(path.read_text("utf-8").splitlines())) for path in folder.glob("*.csv")}


def patient(row):
    """Give a person."""
    made = {"resourceType": "Patient", "id": row["Id"], "birthDate": row["BIRTHDATE"]}
    made["gender"] = GENDERS.get(row["GENDER"], "unknown")
    made["address"] = [{"district": row["COUNTY"]}]
    return made | ({"deceasedDateTime": row["DEATHDATE"]} if row["DEATHDATE"] else {})


def encounter(row):
    """Give a visit; an urgent care clinic is ambulatory, as Synthea writes it, and says so in its type."""
    urgent = row["ENCOUNTERCLASS"] == "urgentcare"
    return {
        "resourceType": "Encounter",
        "id": row["Id"],
        "status": "finished",
        "class": {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "code": CLASSES.get(row["ENCOUNTERCLASS"], "AMB"),
        },
        "type": [coded("http://snomed.info/sct", "702927004" if urgent else row["CODE"])],
        "subject": {"reference": f"urn:uuid:{row['PATIENT']}"},
        "period": {"start": row["START"], "end": row["STOP"]},
        "serviceProvider": {"reference": f"Organization?identifier=https://synthea|{row['ORGANIZATION']}"},
    }


def coded(system, code):
    """Give a concept of one code."""
    return {"coding": [{"system": system, "code": code}]}


def condition(row, number):
    """Give a condition."""
    return {
        "resourceType": "Condition",
        "id": f"condition-{number}",
        "code": coded("http://snomed.info/sct", row["CODE"]),
        "subject": {"reference": f"Patient/{row['PATIENT']}"},
        "onsetDateTime": row["START"],
    }


def value(row):
    """Give what an observation measured: a quantity, or text."""
    try:
        number = float(row["VALUE"])
    except ValueError:
        return {"valueString": row["VALUE"]}
    unit = row["UNITS"]
    return {"valueQuantity": {"value": number, "unit": unit, "code": unit, "system": "http://unitsofmeasure.org"}}


def observations(rows):
    """Give the observations, the pressures of one moment as one panel."""
    panels = defaultdict(list)
    for number, row in enumerate(rows):
        key = (row["PATIENT"], row["ENCOUNTER"], row["DATE"])
        if row["CODE"] in PRESSURES and row["CODE"] not in {one["CODE"] for one in panels[key]}:
            panels[key].append(row)
        else:
            yield observation(row, number) | {"code": coded("http://loinc.org", row["CODE"])} | value(row)
    for number, panel in enumerate(panels.values()):
        if panel:
            parts = [{"code": coded("http://loinc.org", row["CODE"])} | value(row) for row in panel]
            code = coded("http://loinc.org", "85354-9")
            yield observation(panel[0], f"panel-{number}") | {"code": code, "component": parts}


def observation(row, number):
    """Begin an observation."""
    made = {
        "resourceType": "Observation",
        "id": f"observation-{number}",
        "status": "final",
        "subject": {"reference": f"Patient/{row['PATIENT']}"},
        "effectiveDateTime": row["DATE"],
    }
    return made | ({"encounter": {"reference": f"Encounter/{row['ENCOUNTER']}"}} if row["ENCOUNTER"] else {})


def organization(row):
    """Give an institution."""
    return {
        "resourceType": "Organization",
        "id": row["Id"],
        "identifier": [{"system": "https://synthea", "value": row["Id"]}],
        "name": row["NAME"],
        "address": [{"city": row["CITY"]}],
    }


def resources(folder):
    """Give every resource of an export, by type."""
    found = tables(folder)
    return {
        "Observation": list(observations(found["observations"])),
        "Encounter": [encounter(row) for row in found["encounters"]],
        "Condition": [condition(row, number) for number, row in enumerate(found["conditions"])],
        "Organization": [organization(row) for row in found["organizations"]],
        "Patient": [patient(row) for row in found["patients"]],
    }


def write_bundles(folder, out):
    """Write a bundle for each person, and one of the institutions."""
    by_person = defaultdict(list)
    for kind, made in resources(folder).items():
        for one in made:
            who = one["id"] if kind == "Patient" else one.get("subject", {}).get("reference", "institutions")
            by_person[who.rpartition("/")[2].rpartition(":")[2]].append(one)
    out.mkdir()
    for who, made in by_person.items():
        entries = [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in made]
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        (out / f"{who}.json").write_text(json.dumps(bundle), "utf-8")
    return out


def write_lines(folder, out):
    """Write a file of NDJSON for each type, as a bulk export has it."""
    out.mkdir()
    for kind, made in resources(folder).items():
        text = "".join(json.dumps(one) + "\n" for one in made).replace("urn:uuid:", "Patient/")
        (out / f"{kind}.ndjson").write_text(text, "utf-8")
    return out
