"""What a word of a measure was probably meant for, by what the log holds and by other usual names."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from singledisease.aliases import CODE_ALIASES, DISEASE_ALIASES, PERSON_ALIASES
from singledisease.spelling import meant_by
from singledisease.vocabulary import EXIT_REASONS, KIND_ALIASES, KINDS, PERSON_COLUMNS


def meant_kind(kind: str, held: Collection[str]) -> str:
    """Give the kind of event that was meant; blank if the word is one, or comes near none.

    >>> meant_kind("随访", []), meant_kind("home_oxigen", ["home_oxygen"]), meant_kind("checkup", [])
    ('follow_up', 'home_oxygen', '')
    """
    return meant_by(kind, [*KINDS, *held], KIND_ALIASES, loosely=True) or ""


def meant_word(column: str, word: str, held: Collection[str], diseases: Mapping[str, str] | None = None) -> str:
    """Give the word of a column that was meant; blank if it comes near none.

    ``diseases``: ids by other names, folded, beside the usual ones.

    >>> meant_word("reason", "dead", []), meant_word("disease", "高血压病", ["hypertension"])
    ('died', 'hypertension')
    """
    known = [*held, *(EXIT_REASONS if column == "reason" else ())]
    aliases = {**DISEASE_ALIASES, **(diseases or {})} if column == "disease" else CODE_ALIASES.get(column)
    return meant_by(word, known, aliases) or ""


def meant_attribute(name: str, held: Collection[str]) -> str:
    """Give the column of people that was meant.

    >>> meant_attribute("gender", []), meant_attribute("regoin", ["region"]), meant_attribute("smoker", [])
    ('sex', 'region', '')
    """
    return meant_by(name, [*PERSON_COLUMNS, *held], PERSON_ALIASES) or ""
