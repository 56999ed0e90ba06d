"""A cohort: the managed people of one disease between two days, with their ways through its states."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from singledisease.cohorts.assumptions import Assumptions, told
from singledisease.cohorts.courses.person_time import person_time_of
from singledisease.cohorts.courses.stays import reachable, stays_of
from singledisease.cohorts.courses.visits import visits_of
from singledisease.cohorts.names import DIED, ENTERED, LEFT, WAYS, suggested
from singledisease.cohorts.steps.assumption_tests import chapman_kolmogorov_of, order_of
from singledisease.cohorts.steps.sequences import sequences_on_grid
from singledisease.cohorts.steps.steps import CohortSteps
from singledisease.cohorts.subset import in_stratum, known_stratum, people_within, per_stratum
from singledisease.cohorts.tables import stocks, transitions
from singledisease.cohorts.tables.context import TableContext
from singledisease.dates import Period, iso
from singledisease.dates import period as period_of
from singledisease.errors import UsageError
from singledisease.multistate.assumption_tests.homogeneity import homogeneity
from singledisease.multistate.histories.histories import Histories
from singledisease.multistate.histories.person_time import PersonTime
from singledisease.multistate.histories.sequences import StateSequences, sequences_of
from singledisease.multistate.matrices.transition_counts import TransitionCounts
from singledisease.multistate.names import Called
from singledisease.multistate.occupation.aalen_johansen import occupation
from singledisease.multistate.occupation.cumulative_incidence import until_first
from singledisease.multistate.occupation.occupation import Occupation
from singledisease.multistate.occupation.restricted_mean import TimeInStates, restricted_mean
from singledisease.multistate.occupation.variance import AskedVariance
from singledisease.multistate.survival.sojourn_times import Durations, sojourns
from singledisease.pathway_courses import Courses
from singledisease.read_only import holds_arrays, read_only
from singledisease.strata import Strata
from singledisease.tables import Table, displayed

SEEN_ON_A_GRID = "{what} need the day of each change, and {attribute} is known on {days} days only; "
INSTEAD = "use counts, matrix(), flows or fit_generator(cohort)"

Chosen = Sequence[str] | Mapping[str, Sequence[str] | str]
"""States that count as being in the cohort; a mapping from new names to states gives several one name."""


@displayed
@holds_arrays
@frozen(eq=False, kw_only=True)
class Cohort:
    """Everybody who was in one of the cohort's states at some time from the first day to the last.

    Attributes
    ----------
    courses
        Their courses, observed at least until the last day.
    ids
        Object array (people): who they are.
    steps
        Where everybody was at the end of the day before the first step, and at the end of each step.
    periods
        The steps, as periods.
    meaning
        uint8 (states of the pathway): index into ``states``; K where out of the cohort, K + 1 where dead.
    by
        Names of the strata.
    strata
        In which stratum everybody is in each step: that of its last day, at both ends of the step.
    attribute
        What the states are groups of, if they are no states of the pathway: it is known on ``steps.days`` only.
    names
        What the states, and the ways into the cohort and out of it, are called in Chinese and English.

    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01"}]
    >>> visit = {"kind": "follow_up", "mode": "clinic", "sbp": 128, "dbp": 78}
    >>> rows = [{"patient_id": "P1", "date": "2024-01-10", "kind": "enrolment", "disease": "hypertension"},
    ...         {"patient_id": "P1", "date": "2024-04-02", **visit}]
    >>> found = sd.cohort("hypertension", sd.read_frames(people, rows), "2024-01-01", "2024-06-30", every="quarter")
    >>> [str(period) for period in found.periods]
    ['2024-01-01..2024-03-31', '2024-04-01..2024-06-30']
    >>> [(row["from"], row["to"], row["people"]) for row in found.counts]
    [('entered', 'enrolled', 1), ('enrolled', 'satisfactory', 1)]
    """

    courses: Courses
    ids: NDArray[np.object_] = field(converter=read_only)
    steps: CohortSteps
    periods: tuple[Period, ...]
    meaning: NDArray[np.uint8] = field(converter=read_only)
    by: tuple[str, ...] = ()
    strata: Strata = field()
    attribute: str = ""
    names: Called = field(default=WAYS, repr=False)

    @strata.default
    def _everybody(self) -> Strata:
        return Strata(((),), np.zeros((1, len(self.ids)), np.int64))

    @property
    def states(self) -> tuple[str, ...]:
        """The states that count as being in the cohort."""
        return self.steps.states

    @property
    def transitions(self) -> TransitionCounts:
        """Transition counts by step, reconciled with both stocks."""
        return evolve(self.steps.counts(), names=self.names)

    @property
    def transitions_by(self) -> NDArray[np.int64]:
        """Transition counts by step and stratum, (steps, strata, states + 1, states + 2)."""
        return self.steps.counts_by(self.strata.codes, len(self.strata.keys))

    @property
    def counts(self) -> Table:
        """One row per step, stratum and pair of states: how many went that way, of how many, and what share.

        Who was not in the cohort before comes from ``entered``; the share of those is not a probability and is
        left out, as are pairs that nobody took.
        """
        return transitions.counts(self._context, self.transitions_by)

    @property
    def flows(self) -> Table:
        """One row per step, stratum and state: who was there, came, went, and was there at the end."""
        return transitions.flows(self._context, self.transitions_by)

    def matrix(self, level: float = 0.95) -> Table:
        """Return the share of each state that went to each in one step, all steps together, with Wilson limits."""
        return transitions.matrix(self._context, self.transitions_by, level)

    def occupancy(self) -> Table:
        """Return the stock of each state at the end of each step, and before the first."""
        return stocks.occupancy(self._context, self.steps)

    def person_time(self) -> Table:
        """Return the person-years in each state, by stratum."""
        return stocks.person_time(self._context, self.exposure)

    def incidence(
        self, source: str | None = None, target: str | None = None, *, level: float = 0.95, per: float = 100.0
    ) -> Table:
        """Return transitions per 100 person-years in the state they start from, with exact Poisson limits.

        Parameters
        ----------
        source, target
            Only transitions from this state, to that one; both named: also where none was seen.
        level, per
            Of the limits; how many person-years a rate is per.

        Raises
        ------
        UsageError
            If there is no such state.
        """
        return stocks.incidence(self._context, self.exposure, source, target, level=level, per=per)

    @property
    def exposure(self) -> PersonTime:
        """Person-days in each state and transitions out of it, (steps, strata, …)."""
        self._every_day("person-time and incidence")
        found = person_time_of(self.courses, self.meaning, self.states, self.periods, self.strata)
        return evolve(found, names=self.names)

    def sequences(self, depth: int | None = None) -> StateSequences:
        """Count the ways through the cohort's states from the first day to the last; see ``sequences``."""
        if self.attribute:
            return evolve(sequences_on_grid(self.steps, self.ids, depth), names=self.names)
        stays, owner = self._stays()
        return evolve(sequences_of(stays, self.ids[owner], depth), names=self.names)

    def people(self, source: str, target: str, period: int | str = 0, **stratum: str) -> list[str]:
        """Return the ids of the people behind one cell.

        Parameters
        ----------
        source, target
            Row and column: a state, ``entered`` as source, ``left`` or ``died`` as target.
        period
            Which step: its number from 0, or its days, such as ``2024Q1`` or ``2024-01``.
        stratum
            Values of the strata, such as ``sex="female"``; what is not named is any.

        Raises
        ------
        UsageError
            If there is no such cell, step or stratum.
        """
        step = self._step(period) if isinstance(period, str) else period
        for name, known in ((source, (*self.states, ENTERED)), (target, (*self.states, LEFT, DIED))):
            if name not in known:
                raise UsageError(
                    f"no cell from {source!r} to {target!r}: there is no {name!r}; {suggested(name, known, self.names)}"
                )
        members = self.steps.members(step, source, target)
        known_stratum(self.by, self.strata, stratum)
        return [str(self.ids[i]) for i in members[in_stratum(self.by, self.strata, step, stratum)[members]]]

    def _step(self, text: str) -> int:
        asked = period_of(text)
        if asked not in self.periods:
            names = ", ".join(period.name for period in self.periods[:12])
            raise UsageError(f"there is no step {text!r}; there are {names}{', …' * (len(self.periods) > 12)}")
        return self.periods.index(asked)

    def within(self, **stratum: str) -> Cohort:
        """Return the cohort of those who were in a stratum in the first step, whatever becomes of them.

        Parameters
        ----------
        stratum
            Values of the strata, such as ``sex="female"``; what is not named is any.

        Raises
        ------
        UsageError
            If the cohort is not cut by it, or nobody is in it.
        """
        people = people_within(self.by, self.strata, stratum)
        steps, passed = self.steps, self.steps.passed
        return evolve(
            self,
            courses=self.courses.only(people),
            ids=self.ids[people],
            steps=evolve(steps, codes=steps.codes[:, people], passed=None if passed is None else passed[:, people]),
            strata=Strata(self.strata.keys, self.strata.codes[:, people]),
        )

    def per_stratum(self, make: Callable[[Cohort], Table]) -> Table:
        """Return one table of what ``make`` gives for the people of each stratum, such as their sequences.

        Everybody counts where they were in the first step.
        """
        if not self.by:
            return make(self)
        return per_stratum(self.by, self.strata, lambda stratum: make(self.within(**stratum)))

    def histories(self) -> Histories:
        """Return the stays in the cohort's states from the first day to the last, in days since the first.

        Who enters later is left truncated; leaving and dying are states of their own; the end censors.
        """
        return self._stays()[0]

    def visits(self) -> dict[str, Any]:
        """Return where everybody was at the end of each step, and each death on its day.

        Returns
        -------
        dict
            The arguments of ``fit_generator``, which takes a cohort alone: ``id``, ``time`` (dates), ``state``, the
            ``states`` that occur, the moves of the pathway that are ``allowed``, ``death`` and ``unit``.
        """
        any_order = bool(self.attribute)
        return visits_of(self.courses, self.meaning, self.ids, self.steps, any_order=any_order)

    def _every_day(self, what: str) -> None:
        """Refuse what needs the day of each change, where an attribute is known on some days only."""
        if self.attribute:
            days = len(self.steps.days)
            raise UsageError(SEEN_ON_A_GRID.format(what=what, attribute=self.attribute, days=days) + INSTEAD)

    def _stays(self) -> tuple[Histories, NDArray[np.int64]]:
        self._every_day("histories")
        return stays_of(self.courses, self.meaning, self.states, int(self.steps.days[0]), int(self.steps.days[-1]))

    def aalen_johansen(self, variance: AskedVariance = "auto", **options: Any) -> Occupation:
        """Estimate the probability of each state over time, in days since the day before the first.

        The options are those of ``aalen_johansen``; with none, probabilities are those of the people who were in
        the cohort at the start, and who entered later adds to what is known of each state from then on.
        """
        fit = evolve(occupation(self.histories(), variance=variance, unit="day", **options), names=self.names)
        if not fit.needs_markov or len(self.periods) < 2:
            return fit
        order = order_of(self.steps)
        return evolve(fit, doubts=(*fit.doubts, *((str(order), told(order)) if order.against else ())))

    def assumptions(self) -> Assumptions:
        """Test order 1 against 2, P(2h) against P(h)², and whether the matrix is the same in all steps and strata.

        The result is gone through like a list, prints as a table, and says which estimate each test speaks against.
        """
        counted, k = self.transitions_by[:, :, : len(self.states)], len(self.periods)
        checks = [] if k < 2 else [order_of(self.steps), chapman_kolmogorov_of(self.steps)]
        if k > 1:
            checks.append(homogeneity(counted.sum(1), "the matrix is the same in all steps", test="steps"))
        if self.by:
            about = f"the matrix is the same whatever the {', '.join(self.by)}"
            checks.append(homogeneity(counted.sum(0), about, test="strata"))
        return Assumptions(checks=tuple(checks))

    def cumulative_incidence(self, *into: str, **options: Any) -> Occupation:
        """Estimate the probability of having entered each of some states for the first time since the start."""
        return evolve(occupation(until_first(self.histories(), into), unit="day", **options), names=self.names)

    def time_in_state(self, until: float | None = None, **options: Any) -> TimeInStates:
        """Estimate the expected days in each state, up to so many days from the start; left out: to the end."""
        whole = float(self.steps.days[-1] - self.steps.days[0])
        found = restricted_mean(self.histories(), whole if until is None else until, **options)
        return evolve(found, names=self.names)

    def sojourns(self, state: str) -> Durations:
        """Return how long each stay in a state lasted, in days, of those under way at some time of the cohort.

        A stay that began before the first day is at risk from its length on that day on.  ``person`` counts
        people as ``ids`` does.
        """
        self._every_day("sojourns")
        first, last = int(self.steps.days[0]), int(self.steps.days[-1])
        origin = min(first, int(self.courses.spells.entered.min(initial=first)))
        stays, owner = stays_of(self.courses, self.meaning, self.states, origin, last)
        found = sojourns(stays, state, from_start=True).observed_from(first - origin)
        return evolve(found, person=owner[found.person])

    def allowed(self) -> NDArray[np.bool_]:
        """Say which cells the pathway allows in one step, (states + 1, states + 2): many moves may fit in it.

        Groups of an attribute may follow each other in any order.
        """
        if self.attribute:
            return np.ones((len(self.states) + 1, len(self.states) + 2), dtype=bool)
        return reachable(self.courses, self.meaning, len(self.states))

    @property
    def _context(self) -> TableContext:
        return TableContext(states=self.states, names=self.names, periods=self.periods, by=self.by, strata=self.strata)

    def _title(self) -> str:
        names, span = self.courses.disease.names, f"{iso(self.periods[0].start)}..{iso(self.periods[-1].end)}"
        people = int((self.steps.codes < len(self.states)).any(axis=0).sum())
        return f"{names.zh} / {names.en}: {people:,} 人 / people, {span}, {len(self.periods)} 步 / steps"

    def __str__(self) -> str:
        return f"{self._title()}\n{self.counts}"

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self._title())}</p>{self.counts._repr_html_()}"
