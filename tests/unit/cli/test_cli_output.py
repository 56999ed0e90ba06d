"""What is written where, and how tables look on a terminal."""

from __future__ import annotations

import io
import json
import time
from contextlib import contextmanager, redirect_stderr, redirect_stdout

import pytest

from singledisease.api import progress
from singledisease.cli import output
from singledisease.cli.options import language
from singledisease.tables import Table
from singledisease.text_layout import width_of

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


def test_progress_is_for_those_who_wait(monkeypatch):
    """On a terminal progress counts people on standard error, once it takes longer than one is patient."""
    with terminal(monkeypatch) as (out, err):
        monkeypatch.setattr(progress, "PATIENCE", 0.0)
        monkeypatch.setenv("TERM", "xterm")
        with output.working("counting") as told:
            time.sleep(0.3)
            told(1000, 2000)
            told(2000, 2000)
    assert "2000/2000" in err.getvalue()
    assert out.getvalue() == ""


def test_what_is_quick_shows_no_progress(monkeypatch):
    """What is done before one loses patience leaves nothing on the screen."""
    with terminal(monkeypatch) as (_, err), output.working("counting") as told:
        told(2000, 2000)
    assert err.getvalue() == ""


def test_no_progress_in_a_pipe():
    """Where nobody watches there is no progress."""
    with output.working("counting") as told:
        assert told is None


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


def test_messages_break_between_words_on_a_terminal(monkeypatch):
    """On a terminal a long message is broken between words, its further lines set in; elsewhere it is one line."""
    text = "  events.csv:7 sbp='1520': 收缩压超出生理范围 40–350 mmHg / systolic pressure outside 40–350 mmHg"
    with terminal(monkeypatch) as (out, err):
        output.tell(text)
        output.show_text(text)
    for said in (out.getvalue(), err.getvalue()):
        lines = said.splitlines()
        assert len(lines) == 2
        assert lines[1].startswith("    ")
        assert all(width_of(line) <= 60 for line in lines)
        assert "".join(said.split()) == "".join(text.split())


def test_messages_are_one_line_in_a_pipe(capsys):
    """Where nobody watches a message is not broken, so that it can be searched."""
    output.tell("很" * 100)
    assert capsys.readouterr().err == "很" * 100 + "\n"
