"""Changes of a figure made of other figures: its text with one sign, operand, number or figure exchanged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Literal

from attrs import evolve, frozen

from singledisease.conformance.mutations.change import ChangeKind
from singledisease.conformance.mutations.smallest_steps import moved, step_of
from singledisease.definitions.derived import Combined, Constant, Figure, FigureOf, Total
from singledisease.definitions.figure_text import written
from singledisease.language import nodes as n

_Sign = Literal["+", "-", "*", "/", "min", "max"]
_OTHER_WAY: Mapping[str, _Sign] = MappingProxyType({"+": "-", "-": "+", "*": "/", "/": "*", "min": "max", "max": "min"})
_OTHER_FIGURE: Mapping[str, str] = MappingProxyType(
    {
        "numerator": "denominator",
        "denominator": "numerator",
        "rate": "numerator",
        "people": "initial_population",
        "initial_population": "denominator",
        "mean": "median",
        "median": "mean",
    }
)


@frozen
class FigureChange:
    """A figure with one part exchanged, and what stood and stands there; ``after`` blank: it is gone."""

    kind: ChangeKind
    figure: Figure
    before: str
    after: str


def changes_of_figure(figure: Figure) -> Iterator[FigureChange]:
    """Give every change of a figure, of the whole first and then of its parts.

    >>> import singledisease as sd
    >>> score = sd.Derived(id="score", value='min(1, rate("a") / 2)')
    >>> [f"{change.before} → {change.after}" for change in changes_of_figure(score.figure)][:2]
    ['min(1, rate("a") / 2) → max(1, rate("a") / 2)', '1 → ']
    """
    yield from _of_one(figure)
    if isinstance(figure, Combined):
        for place, part in enumerate(figure.parts):
            for change in changes_of_figure(part):
                parts = (*figure.parts[:place], change.figure, *figure.parts[place + 1 :])
                yield evolve(change, figure=evolve(figure, parts=parts))
    elif isinstance(figure, Total):
        yield from (evolve(change, figure=Total(change.figure)) for change in changes_of_figure(figure.part))


def _of_one(figure: Figure) -> Iterator[FigureChange]:
    match figure:
        case Combined():
            yield from _of_combined(figure)
        case Constant():
            step = step_of(n.Literal(figure.value, "number"), None)
            yield from (_put("bound", figure, Constant(moved(figure.value, step, by))) for by in (-1, 1))
        case FigureOf() if figure.what in _OTHER_FIGURE:
            yield _put("swapped", figure, evolve(figure, what=_OTHER_FIGURE[figure.what]))
        case Total():
            # Of one place only what it states itself, not what stands below it.
            yield _put("reduction", figure, figure.part)


def _of_combined(figure: Combined) -> Iterator[FigureChange]:
    yield _put("arithmetic", figure, evolve(figure, by=_OTHER_WAY[figure.by]))
    if figure.by in ("-", "/"):
        yield _put("swapped", figure, evolve(figure, parts=figure.parts[::-1]))
    for place, part in enumerate(figure.parts):
        rest = figure.parts[:place] + figure.parts[place + 1 :]
        less = rest[0] if len(rest) == 1 else evolve(figure, parts=rest)
        yield FigureChange("dropped", less, written(part), "")


def _put(kind: ChangeKind, figure: Figure, new: Figure) -> FigureChange:
    return FigureChange(kind, new, written(figure), written(new))
