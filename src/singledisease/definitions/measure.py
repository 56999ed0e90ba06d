"""Measures: an ordered list of rules, each of which puts those it catches into a group."""

from __future__ import annotations

from typing import Literal

from attrs import field, frozen

from singledisease.definitions.citation import Names
from singledisease.definitions.nodes import Value

OUTSIDE = "outside"
NUMERATOR = "numerator"
NOT_NUMERATOR = "not_numerator"
UNKNOWN = "unknown"
EXCLUDED = "excluded:"
EXCEPTION = "exception:"
UNDETERMINED = "undetermined:"
DENOMINATOR_GROUPS = (NUMERATOR, NOT_NUMERATOR, UNKNOWN)


@frozen
class GroupOption:
    """One option of a policy on a group: its name and the group it stands for."""

    name: str
    group: str


@frozen
class GroupChoice:
    """A named policy that says into which group a rule puts people; blank: the rule catches nobody."""

    name: str
    options: tuple[GroupOption, ...]
    default: str


@frozen(kw_only=True)
class Rule:
    """Who it catches, and into which group it puts them: the first rule that is true decides.

    If the condition is unknown the person lands in ``undetermined:<rule>``.
    """

    name: str
    names: Names
    when: Value
    group: str | GroupChoice


@frozen(kw_only=True)
class Measure:
    """A measure with its rules; ``form`` is ``proportion`` or ``count`` (how many, no rate to speak of)."""

    id: str
    version: str = "1"
    names: Names
    rules: tuple[Rule, ...]
    unit: Literal["person", "encounter", "referral", "test", "institution"] = "person"
    form: Literal["proportion", "count"] = "proportion"
    disease: str = field(default="")
    citation: str = ""
    status: str = "proposal"
