"""Freezing, verifying and comparing on the command line."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from singledisease.cli.commands import singledisease

PATIENTS = "patient_id,birth_date,sex,institution\nA,1970-01-01,female,I1\nB,1970-01-01,male,I2\n"
EVENTS = """\
patient_id,date,kind,disease,mode,sbp,dbp,recorded,withdrawn
A,2024-01-05,enrolment,hypertension,,,,,
B,2024-01-05,enrolment,hypertension,,,,,
A,2024-03-01,follow_up,,clinic,150,95,,
A,2024-12-20,follow_up,,clinic,128,78,2025-02-10,
B,2024-03-01,follow_up,,clinic,130,80,,2025-04-02
"""
ASKED = ("--period", "2024", "--disease", "hypertension")


@pytest.fixture(name="data")
def _data(tmp_path):
    return written(tmp_path / "data")


def written(folder, events=EVENTS):
    """Write a registry."""
    folder.mkdir()
    (folder / "patients.csv").write_text(PATIENTS, "utf-8")
    (folder / "events.csv").write_text(events, "utf-8")
    return folder


def run(*arguments, status=0):
    """Run a command and give what it wrote to standard output; with another status, also to standard error."""
    result = CliRunner().invoke(singledisease, [str(one) for one in arguments], env={"LC_ALL": "C.UTF-8"})
    assert result.exit_code == status, result.output
    return result.output if status else result.stdout


@pytest.fixture(name="frozen")
def _frozen(data, tmp_path):
    path = tmp_path / "published.jsonl"
    run("freeze", data, *ASKED, "--as-of", "2025-01-15", "--by", "institution", "--out", path)
    return path


def test_frozen_and_verified(data, frozen, tmp_path):
    """What was frozen is reproduced from the registry, and not from one whose rows were changed."""
    assert "reproduced" in run("verify", data, frozen)
    rows = json.loads(run("verify", data, frozen, "--format", "json", "--entry", "1"))
    assert all(row["same"] for row in rows)
    changed = written(tmp_path / "changed", EVENTS.replace("150,95", "130,85"))
    assert "不能重现" in run("verify", changed, frozen, status=1)


def test_a_revision_needs_a_reason(data, frozen):
    """An entry is appended with a note only; without ``--as-of`` it is said what that means."""
    later = ("freeze", data, *ASKED, "--by", "institution", "--out", frozen)
    assert "has to say why" in run(*later, status=2)
    result = CliRunner().invoke(singledisease, [*map(str, later), "--note", "late records"])
    assert result.exit_code == 0
    assert "entry 2 written" in result.output
    assert "no --as-of was given" in result.output


def test_own_measures_are_verified(data, tmp_path):
    """Measures of a file are found by ``--measures``; without it they are missing."""
    file = tmp_path / "mine.toml"
    file.write_text(
        'id = "mine"\nversion = "1"\nnames = { zh = "我", en = "mine" }\n'
        '[[measures]]\nid = "seen"\nversion = "1"\nnames = { zh = "就诊", en = "seen" }\n'
        "numerator = 'events(\"follow_up\").within(PERIOD).exists()'\n",
        "utf-8",
    )
    path = tmp_path / "mine.jsonl"
    run("freeze", data, "--period", "2024", "--measures", file, "--out", path)
    run("verify", data, path, "--measures", file)
    assert "there is none now" in run("verify", data, path, status=1)


def test_difference_since_a_freeze(data, frozen, tmp_path):
    """Cells, people and events since a file was frozen; the file says the rest itself."""
    text = run("difference", data, "--since", frozen, "--lang", "zh")
    assert "补录" in text
    assert "撤回" in text
    events = json.loads(run("difference", data, "--since", frozen, "--show", "events", "--format", "json"))
    assert [row["change"] for row in events] == ["late", "withdrawn"]
    cells = json.loads(run("difference", data, "--since", frozen, "--format", "json"))
    assert {row["by"]["institution"] for row in cells} == {"I1", "I2"}
    assert "stands alone" in run("difference", data, "--since", frozen, "--period", "2024", status=2)
    changed = written(tmp_path / "changed", EVENTS.replace("150,95", "130,85"))
    assert "不能重现" in run("difference", changed, "--since", frozen, "--show", "people", status=2)


def test_difference_of_two_sides(data, tmp_path):
    """Between two days, two exports, or two readings; one side alone is refused with the ways out."""
    moved = run("difference", data, *ASKED, "--then", "2025-01-15", "--as-of", "2025-03-01")
    assert "recorded later" in moved
    other = written(tmp_path / "other", EVENTS.replace("150,95", "130,85"))
    people = json.loads(
        run(
            "difference",
            data,
            *ASKED,
            "--before",
            other,
            "--as-of",
            "2025-01-15",
            "--show",
            "people",
            "--format",
            "json",
        )
    )
    assert [row["because"] for row in people] == ["corrected"]
    reading = run("difference", data, *ASKED, "--policy-then", "unknown=exclude")
    assert "definition or policy" in reading
    assert "nothing_to_compare" in run("difference", data, *ASKED, status=2)
    assert "no_period" in run("difference", data, "--then", "2025-01-15", status=2)
