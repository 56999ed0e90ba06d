"""One rule for time stamps on every way in: CSV, Parquet, and dataframes of any library."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

import singledisease as sd

pl, pd, pa = (pytest.importorskip(name) for name in ("polars", "pandas", "pyarrow"))
pq = pytest.importorskip("pyarrow.parquet")

MIDNIGHT, MORNING = dt.datetime(2024, 4, 1), dt.datetime(2024, 4, 1, 10, 30)
WAYS = ("csv", "parquet", "pandas", "pandas objects", "polars", "arrow")


def read(way: str, moments: list[dt.datetime | None], folder: Path, **options: Any) -> sd.EventLog:
    """Read enrolments and their days by one of the ways."""
    count = len(moments)
    people = {"patient_id": ["P1"], "birth_date": ["1960-01-01"], "sex": ["male"], "institution": ["A"]}
    events = {"patient_id": ["P1"] * count, "date": moments, "kind": ["checkup"] * count}
    if way == "csv":
        folder.mkdir()
        (folder / "patients.csv").write_text("patient_id,birth_date,sex,institution\nP1,1960-01-01,male,A\n", "utf-8")
        rows = "".join(f"P1,{moment or ''},checkup\n" for moment in moments)
        (folder / "events.csv").write_text(f"patient_id,date,kind\n{rows}", "utf-8")
        return sd.read(folder, **options)
    if way == "parquet":
        folder.mkdir()
        pq.write_table(pa.table(people), folder / "patients.parquet")
        pq.write_table(pa.table(events), folder / "events.parquet")
        return sd.read(folder, **options)
    if way == "arrow":
        return sd.read_frames(pa.table(people), pa.table(events), **options)
    if way == "polars":
        return sd.read_frames(pl.DataFrame(people), pl.DataFrame(events), **options)
    frame = pd.DataFrame(events)
    frame["date"] = frame["date"].astype(object if way == "pandas objects" else "datetime64[us]")
    return sd.read_frames(pd.DataFrame(people), frame, **options)


@pytest.mark.parametrize("way", WAYS)
def test_midnight_without_a_zone_is_a_date(way: str, tmp_path: Path) -> None:
    """A column of midnights is a column of days."""
    log = read(way, [MIDNIGHT, MIDNIGHT + dt.timedelta(1)], tmp_path / "data")
    assert [event.date for event in log.events_of(0)] == [19814, 19815]
    assert log.report.refusals == ()


@pytest.mark.parametrize("way", WAYS)
def test_a_time_of_day_is_refused(way: str, tmp_path: Path) -> None:
    """It is never cut to the day in silence: which day it is may depend on the zone in which it was written."""
    log = read(way, [MIDNIGHT, MORNING], tmp_path / "data")
    assert [event.date for event in log.events_of(0)] == [19814]
    (refusal,) = log.report.refusals
    assert refusal.check == "date_with_time"
    assert "10:30" in refusal.value
    assert "local_dates" in refusal.reason


@pytest.mark.parametrize("way", WAYS)
def test_the_local_date_is_taken_if_asked(way: str, tmp_path: Path) -> None:
    """With ``local_dates`` a time stamp without a zone stands for its date; a missing one stays missing."""
    log = read(way, [MORNING, MIDNIGHT + dt.timedelta(1), None], tmp_path / "data", local_dates=True)
    assert [event.date for event in log.events_of(0)] == [19814, 19815]
    assert [refusal.check for refusal in log.report.refusals] == ["blank_date"]


def test_a_time_zone_is_refused_all_the_same(tmp_path: Path) -> None:
    """A date in a zone is no local date, whatever was asked for."""
    (tmp_path / "patients.csv").write_text("patient_id,birth_date,sex,institution\nP1,1960-01-01,male,A\n", "utf-8")
    (tmp_path / "events.csv").write_text("patient_id,date,kind\nP1,2024-04-01T10:30:00+08:00,checkup\n", "utf-8")
    assert [found.check for found in sd.read(tmp_path, local_dates=True).report.refusals] == ["date_with_time"]
