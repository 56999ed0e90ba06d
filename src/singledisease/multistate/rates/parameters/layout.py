"""From parameters to rates and error probabilities, and the way back of the gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen

from singledisease.multistate.arrays import Codes, Floats, Numbers
from singledisease.multistate.rates.parameters.misclassification import Misclassification
from singledisease.multistate.rates.visits.state_space import StateSpace

OF_RATES = ("rate", "effect", "period")
"""Kinds of parameters that concern transitions; the others concern what is seen."""


@frozen
class ModelParameter:
    """One parameter: a log rate, a log ratio of rates, a logit, or a log ratio of odds.

    ``kind`` is ``rate``, ``effect`` (of a covariate), ``period``, ``error``, ``error_effect`` or ``initial``;
    ``pairs`` are the transitions (or the errors) it concerns; ``spread`` is the step on which an effect is judged.
    """

    name: str
    kind: str
    pairs: tuple[tuple[int, int], ...]
    term: str = ""
    spread: float = 1.0


@frozen(eq=False, kw_only=True)
class ParameterLayout:
    """Where each parameter acts.

    Attributes
    ----------
    space
        The states.
    parameters
        In order: rates, effects, periods, errors and effects on them, initial.
    base
        int64 (rates): the parameter that is the log of a rate.
    terms
        float64 (generators, terms): covariates, centred, then 0/1 for each period but the first.
    acts
        int64 (rates, terms): the parameter that multiplies a term in the log of a rate, or -1.
    exact
        int64 (exact emissions, 2): generator and state.
    misclassification_model
        The errors.
    initial
        float64 (K): weight of the states at the start, if it is given; ``None``: estimated.
    """

    space: StateSpace
    parameters: tuple[ModelParameter, ...]
    base: Codes
    terms: Floats
    acts: Codes
    exact: Codes
    misclassification_model: Misclassification
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
        """Return the rates for rows of terms, (rows, rates); ``theta`` may have leading axes."""
        padded = np.concatenate((theta, np.zeros((*theta.shape[:-1], 1), dtype=theta.dtype)), axis=-1)
        base = theta[..., None, self.base]
        effects = np.swapaxes(padded[..., self.acts], -1, -2)
        return np.asarray(np.exp(base + terms @ effects))

    def acting_on(self, rate: int) -> tuple[Codes, Floats]:
        """Return the parameters that act on a rate, and their factors in its log by generator, (generators, …)."""
        acts = self.acts[rate] >= 0
        factors = np.concatenate((np.ones((len(self.terms), 1)), self.terms[:, acts]), axis=1)
        return np.append(self.base[rate], self.acts[rate, acts]), factors

    def generators(self, theta: Numbers, terms: Floats) -> Numbers:
        """Return the generators for rows of terms, (…, rows, K, K)."""
        return self.filled(self.rates(theta, terms))

    def filled(self, rates: Numbers) -> Numbers:
        """Put rates into generators, (…, K, K)."""
        k = len(self.space.states)
        q = np.zeros((*rates.shape[:-1], k, k), dtype=rates.dtype)
        q[..., self.sources, self.targets] = rates
        diagonal = np.arange(k)
        q[..., diagonal, diagonal] = 0.0 - q.sum(-1)
        return q

    @property
    def deaths_from(self) -> int:
        """The first emission that is a death at a known time; see ``emissions``."""
        return len(self.space.labels) * (len(self.misclassification_model.terms) + 1)

    def start(self, theta: Numbers) -> Numbers:
        """Return the weight of each state at the start of a chain, (K)."""
        if self.initial is not None:
            return self.initial
        odds = np.zeros(len(self.space.states), dtype=theta.dtype)
        odds[0] = 1.0
        for i in self.kind("initial"):
            odds[self.parameters[i].pairs[0][1]] = np.exp(theta[i])
        return np.asarray(odds / odds.sum())

    def emissions(self, theta: Numbers, generators: Numbers) -> Numbers:
        """Return the probability or density of what is seen by true state, (emissions, K).

        First each label, seen with error, under each pattern of the errors; then seen without; then deaths at a
        known time.
        """
        sets = self.space.seen_as().astype(np.float64)
        doubtful = sets @ self.misclassification_model.probabilities(theta).swapaxes(1, 2)
        exact = generators[self.exact[:, 0], :, self.exact[:, 1]].copy()
        exact[np.arange(len(exact)), self.exact[:, 1]] = 0.0
        return np.concatenate((doubtful.reshape(-1, len(self.space.states)), sets, exact))


def add_deaths(of_q: Numbers, exact: Codes, of_exact: Numbers) -> None:
    """Add what deaths at a known time owe to the rates into the state, column by column."""
    every = np.arange(of_q.shape[1])
    np.add.at(of_q, (exact[:, :1], every, exact[:, 1:]), of_exact)


def by_log_rate(layout: ParameterLayout, q: Numbers, slopes: Any) -> Numbers:
    """Return the derivatives by the log of each rate of each generator, (generators, rates)."""
    of_q = slopes.generators.copy()
    of_exact = slopes.emissions[layout.deaths_from :].copy()
    of_exact[np.arange(len(of_exact)), layout.exact[:, 1]] = 0.0
    add_deaths(of_q, layout.exact, of_exact)
    a, b = layout.sources, layout.targets
    return np.asarray((of_q[:, a, b] - of_q[:, a, a]) * q[:, a, b])


def back(layout: ParameterLayout, theta: Numbers, q: Numbers, slopes: Any) -> Numbers:
    """Return the derivatives by the parameters from those by generators, emissions and start."""
    out = np.zeros(len(theta), dtype=np.result_type(theta, slopes.generators))
    by_log = by_log_rate(layout, q, slopes)
    np.add.at(out, layout.base, by_log.sum(0))
    acts = layout.acts >= 0
    np.add.at(out, layout.acts[acts], (by_log.T @ layout.terms)[acts])
    if layout.space.errors:
        labels, k = len(layout.space.labels), len(layout.space.states)
        doubtful = slopes.emissions[: layout.deaths_from - labels].reshape(-1, labels, k)
        layout.misclassification_model.back(
            theta, doubtful.swapaxes(1, 2) @ layout.space.seen_as().astype(np.float64), out
        )
    if layout.initial is None:
        start = layout.start(theta)
        mean = slopes.initial @ start
        for i in layout.kind("initial"):
            k = layout.parameters[i].pairs[0][1]
            out[i] = start[k] * (slopes.initial[k] - mean)
    return out
