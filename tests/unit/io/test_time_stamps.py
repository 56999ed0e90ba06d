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
    if way == "pandas in a zone":
        frame["date"] = pd.to_datetime(frame["date"], utc=True)
        return sd.read_frames(pd.DataFrame(people), frame, **options)
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


SHANGHAI = dt.timezone(dt.timedelta(hours=8))
IN_A_ZONE = [MORNING.replace(tzinfo=dt.UTC), dt.datetime(2024, 4, 1, tzinfo=SHANGHAI)]


@pytest.mark.parametrize("way", [*(way for way in WAYS if way != "pandas"), "pandas in a zone"])
@pytest.mark.parametrize("local_dates", [False, True])
def test_a_moment_in_a_zone_refuses_its_row_alone(way: str, local_dates: bool, tmp_path: Path) -> None:
    """Of a column of moments in a time zone each refuses its own row, with its value, and the file is read."""
    moments = [one.astimezone(dt.UTC) for one in IN_A_ZONE] if way in ("parquet", "arrow", "polars") else IN_A_ZONE
    log = read(way, moments, tmp_path / "data", local_dates=local_dates)
    assert len(log.people) == 1
    assert [refusal.check for refusal in log.report.refusals] == ["date_with_time"] * 2
    assert all("2024-0" in refusal.value and refusal.column == "date" for refusal in log.report.refusals)


def test_a_further_column_in_a_zone_is_text(tmp_path: Path) -> None:
    """What is no date of the contract is kept as it is written, zone and all."""
    pq.write_table(pa.table({"patient_id": ["P1"], "birth_date": ["1960-01-01"]}), tmp_path / "patients.parquet")
    created = pa.array([MORNING], pa.timestamp("us", "Asia/Shanghai"))
    events = {"patient_id": ["P1"], "date": ["2024-04-01"], "kind": ["checkup"], "created": created}
    pq.write_table(pa.table(events), tmp_path / "events.parquet")
    assert sd.read(tmp_path).event(0)["created"] == "2024-04-01 18:30:00.000000+0800"


def test_a_moment_in_a_zone_beyond_the_calendar_refuses_its_row(tmp_path: Path) -> None:
    """Whatever a Parquet file holds, no traceback: what cannot be written as a moment is refused as no date."""
    pq.write_table(pa.table({"patient_id": ["P1"], "birth_date": ["1960-01-01"]}), tmp_path / "patients.parquet")
    never = pa.array([2**62], pa.timestamp("ms", "UTC"))
    pq.write_table(pa.table({"patient_id": ["P1"], "date": never, "kind": ["checkup"]}), tmp_path / "events.parquet")
    (refusal,) = sd.read(tmp_path).report.refusals
    assert refusal.check in ("not_a_date", "impossible_date", "date_with_time")


def test_a_time_zone_is_refused_all_the_same(tmp_path: Path) -> None:
    """A date in a zone is no local date, whatever was asked for."""
    (tmp_path / "patients.csv").write_text("patient_id,birth_date,sex,institution\nP1,1960-01-01,male,A\n", "utf-8")
    (tmp_path / "events.csv").write_text("patient_id,date,kind\nP1,2024-04-01T10:30:00+08:00,checkup\n", "utf-8")
    assert [found.check for found in sd.read(tmp_path, local_dates=True).report.refusals] == ["date_with_time"]
