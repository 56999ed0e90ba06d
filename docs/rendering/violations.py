"""Which modules and functions are longer than the house style wants, counted while the pages are built."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from rendering.pages import code, table, write

SOURCE = Path(__file__).parents[2] / "src" / "singledisease"
MODULE_LINES, FUNCTION_LINES = 250, 25


def render(file: Path) -> None:
    """Write the list."""
    modules = [(path, path.read_text("utf-8")) for path in sorted(SOURCE.rglob("*.py"))]
    long = sorted(((len(text.splitlines()), _name(path)) for path, text in modules), reverse=True)
    functions = sorted((found for path, text in modules for found in _functions(path, text)), reverse=True)
    write(
        file,
        f"Modules above {MODULE_LINES} lines:",
        table(("lines", "module"), [(n, code(name)) for n, name in long if n > MODULE_LINES]),
        f"Functions above {FUNCTION_LINES} lines, docstring left out:",
        table(("lines", "function"), [(n, code(name)) for n, name in functions if n > FUNCTION_LINES]),
    )


def _name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def _functions(path: Path, text: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            yield (node.end_lineno or 0) - body[0].lineno + 1, f"{_name(path)} {node.name}"
