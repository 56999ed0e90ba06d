"""Faults of definitions in Chinese: every check has its sentence, and the facts are in it."""

from __future__ import annotations

import ast
import re
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


def templates_of(node):
    """Give the texts that an expression of the sources makes, with a mark for each value that is put in."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr():
            return ["".join(part.value if isinstance(part, ast.Constant) else MARK for part in node.values)]
        case ast.IfExp():
            return [*templates_of(node.body), *templates_of(node.orelse)]
    return []


MARK = "'q7'"


def place_of_message(call, file):
    """Give which argument of a call is the sentence of a fault, ``None``: it makes none."""
    called = getattr(call.func, "id", getattr(call.func, "attr", ""))
    read = "io" in file.parts[-3:]
    return {"Fault": 2, "_wrong": 1, "wrong": 1 if read else 2}.get(called)


def sentences_found():
    """Give every sentence of a fault that the rooms of definitions hold, with where it stands."""
    for file in (file for room in ROOMS for file in sorted((SOURCES / room).rglob("*.py"))):
        tree = ast.parse(file.read_text("utf-8"))
        assigned = {
            node.targets[0].id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            place = place_of_message(call, file)
            if place is not None and len(call.args) > place:
                said = call.args[place]
                for text in templates_of(assigned.get(said.id, said) if isinstance(said, ast.Name) else said):
                    yield text, f"{file.name}:{call.lineno}"


FOUND = dict(sentences_found())


def test_every_sentence_is_looked_at():
    """The sources hold over a hundred sentences of faults."""
    assert len(FOUND) > 100


@pytest.mark.parametrize("sentence", sorted(FOUND))
def test_every_sentence_of_a_fault_is_turned_into_chinese(sentence):
    """None keeps its English words, and none loses a name or a number."""
    told = message_of(Fault("of_no_table", "x", sentence))
    english = re.findall(r"[a-z]{2,}", told.replace(MARK, ""))
    assert [word for word in english if word not in TECHNICAL] == [], FOUND[sentence]
    assert told.count(MARK) == sentence.count(MARK)


TECHNICAL = {"closed", "total", "until", "date", "in", "disease", "shared", "q7"}
"""Words of the definition language itself, which are written so in a Chinese file too."""


@pytest.mark.parametrize(
    ("hint", "wanted"),
    [
        (
            "did you mean follow_up? a further kind needs a name of its own",
            "是否指 follow_up？自定的事件类型须另起名称",
        ),
        ('known: a, b; a further column is column("c")', '已知：a, b自定的列写作 column("c")'),
        (
            "take 'x' out of from; a signal that is not heard changes nothing",
            "从 from 中去掉 'x'；没有响应的信号不改变什么",
        ),
        ('give the parameter unit = "days"', '给参数写明 unit = "days"'),
        ('citation = "…"', 'citation = "…"'),
    ],
)
def test_the_way_out_is_chinese_too(hint, wanted):
    """Advice in words is turned; what is only an example of code stays."""
    assert told_in(Fault("unknown_kind", "x", "no kind is called 'a'", hint), "zh").splitlines()[1].strip() == wanted


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (
            Fault(
                "kind_differs", "x", 'each part has to be a condition, but "门诊" is text in \'mode == "门诊" & sbp\''
            ),
            '每一部分应为条件，而 "门诊" 是文字，见 \'mode == "门诊" & sbp\'',
        ),
        (
            Fault("syntax", "x", "invalid character '＆' (U+FF06) in 'a ＆ b'"),
            "不能用的字符 '＆'（U+FF06），见 'a ＆ b'",
        ),
        (Fault("x", "x", "不是日期 / no date"), "不是日期"),
        (Fault("x", "x", "没有此列"), "没有此列"),
    ],
)
def test_a_chinese_word_in_an_english_sentence_is_no_chinese(fault, told):
    """A sentence is turned whatever words it tells of; one in both languages, or in Chinese, stands."""
    assert message_of(fault) == told
