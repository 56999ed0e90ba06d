"""Tables: what every result can become."""

import csv
import datetime as dt
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from singledisease.tables import Table

MIXED = Table(
    {
        "name": ["甲", "P2"],
        "n": [5, None],
        "rate": [0.25, None],
        "done": [True, False],
        "day": [dt.date(2024, 2, 29), None],
        "by": [{"sex": "male"}, {"team": "A"}],
    },
    headings={"name": ("姓名", "Name"), "n": ("人数", "People")},
)


def test_rows_and_columns_are_the_same_cells():
    """A table made of rows has the columns it would have been made of, and gives the rows back."""
    table = Table.of_rows(["a", "b"], [(1, "x"), (2, "y")])
    assert table == Table({"a": [1, 2], "b": ["x", "y"]})
    assert table.rows() == list(table) == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]
    assert table["b"] == ("x", "y")
    assert len(table) == 2
    assert table != Table({"b": ["x", "y"], "a": [1, 2]})
    assert table != "a table"


def test_a_table_of_nothing():
    """A table without rows keeps its header; one without columns is empty text."""
    assert len(Table({})) == 0
    assert Table({}).rows() == []
    assert Table({"a": []}).to_csv() == "a\n"
    assert Table({"a": []}).to_json() == "[]"
    assert Table({"a": []}).to_text() == "a\n-"


def test_columns_of_different_length_are_refused():
    """A table is a rectangle."""
    with pytest.raises(ValueError, match="differ in length"):
        Table({"a": [1], "b": [1, 2]})


def test_json_keeps_objects_dates_and_nulls():
    """JSON writes dates as text, missing values as null, mappings as objects, Chinese as Chinese."""
    text = MIXED.to_json()
    assert "甲" in text
    assert json.loads(text) == [
        {"name": "甲", "n": 5, "rate": 0.25, "done": True, "day": "2024-02-29", "by": {"sex": "male"}},
        {"name": "P2", "n": None, "rate": None, "done": False, "day": None, "by": {"team": "A"}},
    ]
    assert json.loads(Table({"a": [(1, dt.date(2024, 1, 1))]}).to_json(None)) == [{"a": [1, "2024-01-01"]}]


def test_json_refuses_what_json_does_not_have():
    """A NaN in a result is a fault of ours and is never written."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        Table({"a": [float("nan")]}).to_json()


def test_csv_spreads_mappings():
    """CSV has a column for each key, blank where a row lacks it."""
    assert MIXED.to_csv() == ("name,n,rate,done,day,by.sex,by.team\n甲,5,0.25,true,2024-02-29,male,\nP2,,,false,,,A\n")


@given(st.lists(st.tuples(st.text(), st.floats(allow_nan=False, allow_infinity=False)), max_size=5))
def test_csv_can_be_read_back(rows):
    """Whatever the texts hold, a CSV reader gives the same cells, numbers to the last digit."""
    written = Table.of_rows(["text", "number"], rows).to_csv()
    read = list(csv.reader(io.StringIO(written, newline="")))
    assert read == [["text", "number"], *([text, repr(number)] for text, number in rows)]


def test_text_is_aligned_on_a_screen():
    """A Chinese character takes two places, a combining mark none; numbers stand on the right."""
    table = Table({"name": ["甲", "Zoë", "Zoe\u0308"], "n": [5, 10, None]}, headings={"name": ("姓名", "Name")})
    assert table.to_text("zh").split("\n") == ["姓名   n", "----  --", "甲     5", "Zoë   10", "Zoe\u0308    -"]
    assert table.to_text("en").startswith("Name   n")
    assert str(table) == table.to_text("en")


def test_html_is_escaped():
    """Text that looks like HTML is shown, not obeyed."""
    page = Table({"<a>": ["<script>", None]})._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert ">&lt;a&gt;</th>" in page


def test_tables_cannot_be_changed():
    """A table's columns stay as they were made, whatever happens to the list they came from."""
    cells = [1, 2]
    table = Table({"a": cells})
    cells.append(3)
    assert table["a"] == (1, 2)
    with pytest.raises(TypeError):
        table.columns["a"] = ()


def test_shown_texts():
    """Shown to people, a mapping is a list of pairs, a missing value a dash, a number has six digits."""
    assert Table({"a": [{"sex": "male", "n": None}, None], "b": [1 / 3, True]}).shown() == [
        ["sex=male, n=-", "0.333333"],
        ["-", "true"],
    ]


def test_a_difference_of_shares_is_in_percentage_points():
    """From 60.9 to 62.9 percent are two points, which nobody should take for two percent."""
    table = Table({"rate": [0.629], "difference": [0.02]}, formats={"rate": ".1%", "difference": "+.1pp"})
    assert str(table).splitlines()[-1].split() == ["62.9", "%", "+2.0"]
    assert table["difference"] == (0.02,)
