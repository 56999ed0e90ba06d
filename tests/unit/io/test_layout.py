"""How rows stand in foreign text files: titles above, tabs between, headings twice, blank cells past the last."""

from __future__ import annotations

import pytest
from foreign_world import export

import singledisease as sd
from singledisease.errors import DataError
from singledisease.io.csv import read_csv, read_header
from singledisease.io.layout import LAYOUT, Layout, heading_line


def read(folder, text, layout, encoding="utf-8"):
    """Read text as a file."""
    file = folder / "a.csv"
    file.write_bytes(text.encode(encoding))
    return read_csv(file, "events", encoding, layout)


def cells(table):
    """Give a table as columns of texts."""
    return {name: [column.text(i) for i in range(len(table))] for name, column in table.columns.items()}


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_what_parts_the_cells_is_seen_from_the_headings(tmp_path, mark):
    """A line of headings without a comma is parted by what it has."""
    table = read(tmp_path, f"a{mark}b\n1{mark}2\n", Layout())
    assert cells(table) == {"a": ["1"], "b": ["2"]}


def test_our_own_files_have_commas(tmp_path):
    """Files that are called as they are here are parted by commas, and a heading stands once."""
    with pytest.raises(DataError, match="separator"):
        read(tmp_path, "a\tb\n1\t2\n", LAYOUT)
    with pytest.raises(DataError, match="duplicate_column"):
        read(tmp_path, "a,a\n1,2\n", LAYOUT)


def test_a_title_may_stand_above_the_headings(tmp_path):
    """Lines above the headings are no rows, and every row keeps the line it stands on."""
    table = read(tmp_path, "某县登记表,\r\n,\r\na,b\r\n1,2\r\n", Layout(header=3))
    assert cells(table) == {"a": ["1"], "b": ["2"]}
    assert table.line.tolist() == [4]


def test_a_heading_that_repeats_is_numbered(tmp_path):
    """The second 收缩压 is 收缩压#2, so that a mapping can name it."""
    table = read(tmp_path, "编号,收缩压,收缩压,收缩压\n1,140,150,160\n", Layout())
    assert list(table.columns) == ["编号", "收缩压", "收缩压#2", "收缩压#3"]
    assert read_header(tmp_path / "a.csv", layout=Layout()) == tuple(table.columns)


def test_blank_cells_past_the_last_heading_are_left_out(tmp_path):
    """A comma too many at the end of a row is no reason to refuse it; a value too many is."""
    table = read(tmp_path, "a,b\n1,2,\n1,2,3\n", Layout())
    assert cells(table) == {"a": ["1"], "b": ["2"]}
    assert [(one.check, one.line) for one in table.refused] == [("wrong_number_of_cells", 3)]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["a,b,c", "1,2,3"], (1, 1, ",")),
        (["登记表,,", "a,b,c", "1,2,3"], (2, 1, ",")),
        (["登记表", "", "a\tb\tc", "1\t2\t3"], (3, 1, "\t")),
        (['"收缩压\n', '(mmHg)",b,c\n', "1,2,3\n"], (1, 1, ",")),
        (["a"], (1, 1, ",")),
        ([], (1, 1, ",")),
        (["a;b,c;d", "1;2;3"], (1, 1, ";")),
        (["编号,血压,,心率", ",高,低,", "1,140,90,70"], (1, 2, ",")),
        (["登记表,,,,", "编号,第1次,,第2次,", ",日期,高,日期,高", "1,2024,140,2024,150"], (2, 2, ",")),
        (["编号,血压,", ",140,90", "1,140,90"], (1, 1, ",")),
    ],
)
def test_the_line_of_headings_is_guessed(lines, found):
    """Headings fill most cells of their row, titles above one or two; of two lines each fills the other's blanks."""
    assert heading_line(lines) == found


def test_headings_on_two_lines(tmp_path):
    """The lower of two lines names a column, with its group if that name stands twice; rows begin below."""
    text = "某县登记表,,,,\n编号,第1次,,第2次,\n,日期,高,日期,高\n1,2024,140,2025,150\n"
    table = read(tmp_path, text, Layout(header=2, header_lines=2))
    assert list(table.columns) == ["编号", "第1次日期", "第1次高", "第2次日期", "第2次高"]
    assert table.line.tolist() == [4]
    assert list(read(tmp_path, "编号,血压\n", Layout(header_lines=2)).columns) == []


def test_an_export_with_headings_on_two_lines_is_guessed(tmp_path):
    """Groups of columns for each visit are visits side by side."""
    text = (
        "某县随访登记表,,,,,,,\n档案号,出生日期,第1次,,,第2次,,\n,,随访日期,收缩压,舒张压,随访日期,收缩压,舒张压\n"
        "1,1950/1/1,2024/1/5,140,90,2024/2/5,150,95\n合计,1,,,,,,\n"
    )
    found = sd.inspect(export(tmp_path / "export", {"高血压随访.csv": text}, "gb18030"))
    assert found.trouble == ""
    assert "header_lines = 2" in found.mapping
    assert [str(event) for event in found.log.events_of(found.log.find("1"))] == [
        "2024-01-05 follow_up sbp=140.0 dbp=90.0 disease=hypertension",
        "2024-02-05 follow_up sbp=150.0 dbp=95.0 disease=hypertension",
    ]


def test_spreadsheets_are_refused_whatever_they_are_called(tmp_path):
    """An xlsx file named .csv is told to be saved as CSV, not that it is in another encoding."""
    folder = export(tmp_path / "export")
    (folder / "高血压随访2.csv").write_bytes(b"PK\x03\x04\x14\x00")
    with pytest.raises(DataError, match="CSV UTF-8") as refused:
        sd.inspect(folder)
    assert [fault.check for fault in refused.value.faults] == ["spreadsheet"]
    with pytest.raises(DataError, match="CSV UTF-8"):
        sd.read(folder, mapping="bphs-forms")


def test_web_pages_are_refused_whatever_they_are_called(tmp_path):
    """What record systems call .xls is often a web page with a table; called .csv, it is told to be saved as one."""
    (tmp_path / "高血压随访.csv").write_text("\ufeff<html><table><tr><td>档案号</td></tr></table></html>", "utf-8")
    with pytest.raises(DataError, match="HTML"):
        sd.inspect(tmp_path)


def test_a_folder_of_spreadsheets_names_them(tmp_path):
    """A folder of workbooks that cannot be read as such says which file would have to be saved."""
    (tmp_path / "高血压随访.xlsx").write_bytes(b"PK")
    with pytest.raises(DataError) as refused:
        sd.inspect(tmp_path)
    assert [(fault.check, fault.where) for fault in refused.value.faults] == [("spreadsheet", "高血压随访.xlsx")]
