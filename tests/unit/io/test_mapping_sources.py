"""Whole record systems read by a mapping: several source tables become one log, every row accounted for."""

from __future__ import annotations

import datetime as dt

import pytest
from foreign_world import CARDS, FILES, PEOPLE, VISITS, export, happened

import singledisease as sd
from singledisease.errors import DataError
from singledisease.eventlog.equality import equal
from singledisease.io.mapping import code_lists, read_mapping, shipped


@pytest.fixture(name="log")
def _log(tmp_path):
    return sd.read(export(tmp_path / "export"), mapping="bphs-forms")


# ONE LOG OF MANY TABLES


def test_the_forms_become_one_log(log):
    """Personal file, management card, two kinds of follow-up and endings become the events of one log."""
    assert happened(log, "371001") == [
        "2023-05-01 enrolment disease=hypertension institution=甲村",
        "2024-02-01 appointment disease=hypertension until=2024-05-01",
        "2024-02-01 follow_up adverse_reaction=False complication=False dbp=85.0 disease=hypertension"
        " evaluation=satisfactory mode=clinic sbp=145.0",
        "2024-05-01 appointment disease=hypertension until=2024-08-01",
        "2024-05-01 follow_up adverse_reaction=False complication=False dbp=80.0 disease=hypertension"
        " evaluation=satisfactory mode=clinic sbp=138.0",
    ]


def test_a_laboratory_list_is_a_source_for_each_test(tmp_path):
    """Results come under the names of their tests, in their own units; rows that no source takes are named."""
    folder = tmp_path / "lab"
    folder.mkdir()
    (folder / "people.csv").write_text("id,birth_date,sex\n1,1950-01-01,male\n", "utf-8")
    tests = ["GLU,6.5,mmol/L", "GLU,126.112,mg/dL", "GLU,7,g/L", "HbA1c,7.1,%", "UA,410,x", "UA,411,x"]
    rows = [f"1,2024-03-{day:02},{test}\n" for day, test in enumerate(tests, 1)]
    (folder / "lab.csv").write_text("id,day,test,result,unit\n" + "".join(rows), "utf-8")
    common = 'table = "events"\nfiles = ["lab*"]\nconstants = { kind = "test" }\n'
    who = '"id" = "patient_id", "day" = "date"'
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[sources.people]\ntable = "patients"\nfiles = ["people*"]\n'
        'columns = { "id" = "patient_id", "birth_date" = "birth_date", "sex" = "sex" }\n'
        f'[sources.mmol]\n{common}where = {{ test = ["glu"], unit = ["mmol/L"] }}\n'
        f'columns = {{ {who}, "result" = "fpg" }}\n'
        f'[sources.mg]\n{common}where = {{ test = ["glu"], unit = ["mg/dL"] }}\n'
        f'columns = {{ {who}, "result" = {{ name = "fpg", unit = "mg/dL" }} }}\n'
        f'[sources.hba1c]\n{common}where = {{ test = ["hba1c"] }}\ncolumns = {{ {who}, "result" = "hba1c" }}\n',
        "utf-8",
    )
    log = sd.read(folder, mapping=mapping)
    assert happened(log, "1") == ["2024-03-01 test fpg=6.5", "2024-03-02 test fpg=7.0", "2024-03-04 test hba1c=7.1"]
    assert "lab.csv: 未取用的行 / rows not taken, 3: UA, x × 2; GLU, g/L × 1" in log.report.notes
    assert not any("columns not taken" in note for note in log.report.notes)
    assert log.report.balanced


def test_every_row_of_every_table_is_accounted_for(log):
    """Read = accepted + duplicates + refused + skipped, for each source table by name."""
    assert log.report.balanced
    counts = {
        one.table: (one.read, one.accepted, one.duplicates, one.refused, one.skipped) for one in log.report.tables
    }
    assert counts == {
        "个人基本信息": (4, 4, 0, 0, 0),
        "高血压专项档案": (3, 2, 0, 0, 1),
        "高血压随访": (7, 4, 1, 2, 0),
        "高血压下次随访": (7, 3, 1, 0, 3),
        "糖尿病随访": (2, 2, 0, 0, 0),
        "终止管理": (2, 2, 0, 0, 0),
    }


def test_refusals_keep_their_file_and_line(log):
    """A refusal of any of the tables names the line of its own file."""
    found = {(one.check, one.file, one.line, one.value) for one in log.report.refusals}
    assert ("unmapped_code", "高血压患者随访记录.csv", 6, "5 自助") in found
    assert ("unknown_person", "高血压患者随访记录.csv", 7, "371099") in found
    (reading,) = log.report.readings
    assert (reading.check, reading.file, reading.line, reading.value) == (
        *("out_of_bounds", "高血压患者随访记录.csv", 5, "1520"),
    )
    assert log.report.table("高血压随访").readings == 1


def test_events_keep_their_file_and_line(log):
    """Every event can be found in the file it came from."""
    first = log.offsets[log.find("371001")]
    assert log.place(int(first)) == ("高血压管理卡.csv", 2)


def test_codes_of_sex_and_end_are_understood(log):
    """男, 2.女 and 9 are sexes; 误诊 closes, 失访 of two diseases is one lost event of both."""
    assert [log.person_at(i).sex for i in range(4)] == ["male", "female", "female", "unknown"]
    assert happened(log, "371003")[-1] == "2024-09-01 exit disease=hypertension reason=misdiagnosed"
    assert happened(log, "371002")[-1] == "2024-10-01 lost disease=hypertension|type2-diabetes"


def test_figures_come_out(log):
    """The log of the forms goes through the measures like any other."""
    score = sd.evaluate(sd.measures("cn-bphs-2017", diseases="hypertension"), log, period="2024")
    rows = {row["measure"]: row for row in score.table()}
    assert rows["hypertension.control"]["denominator"] == 2
    assert rows["hypertension.control"]["numerator"] == 1


def test_reading_by_a_mapping_does_not_depend_on_the_order_of_tables(tmp_path):
    """The same export, its files named in another order, gives an equal log."""
    folder = export(tmp_path / "export")
    files = [folder / name for name in FILES]
    one, other = (sd.read(some, mapping="bphs-forms") for some in (files, files[::-1]))
    assert [happened(one, name) for name in one.people.ids] == [happened(other, name) for name in other.people.ids]
    assert sorted(map(str, one.report.tables)) == sorted(map(str, other.report.tables))


def test_two_sources_of_people_fill_each_other_in(tmp_path):
    """What one table of people leaves blank another says; those who are contradicted are refused."""
    files = {
        "a.csv": "编号,性别,出生日期\n1,男,1950-01-01\n2,女,\n3,男,1960-01-01\n",
        "b.csv": "编号,性别,团队\n1,,T1\n2,女,T2\n3,女,T3\n",
        "v.csv": "编号,日期\n1,2024-01-01\n2,2024-01-01\n3,2024-01-01\n",
    }
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        """
[sources.a]
table = "patients"
files = ["a"]
columns = { "编号" = "patient_id", "性别" = "sex", "出生日期" = "birth_date" }
codes.sex = "GB/T 2261.1"
[sources.b]
table = "patients"
files = ["b"]
columns = { "编号" = "patient_id", "性别" = "sex", "团队" = "team" }
codes.sex = "GB/T 2261.1"
[sources.v]
table = "events"
files = ["v"]
constants = { kind = "checkup" }
columns = { "编号" = "patient_id", "日期" = "date" }
""",
        "utf-8",
    )
    log = sd.read(export(tmp_path / "export", files), mapping=mapping)
    assert [(one.id, one.sex, one.attributes) for one in map(log.person_at, range(len(log.people)))] == [
        ("1", "male", {"team": "T1"}),
        ("2", "female", {"team": "T2"}),
    ]
    assert log.report.balanced
    assert [(one.file, one.line, one.check) for one in log.report.refusals] == [
        ("a.csv", 4, "different_rows"),
        ("b.csv", 4, "different_rows"),
        ("v.csv", 4, "unknown_person"),
    ]
    assert all("(lines a.csv:4, b.csv:4)" in one.reason for one in log.report.refusals[:2])
    assert sum(one.duplicates for one in log.report.tables) == 2


def test_the_same_source_in_several_files(tmp_path):
    """A table exported year by year is one source; each file is accounted for by itself."""
    lines = VISITS.splitlines(keepends=True)
    files = {
        "个人基本信息.csv": PEOPLE,
        "高血压随访2023.csv": "".join(lines[:3]),
        "高血压随访2024.csv": lines[0] + lines[3],
    }
    log = sd.read(export(tmp_path / "export", files), mapping="bphs-forms")
    names = [one.table for one in log.report.tables if one.table.startswith("高血压随访")]
    assert names == ["高血压随访 (高血压随访2023.csv)", "高血压随访 (高血压随访2024.csv)"]
    assert log.report.balanced


def test_parquet_and_csv_may_be_mixed(tmp_path):
    """A number in one file and text in another are one column here."""
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    folder = export(tmp_path / "export", {"个人基本信息.csv": PEOPLE, "高血压随访.csv": VISITS})
    table = {"编号": ["371001"], "随访日期": ["2024/9/1"], "随访方式": [1], "收缩压": [129.5], "舒张压": [80.0]}
    parquet.write_table(arrow.table(table), folder / "高血压随访2.parquet")
    log = sd.read(folder, mapping="bphs-forms")
    assert "sbp=129.5" in happened(log, "371001")[-1]
    assert "mode=clinic" in happened(log, "371001")[-1]


# ENCODINGS


def test_gb18030_is_hinted_at_and_read_on_request(tmp_path):
    """An export in GB18030 is refused with a hint, and read when it is asked for, to the same log."""
    folder = export(tmp_path / "gb", encoding="gb18030")
    with pytest.raises(DataError, match="--encoding gb18030"):
        sd.read(folder, mapping="bphs-forms")
    log = sd.read(folder, mapping="bphs-forms", encoding="gb18030")
    wanted = sd.read(export(tmp_path / "utf"), mapping="bphs-forms")
    assert [happened(log, name) for name in log.people.ids] == [happened(wanted, name) for name in wanted.people.ids]


def test_a_mapping_may_name_the_encoding(tmp_path):
    """A mapping that says how its files are encoded needs no option; one source may differ from the rest."""
    folder = export(tmp_path / "gb", encoding="gb18030")
    (folder / "高血压管理卡.csv").write_text(CARDS, "utf-8")
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'extends = "bphs-forms"\nencoding = "gb18030"\n[sources."高血压专项档案"]\nencoding = "utf-8"\n', "utf-8"
    )
    log = sd.read(folder, mapping=mapping)
    assert "2023-05-01 enrolment" in happened(log, "371001")[0]
    assert log.report.balanced


# WHAT DOES NOT FIT


def test_a_mapping_that_fits_no_file_says_what_it_looked_for(tmp_path):
    """Without people or events nothing is read: the error names the files and what was looked for."""
    folder = export(tmp_path / "export", {"a.csv": "x\n1\n"})
    with pytest.raises(DataError) as refused:
        sd.read(folder, mapping="bphs-forms")
    assert [fault.check for fault in refused.value.faults] == ["no_source", "no_source"]
    assert "a.csv" in refused.value.faults[0].message
    assert "*个人基本信息*" in refused.value.faults[0].hint


def test_a_folder_without_tables_is_refused(tmp_path):
    """A folder of spreadsheets is told to be saved as CSV."""
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    with pytest.raises(DataError, match="CSV"):
        sd.read(tmp_path, mapping="bphs-forms")


def test_files_that_are_not_named_are_noted(tmp_path):
    """A file that no source fits is not read, and that is said."""
    folder = export(tmp_path / "export")
    (folder / "其他.csv").write_text("a\n1\n", "utf-8")
    notes = sd.read(folder, mapping="bphs-forms").report.notes
    assert any("其他.csv" in note for note in notes)
    assert any("随访医生签名" in note for note in notes)


# STANDARD DATA SETS


def ws365(**tables):
    """Give files of WS 365, by name."""
    return {
        "a.csv": "HDSD00.01.001,HDSD00.01.003,HDSD00.01.004\n37,1,19500301\n",
        **{f"{name}.csv": text for name, text in tables.items()},
    }


def test_ws365_day_and_mode_are_swapped_between_the_diseases(tmp_path):
    """HDSD00.01.466 is the day of a hypertension visit and the mode of a diabetes visit; .467 the other way round."""
    files = ws365(
        x="HDSD00.01.001,HDSD00.01.465,HDSD00.01.466,HDSD00.01.467,HDSD00.01.342,HDSD00.01.343,HDSD00.01.483\n"
        "37,R1,20240105,1,136,84,20240405\n",
        y="HDSD00.01.001,HDSD00.01.484,HDSD00.01.466,HDSD00.01.467,HDSD00.01.148\n37,R2,2,20240106,6.5\n",
    )
    log = sd.read(export(tmp_path / "ws", files), mapping="ws365")
    assert not log.report.refusals
    visits = [event for event in log.events_of(0) if event.kind == "follow_up"]
    assert [(visit["mode"], visit["disease"]) for visit in visits] == [
        ("clinic", "hypertension"),
        ("home", "type2-diabetes"),
    ]
    assert [str(visit)[:10] for visit in visits] == ["2024-01-05", "2024-01-06"]


def test_ws365_without_its_record_number_is_not_guessed_at(tmp_path):
    """A visit that has neither .465 nor .484 could be of either disease: it is not read, and the error says so."""
    files = ws365(x="HDSD00.01.001,HDSD00.01.466,HDSD00.01.467\n37,20240105,1\n")
    with pytest.raises(DataError, match=r"HDSD00\.01\.465"):
        sd.read(export(tmp_path / "ws", files), mapping="ws365")


def test_ws372_takes_readings_and_not_targets(tmp_path):
    """Actual and target weight have one data element and two identifiers: only the actual one is a reading."""
    header = ["HDSB04.02.001", "HDSB04.02.004", "HDSB04.02.033", "HDSB04.02.034", "HDSB04.02.037", "HDSB04.02.038"]
    header += ["HDSB04.02.042", "HDSB04.02.043", "HDSB04.02.080", "HDSB04.02.105"]
    row = ["37", "2", "20240105", "4", "136", "84", "70", "60", "T", "20240405"]
    text = f"{','.join(header)}\n{','.join(row)}\n"
    log = sd.read(export(tmp_path / "ws", {"part2.csv": text}), mapping="ws372")
    visit = next(event for event in log.events_of(0) if event.kind == "follow_up")
    assert (visit["weight"], visit["mode"], visit["adverse_reaction"]) == (70.0, "message", True)
    assert log.person_at(0).sex == "female"
    assert log.person_at(0).birth is None


@pytest.mark.parametrize("name", shipped())
def test_shipped_mappings_name_columns_that_mean_something(name):
    """Every shipped mapping reads, and each of its tables of events says who, when and what."""
    for source in read_mapping(name).sources:
        given = {*source.constants, *(one for names in source.columns.values() for one in names)}
        wanted = {"patients": {"patient_id", "birth_date"}, "events": {"patient_id", "date", "kind"}}
        missing = wanted.get(source.table, {"institution"}) - given
        assert missing == set(), source.name


# WRITTEN BACK


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_a_log_of_foreign_tables_is_written_and_read_as_our_own(tmp_path, log, format):
    """``sd.write`` makes the files of this library of a foreign export; they read back as an equal log."""
    sd.write(log, tmp_path / "ours", format)
    again = sd.read(tmp_path / "ours")
    assert equal(again, log)
    assert not again.report.refusals


# CODE BY CODE

CODES = {
    "CV06.00.207": {"1": "clinic", "2": "home", "3": "phone", "4": "message", "5": "online", "9": ""},
    "GB/T 2261.1": {"0": "unknown", "1": "male", "2": "female", "9": "unknown"},
    "CV05.10.012": {"1": "satisfactory", "2": "unsatisfactory", "3": "adverse_reaction", "4": "complication"},
    "CV05.10.012 complication": {"1": "false", "2": "false", "3": "false", "4": "true"},
    "DE06.00.027.00": {"1": "regular", "2": "intermittent", "3": "none"},
    "DE04.50.024.00": {"1": "none", "2": "occasional", "3": "frequent"},
    "adverse reaction (form)": {"1": "false", "2": "true"},
    "WS flag": {"T": "true", "F": "false", "1": "true", "0": "false"},
}
"""The codes of the standards (``domain`` facts: WS 364.11, WS 364.12, WS 372, GB/T 2261.1), written out once more."""


@pytest.mark.parametrize("name", CODES)
def test_code_lists_say_what_the_standards_say(name):
    """Every number of a standard's list, and no other, has its meaning; the list says where it stands."""
    found = code_lists()[name]
    numbers = {code: meaning for code, meaning in found.values.items() if code in CODES[name] or code.isdecimal()}
    assert numbers == CODES[name]
    assert found.source
    assert found.status in ("confirmed", "unverified")


@pytest.mark.parametrize(
    ("column", "cell", "name"),
    [
        ("随访方式", "6", "mode"),
        ("随访方式", "0", "mode"),
        ("此次随访分类", "5", "complication"),
        ("服药依从性", "4", "adherence"),
        ("药物不良反应", "3", "adverse_reaction"),
        ("药物不良反应", "0", "adverse_reaction"),
    ],
)
def test_a_code_that_no_list_has_is_refused_with_its_place(tmp_path, column, cell, name):
    """A number beyond the standard's list refuses its row: file, line, column, value, and where to add it."""
    files = {"个人基本信息.csv": PEOPLE, "高血压随访.csv": f"编号,随访日期,{column}\n371001,20240105,{cell}\n"}
    (refusal,) = sd.read(export(tmp_path / "export", files), mapping="bphs-forms").report.refusals
    assert (refusal.file, refusal.line, refusal.column, refusal.value) == ("高血压随访.csv", 2, name, cell)
    assert f"[sources.高血压随访.codes.{name}]" in refusal.reason


def test_codes_of_the_forms_are_understood_in_every_spelling(tmp_path):
    """1, 1规律 and 规律 are one adherence; 3 不良反应 is a class and no complication; 1 死亡 is found by its word."""
    visits = "编号,随访日期,服药依从性,此次随访分类\n" + "".join(
        f"371001,2024010{i},{adherence},{found}\n"
        for i, (adherence, found) in enumerate([("1规律", "3 不良反应"), ("2", "4"), ("不服药", "控制不满意")], 1)
    )
    ends = "编号,终止日期,终止原因\n371001,20240301,1 死亡\n371002,20240301,1\n"
    files = {"个人基本信息.csv": PEOPLE, "高血压随访.csv": visits, "终止管理.csv": ends}
    log = sd.read(export(tmp_path / "export", files), mapping="bphs-forms")
    told = happened(log, "371001")
    assert [text.split()[2:] for text in told] == [
        ["adherence=regular", "complication=False", "disease=hypertension", "evaluation=adverse_reaction"],
        ["adherence=intermittent", "complication=True", "disease=hypertension", "evaluation=complication"],
        ["adherence=none", "complication=False", "disease=hypertension", "evaluation=unsatisfactory"],
        ["reason=died"],
    ]
    assert [(one.value, one.check) for one in log.report.refusals] == [("1", "unmapped_code")]


def test_a_follow_up_that_sends_somebody_on_is_a_referral_too(tmp_path):
    """转诊原因 filled in is a referral upwards on the day of the visit; 无 is none."""
    visits = "编号,随访日期,转诊原因,转诊机构及科别\n371001,20240105,血压控制不满意,县医院心内科\n371001,20240205,无,\n"
    log = sd.read(
        export(tmp_path / "export", {"个人基本信息.csv": PEOPLE, "高血压随访.csv": visits}), mapping="bphs-forms"
    )
    referrals = [text for text in happened(log, "371001") if "referral" in text]
    assert referrals == [
        "2024-01-05 referral direction=up disease=hypertension item=县医院心内科 reason=血压控制不满意"
    ]


@pytest.mark.parametrize(
    ("file", "header", "event"),
    [
        ("死亡登记.csv", "编号,死亡日期", "2024-03-01 exit reason=died"),
        ("失访.csv", "编号,失访日期,失访原因", "2024-03-01 lost reason=外出"),
        ("迁出.csv", "编号,迁出日期", "2024-03-01 exit reason=moved"),
    ],
)
def test_files_of_deaths_losses_and_moves(tmp_path, file, header, event):
    """A file that is named by what happened needs no column that says it again."""
    row = ",".join(["371001", "20240301", "外出"][: header.count(",") + 1])
    files = {"个人基本信息.csv": PEOPLE, file: f"{header}\n{row}\n合计,,\n"}
    log = sd.read(export(tmp_path / "export", files), mapping="bphs-forms")
    assert happened(log, "371001") == [event]


def test_the_shipped_forms_skip_totals_and_read_identity_numbers(tmp_path):
    """A total below a table of people is nobody, and a person without a birth date may have it in the number."""
    people = "身份证号,性别\n11010519491231002X,女\n合计,1\n"
    visits = "身份证号,随访日期,血压（mmHg）\n11010519491231002x,2024/3/5,152/95\n11010519491231002X,2024/4/5,未测\n"
    log = sd.read(export(tmp_path / "export", {"个人档案.csv": people, "高血压随访.csv": visits}), mapping="bphs-forms")
    assert list(log.people.ids) == ["11010519491231002X"]
    assert str(log.person_at(0).birth) == str((dt.date(1949, 12, 31) - dt.date(1970, 1, 1)).days)
    assert [text.split()[0] for text in happened(log, "11010519491231002X")] == ["2024-03-05", "2024-04-05"]


def test_ws365_referral_of_a_follow_up(tmp_path):
    """HDSD00.01.284 on a follow-up is why somebody was sent on that day."""
    files = ws365(x="HDSD00.01.001,HDSD00.01.465,HDSD00.01.466,HDSD00.01.467,HDSD00.01.284\n37,R1,20240105,1,A\n")
    log = sd.read(export(tmp_path / "ws", files), mapping="ws365")
    assert happened(log, "37")[1] == "2024-01-05 referral direction=up disease=hypertension reason=A"
