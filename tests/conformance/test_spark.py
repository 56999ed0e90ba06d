"""A registry on Spark, in local mode: the same cells, people and work as in one process.

Needs PySpark (``pip install singledisease[spark]``) and Java 17 or later; where either is missing it is skipped.
"""

from __future__ import annotations

import os
import shutil
import sys
import warnings

import pytest

import singledisease as sd

pytest.importorskip("pyspark", reason="PySpark is not installed: pip install singledisease[spark]")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("Spark needs Java 17 or later, and there is none", allow_module_level=True)

MEASURES = sd.measures("cn-bphs-2017", diseases="hypertension")[:3]
ASKED = {"periods": "2024/quarter", "by": ["institution"]}
PARTS = 3


@pytest.fixture(scope="module")
def session():
    """Start Spark on loopback, with one worker for each of two cores, and stop it."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyspark.sql import SparkSession

        settings = {
            "spark.ui.enabled": "false",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.memory": "1g",
            "spark.sql.shuffle.partitions": str(PARTS),
            "spark.python.worker.faulthandler.enabled": "true",
        }
        builder = SparkSession.builder.master("local[2]")
        for name, value in settings.items():
            builder = builder.config(name, value)
        try:
            found = builder.getOrCreate()
        except Exception as error:
            pytest.skip(f"Spark does not start here: {type(error).__name__}")
        found.sparkContext.setLogLevel("OFF")
        yield found
        found.stop()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Give a folder with a registry that has rows to refuse."""
    path = tmp_path_factory.mktemp("spark") / "registry"
    sd.simulate(path, patients=200, seed=5, duplicates=0.02)
    sd.write(sd.read(path), path.with_name("parquet"), format="parquet")
    return path.with_name("parquet")


@pytest.fixture(scope="module")
def tables(session, folder):
    """Give the registry as Spark dataframes."""
    from singledisease import spark

    read = {
        name: session.read.parquet(str(folder / f"{name}.parquet")) for name in ("patients", "events", "institutions")
    }
    return spark.Tables(**read, parts=PARTS)


@pytest.mark.filterwarnings("ignore")
def test_cells_people_and_work_are_those_of_one_process(tables, folder):
    """Counts, what became of the rows, an explanation, the list behind a figure and the worklist."""
    from singledisease import spark

    log = sd.read(folder)
    whole = sd.evaluate(MEASURES, log, **ASKED)
    score = spark.evaluate(MEASURES, tables.patients, tables.events, tables.institutions, parts=PARTS, **ASKED)
    assert score.counts == whole.counts
    assert score.table() == whole.table()
    assert {one.table: one for one in score.reports[0].tables} == {one.table: one for one in log.report.tables}
    listed = sd.people(whole, "hypertension.control", "not_numerator")
    who = listed.columns["patient_id"][0]
    assert [one.group for one in sd.explain(score, who).answers] == [
        one.group for one in sd.explain(whole, who).answers
    ]
    found = spark.people(MEASURES, tables, "hypertension.control", "not_numerator", **ASKED).collect()
    assert sorted(row["patient_id"] for row in found) == sorted(listed.columns["patient_id"])
    asked = {"on": "2024-06-30", "diseases": "hypertension"}
    due = spark.worklist(tables, **asked).collect()
    expected = sd.worklist(log, **asked).rows()
    assert sorted((row["patient_id"], row["item"], row["due"]) for row in due) == sorted(
        (row["patient_id"], row["item"], str(row["due"])) for row in expected
    )


def test_no_parts_are_refused(tables):
    """There has to be one."""
    from singledisease import spark

    with pytest.raises(sd.UsageError, match="at least one part"):
        spark.Tables(patients=tables.patients, events=tables.events, parts=0)
