"""What stands in a row, and which events concern a disease."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from singledisease.definitions.disease import Disease
from singledisease.eventlog.columns import PlainValue
from singledisease.eventlog.event import Event
from singledisease.vocabulary import CODED_KINDS


@frozen
class Breach:
    """A timing that was missed, as a row: ``date`` is the first day on which it was late."""

    disease: str
    timing: str
    due: int

    @property
    def date(self) -> int:
        """The day after the one on which it was due."""
        return self.due + 1

    @property
    def values(self) -> Mapping[str, PlainValue]:
        """Its columns beside the date."""
        return {"timing": self.timing, "due": self.due}

    def get(self, column: str) -> PlainValue | None:
        """Give ``date``, ``timing`` or ``due``; any other column is missing."""
        return self.date if column == "date" else self.values.get(column)


Row = Event | Breach


def is_death(event: Event) -> bool:
    """Say whether the event is an exit with reason ``died``."""
    return event.kind == "exit" and event.get("reason") == "died"


def concerns(row: Row, disease: Disease) -> bool:
    """Say whether a row is tagged with this disease or with none.

    A blank tag on a diagnosis, enrolment or complication that has a code is found from the code.
    A death concerns every disease, whatever its tag.  A breach has no tag: only events concern a disease.

    >>> from singledisease.definitions.citation import Names
    >>> from singledisease.definitions.pathway import Pathway
    >>> path = Pathway(initial="a", died="a", states=(), signals=(), transitions=())
    >>> gout = Disease(id="gout", version="1", names=Names("痛风", "gout"), codes=("M10",), pathway=path)
    >>> concerns(Event("diagnosis", "2024-01-01", code="m10.9"), gout), concerns(Event("lost", "2024-01-01"), gout)
    (True, True)
    >>> concerns(Event("diagnosis", "2024-01-01", code="I10"), gout)
    False
    """
    if isinstance(row, Breach):
        return False
    if row.get("disease"):
        return disease.id in row.diseases or is_death(row)
    code = str(row.get("code") or "").strip() if row.kind in CODED_KINDS else ""
    return not code or has_code(code, disease)


def has_code(code: str, disease: Disease) -> bool:
    """Say whether an ICD-10 code belongs to the disease: it starts with one of the disease's codes."""
    return code.upper().startswith(tuple(prefix.strip().upper() for prefix in disease.codes))
