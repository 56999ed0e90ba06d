"""Files are written whole or not at all; a folder is complete, as it was, or refused."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from attrs import evolve

import singledisease as sd
from singledisease.errors import DataError, OutputError, UsageError
from singledisease.eventlog.build import build
from singledisease.eventlog.equality import equal
from singledisease.eventlog.institutions import InstitutionColumns
from singledisease.eventlog.raw import raw_rows
from singledisease.io import whole_files
from singledisease.io.whole_files import MARK, refuse_incomplete, whole_file, whole_folder, write_whole

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and devices of POSIX")
OLD, NEW = ({"a": f"{name} a", "b": f"{name} b", "c": f"{name} c"} for name in ("old", "new"))


def contents(folder: Path) -> dict[str, str]:
    """Give what stands in a folder, hidden files included."""
    return {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.is_file()}


def fill(folder: Path, texts: dict[str, str]) -> None:
    """Write files that belong together."""
    with whole_folder(folder, ["a", "b", "c"]) as made:
        for name, text in texts.items():
            (made / name).write_text(text, "utf-8")


class KilledError(BaseException):
    """Stands for a signal."""


def half(path: Path, error: Exception) -> None:
    """Begin to write a file, and fail."""
    with whole_file(path) as file:
        file.write_text("half", "utf-8")
        raise error


# FILES


def test_a_file_is_replaced_at_once(tmp_path):
    """While it is written the old one stands; afterwards the new one, and nothing besides."""
    write_whole(tmp_path / "x", "old")
    with whole_file(tmp_path / "x") as file:
        file.write_text("new", "utf-8")
        assert (tmp_path / "x").read_text("utf-8") == "old"
    assert contents(tmp_path) == {"x": "new"}


def test_a_file_that_fails_leaves_the_old_one(tmp_path):
    """Whatever goes wrong on the way, what stood there is as it was."""
    write_whole(tmp_path / "x", "old")
    with pytest.raises(ZeroDivisionError):
        half(tmp_path / "x", ZeroDivisionError())
    with pytest.raises(OutputError, match="No space left") as refused:
        half(tmp_path / "x", OSError(28, "No space left on device"))
    assert "x: " in str(refused.value)
    assert contents(tmp_path) == {"x": "old"}


def test_a_file_keeps_its_rights_and_its_link(tmp_path):
    """The new file has the old one's permissions, and a link goes on to point where it did."""
    write_whole(tmp_path / "x", "old")
    (tmp_path / "x").chmod(0o640)
    (tmp_path / "link").symlink_to(tmp_path / "x")
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "x").read_text("utf-8") == "new"
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(("name", "said"), [("", "folder"), (".", "folder"), ("nowhere/x", "no folder .*nowhere")])
def test_what_cannot_be_a_file_is_wrong_usage(tmp_path, monkeypatch, name, said):
    """A folder, nothing at all, and a folder that does not exist are said as such."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=said):
        write_whole(name, "x")
    assert contents(tmp_path) == {}


@POSIX
def test_a_device_is_written_to_directly(tmp_path):
    """A device is not replaced by a file; a full one is a documented error."""
    write_whole("/dev/null", "x")
    assert not Path("/dev/null").is_file()
    with pytest.raises(OutputError, match="No space left"):
        write_whole("/dev/full", "x")


@POSIX
def test_what_a_dead_process_left_is_taken_away(tmp_path):
    """The next one who writes tidies up after who was killed, and after nobody else."""
    dead = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    ).stdout
    left = [tmp_path / f".x.{int(dead)}.partial", tmp_path / ".x.1.partial", tmp_path / f".y.{int(dead)}.partial"]
    for file in left:
        file.write_text("half", "utf-8")
    write_whole(tmp_path / "x", "new")
    assert [file.exists() for file in left] == [False, True, True]


def test_elsewhere_nobody_is_asked_whether_they_live(tmp_path, monkeypatch):
    """Where asking after a process would end it, what it left stays."""
    monkeypatch.setattr(whole_files.os, "name", "nt")
    monkeypatch.setattr(whole_files.os, "kill", lambda *_: pytest.fail("must not be asked"))
    assert whole_files._is_running(1)


# FOLDERS


def test_a_folder_appears_when_it_is_complete(tmp_path):
    """A folder that does not exist is made beside its place; if that fails there is none."""
    with contextlib.suppress(KilledError), whole_folder(tmp_path / "deep" / "data") as made:
        (made / "a").write_text("half", "utf-8")
        assert not (tmp_path / "deep" / "data").exists()
        raise KilledError
    assert list((tmp_path / "deep").iterdir()) == []
    fill(tmp_path / "deep" / "data", NEW)
    assert contents(tmp_path / "deep" / "data") == NEW


def test_a_folder_that_exists_is_replaced_file_by_file(tmp_path):
    """What does not belong to what is written stays; what belongs and is not written anew is taken away."""
    fill(tmp_path / "data", OLD)
    (tmp_path / "data" / "notes.txt").write_text("mine", "utf-8")
    fill(tmp_path / "data", {"a": "new a"})
    assert contents(tmp_path / "data") == {"a": "new a", "notes.txt": "mine"}
    assert [one.name for one in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize("steps", range(4))
def test_whoever_is_stopped_leaves_the_old_files_or_a_mark(tmp_path, monkeypatch, steps):
    """Stopped at any move, the folder is as it was or refused; written again it is complete."""
    fill(tmp_path / "data", OLD)
    replace, left = os.replace, [steps]

    def stopping(*paths):
        if left[0] == 0:
            raise KilledError
        left[0] -= 1
        replace(*paths)

    monkeypatch.setattr(whole_files.os, "replace", stopping)
    with contextlib.suppress(KilledError):
        fill(tmp_path / "data", NEW)
    found = contents(tmp_path / "data")
    if steps == 3:
        assert found == NEW
    else:
        assert MARK in found
        with pytest.raises(DataError, match="incomplete_folder"):
            refuse_incomplete(tmp_path / "data")
    monkeypatch.setattr(whole_files.os, "replace", replace)
    fill(tmp_path / "data", NEW)
    assert contents(tmp_path / "data") == NEW


@pytest.mark.parametrize("name", ["", "file"])
def test_what_cannot_be_a_folder_is_wrong_usage(tmp_path, name):
    """A file, and nothing at all, are no folder."""
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(UsageError, match="no folder"):
        fill(tmp_path / name if name else "", NEW)


# REGISTRIES


def test_every_way_of_reading_refuses_an_incomplete_folder(tmp_path):
    """As it is, by a mapping, and looked at: a folder with the mark is refused."""
    sd.simulate(tmp_path / "data", patients=5)
    (tmp_path / "data" / MARK).touch()
    mapping = tmp_path / "m.toml"
    mapping.write_text('[events.columns]\n"x" = "sbp"\n', "utf-8")
    for read in (sd.read, sd.inspect, lambda path: sd.read(path, mapping=mapping)):
        with pytest.raises(DataError, match="incomplete_folder"):
            read(tmp_path / "data")
    sd.simulate(tmp_path / "data", patients=6)
    assert len(sd.read(tmp_path / "data").people) == 6


def test_a_registry_leaves_nothing_of_the_one_before(tmp_path):
    """New patients never stand beside old events or institutions, whatever the format."""
    sd.simulate(tmp_path / "data", patients=5, format="parquet")
    log = sd.read(tmp_path / "data")
    assert log.institutions.ids
    bare = evolve(log.slice(0, 2), institutions=InstitutionColumns())
    sd.write(bare, tmp_path / "data")
    assert sorted(file.name for file in (tmp_path / "data").iterdir()) == [
        *("events.csv", "patients.csv", "truth.csv", "truth.json"),
    ]
    assert equal(sd.read(tmp_path / "data"), bare)


def test_another_simulation_takes_the_place_of_one_that_was_interrupted(tmp_path, monkeypatch):
    """Interrupted at any move, a simulation can be run again into the same folder; other data are never replaced."""
    data = tmp_path / "data"
    data.mkdir()
    replace = os.replace
    for steps in range(6):
        left = [steps]

        def stopping(*paths, left=left):
            if left[0] == 0:
                raise KilledError
            left[0] -= 1
            replace(*paths)

        monkeypatch.setattr(whole_files.os, "replace", stopping)
        with contextlib.suppress(KilledError):
            sd.simulate(data, patients=5, seed=steps)
        monkeypatch.setattr(whole_files.os, "replace", replace)
        sd.simulate(data, patients=5, seed=9)
        assert len(sd.read(data).people) == 5
    (data / "truth.json").unlink()
    with pytest.raises(UsageError, match="not simulated"):
        sd.simulate(data, patients=5)


WRITER = """
import sys
import singledisease as sd
folder = sys.argv[1]
logs = [sd.simulate(patients=40, seed=1).log(), sd.simulate(patients=60, seed=2).log()]
print("ready", flush=True)
for turn in range(10_000):
    sd.write(logs[turn % 2], folder, "csv" if turn % 3 else "parquet")
"""


@POSIX
def test_killed_at_any_moment_it_never_leaves_a_mixture(tmp_path):
    """A process that is killed while it writes leaves one registry, the other, or one that is refused."""
    sizes = {
        len(log.people): len(log)
        for log in (sd.simulate(patients=40, seed=1).log(), sd.simulate(patients=60, seed=2).log())
    }
    chance = random.Random(7)
    for _ in range(6):
        with subprocess.Popen([sys.executable, "-c", WRITER, tmp_path / "data"], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(chance.uniform(0.0, 0.25))
            writer.send_signal(signal.SIGKILL)
        if not (tmp_path / "data").exists():
            continue
        if (tmp_path / "data" / MARK).exists():
            with pytest.raises(DataError, match="incomplete_folder"):
                sd.read(tmp_path / "data")
        else:
            log = sd.read(tmp_path / "data")
            assert len(log) == sizes[len(log.people)]
    sd.write(sd.simulate(patients=40, seed=1).log(), tmp_path / "data")
    assert len(sd.read(tmp_path / "data").people) == 40
    assert [file.name for file in tmp_path.iterdir()] == ["data"]


FULL = """
import resource, signal, sys
import singledisease as sd
log = sd.simulate(patients=300, seed=1).log()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    sd.write(log, sys.argv[1])
except sd.OutputError as error:
    print(error)
"""


@POSIX
def test_a_full_disk_leaves_what_stood_there(tmp_path):
    """Where a file may not grow any further the old registry stands as it did, and the reason is told."""
    sd.write(sd.simulate(patients=3, seed=1).log(), tmp_path / "data")
    before = contents(tmp_path / "data")
    done = subprocess.run([sys.executable, "-c", FULL, tmp_path / "data"], capture_output=True, text=True, check=True)
    assert "cannot_write" in done.stdout, done.stderr
    assert contents(tmp_path / "data") == before
    assert [file.name for file in tmp_path.iterdir()] == ["data"]


# SPREADSHEETS


def test_a_registry_can_be_made_harmless_in_a_spreadsheet(tmp_path):
    """Texts that a spreadsheet would run get an apostrophe, numbers and days stay; by default nothing is changed."""
    columns = {"patient_id": ["-1", "P2"], "birth_date": ["1960-01-01", ""], "team": ["@all", "+86 1"]}
    events = {"patient_id": ["P2"], "date": ["2024-01-01"], "kind": ["=cmd"], "sequence": ["-1"]}
    log = build(raw_rows("patients", columns), raw_rows("events", events))
    sd.write(log, tmp_path / "plain")
    assert equal(sd.read(tmp_path / "plain"), log)
    sd.write(log, tmp_path / "safe", spreadsheet_safe=True)
    people = (tmp_path / "safe" / "patients.csv").read_text("utf-8")
    assert "'@all" in people
    assert "'+86 1" in people
    assert "\n-1,1960-01-01" in people
    assert (tmp_path / "safe" / "events.csv").read_text("utf-8").splitlines()[1] == "P2,2024-01-01,'=cmd,-1"
