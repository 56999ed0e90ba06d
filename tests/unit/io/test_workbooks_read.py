"""Workbooks in: sheets as tables, cells as a text file would hold them, the same log as from CSV."""

import datetime as dt

import pytest
import xlsxwriter

import singledisease as sd
from singledisease.errors import DataError
from singledisease.io.sheet_names import telling_name
from singledisease.io.workbooks.cells import laid_out, text_of

PATIENTS = [
    ("patient_id", "birth_date", "sex"),
    ("P1", dt.date(1950, 1, 5), "male"),
    ("P2", dt.date(1951, 2, 6), "female"),
]
EVENTS = [
    ("patient_id", "date", "kind", "disease", "sbp", "dbp"),
    ("P1", dt.date(2023, 1, 5), "enrolment", "hypertension", None, None),
    ("P1", dt.date(2024, 3, 5), "follow_up", "hypertension", 138, 82.5),
]


def book(path, sheets, merged=()):
    """Write rows as the sheets of a workbook; of each merge the sheet, four corners and what stands in it."""
    with xlsxwriter.Workbook(str(path)) as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        made = {name: workbook.add_worksheet(name) for name in sheets}
        for name, *corners, text in merged:
            made[name].merge_range(*corners, text)
        for name, rows in sheets.items():
            for i, row in enumerate(rows):
                for j, value in enumerate(row):
                    if isinstance(value, dt.date):
                        made[name].write_datetime(i, j, value, day)
                    elif value is not None:
                        made[name].write(i, j, value)
    return path


@pytest.mark.parametrize("names", [("patients", "events"), ("患者", "事件"), ("Patients ", "服务记录")])
def test_a_workbook_reads_as_the_same_registry_as_csv(tmp_path, names):
    """Sheets that are called as tables are, in either language, give the log that their CSV files give."""
    log = sd.read(book(tmp_path / "book.xlsx", dict(zip(names, (PATIENTS, EVENTS), strict=True))))
    folder = tmp_path / "csv"
    folder.mkdir()
    for name, rows in (("patients", PATIENTS), ("events", EVENTS)):
        lines = (",".join("" if cell is None else str(cell) for cell in row) for row in rows)
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    sd.write(log, tmp_path / "from_book")
    sd.write(sd.read(folder), tmp_path / "from_csv")
    for name in ("patients.csv", "events.csv"):
        assert (tmp_path / "from_book" / name).read_text() == (tmp_path / "from_csv" / name).read_text()
    assert log.source.files == (f"book.xlsx[{names[1]}]",)
    assert log.source.line.tolist() == [2, 3]


def test_a_number_that_was_shortened_is_nobodys(tmp_path):
    """Eighteen digits kept as a number have lost their end and are refused, fifteen are the number itself."""
    patients = [PATIENTS[0], (371081197005050011, dt.date(1950, 1, 5), "male")]
    patients += [(123456789012345, dt.date(1950, 1, 5), "male")]
    events = [EVENTS[0], (123456789012345, *EVENTS[1][1:])]
    report = sd.read(book(tmp_path / "book.xlsx", {"患者": patients, "事件": events})).report
    assert [(one.check, one.line, one.value) for one in report.refusals] == [("shortened_id", 2, "3.7108119700505E+17")]
    assert report.table("events").accepted == 1


def test_rows_are_called_by_their_number_in_the_sheet(tmp_path):
    """A blank row is no record, and the rows after it keep their numbers."""
    events = [*EVENTS[:2], (), ("P1", dt.date(2024, 3, 5), "follow_up", "hypertension", 9999, 82)]
    report = sd.read(book(tmp_path / "book.xlsx", {"patients": PATIENTS, "events": events})).report
    assert [(one.file, one.line, one.column) for one in report.readings] == [("book.xlsx[events]", 4, "sbp")]


def test_a_sheet_that_is_no_table_is_named(tmp_path):
    """Nothing is left out in silence: a sheet of another name stands in the notes."""
    log = sd.read(book(tmp_path / "b.xlsx", {"patients": PATIENTS, "events": EVENTS, "说明": [("x",)]}))
    assert any("b.xlsx[说明]" in note for note in log.report.notes)


@pytest.mark.parametrize(
    ("sheets", "check"),
    [
        ({"patients": PATIENTS, "随访": EVENTS}, "missing_file"),
        ({"patients": PATIENTS, "患者": PATIENTS, "events": EVENTS}, "two_files"),
        ({"patients": []}, "empty_file"),
    ],
)
def test_a_workbook_that_is_no_registry_says_why(tmp_path, sheets, check):
    """A table that is missing, is there twice, or holds nothing is a fault with a way out."""
    with pytest.raises(DataError) as refused:
        sd.read(book(tmp_path / "book.xlsx", sheets))
    assert check in [fault.check for fault in refused.value.faults]


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"<html><table>", b""])
def test_what_is_no_workbook_is_told_to_be_saved(tmp_path, content):
    """A web page that is called xls, or half a file, is refused with what to do about it."""
    (tmp_path / "book.xls").write_bytes(content)
    with pytest.raises(DataError, match="CSV"):
        sd.read(tmp_path / "book.xls")


def foreign(tmp_path):
    """Write a workbook as a township keeps it: titles, merged headings, one cell for two visits of a person."""
    people = [(), ("档案号", "出生日期", "性别")]
    people += [(f"A{i}", dt.date(1950, 1, 5 + i), "男") for i in range(3)]
    visits = [(), (), (None, None, "收缩压", "舒张压")]
    for i in range(3):
        visits += [(None, dt.date(2024, 1 + k, 5 + i), 140 + i, 80 + k) for k in (0, 1)]
    merged = [("居民档案", 0, 0, 0, 2, "某县居民档案"), ("高血压随访", 0, 0, 0, 3, "高血压随访登记")]
    merged += [("高血压随访", 1, 0, 2, 0, "档案号"), ("高血压随访", 1, 1, 2, 1, "随访日期")]
    merged += [("高血压随访", 1, 2, 1, 3, "血压")]
    merged += [("高血压随访", 3 + 2 * i, 0, 4 + 2 * i, 0, f"A{i}") for i in range(3)]
    return book(tmp_path / "2024.xlsx", {"居民档案": people, "高血压随访": visits}, merged)


def test_the_draft_of_a_workbook_reads_it(tmp_path):
    """Inspection finds titles and merged headings, and the mapping that it drafts reads the workbook."""
    path = foreign(tmp_path)
    found = sd.inspect(path, enrolment="first_follow_up")
    assert not found.trouble
    assert 'files = ["高血压随访"]' in found.mapping
    (tmp_path / "mapping.toml").write_text(found.mapping, "utf-8")
    log = sd.read(path, mapping=tmp_path / "mapping.toml")
    assert log == found.log
    assert log.report.table("高血压随访").accepted == 6
    assert len(log.people) == 3


def test_a_folder_of_workbooks_is_read_as_one(tmp_path):
    """Each workbook may hold a part; the file that a program puts beside an open one is none."""
    book(tmp_path / "a.xlsx", {"patients": PATIENTS})
    book(tmp_path / "b.xlsx", {"events": EVENTS})
    (tmp_path / "~$b.xlsx").write_bytes(b"open")
    assert sd.read(tmp_path) == sd.read([tmp_path / "a.xlsx", tmp_path / "b.xlsx"])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (12, "12"),
        (0.1, "0.1"),
        (999999999999999.0, "999999999999999"),
        (1e15, "1E+15"),
        (dt.datetime(2024, 1, 5), "2024-01-05"),
        (dt.datetime(2024, 1, 5, 10), "2024-01-05T10:00:00"),
        ("血\n压", "血 压"),
        (None, ""),
    ],
)
def test_cells_are_written_as_a_text_file_holds_them(value, text):
    """A whole number has no point, midnight is a day, a time of day stays one, a cell is one line."""
    assert text_of(value) == text


def test_a_merged_cell_is_true_of_all_its_rows():
    """A person's number over two visits stands in both; a merged heading beside grouped ones stays on its line."""
    cells = [["id", "bp", ""], ["", "sbp", "dbp"], ["P1", 140, 80], ["", 150, 90]]
    merged = [((0, 0), (1, 0)), ((0, 1), (0, 2)), ((2, 0), (3, 0))]
    assert laid_out(cells, merged).splitlines() == ["id,bp,", ",sbp,dbp", "P1,140,80", "P1,150,90"]


@pytest.mark.parametrize(
    ("file", "name"),
    [("a.xlsx[Sheet1]", "a.xlsx"), ("a.xlsx[工作表2]", "a.xlsx"), ("a.xlsx[表示]", "表示"), ("a.csv", "a.csv")],
)
def test_the_name_that_tells(file, name):
    """A sheet that nobody has named says nothing, its workbook does."""
    assert telling_name(file) == name
