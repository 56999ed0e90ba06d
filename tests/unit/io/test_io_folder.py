"""Registries in folders: found, written and read back, as CSV and as Parquet."""

import datetime as dt
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from singledisease.errors import DataError, MissingExtraError, SingleDiseaseError, UsageError
from singledisease.eventlog.build import build
from singledisease.eventlog.columns import Coded, value_at
from singledisease.eventlog.equality import equal
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import raw_rows
from singledisease.io.arrow import raw_from_arrow
from singledisease.io.dictionary_encode import numbered
from singledisease.io.folder import read_folder
from singledisease.io.optional_imports import needed
from singledisease.io.parquet import read_parquet
from singledisease.io.write import write_folder, write_tables
from singledisease.vocabulary import Quantity

FERRITIN = Quantity("ferritin", "µg/L", 0, 5000, "铁蛋白", "ferritin")
FREE = st.text(max_size=4) | st.sampled_from(['a"b', "a,b", "a\nb", "a\rb", "内科", "\u2028", "NaN", "01"])
NUMBER = st.floats(0, 5000)
events_given = st.lists(
    st.fixed_dictionaries(
        {
            "patient_id": st.sampled_from(["P1", "P2"]),
            "date": st.dates().map(str),
            "kind": st.sampled_from(["test", "lost", "exit"]) | FREE,
            "recorded": st.none() | st.dates().map(str),
            "ferritin": st.none() | NUMBER,
            "emergency": st.sampled_from(["", "1", "0"]),
            "ward": FREE,
        }
    ),
    max_size=8,
)


def load(rows: list[dict[str, object]], places: bool = True) -> EventLog:
    """Build a log of rows, with people and institutions that have every column."""
    patients = {
        "patient_id": ["P1", "P2"],
        "birth_date": ["", ""],
        "sex": ["1", ""],
        "institution": ["A", ""],
        "death_date": ["", "9999-12-31"],
        "zone": ["北", ""],
    }
    names = ("patient_id", "date", "kind", "recorded", "ferritin", "emergency", "ward")
    institutions = raw_rows("institutions", {"institution": ["A"], "level": ["county"], "population": [1000]})
    return build(
        raw_rows("patients", patients),
        raw_rows("events", {name: [row[name] for row in rows] for name in names}),
        institutions if places else None,
        [FERRITIN],
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(events_given, st.sampled_from(["csv", "parquet"]), st.booleans())
def test_a_log_written_reads_back_equal(
    tmp_path: Path, rows: list[dict[str, object]], format: str, places: bool
) -> None:
    """Nothing is lost or changed on the way through files, and nothing is refused."""
    log = load(rows, places)
    folder = tmp_path / f"{format}-{places}"
    write_folder(log, folder, format)
    again = read_folder(folder, rules=LoadRules(quantities=(FERRITIN,)))
    assert equal(again, log)
    assert again.report.refusals == ()
    assert (folder / f"institutions.{format}").exists() == places


def test_a_pair_of_paths_is_read_like_a_folder(tmp_path: Path) -> None:
    """The files may have any names, and formats may be mixed."""
    log = load([])
    text, typed = tmp_path / "text", tmp_path / "typed"
    write_folder(log, text, "csv")
    write_folder(log, typed, "parquet")
    assert equal(read_folder((text / "patients.csv", str(typed / "events.parquet"))), load([], places=False))
    files = [text / f"{name}.csv" for name in ("patients", "events", "institutions")]
    assert equal(read_folder(files), log)


@pytest.mark.parametrize(
    ("names", "checks"),
    [
        ([], ["missing_file", "missing_file"]),
        (["patients.csv"], ["missing_file"]),
        (["patients.csv", "events.csv", "events.parquet"], ["two_files"]),
        (["patients.csv", "patients.parquet"], ["two_files", "missing_file"]),
    ],
)
def test_a_folder_that_is_no_registry_is_told_everything_that_is_wrong(
    tmp_path: Path, names: list[str], checks: list[str]
) -> None:
    """Missing files and files that are there twice are faults of one error."""
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(DataError) as caught:
        read_folder(tmp_path)
    assert [fault.check for fault in caught.value.faults] == checks


def test_a_folder_that_does_not_exist_is_a_documented_error(tmp_path: Path) -> None:
    """The path is shown."""
    with pytest.raises(DataError, match="no-such-folder"):
        read_folder(tmp_path / "no-such-folder")


def test_one_or_six_paths_are_wrong_usage(tmp_path: Path) -> None:
    """Two to five files make a registry."""
    for count in (1, 6):
        with pytest.raises(UsageError, match="paths"):
            read_folder([tmp_path] * count)


def test_an_unknown_format_is_wrong_usage(tmp_path: Path) -> None:
    """Only CSV and Parquet are written."""
    with pytest.raises(UsageError, match="did you mean parquet"):
        write_tables({}, tmp_path, "parket")


# PARQUET


def parquet(folder: Path, **columns: object) -> EventLog:
    """Read a Parquet file of events with these columns, of person P1."""
    (folder / "patients.csv").write_text("patient_id,birth_date\nP1,1960-01-01\n")
    pq.write_table(pa.table(columns), folder / "events.parquet")
    return read_folder(folder, rules=LoadRules(quantities=(FERRITIN,)))


def test_parquet_columns_of_every_sensible_type_are_read(tmp_path: Path) -> None:
    """Text in all its encodings, whole, floating and decimal numbers, days, local moments and flags."""
    moment = dt.datetime(2024, 3, 1)
    log = parquet(
        tmp_path,
        patient_id=pa.array(["P1", "P1"]).dictionary_encode(),
        date=pa.array([moment, moment], pa.timestamp("ms")),
        kind=pa.array(["test", "lost"], pa.large_string()),
        recorded=pa.array([moment.date(), None], pa.date32()),
        until=pa.array([moment.date(), None], pa.date64()),
        sbp=pa.array([152, None], pa.int16()),
        dbp=pa.array([95.5, None], pa.float64()),
        fpg=pa.array([6.1, None], pa.float32()),
        hba1c=pa.array([Decimal("7.10"), None], pa.decimal128(5, 2)),
        ppg=pa.array([7, None], pa.int32()).dictionary_encode(),
        emergency=pa.array([True, None]),
        big=pa.array([2**60, None], pa.int64()),
        small=pa.array([7, None], pa.uint8()),
        nothing=pa.nulls(2),
        ward=pa.array(["x", None], pa.string_view()),
    )
    event = log.event(0)
    assert {
        name: event[name] for name in ("sbp", "dbp", "fpg", "hba1c", "ppg", "emergency", "big", "small", "ward")
    } == {
        "sbp": 152,
        "dbp": 95.5,
        "fpg": 6.1,
        "hba1c": 7.1,
        "ppg": 7,
        "emergency": True,
        "big": str(2**60),
        "small": "7",
        "ward": "x",
    }
    assert event["recorded"] == event["until"] == event.date == 19783
    assert set(log.event(1).values) == {"recorded"}
    assert log.place(1) == ("events.parquet", 2)


@pytest.mark.parametrize(
    ("column", "check"),
    [
        (pa.array([[1]]), "column_type"),
        (pa.array([b"x"]), "column_type"),
        (pa.array([1], pa.duration("s")), "column_type"),
    ],
)
def test_a_parquet_column_that_means_nothing_is_a_documented_error(tmp_path: Path, column: object, check: str) -> None:
    """Nested columns not silently dropped."""
    with pytest.raises(DataError, match=check):
        parquet(tmp_path, patient_id=["P1"], kind=["test"], date=column)


def test_a_moment_beyond_the_calendar_is_refused_not_wrapped(tmp_path: Path) -> None:
    """A day that does not fit is an impossible date of its row."""
    log = parquet(tmp_path, patient_id=["P1"], kind=["test"], date=pa.array([2**62], pa.timestamp("ms")))
    assert [refusal.check for refusal in log.report.refusals] == ["impossible_date"]


def test_a_parquet_file_with_two_columns_of_one_name_is_a_documented_error(tmp_path: Path) -> None:
    """Neither of the two is taken silently."""
    path = tmp_path / "events.parquet"
    pq.write_table(pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["kind", "kind"]), path)
    with pytest.raises(DataError, match="kind"):
        read_parquet(path, "events")


def test_a_parquet_file_without_rows_is_read(tmp_path: Path) -> None:
    """Empty columns of every type are columns."""
    log = parquet(
        tmp_path,
        patient_id=pa.array([], pa.string()),
        kind=pa.array([], pa.string()),
        date=pa.array([], pa.date32()),
        sbp=pa.array([], pa.int32()),
        fpg=pa.array([], pa.float32()),
    )
    assert len(log) == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=60), st.integers(0, 600))
def test_any_bytes_as_parquet_end_in_a_table_or_a_documented_error(tmp_path: Path, noise: bytes, at: int) -> None:
    """A damaged file is told to be unreadable, or still reads."""
    path = tmp_path / "events.parquet"
    pq.write_table(pa.table({"patient_id": ["P1"], "kind": ["test"]}), path)
    sound = path.read_bytes()
    path.write_bytes(sound[:at] + noise + sound[at + len(noise) :])
    try:
        read_parquet(path, "events")
    except SingleDiseaseError:
        return


# WHAT IS LOADED


def test_a_missing_library_is_told_with_what_installs_it() -> None:
    """The extra is named if there is one, else the library."""
    with pytest.raises(MissingExtraError, match=r"pip install 'singledisease\[parquet\]'"):
        needed("no_such_library.part", "parquet")
    with pytest.raises(MissingExtraError, match="pip install 'no_such_library'"):
        needed("no_such_library.part")


def test_reading_csv_loads_no_dataframe_library(tmp_path: Path) -> None:
    """Only what needs an optional library loads it."""
    write_folder(load([]), tmp_path)
    code = (
        "import sys\n"
        "import singledisease.io.frames, singledisease.io.write\n"
        "from singledisease.io.folder import read_folder\n"
        f"read_folder({str(tmp_path)!r})\n"
        "print(sorted({'pyarrow', 'narwhals', 'pandas', 'polars', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


# CODES WITHOUT HASHING


@given(st.lists(st.text("0123é", max_size=3) | st.sampled_from(["00", "01", "13"]) | st.none(), max_size=12))
def test_numbered_texts_are_those_that_were_given(texts: list[str | None]) -> None:
    """Where texts can be numbered their codes give the texts back, with the categories in order."""
    column = numbered(pa.chunked_array([texts], pa.large_string()))
    if column is not None:
        assert [column.text(i) for i in range(len(texts))] == texts
        assert list(column.categories) == sorted(column.categories)


@pytest.mark.parametrize(
    ("texts", "can"),
    [
        (["P01", "P02", "P01"], True),
        (["P01"], True),
        (["P1", "P10"], False),
        (["01", None], False),
        ([], False),
        ([""], False),
        (["0\0"], False),
        (["é"], False),
        (["00", "99"], False),
    ],
)
def test_only_dense_texts_of_one_length_are_numbered(texts: list[str | None], can: bool) -> None:
    """Everything else is left to hashing."""
    assert (numbered(pa.chunked_array([texts], pa.large_string())) is not None) == can


def test_parts_of_arrays_are_numbered_together() -> None:
    """An array that starts within its buffers is read from where it starts; parts of two lengths are not."""
    assert numbered(pa.chunked_array([["P1"], ["P10"]])) is None
    assert numbered(pa.chunked_array([["P1"], [None]])) is None
    column = numbered(pa.chunked_array([pa.array(["P3", "P1"])[1:], pa.array([], pa.string()), pa.array(["P2"])]))
    assert column is not None
    assert [column.text(i) for i in range(2)] == ["P1", "P2"]


def test_a_big_file_reads_as_a_small_one(tmp_path: Path) -> None:
    """Many rows, in row groups with dictionaries of their own, give the log that the same rows of text give."""
    count = 70_000
    people = [f"P{i % 5000:04d}" for i in range(count)]
    wards = [f"{i}号" for i in range(count)]
    days = ["2024-03-01"] * count
    columns = {"patient_id": people, "date": days, "kind": ["test"] * count, "ward": wards}
    pq.write_table(pa.table(columns), tmp_path / "events.parquet", row_group_size=20_000)
    everyone = {"patient_id": sorted(set(people)), "birth_date": [None] * 5000}
    pq.write_table(pa.table({**everyone, "birth_date": pa.nulls(5000)}), tmp_path / "patients.parquet")
    expected = build(raw_rows("patients", everyone), raw_rows("events", columns))
    assert equal(read_folder(tmp_path), expected)


def test_dictionaries_of_many_chunks_are_coded_anew() -> None:
    """A column whose chunks each bring a long dictionary means what its texts say."""
    chunk = pa.array(["a", "b"]).dictionary_encode()
    table = pa.table({"kind": pa.chunked_array([chunk[:1], chunk[1:], chunk[:0]])})
    column = raw_from_arrow(table, "events", "here").columns["kind"]
    assert [value_at(column, i) for i in range(2)] == ["a", "b"]


def test_a_dictionary_that_repeats_itself_is_mended() -> None:
    """A text that stands twice in a dictionary, or is empty, gets one code."""
    texts = pa.DictionaryArray.from_arrays(pa.array([0, 1, 2, None]), pa.array(["a", "", "a"]))
    column = raw_from_arrow(pa.table({"kind": texts}), "events", "here").columns["kind"]
    assert isinstance(column, Coded)
    assert column.categories == ("", "a")
    assert column.codes.tolist() == [1, 0, 1, 0]
