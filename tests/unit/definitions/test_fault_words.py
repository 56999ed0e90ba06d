"""Faults of definitions in Chinese: every check has its sentence, and the facts are in it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import singledisease
from singledisease.definitions.wording.fault_words import CHECKS, message_of, told_in
from singledisease.errors import Fault

SOURCES = Path(singledisease.__file__).parent
ROOMS = ("definitions", "language", "io/definitions", "io/measures")
CALLED = {"Fault", "wrong", "_wrong", "missing"}


def checks_found():
    """Give every check that the rooms of definitions name where they make a fault."""
    files = [file for room in ROOMS for file in sorted((SOURCES / room).rglob("*.py"))]
    for file in files:
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) in CALLED:
                first = call.args[0] if call.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str) and " " not in first.value:
                    yield first.value, f"{file.name}:{call.lineno}"


def test_every_check_of_a_definition_has_a_chinese_sentence():
    """A new check without one is named here, with the line that makes its fault."""
    found = dict(checks_found())
    assert len(found) > 60
    assert {check: where for check, where in found.items() if check not in CHECKS} == {}


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("no signal is called 'x'", "没有叫 'x' 的信号"),
        ("the id 'a' is given twice", "编号 'a' 出现了两次"),
        ("the key 'stat' is not known; did you mean states?", "没有这个键 'stat'；是否指 states？"),
        ("the key 'died' is missing", "缺少 'died'"),
        ("没有这个表 / there is no such table", "没有这个表"),
        ("something that no pattern knows", "没有这个状态，或没有写明状态（something that no pattern knows）"),
    ],
)
def test_the_facts_stand_in_the_chinese_sentence(message, wanted):
    """The commonest sentences are turned over, others stand behind the sentence of their check."""
    assert message_of(Fault("unknown_state", "x", message)) == wanted


def test_a_check_nobody_knows_is_told_as_it_is():
    """A fault of another room keeps its own words rather than losing them."""
    assert told_in(Fault("of_elsewhere", "x", "is odd", "try that"), "zh") == "x: is odd [of_elsewhere]\n    try that"


def test_in_english_a_fault_is_what_it_was():
    """Asked for in English, nothing changes."""
    fault = Fault("unknown_state", "pathway.initial", "no state is called 'x'", "known: a", "f.toml:3")
    assert told_in(fault, "en") == str(fault)
    assert told_in(fault, "zh") == "pathway.initial （f.toml:3）: 没有叫 'x' 的状态 [unknown_state]\n    已知：a"
