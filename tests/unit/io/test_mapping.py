"""Mapping files: foreign columns and codes under the names used here."""

from __future__ import annotations

import numpy as np
import pytest
from cli_world import registry
from hypothesis import given
from hypothesis import strategies as st

import singledisease as sd
from singledisease.errors import DataError, UsageError
from singledisease.eventlog.columns import coded
from singledisease.eventlog.raw import raw_rows
from singledisease.io.mapping import CodeList, RecordSystem, Source, apply, code_lists, read_mapping, take
from singledisease.io.mapping.codes import recode
from singledisease.io.mapping.names import find_column, fits

MODES = code_lists()["CV06.00.207"]


def written(folder, text):
    """Write a mapping file."""
    file = folder / "mapping.toml"
    file.write_text(text, "utf-8")
    return file


def codes(**values):
    """Make a code list of foreign codes and what they mean."""
    return CodeList(name="list", values=values)


def texts(column):
    """Give a column as texts."""
    return [column.text(i) for i in range(len(column))]


# COLUMNS


def short(**more):
    """Make the short form of a mapping, of events."""
    return RecordSystem(tables={"events": Source(name="events", table="events", others="keep", **more)})


def test_columns_and_codes_are_renamed():
    """A foreign column gets its name here, and codes are found under that name, spaces around them ignored."""
    mapping = short(columns={"收缩压": ("sbp",), "方式": ("mode",)}, codes={"mode": codes(门诊="clinic", 家访="home")})
    raw = raw_rows("events", {"收缩压": ["152", None], "方式": [" 门诊 ", "家访"], "item": ["门诊", ""]})
    table = apply(mapping, raw)
    assert sorted(table.columns) == ["item", "mode", "sbp"]
    assert texts(table.columns["mode"]) == ["clinic", "home"]
    assert table.columns["item"].text(0) == "门诊"


def test_two_foreign_codes_of_one_meaning():
    """Two foreign codes that mean the same become one category; what is a code here already stays."""
    mapping = short(codes={"mode": codes(门诊="clinic", 诊室="clinic")})
    column = apply(mapping, raw_rows("events", {"mode": ["门诊", "诊室", "phone"]})).columns["mode"]
    assert column.categories == ("", "clinic", "phone")
    assert column.codes.tolist() == [1, 1, 2]


def test_other_tables_stay_as_they_are():
    """A table that the mapping does not name is the same object."""
    raw = raw_rows("patients", {"patient_id": ["P1"]})
    assert apply(short(), raw) is raw


def test_absent_columns_are_noted():
    """A mapped column that the file lacks is worth a note, not an error: one mapping serves many exports."""
    table = apply(short(columns={"收缩压": ("sbp",)}), raw_rows("events", {"date": ["2024-01-01"]}))
    assert "收缩压" in table.notes[0]


def test_two_columns_of_one_name_are_refused():
    """A mapping that would make two columns sbp is refused."""
    raw = raw_rows("events", {"收缩压": ["152"], "sbp": ["151"]})
    with pytest.raises(DataError, match="sbp"):
        apply(short(columns={"收缩压": ("sbp",)}), raw)


def test_of_several_columns_the_first_is_taken():
    """Of several columns for one name the first that the mapping names is taken, and the other is noted."""
    source = Source(name="s", table="events", columns={"右侧": ("sbp",), "左侧": ("sbp",)})
    made = take(source, raw_rows("events", {"左侧": ["150"], "右侧": ["140"]}))
    assert texts(made.table.columns["sbp"]) == ["140"]
    assert "左侧" in made.table.notes[0]


def test_one_column_may_become_two():
    """A foreign column may be read in two ways: why management ended is the kind of event and its reason."""
    source = Source(
        name="s",
        table="events",
        columns={"原因": ("kind", "reason")},
        codes={"kind": codes(误诊="exit"), "reason": codes(误诊="misdiagnosed")},
    )
    columns = take(source, raw_rows("events", {"原因": ["误诊"]})).table.columns
    assert (texts(columns["kind"]), texts(columns["reason"])) == (["exit"], ["misdiagnosed"])


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (["收缩压（ｍｍHg）"], "收缩压（ｍｍHg）"),
        ([" 收缩压 "], " 收缩压 "),
        (["收缩压(kPa)"], None),
        (["舒张压"], None),
        (["收缩压(mmHg)", "收缩压"], "收缩压"),
    ],
)
def test_columns_are_found_by_name_and_unit(header, found):
    """Width, spaces and the right unit in brackets make no difference; another unit is another column."""
    assert find_column("收缩压", ("sbp",), header) == found


def test_columns_that_are_not_named_are_left_out():
    """Names and telephone numbers do not come along from a source table unless the mapping says so."""
    raw = raw_rows("patients", {"编号": ["1"], "姓名": ["某"]})
    columns = {"编号": ("patient_id",)}
    assert list(take(Source(name="s", table="patients", columns=columns), raw).table.columns) == ["patient_id"]
    kept = take(Source(name="s", table="patients", columns=columns, others="keep"), raw)
    assert sorted(kept.table.columns) == ["patient_id", "姓名"]


# CODES


@pytest.mark.parametrize(
    ("cell", "meaning"),
    [
        ("1", "clinic"),
        ("01", "clinic"),
        ("1.0", "clinic"),
        ("门诊", "clinic"),
        ("1 门诊", "clinic"),
        ("1.门诊", "clinic"),
        ("２、家庭", "home"),
        ("9 其他", None),
        ("clinic", "clinic"),
        ("", None),
    ],
)
def test_codes_are_found_by_number_and_words(cell, meaning):
    """A code is found whole, by its number and by its words; 其他 is known, and means nothing that counts."""
    made = recode("mode", coded([cell]), MODES)
    assert not made.unknown.any()
    assert texts(made.column) == [meaning]


@pytest.mark.parametrize("cell", ["7", "1 家庭", "5 自助", "微信视频", "1|2"])
def test_codes_that_do_not_agree_are_not_guessed(cell):
    """A number the list lacks, or one whose words are of another meaning or of none, is not taken."""
    made = recode("mode", coded([cell]), MODES)
    assert made.unknown.tolist() == [True]
    assert texts(made.column) == [cell]


def test_the_rest_of_the_codes_may_be_named():
    """A star stands for every other code, and as a meaning for the code itself."""
    column = coded(["a", "b", "c"])
    assert texts(recode("item", column, CodeList(name="l", values={"a": "x", "*": ""})).column) == ["x", None, None]
    assert texts(recode("item", column, CodeList(name="l", values={"a": "x", "*": "*"})).column) == ["x", "b", "c"]


def test_several_diseases_in_a_cell():
    """A cell that names two diseases becomes one tag of both; one unknown name among them refuses it."""
    diseases = code_lists()["diseases, by name"]
    made = recode("disease", coded(["2型糖尿病、高血压", "高血压,痛风"]), diseases)
    assert made.column.text(0) == "hypertension|type2-diabetes"
    assert made.unknown.tolist() == [False, True]


def test_an_unknown_code_refuses_its_row_with_the_way_out():
    """The refusal has file, line, column and value, and says where to add the code; the row is counted."""
    source = Source(
        name="随访", table="events", columns={"号": ("patient_id",), "方式": ("mode",)}, codes={"mode": MODES}
    )
    made = take(source, raw_rows("events", {"号": ["P1", "P2"], "方式": ["电话访", "1"]}, file="visits.csv"))
    (refusal,) = made.table.refused
    assert (refusal.file, refusal.line, refusal.column, refusal.value) == ("visits.csv", 2, "mode", "电话访")
    assert (refusal.check, refusal.key) == ("unmapped_code", "P1")
    assert "[sources.随访.codes.mode]" in refusal.reason
    assert "did you mean 电话" in refusal.reason
    assert made.table.line.tolist() == [3]


@given(st.lists(st.text(max_size=8)))
def test_any_text_is_a_code_or_unknown(cells):
    """Whatever stands in a column of codes, each row is either of the list or marked as unknown."""
    made = recode("mode", coded(cells), MODES)
    known = {"", *MODES.values.values(), *("clinic", "home", "phone", "message", "online")}
    for i in np.flatnonzero(~made.unknown).tolist():
        assert (made.column.text(i) or "") in known


@pytest.mark.parametrize("name", sorted(code_lists()))
def test_every_code_list_says_where_it_stands_and_how_sure_it_is(name):
    """A shipped code list has a title, a source and a status."""
    found = code_lists()[name]
    assert found.title
    assert found.source
    assert found.status in ("confirmed", "unverified", "provisional", "proposal")


# ROWS


def visits(**columns):
    """Make a raw table of visits."""
    return raw_rows("events", columns)


def test_constants_fill_what_the_file_does_not_have():
    """Every row of a table may be a follow-up of hypertension without saying so."""
    source = Source(name="s", table="events", constants={"kind": "follow_up", "mode": ""}, columns={"日": ("date",)})
    columns = take(source, visits(日=["2024-01-01", "2024-01-02"])).table.columns
    assert texts(columns["kind"]) == ["follow_up", "follow_up"]
    assert texts(columns["mode"]) == [None, None]


def test_two_pressures_in_a_cell_are_divided():
    """``152/95`` becomes two columns; what is not two parts goes whole to both, to be refused there."""
    source = Source(name="s", table="events", split={"血压": ("sbp", "dbp")})
    columns = take(source, visits(血压=["152/95", "150／90", "152"])).table.columns
    assert texts(columns["sbp"]) == ["152", "150", "152"]
    assert texts(columns["dbp"]) == ["95", "90", "152"]


def test_dates_are_read_in_the_forms_that_are_named():
    """Dates of a named form become YYYY-MM-DD, impossible ones too; others stay as they are, to be read or refused."""
    source = Source(name="s", table="events", columns={"日": ("date",)}, dates=("%Y/%m/%d", "%Y年%m月%d日"))
    made = take(source, visits(日=["2024/2/1", "2024年12月3日", "20240301", "2024/2/30", ""]))
    assert texts(made.table.columns["date"]) == ["2024-02-01", "2024-12-03", "20240301", "2024-02-30", None]


def test_rows_that_say_nothing_are_skipped_and_counted():
    """A visit without a next visit is no appointment: skipped, counted, and said why."""
    source = Source(name="s", table="events", columns={"日": ("date",), "下次": ("until",)}, only_with=("until",))
    made = take(source, visits(日=["2024-01-01", "2024-01-02"], 下次=[" ", "2024-03-01"]))
    assert (made.skipped, made.table.line.tolist()) == (1, [3])
    assert "until" in made.table.notes[0]


def test_rows_are_taken_by_what_stands_in_a_column():
    """One test of a laboratory's list is one source: in any spelling of its name and unit, the rest is skipped."""
    source = Source(
        name="s", table="events", where={"项目": ("空腹血糖", "GLU"), "单位": ("mmol/L",)}, columns={"结果": ("fpg",)}
    )
    rows = visits(
        项目=["空腹血糖", "glu ", "尿酸", "空腹血糖"],
        单位=["mmol/L", "ｍmol／L", "mmol/L", "mg/dL"],
        结果=["6", "7", "8", "108"],
    )
    made = take(source, rows)
    assert (made.skipped, made.table.line.tolist()) == (2, [2, 3])
    assert [note.partition("skipped: ")[2] for note in made.table.notes] == [
        "项目: 不是 / not 空腹血糖, GLU",
        "单位: 不是 / not mmol/L",
    ]
    assert fits(source, "a.csv", ["项目", "单位", "结果"])
    assert not fits(source, "a.csv", ["项目", "结果"])
    with pytest.raises(DataError, match="no such column"):
        take(source, visits(结果=["6"], 单位=["mmol/L"]))


def test_once_takes_the_earliest_row_of_each_person():
    """The first follow-up of each person may stand for the beginning of management."""
    source = Source(
        name="s", table="events", columns={"号": ("patient_id",), "日": ("date",)}, dates=("%Y/%m/%d",), once=True
    )
    made = take(source, visits(号=["A", "B", " A", "B"], 日=["2024/3/1", "2024/1/5", "2024/2/1", "什么"]))
    assert made.table.line.tolist() == [3, 4]
    assert made.skipped == 2


# FILES


@pytest.mark.parametrize(
    ("text", "checks"),
    [
        ('[visits.columns]\na = "b"\n[events.names]\na = "b"\n', ["unknown_table", "unknown_part"]),
        ("[events.columns]\na = 1\n[events.codes]\nmode = 2\n", ["not_names", "not_names"]),
        ("events = 3\n", ["not_names"]),
        ('[events]\ncolumns = ["a"]\ncodes = "b"\n', ["not_names", "not_names"]),
        ('收缩压 = "sbp"', ["unreadable_mapping"]),
        ('[sources.a]\nfiles = "x"\n[sources.b]\ntable = "visits"\n', ["no_table", "not_names", "not_names"]),
        ('[sources.a]\ntable = "events"\ncodes.mode = "CV06.00.208"\n', ["unknown_list"]),
        ('extends = "bphs"\n', ["unknown_mapping"]),
        ('[events]\nwhere = ["a"]\n[patients]\nwhere = { a = "b" }\n', ["not_names", "not_names"]),
        ("[events]\nwhere = { a = [] }\n", ["not_names"]),
        ('[sources.a]\ntable = "events"\nonce = 1\nothers = "all"\n', ["not_names", "not_names"]),
        ('[sources.a]\ntable = "events"\nconstants = {sbp = "1"}\ncolumns = {a = "sbp"}\n', ["column_and_constant"]),
        ('[lists.a]\ntitle = "x"\n', ["not_names"]),
        ("sources = 1\n", ["not_names"]),
        ("[sources]\na = 1\n", ["not_names"]),
    ],
)
def test_faults_are_told_all_at_once(tmp_path, text, checks):
    """Everything a mapping cannot say is told at once, each by its check."""
    with pytest.raises(DataError) as refused:
        read_mapping(written(tmp_path, text))
    assert [fault.check for fault in refused.value.faults] == checks


def test_a_misspelt_part_is_suggested(tmp_path):
    """A part that is not known is answered with the one that was perhaps meant."""
    with pytest.raises(DataError, match="did you mean constants"):
        read_mapping(written(tmp_path, '[sources.a]\ntable = "events"\nconstant = {kind = "call"}\n'))


def test_a_missing_file_is_refused(tmp_path):
    """A mapping that is neither a file nor shipped is a documented error that names those that are shipped."""
    with pytest.raises(DataError, match="mapping"):
        read_mapping(tmp_path / "mapping.toml")
    with pytest.raises(DataError, match="did you mean ws365"):
        read_mapping("ws356")


def test_a_mapping_may_extend_a_shipped_one(tmp_path):
    """What one's own mapping says stands before what the shipped one says, and replaces it where both say it."""
    text = 'extends = "bphs-forms"\n[sources."高血压随访"]\nfiles = ["htn*"]\ncolumns = { "最近收缩压" = "sbp" }\n'
    source = next(one for one in read_mapping(written(tmp_path, text)).sources if one.name == "高血压随访")
    assert source.files == ("htn*",)
    assert next(iter(source.columns)) == "最近收缩压"
    assert source.columns["收缩压"] == ("sbp",)
    assert source.constants["kind"] == "follow_up"


def test_a_column_cannot_be_a_constant_too():
    """A name that is given both by a column and as a constant is wrong usage."""
    with pytest.raises(UsageError, match="mode"):
        Source(name="s", table="events", columns={"方式": ("mode",)}, constants={"mode": "clinic"})


@pytest.mark.parametrize(
    ("file", "header", "fitting"),
    [
        ("2024高血压随访表.csv", ["随访日期"], True),
        ("高血压随访.parquet", ["随访日期（日）"], True),
        ("糖尿病随访.csv", ["随访日期"], False),
        ("高血压随访.csv", ["建卡日期"], False),
        ("高血压随访.csv", ["随访日期", "作废"], False),
    ],
)
def test_files_are_told_apart_by_name_and_columns(file, header, fitting):
    """A file is a source table if its name matches, it has what it must and lacks what it must not have."""
    source = Source(name="s", table="events", files=("*高血压*随访*",), has=("随访日期",), lacks=("作废",))
    assert fits(source, file, header) is fitting


def test_read_takes_a_mapping(tmp_path):
    """``sd.read`` gives the same log for renamed columns."""
    data = registry(tmp_path / "data")
    wanted = sd.read(data)
    text = (data / "events.csv").read_text("utf-8").replace("sbp,dbp", "高压,dbp")
    (data / "events.csv").write_text(text, "utf-8")
    log = sd.read(data, mapping=written(tmp_path, '[events.columns]\n"高压" = "sbp"\n'))
    assert log.columns["sbp"].values.tolist() == pytest.approx(wanted.columns["sbp"].values.tolist(), nan_ok=True)
