"""One person's walk through a pathway, event by event.

A ``Walker`` is where a person stands: the state, since when, which clocks run, and what happened so far.  It is the
one thing here that changes; whoever wants to keep a standpoint copies it, which is cheap.

The day goes: clocks that were due before it fall, one at a time; then the day's events in canonical order, each of
which first meets clocks and then may move the person; a death is last of all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from attrs import define

from singledisease.engines.reference.compile_pathway import CompiledPathway, CompiledTiming
from singledisease.engines.reference.context import PersonContext
from singledisease.engines.reference.course_records import Move
from singledisease.engines.reference.history import End, History, Run, latest_first
from singledisease.engines.reference.rows import concerns, is_death
from singledisease.eventlog.event import Event
from singledisease.eventlog.person import Person


@define(eq=False, repr=False)
class Walker:
    """Where a person stands.

    Attributes
    ----------
    start
        First observed day.
    state, entered
        The present state and the day on which it was truly entered.
    runs
        The clocks that run or are overdue, by place among the disease's timings.
    moves, ends
        The changes of state, and the ends of runs, so far.
    dies, death
        The day of death as far as known yet, and the exit that says so, if one does.
    over
        Whether the person is dead: nothing is heard and nothing falls any more.
    link
        What links the events of the sequence, if it walks one: only these are heard, and deaths.
    heard
        All events of the person so far, if the pathway looks back.
    """

    pathway: CompiledPathway
    person: Person
    start: int
    state: str
    entered: int
    runs: dict[int, Run]
    moves: History[Move]
    ends: History[End]
    dies: int | None
    death: Event | None
    over: bool
    link: str | None
    heard: History[Event]

    @classmethod
    def begin(cls, pathway: CompiledPathway, person: Person, start: int, link: str | None = None) -> Self:
        """Stand in the initial state at the start of the first observed day."""
        initial = pathway.disease.pathway.initial
        walker = cls(pathway, person, start, initial, start, {}, None, None, person.death, None, False, link, None)
        walker._start(pathway.timings[initial], start, None)
        return walker

    def copy(self) -> Walker:
        """Give a walker that stands in the same place and goes its own way from here."""
        return Walker(
            self.pathway,
            self.person,
            self.start,
            self.state,
            self.entered,
            self.runs.copy(),
            self.moves,
            self.ends,
            self.dies,
            self.death,
            self.over,
            self.link,
            self.heard,
        )

    # A DAY

    def hear(self, event: Event) -> None:
        """Take the next event, in canonical order."""
        if self.dies is not None and self.dies < event.date:
            self.finish(self.dies)
        self._fall_before(event.date)
        if self.over:
            return
        self.remember(event)
        died = is_death(event)
        if died and self.death is None and (self.dies is None or event.date <= self.dies):
            self.dies, self.death = event.date, event
        is_other = self.link is not None and event.get("link") != self.link
        if is_other or not concerns(event, self.pathway.disease):
            return
        context = self.pathway.context(self.person, event, self._so_far())
        self._meet(event, context)
        if not died:
            self._listen(event, context)

    def remember(self, event: Event) -> None:
        """Keep an event for conditions that look back; it does nothing else."""
        if self.pathway.looks_back:
            self.heard = (event, self.heard)

    def _so_far(self) -> tuple[Event, ...]:
        return () if self.heard is None else tuple(latest_first(self.heard))[::-1]

    def finish(self, day: int) -> None:
        """Go on to the end of a day after which no event of that day will come."""
        if self.dies is None or self.dies > day:
            self._fall_before(day)
        elif not self.over:
            self._fall_before(self.dies)
            self._end(list(self.runs.values()), self.dies)
            self._change(Move(self.dies, self.state, self.pathway.disease.pathway.died, self.death))
            self.over = True

    # WHAT FALLS

    def _fall_before(self, day: int) -> None:
        while falling := [run for run in self.runs.values() if run.due < day and not run.overdue]:
            self._fall(min(falling, key=_turn))

    def _fall(self, run: Run) -> None:
        self.runs[run.clock.index] = Run(run.clock, run.started, run.due, overdue=True)
        if run.clock.timing.leads_to is not None:
            self._move(Move(run.due + 1, self.state, run.clock.timing.leads_to, timing=run.clock.index))

    # WHAT AN EVENT DOES

    def _meet(self, event: Event, context: PersonContext) -> None:
        for index, run in tuple(self.runs.items()):
            clock = run.clock
            heard = clock.kinds is None or event.kind in clock.kinds
            if heard and (clock.met_by is None or clock.met_by(context)):
                del self.runs[index]
                self.ends = (End(run, event.date, event), self.ends)
                if clock.timing.repeats:
                    self._start((clock,), event.date, event)

    def _listen(self, event: Event, context: PersonContext) -> None:
        waited = event.date - self.entered
        for transition in self.pathway.hears(self.state, event.kind):
            if waited >= transition.after_days and (transition.when is None or transition.when(context)):
                self._move(Move(event.date, self.state, transition.target, event))
                return

    # MOVES AND CLOCKS

    def _move(self, move: Move) -> None:
        if move.target == move.source:
            return
        self._change(move)
        self._end([run for run in self.runs.values() if move.target not in run.clock.states], move.date)
        entered = [clock for clock in self.pathway.timings[move.target] if move.source not in clock.states]
        self._start(entered, move.date, move.event)

    def _change(self, move: Move) -> None:
        if move.target != move.source:
            self.moves = (move, self.moves)
            self.state, self.entered = move.target, move.date

    def _start(self, clocks: Iterable[CompiledTiming], day: int, event: Event | None) -> None:
        for clock in clocks:
            asked = None if clock.worked_out is None else self.pathway.question(self.person, day, self._so_far())
            due = clock.due(day, event, asked)
            if due is not None:
                self.runs[clock.index] = Run(clock, day, due)

    def _end(self, runs: list[Run], day: int) -> None:
        for run in runs:
            del self.runs[run.clock.index]
            self.ends = (End(run, day), self.ends)


def _turn(run: Run) -> tuple[int, bool, int]:
    """Of several that fall on one day: earliest due first, those that do not move first, then as declared."""
    return run.due, run.clock.timing.leads_to is not None, run.clock.index
