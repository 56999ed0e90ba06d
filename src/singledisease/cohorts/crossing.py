"""How chains cross their intervals, and the way back of the gradient: by matrices, or each row on its own.

Where many chains share an interval its matrix is made once.  Where nearly every interval has a generator of its own,
as with a number as covariate, making matrices would be most of the work, and only one row of each is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from attrs import frozen

from singledisease.cohorts.carrying import LONGEST, Carrier, carrier, carry, carry_back
from singledisease.cohorts.chains import Chains
from singledisease.cohorts.grouping import Scatter, scatter
from singledisease.cohorts.histories import Codes, Floats
from singledisease.cohorts.links import Links, Products, elsewhere, link_matrices, moves, pull_links, with_staying
from singledisease.cohorts.propagation import Numbers

SHARED = 3.0
"""How many rows may be carried in the time that one matrix takes."""


class Crossing(Protocol):
    """One evaluation: rows over the intervals at a position of the chains, (chains, K), and their slopes back."""

    def forth(self, position: int, rows: Numbers) -> Numbers:
        """Give the rows at the end of the intervals."""

    def back(self, position: int, rows: Numbers, slopes: Numbers) -> tuple[Numbers, Any]:
        """Give the slopes by the rows, from those by the rows at the end, and what is owed to the generators."""

    def settle(self, debts: Sequence[Any]) -> Numbers:
        """Give the slopes by the generators, (C, K, K), from what is owed at each position."""


@frozen(eq=False)
class ByMatrix:
    """All chains that share an interval take its matrix."""

    generators: Numbers
    chains: Chains
    by_link: Scatter
    products: Products

    def forth(self, position: int, rows: Numbers) -> Numbers:
        """See ``Crossing``."""
        return np.asarray((rows[:, None, :] @ self._matrices(position, len(rows)))[:, 0, :])

    def back(self, position: int, rows: Numbers, slopes: Numbers) -> tuple[Numbers, Any]:
        """See ``Crossing``; what is owed is a matrix per chain."""
        owed = self._matrices(position, len(rows)) @ slopes[:, :, None]
        return owed[:, :, 0], rows[:, :, None] * slopes[:, None, :]

    def settle(self, debts: Sequence[Any]) -> Numbers:
        """See ``Crossing``."""
        by_link = self.by_link.add(np.concatenate(debts))
        return pull_links(self.generators, self.chains.links, by_link, self.products)

    def _matrices(self, position: int, chains: int) -> Numbers:
        return np.asarray(self.products.matrices[self.chains.link[position, :chains]])


@frozen(eq=False)
class Leg:
    """Steps that chains take at once: which chains, the generator of each, its length."""

    chains: Codes
    which: Codes
    times: Floats


@frozen(eq=False)
class Legs:
    """All steps of all chains.

    Attributes
    ----------
    at
        Per position, one leg after another.
    watched
        Per position, the chains that are watched, and the generator in force at the end.
    by_generator
        To add up what all legs owe.
    """

    at: tuple[tuple[Leg, ...], ...]
    watched: tuple[tuple[Codes, Codes], ...]
    by_generator: Scatter


def legs_of(chains: Chains, active: Sequence[int]) -> Legs | None:
    """Lay out the steps of each chain, if carrying rows is less work than making matrices."""
    links, positions = chains.links, range(len(active))
    rows = sum(int((links.parts[chains.link[p, : active[p]]] >= 0).sum()) for p in positions)
    if len(links.generators) == 1 or rows > SHARED * len(links.times):
        return None
    at = tuple(_legs(links, chains.link[p, : active[p]]) for p in positions)
    which = [leg.which for legs in at for leg in legs]
    staying = 2 if len(links.watched) else 1
    return Legs(
        at=at,
        watched=tuple(_watched(links, chains.link[p, : active[p]]) for p in positions),
        by_generator=scatter(np.concatenate(which), staying * len(links.generators)),
    )


def _legs(links: Links, link: Codes) -> tuple[Leg, ...]:
    legs = []
    for column in links.parts.T:
        on = np.flatnonzero(column[link] >= 0)
        # Steps of like length are worked on together: the shorter they are, the fewer terms they take.
        on = on[np.argsort(links.times[column[link[on]]], kind="stable")]
        step = column[link[on]]
        legs.append(Leg(on, links.which[step], links.times[step]))
    return tuple(legs)


def _watched(links: Links, link: Codes) -> tuple[Codes, Codes]:
    on = np.flatnonzero(np.isin(link, links.watched))
    return on, links.last[link[on]]


@frozen(eq=False)
class ByRow:
    """Each chain takes its own steps."""

    generators: Numbers
    legs: Legs
    carrier: Carrier

    def forth(self, position: int, rows: Numbers) -> Numbers:
        """See ``Crossing``."""
        for leg in self.legs.at[position]:
            rows = self._carried(leg, rows)
        on, last = self.legs.watched[position]
        if len(on):
            rows[on] = (rows[on, None, :] @ moves(self.generators)[last])[:, 0, :]
        return rows

    def back(self, position: int, rows: Numbers, slopes: Numbers) -> tuple[Numbers, Any]:
        """See ``Crossing``; what is owed is a matrix per step, and one per interval that is watched."""
        legs, (on, last) = self.legs.at[position], self.legs.watched[position]
        path, slopes, of_moves = [rows], slopes.copy(), np.empty((0, *self.generators.shape[1:]))
        for leg in legs if len(on) else legs[:-1]:
            path.append(self._carried(leg, path[-1]))
        if len(on):
            of_moves = path.pop()[on, :, None] * slopes[on, None, :]
            slopes[on] = (moves(self.generators)[last] @ slopes[on, :, None])[:, :, 0]
        debts = []
        for leg, before in zip(reversed(legs), reversed(path), strict=True):
            some = leg.chains
            slopes[some], owed = carry_back(self.carrier, leg.which, leg.times, before[some], slopes[some])
            debts.append(owed)
        return slopes, (debts[::-1], of_moves)

    def settle(self, debts: Sequence[Any]) -> Numbers:
        """See ``Crossing``."""
        total = self.legs.by_generator.add(np.concatenate([owed for steps, _ in debts for owed in steps]))
        size = len(self.generators)
        if len(total) == size:
            return total
        apart = elsewhere(self.generators)
        owed = np.zeros_like(total[:size])
        for (_, last), (_, of_moves) in zip(self.legs.watched, debts, strict=True):
            np.add.at(owed, last, of_moves)
        return np.asarray(total[:size] + total[size:] * ~apart + owed * apart)

    def _carried(self, leg: Leg, rows: Numbers) -> Numbers:
        out = rows.astype(np.result_type(rows, self.generators))
        out[leg.chains] = carry(self.carrier, leg.which, leg.times, rows[leg.chains])
        return out


def crossing(generators: Numbers, chains: Chains, by_link: Scatter, legs: Legs | None) -> Crossing:
    """Start an evaluation: by matrices as well if a step is too long, measured by the rates, for a series."""
    if legs is not None:
        made = carrier(with_staying(generators, chains.links))
        if all((made.fastest[leg.which] * leg.times <= LONGEST).all() for at in legs.at for leg in at):
            return ByRow(generators, legs, made)
    return ByMatrix(generators, chains, by_link, link_matrices(generators, chains.links))
