"""By what people are called in the files of an export, and how all of them come to call them alike."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from singledisease.io.inspect.column_guess import SURE, Guess
from singledisease.io.inspect.profile import Looked


def agreed(looked: Sequence[Looked]) -> tuple[Looked, ...]:
    """Let all files call people by one identifier: the record number if each has it, otherwise the identity number.

    Where some have one and some the other, a file calls people by what it has; the table of people joins the two.
    """
    naming = [one for one in looked if one.role and one.role.table != "institutions"]
    if all(one.column("patient_id") for one in naming):
        return tuple(looked)
    everywhere = all(one.id_number and not one.broken_ids for one in naming)
    return tuple(
        _by_number(one) if one.id_number and (everywhere or not one.column("patient_id")) else one for one in looked
    )


def _by_number(one: Looked) -> Looked:
    others = {name: guess for name, guess in one.guesses.items() if guess.name != "patient_id"}
    return evolve(one, guesses={one.id_number: Guess("patient_id", SURE), **others})


def have_common(looked: Sequence[Looked]) -> bool:
    """Tell whether the people of all files can be brought together."""
    naming = [one for one in looked if one.role and one.role.table != "institutions"]
    kinds = {one.column("patient_id") == one.id_number for one in naming if one.column("patient_id")}
    return len(kinds) < 2 or any(joins(one) for one in naming)


def joins(one: Looked) -> bool:
    """Tell whether a table of people has both numbers."""
    known = one.role is not None and one.role.table == "patients" and one.column("patient_id")
    return bool(known) and bool(one.id_number) and not one.broken_ids and one.column("patient_id") != one.id_number
