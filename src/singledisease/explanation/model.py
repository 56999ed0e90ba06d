"""What an explanation is made of: events, stays in states, clauses, rules, answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen

from singledisease.dates import Period, iso
from singledisease.definitions.citation import Names
from singledisease.eventlog.columns import PlainValue
from singledisease.frozen_mapping import frozen_mapping
from singledisease.vocabulary import ValueKind

NO_UNIT = Names("", "")


@frozen(kw_only=True)
class Evidence:
    """A row that a value rests on: the day, what happened, and the file and line it came from.

    A missed timing is a row too, of the kind ``breach``, without a file; so are a stay (``spell``), a run of a timing
    (``service``), a linked sequence (``sequence``) and an ``institution``.  A stay has the place of the event that led
    to it, a run that of the event that met it, a sequence that of its first event.

    Attributes
    ----------
    date
        ``None`` of an institution, which has no day.
    what
        In words.
    values
        By column; dates as ``YYYY-MM-DD``.
    """

    date: int | None
    kind: str
    what: Names
    values: Mapping[str, PlainValue] = field(factory=dict, converter=frozen_mapping, hash=False)
    file: str = ""
    line: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {
            "date": iso(self.date) or None,
            "kind": self.kind,
            "values": dict(self.values),
            "file": self.file or None,
            "line": self.line,
        }


@frozen(kw_only=True)
class ExplainedStay:
    """A spell in a state: first day, last day, what led there, and the event that did, if it was one.

    ``last`` is the last day in the state, or the last observed day if the stay goes on.  ``link`` names the linked
    sequence whose stay it is, blank where each person has one course.
    """

    disease: str
    disease_names: Names
    state: str
    names: Names
    first: int
    last: int
    cause: Names
    event: Evidence | None = None
    link: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {
            "disease": self.disease,
            **({"link": self.link} if self.link else {}),
            "state": self.state,
            "from": iso(self.first),
            "to": iso(self.last),
            "cause": self.cause.en,
            "event": self.event.to_dict() if self.event else None,
        }


@frozen
class Cut:
    """A window that was to end on the day ``wanted``, and was cut at the last day seen."""

    last: int
    wanted: int

    def to_dict(self) -> dict[str, str]:
        """Give plain values for JSON."""
        return {"last": iso(self.last), "wanted": iso(self.wanted)}


@frozen
class LookBack:
    """A row, and what was asked of the rows around it, as seen from it."""

    row: Evidence
    clause: Clause

    def to_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {"row": self.row.to_dict(), "clause": self.clause.to_dict()}


@frozen(kw_only=True)
class Clause:
    """A part of a rule: its wording, its value for this person, what that rests on, and the parts of it.

    Attributes
    ----------
    value
        ``None`` where it is unknown (of a condition) or missing (of anything else); a date is a day number.
    row
        Of a picked value, the wording of the row it is read from.
    events
        The rows that a picked or counted value was read from.
    stays
        The stays for which a condition on the state holds.
    cuts
        Windows that would have gone on beyond the last day seen.
    look_backs
        Of a selection whose condition looks at other rows: each row that it might have caught, with that condition.
    """

    wording: Names
    kind: ValueKind
    value: PlainValue | None
    unit: Names = NO_UNIT
    row: Names | None = None
    events: tuple[Evidence, ...] = ()
    stays: tuple[ExplainedStay, ...] = ()
    cuts: tuple[Cut, ...] = ()
    look_backs: tuple[LookBack, ...] = ()
    clauses: tuple[Clause, ...] = ()

    def all_events(self) -> Iterator[Evidence]:
        """Give the rows of this clause and of those inside it, outermost first."""
        yield from self.events
        for clause in (*(one.clause for one in self.look_backs), *self.clauses):
            yield from clause.all_events()

    def all_cuts(self) -> Iterator[Cut]:
        """Give the windows that were cut, of this clause and of those inside it."""
        yield from self.cuts
        for clause in (*(one.clause for one in self.look_backs), *self.clauses):
            yield from clause.all_cuts()

    def all_rows(self) -> Iterator[Names]:
        """Give the wordings of the picked rows of this clause and of those inside it."""
        if self.row is not None:
            yield self.row
        for clause in (*(one.clause for one in self.look_backs), *self.clauses):
            yield from clause.all_rows()

    def to_dict(self) -> dict[str, Any]:
        """Give plain values for JSON; dates as text, unknown and missing as null."""
        is_day = self.kind == "date" and self.value is not None
        return {
            "wording": {"zh": self.wording.zh, "en": self.wording.en},
            "value": iso(int(self.value)) if is_day and self.value is not None else self.value,
            "unit": self.unit.en or None,
            "events": [event.to_dict() for event in self.events],
            "stays": [stay.to_dict() for stay in self.stays],
            "cuts": [cut.to_dict() for cut in self.cuts],
            "look_backs": [one.to_dict() for one in self.look_backs],
            "clauses": [clause.to_dict() for clause in self.clauses],
        }


@frozen(kw_only=True)
class RuleStep:
    """One rule, asked of this person.

    ``reached``: no earlier rule had decided.  ``decisive``: this is the rule that did.
    """

    rule: str
    names: Names
    group: str
    reached: bool
    decisive: bool
    clause: Clause

    def to_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {
            "rule": self.rule,
            "names": {"zh": self.names.zh, "en": self.names.en},
            "group": self.group,
            "reached": self.reached,
            "decisive": self.decisive,
            "clause": self.clause.to_dict(),
        }


@frozen(kw_only=True)
class Answer:
    """One measure in one period, asked of this person, or of one row: the group, and every rule on the way to it.

    Attributes
    ----------
    asked, seen
        The day on which the period's question is asked, and the last day of which rows and states are seen.
    row
        Of a measure of rows: which row.
    amounts
        Of a ratio or a distribution: what is added up.
    """

    measure: str
    names: Names
    version: str
    policy: Mapping[str, str] = field(converter=frozen_mapping, hash=False)
    period: Period
    asked: int
    complete: bool
    group: str
    steps: tuple[RuleStep, ...]
    seen: int | None = None
    row: Evidence | None = None
    amounts: tuple[Clause, ...] = ()

    @property
    def decisive(self) -> RuleStep:
        """The rule that decided."""
        return next(step for step in self.steps if step.decisive)

    def to_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {
            "measure": self.measure,
            "version": self.version,
            "policy": dict(self.policy),
            "period_start": iso(self.period.start),
            "period_end": iso(self.period.end),
            "asked_on": iso(self.asked),
            "complete": self.complete,
            "group": self.group,
            "rule": self.decisive.rule,
            "rules": [step.to_dict() for step in self.steps],
            **({"seen_until": iso(self.seen)} if self.seen is not None and self.seen != self.asked else {}),
            **({} if self.row is None else {"row": self.row.to_dict()}),
            **({"amounts": [amount.to_dict() for amount in self.amounts]} if self.amounts else {}),
        }
