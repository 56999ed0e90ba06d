"""Reading the catalogue beforehand, for all who use it: ``python -m singledisease.catalogue.precompile``.

Every disease is read, checked and resolved, and so are the measures that each of them has.  What is written is read by
``precompiled``; a test holds it equal to what the TOML files say.
"""

from __future__ import annotations

import pickle
import shutil
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from singledisease.catalogue import definitions
from singledisease.catalogue.precompiled import FOLDER, RESOLVED, WRITTEN, Kept
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
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import Resolved, resolve, resolve_disease
from singledisease.errors import DefinitionError
from singledisease.io.definitions.library import fragment_ids, fragment_text
from singledisease.io.whole_files import whole_file
from singledisease.language.node_memory import Memoized, memory_of
from singledisease.language.traversal import inside, kinds_inside


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
    resolve_disease(disease, {})
    for measure in measures:
        if isinstance(measure, Countable):
            faults = check_measure(measure, known)
            if faults:
                raise DefinitionError(f"{measure.id} is not sound", faults)
            resolve(measure, known, {})


def _pickled(values: Iterable[Any], diseases: Mapping[str, Disease], texts: Mapping[str, str]) -> bytes:
    """Pickle values with what was found out about them."""
    written = BytesIO()
    listed = tuple(values)
    found_out = tuple(memory_of(value) if isinstance(value, Memoized) else {} for value in listed)
    _Pickler(written, diseases, texts).dump(Kept(listed, found_out, _kinds_in(listed, found_out, diseases)))
    return written.getvalue()


def _kinds_in(values: Iterable[Any], found_out: Iterable[Any], diseases: Mapping[str, Disease]) -> Any:
    """Give the nodes of what is written, by the kinds of all that is inside each."""
    apart = {id(part) for disease in diseases.values() for part in inside(disease)}
    found = {id(node): node for root in (*values, *_answers(found_out)) for node in inside(root)}
    grouped: dict[frozenset[type], list[Any]] = {}
    for name, node in found.items():
        if isinstance(node, Memoized) and name not in apart:
            grouped.setdefault(kinds_inside(node), []).append(node)
    return tuple((kinds, tuple(nodes)) for kinds, nodes in grouped.items())


def _answers(found_out: Iterable[Any]) -> Iterator[Any]:
    """Give the diseases and measures among what was found out."""
    for answers in (answers for each in found_out for answers in each.values()):
        for answer in answers.values():
            if isinstance(answer, Disease):
                yield answer
            elif isinstance(answer, Resolved):
                yield answer.measure


class _Pickler(pickle.Pickler):
    """Names the diseases that measures are about, and the texts of fragments, rather than write them again."""

    def __init__(self, file: BytesIO, diseases: Mapping[str, Disease], texts: Mapping[str, str]) -> None:
        super().__init__(file, protocol=5)
        self._names = {id(disease): name for name, disease in diseases.items()}
        self._texts = texts

    def persistent_id(self, obj: Any) -> str | None:
        return self._texts.get(obj) if isinstance(obj, str) else self._names.get(id(obj))


if __name__ == "__main__":
    precompile()
