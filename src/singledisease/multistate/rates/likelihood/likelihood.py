"""The likelihood of visits as a function of the parameters, with its gradient and its second derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.multistate.arrays import Codes, Floats, Numbers
from singledisease.multistate.rates.likelihood import covariate_likelihood
from singledisease.multistate.rates.likelihood.covariate_likelihood import (
    AtParameters,
    CovariateLikelihood,
    at_parameters,
)
from singledisease.multistate.rates.likelihood.forward import ForwardPlan, forward, gradient
from singledisease.multistate.rates.likelihood.observed_paths import ObservedPaths
from singledisease.multistate.rates.parameters.layout import ParameterLayout, add_deaths, back, by_log_rate

STEP = 1e-30
"""Of the complex step: nothing is subtracted, so that it may be as small as one likes."""


@frozen(eq=False)
class Likelihood:
    """Sequences and the layout of parameters.

    ``weight`` (sequences) replaces how often each sequence occurs, for resampled people; ``by_covariate`` is there if
    some can be valued side by side, ``observed`` if all paths are fully observed, so that no matrix is needed.
    """

    plan: ForwardPlan
    layout: ParameterLayout
    weight: Floats
    by_covariate: CovariateLikelihood | None = None
    observed: ObservedPaths | None = None

    def weighted(self, weight: Floats) -> Likelihood:
        """Return the likelihood of the same sequences occurring as often as ``weight`` says."""
        return evolve(self, weight=weight)

    def value(self, theta: Floats) -> float:
        """Return the log-likelihood."""
        if self.observed is not None:
            return self.observed.value(theta, self.weight)
        lanes, left, weight = self._parts(theta)
        total = 0.0 if lanes is None else covariate_likelihood.value(lanes, self.weight)
        if left is not None:
            q, emissions, start = self._matrices(theta)
            with np.errstate(over="ignore", invalid="ignore"):
                total = total + forward(left, q, emissions, start, weight).total
        return float(total) if np.isfinite(total) else -np.inf

    def slope(self, theta: Numbers) -> tuple[Any, Numbers]:
        """Return the log-likelihood and its gradient; both complex if ``theta`` is."""
        if self.observed is not None:
            return self.observed.slope(theta, self.weight)
        lanes, left, weight = self._parts(theta)
        total, slope = (0.0, np.zeros_like(theta)) if lanes is None else covariate_likelihood.slope(lanes, self.weight)
        if left is not None:
            more, other = self._slope(left, weight, theta)
            total, slope = total + more, slope + other
        return (total, slope) if np.isfinite(total) else (-np.inf, np.zeros_like(theta))

    def hessian(self, theta: Floats) -> Floats:
        """Return the second derivatives, exact to rounding, (P, P).

        In one sweep for the sequences that are valued side by side.  For the others by a complex step of the gradient
        in each parameter; or, where each of them is one step under one generator, in each rate of all generators at
        once, which are fewer than the parameters if there are covariates.
        """
        if self.observed is not None:
            return self.observed.hessian(theta, self.weight)
        lanes, left, weight = self._parts(theta)
        found = (
            np.zeros((len(theta), len(theta))) if lanes is None else covariate_likelihood.curvature(lanes, self.weight)
        )
        if left is None:
            return found
        rates_only = not self.layout.space.errors and self.layout.initial is not None
        if left.one_generator_each and rates_only and len(self.layout.space.allowed) < len(theta):
            return found + self._hessian_by_rates(left, weight, theta)
        out = np.empty_like(found)
        for i in range(len(theta)):
            moved = theta.astype(np.complex128)
            moved[i] += 1j * STEP
            out[i] = self._slope(left, weight, moved)[1].imag / STEP
        return np.asarray(found + (out + out.T) / 2)

    def rough(self, theta: Floats) -> Floats | None:
        """Return the second derivatives of what is valued side by side, (P, P): they cost next to nothing."""
        if self.observed is not None:
            return self.observed.hessian(theta, self.weight)
        lanes = self._parts(theta)[0]
        return None if lanes is None else covariate_likelihood.curvature(lanes, self.weight)

    def _parts(self, theta: Numbers) -> tuple[AtParameters | None, ForwardPlan | None, Floats]:
        """Return the sequences that are valued side by side, the others, and how often each of these counts."""
        lanes = None if self.by_covariate is None or np.iscomplexobj(theta) else at_parameters(self.by_covariate, theta)
        if lanes is None:
            return None, self.plan, self.weight
        rest = lanes.given.rest
        return (lanes, None, self.weight) if rest is None else (lanes, rest.plan, self.weight[rest.sequences])

    def _slope(self, left: ForwardPlan, weight: Floats, theta: Numbers) -> tuple[Any, Numbers]:
        q, emissions, start = self._matrices(theta)
        slopes = gradient(left, q, emissions, start, weight)
        return slopes.total, back(self.layout, theta, q, slopes)

    def _hessian_by_rates(self, left: ForwardPlan, weight: Floats, theta: Floats) -> Floats:
        layout, rates = self.layout, self.layout.rates(theta, self.layout.terms).astype(np.complex128)
        out = np.zeros((len(theta), len(theta)))
        columns = [layout.acting_on(rate) for rate in range(rates.shape[1])]
        for rate, (mine, values) in enumerate(columns):
            moved = rates.copy()
            moved[:, rate] *= 1 + 1j * STEP
            q = layout.filled(moved)
            slopes = gradient(left, q, layout.emissions(theta, q), layout.start(theta), weight)
            curves = by_log_rate(layout, q, slopes).imag / STEP
            for other, (theirs, terms) in enumerate(columns):
                np.add.at(out, np.ix_(mine, theirs), values.T @ (curves[:, other, None] * terms))
        return np.asarray((out + out.T) / 2)

    def transitions(self, theta: Floats) -> Floats:
        """Return the expected number of transitions of each kind between the visits, given what was seen, (rates).

        It is the derivative of the log-likelihood by the log of a rate, staying as likely as before; a death at a
        known time is itself one.
        """
        if self.observed is not None:
            return np.asarray(self.observed.totals(self.weight)[0].sum(0))
        q, emissions, start = self._matrices(theta)
        slopes = gradient(self.plan, q, emissions, start, self.weight)
        of_q, exact = np.asarray(slopes.generators).copy(), self.layout.exact
        by_death = slopes.emissions[self.layout.deaths_from :]
        add_deaths(of_q, exact, by_death)
        a, b = self.layout.sources, self.layout.targets
        return np.asarray((of_q[:, a, b] * q[:, a, b]).sum(0))

    def impossible(self, theta: Floats) -> Codes:
        """Return the sequences whose probability is 0."""
        if self.observed is not None:
            return self.observed.impossible(theta)
        q, emissions, start = self._matrices(theta)
        return forward(self.plan, q, emissions, start, self.weight).impossible()

    def _matrices(self, theta: Numbers) -> tuple[Numbers, Numbers, NDArray[Any]]:
        q = self.layout.generators(theta, self.layout.terms)
        return q, self.layout.emissions(theta, q), self.layout.start(theta)
