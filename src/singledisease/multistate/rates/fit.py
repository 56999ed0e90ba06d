"""Fitting a continuous-time chain to visits by maximum likelihood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from singledisease.errors import DataError, Fault, UsageError
from singledisease.multistate.arrays import Floats
from singledisease.multistate.inputs.allowed import Allowed
from singledisease.multistate.names import NAMELESS, Called
from singledisease.multistate.rates.likelihood.likelihood import Likelihood
from singledisease.multistate.rates.likelihood.model import Initial, Model, likelihood_of
from singledisease.multistate.rates.results.fitted import FittedGenerator
from singledisease.multistate.rates.search.closed_form import closed_form
from singledisease.multistate.rates.search.crude_rates import box_of, crude, shortest, start_of
from singledisease.multistate.rates.search.initial_values import Fixed, Start, held, pinned, started
from singledisease.multistate.rates.search.maximise import maximise
from singledisease.multistate.rates.visits.read import read_visits
from singledisease.multistate.rates.visits.state_space import StateSpace, state_space
from singledisease.multistate.rates.visits.visits import VISITS_SHOWN, PanelVisits
from singledisease.progress import Progress


@runtime_checkable
class SeenAtVisits(Protocol):
    """What knows by itself where people were seen and when, such as a cohort."""

    @property
    def names(self) -> Called:
        """What states are called in Chinese and English."""

    def visits(self) -> Mapping[str, Any]:
        """Return ``id``, ``time``, ``state``, ``states``, ``allowed``, ``death`` and ``unit``."""


def fit_generator(
    id: ArrayLike | SeenAtVisits,
    time: ArrayLike | None = None,
    state: ArrayLike | None = None,
    *,
    allowed: Allowed | None = None,
    death: Any = None,
    censored: Mapping[Any, Iterable[Any]] | None = None,
    exact_times: ArrayLike = False,
    covariates: Any = None,
    effects: Mapping[str, Iterable[Any] | str] | None = None,
    equal: Iterable[Any] | None = None,
    cuts: Any = None,
    misclassification: Iterable[tuple[Any, Any]] | Mapping[Any, Iterable[Any]] | None = None,
    misclassification_covariates: Any = None,
    misclassification_effects: Mapping[str, Iterable[Any] | str] | None = None,
    misclassification_equal: Iterable[Any] | None = None,
    initial: Initial = None,
    certain: ArrayLike | None = None,
    states: Sequence[Any] | None = None,
    unit: str | None = None,
    start: Start | None = None,
    fixed: Fixed = False,
    progress: Progress | None = None,
) -> FittedGenerator:
    """Fit the rates of a continuous-time Markov chain to states seen at visits.

    Nothing is known of the course between two visits, except that a death is on its day.  PanelVisits are not
    transitions: the chain may have moved more than once between them.

    Parameters
    ----------
    id, time, state
        One visit per row, shape (visits,), in any order.  Times are numbers of any unit, or dates, which count
        in days, and in parts of them where there is a time of day.  States are labels of any kind; whole numbers and
        categories are taken as they are.
        Or a cohort alone: where everybody was at the end of each step, each death on its day, the moves that the
        pathway knows, and rates per month unless ``unit`` says otherwise.
    allowed
        Transitions that have a rate: pairs (from, to), a mapping from → states, a square table (in the order
        of ``states``, or a dataframe that names them) whose positive cells are allowed, or a pathway.  Left out:
        all, except out of ``death``.
    death
        ``"exact"``: the time of entry into each absorbing state is known; or one state, or several, of which
        it is.  Such an entry has the density Σ_k P_ik(t) q_kD; -2 log L then depends on the unit of time.
    censored
        Label → states that it may stand for, e.g. ``{"alive": ["well", "ill"]}``.
    exact_times
        Whether nothing happened between a visit and the one before it but, at the visit, the move to what it shows:
        one truth value for all visits, or one per visit, shape (visits,).
    covariates
        Name → one value per visit, or a dataframe of them.  A value holds from its visit to the next.  Numbers
        enter linearly, texts by level against the first one, which a category chooses; each on the log of each
        rate, centred at its mean over the visits that start an interval.
    effects
        Name → transitions on which the covariate acts (left out: all), each alone or in a list of those that have
        one effect together; or ``"shared"``: one effect on all.
    equal
        Lists of transitions that have one rate, at the means of the covariates.
    cuts
        Times at which all rates change, on the scale of ``time``.
    misclassification
        Pairs (true, observed) of states that can be mistaken; the true state is then hidden.  Rows of the
        error matrix are multinomial logits.
    misclassification_covariates
        Name → one value per visit, which acts at that visit on the log odds of each error against seeing the
        truth; centred as those of the rates, and needed where a visit shows a state that may be mistaken.
    misclassification_effects, misclassification_equal
        For errors, what ``effects`` and ``equal`` are for transitions; what is equal are the odds.
    initial
        With hidden states, the true state at the first visit: ``"observed"`` (the default), ``"estimated"``,
        or its distribution, given by state.
    certain
        With hidden states, whether a visit shows the true state, shape (visits,).
    states
        The states in order; left out: those that occur, as a category has them, otherwise sorted.
    unit
        Of dates: ``day`` (default), ``week``, ``month`` or ``year`` of the rates; of numbers: its name.
    start
        Where the search starts: transition, or name of a parameter as in ``table`` → rate, ratio or odds; or a
        table of rates; the others are crude rates, and ratios of 1.  Left out: crude rates, with ``cuts`` of
        each period.
    fixed
        Names or transitions that stay where they start; ``True``: all of them, so that the likelihood is that of
        ``start``.
    progress
        Called with the steps of the search so far, and the most that it may take; at the end with the same number
        twice.

    Returns
    -------
    FittedGenerator

    Raises
    ------
    DataError
        Naming person and rows of visits that cannot be.
    DefinitionError
        If the model cannot be.
    UsageError
        If visits are given without times or states, or a cohort with them.

    Notes
    -----
    Kalbfleisch and Lawless, J Am Stat Assoc 1985;80:863-871 (likelihood); Jackson, J Stat Softw 2011;38(8)
    (exact deaths, censored and hidden states).  The gradient is that of the whole likelihood, by going backwards.

    Examples
    --------
    >>> fit = fit_generator(
    ...     id=[1, 1, 1, 2, 2, 3, 3], time=[0, 1, 2, 0, 2, 0, 1], state=[1, 1, 2, 1, 2, 1, 1], allowed=[(1, 2)]
    ... )
    >>> float(fit.rates[0, 1].round(4)), round(fit.deviance, 4)
    (0.6156, 4.7073)
    """
    names: Called = NAMELESS
    if isinstance(id, SeenAtVisits):
        if time is not None or state is not None:
            raise UsageError("a cohort has its own times and states: fit_generator(cohort)")
        known, names = id.visits(), id.names
        who, time, state, unit = known["id"], known["time"], known["state"], unit or known["unit"]
        allowed = known["allowed"] if allowed is None else allowed
        death = known["death"] if death is None else death
        states = known["states"] if states is None else states
    else:
        who = id
    if time is None or state is None:
        raise UsageError("visits need id, time and state; a cohort stands alone: fit_generator(cohort)")

    def settle(labels: Sequence[Any], declared: Sequence[Any]) -> StateSpace:
        return state_space(
            labels,
            allowed=allowed,
            death=death,
            censored=censored,
            misclassification=misclassification,
            states=states,
            declared=declared,
        )

    visits = read_visits(who, time, state, settle, unit=unit, exact_times=exact_times)
    model = Model(
        covariates=covariates,
        effects=effects,
        equal=equal,
        cuts=cuts,
        misclassification_covariates=misclassification_covariates,
        misclassification_effects=misclassification_effects,
        misclassification_equal=misclassification_equal,
        initial=initial,
        certain=certain,
    )
    plan, likelihood = likelihood_of(visits, model)
    layout, seen = likelihood.layout, crude(visits, plan.cuts)
    # What is given, or held, stands beside ratios of 1.
    free = start is None and fixed is False
    theta = started(layout, start_of(layout, *seen, apart=free), start)
    _refuse_impossible(visits, likelihood, theta)
    box = pinned(box_of(layout, *seen, shortest(visits)), theta, held(layout, fixed))
    maximum = closed_form(likelihood, theta, box) or maximise(likelihood, theta, box, progress)
    return FittedGenerator(
        visits=visits, plan=plan, likelihood=likelihood, layout=layout, box=box, maximum=maximum, names=names
    )


def _refuse_impossible(visits: PanelVisits, likelihood: Likelihood, theta: Floats) -> None:
    """Name the people whose visits the model gives probability 0."""
    bad = likelihood.impossible(theta)
    if not len(bad):
        return
    pieces = likelihood.plan.sequences.pieces
    people = np.unique(pieces.person[np.isin(pieces.sequence, bad)])
    faults = []
    for person in people[:VISITS_SHOWN]:
        rows = np.flatnonzero(visits.person == person)
        seen = ", ".join(str(visits.space.labels[x]) for x in visits.seen[rows])
        where = f"person {visits.ids[person]}, rows {', '.join(map(str, visits.row[rows]))}"
        faults.append(Fault("impossible_course", where, f"no allowed course shows {seen}"))
    raise DataError(f"{len(people)} people have a likelihood of 0 whatever the rates", faults)
