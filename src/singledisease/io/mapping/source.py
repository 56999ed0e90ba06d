"""What a mapping file says: which file of a record system is which table here, and what its columns and codes mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from attrs import field, frozen

from singledisease.errors import UsageError
from singledisease.eventlog.raw import TableName

Others = Literal["drop", "keep"]

ANYTHING = "*"
"""As a foreign code: every other one.  As what a code means: it stays as it is."""


@frozen(kw_only=True)
class CodeList:
    """A list of foreign codes and what each means here, with where it stands and how sure that is."""

    name: str
    title: str = ""
    source: str = ""
    status: str = ""
    values: Mapping[str, str] = field(hash=False)


@frozen(kw_only=True)
class Source:
    """One table of a record system, as it becomes a table here.

    Attributes
    ----------
    name
        What the load report calls it.
    table
        ``patients``, ``events``, ``institutions``, ``teams`` or ``activities``.
    files
        Patterns of file names, such as ``*高血压*随访*``; none: a file of any name.
    has, lacks
        Columns that a file must have, and must not have, to be this table.
    where
        Foreign column to the cells that rows of this table have in it, such as one test of a laboratory's list; the
        file must have the column.
    columns
        Foreign column to names here; of several for one name the first that is there is taken.
    codes
        Name here to foreign code to what it means; a code that is not named is refused.
    constants
        What every row says in a column that the file does not have.
    split
        Foreign column to the names of its parts, which a slash divides: ``152/95``.
    units
        Foreign column, of ``columns`` or ``split``, to the unit in which its numbers stand, if it is not the one
        kept here.
    dates
        Ways in which dates are written besides ``YYYY-MM-DD`` and ``YYYYMMDD``: as for ``strptime``, or ``excel``
        for a spreadsheet's number of the day.
    blank
        Words that stand where nothing is known: 未测, NULL.
    footers
        Words with which rows begin that are no records: 合计, 制表人.
    id_number
        Foreign columns that hold identity numbers: what they say of birth date and sex is taken where nothing else
        says it.
    also
        Of a table of patients, foreign columns with other numbers by which other tables call the person.
    only_with
        Names here that must not be blank: other rows say nothing, and are skipped.
    once
        Of each person, and each disease if the rows name one, only the earliest row is taken, without a date the
        first; the others are skipped.
    others
        What becomes of columns that are not named: a form holds names, addresses and telephone numbers.
    encoding
        Of its CSV files, if it differs.
    header, header_lines
        The line on which the columns of its text files are named, below titles, and on how many: the upper of two
        lines names groups of columns.
    separator
        What stands between the cells of its text files; blank: a comma, or if the header has none a tab, semicolon or
        bar.
    """

    name: str
    table: TableName
    files: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(factory=dict, hash=False)
    columns: Mapping[str, tuple[str, ...]] = field(factory=dict, hash=False)
    codes: Mapping[str, CodeList] = field(factory=dict, hash=False)
    constants: Mapping[str, str] = field(factory=dict, hash=False)
    split: Mapping[str, tuple[str, ...]] = field(factory=dict, hash=False)
    units: Mapping[str, str] = field(factory=dict, hash=False)
    dates: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    footers: tuple[str, ...] = ()
    id_number: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    only_with: tuple[str, ...] = ()
    once: bool = False
    others: Others = "drop"
    encoding: str = ""
    header: int = 1
    header_lines: int = 1
    separator: str = ""

    def __attrs_post_init__(self) -> None:
        given = {*self.split_names(), *(name for names in self.columns.values() for name in names)}
        if both := sorted(given & self.constants.keys()):
            raise UsageError(f"{self.name}: 既是列又是常数 / named as columns and as constants: {', '.join(both)}")

    def split_names(self) -> Iterator[str]:
        """Give the names that parts of columns get."""
        for names in self.split.values():
            yield from names


@frozen(kw_only=True)
class RecordSystem:
    """A mapping file: the tables of one record system.

    Attributes
    ----------
    sources
        Tables that are looked for in a folder.
    tables
        The short form: the files are called ``patients``, ``events`` and ``institutions`` already, and only some
        columns and codes have other names.
    encoding, header, header_lines, separator
        Of its text files, as in ``Source``; what a table says itself goes first.
    """

    title: str = ""
    sources: tuple[Source, ...] = ()
    tables: Mapping[str, Source] = field(factory=dict, hash=False)
    encoding: str = ""
    header: int = 1
    header_lines: int = 1
    separator: str = ""
