"""Small made-up pathways, one for each thing that a pathway can do.

``CARE`` is the one most facts are told with::

    outside --found--> stable --high--> high --high, on another day--> referred --normal--> stable
                       high --normal--> stable      any but dead --close--> closed --found--> stable

``found`` is a diagnosis, ``high`` and ``normal`` a follow-up with a systolic pressure of at least 140 or below,
``close`` an exit.
"""

from __future__ import annotations

from attrs import evolve

from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import Pathway, Signal, State, Transition
from singledisease.definitions.timing import Length, Timing
from singledisease.language.nodes import Literal
from singledisease.language.parse import parse


def state(name: str, stage: str = "management", *, managed: bool = False) -> State:
    """Give a state."""
    return State(id=name, names=Names(name, name), stage=stage, managed=managed)


def signal(name: str, *kinds: str, when: str = "") -> Signal:
    """Give a signal, its condition written as text."""
    return Signal(id=name, names=Names(name, name), kinds=kinds, when=parse(when) if when else None)


def move(sources: str, heard: str, target: str, *, another_day: bool = False, after_days: int = 0) -> Transition:
    """Give a transition from each of some states."""
    return Transition(
        sources=tuple(sources.split()), signal=heard, target=target, another_day=another_day, after_days=after_days
    )


def timing(
    name: str,
    states: str,
    *,
    days: float | str = 0,
    weeks: float | str = 0,
    months: float | str = 0,
    starts_from: str = "",
    kinds: str = "",
    met_by: str = "",
    repeats: bool = False,
    breach: bool = True,
    leads_to: str | None = None,
) -> Timing:
    """Give a timing of so many days, weeks or months, which may be worked out: an expression as text."""
    amount, unit = (days, "days") if days else (weeks, "weeks") if weeks else (months, "months")
    return Timing(
        id=name,
        names=Names(name, name),
        states=tuple(states.split()),
        length=Length(parse(amount) if isinstance(amount, str) else Literal(float(amount), "number"), unit),
        kinds=tuple(kinds.split()),
        met_by=parse(met_by) if met_by else None,
        repeats=repeats,
        breach=breach,
        leads_to=leads_to,
        starts_from=starts_from,
    )


CARE = Disease(
    id="care",
    version="1",
    names=Names("照护", "care"),
    codes=("C1",),
    pathway=Pathway(
        initial="outside",
        died="dead",
        states=(
            state("outside", "prevention"),
            state("stable", managed=True),
            state("high", managed=True),
            state("referred", "treatment", managed=True),
            state("lost", managed=True),
            state("closed", "closed"),
            state("dead", "closed"),
        ),
        signals=(
            signal("found", "diagnosis"),
            signal("high", "follow_up", when="sbp >= 140"),
            signal("normal", "follow_up", when="sbp < 140"),
            signal("close", "exit"),
        ),
        transitions=(
            move("outside closed", "found", "stable"),
            move("stable", "high", "high"),
            move("high", "high", "referred", another_day=True),
            move("high referred", "normal", "stable"),
            move("outside stable high referred lost", "close", "closed"),
        ),
    ),
)


def care(*timings: Timing) -> Disease:
    """Give ``CARE`` with some timings."""
    return evolve(CARE, pathway=evolve(CARE.pathway, timings=timings))


def hearing(transitions: tuple[Transition, ...], signals: tuple[Signal, ...] = CARE.pathway.signals) -> Disease:
    """Give a pathway of ``CARE``'s states with other transitions, and other signals if given."""
    return evolve(CARE, pathway=evolve(CARE.pathway, signals=signals, transitions=transitions))
