"""The check for signals that an earlier one implies: whoever could hear them hears the earlier one first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from singledisease.definitions.checks.expression_sites import with_values
from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import Signal, Transition
from singledisease.errors import Fault
from singledisease.language import nodes as n
from singledisease.language.operations import COMPARISONS, is_operation


def implied_signals(disease: Disease) -> Iterator[Fault]:
    """Find signals that are never heard in a state, because one before them speaks there whenever they could."""
    signals = disease.pathway.signals
    when = {signal.id: with_values(disease, signal.when) for signal in signals}
    heard = _heard(disease)
    for i, later in enumerate(signals):
        for earlier in signals[:i]:
            if _covers(earlier, later) and implies(when[later.id], when[earlier.id]):
                silent = _silent(heard.get(earlier.id, {}), heard.get(later.id, {}))
                if silent:
                    message = (
                        f"is never heard in {', '.join(silent)}: whenever it could be, {earlier.id!r} speaks first"
                    )
                    hint = f"put it before {earlier.id!r}, or take these states out of its transition"
                    yield Fault("implied_signal", f"pathway.signals.{later.id}", message, hint)


def _heard(disease: Disease) -> dict[str, dict[str, Transition]]:
    found: dict[str, dict[str, Transition]] = {}
    for transition in disease.pathway.transitions:
        for source in transition.sources:
            found.setdefault(transition.signal, {}).setdefault(source, transition)
    return found


def _covers(earlier: Signal, later: Signal) -> bool:
    return not earlier.kinds or (bool(later.kinds) and set(later.kinds) <= set(earlier.kinds))


def _silent(earlier: dict[str, Transition], later: dict[str, Transition]) -> list[str]:
    """Give the states in which both are heard, the earlier one no later in time."""
    return [state for state in later if state in earlier and _wait(earlier[state]) <= _wait(later[state])]


def _wait(transition: Transition) -> int:
    return max(transition.after_days, int(transition.another_day))


def implies(one: Any, other: Any) -> bool:
    """Say whether a condition cannot be true without another being true; sound, not complete.

    ``None`` is a condition that is always true.

    >>> from singledisease.language.parse import parse
    >>> implies(parse("sbp >= 160 and dbp.known()"), parse("sbp >= 140 or dbp >= 90"))
    True
    """
    if other is None or other == n.Literal(True, "bool") or one == other:
        return True
    if is_operation(other, "and"):
        return all(implies(one, part) for part in other.args)
    if is_operation(one, "or"):
        return all(implies(part, other) for part in one.args)
    if is_operation(other, "or") and any(implies(one, part) for part in other.args):
        return True
    if is_operation(one, "and"):
        return any(implies(part, other) for part in one.args)
    return _atom_implies(one, other)


def _atom_implies(one: Any, other: Any) -> bool:
    if is_operation(other, "known"):
        return other.args[0] in _needed(one)
    narrow, wide = _texts(one), _texts(other)
    if narrow is not None and wide is not None:
        return narrow[0] == wide[0] and narrow[1] <= wide[1]
    return _within(_bound(one), _bound(other))


def _needed(atom: Any) -> tuple[Any, ...]:
    """Give the values that have to be known for a comparison to be true."""
    return atom.args if is_operation(atom, *COMPARISONS, "is_in", "starts_with") else ()


def _texts(atom: Any) -> tuple[Any, frozenset[Any]] | None:
    """Give what is looked up and in which texts it has to be."""
    match atom:
        case n.Apply("is_in", (arg,), texts):
            return arg, frozenset(texts)
        case n.Apply("==", (left, n.Literal(value, "text"))):
            return left, frozenset([value])
    return None


_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}
Bound = tuple[Any, str, float]


def _bound(atom: Any) -> Bound | None:
    """Give a comparison with a number as (what is compared, sign, number)."""
    match atom:
        case n.Apply(sign, (left, n.Literal(value, "number" | "date"))) if sign in _TURNED:
            return left, sign, float(value)
        case n.Apply(sign, (n.Literal(value, "number" | "date"), right)) if sign in _TURNED:
            return right, _TURNED[sign], float(value)
    return None


def _within(one: Bound | None, other: Bound | None) -> bool:
    if one is None or other is None or one[0] != other[0]:
        return False
    (_, sign, value), (_, wide_sign, wide) = one, other
    if sign == "==":
        return {"<": value < wide, "<=": value <= wide, ">": value > wide, ">=": value >= wide}.get(
            wide_sign, value == wide
        )
    if sign[0] != wide_sign[0] or wide_sign == "==":
        return False
    strictly_inside = value < wide if sign[0] == "<" else value > wide
    return strictly_inside or (value == wide and len(sign) <= len(wide_sign))
