"""What the columns of a file could be: by their names as they are known, by similar names, by what stands in them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np
from attrs import frozen

from singledisease.eventlog.columns import coded
from singledisease.io.inspect.content import ENOUGH, Content, could_be, fits_unit, likely_unit
from singledisease.io.inspect.disease_names import disease_called, usual_names
from singledisease.io.inspect.words import DIAGNOSES, FOREIGN_WORDS, known_names
from singledisease.io.mapping import code_lists
from singledisease.io.mapping.codes import recode, several
from singledisease.io.mapping.names import normal, unit_called, without_unit
from singledisease.spelling import meant_by
from singledisease.vocabulary import KIND_ALIASES, KINDS, QUANTITIES

SIMILAR = 0.75
SURE, LIKELY, MAYBE = 3, 2, 1

HOW = {
    SURE: "名称 known name",
    LIKELY: "名称相近 similar name",
    MAYBE: "内容 content",
}


@frozen
class Guess:
    """What a column could be called here, and how sure that is.

    Attributes
    ----------
    unit
        In which its numbers stand, if it is not the one kept here.
    said
        Whether the name of the column says that unit; otherwise only its values do.
    """

    name: str
    sure: int
    unit: str = ""
    said: bool = True

    @property
    def how(self) -> str:
        """What the guess rests on."""
        return HOW[self.sure]


def guesses(contents: Mapping[str, Content], table: str, called: Mapping[str, str]) -> dict[str, Guess]:
    """Give each name to one column: to the surest, of equals to the fullest, then to the first.

    Parameters
    ----------
    contents
        What stands in each column.
    table
        Which table it could be.
    called
        What a column would be called if it stood alone, of those of several visits in a row.
    """
    candidates = [
        (-guess.sure, -contents[foreign].filled, place, foreign, guess)
        for place, foreign in enumerate(contents)
        for guess in _candidates(called.get(foreign, foreign), contents[foreign], table)
    ]
    taken: dict[str, Guess] = {}
    given: set[str] = set()
    for *_, foreign, guess in sorted(candidates, key=lambda one: one[:3]):
        if foreign not in taken and guess.name not in given:
            taken[foreign] = guess
            given.add(guess.name)
    if table == "events":
        taken |= _pressures({name: one for name, one in contents.items() if name not in taken}, given)
    return {foreign: taken[foreign] for foreign in contents if foreign in taken}


def _candidates(foreign: str, content: Content, table: str) -> Iterator[Guess]:
    known = known_names(table)
    called, unit = without_unit(foreign)
    exact = known.get(normal(foreign)) or known.get(called)
    if exact is not None:
        if called in DIAGNOSES and not _names_diseases(content):
            return
        yield from _as(exact, SURE, unit, content)
        return
    if not any(word in called for word in FOREIGN_WORDS) and not _belongs_elsewhere(called, table):
        for name in _similar(called, known):
            yield from _as(name, LIKELY, unit, content)
    yield from _by_content(content, table)


def _names_diseases(content: Content) -> bool:
    return content.share(lambda text: any(disease_called(part, usual_names()) for part in (text, *several(text)))) > 0.5


def _as(name: str, sure: int, unit: str, content: Content) -> Iterator[Guess]:
    """Give a column a name, if what stands in it allows that: of a quantity in the unit that its name or values say."""
    if name not in QUANTITIES:
        if could_be(name, content):
            yield Guess(name, sure)
        return
    kept = QUANTITIES[name].unit
    meant = unit_called(name, unit) if unit else likely_unit(name, content)
    if meant and (not content.spoken().filled or fits_unit(name, meant, content)):
        yield Guess(name, sure, "" if meant == kept else meant, said=bool(unit))


def _belongs_elsewhere(called: str, table: str) -> bool:
    """Tell whether a name is known, but in another table: 出生日期 is no date of an event."""
    return any(called in known_names(other) for other in ("patients", "events") if other != table)


def _similar(called: str, known: Mapping[str, str]) -> Iterator[str]:
    # Every date has 日期 in its name, and every institution 机构; only of quantities two characters say enough.
    long = {name for name in known if len(name) > 2 or (len(name) == 2 and known[name] in QUANTITIES)}
    whole = [name for name in long if name in called and not name.isascii()]
    close = difflib.get_close_matches(called, known, n=3, cutoff=SIMILAR)
    yield from dict.fromkeys(known[name] for name in (*sorted(whole, key=lambda name: (-len(name), name)), *close))


def _by_content(content: Content, table: str) -> Iterator[Guess]:
    """Know words of code lists when they are seen; numbers alone could be anything."""
    lists = {"patients": ("sex", "GB/T 2261.1"), "events": ("mode", "CV06.00.207")}
    if table in lists and content.filled and 1 < len(content.texts) <= 12 and not content.numbers().size:
        name, code_list = lists[table]
        made = recode(name, coded(content.texts), code_lists()[code_list])
        if not made.unknown.any():
            yield Guess(name, MAYBE)
    if table == "events" and len(content.texts) > 1 and not content.numbers().size:
        kinds = {kind_called(text) for text in content.texts}
        # 门诊 and 住院 may be kinds of encounter; beside these they are kinds of event.
        if "" not in kinds and kinds & _TELLING_KINDS:
            yield Guess("kind", MAYBE)


def kind_called(text: str) -> str:
    """Give the kind of event that a text is or was meant for, blank if it is none.

    >>> kind_called("建档"), kind_called("Follow Up"), kind_called("enrollment"), kind_called("家庭")
    ('enrolment', 'follow_up', 'enrolment', '')
    """
    return text if text in KINDS else meant_by(text, KINDS, KIND_ALIASES) or ""


_TELLING_KINDS = {"enrolment", "follow_up", "checkup"}


def _pressures(contents: Mapping[str, Content], given: set[str]) -> dict[str, Guess]:
    """Take two neighbouring columns of whole numbers for pressures if they lie as pressures do."""
    if {"sbp", "dbp"} & given:
        return {}
    names = list(contents)
    for one, other in pairwise(names):
        high, low = contents[one].numbers(), contents[other].numbers()
        if min(len(high), len(low)) >= ENOUGH * max(contents[one].rows, 1) and (
            110 <= np.median(high) <= 165 and 60 <= np.median(low) <= 100
        ):
            return {one: Guess("sbp", MAYBE), other: Guess("dbp", MAYBE)}
    return {}
