"""A class name stands for one thing, and for nothing that users read."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import singledisease

ROOT = Path(singledisease.__file__).parent


def _homes() -> dict[str, list[str]]:
    """Give, by name of a public class, the modules that define one of that name."""
    found: dict[str, list[str]] = defaultdict(list)
    for module in sorted(ROOT.rglob("*.py")):
        for node in ast.parse(module.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(str(module.relative_to(ROOT)))
    return found


def test_no_public_class_name_stands_for_two_things() -> None:
    """Who meets a class name anywhere in the house knows which class it is."""
    twice = {name: modules for name, modules in _homes().items() if len(modules) > 1}
    assert not twice, twice


def _said_in_both_languages() -> Iterator[tuple[str, str]]:
    """Give each English text that stands beside its Chinese one, with where it stands."""
    for module in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            match node:
                case ast.Tuple(elts=[ast.Constant(str(zh)), ast.Constant(str(en))]) if not zh.isascii():
                    yield en, f"{module.relative_to(ROOT)}:{node.lineno}"


def test_no_heading_is_the_name_of_a_class_of_two_words():
    """What users read is a word of theirs: a class that is called otherwise takes no heading along."""
    classes = {name for name in _homes() if sum(letter.isupper() for letter in name) > 1}
    found = [(en, where) for en, where in _said_in_both_languages() if en in classes]
    assert not found
