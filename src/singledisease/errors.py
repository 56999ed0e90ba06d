"""What can go wrong, in the user's words.

Every error carries its facts in ``faults`` and writes them out in ``__str__``: the value, the place and
the way out.  All faults of one definition or file are reported together.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen


@frozen
class Fault:
    """One thing that is wrong: the check that found it, where, the value seen, and the way out.

    ``at`` is the file and line where it is written, if they are known.
    """

    check: str
    where: str
    message: str
    hint: str = ""
    at: str = ""

    def __str__(self) -> str:
        place = " ".join(part for part in (self.where, f"({self.at})" if self.at else "") if part)
        text = f"{place}: {self.message} [{self.check}]" if place else f"{self.message} [{self.check}]"
        return f"{text}\n    {self.hint}" if self.hint else text


class SingleDiseaseError(Exception):
    """Any error this library raises on purpose; ``faults`` holds every fault found.

    >>> fault = Fault("no_date", "visits.csv, line 3", "'2024-13-01' is no day", "write 2024-12-31")
    >>> print(SingleDiseaseError("this file cannot be read", [fault]))
    this file cannot be read
      visits.csv, line 3: '2024-13-01' is no day [no_date]
        write 2024-12-31
    """

    def __init__(self, summary: str, faults: Iterable[Fault] = ()) -> None:
        self.summary = summary
        self.faults = tuple(faults)
        super().__init__(summary, self.faults)

    def __str__(self) -> str:
        lines = "".join(f"\n  {fault}" for fault in self.faults)
        return f"{self.summary}{lines}"


class DefinitionError(SingleDiseaseError, ValueError):
    """A disease, measure or expression is not sound."""


class DataError(SingleDiseaseError, ValueError):
    """Files or frames that cannot be read as a registry at all (single rows are refused, not raised)."""


class UsageError(SingleDiseaseError, ValueError):
    """A call that asks for something that does not exist: a policy, a period, a group, a person."""


class IdentityError(SingleDiseaseError, ArithmeticError):
    """Counts that do not add up: no figure is shown rather than a wrong one."""


class OutputError(SingleDiseaseError):
    """Something could not be written: the disk is full, nobody may write there, standard output is closed."""


class MissingExtraError(SingleDiseaseError, ImportError):
    """An optional library is needed; the message says which extra installs it."""


_MOST_LISTED = 64
"""So many names are listed where none resembles: the diseases of the catalogue, not the people of a registry."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Say which known names resemble ``word``, or list them if none does, many of them in part.

    >>> did_you_mean("hypertensoin", ["hypertension", "type2-diabetes"])
    'did you mean hypertension?'
    >>> did_you_mean("exclud", ["exclude", "keep", "exclude"])
    'did you mean exclude?'
    >>> did_you_mean("慢阻肺", ["高血压", "慢性阻塞性肺疾病"])
    'did you mean 慢性阻塞性肺疾病?'
    """
    names = sorted(set(known))
    close = difflib.get_close_matches(word, names, n=3, cutoff=0.6) or _written_short(word, names)
    if close:
        return f"did you mean {' or '.join(close)}?"
    if not names:
        return "none is known"
    more = f" … ({len(names)} in all)" if len(names) > _MOST_LISTED else ""
    return f"known: {', '.join(names[:_MOST_LISTED])}{more}"


def _written_short(word: str, names: Iterable[str]) -> list[str]:
    """Give the few names that hold the letters of a word, three or more, in their order and begin with the first."""
    found = [name for name in names if word[:1] == name[:1] and _holds_in_order(name, word)]
    return found if len(word) >= _LETTERS and len(found) <= _FEW else []


def _holds_in_order(name: str, word: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in word)


_LETTERS, _FEW = 3, 3


def require_kind(value: object, *kinds: type, way: str, named: str = "") -> None:
    """Refuse a value that is of none of some kinds: a log where a scorecard is needed, arguments in another order.

    ``named`` is what the argument is called.

    Raises
    ------
    UsageError
        Naming what was expected, what was given, and the way out.

    >>> require_kind("2024", int, way="len(…)")
    Traceback (most recent call last):
    singledisease.errors.UsageError: 须传入 int，而非 str：len(…) / expected int, got str: len(…)
    """
    if not isinstance(value, kinds):
        names, given = [kind.__name__ for kind in kinds], type(value).__name__
        zh, en = (f"{named} 须为", f"{named} has to be") if named else ("须传入", "expected")
        raise UsageError(
            f"{zh} {' 或 '.join(names)}，而非 {given}：{way} / {en} {' or '.join(names)}, got {given}: {way}"
        )


def require_each(values: Any, *kinds: type, way: str, named: str) -> tuple[Any, ...]:
    """Give some values as a tuple, each of one of some kinds; a text is no row of values.

    Raises
    ------
    UsageError
        If they are no row of values, or one of them is of another kind: naming the argument, what was expected, and
        what was given.

    >>> require_each([1, "2"], int, way="sum_of(n)", named="n")
    Traceback (most recent call last):
    singledisease.errors.UsageError: n[1] 须为 int，而非 str：sum_of(n) / n[1] has to be int, got str: sum_of(n)
    """
    if isinstance(values, str | Mapping):
        require_kind(values, list, tuple, way=way, named=named)
    require_kind(values, Iterable, way=way, named=named)
    listed = tuple(values)
    for i, value in enumerate(listed):
        require_kind(value, *kinds, way=way, named=f"{named}[{i}]")
    return listed
