"""Foreign codes: found by the whole cell, by its number, or by its words, as ``1``, ``门诊`` and ``1.门诊``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.errors import did_you_mean
from singledisease.eventlog.columns import Coded
from singledisease.eventlog.event import disease_tag
from singledisease.eventlog.parse_column import recoded
from singledisease.eventlog.validation_rules import EVENT_LISTS, EXIT_LIST, PERSON_LISTS, ValidationIssue
from singledisease.io.mapping.source import ANYTHING, CodeList
from singledisease.vocabulary import KINDS

_NUMBERED = re.compile(r"(\d+)(?:\.0+)?[\s.、,:：\-—_]*(\D*)")
_SEVERAL = re.compile(r"[|,，、;；/]")
_MOST = 12
_KNOWN = {**EVENT_LISTS, **PERSON_LISTS, **EXIT_LIST, "kind": KINDS}


@frozen(eq=False)
class Recoded:
    """A column with its codes as they are called here, and where a code is not known."""

    column: Coded
    unknown: NDArray[np.bool_]


def recode(name: str, column: Coded, codes: CodeList) -> Recoded:
    """Give a column of foreign codes under the names used here, once per distinct text."""
    texts: list[str] = []
    strange = np.zeros(len(column.categories), np.bool_)
    for i, category in enumerate(column.categories):
        text = category.strip()
        meaning = _meaning(name, text, codes) if text else ""
        strange[i] = meaning is None
        texts.append(category if meaning is None else meaning)
    return Recoded(recoded(column.codes, texts), strange[column.codes])


def _meaning(name: str, text: str, codes: CodeList) -> str | None:
    found = _one(name, text, codes)
    if found is None and name == "disease":
        parts = [_one(name, part, codes) for part in several(text)]
        found = None if None in parts else disease_tag("|".join(part for part in parts if part))
    return found


def several(text: str) -> tuple[str, ...]:
    """Give the diseases that one cell names.

    >>> several("高血压、2型糖尿病；冠心病")
    ('高血压', '2型糖尿病', '冠心病')
    """
    return tuple(part.strip() for part in _SEVERAL.split(text) if part.strip())


def _one(name: str, text: str, codes: CodeList) -> str | None:
    """Give the meaning of one code; ``None`` if it has none, or its number and its words do not agree."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for exact in (text, plain):
        if exact in codes.values:
            return _kept(text, codes.values[exact])
    meanings = {codes.values.get(key) for key in _parts(plain, codes)}
    if len(meanings) == 1 and None not in meanings:
        return _kept(text, str(meanings.pop()))
    if not meanings - {None} and (plain in codes.values.values() or plain in _KNOWN.get(name, ())):
        return plain
    other = codes.values.get(ANYTHING)
    return None if other is None or meanings - {None} else _kept(text, other)


def _kept(text: str, meaning: str) -> str:
    return text if meaning == ANYTHING else meaning


def _parts(text: str, codes: CodeList) -> Iterator[str]:
    """Give the number and the words of ``01.门诊``; the words too have to be known, unless the list has none.

    ``5 自助`` is of another list than the one that calls 5 网络.
    """
    found = _NUMBERED.fullmatch(text)
    if found is None:
        return
    number, words = found[1], found[2].strip()
    # A list of words alone does not mind how a system numbers them: 1 死亡 is 死亡, and 1 alone is nothing.
    if any(key.isdecimal() for key in codes.values):
        yield number if number in codes.values else number.lstrip("0") or "0"
    if words and any(not key.isdecimal() and key != ANYTHING for key in codes.values):
        yield words


def unmapped(source: str, name: str, text: str, codes: CodeList) -> ValidationIssue:
    """Say that a mapping does not know a code, what it knows, and where to add it."""
    known = ", ".join([key for key in codes.values if key != ANYTHING][:_MOST])
    more = " …" if len(codes.values) > _MOST else ""
    where = f"[sources.{source}.codes.{name}]"
    close = did_you_mean(text, codes.values)
    hint = f"; {close}" if close.startswith("did you mean") else ""
    return ValidationIssue(
        "unmapped_code",
        f"对照表没有此代码，请在 {where} 补充 / the mapping has no such code{hint}; add it there"
        + (f", beside {known}{more}" if known else f": {where}"),
    )
