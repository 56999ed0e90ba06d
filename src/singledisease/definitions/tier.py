"""Tiers: a label (risk, colour, grade) that an assessment gives and that holds until the next one."""

from __future__ import annotations

from attrs import field, frozen
from attrs.converters import optional

from singledisease.definitions.citation import Names, Status
from singledisease.language.nodes import Value
from singledisease.language.wrappers import node_of


@frozen(kw_only=True)
class TierLevel:
    """One of the levels of a tier: id, names, and the colour in which it is shown (``red``, ``#c0392b``).

    >>> red = TierLevel(id="red", names=Names("红", "red"), colour="#c0392b")
    >>> red.id, red.names.zh
    ('red', '红')
    """

    id: str
    names: Names
    colour: str = ""


@frozen(kw_only=True)
class TierRule:
    """A row-level condition on the assessment's event, which may look back, and the level it gives.

    >>> import singledisease as sd
    >>> raised = TierRule(level="raised", when=sd.column("sbp") >= 140)
    >>> rest = TierRule(level="low", when=True)
    >>> raised.level, rest.level
    ('raised', 'low')
    """

    level: str
    when: Value = field(converter=node_of)


@frozen(kw_only=True)
class Tier:
    """Ordered levels, and how an event of some kinds gives one of them.

    An event of the named kinds that concerns the disease is an assessment.  Its rules are read in order, and
    the first that is true gives the level; if one before it is unknown, the level is.  An event for which every rule
    is unknown (one that is always true apart) is no assessment; one for which some rule is known and none is true
    leaves the person without a level.  The level holds from that event to the next assessment, at most ``valid``
    months, and is unknown before the first and after that.  Of several on a day the last counts.

    Attributes
    ----------
    levels
        From the lowest (mildest) to the highest (worst).
    kinds
        Of the events that are assessments; at least one.
    valid
        How many calendar months a level holds at most: a number or a parameter of the disease; ``None``: until
        the next assessment.
    status
        How sure the rules are: ``confirmed``, ``unverified``, ``provisional`` or ``proposal``.

    >>> import singledisease as sd
    >>> pressure = Tier(
    ...     id="pressure",
    ...     names=Names("血压分级", "level of pressure"),
    ...     levels=(TierLevel(id="low", names=Names("低", "low")), TierLevel(id="raised", names=Names("高", "raised"))),
    ...     kinds=("follow_up",),
    ...     rules=(TierRule(level="raised", when=sd.column("sbp") >= 140), TierRule(level="low", when=True)),
    ...     valid=12,
    ... )
    >>> pressure.rank("raised"), pressure.level("raised").names.zh
    (1, '高')
    """

    id: str
    names: Names
    levels: tuple[TierLevel, ...]
    kinds: tuple[str, ...]
    rules: tuple[TierRule, ...]
    valid: Value | None = field(default=None, converter=optional(node_of))
    citation: str = ""
    status: Status = "proposal"

    def level(self, name: str) -> TierLevel:
        """Give a level by id; raises ``KeyError`` if there is none."""
        for level in self.levels:
            if level.id == name:
                return level
        raise KeyError(name)

    def rank(self, name: str) -> int:
        """Give the place of a level, 0 the lowest; raises ``KeyError`` if there is none."""
        return self.levels.index(self.level(name))
