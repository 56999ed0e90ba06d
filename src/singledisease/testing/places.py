"""Where a generated part stands, and so which columns it may name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from singledisease.language import nodes as n
from singledisease.language.row_sources import COLUMNS, Source
from singledisease.language.typecheck.place import OF_NO_PERSON
from singledisease.testing.world import NUMBERS
from singledisease.vocabulary import ValueKind

_OF_EVENTS = (
    *NUMBERS,
    "date",
    "until",
    "kind",
    "mode",
    "reason",
    "institution",
    "link",
    "code",
    "adverse_reaction",
)


def _columns(source: Source, names: Sequence[str] | None = None) -> tuple[n.Column, ...]:
    shapes = COLUMNS[source]
    return tuple(n.Column(name, shapes[name].kind, shapes[name].unit) for name in names or shapes)


COLUMNS_OF: Mapping[Source, tuple[n.Column, ...]] = {
    "events": _columns("events", _OF_EVENTS),
    "breaches": _columns("breaches"),
    "spells": _columns("spells"),
    "services": _columns("services"),
    "institutions": _columns("institutions", ("institution", "level")),
    "activities": _columns("activities"),
}
"""Columns of each source of rows that generated expressions name."""

_SHARED: Mapping[Source, tuple[str, ...]] = {
    "events": ("link", "institution", "date", "mode"),
    "breaches": ("date", "due", "timing"),
    "spells": ("date", "left", "state"),
    "services": ("date", "due", "item"),
    "institutions": ("institution",),
    "activities": ("institution", "date", "kind"),
}


@frozen
class PartContext:
    """Where a part stands: about a person, in a row, or in a window of a selection.

    Attributes
    ----------
    source
        Of the row in which it stands; ``None``: it is about a person.
    outer
        Of the row that ``This`` names there; ``None``: there is none.
    in_window
        Whether it stands in a window, where no column can be named by itself.
    of_nobody
        Whether it stands in no row and yet is about no person: in a window of rows that institutions are counted by.
    """

    source: Source | None = None
    outer: Source | None = None
    in_window: bool = False
    of_nobody: bool = False

    def in_row(self, source: Source) -> PartContext:
        """Give the place of what is asked of a row of a selection that stands here."""
        return PartContext(source, self.source)

    def at_window(self, source: Source) -> PartContext:
        """Give the place of a window of a selection of a source that stands here."""
        of_nobody = self.source is None and source in OF_NO_PERSON
        return PartContext(self.source, self.source, in_window=True, of_nobody=of_nobody)

    @property
    def is_of_no_person(self) -> bool:
        """Whether there is nobody about whom to ask: it stands in a row of institutions or of activities."""
        return self.of_nobody or self.source in OF_NO_PERSON

    def columns(self, kind: ValueKind, unit: str) -> list[n.Value]:
        """Give the columns of a kind and unit that can be named."""
        own = COLUMNS_OF[self.source] if self.source is not None and not self.in_window else ()
        outer = COLUMNS_OF[self.outer] if self.outer is not None else ()
        found: list[n.Value] = [each for each in own if (each.kind, each.unit) == (kind, unit)]
        found += [n.This(each.name, kind, unit) for each in outer if (each.kind, each.unit) == (kind, unit)]
        return found

    def shared(self, source: Source) -> tuple[str, ...]:
        """Give the columns that rows of a source can share with the row in which the selection stands."""
        return () if self.source is None else tuple(name for name in _SHARED[source] if name in _SHARED[self.source])
