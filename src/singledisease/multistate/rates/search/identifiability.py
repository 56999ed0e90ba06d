"""What the visits say next to nothing about, by name."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.rates.likelihood.likelihood import Likelihood
from singledisease.multistate.rates.parameters.layout import OF_RATES, ModelParameter, ParameterLayout
from singledisease.multistate.rates.search.maximise import Maximum, ParameterBounds
from singledisease.multistate.rates.visits.state_space import may_be
from singledisease.multistate.rates.visits.visits import PanelVisits
from singledisease.tables import displayed

INFORMATION = 1 / 9
"""A log rate known from n observed transitions has information n; below this its limits span a factor of 10⁵."""


@displayed
@frozen(kw_only=True)
class Unidentified:
    """A parameter that cannot be estimated from these visits.

    Attributes
    ----------
    name
        Which one.
    visits
        How many pairs of visits could contain such a transition (or show such an error).
    transitions
        How many such transitions they do contain, as the fit has it; ``None`` for an error.
    information
        Curvature of the likelihood once the others have followed, in units of one observed transition.
    drift
        ``to zero``, ``without bound``, or nothing.
    remedy
        The way out.
    """

    name: str
    visits: int
    transitions: float | None
    information: float
    drift: str
    remedy: str

    @property
    def note(self) -> str:
        """What is known of it, without its name."""
        holds = "" if self.transitions is None else f" that hold {self.transitions:.2g} such transitions"
        runs = f", it runs {self.drift}" if self.drift else ""
        about = f"{self.visits} informative visits{holds}, information {self.information:.2g}{runs}"
        return f"not identified: {about}; {self.remedy}"

    def __str__(self) -> str:
        return f"{self.name} {self.note}"


def _scale(layout: ParameterLayout) -> Floats:
    return np.array([p.spread for p in layout.parameters])


def covariance_of(layout: ParameterLayout, maximum: Maximum, fixed: Codes) -> Floats:
    """Invert the information of the parameters that have any, (P, P); NaN for the others, 0 for those that are fixed.

    A direction without curvature takes with it every parameter that has a part in it.  One that ran to an edge has
    no limits itself, but is reckoned with: the rate that an effect without bound acts on is as little known.
    """
    spread, size = _scale(layout), len(layout.parameters)
    out = np.full((size, size), np.nan)
    out[fixed] = out[:, fixed] = 0.0
    moving = np.setdiff1d(np.arange(size), fixed)
    if not len(moving):
        return out
    inverse = 1 / spread[moving]
    information = -maximum.hessian[np.ix_(moving, moving)] * np.outer(inverse, inverse)
    out[np.ix_(moving, moving)] = _inverted(information) * np.outer(inverse, inverse)
    edge = np.setdiff1d(moving, maximum.free)
    out[edge] = out[:, edge] = np.nan
    return out


def _inverted(information: Floats) -> Floats:
    """Invert block by block what has nothing to do with each other; NaN for what has a part in a flat direction."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - SciPy is loaded only when asked for
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    number, block = connected_components(csr_matrix(information != 0), directed=False)
    out = np.zeros_like(information)
    parts = [np.flatnonzero(block == one) for one in range(number)] if number < len(information) else []
    alone = np.flatnonzero(np.bincount(block)[block] == 1)
    several = [part for part in parts if len(part) > 1]
    spectra = [np.linalg.eigh(information[np.ix_(part, part)]) for part in several]
    diagonal = information[alone, alone]
    flat = max(1e-9, 1e-14 * max(float(np.abs(x).max(initial=0.0)) for x in (diagonal, *(c for c, _ in spectra))))
    out[alone, alone] = np.where(diagonal < flat, np.nan, 1 / np.where(diagonal < flat, 1.0, diagonal))
    for part, (curve, axes) in zip(several, spectra, strict=True):
        lost = (axes[:, curve < flat] ** 2).sum(1) > 1e-6
        kept, gone = part[~lost], part[lost]
        out[np.ix_(kept, kept)] = np.linalg.inv(information[np.ix_(kept, kept)])
        out[gone] = out[:, gone] = np.nan
    gone = alone[diagonal < flat]
    out[gone] = out[:, gone] = np.nan
    return out


def unidentified(
    visits: PanelVisits, likelihood: Likelihood, box: ParameterBounds, maximum: Maximum, covariance: Floats
) -> tuple[Unidentified, ...]:
    """Name the parameters with less information than a ninth of one observed transition."""
    layout = likelihood.layout
    variance = np.diag(covariance) * _scale(layout) ** 2
    poor = [i for i in range(len(variance)) if not variance[i] * INFORMATION <= 1]
    if not poor:
        return ()
    number = likelihood.transitions(maximum.theta)
    drifts = {i: _drift(float((maximum.theta[i] - box.low[i]) / (box.high[i] - box.low[i]))) for i in poor}
    place, count_of = {pair: rate for rate, pair in enumerate(layout.space.allowed)}, Informative.of(visits)
    acting = [layout.parameters[k] for k in poor if layout.parameters[k].kind in ("effect", "error_effect", "period")]
    found = []
    for i in poor:
        parameter = layout.parameters[i]
        count = count_of.pairs(parameter)
        about = parameter.kind in OF_RATES
        expected = sum(number[place[pair]] for pair in parameter.pairs) if about else None
        information = 1 / float(variance[i]) if variance[i] > 0 else 0.0
        drift = drifts[i]
        twins = [] if drift or not np.isnan(variance[i]) else _twins(i, [k for k in poor if not drifts[k]], layout)
        found.append(
            Unidentified(
                name=parameter.name,
                visits=count,
                transitions=None if expected is None else float(expected),
                information=information,
                drift=drift,
                remedy=f"it cannot be told from {', '.join(twins)}: leave one of them out"
                if twins
                else _remedy(parameter, acting),
            )
        )
    return tuple(found)


def _drift(share: float) -> str:
    return "to zero" if share < NEAR_EDGE else "without bound" if share > 1 - NEAR_EDGE else ""


def _twins(i: int, poor: list[int], layout: ParameterLayout) -> list[str]:
    """Name the effects of other covariates on the same transitions that are lost with an effect."""
    mine = layout.parameters[i]
    if mine.kind not in ("effect", "error_effect"):
        return []
    others = [layout.parameters[k] for k in poor]
    return [p.name for p in others if p.kind == mine.kind and p.term != mine.term and set(p.pairs) & set(mine.pairs)]


def _remedy(parameter: ModelParameter, acting: list[ModelParameter]) -> str:
    """Say the way out; where an effect runs away, the rate itself is lost only at the mean of the covariate."""
    on_it = [p.name for p in acting if set(p.pairs) & set(parameter.pairs)]
    if parameter.kind in ("rate", "error") and on_it:
        return f"it is that of {', '.join(on_it)}"
    return _REMEDY[parameter.kind]


_REMEDY = {
    "rate": "leave the transition out of `allowed`, or join states",
    "effect": "leave it out with `effects`, or share one effect",
    "period": "use fewer cuts",
    "error": "leave it out of `misclassification`",
    "error_effect": "leave it out with `misclassification_effects`, or share one effect",
    "initial": "give `initial`",
}
NEAR_EDGE = 0.2


@frozen(eq=False)
class Informative:
    """Which labels a visit may show on the way to each state, and from it, (labels, K) each."""

    visits: PanelVisits
    to: NDArray[np.bool_]
    since: NDArray[np.bool_]

    @classmethod
    def of(cls, visits: PanelVisits) -> Informative:
        """Work out what can be reached once for all parameters."""
        may, reach = may_be(visits.space), visits.space.reach
        return cls(visits, may @ reach, may @ reach.T)

    def pairs(self, parameter: ModelParameter) -> int:
        """Count the pairs of visits between which a transition of a parameter can lie, or that can show its error."""
        visits = self.visits
        if parameter.kind in ("error", "error_effect"):
            return int(np.isin(visits.seen, [seen for _, seen in parameter.pairs]).sum())
        if parameter.kind == "initial":
            return int(may_be(visits.space)[visits.seen[visits.first], parameter.pairs[0][1]].sum())
        able = np.zeros_like(visits.pairs, dtype=bool)
        for a, b in parameter.pairs:
            able |= np.outer(self.to[:, a], self.since[:, b])
        return int(visits.pairs[able].sum())
