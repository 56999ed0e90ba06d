"""What moved since a result was frozen: cells, people, events; and what is said where it does not come out again."""

from __future__ import annotations

import pytest
from test_difference_and_frozen import CONTROL, EVENTS, scored, written

import singledisease as sd


@pytest.fixture(name="log")
def _log(tmp_path):
    return written(tmp_path / "data")


@pytest.fixture(name="path")
def _path(log, tmp_path):
    sd.freeze(scored(log), tmp_path / "2024.jsonl", "published in January")
    return tmp_path / "2024.jsonl"


def test_people_and_events_since_it_was_frozen(log, path):
    """The cells are those that were frozen beside those of now, and the events are named that moved people."""
    found = sd.moved_since(path, log)
    assert (found.entry, found.note, found.known_until) == (1, "published in January", "2025-01-15")
    (cell,) = found.table()
    assert cell["groups"] == {"not_numerator": -2, "numerator": 1, "unknown": 1}
    assert (cell["numerator_before"], cell["numerator_after"], cell["rate_after"]) == (2, 3, 0.75)
    assert {row["patient_id"]: row["because"] for row in found.people} == {
        "A": "late",
        "B": "withdrawn",
        "C": "corrected",
    }
    assert [row["line"] for row in found.events] == [7, 8, 10]
    assert {(row["because"], row["people"]) for row in found.causes} == {
        ("late", 1),
        ("withdrawn", 1),
        ("corrected", 1),
    }
    assert "补录" in found.to_text("zh")
    assert found.remarks == ()


def test_nothing_moved_on_the_day_it_was_frozen(log, path):
    """As known on the same day nothing moved, in whichever language it is told."""
    found = sd.moved_since(path, log, as_of="2025-01-15")
    assert (len(found.cells), len(found.people), found.to_text("zh")) == (0, 0, "没有变化")


def test_what_does_not_come_out_again_names_nobody(path, tmp_path):
    """A row that was changed without a trace: the frozen counts stand beside those of now, and it is said why."""
    changed = written(
        tmp_path / "changed", EVENTS.replace("D,2024-03-01,follow_up,,clinic,130", "D,2024-03-01,follow_up,,clinic,170")
    )
    found = sd.moved_since(path, changed)
    assert found.people is None
    assert found.events is None
    assert len(found.causes) == 0
    (cell,) = found.cells
    assert (cell["numerator_before"], cell["numerator_after"]) == (2, 2)
    assert "log.events" in str(found)
    assert "cannot be said" in str(found)


def test_another_definition_now(log, path):
    """With the definition of then beside that of now, people who moved by it are said to."""
    now = sd.Measure(
        id=CONTROL.id,
        version="mine",
        population=sd.managed("hypertension", on=sd.PERIOD.end),
        numerator=sd.events("follow_up").within(sd.PERIOD).exists(),
    )
    found = sd.moved_since(path, log, measures=now, then=CONTROL)
    assert found.verification.reproduced
    assert {row["patient_id"]: row["because"] for row in found.people}["B"] == "withdrawn, definition"
    assert "version" in found.difference.definitions["what"]


def test_by_institution_and_of_amounts(log, tmp_path):
    """Cells of strata and sums move too; a ratio has no numerator of people."""
    visits = sd.Ratio(id="visits", numerator=sd.events("follow_up").within(sd.PERIOD).count(), denominator=1)
    path = tmp_path / "visits.jsonl"
    sd.freeze(sd.evaluate(visits, log, period="2024", by="sex", as_of="2025-01-15"), path)
    found = sd.moved_since(path, log, measures=visits)
    moved = {row["by"]["sex"]: row for row in found.cells}
    assert moved["female"]["numerator_before"] is None
    assert any(name.startswith("sum:") for name in moved["female"]["groups"])


def test_what_was_never_frozen(log, tmp_path):
    """A file that holds none of the measures has nothing to compare."""
    mine = sd.Measure(id="mine", numerator=sd.managed("hypertension", on=sd.PERIOD.end))
    sd.freeze(sd.evaluate(mine, log, period="2024"), tmp_path / "mine.jsonl")
    with pytest.raises(sd.UsageError, match="nothing_in_common"):
        sd.moved_since(tmp_path / "mine.jsonl", log, measures=CONTROL)
