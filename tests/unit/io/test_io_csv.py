"""CSV files: every way in which they can be bad ends in a refusal or a documented error."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from singledisease.errors import DataError, SingleDiseaseError, UsageError
from singledisease.eventlog.columns import value_at
from singledisease.eventlog.raw import RawTable
from singledisease.io import csv as csv_module
from singledisease.io.csv import read_csv
from singledisease.io.folder import read_folder

HEADER = b"patient_id,date,kind\n"


def read(folder: Path, content: bytes, encoding: str = "utf-8-sig") -> RawTable:
    """Read bytes as a file of events."""
    path = folder / "events.csv"
    path.write_bytes(content)
    return read_csv(path, "events", encoding)


def texts(table: RawTable, column: str) -> list[object]:
    """Give a column as plain values."""
    return [value_at(table.columns[column], i) for i in range(len(table))]


@pytest.mark.parametrize(
    ("content", "ids", "lines"),
    [
        (b"patient_id\nP1\nP2\n", ["P1", "P2"], [2, 3]),
        (b"\xef\xbb\xbfpatient_id\r\nP1\r\nP2", ["P1", "P2"], [2, 3]),
        (b"patient_id\rP1\rP2", ["P1", "P2"], [2, 3]),
        (b" patient_id ,x\nP1,\n\n\nP2,\n", ["P1", "P2"], [2, 5]),
        (b'patient_id,x\n"P\n1",\n"P""2",\n', ["P\n1", 'P"2'], [2, 4]),
        (b"\npatient_id\nP1\n", ["P1"], [3]),
        (b"patient_id,x\n", [], []),
        (b"patient_id\nP\x001\n", ["P\x001"], [2]),
    ],
)
def test_rows_come_with_the_line_they_begin_on(
    tmp_path: Path, content: bytes, ids: list[str], lines: list[int]
) -> None:
    """Line ends of any system, a byte-order mark, empty lines and quoted line breaks are read."""
    table = read(tmp_path, content)
    assert texts(table, "patient_id") == ids
    assert table.line.tolist() == lines
    assert table.refused == ()


def test_more_rows_than_one_block_are_read_in_order(tmp_path: Path) -> None:
    """Blocks of rows follow each other without a gap."""
    count = 70_000
    table = read(tmp_path, b"patient_id\n" + b"".join(b"P%d\n" % i for i in range(count)))
    assert texts(table, "patient_id") == [f"P{i}" for i in range(count)]
    assert table.line[-1] == count + 1


@pytest.mark.parametrize(
    ("row", "check"),
    [
        (b"P1,2024-01-01", "wrong_number_of_cells"),
        (b"P1,2024-01-01,test,1", "wrong_number_of_cells"),
        (b'P1,2024-01-01,"te"st', "unreadable_row"),
        (b"P1,2024-01-01," + b"x" * 200_000, "unreadable_row"),
    ],
)
def test_a_row_that_is_no_row_is_refused_and_the_next_is_read(tmp_path: Path, row: bytes, check: str) -> None:
    """A ragged or broken row is refused with its line; the others stand."""
    table = read(tmp_path, HEADER + b"P0,2024-01-01,test\n" + row + b"\nP2,2024-01-01,test\n")
    assert texts(table, "patient_id") == ["P0", "P2"]
    assert [(found.line, found.check, found.file) for found in table.refused] == [(3, check, "events.csv")]


@pytest.mark.parametrize(
    ("content", "check"),
    [
        (b"", "empty_file"),
        (b"\n\n", "empty_file"),
        (b'"patient_id', "header"),
        (b"patient_id,date,date\n", "duplicate_column"),
        (b"patient_id;date\n", "separator"),
        (b"patient_id\tdate\n", "separator"),
        ("patient_id,date".encode("utf-16-le"), "not_text"),
        ("patient_id,date".encode("utf-16"), "not_text"),
        (HEADER + b'P1,"2024-01-01,test\nP2,2024-01-01,test\n', "open_quotation"),
        (HEADER + b'P1,"2024-01-01,test\nP2,"2024-01-01,test\n', "open_quotation"),
        (HEADER + b'P1,"\n' + b"x" * 200_000 + b"\n", "open_quotation"),
    ],
)
def test_a_file_that_is_no_table_is_a_documented_error(tmp_path: Path, content: bytes, check: str) -> None:
    """Nothing else than a ``DataError`` with the right fault."""
    with pytest.raises(DataError) as caught:
        read(tmp_path, content)
    assert [fault.check for fault in caught.value.faults] == [check]


def test_an_open_quotation_is_told_where_it_opens(tmp_path: Path) -> None:
    """The line on which the row begins is named."""
    with pytest.raises(DataError, match=r"events\.csv:3"):
        read(tmp_path, HEADER + b'P1,2024-01-01,test\nP2,"2024-01-01,test\nP3,2024-01-01,test\n')


def test_a_column_without_a_name_is_left_out_with_a_note(tmp_path: Path) -> None:
    """An index written by a dataframe library does no harm."""
    table = read(tmp_path, b",patient_id\n0,P1\n")
    assert list(table.columns) == ["patient_id"]
    assert "[1]" in table.notes[0]


def test_gb18030_is_recognised_and_read(tmp_path: Path) -> None:
    """A file that is not UTF-8 but looks like GB18030 gets a hint, and following it reads the file."""
    content = "patient_id,ward\nP1,内科\n".encode("gb18030")
    with pytest.raises(DataError, match="--encoding gb18030"):
        read(tmp_path, content)
    assert texts(read(tmp_path, content, "gb18030"), "ward") == ["内科"]


def test_bytes_that_are_no_text_at_all_get_no_such_hint(tmp_path: Path) -> None:
    """What GB18030 cannot be either is only told to be UTF-8."""
    with pytest.raises(DataError, match="save the file as UTF-8") as caught:
        read(tmp_path, b"patient_id\n\xff\xff\n")
    assert "gb18030" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["klingon", "base64", "utf\0"])
def test_an_encoding_that_does_not_exist_is_wrong_usage(tmp_path: Path, encoding: str) -> None:
    """The name of the encoding is shown."""
    with pytest.raises(UsageError, match="encoding"):
        read(tmp_path, HEADER, encoding)


def test_a_file_that_cannot_be_opened_is_a_documented_error(tmp_path: Path) -> None:
    """A missing file and a folder in its place are told apart from bad content."""
    with pytest.raises(DataError, match="unreadable_file"):
        read_csv(tmp_path / "nothing.csv", "events")
    with pytest.raises(DataError, match="unreadable_file"):
        read_csv(tmp_path, "events")


WORDS = [b"patient_id", b"date", b"kind", b"sbp", b"P1", b"2024-01-01", b"test"]
tokens = st.sampled_from([*WORDS, b",", b",", b"\n", b"\n", b'"', b"\r", b"\0", b"\xff"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80) | st.lists(tokens, max_size=30).map(b"".join), st.booleans())
def test_any_bytes_end_in_a_log_or_a_documented_error(tmp_path: Path, content: bytes, as_events: bool) -> None:
    """Whatever stands in a file, there is a log whose account is balanced, or an error of this library."""
    people = b"patient_id,birth_date\nP1,1960-01-01\n"
    (tmp_path / "patients.csv").write_bytes(people if as_events else b"patient_id,birth_date\n" + content)
    (tmp_path / "events.csv").write_bytes(HEADER + content if as_events else HEADER)
    try:
        log = read_folder(tmp_path)
    except SingleDiseaseError:
        return
    assert log.report.balanced
    assert log.report.table("events").accepted == len(log)
    assert log.report.table("patients").accepted == len(log.people)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60))
def test_any_bytes_as_a_whole_file_end_in_a_documented_error_or_a_table(tmp_path: Path, content: bytes) -> None:
    """Headers may be anything too."""
    try:
        table = read(tmp_path, content)
    except SingleDiseaseError:
        return
    assert all(len(column) == len(table) for column in table.columns.values())


PIECES = st.sampled_from(
    ["P1,2024-01-01,test\n", '"P\n1",,"a""b"\r\n', "\n", "short\n", 'a"b,c,d\n', '"a"b,c,d\n', '",', "\0,,\r"]
)


@given(st.lists(PIECES, max_size=12), st.integers(1, 4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_how_many_lines_are_taken_at_once_makes_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pieces: list[str], block: int
) -> None:
    """Rows over several lines, bad rows and blank lines come out the same wherever a block ends."""

    def told(lines: int) -> object:
        with monkeypatch.context() as patch:
            patch.setattr(csv_module, "_BLOCK", lines)
            try:
                table = read(tmp_path, HEADER + "".join(pieces).encode())
            except DataError as error:
                return str(error)
        return [texts(table, name) for name in table.columns], table.line.tolist(), table.refused

    assert told(block) == told(1 << 15)
