"""What every command about a cohort is asked: whose, from when to when, in which steps."""

from __future__ import annotations

import click
import pytest
from cli_world import run
from cohort_world import log

import singledisease as sd
from singledisease.cli.commands import singledisease
from singledisease.cli.followed import CohortArguments

SPAN = ("--disease", "hypertension", "--from", "2024-01-01", "--to", "2024-03-31")
SHARED = ("disease", "start", "end", "every", "states", "policy", "as_of")


@pytest.fixture(name="folder")
def _folder(tmp_path):
    sd.write(log(), tmp_path / "registry")
    return tmp_path / "registry"


def options_of(command):
    """Give the options of a command by name, as its help says them."""
    loaded = singledisease.get_command(None, command)
    context = click.Context(loaded)
    return {one.name: one.get_help_record(context) for one in loaded.params}


def test_commands_about_a_cohort_ask_alike():
    """``transitions`` and ``project`` take the same options for whom they follow, in the same words."""
    first, second = options_of("transitions"), options_of("project")
    assert [first[name] for name in SHARED] == [second[name] for name in SHARED]


def test_every_option_says_what_it_is():
    """No option of either command stands without a word of help, but for those that say it by their values."""
    for command in ("transitions", "project"):
        bare = [name for name, record in options_of(command).items() if record and record[1].startswith("[default")]
        assert bare == ["form"], command


@pytest.mark.parametrize(
    ("every", "months"), [("month", 1.0), ("quarter", 3.0), ("year", 12.0), (61, 2.004), ("whole", 2.99)]
)
def test_steps_have_a_length_in_months(every, months):
    """Steps of the calendar have whole months, others their days in mean months: 91 days of a quarter are 2.99."""
    asked = CohortArguments(
        disease=sd.disease("hypertension"), start=0, end=90, every=every, states=None, policy={}, as_of=None
    )
    assert asked.months == pytest.approx(months, abs=0.001)


def test_policies_and_states_reach_the_cohort(folder):
    """What is asked for is what is followed: one state only, and nothing known after a day."""
    one = run("transitions", folder, *SPAN, "--state", "enrolled", "--show", "occupancy", "--format", "csv")
    assert one.stdout.splitlines()[0] == "day,enrolled"
    early = run("transitions", folder, *SPAN, "--as-of", "2024-01-31", "--show", "occupancy", "--format", "csv")
    assert early.stdout.splitlines()[-1].startswith("2024-01-31")
    wrong = run("project", folder, *SPAN, "--steps", "1", "--policy", "lost_afer=6")
    assert wrong.exit_code != 0
    assert "lost_after" in wrong.stderr


def test_costs_are_named(folder):
    """The rows of a sum of costs are called in the language asked for, and by ids as data."""
    how = ("--steps", "2", "--draws", "5", "--empty", "stay", "--show", "cost", "--cost", "satisfactory=10")
    assert "改变后" in run("project", folder, *SPAN, *how, "--lang", "zh").stdout
    assert "unchanged" in run("project", folder, *SPAN, *how, "--lang", "zh", "--format", "csv").stdout
