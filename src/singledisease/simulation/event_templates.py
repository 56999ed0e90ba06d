"""What can happen to a person: the events that the simulation writes, those of any disease and those of one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from attrs import field, frozen

from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import Signal, State
from singledisease.simulation.asked_for import Request, requests
from singledisease.simulation.wanted_events import Wanted, wanted, writable

Reading = Literal["", "usual", "good", "bad", "found"]
"""What is measured: nothing; at goal as often as the person is; at goal; not at goal; what the person has."""


@frozen
class Happening:
    """An event without its day: kind, columns, and what kind of reading it has."""

    kind: str
    columns: Mapping[str, str | bool] = field(factory=dict, hash=False)
    reading: Reading = ""
    at_county: bool = False


_CLINIC, _HOME = {"mode": "clinic"}, {"mode": "home"}

HAPPENINGS: Mapping[str, Happening] = MappingProxyType(
    {
        "enrolment": Happening("enrolment"),
        "assignment": Happening("assignment"),
        "screening": Happening("screening", reading="found"),
        "diagnosis": Happening("diagnosis", at_county=True),
        "visit": Happening("follow_up", _CLINIC, "usual"),
        "home": Happening("follow_up", _HOME, "usual"),
        "visit_blank": Happening("follow_up", _CLINIC),
        "phone": Happening("follow_up", {"mode": "phone"}),
        "visit_adverse": Happening("follow_up", {"mode": "clinic", "adverse_reaction": True}, "good"),
        "visit_complication": Happening("follow_up", {"mode": "clinic", "complication": True}, "bad"),
        "visit_emergency": Happening("follow_up", {"mode": "clinic", "emergency": True}, "bad"),
        "checkup": Happening("checkup"),
        "referral_up": Happening("referral", {"direction": "up"}),
        "county_visit": Happening("encounter", {"level": "county", "setting": "outpatient"}, at_county=True),
        "admission": Happening("admission", {"level": "county"}, at_county=True),
        "discharge": Happening("discharge", {"level": "county"}, at_county=True),
        "referral_down": Happening("referral", {"direction": "down"}, at_county=True),
        "rehabilitation": Happening("rehabilitation"),
        "rehabilitation_completed": Happening("rehabilitation", {"status": "completed"}),
        "call": Happening("call"),
        "lost": Happening("lost"),
        "moved": Happening("exit", {"reason": "moved"}),
        "refused": Happening("exit", {"reason": "refused"}),
        "misdiagnosed": Happening("exit", {"reason": "misdiagnosed"}),
    }
)
"""Of any disease."""

_OF_EVERY_VISIT = ("visit", "home", "visit_blank", "phone", "referral_up", "call")
"""What is done without being asked for by a service or an indicator."""

_IN_HOSPITAL = ("admission", "discharge", "diagnosis")

NUMBER: Mapping[str, int] = MappingProxyType({name: number for number, name in enumerate(HAPPENINGS)})


@frozen
class Cast:
    """The happenings of one disease.

    Those of any come first, then one for each signal that none of them is made for, then one for each thing that the
    services and indicators of the disease ask for and that is none of these.
    """

    disease: Disease
    all: Mapping[str, Happening] = field(hash=False)
    asked: Mapping[str, tuple[str, ...]] = field(factory=dict, hash=False)
    """By name of a happening that is asked for, the states in which it is owed; none: wherever people are managed."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the happenings, by number."""
        return tuple(self.all)

    @cached_property
    def each(self) -> tuple[Happening, ...]:
        """The happenings, by number."""
        return tuple(self.all.values())

    @cached_property
    def columns(self) -> tuple[Mapping[str, str | bool], ...]:
        """The columns of each happening besides its readings."""
        return tuple(self._columns(one) for one in self.each)

    def _columns(self, happening: Happening) -> Mapping[str, str | bool]:
        if happening.kind == "assignment":
            return happening.columns  # it is not about a disease
        found: dict[str, str | bool] = {"disease": self.disease.id, **happening.columns}
        if happening.kind in ("enrolment", "diagnosis") and self.disease.codes:
            found.setdefault("code", self.disease.codes[0])
        return found

    def own(self, state: str) -> tuple[int, ...]:
        """Give the disease's own happenings that are made for a signal that a state hears, by number."""
        names = (f"signal:{signal.id}" for signal in _heard(self.disease, state))
        return tuple(self.names.index(name) for name in names if name in self.all)

    def owed(self, state: State) -> tuple[int, ...]:
        """Give the happenings that services ask for in a state or indicators in any, by number."""
        if not state.managed:
            return ()
        names = (name for name, states in self.asked.items() if not states or state.id in states)
        return tuple(self.names.index(name) for name in names)

    @cached_property
    def _made_for(self) -> Mapping[str, tuple[int, ...]]:
        """The numbers of the happenings that are made for each signal, by its id."""
        found = {}
        for signal in self.disease.pathway.signals:
            asked, own = _wanted(signal), f"signal:{signal.id}"
            found[signal.id] = tuple(
                number
                for number, (name, one) in enumerate(self.all.items())
                if name == own or (name in HAPPENINGS and _fits(signal, asked, one))
            )
        return found

    def fitting(self, state: str) -> tuple[int, ...]:
        """Give the happenings, of any disease or its own, that are made for a signal that a state hears."""
        heard = _heard(self.disease, state)
        return tuple(dict.fromkeys(number for signal in heard for number in self._made_for[signal.id]))


def _heard(disease: Disease, state: str) -> tuple[Signal, ...]:
    signals = {one.signal for one in disease.pathway.transitions if state in one.sources}
    return tuple(signal for signal in disease.pathway.signals if signal.id in signals)


def cast(disease: Disease) -> Cast:
    """Give what can happen to people with a resolved disease."""
    own = {f"signal:{signal.id}": made for signal in disease.pathway.signals if (made := _made_for(signal)) is not None}
    known = {**HAPPENINGS, **own}
    asked: dict[str, tuple[str, ...]] = {}
    for request in requests(disease):
        made = _made_of(request)
        name = next((name for name, one in known.items() if _serves(one, made)), f"asked:{len(known)}")
        if name not in _OF_EVERY_VISIT:
            known.setdefault(name, made)
            states = asked.get(name, request.states)
            asked[name] = (*states, *request.states) if states and request.states else ()
    return Cast(disease, MappingProxyType(known), MappingProxyType(asked))


def _made_of(request: Request) -> Happening:
    at_county = request.columns.get("level") in ("county", "city") or request.kind in _IN_HOSPITAL
    return Happening(request.kind, request.columns, "usual" if request.quantities else "", at_county=at_county)


def _serves(one: Happening, asked: Happening) -> bool:
    """Tell whether a happening is what is asked for: of its kind, with its columns, and a reading if need be."""
    said = all(one.columns.get(name) == value for name, value in asked.columns.items())
    return one.kind == asked.kind and said and (bool(one.reading) or not asked.reading)


def _made_for(signal: Signal) -> Happening | None:
    """Make a happening that a signal is about; ``None`` if one of any disease is, or none can be written."""
    found = _wanted(signal)
    kind = signal.kinds[0] if signal.kinds else "encounter"
    if any(_fits(signal, found, one) for one in HAPPENINGS.values()) or not writable(kind, found.first):
        return None
    return Happening(kind, found.first, "usual" if found.quantities else "")


def _wanted(signal: Signal) -> Wanted:
    return wanted(() if signal.when is None else (signal.when,))


def _fits(signal: Signal, found: Wanted, one: Happening) -> bool:
    """Tell whether a signal is about a happening: it is of its kind, says what it asks for and measures if need be."""
    said = all(one.columns.get(name) == value for name, value in found.first.items())
    return (not signal.kinds or one.kind in signal.kinds) and said and (bool(one.reading) or not found.quantities)
