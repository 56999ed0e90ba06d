"""The tag of an event that is entered for one person: the disease may be called by its name."""

from __future__ import annotations

import re
from functools import lru_cache

from singledisease.aliases import DISEASE_ALIASES
from singledisease.definitions.disease import Disease
from singledisease.definitions.normal_code import begins_with
from singledisease.errors import DataError, Fault
from singledisease.eventlog.event import Event, disease_tag, require_event
from singledisease.spelling import folded, meant_by


def in_our_words(event: Event, disease: Disease) -> Event:
    """Give an event tagged with the id of a disease where it is tagged with its name.

    Raises
    ------
    UsageError
        If it is no event.
    DataError
        If a tag is this disease misspelt, or one of its codes: the event would not concern it, without a word.
    """
    require_event(event)
    tag = event.values.get("disease")
    if not isinstance(tag, str) or tag == disease.id:
        return event
    named, hints = _read(tag, disease.id, (disease.names.zh, disease.names.en), disease.codes)
    faults = [
        Fault("unknown_disease", "disease", f"{part!r}: 没有此病种 / there is no such disease", hint)
        for part, hint in hints
    ]
    if faults:
        raise DataError(f"{event}: 拒绝 / refused", faults)
    return event if named == tag else _tagged(event, named)


def _tagged(event: Event, tag: str) -> Event:
    return Event(event.kind, event.date, row=event.row, values={**event.values, "disease": tag})


@lru_cache(maxsize=1024)
def _read(
    tag: str, disease: str, called: tuple[str, ...], codes: tuple[str, ...]
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Give a tag by ids, and what was probably meant by each part of it that is meant to be the disease and is not."""
    names = {folded(name): disease for name in (disease, *called)}
    named = disease_tag(tag, names)
    parts = [part for part in named.split("|") if part != disease]
    return named, tuple((part, hint) for part in parts if (hint := _hint(part, disease, codes, names)))


def _hint(tag: str, disease: str, codes: tuple[str, ...], names: dict[str, str]) -> str:
    if begins_with(tag, codes):
        return f"a code of {disease}: code={tag!r}, disease={disease!r}"
    if _CODE.fullmatch(tag):
        return f"a code belongs into code=: code={tag!r}"
    if DISEASE_ALIASES.get(folded(tag)) == disease or meant_by(folded(tag), names) is not None:
        return f"did you mean {disease}?"
    if len(_SEVERAL.split(tag)) > 1 and disease in {names.get(folded(part)) for part in _SEVERAL.split(tag)}:
        return f"several are divided by |: {'|'.join(part.strip() for part in _SEVERAL.split(tag))}"
    return ""


_CODE = re.compile(r"[A-Z]\d{2}(?:\.?[0-9xX]\w*)?[+*]?", re.ASCII | re.IGNORECASE)
_SEVERAL = re.compile(r"[,，、;；/+＋]")
