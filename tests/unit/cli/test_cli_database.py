"""Databases on the command line: read from by URL, written to with ``--out-database``."""

from __future__ import annotations

import sqlite3

import pytest
from cli_world import registry, run

import singledisease as sd


def rows(path, statement):
    """Give what a statement finds in a file of SQLite."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


@pytest.fixture
def url(tmp_path):
    """Give the URL of a file of SQLite with a registry."""
    connection = sqlite3.connect(tmp_path / "registry.db")
    sd.write_database(sd.read(registry(tmp_path / "data")), connection, "")
    connection.close()
    return f"sqlite:///{tmp_path / 'registry.db'}"


@pytest.mark.parametrize(
    "asked",
    [
        ("kpi", "--period", "2024", "--format", "csv"),
        ("people", "--period", "2024", "--measure", "hypertension.control", "--group", "denominator"),
        ("worklist", "--on", "2024-06-30", "--ahead", "all", "--format", "csv"),
    ],
)
def test_a_database_gives_what_the_folder_gives(tmp_path, url, asked):
    """The same command of the database and of the folder it was written from print the same."""
    of_folder = run(asked[0], tmp_path / "data", *asked[1:])
    of_database = run(asked[0], url, *asked[1:])
    assert of_database.exit_code == 0, of_database.stderr
    assert of_database.stdout == of_folder.stdout != ""


def test_results_are_written(tmp_path, url):
    """A result becomes a table of the command's name or another; what is there is replaced only if told."""
    out = tmp_path / "results.db"
    asked = ("kpi", url, "--period", "2024", "--out-database", f"sqlite:///{out}")
    done = run(*asked)
    assert (done.exit_code, done.stdout) == (0, "")
    score = sd.evaluate(sd.measures("cn-bphs-2017"), sd.read(url), period="2024")
    assert rows(out, "select count(*) from kpi") == [(len(score.table()),)]
    again = run(*asked)
    assert again.exit_code == 1
    assert "--overwrite" in again.stderr
    assert run(*asked, "--overwrite").exit_code == 0
    assert run(*asked, "--out-table", "kpi_2024").exit_code == 0
    assert rows(out, "select * from kpi_2024") == rows(out, "select * from kpi")


def test_lists_are_written(tmp_path, url):
    """People and what is due are tables too, with every column."""
    out = f"sqlite:///{tmp_path / 'results.db'}"
    asked = ("--measure", "hypertension.control", "--group", "denominator")
    assert run("people", url, "--period", "2024", *asked, "--out-database", out).exit_code == 0
    assert run("worklist", url, "--on", "2024-06-30", "--out-database", out, "--out-table", "due").exit_code == 0
    assert rows(tmp_path / "results.db", "select count(*) from people")[0][0] > 0
    assert rows(tmp_path / "results.db", "select count(item) from due")[0][0] > 0


def test_no_password_is_printed():
    """Neither a database that cannot be reached nor a kind that is none prints the password."""
    for url, status in (("postgresql://ann:s3cret@127.0.0.1:1/a", 1), ("nosuch://ann:s3cret@127.0.0.1/a", 2)):
        done = run("kpi", url, "--period", "2024")
        assert done.exit_code == status
        assert "s3cret" not in done.stderr + done.stdout
        assert "***" in done.stderr
    done = run("kpi", "here", "--period", "2024", "--out-database", "nosuch://ann:s3cret@127.0.0.1/a")
    assert done.exit_code == 2
    assert "s3cret" not in done.stderr


def test_what_belongs_to_out_database(tmp_path, url):
    """A table's name without a database is wrong usage, and so is a format that no database is read in."""
    assert run("kpi", url, "--period", "2024", "--out-table", "x").exit_code == 2
    assert run("kpi", url, "--period", "2024", "--overwrite").exit_code == 2
    assert run("kpi", url, "--period", "2024", "--format-in", "synthea").exit_code == 2
    assert run("kpi", tmp_path / "nowhere", "--period", "2024").exit_code == 2
    assert run("inspect", url).exit_code == 0
