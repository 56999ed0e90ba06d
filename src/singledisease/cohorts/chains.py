"""Visits as chains of links: from a known state, over intervals of unknown course, to the next known state.

Without errors in what is seen, a person's visits fall apart at each known state, and nearly every chain has
one link; equal ones are counted once.  With hidden states a person is one chain.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.cohorts.condensed import condensed, tally_of, which
from singledisease.cohorts.design import Design
from singledisease.cohorts.grouping import dense, ranked
from singledisease.cohorts.histories import Codes, Floats
from singledisease.cohorts.links import Links, link_intervals
from singledisease.cohorts.propagation import Numbers
from singledisease.cohorts.space import may_be
from singledisease.cohorts.visits import Visits


@frozen(eq=False)
class Pieces:
    """Pieces of the visits of people.

    Attributes
    ----------
    head, person, chain
        int64 (pieces): the visit at which a piece starts, whose it is, and which distinct chain it is.
    """

    head: Codes
    person: Codes
    chain: Codes


@frozen(eq=False, kw_only=True)
class Chains:
    """Distinct chains, longest first.

    Attributes
    ----------
    start
        int64 (chains): what is seen at the first visit, as an index of emissions.
    fresh
        bool (chains): whether that is the first visit of a person, rather than one that shows the true state.
    link, seen
        int64 (most links of a chain, chains): the link to the next visit and what is seen there; -1 beyond the end.
    length
        int64 (chains): number of links.
    weight
        float64 (chains): how many there are.
    find
        Gives the pieces that visits were cut into; they are many, and few ask.
    exact
        int64 (exact emissions, 2): generator in force at a death, and the state entered.
    deaths_from
        The first emission that is such a death.
    links
        The links.
    """

    start: Codes
    fresh: NDArray[np.bool_]
    link: Codes
    seen: Codes
    length: Codes
    weight: Floats
    find: Callable[[], Pieces]
    exact: Codes
    deaths_from: int
    links: Links

    @cached_property
    def pieces(self) -> Pieces:
        """The pieces that visits were cut into, and which chain each is."""
        return self.find()

    def active(self, position: int) -> int:
        """How many chains have a link at a position; they stand first."""
        return int((self.length > position).sum())

    def only(self, some: Codes) -> Chains:
        """Give some of the chains, named by number in ascending order; the pieces remain those of all."""
        return evolve(
            self,
            start=self.start[some],
            fresh=self.fresh[some],
            link=self.link[:, some],
            seen=self.seen[:, some],
            length=self.length[some],
            weight=self.weight[some],
        )

    def begin(self, initial: Numbers) -> Numbers:
        """Give the weight of each state at the start, (chains, K): ``initial`` (K) at the first visit of a person."""
        return np.where(self.fresh[:, None], initial, 1.0)


def doubtful(visits: Visits, certain: NDArray[np.bool_] | None, *, first_certain: bool) -> NDArray[np.bool_]:
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


def chains_of(visits: Visits, plan: Design, unsure: NDArray[np.bool_], *, initial: bool = False) -> Chains:
    """Cut visits into chains and count equal ones.

    ``unsure`` are the visits that ``doubtful`` says; ``initial`` says whether the state at the first visit has a
    distribution, so that it says something on its own.

    Emissions are numbered as in ``Layout.emissions``: what is seen, with error, by pattern of the errors; then the
    same without error; then deaths at a known time, by generator and state.
    """
    found = tally_of(visits, plan)
    if found is None:
        return cut(visits, plan, unsure, initial=initial)
    pairs, drawn = condensed(visits, plan, found)
    chains = cut(pairs, drawn, np.zeros(len(pairs.seen), dtype=bool), initial=initial)
    same = chains.pieces.chain

    weight = np.bincount(same, weights=found.number).astype(np.float64)
    return evolve(chains, weight=weight, find=partial(_pieces_of_pairs, visits, plan, same))


def _pieces_of_pairs(visits: Visits, plan: Design, chain: Codes) -> Pieces:
    """Give one piece for each interval between visits; ``chain`` says of each distinct pair which chain it is."""
    return Pieces(visits.left, visits.person[visits.left], chain[which(visits, plan)])


def cut(visits: Visits, plan: Design, unsure: NDArray[np.bool_], *, initial: bool) -> Chains:
    """Cut visits into chains as they stand."""
    links, link = link_intervals(visits, plan)
    space, at, sure = visits.space, visits.left, ~unsure
    labels, patterns = len(space.labels), len(plan.errors.patterns)
    emission = visits.seen + labels * np.where(sure, patterns, plan.errors.pattern)
    deaths_from = labels * (patterns + 1)
    exact = np.empty((0, 2), dtype=np.int64)
    # At the end of a watched interval the matrix itself holds the rate of the move.
    dead = np.flatnonzero(np.isin(visits.seen[at + 1], space.exact) & ~visits.watched[at + 1])
    if len(dead):
        last, into = links.last[link[dead]], visits.seen[at + 1][dead]
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
    position[at] = link
    return _count(
        visits,
        np.flatnonzero(heads),
        known,
        initial=initial,
        link_at=position,
        emission=emission,
        exact=exact,
        deaths_from=deaths_from,
        links=links,
    )


def _count(
    visits: Visits,
    heads: Codes,
    known: NDArray[np.bool_],
    *,
    initial: bool,
    link_at: Codes,
    emission: Codes,
    exact: Codes,
    deaths_from: int,
    links: Links,
) -> Chains:
    """Follow all chains at once, one link after another, numbering equal ones as they grow."""
    link = link_at[heads]
    after = emission[np.minimum(heads + 1, len(emission) - 1)]
    fresh = visits.first[heads] if initial else np.ones(len(heads), dtype=bool)
    lone = link < 0
    number, total = ranked(2 * emission[heads] + fresh, link, np.where(lone, 0, after) if lone.any() else after)
    length = (~lone).astype(np.int64)
    going = np.flatnonzero(~lone)
    going = going[_goes_on(heads[going] + 1, known, link_at)]
    while len(going):
        here = heads[going] + length[going]
        longer, more = ranked(number[going], emission[here + 1], link_at[here])
        # Those that end here keep the numbers they have, which no longer one takes again.
        number[going], total = total + longer, total + more
        length[going] += 1
        going = going[_goes_on(here + 1, known, link_at)]
    number, one = dense(number)
    order = np.argsort(-length[one], kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    one = one[order]
    table = np.full((2, int(length.max(initial=0)), len(one)), -1, dtype=np.int64)
    for position in range(table.shape[1]):
        here = heads[one[length[one] > position]] + position
        table[:, position, : len(here)] = link_at[here], emission[here + 1]
    return Chains(
        start=emission[heads][one],
        fresh=fresh[one],
        link=table[0],
        seen=table[1],
        length=length[one],
        weight=np.bincount(place[number], minlength=len(one)).astype(np.float64),
        find=partial(_pieces_from, visits, heads, place, number),
        exact=exact,
        deaths_from=deaths_from,
        links=links,
    )


def _pieces_from(visits: Visits, heads: Codes, place: Codes, number: Codes) -> Pieces:
    """Give the pieces that start at some visits, by the place of the distinct chain that each is."""
    return Pieces(heads, visits.person[heads], place[number])


def _goes_on(visit: Codes, known: NDArray[np.bool_], link_at: Codes) -> NDArray[np.bool_]:
    return np.asarray(~known[visit] & (link_at[visit] >= 0))
