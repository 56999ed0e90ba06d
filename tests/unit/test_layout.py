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
        (["a,b,c", "1,2,3"], (1, ",")),
        (["登记表,,", "a,b,c", "1,2,3"], (2, ",")),
        (["登记表", "", "a\tb\tc", "1\t2\t3"], (3, "\t")),
        (['"收缩压\n', '(mmHg)",b,c\n', "1,2,3\n"], (1, ",")),
        (["a"], (1, ",")),
        ([], (1, ",")),
        (["a;b,c;d", "1;2;3"], (1, ";")),
    ],
)
def test_the_line_of_headings_is_guessed(lines, found):
    """Headings fill most cells of their row; titles above fill one or two."""
    assert heading_line(lines) == found


def test_spreadsheets_are_refused_whatever_they_are_called(tmp_path):
    """An xlsx file named .csv is told to be saved as CSV, not that it is in another encoding."""
    folder = export(tmp_path / "export")
    (folder / "高血压随访2.csv").write_bytes(b"PK\x03\x04\x14\x00")
    with pytest.raises(DataError, match="CSV UTF-8") as refused:
        sd.inspect(folder)
    assert [fault.check for fault in refused.value.faults] == ["spreadsheet"]
    with pytest.raises(DataError, match="CSV UTF-8"):
        sd.read(folder, mapping="bphs-forms")


def test_a_folder_of_spreadsheets_names_them(tmp_path):
    """A folder without a text file says which files would have to be saved."""
    (tmp_path / "高血压随访.xlsx").write_bytes(b"PK")
    with pytest.raises(DataError) as refused:
        sd.inspect(tmp_path)
    assert [(fault.check, fault.where) for fault in refused.value.faults][1:] == [("spreadsheet", "高血压随访.xlsx")]
