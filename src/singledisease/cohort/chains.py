"""Visits as chains of links: from a known state, over intervals of unknown course, to the next known state.

Without errors in what is seen, a person's visits fall apart at each known state, and nearly every chain has
one link; equal ones are counted once.  With hidden states a person is one chain.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.cohort.design import Design
from singledisease.cohort.grouping import Scatter, dense, scatter
from singledisease.cohort.histories import Codes, Floats
from singledisease.cohort.visits import Visits


@frozen(eq=False, kw_only=True)
class Links:
    """Distinct intervals, each one step or several under different rates.

    Attributes
    ----------
    which, times
        (steps): the generator and the length of each distinct step, by generator.
    parts
        int64 (links, most steps of a link): its steps in order, -1 after the last.
    generators
        int64 (generators, 2): pattern and period of each.
    scatters
        Per column of ``parts``, to add up what links owe their steps.
    """

    which: Codes
    times: Floats
    parts: Codes
    generators: Codes
    scatters: tuple[Scatter, ...]

    @cached_property
    def plain(self) -> bool:
        """Whether each link is the step of the same number."""
        return self.parts.shape[1] == 1 and bool((self.parts[:, 0] == np.arange(len(self.times))).all())


@frozen(eq=False, kw_only=True)
class Chains:
    """Distinct chains, longest first.

    Attributes
    ----------
    start
        int64 (chains): what is seen at the first visit, as an index of emissions.
    link, seen
        int64 (most links of a chain, chains): the link to the next visit and what is seen there; -1 beyond the end.
    length
        int64 (chains): number of links.
    weight
        float64 (chains): how many there are.
    head, person, chain
        int64 (pieces): the visit at which a piece starts, whose it is, and which distinct chain it is.
    exact
        int64 (exact emissions, 2): generator in force at a death, and the state entered.
    links
        The links.
    """

    start: Codes
    link: Codes
    seen: Codes
    length: Codes
    weight: Floats
    head: Codes
    person: Codes
    chain: Codes
    exact: Codes
    links: Links

    def active(self, position: int) -> int:
        """How many chains have a link at a position; they stand first."""
        return int((self.length > position).sum())


def link_intervals(visits: Visits, plan: Design) -> tuple[Links, Codes, Codes]:
    """Give the distinct links, the link of each interval, and the generator in force at its end."""
    at = visits.left
    begin, end = visits.ticks[at], visits.ticks[at + 1]
    if not len(plan.cuts):
        lengths = visits.lengths(end - begin)
        number, first = dense(plan.pattern, lengths)
        which, lengths = plan.pattern[first], lengths[first]
        found, where = np.unique(which, return_inverse=True)
        generators = np.stack([found, np.zeros_like(found)], axis=1)
        links = _links(where, (lengths * visits.tick).astype(np.float64), np.arange(len(first))[:, None], generators)
        return links, number, where[number]
    spans = visits.lengths(_split(begin, end, np.rint(plan.cuts / visits.tick).astype(np.int64)))
    number, first = dense(plan.pattern, *spans.T)
    spans, pattern = spans[first], plan.pattern[first]
    there = spans > 0
    link, period = np.nonzero(there)
    step, some = dense(pattern[link] * spans.shape[1] + period, spans[there])
    generator, one = dense(pattern[link][some] * spans.shape[1] + period[some])
    parts = np.full((len(first), int(there.sum(1).max(initial=1))), -1, dtype=np.int64)
    parts[link, (np.cumsum(there, axis=1) - 1)[there]] = step
    generators = np.stack([pattern[link][some][one], period[some][one]], axis=1)
    links = _links(generator, (spans[there][some] * visits.tick).astype(np.float64), parts, generators)
    last = generator[parts[np.arange(len(first)), there.sum(1) - 1]]
    return links, number, last[number]


def _links(which: Codes, times: Floats, parts: Codes, generators: Codes) -> Links:
    columns = [scatter(column[column >= 0], len(which)) for column in parts.T]
    return Links(which=which, times=times, parts=parts, generators=generators, scatters=tuple(columns))


def _split(begin: Codes, end: Codes, cuts: Codes) -> Codes:
    """Give the time an interval spends in each period, (intervals, periods)."""
    edges = [np.iinfo(np.int64).min, *cuts.tolist(), np.iinfo(np.int64).max]
    spans = [np.minimum(end, high) - np.maximum(begin, low) for low, high in pairwise(edges)]
    return np.asarray(np.maximum(np.stack(spans, axis=1), 0))


def chains_of(visits: Visits, plan: Design, certain: NDArray[np.bool_] | None, *, first_certain: bool) -> Chains:
    """Cut visits into chains and count equal ones.

    Emissions are numbered: 0 … labels−1 what is seen, with error; then the same without error; then deaths
    at a known time, by generator and state.
    """
    links, link, last = link_intervals(visits, plan)
    space, at = visits.space, visits.left
    labels = len(space.labels)
    sure = np.full(len(visits.seen), not space.errors) if certain is None else certain | (not space.errors)
    if first_certain:
        sure = sure | visits.first
    emission = visits.seen + labels * sure
    exact = np.empty((0, 2), dtype=np.int64)
    dead = np.isin(visits.seen[at + 1], space.exact)
    if dead.any():
        number, one = dense(last[dead], visits.seen[at + 1][dead])
        exact = np.stack([last[dead][one], visits.seen[at + 1][dead][one]], axis=1)
        emission[at[dead] + 1] = 2 * labels + number
    known = sure & (visits.seen < len(space.states))
    heads = known | visits.first
    has_next = np.zeros(len(heads), dtype=bool)
    has_next[at] = True
    # A lone visit says something only if its state is not certain.
    heads &= has_next | (visits.first & ~sure)
    position = np.full(len(heads), -1, dtype=np.int64)
    position[at] = link
    return _count(visits, np.flatnonzero(heads), known, link_at=position, emission=emission, exact=exact, links=links)


def _count(
    visits: Visits,
    heads: Codes,
    known: NDArray[np.bool_],
    *,
    link_at: Codes,
    emission: Codes,
    exact: Codes,
    links: Links,
) -> Chains:
    """Follow all chains at once, one link after another, numbering equal ones as they grow."""
    number, _ = dense(emission[heads])
    length = np.zeros(len(heads), dtype=np.int64)
    going, columns = np.flatnonzero(link_at[heads] >= 0), []
    while len(going):
        here = heads[going] + length[going]
        columns.append((going, link_at[here], emission[here + 1]))
        # Numbers of chains that go on lie above those of chains that have ended, which are shorter.
        number[going] = len(emission) * (len(columns) + 1) + dense(number[going], emission[here + 1], link_at[here])[0]
        length[going] += 1
        going = going[~known[here + 1] & (link_at[here + 1] >= 0)]
    number, one = dense(number)
    order = np.argsort(-length[one], kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    one = one[order]
    table = np.full((2, len(columns), len(one)), -1, dtype=np.int64)
    where = np.full(len(heads), -1, dtype=np.int64)
    where[one] = np.arange(len(one))
    for row, (going, link, seen) in enumerate(columns):
        mine = where[going] >= 0
        table[:, row, where[going[mine]]] = link[mine], seen[mine]
    return Chains(
        start=emission[heads][one],
        link=table[0],
        seen=table[1],
        length=length[one],
        weight=np.bincount(place[number], minlength=len(one)).astype(np.float64),
        head=heads,
        person=visits.person[heads],
        chain=place[number],
        exact=exact,
        links=links,
    )
