"""The events that could be done for somebody so that a measure counts them: what its rules take, with values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from attrs import field, frozen

from singledisease.conformance.ingredients import Ingredients, ingredients_of
from singledisease.conformance.recipes import Recipe, recipes_of
from singledisease.conformance.valued import Definition
from singledisease.dates import Period
from singledisease.definitions.disease import Disease, Service
from singledisease.definitions.measure import EXCEPTION, EXCLUDED, NUMERATOR, OUTSIDE, Rule
from singledisease.frozen_mapping import frozen_mapping
from singledisease.language import nodes as n
from singledisease.language.row_sources import base_of
from singledisease.language.traversal import inside

NOT_PLANNED = ("lost", "exit", "complication", "admission", "discharge", "enrolment", "diagnosis", "assignment")
"""Kinds of event that nobody arranges to make a figure better."""

_MOST_VALUES = 2
"""Columns of numbers whose least and greatest values are combined with each other; of more they go together."""


@frozen(cache_hash=True)
class Offer:
    """One event that could be done: its kind and what it holds, by column as text."""

    kind: str
    cells: Mapping[str, str] = field(converter=frozen_mapping)

    def within(self, other: Offer) -> bool:
        """Say whether another offer is the same event with the same or more in it."""
        return self.kind == other.kind and self.cells.items() <= other.cells.items()


def rules_before(rules: Iterable[Rule]) -> list[Rule]:
    """Give the rules that somebody has to pass to be counted in the numerator, and those that count them."""
    listed = list(rules)
    last = max((i for i, rule in enumerate(listed) if rule.group == NUMERATOR), default=-1)
    return [rule for rule in listed[: last + 1] if not str(rule.group).startswith((OUTSIDE, EXCLUDED, EXCEPTION))]


def offers_of(definition: Definition, period: Period) -> list[tuple[Offer, ...]]:
    """Give the events worth trying, once with each choice of values: goals are met from above or from below.

    Of several that are the same but for what is left out the fullest is kept.
    """
    conditions = [rule.when for rule in rules_before(definition.measure.rules)]
    ingredients = ingredients_of([definition.measure], definition.diseases.values(), period)
    recipes = [one for one in recipes_of(conditions) if set(one.kinds) - set(NOT_PLANNED)]
    read = _columns_read(conditions)
    found: dict[tuple[Offer, ...], None] = {}
    for which in _choices({name for recipe in recipes for name in _numbers(recipe, read, ingredients)}):
        made = [_offer(recipe, read, ingredients, which) for recipe in recipes]
        kept = dict.fromkeys(one for one in made if not any(one != other and one.within(other) for other in made))
        found[tuple(kept)] = None
    return [offers for offers in found if offers]


def _columns_read(conditions: Iterable[Any]) -> Mapping[tuple[str, ...], set[str]]:
    """Give by kinds of event the columns that are read of a picked row, or reduced."""
    found: dict[tuple[str, ...], set[str]] = {}
    for node in (part for one in conditions for part in inside(one, n.Picked, n.Reduce)):
        base = base_of(node.row.source if isinstance(node, n.Picked) else node.source)
        if isinstance(base, n.Events):
            columns = [node.value] if isinstance(node, n.Picked) else node.columns
            found.setdefault(base.kinds, set()).update(each.name for each in columns if isinstance(each, n.Column))
    return found


def _numbers(recipe: Recipe, read: Mapping[tuple[str, ...], set[str]], ingredients: Ingredients) -> list[str]:
    """Give the columns of numbers of an event that a value is chosen for."""
    names = dict.fromkeys((*recipe.known, *sorted(read.get(recipe.kinds, ()))))
    return [name for name in names if name in ingredients.numbers and name not in recipe.numbers]


def _choices(columns: Iterable[str]) -> Iterator[Mapping[str, int]]:
    """Give for each column the place of its value: 0 the least, -1 the greatest."""
    names = sorted(columns)
    if len(names) > _MOST_VALUES:
        yield from (dict.fromkeys(names, which) for which in (0, -1))
        return
    yield from (dict(zip(names, places, strict=True)) for places in product((0, -1), repeat=len(names)))


def _offer(
    recipe: Recipe, read: Mapping[tuple[str, ...], set[str]], ingredients: Ingredients, which: Mapping[str, int]
) -> Offer:
    cells = {name: texts[0] for name, texts in recipe.words.items() if texts}
    cells |= {name: f"{values[0]:g}" for name, values in recipe.numbers.items()}
    for name in _numbers(recipe, read, ingredients):
        cells[name] = f"{ingredients.numbers[name][which[name]]:g}"
    for name in recipe.known:
        words = (*ingredients.words.get(name, ()), *ingredients.other_words.get(name, ()))
        if name not in cells and words:
            cells[name] = words[0]
    if recipe.disease:
        cells["disease"] = recipe.disease
    kind = next(kind for kind in recipe.kinds if kind not in NOT_PLANNED)
    return Offer(kind, cells)


# WHO DOES IT


def service_of(offer: Offer, diseases: Iterable[Disease]) -> tuple[Disease, Service] | None:
    """Give the service that such an event fulfils, and its disease; ``None`` if no disease lists one."""
    for disease in diseases:
        for service in disease.services:
            if offer.kind in service.timing.kinds and _fulfils(offer, service):
                return disease, service
    return None


def _fulfils(offer: Offer, service: Service) -> bool:
    condition = service.timing.met_by
    if condition is None:
        return True
    asked = recipes_of([n.Where(n.Events(tuple(service.timing.kinds)), condition)])
    return any(_has(offer, recipe) for recipe in asked if recipe.words or recipe.numbers or recipe.known)


def _has(offer: Offer, recipe: Recipe) -> bool:
    words = all(offer.cells.get(name, "") in texts for name, texts in recipe.words.items())
    return words and all(name in offer.cells for name in (*recipe.known, *recipe.numbers))
