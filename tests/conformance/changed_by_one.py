"""Every history that differs from a given one in one thing: what random changes pass by, looked through in order.

A day moved to each edge of the period and of a window, each cell given each value that a definition names, each event
left out, and each event that it asks for put on each such day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random

from attrs import evolve

from singledisease.conformance.decisions import decided
from singledisease.conformance.drawing import Drawing, other_disease
from singledisease.conformance.histories import History, tidy
from singledisease.conformance.ingredients import Ingredients, ingredients_of
from singledisease.conformance.mutations.rows import CONFUSED_KINDS
from singledisease.conformance.parents import Parents, Sought, parents_with
from singledisease.conformance.recipes import Recipe
from singledisease.conformance.search import _whole, reading
from singledisease.conformance.valued import Definition
from singledisease.dates import Period, add_months, day_of, iso
from singledisease.vocabulary import EXIT_REASONS

MOST, DRAWN, ROUNDS, AT_ONCE = 5_000, 600, 5, 100
"""How many histories are looked at in one round, at most, how many are drawn to begin with, how many rounds there are,
and how many definitions are valued together."""


def told_by_one_change(
    original: Definition,
    others: Mapping[int, Definition],
    period: Period,
    start: Sequence[History],
    rounds: int = ROUNDS,
) -> dict[int, History]:
    """Find for each of some definitions a history that tells it, by rounds of single changes of the nearest.

    Parameters
    ----------
    original, others
        Resolved; the others by number.
    period
        The period asked about.
    start
        Histories to begin with, changed at once, beside some that are drawn.
    rounds
        How often what is nearest is changed once more; less often when a round in which it was finds nothing.
    """
    things = ingredients_of([original.measure], original.diseases.values(), period)
    drawing, rules = Drawing(Random(1), things, period), reading([original, *others.values()])
    left, found, parents, changed = dict(others), {}, Parents(), list(start)
    histories = [*start, *_changed(start, things, period), *(drawing.history() for _ in range(DRAWN))]
    for done in range(rounds):
        histories, log = _whole(histories, rules)
        if not histories or not left:
            break
        before = len(left)
        for some in _few_at_once(left):
            first, *answers = decided([original, *some.values()], log, period)
            for number, answer in zip(some, answers, strict=True):
                where = first.differ(answer).nonzero()[0].tolist()
                if where:
                    found[number] = min((histories[k] for k in where), key=_size)
                    del left[number]
        if done > 1 and len(left) == before:
            break
        for some in _few_at_once(left):
            more = parents_with(parents, histories, log, Sought(original, some, period))
            parents = Parents({**parents.near, **more.near}, more.sorts)
        nearest = [one for some in parents.near.values() for _, one in some[:6]]
        few = sorted(parents.sorts.values(), key=_size)
        known = {*changed}
        changed = [one for one in dict.fromkeys([*nearest, *found.values(), *few]) if one not in known]
        histories = _changed(changed, things, period)
    return found


def _few_at_once(others: Mapping[int, Definition]) -> list[dict[int, Definition]]:
    """Part definitions: what each of them values is held for all histories at once."""
    pairs = list(others.items())
    return [dict(pairs[k : k + AT_ONCE]) for k in range(0, len(pairs), AT_ONCE)]


def _size(one: History) -> int:
    return one.size


def _changed(histories: Sequence[History], things: Ingredients, period: Period) -> list[History]:
    """Give changes of all histories, of each as many as its share of the most; a long one has hundreds of thousands."""
    share = MOST // max(len(histories), 1) + 1
    found: dict[History, None] = {}
    for one in histories:
        found.update(dict.fromkeys(_some(changed_by_one(one, things, period), share)))
    return list(found)


def _some(every: Iterable[History], most: int) -> list[History]:
    """Draw so many, each as likely as any other, without holding all."""
    chance, kept = Random(1), []
    for k, one in enumerate(every):
        if k < most:
            kept.append(one)
        elif (place := chance.randrange(k + 1)) < most:
            kept[place] = one
    return kept


def changed_by_one(one: History, things: Ingredients, period: Period) -> Iterator[History]:
    """Give every history that differs from another in one thing that a definition may look at."""
    days = sorted({*things.days, *(day_of(row["date"]) + by for row in one.events for by in (-1, 0, 1))})
    for i, row in enumerate(one.events):
        rest = (*one.events[:i], *one.events[i + 1 :])
        yield evolve(one, events=rest)
        for new in _rows_beside(row, one, things, days):
            yield tidy(evolve(one, events=(*rest, new)))
        for new in _further(row, things):
            yield tidy(evolve(one, events=(*one.events, new)))
    for recipe in things.recipes:
        for day in days:
            for new in _asked(recipe, day, things):
                yield tidy(evolve(one, events=(*one.events, new)))
    for patient in _people_beside(one, things, period):
        yield tidy(evolve(one, patient=patient))


def _rows_beside(
    row: Mapping[str, str], one: History, things: Ingredients, days: Iterable[int]
) -> Iterator[dict[str, str]]:
    distances = [by * each for each in things.distances for by in (-1, 1)]
    others = [day_of(other["date"]) + by for other in one.events for by in distances]
    yield from ({**row, "date": iso(day)} for day in dict.fromkeys((*days, *others)))
    for kind in dict.fromkeys((*things.own_kinds, *CONFUSED_KINDS, "diagnosis", "enrolment")):
        yield {**row, "kind": kind}
    for name in row:
        if name not in ("date", "kind"):
            yield {each: text for each, text in row.items() if each != name}
    for name, texts in _values(things).items():
        yield from ({**row, name: text} for text in texts)


def _further(row: Mapping[str, str], things: Ingredients) -> Iterator[dict[str, str]]:
    """Give the same event once more, later that day, with another value."""
    after = {**row, "sequence": "2"}
    yield after
    for name, texts in _values(things).items():
        if name in row:
            yield {each: text for each, text in after.items() if each != name}
            yield from ({**after, name: text} for text in texts)


def _values(things: Ingredients) -> dict[str, list[str]]:
    found = {name: [f"{number:g}" for number in numbers] for name, numbers in things.numbers.items()}
    for words in (things.words, things.other_words):
        for name, texts in words.items():
            found.setdefault(name, []).extend(texts)
    own, other = things.diseases, other_disease(things.diseases)
    found["disease"] = ["", *own, other, *(f"{each}|{other}" for each in own)]
    found.setdefault("reason", [*EXIT_REASONS])
    return found


def _asked(recipe: Recipe, day: int, things: Ingredients) -> Iterator[dict[str, str]]:
    row = {"date": iso(day)}
    row.update({name: texts[0] for name, texts in recipe.words.items()})
    row.update({name: f"{numbers[0]:g}" for name, numbers in recipe.numbers.items()})
    for name in recipe.known:
        if name in things.numbers:
            row.setdefault(name, f"{things.numbers[name][0]:g}")
    if recipe.disease:
        row["disease"] = recipe.disease
    for kind in recipe.kinds or things.own_kinds:
        yield {**row, "kind": kind}
        for name, texts in recipe.words.items():
            yield from ({**row, "kind": kind, name: text} for text in texts[1:])


def _people_beside(one: History, things: Ingredients, period: Period) -> Iterator[dict[str, str]]:
    patient = dict(one.patient)
    yield {name: text for name, text in patient.items() if name != "birth_date"}
    for age in things.ages:
        for on in (period.start, period.end):
            yield from ({**patient, "birth_date": iso(add_months(on, -12 * age) + by)} for by in (-1, 0, 1))
    for day in dict.fromkeys((*things.days, *(day_of(row["date"]) for row in one.events))):
        yield {**patient, "death_date": iso(day)}
    for name, texts in things.attributes.items():
        yield from ({**patient, name: text} for text in texts)
