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

from singledisease.language.node_memory import Memoized
from singledisease.vocabulary import ValueKind

# WINDOWS


@frozen
class PeriodWindow(Memoized):
    """The days of the period, both ends included, and none after the day on which the question is asked."""


@frozen
class CalendarWindow(Memoized):
    """Whole calendar months, quarters or years counted from the one that holds the period's end, which is 0.

    ``CalendarWindow("months", -2, 0)`` is this month and the two before.  Never reaches past the period's end.
    """

    unit: Lit["months", "quarters", "years"]
    first: int
    last: int


@frozen
class Between(Memoized):
    """From one day to another, both included; ``None`` leaves that side open."""

    start: Value | None
    end: Value | None


Window = PeriodWindow | CalendarWindow | Between


# SELECTIONS: MANY ROWS PER PERSON


@frozen
class Events(Memoized):
    """All events, or those of the given kinds, in canonical order."""

    kinds: tuple[str, ...] = ()


@frozen
class Breaches(Memoized):
    """Timings of a disease that were missed; ``date`` is the first day on which they were late.

    Columns: ``date``, ``timing`` (its id), ``due``.
    """

    disease: str


@frozen
class Spells(Memoized):
    """Stays of a person in the states of a disease, as they are known at the end of the last day seen.

    Columns: ``date`` (entered), ``left`` (the first day no longer in it; missing while it lasts), ``state``, ``stage``,
    ``managed``, ``days`` (observed so far, at least 1).
    """

    disease: str


@frozen
class Services(Memoized):
    """Every run of every timing and service of a disease, as it stands at the end of the last day seen.

    Columns: ``item`` (id of the timing), ``date`` (started), ``due``, ``met`` (the day it was met, in time or late),
    ``outcome`` (met, late, missed, cancelled, open), ``role`` (of a service; missing for a plain timing).
    """

    disease: str


@frozen
class Sequences(Memoized):
    """The linked sequences of a pathway that runs over ``link``: one row each, for the person they are of.

    Columns: ``link``, ``date`` (of its first event), ``institution`` (that of its first event).  In an expression of
    such a row the status of that disease is the sequence's own, and ``.same("link")`` gives its events.
    """

    disease: str


@frozen
class Institutions(Memoized):
    """The institutions of the registry: one row each, whose ``Institution`` columns are its own.

    Columns: ``institution`` and further ones.  Selections inside are of the rows that name this institution.
    """


@frozen
class Activities(Memoized):
    """What institutions did that is about no one person, of the given kinds (none: all)."""

    kinds: tuple[str, ...] = ()


@frozen
class Where(Memoized):
    """The rows of a selection for which a row-level condition is true (not unknown)."""

    source: Selection
    condition: Value


@frozen
class Within(Memoized):
    """The rows of a selection whose date lies in a window; an unknown bound holds no row."""

    source: Selection
    window: Window


@frozen
class Overlapping(Memoized):
    """The rows of which a day lies in a window: from ``date`` to ``until``, of a stay to the day before ``left``.

    Where ``until`` is missing a row goes on; where ``date`` or a bound of the window is unknown it is left out.
    """

    source: Selection
    window: Window


@frozen
class Same(Memoized):
    """The rows of a selection that share the values of these columns with the outer row; missing equals nothing."""

    source: Selection
    columns: tuple[str, ...]


@frozen
class Outermost(Memoized):
    """The first or last few rows of a selection, in canonical order, as rows."""

    source: Selection
    which: Lit["earliest", "latest"]
    number: int


Selection = Union[  # noqa: UP007 - forward references
    Events,
    Breaches,
    Spells,
    Services,
    Sequences,
    Institutions,
    Activities,
    Where,
    Within,
    Overlapping,
    Same,
    Outermost,
]


@frozen
class Pick(Memoized):
    """The first or the last row of a selection, in canonical order."""

    source: Selection
    which: Lit["first", "last"]


# VALUES OF A ROW


@frozen
class Column(Memoized):
    """A column of the row it stands in."""

    name: str
    kind: ValueKind
    unit: str = ""


@frozen
class This(Memoized):
    """A column of the outer row, inside a selection made for each row: in its conditions and its windows.

    The outer row is the one in which the selection stands: of several around one another, the nearest.
    """

    name: str
    kind: ValueKind
    unit: str = ""


@frozen
class Concerns(Memoized):
    """Whether the row is tagged with this disease or with none.

    A blank tag on a diagnosis, enrolment or complication that has a code is found from the code.
    """

    disease: str


# VALUES OF A PERSON


@frozen
class Picked(Memoized):
    """A value of a picked row, mostly a column of it; missing if there is no such row."""

    row: Pick
    value: Value


Reduction = Lit["count", "count_days", "count_distinct", "exists", "minimum", "maximum", "sum", "mean", "median"]


@frozen
class Reduce(Memoized):
    """One value out of a selection.

    ``count`` of rows, ``count_days`` of different days, ``count_distinct`` of different combinations of columns (rows
    in which one is missing left out) and ``exists`` are never unknown.  ``minimum``, ``maximum``, ``sum``, ``mean`` and
    ``median`` of a column leave out missing values, and of nothing are missing; sums and what is made of them are
    exact: of the numbers as the shortest decimal fractions that stand for them.
    """

    how: Reduction
    source: Selection
    columns: tuple[Column, ...] = ()


@frozen
class Covered(Memoized):
    """How many days of a window lie in the union of the rows' [``date``, ``until``].

    Where ``until`` is missing a row is one day, or goes on and on if ``open_ended``.
    """

    source: Selection
    window: Window
    open_ended: bool = False


@frozen
class Gap(Memoized):
    """The longest run of days of a window that no row covers; see ``Covered``."""

    source: Selection
    window: Window
    open_ended: bool = False


@frozen
class Attribute(Memoized):
    """A column of the person: sex, birth_date, institution … or a further one, text unless declared otherwise."""

    name: str
    kind: ValueKind
    unit: str = ""


@frozen
class Institution(Memoized):
    """A column of the person's institution on the day asked on; of an institution's row, its own."""

    name: str
    kind: ValueKind
    unit: str = ""


@frozen
class Age(Memoized):
    """Completed years on a day (a row's own date, or a person's)."""

    on: Value


@frozen
class PeriodStart(Memoized):
    """The period's first day."""


@frozen
class PeriodEnd(Memoized):
    """The day on which the period's question is asked: its last day, or the day of ``as_of`` if earlier."""


# STATES


@frozen
class Status(Memoized):
    """A condition on the state of a person in a disease's pathway, on some day.

    ``of`` says what ``values`` name: states, stages; ``managed`` needs none.
    """

    disease: str
    of: Lit["state", "stage", "managed"]
    values: tuple[str, ...] = ()


@frozen
class StatusOn(Memoized):
    """Whether the status holds at the end of a day: false where no time was observed yet.

    Unknown for an unknown day and for a day after the one asked on.
    """

    status: Status
    on: Value


@frozen
class StatusDuring(Memoized):
    """Whether the status holds at the end of at least one observed day of a window."""

    status: Status
    window: Window


@frozen
class TierOn(Memoized):
    """The level (its id) in which a tier of a disease stands at the end of a day; ``resolve`` writes it out."""

    disease: str
    tier: str
    on: Value


@frozen
class TierDuring(Memoized):
    """Whether a tier stood in one of some levels at the end of a day of a window; ``resolve`` writes it out."""

    disease: str
    tier: str
    levels: tuple[str, ...]
    window: Window


@frozen
class DaysIn(Memoized):
    """On how many observed days of a window the status holds at the end of the day."""

    status: Status
    window: Window


# VALUES OF EITHER LEVEL


@frozen
class Literal(Memoized):
    """A constant.  A date is its day number with kind ``date``; numbers are floats."""

    value: bool | float | int | str
    kind: ValueKind
    unit: str = ""


@frozen
class ParameterOf(Memoized):
    """A parameter of a disease, by name; ``resolve`` puts its value in."""

    disease: str
    name: str


@frozen
class CodesOf(Memoized):
    """A code set of a disease, by name; ``resolve`` puts the codes in."""

    disease: str
    name: str


@frozen
class Codes(Memoized):
    """Named codes of a system (blank: ICD-10), whole or as beginnings of codes."""

    name: str
    zh: str
    en: str
    system: str
    codes: tuple[str, ...]
    prefixes: bool


@frozen
class HasCode(Memoized):
    """Whether a code of a system is in a code set; unknown if the code is missing.

    A blank system is ICD-10; ``system = None``: whatever system it is of.
    """

    code: Value
    system: Value | None
    codes: Codes | CodesOf


@frozen
class Option(Memoized):
    """One option of a choice: its name and what it stands for."""

    name: str
    value: Value


@frozen
class Choice(Memoized):
    """A named policy with its options; ``resolve`` puts the chosen one in."""

    name: str
    options: tuple[Option, ...]
    default: str


@frozen
class Apply(Memoized):
    """An operator applied to values, and to constant texts where it takes some; ``operations`` has the operators."""

    operation: str
    args: tuple[Value, ...]
    texts: tuple[str, ...] = ()


@frozen
class Case(Memoized):
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
    Covered,
    Gap,
    Attribute,
    Institution,
    Age,
    PeriodStart,
    PeriodEnd,
    StatusOn,
    StatusDuring,
    DaysIn,
    TierOn,
    TierDuring,
    Literal,
    ParameterOf,
    HasCode,
    Choice,
    Apply,
    Case,
]

Node = Value | Selection | Pick | Window | Status
