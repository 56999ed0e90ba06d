"""Where fragments are found: in the catalogue by id, or beside a disease's file by path."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path

from singledisease.errors import DefinitionError, Fault, did_you_mean
from singledisease.io.definitions.source import TomlSource, read_source

Library = Callable[[str], TomlSource]
"""Gives the text of a fragment by its name; raises ``DefinitionError`` if there is none."""


@cache
def fragment_ids() -> tuple[str, ...]:
    """Give the ids of the fragments that come with the library.

    >>> "registry" in fragment_ids()
    True
    """
    return tuple(sorted(file.name.removesuffix(".toml") for file in _folder().iterdir() if file.name.endswith(".toml")))


@cache
def fragment_text(name: str) -> str:
    """Give the TOML text of a fragment that comes with the library.

    Raises
    ------
    DefinitionError
        If there is none of that id.
    """
    if name not in fragment_ids():
        hint = f"{did_you_mean(name, fragment_ids())}; a file beside this one is named by its path: {name}.toml"
        raise DefinitionError("no fragment", [Fault("unknown_fragment", name, f"no fragment is called {name!r}", hint)])
    return _folder().joinpath(f"{name}.toml").read_text("utf-8")


def library(folder: Path | None = None) -> Library:
    """Give where fragments are found: those of the catalogue by id, and files beside a definition by path.

    Parameters
    ----------
    folder
        Of the definition's file; ``None``: it is in none, so there are no files beside it.
    """

    def find(name: str) -> TomlSource:
        return _beside(name, folder) if name.endswith(".toml") else _shipped(name)

    return find


def _folder() -> resources.abc.Traversable:
    # The files are data of the package; the room that holds them stands above this one.
    return resources.files("singledisease").joinpath("catalogue", "fragments")


@cache
def _shipped(name: str) -> TomlSource:
    return read_source(fragment_text(name), f"fragment {name}")


def _beside(name: str, folder: Path | None) -> TomlSource:
    if folder is None:
        message = f"{name!r} is a file beside the definition, which was read from no file"
        raise DefinitionError("no fragment", [Fault("unknown_fragment", name, message, "read it by its path")])
    try:
        return read_source((folder / name).read_text("utf-8-sig"), name)
    except OSError as error:
        fault = Fault("unknown_fragment", name, f"{folder / name} cannot be read: {error.strerror}")
        raise DefinitionError("no fragment", [fault]) from None
    except UnicodeDecodeError as error:
        fault = Fault("no_text", name, f"is not UTF-8 from byte {error.start} on", "save the file as UTF-8")
        raise DefinitionError("no fragment", [fault]) from None
