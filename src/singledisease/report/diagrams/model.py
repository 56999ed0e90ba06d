"""The intermediate form of a drawn pathway: states by stage, hubs that stand for many states, arrows, a legend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from attrs import frozen

from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import State, Transition
from singledisease.definitions.timing import Timing
from singledisease.definitions.wording.terms import STAGE_NAMES
from singledisease.report.diagrams.labels import Phrases
from singledisease.vocabulary import STAGES

Kind = Literal["signal", "timing", "death"]

MANY = 3
"""From how many states on a transition is drawn from one node that names them."""


@frozen
class Box:
    """A state: its lines of text, first its name; ``marks`` are of initial, managed, refer, final."""

    id: str
    lines: tuple[str, ...]
    marks: tuple[str, ...] = ()


@frozen
class Group:
    """A stage and its states."""

    id: str
    name: str
    boxes: tuple[Box, ...]


@frozen
class Hub:
    """A small node that stands for several states."""

    id: str
    text: str
    states: tuple[str, ...]


@frozen
class Arrow:
    """From a state or hub to a state, with what leads there."""

    source: str
    target: str
    text: str
    kind: Kind


@frozen
class Diagram:
    """What is drawn: states by stage, hubs, arrows, and a legend of what the signals mean."""

    title: str
    groups: tuple[Group, ...]
    hubs: tuple[Hub, ...]
    arrows: tuple[Arrow, ...]
    legend: tuple[str, ...]


def diagram(disease: Disease, language: str = "en") -> Diagram:
    """Put the pathway of a disease, its timings and services included, into drawable form.

    Parameters
    ----------
    disease
        Not resolved, so that its numbers can be named.
    language
        ``zh`` or ``en``.
    """
    say = Phrases(disease, language)
    hubs: dict[tuple[str, ...], Hub] = {}
    arrows = [arrow for transition in disease.pathway.transitions for arrow in _heard(say, transition, hubs)]
    arrows += [arrow for timing in disease.timings for arrow in _fallen(say, timing, hubs)]
    arrows += list(_deaths(say, hubs))
    return Diagram(
        title=f"{say(disease.names)} {disease.version}",
        groups=tuple(_groups(say)),
        hubs=tuple(hubs.values()),
        arrows=tuple(arrows),
        legend=tuple(f"{say(signal.names)}{say.colon}{say.meaning(signal)}" for signal in disease.pathway.signals),
    )


def _groups(say: Phrases) -> Iterator[Group]:
    for stage in STAGES:
        boxes = [_box(say, state) for state in say.disease.pathway.states if state.stage == stage]
        if boxes:
            yield Group(f"stage_{stage}", say(STAGE_NAMES[stage]), tuple(boxes))


def _box(say: Phrases, state: State) -> Box:
    pathway = say.disease.pathway
    lines = [say(state.names)]
    if state.next_step is not None:
        lines.append(f"→ {say(state.next_step)}")
    lines += [f"• {say.service(service)}" for service in say.disease.services if state.id in service.timing.states]
    left = {source for transition in pathway.transitions for source in transition.sources}
    marks = {
        "initial": state.id == pathway.initial,
        "managed": state.managed,
        "refer": state.refer,
        "final": state.id not in left,
    }
    return Box(state.id, tuple(lines), tuple(mark for mark, holds in marks.items() if holds))


def _heard(say: Phrases, transition: Transition, hubs: dict[tuple[str, ...], Hub]) -> Iterator[Arrow]:
    text = say(say.signals[transition.signal].names) + say.condition(transition)
    for source in _sources(say, transition.sources, hubs):
        yield Arrow(source, transition.target, text, "signal")


def _fallen(say: Phrases, timing: Timing, hubs: dict[tuple[str, ...], Hub]) -> Iterator[Arrow]:
    if timing.leads_to is None:
        return
    text = f"{say(timing.names)} ({say.after(timing.length)})"
    for source in _sources(say, timing.states, hubs):
        yield Arrow(source, timing.leads_to, text, "timing")


def _deaths(say: Phrases, hubs: dict[tuple[str, ...], Hub]) -> Iterator[Arrow]:
    died = say.disease.pathway.died
    others = tuple(state.id for state in say.disease.pathway.states if state.id != died)
    for source in _sources(say, others, hubs):
        yield Arrow(source, died, say(Names("死亡", "death")), "death")


def _sources(say: Phrases, states: tuple[str, ...], hubs: dict[tuple[str, ...], Hub]) -> tuple[str, ...]:
    """Give where arrows from these states begin: at each, or at the hub that names them all."""
    if len(states) < MANY:
        return states
    key = tuple(sorted(states))
    if key not in hubs:
        hubs[key] = Hub(f"any_{len(hubs) + 1}", say.any_of(key), key)
    return (hubs[key].id,)
