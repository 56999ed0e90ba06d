"""An event in words, in Chinese and English: what happened, with every value, its name and unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from singledisease.dates import iso
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.wording.terms import COLUMN_NAMES, KIND_NAMES, VALUE_NAMES
from singledisease.eventlog.columns import PlainValue
from singledisease.eventlog.event import Event
from singledisease.language.format import number_text
from singledisease.language.units import DIMENSIONLESS
from singledisease.vocabulary import DATES, QUANTITIES


def event_words(event: Event, diseases: Iterable[Disease] = ()) -> Names:
    """Say an event in words, without its date.

    Parameters
    ----------
    event
        What happened.
    diseases
        Those whose names are known, and further quantities by name and unit; other columns are said by name.

    >>> visit = Event("follow_up", "2024-03-01", mode="clinic", sbp=152.0)
    >>> event_words(visit).zh, event_words(visit).en
    ('随访：方式 门诊，收缩压 152 mmHg', 'follow up: mode clinic, systolic pressure 152 mmHg')
    """
    diseases = tuple(diseases)
    further = {quantity.name: quantity for disease in diseases for quantity in disease.quantities}
    quantities = {**QUANTITIES, **further}
    known = {disease.id: disease.names for disease in diseases}
    kind = KIND_NAMES[event.kind].zh if event.kind in KIND_NAMES else event.kind
    zh, en = [], []
    for column, value in _worth_saying(event):
        quantity = quantities.get(column)
        names = COLUMN_NAMES.get(column, Names(column, column))
        if quantity is not None:
            names = Names(quantity.zh, quantity.en)
        said = _value(column, value, quantity.unit if quantity else "")
        if column == "disease":
            said = _tagged(str(value), known)
        zh.append(f"{names.zh} {said.zh}")
        en.append(f"{names.en} {said.en}")
    return Names(f"{kind}：{'，'.join(zh)}" if zh else kind, _english(event.kind, en))


def _tagged(tag: str, known: Mapping[str, Names]) -> Names:
    """Say what an event is tagged with; of a disease that is not known its id."""
    parts = [known.get(part) or VALUE_NAMES["disease"].get(part) or Names(part, part) for part in tag.split("|")]
    return Names("、".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def _english(kind: str, values: list[str]) -> str:
    name = kind.replace("_", " ")
    return f"{name}: {', '.join(values)}" if values else name


def _worth_saying(event: Event) -> Iterator[tuple[str, PlainValue]]:
    """Leave out that an event became known on its own day, as nearly every one does."""
    for column, value in event.values.items():
        if column != "recorded" or value != event.date:
            yield column, value


def _value(column: str, value: PlainValue, unit: str) -> Names:
    if isinstance(value, bool):
        return Names("是", "yes") if value else Names("否", "no")
    if column in DATES:
        return Names(iso(int(value)), iso(int(value)))
    if isinstance(value, str):
        return VALUE_NAMES.get(column, {}).get(value, Names(value, value))
    text = f"{number_text(value)} {'' if unit == DIMENSIONLESS else unit}".rstrip()
    return Names(text, text)
