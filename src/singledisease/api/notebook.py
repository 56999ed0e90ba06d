"""In a notebook a disease shows its pathway, a course its time, a measure its wording, several of a sort a table.

All of these stand below the rooms that draw them and know nothing of them, so that the notebook is told here what to
show.  Nothing happens outside one.
"""

from __future__ import annotations

import html
import sys
from collections.abc import Callable
from typing import Any

from singledisease.api.notebook_lists import ALONE, list_html, mapping_html, one_html
from singledisease.catalogue.processes import ShippedProcesses
from singledisease.catalogue.shipped import ShippedDiseases
from singledisease.clinic import Course, JointCourses
from singledisease.definitions.aggregate import Distribution, Ratio
from singledisease.definitions.citation import Names
from singledisease.definitions.derived import Derived
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import Measure
from singledisease.definitions.pathway import Pathway
from singledisease.definitions.wording.sentences import wording
from singledisease.report.diagrams import figure
from singledisease.report.joint_timeline import joint_timeline
from singledisease.report.timeline import timeline
from singledisease.scorecard.evaluate import AnyMeasure


def disease_html(disease: Disease) -> str:
    """Draw the pathway of a disease in Chinese and in English."""
    return f"{figure(disease, 'zh')}<details><summary>English</summary>{figure(disease, 'en')}</details>"


def pathway_html(pathway: Pathway) -> str:
    """Draw a pathway without its disease, whose numbers are then known by name only."""
    return disease_html(Disease(id="", version="", names=Names("管理路径", "Pathway"), codes=(), pathway=pathway))


def measure_html(measure: AnyMeasure) -> str:
    """Say a measure in Chinese and in English."""
    return "".join(f"<pre>{html.escape(wording(measure, language))}</pre>" for language in ("zh", "en"))


SHOWN: dict[type, Callable[[Any], str | None]] = {
    Course: timeline,
    JointCourses: joint_timeline,
    Disease: disease_html,
    **dict.fromkeys((Measure, Ratio, Distribution, Derived), measure_html),
    Pathway: pathway_html,
    **dict.fromkeys(ALONE, one_html),
    **dict.fromkeys((tuple, list), list_html),
    **dict.fromkeys((ShippedDiseases, ShippedProcesses), mapping_html),
}


def register() -> bool:
    """Tell a running notebook how definitions are shown; say whether there is one."""
    interactive = sys.modules.get("IPython")
    shell = None if interactive is None else interactive.get_ipython()
    if shell is None:
        return False
    formatter = shell.display_formatter.formatters["text/html"]
    for what, show in SHOWN.items():
        formatter.for_type(what, show)
    return True
