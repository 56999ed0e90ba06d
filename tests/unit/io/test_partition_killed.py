"""A partition that is killed goes on where it stopped, gives the same bytes, and takes nothing else for its own."""

import os
import shutil
from pathlib import Path

import pytest
from killed_world import killed

import singledisease as sd
from singledisease.io.partition import shuffle, steps

fcntl = pytest.importorskip("fcntl", reason="processes are forked and killed")
LOG = sd.simulate(patients=30, seed=1).log()


@pytest.fixture
def source(tmp_path, monkeypatch):
    """Give a registry whose events are sent in several steps of two batches."""
    monkeypatch.setattr(shuffle, "ROWS", 200)
    monkeypatch.setattr(steps, "BATCHES", 2)
    sd.write(LOG, tmp_path / "source", "parquet")
    return tmp_path / "source"


def standing(folder: Path) -> dict[str, bytes]:
    """Give every file below a folder by its path."""
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def killed_at(moments, work, here, whole):
    """Kill the work at each of several moments, and see that doing it again gives what it gives undisturbed."""
    for stop in moments:
        if not killed(stop, lambda: work(here / "parts"), here):
            return stop
        if (here / "parts").exists():
            with pytest.raises(sd.UsageError, match="something already"):
                work(here / "parts")
        else:
            work(here / "parts")
        assert standing(here) == whole, stop
        shutil.rmtree(here / "parts")
    return None


@pytest.mark.parametrize("of_files", [True, False], ids=["files", "log"])
@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.deep), 9])
def test_killed_at_any_moment_it_ends_as_if_undisturbed(source, tmp_path, of_files, step):
    """Whatever was being written: steps, parts, the manifest; and nothing else is left."""
    here = tmp_path / "here"
    here.mkdir()

    def work(folder: Path) -> None:
        sd.partition(source if of_files else LOG, folder, parts=2)

    work(here / "parts")
    whole = standing(here)
    shutil.rmtree(here / "parts")
    assert killed_at(range(step // 2, 1000, step), work, here, whole) > 2 * step


def test_finished_steps_are_not_done_again(source, tmp_path):
    """Killed again and again after a few changes, it ends all the same; what stands stays as it was written."""
    seen, runs = {}, 0
    while killed(12, lambda: sd.partition(source, tmp_path / "parts", parts=2), tmp_path / "parts"):
        done = (tmp_path / "parts.unfinished" / "sent").glob("[!.]*/step.json")
        steps_now = {one.parent.name: one.stat().st_mtime_ns for one in done}
        assert {name: steps_now[name] for name in seen} == seen
        assert not (tmp_path / "parts").exists()
        seen, runs = steps_now, runs + 1
    assert runs > 2
    assert len(sd.parts(tmp_path / "parts").log(0).people) + len(sd.parts(tmp_path / "parts").log(1).people) == 30


def test_another_input_and_other_options_are_refused_by_name(source, tmp_path):
    """A file that changed is named, and so is an option; another name begins afresh."""
    assert killed(15, lambda: sd.partition(source, tmp_path / "parts", parts=2), tmp_path / "parts")
    with pytest.raises(sd.UsageError, match=r"other settings \(parts: 2 / 3\)"):
        sd.partition(source, tmp_path / "parts", parts=3)
    with pytest.raises(sd.UsageError, match=r"other settings .*sha256"):
        sd.partition(LOG, tmp_path / "parts", parts=2)
    os.utime(source / "events.parquet", (1, 1))
    with pytest.raises(sd.UsageError, match=r"other settings \(.*events\.parquet.*or take this one away"):
        sd.partition(source, tmp_path / "parts", parts=2)
    assert len(sd.partition(source, tmp_path / "afresh", parts=2)) == 2


def test_two_processes_do_not_partition_into_one_folder(source, tmp_path):
    """The second is told of the first, and the first is not disturbed."""
    said = []

    def at_once(done: int, _of: int) -> None:
        if done == 1:
            with pytest.raises(sd.UsageError, match="another process"):
                sd.partition(source, tmp_path / "parts", parts=2)
            said.append(done)

    assert len(sd.partition(source, tmp_path / "parts", parts=2, progress=at_once)) == 2
    assert said == [1]


def test_data_that_are_refused_leave_nothing(source, tmp_path):
    """They have to change before another run, which then begins afresh."""
    shutil.copytree(source, tmp_path / "other")
    (tmp_path / "other" / "events.parquet").write_bytes(b"PAR1")
    with pytest.raises(sd.DataError, match="cannot be read"):
        sd.partition([source, tmp_path / "other"], tmp_path / "parts", parts=2)
    assert not list(tmp_path.glob("parts*"))
