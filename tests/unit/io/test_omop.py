"""Reading a small OMOP CDM: what becomes an event, what a code and a unit are, and what became of every row."""

import pytest

import singledisease as sd
from singledisease.dates import MISSING, iso

TABLES = {
    "PERSON": """person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,care_site_id,gender_source_value
1,8532,1950,3,1,,F
2,8507,1960,,,7,M
3,0,1970,1,2,0,f
""",
    "DEATH": "person_id,death_date\n2,2023-11-01\n9,2023-11-01\n2,2023-11-01\n2,2023-12-01\n",
    "CARE_SITE": """care_site_id,care_site_name,place_of_service_source_value
7,Northern Clinic,乡镇卫生院
8,City Hospital,
""",
    "OBSERVATION_PERIOD": """person_id,observation_period_start_date,observation_period_end_date
1,2020-01-01,2024-12-31
""",
    "VISIT_OCCURRENCE": """visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_start_datetime,\
visit_end_date,care_site_id
11,1,9202,2023-03-01,2023-03-01 09:10:00,2023-03-01,7
12,1,9201,2023-04-01,2023-04-01 00:00:00,2023-04-05,8
13,1,9203,2023-05-01,,2023-05-01,8
14,1,581476,2023-06-01,,2023-06-01,7
15,1,9202,2023-07-01,,2023-07-01,7
15,1,9202,2023-07-01,,2023-07-01,7
16,1,9202,2023-08-01,,2023-08-01,7
16,1,9202,2023-08-02,,2023-08-02,7
17,4,9202,2023-08-01,,2023-08-01,7
18,1,0,2023-09-01,,2023-09-01,
""",
    "CONDITION_OCCURRENCE": """condition_occurrence_id,person_id,condition_concept_id,condition_start_date,\
condition_end_date,condition_status_concept_id,condition_source_value,condition_source_concept_id
21,1,320128,2023-02-01,,32893,I10,500
22,2,0,2023-02-01,2023-03-01,,E11.9,0
23,3,0,2023-02-01,,32899,59621000,0
24,3,0,2023-02-01,,,J00,0
""",
    "MEASUREMENT": """measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number,\
operator_concept_id,unit_concept_id,unit_source_value,measurement_source_value,visit_occurrence_id
31,1,3004249,2023-03-01,152.0,0,8876,mm[Hg],,11
32,1,0,2023-03-01,95,4172703,8876,,8462-4,11
33,1,3004249,2023-03-01,148,,8876,,,11
34,1,0,2023-03-02,126.112,,8840,,1558-6,
35,1,0,2023-06-01,70,,9529,,29463-7,14
36,1,0,2023-06-01,3,,0,{score},72514-3,14
37,1,3004249,2023-06-01,150,,0,furlong,,14
38,1,3004249,2023-06-01,150,4172704,8876,,,14
39,1,3004249,2023-06-01,,,8876,,,14
40,1,3004249,2023-06-01,15000,,8876,,,14
41,1,0,2023-06-01,7,,777,,4548-4,14
""",
    "DRUG_EXPOSURE": """drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_end_date,\
drug_source_value,visit_occurrence_id
51,1,900,2023-03-01,2023-03-31,amlo,11
52,1,0,2023-03-01,,local-7,
""",
    "CONCEPT": """concept_id,concept_name,domain_id,vocabulary_id,concept_code
3004249,Systolic blood pressure,Measurement,LOINC,8480-6
320128,Essential hypertension,Condition,SNOMED,59621000
500,Essential (primary) hypertension,Condition,ICD10CN,I10
777,percent hemoglobin,Unit,UCUM,%{of'HGB}
900,amlodipine 5 MG,Drug,RxNorm,197361
901,"never used, here",Drug,RxNorm,1
""",
    "NOTE": 'note_id,note_text\n1,"two\nlines"\n2,x\n',
}


def write(folder, tables=TABLES, mark=",", name=str):
    """Write tables, parted by something, under names of some case."""
    for table, text in tables.items():
        (folder / f"{name(table)}.csv").write_text(text.replace(",", mark), encoding="utf-8")
    return folder


def read(folder, **options):
    """Read a folder as OMOP."""
    return sd.read(folder, format="omop", **options)


def told(log, person, *columns):
    """Give some columns of a person's events, of those that have them."""
    place = log.people.ids.tolist().index(person)
    return [tuple(event.get(name) for name in columns) for event in log.events_of(place)]


def counts(log, table):
    """Give read, accepted, duplicates, refused, skipped of a table."""
    one = next(one for one in log.report.tables if one.table == table)
    assert one.balanced
    return one.read, one.accepted, one.duplicates, one.refused, one.skipped


def refused(log, table):
    """Give line and check of the rows of a table that were refused."""
    return [(one.line, one.check) for one in log.report.refusals if one.table == table]


@pytest.fixture
def log(tmp_path):
    """Give the log of the small database."""
    return read(write(tmp_path))


def test_visits_have_their_setting(log):
    """Visit concepts give kind, setting and mode; a stay is an admission and a discharge with one link."""
    of = [one for one in told(log, "1", "date", "kind", "setting", "mode", "link") if one[1] not in ("medication",)]
    shown = {(str(date), kind): rest for date, kind, *rest in of}
    kinds = sorted(kind for _, kind in shown)
    assert kinds.count("admission") == kinds.count("discharge") == 1
    rests = {kind: rest for (_, kind), rest in shown.items()}
    assert rests["admission"][0] == "inpatient"
    assert rests["admission"][2] == rests["discharge"][2] == "visit_occurrence/12"
    modes = [(kind, *rest[:2]) for (_, kind), rest in shown.items()]
    assert ("encounter", "emergency", None) in modes
    assert ("follow_up", "outpatient", "home") in modes
    assert ("encounter", None, None) in modes


def test_readings_stand_in_their_visit(log):
    """A visit carries its first readings and is a follow-up; a second reading of the day is an event of its own."""
    found = [one for one in told(log, "1", "kind", "sbp", "dbp", "fpg", "hba1c", "weight") if any(one[1:])]
    assert ("follow_up", 152.0, 95.0, None, None, None) in found
    assert ("follow_up", 148.0, None, None, None, None) in found
    assert ("test", None, None, pytest.approx(7.0), None, None) in found
    assert ("follow_up", None, None, None, 7.0, 70.0) in found
    assert len(found) == 4


def test_measurements_are_refused_one_by_one(log):
    """An unknown unit, a bound, no value and an impossible one refuse the reading, with the line and the check."""
    assert refused(log, "measurement") == [
        (8, "unknown_unit"),
        (9, "not_exact"),
        (10, "not_a_number"),
        (11, "out_of_bounds"),
    ]
    assert counts(log, "measurement") == (11, 6, 0, 4, 1)
    assert any("72514-3 × 1" in note for note in log.report.notes)


def test_conditions_by_concept_and_by_source_code(log):
    """The source concept comes first, a code without a concept is told by its form, a preliminary one confirms none."""
    columns = ("kind", "disease", "code", "system")
    diagnoses = [one for who in "123" for one in told(log, who, *columns) if one[2] and one[0] != "medication"]
    assert diagnoses == [
        ("diagnosis", "hypertension", "I10", None),
        ("diagnosis", "type2-diabetes", "E11.9", None),
        ("unconfirmed_condition", "hypertension", "59621000", "SNOMED CT"),
    ]
    assert [one[0] for one in told(log, "3", "kind")] == ["unconfirmed_condition"]
    assert counts(log, "condition_occurrence") == (4, 3, 0, 0, 1)


def test_drug_exposures_are_medications(log):
    """A drug has the code of its standard concept, else the code of the source, and the site of its visit."""
    found = [one for one in told(log, "1", "kind", "code", "system", "institution") if one[0] == "medication"]
    assert sorted(found) == [("medication", "197361", "RxNorm", "7"), ("medication", "local-7", "source", None)]


def test_people_deaths_and_sites(log):
    """People have sex, birth, death and their site; an unknown person's death and a second day are refused."""
    people = log.people
    row = {who: i for i, who in enumerate(people.ids.tolist())}
    assert [people.sex.text(row[who]) for who in "123"] == ["female", "male", "female"]
    assert people.birth[row["2"]] == MISSING
    assert iso(people.death[row["2"]]) == "2023-11-01"
    assert refused(log, "death") == [(3, "unknown_person"), (5, "different_rows")]
    assert list(log.institutions.ids) == ["7", "8"]


def test_rows_twice_and_rows_of_nobody(log):
    """A copy counts once, rows of one id that differ are all refused, and so is a visit of nobody."""
    assert counts(log, "visit_occurrence") == (10, 6, 1, 3, 0)
    assert {line for line, _ in refused(log, "visit_occurrence")} == {8, 9, 10}


def test_what_is_not_taken_is_counted(log):
    """Tables that are not read, periods and concepts without use are counted as skipped."""
    assert counts(log, "note") == (2, 0, 0, 0, 2)
    assert counts(log, "observation_period") == (1, 0, 0, 0, 1)
    assert counts(log, "concept") == (6, 5, 0, 0, 1)


def test_tabs_and_lower_case_read_the_same(tmp_path, log):
    """Names in lower case and cells parted by tabs give the same events."""
    tables = {name: text for name, text in TABLES.items() if name not in ("NOTE", "CONCEPT")}
    other = tmp_path / "tabs"
    other.mkdir()
    write(other, tables, mark="\t", name=str.lower)
    names = 'concept_id\tconcept_name\tVOCABULARY_ID\tconcept_code\n3004249\tSystolic "blood\tLOINC\t8480-6\n'
    (other / "Concept.csv").write_text(names + "777\t%\tUCUM\t%{of'HGB}\n", encoding="utf-8")
    again = read(other)
    assert told(again, "1", "date", "kind", "sbp", "hba1c") == told(log, "1", "date", "kind", "sbp", "hba1c")


def test_parquet_reads_the_same(tmp_path, log):
    """The tables as Parquet, with numbers and dates as such, give the same events."""
    csv = pytest.importorskip("pyarrow.csv")
    parquet = pytest.importorskip("pyarrow.parquet")
    other = tmp_path / "parquet"
    other.mkdir()
    for name in TABLES:
        if name != "NOTE":
            parquet.write_table(csv.read_csv(tmp_path / f"{name}.csv"), other / f"{name.lower()}.parquet")
    again = read(other)
    shown = ("date", "kind", "sbp", "fpg", "code", "institution", "setting", "link")
    for who in "123":
        assert told(again, who, *shown) == told(log, who, *shown)
    assert again.people.death.tolist() == log.people.death.tolist()


def test_without_a_vocabulary(tmp_path, log):
    """Without CONCEPT source codes and the built-in units remain, and the report says so."""
    other = tmp_path / "bare"
    other.mkdir()
    write(other, {name: text for name, text in TABLES.items() if name != "CONCEPT"})
    bare = read(other)
    assert any("CONCEPT" in note for note in bare.report.notes)
    assert counts(bare, "measurement")[1] == 3
    assert [one[0] for one in told(bare, "2", "kind")] == [one[0] for one in told(log, "2", "kind")]


@pytest.mark.parametrize(("option", "kinds"), [("first_condition", 1), ("first_follow_up", 1), ("none", 0)])
def test_enrolment(tmp_path, option, kinds):
    """A person is enrolled by the first condition, by the first follow-up after it, or not at all."""
    log = read(write(tmp_path), enrolment=option)
    assert [one[0] for one in told(log, "1", "kind")].count("enrolment") == kinds


def test_options(tmp_path):
    """A month of birth may stand for its first day, visits for follow-ups, glucose for fasting; sites are assumed."""
    write(tmp_path)
    log = read(tmp_path, partial_dates="first", follow_up="encounter", responsible="none")
    who = log.people.ids.tolist()
    assert iso(log.people.birth[who.index("2")]) == "1960-01-01"
    assert [one[0] for one in told(log, "1", "kind")].count("follow_up") == 4
    with pytest.raises(sd.UsageError, match="follow_up"):
        read(tmp_path, follow_up="encountr")


def test_a_death_on_no_day(tmp_path):
    """A day of death that is none refuses the person and the row of DEATH, and broken rows are counted."""
    (tmp_path / "person.csv").write_text("person_id,year_of_birth\n1,1950\n2\n3,1950\n", encoding="utf-8")
    (tmp_path / "death.csv").write_text("person_id,death_date\n1,soon\n", encoding="utf-8")
    log = read(tmp_path)
    assert counts(log, "person") == (3, 1, 0, 2, 0)
    assert counts(log, "death") == (1, 0, 0, 1, 0)
    assert {check for _, check in refused(log, "person")} == {"not_a_date", "wrong_number_of_cells"}


def test_a_folder_that_is_none(tmp_path):
    """A folder without PERSON, with a table twice, or with columns lacking is refused with every fault."""
    with pytest.raises(sd.DataError, match="PERSON"):
        read(tmp_path)
    with pytest.raises(sd.DataError):
        read(tmp_path / "nowhere")
    write(tmp_path)
    (tmp_path / "person.tsv").write_text("person_id\n1\n", encoding="utf-8")
    with pytest.raises(sd.DataError, match=r"person\.tsv"):
        read(tmp_path)
    (tmp_path / "person.tsv").unlink()
    (tmp_path / "DEATH.csv").write_text("person_id,day\n", encoding="utf-8")
    (tmp_path / "MEASUREMENT.csv").write_text("person_id,value_as_number\n", encoding="utf-8")
    with pytest.raises(sd.DataError) as caught:
        read(tmp_path)
    assert {fault.check for fault in caught.value.faults} == {"missing_column"}
    assert len(caught.value.faults) == 3
