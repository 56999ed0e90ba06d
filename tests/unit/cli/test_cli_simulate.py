"""``singledisease simulate``: its options, its presets, and what it says when it is done."""

from __future__ import annotations

import json

import pytest
from cli_world import run

import singledisease as sd
from singledisease.simulation import PRESETS


def told(folder):
    """Give what the truth says."""
    return json.loads((folder / "truth.json").read_text("utf-8"))


def test_closing_line(tmp_path):
    """The closing line says how much was written, that it is made up, and where the truth is; no result is printed."""
    done = run("simulate", tmp_path / "data", "--patients", "60", "--seed", "4")
    assert done.exit_code == 0
    assert done.stdout == ""
    truth = told(tmp_path / "data")
    for part in ("60 人 / people", f"{truth['rows']['read']:,} 行", "11 个机构", "seed 4", "made up", "truth.json"):
        assert part in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_every_option(tmp_path):
    """Every option changes what is made, as the truth tells."""
    pytest.importorskip("pyarrow")
    options = {"dirty": 0.05, "duplicates": 0.02, "late": 0.3, "withdrawn": 0.04, "missing": 0.25}
    rates = [part for name, rate in options.items() for part in (f"--{name}", str(rate))]
    days = ("--from", "2022-01-01", "--to", "2023-12-31")
    places = ("--townships", "1", "--villages", "2", "--rate", "winter=6", "--rate", "rounding=0.5")
    asked = ("--disease", "hypertension", "--preset", "clean", "--format", "parquet", "--patients", "50")
    assert run("simulate", tmp_path / "data", *asked, *rates, *days, *places).exit_code == 0
    truth = told(tmp_path / "data")
    assert {name: truth["rates"][name] for name in options} == options
    assert (truth["rates"]["winter"], truth["rates"]["rounding"]) == (6, 0.5)
    assert (truth["preset"], truth["start"], truth["end"], len(truth["institutions"])) == (
        "clean",
        "2022-01-01",
        "2023-12-31",
        4,
    )
    assert list(truth["diseases"]) == ["hypertension"]
    assert list(truth["diseases"]["hypertension"]["years"]) == ["2022", "2023"]
    assert (tmp_path / "data" / "events.parquet").exists()


def test_own_disease(tmp_path):
    """A disease of one's own is named by its file."""
    sd.write("hypertension", tmp_path / "mine.toml")
    mine = (tmp_path / "mine.toml").read_text("utf-8").replace('id = "hypertension"', 'id = "mine"', 1)
    (tmp_path / "mine.toml").write_text(mine, "utf-8")
    assert run("simulate", tmp_path / "data", "--patients", "30", "--disease", tmp_path / "mine.toml").exit_code == 0
    assert list(told(tmp_path / "data")["diseases"]) == ["mine"]


def test_help_lists_the_presets():
    """The help names every preset in both languages, and gives examples."""
    shown = run("simulate", "--help").stdout
    for one in PRESETS.values():
        assert one.id in shown
        assert one.names.zh in shown
        assert one.names.en in shown
    assert "singledisease simulate practice --preset messy" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--preset", "mesy"), "did you mean messy"),
        (("--disease", "hypertensoin"), "did you mean hypertension"),
        (("--dirty", "0.8"), "dirty=0.8"),
        (("--rate", "wintr=6"), "did you mean winter"),
        (("--rate", "winter"), "not of the form name=number"),
        (("--from", "2024-01-01", "--to", "2023-01-01"), "nothing to simulate"),
    ],
)
def test_wrong_usage(tmp_path, arguments, said):
    """What cannot be simulated is wrong usage, with the way out, and nothing is written."""
    done = run("simulate", tmp_path / "data", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (tmp_path / "data").exists()


def test_real_data_is_left_alone(tmp_path):
    """A folder with data that was not simulated is not written into."""
    (tmp_path / "patients.csv").write_text("patient_id,birth_date\n", "utf-8")
    done = run("simulate", tmp_path)
    assert done.exit_code == 2
    assert "was not simulated (patients.csv)" in done.stderr
