"""The tables of a data set as they are written, found from the mapping that reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from singledisease.io.data_sets.elements import DataElement, elements
from singledisease.io.mapping.source import RecordSystem, Source

IDENTITY: tuple[str, ...] = ("kind", "disease", "direction")
"""Columns that say what an event is: it stands in a table only if the table says the same."""


@frozen(kw_only=True)
class DataSetTable:
    """One table of a data set: the rows that one source reads, and what further sources read of the same rows.

    Attributes
    ----------
    name
        Of its file.
    main
        What makes a row.
    beside
        Events that stand in the row of another one of the same person and day: the next visit, a referral.
    person
        What the row says of the person, ``None`` if nothing.
    columns
        Its identifiers in order, each with what it is here and the data element.
    """

    name: str
    main: Source
    beside: tuple[Source, ...]
    person: Source | None
    columns: Mapping[str, DataElement]

    @property
    def key(self) -> str:
        """The identifier of the column that holds the person."""
        return next(wanted for wanted, names in self.main.columns.items() if "patient_id" in names)


def sheets_of(system: RecordSystem) -> tuple[DataSetTable, ...]:
    """Give the tables of a data set: sources that ask for the same column first read one table."""
    groups: dict[str, list[Source]] = {}
    for source in system.sources:
        groups.setdefault(source.has[0], []).append(source)
    known = elements()
    return tuple(_sheet(group, known) for group in groups.values())


def _sheet(group: list[Source], known: Mapping[str, tuple[DataElement, ...]]) -> DataSetTable:
    events = [source for source in group if source.table == "events"]
    people = [source for source in group if source.table == "patients"]
    main = next((source for source in events if not source.only_with), people[0] if people else events[0])
    return DataSetTable(
        name=main.name.partition(" (")[0],
        main=main,
        beside=tuple(source for source in events if source is not main),
        person=people[0] if people and people[0] is not main else None,
        columns={one: _element(one, group, known) for one in sorted(_identifiers(group))},
    )


def _identifiers(group: Iterable[Source]) -> set[str]:
    return {one for source in group for one in (*source.has, *source.columns)}


def _element(identifier: str, group: Iterable[Source], known: Mapping[str, tuple[DataElement, ...]]) -> DataElement:
    """Give the data element of a column; of one that stands for two the one with days if it holds days here."""
    dated = any("date" in source.columns.get(identifier, ()) for source in group)
    found = known[identifier]
    return next((one for one in found if (one.format == "D8") == dated), found[0])


def foreign_cell(source: Source, names: Iterable[str], values: Mapping[str, str]) -> str | None:
    """Give the cell that is read as the values of a row under some names, ``None`` if there is none.

    Parameters
    ----------
    source
        Its code lists say what cells mean.
    names
        Those that one column becomes; a code may be read under several.
    values
        What the row says, by name; blank or absent: nothing.
    """
    wanted = {name: values[name] for name in names if values.get(name)}
    if not wanted:
        return ""
    lists = {name: source.codes[name].values for name in names if name in source.codes}
    if not lists:
        return next(iter(wanted.values())) if len(set(wanted.values())) == 1 else None
    codes = dict.fromkeys(code for of in lists.values() for code in of)
    found = [
        code
        for code in codes
        if all(lists[name].get(code, None) == value for name, value in wanted.items() if name in lists)
    ]
    return found[0] if found and wanted.keys() <= lists.keys() else None


def read_besides(source: Source, names: Iterable[str], cell: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Name what a cell will be read as besides what the row says: one code may mean several things."""
    meant = {name: source.codes[name].values.get(cell, "") for name in names if name in source.codes}
    return tuple(name for name, meaning in meant.items() if cell and meaning and not values.get(name))


def says_it(source: Source, values: Mapping[str, str]) -> bool:
    """Tell whether the rows of a source can say what an event is: of no other kind, disease or direction.

    >>> from singledisease.io.mapping import read_mapping
    >>> visits = next(one for one in read_mapping("ws365").sources if one.name == "高血压随访")
    >>> says_it(visits, {"kind": "follow_up", "disease": "hypertension"}), says_it(visits, {"kind": "checkup"})
    (True, False)
    """
    held = {name for names in source.columns.values() for name in names}
    for name in IDENTITY:
        if name in source.constants:
            if values.get(name, "") != source.constants[name]:
                return False
        elif values.get(name) and name not in held:
            return False
    return all(values.get(name) for name in source.only_with)
