"""FHIR is read entry by entry: neither one long line nor many bundles is ever in memory as a whole."""

from __future__ import annotations

import gzip
import json
import tracemalloc

import pytest
from fhir_world import observation, patient

import singledisease as sd
from singledisease.io.fhir.files import list_files, resources

MB = 1 << 20
LONG = [{"text": "x" * 4000}]
"""A note of an observation, so that a file is large by what nobody keeps."""


def one_line(path, entries, *, opened=open):
    """Write a bundle on one line, entry by entry."""
    with opened(path, "wt", encoding="utf-8") as out:
        out.write('{"resourceType":"Bundle","type":"collection","entry":[')
        for number, entry in enumerate(entries):
            out.write(("," if number else "") + json.dumps({"resource": entry}))
        out.write("]}")
    return path


def readings(count, first=0):
    """Give so many readings of one person, each with a long note."""
    for i in range(first, first + count):
        yield observation(f"o{i}", day=f"20{10 + i % 14}-0{1 + i % 9}-{10 + i % 18}", at="", note=LONG)


def peak_of(work):
    """Give the most that was allocated at once while something was done, and what it gave."""
    tracemalloc.start()
    try:
        given = work()
        return tracemalloc.get_traced_memory()[1], given
    finally:
        tracemalloc.stop()


def count_of(path):
    """Go through everything that a file or folder holds, keeping nothing."""
    return sum(1 for _ in resources(list_files(path)))


@pytest.mark.parametrize(("name", "opened"), [("one.json", open), ("one.json.gz", gzip.open)])
def test_one_long_line_is_read_piece_by_piece(tmp_path, name, opened):
    """A bundle of many megabytes on one line, compressed or not, takes a few of them."""
    file = one_line(tmp_path / name, [patient(), *readings(3000)], opened=opened)
    assert file.stat().st_size > 12 * MB or name.endswith(".gz")
    peak, count = peak_of(lambda: count_of(file))
    assert count == 3001
    assert peak < 5 * MB


def test_a_log_of_a_long_line_is_small(tmp_path):
    """What is kept of a reading are its numbers: the log is read in a fraction of the file."""
    file = one_line(tmp_path / "one.json", [patient(), *readings(3000)])
    sd.read(one_line(tmp_path / "small.json", [patient()]))  # what is loaded once is not counted
    peak, log = peak_of(lambda: sd.read(file))
    assert len(log) == 3000
    assert peak < file.stat().st_size / 1.5


@pytest.mark.parametrize("suffix", [".json", ".ndjson.gz"])
def test_many_bundles_take_no_more_than_few(tmp_path, suffix):
    """Four times as many bundles go through the memory of one: it does not grow with their number."""
    peaks = []
    for count in (5, 20):
        folder = tmp_path / str(count)
        folder.mkdir()
        for number in range(count):
            made = readings(100, first=100 * number)
            if suffix == ".json":
                one_line(folder / f"{number}{suffix}", made)
            else:
                with gzip.open(folder / f"{number}{suffix}", "wt", encoding="utf-8") as out:
                    out.writelines(json.dumps(one) + "\n" for one in made)
        peak, found = peak_of(lambda folder=folder: count_of(folder))
        assert found == 100 * count
        peaks.append(peak)
    assert peaks[1] < 1.3 * peaks[0]


def test_a_line_cut_in_half_is_told(tmp_path):
    """A long line that ends in its middle is an error with the file, whatever was read before it."""
    file = one_line(tmp_path / "one.json", [patient(), *readings(300)])
    whole = file.read_text("utf-8")
    file.write_text(whole[: len(whole) // 2], "utf-8")
    with pytest.raises(sd.DataError, match=r"one\.json"):
        sd.read(file)
