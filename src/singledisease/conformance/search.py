"""Finding histories on which definitions differ: drawn, then changed a little, then made small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random

import numpy as np
from attrs import frozen

from singledisease.conformance.decisions import Decisions, decided
from singledisease.conformance.drawing import Drawing
from singledisease.conformance.histories import History, log_of, unrefused
from singledisease.conformance.ingredients import ingredients_of, rules_of
from singledisease.conformance.parents import Parents, Sought, parents_with
from singledisease.conformance.shrinking import shrunk
from singledisease.conformance.valued import Definition
from singledisease.dates import Period
from singledisease.eventlog.load_rules import LoadRules
from singledisease.eventlog.log import EventLog

DRAWN, CHANGED, ROUNDS = 3000, 1500, 10
"""How many histories are drawn at first, how many are changed in each further round, and how many rounds there are."""
_IN_VAIN = 3
"""After how many rounds in which nothing new was told the search ends."""


@frozen
class Search:
    """What was found.

    Attributes
    ----------
    found
        By the number of a definition one or two small histories that tell it.
    looked_at
        How many histories were looked at.
    reached
        How many of them each rule of the original decided.
    """

    found: Mapping[int, Sequence[History]]
    looked_at: int
    reached: Mapping[str, int]


@frozen
class _Teller:
    """A history that tells a definition from the original, and whether the rate shows it."""

    number: int
    history: History
    in_rate: bool


def search(
    original: Definition,
    others: Sequence[Definition],
    period: Period,
    *,
    seed: int,
    like: Iterable[Definition] = (),
    drawn: int = DRAWN,
    changed: int = CHANGED,
    rounds: int = ROUNDS,
    each: int = 2,
    start: Sequence[History] = (),
) -> Search:
    """Find for each definition small histories on which it differs from the original, as far as there are any.

    Those on which the rate differs are looked for first: a system may show no more than that.

    Parameters
    ----------
    original, others
        Resolved.
    period
        The period asked about.
    seed
        The same seed finds the same.
    like
        Definitions of whose words and bounds histories are made, beside the original.
    drawn, changed, rounds
        How many histories are drawn, how many are changed a little for what was not found, and how often.
    each
        How many histories for each definition, at most.
    start
        Histories to begin with.
    """
    drawing, rules = _drawing([original, *like], period, seed), reading([original, *others])
    tellers: dict[int, list[_Teller]] = {}
    reached: Counter[str] = Counter()
    parents = Parents()
    histories = [*start, *(drawing.history() for _ in range(drawn))]
    looked_at = in_vain = 0
    for _ in range(rounds):
        sought = [i for i in range(len(others)) if not any(one.in_rate for one in tellers.get(i, ()))]
        if not sought or in_vain == _IN_VAIN:
            break
        histories, log = _whole(histories, rules)
        answers = decided([original, *(others[i] for i in sought)], log, period)
        looked_at += len(histories)
        in_vain += 1
        for i, answer in zip(sought, answers[1:], strict=True):
            told = _told(i, histories, answers[0], answer, each)
            if told and (i not in tellers or told[0].in_rate):
                tellers[i], in_vain = told, 0
        reached.update(_deciding(answers[0], len(histories)))
        asked = Sought(original, {i: others[i] for i in sought if i not in tellers}, period)
        parents = parents_with(parents, histories, log, asked)
        histories = [drawing.from_parents(parents) for _ in range(changed)]
    listed = [one for i in sorted(tellers) for one in tellers[i]]
    found: dict[int, list[History]] = {}
    for teller, history in zip(listed, _small(original, others, listed, period), strict=True):
        found.setdefault(teller.number, []).append(history)
    return Search(found, looked_at, dict(reached))


def reading(definitions: Sequence[Definition]) -> LoadRules:
    """Give the rules by which logs are read that hold what definitions name."""
    diseases = dict.fromkeys(disease for one in definitions for disease in one.diseases.values())
    return rules_of([one.measure for one in definitions], diseases)


def _drawing(made_of: Sequence[Definition], period: Period, seed: int) -> Drawing:
    diseases = dict.fromkeys(disease for one in made_of for disease in one.diseases.values())
    ingredients = ingredients_of([one.measure for one in made_of], diseases, period)
    return Drawing(Random(seed), ingredients, period)


def _told(number: int, histories: Sequence[History], one: Decisions, other: Decisions, most: int) -> list[_Teller]:
    for in_rate in (True, False):
        where = np.flatnonzero(one.differ(other, in_rate=in_rate)).tolist()
        if where:
            where.sort(key=lambda k: histories[k].size)
            return [_Teller(number, histories[k], in_rate) for k in where[:most]]
    return []


def _whole(histories: Sequence[History], rules: LoadRules) -> tuple[list[History], EventLog]:
    """Give the histories that a log takes whole, and the log of them."""
    log = log_of(histories, rules)
    whole = [one for one, is_whole in zip(histories, unrefused(log, len(histories)), strict=True) if is_whole]
    if len(whole) < len(histories):
        log = log_of(whole, rules)
    return whole, log.as_of(None)


def _deciding(answers: Decisions, people: int) -> Iterator[str]:
    for person in range(people):
        yield from {decision.rule for decision in answers.of(person).values()}


def _small(
    original: Definition, others: Sequence[Definition], tellers: Sequence[_Teller], period: Period
) -> list[History]:
    """Make histories small that still tell what they told, and in the rate if they did so."""
    numbers = sorted({one.number for one in tellers})
    definitions = [original, *(others[i] for i in numbers)]
    rules = reading(definitions)

    def shows(histories: Sequence[History], which: Sequence[int]) -> Sequence[bool]:
        log = log_of(histories, rules)
        first, *answers = decided(definitions, log.as_of(None), period)
        whole = unrefused(log, len(histories))
        differing = {
            in_rate: {i: first.differ(one, in_rate=in_rate) for i, one in zip(numbers, answers, strict=True)}
            for in_rate in (True, False)
        }
        asked = [tellers[k] for k in which]
        return [whole[k] and bool(differing[one.in_rate][one.number][k]) for k, one in enumerate(asked)]

    return shrunk([one.history for one in tellers], shows, period)
