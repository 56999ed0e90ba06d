"""Workload: how many services will be due, by role, if stocks go as projected.

A service that repeats comes up once per length of its clock for everybody in its states; one that does not comes
up once for everybody who enters them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import field, frozen

from singledisease.cohorts.names import DIED, LEFT
from singledisease.definitions.disease import Disease, Service
from singledisease.definitions.resolve import resolve_disease
from singledisease.errors import DefinitionError, Fault, UsageError, did_you_mean
from singledisease.language.nodes import Literal
from singledisease.multistate.arrays import Floats
from singledisease.multistate.names import NAMELESS, Called
from singledisease.multistate.scenarios.projection import Projection
from singledisease.multistate.uncertainty.estimate import Estimate
from singledisease.multistate.uncertainty.limits import tails_of
from singledisease.tables import Table, displayed

DAYS_OF_MONTH = 365.25 / 12

_HEADINGS = {
    "step": ("步", "step"),
    "role": ("责任人", "who"),
    "service": ("服务", "service"),
    "due": ("应做次数", "due"),
    "ci_low": ("下限", "low"),
    "ci_high": ("上限", "high"),
}
_FORMATS = dict.fromkeys(("due", "ci_low", "ci_high"), ",.1f")


@displayed
@frozen(eq=False, kw_only=True)
class Workload:
    """Services due in each step.

    Attributes
    ----------
    services
        Of the disease, those of which a state is projected.
    due
        (T, services).
    draws
        (n, T, services), or ``None``.
    names
        What roles are called in Chinese and English.
    """

    services: tuple[Service, ...]
    due: Floats
    draws: Floats | None = None
    names: Called = field(default=NAMELESS, repr=False)

    def roles(self) -> dict[str, Floats]:
        """Return the services due in each step by role, (T) each."""
        return {role: self.due[:, [s.role == role for s in self.services]].sum(1) for role in self._roles()}

    def by_role(self, level: float = 0.95) -> Table:
        """Write one row per step and role: the services due together, with limits."""
        rows = []
        for t in range(len(self.due)):
            for role in self._roles():
                mine = [service.role == role for service in self.services]
                drawn = None if self.draws is None else self.draws[:, t, mine].sum(1)
                both = Estimate(float(self.due[t, mine].sum()), drawn)
                limits = (None if np.isnan(limit) else limit for limit in both.interval(level))
                rows.append((t + 1, role, both.value, *limits))
        return Table.of_rows(
            ("step", "role", "due", "ci_low", "ci_high"),
            rows,
            headings=_HEADINGS,
            formats=_FORMATS,
            called={"role": self.names},
        )

    def table(self, level: float = 0.95) -> Table:
        """Write one row per step, role and service."""
        low, high = self._interval(level)
        rows = [
            (
                t + 1,
                s.role,
                s.id,
                float(self.due[t, i]),
                *(None if np.isnan(x) else float(x) for x in (low[t, i], high[t, i])),
            )
            for t in range(len(self.due))
            for i, s in enumerate(self.services)
        ]
        return Table.of_rows(
            ("step", "role", "service", "due", "ci_low", "ci_high"),
            rows,
            headings=_HEADINGS,
            formats=_FORMATS,
            called={"role": self.names, "service": {s.id: (s.names.zh, s.names.en) for s in self.services}},
        )

    def _roles(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(service.role for service in self.services))

    def _interval(self, level: float) -> tuple[Floats, Floats]:
        if self.draws is None:
            return np.full_like(self.due, np.nan), np.full_like(self.due, np.nan)
        low, high = np.quantile(self.draws, tails_of(level), axis=0)
        return low, high

    def __str__(self) -> str:
        return str(self.table())


def workload(
    projection: Projection,
    disease: Disease,
    *,
    months: float = 1.0,
    intervals: Mapping[str, float] | None = None,
    policy: Mapping[str, str] | None = None,
) -> Workload:
    """Count the services that will be due, step by step.

    Parameters
    ----------
    projection
        Of states of the disease's pathway, by their ids.
    disease
        Its service list says what is due in which states, how often, and who does it.
    months
        Length of a step.
    intervals
        Another length of the clock for some services, in months: what if follow-up were every 2 months?
    policy
        Values of the disease's own policies.

    Raises
    ------
    UsageError
        If ``intervals`` names no service, a projected state is none of the pathway's, or no service is due in any.
    DefinitionError
        If the length of a clock depends on the person.
    """
    if not isinstance(months, int | float) or not months > 0:
        raise UsageError(f"months={months!r}: the length of a step must be above 0")
    resolved, chosen = resolve_disease(disease, policy or {}), dict(intervals or {})
    known = [service.id for service in resolved.services]
    for name, length in chosen.items():
        if name not in known:
            raise UsageError(f"{disease.id} has no service {name!r}; {did_you_mean(name, known)}")
        if not isinstance(length, int | float) or not length > 0:
            raise UsageError(f"intervals: {name} every {length!r} months; a length must be above 0")
    states = projection.scenario.states
    services = tuple(s for s in resolved.services if set(s.timing.states) & set(states))
    if not services:
        raise UsageError(f"no service of {disease.id} is due in any of the states {', '.join(map(str, states))}")
    ids = [state.id for state in resolved.pathway.states]
    foreign = [str(state) for state in states if state not in (*ids, LEFT, DIED)]
    if foreign:
        raise UsageError(
            f"{', '.join(foreign)}: no states of {disease.id}, so that what is due there is not known; project the "
            "states of the pathway, which a cohort follows if `states` is left out"
        )
    lengths = [chosen.get(service.id) or _months(service) for service in services]
    columns, drawn = zip(
        *(_due(projection, s, months / n) for s, n in zip(services, lengths, strict=True)), strict=True
    )
    return Workload(
        services=services,
        due=np.stack(columns, axis=1),
        draws=None if projection.draws is None else np.stack([d for d in drawn if d is not None], axis=2),
        names={role.id: (role.names.zh, role.names.en) for role in resolved.roles},
    )


def _months(service: Service) -> float:
    length = service.timing.length
    if not isinstance(length.amount, Literal) or not isinstance(length.amount.value, int | float):
        raise DefinitionError(
            f"how often {service.id} comes up depends on the person",
            [Fault("unsupported_length", service.id, "no number", "say it: intervals={…: months}")],
        )
    return float(length.amount.value) * _IN_MONTHS[length.unit]


_IN_MONTHS = {"days": 1 / DAYS_OF_MONTH, "weeks": 7 / DAYS_OF_MONTH, "months": 1.0}


def _due(projection: Projection, service: Service, times: float) -> tuple[Floats, Floats | None]:
    """Return the services due in each step, (T,), and draws, (n, T): at the stock at the start of the step."""
    names = projection.scenario.states
    inside = np.array([name in service.timing.states for name in names])
    if service.timing.repeats:
        due = projection.stocks[:-1][:, inside].sum(1) * times
        drawn = None if projection.draws is None else projection.draws[:, :-1][:, :, inside].sum(2) * times
        return due, drawn
    steps = range(1, projection.steps + 1)
    came = np.array([projection.flows(step)[~inside][:, inside].sum() for step in steps])
    came += np.array([_arrivals(projection, step, inside) for step in steps])
    flows = [projection.drawn_flows(step) for step in steps]
    if projection.draws is None:
        return came, None
    drawn = np.stack([f[:, ~inside][:, :, inside].sum((1, 2)) for f in flows if f is not None], axis=1)
    again = projection.scenario.uncertain_inflow
    if again is not None:
        return came, drawn + again[:, inside].sum(1)[:, None]
    return came, drawn + np.array([_arrivals(projection, step, inside) for step in steps])


def _arrivals(projection: Projection, step: int, inside: Floats) -> float:
    inflow = projection.scenario.inflow
    row = inflow[min(step, len(inflow)) - 1] if inflow.ndim == 2 else inflow
    return float(np.broadcast_to(row, inside.shape)[inside].sum())
