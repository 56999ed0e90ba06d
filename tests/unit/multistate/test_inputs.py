"""Columns as users have them: members of enumerations, blanks of several kinds, spans of time, large ids."""

import datetime as dt
import enum
import re

import numpy as np
import pytest

import singledisease as sd


class Care(enum.Enum):
    """States without an order of their own."""

    WELL = "w"
    ILL = "i"
    DEAD = "d"


class Named(str, enum.Enum):  # noqa: UP042 - of the older kind, whose str() is not its text
    """States that are texts."""

    WELL = "well"
    ILL = "ill"
    DEAD = "dead"


class Coded(enum.IntEnum):
    """States that are whole numbers."""

    WELL = 0
    ILL = 1
    DEAD = 2


WELL, ILL, DEAD = "well", "ill", "dead"


def stays(source, target, **options):
    """Check three stays of two people: one falls ill at 4 and dies at 9, the other is censored at 5."""
    return sd.histories([0, 4, 0], [4, 9, 5], source, target, **{"id": [1, 1, 2], **options})


@pytest.mark.parametrize(
    ("kind", "names"),
    [(Care, (Care.WELL, Care.ILL, Care.DEAD)), (Named, (DEAD, ILL, WELL)), (Coded, (0, 1, 2))],
)
def test_enumerations_are_states(kind, names):
    """Members of an enumeration are states in its order, or the texts and numbers that they are."""
    found = stays([kind.WELL, kind.ILL, kind.WELL], [kind.ILL, kind.DEAD, None])
    assert found.states == names
    assert found.target.tolist() == [names.index(kind.ILL), names.index(kind.DEAD), -1]
    assert stays([kind.WELL, kind.ILL, kind.WELL], [kind.ILL, kind.DEAD, None], states=kind).states == tuple(kind)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (np.array([b"well", b"ill", b"well"]), np.array([b"ill", b"dead", b""])),
        ([WELL, ILL, WELL], [ILL, DEAD, " "]),
        (np.array([WELL, ILL, WELL]), np.array([ILL, DEAD, "  "])),
        (np.array([WELL, ILL, WELL], dtype=object), np.array([ILL, DEAD, "\t"], dtype=object)),
    ],
)
def test_blanks_are_missing(source, target):
    """A text of blanks, or of no bytes, is no state: the stay is censored."""
    found = stays(source, target)
    assert found.target[2] == -1
    assert len(found.states) == 3


@pytest.mark.parametrize("text", ["nan", "NaN", "None", "<NA>", "NaT", "null"])
def test_missing_written_as_text(text):
    """A missing value that became a text is no state by chance: it is refused, unless the states name it."""
    with pytest.raises(sd.DataError, match=rf"person 2, row 2: to_state is the text {re.escape(repr(text))}"):
        stays([WELL, ILL, WELL], [ILL, DEAD, text])
    assert stays([WELL, ILL, WELL], [ILL, DEAD, text], states=[WELL, ILL, DEAD, text]).target[2] == 3


def test_a_state_called_censored():
    """A state called censored is taken for one, and the result says what a censored stay is."""
    fit = sd.aalen_johansen([0, 0], [2, 3], ["well", "well"], ["dead", "censored"])
    assert any("'censored' is a state here" in note for note in fit.notes)


@pytest.mark.parametrize("source", [["1", 1, "1"], [True, "1", True]])
def test_texts_and_numbers_are_not_mixed(source):
    """A number and a text that look alike are of different kinds, and are not silently one state."""
    with pytest.raises(sd.DataError, match="from_state has labels of different kinds"):
        stays(source, [None, None, None], id=None)


def test_the_column_is_named():
    """What is no column of labels is refused under its name."""
    with pytest.raises(sd.DataError, match="from_state must be one label per row"):
        sd.histories([0, 0], [1, 2], "well", ["dead", None])
    with pytest.raises(sd.DataError, match="start 2, stop 3, from_state 2, to_state 2"):
        sd.histories([0, 1], [1, 2, 3], ["a", "b"], ["b", None])
    with pytest.raises(sd.DataError, match="weights 1"):
        sd.histories([0, 1], [1, 2], ["a", "b"], ["b", None], weights=[1])


def test_spans_of_time():
    """Python's spans of time are days, as NumPy's are; months and years have no fixed number of days."""
    days = [dt.timedelta(0), dt.timedelta(days=4), dt.timedelta(hours=36)]
    found = sd.histories(days, [dt.timedelta(days=5)] * 3, ["a"] * 3, [None] * 3)
    assert found.start.tolist() == [0, 4, 1.5]
    assert sd.kaplan_meier([dt.timedelta(3), dt.timedelta(4)], [1, 0]).times.tolist() == [3]
    with pytest.raises(sd.DataError, match="stop counts in months or years"):
        sd.histories([0], np.array([4], "m8[Y]"), ["a"], [None])


def test_a_missing_time_is_said_to_be_missing():
    """Not a number, or not a date, is a missing time, and infinity is none that can be reached."""
    with pytest.raises(sd.DataError, match="row 0: stop is missing; it must be a finite time"):
        sd.histories([dt.date(2024, 1, 1)] * 2, [None, dt.date(2024, 2, 1)], ["a"] * 2, [None] * 2)
    with pytest.raises(sd.DataError, match="stop is inf; it must be a finite time"):
        sd.histories([0.0], [np.inf], ["a"], [None])
    with pytest.raises(sd.DataError, match="time is missing"):
        sd.transition_counts([1, 1], [dt.date(2024, 1, 1), None], ["a", "b"])


def test_dates_written_as_texts():
    """Texts are dates, in both ways in which a clinic writes them; every one that is none is named."""
    found = sd.histories(["2024-01-01", "20240301"], ["2024-03-01", "2024-05-01"], ["a", "b"], ["b", None], id=[1, 1])
    assert found.dated
    assert (found.stop - found.start).tolist() == [60, 61]
    objects = np.array(["2024-01-01", None], dtype=object)
    with pytest.raises(sd.DataError, match="row 1: start is missing"):
        sd.histories(objects, ["2024-03-01"] * 2, ["a"] * 2, ["b"] * 2)
    hours = sd.histories(["2024-01-01 06:00"], ["2024-01-01T18:00"], ["a"], ["b"])
    assert (hours.stop - hours.start).tolist() == [0.5]
    with pytest.raises(sd.DataError, match="'2024-01-01 25:00' is not a date"):
        sd.histories(["2024-01-01 25:00"], ["2024-01-01"], ["a"], ["b"])
    with pytest.raises(sd.DataError, match="stop must be numbers or dates; 2 texts are not dates") as refused:
        sd.histories(["2024-01-01"] * 3, ["2024-02-30", "soon", "2024-02-01"], ["a"] * 3, ["b"] * 3)
    assert [fault.where for fault in refused.value.faults] == ["row 0", "row 1"]
    assert sd.transition_counts([1, 1], ["2024-01-01", "2024-02-01"], ["a", "b"]).total.sum() == 1


def test_large_unsigned_numbers():
    """Whole numbers beyond 63 bits are people and states like any others."""
    big = np.array([2**64 - 1, 2**64 - 2, 2**64 - 1, 2**64 - 2], np.uint64)
    counted = sd.transition_counts(big, [0, 0, 1, 1], big)
    assert counted.sources == (2**64 - 2, 2**64 - 1)
    assert counted.total.tolist() == [[1, 0], [0, 1]]


def test_objects_of_numpy_are_events():
    """Truth values and numbers of NumPy in a column of objects are events like those of an array."""
    events = np.array([np.True_, np.int64(0), True, 1.0], dtype=object)
    assert sd.kaplan_meier([1, 2, 3, 4], events).events.tolist() == [1, 1, 1]
