"""Sphinx: furo, MyST, warnings are errors (see ``make docs``)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sphinx.application import Sphinx

import singledisease

HERE = Path(__file__).parent

project = "singledisease"
author = "the singledisease developers"
version = release = singledisease.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton", "sphinx_design"]
# The list of violations is part of a page, not one itself.
_TAKEN_IN = ("violations", "operators", "columns")
exclude_patterns = ["_build", "rendering", *(f"reference/_generated/{name}.md" for name in _TAKEN_IN)]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
# Two hyphens are two hyphens, in options as in prose.
smartquotes = False

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
napoleon_google_docstring = False
# Written out, the type ``object_`` would be taken for a link.
napoleon_attr_annotations = False

# Only what a user can name is linked; types of Python, NumPy and of rooms that are not public are not.
nitpick_ignore_regex = [("py:.*", r"(?!singledisease\.[A-Za-z_]+$).*")]

html_theme = "furo"
html_title = "singledisease"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
# Consoles show their prompt; only what is typed is copied.
copybutton_prompt_text = "$ "


def setup(app: Sphinx) -> None:
    """Write the generated pages before anything is read."""
    target = HERE / "reference" / "_generated"
    subprocess.run([sys.executable, "-m", "rendering", str(target)], cwd=HERE, check=True)
    app.connect("source-read", _run_examples)
    # Before napoleon, which comes at 500.
    app.connect("autodoc-process-docstring", _head_examples, priority=100)


def _head_examples(_app: Sphinx, _what: str, _name: str, _object: object, _options: object, lines: list[str]) -> None:
    """Give the example at the end of a docstring the heading without which it would belong to the section above."""
    first = next((i for i, line in enumerate(lines) if line.startswith(">>>")), None)
    if first is not None and "Examples" not in lines:
        lines[first:first] = ["Examples", "--------"]


def _run_examples(app: Sphinx, page: str, source: list[str]) -> None:
    """Run the examples of a page, each page in a process of its own, and show what they print."""
    if "<!-- output -->" in source[0] or "<!-- picture -->" in source[0]:
        language = "zh_CN.UTF-8" if page.endswith(".zh") else "en_US.UTF-8"
        command = [sys.executable, "-m", "rendering.examples", app.env.doc2path(page)]
        path = os.pathsep.join((str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])))
        environment = {**os.environ, "LC_ALL": language, "PYTHONPATH": path, "PYTHONUTF8": "1"}
        done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8", env=environment)
        source[0] = done.stdout
