"""From parameters to rates and error probabilities, and the way back of the gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.cohort.chains import Chains
from singledisease.cohort.histories import Codes, Floats
from singledisease.cohort.propagation import Numbers
from singledisease.cohort.space import StateSpace


@frozen
class Parameter:
    """One parameter: a log rate, a log ratio of rates, or a logit.

    ``kind`` is ``rate``, ``effect`` (of a covariate), ``period``, ``error`` or ``initial``; ``pairs`` are the
    transitions (or the error) it concerns; ``spread`` is the step on which an effect is judged.
    """

    name: str
    kind: str
    pairs: tuple[tuple[int, int], ...]
    term: str = ""
    spread: float = 1.0


@frozen(eq=False, kw_only=True)
class Layout:
    """Where each parameter acts.

    Attributes
    ----------
    space
        The states.
    parameters
        In order: rates, effects, periods, errors, initial.
    terms
        float64 (generators, terms): covariates, centred, then 0/1 for each period but the first.
    acts
        int64 (rates, terms): the parameter that multiplies a term in the log of a rate, or -1.
    exact
        int64 (exact emissions, 2): generator and state.
    initial
        float64 (K): weight of the states at the start, if it is given; ``None``: estimated.
    """

    space: StateSpace
    parameters: tuple[Parameter, ...]
    terms: Floats
    acts: Codes
    exact: Codes
    initial: Floats | None

    @property
    def sources(self) -> Codes:
        """State left, per rate."""
        return np.array([a for a, _ in self.space.allowed], dtype=np.int64)

    @property
    def targets(self) -> Codes:
        """State entered, per rate."""
        return np.array([b for _, b in self.space.allowed], dtype=np.int64)

    def kind(self, name: str) -> Codes:
        """Parameters of one kind."""
        return np.array([i for i, p in enumerate(self.parameters) if p.kind == name], dtype=np.int64)

    def rates(self, theta: Numbers, terms: Floats) -> Numbers:
        """Give the rates for rows of terms, (rows, rates); ``theta`` may have leading axes."""
        padded = np.concatenate((theta, np.zeros((*theta.shape[:-1], 1), dtype=theta.dtype)), axis=-1)
        base = theta[..., None, : len(self.space.allowed)]
        effects = np.swapaxes(padded[..., self.acts], -1, -2)
        return np.asarray(np.exp(base + terms @ effects))

    def generators(self, theta: Numbers, terms: Floats) -> Numbers:
        """Give the generators for rows of terms, (…, rows, K, K)."""
        return self.filled(self.rates(theta, terms))

    def filled(self, rates: Numbers) -> Numbers:
        """Put rates into generators, (…, K, K)."""
        k = len(self.space.states)
        q = np.zeros((*rates.shape[:-1], k, k), dtype=rates.dtype)
        q[..., self.sources, self.targets] = rates
        diagonal = np.arange(k)
        q[..., diagonal, diagonal] = 0.0 - q.sum(-1)
        return q

    def errors(self, theta: Numbers) -> Numbers:
        """Give the probability of each observed state by true state, (K, K)."""
        k = len(self.space.states)
        odds = np.eye(k, dtype=theta.dtype)
        for i, (true, seen) in zip(self.kind("error"), self.space.errors, strict=True):
            odds[true, seen] = np.exp(theta[i])
        return np.asarray(odds / odds.sum(1, keepdims=True))

    def start(self, theta: Numbers) -> Numbers:
        """Give the weight of each state at the start of a chain, (K)."""
        if self.initial is not None:
            return self.initial
        odds = np.zeros(len(self.space.states), dtype=theta.dtype)
        odds[0] = 1.0
        for i in self.kind("initial"):
            odds[self.parameters[i].pairs[0][1]] = np.exp(theta[i])
        return np.asarray(odds / odds.sum())

    def emissions(self, theta: Numbers, generators: Numbers) -> Numbers:
        """Give the probability or density of what is seen by true state, (emissions, K)."""
        sets = self.space.seen_as()
        states = sets.astype(np.float64)
        exact = generators[self.exact[:, 0], :, self.exact[:, 1]].copy()
        exact[np.arange(len(exact)), self.exact[:, 1]] = 0.0
        return np.concatenate((states @ self.errors(theta).T, states, exact))


def add_deaths(of_q: Numbers, exact: Codes, of_exact: Numbers) -> None:
    """Add what deaths at a known time owe to the rates into the state, column by column."""
    for (generator, state), owed in zip(exact, of_exact, strict=True):
        of_q[generator, :, state] += owed


def back(layout: Layout, theta: Numbers, q: Numbers, slopes: Any) -> Numbers:
    """Give the derivatives by the parameters from those by generators, emissions and start."""
    out = np.zeros(len(theta), dtype=np.result_type(theta, slopes.generators))
    of_q, labels = slopes.generators.copy(), len(layout.space.labels)
    of_exact = slopes.emissions[2 * labels :].copy()
    of_exact[np.arange(len(of_exact)), layout.exact[:, 1]] = 0.0
    add_deaths(of_q, layout.exact, of_exact)
    a, b = layout.sources, layout.targets
    by_log = (of_q[:, a, b] - of_q[:, a, a]) * q[:, a, b]
    out[: len(a)] = by_log.sum(0)
    by_term = (layout.terms.T @ by_log).T
    acts = layout.acts >= 0
    np.add.at(out, layout.acts[acts], by_term[acts])
    _back_errors(layout, theta, slopes, out)
    return out


def _back_errors(layout: Layout, theta: Numbers, slopes: Any, out: Numbers) -> None:
    space = layout.space
    if space.errors:
        e = layout.errors(theta)
        of_e = slopes.emissions[: len(space.labels)].T @ space.seen_as().astype(np.float64)
        mean = (of_e * e).sum(1)
        for i, (true, seen) in zip(layout.kind("error"), space.errors, strict=True):
            out[i] = e[true, seen] * (of_e[true, seen] - mean[true])
    if layout.initial is None:
        start = layout.start(theta)
        mean = slopes.initial @ start
        for i in layout.kind("initial"):
            k = layout.parameters[i].pairs[0][1]
            out[i] = start[k] * (slopes.initial[k] - mean)


def layout_of(
    space: StateSpace,
    *,
    chains: Chains,
    patterns: Floats,
    terms: tuple[str, ...],
    spread: Floats,
    periods: tuple[str, ...],
    acting: dict[str, NDArray[np.bool_]],
    shared: frozenset[str],
    initial: Floats | None,
) -> Layout:
    """Lay out the parameters; ``acting`` says of each term on which rates it acts, ``shared`` if with one effect."""
    made = [Parameter(f"{space.arrow(p)}", "rate", (p,)) for p in space.allowed]
    columns = [*zip(terms, spread, ["effect"] * len(terms), strict=True)]
    columns += [(name, 1.0, "period") for name in periods[1:]]
    acts = np.full((len(space.allowed), len(columns)), -1, dtype=np.int64)
    for column, (term, width, kind) in enumerate(columns):
        on = np.flatnonzero(acting.get(term, np.ones(len(space.allowed), dtype=bool)))
        groups = [on] if term in shared else [on[i : i + 1] for i in range(len(on))]
        for group in groups:
            pairs = tuple(space.allowed[i] for i in group)
            acts[group, column] = len(made)
            on_what = "all" if term in shared else space.arrow(pairs[0])
            made.append(Parameter(f"{term} on {on_what}", kind, pairs, term, float(width)))
    made += [Parameter(f"{space.states[a]} seen as {space.states[b]}", "error", ((a, b),)) for a, b in space.errors]
    if initial is None:
        may_start = [k for k in range(1, len(space.states)) if not space.absorbing[k]]
        made += [Parameter(f"starts in {space.states[k]}", "initial", ((0, k),)) for k in may_start]
    generators = chains.links.generators
    dummies = generators[:, 1:] == np.arange(1, len(periods))
    return Layout(
        space=space,
        parameters=tuple(made),
        terms=np.concatenate((patterns[generators[:, 0]], dummies), axis=1),
        acts=acts,
        exact=chains.exact,
        initial=initial,
    )
