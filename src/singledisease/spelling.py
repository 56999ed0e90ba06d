"""How words are compared that are written by hand: one form for all spellings, and which known word comes near."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping

from singledisease.errors import did_you_mean

_BETWEEN = str.maketrans("", "", " _-\u3000\t")
NEAR = 0.75
"""How alike two words must be for one to be likely a slip for the other (a ratio of ``difflib``)."""


def folded(word: str) -> str:
    """Give the form in which words are compared: letter case, width, blanks, ``_`` and ``-`` make no difference.

    >>> folded("Follow-Up"), folded("ＳＢＰ"), folded("entered_in_error")
    ('followup', 'sbp', 'enteredinerror')
    """
    return unicodedata.normalize("NFKC", word).casefold().translate(_BETWEEN)


def meant_by(
    word: str, known: Iterable[str], aliases: Mapping[str, str] | None = None, *, loosely: bool = False
) -> str | None:
    """Give the known word that a word was probably meant for, ``None`` if it is known or none comes near.

    Parameters
    ----------
    word
        As it was written.
    known
        The words that mean something.
    aliases
        Other spellings, folded, each with the known word that it stands for.
    loosely
        Whether a word may also come near another spelling: 随防 near 随访, which is a follow_up.

    >>> meant_by("enrollment", ["enrolment", "exit"]), meant_by("SBP", ["sbp"]), meant_by("bowling", ["exit"])
    ('enrolment', 'sbp', None)
    >>> meant_by("type1-diabetes", ["type2-diabetes"]) is None
    True
    """
    names = list(known)
    if word in names:
        return None
    form = folded(word)
    by_form = {folded(name): name for name in names}
    found = by_form.get(form) or (aliases or {}).get(form)
    found = found or _nearest(form, by_form, NEAR)
    if found is None and loosely:
        called = aliases or {}
        found = _nearest(form, called, NEAR) or next((called[one] for one in called if _one_character(form, one)), None)
    return found


def _nearest(form: str, by_form: Mapping[str, str], cutoff: float) -> str | None:
    # Numbers tell things apart: type 1 diabetes is no slip for type 2.
    alike = [one for one in by_form if _digits(one) == _digits(form)]
    near = difflib.get_close_matches(form, alike, n=1, cutoff=cutoff) or [one for one in alike if _swapped(form, one)]
    return by_form[near[0]] if near else None


def _swapped(form: str, other: str) -> bool:
    """Tell whether two letters have changed places: by the share of letters, ``spb`` and ``sbp`` are not alike."""
    apart = _apart(form, other)
    return (
        len(apart) == 2
        and apart[1] == apart[0] + 1
        and form[apart[0]] == other[apart[1]]
        and form[apart[1]] == other[apart[0]]
    )


def _one_character(form: str, other: str) -> bool:
    """Tell whether one Chinese character is wrong: 随防 and 随访; of a name of two, that is half of it."""
    return (
        len(form) > 1 and len(_apart(form, other)) == 1 and all(letter > _BELOW_CHARACTERS for letter in form + other)
    )


_BELOW_CHARACTERS = "\u2fff"


def _apart(form: str, other: str) -> list[int]:
    """Give the places in which two words of one length differ; of words of another length none."""
    if len(form) != len(other):
        return []
    return [i for i, (one, two) in enumerate(zip(form, other, strict=True)) if one != two]


def _digits(form: str) -> str:
    return "".join(letter for letter in form if letter.isdigit())


def suggestion(word: str, known: Iterable[str], called: Mapping[str, str] | None = None) -> str:
    """Say which known word was meant, also where it was called something else, or which ones there are.

    >>> suggestion("SBP", ["sbp", "dbp"]), suggestion("门诊", ["clinic", "home"], {"门诊": "clinic"})
    ('did you mean sbp?', 'did you mean clinic?')
    """
    names = list(known)
    exact = (called or {}).get(folded(word))
    if exact is not None and exact in names:
        return f"did you mean {exact}?"
    near = did_you_mean(word, names)
    meant = None if near.startswith("did you mean") else meant_by(word, names, called)
    return near if meant is None else f"did you mean {meant}?"


def misspelt(word: str, known: Iterable[str], cutoff: float = NEAR) -> str | None:
    """Give the known word of which a word is so surely a slip that it is to be refused, ``None`` if it is none.

    Words made of a known one and more, such as ``source_id``, are names of their own.

    >>> misspelt("mood", ["mode", "source"]), misspelt("source_id", ["mode", "source"])
    ('mode', None)
    """
    names = list(known)
    if set(word.split("_")) & set(names):
        return None
    found = _nearest(folded(word), {folded(name): name for name in names}, cutoff)
    return None if found == word else found
