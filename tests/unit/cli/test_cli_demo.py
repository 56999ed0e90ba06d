"""The demo and the simulation on the command line."""

from __future__ import annotations

import pytest
from cli_world import run
from click.testing import CliRunner

import singledisease as sd
from singledisease.cli.demo import demo


@pytest.mark.parametrize(("lang", "said"), [("en", "last reading not at goal”"), ("zh", "最近一次未达标")])
def test_demo_simulates_counts_explains(tmp_path, monkeypatch, lang, said):
    """The demo prints a scorecard, explains somebody whose reading is not at goal, and says what to type next."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(demo, ["demo-data", "--patients", "300", "--program", "sd", "--lang", lang])
    assert done.exit_code == 0, done.output
    assert "$ sd kpi demo-data --period 2024" in done.stdout
    assert said in done.stdout
    assert "  sd worklist demo-data --on 2024-06-30" in done.stdout


def test_what_the_demo_proposes_works(tmp_path, monkeypatch):
    """Every command that the demo says to type next runs."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(demo, ["demo-data", "--patients", "300", "--program", "sd", "--lang", "en"])
    proposed = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("  sd ")]
    assert len(proposed) >= 5
    for arguments in proposed:
        assert run(*arguments).exit_code == 0, arguments


def test_simulate_is_the_same_for_the_same_seed(tmp_path):
    """The same seed writes the same files; the truth lies beside them."""
    for folder in ("one", "two"):
        assert run("simulate", tmp_path / folder, "--patients", "50", "--seed", "7").exit_code == 0
    names = sorted(file.name for file in (tmp_path / "one").iterdir())
    assert {"patients.csv", "events.csv", "institutions.csv", "truth.csv"} <= set(names)
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_simulate_one_disease(tmp_path):
    """From Python a registry of one disease is made, in Parquet if asked for."""
    pytest.importorskip("pyarrow")
    sd.simulate(tmp_path / "data", diseases="hypertension", patients=40, format="parquet")
    log = sd.read(tmp_path / "data")
    assert set(log.columns["disease"].categories) <= {"", "hypertension"}
    assert len(log.people) == 40
