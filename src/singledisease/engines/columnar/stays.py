"""Whether people were in some states: on a day, during a window, for how many days."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.definitions.disease import Disease
from singledisease.engines.columnar import operands as o
from singledisease.engines.columnar.operands import FIRST_DAY, LAST_DAY, Array, Mask, among
from singledisease.engines.columnar.table import Indices
from singledisease.engines.columnar.windows import Bounds
from singledisease.language.nodes import Status
from singledisease.pathway_courses import NO_STATE, Courses

Days = NDArray[np.int32]


def codes_of(disease: Disease, status: Status) -> Mask:
    """Say for each of the 256 state codes whether the status holds in it; it does not where none was observed."""
    found = np.zeros(256, np.bool_)
    for code, state in enumerate(disease.pathway.states):
        name = state.id if status.of == "state" else state.stage
        found[code] = state.managed if status.of == "managed" else name in status.values
    return found


def owner_of(courses: Courses) -> NDArray[np.int32]:
    """Give the course of each spell."""
    found: NDArray[np.int32] = courses.kept.of(
        "course of each spell",
        lambda: np.repeat(np.arange(courses.people, dtype=np.int32), np.diff(courses.spells.offsets)),
    )
    return found


@frozen(eq=False)
class Stays:
    """Uninterrupted stays in the states of a status, by person and in time: ``left`` is the day after the last."""

    person: Indices
    entered: Days
    left: Days


def stays_of(courses: Courses, status: Status) -> Stays:
    """Give the stays in the states of a status, all those of a disease."""
    found: Stays = courses.kept.of(("stays", status), lambda: _joined(courses, status))
    return found


def _joined(courses: Courses, status: Status) -> Stays:
    """Join spells that follow one another: those of a person do so without a gap."""
    spells, owner = courses.spells, owner_of(courses)
    holds = among(spells.state, codes_of(courses.disease, status))
    join = _join_few if _FEW * np.count_nonzero(holds) < len(holds) else _join_many
    first, last = join(holds, owner)
    return Stays(owner.take(first).astype(np.intp), spells.entered.take(first), spells.left.take(last))


_FEW = 4


def _join_few(holds: Mask, owner: NDArray[np.int32]) -> tuple[Indices, Indices]:
    """Give the first and the last spell of each stay, looking at those alone in which the status holds."""
    held = np.flatnonzero(holds)
    person = owner.take(held)
    begins = np.ones(len(held) + 1, np.bool_)
    begins[1:-1] = (held[1:] != held[:-1] + 1) | (person[1:] != person[:-1])
    return held[np.flatnonzero(begins[:-1])], held[np.flatnonzero(begins[1:])]


def _join_many(holds: Mask, owner: NDArray[np.int32]) -> tuple[Indices, Indices]:
    """Give the first and the last spell of each stay, looking at all spells, which is faster where most are held."""
    goes_on = holds[1:] & holds[:-1] & (owner[1:] == owner[:-1])
    begins, ends = holds.copy(), holds
    begins[1:] &= ~goes_on
    ends[:-1] &= ~goes_on
    return np.flatnonzero(begins), np.flatnonzero(ends)


# FOR EVERYONE


def was_anyone_in(courses: Courses, status: Status, window: Bounds) -> Mask:
    """Say of whom the status held on a day of a window: from stays that are kept, or for few windows from spells."""
    few = window.is_same_for_all and max(len(window.first), len(window.last)) <= _FEW_WINDOWS
    layers: tuple[Layer, ...] | None = (
        courses.kept.of_again(("layers", status), lambda: _layers_of(courses, status))
        if few
        else layers_of(courses, status)
    )
    return _was_in_spells(courses, status, window) if layers is None else was_in(layers, window, courses.people)


_FEW_WINDOWS = 2


def _was_in_spells(courses: Courses, status: Status, window: Bounds) -> Mask:
    """Say of whom the status held on a day of a window that is the same for all, looking at every spell."""
    spells = courses.spells
    holds = among(spells.state, codes_of(courses.disease, status))
    held = np.flatnonzero(holds) if _FEW * np.count_nonzero(holds) < len(holds) else np.s_[:]
    entered, left = spells.entered[held], spells.left[held]
    first, last = np.broadcast_arrays(window.first, window.last)
    found = np.zeros((len(first), courses.people), np.bool_)
    for of_period, begin, end in zip(found, first[:, 0], last[:, 0], strict=True):
        if begin > end:
            continue
        inside = (entered <= end) & (left > begin)
        if isinstance(held, slice):
            inside &= holds
            some = np.flatnonzero(np.diff(spells.offsets))
            of_period[some] = np.logical_or.reduceat(inside, spells.offsets[some])
        else:
            of_period[np.searchsorted(spells.offsets, held[inside], "right") - 1] = True
    return found


Layer = tuple[Indices | slice, Days, Days]
"""At most one stay of each person: of whom (everyone, if most have one), from when, until when."""


def layers_of(courses: Courses, status: Status) -> tuple[Layer, ...]:
    """Give everyone's first stay, then everyone's second, and so on: each layer is worked on as a whole."""
    found: tuple[Layer, ...] = courses.kept.of(("layers", status), lambda: _layers_of(courses, status))
    return found


def _layers_of(courses: Courses, status: Status) -> tuple[Layer, ...]:
    return _layers(stays_of(courses, status), courses.people)


def _layers(stays: Stays, people: int) -> tuple[Layer, ...]:
    stay = np.arange(len(stays.person))
    is_new = np.ones(len(stay), np.bool_)
    is_new[1:] = stays.person[1:] != stays.person[:-1]
    nth = stay - np.maximum.accumulate(np.where(is_new, stay, 0))
    return tuple(_layer(stays, np.flatnonzero(nth == i), people) for i in range(int(nth.max(initial=-1)) + 1))


def _layer(stays: Stays, chosen: Indices, people: int) -> Layer:
    person, entered, left = stays.person[chosen], stays.entered[chosen], stays.left[chosen]
    if 4 * len(person) < people:
        return person, entered, left
    # Who has none enters after the last day and leaves before the first.
    all_entered, all_left = np.full(people, LAST_DAY + 1, np.int32), np.full(people, FIRST_DAY, np.int32)
    all_entered[person], all_left[person] = entered, left
    return np.s_[:], all_entered, all_left


def was_in(layers: tuple[Layer, ...], window: Bounds, people: int) -> Mask:
    """Say whether the status held on a day of a window."""
    found = np.zeros((max(len(window.first), len(window.last)), people), np.bool_)
    for who, entered, left in layers:
        inside = (entered <= _of(window.last, who)) & (left > _of(window.first, who))
        if isinstance(who, slice):
            found |= inside
        else:
            period, stay = np.nonzero(inside)
            found[period, who[stay]] = True
    return o.both(found, window.first <= window.last)


def days_in(layers: tuple[Layer, ...], window: Bounds, people: int) -> Days:
    """Count the days of a window on which the status held."""
    found = np.zeros((max(len(window.first), len(window.last)), people), np.int32)
    for who, entered, left in layers:
        days = np.minimum(_of(window.last, who), left - 1) - np.maximum(_of(window.first, who), entered) + 1
        found[:, who] += np.maximum(days, 0)
    return found


def _of(values: Array, who: Indices | slice) -> Array:
    return values if values.shape[1] == 1 else values[:, who]


# ON ROWS: A DAY OR WINDOW OF ITS OWN FOR EACH ROW

# One ascending key for person and day; days are shifted so that none is negative.
_WIDTH, _SHIFT = 2**32, 2**31


def _key(person: Array, day: Array) -> NDArray[np.int64]:
    return person.astype(np.int64) * _WIDTH + (day.astype(np.int64) + _SHIFT)


def state_on(courses: Courses, course: Indices, day: Days) -> NDArray[np.uint8]:
    """Give the state of some courses at the end of a day given for each."""
    spells, owner = courses.spells, owner_of(courses)
    if not len(owner):
        return np.full(np.broadcast_shapes(course.shape, day.shape), np.uint8(NO_STATE))
    before = np.searchsorted(_key(owner, spells.entered), _key(course, day), "right") - 1
    here = (before >= 0) & (owner[before] == course) & (day < spells.left[before])
    return np.where(here, spells.state[before], np.uint8(NO_STATE))


def days_on(stays: Stays, course: Indices, window: Bounds) -> NDArray[np.int64]:
    """Count for each of some courses the days of a window of its own on which the status held."""
    shape = course.shape
    if not len(stays.person):
        return np.zeros(shape, np.int64)
    keys = _key(stays.person, stays.entered)
    lengths = (stays.left - stays.entered).astype(np.int64)
    before_stay = np.cumsum(lengths) - lengths

    def days_until(day: Array) -> NDArray[np.int64]:
        """Count the days that all courses before, and this one up to and with a day, spent so."""
        target = _key(course, np.broadcast_to(day, shape))
        stay = np.searchsorted(keys, target, "right") - 1
        return np.where(stay >= 0, before_stay[stay] + np.minimum(target - keys[stay] + 1, lengths[stay]), 0)

    first, last = window.first.astype(np.int64), window.last.astype(np.int64)
    return np.where(last >= first, days_until(last) - days_until(first - 1), 0)
