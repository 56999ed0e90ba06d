"""Results as a workbook, to be opened in a spreadsheet program."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from singledisease.errors import UsageError, did_you_mean, require_kind
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.report import LoadReport
from singledisease.io.workbooks.result_sheets import SHEETS, sheets_of_report, sheets_of_score
from singledisease.io.workbooks.write import write_sheets
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.disclosed import Disclosed
from singledisease.tables import Table, named

LANGUAGES = ("zh", "en")


def write_workbook(
    path: str | Path,
    *,
    score: Scorecard | Disclosed | None = None,
    people: Table | None = None,
    worklist: Table | None = None,
    report: LoadReport | EventLog | None = None,
    tables: Mapping[str, Table] | None = None,
    language: str = "en",
) -> None:
    """Write results as an ``.xlsx`` workbook, a sheet each; needs the ``excel`` extra.

    Headings stay in sight and can be filtered by.  Shares are numbers that are shown as percentages, days are dates,
    texts are texts even where they begin with ``=``, what is undefined is blank.  The file is written whole or not
    at all, and the same results are the same file.

    Parameters
    ----------
    path
        The file, called ``.xlsx``.
    score
        From ``evaluate``: one sheet of figures, and one of the policies they rest on.
    people
        From ``people``.
    worklist
        From ``worklist``, whose own ``language`` its texts have.
    report
        ``log.report``, or the log: what became of the rows of each table, every refusal, further notes.
    tables
        Further tables by the name of their sheet.
    language
        Of sheets, headings and names: ``zh`` or ``en``.

    Raises
    ------
    UsageError
        If there is nothing to write or no such language, the file cannot be written, or a sheet cannot have its name
        or hold its table.
    MissingExtraError
        If xlsxwriter is not installed.

    >>> import singledisease as sd
    >>> due = sd.Table({"patient_id": ["P1"], "overdue_days": [12]})
    >>> sd.write_workbook("due.xlsx", worklist=due, language="zh")
    """
    require_kind(path, str, Path, way="sd.write_workbook(path, …)", named="path")
    if language not in LANGUAGES:
        raise UsageError(f"没有语言 / there is no language {language!r}; {did_you_mean(language, LANGUAGES)}")
    found = list(sheets_of_score(score, language)) if score is not None else []
    found += [(name, table) for name, table in (("people", people), ("worklist", worklist)) if table is not None]
    if report is not None:
        found += sheets_of_report(report.report if isinstance(report, EventLog) else report)
    sheets = {named(SHEETS[name], language): table for name, table in found}
    if twice := sheets.keys() & (tables or {}).keys():
        raise UsageError(f"工作表名重复 / two sheets of one name: {', '.join(sorted(twice))}")
    write_sheets({**sheets, **(tables or {})}, path, language)
