"""The commands of the conformance kit: a deck is written, and answers are scored with a status of their own."""

from __future__ import annotations

import csv
import json

import pytest
from click.testing import CliRunner

from singledisease.cli.commands import singledisease


def run(*arguments):
    """Run a command."""
    return CliRunner().invoke(singledisease, [str(each) for each in arguments])


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    """Give the folder of a deck, written by the command."""
    folder = tmp_path_factory.mktemp("kit") / "deck"
    result = run(
        "conformance", "hypertension.managed", "--period", "2024", "--policy", "misdiagnosed=keep", "--out", folder
    )
    assert result.exit_code == 0, result.output
    assert "mutants told" in result.stderr
    return folder


def expected(folder):
    """Give the rows of what a deck expects."""
    with open(folder / "expected.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def answer(folder, path, rows):
    """Write answers, and give what the command makes of them."""
    path.write_text("\n".join(["patient_id,group", *(f"{id},{group}" for id, group in rows)]), "utf-8")
    return run("conformance-score", folder, path, "--lang", "en")


def test_deck_says_policy_and_survivors(deck):
    """The deck holds the policy that was asked for and names what it cannot tell."""
    found = json.loads((deck / "deck.json").read_text("utf-8"))
    assert found["policy"]["misdiagnosed"] == "keep"
    assert [mutant["reason"] for mutant in found["mutants"] if not mutant["answers"]]


OWN = """
id = "ours"
version = "1"

[names]
zh = "本县"
en = "ours"

[[measures]]
id = "ours.seen"
names = { zh = "随访", en = "seen" }
numerator = 'events("follow_up").within(PERIOD).exists()'
"""


def test_a_deck_is_made_of_a_measure_of_ones_own(tmp_path):
    """A file of measures has the measure; one that it does not have is refused with the one meant."""
    file = tmp_path / "ours.toml"
    file.write_text(OWN, "utf-8")
    asked = ("--measures", file, "--period", "2024", "--out", tmp_path / "deck")
    result = run("conformance", "ours.seen", *asked)
    assert result.exit_code == 0, result.output
    assert {row["group"] for row in expected(tmp_path / "deck")} == {"numerator", "not_numerator"}
    result = run("conformance", "ours.sean", *asked)
    assert (result.exit_code, "did you mean ours.seen" in result.output) == (2, True)


def test_a_deck_takes_code_sets(tmp_path):
    """The code sets that a measure names and does not bring are given beside it."""
    (tmp_path / "ours.toml").write_text(
        OWN.replace('"follow_up"', '"encounter"').replace(
            ").within", ').where(code.is_in(codes("ours.review"))).within'
        ),
        "utf-8",
    )
    (tmp_path / "codes.csv").write_text("name,code\nreview,Z09\n", "utf-8")
    result = run(
        *("conformance", "ours.seen", "--measures", tmp_path / "ours.toml", "--code-sets", tmp_path / "codes.csv"),
        *("--period", "2024", "--out", tmp_path / "deck"),
    )
    assert result.exit_code == 0, result.output
    assert "Z09" in (tmp_path / "deck" / "events.csv").read_text("utf-8")


def test_right_answers_end_well(deck, tmp_path):
    """Answers as expected end with status 0 and say what they cannot be told from."""
    result = answer(deck, tmp_path / "a.csv", [(row["patient_id"], row["group"]) for row in expected(deck)])
    assert result.exit_code == 0, result.output
    assert "Cannot be told from" in result.stdout


def test_wrong_answers_end_with_status_one(deck, tmp_path):
    """Wrong answers end with status 1; as CSV the wrong cases are the result."""
    rows = [(row["patient_id"], "numerator") for row in expected(deck)]
    result = answer(deck, tmp_path / "a.csv", rows)
    assert result.exit_code == 1
    assert "Likely faults" in result.stdout
    listed = run("conformance-score", deck, tmp_path / "a.csv", "--format", "csv")
    wrong = list(csv.DictReader(listed.stdout.splitlines()))
    assert {row["case"] for row in wrong} == {
        row["patient_id"] for row in expected(deck) if row["group"] != "numerator"
    }


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("conformance", "hypertension.contrl", "--period", "2024", "--out", "deck"), 2, "did you mean"),
        (("conformance", "hypertension.managed", "--period", "2024/month", "--out", "deck"), 2, "one period"),
        (
            ("conformance", "hypertension.managed", "--period", "2024", "--policy", "x=y", "--out", "deck"),
            2,
            "no policy",
        ),
        (("conformance", "county.visits_within_county", "--period", "2024", "--out", "deck"), 2, "without groups"),
    ],
)
def test_wrong_usage_is_told(arguments, status, said, tmp_path, monkeypatch):
    """An unknown measure or policy, one made of others and several periods are refused, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == status
    assert said in result.output
    assert not (tmp_path / "deck").exists()
