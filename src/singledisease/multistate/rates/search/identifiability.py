"""What the visits say next to nothing about, by name."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.rates.likelihood.likelihood import Likelihood
from singledisease.multistate.rates.parameters.layout import OF_RATES, ModelParameter, ParameterLayout
from singledisease.multistate.rates.search.maximise import Bounds, Maximum
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
    curve, axes = np.linalg.eigh(-maximum.hessian[np.ix_(moving, moving)] * np.outer(inverse, inverse))
    flat = curve < max(1e-9, 1e-14 * float(np.abs(curve).max()))
    lost = (axes[:, flat] ** 2).sum(1) > 1e-6
    kept = moving[~lost]
    if len(kept):
        inverse = 1 / spread[kept]
        information = -maximum.hessian[np.ix_(kept, kept)] * np.outer(inverse, inverse)
        out[np.ix_(kept, kept)] = np.linalg.inv(information) * np.outer(inverse, inverse)
    edge = np.setdiff1d(moving, maximum.free)
    out[edge] = out[:, edge] = np.nan
    return out


def unidentified(
    visits: PanelVisits, likelihood: Likelihood, box: Bounds, maximum: Maximum, covariance: Floats
) -> tuple[Unidentified, ...]:
    """Name the parameters with less information than a ninth of one observed transition."""
    layout = likelihood.layout
    variance = np.diag(covariance) * _scale(layout) ** 2
    poor = [i for i in range(len(variance)) if not variance[i] * INFORMATION <= 1]
    if not poor:
        return ()
    number = likelihood.transitions(maximum.theta)
    drifts = {i: _drift(float((maximum.theta[i] - box.low[i]) / (box.high[i] - box.low[i]))) for i in poor}
    found = []
    for i in poor:
        parameter = layout.parameters[i]
        count = informative(visits, layout, parameter)
        about = parameter.kind in OF_RATES
        expected = sum(number[layout.space.allowed.index(pair)] for pair in parameter.pairs) if about else None
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
                else _remedy(parameter, [layout.parameters[k] for k in poor]),
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


def _remedy(parameter: ModelParameter, poor: list[ModelParameter]) -> str:
    """Say the way out; where an effect runs away, the rate itself is lost only at the mean of the covariate."""
    acting = [
        p.name for p in poor if p.kind in ("effect", "error_effect", "period") and set(p.pairs) & set(parameter.pairs)
    ]
    if parameter.kind in ("rate", "error") and acting:
        return f"it is that of {', '.join(acting)}"
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


def informative(visits: PanelVisits, layout: ParameterLayout, parameter: ModelParameter) -> int:
    """Count the pairs of visits between which a transition of the parameter can lie, or that can show its error."""
    space = visits.space
    may, count = may_be(space), len(space.labels)
    if parameter.kind in ("error", "error_effect"):
        return int(np.isin(visits.seen, [seen for _, seen in parameter.pairs]).sum())
    if parameter.kind == "initial":
        return int(may[visits.seen[visits.first], parameter.pairs[0][1]].sum())
    able = np.zeros((count, count), dtype=bool)
    for a, b in parameter.pairs:
        able |= np.outer((may @ space.reach)[:, a], (may @ space.reach.T)[:, b])
    return int(visits.pairs[able].sum())
