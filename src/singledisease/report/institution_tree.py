"""Institutions of a large registry as data that the page itself draws: a tree, opened place by place.

A thousand institutions by four hundred measures are half a million rows: as a table no browser shows them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from singledisease.definitions.resolve import Resolved
from singledisease.scorecard.assign import counted_of
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.rates import figures
from singledisease.scorecard.rollup import parents_of
from singledisease.scorecard.show import headline
from singledisease.strata import Stratum

NOT_SAID = "(未注明 / not said)"


def institution_tree(score: Scorecard) -> str:
    """Give the last period's figures of every institution as JSON: places, measures, and numbers by measure and place.

    ``places`` are lists of name, level and place of the parent (-1: none), each after its parent.  A measure has its
    names, ``n`` and ``d`` (numerators and denominators by place; a measure that is no share has no ``d``), or
    ``text``, where its figure is no plain number.  A measure of which nobody counts anywhere is left out.
    """
    order = _in_order(score)
    place = {name: i for i, (name, _) in enumerate(order)}
    of_institution = dict(zip(score.institutions.ids, range(len(score.institutions.ids)), strict=True))

    def said(column: str, name: str) -> str:
        cells, row = score.institutions.columns.get(column, ()), of_institution.get(name)
        return "" if row is None or not cells else cells[row] or ""

    places = [[said("name", name) or name or NOT_SAID, said("level", name), above] for name, above in order]
    measures = [made for one in score.measures if (made := _measure(score, one, place)) is not None]
    return json.dumps({"places": places, "measures": measures}, ensure_ascii=False, separators=(",", ":"))


def _in_order(score: Scorecard) -> list[tuple[str, int]]:
    """Give institutions with the place of the parent of each, parents first, and below each its own."""
    parents = parents_of(score.institutions)
    named = {stratum[0] for block in score.counts.blocks.values() for stratum in block.strata}
    below: dict[str | None, list[str]] = {}
    for name in sorted(named):
        parent = parents.get(name)
        below.setdefault(parent if parent in named else None, []).append(name)
    return list(_walked(None, -1, below, [0]))


def _walked(
    parent: str | None, above: int, below: Mapping[str | None, list[str]], number: list[int]
) -> Iterator[tuple[str, int]]:
    for name in below.get(parent, ()):
        own = number[0]
        number[0] += 1
        yield name, above
        yield from _walked(name, own, below, number)


def _measure(score: Scorecard, resolved: Resolved, place: Mapping[str, int]) -> dict[str, Any] | None:
    measure = resolved.measure
    names = {"zh": measure.names.zh, "en": measure.names.en, "id": measure.id}
    if measure.form not in {"proportion", "count"}:
        texts = _texts(score, resolved)
        return {**names, "text": [texts.get(name, "") for name in place]} if any(texts.values()) else None
    counted = counted_of(resolved, score.by)
    block = score.counts.blocks[counted]
    made, at = figures(counted.groups, block.array[-1]), _places(block.strata, place)
    if not made.denominator.any():
        return None
    numbers = {"n": _spread(made.numerator, at, len(place))}
    if measure.form == "proportion":
        numbers["d"] = _spread(made.denominator, at, len(place))
    return {**names, **numbers}


def _places(strata: tuple[Stratum, ...], place: Mapping[str, int]) -> list[int]:
    return [place[stratum[0]] for stratum in strata]


def _spread(numbers: Any, at: list[int], size: int) -> list[int]:
    spread = np.zeros(size, np.int64)
    spread[at] = numbers
    return [int(number) for number in spread]


def _texts(score: Scorecard, resolved: Resolved) -> dict[str, str]:
    """Give the figure of a ratio or a distribution at each institution as people read it."""
    cells = (cell for cell in score.cells(resolved) if cell.period == score.periods[-1])
    return {cell.stratum[0]: headline(resolved.measure, cell.figures) or "" for cell in cells}
