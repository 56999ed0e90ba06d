"""Expressions as text: reading, writing, and what is refused where."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from singledisease.errors import DefinitionError
from singledisease.language import nodes as n
from singledisease.language.parse import parse, write
from singledisease.language.typecheck import faults_of
from singledisease.testing.expressions import expressions
from singledisease.vocabulary import Quantity

CAT = (Quantity("cat", "points", 0, 40, "评分", "CAT score"),)


def read_or_none(text):
    """Read a text; ``None`` if it is refused, which has to be with faults."""
    try:
        return parse(text)
    except DefinitionError as error:
        return None if error.faults else error


SAME = {
    "(sbp > 1) & (dbp > 1)": "sbp > 1 and dbp > 1",
    "(sbp > 1) & (dbp > 1) & emergency": "sbp > 1 and dbp > 1 and emergency",
    "(sbp > 1) | emergency": "sbp > 1 or emergency",
    "~emergency": "not emergency",
    "130 <= sbp <= 139": "130 <= sbp and sbp <= 139",
    'mode in ["clinic", "home"]': 'mode in ("clinic", "home")',
    'mode.is_in("clinic", "home")': 'mode in ("clinic", "home")',
    'mode.is_in(("clinic", "home"))': 'mode in ("clinic", "home")',
    'mode not in ("clinic",)': 'not mode in ("clinic",)',
    'column("sbp") > 1': "sbp > 1",
    "events().last().column('sbp') > 1": "events().last().sbp > 1",
    "events().minimum(sbp)": 'events().minimum("sbp")',
    "events().minimum(column('cat', 'number', 'points'))": 'events().minimum(column("cat", "number", "points"))',
    'p("hypertension.sbp")': 'p("sbp", disease="hypertension")',
    "+sbp": "sbp",
    "+1": "1",
    "--1": "1",
    "-sbp": "0 - sbp",
    "-(-sbp)": "0 - (0 - sbp)",
    "sbp\n  > 1": "sbp > 1",
    "  sbp > 1  ": "sbp > 1",
    "attribute('sex') == 'male'": 'sex == "male"',
    "sbp > quantity(140, 'mmHg')": 'sbp > quantity(140, "mmHg")',
    "1e3": "1000",
    "0.1": "0.1",
    "1e22": "1e+22",
    '"x".starts_with("y")': '"x".starts_with("y")',
    "(140).known()": "(140).known()",
    "(-140).known()": "(-140).known()",
    "(sbp > 1).known()": "(sbp > 1).known()",
    "(sbp > 1) == emergency": "(sbp > 1) == emergency",
    "(emergency and complication) and adverse_reaction": "(emergency and complication) and adverse_reaction",
    "sbp - (dbp - 1)": "sbp - (dbp - 1)",
    "(sbp - dbp) - 1": "sbp - dbp - 1",
    "(sbp + dbp) * 2": "(sbp + dbp) * 2",
    "PERIOD": "PERIOD",
    "months(-2, 0)": "months(-2, 0)",
    "between(PERIOD.start, PERIOD.start)": "on(PERIOD.start)",
    "between(None, None)": "between(None, None)",
    'managed("h")': 'managed("h")',
    'in_state("h", "a", "b")': 'in_state("h", "a", "b")',
    "events().last()": "events().last()",
    'breaches("h").where(column("timing") == "visit" and due > PERIOD.start).last().due': (
        'breaches("h").where(timing == "visit" and due > PERIOD.start).last().due'
    ),
    'breaches("h").where(sex == "male").count()': None,
    'attribute("shoe size") == "40"': None,
    'column("shoe size") == "40"': None,
    'events().last().column("shoe size")': None,
    'this("sbp") > 1': None,
    'this("cat", "number", "points")': None,
    'column("x", "number")': None,
}


@pytest.mark.parametrize(("text", "written"), SAME.items(), ids=SAME.keys())
def test_texts_that_say_the_same(text, written):
    """Every way of saying a thing is read to one node, which is written in one way and read back."""
    node = parse(text)
    assert write(node) == (written or text)
    assert parse(write(node)) == node


def test_the_disease_at_hand_is_left_out():
    """A parameter of the disease at hand is written by its name alone."""
    node = parse('sbp < p("sbp") or dbp < p("dbp", disease="other")', "hypertension")
    assert node.args[0].args[1] == n.ParameterOf("hypertension", "sbp")
    assert write(node, "hypertension") == 'sbp < p("sbp") or dbp < p("dbp", disease="other")'
    assert parse(write(node)) == node


def test_declared_quantities_stand_by_their_name():
    """A quantity that the disease declares is written bare, as a column of a row too, and read with its unit."""
    text = (
        'cat > 10 and events().last().cat > 1 and events().minimum("cat") > 1 and this("cat") > 1 and column("cat") > 1'
    )
    node = parse(text, quantities=CAT)
    assert {
        (part.args[0].value if isinstance(part.args[0], n.Picked) else part.args[0].columns[0])
        for part in node.args[1:3]
    } == {n.Column("cat", "number", "points")}
    assert write(node, quantities=CAT).startswith("cat > 10 and ")
    assert parse(write(node, quantities=CAT), quantities=CAT) == node
    assert parse(write(node)) == node


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        *(expressions(level, kind) for level in ("person", "row") for kind in ("bool", "number", "date", "text")),
    )
)
def test_every_expression_survives_writing_and_reading(node):
    """What is written of any expression is read back to the same node."""
    if not faults_of(node):
        assert parse(write(node)) == node


@settings(max_examples=60, deadline=None)
@given(expressions().flatmap(lambda node: st.sampled_from(_inner(node))))
def test_every_part_survives_writing_and_reading(node):
    """Selections, rows, windows and states are written and read like values."""
    assert parse(write(node)) == node


def _inner(node):
    from singledisease.language.traversal import inside

    kinds = (n.Where, n.Within, n.Pick, n.Between, n.CalendarWindow, n.PeriodWindow, n.Status, n.Breaches, n.Events)
    found = [part for part in inside(node) if isinstance(part, kinds) and not faults_of(part)]
    return found or [n.PeriodWindow()]


@given(st.text())
def test_any_text_is_read_or_refused(text):
    """Whatever is typed ends in a node or in a documented error."""
    node = read_or_none(text)
    assert node is None or parse(write(node)) == node


@given(st.text())
def test_any_text_survives_as_a_constant(text):
    """Quotes, line breaks, surrogates and foreign scripts are escaped."""
    node = n.Literal(text, "text")
    assert parse(write(node)) == node


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_survives(number):
    """Numbers are written with as many digits as they need."""
    node = n.Literal(number, "number")
    assert parse(write(node)) == node


REFUSED = {
    "sbp >= spb": ("unknown_name", 8, "did you mean sbp?"),
    "血压 >= 140": ("unknown_name", 1, 'column("血压")'),
    'mode == "门诊" or 血压 > 1': ("unknown_code", 1, ""),
    'item == "门诊" or 血压 > 1': ("unknown_name", 17, ""),
    "  sbp >= spb": ("unknown_name", 10, ""),
    "sbp >=": ("syntax", 1, "write an expression"),
    "": ("syntax", 1, "write an expression"),
    "sbp > 1 ＆ dbp > 1": ("syntax", 9, "did you mean &?"),
    "sbp > 1\x00": ("syntax", 1, "write an expression"),
    "item == '\\d'": ("syntax", 9, ""),
    "sbp ** 2": ("not_allowed", 1, "use + - * / //"),
    "sbp is 2": ("not_allowed", 1, "use == or !="),
    "lambda: 1": ("not_allowed", 1, ""),
    "1j": ("not_allowed", 1, ""),
    "b'x'": ("not_allowed", 1, ""),
    "events(*('a', 'b'))": ("not_allowed", 8, ""),
    "events(**{})": ("not_allowed", 1, ""),
    "{1: 2}": ("not_allowed", 1, ""),
    "foo(1)": ("unknown_name", 1, ""),
    "evnts().count()": ("unknown_name", 1, "did you mean events?"),
    "(sbp)(1)": ("unknown_name", 1, ""),
    "events().cont()": ("unknown_name", 1, "did you mean count?"),
    "events().count": ("unknown_name", 1, "did you mean count"),
    "PERIOD.strat": ("unknown_name", 1, ""),
    "PERIOD.exists()": ("unknown_name", 1, ""),
    "sbp.__class__": ("unknown_name", 1, ""),
    "sbp.knwn()": ("unknown_name", 1, "did you mean known?"),
    "events().last().sbpp > 1": ("unknown_column", 1, "did you mean sbp?"),
    "breaches('h').last().sbp > 1": ("unknown_column", 1, ""),
    "breaches('h').where(sbp > 1)": ("unknown_name", 21, ""),
    "events().where(due > PERIOD.start)": ("unknown_name", 16, ""),
    "age(PERIOD.end) > 1": ("arguments", 1, "Give completed years"),
    'codes("ours", "A1", ystem="icpc")': ("arguments", 1, "Name a code set"),
    "age(on=sbp) > 1": ("kind_differs", 1, ""),
    "sbp < mode": ("kind_differs", 1, ""),
    "sbp > 1 & dbp > 1": ("kind_differs", 7, "brackets"),
    "sbp < fpg": ("unit_differs", 1, ""),
    "emergency and sbp < fpg": ("unit_differs", 15, ""),
    'p("sbp")': ("disease_missing", 1, ""),
    "p(1)": ("no_text", 1, ""),
    "1e999": ("not_finite", 1, ""),
    "date > '2024-01-01'": ("kind_differs", 1, 'day("2024-01-01")'),
    "events()": (None, 0, ""),
    "events() > 1": ("no_value", 1, ".count()"),
    "managed('h', on=1)": ("kind_differs", 1, ""),
}


@pytest.mark.parametrize(("text", "fault"), REFUSED.items(), ids=[repr(text) for text in REFUSED])
def test_what_cannot_be_read_is_refused_at_its_place(text, fault):
    """The error names the fault, shows the text with a mark under the place, and says the way out."""
    check, place, hint = fault
    if check is None:
        assert parse(text) == n.Events()
        return
    with pytest.raises(DefinitionError) as error:
        parse(text)
    first = error.value.faults[0]
    assert (first.check, first.where.split(",")[0]) == (check, f"character {place}")
    assert hint in first.hint
    lines = str(error.value).split("\n")
    assert lines[1] == f"    {text.rstrip()}" or "\x00" in text
    assert lines[2] == " " * (4 + place - 1) + "^"


@pytest.mark.parametrize("text", ["(" * 150 + "1" + ")" * 150, "-" * 20000 + "1", "not " * 3000 + "emergency"])
def test_text_nested_too_deeply_is_refused(text):
    """Depth that Python cannot follow is a documented error or is read; it is never a crash."""
    assert read_or_none(text) is None or parse(text) is not None


def test_long_sums_are_read_in_no_time():
    """Checking grows with the length of an expression, not with two to its power."""
    text = " + ".join(["sbp"] * 60) + " > 1"
    assert write(parse(text)) == text


def test_a_meaning_that_is_no_node_is_refused():
    """A list of texts stands for nothing by itself."""
    with pytest.raises(DefinitionError, match="is no value"):
        parse('("a", "b")')
