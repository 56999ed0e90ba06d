"""Tables on a narrow screen: nothing is cut, nothing is wider than the screen, Chinese lines up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from singledisease.cli.fitting import fitted
from singledisease.tables import Table
from singledisease.text_layout import width_of, wrapped

TABLE = Table(
    {
        "patient": ["P000121", "P2"],
        "due": ["2024-02-29", "2024-05-01"],
        "late": [170, 0],
        "why": ["现处“控制满意”；自2023-12-29起计，应于2024-01-12前完成，已逾期170天", "-"],
    },
    headings={"patient": ("患者", "patient"), "late": ("逾期天数", "days overdue"), "why": ("原因", "why")},
)


def lines(table, width, language="zh"):
    """Lay a table out as texts."""
    return [line.text for line in fitted(table, language, width)]


def test_a_table_that_fits_is_rows():
    """On a wide screen each row is a line, headings above."""
    found = lines(TABLE, 120)
    assert len(found) == 4
    assert found[0].split() == ["患者", "due", "逾期天数", "原因"]


def test_long_texts_hang_beneath_their_row():
    """On a narrow screen the long texts stand beneath the row they belong to; ids and dates stay whole."""
    found = lines(TABLE, 40)
    row = next(i for i, line in enumerate(found) if line.startswith("P000121"))
    assert found[row].split() == ["P000121", "2024-02-29", "170"]
    assert found[row + 1].startswith("    原因: 现处")
    assert found[-1].split() == ["P2", "2024-05-01", "0"]


def test_on_a_very_narrow_screen_rows_become_records():
    """Where not even two columns fit side by side, each cell has a line of its own."""
    found = lines(TABLE, 12)
    assert "".join(line.strip() for line in found).startswith("患者:P000121due:2024-02-29")


@pytest.mark.parametrize("width", [20, 30, 40, 60, 80, 120])
def test_no_line_is_wider_than_the_screen(width):
    """Whatever the layout, a line takes at most the places there are."""
    assert max(map(width_of, lines(TABLE, width))) <= width


def test_columns_line_up():
    """Under a Chinese heading the numbers end where the heading ends: a character takes two places."""
    found = lines(TABLE, 120)
    ends = {width_of(line[: line.index(word) + len(word)]) for line, word in ((found[0], "天数"), (found[2], "170"))}
    assert len(ends) == 1


@given(
    st.lists(st.tuples(st.text("压a 0-，", max_size=30), st.text("随b1", max_size=12)), min_size=1, max_size=5),
    st.integers(12, 60),
)
def test_every_character_is_shown(rows, width):
    """Fitted to any width, every character of every cell is on the screen, and no line is too wide."""
    table = Table.of_rows(("x", "y"), rows)
    found = fitted(table, "en", width)
    body = "".join(line.text for line in found if not line.head)
    for sign in "压0随1":
        assert body.count(sign) == sum(cell.count(sign) for row in rows for cell in row)
    assert all(width_of(line.text) <= width for line in found)


@given(st.text("压，（）ab 1.", max_size=60), st.integers(4, 30))
def test_wrapping_loses_nothing(text, width):
    """Broken into lines a text keeps every sign but blanks, and no line is too wide."""
    found = wrapped(text, width)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line) <= width for line in found)


def test_marks_stay_with_what_they_close_or_open():
    """A comma does not begin a line, an opening bracket does not end one."""
    assert wrapped("血压升高，（复查）", 10) == ["血压升高，", "（复查）"]
    assert wrapped("血压（复查）", 6) == ["血压", "（复", "查）"]


def test_what_finds_no_room_stands_beneath_in_one_line():
    """The first columns stay beside each other, a long first one is folded, and the rest follows beneath."""
    names = ("Hypertension: control (pressure at goal)", "2024", "64.6 %", 1043, 1614, 35, 24)
    heads = ("measure", "period", "rate", "numerator", "denominator", "unknown", "excluded")
    found = lines(Table.of_rows(heads, [names]), 60, "en")
    assert found[2].split() == ["Hypertension:", "2024", "64.6", "%", "1043", "1614"]
    assert found[3:] == ["control (pressure at", "goal)", "    unknown: 35; excluded: 24"]


def test_names_of_ids_take_several_lines_before_columns_hang():
    """Where only the names are too long for the screen, every column stays beside the others."""
    names = {"a": ("连续两次控制不满意待转诊", "unsatisfactory twice running, to be referred"), "b": ("乙", "b")}
    columns = {"from": ["a", "b"], "to": ["b", "a"], "people": [12, 3], "share": [0.5, 0.25]}
    table = Table(columns, formats={"share": ".1%"}, called={"from": names, "to": names})
    for width in (60, 50, 47):
        found = lines(table, width, "en")
        assert max(map(width_of, found)) <= width
        assert found[0].split() == ["from", "to", "people", "share"]
        assert found[2].split()[-3:] == ["12", "50.0", "%"]
        assert [line.split()[0] for line in found[2:] if "%" in line] == ["unsatisfactory", "b"]
    assert "连续两次" in " ".join(lines(table, 60))
    assert any(line.startswith("    to: ") for line in lines(table, 40, "en"))
