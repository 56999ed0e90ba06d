"""What can be seen at a visit and what can happen between visits: states, allowed transitions, labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.errors import DefinitionError, Fault
from singledisease.multistate.inputs.allowed import Allowed as Allowed  # noqa: PLC0414 - belongs to what is said of states
from singledisease.multistate.inputs.allowed import pairs_of, several
from singledisease.multistate.inputs.labels import state_names

Pairs = tuple[tuple[int, int], ...]


@frozen(eq=False, kw_only=True)
class StateSpace:
    """The states of a chain, with codes in the order of ``states``.

    Attributes
    ----------
    states
        LabelColumn of the true states.
    allowed
        Pairs of codes (from, to) that have a rate, sorted.
    exact
        Codes of the absorbing states whose time of entry is known.
    censored
        Label seen → codes of the states it may stand for.
    errors
        Pairs of codes (true, observed) that differ and may happen at a visit, sorted.
    """

    states: tuple[Any, ...]
    allowed: Pairs
    exact: tuple[int, ...] = ()
    censored: Mapping[Any, tuple[int, ...]]
    errors: Pairs = ()

    @property
    def labels(self) -> tuple[Any, ...]:
        """All that can be seen: the states, then the labels of censored states."""
        return (*self.states, *self.censored)

    @property
    def absorbing(self) -> NDArray[np.bool_]:
        """Which states nothing leaves, (K,)."""
        leave = {source for source, _ in self.allowed}
        return np.array([k not in leave for k in range(len(self.states))], dtype=bool)

    @property
    def reach(self) -> NDArray[np.bool_]:
        """Which states can be reached from which, (K, K); each reaches itself."""
        k = len(self.states)
        step = np.eye(k, dtype=bool)
        for source, target in self.allowed:
            step[source, target] = True
        for _ in range(k):
            step = step | (step @ step)
        return step

    def seen_as(self) -> NDArray[np.bool_]:
        """Which true states a label may stand for without error, (labels, K)."""
        k = len(self.states)
        sets = np.zeros((len(self.labels), k), dtype=bool)
        sets[:k] = np.eye(k, dtype=bool)
        for row, members in enumerate(self.censored.values(), start=k):
            sets[row, list(members)] = True
        return sets

    def arrow(self, pair: tuple[int, int]) -> str:
        """Write a transition, e.g. ``1 → 2``."""
        return f"{self.states[pair[0]]} → {self.states[pair[1]]}"


def state_space(
    labels: Sequence[Any],
    *,
    allowed: Allowed | None,
    death: Any = None,
    censored: Mapping[Any, Iterable[Any]] | None = None,
    misclassification: Iterable[tuple[Any, Any]] | Mapping[Any, Iterable[Any]] | None = None,
    states: Sequence[Any] | None = None,
    declared: Sequence[Any] = (),
) -> StateSpace:
    """Settle the states, their transitions and labels; see ``fit_generator`` for the arguments.

    ``declared`` are the categories of the labels, in order.

    Raises
    ------
    DefinitionError
        With everything that does not fit: unknown states, a transition to itself, a state that is
        observed exactly but can be left, an error into or out of such a state.
    """
    unseen = {} if censored is None else {label: tuple(several(members)) for label, members in censored.items()}
    seen_states = [label for label in labels if label not in unseen]
    chosen = None if states is None else state_names(states)
    pairs = None if allowed is None else pairs_of(allowed, chosen or _in_order(seen_states, declared))
    names = chosen or _in_order(_named(seen_states, unseen, pairs), declared)
    code = {name: i for i, name in enumerate(names)}
    wrong = [] if misclassification is None else pairs_of(misclassification, names, "misclassification")
    faults = _unknown(code, pairs or [], unseen, wrong, death)
    if faults:
        raise DefinitionError("the model names states that do not exist", faults)
    exact = _given_exact(death, code)
    moves = {(code[a], code[b]) for a, b in pairs} if pairs is not None else _complete(len(names), exact, death)
    space = StateSpace(
        states=names,
        allowed=tuple(sorted(moves)),
        exact=(),
        censored={label: tuple(sorted({code[m] for m in members})) for label, members in unseen.items()},
        errors=tuple(sorted({(code[a], code[b]) for a, b in wrong})),
    )
    if death == "exact" and "exact" not in code:
        exact = tuple(np.flatnonzero(space.absorbing).tolist())
    faults = _unsound(space, exact)
    if faults:
        raise DefinitionError("the model is not possible", faults)
    return StateSpace(states=names, allowed=space.allowed, exact=exact, censored=space.censored, errors=space.errors)


def _named(labels: Sequence[Any], unseen: Mapping[Any, Any], pairs: list[tuple[Any, Any]] | None) -> set[Any]:
    """Return every state that is seen or spoken of."""
    named = {state for pair in pairs or () for state in pair} | {m for members in unseen.values() for m in members}
    return set(labels) | named


def _in_order(found: Iterable[Any], declared: Sequence[Any]) -> tuple[Any, ...]:
    """Put states in the order of their category, and those that are in none behind it, sorted."""
    there = set(found)
    try:
        return (*(name for name in declared if name in there), *sorted(there - set(declared)))
    except TypeError:
        raise DefinitionError(f"states of different kinds: {sorted(map(repr, there))}; use one kind of label") from None


def _unknown(
    code: Mapping[Any, int], pairs: list[tuple[Any, Any]], unseen: Mapping[Any, Any], wrong: Any, death: Any
) -> list[Fault]:
    used = [("allowed", s) for pair in pairs for s in pair]
    used += [("misclassification", s) for pair in wrong for s in pair]
    used += [(f"censored {label!r}", s) for label, members in unseen.items() for s in members]
    used += [("death", s) for s in _death_names(death, code)]
    known = ", ".join(map(str, code))
    return [
        Fault("unknown_state", where, f"{state!r} is none of the states", f"known: {known}")
        for where, state in dict.fromkeys(used)
        if state not in code
    ]


def _death_names(death: Any, code: Mapping[Any, int]) -> list[Any]:
    if death is None or (death == "exact" and "exact" not in code):
        return []
    return list(death) if isinstance(death, list | tuple | set | frozenset) else [death]


def _given_exact(death: Any, code: Mapping[Any, int]) -> tuple[int, ...]:
    return tuple(sorted(code[name] for name in _death_names(death, code)))


def _complete(k: int, exact: tuple[int, ...], death: Any) -> set[tuple[int, int]]:
    if death == "exact" and not exact:
        raise DefinitionError(
            'death="exact" means the absorbing states, which follow from `allowed`; give `allowed` or name the states'
        )
    return {(i, j) for i in range(k) for j in range(k) if i != j and i not in exact}


def _unsound(space: StateSpace, exact: tuple[int, ...]) -> list[Fault]:
    hidden = {state for pair in space.errors for state in pair}
    loops = [pair for pair in (*space.allowed, *space.errors) if pair[0] == pair[1]]
    clash = [label for label in space.censored if label in space.states]
    name = space.states
    return [
        *(Fault("loop", space.arrow(p), "a state does not lead to itself", "leave the pair out") for p in loops),
        *(
            Fault("exact_not_absorbing", str(name[k]), "it is observed exactly but can be left")
            for k in exact
            if not space.absorbing[k]
        ),
        *(
            Fault("exact_misclassified", str(name[k]), "it is observed exactly and cannot be mistaken")
            for k in exact
            if k in hidden
        ),
        *(Fault("censored_is_state", str(x), "a label of censored states is a state too") for x in clash),
        *(Fault("censored_empty", str(x), "it stands for no state") for x, m in space.censored.items() if not m),
        *([] if space.allowed else [Fault("no_transition", "", "no transition is allowed")]),
    ]


def may_be(space: StateSpace) -> NDArray[np.bool_]:
    """Which true states a label may stand for, errors included, (labels, K)."""
    sets = space.seen_as()
    wrong = np.eye(len(space.states), dtype=bool)
    for true, seen in space.errors:
        wrong[seen, true] = True
    return np.asarray((sets.astype(np.int64) @ wrong) > 0)
