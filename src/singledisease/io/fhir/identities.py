"""Which keys are the same person, and the same institution: by id, by what a bundle calls them, by identifier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.io.fhir.collecting import NumberedTexts
from singledisease.io.fhir.files import resources
from singledisease.io.fhir.intake import Intake
from singledisease.io.fhir.options import FhirOptions
from singledisease.io.fhir.people import other_names
from singledisease.io.fhir.references import BY_IDENTIFIER, own_key
from singledisease.io.fhir.said import Resource


@frozen(eq=False)
class Identities:
    """For each key who, or which institution, it is.

    Attributes
    ----------
    number
        int32 by key: a number into ``texts``; 0 is nobody.
    texts
        What they are called.
    replaced
        Keys of persons in whose place others came.
    """

    number: NDArray[np.int32]
    texts: tuple[str, ...]
    replaced: frozenset[str] = frozenset()


def people_of(intake: Intake, files: Sequence[Path]) -> Identities:
    """Tell who each key of a person is; of one that is nobody's the key itself stays, to be refused and shown."""
    own = {row["_key"]: row.get("patient_id", "") for row in intake.patients.rows() if "_key" in row}
    others = dict(intake.other_people)
    if any(key.startswith(BY_IDENTIFIER) for key in intake.people):
        others = _by_identifier(files, intake.options) | others
    replaced = {key for key in intake.replaced if key in own and _newest(key, intake.replaced) in own}
    called = NumberedTexts()
    numbers = []
    for key in intake.people:
        known = key if key in own else others.get(key, key)
        newest = _newest(known, intake.replaced) if known in replaced else known
        numbers.append(called[own.get(newest, key)])
    return Identities(np.array(numbers, np.int32), called.texts(), frozenset(replaced))


def _newest(key: str, replaced: Mapping[str, str]) -> str:
    """Follow those who took a person's place; a circle ends where it began."""
    seen = {key}
    while (newer := replaced.get(key, "")) and newer not in seen:
        key = newer
        seen.add(key)
    return key


def _by_identifier(files: Sequence[Path], options: FhirOptions) -> dict[str, str]:
    """Go through the patients once more for their identifiers; one that two of them have is nobody's."""
    found: dict[str, set[str]] = {}
    for one in resources(files):
        if one.body is not None and one.body["resourceType"] == "Patient":
            key = own_key(one.body, one.full_url)
            for name in other_names(Resource("Patient", key, one.body, options), ""):
                found.setdefault(name, set()).add(key)
    return {name: keys.pop() for name, keys in found.items() if len(keys) == 1}


def institutions_of(intake: Intake) -> Identities:
    """Tell which institution each key is; an identifier that no organization has is taken as it is."""
    own = {row["institution"] for row in intake.institutions.rows() if "institution" in row}
    called = NumberedTexts()
    numbers = []
    for key in intake.places:
        known = key if key in own else intake.other_places.get(key, key)
        numbers.append(called[known.rpartition("|")[2] if known.startswith(BY_IDENTIFIER) else known])
    return Identities(np.array(numbers, np.int32), called.texts())
