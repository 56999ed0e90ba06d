"""A diagram in the language of Graphviz."""

from __future__ import annotations

from singledisease.report.diagrams.model import Box, Diagram

_DOT_COLOURS = {"refer": "#ffe0e0", "managed": "#e6f2e6", "final": "#eeeeee"}


def dot(drawn: Diagram) -> str:
    """Write a diagram in the language of Graphviz."""
    lines = [
        f"digraph {_string(drawn.title)} {{",
        f"  label={_string(drawn.title)}; labelloc=t; rankdir=TB; compound=true;",
        '  node [shape=box, style="rounded,filled", fillcolor=white]; edge [fontsize=10];',
    ]
    for group in drawn.groups:
        lines.append(f"  subgraph {_string('cluster_' + group.id)} {{ label={_string(group.name)};")
        lines += [f"    {_string(box.id)} [{_dot_style(box)}];" for box in group.boxes]
        lines.append("  }")
    lines += [f"  {_string(hub.id)} [label={_string(hub.text)}, shape=ellipse, style=dashed];" for hub in drawn.hubs]
    for arrow in drawn.arrows:
        style = "" if arrow.kind == "signal" else ", style=dashed"
        lines.append(f"  {_string(arrow.source)} -> {_string(arrow.target)} [label={_string(arrow.text)}{style}];")
    legend = "".join(line.replace("\\", "\\\\").replace('"', '\\"') + "\\l" for line in drawn.legend)
    lines += [f'  "legend" [label="{legend}", shape=note, fillcolor="#fffde7"];', "}"]
    return "\n".join(lines) + "\n"


def _dot_style(box: Box) -> str:
    colour = next((colour for mark, colour in _DOT_COLOURS.items() if mark in box.marks), "white")
    border = ", penwidth=2" if "initial" in box.marks else ""
    return f'label={_string(*box.lines)}, fillcolor="{colour}"{border}'


def _string(*lines: str) -> str:
    return '"' + "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'
