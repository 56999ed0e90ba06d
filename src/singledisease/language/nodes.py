"""What an expression is made of: frozen nodes, without behaviour.

Three levels.  A *selection* is many rows per person; a *pick* is one row per person; a *value* belongs to
a row (it names a ``Column`` of the row it stands in) or to a person.  ``levels`` says which is which,
``language`` makes nodes with ordinary Python operators, ``text`` reads and writes them, ``wording`` says
them in Chinese and English, and each engine gives them their meaning.

Dates are day numbers (see ``dates``).  Every value is three-valued: it may be unknown.
"""

from __future__ import annotations

from typing import Literal as Lit
from typing import Union

from attrs import frozen

from singledisease.vocabulary import ValueKind

# WINDOWS


@frozen
class PeriodWindow:
    """The days of the period, both ends included, and none after the day on which the question is asked."""


@frozen
class MonthsWindow:
    """Whole calendar months counted from the one that holds the period's last day, which is 0.

    ``MonthsWindow(-2, 0)`` is this month and the two before.  Never reaches past the day asked on.
    """

    first: int
    last: int


@frozen
class Between:
    """From one day to another, both included; ``None`` leaves that side open."""

    start: Value | None
    end: Value | None


Window = PeriodWindow | MonthsWindow | Between


# SELECTIONS: MANY ROWS PER PERSON


@frozen
class Events:
    """All events, or those of the given kinds, in canonical order."""

    kinds: tuple[str, ...] = ()


@frozen
class Breaches:
    """Timings of a disease that were missed; ``date`` is the first day on which they were late.

    Columns: ``date``, ``timing`` (its id), ``due``.
    """

    disease: str


@frozen
class Spells:
    """Stays of a person in the states of a disease."""

    disease: str


@frozen
class Where:
    """The rows of a selection for which a row-level condition is true (not unknown)."""

    source: Selection
    condition: Value


@frozen
class Within:
    """The rows of a selection whose date lies in a window; an unknown bound holds no row."""

    source: Selection
    window: Window


@frozen
class Same:
    """The rows of all events that share the given columns with the outer row."""

    source: Selection
    columns: tuple[str, ...]


Selection = Union[Events, Breaches, Spells, Where, Within, Same]  # noqa: UP007 - forward references


@frozen
class Pick:
    """The first or the last row of a selection, in canonical order."""

    source: Selection
    which: Lit["first", "last"]


# VALUES OF A ROW


@frozen
class Column:
    """A column of the row it stands in."""

    name: str
    kind: ValueKind
    unit: str = ""


@frozen
class This:
    """A column of the outer row, inside a selection made for each row."""

    name: str
    kind: ValueKind
    unit: str = ""


@frozen
class Concerns:
    """Whether the row is tagged with this disease or with none.

    A blank tag on a diagnosis, enrolment or complication that has a code is found from the code.
    """

    disease: str


# VALUES OF A PERSON


@frozen
class Picked:
    """A column of a picked row; missing if there is no such row."""

    row: Pick
    column: Column


@frozen
class Reduce:
    """One value out of a selection.

    ``count`` of rows, ``count_days`` of different days, ``exists`` are never unknown; ``minimum``,
    ``maximum``, ``sum`` and ``mean`` of a column leave out missing values, and of nothing are missing.
    """

    how: Lit["count", "count_days", "exists", "minimum", "maximum", "sum", "mean"]
    source: Selection
    column: Column | None = None


@frozen
class Attribute:
    """A column of the person: sex, birth_date, institution … or a further one, as text."""

    name: str
    kind: ValueKind


@frozen
class Age:
    """Completed years on a day (a row's own date, or a person's)."""

    on: Value


@frozen
class PeriodStart:
    """The period's first day."""


@frozen
class PeriodEnd:
    """The day on which the period's question is asked: its last day, or the day of ``as_of`` if earlier."""


# STATES


@frozen
class Status:
    """A condition on the state of a person in a disease's pathway, on some day.

    ``of`` says what ``values`` name: states, stages; ``managed`` needs none.
    """

    disease: str
    of: Lit["state", "stage", "managed"]
    values: tuple[str, ...] = ()


@frozen
class StatusOn:
    """Whether the status holds at the end of a day: false where no time was observed yet.

    Unknown for an unknown day and for a day after the one asked on.
    """

    status: Status
    on: Value


@frozen
class StatusDuring:
    """Whether the status holds at the end of at least one observed day of a window."""

    status: Status
    window: Window


@frozen
class DaysIn:
    """On how many observed days of a window the status holds at the end of the day."""

    status: Status
    window: Window


# VALUES OF EITHER LEVEL


@frozen
class Literal:
    """A constant.  A date is its day number with kind ``date``; numbers are floats."""

    value: bool | float | int | str
    kind: ValueKind
    unit: str = ""


@frozen
class ParameterOf:
    """A parameter of a disease, by name; ``resolve`` puts its value in."""

    disease: str
    name: str


@frozen
class Option:
    """One option of a choice: its name and what it stands for."""

    name: str
    value: Value


@frozen
class Choice:
    """A named policy with its options; ``resolve`` puts the chosen one in."""

    name: str
    options: tuple[Option, ...]
    default: str


@frozen
class Apply:
    """An operator applied to values, and to constant texts where it takes some; ``operations`` has the operators."""

    operation: str
    args: tuple[Value, ...]
    texts: tuple[str, ...] = ()


@frozen
class Case:
    """The value of the first true condition, else ``otherwise``.

    An unknown condition before a true one makes the whole unknown: which branch holds is not known.
    """

    whens: tuple[tuple[Value, Value], ...]
    otherwise: Value | None = None


Value = Union[  # noqa: UP007 - forward references
    Column,
    This,
    Concerns,
    Picked,
    Reduce,
    Attribute,
    Age,
    PeriodStart,
    PeriodEnd,
    StatusOn,
    StatusDuring,
    DaysIn,
    Literal,
    ParameterOf,
    Choice,
    Apply,
    Case,
]

Node = Value | Selection | Pick | Window | Status
