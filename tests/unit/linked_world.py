"""A small pathway over linked sequences: a book that is lent and given back, and a registry of loans."""

from attrs import evolve

from singledisease.definitions.citation import Citation, DatedValue, Names, Parameter
from singledisease.definitions.disease import Disease, Role, Service
from singledisease.definitions.pathway import Pathway, Signal, State, Transition
from singledisease.definitions.timing import Length, Timing
from singledisease.eventlog.build import build
from singledisease.eventlog.event import Event
from singledisease.eventlog.raw import raw_rows
from singledisease.language.nodes import Literal, ParameterOf
from singledisease.language.parse import parse

REMIND = Timing(
    id="remind",
    names=Names("催还", "remind"),
    states=("out",),
    length=Length(Literal(14.0, "number"), "days"),
    kinds=("call",),
    repeats=True,
)
LEND = Disease(
    id="lend",
    version="1",
    names=Names("借阅", "loan"),
    codes=(),
    roles=(Role(id="clerk", names=Names("馆员", "clerk")),),
    pathway=Pathway(
        initial="out",
        died="ended",
        states=(
            State(id="out", names=Names("借出", "out"), stage="treatment", managed=True),
            State(id="back", names=Names("归还", "back"), stage="closed"),
            State(id="ended", names=Names("终止", "ended"), stage="closed"),
        ),
        signals=(Signal(id="return", names=Names("还", "return"), kinds=("return",)),),
        transitions=(Transition(sources=("out",), signal="return", target="back"),),
        sequence="link",
    ),
    services=(
        Service(
            timing=REMIND, role="clerk", levels=("village",), applies=parse('in_state("lend", "out", on=PERIOD.end)')
        ),
    ),
)

_DAYS = Parameter(
    name="days",
    names=Names("天数", "days"),
    values=(DatedValue(value=14.0),),
    unit="days",
    citation="house",
    status="proposal",
)
_REMIND = evolve(LEND.services[0].timing, length=Length(ParameterOf("lend", "days"), "days"), citation="house")
LOAN = evolve(
    LEND,
    citations=(Citation("house", Names("馆规", "the rules of the house"), "", 2024),),
    parameters=(_DAYS,),
    services=(evolve(LEND.services[0], timing=_REMIND),),
)
"""The same with a source for its number, as a definition has to be."""

LOANS = (
    ("P1", "2024-01-01", "loan", "b2", "T1"),
    ("P1", "2024-01-05", "loan", "b1", "T2"),
    ("P1", "2024-01-12", "call", "b1", "T2"),
    ("P1", "2024-01-20", "return", "b2", "T1"),
    ("P2", "2024-01-03", "loan", "b1", "T1"),
    ("P2", "2024-01-04", "group_session", "", "T1"),
)
"""Who, when, what, of which loan, where."""


def loans(rows=LOANS):
    """Give the registry of loans."""
    columns = ("patient_id", "date", "kind", "link", "institution")
    events = {name: [row[i] for row in rows] for i, name in enumerate(columns)}
    ids = sorted({row[0] for row in rows})
    people = {"patient_id": ids, "birth_date": ["1970-01-01"] * len(ids), "institution": ["T1"] * len(ids)}
    return build(raw_rows("patients", people), raw_rows("events", events))


def events_of(who, rows=LOANS):
    """Give the events of one person."""
    return [
        Event(kind, date, link=link, institution=place) for person, date, kind, link, place in rows if person == who
    ]
