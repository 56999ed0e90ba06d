"""Whatever happens to what the command line writes, it ends in a sentence and an exit status, never in a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli_world import registry, run

from singledisease.cli import main as program
from singledisease.cli import output
from singledisease.errors import OutputError

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and devices of POSIX")
PROGRAM = f"{sys.executable} -m singledisease.cli.main"


@pytest.fixture(name="data", scope="module")
def _data(tmp_path_factory):
    return registry(tmp_path_factory.mktemp("world") / "data")


def shell(command: str, folder: Path) -> tuple[int, str]:
    """Run a line of a shell; give its exit status and what it says on standard error."""
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@POSIX
@pytest.mark.parametrize(
    ("line", "status", "said"),
    [
        ("kpi {data} --period 2024 > /dev/full", 1, "No space left"),
        ("kpi {data} --period 2024 >&-", 1, "standard output is closed"),
        ("draw hypertension > /dev/full", 1, "No space left"),
        ("draw hypertension >&-", 1, "standard output is closed"),
        ("report {data} --period 2024 --out /dev/full", 1, "No space left"),
        ("--help > /dev/full", 1, "No space left"),
        ("kpi {data} --period 2024 2>&-", 0, ""),
        ("kpi {data} --period 2024 | true; exit ${{PIPESTATUS[0]}}", None, ""),
    ],
)
def test_standard_output_that_takes_nothing(data, tmp_path, line, status, said):
    """A full disk and a closed output are a sentence and status 1; a pipe that nobody reads ends in silence."""
    ended, told = shell(f"{PROGRAM} {line.format(data=data)}", tmp_path)
    assert status is None or ended == status
    assert ended in (0, 1)
    assert "Traceback" not in told
    assert "Exception" not in told
    assert said in told


@pytest.mark.parametrize("name", ["", ".", "nowhere/x.html", "folder"])
@pytest.mark.parametrize(
    "command",
    [
        ("report", "{data}", "--period", "2024", "--out"),
        ("inspect", "{data}", "--out"),
        ("inspect", "{data}", "--report"),
        ("draw", "hypertension", "--out"),
        ("measure-report", "{data}", "--period", "2024", "--out"),
    ],
)
def test_where_no_file_can_stand(data, tmp_path, monkeypatch, command, name):
    """Wrong usage, told before anything is computed, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    done = run(*(part.format(data=data) for part in command), name)
    assert done.exit_code == 2
    assert "folder" in done.stderr
    assert "读入" not in done.stderr
    assert [file.name for file in tmp_path.rglob("*")] == ["folder"]


def test_no_mapping_is_written_where_none_is_needed(data, tmp_path):
    """Of files whose columns are called as they are here, it is said so, and how to go on without one."""
    out = tmp_path / "mapping.toml"
    done = run("inspect", data, "--out", str(out))
    assert done.exit_code == 0
    assert "not written" in done.stderr
    assert f"kpi {data} --period" in done.stderr
    assert not out.exists()


@pytest.mark.parametrize("name", ["", "file"])
def test_where_no_folder_can_stand(tmp_path, monkeypatch, name):
    """``simulate`` into nothing, or into a file, is wrong usage."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("x", "utf-8")
    assert run("simulate", name, "--patients", "3").exit_code == 2
    assert (tmp_path / "file").read_text("utf-8") == "x"


@POSIX
def test_what_stood_there_survives(data, tmp_path):
    """A disk that is full while a report is written leaves last month's as it was."""
    out = tmp_path / "report.html"
    out.write_text("last month", "utf-8")
    limited = f"trap '' XFSZ; ulimit -f 8; {PROGRAM} report {data} --period 2024 --out {out}"
    status, told = shell(limited, tmp_path)
    assert status == 1
    assert "File too large" in told
    assert "Traceback" not in told
    assert out.read_text("utf-8") == "last month"
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_ten_thousand_years_by_month(data):
    """So many periods are wrong usage, and told as such."""
    done = run("kpi", data, "--period", "0001-01-01..9999-12-31/month")
    assert done.exit_code == 2
    assert "too many" in done.stderr
    assert run("kpi", data, "--period", "9990-01-01..9999-12-31/year").exit_code == 0


@POSIX
def test_an_interruption_ends_in_a_word(tmp_path):
    """Ctrl-C in the middle of a command is status 1 without a traceback, and leaves no half-written folder."""
    command = [sys.executable, "-m", "singledisease.cli.main", "simulate", "data", "--patients", "400000"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as running:
        time.sleep(3)
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_while_it_starts_ends_in_a_word(monkeypatch, capsys):
    """Ctrl-C before the first command is loaded is told the same way."""

    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(program, "_run", interrupted)
    with pytest.raises(SystemExit) as ended:
        program.main()
    assert ended.value.code == 1
    assert "已中断 / interrupted" in capsys.readouterr().err


def test_a_result_needs_somewhere_to_go(monkeypatch):
    """Without a standard output a result is an error, not nothing."""
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(OutputError, match="closed"):
        output.show("152")
    with pytest.raises(OutputError):
        output.show_text("152")


# SPREADSHEETS


def test_csv_can_be_made_harmless_in_a_spreadsheet(tmp_path):
    """Texts that a spreadsheet would run get an apostrophe if asked for, numbers and everything else stay."""
    data = registry(tmp_path / "data")
    people = (data / "patients.csv").read_text("utf-8")
    (data / "patients.csv").write_text(people.replace(",A\n", ",=HYPERLINK(1)\n").replace(",B\n", ",＝1\n"), "utf-8")
    asked = ("kpi", data, "--period", "2024", "--by", "institution", "--format", "csv")
    plain, safe = run(*asked).stdout, run(*asked, "--spreadsheet-safe").stdout
    assert ",=HYPERLINK(1)," in plain
    assert ",'=HYPERLINK(1)," in safe
    assert ",'＝1," in safe
    assert safe.replace("'", "") == plain
