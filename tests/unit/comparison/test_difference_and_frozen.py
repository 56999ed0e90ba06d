"""What moved between two scorecards and why; a frozen result that is verified later and only appended to."""

from __future__ import annotations

import json

import pytest
from attrs import evolve

import singledisease as sd
from singledisease.comparison.frozen import entries
from singledisease.eventlog.content_hash import content_hashes

CONTROL = sd.measures("cn-bphs-2017", diseases="hypertension")[2]
NEWER = evolve(CONTROL, version="next")
PATIENTS = "patient_id,birth_date,sex\nA,1970-01-01,female\nB,1970-01-01,male\nC,1970-01-01,male\nD,1970-01-01,male\n"
EVENTS = """\
patient_id,date,kind,disease,mode,sbp,dbp,recorded,withdrawn,record
A,2024-01-05,enrolment,hypertension,,,,,,
B,2024-01-05,enrolment,hypertension,,,,,,
C,2024-01-05,enrolment,hypertension,,,,,,
D,2024-01-05,enrolment,hypertension,,,,,,
A,2024-03-01,follow_up,,clinic,150,95,,,
A,2024-12-20,follow_up,,clinic,128,78,2025-02-10,,
B,2024-03-01,follow_up,,clinic,130,80,,2025-04-02,
C,2024-03-01,follow_up,,clinic,150,80,,2025-04-02,r1
C,2024-03-01,follow_up,,clinic,130,80,2025-04-02,,r1
D,2024-03-01,follow_up,,clinic,130,80,,,
"""


def written(folder, events=EVENTS, patients=PATIENTS):
    """Write and read a registry."""
    folder.mkdir(exist_ok=True)
    (folder / "patients.csv").write_text(patients, "utf-8")
    (folder / "events.csv").write_text(events, "utf-8")
    return sd.read(folder)


@pytest.fixture(name="log")
def _log(tmp_path):
    return written(tmp_path / "data")


def scored(log, as_of="2025-01-15", **more):
    """Evaluate control of 2024."""
    return sd.evaluate(CONTROL, log, period="2024", as_of=as_of, **more)


def test_people_and_the_events_that_moved_them(log):
    """A record that came late, one that was taken back, one that was corrected: each moves its person."""
    found = scored(log).difference(scored(log, None))
    moved = {row["patient_id"]: (row["before"], row["after"], row["because"]) for row in found.people}
    assert moved == {
        "A": ("not_numerator", "numerator", "late"),
        "B": ("numerator", "unknown", "withdrawn"),
        "C": ("not_numerator", "numerator", "corrected"),
    }
    rows = {row["patient_id"]: row for row in found.events}
    assert (rows["A"]["file"], rows["A"]["line"], str(rows["A"]["recorded"])) == ("events.csv", 7, "2025-02-10")
    assert (rows["C"]["before"], rows["C"]["after"]) == ("sbp=150", "sbp=130")
    (cell,) = found.cells
    assert cell["groups"] == {"not_numerator": -2, "numerator": 1, "unknown": 1}
    assert (cell["numerator_before"], cell["numerator_after"]) == (2, 3)
    assert len(found.definitions) == 0
    assert found.table() == found.cells


VISITS = sd.Measure(id="visits", of=sd.events("follow_up").within(sd.PERIOD), numerator=sd.column("sbp") < 140)


def test_people_whose_rows_moved(log):
    """Of a measure of rows each person is told with how many rows are in each group; who has none had none before."""
    before, after = (sd.evaluate(VISITS, log, period="2024", as_of=day) for day in ("2025-01-15", None))
    moved = {
        row["patient_id"]: (row["before"], row["after"], row["because"]) for row in before.difference(after).people
    }
    assert moved == {
        "A": ("not_numerator 1", "numerator 1, not_numerator 1", "late"),
        "B": ("numerator 1", None, "withdrawn"),
        "C": ("not_numerator 1", "numerator 1", "corrected"),
    }


def test_people_whose_rows_another_definition_moves(log):
    """Another definition is named where it, and nothing that is known otherwise, moves the rows of a person."""
    stricter = sd.Measure(id="visits", of=sd.events("follow_up").within(sd.PERIOD), numerator=sd.column("sbp") < 130)
    before, after = (sd.evaluate(one, log, period="2024", as_of="2025-01-15") for one in (VISITS, stricter))
    moved = {
        row["patient_id"]: (row["before"], row["after"], row["because"]) for row in before.difference(after).people
    }
    assert moved == {
        "B": ("numerator 1", "not_numerator 1", "definition"),
        "D": ("numerator 1", "not_numerator 1", "definition"),
    }


def test_another_version_of_a_disease_is_told(log):
    """A disease that is written otherwise is told beside the measures that ask it, with both versions."""
    newer = evolve(sd.disease("hypertension"), version="next")
    before, after = (
        sd.evaluate(CONTROL, log, period="2024", diseases={"hypertension": one})
        for one in (sd.disease("hypertension"), newer)
    )
    told = [(row["what"], row["after"]) for row in before.difference(after).definitions]
    assert told == [("hypertension", "next")]


def test_nothing_moved(log):
    """Between a scorecard and itself nothing moved, and that is said."""
    found = sd.score_difference(scored(log), scored(log))
    assert (len(found.cells), len(found.people), str(found)) == (0, 0, "nothing moved")
    assert found.to_text("zh") == "没有变化"


def test_another_policy_is_a_definition(log):
    """Who moves because of another policy alone is said to; who moved by late records too has both causes."""
    found = sd.score_difference(scored(log, policy={"unknown": "exclude"}), scored(log, None))
    because = {row["patient_id"]: row["because"] for row in found.people}
    assert because == {"A": "late", "B": "withdrawn, definition", "C": "corrected"}
    assert found.definitions.rows() == [
        {"measure": CONTROL.id, "what": "unknown", "before": "exclude", "after": "not_at_goal"}
    ]
    assert "撤回、定义或口径" in found.to_text("zh")


def test_time_alone(log):
    """Silence moves people without any record: they became lost."""
    found = sd.score_difference(
        sd.evaluate(CONTROL, log, period="2025", as_of="2025-01-15"),
        sd.evaluate(CONTROL, log, period="2025", as_of="2025-04-01"),
    )
    assert {row["patient_id"]: row["because"] for row in found.people}["D"] == "time"


def test_two_exports(log, tmp_path):
    """Of two exports rows are added and removed, people change, and those who are not counted are no news."""
    events = EVENTS.replace("D,2024-03-01,follow_up,,clinic,130,80,,,\n", "D,2024-04-01,follow_up,,clinic,160,80,,,\n")
    other = written(tmp_path / "other", events, PATIENTS.replace("A,1970", "A,1940") + "E,1990-01-01,male\n")
    found = sd.score_difference(scored(log, None), scored(other, None))
    (moved,) = found.people
    assert (moved["patient_id"], {*moved["because"].split(", ")}) == ("D", {"added", "removed"})


def test_another_version_and_other_rules_are_told(log):
    """A measure of another version, and so another one, is named among the definitions."""
    (version, rules) = sd.score_difference(
        scored(log), sd.evaluate(NEWER, log, period="2024", as_of="2025-01-15")
    ).definitions
    assert (version["what"], version["before"], version["after"]) == ("version", CONTROL.version, "next")
    assert (rules["what"], rules["before"], rules["after"]) == ("rules", None, None)


def test_somebody_is_compared_in_whichever_part_they_are(log):
    """Of several parts each is looked through; who is in none of them was in no registry before."""
    before = scored(log.slice(0, 1)) + scored(log.slice(1, 3))
    moved = {one["patient_id"]: (one["before"], one["because"]) for one in before.difference(scored(log, None)).people}
    assert moved["C"] == ("not_numerator", "corrected")
    assert moved["D"] == (None, "added")


def test_what_a_correction_changed_is_said_with_days_and_blanks(tmp_path):
    """A day is written as a day, what was or is blank as nothing."""
    was, is_now = "C,2024-03-01,follow_up,,clinic,130,80,2025", "C,2024-03-01,follow_up,,clinic,130,,2025"
    header, *rows = EVENTS.replace(was, is_now).splitlines()
    later = {"C,2024-03-01,follow_up,,clinic,130,,2025-04-02,,r1": "2024-03-09"}
    lines = [f"{header},until", *(f"{row},{later.get(row, '')}" for row in rows)]
    log = written(tmp_path / "until", "\n".join(lines) + "\n")
    (changed,) = (row for row in scored(log).difference(scored(log, None)).events if row["patient_id"] == "C")
    assert {*changed["before"].split("; ")} == {"sbp=150", "dbp=80", "until="}
    assert {*changed["after"].split("; ")} == {"sbp=130", "dbp=", "until=2024-03-09"}


def test_what_cannot_be_compared(log):
    """Other strata, or nothing in common, is refused."""
    with pytest.raises(sd.UsageError, match="other_strata"):
        sd.score_difference(scored(log), scored(log, by="sex"))
    with pytest.raises(sd.UsageError, match="nothing_in_common"):
        sd.score_difference(scored(log), sd.evaluate(CONTROL, log, period="2023"))


# FROZEN


def test_a_frozen_result_is_reproduced_for_ever(log, tmp_path):
    """What was recorded later changes nothing of what was known then, and is told from it when everything counts."""
    path = tmp_path / "2024.jsonl"
    sd.freeze(scored(log), path)
    assert sd.verify(path, log).reproduced
    later = written(tmp_path / "later", EVENTS + "D,2024-11-01,follow_up,,clinic,170,99,2025-06-01,,\n")
    assert sd.verify(path, later).reproduced
    changed = written(tmp_path / "changed", EVENTS + "D,2024-11-01,follow_up,,clinic,170,99,,,\n")
    found = sd.verify(path, changed)
    assert not found.reproduced
    assert [row["what"] for row in found.table() if not row["same"]] == ["log.events", "counts"]
    assert "not reproduced" in str(found)


def test_other_definitions_are_told(log, tmp_path):
    """A measure that is written otherwise, or is not there, is named."""
    path = tmp_path / "2024.jsonl"
    mine = sd.Measure(id="mine", numerator=sd.managed("hypertension", on=sd.PERIOD.end))
    sd.freeze(sd.evaluate(mine, log, period="2024"), path)
    other = sd.Measure(id="mine", numerator=sd.managed("hypertension", during=sd.PERIOD))
    assert sd.verify(path, log, measures=mine).reproduced
    assert "measure mine" in [row["what"] for row in sd.verify(path, log, measures=[other]).table() if not row["same"]]
    assert not sd.verify(path, log).reproduced


def test_a_revision_is_appended(log, tmp_path):
    """A revision says why and leaves the earlier line as it was; each entry can be verified."""
    path = tmp_path / "2024.jsonl"
    sd.freeze(scored(log), path)
    first = path.read_bytes()
    with pytest.raises(sd.UsageError, match="has to say why"):
        sd.freeze(scored(log, None), path)
    with pytest.raises(sd.UsageError, match="nothing to revise"):
        sd.freeze(scored(log), path, "again")
    sd.freeze(scored(log, None), path, "late records")
    assert path.read_bytes().startswith(first)
    assert [entry["note"] for entry in entries(path)] == ["", "late records"]
    assert sd.verify(path, log, entry=1).reproduced
    assert sd.verify(path, log).entry == 2
    with pytest.raises(sd.UsageError, match="no such entry"):
        sd.verify(path, log, entry=3)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda lines: [lines[0].replace('"note": ""', '"note": "x"'), lines[1]], "was changed"),
        (lambda lines: lines[1:], "does not follow"),
        (lambda lines: ["{", *lines], "is no entry"),
        (lambda lines: ["[]", *lines], "is no entry"),
        (lambda _: [], "is no entry"),
    ],
)
def test_a_changed_file_is_refused(log, tmp_path, spoil, said):
    """A line that was changed, left out or put in is found."""
    path = tmp_path / "2024.jsonl"
    sd.freeze(scored(log), path)
    sd.freeze(scored(log, None), path, "late records")
    path.write_text("\n".join(spoil(path.read_text("utf-8").splitlines())), "utf-8")
    with pytest.raises(sd.DataError, match=said):
        sd.verify(path, log)


def test_entries_hold_counts_and_hashes(log, tmp_path):
    """An entry has the policies, the counts of every group, and a hash of each table of the log."""
    sd.freeze(scored(log), tmp_path / "2024.jsonl")
    entry = json.loads((tmp_path / "2024.jsonl").read_text("utf-8"))
    assert entry["measures"][0]["policy"]["lost"] == "not_at_goal"
    assert entry["log"] == content_hashes(scored(log).parts[0].log)
    assert sum(row["people"] for row in entry["counts"]) == 4


def test_hashes_are_of_content(tmp_path, log):
    """The order of rows does not matter; one number does, and only for its table."""
    head, *rows = EVENTS.splitlines()
    same = written(tmp_path / "same", "\n".join([head, *rows[::-1]]) + "\n")
    assert content_hashes(same) == content_hashes(log)
    other = content_hashes(written(tmp_path / "other", EVENTS.replace("128,78", "129,78")))
    assert [name for name, found in content_hashes(log).items() if found != other[name]] == ["events"]
