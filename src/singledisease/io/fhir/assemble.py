"""Readings put into the events they belong to, and what an encounter is called once its readings are known.

An encounter carries the first reading of each quantity that was made on its day and became known with it; a second
one, one of another day of a stay, and one that belongs to no encounter are events of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING
from singledisease.io.fhir.collecting import CollectedRows, NumberedTexts
from singledisease.io.fhir.options import READINGS, FhirOptions
from singledisease.io.fhir.versions import Versions

NONE = -1
Arrays = dict[str, NDArray[Any]]
_DAYS = ("date", "recorded", "withdrawn")
_NAMED = (*_DAYS, "patient_id", "kind", "record", "sequence", "institution", "disease", "setting", "mode")
_INSIDE = ("_encounter", "_resource", "_own", "_visit")
_OF_ENCOUNTER = ("setting", "mode", "_visit")


@frozen(eq=False)
class Assembled:
    """Events as arrays by column: those of encounters and others, then those that readings made.

    Attributes
    ----------
    columns
        Text as numbers into the keys of its column.
    of_reading
        For each reading the event that carries it.
    from_resource
        For each reading the resource it came from.
    astray
        How many readings name an encounter that is not there, or is another person's.
    """

    columns: Arrays
    of_reading: NDArray[np.int64]
    from_resource: NDArray[np.int64]
    astray: int = 0

    def __len__(self) -> int:
        return len(self.columns["date"])


def assemble(
    events: CollectedRows, panels: CollectedRows, versions: Versions, person: NDArray[np.int32], options: FhirOptions
) -> Assembled:
    """Bring events and readings together.

    Parameters
    ----------
    events, panels
        As they were found; they share the keys of the columns that both have.
    versions
        Which resources stand.
    person
        For each key of a person, who it is: two keys of one person are alike.
    options
        What counts as a follow-up.
    """
    names = dict.fromkeys((*_NAMED, *_INSIDE, *events.names(), *panels.names()))
    rows, read = (_standing(part, tuple(names), versions) for part in (events, panels))
    place = _encounter_of(rows, read, person)
    kinds = events.keys("kind")
    own = np.where(_mergeable(rows, read, place, kinds["test"]), place, NONE)
    within = np.where(place == NONE, -2 - person[read["patient_id"]].astype(np.int64), place)
    target, new = _targets(read, within, own, len(rows["date"]), tuple(options.quantities))
    at = np.where(read["kind"] == kinds["test"], place, NONE)[new]
    made = _made(rows, read, at, new)
    whole = {name: np.concatenate([rows[name], made[name]]) for name in names}
    for name in options.quantities:
        if name in whole:
            given = ~np.isnan(read[name])
            whole[name][target[given]] = read[name][given]
    in_encounter = np.concatenate([rows["_own"] == 1, at != NONE])
    whole["kind"] = _kinds(whole, in_encounter, kinds, options)
    astray = int(((place == NONE) & (read["_encounter"] != 0)).sum())
    return Assembled(whole, target, read["_resource"], astray)


def _standing(rows: CollectedRows, names: tuple[str, ...], versions: Versions) -> Arrays:
    """Give the rows of resources that stand; an older version is withdrawn on the day the newer one came."""
    resource = rows.array("_resource")
    keep = np.flatnonzero(~versions.gone[resource])
    found = {name: rows.array(name)[keep] for name in names}
    replaced, withdrawn = versions.superseded[resource[keep]], found["withdrawn"]
    sooner = (replaced != MISSING) & ((withdrawn == MISSING) | (replaced < withdrawn))
    found["withdrawn"] = np.where(sooner, replaced, withdrawn)
    found["recorded"] = np.where(found["recorded"] == MISSING, found["date"], found["recorded"])
    return found


# WHICH EVENT CARRIES WHICH READING


def _encounter_of(events: Arrays, read: Arrays, person: NDArray[np.int32]) -> NDArray[np.int64]:
    """Give for each reading the event of its encounter, ``NONE`` if it has none or that is another person's."""
    own = np.flatnonzero((events["_own"] == 1) & (events["_encounter"] != 0))
    # Of several versions the one that nobody took back is put last, and so is the one that is found.
    own = own[np.argsort(events["withdrawn"][own] == MISSING, kind="stable")]
    size = np.int64(len(person) + 1)
    pairs = events["_encounter"].astype(np.int64) * size + person[events["patient_id"]]
    row_of = dict(zip(pairs[own].tolist(), own.tolist(), strict=True))
    wanted = read["_encounter"].astype(np.int64) * size + person[read["patient_id"]]
    return np.fromiter((row_of.get(pair, NONE) for pair in wanted.tolist()), np.int64, len(wanted))


def _at(values: NDArray[Any], place: NDArray[np.int64]) -> NDArray[Any]:
    """Give the values at some places; at ``NONE`` a value that is the same everywhere."""
    return np.append(values, np.zeros(1, values.dtype))[place]


def _mergeable(events: Arrays, read: Arrays, place: NDArray[np.int64], test: int) -> NDArray[np.bool_]:
    """Tell which readings may stand in their encounter: no measurement of one's own, made and known on its day."""
    found = (place != NONE) & (read["kind"] == test)
    for name in _DAYS:
        found &= _at(events[name], place) == read[name]
    return np.asarray(found)


def _targets(
    read: Arrays, within: NDArray[np.int64], own: NDArray[np.int64], first_new: int, quantities: tuple[str, ...]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the event of each reading, and the readings of which new events are made.

    Readings are gone through by time, so that neither the order of files nor of entries makes a difference; each
    goes into the first event of its group that has none of its quantities yet.

    Parameters
    ----------
    read
        The readings.
    within
        What each belongs to: an encounter, or a person.
    own
        The event of its encounter, if it may stand there, else ``NONE``.
    first_new
        The number of the first new event.
    quantities
        All that there are.
    """
    present = [name for name in quantities if name in read]
    has = np.zeros(len(within), np.int64)
    for bit, name in enumerate(present):
        has |= (~np.isnan(read[name])).astype(np.int64) << bit
    keys = (within, *(read[name] for name in (*_DAYS, "kind")))
    ties = [np.nan_to_num(read[name], nan=-1.0) for name in reversed(present)]
    order = np.lexsort((*ties, has, np.nan_to_num(read["sequence"], nan=-1.0), *reversed(keys)))
    new_group = np.ones(len(order), np.bool_)
    new_group[1:] = np.any([key[order][1:] != key[order][:-1] for key in keys], axis=0)
    target, new = np.zeros(len(within), np.int64), list[int]()
    full: dict[int, int] = {}
    for i, begins in zip(order.tolist(), new_group.tolist(), strict=True):
        if begins:
            full = {int(own[i]): 0} if own[i] != NONE else {}
        chosen = next((event for event, taken in full.items() if not taken & has[i]), NONE)
        if chosen == NONE:
            chosen = first_new + len(new)
            new.append(i)
        full[chosen] = full.get(chosen, 0) | int(has[i])
        target[i] = chosen
    return target, np.array(new, np.int64)


def _made(events: Arrays, read: Arrays, at: NDArray[np.int64], new: NDArray[np.int64]) -> Arrays:
    """Make events of readings alone: in the setting of their encounter, and if they name no place at its place."""
    made = {name: values[new] for name, values in read.items()}
    for name in _OF_ENCOUNTER:
        made[name] = _at(events[name], at)
    made["institution"] = np.where(made["institution"] == 0, _at(events["institution"], at), made["institution"])
    made["_own"] = np.zeros(len(new), np.int64)
    return made


def _kinds(
    events: Arrays, in_encounter: NDArray[np.bool_], kinds: NumberedTexts, options: FhirOptions
) -> NDArray[np.int32]:
    """Call what belongs to an encounter a follow-up where it counts as one, and otherwise an encounter."""
    kind = events["kind"].copy()
    of_encounter = in_encounter & np.isin(kind, [kinds["encounter"], kinds["test"]])
    kind[of_encounter] = kinds["encounter"]
    reading = np.zeros(len(kind), np.bool_)
    for name in READINGS:
        if name in events:
            reading |= ~np.isnan(events[name])
    visit = of_encounter & (events["_visit"] == 1)
    counts: Mapping[str, NDArray[np.bool_]] = {
        "encounter": visit,
        "encounter_with_reading": visit & reading,
        "none": np.zeros(len(kind), np.bool_),
    }
    kind[counts[options.follow_up]] = kinds["follow_up"]
    return kind
