"""``explain --joint``: the diseases of one person side by side."""

import json

import pytest
from click.testing import CliRunner

from singledisease.cli.commands import singledisease

PEOPLE = "patient_id,birth_date,sex\nP1,1950-01-01,male\n"
EVENTS = """patient_id,date,kind,disease,mode,sbp,dbp,fpg
P1,2024-01-10,enrolment,hypertension|type2-diabetes,,,,
P1,2024-02-10,follow_up,,clinic,160,95,6.5
"""


@pytest.fixture(name="asked")
def _asked(tmp_path):
    """Give a function that asks about the one person of a folder."""
    (tmp_path / "patients.csv").write_text(PEOPLE, "utf-8")
    (tmp_path / "events.csv").write_text(EVENTS, "utf-8")

    def asked(*more):
        return CliRunner().invoke(
            singledisease, ["explain", str(tmp_path), "--patient", "P1", "--period", "2024", *more]
        )

    return asked


def test_in_words_and_as_json(asked):
    """Both diseases on the last day, with the line of each event; JSON says the same."""
    said = asked("--joint", "--lang", "en").stdout
    assert said.startswith("P1, 2024-12-31")
    assert "Hypertension: unsatisfactory, first time" in said
    assert "(events.csv:3)" in said
    told = json.loads(asked("--joint", "--format", "json").stdout)
    assert [one["state"] for one in told["stands"]] == ["unsatisfactory", "satisfactory"]


def test_as_a_drawing(asked):
    """HTML is the drawing, and only of the diseases side by side."""
    assert "<svg" in asked("--joint", "--format", "html").stdout
    refused = asked("--format", "html")
    assert refused.exit_code == 2
    assert "--joint" in refused.stderr


def test_as_it_was_known(asked):
    """As of January there was no follow-up yet."""
    assert "enrolled, not assessed yet" in asked("--joint", "--as-of", "2024-01-31", "--lang", "en").stdout
