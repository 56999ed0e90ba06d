"""Empty files and sheets, tables without a row, and what is called as no table: each is said, none refuses the rest."""

from __future__ import annotations

import pandas as pd
import pytest

import singledisease as sd
from singledisease.errors import DataError

xlsxwriter = pytest.importorskip("xlsxwriter")

PEOPLE = "patient_id,birth_date,sex,institution\nP1,1950-01-01,male,A\n"
EVENTS = "patient_id,date,kind,disease\nP1,2024-01-05,enrolment,hypertension\n"
HEADINGS = EVENTS.partition("\n")[0] + "\n"
MAPPING = """
[sources.people]
table = "patients"
files = ["居民*"]
[sources.people.columns]
"编号" = "patient_id"
"出生" = "birth_date"
[sources.visits]
table = "events"
files = ["随访*"]
constants = { kind = "follow_up" }
[sources.visits.columns]
"编号" = "patient_id"
"日期" = "date"
"""
FOREIGN = {"居民": "编号,出生\nP1,1950-01-01\n", "随访2023": "编号,日期\nP1,2023-01-02\n", "随访2024": ""}


def folder(path, **files):
    """Write files of a folder; two lines under each other stand for the point before the ending."""
    path.mkdir()
    for name, text in files.items():
        (path / name.replace("__", ".")).write_text(text, "utf-8")
    return path


def book(path, sheets):
    """Write a workbook whose sheets hold the cells of comma-separated texts."""
    with xlsxwriter.Workbook(path) as made:
        for name, text in sheets.items():
            sheet = made.add_worksheet(name)
            for i, line in enumerate(text.splitlines()):
                sheet.write_row(i, 0, line.split(","))
    return path


def notes(log, word):
    """Give the beginnings of the notes of a log in which a word stands."""
    return [note.partition(":")[0] for note in log.report.notes if word in note]


def test_what_stands_beside_the_tables_of_a_folder_is_said(tmp_path):
    """A table under another name, an empty one, a workbook and a folder inside are named; remarks are not."""
    made = folder(
        tmp_path / "a",
        patients__csv=PEOPLE,
        events__csv=EVENTS,
        events_2023__csv=EVENTS,
        institutions__csv="\ufeff\r\n",
        readme__txt="about",
        truth__csv="a\n",
        old__xlsx="",
    )
    folder(made / "sub", events__csv=EVENTS)
    folder(made / "pictures", a__png="")
    (made / ".hidden.csv").write_text("a\n", "utf-8")
    log = sd.read(made)
    assert len(log) == 1
    assert notes(log, "is called as no table here, not read") == ["events_2023.csv", "old.xlsx"]
    assert notes(log, "is empty, not read") == ["institutions.csv"]
    assert notes(log, "a folder inside, not read") == ["sub/"]
    assert len(log.report.notes) == 4


def test_a_table_that_must_be_there_is_not_passed_over(tmp_path):
    """Without any heading patients and events are refused, with the way out."""
    made = folder(tmp_path / "a", patients__csv=PEOPLE, events__csv="")
    with pytest.raises(DataError, match=r"(?s)events\.csv: .*the file is empty.*export it anew"):
        sd.read(made)


@pytest.mark.parametrize("how", ["csv", "xlsx", "frames"])
def test_headings_without_a_row_are_said(tmp_path, how):
    """Of a table whose columns are named and that holds no row the report says so, whatever it came in."""
    if how == "csv":
        log = sd.read(folder(tmp_path / "a", patients__csv=PEOPLE, events__csv=HEADINGS))
    elif how == "xlsx":
        log = sd.read(book(tmp_path / "a.xlsx", {"patients": PEOPLE, "events": HEADINGS}))
    else:
        people = pd.DataFrame(
            {"patient_id": ["P1"], "birth_date": ["1950-01-01"], "sex": ["male"], "institution": ["A"]}
        )
        log = sd.read_frames(people, pd.DataFrame(columns=HEADINGS.strip().split(","), dtype=str))
    assert len(log) == 0
    (said,) = notes(log, "names its columns and holds no row")
    assert "events" in said


def test_an_empty_sheet_beside_full_ones_is_said(tmp_path):
    """Of a workbook that is a registry, and of one with a mapping, empty sheets are named in the report."""
    plain = book(tmp_path / "a.xlsx", {"patients": PEOPLE, "events": EVENTS, "institutions": "", "Sheet4": ""})
    assert notes(sd.read(plain), "is empty, not read") == ["a.xlsx[institutions]", "a.xlsx[Sheet4]"]
    (tmp_path / "m.toml").write_text(MAPPING, "utf-8")
    foreign = sd.read(book(tmp_path / "b.xlsx", FOREIGN), mapping=tmp_path / "m.toml")
    assert len(foreign) == 1
    assert notes(foreign, "is empty, not read") == ["b.xlsx[随访2024]"]


def test_an_empty_file_of_a_foreign_system_is_said(tmp_path):
    """Neither inspection nor reading by a mapping stops at an empty file beside full ones; both name it."""
    (tmp_path / "m.toml").write_text(MAPPING, "utf-8")
    made = folder(tmp_path / "a", **{f"{name}__csv": text for name, text in FOREIGN.items()}, 别的__xlsx="")
    log = sd.read(made, mapping=tmp_path / "m.toml")
    assert notes(log, "is empty, not read") == ["随访2024.csv"]
    assert notes(log, "not read") == ["别的.xlsx", "随访2024.csv"]
    assert any("随访2024.csv" in note for note in sd.inspect(made).notes)


def test_files_that_are_all_empty_are_refused(tmp_path):
    """Where there is nothing else, an empty file is what is wrong."""
    (tmp_path / "m.toml").write_text(MAPPING, "utf-8")
    with pytest.raises(DataError, match="is empty"):
        sd.read(folder(tmp_path / "a", 居民__csv="", 随访__csv=" \n"), mapping=tmp_path / "m.toml")
