"""Somebody else's numbers: what their table may say, who differs by which rule, and when both would agree."""

from __future__ import annotations

import json

import pytest
from cli_world import registry, run

import singledisease as sd
from singledisease.comparison.theirs import theirs_of

CONTROL = sd.measures("cn-bphs-2017", diseases="hypertension")[2]
SQL = {"P1": "numerator", "P2": "denominator"}


@pytest.fixture(name="data", scope="module")
def _data(tmp_path_factory):
    return registry(tmp_path_factory.mktemp("world") / "data")


@pytest.fixture(name="score", scope="module")
def _score(data):
    return sd.evaluate(CONTROL, sd.read(data), period="2024")


def test_who_differs_by_which_rule_and_when_both_agree(score):
    """P4 is lost: in our denominator, not in theirs; both agree once the lost are excluded."""
    found = sd.reconcile(score, SQL)
    (row,) = found.table()
    assert (row["patient_id"], row["ours"], row["theirs"], row["rule"]) == ("P4", "not_numerator", "outside", "lost")
    assert "lost to follow-up" in row["clause"]
    assert "失访" in found.table("zh")["clause"][0]
    assert "lost=exclude" in row["agree_if"].split(" | ")
    assert len(found.best.changed) == 1
    best = found.by_reading().rows()[0]
    assert (best["changed"], best["agreements"], best["disagreements"]) == (found.best.text, 4, 0)


def test_sides_count_everybody(score):
    """The cross table has every person once, by where we and they count them."""
    sides = {(row["here"], row["theirs"]): row["people"] for row in sd.reconcile(score, SQL).sides()}
    assert sides == {
        ("numerator", "numerator"): 1,
        ("denominator", "denominator"): 1,
        ("denominator", "outside"): 1,
        ("outside", "outside"): 1,
    }


def test_agreement_is_that_of_plain_figures():
    """Under each reading both agree exactly on those whom plain evaluation puts on the side that they say."""
    log = sd.simulate(patients=200, seed=5).log()
    score = sd.evaluate(CONTROL, log, period="2024")
    other = sd.evaluate(CONTROL, log, period="2024", policy={"managed": "period_end"})
    groups = [*other.table()["groups"][0]]
    theirs = {who: group for group in groups for who in sd.people(other, CONTROL.id, group)["patient_id"]}
    found = sd.reconcile(score, theirs)
    assert dict(found.best.changed) == {"managed": "period_end"}
    assert found.by_reading()["disagreements"][0] == 0
    for row in found.table():
        assert sd.explain(score, row["patient_id"], CONTROL.id).answers[0].decisive.rule == row["rule"]


def test_no_reading_may_agree(score):
    """Whom no policy moves to their side has no way of agreeing, and a stranger is nobody here."""
    found = sd.reconcile(score, {"P1": "denominator", "P2": "numerator", "P4": "denominator", "X": "numerator"})
    rows = {row["patient_id"]: row for row in found.table()}
    assert set(rows) == {"P1", "P2", "X"}
    assert rows["P2"]["agree_if"] == ""
    assert rows["P2"]["clause"].startswith("not met: ")
    assert rows["X"]["ours"] is None
    assert "1 of them not in the registry" in str(found)
    assert "登记中没有的 1 人" in found.to_text("zh")
    assert ("", "numerator", 1) in [tuple(row.values()) for row in found.sides()]


def test_a_numerator_alone(score):
    """Of the ids of a numerator nobody can say who else was counted: only that side is compared."""
    assert len(sd.reconcile(score, ["P1"]).table()) == 0
    assert sd.reconcile(score, ["P2"]).table()["patient_id"] == ("P1", "P2")


# THEIR TABLE


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("patient_id,numerator\nA,1\nB,0\nC,\n", {"A": "numerator", "B": "denominator", "C": "outside"}),
        (
            "patient_id,numerator,denominator\nA,是,1\nB,,1\nC,,0\n",
            {"A": "numerator", "B": "denominator", "C": "outside"},
        ),
        (
            "patient_id,group\nA,unknown\nB,excluded:lost\nC,numerator\nD,\n",
            {"A": "denominator", "B": "outside", "C": "numerator", "D": "outside"},
        ),
        ("\ufeffpatient_id\nA\n", {"A": "numerator"}),
    ],
)
def test_tables_that_are_taken(tmp_path, text, sides):
    """Flags, groups, or a list of a numerator: each says where a person is counted."""
    (tmp_path / "theirs.csv").write_text(text, "utf-8")
    assert theirs_of(tmp_path / "theirs.csv").sides == sides


def test_values_that_are_taken():
    """Flags by person, rows and tables say the same as a file."""
    wanted = {"A": "numerator", "B": "denominator"}
    assert theirs_of({"A": True, "B": False}).sides == wanted
    assert theirs_of([{"patient_id": "A", "numerator": 1}, {"patient_id": "B", "numerator": 0}]).sides == wanted
    assert theirs_of(sd.Table({"patient_id": ["A", "B"], "group": ["numerator", "not_numerator"]})).sides == wanted
    assert theirs_of([]).sides == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,numerator\nA,1\n", "has no column patient_id"),
        ("patient_id,rate\nA,1\n", "says of nobody where"),
        ("patient_id,numerator\nA,perhaps\n,1\n", "line 3"),
        ("patient_id,numerator\nA,perhaps\n", "expected 1 or 0"),
        ("patient_id,numerator\nA,1\nA,0\n", "is numerator above and denominator here"),
        ("patient_id,group\nA,numerater\n", "did you mean numerator"),
        ("patient_id,numerator,denominator\nA,1,0\n", "not in the denominator"),
    ],
)
def test_tables_that_are_refused(tmp_path, text, said):
    """Every row that cannot be taken is named, with what was expected."""
    (tmp_path / "theirs.csv").write_text(text, "utf-8")
    with pytest.raises(sd.DataError) as refused:
        theirs_of(tmp_path / "theirs.csv")
    assert said in str(refused.value)


def test_another_encoding(tmp_path):
    """A table in another encoding is refused with a hint, and read when it is named."""
    (tmp_path / "theirs.csv").write_bytes("patient_id,numerator\n张三,是\n".encode("gb18030"))
    with pytest.raises(sd.DataError, match="gb18030"):
        theirs_of(tmp_path / "theirs.csv")
    assert theirs_of(tmp_path / "theirs.csv", "gb18030").sides == {"张三": "numerator"}


def test_which_measure_and_period(score, data):
    """Of several measures or periods one has to be named; rows are not people."""
    log = sd.read(data)
    several = sd.evaluate(sd.measures("cn-bphs-2017", diseases="hypertension")[:3], log, periods="2024/month")
    with pytest.raises(sd.UsageError, match="say which measure"):
        sd.reconcile(several, SQL)
    with pytest.raises(sd.UsageError, match="say which period"):
        sd.reconcile(several, SQL, measure=CONTROL.id)
    assert sd.reconcile(several, SQL, measure=CONTROL.id, period="2024-12").period == sd.period("2024-12")
    rows = sd.Measure(id="rows", of=sd.events("follow_up").within(sd.PERIOD), numerator=sd.column("sbp") < 140)
    with pytest.raises(sd.UsageError, match="counts rows"):
        sd.reconcile(sd.evaluate(rows, log, period="2024"), SQL)


def test_command_line(data, tmp_path):
    """The command lists who differs, or each reading, as text, CSV and JSON."""
    (tmp_path / "theirs.csv").write_text("patient_id,numerator\nP1,1\nP2,0\n", "utf-8")
    asked = ("reconcile", data, tmp_path / "theirs.csv", "--period", "2024", "--measure", "hypertension.control")
    rows = json.loads(run(*asked, "--format", "json").stdout)
    assert [row["patient_id"] for row in rows] == ["P4"]
    assert "3 agree, 1 differ" in run(*asked).stdout
    best = json.loads(run(*asked, "--readings", "--vary", "lost", "--format", "json").stdout)[0]
    assert (best["changed"], best["disagreements"]) == ("lost=exclude", 0)


def test_measures_command(tmp_path):
    """The measures of a set are listed, one is said in words, and two are compared."""
    assert "hypertension.control" in run("measures", "list", "cn-bphs-2017").stdout
    assert "lost" in run("measures", "show", "hypertension.control").stdout
    assert run("measures", "diff", "hypertension.control", "hypertension.control").stdout == "no difference\n"
    changed = run("measures", "diff", "hypertension.control", "type2-diabetes.control", "--format", "json")
    assert json.loads(changed.stdout)
    wrong = run("measures", "show", "hypertension.contrl")
    assert wrong.exit_code == 2
    assert "did you mean hypertension.control" in wrong.output
