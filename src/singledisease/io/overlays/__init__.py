"""Overlays: a file beside a shipped definition that changes it for a county, and holds who signed it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

from attrs import frozen

from singledisease.definitions.disease import Disease
from singledisease.definitions.intervals_in_names import with_names_restated
from singledisease.errors import DefinitionError
from singledisease.io.definitions.build import disease_from
from singledisease.io.definitions.layout import read_table
from singledisease.io.definitions.library import library
from singledisease.io.definitions.reading import MISSING, Spot, ValueReader
from singledisease.io.definitions.source import read_source, text_of_file
from singledisease.io.overlays.apply import laid_over
from singledisease.io.overlays.layouts import HEAD, SignOff

__all__ = ["Overlay", "SignOff", "is_overlay", "read_overlay", "read_overlay_text"]

Catalogue = Callable[[str], Disease]
"""Gives the disease of an id, which an overlay lies over."""


@frozen
class Overlay:
    """An overlay as it was read: the disease it lies over, the disease with it, and who signed.

    Attributes
    ----------
    signatures
        Each with the content hash of the definition it speaks of.
    """

    base: Disease
    disease: Disease
    signatures: tuple[SignOff, ...]


def is_overlay(path: Path | str) -> bool:
    """Say whether a file is an overlay rather than a disease of its own; what is no TOML file is none."""
    if not str(path).endswith(".toml") or not Path(path).is_file():
        return False
    try:
        return "overlay_of" in tomllib.loads(text_of_file(path))
    except (DefinitionError, tomllib.TOMLDecodeError, RecursionError):
        return False


def read_overlay(path: Path | str, catalogue: Catalogue) -> Overlay:
    """Read an overlay from a file; see ``read_overlay_text``."""
    path = Path(path)
    return read_overlay_text(text_of_file(path), catalogue, path.name, path.parent)


def read_overlay_text(text: str, catalogue: Catalogue, name: str = "", folder: Path | None = None) -> Overlay:
    """Read an overlay, and check the disease that comes of it like any other.

    Raises
    ------
    DefinitionError
        With every fault of the overlay, by its own lines, and every check that the changed disease fails.
    UsageError
        If the catalogue has no such disease.
    """
    source = read_source(text, name)
    reader, top = ValueReader(""), Spot(source, (), "")
    known = {each.name for each in HEAD.keys}
    head = read_table(HEAD, reader, {each: value for each, value in source.tables.items() if each in known}, top)
    if head is MISSING:
        raise DefinitionError(f"{name or 'this overlay'} cannot be read", reader.shape)
    base = catalogue(head["overlay_of"])
    whole = laid_over(source, head, base, reader)
    if reader.shape:
        raise DefinitionError(f"{name or 'this overlay'} cannot be read", dict.fromkeys(reader.shape))
    # What the shipped names say of an interval must not contradict the county's.
    disease = with_names_restated(base, disease_from(whole, library(folder)))
    return Overlay(base, disease, head["signatures"])
