"""From the rules of a measure to the group of each person: the first rule that is true decides.

A rule that is neither true nor false for somebody nobody has caught yet decides too: that person is undetermined
by that rule, counted under its name, and outside the denominator.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from singledisease.definitions.aggregate import Countable
from singledisease.definitions.measure import UNDETERMINED, Rule
from singledisease.definitions.resolve import Resolved
from singledisease.errors import DefinitionError, Fault
from singledisease.language.nodes import Literal
from singledisease.language.row_sources import source_of
from singledisease.person_values import Values, without_repeats
from singledisease.scorecard.counts import PEOPLE, Counted


def group_of(rule: Rule) -> str:
    """Give the group of a resolved rule."""
    assert isinstance(rule.group, str), "the measure was not resolved"
    return rule.group


def groups_of(measure: Countable) -> tuple[str, ...]:
    """Give every group into which a resolved measure can put people: its rules' in order, then the undetermined.

    Raises
    ------
    DefinitionError
        If there are more than 255.
    """
    named = [group_of(rule) for rule in measure.rules]
    undetermined = [UNDETERMINED + rule.name for rule in measure.rules if not isinstance(rule.when, Literal)]
    groups = tuple(dict.fromkeys((*named, *undetermined)))
    if len(groups) > 255:
        fault = Fault("too_many_groups", measure.id, f"{len(groups)} groups, at most 255", "join some of the rules")
        raise DefinitionError("this measure cannot be evaluated", [fault])
    return groups


def counted_of(resolved: Resolved, by: tuple[str, ...] = ()) -> Counted:
    """Give the key under which a resolved measure is counted."""
    measure = resolved.measure
    of = PEOPLE if measure.of is None else source_of(measure.of)
    return Counted(measure.id, measure.version, tuple(resolved.policy.items()), groups_of(measure), by, of)


def assign(measure: Countable, conditions: Iterable[Values], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Put everybody into a group.

    Parameters
    ----------
    measure
        Resolved.
    conditions
        What the engine gives for the condition of each rule, in order; none is taken once everybody is caught.
    shape
        (periods, people), or (rows,).

    Returns
    -------
    array
        uint8 of that shape: index into ``groups_of(measure)``.

    Raises
    ------
    DefinitionError
        If a rule is missing for those whom no other catches.
    """
    number = {group: np.uint8(i) for i, group in enumerate(groups_of(measure))}
    # What rules say of all periods or all people alike is worked out once, and told apart when a rule does.
    assigned = np.zeros((1,) * len(shape), np.uint8)
    free = np.ones((1,) * len(shape), np.bool_)
    for rule, values in zip(measure.rules, conditions, strict=True):
        known, holds = without_repeats(values.known), without_repeats(values.value).astype(bool, copy=False)
        caught = _both(free, _both(known, holds))
        # Everybody starts at 0 and is caught once: adding is fifty times faster than assigning where.
        if group := number[group_of(rule)]:
            assigned = _added(assigned, caught.view(np.uint8) * group)
        free = free ^ caught if free.size > 1 else _both(free, ~caught)
        # A literal is known everywhere, so that its "undetermined" group need not exist.
        if not known.all():
            assigned = _added(assigned, _both(free, ~known) * number[UNDETERMINED + rule.name])
            free = _both(free, known)
        if not free.any():
            return np.broadcast_to(assigned, shape)
    left = int(np.broadcast_to(free, shape).sum())
    fault = Fault("no_last_rule", measure.id, f"{left} people are caught by no rule", "end with `True`")
    raise DefinitionError("this measure leaves people over", [fault])


def _both(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say where both hold; reading a single element over and over takes NumPy twenty times as long as reading along."""
    if one.size == 1 or other.size == 1:
        same, different = (one, other) if one.size == 1 else (other, one)
        return different if same.flat[0] else np.zeros_like(different)
    return one & other


def _added(so_far: NDArray[np.uint8], further: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Add in place if there is room: new memory costs more than the work."""
    has_room = np.broadcast_shapes(so_far.shape, further.shape) == so_far.shape
    return np.add(so_far, further, out=so_far if has_room else None)
