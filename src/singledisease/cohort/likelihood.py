"""The likelihood of visits as a function of the parameters, with its gradient and its second derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.cohort.forward import Flow, forward, gradient
from singledisease.cohort.histories import Codes, Floats
from singledisease.cohort.parameters import Layout, add_deaths, back
from singledisease.cohort.propagation import Numbers

STEP = 1e-30
"""Of the complex step: nothing is subtracted, so that it may be as small as one likes."""


@frozen(eq=False)
class Likelihood:
    """Chains and the layout of parameters.

    ``weight`` (chains) replaces how often each chain occurs, for resampled people.
    """

    flow: Flow
    layout: Layout
    weight: Floats

    def weighted(self, weight: Floats) -> Likelihood:
        """Give the likelihood of the same chains occurring as often as ``weight`` says."""
        return evolve(self, weight=weight)

    def value(self, theta: Floats) -> float:
        """Give the log-likelihood."""
        q, emissions, start = self._matrices(theta)
        with np.errstate(over="ignore", invalid="ignore"):
            total = forward(self.flow, q, emissions, start, self.weight).total
        return float(total) if np.isfinite(total) else -np.inf

    def slope(self, theta: Numbers) -> tuple[Any, Numbers]:
        """Give the log-likelihood and its gradient; both complex if ``theta`` is."""
        q, emissions, start = self._matrices(theta)
        slopes = gradient(self.flow, q, emissions, start, self.weight)
        return slopes.total, back(self.layout, theta, q, slopes)

    def hessian(self, theta: Floats) -> Floats:
        """Give the second derivatives, exact to rounding, by a complex step of the gradient, (P, P)."""
        out = np.empty((len(theta), len(theta)))
        for i in range(len(theta)):
            moved = theta.astype(np.complex128)
            moved[i] += 1j * STEP
            out[i] = self.slope(moved)[1].imag / STEP
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
