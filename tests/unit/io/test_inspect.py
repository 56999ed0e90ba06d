"""Unknown files looked at: what they are, a mapping to correct, and what it reads."""

from __future__ import annotations

import json
import tomllib

import pytest
from cli_world import registry, run
from foreign_world import FILES, PEOPLE, VISITS, export, happened

import singledisease as sd
from singledisease.errors import DataError
from singledisease.eventlog.columns import coded
from singledisease.eventlog.raw import raw_rows
from singledisease.io.inspect.content import content_of, could_be
from singledisease.io.inspect.profile import look
from singledisease.io.mapping.read import mapping_of


def looked(columns, file="x.csv"):
    """Look at a file of these columns."""
    (found,) = look(raw_rows("events", columns, file=file), "utf-8")
    return found


def guessed(columns, file="x.csv"):
    """Give what each column of a file is guessed to be."""
    return {foreign: guess.name for foreign, guess in looked(columns, file).guesses.items()}


# THE WHOLE


def test_a_record_system_is_guessed_so_that_it_reads(tmp_path):
    """The guess for the public-health forms reads to the log that the shipped mapping of them gives."""
    folder = export(tmp_path / "export")
    found = sd.inspect(folder)
    assert found.trouble == ""
    wanted = sd.read(folder, mapping="bphs-forms")
    for name in wanted.people.ids:
        assert happened(found.log, name) == happened(wanted, name)


def test_the_guess_is_a_mapping_that_can_be_read_back(tmp_path):
    """What ``inspect`` writes is TOML without faults; kept in a file it reads the export as the guess did."""
    folder = export(tmp_path / "export")
    found = sd.inspect(folder)
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(found.mapping, "utf-8")
    log = sd.read(folder, mapping=mapping)
    assert [happened(log, name) for name in log.people.ids] == [
        happened(found.log, name) for name in found.log.people.ids
    ]
    assert sd.inspect(folder, mapping=mapping).mapping == found.mapping


LAB = """\
档案号,报告日期,检验项目,结果,单位
371001,2024-03-01,空腹血糖,6.5,mmol/L
371001,2024-06-01,空腹血糖(GLU空腹),126.112,mg/dl
371001,2024-06-02,FPG,7.0,
371001,2024-06-01,糖化血红蛋白（HbA1c）,7.1,%
371001,2024-06-01,总胆固醇,5,g/L
371001,2024-06-01,尿酸,410,μmol/L
371001,2024-06-02,尿酸,411,μmol/L
"""


def test_a_laboratory_list_is_drafted_test_by_test(tmp_path):
    """Each test that is known is a source in each of its units; the others, and units that are not, are named."""
    folder = tmp_path / "lab"
    folder.mkdir()
    (folder / "个人档案.csv").write_text("档案号,性别,出生日期\n371001,男,1950-03-01\n", "utf-8")
    (folder / "某院导出.csv").write_text(LAB, "utf-8")
    found = sd.inspect(folder)
    assert happened(found.log, "371001") == [
        "2024-03-01 test fpg=6.5",
        "2024-06-01 test hba1c=7.1",
        "2024-06-01 test fpg=7.0",
        "2024-06-02 test fpg=7.0",
    ]
    assert "# 未取用的项目 / tests not taken: 尿酸 × 2; 总胆固醇 g/L × 1" in found.mapping
    assert "某院导出.csv: 未取用的行 / rows not taken, 3: " in "\n".join(found.log.report.notes)
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(found.mapping, "utf-8")
    assert happened(sd.read(folder, mapping=mapping), "371001") == happened(found.log, "371001")


@pytest.mark.parametrize(
    "columns",
    [
        {"档案号": ["1"], "日期": ["2024-01-01"], "项目": ["尿酸"], "结果": ["410"]},
        {"档案号": ["1"], "日期": ["2024-01-01"], "项目": ["空腹血糖"]},
        {"档案号": ["1"], "日期": ["2024-01-01"], "项目": ["空腹血糖"], "备注": ["6.5"]},
    ],
)
def test_what_is_no_list_of_results(columns):
    """A list needs a test that is known here, and a column of results."""
    assert looked(columns).listed is None


def test_a_list_without_units():
    """Results are in the units kept here if no column says otherwise."""
    columns = {"档案号": ["1", "1"], "日期": ["2024-01-01"] * 2, "项目": ["TC", "总胆固醇"], "结果": ["5", "6"]}
    assert [
        (test.name, test.unit, set(test.tests), test.units, test.rows) for test in looked(columns).listed.known
    ] == [("tc", "", {"TC", "总胆固醇"}, (), 2)]


def test_codes_nobody_knows_are_left_to_be_filled_in(tmp_path):
    """A code that no list explains stands in the guess as a comment, with how many rows have it."""
    text = sd.inspect(export(tmp_path / "export")).mapping
    assert '# "5 自助" = ""  # 1 行 rows' in text
    assert '"家访" = "home"' in text


def test_no_name_is_shown(tmp_path):
    """Nothing that could name a person stands on the page: no name, no telephone number, no birth date."""
    page = sd.inspect(export(tmp_path / "export")).to_text("zh")
    assert "某甲" not in page
    assert "1950/3/1" not in page


def test_gb18030_is_recognised(tmp_path):
    """An export in GB18030 is looked at as it is, and the guess says how it is encoded."""
    found = sd.inspect(export(tmp_path / "gb", encoding="gb18030"))
    assert set(found.files["encoding"]) == {"gb18030"}
    assert tomllib.loads(found.mapping)["encoding"] == "gb18030"
    assert len(found.log) == len(sd.inspect(export(tmp_path / "utf")).log)


def test_files_of_two_encodings(tmp_path):
    """Where files differ in their encoding the guess says it of each."""
    folder = export(tmp_path / "export", {"个人基本信息.csv": PEOPLE})
    export(folder, {"高血压随访.csv": VISITS}, "gb18030")
    found = sd.inspect(folder)
    assert found.trouble == ""
    sources = tomllib.loads(found.mapping)["sources"]
    assert [sources[name]["encoding"] for name in ("个人基本信息", "高血压随访")] == ["utf-8", "gb18030"]


def test_a_registry_of_our_own_needs_no_mapping(tmp_path):
    """Files that are called as they are here are read as they are."""
    data = registry(tmp_path / "data")
    found = sd.inspect(data)
    assert found.mapping == ""
    assert len(found.log) == len(sd.read(data))
    assert "no mapping is needed" in found.to_text()


def test_standard_data_sets_are_recognised_by_their_identifiers(tmp_path):
    """Columns that are called HDSD00.01.xxx are read by the shipped mapping of that data set."""
    files = {
        "a.csv": "HDSD00.01.001,HDSD00.01.003,HDSD00.01.004\n37,1,19500301\n",
        "b.csv": "HDSD00.01.001,HDSD00.01.465,HDSD00.01.466,HDSD00.01.467\n37,R1,20240105,1\n",
    }
    found = sd.inspect(export(tmp_path / "ws", files))
    assert tomllib.loads(found.mapping) == {"extends": "ws365"}
    assert happened(found.log, "37")[0].startswith("2024-01-05 follow_up")


def test_without_people_they_are_taken_from_the_visits(tmp_path):
    """An export of visits alone is read all the same, its people without birth dates; and that is said."""
    found = sd.inspect(export(tmp_path / "export", {"高血压随访.csv": VISITS}))
    assert found.trouble == ""
    assert list(found.log.people.ids) == ["371001", "371002", "371099"]
    assert "birth dates are unknown" in found.mapping


def test_a_beginning_of_management_is_offered_not_assumed(tmp_path):
    """Without enrolments nobody is managed: the guess offers the first follow-up, as a comment to be taken up."""
    folder = export(tmp_path / "export", {"个人基本信息.csv": PEOPLE, "高血压随访.csv": VISITS})
    found = sd.inspect(folder)
    assert "enrolment" not in {event.kind for event in map(found.log.event, range(len(found.log)))}
    head, _, offered = found.mapping.partition("# take the # away:\n")
    uncommented = head + "\n".join(line.removeprefix("# ") for line in offered.splitlines())
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(uncommented, "utf-8")
    log = sd.read(folder, mapping=mapping)
    assert happened(log, "371001")[0] == "2024-02-01 enrolment disease=hypertension"
    assert sum("enrolment" in text for text in happened(log, "371001")) == 1


def test_what_cannot_be_read_yet_is_said(tmp_path):
    """Files in which nobody can be found give a page with the trouble, not an exception."""
    found = sd.inspect(export(tmp_path / "export", {"a.csv": "x,y\n1,2\n"}))
    assert found.log is None
    assert "人员表" in found.trouble
    assert "could not be guessed" in found.mapping
    assert "Cannot be read yet" in found.to_text()
    assert "人员表" in found._repr_html_()


def test_spreadsheets_are_told_to_be_saved(tmp_path):
    """A spreadsheet beside the files is listed with what to do about it."""
    folder = export(tmp_path / "export")
    (folder / "旧.xlsx").write_bytes(b"PK")
    rows = {row["file"]: row["by"] for row in sd.inspect(folder).files}
    assert "CSV" in rows["旧.xlsx"]


# COLUMNS


def test_next_visit_is_no_visit():
    """下次随访日期 is not taken for 随访日期, however alike they look; nor a target for a reading."""
    found = looked(
        {"档案号": ["1"], "下次随访日期": ["2024-05-01"], "目标收缩压": ["130"], "收缩压": ["150"]}, "高血压随访.csv"
    )
    assert {guess.name for guess in found.guesses.values()} == {"patient_id", "sbp"}
    assert found.next_visit == "下次随访日期"


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        (
            {"居民健康档案编号": ["1"], "出生日期": ["19500101"]},
            {"居民健康档案编号": "patient_id", "出生日期": "birth_date"},
        ),
        ({"患者收缩压值": ["150"], "患者舒张压值": ["90"]}, {"患者收缩压值": "sbp", "患者舒张压值": "dbp"}),
        ({"空腹血糖(mg/dL)": ["120"]}, {"空腹血糖(mg/dL)": "fpg"}),
        ({"空腹血糖(U/L)": ["12"]}, {}),
        ({"空腹血糖(mmol/L)": ["7.2"]}, {"空腹血糖(mmol/L)": "fpg"}),
        ({"收缩压": ["高", "低"]}, {}),
        ({"PatientID": ["1"], "Visit Date": ["2024-01-01"]}, {"PatientID": "patient_id", "Visit Date": "date"}),
    ],
)
def test_columns_are_guessed_by_name_and_content(columns, wanted):
    """Known and similar names are taken if unit and content allow it."""
    table = "个人基本信息.csv" if "出生日期" in columns else "随访.csv"
    assert guessed(columns, table) == wanted


def test_pressures_are_known_by_their_ranges():
    """Two neighbouring columns of numbers that lie as pressures do are taken for pressures, and marked as a guess."""
    found = looked({"a": ["140", "152"], "b": ["85", "95"], "c": ["1", "2"]}, "随访.csv").guesses
    assert {name: (guess.name, guess.sure) for name, guess in found.items()} == {"a": ("sbp", 1), "b": ("dbp", 1)}


def test_sex_and_mode_are_known_by_their_words():
    """A column of 男 and 女 is the sex whatever it is called; one of numbers could be anything."""
    assert guessed({"f3": ["男", "女"], "f4": ["1", "2"]}, "人员.csv") == {"f3": "sex"}
    assert guessed({"f3": ["门诊", "电话"]}, "随访.csv") == {"f3": "mode"}


@pytest.mark.parametrize(
    ("texts", "formats"),
    [
        (["2024-01-05", "20240105"], ()),
        (["2024/1/5", "2024年3月1日"], ("%Y/%m/%d", "%Y年%m月%d日")),
        (["2024-01-05 10:30:00"], ("%Y-%m-%d %H:%M:%S",)),
        (["25/12/2024", "03/04/2024"], ("%d/%m/%Y",)),
        (["03/04/2024"], ()),
        (["45356", "45357"], ("excel",)),
        (["2024-01-05"] * 30 + ["20245"], ()),
    ],
)
def test_forms_of_dates(texts, formats):
    """Dates are recognised by their form; one that can be read in two ways is read in neither."""
    assert content_of(coded(texts)).formats() == formats


@pytest.mark.parametrize(
    ("name", "texts", "possible"),
    [
        ("sbp", ["120", "1520", "130", "140", "150"], True),
        ("sbp", ["1", "2"], False),
        ("date", ["2024-01-01", "未知", "2024-01-02", "2024-01-03", "2024-01-04"], True),
        ("date", ["未知"], False),
        ("sbp", [], True),
        ("mode", [str(i) for i in range(40)], False),
    ],
)
def test_content_can_rule_a_name_out(name, texts, possible):
    """A column in which most of what stands could not be it is not it; a few slips do not matter."""
    assert could_be(name, content_of(coded(texts))) is possible


@pytest.mark.parametrize(
    ("file", "columns", "role"),
    [
        ("a.csv", {"出生日期": ["19500101"], "编号": ["1"]}, ("patients", "")),
        ("a.csv", {"随访日期": ["20240101"], "随访方式": ["1"]}, ("events", "follow_up")),
        ("a.csv", {"日期": ["20240101"], "收缩压": ["150"]}, ("events", "measurement")),
        ("a.csv", {"date": ["20240101"], "kind": ["call"]}, ("events", "")),
        ("2024年签约.csv", {"x": ["1"]}, ("events", "contract")),
        ("a.csv", {"x": ["1"]}, None),
    ],
)
def test_tables_are_known_by_name_or_columns(file, columns, role):
    """What a file is follows from its name, or else from its columns; if neither says, it is not read."""
    found = looked(columns, file).role
    assert (None if found is None else (found.table, found.kind)) == role


# ON THE COMMAND LINE


def test_the_command_prints_page_and_mapping(tmp_path):
    """``inspect`` prints files, mapping and quality; with --out the mapping goes to a file."""
    folder = export(tmp_path / "export")
    done = run("inspect", folder)
    assert done.exit_code == 0
    assert "[sources." in done.stdout
    assert "Last digit of pressures" in done.stdout
    out = tmp_path / "mapping.toml"
    done = run("inspect", folder, "--out", out)
    assert "[sources." not in done.stdout
    assert mapping_of(tomllib.loads(out.read_text("utf-8")), "x").sources
    assert run("kpi", folder, "--mapping", out, "--period", "2024").exit_code == 0


def test_the_command_speaks_toml_and_json(tmp_path):
    """--format toml is the mapping alone, to be piped into a file; --format json has every table."""
    folder = export(tmp_path / "export")
    assert tomllib.loads(run("inspect", folder, "--format", "toml").stdout)["sources"]
    tables = json.loads(run("inspect", folder, "--format", "json").stdout)
    assert {"mapping", "files", "columns", "refusals", "digits"} <= tables.keys()


def test_what_cannot_be_read_ends_in_status_1(tmp_path):
    """If the guess does not read, the page is printed and the status says so."""
    done = run("inspect", export(tmp_path / "export", {"a.csv": "x,y\n1,2\n"}))
    assert done.exit_code == 1
    assert "a.csv" in done.stdout


def test_a_file_that_is_not_there(tmp_path):
    """An empty folder is refused with what to do."""
    with pytest.raises(DataError, match="CSV"):
        sd.inspect(tmp_path)
    assert len(FILES) == 5
