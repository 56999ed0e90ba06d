"""A pathway drawn: one intermediate form, written as mermaid, as DOT or as a table, or laid out as an SVG picture.

A transition from many states is drawn from one small node that names them ("any of …"), in the picture as a line in
the state that it leads to, so that a pathway with hundreds of arrows stays readable and nothing is left out.
"""

from __future__ import annotations

from singledisease.definitions.disease import Disease
from singledisease.errors import UsageError, did_you_mean
from singledisease.report.diagrams.dot import dot
from singledisease.report.diagrams.figure import figure
from singledisease.report.diagrams.mermaid import mermaid
from singledisease.report.diagrams.model import Diagram, diagram
from singledisease.report.diagrams.rows import table
from singledisease.report.diagrams.svg import svg
from singledisease.report.diagrams.text_table import listing
from singledisease.tables import Table

__all__ = ["FORMATS", "Diagram", "diagram", "dot", "draw", "figure", "listing", "mermaid", "svg", "table"]

FORMATS = ("mermaid", "dot", "svg", "table")


def draw(disease: Disease, form: str = "mermaid", language: str = "en") -> str | Table:
    """Draw a pathway as ``mermaid``, ``dot``, ``svg`` or ``table``.

    Raises
    ------
    UsageError
        For any other form.
    """
    if form == "table":
        return table(disease, language)
    if form not in FORMATS:
        raise UsageError(f"a pathway cannot be drawn as {form!r}; {did_you_mean(form, FORMATS)}")
    if form == "svg":
        return svg(disease, language)
    return (mermaid if form == "mermaid" else dot)(diagram(disease, language))
