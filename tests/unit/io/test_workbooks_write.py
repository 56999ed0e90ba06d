"""Workbooks out: results as sheets, cells by what they are, the file whole or not at all."""

import datetime as dt
import os
import zipfile

import pytest
import python_calamine

import singledisease as sd
from singledisease.errors import DataError, UsageError
from singledisease.io.workbooks.write import LONGEST_TEXT

PATIENTS = [{"patient_id": "P1", "birth_date": "1950-03-01"}, {"patient_id": "P2", "birth_date": dt.date(1951, 1, 1)}]
EVENTS = [
    {"patient_id": "P1", "date": "2023-01-05", "kind": "enrolment", "disease": "hypertension"},
    {"patient_id": "P2", "date": "2023-01-05", "kind": "enrolment", "disease": "hypertension"},
    {"patient_id": "P1", "date": "2024-11-05", "kind": "follow_up", "disease": "hypertension", "sbp": 138, "dbp": 82},
    {"patient_id": "P9", "date": "2024-11-05", "kind": "follow_up", "disease": "hypertension"},
]


@pytest.fixture
def log():
    """Give two people, of whom one is seen, and a row of nobody."""
    return sd.read_frames(PATIENTS, EVENTS)


def sheets(path):
    """Read a workbook back as rows by sheet."""
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("zh", ["指标", "口径", "人员名单", "工作清单", "读取情况", "拒绝的行与读数", "说明"]),
        ("en", ["Scorecard", "Policies", "People", "Worklist", "Rows read", "Refused", "Notes"]),
    ],
)
def test_results_become_sheets(tmp_path, log, language, names):
    """Every result has its sheet, called in the language asked for, with the figures of the scorecard as numbers."""
    score = sd.evaluate(sd.measures("cn-bphs-2017", diseases="hypertension"), log, period="2024")
    listed = sd.people(score, "hypertension.control", "denominator")
    due = sd.worklist(log, on="2024-12-31", diseases="hypertension")
    path = tmp_path / "report.xlsx"
    sd.write_workbook(path, score=score, people=listed, worklist=due, report=log, language=language)
    found = sheets(path)
    assert list(found) == names
    head, *rows = found[names[0]]
    rate = head.index("率" if language == "zh" else "Rate")
    measures = {one.measure.names.in_language(language): one.measure.id for one in score.measures}
    wanted = {row["measure"]: row["rate"] for row in score.table()}
    assert {measures[row[0]]: row[rate] for row in rows} == {**wanted, "hypertension.managed": ""}
    assert len(found[names[2]]) == 1 + len(listed)
    assert len(found[names[3]]) == 1 + len(due)
    assert [row[1:5] for row in found[names[5]][1:]] == [["events", "events frame", 4.0, "patient_id"]]


def test_headings_stay_and_shares_are_percentages(tmp_path):
    """Headings are frozen, a share has a format in percent, a text that looks like a formula is none."""
    table = sd.Table({"who": ["=1+1"], "rate": [0.25]}, formats={"rate": ".1%"})
    sd.write_workbook(tmp_path / "a.xlsx", tables={"x": table})
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        sheet, styles = parts.read("xl/worksheets/sheet1.xml").decode(), parts.read("xl/styles.xml").decode()
    assert 'state="frozen"' in sheet
    assert "<f>" not in sheet
    assert "0.0%" in styles
    assert sheets(tmp_path / "a.xlsx")["x"] == [["who", "rate"], ["=1+1", 0.25]]


def test_cells_are_what_they_are(tmp_path):
    """Days are days, days that spreadsheets miscount and long numbers are texts, what is missing is blank."""
    cells = [dt.date(2024, 1, 5), dt.date(1899, 1, 5), 10**17, True, None, ("a", "b")]
    sd.write_workbook(tmp_path / "a.xlsx", tables={"x": sd.Table({"cell": cells})})
    rows = [row[0] for row in sheets(tmp_path / "a.xlsx")["x"]]
    assert rows == ["cell", dt.date(2024, 1, 5), "1899-01-05", "100000000000000000", True, "", "a, b"]


def test_the_same_results_are_the_same_file(tmp_path):
    """Nothing of the day on which it was written is in the file."""
    for name in ("a.xlsx", "b.xlsx"):
        sd.write_workbook(tmp_path / name, tables={"x": sd.Table({"n": [1]})})
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("name", "tables", "check"),
    [
        ("a.xls", {"x": sd.Table({"n": [1]})}, "file_name"),
        ("none/a.xlsx", {"x": sd.Table({"n": [1]})}, "no_folder"),
        ("folder.xlsx", {"x": sd.Table({"n": [1]})}, "is_folder"),
        ("a.xlsx", {}, "no_sheet"),
        ("a.xlsx", {"a/b": sd.Table({"n": [1]})}, "sheet_name"),
        ("a.xlsx", {"x": sd.Table({"n": [1]}), "X": sd.Table({"n": [1]})}, "sheet_name"),
        ("a.xlsx", {"x": sd.Table({"n": ["a" * (LONGEST_TEXT + 1)]})}, "too_long"),
        ("a.xlsx", {"x": sd.Table({"n": range(1_048_576)})}, "too_many_rows"),
    ],
)
def test_what_no_workbook_can_hold_is_refused(tmp_path, name, tables, check):
    """Nothing is cut: what does not fit is refused before a file is touched."""
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(UsageError) as refused:
        sd.write_workbook(tmp_path / name, tables=tables)
    assert next(fault.check for fault in refused.value.faults) == check
    assert sorted(file.name for file in tmp_path.iterdir()) == ["folder.xlsx"]


def test_a_name_or_language_that_does_not_fit_is_refused(tmp_path, log):
    """A table may not take the name of a result's sheet, and there are two languages."""
    with pytest.raises(UsageError, match="Notes"):
        sd.write_workbook(tmp_path / "a.xlsx", report=log.report, tables={"Notes": sd.Table({})})
    with pytest.raises(UsageError, match="language"):
        sd.write_workbook(tmp_path / "a.xlsx", report=log.report, language="fr")


def test_what_stood_there_stays_if_writing_fails(tmp_path, monkeypatch):
    """A full disk leaves last month's file as it was, and nothing beside it."""
    (tmp_path / "a.xlsx").write_bytes(b"last month")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises((UsageError, sd.SingleDiseaseError), match="No space"):
        sd.write_workbook(tmp_path / "a.xlsx", tables={"x": sd.Table({"n": [1]})})
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"last month"]


def test_lists_of_dictionaries_are_a_registry(log):
    """A name that a row lacks is blank, rows count from 1, a number that is not exact is nobody's."""
    assert [(one.line, one.check) for one in log.report.refusals] == [(4, "unknown_person")]
    patients = [{"patient_id": 371081197005050011.0, "birth_date": "1970-05-05"}]
    report = sd.read_frames([*PATIENTS, *patients], EVENTS).report
    assert "shortened_id" in [one.check for one in report.refusals]
    with pytest.raises(UsageError, match="str"):
        sd.read_frames(["P1"], EVENTS)
    with pytest.raises(DataError, match="patients"):
        sd.read_frames([{"patient_id": object(), "birth_date": "1950-01-01"}], EVENTS)
