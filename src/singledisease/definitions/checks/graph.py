"""Checks of the pathway as a graph: ends, reachability, determinism."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from singledisease.definitions.checks.expression_sites import timings_of
from singledisease.definitions.disease import Disease
from singledisease.errors import Fault

Edge = tuple[str, str]


def edges(disease: Disease) -> list[Edge]:
    """Give every way from one state to another, death left out."""
    found = [(source, each.target) for each in disease.pathway.transitions for source in each.sources]
    for _, timing in timings_of(disease):
        if timing.leads_to is not None:
            found += [(source, timing.leads_to) for source in timing.states]
    return found


def reached(start: Iterable[str], ways: Iterable[Edge]) -> set[str]:
    """Give the states that can be reached from some, themselves included."""
    following: dict[str, list[str]] = {}
    for source, target in ways:
        following.setdefault(source, []).append(target)
    found, waiting = set(start), list(start)
    while waiting:
        for target in following.get(waiting.pop(), ()):
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found


def wrong_ends(disease: Disease) -> Iterator[Fault]:
    """Find a pathway that starts where it ends, and a death that is left, timed, managed or not closed."""
    pathway = disease.pathway
    if pathway.initial == pathway.died:
        yield Fault("initial_is_died", "pathway.initial", "people would be born into the state of the dead")
    for transition in pathway.transitions:
        if pathway.died in transition.sources:
            where = f"the transition on {transition.signal} to {transition.target}"
            yield Fault(
                "died_is_left", where, f"starts in {pathway.died!r}, which nothing leaves", "take it out of from"
            )
    for where, timing in timings_of(disease):
        if pathway.died in timing.states:
            yield Fault("died_in_timing", where, f"runs in {pathway.died!r}", "take it out of states")
    for state in pathway.states:
        if state.id == pathway.died and state.stage != "closed":
            yield Fault(
                "died_not_closed", f"pathway.states.{state.id}", "is not in the stage closed", 'stage = "closed"'
            )
        if state.managed and state.stage == "closed":
            message = "is closed and managed; managed means enrolled and not closed"
            yield Fault("managed_closed", f"pathway.states.{state.id}", message, "leave managed out")


def two_transitions_on_one_signal(disease: Disease) -> Iterator[Fault]:
    """Find states that hear one signal twice; conditions on days do not keep the two apart.

    Every such condition is a least number of days, so on a day late enough both hold.
    """
    heard = Counter((source, each.signal) for each in disease.pathway.transitions for source in each.sources)
    for (source, signal), count in heard.items():
        if count > 1:
            message = f"{count} transitions start on the signal {signal!r}"
            hint = "keep one, or make a signal of its own for the other"
            yield Fault("two_transitions_on_one_signal", f"pathway.states.{source}", message, hint)


def self_transitions(disease: Disease) -> Iterator[Fault]:
    """Find transitions that lead to where they start: they are no moves."""
    for transition in disease.pathway.transitions:
        if transition.target in transition.sources:
            where = f"the transition on {transition.signal} to {transition.target}"
            hint = f"take {transition.target!r} out of from; a signal that is not heard changes nothing"
            yield Fault("self_transition", where, "leads to where it starts", hint)


def unused_signals(disease: Disease) -> Iterator[Fault]:
    """Find signals that no transition hears."""
    heard = {transition.signal for transition in disease.pathway.transitions}
    for signal in disease.pathway.signals:
        if signal.id not in heard:
            yield Fault("unused_signal", f"pathway.signals.{signal.id}", "no transition hears it", "leave it out")


def unreachable_states(disease: Disease) -> Iterator[Fault]:
    """Find states that nobody can ever be in."""
    found = reached([disease.pathway.initial, disease.pathway.died], edges(disease))
    for state in disease.pathway.states:
        if state.id not in found:
            where = f"pathway.states.{state.id}"
            hint = f"lead a transition or a timing from {disease.pathway.initial!r} to it, or leave it out"
            yield Fault("unreachable_state", where, "no way leads here", hint)


def no_way_to_closed(disease: Disease) -> Iterator[Fault]:
    """Find states from which only death leads to a closed state."""
    closed = [state.id for state in disease.pathway.states if state.stage == "closed"]
    backwards = [(target, source) for source, target in edges(disease)]
    found = reached(closed, backwards)
    for state in disease.pathway.states:
        if state.id not in found:
            hint = "lead a transition, on an exit for one, to a state of the stage closed"
            yield Fault("no_way_to_closed", f"pathway.states.{state.id}", "no way leads from here to an end", hint)
