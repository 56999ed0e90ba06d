"""How words are compared that are written by hand: one form for all spellings, and which known word comes near."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping

_BETWEEN = str.maketrans("", "", " _-\u3000\t")
NEAR = 0.75
"""How alike two words must be for one to be likely a slip for the other (a ratio of ``difflib``)."""


def folded(word: str) -> str:
    """Give the form in which words are compared: letter case, width, blanks, ``_`` and ``-`` make no difference.

    >>> folded("Follow-Up"), folded("ＳＢＰ"), folded("entered_in_error")
    ('followup', 'sbp', 'enteredinerror')
    """
    return unicodedata.normalize("NFKC", word).casefold().translate(_BETWEEN)


def meant_by(word: str, known: Iterable[str], aliases: Mapping[str, str] | None = None) -> str | None:
    """Give the known word that a word was probably meant for, ``None`` if it is known or none comes near.

    Parameters
    ----------
    word
        As it was written.
    known
        The words that mean something.
    aliases
        Other spellings, folded, each with the known word that it stands for.

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
    return found or _nearest(form, by_form, NEAR)


def _nearest(form: str, by_form: Mapping[str, str], cutoff: float) -> str | None:
    # Numbers tell things apart: type 1 diabetes is no slip for type 2.
    alike = [one for one in by_form if _digits(one) == _digits(form)]
    near = difflib.get_close_matches(form, alike, n=1, cutoff=cutoff)
    return by_form[near[0]] if near else None


def _digits(form: str) -> str:
    return "".join(letter for letter in form if letter.isdigit())


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
