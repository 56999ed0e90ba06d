"""What histories are made of that a definition can tell apart: its kinds, words, bounds and days, and what is next."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from singledisease.conformance.mutations.rows import CONFUSED_KINDS
from singledisease.conformance.mutations.smallest_steps import moved, step_of
from singledisease.conformance.recipes import Recipe, recipes_of, unwrapped, ways_to_states
from singledisease.dates import MISSING, Period, add_months, iso, month_number, month_start
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.timing import Timing
from singledisease.definitions.typed_column import TypedColumn
from singledisease.eventlog.load_rules import LoadRules
from singledisease.frozen_mapping import FrozenMapping
from singledisease.language import nodes as n
from singledisease.language.operations import COMPARISONS
from singledisease.language.traversal import inside
from singledisease.vocabulary import (
    CODE_LISTS,
    EVENT_COLUMNS,
    EXIT_REASONS,
    FLAGS,
    PERSON_COLUMNS,
    QUANTITIES,
    SEXES,
    TEXT_COLUMNS,
    Quantity,
)

_NAMES = ("a", "b")
_LARGEST = 1e6
_FINEST = 1e-5
_WORKED_OUT: Mapping[str, Callable[[float, float], float]] = FrozenMapping(
    {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
)
_DAYS: Mapping[str, int] = FrozenMapping({"days": 1, "weeks": 7})
_UNITS_OF_MONTHS: Mapping[str, int] = FrozenMapping({"months": 1, "quarters": 3, "years": 12})


@frozen(kw_only=True)
class Ingredients:
    """What histories are made of.

    Attributes
    ----------
    diseases
        Ids of the diseases that are named.
    own_kinds, heard_kinds
        Kinds of event that the definition reads, and further ones that its diseases' pathways hear.
    numbers
        By column of events the values worth trying: each bound, a step less and a step more.
    words, other_words
        By column of events the words that are named, and further ones.
    mentioned
        Columns of events that the measure itself reads.
    attributes
        By column of patients the values worth trying.
    ages
        Ages that a bound names.
    days
        Days worth trying: the ends of the period and of every window, the day before and the day after.
    distances
        Days between two events worth trying.
    repeats
        How many events of a kind the definition asks for, at most.
    recipes
        What the selections of the definition take.
    ways
        Events that lead to the states that the definition names, one after the other.
    """

    diseases: tuple[str, ...]
    own_kinds: tuple[str, ...]
    heard_kinds: tuple[str, ...]
    numbers: Mapping[str, tuple[float, ...]]
    words: Mapping[str, tuple[str, ...]]
    other_words: Mapping[str, tuple[str, ...]]
    mentioned: frozenset[str]
    attributes: Mapping[str, tuple[str, ...]]
    ages: tuple[int, ...]
    days: tuple[int, ...]
    distances: tuple[int, ...]
    repeats: int
    recipes: tuple[Recipe, ...]
    ways: tuple[tuple[Recipe, ...], ...]


def ingredients_of(measures: Iterable[Countable], diseases: Iterable[Disease], period: Period) -> Ingredients:
    """Gather what histories are made of from measures and from the diseases they name.

    Parameters
    ----------
    measures
        Without choices.
    diseases
        Resolved; of one disease there may be several, under several policies.
    period
        The period asked about.
    """
    named = list(diseases)
    signals = [signal for one in named for signal in one.pathway.signals]
    roots = [root for one in measures for root in (*(rule.when for rule in one.rules), one.of) if root is not None]
    own = list(_nodes(dict.fromkeys(roots)))
    signalled = list(_nodes(dict.fromkeys(signal.when for signal in signals if signal.when is not None)))
    mentioned = {node.name for node in own if isinstance(node, n.Column | n.This)}
    mentioned |= {name for node in own if isinstance(node, n.Same) for name in node.columns}
    own_kinds = dict.fromkeys(kind for node in own if isinstance(node, n.Events) for kind in node.kinds)
    heard = (*(kind for signal in signals for kind in signal.kinds), *CONFUSED_KINDS)
    heard_kinds = dict.fromkeys(kind for kind in heard if kind not in own_kinds)
    words = _words((*own, *signalled))
    return Ingredients(
        diseases=tuple(dict.fromkeys(one.id for one in named)),
        own_kinds=tuple(own_kinds) or ("follow_up",),
        heard_kinds=tuple(heard_kinds),
        numbers=_numbers(own, signalled, mentioned, _bounds(named)),
        words=words,
        other_words=_other_words(mentioned, words),
        mentioned=frozenset(mentioned),
        attributes=_attributes(own, period),
        ages=_ages(own),
        days=_days(own, named, period),
        distances=_distances(own),
        repeats=min(12, max([1, *(int(value) + 1 for value in _counts(own))])),
        recipes=recipes_of(dict.fromkeys(roots)),
        ways=ways_to_states(named, dict.fromkeys(roots)),
    )


def _nodes(roots: Iterable[Any]) -> Iterator[Any]:
    for root in roots:
        yield from inside(root)


# VALUES OF COLUMNS


def _comparisons(nodes: Iterable[Any]) -> Iterator[tuple[n.Literal, Any]]:
    for node in nodes:
        if isinstance(node, n.Apply) and node.operation in COMPARISONS:
            for one, other in (node.args, node.args[::-1]):
                yield from ((bound, other) for bound in _outcomes(one) if isinstance(bound, n.Literal))


def _outcomes(node: Any) -> Iterator[Any]:
    """Give what a value can be: of cases each, of a list of which the first known is taken each."""
    match node:
        case n.Case():
            others = () if node.otherwise is None else (node.otherwise,)
            for each in (*(value for _, value in node.whens), *others):
                yield from _outcomes(each)
        case n.Apply(operation="coalesce"):
            for each in node.args:
                yield from _outcomes(each)
        case n.Apply(operation=operation, args=(n.Literal() as one, n.Literal() as other)) if operation in _WORKED_OUT:
            # 126 mg/dL, written as 126 / 18.016 mmol/L, is a bound like any other.
            yield n.Literal(_WORKED_OUT[operation](float(one.value), float(other.value)), "number", one.unit)
        case _:
            yield node


def _bounds(diseases: Iterable[Disease]) -> Mapping[str, tuple[float, float]]:
    """Give within what each quantity is read, those that diseases declare too."""
    own = {each.name: (each.low, each.high) for one in diseases for each in one.quantities}
    return {**own, **{name: (each.low, each.high) for name, each in QUANTITIES.items()}}


def _numbers(
    own: list[Any], heard: list[Any], mentioned: set[str], bounds: Mapping[str, tuple[float, float]]
) -> Mapping[str, tuple[float, ...]]:
    found: dict[str, set[float]] = {}
    for nodes in (own, heard):
        for literal, other in _comparisons(nodes):
            if literal.kind != "number":
                continue
            step = step_of(literal, other)
            for column, value in _reached_by(other, float(literal.value)):
                found.setdefault(column, set()).update(_closely_around(value))
            for column in _columns_compared(other):
                if nodes is own or column not in found or column not in mentioned:
                    found.setdefault(column, set()).update(_around(float(literal.value), step))
    for node in own:
        if isinstance(node, n.Column) and node.kind == "number" and node.name not in found:
            found[node.name] = set(_any_within(*bounds.get(node.name, (0.0, _LARGEST))))
    return {name: tuple(sorted(values)) for name, values in sorted(found.items())}


def _any_within(low: float, high: float) -> Iterator[float]:
    """Give numbers that nothing is compared with: a grade from 0 to 4 has no 9, which would be refused."""
    plain = [math.ceil(low) + step for step in (9.0, 10.0, 11.0, 100.0)]
    yield from [one for one in plain if one <= high] or [low, (low + high) // 2, high]


_TURNED_BACK: Mapping[str, Callable[[float, float], float]] = FrozenMapping(
    {"+": operator.sub, "-": operator.add, "*": operator.truediv, "/": operator.mul}
)


def _reached_by(node: Any, value: float) -> Iterator[tuple[str, float]]:
    """Give the column, and its number, with which arithmetic of one column and written numbers comes to a value."""
    match node:
        case n.Picked(value=n.Apply()):
            yield from _reached_by(node.value, value)
        case n.Apply(operation=operation, args=(inner, n.Literal(kind="number") as literal)) if (
            operation in _TURNED_BACK and literal.value
        ):
            before = _TURNED_BACK[operation](value, float(literal.value))
            column = inner.value if isinstance(inner, n.Picked) else inner
            if isinstance(column, n.Column):
                yield column.name, before
            else:
                yield from _reached_by(inner, before)


def _around(value: float, step: float) -> Iterator[float]:
    """Give a bound, a step less and a step more; of one that nobody writes down whole what is next to it."""
    if step < _FINEST:
        yield from _closely_around(value)
    else:
        yield from (moved(value, step, by) for by in (-1, 0, 1))


def _closely_around(value: float) -> Iterator[float]:
    """Give numbers next to one that nobody writes down whole: with one decimal more and more."""
    for digits in range(1, 5):
        near = round(value, digits)
        yield from (round(near + by * 10**-digits, digits) for by in (-1, 0, 1))


def _columns_compared(node: Any) -> Iterator[str]:
    """Give the columns of numbers on one side of a comparison, leaving out what only selects rows."""
    match node:
        case n.Column(kind="number"):
            yield node.name
        case n.Picked():
            yield from _columns_compared(node.value)
        case n.Reduce():
            yield from (column.name for column in node.columns if column.kind == "number")
        case n.Apply():
            for arg in node.args:
                yield from _columns_compared(arg)
        case n.Case():
            for outcome in _outcomes(node):
                yield from _columns_compared(outcome)


def _words(nodes: Iterable[Any]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for node in nodes:
        for column, texts in _listed(node):
            if column != "kind":
                found.setdefault(column, {}).update(dict.fromkeys(texts))
    return {name: tuple(texts) for name, texts in sorted(found.items())}


def _other_words(mentioned: Iterable[str], words: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    lists = {**CODE_LISTS, "reason": EXIT_REASONS, **dict.fromkeys(FLAGS, ("true", "false"))}
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted({*mentioned, *words}):
        known = lists.get(name) or (_NAMES if name in TEXT_COLUMNS else ())
        found[name] = tuple(word for word in known if word not in words.get(name, ()))
    return {name: texts for name, texts in found.items() if texts}


def _listed(node: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    match node:
        case n.Apply(operation="is_in" | "starts_with"):
            yield from ((column, node.texts) for column in _text_columns(node.args[0]))
        case n.Apply(operation="==" | "!="):
            texts = tuple(str(arg.value) for arg in node.args if isinstance(arg, n.Literal) and arg.kind == "text")
            yield from ((column, texts) for arg in node.args for column in _text_columns(arg) if texts)
        case n.HasCode(codes=n.Codes() as named):
            codes = named.codes[:20]
            longer = tuple(f"{code}.9" if "." not in code else f"{code}9" for code in codes[:3])
            yield from ((column, (*codes, *longer)) for column in _text_columns(node.code))


def _text_columns(node: Any) -> Iterator[str]:
    column = unwrapped(node)
    column = unwrapped(column.value) if isinstance(column, n.Picked) else column
    if isinstance(column, n.Column | n.This):
        yield column.name


def _attributes(own: list[Any], period: Period) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for node in own:
        if isinstance(node, n.Attribute) and node.name not in ("birth_date", "death_date", "death_recorded"):
            found.setdefault(node.name, {}).update(dict.fromkeys(_attribute_values(node, period)))
        if isinstance(node, n.Apply) and node.args and isinstance(node.args[0], n.Attribute):
            named = [str(arg.value) for arg in node.args[1:] if isinstance(arg, n.Literal) and arg.kind == "text"]
            found.setdefault(node.args[0].name, {}).update(dict.fromkeys((*node.texts, *named)))
    return {name: tuple(texts) for name, texts in sorted(found.items()) if texts}


def _attribute_values(node: n.Attribute, period: Period) -> tuple[str, ...]:
    if node.name == "sex":
        return SEXES
    if node.kind == "date":
        return tuple(iso(day + by) for day in (period.start, period.end) for by in (-1, 0, 1))
    return {"number": ("1", "2", "10", "100"), "bool": ("true", "false")}.get(node.kind, _NAMES)


# DAYS


def _literals(nodes: Iterable[Any], unit: str) -> Iterator[float]:
    for node in nodes:
        if isinstance(node, n.Literal) and node.kind == "number" and node.unit == unit:
            yield float(node.value)


def _ages(nodes: Iterable[Any]) -> tuple[int, ...]:
    found = (literal.value for literal, other in _comparisons(nodes) if any(True for _ in inside(other, n.Age)))
    return tuple(sorted({int(value) for value in found if isinstance(value, float) and 0 <= value < 120}))


def _counts(nodes: Iterable[Any]) -> Iterator[float]:
    for literal, other in _comparisons(nodes):
        if isinstance(other, n.Reduce) and other.how.startswith("count") and literal.kind == "number":
            yield float(literal.value)


def _days(own: list[Any], diseases: Iterable[Disease], period: Period) -> tuple[int, ...]:
    edges = {period.start, period.end}
    for node in own:
        if isinstance(node, n.CalendarWindow):
            months, last = _UNITS_OF_MONTHS[node.unit], month_number(period.end)
            first = last - (last % months)
            edges |= {month_start(first + node.first * months), month_start(first + (node.last + 1) * months) - 1}
        if isinstance(node, n.Literal) and node.kind == "date" and node.value != MISSING:
            edges.add(int(node.value))
    edges |= {day for one in diseases for timing in one.timings for day in _ends_on(timing, period.end)}
    return tuple(sorted({edge + by for edge in edges for by in (-1, 0, 1)}))


def _ends_on(timing: Timing, day: int) -> Iterator[int]:
    """Give the days on which a clock that moves somebody on has to start to end on a day."""
    amount = timing.length.amount
    if timing.leads_to is None or not isinstance(amount, n.Literal):
        return
    count = int(float(amount.value))
    yield add_months(day, -count) if timing.length.unit == "months" else day - count * _DAYS[timing.length.unit]


def _distances(own: list[Any]) -> tuple[int, ...]:
    found = {1, 30, 91}
    for value in (*_literals(own, "days"), *(30 * value for value in _literals(own, "months"))):
        if 0 < value < 4000:
            found |= {int(value) + by for by in (-1, 0, 1)}
    for node in own:
        if isinstance(node, n.Apply) and node.operation in ("+", "-", "plus_days"):
            found |= {_number(arg) + by for arg in node.args if _number(arg) for by in (-1, 0, 1)}
    return tuple(sorted(found - {0}))


def _number(node: Any) -> int:
    """Give a whole number of days that is written out; 0 if it is none."""
    is_one = isinstance(node, n.Literal) and node.kind == "number" and 0 < abs(float(node.value)) < 4000
    return int(float(node.value)) if is_one else 0


# HOW LOGS OF THEM ARE READ


def rules_of(measures: Iterable[Countable], diseases: Iterable[Disease]) -> LoadRules:
    """Give the rules by which a log is read that holds the further columns that definitions name."""
    named = list(diseases)
    nodes = list(_nodes(root for one in measures for root in (*(rule.when for rule in one.rules), one.of) if root))
    quantities = {each.name: each for one in named for each in one.quantities}
    attributes = {each.name: each for one in named for each in one.attributes}
    for node in nodes:
        if isinstance(node, n.Column) and node.kind == "number" and node.name not in EVENT_COLUMNS:
            quantities.setdefault(node.name, Quantity(node.name, node.unit, 0, _LARGEST, node.name, node.name))
        if isinstance(node, n.Attribute) and node.kind != "text" and node.name not in PERSON_COLUMNS:
            names = Names(node.name, node.name)
            attributes.setdefault(node.name, TypedColumn(name=node.name, names=names, kind=node.kind, unit=node.unit))
    return LoadRules(quantities=tuple(quantities.values()), attributes=tuple(attributes.values()))
