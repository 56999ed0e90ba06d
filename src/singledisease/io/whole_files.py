"""Files written whole or not at all, and folders whose files belong together.

A file is written beside the one it replaces and then takes its name, which happens at once: whoever is stopped in
between, by a full disk or by force, leaves what stood there.  A folder that does not exist yet is made in the same way.
Into one that exists the new files are moved one after the other, and as long as that lasts a mark says so: ``read``
refuses a folder with the mark, and writing into it again makes it whole.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from singledisease.errors import DataError, Fault, OutputError, UsageError

MARK = ".singledisease-incomplete"
"""The file that says that a folder is being filled, or that filling it was interrupted."""
_PARTIAL = ".partial"


# FILES


def write_whole(path: str | Path, text: str) -> None:
    """Write a text as a file in UTF-8; see ``whole_file``."""
    with whole_file(path) as file:
        file.write_text(text, encoding="utf-8")


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Give the path at which to write a file, which takes its place when all is written.

    What stood there stays as it was until then, and if anything goes wrong.  A device or pipe is written to directly.

    Raises
    ------
    UsageError
        If there is no such folder, or the path is one.
    OutputError
        If it cannot be written: the disk is full, nobody may write there.

    >>> with whole_file("figures.txt") as file:
    ...     _ = file.write_text("152")
    >>> Path("figures.txt").read_text()
    '152'
    """
    target = checked_target(path)
    if target.exists() and not target.is_file():
        with _told(path):
            yield target
        return
    partial = _partial(target)
    with _told(path):
        _tidy(target)
        try:
            yield partial
            if target.exists():
                shutil.copymode(target, partial)
            os.replace(partial, target)
        finally:
            partial.unlink(missing_ok=True)


def checked_target(path: str | Path) -> Path:
    """Give the path of a file that can be written, links followed.

    Raises
    ------
    UsageError
        If it is blank or a folder, or there is no folder to write it into.
    """
    target = Path(os.path.realpath(path))
    if not str(path) or target.is_dir():
        raise UsageError(f"{str(path)!r}: 应为文件名，不是文件夹 / is a folder, name a file in it")
    if not target.parent.is_dir():
        raise UsageError(f"{path}: 没有文件夹 {target.parent} / there is no folder {target.parent}; make it first")
    return target


# FOLDERS


@contextmanager
def whole_folder(path: str | Path, belonging: Iterable[str] = ()) -> Iterator[Path]:
    """Give a folder in which to write files that belong together, and put them into their place when all are written.

    Parameters
    ----------
    path
        The folder they are for, made if need be.
    belonging
        Names of files that belong together: those among them that are not written anew are taken away, so that
        nothing old stands beside what is new.  They are put into their place in this order, further ones after them.

    Raises
    ------
    UsageError
        If the path is a file.
    OutputError
        If they cannot be written.

    >>> with whole_folder("registry", ["patients.csv", "events.csv"]) as folder:
    ...     _ = (folder / "patients.csv").write_text("patient_id,birth_date")
    >>> sorted(file.name for file in Path("registry").iterdir())
    ['patients.csv']
    """
    target = Path(os.path.realpath(path))
    if not str(path) or (target.exists() and not target.is_dir()):
        raise UsageError(f"{str(path)!r}: 应为文件夹 / is no folder")
    with _told(path):
        target.parent.mkdir(parents=True, exist_ok=True)
        _tidy(target)
        partial = _partial(target)
        partial.mkdir()
        try:
            yield partial
            if target.exists():
                _moved_into(target, partial, list(belonging))
            else:
                os.rename(partial, target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def _moved_into(target: Path, partial: Path, belonging: list[str]) -> None:
    made = {file.name for file in partial.iterdir()}
    order = [name for name in belonging if name in made] + sorted(made - set(belonging))
    (target / MARK).touch()
    for name in order:
        os.replace(partial / name, target / name)
    for name in belonging:
        if name not in made:
            (target / name).unlink(missing_ok=True)
    (target / MARK).unlink()


def refuse_incomplete(folder: Path) -> None:
    """Refuse a folder into which files are being moved, or were when that was interrupted.

    Raises
    ------
    DataError
        With the way out.
    """
    if (folder / MARK).exists():
        fault = Fault(
            "incomplete_folder",
            str(folder),
            "写入未完成，新旧文件混杂 / writing was interrupted or goes on: new files stand beside old ones",
            "write it again with the same command; or take away the folder",
        )
        raise DataError(f"{folder}: 数据不完整 / the folder is not complete", [fault])


# IN BETWEEN


def _partial(target: Path) -> Path:
    """Give a name beside the target, hidden, that no other process uses."""
    return target.with_name(f".{target.name}.{os.getpid()}{_PARTIAL}")


def _tidy(target: Path) -> None:
    """Take away what processes that are no more have left beside a target."""
    for left in target.parent.glob(f".{_escaped(target.name)}.*{_PARTIAL}"):
        process = left.name.removesuffix(_PARTIAL).rpartition(".")[2]
        if process.isdecimal() and not _is_running(int(process)):
            _remove(left)


def remove_partial(folder: Path) -> None:
    """Take away all that was being written into a folder: whoever calls this knows that nobody is writing there."""
    for left in folder.glob(f".*{_PARTIAL}"):
        _remove(left)


def _remove(left: Path) -> None:
    remove: Callable[[Path], object] = shutil.rmtree if left.is_dir() else Path.unlink
    remove(left)


def _escaped(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _is_running(process: int) -> bool:
    """Tell whether a process is there; where that cannot be asked without harm, it is taken to be."""
    if os.name != "posix" or process == os.getpid():
        return os.name != "posix"
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def _told(path: str | Path) -> Iterator[None]:
    """Say of an error of the system what could not be written."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        kept = "原有文件未改动 / what stood there before is as it was"
        raise OutputError(
            f"{path}: 无法写入 / cannot be written", [Fault("cannot_write", str(path), reason, kept)]
        ) from error
