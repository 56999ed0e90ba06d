"""A pathway as HTML that needs nothing from anywhere: the picture, and folded beneath it signals and mermaid source."""

from __future__ import annotations

import html

from singledisease.definitions.disease import Disease
from singledisease.report.diagrams.mermaid import mermaid
from singledisease.report.diagrams.model import diagram
from singledisease.report.diagrams.svg import svg


def figure(disease: Disease, language: str = "zh") -> str:
    """Draw a pathway; on a narrow screen the picture is moved, not made small."""
    drawn = diagram(disease, language)
    legend = "".join(f"<li>{html.escape(line)}</li>" for line in drawn.legend)
    signals, code = ("信号的含义", "mermaid 源码") if language == "zh" else ("What the signals mean", "mermaid source")
    return (
        f'<div class="sd-figure" style="overflow-x:auto">{svg(disease, language)}</div>'
        f"<details><summary>{signals}</summary><ul>{legend}</ul></details>"
        f"<details><summary>{code}</summary><pre>{html.escape(mermaid(drawn))}</pre></details>"
    )
