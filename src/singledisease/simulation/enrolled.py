"""Who is enrolled for what, where the totals of a county are given: exact for every disease that has one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.errors import UsageError, did_you_mean
from singledisease.frozen_mapping import frozen_mapping
from singledisease.simulation.county import Residents

_BEGUN = 60
"""Days within which everybody who is enrolled has been; who dies or moves before is not taken."""


@frozen(kw_only=True)
class Enrolment:
    """How many residents are enrolled, and for which diseases.

    Attributes
    ----------
    any
        Of all residents, the share enrolled for at least one disease.
    exactly
        Of all residents, the share enrolled for each of two diseases whose totals are known.
    both
        Of those enrolled for the second of them, the share enrolled for the first as well.
    weights
        How often each other disease is, relative to the others.
    further
        How many further diseases somebody enrolled has, on average.
    """

    any: float
    exactly: Mapping[str, float] = field(converter=frozen_mapping)
    both: float
    weights: Mapping[str, float] = field(converter=frozen_mapping)
    further: float

    @property
    def diseases(self) -> tuple[str, ...]:
        """The diseases, those with known totals first."""
        return (*self.exactly, *self.weights)

    def rows(self, ids: Sequence[str]) -> list[int]:
        """Give the places of some diseases.

        Raises
        ------
        UsageError
            If nothing is said of one.
        """
        known = self.diseases
        if unknown := [name for name in ids if name not in known]:
            told = "; ".join(f"{name!r}, {did_you_mean(name, known)}" for name in unknown)
            raise UsageError(
                f"预设没有这些病种的人数 / the preset does not say how many have {told}; simulate them without a preset"
            )
        return [known.index(name) for name in ids]


def enrolled(
    of: Enrolment, people: Residents, start: int, first: int, chance: np.random.Generator
) -> NDArray[np.bool_]:
    """Draw who is enrolled, by disease and person.

    However many blocks people come in, the sums up to each block's end are the rounded shares.

    Parameters
    ----------
    of
        How many are enrolled for what.
    people
        Some people.
    start
        The first simulated day.
    first
        How many people came before them.
    chance
        The dice.
    """
    stay = ((people.death == MISSING) | (people.death > start + _BEGUN)) & (people.reassigned > start + _BEGUN)
    order = chance.permutation(np.flatnonzero(stay))[: _due(of.any, first, len(people))]
    found = np.zeros((len(of.diseases), len(people)), np.bool_)
    # The second disease begins among those who have the first, and goes on among those who have not.
    one, two = (min(_due(share, first, len(people)), len(order)) for share in of.exactly.values())
    common = min(max(round(of.both * two), one + two - len(order)), one)
    found[0, order[:one]] = True
    found[1, order[one - common : one - common + two]] = True
    others = order[one - common + two :]
    _further(found, others, np.ones(len(others), np.int64), of, chance)
    _further(found, order, chance.poisson(of.further, len(order)), of, chance)
    return found


def _due(share: float, first: int, count: int) -> int:
    return round(share * (first + count)) - round(share * first)


def _further(
    found: NDArray[np.bool_],
    who: NDArray[np.int64],
    many: NDArray[np.int64],
    of: Enrolment,
    chance: np.random.Generator,
) -> None:
    """Give people so many diseases without a known total; the same one twice is one."""
    weights = np.array(list(of.weights.values()))
    person = np.repeat(who, many)
    disease = chance.choice(len(weights), len(person), p=weights / weights.sum())
    found[len(of.exactly) + disease, person] = True
