"""The files of a FHIR export, resource by resource: bundles, bulk NDJSON, either of them compressed."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

from attrs import frozen

from singledisease.errors import DataError, Fault
from singledisease.io.fhir.json_stream import JsonStream, decode

BUNDLES, LINES = (".json", ".json.gz"), (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")
SUFFIXES = (*BUNDLES, *LINES)
_DEEPEST = 8
"""How many bundles may stand in one another."""


@frozen
class Found:
    """A resource, or what stands in its place: where, and which entry of a bundle or line of a file.

    Attributes
    ----------
    body
        The resource; ``None`` if there is none, and then ``problem`` says why.
    full_url
        What other entries of its bundle call it.
    """

    file: str
    line: int
    body: dict[str, Any] | None
    full_url: str = ""
    problem: str = ""


def list_files(path: str | Path) -> list[Path]:
    """Give the FHIR files of a folder and of those inside it in the order of their names, or the one that was named.

    Raises
    ------
    DataError
        If there is no such file or folder, or none in it that is JSON.
    """
    here = Path(path)
    if here.is_dir():
        files = sorted(one for one in here.rglob("*") if one.is_file() and one.name.lower().endswith(SUFFIXES))
    else:
        files = [here] if here.is_file() else []
    if files:
        return files
    hint = f"FHIR R4 as JSON is wanted: {', '.join(SUFFIXES)}"
    if here.is_dir() and any(one.suffix.lower() == ".xml" for one in here.iterdir()):
        hint = f"XML 不能读取，请导出为 JSON / XML is not read, export JSON; {hint}"
    fault = Fault("no_file", str(path), "没有 FHIR 文件 / there is no FHIR file here", hint)
    raise DataError(f"{path}: 无法读取 / cannot be read", [fault])


def resources(files: Sequence[Path], top: str | Path = "") -> Iterator[Found]:
    """Give every resource of the files, one after the other; those inside other resources stay there.

    Parameters
    ----------
    files
        From ``list_files``.
    top
        The folder from which they are named; blank: by their own names.

    Raises
    ------
    DataError
        After the last file, with every file that could not be read to its end: what it held beyond that point
        cannot be accounted for, so that nothing of it counts.
    """
    faults: list[Fault] = []
    for file in files:
        try:
            yield from _of_file(file, _named(file, top))
        except (ValueError, OSError, EOFError, zlib.error) as error:
            faults.append(_fault(_named(file, top), error))
    if faults:
        raise DataError("FHIR 文件不完整或不是 JSON / FHIR files that are cut off, or are no JSON", faults)


def _named(file: Path, top: str | Path) -> str:
    """Name a file as it stands in the folder that was given."""
    return file.relative_to(top).as_posix() if top and file != Path(top) else file.name


def _fault(file: str, error: Exception) -> Fault:
    if isinstance(error, UnicodeError):
        return Fault("not_text", file, f"不是 UTF-8 文本 / not text in UTF-8: {error}", "FHIR JSON is UTF-8")
    if isinstance(error, EOFError | zlib.error | gzip.BadGzipFile):
        hint = "copy or export it again"
        return Fault("unreadable_file", file, f"压缩文件已损坏 / the compressed file is damaged: {error}", hint)
    if isinstance(error, OSError):
        return Fault("unreadable_file", file, error.strerror or str(error))
    hint = "export it again, or leave it out: half of a person's record would give wrong figures"
    return Fault("broken_json", file, f"不能读到末尾 / cannot be read to its end: {error}", hint)


def _of_file(file: Path, name: str) -> Iterator[Found]:
    with _open(file) as stream:
        yield from _lines(stream, name) if name.lower().endswith(LINES) else _bundle(stream, name)


def _open(file: Path) -> IO[bytes]:
    return gzip.open(file, "rb") if file.name.lower().endswith(".gz") else open(file, "rb")  # type: ignore[return-value]


# LINES


def _lines(stream: IO[bytes], file: str) -> Iterator[Found]:
    for line, raw in enumerate(stream, 1):
        text = raw.strip()
        if not text:
            continue
        try:
            body = decode(text.decode("utf-8-sig" if line == 1 else "utf-8"))
        except ValueError as error:
            yield Found(file, line, None, problem=str(error))
        else:
            yield from _unpacked(body, file, line, "", 0)


# BUNDLES


def _bundle(stream: IO[bytes], file: str) -> Iterator[Found]:
    """Give the entries of a bundle by their number; a file that is one resource, or a list of them, too."""
    with TextIOWrapper(stream, encoding="utf-8-sig") as text:
        reader = JsonStream(text)
        number = 0
        for number, element in enumerate(reader.elements("entry"), 1):
            is_entry = isinstance(element, dict) and "resourceType" not in element
            yield from _entry(element, file, number, 0) if is_entry else _unpacked(element, file, number, "", 0)
        if number == 0 and reader.head.get("resourceType") != "Bundle":
            yield from _unpacked(reader.head, file, 1, "", 0)


def _entry(entry: Any, file: str, number: int, depth: int) -> Iterator[Found]:
    if not isinstance(entry, dict) or "resource" not in entry:
        yield Found(file, number, None, problem="没有资源 / the entry holds no resource")
        return
    url = entry.get("fullUrl")
    yield from _unpacked(entry["resource"], file, number, url if isinstance(url, str) else "", depth)


def _unpacked(body: Any, file: str, number: int, full_url: str, depth: int) -> Iterator[Found]:
    """Give a resource; of a bundle inside another, or on a line, its resources."""
    if not isinstance(body, dict) or not isinstance(body.get("resourceType"), str) or depth > _DEEPEST:
        yield Found(file, number, None, problem="没有 resourceType / no resource: it has no resourceType")
    elif body["resourceType"] != "Bundle":
        yield Found(file, number, body, full_url)
    else:
        entries = body.get("entry")
        for entry in entries if isinstance(entries, list) else ():
            yield from _entry(entry, file, number, depth + 1)
