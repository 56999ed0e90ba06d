"""Which words a log holds: little to keep of a part that is not kept itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from attrs.converters import optional

from singledisease.definitions.disease import Disease
from singledisease.definitions.normal_code import begins_with
from singledisease.eventlog.columns import Coded
from singledisease.eventlog.log import EventLog
from singledisease.frozen_mapping import frozen_mapping

ASKED_COLUMNS: tuple[str, ...] = ("item", "mode", "setting", "level", "direction", "status", "role", "package")
"""Columns of words: a measure that asks for one that no event has finds nothing."""

NAMED_COLUMNS: tuple[str, ...] = ("reason", "disease", "institution", "team")
"""Columns of names: a log need not hold each that a measure asks for, but one that comes near another is a slip."""


def _sets(words: Mapping[str, Iterable[str]]) -> Mapping[str, frozenset[str]]:
    return frozen_mapping({name: frozenset(each) for name, each in words.items()})


@frozen(kw_only=True)
class LogContents:
    """How many people and events a log has, and which words.

    Attributes
    ----------
    words
        Of ``kind`` and of each of ``ASKED_COLUMNS`` and ``NAMED_COLUMNS``, those that at least one event has; under
        ``patients`` the columns that people have beside those they always have.
    enrolled
        What enrolments are tagged with (``disease``) and coded as (``code``).
    codes
        The codes that at least one event has, by their system (blank: ICD-10); ``None``: that was not looked at.
    """

    people: int = 0
    events: int = 0
    words: Mapping[str, frozenset[str]] = field(factory=dict, converter=_sets)
    enrolled: Mapping[str, frozenset[str]] = field(factory=dict, converter=_sets)
    codes: Mapping[str, frozenset[str]] | None = field(default=None, converter=optional(_sets))

    def holds(self, column: str, word: str) -> bool:
        """Say whether an event has a word in a column."""
        return word in self.words.get(column, ())

    def enrols(self, disease: Disease) -> bool:
        """Say whether somebody is enrolled for a disease, by its tag or code."""
        tagged = any(disease.id in tag.split("|") for tag in self.enrolled.get("disease", ()))
        codes = self.enrolled.get("code", ())
        return tagged or any(begins_with(code, disease.codes) for code in codes if code)


def contents_of(log: EventLog) -> LogContents:
    """Look through a log once."""
    columns = {"kind": log.kind, **{name: log.columns.get(name) for name in (*ASKED_COLUMNS, *NAMED_COLUMNS)}}
    enrolments = np.flatnonzero(_is(log.kind, "enrolment"))
    tags = {name: log.columns.get(name) for name in ("disease", "code")}
    return LogContents(
        people=len(log.people),
        events=len(log),
        words={
            **{name: _held(column) for name, column in columns.items() if isinstance(column, Coded)},
            "patients": frozenset((*log.people.attributes, *log.people.typed)),
        },
        enrolled={name: _held(column[enrolments]) for name, column in tags.items() if isinstance(column, Coded)},
        codes=_codes_by_system(tags["code"], log.columns.get("system")),
    )


def _codes_by_system(code: Any, system: Any) -> Mapping[str, frozenset[str]]:
    if not isinstance(code, Coded):
        return {}
    if not isinstance(system, Coded):
        return {"": _held(code)}
    by_system = {name: _held(code[np.flatnonzero(system.codes == i)]) for i, name in enumerate(system.categories)}
    return {name: codes for name, codes in by_system.items() if codes}


def together(contents: Sequence[LogContents]) -> LogContents:
    """Give what several logs hold together."""
    return LogContents(
        people=sum(one.people for one in contents),
        events=sum(one.events for one in contents),
        words=_union([one.words for one in contents]),
        enrolled=_union([one.enrolled for one in contents]),
        codes=_codes_together([one.codes for one in contents]),
    )


def _codes_together(codes: Sequence[Mapping[str, frozenset[str]] | None]) -> Mapping[str, frozenset[str]] | None:
    known = [one for one in codes if one is not None]
    return _union(known) if len(known) == len(codes) else None


def _union(words: Sequence[Mapping[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    names = dict.fromkeys(name for one in words for name in one)
    return {name: frozenset().union(*(one.get(name, ()) for one in words)) for name in names}


def _held(column: Any) -> frozenset[str]:
    used = np.bincount(column.codes, minlength=len(column.categories))
    return frozenset(word for word, count in zip(column.categories, used.tolist(), strict=True) if count and word)


def _is(kind: Coded, name: str) -> Any:
    return kind.codes == kind.categories.index(name) if name in kind.categories else np.zeros(len(kind), np.bool_)
