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
from singledisease.engines.reference.course_records import Move, new_move
from singledisease.engines.reference.history import End, History, Run, latest_first, new_run
from singledisease.engines.reference.rows import concerns, is_death
from singledisease.eventlog.event import Event
from singledisease.eventlog.person import Person

NEVER = 2**31 - 1
"""A day after every other."""


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
        The clocks that run or are overdue, by place among the disease's timings; those too that begin on a later day.
    falls
        No clock falls that is due before this day.
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
    falls: int
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
        walker = cls(
            pathway, person, start, initial, start, {}, NEVER, None, None, person.death, None, False, link, None
        )
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
            self.falls,
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
        day, pathway = event.date, self.pathway
        if self.dies is not None and self.dies < day:
            self.finish(self.dies)
        if self.falls < day:
            self._fall_before(day)
        if self.over:
            return
        if pathway.looks_back:
            self.heard = (event, self.heard)
        died = event.kind == "exit" and is_death(event)
        if died and self.death is None and (self.dies is None or day <= self.dies):
            self.dies, self.death = day, event
        is_other = self.link is not None and event.get("link") != self.link
        if is_other or not concerns(event, pathway.disease):
            return
        heard = self._so_far() if pathway.looks_back else ()
        context = pathway.context(self.person, event, heard)
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
        while True:
            falling, later, leads = [], NEVER, False
            for run in self.runs.values():
                clock, _, due, overdue = run
                if not overdue and due < day:
                    falling.append(run)
                    leads = leads or clock.leads
                elif not overdue and due < later:
                    later = due
            if not leads:
                for run in falling:
                    self._fall(run)
                self.falls = later
                return
            # What comes first may stop the others, and start some that are due before the day as well.
            self._fall(min(falling, key=_turn))

    def _fall(self, run: Run) -> None:
        clock, started, due, _ = run
        self.runs[clock.index] = new_run((clock, started, due, True))
        if clock.timing.leads_to is not None:
            self._move(Move(due + 1, self.state, clock.timing.leads_to, timing=clock.index))

    # WHAT AN EVENT DOES

    def _meet(self, event: Event, context: PersonContext) -> None:
        kind, day = event.kind, event.date
        for run in tuple(self.runs.values()):
            clock = run.clock
            if run.started > day:
                continue
            if (clock.kinds is None or kind in clock.kinds) and (clock.met_by is None or clock.met_by(context)):
                del self.runs[clock.index]
                self.ends = ((run, day, event), self.ends)
                if clock.timing.repeats:
                    self._start((clock,), day, event)

    def _listen(self, event: Event, context: PersonContext) -> None:
        waited, by_kind = event.date - self.entered, self.pathway.transitions[self.state]
        for transition in by_kind.get(event.kind) or by_kind[""]:
            if waited >= transition.after_days and (transition.when is None or transition.when(context)):
                self._move(new_move((event.date, self.state, transition.target, event, None)))
                return

    # MOVES AND CLOCKS

    def _move(self, move: Move) -> None:
        day, source, target, event, _ = move
        if target == source:
            return
        self.moves = (move, self.moves)
        self.state, self.entered = target, day
        stops, starts = self.pathway.shifts[source, target]
        if stops:
            self._end([run for index in stops if (run := self.runs.get(index)) is not None], day)
        if starts:
            self._start(starts, day, event)

    def _change(self, move: Move) -> None:
        if move.target != move.source:
            self.moves = (move, self.moves)
            self.state, self.entered = move.target, move.date

    def _start(self, clocks: Iterable[CompiledTiming], day: int, event: Event | None) -> None:
        falls = self.falls
        for clock in clocks:
            begins = day if clock.from_age is None else clock.begins(day, self.person.birth)
            asked = None if clock.worked_out is None else self.pathway.question(self.person, day, self._so_far())
            due = clock.due(begins, event, asked)
            if due is not None:
                self.runs[clock.index] = new_run((clock, begins, due, False))
                falls = due if due < falls else falls
        self.falls = falls

    def _end(self, runs: list[Run], day: int) -> None:
        for run in runs:
            del self.runs[run.clock.index]
            if run.started <= day:
                self.ends = ((run, day, None), self.ends)


def _turn(run: Run) -> tuple[int, bool, int]:
    """Of several that fall on one day: earliest due first, those that do not move first, then as declared."""
    return run.due, run.clock.leads, run.clock.index
