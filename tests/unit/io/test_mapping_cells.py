"""Foreign cells and rows: days, words for nothing, identity numbers, footers."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from foreign_world import export, happened
from hypothesis import given
from hypothesis import strategies as st

import singledisease as sd
from singledisease.eventlog.columns import Numbers, coded
from singledisease.eventlog.identity_number import identity_of
from singledisease.eventlog.parse_column import as_text
from singledisease.eventlog.raw import RawTable, raw_rows
from singledisease.io.mapping import Source, read_mapping, take
from singledisease.io.mapping.cells import cleaned, dated
from singledisease.io.mapping.days import day_in, day_reader

WOMAN, MAN = "11010519491231002X", "440524188001010014"
"""The two examples in which GB 11643-1999 shows its check character, 1949-12-31 and 1880-01-01."""


def texts(column):
    """Give a column as texts."""
    return [column.text(i) for i in range(len(column))]


def taken(cells, **source):
    """Take a table of events (or of what ``table`` says) with these columns."""
    table = source.pop("table", "events")
    return take(Source(name="s", table=table, **source), raw_rows(table, cells))


# DAYS


@pytest.mark.parametrize(
    ("text", "form", "day"),
    [
        ("2024/3/5", "%Y/%m/%d", "2024-03-05"),
        ("2024年3月5日", "%Y年%m月%d日", "2024-03-05"),
        ("2024-03-05 08:30:00", "%Y-%m-%d %H:%M:%S", "2024-03-05"),
        ("2024-03-05 08:30:00.123", "%Y-%m-%d %H:%M:%S.%f", "2024-03-05"),
        ("20240305083000", "%Y%m%d%H%M%S", "2024-03-05"),
        ("5 Mar 2024", "%d %b %Y", "2024-03-05"),
        ("45356", "excel", "2024-03-05"),
        ("45356.354", "excel", "2024-03-05"),
        ("61", "excel", "1900-03-01"),
        ("60", "excel", None),
        ("99999", "excel", None),
        ("4535６", "excel", None),
        ("2024/2/30", "%Y/%m/%d", None),
        ("2024/3/5 ", "%Y/%m/%d", None),
        ("2024-03-05 25:00:00", "%Y-%m-%d %H:%M:%S", None),
        ("32 Mar 2024", "%d %b %Y", None),
    ],
)
def test_days_are_read_by_their_form(text, form, day):
    """A text is a day of a form or none; a time of day is left off, an impossible day is none."""
    found = day_reader(form)(text)
    assert (None if found is None else found.isoformat()) == day


@given(st.dates(dt.date(1900, 3, 1), dt.date(2099, 12, 31)))
def test_a_spreadsheets_number_is_days_since_1899_12_30(day):
    """Every day of two centuries is found again by the number that spreadsheets keep for it."""
    assert day_in(str((day - dt.date(1899, 12, 30)).days), ("%Y/%m/%d", "excel")) == day


def test_numbers_of_days_may_be_numbers():
    """A Parquet column of spreadsheet numbers is read as one of text is."""
    column = dated(Numbers(np.array([45356.0, np.nan])), ("excel",))
    assert texts(as_text(column)) == ["2024-03-05", None]
    numbers = Numbers(np.array([20240305.0]))
    assert dated(numbers, ("%Y/%m/%d",)) is numbers


def test_a_refused_day_is_shown_as_it_stands(tmp_path):
    """A day after death is refused with the cell of the file, though it was read as another text."""
    files = {
        "p.csv": "编号,生日,死亡\n1,18000,44927\n",
        "v.csv": "编号,日期\n1,45356\n",
    }
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        """
dates = ["excel"]
[sources.p]
table = "patients"
files = ["p"]
columns = { "编号" = "patient_id", "生日" = "birth_date", "死亡" = "death_date" }
[sources.v]
table = "events"
files = ["v"]
constants = { kind = "checkup" }
columns = { "编号" = "patient_id", "日期" = "date" }
""",
        "utf-8",
    )
    log = sd.read(export(tmp_path / "export", files), mapping=mapping)
    assert log.person_at(0).birth == (dt.date(1949, 4, 12) - dt.date(1970, 1, 1)).days
    (refusal,) = log.report.refusals
    assert (refusal.check, refusal.value) == ("after_death", "45356")
    assert "2024-03-05" in refusal.reason


# WORDS FOR NOTHING, AND WHAT SPREADSHEETS PUT AROUND A TEXT


def test_words_for_nothing_are_blank():
    """未测 and NULL stand where nothing is known if the mapping says so, whatever their case."""
    made = taken({"高": ["未测", "null", "152"]}, columns={"高": ("sbp",)}, blank=("未测", "NULL"))
    assert texts(made.table.columns["sbp"]) == [None, None, "152"]
    kept = taken({"高": ["未测"]}, columns={"高": ("sbp",)})
    assert texts(kept.table.columns["sbp"]) == ["未测"]


def test_marks_that_keep_a_number_text_are_taken_off():
    """="0012", '0012 and a trailing tab are how exports keep a spreadsheet from shortening a number."""
    assert texts(cleaned(coded(['="0012"', "'0012", "0012\t"]), ())) == ["0012"] * 3
    column = coded(["a"])
    assert cleaned(column, ()) is column


# ROWS


def test_footers_and_empty_rows_are_no_records():
    """合  计 at the beginning of a row is none; the same word in another cell is; and blank rows say nothing."""
    ids, names = ["1", "合  计", None, "2", None], ["合计", "12", " ", "乙", "制表人：某"]
    made = taken({"编号": ids, "备注": names}, columns={"编号": ("patient_id",)}, footers=("合计", "制表人"))
    assert texts(made.table.columns["patient_id"]) == ["1", "2"]
    assert made.skipped == 3
    assert len(made.table.notes) == 2


def test_without_footers_every_row_is_a_record():
    """Nothing is taken for a footer unless the mapping says what one begins with."""
    assert len(taken({"编号": ["合计", None]}, columns={"编号": ("patient_id",)}).table) == 2


def test_once_is_once_for_each_disease():
    """Of rows that name diseases the earliest of each person and disease is taken; without a day the first."""
    columns = {"号": ["1", "1", "1"], "病": ["a", "b", "a"], "日": ["2024-03-01", "2024-02-01", "2024-01-01"]}
    named = {"号": ("patient_id",), "病": ("disease",), "日": ("date",)}
    made = taken(columns, columns=named, once=True)
    assert made.table.line.tolist() == [3, 4]
    del named["日"], named["病"]
    assert taken(columns, columns=named, once=True).table.line.tolist() == [2]


# WHO PEOPLE ARE


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        (WOMAN, "1949-12-31", "female"),
        (WOMAN.lower(), "1949-12-31", "female"),
        (MAN, "1880-01-01", "male"),
        ("110105194912310020", None, None),
        ("11010519491331002X", None, None),
        ("1101051949123100", None, None),
        ("110105********002X", None, None),
    ],
)
def test_identity_numbers_say_birth_and_sex(number, born, sex):
    """A number with the right check character says both; any other says nothing."""
    found = identity_of(number)
    assert (found and found.birth.isoformat(), found and found.sex) == (born, sex)


def test_a_day_that_is_none_is_no_birth():
    """A number whose check character is right, but whose day is none, says nothing."""
    body = "11010519491332002"
    whole = next(body + mark for mark in "0123456789X" if _checks(body + mark))
    assert identity_of(whole) is None


def _checks(number):
    weights = [2**i % 11 for i in range(17, 0, -1)]
    return "10X98765432"[sum(int(digit) * w for digit, w in zip(number, weights, strict=False)) % 11] == number[17]


def test_identity_numbers_fill_what_nothing_else_says():
    """A birth date of its own goes first; blanks are filled; numbers that do not check are counted."""
    made = taken(
        {"号": ["1", "2", "3"], "证": [WOMAN, MAN, "1"], "生日": ["1950-01-01", None, None]},
        table="patients",
        columns={"号": ("patient_id",), "生日": ("birth_date",)},
        id_number=("证",),
    )
    assert texts(made.table.columns["birth_date"]) == ["1950-01-01", "1880-01-01", None]
    assert texts(made.table.columns["sex"]) == ["female", "male", None]
    assert any(note.endswith(": 1") for note in made.table.notes)
    assert made.unused == ()


def test_identity_numbers_name_people_in_one_spelling():
    """…x in one file and …X in another is one person; another text that ends in x stays as it is."""
    made = taken({"证": [WOMAN.lower(), "abcx"]}, columns={"证": ("patient_id",)})
    assert texts(made.table.columns["patient_id"]) == [WOMAN, "abcx"]
    numbers = RawTable(name="events", columns={"证": Numbers(np.array([1.0]))}, file="f", line=np.array([2]))
    assert take(Source(name="s", table="events", columns={"证": ("patient_id",)}), numbers).cells == {}


# MAPPINGS


def test_what_stands_at_the_top_is_of_every_table(tmp_path):
    """Dates, blanks, footers, header and separator may be said once; a table's own goes first."""
    file = tmp_path / "m.toml"
    file.write_text(
        """
dates = ["excel"]
blank = ["-"]
footers = ["合计"]
header = 2
separator = ";"
[sources.a]
table = "events"
[sources.b]
table = "events"
header = 1
dates = []
[events]
""",
        "utf-8",
    )
    system = read_mapping(file)
    one, other = system.sources
    assert (one.dates, one.blank, one.footers, one.header, one.separator) == (("excel",), ("-",), ("合计",), 2, ";")
    assert (other.dates, other.header, other.separator) == ((), 1, ";")
    assert (system.tables["events"].dates, system.header) == (("excel",), 2)


@pytest.mark.parametrize("line", ["header = 0", "header = true", 'separator = "x"', "blank = 1", 'dates = "excel"'])
def test_what_cannot_stand_at_the_top(tmp_path, line):
    """A line number below 1, an unknown separator and a text that should be a list are refused."""
    file = tmp_path / "m.toml"
    file.write_text(f"{line}\n", "utf-8")
    with pytest.raises(sd.DataError) as refused:
        read_mapping(file)
    assert [fault.check for fault in refused.value.faults] == ["not_names"]


def test_nobody_enrolled_is_said(tmp_path):
    """An export that does not say when management began gives figures of nobody: the report says what to do."""
    files = {"人员.csv": "编号,出生日期\n1,19500101\n", "高血压随访.csv": "编号,随访日期\n1,20240105\n"}
    log = sd.read(export(tmp_path / "export", files), mapping="bphs-forms")
    assert any('kind = "enrolment"' in note for note in log.report.notes)
    assert happened(log, "1") == ["2024-01-05 follow_up disease=hypertension"]


# PEOPLE BY SEVERAL NUMBERS


def by_two_numbers(folder, people, visits):
    """Read people who have a record number and an identity number, and visits that name one or the other."""
    mapping = folder / "m.toml"
    mapping.write_text(
        """
[sources.p]
table = "patients"
files = ["p"]
columns = { "档案号" = "patient_id" }
id_number = ["证"]
also = ["证"]
[sources.v]
table = "events"
files = ["v*"]
constants = { kind = "checkup" }
columns = { "档案号" = "patient_id", "证" = "patient_id", "日期" = "date" }
""",
        "utf-8",
    )
    return sd.read(export(folder / "export", {"p.csv": people, **visits}), mapping=mapping)


def test_people_are_found_by_another_number(tmp_path):
    """One file calls people by record numbers, another by identity numbers: the table of people joins them."""
    people = f"档案号,证\nA,{WOMAN}\nB,{MAN}\n"
    visits = {"v1.csv": "档案号,日期\nA,20240105\n", "v2.csv": f"证,日期\n{WOMAN.lower()},20240205\n{MAN},20240305\n"}
    log = by_two_numbers(tmp_path, people, visits)
    assert [happened(log, name) for name in ("A", "B")] == [
        ["2024-01-05 checkup", "2024-02-05 checkup"],
        ["2024-03-05 checkup"],
    ]
    assert any("2 人按另一编号对上" in note for note in log.report.notes)


def test_a_number_of_two_people_is_nobodys(tmp_path):
    """A number that stands beside two people names neither; one that is somebody's own names that person."""
    people = f"档案号,证\nA,{WOMAN}\nB,{WOMAN}\nC,A\n"
    visits = {"v.csv": f"证,日期\n{WOMAN},20240105\nA,20240205\n"}
    log = by_two_numbers(tmp_path, people, visits)
    assert happened(log, "A") == ["2024-02-05 checkup"]
    (refusal,) = log.report.refusals
    assert (refusal.check, refusal.value) == ("unknown_person", WOMAN)


def test_a_day_refused_for_its_person_shows_the_number_of_the_file(tmp_path):
    """A refused row of somebody found by another number shows the cell that stands in the file."""
    people = f"档案号,证\nA,{WOMAN}\n"
    log = by_two_numbers(tmp_path, people, {"v.csv": f"证,日期\n{WOMAN},19300105\n"})
    (refusal,) = log.report.refusals
    assert (refusal.check, refusal.key) == ("before_birth", "A")


def test_a_misspelt_name_is_noted_with_what_was_meant():
    """A name like one that means something here is kept, and the report asks; one like no other is not asked about."""
    made = taken({"高": ["140"], "级": ["a"]}, columns={"高": ("spb",), "级": ("grade_of_risk",)})
    (note,) = made.table.notes
    assert "spb (did you mean sbp" in note
    assert "grade_of_risk" not in note
