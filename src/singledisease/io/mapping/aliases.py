"""People called by another number in one file than in the next, brought to one: the table of people has both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve

from singledisease.eventlog.columns import Coded
from singledisease.eventlog.parse_column import as_text, recoded
from singledisease.io.mapping.apply_source import Taken


def called_alike(taken: Sequence[Taken]) -> list[Taken]:
    """Give the tables with every person called by the number that the table of people calls them by.

    A number that is somebody's own stays what it is; one that stands beside two people is nobody's.
    """
    people = [one for one in taken if one.table.name == "patients" and "patient_id" in one.table.columns]
    own = {text.strip() for one in people for text in _ids(one).categories}
    names = _names(people, own)
    return [_renamed(one, names) for one in taken] if names else list(taken)


def _ids(one: Taken) -> Coded:
    return as_text(one.table.columns["patient_id"])


def _names(people: Iterable[Taken], own: set[str]) -> dict[str, str]:
    """Give other numbers to own ones."""
    found: dict[str, set[str]] = {}
    for one in people:
        ids = _ids(one)
        for column in one.also:
            for row in range(len(column)):
                number, person = column.text(row), ids.text(row)
                if number and person and number not in own:
                    found.setdefault(number, set()).add(person.strip())
    return {number: persons.pop() for number, persons in found.items() if len(persons) == 1}


def _renamed(one: Taken, names: Mapping[str, str]) -> Taken:
    if "patient_id" not in one.table.columns:
        return one
    ids = _ids(one)
    made = [names.get(text.strip(), text) for text in ids.categories]
    moved = sum(new != old for new, old in zip(made, ids.categories, strict=True))
    if not moved:
        return one
    note = f"{one.table.file} ({one.source.name}): {moved} 人按另一编号对上 / people found by another number"
    columns = {**one.table.columns, "patient_id": recoded(ids.codes, made)}
    cells = {**one.cells, "patient_id": one.cells.get("patient_id", ids)}
    return evolve(one, table=evolve(one.table, columns=columns, notes=(*one.table.notes, note)), cells=cells)
