"""The tables of the language that are known to the program: operators, and the columns of each source of rows."""

from __future__ import annotations

from pathlib import Path

from rendering.pages import code, table, write
from singledisease.definitions.wording.sentences import say
from singledisease.language.operations import OPERATIONS, Operation
from singledisease.language.parse import parse
from singledisease.language.row_sources import COLUMNS, FURTHER, Shape

_SELECTIONS = {
    "events": 'events("follow_up", "checkup")',
    "spells": 'spells("hypertension")',
    "services": 'services("hypertension")',
    "breaches": 'breaches("hypertension")',
    "sequences": 'sequences("referral")',
    "institutions": "institutions()",
    "activities": 'activities("round")',
}
_UNKNOWN = {"strict": "if an operand is", "kleene": "by Kleene", "total": "see there"}


def render(folder: Path) -> None:
    """Write the pieces that ``language.md`` takes in."""
    write(
        folder / "operators.md",
        table(
            ("written", "means", "unknown", "中文", "English"),
            [_row(operation) for operation in OPERATIONS.values()],
        ),
    )
    write(
        folder / "columns.md",
        table(
            ("rows", "columns"),
            [(code(text), _columns(name)) for name, text in _SELECTIONS.items()],
        ),
    )


def _row(operation: Operation) -> tuple[str, ...]:
    example = parse(operation.example)
    unknown = _UNKNOWN[operation.unknown]
    return code(operation.example), operation.says, unknown, say(example, "zh"), say(example)


def _columns(source: str) -> str:
    if source == "events":
        return "those of the file of events, and further ones"
    named = ", ".join(_column(name, shape) for name, shape in COLUMNS[source].items())  # type: ignore[index]
    return named + (", and further ones" if source in FURTHER else "")


def _column(name: str, shape: Shape) -> str:
    return f"{name} ({shape.kind}{f', {shape.unit}' if shape.unit else ''})"
