"""Fitting a continuous-time chain to visits by maximum likelihood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from singledisease.cohort.chains import Chains, chains_of
from singledisease.cohort.crude import box_of, crude, shortest, start_of
from singledisease.cohort.design import Design, design, periods
from singledisease.cohort.fitted import FittedGenerator
from singledisease.cohort.forward import flow
from singledisease.cohort.histories import Floats
from singledisease.cohort.likelihood import Likelihood
from singledisease.cohort.maximise import Progress, maximise
from singledisease.cohort.parameters import Layout, layout_of
from singledisease.cohort.reading import read_visits
from singledisease.cohort.space import Allowed, StateSpace, state_space
from singledisease.cohort.visits import VISITS_SHOWN, Visits
from singledisease.errors import DataError, DefinitionError, Fault, UsageError, did_you_mean

Initial = str | Mapping[Any, float] | ArrayLike | None


def fit_generator(
    id: ArrayLike,
    time: ArrayLike,
    state: ArrayLike,
    *,
    allowed: Allowed | None = None,
    death: Any = None,
    censored: Mapping[Any, Iterable[Any]] | None = None,
    covariates: Mapping[str, ArrayLike] | None = None,
    effects: Mapping[str, Iterable[tuple[Any, Any]] | str] | None = None,
    cuts: Iterable[Any] | None = None,
    misclassification: Iterable[tuple[Any, Any]] | Mapping[Any, Iterable[Any]] | None = None,
    initial: Initial = None,
    certain: ArrayLike | None = None,
    states: Sequence[Any] | None = None,
    unit: str | None = None,
    progress: Progress | None = None,
) -> FittedGenerator:
    """Fit the rates of a continuous-time Markov chain to states seen at visits.

    Nothing is known of the course between two visits, except that a death is on its day.  Visits are not
    transitions: the chain may have moved more than once between them.

    Parameters
    ----------
    id, time, state
        One visit per row, shape (visits,), in any order.  Times are numbers of any unit, or dates, which count
        in whole days.  States are labels of any kind; whole numbers and categories are taken as they are.
    allowed
        Transitions that have a rate: pairs (from, to), a mapping from → states, a square table (in the order
        of ``states``) whose positive cells are allowed, or a pathway.  Left out: all, except out of ``death``.
    death
        ``"exact"``: the time of entry into each absorbing state is known; or one state, or several, of which
        it is.  Such an entry has the density Σ_k P_ik(t) q_kD; -2 log L then depends on the unit of time.
    censored
        Label → states that it may stand for, e.g. ``{"alive": ["well", "ill"]}``.
    covariates
        Name → one value per visit.  A value holds from its visit to the next.  Numbers enter linearly, texts
        by level against the first one; each on the log of each rate, centred at its mean over the visits that
        start an interval.
    effects
        Name → transitions on which the covariate acts (left out: all), or ``"shared"``: one effect on all.
    cuts
        Times at which all rates change, on the scale of ``time``.
    misclassification
        Pairs (true, observed) of states that can be mistaken; the true state is then hidden.  Rows of the
        error matrix are multinomial logits.
    initial
        With hidden states, the true state at the first visit: ``"observed"`` (the default), ``"estimated"``,
        or its distribution, given by state.
    certain
        With hidden states, whether a visit shows the true state, shape (visits,).
    states
        The states in order; left out: those that occur, sorted.
    unit
        Of dates: ``day`` (default), ``week``, ``month`` or ``year`` of the rates; of numbers: its name.
    progress
        Called with the number of evaluations and -2 log L during the search.

    Returns
    -------
    FittedGenerator

    Raises
    ------
    DataError
        Naming person and rows of visits that cannot be.
    DefinitionError
        If the model cannot be.

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

    def settle(labels: Sequence[Any]) -> StateSpace:
        return state_space(
            labels, allowed=allowed, death=death, censored=censored, misclassification=misclassification, states=states
        )

    visits = read_visits(id, time, state, settle, unit)
    plan = design(visits, covariates, cuts)
    likelihood, layout = _likelihood(visits, plan, effects, initial, certain)
    seen = crude(visits)
    start = start_of(layout, *seen)
    _refuse_impossible(visits, likelihood, start)
    box = box_of(layout, *seen, shortest(visits))
    maximum = maximise(likelihood, start, box, progress)
    return FittedGenerator(visits=visits, plan=plan, likelihood=likelihood, layout=layout, box=box, maximum=maximum)


def _likelihood(
    visits: Visits, plan: Design, effects: Mapping[str, Any] | None, initial: Initial, certain: ArrayLike | None
) -> tuple[Likelihood, Layout]:
    space = visits.space
    if not space.errors and (initial is not None or certain is not None):
        raise UsageError("`initial` and `certain` need hidden states; give `misclassification`")
    begin = _initial(space, initial)
    observed = begin is not None and bool((begin == 1.0).all())
    chains = chains_of(visits, plan, _certain(visits, certain), first_certain=bool(space.errors) and observed)
    acting, shared = _acting(space, plan, effects or {})
    layout = layout_of(
        space,
        chains=chains,
        patterns=plan.patterns,
        terms=plan.terms,
        spread=plan.spread,
        periods=periods(plan.cuts.tolist()),
        acting=acting,
        shared=shared,
        initial=begin,
    )
    if not len(chains.weight) or not len(chains.link):
        raise DataError("nobody has two visits, so that nothing is known of any transition")
    emissions = 2 * len(space.labels) + len(chains.exact)
    return Likelihood(flow(chains, emissions), layout, chains.weight), layout


def _certain(visits: Visits, certain: ArrayLike | None) -> NDArray[np.bool_] | None:
    if certain is None:
        return None
    given = np.asarray(certain, dtype=bool)
    if given.shape != visits.row.shape:
        raise DataError(f"certain: one truth value per visit, not an array of shape {given.shape}")
    return given[visits.row]


def _initial(space: StateSpace, initial: Initial) -> Floats | None:
    """Give the weight of each state at the first visit, 1 each if it is seen, ``None`` if it is estimated."""
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


def _acting(
    space: StateSpace, plan: Design, effects: Mapping[str, Any]
) -> tuple[dict[str, NDArray[np.bool_]], frozenset[str]]:
    names = [c.name for c in plan.covariates]
    code = {name: i for i, name in enumerate(space.states)}
    acting: dict[str, NDArray[np.bool_]] = {}
    shared: set[str] = set()
    for name, on in effects.items():
        if name not in names:
            raise UsageError(f"effects: no covariate {name!r}; {did_you_mean(str(name), names)}")
        terms = plan.covariates[names.index(name)].terms
        if isinstance(on, str):
            if on != "shared":
                raise UsageError(f'effects of {name}: {on!r}; give transitions, or "shared"')
            shared.update(terms)
            continue
        pairs = {(code.get(a, -1), code.get(b, -1)) for a, b in on}
        if not pairs <= set(space.allowed):
            raise DefinitionError(f"effects of {name}: {list(on)} are not all allowed transitions")
        acting |= {term: np.array([pair in pairs for pair in space.allowed]) for term in terms}
    return acting, frozenset(shared)


def _refuse_impossible(visits: Visits, likelihood: Likelihood, theta: Floats) -> None:
    """Name the people whose visits the model gives probability 0."""
    bad = likelihood.impossible(theta)
    if not len(bad):
        return
    chains: Chains = likelihood.flow.chains
    people = np.unique(chains.person[np.isin(chains.chain, bad)])
    faults = []
    for person in people[:VISITS_SHOWN]:
        rows = np.flatnonzero(visits.person == person)
        seen = ", ".join(str(visits.space.labels[x]) for x in visits.seen[rows])
        where = f"person {visits.ids[person]}, rows {', '.join(map(str, visits.row[rows]))}"
        faults.append(Fault("impossible_course", where, f"no allowed course shows {seen}"))
    raise DataError(f"{len(people)} people have a likelihood of 0 whatever the rates", faults)
