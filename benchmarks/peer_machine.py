"""A person's walk through the hypertension pathway with the package ``transitions``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import define, field
from transitions import Machine

from benchmarks.guards import GUARDS, Event, concerns, is_contact
from singledisease.definitions.disease import Disease
from singledisease.engines.columnar.walking.pathway_tables import NEVER


@define(eq=False)
class Person:
    """What ``transitions`` keeps the state on; guards look at ``event``."""

    state: str = ""
    entered: int = 0
    event: Event = field(factory=dict)
    clocks: dict[str, int] = field(factory=dict)


@define(eq=False)
class Peer:
    """The pathway as a machine of ``transitions``, and its three clocks."""

    disease: Disease
    machine: Machine

    def walk(self, start: int, events: Iterable[Event], until: int, death: int | None) -> Person:
        """Walk one person from the start of observed time."""
        person = self.begin(start)
        last = until if death is None or death > until else death
        for event in events:
            if event["date"] > last:
                break
            self.after(person, event)
        self.fall(person, last)
        return person

    def begin(self, start: int) -> Person:
        """Give a person in the initial state."""
        person = Person(state=self.disease.pathway.initial, entered=start)
        # One machine for everyone: giving each person trigger methods of its own would cost far more than a walk.
        self._tick(person, start, "")
        return person

    def after(self, person: Person, event: Event) -> None:
        """Take one event."""
        self.fall(person, event["date"])
        if not concerns(event):
            return
        if "silence" in person.clocks and is_contact(event):
            person.clocks["silence"] = event["year_later"]
        if "rehabilitation_over" in person.clocks and event["kind"] == "rehabilitation":
            person.clocks["rehabilitation_over"] = event["date"] + 90
        person.event = event
        before = person.state
        self.machine.events["take"].trigger(person, person)
        if person.state != before:
            person.entered = event["date"]
            self._tick(person, event["date"], before, event["year_later"])

    def fall(self, person: Person, day: int) -> None:
        """Let the clocks fall that were due before a day."""
        while person.clocks and min(person.clocks.values()) < day:
            name = min(person.clocks, key=lambda clock: (person.clocks[clock], _ORDER[clock]))
            due = person.clocks[name]
            before, person.state = person.state, _LEADS_TO[name]
            person.entered = due + 1
            self._tick(person, due + 1, before)

    def _tick(self, person: Person, day: int, before: str, year_later: int = NEVER) -> None:
        for clock in self.disease.pathway.timings:
            was, now = before in clock.states, person.state in clock.states
            if now and not was:
                person.clocks[clock.id] = day + _DAYS[clock.id] if clock.id in _DAYS else year_later
            elif was and not now:
                person.clocks.pop(clock.id, None)


_ORDER = {"retest_window": 0, "rehabilitation_over": 1, "silence": 2}
_LEADS_TO = {"retest_window": "high_risk", "rehabilitation_over": "returned", "silence": "lost"}
_DAYS = {"retest_window": 28, "rehabilitation_over": 90}


def peer_of(disease: Disease) -> Peer:
    """Make the machine: for each state the transitions it hears, in the order of the signals."""
    order = {signal.id: i for i, signal in enumerate(disease.pathway.signals)}
    table = []
    for transition in sorted(disease.pathway.transitions, key=lambda each: order[each.signal]):
        wait = max(transition.after_days, int(transition.another_day))
        table.append(
            {
                "trigger": "take",
                "source": list(transition.sources),
                "dest": transition.target,
                "conditions": _condition(transition.signal, wait),
            }
        )
    machine = Machine(
        model=None,
        states=[state.id for state in disease.pathway.states],
        transitions=table,
        initial=disease.pathway.initial,
        auto_transitions=False,
        ignore_invalid_triggers=True,
    )
    return Peer(disease, machine)


def _condition(signal: str, wait: int) -> Any:
    guard = GUARDS[signal]
    if not wait:
        return lambda person: guard(person.event)
    return lambda person: person.event["date"] - person.entered >= wait and guard(person.event)
