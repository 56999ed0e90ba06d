"""Lines of TOML: where each table and key stands, so that faults can say it."""

from __future__ import annotations

import pytest
from definitions_world import SMALL, small

from singledisease.errors import DefinitionError, Fault
from singledisease.io.definitions import read_disease_text
from singledisease.io.definitions.source import lines_of, read_source, written

TEXT = '''id = "x"

[a."b c".d]
one = 1
'two' = """
[not.a.table]
three = 3
"""
four.five = [
  "six = 6",
]

[[list]]
k = 1
[[list.inner]]
[[list]]
k = 2
[[list.inner]]
k = 3
[[list.inner]]
[list.inner.deep]
z = 1
'''


def test_every_table_and_key_has_its_line():
    """Quoted and dotted keys and lists within lists are found; what a long string holds is not taken for a key."""
    found = lines_of(TEXT)
    assert found == {
        ("id",): 1,
        ("a", "b c", "d"): 3,
        ("a", "b c", "d", "one"): 4,
        ("a", "b c", "d", "two"): 5,
        ("a", "b c", "d", "four", "five"): 9,
        ("list",): 13,
        ("list", 0): 13,
        ("list", 0, "k"): 14,
        ("list", 0, "inner"): 15,
        ("list", 0, "inner", 0): 15,
        ("list", 1): 16,
        ("list", 1, "k"): 17,
        ("list", 1, "inner"): 18,
        ("list", 1, "inner", 0): 18,
        ("list", 1, "inner", 0, "k"): 19,
        ("list", 1, "inner", 1): 20,
        ("list", 1, "inner", 1, "deep"): 21,
        ("list", 1, "inner", 1, "deep", "z"): 22,
    }


def test_what_has_no_line_of_its_own_has_that_of_what_is_around_it():
    """A value in a table of one line stands where the table does; what is nowhere has no line."""
    source = read_source("[a]\nb = { c = 1 }\n", "x.toml")
    assert (source.line(("a", "b", "c")), source.at(("a", "b", "c"))) == (2, "x.toml:2")
    assert (source.line(("z",)), source.at(("z",))) == (0, "x.toml")
    assert read_source("a = 1").at(("a",)) == "line 1"
    assert read_source("a = 1").at(("z",)) == ""


def test_paths_are_written_as_people_read_them():
    """Keys are joined by points, places in lists stand in brackets."""
    assert written(("pathway", "signals", 3, "when")) == "pathway.signals[3].when"
    assert written(()) == ""


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (('stage = "prevention"', "stage = 5"), "file_shape"),
        (('stage = "prevention"', 'stage = "x"'), "unknown_stage"),
        (('on = "high"', 'on = "hgh"'), "unknown_signal"),
        (("'uric_acid >= p", "'uric_acd >= p"), "unknown_name"),
        (('uric_acid < p("goal")', 'sbp < p("goal")'), "unit_differs"),
        (('initial = "well"', 'initial = "wel"'), "unknown_state"),
        (('role = "doctor"', 'role = "nurse"'), "unknown_role"),
        (('after = { months = "visit_months" }', 'after = { days = "visit_months" }'), "unit_differs"),
    ],
)
def test_a_fault_says_its_line(change, check):
    """Faults of shape, of expressions and of checks name the line on which the mistake is, or the part begins."""
    text = small(change)
    line = next(i for i, new in enumerate(text.splitlines(), 1) if new != dict(enumerate(SMALL.splitlines(), 1)).get(i))
    with pytest.raises(DefinitionError) as error:
        read_disease_text(text, "gout.toml")
    found = [fault.at for fault in error.value.faults if fault.check == check]
    lines = [int(at.removeprefix("gout.toml:")) for at in found]
    assert min(abs(line - each) for each in lines if each <= line) <= 14
    assert f"(gout.toml:{lines[0]})" in str(error.value)


def test_the_line_of_a_key_is_exact():
    """A fault at a key names the key's own line, not that of the table around it."""
    text = small(("when = 'uric_acid >= p(\"goal\")'", "when = 'uric_acid >='"))
    with pytest.raises(DefinitionError) as error:
        read_disease_text(text, "gout.toml")
    line = 1 + text.splitlines().index("when = 'uric_acid >='")
    assert error.value.faults[0].at == f"gout.toml:{line}"


def test_a_fault_says_where_it_is_written_if_it_is_known():
    """File and line stand behind the place; a fault without either has its message alone."""
    assert str(Fault("c", "w", "m", at="f:1")) == "w (f:1): m [c]"
    assert str(Fault("c", "", "m", at="f:1")) == "(f:1): m [c]"
    assert str(Fault("c", "", "m")) == "m [c]"
