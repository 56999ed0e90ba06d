"""Which parameters there are: what acts on what, and what is one and the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.errors import DefinitionError, UsageError
from singledisease.multistate.arrays import Codes, Floats
from singledisease.multistate.rates.covariates.design import Design, Patterns
from singledisease.multistate.rates.parameters.layout import ModelParameter, ParameterLayout
from singledisease.multistate.rates.parameters.misclassification import Misclassification
from singledisease.multistate.rates.sequences.visit_sequences import VisitSequences
from singledisease.multistate.rates.visits.state_space import Pairs, StateSpace

Groups = list[NDArray[np.intp]]
"""Groups of transitions (or errors), as places in their list: each has one parameter."""

Effects = Mapping[str, Iterable[Any] | str]


@frozen
class _Pairs:
    """Transitions or errors of a space, each with a parameter, and how they are named."""

    space: StateSpace
    pairs: Pairs
    word: str

    def place(self, given: Any) -> int | None:
        """Find a pair of states; ``None`` if it is not one that has a parameter."""
        if not isinstance(given, tuple | list) or len(given) != 2:
            return None
        try:
            a, b = (self.space.states.index(state) for state in given)
        except ValueError:
            return None
        return self.pairs.index((a, b)) if (a, b) in self.pairs else None

    def groups(self, given: Iterable[Any], what: str) -> Groups:
        """Read pairs and groups of pairs; a pair alone will do."""
        found, wrong = [], []
        for one in [given] if self.place(given) is not None else given:
            places = [self.place(one)]
            if places == [None] and isinstance(one, list | tuple | set | frozenset):
                places = [self.place(pair) for pair in one]
            if None in places or not places:
                wrong.append(one)
            found.append(np.array([place for place in places if place is not None], dtype=np.intp))
        if wrong:
            raise DefinitionError(f"{what}: {wrong} are not all {self.word}")
        chosen = np.concatenate(found) if found else np.empty(0, dtype=np.intp)
        if len(np.unique(chosen)) < len(chosen):
            raise DefinitionError(f"{what}: {list(given)} name one of them twice")
        return found

    def name(self, group: NDArray[np.intp], joined: str) -> str:
        """Write a group."""
        pairs = [self.pairs[i] for i in group]
        if self.word == _ERRORS:
            return joined.join(f"{self.space.states[a]} seen as {self.space.states[b]}" for a, b in pairs)
        return joined.join(self.space.arrow(pair) for pair in pairs)


_TRANSITIONS, _ERRORS = "allowed transitions", "errors of `misclassification`"


def _equal(among: _Pairs, equal: Iterable[Any] | None, what: str) -> Groups:
    """Return each pair a group: those said to be equal together, every other one on its own."""
    together = among.groups(equal or (), what)
    first = np.arange(len(among.pairs))
    for group in together:
        first[group] = group.min()
    return [np.flatnonzero(first == i) for i in np.unique(first)]


def _acting(among: _Pairs, patterns: Patterns, effects: Effects | None, what: str) -> dict[str, Groups]:
    """Return the groups on which each term acts with one effect."""
    acting: dict[str, Groups] = {}
    for name, on in (effects or {}).items():
        terms = patterns.terms_of(name)
        if isinstance(on, str):
            if on != "shared":
                raise UsageError(f'{what} of {name}: {on!r}; give pairs of states, or "shared"')
            groups = [np.arange(len(among.pairs))]
        else:
            groups = among.groups(on, f"{what} of {name}")
        acting |= dict.fromkeys(terms, groups)
    return acting


def _base(made: list[ModelParameter], among: _Pairs, groups: Groups, kind: str) -> Codes:
    """Lay out one parameter per group; give that of each pair."""
    base = np.zeros(len(among.pairs), dtype=np.int64)
    for group in groups:
        base[group] = len(made)
        made.append(ModelParameter(among.name(group, " = "), kind, tuple(among.pairs[i] for i in group)))
    return base


def _acts(
    made: list[ModelParameter], among: _Pairs, columns: list[tuple[str, float, str]], acting: Mapping[str, Groups]
) -> Codes:
    """Lay out the effects of terms (name, spread, kind); give the parameter of each pair and term."""
    acts = np.full((len(among.pairs), len(columns)), -1, dtype=np.int64)
    each = [np.array([i]) for i in range(len(among.pairs))]
    for column, (term, width, kind) in enumerate(columns):
        for group in acting.get(term, each):
            acts[group, column] = len(made)
            on = "all" if len(group) == len(among.pairs) > 1 else among.name(group, ", ")
            made.append(ModelParameter(f"{term} on {on}", kind, tuple(among.pairs[i] for i in group), term, width))
    return acts


def _columns(patterns: Patterns, kind: str) -> list[tuple[str, float, str]]:
    return [(term, float(width), kind) for term, width in zip(patterns.terms, patterns.spread, strict=True)]


def layout_of(
    space: StateSpace,
    *,
    sequences: VisitSequences,
    plan: Design,
    effects: Effects | None,
    equal: Iterable[Any] | None,
    error_effects: Effects | None,
    error_equal: Iterable[Any] | None,
    initial: Floats | None,
) -> ParameterLayout:
    """Lay out the parameters; see ``fit_generator`` for effects and what is equal.

    Raises
    ------
    DefinitionError
        If a pair of states is named that has no parameter, or twice.
    UsageError
        If a covariate is named that there is none of.
    """
    moves, errors = _Pairs(space, space.allowed, _TRANSITIONS), _Pairs(space, space.errors, _ERRORS)
    acting = _acting(moves, plan.rates, effects, "effects")
    mistaken = _acting(errors, plan.errors, error_effects, "misclassification_effects")
    made: list[ModelParameter] = []
    names = tuple(f"[from {edge}]" for edge in plan.edges)
    base = _base(made, moves, _equal(moves, equal, "equal"), "rate")
    columns = [*_columns(plan.rates, "effect"), *((name, 1.0, "period") for name in names)]
    acts = _acts(made, moves, columns, acting)
    misclassification_model = Misclassification(
        size=len(space.states),
        pairs=space.errors,
        base=_base(made, errors, _equal(errors, error_equal, "misclassification_equal"), "error"),
        terms=plan.errors.patterns,
        acts=_acts(made, errors, _columns(plan.errors, "error_effect"), mistaken),
    )
    if initial is None:
        may_start = [k for k in range(1, len(space.states)) if not space.absorbing[k]]
        made += [ModelParameter(f"starts in {space.states[k]}", "initial", ((0, k),)) for k in may_start]
    generators = sequences.intervals.generators
    dummies = generators[:, 1:] == np.arange(1, len(names) + 1)
    return ParameterLayout(
        space=space,
        parameters=tuple(made),
        base=base,
        terms=np.concatenate((plan.rates.patterns[generators[:, 0]], dummies), axis=1),
        acts=acts,
        exact=sequences.exact,
        misclassification_model=misclassification_model,
        initial=initial,
    )
