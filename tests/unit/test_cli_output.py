"""What is written where, and how tables look on a terminal."""

from __future__ import annotations

import io
import json
from contextlib import contextmanager, redirect_stderr, redirect_stdout

import pytest

from singledisease.cli import output
from singledisease.cli.options import language
from singledisease.tables import Table

TABLE = Table(
    {
        "patient": ["P1", "P2"],
        "due": ["2024-02-29", "2024-05-01"],
        "by": [{"sex": "male"}, {}],
        "why": ["很久" * 60, "x"],
    },
    headings={"patient": ("患者", "Patient")},
)


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self):
        """Say yes."""
        return True


@contextmanager
def terminal(monkeypatch):
    """Make standard output and standard error a terminal of 60 places."""
    out, err = Terminal(), Terminal()
    with monkeypatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
        patched.setenv("COLUMNS", "60")
        patched.setenv("TERM", "dumb")
        yield out, err


def test_terminal_tables_fit_and_lose_nothing(monkeypatch):
    """On a terminal long texts are folded and short ones, such as dates, are whole: every character is there."""
    with terminal(monkeypatch) as (out, _):
        output.show_table(TABLE, "table", "zh")
    text = out.getvalue()
    assert "患者" in text
    assert "2024-02-29" in text
    assert "male" in text
    assert text.count("很") == 60


def test_elsewhere_tables_are_plain(capsys):
    """In a pipe a table is plain text, one line for each row."""
    output.show_table(TABLE, "table", "en")
    assert len(capsys.readouterr().out.splitlines()) == 4


def test_json_and_csv_of_a_table(capsys):
    """JSON reads back to the rows; CSV has a header."""
    output.show_table(TABLE, "json", "en")
    assert json.loads(capsys.readouterr().out)[0]["patient"] == "P1"
    output.show_table(TABLE, "csv", "en")
    assert capsys.readouterr().out.startswith("patient,due,by.sex,why\n")


def test_progress_is_for_those_who_watch(monkeypatch):
    """On a terminal progress counts people on standard error."""
    with terminal(monkeypatch) as (out, err):
        told = output.progress()
        told(1000, 2000)
        told(2000, 2000)
    assert "2,000 / 2,000" in err.getvalue()
    assert out.getvalue() == ""


def test_no_progress_in_a_pipe():
    """Where nobody watches there is no progress."""
    assert output.progress() is None


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "ZH_TW"}, "zh"),
    ],
)
def test_language_follows_the_environment(environ, said):
    """The first of LC_ALL, LC_MESSAGES and LANG that says anything decides."""
    assert language(environ) == said
