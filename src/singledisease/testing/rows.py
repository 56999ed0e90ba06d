"""Registries as rows of plain text, as they would stand in files: what strategies draw and simulations write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve, frozen

from singledisease.testing.world import CODES

Row = Mapping[str, str]


@frozen
class RegistryRows:
    """The rows of one registry, each a mapping of column to text; a missing value is left out or empty.

    >>> rows = RegistryRows(({"patient_id": "p0"},), ({"patient_id": "p0", "date": "2024-03-01", "kind": "checkup"},))
    >>> rows.renamed({"p0": "p1"}).events[0]["patient_id"]
    'p1'
    """

    patients: tuple[Row, ...]
    events: tuple[Row, ...]
    institutions: tuple[Row, ...] = ()
    activities: tuple[Row, ...] = ()

    def with_events(self, events: Iterable[Row]) -> RegistryRows:
        """Give the same people with other events."""
        return evolve(self, events=tuple(events))

    def renamed(self, names: Mapping[str, str]) -> RegistryRows:
        """Give the same registry with other names of people."""
        return evolve(
            self,
            patients=tuple(_with_name(row, names) for row in self.patients),
            events=tuple(_with_name(row, names) for row in self.events),
        )

    def about(self, diseases: Mapping[str, tuple[str, str]]) -> RegistryRows:
        """Give the same registry about other diseases: for each id the id and the code that stand in its place.

        Parameters
        ----------
        diseases
            By the id of a generated disease, the id and the code that stand in the place of its own.
        """
        return self.with_events(_about(row, diseases) for row in self.events)


def _about(row: Row, diseases: Mapping[str, tuple[str, str]]) -> Row:
    tags = [diseases.get(tag, (tag,))[0] for tag in row.get("disease", "").split("|")]
    code = row.get("code", "")
    for id, (_, new) in diseases.items():
        code = new if code.upper().startswith(CODES[id]) else code
    return {**row, "disease": "|".join(tags), "code": code}


def _with_name(row: Row, names: Mapping[str, str]) -> Row:
    return {**row, "patient_id": names.get(row["patient_id"], row["patient_id"])}


def columns_of(rows: Iterable[Row]) -> tuple[str, ...]:
    """Give every column that some row fills, in the order in which they first appear."""
    return tuple(dict.fromkeys(name for row in rows for name in row))
