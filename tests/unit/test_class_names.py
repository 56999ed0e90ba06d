"""A class name stands for one thing: no two modules define public classes of one name."""

import ast
from collections import defaultdict
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
