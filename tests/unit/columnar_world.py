"""Random diseases, logs and expressions from a seed: small worlds in which ties and edges are common."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import numpy as np
from attrs import frozen

from singledisease.dates import MISSING, Maturity, Period, day_of
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease, Service
from singledisease.definitions.pathway import Pathway, Signal, State, Transition
from singledisease.definitions.timing import Length, Timing
from singledisease.eventlog.columns import Coded, Dates, Flags, Numbers
from singledisease.eventlog.log import EventLog, InstitutionColumns, People, Provenance
from singledisease.language import nodes as n
from singledisease.language.row_sources import source_of
from singledisease.language.typecheck import faults_of

BASE = day_of("2023-11-25")
DAYS = 130
UNTIL = BASE + 110
KINDS = ("", "diagnosis", "assignment", "follow_up", "checkup", "lost", "exit", "odd")
TAGS = ("", "alpha", "beta", "alpha|beta")
CODES = ("", "A10.1", " a11", "B20", "  ")
MODES = ("", "clinic", "home", "phone")
REASONS = ("", "died", "moved")
SYSTEMS = ("", "ICD-10", "ATC")
INSTITUTIONS = ("", "I1", "I2", "elsewhere")
STATES = ("s0", "s1", "s2", "s3", "s4", "dead")
SBP, DBP = n.Column("sbp", "number", "mmHg"), n.Column("dbp", "number", "mmHg")
DATE, UNTIL_COLUMN = n.Column("date", "date"), n.Column("until", "date")
MODE, FLAG = n.Column("mode", "text"), n.Column("adverse_reaction", "bool")


def _names(text: str) -> Names:
    return Names(text, text)


def number(value: float) -> n.Literal:
    """Give a number as a node."""
    return n.Literal(float(value), "number")


# LOGS


def log_of(rng: Random, people: int = 40) -> EventLog:
    """Give a log of a few people with up to a dozen events each, many of them on the same days."""
    counts = [rng.choice((0, 1, 2, 5, 8, 12)) for _ in range(people)]
    rows = sum(counts)
    births = [
        rng.choice((MISSING, BASE, BASE - rng.randrange(30), day_of("1958-12-31"), day_of("1960-02-29")))
        for _ in counts
    ]
    dates: list[int] = []
    for birth, count in zip(births, counts, strict=True):
        dates += sorted(max(birth, BASE + rng.randrange(DAYS)) for _ in range(count))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    death = [MISSING] * people
    for person, (first, last) in enumerate(pairwise(offsets)):
        if rng.random() < 0.25:
            death[person] = max([births[person], BASE + rng.randrange(DAYS), *dates[first:last]])
    absent = rng.random() < 0.1

    def coded(names: tuple[str, ...], weights: tuple[int, ...]) -> Coded:
        return Coded(np.array(rng.choices(range(len(names)), weights, k=rows), np.uint8), names)

    def some(values: tuple[float, ...], kind: type) -> np.ndarray:
        return np.array([rng.choice(values) for _ in range(rows)], kind)

    columns = {
        "disease": coded(TAGS, (6, 2, 2, 1)),
        "code": coded(CODES, (4, 2, 1, 1, 1)),
        "mode": coded(MODES, (1, 2, 2, 1)),
        "reason": coded(REASONS, (6, 1, 2)),
        "system": coded(SYSTEMS, (6, 1, 1)),
        "institution": coded(INSTITUTIONS, (3, 2, 2, 1)),
        "sbp": Numbers(some((np.nan, 139.9, 140.0, 150.0, 160.0), np.float64)),
        "dbp": Numbers(some((np.nan, 80.0, 90.0), np.float64)),
        "adverse_reaction": Flags(some((-1, 0, 1), np.int8)),
        "until": Dates(np.array([rng.choice((MISSING, date, date + 7, date - 20)) for date in dates], np.int32)),
    }
    if absent:
        columns = {}
    return EventLog(
        people=People(
            ids=np.array([f"P{i:03}" for i in range(people)], dtype=object),
            birth=np.array(births, np.int32),
            death=np.array(death, np.int32),
            death_recorded=np.array(death, np.int32),
            sex=Coded(np.array([rng.randrange(1, 4) for _ in counts], np.uint8), ("", "male", "female", "unknown")),
            attributes={
                "team": Coded(np.array([rng.randrange(3) for _ in counts], np.uint8), ("", "north", "south")),
                "institution": Coded(np.array([rng.randrange(4) for _ in counts], np.uint8), INSTITUTIONS),
            },
        ),
        offsets=offsets,
        date=np.array(dates, np.int32),
        kind=coded(KINDS, (0, 2, 2, 8, 3, 1, 1, 2)),
        columns=columns,
        institutions=InstitutionColumns(
            ids=("I1", "I2", "I3"), columns={"name": ("North", "", "Far"), "adults": ("120", "90.5", "many")}
        ),
        source=Provenance(files=("made",), file=np.zeros(rows, np.uint16), line=np.arange(rows)),
        known_until=rng.choice((None, None, BASE + 70)),
    )


# DISEASES


def _when(rng: Random, disease: str) -> n.Value | None:
    return rng.choice(
        (
            None,
            n.Apply(">=", (SBP, number(140))),
            n.Apply("and", (n.Apply("<", (SBP, number(150))), n.Apply("known", (DBP,)))),
            n.Apply("or", (FLAG, n.Apply("!=", (DBP, number(80))))),
            n.Apply("not", (n.Apply("is_in", (MODE,), ("clinic", "home")),)),
            n.Apply(">=", (n.Age(DATE), number(65))),
            n.Apply("==", (n.Attribute("sex", "text"), n.Literal("female", "text"))),
            n.Concerns(disease),
        )
    )


def _kinds(rng: Random) -> tuple[str, ...]:
    return rng.choice(((), ("follow_up",), ("follow_up", "checkup"), ("diagnosis", "lost"), ("exit",), ("never",)))


def _timing(rng: Random, disease: str, name: str, is_service: bool = False) -> Timing:
    inside = rng.sample(STATES, rng.randint(1, 4))
    outside = [state for state in STATES if state not in inside]
    length = rng.choice(
        (Length(number(rng.choice((1, 2, 5, 14, 30))), "days"), Length(number(rng.choice((1, 2))), "months"))
    )
    kinds, met_by = rng.choice((((), None), (_kinds(rng), _when(rng, disease)), (_kinds(rng), None)))
    return Timing(
        id=name,
        names=_names(name),
        states=tuple(inside),
        length=length,
        kinds=kinds,
        met_by=met_by,
        repeats=rng.random() < 0.5,
        breach=rng.random() < 0.7,
        leads_to=None if is_service or rng.random() < 0.4 else rng.choice(outside),
    )


def disease_of(rng: Random, name: str = "alpha") -> Disease:
    """Give a disease with a tangled pathway; it need not be sound, but it never goes round within a day."""
    signals = tuple(
        Signal(id=f"g{i}", names=_names(f"g{i}"), kinds=_kinds(rng), when=_when(rng, name))
        for i in range(rng.choice((0, 1, 3, 6, 6, 9, 20)))
    )
    transitions = []
    for signal in signals:
        for source in rng.sample(STATES[:-1], rng.randint(0, 4)):
            another_day, after_days = rng.choice(((False, 0), (False, 0), (True, 0), (False, 3), (True, 10)))
            target = rng.choice(STATES if rng.random() < 0.2 else STATES[:-1])
            transitions.append(
                Transition(
                    sources=(source,), signal=signal.id, target=target, another_day=another_day, after_days=after_days
                )
            )
    states = tuple(
        State(id=state, names=_names(state), stage=rng.choice(("screening", "management")), managed=rng.random() < 0.5)
        for state in STATES
    )
    return Disease(
        id=name,
        version="1",
        names=_names(name),
        codes=("A10", "a11") if name == "alpha" else ("B2",),
        pathway=Pathway(
            initial=rng.choice(STATES[:-1]),
            died="dead",
            states=states,
            signals=signals,
            transitions=tuple(transitions),
            timings=tuple(_timing(rng, name, f"t{i}") for i in range(rng.choice((0, 1, 2, 4)))),
        ),
        services=tuple(
            Service(timing=_timing(rng, name, f"v{i}", is_service=True), role="nurse", levels=("village",))
            for i in range(rng.choice((0, 1, 2)))
        ),
    )


# EXPRESSIONS

COLUMNS: dict[str, dict[str, list[n.Column]]] = {
    "events": {
        "bool": [FLAG],
        "number": [SBP, DBP],
        "date": [DATE, DATE, UNTIL_COLUMN],
        "text": [MODE, n.Column("code", "text"), n.Column("kind", "text"), n.Column("item", "text")],
    },
    "breaches": {"date": [DATE, n.Column("due", "date")], "text": [n.Column("timing", "text")]},
    "spells": {
        "bool": [n.Column("managed", "bool")],
        "number": [n.Column("days", "number", "days")],
        "date": [DATE, n.Column("left", "date")],
        "text": [n.Column("state", "text"), n.Column("stage", "text")],
    },
    "services": {
        "date": [DATE, n.Column("due", "date"), n.Column("met", "date")],
        "text": [n.Column("item", "text"), n.Column("outcome", "text"), n.Column("role", "text")],
    },
    "": {},
}
"""Columns of each source of rows that expressions name, by kind."""

SHARED = (("mode",), ("mode", "until"), ("adverse_reaction",), ("sbp", "dbp"))
KINDS_ASKED = ((), ("follow_up",), ("follow_up", "checkup", "diagnosis"))
CODE_SETS = (
    n.Codes("own", "own", "own", "", ("A10.1", "a11"), False),
    n.Codes("begin", "begin", "begin", "icd-10", ("A1",), True),
    n.Codes("other", "other", "other", "ATC", ("B20",), False),
)


@frozen
class Scope:
    """Where an expression stands: in a row of which source, and of which the row outside is; blank for none."""

    source: str = ""
    outer: str = ""

    def columns(self, kind: str) -> list[n.Value]:
        """Give the columns of a kind that may be named here."""
        own: list[n.Value] = list(COLUMNS[self.source].get(kind, ()))
        return own + [n.This(each.name, each.kind, each.unit) for each in COLUMNS[self.outer].get(kind, ())]

    @property
    def window(self) -> Scope:
        """What the windows of a selection that stands here may name."""
        return Scope("", self.source)


class Maker:
    """Makes expressions: of a row, inside selections, or of a person."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def value(self, kind: str, depth: int, scope: Scope = Scope()) -> n.Value:
        """Give a value."""
        makers = {"bool": self.condition, "number": self.number, "date": self.date, "text": self.text}
        rng = self.rng
        if depth > 0 and rng.random() < 0.2:
            parts = [
                (self.condition(depth - 1, scope), self.value(kind, depth - 1, scope)) for _ in range(rng.randint(1, 2))
            ]
            return n.Case(tuple(parts), rng.choice((None, self.value(kind, depth - 1, scope))))
        if depth > 0 and rng.random() < 0.1:
            return n.Apply("coalesce", (self.value(kind, depth - 1, scope), self.value(kind, depth - 1, scope)))
        if depth > 0 and kind in ("number", "date") and rng.random() < 0.05:
            extremes = {"number": ("smallest", "largest"), "date": ("earliest", "latest")}[kind]
            both = (self.value(kind, depth - 1, scope), self.value(kind, depth - 1, scope))
            return n.Apply(rng.choice(extremes), both)
        if depth > 0 and rng.random() < 0.1:
            selection = self.selection(depth - 1, scope)
            inside = Scope(source_of(selection), scope.source)
            return n.Picked(self.pick(selection), self.value(kind, depth - 1, inside))
        return makers[kind](depth, scope)

    def sound(self, kind: str, depth: int, source: str = "") -> n.Value:
        """Give a value that passes the checks on kinds and units: of a person, or of a row of a source."""
        while faults_of(made := self.value(kind, depth, Scope(source)), source or None):
            pass
        return made

    def sound_selection(self, depth: int) -> n.Selection:
        """Give a selection of a person that passes the checks."""
        while faults_of(made := self.selection(depth, Scope())):
            pass
        return made

    def condition(self, depth: int, scope: Scope) -> n.Value:
        """Give a condition."""
        rng, deeper = self.rng, depth - 1
        if depth <= 0:
            simple: list[n.Value] = [
                n.Literal(rng.random() < 0.5, "bool"),
                n.Apply("==", (n.Attribute("sex", "text"), n.Literal("male", "text"))),
                *scope.columns("bool"),
            ]
            if scope.source == "events":
                system = rng.choice((None, n.Column("system", "text")))
                simple += [
                    n.Concerns(rng.choice(("alpha", "beta"))),
                    n.Apply("<", (SBP, number(150))),
                    n.HasCode(n.Column("code", "text"), system, rng.choice(CODE_SETS)),
                ]
            return rng.choice(simple)
        op = rng.choice(("<", "<=", ">", ">=", "==", "!="))
        kind = rng.choice(("number", "number", "date", "text", "bool"))
        if kind in ("text", "bool"):
            op = rng.choice(("==", "!="))
        return rng.choice(
            (
                lambda: n.Apply(op, (self.value(kind, deeper, scope), self.value(kind, deeper, scope))),
                lambda: n.Apply(
                    op if kind == "number" else "<",
                    (n.Age(self.date(deeper, scope)), number(rng.choice((0, 1, 63.5, 64, 65)))),
                ),
                lambda: n.Apply("and", tuple(self.condition(deeper, scope) for _ in range(rng.randint(2, 3)))),
                lambda: n.Apply("or", tuple(self.condition(deeper, scope) for _ in range(rng.randint(2, 3)))),
                lambda: n.Apply("not", (self.condition(deeper, scope),)),
                lambda: n.Apply("is_in", (self.text(deeper, scope),), ("clinic", "north", "female", "t0", "met")),
                lambda: n.Apply("starts_with", (self.text(deeper, scope),), ("c", "A1", "no", "s")),
                lambda: n.Apply("known", (self.value(rng.choice(("number", "date", "text", "bool")), deeper, scope),)),
                lambda: n.StatusOn(self.status(), self.date(deeper, scope)),
                lambda: n.StatusDuring(self.status(), self.window(deeper, scope)),
                lambda: n.Reduce("exists", self.selection(deeper, scope)),
            )
        )()

    def number(self, depth: int, scope: Scope) -> n.Value:
        """Give a number."""
        rng, deeper = self.rng, depth - 1
        if depth <= 0:
            own = scope.columns("number")
            return rng.choice(own if own and rng.random() < 0.7 else (number(rng.choice((0, 1, 3, 140))),))
        return rng.choice(
            (
                lambda: n.Apply(
                    rng.choice(("+", "-", "*", "/", "//")), (self.number(deeper, scope), self.number(deeper, scope))
                ),
                lambda: n.Apply("-", (self.date(deeper, scope), self.date(deeper, scope))),
                lambda: n.Reduce(rng.choice(("count", "count_days")), self.selection(deeper, scope)),
                lambda: self.count_distinct(deeper, scope),
                lambda: n.Reduce(
                    rng.choice(("minimum", "maximum", "sum", "mean", "median")),
                    self.events(deeper, scope),
                    (rng.choice((SBP, DBP)),),
                ),
                lambda: n.Picked(self.pick(self.events(deeper, scope)), rng.choice((SBP, DBP))),
                lambda: rng.choice((n.Covered, n.Gap))(
                    self.lasting(deeper, scope), self.window(deeper, scope.window), rng.random() < 0.5
                ),
                lambda: n.Age(self.date(deeper, scope)),
                lambda: n.DaysIn(self.status(), self.window(deeper, scope)),
                lambda: n.Apply("how_many", tuple(self.condition(deeper, scope) for _ in range(rng.randint(1, 3)))),
                lambda: n.Apply(
                    rng.choice(("days", "months", "years")) + "_between",
                    (self.date(deeper, scope), self.date(deeper, scope)),
                ),
            )
        )()

    def count_distinct(self, depth: int, scope: Scope) -> n.Value:
        """Count different combinations of one to three columns."""
        selection = self.selection(depth, scope)
        every = [column for columns in COLUMNS[source_of(selection)].values() for column in columns]
        chosen = dict.fromkeys(self.rng.choice(every) for _ in range(self.rng.randint(1, 3)))
        return n.Reduce("count_distinct", selection, tuple(chosen))

    def date(self, depth: int, scope: Scope) -> n.Value:
        """Give a date."""
        rng, deeper = self.rng, depth - 1
        if depth <= 0 or rng.random() < 0.3:
            plain = [
                n.PeriodStart(),
                n.PeriodEnd(),
                n.Literal(BASE + rng.randrange(DAYS), "date"),
                n.Attribute("birth_date", "date"),
                n.Attribute("death_date", "date"),
            ]
            own = scope.columns("date")
            return rng.choice(own if own and rng.random() < 0.7 else plain)
        return rng.choice(
            (
                lambda: n.Apply(rng.choice(("+", "-")), (self.date(deeper, scope), number(rng.choice((1, 2.5, 30))))),
                lambda: n.Apply("+", (self.number(deeper, scope), self.date(deeper, scope))),
                lambda: n.Apply(
                    rng.choice(("plus_days", "plus_months", "plus_years")),
                    (self.date(deeper, scope), number(rng.choice((-1, 0, 1, 2.5)))),
                ),
                lambda: n.Picked(self.pick(self.selection(deeper, scope)), DATE),
                lambda: n.Picked(self.pick(self.events(deeper, scope)), UNTIL_COLUMN),
                lambda: n.Reduce(
                    rng.choice(("minimum", "maximum")), self.events(deeper, scope), (rng.choice((DATE, UNTIL_COLUMN)),)
                ),
            )
        )()

    def text(self, depth: int, scope: Scope) -> n.Value:
        """Give a text."""
        rng = self.rng
        own = scope.columns("text")
        if own and rng.random() < 0.7:
            return rng.choice(own)
        if depth > 0 and rng.random() < 0.5:
            return n.Picked(self.pick(self.events(depth - 1, scope)), rng.choice((MODE, n.Column("kind", "text"))))
        return rng.choice(
            (
                n.Attribute("sex", "text"),
                n.Attribute("team", "text"),
                n.Attribute("region", "text"),
                n.Attribute("patient_id", "text"),
                n.Institution("name", "text"),
                n.Literal("clinic", "text"),
            )
        )

    def pick(self, selection: n.Selection) -> n.Pick:
        """Give the first or last row of a selection."""
        return n.Pick(selection, self.rng.choice(("first", "last")))

    def selection(self, depth: int, scope: Scope) -> n.Selection:
        """Give a selection of events or of what courses make."""
        if self.rng.random() < 0.6:
            return self.events(depth, scope)
        kind = self.rng.choice((n.Breaches, n.Spells, n.Services))
        return self.filtered(kind(self.rng.choice(("alpha", "beta"))), depth, scope)

    def lasting(self, depth: int, scope: Scope) -> n.Selection:
        """Give a selection of rows that may last longer than a day."""
        if self.rng.random() < 0.6:
            return self.events(depth, scope)
        return self.filtered(n.Spells(self.rng.choice(("alpha", "beta"))), depth, scope)

    def events(self, depth: int, scope: Scope) -> n.Selection:
        """Give a selection of events."""
        return self.filtered(n.Events(self.rng.choice(KINDS_ASKED)), depth, scope)

    def filtered(self, node: n.Selection, depth: int, scope: Scope) -> n.Selection:
        """Narrow a selection by windows, conditions, shared columns, and to its first or last rows."""
        rng, source = self.rng, source_of(node)
        # Each further row outside multiplies what one person at a time has to go through.
        depth = 0 if scope.outer else depth
        for _ in range(rng.randint(0, 1 if scope.outer else 3)):
            window = self.window(max(depth - 1, 0), scope.window)
            way = rng.random()
            if way < 0.35:
                node = n.Within(node, window)
            elif way < 0.45 and source in ("events", "spells"):
                node = n.Overlapping(node, window)
            elif way < 0.55:
                node = n.Outermost(node, rng.choice(("earliest", "latest")), rng.randint(1, 3))
            elif way < 0.65 and scope.source:
                both = scope.source == source == "events"
                node = n.Same(node, rng.choice((*SHARED, ("date",))) if both else ("date",))
            else:
                node = n.Where(node, self.condition(max(depth, 0), Scope(source, scope.source)))
        return node

    def window(self, depth: int, scope: Scope) -> n.Window:
        """Give a window."""
        rng = self.rng
        return rng.choice(
            (
                n.PeriodWindow,
                lambda: n.CalendarWindow(
                    rng.choice(("months", "quarters", "years")), rng.choice((-3, -1, 0)), rng.choice((0, 1))
                ),
                lambda: n.Between(
                    rng.choice((None, self.date(depth, scope))), rng.choice((None, self.date(depth, scope)))
                ),
                lambda: n.Between(
                    n.Apply("-", (self.date(depth, scope), number(30))),
                    n.Apply("-", (self.date(depth, scope), number(1))),
                ),
            )
        )()

    def status(self) -> n.Status:
        """Give a status."""
        of = self.rng.choice(("state", "stage", "managed"))
        values = {"state": tuple(self.rng.sample(STATES, 2)), "stage": ("management",), "managed": ()}[of]
        return n.Status(self.rng.choice(("alpha", "beta")), of, values)


def maturity_of(rng: Random) -> Maturity | int:
    """Give how much longer than to the period's end is seen."""
    return rng.choice((0, 0, Maturity(days=15), Maturity(months=1)))


def periods_of(rng: Random) -> list[Period]:
    """Give periods: one, several that follow one another, with gaps, or that overlap."""
    day = BASE + 20
    return rng.choice(
        (
            [Period(day, day + 60)],
            [Period(BASE, BASE + 29), Period(BASE + 30, BASE + 59), Period(BASE + 60, BASE + 100)],
            [Period(BASE + 5, BASE + 9), Period(BASE + 40, BASE + 69)],
            [Period(BASE, BASE + 90), Period(BASE + 30, BASE + 60), Period(BASE - 400, BASE - 300)],
            [Period(day, day)],
        )
    )
