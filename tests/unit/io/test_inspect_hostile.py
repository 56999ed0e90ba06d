"""What ``inspect`` says of files as they come: units nobody names, visits side by side, footers, broken numbers."""

from __future__ import annotations

import tomllib

import pytest
from cli_world import run
from foreign_world import PEOPLE, VISITS, export, happened

import singledisease as sd
from singledisease.errors import UsageError
from singledisease.eventlog.columns import coded
from singledisease.eventlog.raw import raw_rows
from singledisease.io import sources
from singledisease.io.inspect import content
from singledisease.io.inspect.content import content_of, likely_unit, pair_unit
from singledisease.io.inspect.profile import look
from singledisease.io.inspect.wide_tables import parts_of

WOMAN, MAN = "11010519491231002X", "440524188001010014"


def proposed(folder, files, encoding="utf-8", **more):
    """Look at an export; give the guess as text, as TOML, and what it reads."""
    found = sd.inspect(export(folder / "export", files, encoding), **more)
    return found.mapping, tomllib.loads(found.mapping)["sources"], found


# UNITS


@pytest.mark.parametrize(
    ("name", "texts", "unit"),
    [
        ("sbp", ["18.7", "20.1", "16.0"], "kPa"),
        ("sbp", ["140", "150"], "mmHg"),
        ("dbp", ["11", "12.5", "10"], "kPa"),
        ("fpg", ["126", "98", "150"], "mg/dL"),
        ("fpg", ["7.0", "31"], "mmol/L"),
        ("tc", ["200", "180"], "mg/dL"),
        ("tg", ["150", "90"], "mg/dL"),
        ("tg", ["1.7", "0.9"], "mmol/L"),
        ("hba1c", ["53", "48"], "mmol/mol"),
        ("hba1c", ["7.0", "6.5"], "%"),
        ("height", ["1.65", "1.70"], "m"),
        ("waist", ["2.4", "2.7"], "尺"),
        ("temperature", ["98.6"], "°F"),
        ("weight", ["130", "140"], "kg"),
        ("sbp", [], "mmHg"),
    ],
)
def test_units_are_guessed_where_the_values_leave_no_choice(name, texts, unit):
    """Nobody has a pressure of 18 mmHg or a glucose of 126 mmol/L; 130 could be kg as well as 斤, and stays kg."""
    assert likely_unit(name, content_of(coded(texts))) == unit


def test_a_guessed_unit_is_said_in_the_mapping(tmp_path):
    """The draft says that it took the unit from the values, and the load report that it converted."""
    visits = (
        "编号,随访日期,收缩压,舒张压,空腹血糖(mg/dL)\n371001,20240105,18.7,11.3,126\n371001,20240205,17.0,10.1,100\n"
    )
    text, made, found = proposed(tmp_path, {"个人基本信息.csv": PEOPLE, "高血压随访.csv": visits})
    assert made["高血压随访"]["columns"]["收缩压"] == {"name": "sbp", "unit": "kPa"}
    assert "17–18.7 kPa → mmHg (按数值猜测 guessed by the values, check it)" in text
    assert "mg/dL → mmol/L (列名 its name says so)" in text
    assert any("换算 / converted: sbp kPa → mmHg" in note for note in found.log.report.notes)


@pytest.mark.parametrize(
    ("texts", "unit"),
    [
        (["152/95", "130／80", "未测"], "mmHg"),
        (["152/95mmHg"], "mmHg"),
        (["20.3/12.7"], "kPa"),
        (["95/152"], None),
        (["3/5"], None),
        (["2024/3"], None),
    ],
)
def test_two_pressures_in_a_cell(texts, unit):
    """152/95 is two pressures; two numbers that lie as no pressures do are none."""
    assert pair_unit(content_of(coded(texts))) == unit


def test_a_pair_in_kpa_is_divided_and_converted(tmp_path):
    """A column of 20.3/12.7 is read as both pressures, in kPa."""
    visits = "编号,随访日期,血压\n371001,20240105,20.3/12.7\n"
    _, made, found = proposed(tmp_path, {"个人基本信息.csv": PEOPLE, "高血压随访.csv": visits})
    assert made["高血压随访"]["split"] == {"血压": {"name": ["sbp", "dbp"], "unit": "kPa"}}
    assert "sbp=152.2624998966" in happened(found.log, "371001")[0]


# VISITS SIDE BY SIDE


@pytest.mark.parametrize(
    ("names", "stems"),
    [
        (["编号", "第1次随访日期", "第1次收缩压", "第2次随访日期", "第2次收缩压"], ["随访日期", "收缩压"]),
        (["一季度随访日期", "一季度收缩压", "二季度随访日期", "二季度收缩压"], ["随访日期", "收缩压"]),
        (["随访日期1", "收缩压1(mmHg)", "随访日期2", "收缩压2(mmHg)"], ["随访日期", "收缩压(mmhg)"]),
        (["随访日期_1", "收缩压_1", "随访日期_2", "收缩压_2"], ["随访日期", "收缩压"]),
        (["随访日期(1)", "收缩压(1)", "随访日期(2)", "收缩压(2)"], ["随访日期", "收缩压"]),
        (["随访日期", "收缩压", "随访日期#2", "收缩压#2"], ["随访日期", "收缩压"]),
        (["随访日期第一次", "收缩压第一次", "随访日期第二次", "收缩压第二次"], ["随访日期", "收缩压"]),
        (["随访1日期", "收缩压1", "随访2日期", "收缩压2"], ["随访日期", "收缩压"]),
        (["随访1日期", "随访1收缩压", "随访2日期", "随访2收缩压"], ["随访日期", "随访收缩压"]),
        (["随访日期", "餐后2小时血糖", "餐后1小时血糖"], None),
        (["随访日期", "收缩压1", "收缩压2"], None),
        (["随访日期1", "收缩压2"], None),
        (["建档日期1", "建档日期2"], None),
        (["下次随访日期1", "下次随访日期2"], None),
    ],
)
def test_visits_side_by_side_are_seen(names, stems):
    """Each visit needs a day of its own; readings alone that are numbered are the readings of one visit."""
    found = parts_of(names)
    assert [list(part.stems.values()) for part in found] == ([stems, stems] if stems else [])


def test_a_part_that_lacks_a_column_is_a_part():
    """The fourth visit may lack a column that the others have, but not its day."""
    names = ["随访日期1", "收缩压1", "随访日期2", "收缩压2", "随访日期3", "收缩压4"]
    assert [part.label for part in parts_of(names)] == ["1", "2", "3"]


# PEOPLE AND THE BEGINNING OF MANAGEMENT


def test_files_agree_on_one_identifier(tmp_path):
    """If only identity numbers stand in every file, people are called by them."""
    people = f"档案号,身份证号,性别\nA,{WOMAN},女\n"
    visits = f"身份证号,随访日期\n{WOMAN},20240105\n"
    _, made, found = proposed(tmp_path, {"个人档案.csv": people, "高血压随访.csv": visits})
    assert made["个人档案"]["columns"]["身份证号"] == "patient_id"
    assert made["个人档案"]["id_number"] == ["身份证号"]
    assert list(found.log.people.ids) == [WOMAN]


def test_files_without_a_common_identifier_are_told(tmp_path):
    """Record numbers here and identity numbers there cannot be joined, and the draft says so."""
    people = "档案号,性别,出生日期\nA,女,19491231\n"
    visits = f"身份证号,随访日期\n{WOMAN},20240105\n"
    text, _, _ = proposed(tmp_path, {"个人档案.csv": people, "高血压随访.csv": visits})
    assert "no identifier of people in common" in text


@pytest.mark.parametrize("broken", ["3.70702E+17", "440524188001010000"])
def test_broken_identity_numbers_are_told(tmp_path, broken):
    """Numbers that a spreadsheet has shortened name nobody any more: the draft says to export them again."""
    visits = f"身份证号,随访日期\n{broken},20240105\n"
    text, _, _ = proposed(tmp_path, {"高血压随访.csv": visits})
    assert "A spreadsheet has broken the identity numbers" in text


def test_the_first_follow_up_may_stand_for_an_enrolment(tmp_path):
    """On request the draft takes each person's first follow-up for the beginning of management, not as a comment."""
    files = {"个人基本信息.csv": PEOPLE, "高血压随访.csv": VISITS}
    _, made, found = proposed(tmp_path, files, enrolment="first_follow_up")
    assert made["高血压随访 建档"]["once"] is True
    assert happened(found.log, "371001")[0] == "2024-02-01 enrolment disease=hypertension"
    with pytest.raises(UsageError, match="first_follow_up"):
        sd.inspect(tmp_path / "export", enrolment="first")


def test_a_column_may_say_when_management_began(tmp_path):
    """建档日期 in a file of follow-ups enrols, once a person; it is not taken for the day of the visit."""
    visits = "编号,建档日期,随访日期,收缩压\n371001,20230101,20240105,140\n371001,20230101,20240205,150\n"
    _, made, found = proposed(tmp_path, {"个人基本信息.csv": PEOPLE, "高血压随访.csv": visits})
    assert made["高血压随访"]["columns"]["随访日期"] == "date"
    assert happened(found.log, "371001")[0].startswith("2023-01-01 enrolment")


def test_a_register_of_a_disease_enrols_and_names_people(tmp_path):
    """高血压患者名单 with birth dates is both: who is managed, and who they are."""
    listed = "编号,性别,出生日期,纳入管理日期\n1,男,19500101,20230301\n"
    visits = "编号,随访日期\n1,20240105\n"
    _, _, found = proposed(tmp_path, {"高血压患者名单.csv": listed, "高血压随访.csv": visits})
    assert happened(found.log, "1")[0] == "2023-03-01 enrolment disease=hypertension"
    assert found.log.person_at(0).sex == "male"


@pytest.mark.parametrize(
    ("file", "header", "event"),
    [
        ("死亡.csv", "编号,死亡日期,死亡原因\n371001,20240301,脑卒中\n", "2024-03-01 exit reason=died"),
        ("失访.csv", "编号,失访日期\n371001,20240301\n", "2024-03-01 lost"),
        ("迁出.csv", "编号,日期\n371001,20240301\n", "2024-03-01 exit reason=moved"),
    ],
)
def test_files_of_endings_without_a_reason(tmp_path, file, header, event):
    """The name of a file says what its rows are, if no column does; a cause of death is no reason of ours."""
    _, _, found = proposed(tmp_path, {"个人基本信息.csv": PEOPLE, file: header})
    assert found.trouble == ""
    assert happened(found.log, "371001") == [event]


# HOW FILES STAND


def test_what_stands_besides_records_is_found(tmp_path):
    """A title above, a total below, 未测 for nothing: the draft says each, and the log has neither."""
    people = "某县,,,\n编号,性别,出生日期,管理机构\n1,男,1950/1/1,甲\n2,女,1951/1/1,甲\n合 计,2,,\n"
    visits = "编号,随访日期,收缩压\n1,2024/1/5,140\n1,2024/2/5,未测\n2,2024/2/5,NULL\n"
    _, made, found = proposed(tmp_path, {"个人档案.csv": people, "高血压随访.csv": visits}, "gb18030")
    assert (made["个人档案"]["header"], made["个人档案"]["footers"]) == (2, ["合计"])
    assert made["高血压随访"]["blank"] == ["NULL", "未测"]
    assert list(found.log.people.ids) == ["1", "2"]
    assert not found.log.report.refusals


def test_a_word_that_is_a_code_is_not_taken_for_nothing():
    """What stands for nothing in a reading may be an answer in a column of codes."""
    (one,) = look(raw_rows("events", {"随访日期": ["-", "20240105"], "随访方式": ["-", "1"]}, file="随访.csv"), "utf-8")
    assert one.blank == ()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030"])
def test_encodings_are_recognised(tmp_path, encoding):
    """What spreadsheets save as Unicode text, with a byte-order mark, or as GB18030, is read as it is."""
    files = {"个人基本信息.txt": PEOPLE.replace(",", "\t"), "高血压随访.txt": VISITS.replace(",", "\t")}
    _, _, found = proposed(tmp_path, files, encoding)
    assert found.trouble == ""
    assert "371001" in found.log.people.ids


def test_gb18030_far_down_a_file_is_recognised(tmp_path):
    """A file whose first quarter of a million bytes are plain ASCII is read in GB18030 all the same."""
    rows = "".join(f"{i:06},20240105,a\n" for i in range(20_000))
    folder = export(tmp_path / "export", {"个人基本信息.csv": PEOPLE})
    (folder / "visits.csv").write_bytes(f"pid,visitdate,x\n{rows}1,20240105,合\n".encode("gb18030"))
    assert set(sd.inspect(folder).files["encoding"]) == {"utf-8", "gb18030"}


def test_every_file_is_read_once(tmp_path, monkeypatch):
    """Looking at files and reading them by the guess takes each file once, however many tables it is."""
    read = []

    def counting(file, *others):
        read.append(file.name)
        return table_of(file, *others)

    table_of = sources.read_table
    monkeypatch.setattr(sources, "read_table", counting)
    folder = export(tmp_path / "export")
    found = sd.inspect(folder)
    assert found.trouble == ""
    assert sorted(read) == sorted(file.name for file in folder.iterdir())


def test_of_very_many_values_a_sample_is_looked_at(monkeypatch):
    """A column of a million numbers is guessed from some of them; how full it is is counted of all."""
    monkeypatch.setattr(content, "SAMPLE", 10)
    found = content_of(coded([str(i) for i in range(100)] + [None]))
    assert (len(found.texts), found.filled, found.distinct, found.rows) == (10, 100, 100, 101)
    assert found.share(str.isdecimal) == 1.0


def test_progress_is_told_for_files(tmp_path):
    """Whoever waits hears of each file twice: that it was looked at, and that it was read."""
    told = []
    sd.inspect(export(tmp_path / "export"), progress=lambda done, whole: told.append((done, whole)))
    assert told == [(i, 10) for i in range(1, 11)]


def test_the_command_takes_the_first_follow_up(tmp_path):
    """``--enrolment first_follow_up`` writes a mapping by which people count as managed."""
    folder = export(tmp_path / "export", {"个人基本信息.csv": PEOPLE, "高血压随访.csv": VISITS})
    out = tmp_path / "m.toml"
    assert run("inspect", folder, "--enrolment", "first_follow_up", "--out", out).exit_code == 0
    done = run("kpi", folder, "--mapping", out, "--period", "2024", "--disease", "hypertension", "--format", "csv")
    assert "hypertension.control" in done.stdout


def test_files_that_name_people_differently_are_joined(tmp_path):
    """Record numbers here and identity numbers there are joined by the table of people that has both."""
    files = {
        "个人档案.csv": f"档案号,身份证号,性别\nA,{WOMAN},女\n",
        "高血压管理卡.csv": "档案号,建卡日期\nA,20230101\n",
        "高血压随访.csv": f"身份证号,随访日期\n{WOMAN},20240105\n",
    }
    text, made, found = proposed(tmp_path, files)
    assert made["个人档案"]["also"] == ["身份证号"]
    assert "no identifier of people in common" not in text
    assert len(happened(found.log, "A")) == 2


def test_the_next_step_is_said(tmp_path):
    """After ``--out`` the command says what to run next, for the last year that the events cover."""
    folder = export(tmp_path / "export", {"个人基本信息.csv": PEOPLE, "高血压随访.csv": VISITS})
    done = run("inspect", folder, "--out", tmp_path / "m.toml")
    assert f"singledisease kpi {folder} --mapping {tmp_path / 'm.toml'} --period 2024" in done.stderr


def test_what_else_stands_in_a_folder_is_named(tmp_path):
    """Folders inside are not looked into, and kpi without a mapping points to inspect."""
    (tmp_path / "2024").mkdir()
    with pytest.raises(sd.DataError, match="subfolder"):
        sd.inspect(tmp_path)
    done = run("kpi", export(tmp_path / "export"), "--period", "2024")
    assert done.exit_code == 1
    assert "singledisease inspect" in done.stderr


def test_files_of_one_name_are_told_apart(tmp_path):
    """随访.csv beside 随访.txt are two sources, and a heading broken into lines does not break the draft."""
    files = {
        "个人基本信息.csv": PEOPLE,
        "高血压随访.csv": '编号,随访日期,"备\n注"\n371001,20240105,a\n',
        "高血压随访.txt": "编号\t随访日期\n371001\t20240205\n",
    }
    text, made, found = proposed(tmp_path, files)
    assert {"高血压随访.csv", "高血压随访.txt"} <= made.keys()
    assert "not taken: 备 注" in text
    assert len(happened(found.log, "371001")) == 2


def test_a_file_of_unknown_kind_names_nobody(tmp_path):
    """Of a file that nothing says anything about no people are taken, though it has their numbers and sexes."""
    files = {"x.csv": "编号,性别\n9,男\n", "高血压随访.csv": "编号,随访日期\n1,20240105\n"}
    _, made, found = proposed(tmp_path, files)
    assert list(found.log.people.ids) == ["1"]
    assert "x" not in made


# WHAT NO EXPORT HERE HAD


def test_remarks_above_the_headings_fill_fewer_cells(tmp_path):
    """A title, and under it who made the list and when, are no headings though they fill half of a line."""
    lines = [
        "某镇高血压患者花名册,,,,",
        "制表单位：,,,制表日期：,2025年1月5日",
        "居民编号,性别,出生年月,病种,纳入管理日期",
    ]
    lines += [f"A{i},男,1950年{i}月,高血压,2023年{i}月5日" for i in (1, 2)]
    _, made, found = proposed(tmp_path, {"花名册.csv": "\n".join([*lines, "合计,2人,,,"])})
    assert {one["header"] for one in made.values()} == {3}
    assert happened(found.log, "A1") == ["2023-01-05 enrolment disease=hypertension"]
    assert happened(found.log, "A2") == ["2023-02-05 enrolment disease=hypertension"]


def test_rows_that_say_their_kind_are_of_no_other(tmp_path):
    """The name of a file says nothing of rows that say themselves of which kind they are; wide digits are digits."""
    visits = "档案号,日期,类型,收缩压,病种\n１,2023-05-01,建档,,高血压\n１,2024-02-10,随访,１３２,高血压\n"
    people = "档案号,性别,出生日期\n１,男,1950-01-01\n"
    text, made, found = proposed(tmp_path, {"visits.csv": visits, "patients.csv": people})
    assert made["visits"]["codes"]["kind"] == {"建档": "enrolment", "随访": "follow_up"}
    assert "constants" not in made["visits"]
    assert "没有建档" not in text
    assert happened(found.log, "１") == [
        "2023-05-01 enrolment disease=hypertension",
        "2024-02-10 follow_up disease=hypertension sbp=132.0",
    ]


def test_kinds_that_are_none_stay_as_they_are(tmp_path):
    """A column that is called the kind of event keeps words of one's own; kinds written as here need no list."""
    files = {"events.csv": "patient_id,date,事件类型\n1,2024-01-01,随访\n1,2024-01-02,义诊\n"}
    (tmp_path / "own").mkdir()
    _, made, _ = proposed(tmp_path, files | {"patients.csv": "patient_id,birth_date\n1,1950-01-01\n"})
    assert made["events"]["codes"]["kind"] == {"随访": "follow_up", "义诊": "义诊"}
    files = {"visits.csv": "patient_id,when,what,sbp\n1,2024-01-01,follow_up,130\n1,2024-01-02,checkup,131\n"}
    text, made, _ = proposed(tmp_path / "own", files | {"patients.csv": "patient_id,birth_date\n1,1950-01-01\n"})
    assert '"what" = "kind"' in text
    assert "kind" not in made["visits"].get("codes", {})


ROSTER = "MRN,Sex,DOB,Enroll Date,Condition\n100.0,M,{},{},Hypertension\n"


@pytest.mark.parametrize(
    ("born", "begun", "form"),
    [
        ("03/15/1962", "06/01/2023", "%m/%d/%Y"),
        ("15/03/1962", "06/01/2023", "%d/%m/%Y"),
        ("15-03-1962", "06-01-2023", "%d-%m-%Y"),
        ("15.03.1962", "06.01.2023", "%d.%m.%Y"),
        ("15-Mar-1962", "06-Jan-2023", "%d-%b-%Y"),
    ],
)
def test_one_column_decides_for_the_file(tmp_path, born, begun, form):
    """Whether day or month comes first is decided by any date of the file that can be read in one way only."""
    visits = "MRN,Visit Date,Visit Type,Systolic\n100.0,2024-02-10,Office Visit,130\n"
    files = {"patients.csv": ROSTER.format(born, begun), "visits.csv": visits}
    _, made, found = proposed(tmp_path, files)
    assert made["patients 建档"]["dates"] == [form]
    assert made["visits"]["codes"]["mode"] == {"Office Visit": "clinic"}
    assert found.log.report.refusals == ()
    assert len(found.log) == 2


def test_what_nothing_decides_is_asked(tmp_path):
    """Where every date could be read in two ways both are offered, none is taken, and the refusal says why."""
    text, made, found = proposed(tmp_path, {"patients.csv": ROSTER.format("01/02/1962", "06/01/2023")})
    assert all("dates" not in one for one in made.values())
    for form in ("%d/%m/%Y", "%m/%d/%Y"):
        assert f'# dates = ["{form}"]' in text
    assert {one.check for one in found.log.report.refusals} >= {"not_a_date"}
    assert any("the day or the month comes first" in one.reason for one in found.log.report.refusals)


def test_rows_of_one_person_are_named_by_their_lines(tmp_path):
    """Two people with one number are refused, and both lines are those of the file, not of the table made of it."""
    people = "患者ID,姓名,性别,出生日期\nP0,甲,1,1950-01-01\nP1,乙,2,1951-01-01\nP0,丙,1,1952-01-01\n"
    _, _, found = proposed(tmp_path, {"people.csv": people, "随访.csv": "患者ID,随访日期\nP1,2024-02-10\n"})
    both = [one for one in found.log.report.refusals if one.check == "different_rows"]
    assert [one.line for one in both] == [2, 4]
    assert all("（第 2, 4 行）" in one.reason for one in both)


def test_an_unknown_code_says_where_to_add_it(tmp_path):
    """Where a list is empty there is nothing beside which it could stand."""
    visits = "患者ID,随访日期,随访方式\nP1,2024-02-10,飞鸽\n"
    _, _, found = proposed(tmp_path, {"随访.csv": visits, "people.csv": "患者ID,出生日期\nP1,1951-01-01\n"})
    (one,) = found.log.report.refusals
    assert one.reason.endswith("add it there: [sources.随访.codes.mode]")
