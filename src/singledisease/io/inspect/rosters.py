"""Rosters (花名册): a row for each person, with the diseases that they are managed for and since when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from attrs import frozen

from singledisease.eventlog.parse_cell import read_flag
from singledisease.io.inspect.column_guess import MAYBE, Guess, guesses
from singledisease.io.inspect.content import ENOUGH, Content, dated_or_serial
from singledisease.io.inspect.disease_names import disease_called
from singledisease.io.inspect.words import DIAGNOSED, ENROLLED, NAMES_OF_PEOPLE
from singledisease.io.mapping.names import normal, without_unit

_TICKS = frozenset("√✓✔☑■●v")
_CROSSES = frozenset({"×", "x", "✗", "✘", "☐", "□", "-", "--", "—", "/"})
_BEFORE = re.compile(r"^(?:是否患?有?|有无|患有?|确诊)")
_AFTER = re.compile(r"(?:患者|病人|标识|标志)$")
_OF_MANAGEMENT = ("disease", "code")


@frozen
class Marked:
    """A column that is ticked for people with one disease, and the ticks."""

    column: str
    disease: str
    ticks: tuple[str, ...]


def is_roster(contents: Mapping[str, Content], called: Mapping[str, str]) -> bool:
    """Tell whether a table of unknown name is one of people: rows that name a person and say no day of a visit.

    Parameters
    ----------
    contents
        What stands in each column.
    called
        What each column is called, in the form in which names are compared.
    """
    people = {guess.name for guess in guesses(contents, "patients", {}).values() if guess.sure > MAYBE}
    others = {name: content for name, content in contents.items() if not _of_management(called[name])}
    of_events = {guess.name for guess in guesses(others, "events", {}).values() if guess.sure > MAYBE}
    managed = any(called[name] in ENROLLED and one.share(dated_or_serial) >= ENOUGH for name, one in contents.items())
    named = "patient_id" in people or any(name in NAMES_OF_PEOPLE for name in called.values())
    return ("birth_date" in people or (named and managed)) and not of_events & {"date", "mode", "kind"}


def _of_management(called: str) -> bool:
    return called in ENROLLED or called in DIAGNOSED


def of_management(contents: Mapping[str, Content], taken: Mapping[str, Guess]) -> dict[str, Guess]:
    """Give the columns of a table of people that say what they are managed for."""
    rest = {name: content for name, content in contents.items() if name not in taken}
    found = guesses(rest, "events", {})
    return {name: guess for name, guess in found.items() if guess.name in _OF_MANAGEMENT and guess.sure > MAYBE}


def diagnosed(contents: Mapping[str, Content], called: Mapping[str, str]) -> str:
    """Give the column with the day of the diagnosis, blank if there is none."""
    named = (name for name in contents if called[name] in DIAGNOSED)
    return next((name for name in named if contents[name].share(dated_or_serial) >= ENOUGH), "")


def marked(contents: Mapping[str, Content], diseases: Mapping[str, str]) -> Iterator[Marked]:
    """Give the columns that are named after a disease and ticked: 高血压 √, 是否糖尿病 是.

    Parameters
    ----------
    contents
        What stands in each column.
    diseases
        Ids by names, folded.
    """
    for name, content in contents.items():
        disease = disease_called(_AFTER.sub("", _BEFORE.sub("", without_unit(name)[0])), diseases)
        if disease and content.filled and all(_is_tick(text) or _is_none(text) for text in content.texts):
            ticks = tuple(text for text in content.texts if _is_tick(text))
            if ticks:
                yield Marked(name, disease, ticks)


def _is_tick(text: str) -> bool:
    return normal(text) in _TICKS or read_flag(text) == 1


def _is_none(text: str) -> bool:
    return normal(text) in _CROSSES or read_flag(text) == 0
