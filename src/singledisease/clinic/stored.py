"""A course as plain values that JSON can hold, and back: with a format version, the disease and its version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import frozen

from singledisease.dates import day_of, iso
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.errors import Fault, UsageError
from singledisease.eventlog.columns import PlainValue
from singledisease.eventlog.event import Event
from singledisease.eventlog.person import Person
from singledisease.vocabulary import DATES

FORMAT = 1
"""Version of what ``to_dict`` writes; a later one is refused by an earlier library."""

Policy = tuple[tuple[str, str], ...]


@frozen
class StoredCourse:
    """What a stored course holds."""

    person: Person
    events: tuple[Event, ...]
    known_until: int | None
    policy: Policy
    notes: tuple[Names, ...]
    link: str | None = None


# WRITING


def to_dict(disease: Disease, kept: StoredCourse) -> dict[str, Any]:
    """Write a course as plain values; days are ``YYYY-MM-DD``.  That of a linked sequence also says its link."""
    return {
        "format": FORMAT,
        "disease": disease.id,
        "version": disease.version,
        "policy": dict(kept.policy),
        "known_until": _text(kept.known_until),
        "person": person_to_dict(kept.person),
        "events": [event_row(event) for event in kept.events],
        **({} if kept.link is None else {"link": kept.link}),
    }


def person_to_dict(person: Person) -> dict[str, Any]:
    """Write a person as plain values."""
    return {
        "id": person.id,
        "birth_date": _text(person.birth),
        "sex": person.sex,
        "death_date": _text(person.death),
        "death_recorded": _text(person.death_recorded),
        "attributes": dict(person.attributes),
    }


def event_row(event: Event) -> dict[str, PlainValue | None]:
    """Give an event as a row of a registry: plain values by column, days as ``YYYY-MM-DD``."""
    values = {name: _text(int(value)) if name in DATES else _plain(value) for name, value in event.values.items()}
    return {"kind": event.kind, "date": iso(event.date), **values}


def _plain(value: Any) -> Any:
    """Give a number out of an array as a plain one: JSON cannot hold the other."""
    return value.item() if isinstance(value, np.generic) else value


def _text(day: int | None) -> str | None:
    return None if day is None else iso(day)


def person_row(person: Person) -> dict[str, Any]:
    """Give a person as a row of a registry."""
    return {
        "patient_id": person.id,
        "birth_date": _text(person.birth),
        "sex": person.sex,
        "death_date": _text(person.death),
        "death_recorded": _text(person.death_recorded),
        **person.attributes,
    }


# READING


def read(kept: Mapping[str, Any], disease: Disease) -> StoredCourse:
    """Read what ``to_dict`` wrote.

    Raises
    ------
    UsageError
        If it is of another disease or of an unknown format, or is no course at all.
    """
    try:
        _check(kept, disease)
        return StoredCourse(
            person=person_from_dict(kept["person"]),
            events=tuple(event_from_dict(values) for values in kept["events"]),
            known_until=_day(kept["known_until"]),
            policy=tuple(sorted((str(name), str(value)) for name, value in kept["policy"].items())),
            notes=_notes(str(kept["version"]), disease),
            link=_link(kept.get("link"), disease),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        if isinstance(error, UsageError):
            raise
        fault = Fault("stored_course", "from_dict", f"{type(error).__name__}: {error}", "pass what to_dict() gave")
        raise UsageError("this is no stored course", [fault]) from error


def _check(kept: Mapping[str, Any], disease: Disease) -> None:
    if kept["format"] != FORMAT:
        raise UsageError(
            f"the stored course has format {kept['format']!r}, this library reads {FORMAT}; "
            "restore it with the library that wrote it, or a later one"
        )
    if kept["disease"] != disease.id:
        raise UsageError(f"the stored course is of {kept['disease']!r}, not of {disease.id!r}; pass that disease")


def _notes(version: str, disease: Disease) -> tuple[Names, ...]:
    if version == disease.version:
        return ()
    return (
        Names(
            f"原按{disease.names.zh}定义第{version}版保存，现按第{disease.version}版重新计算",
            f"kept under version {version} of {disease.names.en}, replayed under version {disease.version}",
        ),
    )


def _link(link: Any, disease: Disease) -> str | None:
    if (link is None) == (disease.pathway.sequence == "link"):
        kept, runs = ("a person", "linked sequences") if link is None else (f"the sequence {link!r}", "people")
        raise UsageError(f"the stored course is of {kept}, but {disease.id} runs over {runs} now")
    return None if link is None else str(link)


def person_from_dict(values: Mapping[str, Any]) -> Person:
    """Read a person that ``person_to_dict`` wrote."""
    return Person(
        id=str(values["id"]),
        birth=_day(values["birth_date"]),
        sex=str(values["sex"]),
        death=_day(values["death_date"]),
        death_recorded=_day(values["death_recorded"]),
        attributes={str(name): str(value) for name, value in values["attributes"].items()},
    )


def event_from_dict(values: Mapping[str, Any]) -> Event:
    """Read an event that ``event_row`` wrote."""
    columns = {name: value for name, value in values.items() if name not in ("kind", "date")}
    days = {name: _day(value) for name, value in columns.items() if name in DATES}
    return Event(str(values["kind"]), day_of(str(values["date"])), values={**columns, **days})


def _day(text: str | None) -> int | None:
    return None if text is None else day_of(str(text))
