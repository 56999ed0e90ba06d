"""Reading a Synthea export: what becomes an event, on which local day, and what became of every row."""

import pytest

from singledisease.errors import DataError, UsageError
from singledisease.io.synthea import read_synthea

PATIENTS = "Id,BIRTHDATE,DEATHDATE,GENDER,COUNTY\na,1950-03-01,,F,Suffolk\nb,1960-01-01,2023-05-01,M,Suffolk\n"
ENCOUNTERS = """Id,START,STOP,PATIENT,ORGANIZATION,ENCOUNTERCLASS,CODE
e1,2023-03-01T10:00:00Z,2023-03-01T10:30:00Z,a,o1,wellness,1
e2,2023-04-01T23:30:00Z,2023-04-01T23:50:00Z,a,o1,outpatient,1
e3,2023-05-01T10:00:00Z,2023-05-01T11:00:00Z,a,o2,emergency,1
e4,2023-06-01T10:00:00Z,2023-06-03T11:00:00Z,a,o2,inpatient,1
e5,2023-07-01T10:00:00Z,2023-07-01T11:00:00Z,a,o1,virtual,1
e6,2023-05-03T10:00:00Z,2023-05-03T11:00:00Z,b,o1,ambulatory,1
"""
OBSERVATIONS = """DATE,PATIENT,ENCOUNTER,CATEGORY,CODE,DESCRIPTION,VALUE,UNITS,TYPE
2023-03-01T10:00:00Z,a,e1,vital-signs,8480-6,,152.0,mm[Hg],numeric
2023-03-01T10:00:00Z,a,e1,vital-signs,8462-4,,95.0,mm[Hg],numeric
2023-03-01T10:00:00Z,a,e1,laboratory,2339-0,,126.112,mg/dL,numeric
2023-03-01T10:00:00Z,a,e1,laboratory,4548-4,,6.5,%,numeric
2023-03-01T10:20:00Z,a,e1,vital-signs,8480-6,,148.0,mm[Hg],numeric
2023-03-01T10:20:00Z,a,e1,vital-signs,8462-4,,92.0,mm[Hg],numeric
2023-03-01T10:00:00Z,a,e1,survey,72514-3,,3.0,{score},numeric
2023-04-01T23:30:00Z,a,e2,vital-signs,29463-7,,70.0,kg,numeric
2023-06-02T10:00:00Z,a,e4,vital-signs,8867-4,,80.0,/min,numeric
2023-08-01T10:00:00Z,a,,vital-signs,39156-5,,24.5,kg/m2,numeric
2023-08-01T10:00:00Z,a,,vital-signs,29463-7,,154.0,lb,numeric
2023-08-01T10:00:00Z,a,,vital-signs,8302-2,,,cm,numeric
2023-08-01T10:00:00Z,a,,vital-signs,8302-2,,1700,cm,numeric
2023-08-01T10:00:00Z,a,,vital-signs,8302-2,,tall,cm,numeric
2023-08-01T10:00:00Z,a,,vital-signs,39156-5,,24.5,kg/m2,numeric
"""
CONDITIONS = """START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION
2023-03-01,,a,e1,59621000,Hypertension
2022-01-15,2022-02-01,a,e0,38341003,Hypertensive disorder
2023-02-01,,b,e6,44054006,Diabetes
2023-03-01,,a,e1,195662009,Pharyngitis
"""
ORGANIZATIONS = "Id,NAME,CITY\no1,ONE,BOSTON\no2,TWO,BOSTON\n"


@pytest.fixture
def export(tmp_path):
    """Give a small export, of which tests may change a file."""
    files = {
        "patients": PATIENTS,
        "encounters": ENCOUNTERS,
        "observations": OBSERVATIONS,
        "conditions": CONDITIONS,
        "organizations": ORGANIZATIONS,
        "procedures": "START,PATIENT\n2023-01-01,a\n2023-01-02,a\n",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def told(log, person="a"):
    """Write a person's events, with the columns that matter here."""
    names = ("kind", "mode", "setting", "disease", "sbp", "dbp", "glucose", "fpg", "weight", "heart_rate", "bmi")
    found = []
    for event in log.events_of(log.find(person)):
        values = [f"{name}={event[name]}" for name in names if event[name] is not None]
        found.append(" ".join([str(event).split()[0], *values]))
    return found


def test_events(export):
    """Pressures of an encounter are one event; a second reading, another day of a stay and a loose one stand alone."""
    assert told(read_synthea(export)) == [
        "2022-01-15 kind=diagnosis disease=hypertension",
        "2022-01-15 kind=enrolment disease=hypertension",
        "2023-03-01 kind=diagnosis disease=hypertension",
        "2023-03-01 kind=follow_up mode=clinic setting=outpatient sbp=152.0 dbp=95.0 glucose=7.0",
        "2023-03-01 kind=follow_up mode=clinic setting=outpatient sbp=148.0 dbp=92.0",
        "2023-04-01 kind=encounter setting=outpatient weight=70.0",
        "2023-05-01 kind=encounter setting=emergency",
        "2023-06-01 kind=encounter setting=inpatient",
        "2023-06-02 kind=encounter setting=inpatient heart_rate=80.0",
        "2023-07-01 kind=encounter",
        "2023-08-01 kind=test bmi=24.5",
    ]


def test_local_dates(export):
    """A timestamp is UTC: half past eleven at night is the next day in Shanghai, and still the day before in Boston."""
    days = {zone: told(read_synthea(export, time_zone=zone))[5][:10] for zone in ("Asia/Shanghai", "America/New_York")}
    assert days == {"Asia/Shanghai": "2023-04-02", "America/New_York": "2023-04-01"}


def test_every_row_is_accounted_for(export):
    """Of every file, what was read is what was accepted, repeated, refused or skipped, and skipped rows say why."""
    report = read_synthea(export).report
    assert report.balanced
    counts = {one.table: (one.read, one.accepted, one.duplicates, one.refused, one.skipped) for one in report.tables}
    assert counts == {
        "patients": (2, 2, 0, 0, 0),
        "institutions": (2, 2, 0, 0, 0),
        "encounters": (6, 5, 0, 1, 0),
        "observations": (15, 9, 1, 4, 1),
        "conditions": (4, 3, 0, 0, 1),
        "procedures": (2, 0, 0, 0, 2),
    }
    assert len(report.notes) == 3
    assert {(one.file, one.line, one.check) for one in report.refusals} == {
        ("encounters.csv", 7, "after_death"),
        ("observations.csv", 12, "unknown_unit"),
        ("observations.csv", 13, "not_a_number"),
        ("observations.csv", 14, "out_of_bounds"),
        ("observations.csv", 15, "not_a_number"),
    }


def test_places(export):
    """An event says in which file and on which line its encounter or condition stands."""
    log = read_synthea(export)
    places = [log.place(row) for row in range(*log.offsets[:2])]
    assert places[:5] == [
        ("conditions.csv", 3),
        ("conditions.csv", 3),
        ("conditions.csv", 2),
        ("encounters.csv", 2),
        ("observations.csv", 6),
    ]


def test_people_and_institutions(export):
    """Sex, death, region and the organization seen most often are taken over."""
    log = read_synthea(export)
    first, second = log.person_at(0), log.person_at(1)
    assert (first.sex, first.attributes["region"], first.attributes["institution"]) == ("female", "Suffolk", "o1")
    assert (second.sex, second.death is not None) == ("male", True)
    assert log.institutions.ids == ("o1", "o2")
    assert "institution" not in read_synthea(export, responsible="none").person_at(0).attributes


@pytest.mark.parametrize(
    ("option", "enrolled"), [("first_condition", ["2022-01-15"]), ("first_follow_up", ["2023-03-01"]), ("none", [])]
)
def test_enrolment(export, option, enrolled):
    """What counts as enrolment is an option."""
    lines = told(read_synthea(export, enrolment=option))
    assert [line[:10] for line in lines if "kind=enrolment" in line] == enrolled


@pytest.mark.parametrize(("option", "count"), [("encounter_with_reading", 2), ("encounter", 3), ("none", 0)])
def test_follow_up(export, option, count):
    """What counts as a follow-up is an option."""
    assert sum("follow_up" in line for line in told(read_synthea(export, follow_up=option))) == count


def test_no_follow_up_to_enrol_at(export):
    """Somebody without a follow-up after the onset is not enrolled by the first follow-up."""
    assert not any("enrolment" in line for line in told(read_synthea(export, enrolment="first_follow_up"), "b"))


def test_fasting_glucose(export):
    """Glucose of unknown fasting state is fasting glucose only for those who say so."""
    lines = told(read_synthea(export, glucose="fpg"))
    assert "fpg=7.0" in lines[3]
    assert "glucose" not in lines[3]


def test_conditions_of_ones_own(export):
    """The codes of a disease can be given."""
    log = read_synthea(export, conditions={"cough": ("195662009",)})
    assert [line for line in told(log) if "disease" in line] == [
        "2023-03-01 kind=diagnosis disease=cough",
        "2023-03-01 kind=enrolment disease=cough",
    ]


def test_unknown_options_all_at_once(export):
    """Options that do not exist are refused together, with what was perhaps meant."""
    with pytest.raises(UsageError) as caught:
        read_synthea(export, time_zone="Mars/Base", enrolment="first_conditon", glucose="sugar")
    assert [fault.where for fault in caught.value.faults] == ["enrolment", "glucose", "time_zone"]
    assert "first_condition" in str(caught.value)


def test_no_export(tmp_path):
    """A folder without patients.csv is no export."""
    with pytest.raises(DataError, match=r"patients\.csv"):
        read_synthea(tmp_path)


@pytest.mark.parametrize(
    ("name", "text"), [("encounters", "Id,START\n"), ("patients", ""), ("observations", 'DATE,"PATIENT\n')]
)
def test_no_synthea_file(export, name, text):
    """A file that lacks columns or is no CSV is refused as a whole, by name."""
    (export / f"{name}.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=name):
        read_synthea(export)


def test_too_many_cells(export):
    """A row with more cells than columns is refused and counted, in files that are read and in others."""
    for name, row in (("conditions", "2023-01-01,,a,e1,59621000,x,y,z\n"), ("procedures", "2023-01-01,a,x\n")):
        with (export / f"{name}.csv").open("a", encoding="utf-8") as file:
            file.write(row)
    report = read_synthea(export).report
    assert report.balanced
    assert [(one.file, one.line) for one in report.refusals if one.check == "too_many_cells"] == [
        ("conditions.csv", 6),
        ("procedures.csv", 4),
    ]


def test_patients_alone(tmp_path):
    """The other files may be missing."""
    (tmp_path / "patients.csv").write_text(PATIENTS, encoding="utf-8")
    log = read_synthea(tmp_path)
    assert (len(log.people), len(log)) == (2, 0)


@pytest.mark.parametrize("text", ["2023-13-01T00:00:00Z", "2023-01-01T10:00:00", "0001-01-01T00:00:00+14:00", "soon"])
def test_dates_that_are_none(export, text):
    """A timestamp that is none, has no zone, or falls before the calendar is refused where it stands."""
    with (export / "encounters.csv").open("a", encoding="utf-8") as file:
        file.write(f"e9,{text},,a,o1,wellness,1\n")
    report = read_synthea(export, time_zone="America/New_York").report
    assert report.balanced
    assert ("encounters.csv", 8, "date") in {(one.file, one.line, one.column) for one in report.refusals}


def test_observation_of_another_person(export):
    """An observation that names an encounter of somebody else is not joined to it."""
    with (export / "observations.csv").open("a", encoding="utf-8") as file:
        file.write("2023-03-01T10:00:00Z,b,e1,vital-signs,8480-6,,120.0,mm[Hg],numeric\n")
    assert told(read_synthea(export), "b")[-1] == "2023-03-01 kind=test sbp=120.0"
