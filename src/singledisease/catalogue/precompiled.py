"""What was read of the catalogue beforehand: a part of an installed package, as compiled Python is.

The files are written by ``python -m singledisease.catalogue.precompile``.  Each is called by the hash of all that it
was made from: the text of a definition, the fragments, and the code that reads them.  What is not there under this
very hash, because a line was changed or because nothing was written, is read from the TOML files, and is the same.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from attrs import frozen

from singledisease.catalogue.frozen_pickle import Lookup, from_bytes
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import resolve_disease
from singledisease.io.definitions.library import fragment_ids, fragment_text
from singledisease.language.node_memory import Memoized, memory_of

FOLDER = Path(__file__).with_name("precompiled")

_PACKAGE = Path(__file__).parents[1]
_ROOMS = ("language", "definitions", "io/definitions", "io/measures", "catalogue")
"""Rooms whose code decides what is read from a file; with the modules beside the rooms, on which all of them rest."""

WRITTEN, RESOLVED = "written", "resolved"
"""How measures name the disease they are about: as it is written, or with every number in its place."""


def file_name(kind: str, id: str, *texts: str) -> str:
    """Give the name of the file of what is made from some texts, the fragments and the code."""
    found = _common().copy()
    for text in texts:
        found.update(b"\0" + text.encode())
    return f"{id}.{kind}.{found.hexdigest()}"


@cache
def _common() -> Any:
    """Hash what every file rests on; that costs a tenth of what reading one disease does."""
    found = sha256()
    code = [file for room in _ROOMS for file in sorted((_PACKAGE / room).rglob("*.py"))]
    for file in (*code, *sorted(_PACKAGE.glob("*.py"))):
        found.update(file.relative_to(_PACKAGE).as_posix().encode() + b"\0" + file.read_bytes())
    for name in fragment_ids():
        found.update(name.encode() + b"\0" + fragment_text(name).encode())
    return found


def precompiled(name: str, lookup: Lookup) -> tuple[Any, ...] | None:
    """Give the values in a file, each with what was found out about it; ``None`` if there is no such file.

    Each call makes them anew.
    """
    try:
        content = (FOLDER / name).read_bytes()
    except FileNotFoundError:
        return None
    with _without_collecting():
        kept: WithMemory = from_bytes(content, lookup)
        return kept.remembering()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Hold back the search for garbage: among thousands of values that are being made there is none."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@frozen
class WithMemory:
    """What a file holds: values, and of each value what is remembered in it."""

    values: tuple[Any, ...]
    found_out: tuple[dict[Any, Any], ...]

    def remembering(self) -> tuple[Any, ...]:
        """Give the values, with everything remembered in them."""
        for value, found_out in zip(self.values, self.found_out, strict=True):
            if isinstance(value, Memoized):
                memory_of(value).update(found_out)
        return self.values


def named(name: str, disease: Disease) -> Disease:
    """Give what measures name: the disease they are about as it is written, or resolved."""
    return disease if name == WRITTEN else resolve_disease(disease, {})
