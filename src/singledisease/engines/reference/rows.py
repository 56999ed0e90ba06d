"""What stands in a row: an event, or a row of one of the other sources; and which events concern a disease."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from singledisease.definitions.disease import Disease
from singledisease.domains import RowSource
from singledisease.eventlog.columns import PlainValue
from singledisease.eventlog.event import Event
from singledisease.frozen_mapping import FrozenMapping
from singledisease.vocabulary import CODED_KINDS


def _there(values: Mapping[str, PlainValue | None]) -> Mapping[str, PlainValue]:
    return FrozenMapping({name: value for name, value in values.items() if value is not None and value != ""})


@frozen(kw_only=True)
class TableRow:
    """A row of anything but events: a missed timing, a spell, a run, a sequence, an institution, an activity.

    Attributes
    ----------
    source
        What it is a row of.
    date
        The day by which it is taken, ``None`` if it has none.
    values
        Its columns beside the date; missing ones left out.
    place
        Its place in the table it comes from, as in ``domains.RowDomain``; -1 if it comes from none.
    disease
        Of what a pathway gave: the disease.

    Examples
    --------
    >>> stay = TableRow(source="spells", date=19_000, values={"state": "stable", "left": None})
    >>> stay.get("date"), stay.get("state"), stay.get("left")
    (19000, 'stable', None)
    """

    source: RowSource
    date: int | None
    values: Mapping[str, PlainValue] = field(converter=_there, hash=False)
    place: int = field(default=-1, eq=False)
    disease: str = ""

    def get(self, column: str) -> PlainValue | None:
        """Give the value of a column, ``None`` if it is missing."""
        return self.date if column == "date" else self.values.get(column)


Row = Event | TableRow


def place_of(row: Row) -> int:
    """Give the place of a row in the table that it comes from: of an event its row of the log."""
    return row.row if isinstance(row, Event) else row.place


def is_death(event: Event) -> bool:
    """Say whether the event is an exit with reason ``died``."""
    return event.kind == "exit" and event.values.get("reason") == "died"


def concerns(row: Row, disease: Disease) -> bool:
    """Say whether a row is tagged with this disease or with none.

    A blank tag on a diagnosis, enrolment or complication that has a code is found from the code.
    A death concerns every disease, whatever its tag; every event concerns a pathway that hears any tag.
    Rows of other sources have no tag: only events concern a disease.

    >>> from singledisease.definitions.citation import Names
    >>> from singledisease.definitions.pathway import Pathway
    >>> path = Pathway(initial="a", died="a", states=(), signals=(), transitions=())
    >>> gout = Disease(id="gout", version="1", names=Names("痛风", "gout"), codes=("M10",), pathway=path)
    >>> concerns(Event("diagnosis", "2024-01-01", code="m10.9"), gout), concerns(Event("lost", "2024-01-01"), gout)
    (True, True)
    >>> concerns(Event("diagnosis", "2024-01-01", code="I10"), gout)
    False
    """
    if isinstance(row, TableRow):
        return False
    tag = row.values.get("disease")
    if tag == disease.id or disease.pathway.tags == "any":
        return True
    if tag:
        return disease.id in row.diseases or is_death(row)
    if row.kind not in CODED_KINDS:
        return True
    code = str(row.values.get("code") or "").strip()
    return not code or has_code(code, disease)


def begins(event: Event, disease: Disease) -> bool:
    """Say whether a linked sequence may begin with an event."""
    kinds = disease.pathway.begins_with
    return concerns(event, disease) and (not kinds or event.kind in kinds)


def has_code(code: str, disease: Disease) -> bool:
    """Say whether an ICD-10 code belongs to the disease: it starts with one of the disease's codes."""
    return icd_10_form(code).startswith(tuple(map(icd_10_form, disease.codes)))


def icd_10_form(code: str) -> str:
    """Write an ICD-10 code in one way: in upper case, without its point and the marks ``+`` and ``*`` at its end."""
    return code.strip().upper().replace(".", "").rstrip("+*")
