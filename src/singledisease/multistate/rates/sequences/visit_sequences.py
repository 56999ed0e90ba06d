"""Visits as sequences of intervals: from a known state, over intervals of unknown course, to the next known state.

Without errors in what is seen, a person's visits fall apart at each known state, and nearly every sequence has
one interval; equal ones are counted once.  With hidden states a person is one sequence.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.multistate.aggregate.keys import dense, ranked
from singledisease.multistate.arrays import Codes, Floats, Numbers
from singledisease.multistate.rates.covariates.design import Design
from singledisease.multistate.rates.sequences.aggregated import count_intervals, pairs_of_visits, which
from singledisease.multistate.rates.sequences.visit_intervals import VisitIntervals, distinct_intervals
from singledisease.multistate.rates.visits.state_space import may_be
from singledisease.multistate.rates.visits.visits import PanelVisits


@frozen(eq=False)
class Pieces:
    """Pieces of the visits of people.

    Attributes
    ----------
    head, person, sequence
        int64 (pieces): the visit at which a piece starts, whose it is, and which distinct sequence it is.
    """

    head: Codes
    person: Codes
    sequence: Codes


@frozen(eq=False, kw_only=True)
class VisitSequences:
    """Distinct sequences, longest first.

    Attributes
    ----------
    start
        int64 (sequences): what is seen at the first visit, as an index of emissions.
    fresh
        bool (sequences): whether that is the first visit of a person, rather than one that shows the true state.
    interval, seen
        int64 (most intervals of a sequence, sequences): the interval to the next visit and what is seen there; -1
        beyond the end.
    length
        int64 (sequences): number of intervals.
    weight
        float64 (sequences): how many there are.
    find
        Gives the pieces that visits were cut into; they are many, and few ask.
    exact
        int64 (exact emissions, 2): generator in force at a death, and the state entered.
    deaths_from
        The first emission that is such a death.
    intervals
        The intervals.
    """

    start: Codes
    fresh: NDArray[np.bool_]
    interval: Codes
    seen: Codes
    length: Codes
    weight: Floats
    find: Callable[[], Pieces]
    exact: Codes
    deaths_from: int
    intervals: VisitIntervals

    @cached_property
    def pieces(self) -> Pieces:
        """The pieces that visits were cut into, and which sequence each is."""
        return self.find()

    def active(self, position: int) -> int:
        """How many sequences have an interval at a position; they stand first."""
        return int((self.length > position).sum())

    def only(self, some: Codes) -> VisitSequences:
        """Return some of the sequences, named by number in ascending order; the pieces remain those of all."""
        return evolve(
            self,
            start=self.start[some],
            fresh=self.fresh[some],
            interval=self.interval[:, some],
            seen=self.seen[:, some],
            length=self.length[some],
            weight=self.weight[some],
        )

    def begin(self, initial: Numbers) -> Numbers:
        """Return the weight of each state at the start, (sequences, K): ``initial`` (K) at a person's first visit."""
        return np.where(self.fresh[:, None], initial, 1.0)


def doubtful(visits: PanelVisits, certain: NDArray[np.bool_] | None, *, first_certain: bool) -> NDArray[np.bool_]:
    """Say which visits show a label that may be mistaken for another, (visits)."""
    space = visits.space
    if not space.errors:
        return np.zeros(len(visits.seen), dtype=bool)
    blurred = np.zeros(len(space.states), dtype=bool)
    blurred[[true for true, _ in space.errors]] = True
    unsure = np.asarray((may_be(space) & blurred).any(axis=1))[visits.seen]
    if certain is not None:
        unsure = unsure & ~certain
    return np.asarray(unsure & ~visits.first if first_certain else unsure)


def visit_sequences_of(
    visits: PanelVisits, plan: Design, unsure: NDArray[np.bool_], *, initial: bool = False
) -> VisitSequences:
    """Cut visits into sequences and count equal ones.

    ``unsure`` are the visits that ``doubtful`` says; ``initial`` says whether the state at the first visit has a
    distribution, so that it says something on its own.

    Emissions are numbered as in ``ParameterLayout.emissions``: what is seen, with error, by pattern of the errors;
    then the same without error; then deaths at a known time, by generator and state.
    """
    found = count_intervals(visits, plan)
    if found is None:
        return cut(visits, plan, unsure, initial=initial)
    pairs, drawn = pairs_of_visits(visits, plan, found)
    sequences = cut(pairs, drawn, np.zeros(len(pairs.seen), dtype=bool), initial=initial)
    same = sequences.pieces.sequence

    weight = np.bincount(same, weights=found.number).astype(np.float64)
    return evolve(sequences, weight=weight, find=partial(_pieces_of_pairs, visits, plan, same))


def _pieces_of_pairs(visits: PanelVisits, plan: Design, sequence: Codes) -> Pieces:
    """Return one piece for each interval between visits; ``sequence`` says which sequence each distinct pair is."""
    return Pieces(visits.left, visits.person[visits.left], sequence[which(visits, plan)])


def cut(visits: PanelVisits, plan: Design, unsure: NDArray[np.bool_], *, initial: bool) -> VisitSequences:
    """Cut visits into sequences as they stand."""
    intervals, interval = distinct_intervals(visits, plan)
    space, at, sure = visits.space, visits.left, ~unsure
    labels, patterns = len(space.labels), len(plan.errors.patterns)
    emission = visits.seen + labels * np.where(sure, patterns, plan.errors.pattern)
    deaths_from = labels * (patterns + 1)
    exact = np.empty((0, 2), dtype=np.int64)
    # At the end of a watched interval the matrix itself holds the rate of the move.
    dead = np.flatnonzero(np.isin(visits.seen[at + 1], space.exact) & ~visits.watched[at + 1])
    if len(dead):
        last, into = intervals.last[interval[dead]], visits.seen[at + 1][dead]
        number, one = dense(last, into)
        exact = np.stack([last[one], into[one]], axis=1)
        emission[at[dead] + 1] = deaths_from + number
    known = sure & (visits.seen < len(space.states))
    heads = known | visits.first
    has_next = np.zeros(len(heads), dtype=bool)
    has_next[at] = True
    # A lone visit says something only if its state is not certain, or is itself a matter of chance.
    heads &= has_next | (visits.first & (unsure | initial))
    position = np.full(len(heads), -1, dtype=np.int64)
    position[at] = interval
    return _count(
        visits,
        np.flatnonzero(heads),
        known,
        initial=initial,
        interval_at=position,
        emission=emission,
        exact=exact,
        deaths_from=deaths_from,
        intervals=intervals,
    )


def _count(
    visits: PanelVisits,
    heads: Codes,
    known: NDArray[np.bool_],
    *,
    initial: bool,
    interval_at: Codes,
    emission: Codes,
    exact: Codes,
    deaths_from: int,
    intervals: VisitIntervals,
) -> VisitSequences:
    """Follow all sequences at once, one interval after another, numbering equal ones as they grow."""
    interval = interval_at[heads]
    after = emission[np.minimum(heads + 1, len(emission) - 1)]
    fresh = visits.first[heads] if initial else np.ones(len(heads), dtype=bool)
    lone = interval < 0
    number, total = ranked(2 * emission[heads] + fresh, interval, np.where(lone, 0, after) if lone.any() else after)
    length = (~lone).astype(np.int64)
    going = np.flatnonzero(~lone)
    going = going[_goes_on(heads[going] + 1, known, interval_at)]
    while len(going):
        here = heads[going] + length[going]
        longer, more = ranked(number[going], emission[here + 1], interval_at[here])
        # Those that end here keep the numbers they have, which no longer one takes again.
        number[going], total = total + longer, total + more
        length[going] += 1
        going = going[_goes_on(here + 1, known, interval_at)]
    number, one = dense(number)
    order = np.argsort(-length[one], kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    one = one[order]
    table = np.full((2, int(length.max(initial=0)), len(one)), -1, dtype=np.int64)
    for position in range(table.shape[1]):
        here = heads[one[length[one] > position]] + position
        table[:, position, : len(here)] = interval_at[here], emission[here + 1]
    return VisitSequences(
        start=emission[heads][one],
        fresh=fresh[one],
        interval=table[0],
        seen=table[1],
        length=length[one],
        weight=np.bincount(place[number], minlength=len(one)).astype(np.float64),
        find=partial(_pieces_from, visits, heads, place, number),
        exact=exact,
        deaths_from=deaths_from,
        intervals=intervals,
    )


def _pieces_from(visits: PanelVisits, heads: Codes, place: Codes, number: Codes) -> Pieces:
    """Return the pieces that start at some visits, by the place of the distinct sequence that each is."""
    return Pieces(heads, visits.person[heads], place[number])


def _goes_on(visit: Codes, known: NDArray[np.bool_], interval_at: Codes) -> NDArray[np.bool_]:
    return np.asarray(~known[visit] & (interval_at[visit] >= 0))
