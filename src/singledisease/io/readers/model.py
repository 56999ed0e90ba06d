"""What there is to know of a format before it is read: its files, its options, what it needs."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from attrs import frozen

from singledisease.definitions.citation import Names
from singledisease.io.optional_imports import needed

OptionKind = Literal["choice", "text", "file", "number", "flag", "value"]
CommonArgument = Literal["encoding", "mapping", "rules", "diseases"]


@frozen(kw_only=True)
class ReaderOption:
    """An option of a format: its name, what it may be, and what it says.

    Attributes
    ----------
    name
        As in Python; on the command line ``_`` is ``-``.
    kind
        ``choice`` one of ``choices``; ``text``, ``file`` (a path), ``number`` or ``flag``; ``value`` what only Python
        can give, such as a mapping: it is not on the command line.
    default
        What holds if it is not given, as it is written for people; blank if there is nothing to say.
    """

    name: str
    kind: OptionKind
    says: Names
    choices: tuple[str, ...] = ()
    default: str = ""


@frozen(kw_only=True)
class Reader:
    """One format in which a registry may come: one module, and one of these in the table.

    Attributes
    ----------
    format
        The name by which it is asked for: ``sd.read(path, format=…)``, ``--format-in``.
    home
        ``module:function``; it is imported when the format is read, and not before.
    suffixes
        How the names of its files end, in lower case; a folder that holds such files is read so if nothing says
        otherwise.
    options
        What it may be told, each once.
    takes
        Which of the arguments that ``sd.read`` has for every format it listens to.
    several
        Whether the paths of several files can be given in the place of a folder.
    sign
        ``module:function`` that tells of a folder whether it holds this format, where the names of files do not say it;
        blank: nothing does.
    urls
        Whether the URL of a database can be given in the place of a folder.
    tables
        ``module:class`` of what stands in the place of text files where a mapping is guessed or applied; blank: files.
    extra, modules
        The extra of this package that installs what it needs, and the modules that are looked for.
    """

    format: str
    names: Names
    home: str
    suffixes: tuple[str, ...] = ()
    options: tuple[ReaderOption, ...] = ()
    takes: tuple[CommonArgument, ...] = ()
    several: bool = False
    sign: str = ""
    urls: bool = False
    tables: str = ""
    extra: str = ""
    modules: tuple[str, ...] = ()

    def load(self) -> Callable[..., Any]:
        """Give the function that reads it.

        Raises
        ------
        MissingExtraError
            If what it needs is not installed; the message says what installs it.
        """
        for module in self.modules:
            needed(module, self.extra)
        return _found(self.home)

    def open_tables(self) -> Any:
        """Give an ``io.sources.FileTables`` by which a mapping is guessed and applied: of text files, or of sheets."""
        return _found(self.tables or "singledisease.io.sources:FileTables")()

    def option(self, name: str) -> ReaderOption | None:
        """Give an option by name, ``None`` if it has none of that name."""
        return next((option for option in self.options if option.name == name), None)

    def shows_in(self, folder: Path) -> bool:
        """Tell whether a folder holds this format, though the names of its files do not say it."""
        return bool(self.sign) and bool(_found(self.sign)(folder))

    def ends(self, name: str) -> bool:
        """Tell whether a file of this name is one of the format's."""
        return bool(self.suffixes) and name.lower().endswith(self.suffixes)


def _found(home: str) -> Callable[..., Any]:
    module, _, name = home.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found
