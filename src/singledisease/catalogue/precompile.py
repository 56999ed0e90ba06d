"""Reading the catalogue beforehand, for all who use it: ``python -m singledisease.catalogue.precompile``.

Every disease is read, checked and resolved, and so are the measures that each of them has.  What is written is read by
``precompiled``; a test holds it equal to what the TOML files say.
"""

from __future__ import annotations

import shutil
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from singledisease.catalogue import definitions
from singledisease.catalogue.frozen_pickle import to_bytes
from singledisease.catalogue.precompiled import FOLDER, RESOLVED, WRITTEN, WithMemory
from singledisease.catalogue.shipped import (
    disease_ids,
    disease_text,
    file_of_disease,
    file_of_head,
    read_again,
    read_head,
)
from singledisease.catalogue.single_disease import file_of_measures, make_measures
from singledisease.definitions.aggregate import Countable
from singledisease.definitions.checks import check_measure, sound
from singledisease.definitions.disease import Disease, services_lead
from singledisease.definitions.resolve import resolve, resolve_disease
from singledisease.errors import DefinitionError
from singledisease.io.definitions.library import fragment_ids, fragment_text
from singledisease.io.whole_files import whole_file
from singledisease.language.node_memory import Memoized, memory_of


def precompile(folder: Path = FOLDER, ids: Iterable[str] | None = None) -> None:
    """Write what is read of diseases, of all in the catalogue if none are named, into a folder, anew.

    Raises
    ------
    DefinitionError
        If a disease or a measure is not sound.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    texts = {fragment_text(name): name for name in fragment_ids()}
    for id in disease_ids() if ids is None else ids:
        disease = sound(read_again(id))
        measures = make_measures(disease)
        _find_out(disease, measures)
        head = read_head(disease_text(id))
        about = {WRITTEN: disease, RESOLVED: resolve_disease(disease, {})}
        made = {
            file_of_head(id): _pickled([head], {}, texts),
            file_of_disease(id): _pickled([disease], {}, texts),
            file_of_measures(id): _pickled(measures, about, texts),
        }
        for name, content in made.items():
            # Half a file would be taken for the whole, whose name says what is in it.
            with whole_file(folder / name) as partial:
                partial.write_bytes(content)


def _find_out(disease: Disease, measures: Iterable[Any]) -> None:
    """Ask what every evaluation asks first; the answers are remembered in the disease and its measures."""
    known = ChainMap({disease.id: disease}, definitions())  # type: ignore[arg-type]
    services_lead(resolve_disease(disease, {}))
    for measure in measures:
        if isinstance(measure, Countable):
            faults = check_measure(measure, known)
            if faults:
                raise DefinitionError(f"{measure.id} is not sound", faults)
            resolve(measure, known, {})


def _pickled(values: Iterable[Any], diseases: Mapping[str, Disease], texts: Mapping[str, str]) -> bytes:
    """Write values with what was found out about them; the diseases they are about, and fragments, by name."""
    listed = tuple(values)
    found_out = tuple(dict(memory_of(value)) if isinstance(value, Memoized) else {} for value in listed)
    names = {id(disease): name for name, disease in diseases.items()}

    def named(value: Any) -> str | None:
        return texts.get(value) if isinstance(value, str) else names.get(id(value))

    written = (each for each in listed if isinstance(each, Disease))
    at_once = [*((each, _OF_EACH) for each in written), *((each, _OF_WALKED) for each in _resolved(found_out))]
    eager = {id(each): fields for each, fields in at_once}
    return to_bytes(WithMemory(listed, found_out), named, eager)


_OF_EACH: tuple[str, ...] = ("id", "version", "names", "codes", "shared_codes", "group", "quantities")
"""Fields that are asked of every disease that measures name."""

_OF_WALKED = (*_OF_EACH, "pathway")
"""Fields that are asked of a resolved disease to walk it."""


def _resolved(found_out: Iterable[Mapping[Any, Mapping[Any, Any]]]) -> Iterator[Disease]:
    """Give the diseases among what was found out."""
    for answers in (answers for each in found_out for answers in each.values()):
        yield from (answer for answer in answers.values() if isinstance(answer, Disease))


if __name__ == "__main__":
    precompile()
