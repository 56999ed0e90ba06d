"""Errors in what is seen: the probability of each observed state given the true one, as multinomial logits."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen

from singledisease.multistate.arrays import Codes, Floats, Numbers
from singledisease.multistate.rates.visits.state_space import Pairs


@frozen(eq=False, kw_only=True)
class Misclassification:
    """Where each parameter of the errors acts.

    Attributes
    ----------
    size
        How many states, K.
    pairs
        Errors that happen, (true, observed).
    base
        int64 (errors): the parameter that is the log odds of an error against seeing the truth.
    terms
        float64 (patterns, terms): covariates at a visit, centred.
    acts
        int64 (errors, terms): the parameter that multiplies a term in the log odds, or -1.
    """

    size: int
    pairs: Pairs
    base: Codes
    terms: Floats
    acts: Codes

    @property
    def _places(self) -> tuple[Codes, Codes]:
        pairs = np.array(self.pairs, dtype=np.int64).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    def probabilities(self, theta: Numbers, terms: Floats | None = None) -> Numbers:
        """Return the probability of each observed state (columns) by true state (rows), (patterns, K, K)."""
        terms = self.terms if terms is None else terms
        padded = np.append(theta, 0.0)
        true, seen = self._places
        odds = np.zeros((len(terms), self.size, self.size), dtype=padded.dtype)
        odds[:, range(self.size), range(self.size)] = 1.0
        odds[:, true, seen] = np.exp(padded[self.base] + terms @ padded[self.acts].T)
        return np.asarray(odds / odds.sum(2, keepdims=True))

    def back(self, theta: Numbers, slopes: Numbers, out: Any) -> None:
        """Add the derivatives by the parameters to ``out`` from those by the probabilities, (patterns, K, K)."""
        true, seen = self._places
        e = self.probabilities(theta)
        mean = (slopes * e).sum(2)
        by_logit = e[:, true, seen] * (slopes[:, true, seen] - mean[:, true])
        np.add.at(out, self.base, by_logit.sum(0))
        acts = self.acts >= 0
        np.add.at(out, self.acts[acts], (by_logit.T @ self.terms)[acts])
