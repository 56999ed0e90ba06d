"""One measure under every reading: its rows are what evaluating under each policy gives, with who changes sides."""

from __future__ import annotations

import json

import numpy as np
import pytest
from cli_world import registry, run

import singledisease as sd
from singledisease.report import readings as chart

CONTROL = sd.measures("cn-bphs-2017", diseases="hypertension")[2]
STANDARD = sd.measures("cn-bphs-2017", diseases="hypertension")[1]


@pytest.fixture(name="data", scope="module")
def _data(tmp_path_factory):
    return registry(tmp_path_factory.mktemp("world") / "data")


@pytest.fixture(name="log", scope="module")
def _log(data):
    return sd.read(data)


@pytest.fixture(name="made", scope="module")
def _made():
    return sd.simulate(patients=300, seed=3).log()


def groups_under(measure, log, policy):
    """Give the group of everybody under one policy, as plain evaluation gives it."""
    score = sd.evaluate(measure, log, period="2024", policy=policy)
    whole = [*score.table()["groups"][0]]
    return {who: group for group in whole for who in sd.people(score, measure.id, group)["patient_id"]}


@pytest.mark.parametrize("measure", [CONTROL, STANDARD], ids=lambda one: one.id)
def test_every_row_is_the_figure_under_that_policy(measure, made):
    """Counts and rate of a reading are those of plain evaluation under its policies, and so are the people moved."""
    found = sd.sensitivity(measure, made, period="2024", one_at_a_time=True)
    base = groups_under(measure, made, {})
    for number, row in enumerate(found.table()):
        (plain,) = sd.evaluate(measure, made, period="2024", policy=row["policy"]).table()
        names = ("initial_population", "excluded", "denominator", "numerator", "unknown", "rate")
        assert [row[name] for name in names] == [plain[name] for name in names]
        other = groups_under(measure, made, row["policy"])
        moved = {who: (base[who], other[who]) for who in base if base[who] != other[who]}
        listed = found.people(number)
        assert moved == dict(
            zip(listed["patient_id"], zip(listed["before"], listed["after"], strict=True), strict=True)
        )
        assert row["moved"] == len(moved)


def test_every_combination_comes_once(log):
    """The product has every combination of options once, first the one that the others are compared with."""
    found = sd.sensitivity(CONTROL, log, period="2024", policy={"lost": "exclude"})
    assert len({tuple(one.policy.items()) for one in found.readings}) == len(found.readings) == 192
    assert found.readings[0].text == ""
    assert found.readings[0].policy["lost"] == "exclude"


def test_sides_are_counted_by_hand(log):
    """P4 is lost: excluding the lost takes the person out of the denominator, and nobody else."""
    found = sd.sensitivity(CONTROL, log, period="2024", vary=["lost"])
    assert found.people({"lost": "exclude"}).rows() == [
        {"patient_id": "P4", "changed": "lost=exclude", "before": "not_numerator", "after": "excluded:lost"}
    ]
    row = found.table().rows()[1]
    sides = ("into_numerator", "out_of_numerator", "into_denominator", "out_of_denominator")
    assert [row[name] for name in sides] == [0, 0, 0, 1]
    assert row["difference"] == pytest.approx(1 / 2 - 1 / 3)


def test_whole_numbers_are_tried_as_they_are_named(log):
    """A policy without a list of options takes the numbers that are given, beside its default."""
    found = sd.sensitivity(CONTROL, log, period="2024", vary={"lost_after": [6, "12"]})
    assert [one.text for one in found.readings] == ["", "lost_after=6"]


def test_a_policy_of_the_disease_walks_again(made):
    """Under another silence the states are others, and so is the figure: courses are not shared with the default."""
    found = sd.sensitivity(CONTROL, made, period="2024", vary={"lost_after": ["3"]})
    (plain,) = sd.evaluate(CONTROL, made, period="2024", policy={"lost_after": "3"}).table()
    assert found.table()["numerator"][1] == plain["numerator"] != found.table()["numerator"][0]


def test_parts_add_up_to_the_whole(made, tmp_path):
    """A registry in parts gives the same readings, counts and people as the registry at once."""
    sd.write(made, tmp_path / "data")
    sd.partition(tmp_path / "data", tmp_path / "parts", parts=3)
    vary = {"vary": ["lost", "unknown"], "period": "2024"}
    one, other = (sd.sensitivity(CONTROL, log, **vary) for log in (made, sd.parts(tmp_path / "parts")))
    assert one.table() == other.table()
    assert sorted(map(str, one.people())) == sorted(map(str, other.people()))


def test_engines_agree(log):
    """The reference engine gives the same readings."""
    one, other = (sd.sensitivity(CONTROL, log, period="2024", engine=each) for each in ("columnar", "reference"))
    assert one.table() == other.table()
    assert one.people() == other.people()


# ROWS

PRESSURE = sd.choice("limit", default="strict", strict=sd.column("sbp") < 150, lax=sd.column("sbp") < 160)
COUNTED = sd.choice("counted", default="all", all=True, clinic=sd.column("mode") == "clinic")
VISITS = sd.Measure(id="visits", of=sd.events("follow_up").where(COUNTED).within(sd.PERIOD), numerator=PRESSURE)


def test_rows_change_sides(log):
    """Of a measure of rows the rows that move are listed with their date; one that is not counted has no group."""
    found = sd.sensitivity(VISITS, log, period="2024")
    before, after = found.people({"counted": "clinic"})["before"], found.people({"counted": "clinic"})["after"]
    assert set(after) == {""}
    assert set(before) == {"not_numerator"}
    for row in found.table():
        (plain,) = sd.evaluate(VISITS, log, period="2024", policy=row["policy"]).table()
        assert (row["numerator"], row["denominator"]) == (plain["numerator"], plain["denominator"])
    assert found.people({"counted": "clinic"})["date"][0].year == 2024


PLACES = sd.Measure(
    id="places",
    of=sd.institutions(),
    numerator=sd.choice("which", default="village", village=sd.institution("level") == "village", every=True),
)


def test_institutions_change_sides(log):
    """Of a measure of institutions their ids are listed."""
    found = sd.sensitivity(PLACES, log, period="2024")
    assert found.people(1)["patient_id"] == ("T",)


# REFUSED


def test_too_many_readings_are_refused_with_ways_out(log):
    """The message says how the number comes about and names three ways out."""
    with pytest.raises(sd.UsageError, match=r"192 readings") as refused:
        sd.sensitivity(CONTROL, log, period="2024", limit=100)
    text = str(refused.value)
    assert "reading (4)" in text
    assert all(way in text for way in ("one_at_a_time=True", "vary=", "limit="))
    with pytest.raises(sd.UsageError) as still:
        sd.sensitivity(CONTROL, log, period="2024", limit=2, one_at_a_time=True)
    assert "one_at_a_time" not in str(still.value)


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        (["lost", "readng"], "did you mean reading"),
        ({"lost": ["excluded"]}, "did you mean exclude"),
        (["lost_after"], 'vary={"lost_after": ["6", "12"]}'),
        ({"lost_after": ["0"]}, "no whole number"),
    ],
)
def test_what_cannot_be_varied_is_refused(log, vary, said):
    """A policy or option that is not there, or a whole number without numbers to try, is refused with a way out."""
    with pytest.raises(sd.UsageError) as refused:
        sd.sensitivity(CONTROL, log, period="2024", vary=vary)
    assert said in str(refused.value)


def test_other_questions_are_refused(log):
    """Ratios have no groups, several periods no one figure, and a reading that was not tried no people."""
    ratio = sd.Ratio(id="r", numerator=sd.events("follow_up").count(), denominator=sd.events("test").count())
    with pytest.raises(sd.UsageError, match="is a Ratio"):
        sd.sensitivity(ratio, log, period="2024")
    with pytest.raises(sd.UsageError, match="one period"):
        sd.sensitivity(CONTROL, log, period="2024/month")
    broken = sd.Measure(id="m", numerator=sd.managed("hypertensoin", on=sd.PERIOD.end))
    with pytest.raises(sd.DefinitionError, match="hypertensoin"):
        sd.sensitivity(broken, log, period="2024")
    found = sd.sensitivity(CONTROL, log, period="2024", vary=["lost"])
    for wrong in ({"lost": "keep"}, 7):
        with pytest.raises(sd.UsageError, match="no such reading"):
            found.people(wrong)
    with pytest.raises(sd.UsageError, match="cannot be added"):
        found + sd.sensitivity(CONTROL, log, period="2024")


# SHOWN


def test_text_says_what_it_is_compared_with(log):
    """The text has a row a reading, the policies of the first, and from where to where the rate goes."""
    text = sd.sensitivity(CONTROL, log, period="2024", vary=["lost"]).to_text("zh")
    assert "lost=exclude" in text
    assert "基准读法：age_on=reading" in text
    assert "2 种读法：33.3 % 至 50.0 %" in text
    assert "2 readings: 33.3 % to 50.0 %" in str(sd.sensitivity(CONTROL, log, period="2024", vary=["lost"]))


def test_a_count_has_no_rate(log):
    """Of a measure that says how many there are nobody asks the rate, and nothing is drawn."""
    found = sd.sensitivity(sd.measures("cn-bphs-2017", diseases="hypertension")[0], log, period="2024")
    assert set(found.table()["rate"]) == {None}
    assert found.range is None
    assert chart.picture(found) == ""
    assert found.notes == (f"compared with: {found.notes[0].partition(': ')[2]}",)


def test_command_line(data):
    """The command gives the table as JSON and CSV, the text, and the people."""
    asked = ("sensitivity", data, "--period", "2024", "--measure", "hypertension.control", "--vary", "lost")
    rows = json.loads(run(*asked, "--format", "json").stdout)
    assert [row["changed"] for row in rows] == ["", "lost=exclude"]
    assert rows[1]["policy"]["lost"] == "exclude"
    assert "lost=exclude" in run(*asked).stdout
    assert run(*asked, "--people", "--format", "csv").stdout.splitlines()[1] == (
        "P4,lost=exclude,not_numerator,excluded:lost"
    )
    wrong = run("sensitivity", data, "--period", "2024", "--measure", "hypertension.contrl")
    assert wrong.exit_code == 2
    assert "did you mean hypertension.control" in wrong.output


def test_report_shows_readings(data, tmp_path):
    """The report draws each single change, and lists all readings; a measure that is not there is refused."""
    out = tmp_path / "report.html"
    asked = ("report", data, "--period", "2024", "--disease", "hypertension", "--out", out)
    done = run(*asked, "--sensitivity", "hypertension.control", "--policy", "standard=floor90")
    assert done.exit_code == 0, done.output
    page = out.read_text("utf-8")
    assert 'id="readings"' in page
    assert page.count("<title>lost=exclude: 1/2 = 50.0 %</title>") == 1
    assert "all 192 readings" in page
    assert "P4" not in page
    assert run(*asked, "--sensitivity", "nothing").exit_code == 2


def test_whole_arrays_are_read_only(log):
    """What is handed out cannot be changed by accident."""
    found = sd.sensitivity(CONTROL, log, period="2024", vary=["lost"])
    assert isinstance(found.placements.codes, np.ndarray)
    with pytest.raises(ValueError, match="read-only"):
        found.placements.codes[0, 0] = 1
