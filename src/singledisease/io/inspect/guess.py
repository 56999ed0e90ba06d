"""What the columns of a file could be: by their names as they are known, by similar names, by what stands in them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np
from attrs import field, frozen

from singledisease.events.columns import coded
from singledisease.events.raw import RawTable
from singledisease.io.inspect.content import ENOUGH, Content, content_of, could_be, dated, paired
from singledisease.io.inspect.words import FOREIGN_WORDS, Role, disease_of, known_names, role_of
from singledisease.io.mapping import code_lists
from singledisease.io.mapping.codes import recode
from singledisease.io.mapping.names import normal, same_unit, without_unit
from singledisease.vocabulary import QUANTITIES

SIMILAR = 0.75
_SURE, _LIKELY, _MAYBE = 3, 2, 1

HOW = {
    _SURE: "名称 known name",
    _LIKELY: "名称相近 similar name",
    _MAYBE: "内容 content",
}


@frozen
class Guess:
    """What a column could be called here, and how sure that is."""

    name: str
    sure: int

    @property
    def how(self) -> str:
        """What the guess rests on."""
        return HOW[self.sure]


@frozen(eq=False, kw_only=True)
class Looked:
    """A file that was looked at.

    Attributes
    ----------
    file
        Its name.
    role
        What it seems to be; ``None`` if nothing says.
    by
        What that rests on.
    guesses
        What each column could be, by its foreign name; those that are nothing known here are missing.
    pairs
        A column with two pressures in a cell.
    next_visit
        The column with the day of the next visit.
    """

    file: str
    encoding: str
    rows: int
    contents: Mapping[str, Content] = field(hash=False)
    role: Role | None
    by: str
    disease: str
    guesses: Mapping[str, Guess] = field(hash=False)
    pairs: str = ""
    next_visit: str = ""

    def column(self, name: str) -> str | None:
        """Give the foreign column that is called so here."""
        return next((foreign for foreign, guess in self.guesses.items() if guess.name == name), None)


def look(table: RawTable, encoding: str) -> Looked:
    """Look at a file: what it is, and what its columns are."""
    contents = {name: content_of(column) for name, column in table.columns.items()}
    by_name = role_of(table.file)
    role = by_name or _role_by_columns(contents)
    found = _guesses(contents, role.table if role else "events")
    pairs = next((name for name, one in contents.items() if one.share(paired) >= ENOUGH), "")
    upcoming = next((name for name, one in contents.items() if _is_next(name) and one.share(dated) >= ENOUGH), "")
    return Looked(
        file=table.file,
        encoding=encoding,
        rows=len(table),
        contents=contents,
        role=role,
        by="" if role is None else "文件名 file name" if by_name else "列 columns",
        disease=disease_of(table.file),
        guesses={name: guess for name, guess in found.items() if name not in (pairs, upcoming)},
        pairs=pairs if "sbp" not in {guess.name for guess in found.values()} else "",
        next_visit=upcoming,
    )


def _is_next(name: str) -> bool:
    return any(word in normal(name) for word in ("下次", "next")) and "日期" in name + "日期" * ("date" in name.lower())


def _role_by_columns(contents: Mapping[str, Content]) -> Role | None:
    names = {guess.name for guess in _guesses(contents, "events").values() if guess.sure > _MAYBE}
    people = {guess.name for guess in _guesses(contents, "patients").values() if guess.sure > _MAYBE}
    if "kind" in names and "date" in names:
        return Role("events")
    if "birth_date" in people and "date" not in names:
        return Role("patients")
    if {"mode", "date"} <= names:
        return Role("events", "follow_up")
    if "date" in names and names & QUANTITIES.keys():
        return Role("events", "measurement")
    return None


# COLUMNS


def _guesses(contents: Mapping[str, Content], table: str) -> dict[str, Guess]:
    """Give each name to one column: to the surest, of equals to the fullest, then to the first."""
    candidates = [
        (-guess.sure, -contents[foreign].filled, place, foreign, guess)
        for place, foreign in enumerate(contents)
        for guess in _candidates(foreign, contents[foreign], table)
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
        # Glucose in mg/dL and pressures in kPa are not what is kept here, whatever they are called.
        if (not unit or exact not in QUANTITIES or same_unit(unit, exact)) and could_be(exact, content):
            yield Guess(exact, _SURE)
        return
    if not any(word in called for word in FOREIGN_WORDS) and not _belongs_elsewhere(called, table):
        for name in _similar(called, known):
            if could_be(name, content) and (not unit or name not in QUANTITIES or same_unit(unit, name)):
                yield Guess(name, _LIKELY)
    yield from _by_content(content, table)


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
            yield Guess(name, _MAYBE)


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
            return {one: Guess("sbp", _MAYBE), other: Guess("dbp", _MAYBE)}
    return {}
