"""What a picture of a pathway shows: states by stage, few arrows, and in the state itself what is heard in many.

A pathway has hundreds of transitions, most of them from nearly everywhere: an exit, an emergency, a death.  Drawn as
arrows they would hide the way.  As in a state chart, a transition from many states is therefore a line in the state
that it leads to ("any other managed state: emergency"), states that have to be referred stand in one frame, and the
arrows that are left are the way itself.  The table of the pathway has every transition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from attrs import frozen

from singledisease.definitions.disease import Disease
from singledisease.report.diagrams.labels import Phrases
from singledisease.report.diagrams.model import Arrow, Box, Diagram, diagram

MOST = 3
"""From how many blocks at most a transition is drawn as arrows."""

ABREAST = 4
"""How many boxes stand side by side."""


@frozen
class StateBox:
    """One box, or a frame around the boxes of states that have to be referred; ``id`` is the state's or the frame's."""

    id: str
    lane: int
    boxes: tuple[Box, ...]

    @property
    def framed(self) -> bool:
        """Whether it is a frame."""
        return len(self.boxes) > 1


Run = tuple[StateBox, ...]
"""Blocks side by side, each leading to the next."""


@frozen
class BlockArrow:
    """An arrow between two blocks or states, with all that leads along it."""

    source: str
    target: str
    texts: tuple[str, ...]
    timed: bool


@frozen
class Entry:
    """What leads into a state from many.

    ``origin`` names these in few words, all of them if it is ``whole``; ``meaning`` names each.
    """

    origin: str
    text: str
    meaning: str
    sources: frozenset[str]
    timed: bool
    whole: bool


@frozen
class Scheme:
    """A picture before it has places.

    Attributes
    ----------
    lanes
        Ids of the stages, in the order in which people go through them.
    rows
        The runs of each row, from top to bottom; those of a row are in one lane.
    ways
        The arrows.
    entries
        By state, what leads there from many others.
    """

    title: str
    lanes: tuple[str, ...]
    rows: tuple[tuple[Run, ...], ...]
    ways: tuple[BlockArrow, ...]
    entries: Mapping[str, tuple[Entry, ...]]


def scheme(disease: Disease, language: str = "en") -> Scheme:
    """Choose what is drawn of the pathway of a disease."""
    drawn = diagram(disease, language)
    blocks = [block for lane, group in enumerate(drawn.groups) for block in _blocks(lane, group.boxes)]
    chosen = _Choice(Phrases(disease, language), blocks)
    for arrow, sources in _gathered(drawn):
        chosen.take(arrow, sources)
    chosen.lead_in()
    chosen.lead_on()
    return Scheme(
        title=drawn.title,
        lanes=tuple(group.id.removeprefix("stage_") for group in drawn.groups),
        rows=_rows(chosen),
        ways=tuple(
            BlockArrow(one, other, tuple(dict.fromkeys(texts)), timed)
            for (one, other, timed), texts in chosen.ways.items()
        ),
        entries={state: tuple(lines) for state, lines in chosen.entries.items()},
    )


def _blocks(lane: int, boxes: Sequence[Box]) -> Iterator[StateBox]:
    """Give the boxes of a lane, those to be referred framed where the first of them stands."""
    framed = [box for box in boxes if "refer" in box.marks]
    frame = tuple(framed) if 1 < len(framed) <= ABREAST else ()
    for box in boxes:
        if box not in frame:
            yield StateBox(box.id, lane, (box,))
        elif box is frame[0]:
            # A state may be called anything; a blank is in no id.
            yield StateBox(f"refer {lane}", lane, frame)


def _gathered(drawn: Diagram) -> Iterator[tuple[Arrow, list[str]]]:
    """Give each arrow with the states that it comes from, those of one transition together."""
    hubs = {hub.id: hub.states for hub in drawn.hubs}
    for _, arrows in groupby(drawn.arrows, lambda arrow: (arrow.target, arrow.text, arrow.kind)):
        same = list(arrows)
        yield same[0], [state for arrow in same for state in hubs.get(arrow.source, (arrow.source,))]


class _Choice:
    """The arrows and entries chosen so far."""

    def __init__(self, say: Phrases, blocks: Sequence[StateBox]) -> None:
        self.say = say
        self.blocks = blocks
        self.home = {box.id: block for block in blocks for box in block.boxes} | {one.id: one for one in blocks}
        self.place = {block.id: i for i, block in enumerate(blocks)}
        self.ways: dict[tuple[str, str, bool], list[str]] = {}
        self.entries: dict[str, list[Entry]] = {}

    def before(self, one: str, other: str) -> bool:
        """Say whether the block of one state stands before that of another."""
        return self.place[self.home[one].id] < self.place[self.home[other].id]

    def ends(self, sources: Collection[str]) -> list[str]:
        """Give frames for states that fill them, and the other states themselves, in the order of the definition."""
        found = list[str]()
        for block in self.blocks:
            states = [box.id for box in block.boxes if box.id in sources]
            found += [block.id] if len(states) == len(block.boxes) else states
        return found

    def take(self, arrow: Arrow, sources: Sequence[str]) -> None:
        """Draw a transition from few blocks as arrows, and enter one from many into its target."""
        ends, timed = self.ends(sources), arrow.kind == "timing"
        if len(ends) <= MOST and all(self.home[end] is not self.home[arrow.target] for end in ends):
            for end in ends:
                self.ways.setdefault((end, arrow.target, timed), []).append(arrow.text)
            return
        origin, whole = self.say.any_other(sources, arrow.target)
        meaning = f"{self.say.any_of(sources)}{self.say.colon}{arrow.text}"
        entry = Entry(origin, arrow.text, meaning, frozenset(sources), timed, whole)
        self.entries.setdefault(arrow.target, []).append(entry)

    def lead_in(self) -> None:
        """Draw an arrow into each state that is only entered from some others, from where the way comes there."""
        begun = {self.home[source].id for source, _, _ in self.ways}
        for block in self.blocks[1:]:
            if not block.framed and not any(self.home[end] is block for end in self._led()):
                lines = [line for line in self.entries.get(block.id, ()) if not line.whole]
                ends = self.ends({source for line in lines for source in line.sources})
                if earlier := [one for one in ends if self.before(one, block.id)]:
                    self._draw(self._nearest(earlier, block, begun), block.id, lines)

    def _led(self) -> Iterator[str]:
        return (target for source, target, _ in self.ways if self.before(source, target))

    def _nearest(self, earlier: Sequence[str], block: StateBox, begun: Collection[str]) -> str:
        """Give the first in the block's own lane, otherwise the last that no arrow leads on from, or of the largest."""
        same = [one for one in earlier if self.home[one].lane == block.lane]
        # An emergency would be the last place from which one expects a cure: it leads on to a referral already.
        ending = [one for one in earlier if not self.home[one].framed and self.home[one].id not in begun]
        return (
            same[0]
            if same
            else max(ending or earlier, key=lambda one: (len(self.home[one].boxes), self.place[self.home[one].id]))
        )

    def lead_on(self) -> None:
        """Draw an arrow out of each block in which nobody is managed yet, and from which only entries lead on."""
        closed = self.home[self.say.disease.pathway.died].lane
        managed = {block.lane for block in self.blocks for box in block.boxes if "managed" in box.marks}
        waiting = [block for block in self.blocks if block.lane not in {*managed, closed}]
        for block in waiting:
            if any(self.home[source] is block and self.before(source, target) for source, target, _ in self.ways):
                continue
            later = [
                state for state in self.entries if self.before(block.id, state) and self.home[state].lane != closed
            ]
            for state in sorted(later, key=lambda one: self.place[self.home[one].id]):
                if self._draw(block.id, state, self.entries[state]):
                    break

    def _draw(self, source: str, target: str, lines: Iterable[Entry]) -> bool:
        """Draw what of some entries leads from one block or state to another; say whether anything does."""
        block = self.home[source]
        states = {box.id for box in block.boxes} if source == block.id else {source}
        drawn = [line for line in lines if states <= line.sources]
        for line in drawn:
            self.ways.setdefault((source, target, line.timed), []).append(line.text)
        return bool(drawn)


def _rows(chosen: _Choice) -> tuple[tuple[Run, ...], ...]:
    """Put the blocks into rows, lane below lane: an arrow goes to the next block of a run, or to another row."""
    linked: dict[str, set[str]] = {block.id: set() for block in chosen.blocks}
    within = set[str]()
    for source, target, _ in chosen.ways:
        ends = chosen.home[source].id, chosen.home[target].id
        linked[ends[0]].add(ends[1])
        linked[ends[1]].add(ends[0])
        # An arrow to a state within a frame comes from above or below, where nothing stands before it.
        within |= {end for end, state in zip(ends, (source, target), strict=True) if end != state}
    rows: dict[tuple[int, int], list[list[StateBox]]] = {}
    at: dict[str, tuple[int, list[StateBox]]] = {}
    for block in chosen.blocks:
        lane = [one.id for one in chosen.blocks if one.lane == block.lane]
        earlier = [one for one in linked[block.id] if one in at and one in lane]
        if len(earlier) == 1:
            level, run = at[earlier[0]]
            alone = [one for one in linked[earlier[0]] if one in lane and one not in at] == [block.id]
            apart = {earlier[0], block.id} & within
            if (
                alone
                and not apart
                and run[-1].id == earlier[0]
                and _breadth([*rows[block.lane, level], [block]]) <= ABREAST
            ):
                run.append(block)
                at[block.id] = level, run
                continue
        level = max((at[one][0] + 1 for one in earlier), default=0)
        while _breadth([*rows.get((block.lane, level), []), [block]]) > ABREAST:
            level += 1
        at[block.id] = level, [block]
        rows.setdefault((block.lane, level), []).append(at[block.id][1])
    return tuple(tuple(map(tuple, rows[key])) for key in sorted(rows))


def _breadth(runs: Iterable[Iterable[StateBox]]) -> int:
    return sum(len(block.boxes) for run in runs for block in run)
