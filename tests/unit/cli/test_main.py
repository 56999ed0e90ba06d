"""The console script: what it does before any command runs."""

from __future__ import annotations

import io
import runpy
import sys

import pytest

from singledisease.cli.main import main


@pytest.fixture(autouse=True)
def _asked(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["singledisease", "--help"])


def test_a_console_without_a_sign_shows_a_question_mark(monkeypatch):
    """What a GBK console has no sign for is a question mark there, and no end of the program."""
    written = io.BytesIO()
    console = io.TextIOWrapper(written, encoding="gbk", write_through=True)
    monkeypatch.setattr(sys, "stdout", console)
    with pytest.raises(SystemExit) as done:
        main()
    console.write("◀")
    assert done.value.code == 0
    assert written.getvalue().endswith(b"?")
    assert "singledisease" in written.getvalue().decode("gbk")


def test_a_stream_that_is_no_console_is_left_alone(monkeypatch):
    """Where somebody has put another stream in the place of the console, it is written to as it is."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    with pytest.raises(SystemExit):
        main()
    assert "Usage: singledisease" in stream.getvalue()


def test_without_click_it_says_what_to_install(monkeypatch):
    """Without the extra the program ends with the way out, not with a traceback."""
    monkeypatch.setitem(sys.modules, "click", None)
    with pytest.raises(SystemExit, match=r"singledisease\[cli\]"):
        main()


def test_it_runs_as_a_module(capsys, monkeypatch):
    """``python -m singledisease.cli.main`` is the same program."""
    monkeypatch.delitem(sys.modules, "singledisease.cli.main")
    with pytest.raises(SystemExit) as done:
        runpy.run_module("singledisease.cli.main", run_name="__main__")
    assert done.value.code == 0
    assert "transitions" in capsys.readouterr().out


def test_the_package_runs_as_a_module(capsys, monkeypatch):
    """``python -m singledisease`` is the command line too."""
    monkeypatch.delitem(sys.modules, "singledisease.__main__", raising=False)
    with pytest.raises(SystemExit) as done:
        runpy.run_module("singledisease", run_name="__main__")
    assert done.value.code == 0
    assert "Usage: singledisease" in capsys.readouterr().out
