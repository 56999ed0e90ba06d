"""Rosters (花名册) as they are handed over: people by their columns, and what they are managed for and since when."""

from __future__ import annotations

import datetime as dt
import json
import tomllib

import pytest
from cli_world import run

import singledisease as sd
from singledisease.dates import day_of
from singledisease.errors import DataError
from singledisease.eventlog.columns import coded
from singledisease.eventlog.raw import raw_rows
from singledisease.io.inspect.content import content_of
from singledisease.io.inspect.disease_names import disease_called
from singledisease.io.inspect.profile import look
from singledisease.io.inspect.rosters import marked
from singledisease.io.mapping.days import day_reader, impossible_in

KNOWN = {"高血压": "hypertension", "糖尿病": "type2-diabetes"}
ROSTER = """\
某镇慢性病患者花名册,,,,
居民编号,性别,出生年月,病种,纳入管理日期
1,男,1950年3月,高血压,2023-05-01
2,女,1957年11月,"高血压、糖尿病",2024-02-01
3,女,1960年1月,高血压2级（高危）；白内障,2024-03-01
合计,3人,,,
"""
VISITS = """\
随访记录,,,,
居民编号,随访日期,随访方式,收缩压,舒张压
1,2024-06-01,门诊,138,80
2,2024-06-01,家庭,152,80
"""


def tables(folder, files, encoding="utf-8"):
    """Write files into a folder and give the folder."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding)
    return folder


def enrolled(log):
    """Give who is enrolled for what and since when."""
    frame = [str(event).split() for who in log.people.ids for event in log.events_of(log.find(who))]
    return sorted((day, *values) for day, kind, *values in frame if kind == "enrolment")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_roster_is_people_and_enrolments(tmp_path, encoding):
    """Its columns tell people; 病种 and 纳入管理日期 become enrolments; title and total are nobody."""
    found = sd.inspect(tables(tmp_path / "in", {"花名册.csv": ROSTER, "随访.csv": VISITS}, encoding))
    assert found.trouble == ""
    assert found.log.report.refusals == ()
    assert len(found.log.people) == 3
    assert enrolled(found.log) == [
        ("2023-05-01", "disease=hypertension"),
        ("2024-02-01", "disease=hypertension|type2-diabetes"),
        ("2024-03-01", "disease=hypertension|白内障"),
    ]
    drafted = tomllib.loads(found.mapping)["sources"]
    assert {drafted[name]["header"] for name in drafted} == {2}
    assert drafted["花名册"]["footers"] == ["合计"]


def test_what_is_drafted_of_a_roster_gives_figures(tmp_path):
    """The mapping kept in a file is one by which ``kpi`` counts the people of the roster."""
    folder = tables(tmp_path / "in", {"花名册.csv": ROSTER, "随访.csv": VISITS})
    mapping = str(tmp_path / "m.toml")
    run("inspect", str(folder), "--out", mapping)
    result = run("kpi", str(folder), "--mapping", mapping, "--period", "2024", "--format", "json")
    (row,) = [one for one in json.loads(result.stdout) if one["measure"] == "hypertension.control"]
    assert (row["numerator"], row["denominator"], row["unknown"]) == (1, 3, 1)


def test_one_file_alone(tmp_path):
    """A roster alone is a registry: ``inspect FILE`` looks at it, and ends with status 0."""
    folder = tables(tmp_path / "in", {"roster.csv": ROSTER})
    result = run("inspect", str(folder / "roster.csv"))
    assert result.exit_code == 0
    assert "birth_date × 3" in result.stdout  # months without a day, taken for the first


def test_months_are_taken_for_their_first_day_because_the_mapping_says_so(tmp_path):
    """A date that stops at the month is read by a form that does; the draft and the load report both say so."""
    found = sd.inspect(tables(tmp_path / "in", {"花名册.csv": ROSTER}))
    assert 'dates = ["%Y年%m月"]  # 只有年月' in found.mapping
    assert any("months without a day" in note for note in found.notes)
    assert found.log.people.birth[0] == day_of(dt.date(1950, 3, 1))


@pytest.mark.parametrize(
    ("form", "text", "wanted"),
    [
        ("%Y年%m月", "1957年3月", "1957-03-01"),
        ("%Y.%m", "1957.10", "1957-10-01"),
        ("%Y%m", "195703", "1957-03-01"),
        ("%Y%m", "20573", None),
        ("%Y-%m", "1957-13", None),
    ],
)
def test_forms_of_months(form, text, wanted):
    """A month is read with one or two figures, without anything between only with two; no calendar has a 13th."""
    found = day_reader(form)(text)
    assert (found and found.isoformat()) == wanted


def test_a_month_that_no_calendar_has():
    """What is of a form and no month is told as the day that it would be."""
    assert impossible_in("1957年13月", ("%Y年%m月",)) == "1957-13-01"


def test_years_are_no_numbers_of_days():
    """1957 in a column is a year; as a spreadsheet's number of a day it would be one of 1905."""
    assert content_of(coded(["1957", "1961"])).formats() == ()
    assert content_of(coded(["45356", "45357"])).formats() == ("excel",)


def test_columns_that_are_ticked_for_a_disease(tmp_path):
    """高血压 √ enrols for hypertension, 是否糖尿病 是 for diabetes, and no tick for neither."""
    text = (
        "编号,姓名,性别,出生年月,高血压,是否糖尿病,独居,纳管时间\n"
        "1,甲,男,1950-03,√,否,√,2023-05-01\n"
        "2,乙,女,1957-11,√,是,,2024-02-01\n"
        "3,丙,女,1960-01,,,,2024-03-01\n"
    )
    found = sd.inspect(tables(tmp_path / "in", {"名册.csv": text}))
    assert found.trouble == ""
    assert enrolled(found.log) == [
        ("2023-05-01", "disease=hypertension"),
        ("2024-02-01", "disease=hypertension"),
        ("2024-02-01", "disease=type2-diabetes"),
    ]


def test_what_is_no_tick():
    """A column named after a disease that holds anything else, or no tick at all, enrols nobody."""
    columns = {"高血压": ["2级", "√"], "糖尿病": ["否", "否"], "高血压病": ["", ""]}
    contents = {name: content_of(coded(cells)) for name, cells in columns.items()}
    assert list(marked(contents, KNOWN)) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("高血压", "hypertension"),
        ("高血压（2级）", "hypertension"),
        ("高血压3级 很高危", "hypertension"),
        ("高血压Ⅱ期", "hypertension"),
        ("妊娠期高血压", ""),
        ("糖尿病前期", ""),
        ("1型糖尿病", ""),
    ],
)
def test_diseases_as_they_are_written(text, wanted):
    """Grade, risk and brackets make no difference; words before the name, and other types, are other diseases."""
    assert disease_called(text, KNOWN) == wanted


def test_management_begins_on_its_own_day_not_on_that_of_the_diagnosis(tmp_path):
    """Of 确诊日期 and 建档日期 the second is the enrolment, the first a diagnosis."""
    text = "档案号,性别,出生日期,确诊日期,建档日期\n1,男,1950-03-01,2019-01-01,2023-05-01\n"
    found = sd.inspect(tables(tmp_path / "in", {"高血压患者花名册.csv": text}))
    events = [str(event) for event in found.log.events_of(found.log.find("1"))]
    assert [event.split()[:2] for event in events] == [["2019-01-01", "diagnosis"], ["2023-05-01", "enrolment"]]


def test_the_last_visit_beside_a_roster_is_a_visit(tmp_path):
    """A register with 末次随访日期 and readings is its visits, with people, enrolments and diagnoses besides."""
    text = (
        "档案编号,姓名,性别,出生日期,诊断,确诊时间,建档时间,末次随访日期,收缩压,舒张压\n"
        "1,甲,男,19500301,高血压2级,2019-01-01,20230501,2024-11-03,138,80\n"
    )
    found = sd.inspect(tables(tmp_path / "in", {"明细.csv": text}))
    kinds = [str(event).split()[:2] for event in found.log.events_of(found.log.find("1"))]
    assert kinds == [["2019-01-01", "diagnosis"], ["2023-05-01", "enrolment"], ["2024-11-03", "follow_up"]]


def test_what_a_clinic_diagnoses_is_no_disease_of_management():
    """A column 诊断 that mostly says other things is not taken for the disease of its rows."""
    columns = {"档案号": ["1", "2"], "就诊日期": ["2024-01-01"] * 2, "诊断": ["感冒", "咽炎"], "收缩压": ["138", "140"]}
    (found,) = look(raw_rows("events", columns, file="门诊.csv"), "utf-8")
    assert found.column("disease") is None


def test_a_workbook_with_merged_headings(tmp_path):
    """Title, unit, headings on two lines that are merged, real dates and a total: read as they are meant."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    book = xlsxwriter.Workbook(str(tmp_path / "台账.xlsx"))
    sheet, day = book.add_worksheet("管理台账"), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.merge_range(0, 0, 0, 5, "2024年度慢性病患者管理台账")
    sheet.merge_range(1, 0, 2, 0, "序号")
    sheet.merge_range(1, 1, 1, 3, "基本信息")
    sheet.merge_range(1, 4, 1, 5, "管理信息")
    for place, name in enumerate(("居民编号", "性别", "出生日期", "管理病种", "建档日期"), 1):
        sheet.write(2, place, name)
    for row, (who, what) in enumerate((("P1", "高血压"), ("P2", "高血压,2型糖尿病")), 3):
        sheet.write_row(row, 0, [row - 2, who, "男"])
        sheet.write_number(row, 3, 20000, day)
        sheet.write_string(row, 4, what)
        sheet.write_number(row, 5, 45000, day)
    sheet.merge_range(5, 0, 5, 1, "合计")
    sheet.write(5, 2, "2人")
    book.close()
    found = sd.inspect(tmp_path / "台账.xlsx")
    assert found.trouble == ""
    assert enrolled(found.log) == [
        ("2023-03-15", "disease=hypertension"),
        ("2023-03-15", "disease=hypertension|type2-diabetes"),
    ]


# A MAPPING WRITTEN BY HAND

BY_HAND = """
[sources."花名册"]
table = "patients"
files = ["花名册*"]
{}
constants = {{ birth_date = "" }}
columns = {{ "居民编号" = "patient_id", "性别" = "sex" }}
codes.sex = "GB/T 2261.1"

[sources."建档"]
table = "events"
files = ["花名册*"]
header = 2
footers = ["合计"]
constants = {{ kind = "enrolment", disease = "hypertension" }}
columns = {{ "居民编号" = "patient_id", "纳入管理日期" = "date" }}
"""


def test_a_title_above_the_headings_is_said_once(tmp_path):
    """A source that finds a title where the columns should be named says where they are, instead of refusing rows."""
    folder = tables(tmp_path / "in", {"花名册.csv": ROSTER})
    (tmp_path / "m.toml").write_text(BY_HAND.format(""), "utf-8")
    with pytest.raises(DataError) as caught:
        sd.read(folder, mapping=tmp_path / "m.toml")
    (fault,) = caught.value.faults
    assert (fault.check, fault.where) == ("misplaced_headings", "花名册.csv:1")
    assert "line 2 names the columns 居民编号, 性别" in fault.message
    assert fault.hint == '[sources."花名册"]: header = 2'
    (tmp_path / "m.toml").write_text(BY_HAND.format('header = 2\nfooters = ["合计"]'), "utf-8")
    assert len(sd.read(folder, mapping=tmp_path / "m.toml").people) == 3


def test_headings_that_are_found_nowhere_are_no_matter_of_a_line(tmp_path):
    """Where no line names the columns the mapping is for another file, and the old answer stands."""
    folder = tables(tmp_path / "in", {"花名册.csv": "编码,名\n1,2\n"})
    (tmp_path / "m.toml").write_text(BY_HAND.format("").replace("header = 2", "header = 1"), "utf-8")
    with pytest.raises(DataError) as caught:
        sd.read(folder, mapping=tmp_path / "m.toml")
    assert "misplaced_headings" not in {fault.check for fault in caught.value.faults}
