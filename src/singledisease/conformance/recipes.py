"""Which events a definition asks for: of each selection, and of each signal, what an event must hold to be one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any

from attrs import evolve, field, frozen

from singledisease.conformance.mutations.smallest_steps import moved, step_of
from singledisease.definitions.disease import Disease
from singledisease.frozen_mapping import frozen_mapping
from singledisease.language import nodes as n
from singledisease.language.row_sources import base_of
from singledisease.language.traversal import inside

_MOST_WAYS = 6
"""In how many ways a condition with alternatives is met, at most."""

_TOWARDS: Mapping[str, int] = frozen_mapping({"<": -1, "<=": 0, "==": 0, ">=": 0, ">": 1})
_TURNED: Mapping[str, str] = frozen_mapping({"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="})


@frozen
class Recipe:
    """What an event holds that one selection takes: its kinds, and by column the words, numbers or just something."""

    kinds: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(factory=dict, converter=frozen_mapping)
    numbers: Mapping[str, tuple[float, ...]] = field(factory=dict, converter=frozen_mapping)
    known: tuple[str, ...] = ()
    disease: str = ""


def recipes_of(roots: Iterable[Any]) -> tuple[Recipe, ...]:
    """Give the recipes of all selections of events in some expressions, each once."""
    found: dict[Recipe, None] = {}
    selections = [node for root in roots for node in inside(root, n.Where, n.Events)]
    for node in selections:
        base = base_of(node)
        if isinstance(base, n.Events):
            found.update(dict.fromkeys(_met(Recipe(base.kinds), _conditions(node))))
    return tuple(found)


def _conditions(selection: Any) -> list[Any]:
    found = []
    while hasattr(selection, "source"):
        if isinstance(selection, n.Where):
            found.append(selection.condition)
        selection = selection.source
    return found


def _met(start: Recipe, conditions: Sequence[Any]) -> Iterator[Recipe]:
    """Give recipes that meet conditions, one for each combination of alternatives."""
    for ways in islice(product(*(_ways(one) for one in conditions)), _MOST_WAYS):
        recipe = start
        for part in (part for way in ways for part in way):
            recipe = _with(recipe, part)
        yield recipe


def _ways(condition: Any) -> list[tuple[Any, ...]]:
    """Give the ways in which a condition can be met, each as parts that all hold."""
    match condition:
        case n.Apply(operation="and"):
            combined = product(*(_ways(arg) for arg in condition.args))
            return [tuple(part for way in ways for part in way) for ways in islice(combined, _MOST_WAYS)]
        case n.Apply(operation="or"):
            return [way for arg in condition.args for way in _ways(arg)][:_MOST_WAYS]
    return [(condition,)]


def unwrapped(node: Any) -> Any:
    """Give the first of a list of values of which the first known is taken; anything else as it is."""
    return unwrapped(node.args[0]) if isinstance(node, n.Apply) and node.operation == "coalesce" else node


def _with(recipe: Recipe, part: Any) -> Recipe:
    part = unwrapped(part)
    if isinstance(part, n.Apply):
        part = evolve(part, args=tuple(map(unwrapped, part.args)))
    match part:
        case n.Apply(operation="is_in" | "starts_with", args=(n.Column() as column,)):
            return _worded(recipe, column.name, part.texts)
        case n.Apply(operation="==", args=(n.Column() as column, n.Literal(kind="text") as literal)):
            return _worded(recipe, column.name, (str(literal.value),))
        case n.Apply(operation="known", args=(n.Column() as column,)):
            return evolve(recipe, known=(*recipe.known, column.name))
        case n.Apply(args=(n.Column() as column, n.Literal(kind="number") as literal)):
            return _numbered(recipe, column, part.operation, literal)
        case n.Apply(args=(n.Literal(kind="number") as literal, n.Column() as column)):
            return _numbered(recipe, column, _TURNED.get(part.operation, ""), literal)
        case n.HasCode(code=n.Column() as column, codes=n.Codes() as codes):
            return _worded(recipe, column.name, codes.codes[:20])
        case n.Concerns():
            return evolve(recipe, disease=part.disease)
        case n.Column(kind="bool"):
            return _worded(recipe, part.name, ("true",))
    return recipe


def _worded(recipe: Recipe, column: str, texts: tuple[str, ...]) -> Recipe:
    if column == "kind":
        return evolve(recipe, kinds=texts)
    return evolve(recipe, words={**recipe.words, column: texts})


def _numbered(recipe: Recipe, column: n.Column, sign: str, literal: n.Literal) -> Recipe:
    if sign not in _TOWARDS:
        return recipe
    value = moved(float(literal.value), step_of(literal, column), _TOWARDS[sign])
    return evolve(recipe, numbers={**recipe.numbers, column.name: (value,)})


# WAYS THROUGH A PATHWAY


def ways_to_states(diseases: Iterable[Disease], roots: Iterable[Any]) -> tuple[tuple[Recipe, ...], ...]:
    """Give for each state that expressions name the events that lead there, one after the other, as few as can be."""
    named = {(node.disease, value) for root in roots for node in inside(root, n.Status) for value in node.values}
    ways: dict[tuple[Recipe, ...], None] = {}
    for disease in diseases:
        to_all = _ways_through(disease)
        for state, signals in to_all.items():
            stage = disease.pathway.state(state).stage
            if signals and not named.isdisjoint({(disease.id, state), (disease.id, stage)}):
                ways[tuple(_signalled(disease, name) for name in signals)] = None
    return tuple(ways)


def _ways_through(disease: Disease) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {disease.pathway.initial: ()}
    waiting = [disease.pathway.initial]
    while waiting:
        state = waiting.pop(0)
        for transition in disease.pathway.transitions:
            if state in transition.sources and transition.target not in found:
                found[transition.target] = (*found[state], transition.signal)
                waiting.append(transition.target)
    return found


def _signalled(disease: Disease, name: str) -> Recipe:
    signal = next(each for each in disease.pathway.signals if each.id == name)
    start = Recipe(signal.kinds, disease=disease.id)
    return next(_met(start, [] if signal.when is None else [signal.when]))
