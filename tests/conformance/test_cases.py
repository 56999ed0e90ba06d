"""Known faults of other systems, as small registries with the right answer: each is right here, in both engines.

A case is a folder with its files and an ``expected.json``, which says what was reported in public (``refs``), what
kind of fault it is and what is right: figures (``kpi``), what the command line says (``cli``), and what an expression
of Python gives (``py``: ``code`` sets ``got``).
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import singledisease as sd
from singledisease.cli.commands import singledisease

CASES = sorted(path.parent for path in Path(__file__).with_name("cases").glob("*/expected.json"))
ENGINES = ("columnar", "reference")
READING = {
    "--encoding": "encoding",
    "--mapping": "mapping",
    "--format-in": "format",
    "--time-zone": "time_zone",
    "--enrolment": "enrolment",
    "--follow-up": "follow_up",
}


@pytest.fixture(name="case", params=CASES, ids=lambda path: path.name)
def _case(request, tmp_path, monkeypatch):
    """Give a copy of a case and what is right of it; the copy is the current folder."""
    folder = tmp_path / "case"
    shutil.copytree(request.param, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return folder, json.loads((folder / "expected.json").read_text("utf-8"))


def filled(text: str, folder: Path, data: Path) -> str:
    """Put the case's places into a text."""
    return text.replace("{DATA}", str(data)).replace("{CASE}", str(folder))


def test_case(case):
    """Figures, command line and Python give what is right of the case."""
    folder, right = case
    data = folder / right.get("data", "")
    for one in right.get("kpi", ()):
        arguments = [filled(text, folder, data) for text in one["args"]]
        for engine in ENGINES:
            compare(figures(data, arguments, engine), one["expect"])
            compare(json.loads(command("kpi", data, *arguments, "--engine", engine, "--format", "json")), one["expect"])
    for one in right.get("cli", ()):
        says(one, [filled(text, folder, data) for text in one["args"]])
    for one in right.get("py", ()):
        for engine in ENGINES if "ENGINE" in one["code"] else ENGINES[:1]:
            gives(one, filled(one["code"], folder, data), data, engine)


# FIGURES


def figures(data: Path, arguments: list[str], engine: str) -> list[dict[str, Any]]:
    """Give the rows of a scorecard, asked as the command line is asked."""
    reading: dict[str, Any] = {}
    asked: dict[str, Any] = {"by": [], "policy": {}}
    diseases = []
    for name, value in zip(arguments[::2], arguments[1::2], strict=True):
        match name:
            case "--by":
                asked["by"].append(value)
            case "--policy":
                policy, _, option = value.partition("=")
                asked["policy"][policy] = option
            case "--disease":
                diseases.append(value)
            case "--period" | "--as-of":
                asked[name[2:].replace("-", "_")] = value
            case _:
                reading[READING[name]] = value
    log = sd.read(data, **reading)
    measures = sd.measures("cn-bphs-2017", diseases or None)
    return json.loads(sd.evaluate(measures, log, engine=engine, **asked).to_json())


def compare(rows: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    """Hold figures to those that are right; a row that may be absent is asked about only if it is there."""
    for one in expected:
        found = [row for row in rows if all(_said(row, name) == value for name, value in one["where"].items())]
        if not found and one.get("absent"):
            continue
        (row,) = found
        assert {name: _said(row, name) for name in one["values"]} == one["values"]


def _said(row: dict[str, Any], name: str) -> Any:
    part, _, inner = name.partition(".")
    if inner and part in ("by", "groups"):
        return row[part].get(inner, 0 if part == "groups" else None)
    return row.get(name)


# COMMAND LINE


def command(*arguments: object) -> str:
    """Give what a command writes on standard output; it has to be done."""
    done = CliRunner().invoke(singledisease, [str(one) for one in arguments])
    assert done.exit_code == 0, done.stderr
    return done.stdout


def says(right: dict[str, Any], arguments: list[str]) -> None:
    """Hold a command to its exit status and to what it has to say."""
    done = CliRunner().invoke(singledisease, arguments)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code == right.get("rc", 0), done.stderr
    for text in right.get("out", ()):
        assert text in done.stdout
    for text in right.get("err", ()):
        assert text in done.stderr
    for text in right.get("not_out", ()):
        assert text not in done.stdout


# PYTHON


def gives(right: dict[str, Any], code: str, data: Path, engine: str) -> None:
    """Hold a piece of Python to what it gives, or to the error it ends in."""
    space: dict[str, Any] = {"sd": sd, "DATA": str(data), "ENGINE": engine, "dt": dt}
    if "raises" in right:
        with pytest.raises(sd.SingleDiseaseError) as raised:
            exec(code, space)
        assert right["raises"] in f"{type(raised.value).__name__}: {raised.value}"
    else:
        exec(code, space)
        assert plain(space["got"]) == right["right"]


def plain(value: Any) -> Any:
    """Give a result as JSON would hold it: dates as text, arrays as lists, NaN as nothing."""
    if isinstance(value, dict):
        return {str(name): plain(inner) for name, inner in value.items()}
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return None if value != value else round(value, 12)  # noqa: PLR0124 - NaN alone differs from itself
    return value
