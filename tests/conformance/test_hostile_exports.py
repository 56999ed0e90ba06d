"""Exports as record systems really write them: the guess of ``inspect``, unread by anybody, gives the right figures."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hostile_exports import EXPORTS, many_files

import singledisease as sd
from singledisease.cli.commands import singledisease


def run(*arguments):
    """Run the command line in this process."""
    return CliRunner().invoke(singledisease, [str(argument) for argument in arguments])


@pytest.mark.parametrize("export", EXPORTS, ids=lambda one: one.__name__)
def test_the_guess_gives_the_figures_that_were_counted_by_hand(tmp_path, export):
    """``inspect --out`` and then ``kpi --mapping`` give what was counted from the people, not from the files."""
    data, mapping = tmp_path / "data", tmp_path / "mapping.toml"
    data.mkdir()
    truth = export(data)
    looked = run("inspect", data, "--enrolment", "first_follow_up", "--out", mapping)
    assert looked.exit_code == 0, looked.stderr
    done = run("kpi", data, "--mapping", mapping, "--period", "2024", "--disease", "hypertension", "--format", "json")
    assert done.exit_code == 0, done.stderr
    found = {row["measure"]: row for row in json.loads(done.stdout)}
    control = found["hypertension.control"]
    assert {
        "denominator": control["denominator"],
        "numerator": control["numerator"],
        "standard": found["hypertension.standardized_management"]["numerator"],
    } == truth
    assert 0 < truth["numerator"] < truth["denominator"]


def test_the_shipped_mapping_gives_the_figures_that_were_counted_by_hand(tmp_path):
    """``kpi --mapping bphs-forms`` reads the forms as they are exported, without a draft."""
    truth = many_files(tmp_path)
    done = run(
        *("kpi", tmp_path, "--mapping", "bphs-forms", "--encoding", "gb18030", "--period", "2024"),
        *("--disease", "hypertension", "--format", "json"),
    )
    found = {row["measure"]: row for row in json.loads(done.stdout)}
    control = found["hypertension.control"]
    assert (control["denominator"], control["numerator"]) == (truth["denominator"], truth["numerator"])


@pytest.mark.parametrize("export", EXPORTS, ids=lambda one: one.__name__)
def test_every_row_of_a_hostile_export_is_accounted_for(tmp_path, export):
    """Read = accepted + duplicates + refused + skipped, whatever stands in the files."""
    export(tmp_path)
    found = sd.inspect(tmp_path)
    assert found.trouble == ""
    assert found.log.report.balanced
