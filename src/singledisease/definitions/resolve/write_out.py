"""Writing out what is said by name: parameters, code sets and tiers become the nodes that they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from attrs import evolve, field, frozen

from singledisease.dates import day_of
from singledisease.definitions.citation import Citation, DatedValue, Names, Parameter
from singledisease.definitions.disease import Disease, Role, Target
from singledisease.definitions.fragment_use import FragmentUse
from singledisease.definitions.pathway import Signal, State, Transition
from singledisease.definitions.resolve.policies import is_dated
from singledisease.definitions.resolve.tiers import tier_during, tier_on
from singledisease.definitions.state_selection import StateGroup, StateSelection
from singledisease.definitions.tier import Tier, TierLevel, TierRule
from singledisease.definitions.timing import Timing
from singledisease.errors import DefinitionError, Fault, did_you_mean
from singledisease.language import nodes as n
from singledisease.language.format import write
from singledisease.language.scopes import Scope, own_day, rewrite_in_scope
from singledisease.vocabulary import Quantity

_OF_ROW: Mapping[type, tuple[str, ...]] = {
    Signal: ("when",),
    Timing: ("met_by",),
    Target: ("goal",),
    TierRule: ("when",),
    Tier: ("valid",),
}
"""Fields of a disease that hold expressions about an event."""

_NOWHERE: Mapping[type, tuple[str, ...]] = MappingProxyType({})

_WITHOUT_EXPRESSIONS: frozenset[type] = frozenset(
    {
        *(Citation, DatedValue, FragmentUse, Names, Parameter, Quantity, Role, State, StateGroup, StateSelection),
        *(TierLevel, Transition),
    }
)
"""Parts of a disease, most of them all, that hold none."""

_NAMES = (n.ParameterOf, n.CodesOf, n.TierOn, n.TierDuring)
"""Nodes that say something by name."""

OWN_CODES = "disease"
"""By this name a disease's own codes are a code set."""


@frozen
class WriteOut:
    """Puts what is named in the place of its name, collecting what cannot be found.

    Attributes
    ----------
    diseases
        Those that may be named; of a measure, resolved ones.
    at_period_end
        Whether dated values are taken on the period's end everywhere, rather than on the day that is looked at.
    """

    diseases: Mapping[str, Disease]
    at_period_end: bool = False
    faults: list[Fault] = field(factory=list)
    _open: tuple[tuple[str, str], ...] = ()

    def write_out(self, node: Any, scope: Scope = "person", of_row: Mapping[type, tuple[str, ...]] = _NOWHERE) -> Any:
        """Write out everything in a node that stands in a scope; ``of_row`` are further fields about a row."""
        of_row = {**_OF_ROW, **of_row}
        return rewrite_in_scope(node, self._put, scope, of_row=of_row, kinds=_NAMES, kept=_WITHOUT_EXPRESSIONS)

    def _put(self, node: Any, scope: Scope) -> Any:
        match node:
            case n.ParameterOf():
                return self._parameter(node, scope)
            case n.CodesOf():
                return self._codes(node)
            case _:
                return self._tier(node, scope)

    def _owner(self, where: str, name: str) -> Disease | None:
        if name not in self.diseases:
            hint = did_you_mean(name, self.diseases)
            self.faults.append(Fault("unknown_disease", where, f"no disease is called {name!r}", hint))
            return None
        return self.diseases[name]

    def _missing(self, check: str, where: str, what: str, name: str, known: Iterable[str]) -> None:
        self.faults.append(Fault(check, where, f"no {what} is called {name!r}", did_you_mean(name, known)))

    # PARAMETERS

    def _parameter(self, node: n.ParameterOf, scope: Scope) -> n.Value:
        where = f"p({node.name!r}) of {node.disease}"
        owner = self._owner(where, node.disease)
        if owner is None:
            return node
        declared = next((each for each in owner.parameters if each.name == node.name), None)
        if declared is None:
            known = [each.name for each in owner.parameters]
            self._missing("unknown_parameter", where, "parameter", node.name, known)
            return node
        if not declared.values:
            self.faults.append(Fault("unsound_parameter", where, "has no value", "value = 140"))
            return node
        return dated_value(declared, n.PeriodEnd() if self.at_period_end else own_day(scope))

    # CODE SETS

    def _codes(self, node: n.CodesOf) -> n.Codes | n.CodesOf:
        owner = self._owner(write(node), node.disease)
        if owner is None:
            return node
        if node.name == OWN_CODES:
            return n.Codes(owner.id, owner.names.zh, owner.names.en, "", owner.codes, True)
        known = {code_set.name: code_set for code_set in owner.code_sets}
        if node.name not in known:
            self._missing("unknown_code_set", write(node), "code set", node.name, [*known, OWN_CODES])
            return node
        return known[node.name].node

    # TIERS

    def _tier(self, node: n.TierOn | n.TierDuring, scope: Scope) -> n.Value:
        owner = self._owner(write(node), node.disease)
        tier = None if owner is None else self._declared_tier(node, owner)
        if tier is None:
            return node
        try:
            if isinstance(node, n.TierOn):
                return tier_on(node.disease, tier, node.on, scope)
            return tier_during(node.disease, tier, node.levels, node.window, scope)
        except DefinitionError as error:
            self.faults.extend(error.faults)
            return node

    def _declared_tier(self, node: n.TierOn | n.TierDuring, owner: Disease) -> Tier | None:
        known = {tier.id: tier for tier in owner.tiers}
        if node.tier not in known:
            self._missing("unknown_tier", write(node), f"tier of {owner.id}", node.tier, known)
            return None
        tier, name = known[node.tier], (owner.id, node.tier)
        if name in self._open:
            message = f"{owner.id}.{tier.id} is read from itself"
            self.faults.append(Fault("tier_cycle", write(node), message, "read another tier, or the events themselves"))
            return None
        levels = [level.id for level in tier.levels]
        for level in node.levels if isinstance(node, n.TierDuring) else ():
            if level not in levels:
                self._missing("unknown_level", write(node), f"level of {owner.id}.{tier.id}", level, levels)
        inner: Tier = evolve(self, open=(*self._open, name)).write_out(tier)
        return inner


def dated_value(parameter: Parameter, day: n.Value) -> n.Value:
    """Give the value of a parameter, or of several the one in force on a day; before the first it is missing."""
    values = [n.Literal(each.value, "number", parameter.unit) for each in parameter.values]
    if not is_dated(parameter):
        return values[0]
    pairs = list(zip(parameter.values, values, strict=True))[::-1]
    whens = tuple(
        (n.Apply(">=", (day, n.Literal(day_of(each.valid_from), "date"))), value)
        for each, value in pairs
        if each.valid_from is not None
    )
    always = next((value for each, value in pairs if each.valid_from is None), None)
    return n.Case(whens, always) if whens or always is None else always
