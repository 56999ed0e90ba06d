"""Tiers of several diseases: a person's colour, which is the worst that any of them gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from attrs import field, frozen

from singledisease.definitions.citation import Names, Status
from singledisease.definitions.tier import TierLevel
from singledisease.errors import DefinitionError, Fault, did_you_mean
from singledisease.frozen_mapping import FrozenMapping
from singledisease.language.build import case
from singledisease.language.operator_words import worst
from singledisease.language.state_words import tier
from singledisease.language.wrappers import Expression, words


def _names_of(of: Any) -> tuple[str, ...]:
    return words((of,))


@frozen(kw_only=True)
class JointTier:
    """The worst level in which a person stands in the tiers of several diseases.

    A tier that has no level for the person (a disease that the person does not have, an assessment that is out of
    date) takes no part; where none has one, the level is unknown.

    Attributes
    ----------
    levels
        From the mildest to the worst.
    of
        The tiers, each as ``disease.tier``; every level of theirs has to be one of these, or be counted as one.
    counted_as
        Levels of the tiers that go by other ids, with the level as which each counts: ``{"very_high": "red"}``.
    status
        How sure it is that this is how they are joined: ``confirmed``, ``unverified``, ``provisional`` or ``proposal``.

    Raises
    ------
    DefinitionError
        If it has no name, no levels or two alike, or ``of`` is empty, or names what is no tier, with every fault.

    Examples
    --------
    >>> from singledisease.language.build import PERIOD
    >>> colours = tuple(TierLevel(id=id, names=Names(zh, id)) for id, zh in (("green", "绿"), ("red", "红")))
    >>> colour = JointTier(
    ...     id="colour", names=Names("颜色", "colour"), levels=colours, of=("hypertension.risk", "type2-diabetes.risk")
    ... )
    >>> colour.on(PERIOD.end) == "red"  # doctest: +ELLIPSIS
    <worst(tier("hypertension.risk", on=PERIOD.end), ..., order=("green", "red")) == "red">
    """

    id: str
    names: Names
    levels: tuple[TierLevel, ...] = field(converter=tuple)
    of: tuple[str, ...] = field(converter=_names_of)
    counted_as: Mapping[str, str] = field(factory=dict, converter=FrozenMapping)
    citation: str = ""
    status: Status = "proposal"

    def __attrs_post_init__(self) -> None:
        if faults := tuple(self._faults()):
            raise DefinitionError("this tier cannot be made", faults)

    def _faults(self) -> Iterator[Fault]:
        if not self.id.isidentifier():
            yield Fault("no_id", "id", f"is no word of letters, digits and _: {self.id!r}", 'id="colour"')
        ids = [level.id for level in self.levels]
        if not ids:
            yield Fault("no_levels", "levels", "there are none", "name the levels, the mildest first")
        for id in dict.fromkeys(id for id in ids if ids.count(id) > 1):
            yield Fault("duplicate_id", f"levels.{id}", "two levels have this id", "name each level once")
        for other, id in self.counted_as.items():
            if id not in ids:
                yield Fault("unknown_level", f"counted_as.{other}", f"no level is called {id!r}", did_you_mean(id, ids))
            if other in ids:
                yield Fault("duplicate_id", f"counted_as.{other}", "is a level itself", "leave it out")
        if not self.of:
            yield Fault("tier_missing", "of", "names no tier", 'of=("hypertension.risk", …)')
        for name in self.of:
            if not all(name.partition(".")):
                yield Fault("tier_missing", f"of, {name!r}", "names no tier of a disease", '"hypertension.risk"')

    def on(self, day: Any) -> Expression:
        """Give the level at the end of a day, of a person or of a row, as its id."""
        ids = {
            level.id: (level.id, *(own for own, id in self.counted_as.items() if id == level.id))
            for level in self.levels
        }
        found = worst(*(tier(name, on=day) for name in self.of), order=tuple(chain.from_iterable(ids.values())))
        if not self.counted_as:
            return found
        return case(*((found.is_in(*own), id) for id, own in ids.items()))
