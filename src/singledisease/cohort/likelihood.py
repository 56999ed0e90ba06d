"""The likelihood of visits as a function of the parameters, with its gradient and its second derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.cohort import apart
from singledisease.cohort.apart import Apart
from singledisease.cohort.forward import Flow, forward, gradient
from singledisease.cohort.histories import Codes, Floats
from singledisease.cohort.parameters import Layout, add_deaths, back, by_log_rate
from singledisease.cohort.propagation import Numbers

STEP = 1e-30
"""Of the complex step: nothing is subtracted, so that it may be as small as one likes."""


@frozen(eq=False)
class Likelihood:
    """Chains and the layout of parameters.

    ``weight`` (chains) replaces how often each chain occurs, for resampled people; ``apart`` is there if they can be
    valued side by side.
    """

    flow: Flow
    layout: Layout
    weight: Floats
    apart: Apart | None

    def weighted(self, weight: Floats) -> Likelihood:
        """Give the likelihood of the same chains occurring as often as ``weight`` says."""
        return evolve(self, weight=weight)

    def value(self, theta: Floats) -> float:
        """Give the log-likelihood."""
        if self.apart is not None and (found := apart.value(self.apart, theta, self.weight)) is not None:
            return found if np.isfinite(found) else -np.inf
        q, emissions, start = self._matrices(theta)
        with np.errstate(over="ignore", invalid="ignore"):
            total = forward(self.flow, q, emissions, start, self.weight).total
        return float(total) if np.isfinite(total) else -np.inf

    def slope(self, theta: Numbers) -> tuple[Any, Numbers]:
        """Give the log-likelihood and its gradient; both complex if ``theta`` is."""
        if self.apart is not None and not np.iscomplexobj(theta):
            found = apart.slope(self.apart, theta, self.weight)
            if found is not None:
                return found
        q, emissions, start = self._matrices(theta)
        slopes = gradient(self.flow, q, emissions, start, self.weight)
        return slopes.total, back(self.layout, theta, q, slopes)

    def hessian(self, theta: Floats) -> Floats:
        """Give the second derivatives, exact to rounding, (P, P).

        By a complex step of the gradient in each parameter.  Where every chain is one step under one generator, it
        is taken in each rate of all generators at once, which are fewer than the parameters if there are covariates;
        or in no more than one sweep, if there are about as many generators as chains.
        """
        if self.apart is not None and (found := apart.curvature(self.apart, theta, self.weight)) is not None:
            return found
        rates_only = not self.layout.space.errors and self.layout.initial is not None
        if self.flow.apart and rates_only and len(self.layout.space.allowed) < len(theta):
            return self._hessian_by_rates(theta)
        out = np.empty((len(theta), len(theta)))
        for i in range(len(theta)):
            moved = theta.astype(np.complex128)
            moved[i] += 1j * STEP
            out[i] = self.slope(moved)[1].imag / STEP
        return np.asarray((out + out.T) / 2)

    def _hessian_by_rates(self, theta: Floats) -> Floats:
        layout, rates = self.layout, self.layout.rates(theta, self.layout.terms).astype(np.complex128)
        out = np.zeros((len(theta), len(theta)))
        columns = [layout.acting_on(rate) for rate in range(rates.shape[1])]
        for rate, (mine, values) in enumerate(columns):
            moved = rates.copy()
            moved[:, rate] *= 1 + 1j * STEP
            q = layout.filled(moved)
            slopes = gradient(self.flow, q, layout.emissions(theta, q), layout.start(theta), self.weight)
            curves = by_log_rate(layout, q, slopes).imag / STEP
            for other, (theirs, terms) in enumerate(columns):
                np.add.at(out, np.ix_(mine, theirs), values.T @ (curves[:, other, None] * terms))
        return np.asarray((out + out.T) / 2)

    def transitions(self, theta: Floats) -> Floats:
        """Give the expected number of transitions of each kind between the visits, given what was seen, (rates).

        It is the derivative of the log-likelihood by the log of a rate, staying as likely as before; a death at a
        known time is itself one.
        """
        q, emissions, start = self._matrices(theta)
        slopes = gradient(self.flow, q, emissions, start, self.weight)
        of_q, exact = np.asarray(slopes.generators).copy(), self.layout.exact
        by_death = slopes.emissions[self.layout.deaths_from :]
        add_deaths(of_q, exact, by_death)
        a, b = self.layout.sources, self.layout.targets
        return np.asarray((of_q[:, a, b] * q[:, a, b]).sum(0))

    def impossible(self, theta: Floats) -> Codes:
        """Give the chains whose probability is 0."""
        q, emissions, start = self._matrices(theta)
        return forward(self.flow, q, emissions, start, self.weight).impossible()

    def _matrices(self, theta: Numbers) -> tuple[Numbers, Numbers, NDArray[Any]]:
        q = self.layout.generators(theta, self.layout.terms)
        return q, self.layout.emissions(theta, q), self.layout.start(theta)
