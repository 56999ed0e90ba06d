"""Projected stocks, and what they cost and yield."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from singledisease.errors import UsageError, did_you_mean
from singledisease.multistate.arrays import Floats
from singledisease.multistate.scenarios.stepping import exit_shares
from singledisease.multistate.scenarios.stock_model import StockModel
from singledisease.multistate.uncertainty.estimate import Estimate
from singledisease.multistate.uncertainty.limits import tails_of
from singledisease.tables import Heading, Table, displayed

HEADINGS: dict[str, Heading] = {
    "step": ("步", "step"),
    "state": ("状态", "state"),
    "people": ("人数", "people"),
    "difference": ("差", "difference"),
    "ci_low": ("下限", "low"),
    "ci_high": ("上限", "high"),
}

PEOPLE = dict.fromkeys(("people", "difference", "ci_low", "ci_high"), ",.1f")


NOTHING_DRAWN = (
    "（未抽样，故无区间 / no intervals, because nothing was drawn: of a scenario give `uncertain`; of a fit some of "
    "whose rates are not identified, `bootstrap(fit).project(…)` draws people; so does `forecast(cohort)`）"
)


@displayed
@frozen(eq=False, kw_only=True)
class Projection:
    """Stocks over steps.

    Attributes
    ----------
    scenario
        What was projected.
    stocks
        (T + 1, K), before the first step and after each.
    gone
        (T + 1, exits): who had gone by each way out, in the order of ``scenario.exits``.
    matrices
        Of each step, (K, K).
    draws
        (n, T + 1, K), or ``None``.
    drawn_matrices
        Of each step, (n, K, K), or ``None``.

    >>> import singledisease as sd
    >>> found = sd.scenario([100, 0], [[0.9, 0.1], [0.0, 1.0]], states=["well", "ill"]).project(3)
    >>> found.stocks.round(6).tolist()
    [[100.0, 0.0], [90.0, 10.0], [81.0, 19.0], [72.9, 27.1]]
    >>> found.time_to("ill", share=0.2), found.time_in("well")
    (3, 243.9)
    """

    scenario: StockModel = field(repr=False)
    stocks: Floats
    gone: Floats
    matrices: tuple[Floats, ...] = field(repr=False)
    draws: Floats | None = field(default=None, repr=False)
    drawn_matrices: tuple[Floats, ...] | None = field(default=None, repr=False)

    @property
    def steps(self) -> int:
        """How many steps."""
        return len(self.stocks) - 1

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return the quantiles of the draws of the stocks, (T + 1, K) each; NaN if there are none."""
        if self.draws is None:
            return np.full_like(self.stocks, np.nan), np.full_like(self.stocks, np.nan)
        low, high = np.quantile(self.draws, tails_of(level), axis=0)
        return low, high

    def codes(self, states: Any) -> list[int]:
        """Return the places of states, or of one; raises ``UsageError`` if there is none of that name."""
        known = self.scenario.states
        states = [states] if isinstance(states, str) or states in known else states
        for name in states:
            if name not in known:
                raise UsageError(f"there is no state {name!r}; {did_you_mean(str(name), map(str, known))}")
        return [known.index(name) for name in states]

    def total(self, values: ArrayLike, *, discount: float = 0.0, first: int = 1, half_cycle: bool = False) -> Estimate:
        """Sum stocks times values over the steps: costs, life-years, quality-adjusted ones.

        Parameters
        ----------
        values
            Per person and step in each state, (K,), or also by step, (T + 1, K).
        discount
            Per step: what comes after t steps is divided by (1 + discount)ᵗ.
        first
            0 to count the stocks before the first step too, 1 to count those at the end of each.
        half_cycle
            Whether to take each step at the mean of its two ends (the trapezoid), whatever ``first`` says.

        Raises
        ------
        UsageError
            If there is not one value per state, or the discount is -1 or below.
        """
        given = np.asarray(values, dtype=np.float64)
        if given.shape not in ((), (self.stocks.shape[1],), self.stocks.shape):
            raise UsageError(
                f"values: one per state, {self.stocks.shape[1]}, or one per step and state, {self.stocks.shape}; "
                f"got {given.shape}"
            )
        if discount <= -1 or first not in (0, 1):
            raise UsageError(
                f"expected a discount above -1 and first 0 or 1; got discount={discount!r}, first={first!r}"
            )
        worth = np.broadcast_to(given, self.stocks.shape)
        weight = (1.0 + discount) ** -np.arange(self.steps + 1.0)
        if half_cycle:
            weight[[0, -1]] /= 2
        else:
            weight[:first] = 0.0
        table = worth * weight[:, None]
        drawn = None if self.draws is None else np.einsum("ntk,tk->n", self.draws, table)
        return Estimate(float((self.stocks * table).sum()), drawn)

    def time_in(self, *states: Any, discount: float = 0.0, half_cycle: bool = False) -> Estimate:
        """Sum the person-steps in some states: life-years, if they are those alive and a step is a year.

        Raises
        ------
        UsageError
            If no state is named, or one that there is not.
        """
        if not states:
            raise UsageError(f"time in which states? there are {', '.join(map(str, self.scenario.states))}")
        values = np.zeros(len(self.scenario.states))
        values[self.codes(states)] = 1.0
        return self.total(values, discount=discount, half_cycle=half_cycle)

    def share(self, states: Any, of: Any = None) -> Floats:
        """Return the share of some states in others (left out: in all), (T + 1); NaN where there is nobody."""
        return _share(self.stocks, *self._part(states, of))

    def _part(self, states: Any, of: Any) -> tuple[list[int], list[int] | None]:
        part, whole = self.codes(states), None if of is None else self.codes(of)
        if whole is not None and not set(part) <= set(whole):
            raise UsageError(
                f"{states!r} is not part of {of!r}: a share is that of some states in others that include them"
            )
        return part, whole

    def time_to(self, states: Any, share: float, of: Any = None) -> Estimate:
        """Return the first step at whose end a share is reached; infinity, written as not reached, if it is not.

        Parameters
        ----------
        states, of
            As in ``share``.
        share
            From 0 to 1.

        Raises
        ------
        UsageError
            If there is no such state, or no such share.
        """
        if not 0 <= share <= 1:
            raise UsageError(f"share={share!r} must lie between 0 and 1")
        part, whole = self._part(states, of)
        drawn = None
        if self.draws is not None:
            drawn = _first(_share(self.draws, part, whole) >= share)
        return Estimate(float(_first((_share(self.stocks, part, whole) >= share)[None])[0]), drawn)

    def flows(self, step: int) -> Floats:
        """Return how many go from each state to each in a step (from 1), (K, K)."""
        return self._staying(self.stocks[step - 1], step)[:, None] * np.nan_to_num(self.matrices[step - 1], nan=0.0)

    def drawn_flows(self, step: int) -> Floats | None:
        """Return the draws of ``flows``, (n, K, K), or ``None``."""
        if self.draws is None or self.drawn_matrices is None:
            return None
        known = np.nan_to_num(self.drawn_matrices[step - 1], nan=0.0)
        return self._staying(self.draws[:, step - 1], step)[..., None] * known

    def _staying(self, stock: Floats, step: int) -> Floats:
        return np.asarray(stock * (1 - exit_shares(self.scenario.exits, step, len(self.scenario.states)).sum(0)))

    def table(self, level: float = 0.95, *, steps: Sequence[int] | None = None) -> Table:
        """Write one row per step and state: people, and the limits of their interval.

        Parameters
        ----------
        level
            Of the interval.
        steps
            Only these, 0 being before the first; left out: all.

        Raises
        ------
        UsageError
            If there is no such step.
        """
        chosen = self._chosen(steps)
        low, high = self.interval(level)
        rows = [
            (t, str(state), float(self.stocks[t, k]), _known(low[t, k]), _known(high[t, k]))
            for t in chosen
            for k, state in enumerate(self.scenario.states)
        ]
        rows += [
            (t, name, float(self.gone[t, e]), None, None) for t in chosen for e, name in enumerate(self.scenario.exits)
        ]
        return self._table("people", rows)

    def _chosen(self, steps: Sequence[int] | None) -> Sequence[int]:
        wrong = [step for step in steps or () if step not in range(self.steps + 1)]
        if wrong:
            raise UsageError(f"there is no step {wrong[0]!r}; there are 0 to {self.steps}")
        return range(self.steps + 1) if steps is None else steps

    def against(self, other: Projection, level: float = 0.95, *, steps: Sequence[int] | None = None) -> Table:
        """Write how much higher the stocks are than in another projection, with the interval of the difference.

        Parameters
        ----------
        other
            The projection that is taken away.
        level, steps
            As in ``table``.

        Raises
        ------
        UsageError
            If they are of other states or steps, or their draws are no pairs; if there is no such step.
        """
        if self.scenario.states != other.scenario.states or self.stocks.shape != other.stocks.shape:
            raise UsageError("only projections of the same states and steps can be compared")
        rows = []
        for t, k in product(self._chosen(steps), range(len(self.scenario.states))):
            gap = self._stock(t, k) - other._stock(t, k)
            low, high = gap.interval(level)
            rows.append((t, str(self.scenario.states[k]), gap.value, _known(low), _known(high)))
        return self._table("difference", rows)

    def _table(self, what: str, rows: list[tuple[Any, ...]]) -> Table:
        return Table.of_rows(
            ("step", "state", what, "ci_low", "ci_high"),
            rows,
            headings=HEADINGS,
            formats=PEOPLE,
            called={"state": self.scenario.names},
        )

    def _stock(self, step: int, state: int) -> Estimate:
        drawn = None if self.draws is None else self.draws[:, step, state]
        return Estimate(float(self.stocks[step, state]), drawn)

    @property
    def notes(self) -> tuple[str, ...]:
        """Why there is no interval, if there is none."""
        return () if self.draws is not None else (NOTHING_DRAWN,)

    def __str__(self) -> str:
        return "\n".join([str(self.table()), *self.notes])


def _known(value: Any) -> float | None:
    return None if math.isnan(value) else float(value)


def _share(stocks: Floats, part: list[int], whole: list[int] | None) -> Floats:
    total = stocks.sum(-1) if whole is None else stocks[..., whole].sum(-1)
    some = stocks[..., part].sum(-1)
    return np.asarray(np.divide(some, total, out=np.full_like(total, np.nan), where=total > 0))


def _first(reached: Any) -> Floats:
    return np.where(reached.any(axis=1), reached.argmax(axis=1), np.inf)
