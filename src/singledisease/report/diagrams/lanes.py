"""A pathway as HTML that needs nothing from anywhere: a lane for each stage, in it the states and where they lead."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping

from singledisease.definitions.disease import Disease
from singledisease.report.diagrams.form import Arrow, Box, Diagram, Group, Hub, diagram
from singledisease.report.diagrams.mermaid import mermaid

_COLOURS: Mapping[str, str] = {"refer": "#ffe0e0", "managed": "#e6f2e6", "final": "#eeeeee"}
_LANE = "display:inline-block;vertical-align:top;margin:4px;padding:6px;border:1px solid #bbb;border-radius:6px"
_BOX = "margin:6px 0;padding:6px;border:1px solid #888;border-radius:6px;color:#111;max-width:22em;text-align:left"


def lanes(disease: Disease, language: str = "zh") -> str:
    """Draw a pathway as lanes of boxes; the source of the mermaid diagram stands folded beneath."""
    drawn = diagram(disease, language)
    source = html.escape(mermaid(drawn))
    body = "".join(_lane(group, drawn) for group in drawn.groups)
    legend = "".join(f"<li>{html.escape(line)}</li>" for line in drawn.legend)
    signals, code = ("信号", "mermaid 源码") if language == "zh" else ("Signals", "mermaid source")
    return (
        f"<h4>{html.escape(drawn.title)}</h4><div>{body}</div>"
        f"<details><summary>{signals}</summary><ul>{legend}</ul></details>"
        f"<details><summary>{code}</summary><pre>{source}</pre></details>"
    )


def _lane(group: Group, drawn: Diagram) -> str:
    boxes = "".join(_box(box, drawn) for box in group.boxes)
    return f'<div style="{_LANE}"><b>{html.escape(group.name)}</b>{boxes}</div>'


def _box(box: Box, drawn: Diagram) -> str:
    colour = next((colour for mark, colour in _COLOURS.items() if mark in box.marks), "#ffffff")
    border = ";border-width:3px" if "initial" in box.marks else ""
    name, *lines = (html.escape(line) for line in box.lines)
    beneath = "".join(f"<div><small>{line}</small></div>" for line in lines)
    ways = "".join(f"<div><small>{html.escape(way)}</small></div>" for way in _ways(box.id, drawn))
    return f'<div style="{_BOX};background:{colour}{border}"><b>{name}</b>{beneath}{ways}</div>'


def _ways(state: str, drawn: Diagram) -> Iterator[str]:
    """Say what leads out of a state, in the order of the definition; death, which leads out of all, is left out."""
    hubs: dict[str, Hub] = {hub.id: hub for hub in drawn.hubs}
    names = {box.id: box.lines[0] for group in drawn.groups for box in group.boxes}

    def starts_here(arrow: Arrow) -> bool:
        return arrow.source == state or (arrow.source in hubs and state in hubs[arrow.source].states)

    for arrow in drawn.arrows:
        if arrow.kind != "death" and starts_here(arrow):
            yield f"{'↦' if arrow.kind == 'signal' else '⏱'} {arrow.text} → {names[arrow.target]}"
