"""Multi-state estimation knows of no log, no disease and no engine: importing it loads none of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import singledisease.multistate

LEAVES = {
    "dates",
    "errors",
    "frozen_mapping",
    "intervals",
    "progress",
    "read_only",
    "sorting",
    "tables",
    "text_layout",
    "vocabulary",
}
FOLDER = Path(singledisease.multistate.__path__[0])
MODULES = sorted(
    ".".join(("singledisease", "multistate", *path.relative_to(FOLDER).with_suffix("").parts))
    for path in FOLDER.rglob("*.py")
    if path.name != "__init__.py"
)


def loaded_by(code):
    """Return the modules of the package that some code loads, in a process of its own."""
    tail = "; import json, sys; print(json.dumps(sorted(name for name in sys.modules if name.startswith('singledis'))))"
    done = subprocess.run([sys.executable, "-c", code + tail], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "code",
    [
        f"import {', '.join(MODULES)}",
        "import singledisease as sd; sd.fit_generator([1, 1, 2, 2], [0, 1, 0, 1], [1, 2, 1, 1], allowed=[(1, 2)])",
    ],
    ids=["every_module", "fit_generator"],
)
def test_only_leaves_are_loaded(code):
    """Nothing of the package is loaded but the rooms of multistate and the leaves: neither log, disease nor engine."""
    rooms = {name.split(".")[1] for name in loaded_by(code) if "." in name}
    assert rooms - LEAVES == {"multistate"}
