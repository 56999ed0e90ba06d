"""Visits that cannot be, named by person and rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from singledisease.errors import DataError, Fault, did_you_mean
from singledisease.multistate.rates.visits.state_space import StateSpace, may_be
from singledisease.multistate.rates.visits.visits import VISITS_SHOWN, PanelVisits


def refuse(visits: PanelVisits, bad: list[Any]) -> None:
    """Refuse visits that cannot be; ``bad`` are labels that are none of the states.

    Raises
    ------
    DataError
        With every fault that can be told apart at this point.
    """
    space, labels = visits.space, ", ".join(map(repr, bad))
    if visits.seen.min(initial=0) < 0:
        missing, unknown = np.flatnonzero(visits.seen == -1), np.flatnonzero(visits.seen == -2)
        found = [
            _faults(visits, missing, "missing_state", "no state", "leave the row out"),
            _faults(visits, unknown, "unknown_state", f"none of the states ({labels})", _known(space)),
        ]
    else:
        twice = _at_once(visits)
        after = _rows(visits, _after_the_end(space))
        jump = np.setdiff1d(_rows(visits, _impossible(space)), after)
        if visits.watched.any():
            jump = np.union1d(jump, np.setdiff1d(_rows(visits, ~_single(space), visits.watched), after))
        found = [
            _faults(visits, twice, "same_time", "a second visit at one time", _one(space)),
            _faults(visits, after, "after_the_end", "a visit after an absorbing state", "leave it out"),
            _faults(visits, jump, "impossible_jump", "no allowed path from the state before", _paths(space)),
        ]
    total = sum(count for _, count in found)
    if total:
        faults = [fault for some, _ in found for fault in some][:VISITS_SHOWN]
        shown = f" (the first {len(faults)} are shown)" if total > len(faults) else ""
        visit = "faulty visit" if total == 1 else "faulty visits"
        raise DataError(f"{total} {visit}{shown}{_misspelt(visits)}", faults)


def _faults(visits: PanelVisits, where: NDArray[np.intp], check: str, text: str, hint: str) -> tuple[list[Fault], int]:
    made = []
    for i in where[:VISITS_SHOWN]:
        pair = f"rows {visits.row[i - 1]} and {visits.row[i]}" if not visits.first[i] else f"row {visits.row[i]}"
        seen = f"{_shown(visits, i - 1)}, then {_shown(visits, i)}" if not visits.first[i] else _shown(visits, i)
        made.append(Fault(check, f"person {visits.ids[visits.person[i]]}, {pair}", f"{text}: {seen}", hint))
    return made, len(where)


def _shown(visits: PanelVisits, i: int) -> str:
    label = visits.space.labels[visits.seen[i]] if visits.seen[i] >= 0 else "?"
    return f"{label} at {visits.shown(int(visits.ticks[i]))}"


def _known(space: StateSpace) -> str:
    known = ", ".join(map(str, space.labels))
    return f"known: {known}; name it among `states`, or say with `censored` what it may stand for"


def _one(space: StateSpace) -> str:
    dead = " or ".join(str(space.states[k]) for k in space.exact)
    return "keep one state per time" + (f"; of a visit and an entry into {dead}, the entry" if dead else "")


def _misspelt(visits: PanelVisits) -> str:
    """Ask about states that nobody is ever seen in but whose names are like those of states seen."""
    space = visits.space
    seen = [str(space.labels[code]) for code in np.unique(visits.seen) if code >= 0]
    asked = {str(state): did_you_mean(str(state), seen) for state in space.states if str(state) not in seen}
    return "".join(f"; nobody is ever seen in {name!r}: {ask}" for name, ask in asked.items() if ask.startswith("did"))


def _paths(space: StateSpace) -> str:
    return f"allowed: {', '.join(space.arrow(pair) for pair in space.allowed)}"


def _at_once(visits: PanelVisits) -> NDArray[np.intp]:
    """Return the visits at the time of the one before; most data have none."""
    if visits.tally.length.all():
        return np.empty(0, dtype=np.intp)
    at = visits.left
    return np.asarray(at[visits.ticks[at] == visits.ticks[at + 1]] + 1)


def _rows(visits: PanelVisits, bad: NDArray[np.bool_], only: NDArray[np.bool_] | None = None) -> NDArray[np.intp]:
    """Return the visits that show, with the one before, a pair of labels that is bad; most data have none at all."""
    if not (visits.pairs[bad] > 0).any():
        return np.empty(0, dtype=np.intp)
    at = visits.left
    wrong = bad[visits.seen[at], visits.seen[at + 1]]
    return at[wrong if only is None else wrong & only[at + 1]] + 1


def _after_the_end(space: StateSpace) -> NDArray[np.bool_]:
    """Whether a label follows a death, or another label an absorbing state, (labels, labels).

    Seeing an absorbing state that is no death once more is no fault: it adds nothing.
    """
    labels, k = len(space.labels), len(space.states)
    mistaken = {seen for _, seen in space.errors}
    end, dead = np.zeros(labels, dtype=bool), np.zeros(labels, dtype=bool)
    end[[k for k in np.flatnonzero(space.absorbing) if k not in mistaken]] = True
    dead[list(space.exact)] = True
    other = ~np.eye(labels, dtype=bool)
    other[:, k:] = False
    return np.asarray(dead[:, None] | (end[:, None] & other))


def _impossible(space: StateSpace) -> NDArray[np.bool_]:
    """Whether no path leads from what is seen at a visit to what is seen at the next, (labels, labels).

    With errors in what is seen each label may stand for more states; chains of several visits that are
    impossible only together are found by the likelihood.
    """
    may = may_be(space).astype(np.int64)
    possible = (may @ space.reach @ may.T) > 0
    moved = (may @ (space.reach & ~np.eye(len(space.states), dtype=bool)) @ may.T) > 0
    for k in space.exact:
        possible[:, k] = moved[:, k]
    return np.asarray(~possible)


def _single(space: StateSpace) -> NDArray[np.bool_]:
    """Whether one transition, or none, leads from what is seen to what is seen next, (labels, labels)."""
    may, step = may_be(space).astype(np.int64), np.eye(len(space.states), dtype=np.int64)
    for pair in space.allowed:
        step[pair] = 1
    return np.asarray((may @ step @ may.T) > 0)
