"""A file looked at: what it seems to be, what its columns are, and what stands in it besides records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from attrs import evolve, field, frozen

from singledisease.eventlog.columns import Coded
from singledisease.eventlog.raw import RawTable
from singledisease.io.inspect.column_guess import MAYBE, SURE, Guess, guesses
from singledisease.io.inspect.content import ENOUGH, Content, content_of, dated_or_serial, pair_unit
from singledisease.io.inspect.long_results import ResultColumns, listed
from singledisease.io.inspect.rosters import diagnosed, is_roster, of_management
from singledisease.io.inspect.wide_tables import VisitColumns, parts_of
from singledisease.io.inspect.words import (
    BLANK_WORDS,
    DEATH,
    ENROLLED,
    FOOTERS,
    ID_NUMBERS,
    FileRole,
    disease_of,
    role_of,
)
from singledisease.io.layout import Layout
from singledisease.io.mapping.columns import DATE_COLUMNS
from singledisease.io.mapping.names import normal, without_unit
from singledisease.io.mapping.skip_rows import ends
from singledisease.io.sheet_names import telling_name
from singledisease.vocabulary import QUANTITIES

_ID_NUMBER = re.compile(r"\d{17}[\dXx]|\d{4,10}\*+[\dXx]{0,4}", re.ASCII)
_BROKEN_ID = re.compile(r"\d(?:\.\d+)?[eE]\+?1\d|\d{15}000", re.ASCII)
_PERSON = ("birth_date", "sex")


@frozen(eq=False, kw_only=True)
class Looked:
    """A file that was looked at, or one of several visits that stand side by side in its rows.

    Attributes
    ----------
    file, encoding, layout, rows
        The file, how it is read, and how long it is.
    role
        What it seems to be; ``None`` if nothing says.
    by
        What that rests on.
    guesses
        What each column could be, by its foreign name; those that are nothing known here are missing.
    person
        Of a table of events, the columns that speak of the person.
    managed
        Of a table of people, the columns that say what they are managed for.
    pairs, pair_unit
        A column with two pressures in a cell, and their unit.
    next_visit
        The column with the day of the next visit.
    id_number
        The column with numbers of identity cards, and whether a spreadsheet has broken them.
    enrolled, diagnosed
        The columns with the day on which management began, and a disease was diagnosed, where that is not the day of
        the row.
    blank, footers
        Words that stand where nothing is known, and words with which rows begin that are no records.
    part
        Which visit of the row it is, blank if the row is one.
    listed
        How its rows hold one result each, if they do.
    has_twin
        Whether another file has the same name but for its suffix.
    diseases
        Ids of the diseases that are known, by their names, folded.
    """

    file: str
    encoding: str
    layout: Layout = field(factory=Layout)
    rows: int
    contents: Mapping[str, Content] = field(hash=False)
    role: FileRole | None
    by: str
    disease: str
    guesses: Mapping[str, Guess] = field(hash=False)
    person: Mapping[str, Guess] = field(factory=dict, hash=False)
    managed: Mapping[str, Guess] = field(factory=dict, hash=False)
    pairs: str = ""
    pair_unit: str = ""
    next_visit: str = ""
    id_number: str = ""
    broken_ids: bool = False
    enrolled: str = ""
    diagnosed: str = ""
    blank: tuple[str, ...] = ()
    footers: tuple[str, ...] = ()
    part: str = ""
    listed: ResultColumns | None = None
    has_twin: bool = False
    diseases: Mapping[str, str] = field(factory=dict, hash=False)

    def column(self, name: str) -> str | None:
        """Give the foreign column that is called so here."""
        known = (*self.guesses.items(), *self.managed.items())
        return next((foreign for foreign, guess in known if guess.name == name), None)

    @property
    def first(self) -> bool:
        """Whether it is the whole file, or the first visit in its rows."""
        return self.part in ("", "1")


def look(table: RawTable, encoding: str, layout: Layout | None = None) -> tuple[Looked, ...]:
    """Look at a file: what it is, and what its columns are; once for each visit of a row."""
    footers = tuple(_footers(table))
    records = table if not footers else _records(table, footers)
    contents = {name: content_of(column) for name, column in records.columns.items()}
    by_name = role_of(telling_name(table.file))
    parts = parts_of(contents) if by_name is None or by_name.table != "institutions" else ()
    if parts and (by_name is None or by_name.kind in ("", "enrolment")):
        by_name = FileRole("events", "follow_up")
    results = listed(table) if by_name is None or by_name.table == "events" else None
    role = by_name or (FileRole("events", "test") if results else _role_by_columns(contents))
    whole = Looked(
        file=table.file,
        encoding=encoding,
        layout=layout or Layout(),
        rows=len(table),
        contents=contents,
        role=role,
        by="" if role is None else "文件名 file name" if by_name else "列 columns",
        disease=disease_of(telling_name(table.file)) or disease_of(table.file),
        guesses={},
        listed=results,
        footers=footers,
    )
    beside = {name for part in parts for name in part.stems}
    return tuple(
        _with_columns(
            whole, part, {name: one for name, one in contents.items() if name not in beside - set(part.stems)}
        )
        for part in parts or (VisitColumns("", {}),)
    )


def _with_columns(whole: Looked, part: VisitColumns, contents: Mapping[str, Content]) -> Looked:
    role = whole.role
    table = role.table if role else "events"
    called = {name: without_unit(part.stems.get(name, name))[0] for name in contents}
    id_number = next((name for name, one in contents.items() if _is_id_number(called[name], one)), "")
    apart = {name for name in contents if name == id_number or _stands_apart(called[name], role)}
    found = guesses({name: one for name, one in contents.items() if name not in apart}, table, part.stems)
    enrolled = next((name for name in contents if called[name] in ENROLLED and not _is_day_of_row(role)), "")
    when_found = diagnosed(contents, called) if role is None or role.kind != "diagnosis" else ""
    if when_found in found and table == "events":
        others = {name: one for name, one in contents.items() if name not in apart and name != when_found}
        again = guesses(others, table, part.stems)
        when_found, found = (when_found, again) if _has_day(again) or enrolled else ("", found)
    if enrolled and table == "events" and "date" not in {guess.name for guess in found.values()}:
        found |= {enrolled: Guess("date", SURE)}
        enrolled = ""
    taken = {*found, *apart}
    pairs = next((name for name, one in contents.items() if name not in taken and pair_unit(one)), "")
    upcoming = next((name for name, one in contents.items() if _is_next(called[name], one)), "")
    found = {name: guess for name, guess in found.items() if name not in (pairs, upcoming)}
    persons = guesses(contents, "patients", part.stems) if table == "events" else {}
    looked = evolve(
        whole,
        contents=contents,
        role=_of_each_row(role, found),
        guesses=found,
        person={name: one for name, one in persons.items() if one.name in _PERSON and one.sure > MAYBE},
        managed=of_management(contents, found) if table == "patients" else {},
        diagnosed=when_found,
        pairs=pairs if "sbp" not in {guess.name for guess in found.values()} else "",
        pair_unit=(pair_unit(contents[pairs]) or "") if pairs else "",
        next_visit=upcoming,
        id_number=id_number,
        broken_ids=any(_is_broken(name, one) for name, one in contents.items() if name == id_number),
        enrolled=enrolled,
        part=part.label,
    )
    return evolve(looked, blank=tuple(_blanks(looked)))


def _of_each_row(role: FileRole | None, found: Mapping[str, Guess]) -> FileRole | None:
    """Give what a table is whose rows say themselves of which kind they are: the name of the file does not."""
    kinds = role is not None and role.table == "events" and role.kind not in ("", "death", "end")
    return FileRole("events") if kinds and any(guess.name == "kind" for guess in found.values()) else role


def _has_day(found: Mapping[str, Guess]) -> bool:
    return any(guess.name == "date" for guess in found.values())


def _stands_apart(called: str, role: FileRole | None) -> bool:
    """Tell whether a column says something of its own: when management began, or when somebody died."""
    events = role is None or role.table == "events"
    return events and ((called in ENROLLED and not _is_day_of_row(role)) or (called in DEATH and not _is_death(role)))


def _is_day_of_row(role: FileRole | None) -> bool:
    return role is not None and role.kind == "enrolment"


def _is_death(role: FileRole | None) -> bool:
    return role is not None and role.kind in ("death", "end")


def _is_id_number(called: str, content: Content) -> bool:
    if called in ID_NUMBERS:
        return True
    return bool(content.filled) and content.share(lambda text: bool(_ID_NUMBER.fullmatch(text.strip("'=\"")))) >= ENOUGH


def _is_broken(_name: str, content: Content) -> bool:
    return bool(content.filled) and content.share(lambda text: bool(_BROKEN_ID.fullmatch(text))) >= 0.5


def _is_next(called: str, content: Content) -> bool:
    named = any(word in called for word in ("下次", "next")) and any(
        word in called for word in ("日期", "时间", "date")
    )
    return named and content.share(dated_or_serial) >= ENOUGH


def _role_by_columns(contents: Mapping[str, Content]) -> FileRole | None:
    names = {guess.name for guess in guesses(contents, "events", {}).values() if guess.sure > MAYBE}
    if "kind" in names and "date" in names:
        return FileRole("events")
    if is_roster(contents, {name: without_unit(name)[0] for name in contents}):
        return FileRole("patients")
    if "date" in names and ("mode" in names or any("随访" in name for name in contents)):
        return FileRole("events", "follow_up")
    if "date" in names and (names & QUANTITIES.keys() or any(pair_unit(one) for one in contents.values())):
        return FileRole("events", "measurement")
    return None


# WHAT IS NO VALUE, AND NO RECORD


def _blanks(looked: Looked) -> Iterator[str]:
    """Give the words that stand where a date or number is expected, unless they mean something elsewhere."""
    expecting = [name for name, guess in looked.guesses.items() if guess.name in (*DATE_COLUMNS, *QUANTITIES)]
    others = [name for name in looked.guesses if name not in expecting]
    meant = {normal(text) for name in others for text in looked.contents[name].texts}
    words = {normal(word) for word in BLANK_WORDS}
    found: dict[str, None] = {}
    for name in (*expecting, *filter(None, (looked.pairs, looked.next_visit))):
        for text in looked.contents[name].texts:
            if normal(text) in words - meant:
                found.setdefault(text)
    yield from found


def _records(table: RawTable, footers: tuple[str, ...]) -> RawTable:
    """Give the rows that are records: what stands under them is no code of a column."""
    keep = np.flatnonzero(~np.any(ends(table, footers), axis=0))
    return evolve(table, columns={name: column[keep] for name, column in table.columns.items()}, line=table.line[keep])


def _footers(table: RawTable) -> Iterator[str]:
    """Give the words of those known with which a cell begins; only the first few columns are looked at."""
    begun = {word for text in _starts(table) for word in FOOTERS if text.startswith(normal(word))}
    yield from (word for word in FOOTERS if word in begun)


def _starts(table: RawTable) -> Iterable[str]:
    initials = {letter for word in FOOTERS for letter in (word[0], word[0].upper())} | {" ", "\t", "\u3000"}
    for column in list(table.columns.values())[:3]:
        for text in column.categories if isinstance(column, Coded) else ():
            if text[:1] in initials:
                yield normal(text)
