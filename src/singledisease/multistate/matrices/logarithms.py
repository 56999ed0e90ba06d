"""All the logarithms of a transition matrix that could be generators, where its eigenvalues differ.

A real logarithm of a matrix with distinct eigenvalues takes the real ones' logarithms, and of each pair of complex ones
log|λ| ± i(θ + 2πn).  An eigenvalue of a generator of K states lies in a sector: |imaginary| ≤ −real · cot(π/K).  So
there are finitely many to try.

Source: Runnenberg, Proc KNAW A 1962;65:536–541 (the sector); Israel, Rosenthal & Wei, Mathematical Finance
2001;11:245–265.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.multistate.arrays import Floats

CLOSE = 1e-9
"""Eigenvalues as near to each other as this, or rates as far below 0, are not told apart from equal ones, or from 0."""
EIGEN = 1e-15
"""How far off an eigenvalue may be, for eigenvectors that are at right angles."""
LOST = 1e-13
"""An eigenvalue as near to 0 as this is rounding: neither its sign nor its logarithm is known."""
MOST = 10_000
"""Logarithms tried at most."""


def other_logarithms(p: Floats) -> tuple[Floats | None, str]:
    """Try every logarithm: give a generator if there is one, otherwise why there is none, blank if undecided.

    >>> other_logarithms(np.array([[0.9, 0.1], [0.2, 0.8]]))[0].round(4).tolist()
    [[-0.1189, 0.1189], [0.2378, -0.2378]]
    """
    values, vectors = np.linalg.eig(p)
    apart = np.abs(values[:, None] - values[None]) + np.eye(len(p))
    if apart.min() < CLOSE:
        return None, ""
    # The logarithm of an eigenvalue is off by the error of the eigenvalue over its size.
    error = EIGEN * float(np.linalg.cond(vectors) / np.abs(values).min())
    if error > CLOSE:
        return None, ""
    if ((values.imag == 0) & (values.real < 0)).any():
        return None, "an eigenvalue is below 0, and stands alone"
    inverse = np.linalg.inv(vectors)
    least = []
    for number, chosen in enumerate(_logarithms(values)):
        if number >= MOST:
            return None, ""
        q = ((vectors * chosen) @ inverse).real
        worst = float((q + np.diag(np.full(len(q), np.inf))).min())
        least.append(worst)
        if worst >= -error:
            rates = np.maximum(q, 0.0) * ~np.eye(len(q), dtype=bool)
            rates[np.diag_indices_from(rates)] = -rates.sum(1)
            return rates, ""
    if any(worst > -CLOSE - 100 * error for worst in least):
        return None, ""
    return None, f"none of its {len(least)} logarithms that could be a generator is one"


def _logarithms(values: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """Return the logarithms of the eigenvalues, one for each choice of turns of the complex pairs."""
    k = len(values)
    upper = np.flatnonzero(values.imag > CLOSE)
    turns = []
    for i in upper.tolist():
        reach = -math.log(abs(values[i])) / math.tan(math.pi / k) + CLOSE
        angle = math.atan2(values[i].imag, values[i].real)
        turns.append(
            range(math.ceil((-reach - angle) / (2 * math.pi)), math.floor((reach - angle) / (2 * math.pi)) + 1)
        )
    partner = {int(i): int(np.argmin(np.abs(values - values[i].conjugate()))) for i in upper}
    plain = np.log(values.astype(np.complex128))

    for chosen in product(*turns):
        found = plain.copy()
        for i, turn in zip(upper.tolist(), chosen, strict=True):
            found[i] = plain[i] + 2j * math.pi * turn
            found[partner[i]] = found[i].conjugate()
        yield found
