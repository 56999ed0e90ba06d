"""Diseases as TOML files: ``read_disease`` and ``write_disease``."""

from __future__ import annotations

from pathlib import Path

from singledisease.definitions.disease import Disease
from singledisease.io.definitions.build import disease_from
from singledisease.io.definitions.forms import write_disease
from singledisease.io.definitions.library import library
from singledisease.io.definitions.source import read_source, text_of_file

__all__ = ["read_disease", "read_disease_text", "write_disease"]


def read_disease(source: Path | str) -> Disease:
    """Read a disease from a TOML file, or from TOML text, and check that it is sound.

    Parameters
    ----------
    source
        A path, or the text itself (recognised by holding more than one line).

    Raises
    ------
    DefinitionError
        With every fault: a file that cannot be read, a key that is missing or unknown, a fragment that cannot be
        used, an expression, a check that fails.
    """
    if isinstance(source, str) and "\n" in source:
        return read_disease_text(source)
    path = Path(source)
    return read_disease_text(text_of_file(path), path.name, path.parent)


def read_disease_text(text: str, name: str = "", folder: Path | None = None, *, check_it: bool = True) -> Disease:
    """Read a disease from TOML text.

    Parameters
    ----------
    text
        The file's content.
    name
        What the text is called in errors.
    folder
        Where files of fragments are that the text names by path.
    check_it
        Whether to check that the disease is sound, beyond that it can be read.
    """
    return disease_from(read_source(text, name), library(folder), check_it=check_it)
