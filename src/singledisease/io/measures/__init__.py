"""Measures as TOML files: ``read_measures`` and ``write_measures``."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.joint_tier import JointTier
from singledisease.errors import Fault
from singledisease.io.definitions.source import read_source, text_of_file
from singledisease.io.measures.build import AnyMeasure, MeasureFile, measures_from
from singledisease.io.measures.emit import write_measure_file
from singledisease.vocabulary import Quantity

__all__ = ["MeasureFile", "holds_measures", "read_measure_file", "read_measures_text", "write_measures"]


def read_measure_file(
    path: Path | str,
    diseases: Iterable[Disease] = (),
    further: Callable[[AnyMeasure], Iterable[Fault]] = lambda _: (),
) -> MeasureFile:
    """Read a file of measures.

    Parameters
    ----------
    path
        A TOML file with an id, a version and ``[[measures]]``.
    diseases
        For which measures are made that say ``for_each = "disease"``, and whose quantities expressions may name.
    further
        Finds what else is wrong with a measure; asked if the file is refused, so that every fault is told at once.

    Raises
    ------
    DefinitionError
        If the file cannot be read, with every fault.
    """
    source = read_source(text_of_file(path, what="measures"), Path(path).name)
    return measures_from(source, diseases, further=further)


def read_measures_text(
    text: str, diseases: Iterable[Disease] = (), name: str = "", quantities: Iterable[Quantity] = ()
) -> MeasureFile:
    """Read measures from TOML text; ``name`` is shown in errors, ``quantities`` are known beside those of diseases."""
    return measures_from(read_source(text, name), diseases, quantities)


def holds_measures(path: Path | str) -> bool:
    """Say whether a TOML file holds measures rather than a disease; one that cannot be read holds none."""
    try:
        return "measures" in tomllib.loads(Path(path).read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False


def write_measures(
    measures: Iterable[AnyMeasure],
    *,
    id: str,
    version: str = "1",
    names: Names | None = None,
    joint_tiers: Iterable[JointTier] = (),
) -> str:
    """Write measures, and joint tiers, as TOML text, which ``read_measures_text`` reads back to equal ones."""
    made = MeasureFile(
        id=id,
        version=version,
        names=names or Names(id, id),
        citation="",
        measures=tuple(measures),
        joint_tiers=tuple(joint_tiers),
    )
    return write_measure_file(made)
