"""``import singledisease`` is light: no optional library, no SciPy, and little time."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("scipy", "pandas", "polars", "pyarrow", "narwhals", "click", "rich", "hypothesis", "jinja2", "matplotlib")
ALLOWED_MS = 150
EVENTS = "patient_id,date,kind,disease\nP1,2024-01-01,enrolment,hypertension\n"


def run(code):
    """Run Python code in a process of its own and give what it prints, as JSON."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def loaded():
    """Give the modules that ``import singledisease`` loads."""
    return run("import json, sys, singledisease; print(json.dumps(sorted(sys.modules)))")


@pytest.mark.parametrize("library", HEAVY)
def test_import_leaves_heavy_libraries_out(loaded, library):
    """A library that an extra brings, or that is slow to load, is not loaded by importing the package."""
    assert [name for name in loaded if name.split(".")[0] == library] == []


def test_import_takes_little_time():
    """Importing the package takes less than 150 ms more than importing NumPy: the best of five runs."""
    code = (
        "import json, time, numpy; start = time.perf_counter(); import singledisease;"
        "print(json.dumps(1000 * (time.perf_counter() - start)))"
    )
    assert min(run(code) for _ in range(5)) < ALLOWED_MS


def test_scorecards_need_no_extra(tmp_path):
    """Reading a folder, counting and explaining load no optional library either: a plain install can do it."""
    (tmp_path / "patients.csv").write_text("patient_id,birth_date,sex\nP1,1960-01-01,female\n", "utf-8")
    (tmp_path / "events.csv").write_text(EVENTS, "utf-8")
    code = f"""
import json, sys
import singledisease as sd
score = sd.evaluate(sd.measures("cn-bphs-2017"), sd.read({str(tmp_path)!r}), period="2024")
str(score), str(sd.explain(score, "P1"))
print(json.dumps(sorted(sys.modules)))
"""
    assert [name for name in run(code) if name.split(".")[0] in HEAVY] == []
