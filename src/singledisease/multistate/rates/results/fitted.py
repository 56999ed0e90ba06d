"""A fitted generator: its rates and their intervals, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from attrs import define, evolve, field
from numpy.typing import ArrayLike

from singledisease.errors import UsageError
from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.names import NAMELESS, Called
from singledisease.multistate.rates.covariates.design import Design
from singledisease.multistate.rates.likelihood.likelihood import Likelihood
from singledisease.multistate.rates.parameters.layout import ParameterLayout
from singledisease.multistate.rates.results import outcomes
from singledisease.multistate.rates.results.error_limits import error_limits, error_table_of
from singledisease.multistate.rates.results.estimates import (
    limits,
    names_of_parameters,
    normal_draws,
    ratio_of,
    table_of,
)
from singledisease.multistate.rates.results.outcomes import PiecewiseGenerator
from singledisease.multistate.rates.results.projected import forecast_of_fit, last_seen
from singledisease.multistate.rates.results.rate_schedule import Move, RateSchedule
from singledisease.multistate.rates.search.identifiability import Unidentified, covariance_of, unidentified
from singledisease.multistate.rates.search.maximise import Maximum, ParameterBounds
from singledisease.multistate.rates.visits.visits import PanelVisits
from singledisease.multistate.scenarios.projection import Projection
from singledisease.tables import Table, displayed

Values = Mapping[str, Any]


@displayed
@define(eq=False, kw_only=True, frozen=True, slots=False)
class FittedGenerator:
    """Rates of a continuous-time chain, fitted to visits.

    Attributes
    ----------
    visits, plan, likelihood, layout, box, maximum
        The data, covariates and periods, the likelihood, its parameters, their bounds, and where the maximum is.
    names
        What states are called in Chinese and English, as far as they are.

    Notes
    -----
    Intervals of rates are Wald's on the log scale, from the second derivatives at the maximum (``table``), or by
    profile likelihood (``profile_interval``); of everything else by draws of the parameters
    (``interval``).  Where rates change at cuts every result needs ``start`` or ``at``, and follows the cuts.
    """

    visits: PanelVisits = field(repr=False)
    plan: Design = field(repr=False)
    likelihood: Likelihood = field(repr=False)
    layout: ParameterLayout = field(repr=False)
    box: ParameterBounds = field(repr=False)
    maximum: Maximum = field(repr=False)
    names: Called = field(default=NAMELESS, repr=False)

    @cached_property
    def rate_schedule(self) -> RateSchedule:
        """Which rates are in force when, and for whom."""
        return RateSchedule(visits=self.visits, plan=self.plan, layout=self.layout)

    @property
    def states(self) -> tuple[Any, ...]:
        """Labels of the states, in the order of all rows and columns."""
        return self.visits.space.states

    @property
    def unit(self) -> str:
        """The unit of time: rates are per this."""
        return self.visits.unit

    @property
    def deviance(self) -> float:
        """-2 log L.  With exact deaths it depends on the unit of time."""
        return -2 * self.maximum.total

    @property
    def log_likelihood(self) -> float:
        """The log-likelihood at the maximum."""
        return self.maximum.total

    @property
    def degrees(self) -> int:
        """How many parameters were estimated."""
        return len(self.layout.parameters) - len(self.box.fixed)

    @property
    def converged(self) -> bool:
        """Whether the maximum was found, to a thousandth of a standard error."""
        return self.maximum.converged

    @property
    def parameters(self) -> dict[str, float]:
        """Each parameter by name: log rates, log rate ratios, logits."""
        return {p.name: float(x) for p, x in zip(self.layout.parameters, self.maximum.theta, strict=True)}

    @cached_property
    def covariance(self) -> Floats:
        """Covariance of the parameters, (P, P); NaN for those that are not identified at all, 0 for fixed ones."""
        return covariance_of(self.layout, self.maximum, self.box.fixed)

    @cached_property
    def unidentified(self) -> tuple[Unidentified, ...]:
        """The parameters of which the visits say next to nothing, with how many could."""
        return unidentified(self.visits, self.likelihood, self.box, self.maximum, self.covariance)

    @property
    def rates(self) -> Floats:
        """The generator at the means of the covariates, (K, K); not for rates that change at cuts (see ``q``)."""
        return self.q()

    @property
    def errors(self) -> Floats:
        """Probability of what is seen (columns) by true state (rows), (K, K), at the means of its covariates."""
        return self.error_probabilities()

    def error_probabilities(self, covariates: Values | None = None) -> Floats:
        """Return the probability of what is seen (columns) by true state (rows), for values of covariates, (K, K)."""
        terms = self.plan.errors.centred(covariates)[None]
        return np.asarray(self.layout.misclassification_model.probabilities(self.maximum.theta, terms)[0])

    def error_interval(self, covariates: Values | None = None, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return limits of ``error_probabilities``, (K, K) each: Wald's on the logit of each probability.

        What is certain has no width; a probability that is not identified has NaN.
        """
        terms, errors = self.plan.errors.centred(covariates)[None], self.layout.misclassification_model
        return error_limits(errors, self.maximum.theta, self.covariance, terms=terms, level=level)

    def error_table(self, covariates: Values | None = None, level: float = 0.95) -> Table:
        """Write one row per true state that may be mistaken and what it is seen as: the probability and its limits."""
        low, high = self.error_interval(covariates, level)
        return error_table_of(self.error_probabilities(covariates), low, high, states=self.states, names=self.names)

    @property
    def initial(self) -> Floats | None:
        """Distribution of the true state at the first visit, (K); ``None`` where it is the state seen."""
        start = np.asarray(self.layout.start(self.maximum.theta))
        return None if (start == 1.0).all() else start

    @property
    def transitions(self) -> dict[tuple[Any, Any], float]:
        """Expected number of each transition between the visits, given what was seen."""
        number = self.likelihood.transitions(self.maximum.theta)
        return {
            (self.states[a], self.states[b]): float(n)
            for (a, b), n in zip(self.visits.space.allowed, number, strict=True)
        }

    def q(self, covariates: Values | None = None, at: Any = None) -> Floats:
        """Return the generator, (K, K), for values of covariates (others at their mean), in force at a time.

        Raises
        ------
        UsageError
            If the rates change at cuts and ``at`` is left out.
        """
        return self._generators(self.maximum.theta, covariates, self.rate_schedule.since(at))

    def ratio(
        self, one: Move, other: Move, *, covariates: Values | None = None, at: Any = None, level: float = 0.95
    ) -> tuple[float, float, float]:
        """Return the ratio of two rates, with Wald limits on the log scale; NaN where one is not identified.

        Parameters
        ----------
        one, other
            Transitions, as pairs of states.
        covariates, at
            As in ``q``.
        level
            Of confidence.

        Raises
        ------
        UsageError
            If there is no such transition.
        """
        centred, since = self.plan.rates.centred(covariates), self.rate_schedule.since(at)
        made = self.rate_schedule.log_rate(one, centred, since) - self.rate_schedule.log_rate(other, centred, since)
        return ratio_of(made, self.maximum.theta, self.covariance, level)

    def draws(self, n: int, seed: int, covariates: Values | None = None, at: Any = None) -> Floats:
        """Draw generators from the normal distribution of the parameters, (n, K, K).

        Raises
        ------
        UsageError
            If a parameter is not identified: a draw of it would mean nothing.
        """
        since = self.rate_schedule.since(at)
        return self._generators(self.drawn(n, seed), covariates, since)

    def drawn_rates(self, theta: Floats, covariates: Values | None = None, at: Any = None) -> Floats:
        """Return the generators that draws of the parameters, (n, P), make, (n, K, K)."""
        return self._generators(theta, covariates, self.rate_schedule.since(at))

    def drawn(self, n: int, seed: int) -> Floats:
        """Draw parameters, (n, P)."""
        if self.unidentified:
            names = ", ".join(u.name for u in self.unidentified)
            raise UsageError(
                f"no draws: not identified are {names}; drop or constrain them, or draw people: `bootstrap(fit)`"
            )
        return normal_draws(self.maximum.theta, self.covariance, n, seed)

    def _generators(self, theta: Floats, covariates: Values | None, since: float) -> Floats:
        """Return the generators at a time, (…, K, K)."""
        period = self.rate_schedule.period(since)
        made = self.rate_schedule.generators(theta, self.plan.rates.centred(covariates))
        return np.asarray(made[..., period, :, :])

    def course(
        self, covariates: Values | None = None, start: Any = None, theta: Floats | None = None
    ) -> PiecewiseGenerator:
        """Return the generators in force from ``start`` on, with the times at which they change."""
        at = self.maximum.theta if theta is None else theta
        return self.rate_schedule.course(at, self.plan.rates.centred(covariates), self.rate_schedule.since(start))

    def probabilities(self, times: ArrayLike, covariates: Values | None = None, start: Any = None) -> Floats:
        """Return P(start, start + t) for each time t, (times, K, K)."""
        return outcomes.probabilities(self.course(covariates, start), times)

    def sojourn(self, covariates: Values | None = None, start: Any = None) -> Floats:
        """Return the mean time until each state is left, (K)."""
        return outcomes.sojourn(self.course(covariates, start))

    def next_state(self, covariates: Values | None = None, start: Any = None) -> Floats:
        """Return the probability of each next state by state, (K, K)."""
        return outcomes.next_state(self.course(covariates, start))

    def total_time(self, times: ArrayLike, covariates: Values | None = None, start: Any = None) -> Floats:
        """Return the expected time in each state (columns) up to t, by state at the start, (times, K, K)."""
        return outcomes.time_in_states(self.course(covariates, start), times)

    def passage(self, to: Any, times: ArrayLike, covariates: Values | None = None, start: Any = None) -> Floats:
        """Return the probability of having entered state ``to`` (or one of several) by t, (times, K)."""
        return outcomes.passage(self.course(covariates, start), self.codes(to), times)

    def mean_passage(self, to: Any, covariates: Values | None = None, start: Any = None) -> Floats:
        """Return the mean time until ``to`` is entered, (K); infinite where it may never be."""
        return outcomes.mean_passage(self.course(covariates, start), self.codes(to))

    def codes(self, to: Any) -> Codes:
        """Return the places of one state, or of several; raises ``UsageError`` if there is none of that name."""
        chosen = list(to) if isinstance(to, list | tuple | set) else [to]
        unknown = [s for s in chosen if s not in self.states]
        if unknown:
            raise UsageError(f"there is no state {unknown[0]!r}; the states are {list(self.states)}")
        return np.array([self.states.index(s) for s in chosen], dtype=np.int64)

    def interval(
        self,
        of: str | Callable[[PiecewiseGenerator], Floats],
        *about: Any,
        covariates: Values | None = None,
        start: Any = None,
        level: float = 0.95,
        n: int = 2000,
        seed: int = 1,
    ) -> tuple[Floats, Floats]:
        """Return limits of anything that follows from the rates, by draws of the parameters.

        Parameters
        ----------
        of, about
            What is asked, by its name, with what that needs: ``interval("probabilities", [1, 5])``, ``("sojourn")``,
            ``("passage", "died", [5])``.  Or what makes it of a course of drawn generators, keeping the first axis.
        covariates, start
            As in ``course``.
        level
            Of confidence.
        n, seed
            How many draws, and of the random numbers.

        Raises
        ------
        UsageError
            If there is nothing of that name, or a parameter is not identified: ``bootstrap`` draws people instead.

        Examples
        --------
        >>> from singledisease.multistate.rates.fit import fit_generator
        >>> fit = fit_generator([1, 1, 1, 2, 2], [0, 1, 2, 0, 2], [1, 1, 2, 1, 2], allowed=[(1, 2)])
        >>> low, high = fit.interval("probabilities", [1.0])
        >>> bool(low[0, 0, 1] < fit.probabilities([1.0])[0, 0, 1] < high[0, 0, 1])
        True
        """
        values = outcomes.named(of, about, self.codes)(self.course(covariates, start, self.drawn(n, seed)))
        return limits(values, level)

    def project(
        self,
        steps: int,
        *,
        step: float = 1.0,
        start: ArrayLike | None = None,
        at: Any = None,
        draws: int | None = None,
        **more: Any,
    ) -> Projection:
        """Project where people will be, from where they were last seen.

        Parameters
        ----------
        steps, step
            How many steps, each so many units of time long.
        start
            Stocks in the order of ``states``; left out: the people by the state each was last seen in.
        at
            Where rates change with time: the time whose rates go on.
        draws
            How many generators are drawn for the intervals; left out: 1000, or none where a rate is not
            identified (see ``unidentified``): ``bootstrap(fit).project`` draws people, which needs no such thing.
        more
            ``seed``, ``inflow``, ``exits``, ``changes``: see ``forecast_of_fit``.

        Raises
        ------
        UsageError
            If it is not known in which state somebody was last seen, and no ``start`` is given.
        """
        begin = last_seen(self.visits) if start is None else start
        drawn = (0 if self.unidentified else 1000) if draws is None else draws
        return forecast_of_fit(self, begin, step=step, at=at, draws=drawn, **more).project(steps)

    def table(self, level: float = 0.95) -> Table:
        """Return each rate, rate ratio and odds with Wald limits on the log scale; none where not identified."""
        made = table_of(
            self.layout, self.maximum.theta, self.covariance, self.unidentified, unit=self.unit, level=level
        )
        return evolve(made, called={"parameter": names_of_parameters(self.layout, self.names)})

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be known beside the table: how well it fits, and whether the figures can be used."""
        unit = f" (time in {self.unit})" if self.visits.space.exact else ""
        plural = "" if self.degrees == 1 else "s"
        fit = f"-2 log L {self.deviance:.4f}{unit}, {self.degrees} parameter{plural}"
        failed = () if self.converged else ("the maximum was not found: do not use these figures / 未收敛，数字不可用",)
        return (f"{fit}; {self._seen}", *failed)

    @property
    def _seen(self) -> str:
        """Count the people and visits, and those seen once, who say nothing of a transition."""
        people, visits = len(self.visits.ids), len(self.visits.who)
        once = people - len(np.unique(self.visits.who[self.visits.left]))
        return f"{people} people, {visits} visits" + (f", {once} seen once only" if once else "")

    def __str__(self) -> str:
        errors = [str(self.error_table())] if self.visits.space.errors else []
        return "\n".join([str(self.table()), *errors, *self.notes])
