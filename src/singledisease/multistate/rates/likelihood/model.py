"""A model of visits: covariates, constraints and hidden states, put together into a likelihood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from singledisease.errors import DataError, UsageError, did_you_mean
from singledisease.multistate.arrays import Floats
from singledisease.multistate.rates.covariates.design import Design, design
from singledisease.multistate.rates.likelihood.covariate_likelihood import covariate_likelihood_of
from singledisease.multistate.rates.likelihood.forward import plan_forward
from singledisease.multistate.rates.likelihood.likelihood import Likelihood
from singledisease.multistate.rates.likelihood.observed_paths import observed_paths_of
from singledisease.multistate.rates.parameters.constraints import Effects, layout_of
from singledisease.multistate.rates.sequences.visit_sequences import doubtful, visit_sequences_of
from singledisease.multistate.rates.visits.state_space import StateSpace
from singledisease.multistate.rates.visits.visits import PanelVisits

Columns = Mapping[str, ArrayLike] | None
Initial = str | Mapping[Any, float] | ArrayLike | None


@frozen(eq=False, kw_only=True)
class Model:
    """What acts on the rates and on the errors; see ``fit_generator`` for what each attribute says."""

    covariates: Columns = None
    effects: Effects | None = None
    equal: Iterable[Any] | None = None
    cuts: Iterable[Any] | None = None
    misclassification_covariates: Columns = None
    misclassification_effects: Effects | None = None
    misclassification_equal: Iterable[Any] | None = None
    initial: Initial = None
    certain: ArrayLike | None = None


def likelihood_of(visits: PanelVisits, model: Model) -> tuple[Design, Likelihood]:
    """Return the covariates and periods of a model, and its likelihood.

    Raises
    ------
    DataError
        If a covariate is missing where it is asked, or no two visits say anything of a transition.
    DefinitionError, UsageError
        If the model cannot be.
    """
    space = visits.space
    _refuse_without_errors(space, model)
    begin = _initial(space, model.initial)
    observed = begin is not None and bool((begin == 1.0).all())
    unsure = doubtful(visits, _certain(visits, model.certain), first_certain=observed)
    plan = design(visits, model.covariates, model.cuts, model.misclassification_covariates, unsure)
    sequences = visit_sequences_of(visits, plan, unsure, initial=not observed)
    if not len(sequences.weight) or not len(sequences.interval):
        raise DataError("nobody has two visits, so that no transition can be estimated")
    layout = layout_of(
        space,
        sequences=sequences,
        plan=plan,
        effects=model.effects,
        equal=model.equal,
        error_effects=model.misclassification_effects,
        error_equal=model.misclassification_equal,
        initial=begin,
    )
    given = plan_forward(sequences, layout.deaths_from + len(sequences.exact))
    return plan, Likelihood(
        given,
        layout,
        sequences.weight,
        by_covariate=covariate_likelihood_of(given, layout),
        observed=observed_paths_of(given, layout),
    )


def _refuse_without_errors(space: StateSpace, model: Model) -> None:
    names = ("initial", "certain", *(name for name in dir(model) if name.startswith("misclassification_")))
    given = [name for name in names if getattr(model, name) is not None]
    if given and not space.errors:
        raise UsageError(f"{', '.join(given)}: only with hidden states; give `misclassification`")


def _certain(visits: PanelVisits, certain: ArrayLike | None) -> NDArray[np.bool_] | None:
    if certain is None:
        return None
    given = np.asarray(certain, dtype=bool)
    if given.shape != visits.row.shape:
        raise DataError(f"certain: one truth value per visit, not an array of shape {given.shape}")
    return given[visits.row]


def _initial(space: StateSpace, initial: Initial) -> Floats | None:
    """Return the weight of each state at the first visit, 1 each if it is seen, ``None`` if it is estimated."""
    k = len(space.states)
    if initial is None or (isinstance(initial, str) and initial == "observed"):
        return np.ones(k)
    if isinstance(initial, str):
        if initial != "estimated":
            raise UsageError(f"initial={initial!r}; {did_you_mean(initial, ['observed', 'estimated'])}")
        return None
    given = [initial.get(s, 0.0) for s in space.states] if isinstance(initial, Mapping) else initial
    shares = np.asarray(given, dtype=np.float64)
    if shares.shape != (k,) or (shares < 0).any() or abs(shares.sum() - 1) > 1e-9:
        raise UsageError(
            f"initial must give a probability to each of {list(space.states)}, summing to 1; got {initial}"
        )
    return shares
