"""Words of an event that no pathway would hear: refused where they are likely a slip, else listed by ``slips``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from singledisease.aliases import DISEASE_ALIASES
from singledisease.definitions.disease import Disease
from singledisease.definitions.used_words import FREE_COLUMNS, UsedWords, used_words
from singledisease.errors import DataError, Fault
from singledisease.eventlog.event import Event, column_meant
from singledisease.eventlog.report import Slip
from singledisease.spelling import folded, meant_by
from singledisease.vocabulary import EVENT_COLUMNS, KIND_ALIASES, KINDS, NOT_DONE, NOT_DONE_ZH

_BUILT_IN = frozenset(KINDS)
_STATUSES = frozenset(map(folded, NOT_DONE))


def refuse_unheard(event: Event, diseases: Iterable[Disease]) -> None:
    """Refuse an event whose kind or status is likely a slip for one that is heard.

    Raises
    ------
    DataError
        With what was perhaps meant.
    """
    if event.kind in _BUILT_IN and "status" not in event.values:
        return
    used = _used(tuple(diseases))
    faults = [*_of_kind(event, used), *_of_status(event, used)]
    if faults:
        raise DataError(f"{event}: 拒绝 / refused", faults)


def _of_kind(event: Event, used: UsedWords) -> Iterator[Fault]:
    if event.kind not in _BUILT_IN and event.kind not in used.kinds and event.kind.strip():
        meant = meant_by(event.kind, [*KINDS, *used.kinds], KIND_ALIASES, loosely=True)
        if meant is not None:
            message = f"{event.kind!r}: 没有此类事件 / there is no such kind, so nothing would hear it"
            yield Fault("unknown_kind", "kind", message, f"did you mean {meant}?")


def _of_status(event: Event, used: UsedWords) -> Iterator[Fault]:
    status = event.values.get("status")
    if isinstance(status, str) and status not in used.statuses and folded(status) not in _STATUSES:
        meant = meant_by(status, NOT_DONE, NOT_DONE_ZH)
        if meant is not None:
            message = f"{status!r}: 没有此状态，会算作已发生 / no such status: it would count as done"
            yield Fault("unknown_word", "status", message, f"did you mean {meant}?")


@lru_cache(maxsize=64)
def _used(diseases: tuple[Disease, ...]) -> UsedWords:
    return used_words(diseases)


# WHAT WAS KEPT


def slips_of(events: Iterable[Event], diseases: Iterable[Disease]) -> tuple[Slip, ...]:
    """List the words of one person's events that nothing built in and none of the diseases knows, each once."""
    named = tuple(diseases)
    used, ids = _used(named), frozenset(disease.id for disease in named)
    quantities = {quantity.name for disease in named for quantity in disease.quantities}
    found: Counter[tuple[str, str, str, str]] = Counter()
    for event in events:
        found.update(_words(event, used, ids, quantities))
    return tuple(Slip("events", column, word, n, meant, check) for (check, column, word, meant), n in found.items())


def _words(
    event: Event, used: UsedWords, ids: frozenset[str], quantities: set[str]
) -> Iterator[tuple[str, str, str, str]]:
    if event.kind not in _BUILT_IN and event.kind not in used.kinds:
        yield "unknown_word", "kind", event.kind, ""
    for tag in event.diseases:
        meant = DISEASE_ALIASES.get(folded(tag))
        if tag not in ids and meant is not None and meant != tag:
            yield "unknown_word", "disease", tag, _near(meant)
    for name in FREE_COLUMNS:
        word = event.values.get(name)
        if isinstance(word, str) and word not in used.values_of(name) and not (name == "status" and event.not_done):
            yield "unknown_word", name, word, _near(meant_by(word, used.values_of(name)))
    for name in event.values:
        if name not in EVENT_COLUMNS and name not in used.columns and name not in quantities:
            yield "unknown_column", "", name, _near(column_meant(name))


def _near(meant: str | None) -> str:
    return "" if meant is None else f"是否为 / did you mean {meant}?"
