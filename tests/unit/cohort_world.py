"""A small registry of made-up people for tests of cohorts, with one disease of three states."""

from __future__ import annotations

import singledisease as sd
from singledisease.testing import RegistryRows, log_of

PATIENTS = (
    {"patient_id": "p1", "birth_date": "1950-01-01", "sex": "female", "institution": "A"},
    {"patient_id": "p2", "birth_date": "1960-01-01", "sex": "male", "institution": "A"},
    {"patient_id": "p3", "birth_date": "1970-01-01", "sex": "male", "institution": "B"},
    {"patient_id": "p4", "birth_date": "1940-01-01", "sex": "female", "institution": "B", "death_date": "2024-02-20"},
    {"patient_id": "p5", "birth_date": "1980-01-01", "sex": "female", "institution": "B"},
)
EVENTS = """
p1 2023-06-01 enrolment . .
p1 2024-01-10 follow_up 130 80
p1 2024-02-10 follow_up 150 95
p2 2023-06-01 enrolment . .
p2 2024-02-05 exit . .
p3 2024-01-20 enrolment . .
p3 2024-03-02 follow_up 150 95
p4 2024-02-03 enrolment . .
p5 2023-05-01 enrolment . .
p5 2023-12-01 exit . .
"""
"""p1 is satisfactory, then not; p2 leaves; p3 enters; p4 enters and dies within a month; p5 had left before."""


def log():
    """Give the registry."""
    rows = []
    for line in EVENTS.strip().splitlines():
        who, date, kind, sbp, dbp = (None if cell == "." else cell for cell in line.split())
        mode = "clinic" if kind == "follow_up" else None
        row = {"patient_id": who, "date": date, "kind": kind, "mode": mode, "disease": "hypertension", "sbp": sbp}
        rows.append({**row, "dbp": dbp, "reason": "moved" if kind == "exit" else None})
    return log_of(RegistryRows(PATIENTS, tuple({k: v for k, v in row.items() if v is not None} for row in rows)))


def quarter(**options):
    """Give the cohort of the first quarter of 2024, month by month."""
    return sd.cohort("hypertension", log(), "2024-01-01", "2024-03-31", **options)
