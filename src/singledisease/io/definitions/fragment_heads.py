"""What a fragment says of itself: its names, what it is for, and what a disease that uses it has to give."""

from __future__ import annotations

from attrs import frozen

from singledisease.definitions.citation import Names
from singledisease.errors import DefinitionError
from singledisease.io.definitions.kinds import NAMES, TEXT, WHOLE
from singledisease.io.definitions.layout import TableLayout, key, needed, read_table
from singledisease.io.definitions.library import library
from singledisease.io.definitions.needs import Need, read_needs
from singledisease.io.definitions.reading import MISSING, Spot, ValueReader
from singledisease.io.definitions.source import TomlSource

DEFAULT_RANK = 50


@frozen(kw_only=True)
class FragmentHead:
    """A fragment's id, version and names, what it is for, its needs, and where its parts stand among others'."""

    id: str
    version: str
    names: Names
    says: Names | None = None
    rank: int = DEFAULT_RANK
    needs: tuple[Need, ...] = ()


FRAGMENT = TableLayout(
    name="",
    says=Names("片段文件的开头", "the head of a fragment's file"),
    keys=(
        needed("id", TEXT, "片段的 id，即文件名", "its id, which is the file's name"),
        needed("version", TEXT, "版本", "its version"),
        needed("names", NAMES, "名称", "its names"),
        key("says", NAMES, "它做什么", "what it is for"),
        key(
            "rank",
            WHOLE,
            "其各部分在所有片段中的位置，10 至 90；信号各自另写",
            "where its parts stand among those of all fragments, 10 to 90; signals say their own",
            default=DEFAULT_RANK,
        ),
    ),
    make=lambda _, values: FragmentHead(**values),
    take=lambda head: {name: getattr(head, name) for name in ("id", "version", "names", "says", "rank")},
)


def read_head(source: TomlSource, reader: ValueReader, needs: tuple[Need, ...]) -> FragmentHead | None:
    """Read the head of a fragment's file; ``None`` if it cannot be read, with the faults collected."""
    own = {name: value for name, value in source.tables.items() if name in FRAGMENT.known}
    head = read_table(FRAGMENT, reader, own, Spot(source, (), ""))
    return None if head is MISSING else FragmentHead(**{**FRAGMENT.take(head), "needs": needs})


def fragment_head(name: str) -> FragmentHead:
    """Give the head of a fragment that comes with the library.

    Raises
    ------
    DefinitionError
        If there is none of that id, or its head cannot be read.

    >>> [need.name for need in fragment_head("registry").needs]
    ['source', 'reopens']
    """
    source, reader = library()(name), ValueReader("")
    needs = read_needs(source.tables.get("needs", {}), reader, Spot(source, ("needs",), "needs"))
    head = read_head(source, reader, tuple(needs.values()))
    if head is None or reader.shape:
        raise DefinitionError(f"the fragment {name} cannot be read", reader.shape)
    return head
