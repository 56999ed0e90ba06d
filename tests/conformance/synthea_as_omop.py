"""A Synthea CSV export written as tables of the OMOP Common Data Model, by nobody who reads it here.

Written from Synthea's columns and the specification of the model alone: source codes in the source columns, concept ids
only where the model needs one (sex, visits, units).
"""

from __future__ import annotations

import csv

VISITS = {"inpatient": 9201, "snf": 9201, "emergency": 9203, "urgentcare": 9203, "virtual": 5083}
HOME = {"home": 581476, "hospice": 581476}
OUTPATIENT = 9202
SEXES = {"M": 8507, "F": 8532}
UNITS = {"mm[Hg]": 8876, "mg/dL": 8840, "%": 8554, "kg": 9529, "cm": 8582, "kg/m2": 9531, "/min": 8541}


def rows(folder, name):
    """Give the rows of a file."""
    return list(csv.DictReader((folder / f"{name}.csv").read_text("utf-8").splitlines()))


def moment(text):
    """Give the day and the moment of a time stamp, as the model has them."""
    day, _, time = text.partition("T")
    return day, f"{day} {time.rstrip('Z') or '00:00:00'}"


def people(folder):
    """Give PERSON and DEATH."""
    found = rows(folder, "patients")
    persons = []
    for row in found:
        year, month, day = row["BIRTHDATE"].split("-")
        born = {"year_of_birth": int(year), "month_of_birth": int(month), "day_of_birth": int(day)}
        persons.append({"person_id": row["Id"], "gender_concept_id": SEXES.get(row["GENDER"], 0), **born})
    dead = [{"person_id": row["Id"], "death_date": row["DEATHDATE"][:10]} for row in found if row["DEATHDATE"]]
    return {"PERSON": persons, "DEATH": dead}


def visits(folder):
    """Give VISIT_OCCURRENCE and CARE_SITE."""
    made = []
    for row in rows(folder, "encounters"):
        kind = row["ENCOUNTERCLASS"]
        start, start_time = moment(row["START"])
        end, end_time = moment(row["STOP"])
        made.append(
            {
                "visit_occurrence_id": row["Id"],
                "person_id": row["PATIENT"],
                "visit_concept_id": {**VISITS, **HOME}.get(kind, OUTPATIENT),
                "visit_start_date": start,
                "visit_start_datetime": start_time,
                "visit_end_date": end,
                "visit_end_datetime": end_time,
                "care_site_id": row["ORGANIZATION"],
            }
        )
    sites = [{"care_site_id": row["Id"], "care_site_name": row["NAME"]} for row in rows(folder, "organizations")]
    return {"VISIT_OCCURRENCE": made, "CARE_SITE": sites}


def conditions(folder):
    """Give CONDITION_OCCURRENCE."""
    made = [
        {
            "condition_occurrence_id": number,
            "person_id": row["PATIENT"],
            "condition_concept_id": 0,
            "condition_start_date": row["START"][:10],
            "condition_end_date": row["STOP"][:10],
            "condition_source_value": row["CODE"],
            "visit_occurrence_id": row["ENCOUNTER"],
        }
        for number, row in enumerate(rows(folder, "conditions"), 1)
    ]
    return {"CONDITION_OCCURRENCE": made}


def is_number(text):
    """Tell whether a value is a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def measurements(folder):
    """Give MEASUREMENT: the observations that are numbers."""
    made = []
    for number, row in enumerate(rows(folder, "observations"), 1):
        if is_number(row["VALUE"]):
            day, time = moment(row["DATE"])
            made.append(
                {
                    "measurement_id": number,
                    "person_id": row["PATIENT"],
                    "measurement_concept_id": 0,
                    "measurement_date": day,
                    "measurement_datetime": time,
                    "value_as_number": row["VALUE"],
                    "unit_concept_id": UNITS.get(row["UNITS"], 0),
                    "unit_source_value": row["UNITS"],
                    "measurement_source_value": row["CODE"],
                    "visit_occurrence_id": row["ENCOUNTER"],
                }
            )
    return {"MEASUREMENT": made}


def write_tables(folder, out):
    """Write the tables of an export as CSV, and give the folder."""
    out.mkdir()
    for name, made in (people(folder) | visits(folder) | conditions(folder) | measurements(folder)).items():
        with open(out / f"{name}.csv", "w", encoding="utf-8", newline="") as stream:
            if made:
                writer = csv.DictWriter(stream, made[0].keys())
                writer.writeheader()
                writer.writerows(made)
        if not made:
            (out / f"{name}.csv").unlink()
    return out
