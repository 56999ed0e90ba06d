"""A diagram as a mermaid flowchart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from singledisease.report.diagrams.model import Box, Diagram

_STYLES = (
    "classDef refer fill:#ffe0e0,stroke:#b00020",
    "classDef managed fill:#e6f2e6,stroke:#2e7d32",
    "classDef final fill:#eeeeee,stroke:#616161",
    "classDef hub fill:#ffffff,stroke-dasharray:3 3",
    "classDef legend fill:#fffde7,stroke:#bdb76b,text-align:left",
)

# Mermaid reads quotes and tags inside quoted text too; these are its own entities.
_ENTITIES = str.maketrans({"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;"})

_PLAIN = re.compile(r"(?!any_|stage_|legend$|end$|graph$|subgraph$|style$|class$|click$|default$)[a-z][a-z0-9_]*")


def mermaid(drawn: Diagram) -> str:
    """Write a diagram as a mermaid flowchart."""
    ids = _ids(drawn)
    lines = ["---", f"title: {_yaml(drawn.title)}", "---", "flowchart TB"]
    for group in drawn.groups:
        lines.append(f"  subgraph {group.id}[{_quoted([group.name])}]")
        lines += [f"    {ids[box.id]}{_shape(box)}" for box in group.boxes]
        lines.append("  end")
    lines += [f"  {hub.id}([{_quoted([hub.text])}]):::hub" for hub in drawn.hubs]
    for arrow in drawn.arrows:
        line = "-->" if arrow.kind == "signal" else "-.->"
        source = ids.get(arrow.source, arrow.source)
        lines.append(f"  {source} {line}|{_quoted([arrow.text])}| {ids[arrow.target]}")
    lines.append(f"  legend[{_quoted(drawn.legend)}]:::legend")
    lines += [f"  {style}" for style in _STYLES]
    return "\n".join(lines) + "\n"


def _ids(drawn: Diagram) -> Mapping[str, str]:
    """Give each state an id that mermaid can read: its own, unless that means something else there."""
    boxes = [box for group in drawn.groups for box in group.boxes]
    return {box.id: box.id if _PLAIN.fullmatch(box.id) else f"state_{i}_" for i, box in enumerate(boxes, 1)}


def _shape(box: Box) -> str:
    text = _quoted(box.lines)
    mark = next((mark for mark in ("refer", "managed", "final") if mark in box.marks), "")
    shape = f"([{text}])" if "initial" in box.marks else f"[{text}]"
    return f"{shape}:::{mark}" if mark else shape


def _quoted(lines: Iterable[str]) -> str:
    return '"' + "<br/>".join(line.translate(_ENTITIES) for line in lines) + '"'


def _yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
