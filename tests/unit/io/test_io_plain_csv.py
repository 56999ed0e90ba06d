"""Plain CSV files by way of pyarrow: the same table as cell by cell, or none at all."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from singledisease.eventlog.columns import value_at
from singledisease.eventlog.raw import RawTable
from singledisease.io import csv_fast as plain_csv
from singledisease.io.csv import read_csv
from singledisease.io.csv_fast import read_plain
from singledisease.io.tables import read_table

CELLS = st.sampled_from(
    ["", "P1", " P1 ", "高血压", "152.0", "null", "NA", "true", "2024-01-01", "\ufeff", "é", "0152"]
)
ENDS = st.sampled_from(["\n", "\r\n"])
SCRAPS = st.sampled_from(["", "", "", '"', "\r", "\n", "\0", ",", "\ufeff", "x,y\n", "\n\n", " \n", "\u2028", "\x0b"])


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one file that every example writes anew."""
    return tmp_path_factory.mktemp("plain") / "events.csv"


def told(table: RawTable) -> tuple[object, ...]:
    """Say all that a raw table holds, in plain values."""
    cells = {name: [value_at(column, i) for i in range(len(table))] for name, column in table.columns.items()}
    return cells, table.line.tolist(), table.refused, table.notes, table.file


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6), ENDS, st.tuples(SCRAPS, st.integers(0, 60)), st.data())
def test_a_plain_file_is_read_as_cell_by_cell(
    file: Path, rows: list[tuple[str, ...]], end: str, scrap: tuple[str, int], data: st.DataObject
) -> None:
    """Where the quick way answers, cells, lines and notes are those of the slow one, whatever stands in between."""
    text = end.join(["patient_id,日期,kind", *[",".join(row) for row in rows]]) + data.draw(st.sampled_from(["", end]))
    text = text[: scrap[1]] + scrap[0] + text[scrap[1] :]
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
    file.write_text(text, encoding=encoding, newline="")
    quick = read_plain(file, "events", encoding, large=0)
    assert quick is None or told(quick) == told(read_csv(file, "events", encoding))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"patient_id\nP1\n",
        b"patient_id,patient_id\nP1,\n",
        b"patient_id,\nP1,\n",
        b'patient_id,date\n"P1",\n',
        b"patient_id,date\nP1,\x00\n",
        b"patient_id,date\rP1,\r",
        b"patient_id,date\nP1,\n\nP2,\n",
        b"patient_id,date\nP1\n",
        b"patient_id,date\n\xff,\n",
        b"\xff,date\nP1,\n",
        b"patient_id,date\n" + b"P" * 140_000 + b",\n",
    ],
)
def test_what_is_not_plain_is_left_to_the_other_reader(file: Path, content: bytes) -> None:
    """Nothing is guessed of a file that two readers might take differently."""
    file.write_bytes(content)
    assert read_plain(file, "events", "utf-8", large=0) is None


def test_lines_are_counted_across_parts(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file longer than what is looked at in one go keeps the line of every row."""
    monkeypatch.setattr(plain_csv, "_PART", 7)
    file.write_text("patient_id,date\r\n" + "".join(f"P{i},2024-01-01\r\n" for i in range(50)), newline="")
    table = read_plain(file, "events", "utf-8", large=0)
    assert table is not None
    assert told(table) == told(read_csv(file, "events"))


def test_the_quick_way_is_taken_for_what_it_can_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file, an encoding it does not know, and a machine without pyarrow take the slow way."""
    file.write_text("patient_id,date\nP1,2024-01-01\n")
    assert read_plain(file, "events", "utf-8") is None
    assert read_plain(file, "events", "utf-16", large=0) is None
    assert read_plain(file, "events", "no such", large=0) is None
    assert read_plain(file, "events", "GBK", large=0) is not None
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr(plain_csv, "find_spec", lambda _: None)
    assert read_plain(file, "events", "utf-8", large=0) is None


def test_large_files_come_to_the_same_with_and_without_pyarrow(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file large enough for the quick way is read the same without it."""
    file.write_text("patient_id,date\n" + "".join(f"P{i},2024-01-{i % 28 + 1:02}\n" for i in range(250_000)))
    quick = read_table(file, "events")
    monkeypatch.setattr(plain_csv, "find_spec", lambda _: None)
    slow = read_table(file, "events")
    assert (quick.line == slow.line).all()
    for name, column in quick.columns.items():
        assert [value_at(column, i) for i in (0, 1, 249_999)] == [
            value_at(slow.columns[name], i) for i in (0, 1, 249_999)
        ]
