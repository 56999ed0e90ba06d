"""The tag of an event that is entered for one person: the disease may be called by its name."""

from __future__ import annotations

from singledisease.definitions.disease import Disease
from singledisease.definitions.normal_code import begins_with
from singledisease.errors import DataError, Fault
from singledisease.eventlog.event import Event, disease_tag
from singledisease.spelling import folded, meant_by


def in_our_words(event: Event, disease: Disease) -> Event:
    """Give an event tagged with the id of a disease where it is tagged with its name.

    Raises
    ------
    DataError
        If a tag is this disease misspelt, or one of its codes: the event would not concern it, without a word.
    """
    tag = event.get("disease")
    if not isinstance(tag, str) or tag == disease.id:
        return event
    names = {folded(name): disease.id for name in (disease.id, disease.names.zh, disease.names.en)}
    named = disease_tag(tag, names)
    hints = {part: _hint(part, disease, names) for part in named.split("|") if part != disease.id}
    faults = [
        Fault("unknown_disease", "disease", f"{part!r}: 没有此病种 / there is no such disease", hint)
        for part, hint in hints.items()
        if hint
    ]
    if faults:
        raise DataError(f"{event}: 拒绝 / refused", faults)
    return event if named == tag else _tagged(event, named)


def _tagged(event: Event, tag: str) -> Event:
    return Event(event.kind, event.date, row=event.row, values={**event.values, "disease": tag})


def _hint(tag: str, disease: Disease, names: dict[str, str]) -> str:
    if begins_with(tag, disease.codes):
        return f"a code of {disease.id}: code={tag!r}, disease={disease.id!r}"
    return f"did you mean {disease.id}?" if meant_by(folded(tag), names) is not None else ""
