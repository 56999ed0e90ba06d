"""A registry written as WS 365 or WS 372 reads back the same, and what has no place there is counted."""

from __future__ import annotations

import csv
from collections import Counter

import pytest
from cli_world import run

import singledisease as sd
from singledisease.dates import iso
from singledisease.io.data_sets.elements import DataElement, elements
from singledisease.io.data_sets.sheets import foreign_cell, sheets_of
from singledisease.io.mapping import read_mapping

PEOPLE = [
    {"patient_id": "37078300000000001", "birth_date": "1950-03-01", "sex": "female", "institution": "A"},
    {"patient_id": "37078300000000002", "birth_date": "1961-07-12", "sex": "male", "death_date": "2024-12-01"},
    {"patient_id": "P3", "birth_date": "", "sex": "unknown"},
]


def event(who, date, kind, disease="hypertension", **more):
    """Give an event of one of the people."""
    return {"patient_id": PEOPLE[who]["patient_id"], "date": date, "kind": kind, "disease": disease, **more}


VISIT = {"mode": "clinic", "record": "R1", "sbp": 138, "dbp": 84.5, "weight": 70, "bmi": 24.5}
EVENTS = [
    event(0, "2023-01-01", "enrolment"),
    event(0, "2024-01-05", "follow_up", **VISIT, adverse_reaction="true"),
    event(0, "2024-01-05", "appointment", until="2024-04-05"),
    event(0, "2024-01-05", "referral", direction="up", reason="控制不满意"),
    event(
        0, "2024-04-05", "follow_up", mode="home", sbp=151, dbp=92, evaluation="unsatisfactory", complication="false"
    ),
    event(1, "2024-02-01", "follow_up", "type2-diabetes", mode="phone", fpg=7.1, hypoglycaemia="occasional"),
    event(1, "2024-02-01", "appointment", "type2-diabetes", until="2024-05-01"),
    event(1, "2024-02-01", "appointment", "type2-diabetes", until="2024-06-01"),
    event(1, "2024-03-01", "appointment", "type2-diabetes", until="2024-06-01"),
    event(1, "2024-03-05", "referral", "", direction="up", reason="复查", code="E11.9"),
    event(1, "2024-03-06", "referral", "", direction="down"),
    event(2, "2024-05-01", "follow_up", sbp=130, dbp=80, complication="true"),
    event(2, "2024-05-02", "follow_up", "hypertension|type2-diabetes", sbp=130, dbp=80),
    event(2, "2024-05-03", "follow_up", sbp=130, dbp=80, withdrawn="2024-06-01"),
    event(2, "2024-05-04", "follow_up", sbp=130, dbp=80, team="T1"),
    event(2, "2024-05-04", "follow_up", sbp=130, dbp=80, team="T2"),
]


def shown(log):
    """Give every event of a log as text, by person, each with its columns in the order of their names."""
    names = sorted({*log.columns} - {"evaluation"})
    return {
        who: sorted(
            (iso(one["date"]), one["kind"], *(repr(one.get(name)) for name in names)) for one in log.events_of(i)
        )
        for i, who in enumerate(log.people.ids.tolist())
    }


def count(written, what, name):
    """Give written and not written of one line of the account, added over the reasons."""
    rows = [row for row in written.account if (row["what"], row["name"]) == (what, name)]
    return sum(row["written"] for row in rows), sum(row["not_written"] for row in rows)


@pytest.fixture
def log():
    """Give the registry of three people."""
    return sd.read_frames(PEOPLE, EVENTS)


def test_ws365_back_and_forth(tmp_path, log):
    """Follow-ups, next visits and referrals with a table come back event for event, and nothing else does."""
    written = sd.write_data_set(log, tmp_path / "ws", "ws365")
    again = sd.read(tmp_path / "ws", mapping="ws365")
    assert not again.report.refusals
    assert Counter(kind for one in shown(again).values() for _, kind, *_ in one) == {
        "follow_up": 5,
        "appointment": 2,
        "referral": 2,
    }
    first = again.events_of(0)
    assert {(iso(one["date"]), one["kind"], one["sbp"], one["dbp"], one["mode"]) for one in first} == {
        ("2024-01-05", "follow_up", 138.0, 84.5, "clinic"),
        ("2024-01-05", "appointment", None, None, None),
        ("2024-01-05", "referral", None, None, None),
        ("2024-04-05", "follow_up", 151.0, 92.0, "home"),
    }
    assert again.people.birth.tolist() == log.people.birth.tolist()
    assert sum(row["written"] for row in written.account if row["what"] == "event") == len(again)


def test_every_event_is_accounted_for(tmp_path, log):
    """Each event is written or not, with why; columns, people and tables that have no place are counted."""
    written = sd.write_data_set(log, tmp_path / "ws", "ws365")
    events = [row for row in written.account if row["what"] == "event"]
    assert sum(row["written"] + row["not_written"] for row in events) == len(log) == len(EVENTS)
    assert count(written, "event", "enrolment hypertension") == (0, 1)
    assert count(written, "event", "appointment type2-diabetes") == (1, 2)
    assert count(written, "event", "referral") == (1, 1)
    assert count(written, "event", "follow_up hypertension") == (4, 2)
    assert count(written, "event_column", "team") == (0, 1)
    assert count(written, "person_column", "death_date") == (0, 1)
    assert count(written, "read_besides", "evaluation") == (1, 0)
    assert count(written, "format", "个人基本信息 HDSD00.01.001 城乡居民健康档案编号") == (1, 0)
    assert count(written, "format", "高血压随访 HDSD00.01.343 舒张压(mmHg)") == (1, 0)
    assert written.lost == sum(row["not_written"] for row in written.account) > 0
    assert {row["why"] for row in events if row["name"] == "follow_up hypertension"} >= {
        "",
        "已撤回 / it was taken back",
    }


@pytest.mark.parametrize("data_set", ["ws365", "ws372"])
def test_with_the_rest_nothing_is_lost(tmp_path, log, data_set):
    """With the rest beside it every person and event is there again, but for the columns the account names."""
    written = sd.write_data_set(log, tmp_path / "ws", data_set, rest=True)
    again = sd.read(tmp_path / "ws", mapping=tmp_path / "ws" / "mapping.toml")
    assert not again.report.refusals
    assert len(again) == len(log)
    assert [again.person_at(i) for i in range(3)] == [log.person_at(i) for i in range(3)]
    lost = {row["name"] for row in written.account if row["what"] == "event_column"}
    besides = {row["name"] for row in written.account if row["what"] == "read_besides"}
    for i in range(3):
        for one, two in zip(log.events_of(i), again.events_of(i), strict=True):
            differing = {name for name in (*log.columns, "evaluation") if one.get(name) != two.get(name)}
            assert differing <= lost | besides


@pytest.mark.parametrize("data_set", ["ws365", "ws372"])
def test_the_same_figures(tmp_path, data_set):
    """A simulated registry gives the same figures from the data set with the rest beside it."""
    log = sd.simulate(patients=120, seed=5).log()
    sd.write_data_set(log, tmp_path / "ws", data_set, rest=True)
    again = sd.read(tmp_path / "ws", mapping=tmp_path / "ws" / "mapping.toml")
    measures = sd.measures("cn-bphs-2017")
    for period in ("2023", "2024"):
        figures = [
            [(row["measure"], row["groups"]) for row in sd.evaluate(measures, one, period=period).table()]
            for one in (log, again)
        ]
        assert figures[0] == figures[1]
        assert any(row[1].get("numerator") for row in figures[0])


def test_identifiers_codes_and_formats(tmp_path, log):
    """Headings are identifiers, days D8, flags T or F, codes those of the lists, decimals as the format has them."""
    sd.write_data_set(log, tmp_path / "ws", "ws365")
    with open(tmp_path / "ws" / "高血压随访.csv", encoding="utf-8", newline="") as stream:
        first = next(csv.DictReader(stream))
    assert first["HDSD00.01.466"] == "20240105"
    assert first["HDSD00.01.467"] == "1"
    assert first["HDSD00.01.480"] == "T"
    assert (first["HDSD00.01.342"], first["HDSD00.01.343"]) == ("138", "84.5")
    assert (first["HDSD00.01.056"], first["HDSD00.01.058"]) == ("70.0", "24.50")
    assert (first["HDSD00.01.483"], first["HDSD00.01.284"]) == ("20240405", "控制不满意")
    with open(tmp_path / "ws" / "糖尿病随访.csv", encoding="utf-8", newline="") as stream:
        visit = next(csv.DictReader(stream))
    assert (visit["HDSD00.01.467"], visit["HDSD00.01.466"], visit["HDSD00.01.488"]) == ("20240201", "3", "2")
    said = (tmp_path / "ws" / "数据元.md").read_text("utf-8")
    assert "| 糖尿病随访 | HDSD00.01.466 | DE06.00.108.00 | 随访方式代码 | N1 |" in said
    assert "| 高血压随访 | HDSD00.01.466 | DE06.00.109.00 | 本次随访日期 | D8 |" in said


def test_a_folder_written_is_recognised(tmp_path, log):
    """Looked at as unknown files, what was written is known by its identifiers, and nothing has to be guessed."""
    for data_set in ("ws365", "ws372"):
        sd.write_data_set(log, tmp_path / data_set, data_set)
        assert f"extends = '{data_set}'" in sd.inspect(tmp_path / data_set).mapping


def test_every_column_of_the_mappings_is_an_element():
    """Whatever the mappings read has a data element with a name and a format; DE numbers have their form."""
    known = elements()
    for name in ("ws365", "ws372"):
        for sheet in sheets_of(read_mapping(name)):
            assert sheet.columns.keys() <= known.keys()
            for one in sheet.columns.values():
                assert one.element.startswith("DE0")
                assert len(one.element.split(".")) == 4


@pytest.mark.parametrize(
    ("format", "cell", "fits"),
    [
        ("N2..3", "138", True),
        ("N2..3", "84.5", False),
        ("N2..3", "1380", False),
        ("N5,2", "24.50", True),
        ("N5,2", "124.50", False),
        ("N4,1", "6.51", False),
        ("D8", "20240105", True),
        ("D8", "2024-01-05", False),
        ("T/F", "T", True),
        ("T/F", "true", False),
        ("N1", "3", True),
        ("N1", "33", False),
        ("N", "3", True),
        ("N17", "37078300000000001", True),
        ("N17", "3707830000000000", False),
        ("AN..20", "R-1", True),
        ("AN..20", "R" * 21, False),
        ("AN10", "", True),
        ("DT15", "anything", True),
    ],
)
def test_formats(format, cell, fits):
    """A cell fits its format or not; a blank one does, and a format that nobody reads here binds nothing."""
    assert DataElement("x", "DE", "x", format).fits(cell) is fits


def test_codes_that_mean_two_things():
    """A cell is chosen that says all that the row says; where none does there is none."""
    visits = next(one for one in read_mapping("ws365").sources if one.name == "高血压随访")
    names = ("complication", "evaluation")
    assert foreign_cell(visits, names, {"complication": "true"}) == "4"
    assert foreign_cell(visits, names, {"complication": "false", "evaluation": "adverse_reaction"}) == "3"
    assert foreign_cell(visits, names, {"complication": "false", "evaluation": "complication"}) is None
    assert foreign_cell(visits, names, {}) == ""
    assert foreign_cell(visits, ("mode",), {"mode": "drone"}) is None


def test_no_such_data_set(tmp_path, log):
    """A data set that is none is named with what there is, and nothing is written."""
    with pytest.raises(sd.UsageError, match="did you mean ws365"):
        sd.write_data_set(log, tmp_path / "ws", "ws364")
    assert not (tmp_path / "ws").exists()


def test_convert(tmp_path):
    """The command writes a data set with its account, or the files of the library; the rest is for data sets."""
    data = tmp_path / "data"
    sd.simulate(data, patients=40, seed=2)
    done = run("convert", data, tmp_path / "ws", "--to", "ws365", "--rest", "--lang", "en")
    assert done.exit_code == 0
    assert "follow_up hypertension" in done.stdout
    assert "--mapping" in done.stderr
    asked = ("--period", "2024", "--format", "csv")
    whole = run("kpi", tmp_path / "ws", "--mapping", tmp_path / "ws" / "mapping.toml", *asked)
    assert whole.stdout == run("kpi", data, *asked).stdout != ""
    assert run("convert", data, tmp_path / "csv", "--to", "csv").exit_code == 0
    assert len(sd.read(tmp_path / "csv")) == len(sd.read(data))
    assert run("convert", data, tmp_path / "csv", "--to", "csv", "--rest").exit_code == 2
