"""The diseases that come with the library: one TOML file each, read when it is first asked for, and once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from singledisease.definitions.disease import Disease
from singledisease.errors import UsageError, did_you_mean
from singledisease.io.definitions import read_disease_text
from singledisease.io.definitions.excerpt import excerpt
from singledisease.io.definitions.library import fragment_ids, fragment_text
from singledisease.io.measures import read_measures_text
from singledisease.io.measures.build import AnyMeasure
from singledisease.vocabulary import Quantity

_SUFFIX = ".toml"


def _folder(name: str = "diseases") -> Traversable:
    return resources.files(__package__).joinpath(name)


@cache
def disease_ids() -> tuple[str, ...]:
    """Give the ids of the diseases of the catalogue; none of them is read.

    >>> "hypertension" in disease_ids()
    True
    """
    return tuple(name.removesuffix(_SUFFIX) for name in _files(_folder()))


def _files(folder: Traversable) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if file.name.endswith(_SUFFIX)) if folder.is_dir() else []


@cache
def disease(name: str) -> Disease:
    """Give a disease of the catalogue by id.

    Raises
    ------
    UsageError
        If there is none of that id.

    >>> disease("hypertension").names.zh
    '高血压'
    """
    if name not in disease_ids():
        raise UsageError(f"the catalogue has no disease {name!r}; {did_you_mean(name, disease_ids())}")
    # What is shipped was checked before: a test holds every file to every check.
    return read_disease_text(disease_text(name), f"{name}{_SUFFIX}", check_it=False)


def disease_text(name: str) -> str:
    """Give the TOML text of a disease of the catalogue."""
    return _folder().joinpath(f"{name}{_SUFFIX}").read_text("utf-8")


def disease_head(name: str) -> Mapping[str, Any]:
    """Give what stands before the first table of a disease's file: id, version, codes, group; the rest is not read."""
    lines = disease_text(name).splitlines()
    first = next((i for i, line in enumerate(lines) if line.startswith("[")), len(lines))
    return tomllib.loads("\n".join(lines[:first]))


class ShippedDiseases(Mapping[str, Disease]):
    """The diseases of the catalogue by id: to go through the ids reads none, to take one reads that one.

    >>> diseases = ShippedDiseases()
    >>> "type2-diabetes" in diseases, diseases["type2-diabetes"].names.zh
    (True, '2型糖尿病')
    """

    def __getitem__(self, name: str) -> Disease:
        if name not in disease_ids():
            raise KeyError(name)
        return disease(name)

    def __contains__(self, name: object) -> bool:
        return name in disease_ids()

    def __iter__(self) -> Iterator[str]:
        return iter(disease_ids())

    def __len__(self) -> int:
        return len(disease_ids())

    def __repr__(self) -> str:
        return f"<the {len(self)} diseases of the catalogue: {', '.join(self)}>"


@cache
def quantities() -> tuple[Quantity, ...]:
    """Give the quantities that the diseases of the catalogue declare beyond the built-in ones.

    Of each file, those of fragments included, only that table is read: a registry can be read without any disease.
    """
    texts = (*map(disease_text, disease_ids()), *map(fragment_text, fragment_ids()))
    found = (excerpt(text, ["quantities"]).get("quantities", {}) for text in texts)
    return tuple(dict.fromkeys(Quantity(name, **shape) for tables in found for name, shape in tables.items()))


# MEASURES IN FILES


def measures_of_files(folder: str, diseases: Iterable[Disease]) -> tuple[AnyMeasure, ...]:
    """Give the measures of every TOML file in a folder of the catalogue, such as ``sets/cn-county``, by file name."""
    chosen, where = tuple(diseases), _folder(folder)
    texts = {name: where.joinpath(name).read_text("utf-8") for name in _files(where)}
    files = (read_measures_text(text, chosen, name, quantities()) for name, text in texts.items())
    return tuple(measure for file in files for measure in file.measures)


def indicators(disease: Disease) -> tuple[AnyMeasure, ...]:
    """Give the measures that a disease of the catalogue has of its own, beside those that every disease has."""
    name = f"{disease.id}{_SUFFIX}"
    file = _folder("indicators").joinpath(name)
    return read_measures_text(file.read_text("utf-8"), (disease,), name).measures if file.is_file() else ()
