"""A county simulated some people at a time is one county: nobody twice, gone on with, refused while it is not whole."""

import csv
import shutil

import pytest

import singledisease as sd
from singledisease.errors import DataError, UsageError
from singledisease.io.partition.folders import FOLDERS

ASKED = {"patients": 70, "at_a_time": 30, "seed": 4, "diseases": "hypertension", "end": "2023-12-31"}


@pytest.fixture
def county(tmp_path):
    """Give the folders of a county of seventy people, thirty at a time."""
    return sd.simulate_in_folders(tmp_path / "county", **ASKED)


def column(folder, table, name):
    """Give a column of a file."""
    with (folder / f"{table}.csv").open(encoding="utf-8") as file:
        return [row[name] for row in csv.DictReader(file)]


def contents(folders):
    """Give what stands in every file of the folders."""
    return {(one.name, file.name): file.read_bytes() for one in folders for file in one.iterdir()}


def test_nobody_is_in_two_folders(county):
    """Nor is a record, and the institutions are the same in each."""
    ids = [name for folder in county for name in column(folder, "patients", "patient_id")]
    records = [set(column(folder, "events", "record")) for folder in county]
    assert len(set(ids)) == len(ids) == 70
    assert sum(map(len, records)) == len(set.union(*records))
    assert len({tuple(column(folder, "institutions", "institution")) for folder in county}) == 1


def test_its_folders_are_partitioned_as_one_registry(county, tmp_path):
    """The figures are those of the folders together."""
    made = sd.partition(tmp_path / "county", tmp_path / "parts", parts=4)
    rows = sum(len(column(folder, "events", "date")) for folder in county)
    assert dict(made.manifest.rows) == {"patients": 70, "events": rows}
    measures = sd.measures("cn-bphs-2017", diseases="hypertension")
    asked = {"period": "2023", "by": ["institution"]}
    apart = sum((sd.evaluate(measures, sd.read(folder), **asked).counts for folder in county), sd.Counts())
    assert sd.evaluate(measures, made, **asked).counts == apart


def test_interrupted_work_goes_on_to_the_same_end(county, tmp_path):
    """A folder that is not there is made again as it was; the others are not touched."""
    before = contents(county)
    shutil.rmtree(county[1])
    kept = (county[0] / "events.csv").stat().st_mtime_ns
    told = []
    again = sd.simulate_in_folders(tmp_path / "county", progress=lambda done, of: told.append((done, of)), **ASKED)
    assert contents(again) == before
    assert (county[0] / "events.csv").stat().st_mtime_ns == kept
    assert told[-1] == (70, 70)
    assert told == sorted(told)


def test_what_is_not_whole_is_not_partitioned(county, tmp_path):
    """It is said how many folders are not there, and how to go on."""
    shutil.rmtree(county[2])
    with pytest.raises(DataError, match="1 of 3 folders are not there, first from-000000060") as refused:
        sd.partition(tmp_path / "county", tmp_path / "parts")
    assert "run what makes them once more" in str(refused.value)
    assert not (tmp_path / "parts").exists()


def test_other_settings_are_not_mixed_in(county, tmp_path):
    """What was begun otherwise is named, with both values."""
    with pytest.raises(UsageError, match=r"other settings \(seed: 4 / 5\)"):
        sd.simulate_in_folders(tmp_path / "county", **ASKED | {"seed": 5})


def test_a_folder_with_anything_else_is_left_alone(tmp_path):
    """So is one that holds an ordinary registry."""
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="there is something already"):
        sd.simulate_in_folders(tmp_path, **ASKED)
    assert [one.name for one in tmp_path.iterdir()] == ["notes.txt"]


def test_a_list_of_folders_that_cannot_be_read_is_refused(county, tmp_path):
    """The file is named."""
    (tmp_path / "county" / FOLDERS).write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match=FOLDERS):
        sd.partition(tmp_path / "county", tmp_path / "parts")


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"at_a_time": 0}, "at least one person"), ({"preset": "yuxi"}, "made of everybody at once")],
)
def test_what_cannot_be_simulated_in_folders_is_refused(tmp_path, asked, said):
    """Nobody at a time, and totals that are made of everybody at once."""
    with pytest.raises(UsageError, match=said):
        sd.simulate_in_folders(tmp_path / "county", **ASKED | asked)
    assert not (tmp_path / "county").exists()


def test_folders_that_nobody_listed_are_taken_as_they_are(county, tmp_path):
    """A folder of registries is one registry."""
    (tmp_path / "county" / FOLDERS).unlink()
    assert sd.partition(tmp_path / "county", tmp_path / "parts", parts=2).manifest.rows["patients"] == 70
