"""A small registry in a folder, and a way to run the command line on it."""

from __future__ import annotations

from click.testing import CliRunner, Result

from singledisease.cli.commands import singledisease

PATIENTS = """\
patient_id,birth_date,sex,institution
P1,1950-03-01,1,A
P2,1970-05-05,female,A
P3,1980-01-01,2,B
P4,1955-01-01,2,C
"""
EVENTS = """\
patient_id,date,kind,mode,disease,sbp,dbp,reason,recorded
P1,2023-05-01,enrolment,,hypertension,,,,
P1,2024-02-01,follow_up,clinic,,145,85,,
P1,2024-05-01,follow_up,clinic,,148,88,,2024-06-01
P2,2024-02-01,enrolment,,hypertension,,,,
P2,2024-02-15,follow_up,home,,152,95,,
P2,2024-03-01,follow_up,video,,152,95,,
P3,2024-02-01,enrolment,,hypertension,,,,
P3,2024-03-01,exit,,hypertension,,,misdiagnosed,
P4,2023-06-01,enrolment,,hypertension,,,,
P4,2024-01-05,lost,,hypertension,,,,
"""
INSTITUTIONS = """\
institution,name,level,parent
A,甲村,village,T
B,乙村,village,T
C,丙村,village,T
T,镇卫生院,township,
"""


def registry(folder):
    """Write the registry into a folder and give the folder."""
    folder.mkdir()
    (folder / "patients.csv").write_text(PATIENTS, "utf-8")
    (folder / "events.csv").write_text(EVENTS, "utf-8")
    (folder / "institutions.csv").write_text(INSTITUTIONS, "utf-8")
    return folder


def run(*arguments) -> Result:
    """Run the command line in this process."""
    return CliRunner(env={"LC_ALL": "", "LC_MESSAGES": "", "LANG": "C"}).invoke(
        singledisease, [str(argument) for argument in arguments]
    )
