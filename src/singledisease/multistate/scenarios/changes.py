"""What is changed in a scenario, from which step on, and how large a change a measure makes."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
from attrs import frozen

from singledisease.errors import UsageError, did_you_mean, require_kind
from singledisease.multistate.arrays import Floats


@frozen(kw_only=True)
class Change:
    """Another probability (or rate, of a generator) of going from one state to another, from a step on.

    Attributes
    ----------
    source, target
        States.
    factor
        What it is multiplied by; or
    value
        what it is.
    start, until
        First and last step in which it holds, from 1; ``until=None``: to the end.  ``step_on`` gives that of a day.
    ramp
        How many steps it takes to come into full force, in equal parts: of 4, a quarter of it holds in the first.

    >>> change = Change(source="well", target="ill", factor=0.5, start=3, ramp=2)
    >>> [change.force(step) for step in (2, 3, 4, 5)]
    [0.0, 0.5, 1.0, 1.0]
    """

    source: Any
    target: Any
    factor: float | None = None
    value: float | None = None
    start: int = 1
    until: int | None = None
    ramp: int = 1

    def __attrs_post_init__(self) -> None:
        if (self.factor is None) == (self.value is None):
            raise UsageError("a change has a factor or a value, one of the two")
        if self.source == self.target:
            raise UsageError(f"staying in {self.source!r} is what the other entries leave over; change one of them")
        size = self.factor if self.value is None else self.value
        if size is None or not np.isfinite(size) or size < 0:
            raise UsageError(f"the factor or value of a change must be finite and not negative; got {size!r}")
        for name, step in (("start", self.start), ("until", self.until), ("ramp", self.ramp)):
            if step is not None and not isinstance(step, int | np.integer):
                raise UsageError(f"{name}={step!r}: steps are whole numbers; step_on(cohort, day) gives that of a day")
        if self.ramp < 1:
            raise UsageError(f"ramp={self.ramp!r}: a change takes one step or more to come into full force")
        if self.start < 1 or (self.until is not None and self.until < self.start):
            raise UsageError(f"a change from step {self.start} to {self.until} holds in no step; steps count from 1")

    def __str__(self) -> str:
        size = f"= {self.value:g}" if self.factor is None else f"x {self.factor:g}"
        end = "" if self.until is None else f" to {self.until}"
        ramp = "" if self.ramp == 1 else f", in full force after {self.ramp} steps"
        return f"{self.source} -> {self.target} {size} from step {self.start}{end}{ramp}"

    def force(self, step: int) -> float:
        """Say which part of it holds in a step, from 0 to 1."""
        if step < self.start or (self.until is not None and step > self.until):
            return 0.0
        return min(1.0, (step - self.start + 1) / self.ramp)


def factor_of_coverage(effect: float, before: float, after: float) -> float:
    """Return the factor on a rate if a measure with a relative risk reaches another share of people.

    >>> round(factor_of_coverage(0.5, before=0.0, after=0.4), 6)
    0.8
    """
    require_kind(effect, Real, way="sd.factor_of_coverage(effect, before, after)", named="effect")
    require_kind(before, Real, way="sd.factor_of_coverage(effect, before, after)", named="before")
    require_kind(after, Real, way="sd.factor_of_coverage(effect, before, after)", named="after")
    for name, share in (("before", before), ("after", after)):
        if not 0 <= share <= 1:
            raise UsageError(f"{name}={share!r}: a coverage lies between 0 and 1")
    reached = 1 - before * (1 - effect)
    if effect < 0 or reached <= 0:
        raise UsageError(
            f"effect={effect!r}: a relative risk must not be negative, nor 0 where everybody is covered already"
        )
    return (1 - after * (1 - effect)) / reached


def factor_of_interval(before: float, after: float) -> float:
    """Return the factor on the rate of what happens at each visit if visits come at another interval.

    >>> factor_of_interval(before=3, after=1.5)
    2.0
    """
    require_kind(before, Real, way="sd.factor_of_interval(before, after)", named="before")
    require_kind(after, Real, way="sd.factor_of_interval(before, after)", named="after")
    if before <= 0 or after <= 0:
        raise UsageError(f"intervals are above 0; got {before!r} and {after!r}")
    return before / after


def apply(matrix: Floats, change: Change, states: Sequence[Any], force: float = 1.0) -> None:
    """Change matrices, (…, K, K), in place, by a part of the change; raises ``UsageError`` for unknown states."""
    for name in (change.source, change.target):
        if name not in states:
            raise UsageError(f"there is no state {name!r}; {did_you_mean(str(name), map(str, states))}")
    i, j = states.index(change.source), states.index(change.target)
    if change.factor is not None:
        matrix[..., i, j] *= 1.0 + force * (change.factor - 1.0)
    else:
        matrix[..., i, j] = force * np.float64(change.value) + (1.0 - force) * matrix[..., i, j]
