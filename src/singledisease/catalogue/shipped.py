"""The diseases that come with the library: one TOML file each, read when it is first asked for, and once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any, NamedTuple

from singledisease.catalogue.precompiled import file_name, precompiled
from singledisease.definitions.disease import Disease
from singledisease.errors import UsageError, did_you_mean
from singledisease.io.definitions import read_disease_text
from singledisease.io.definitions.excerpt import excerpt
from singledisease.io.definitions.library import fragment_ids, fragment_text
from singledisease.io.measures import read_measures_text
from singledisease.io.measures.build import AnyMeasure
from singledisease.spelling import folded
from singledisease.vocabulary import Quantity

_SUFFIX = ".toml"


@cache
def _folder(name: str = "diseases") -> Traversable:
    return resources.files(__package__).joinpath(name)


@cache
def disease_ids() -> tuple[str, ...]:
    """Give the ids of the diseases of the catalogue; none of them is read.

    >>> "hypertension" in disease_ids()
    True
    """
    return tuple(name.removesuffix(_SUFFIX) for name in _files(_folder()))


@cache
def _set_of(ids: tuple[str, ...]) -> frozenset[str]:
    """Give ids as a set: every check of a measure asks whether a disease is there."""
    return frozenset(ids)


def _files(folder: Traversable) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if file.name.endswith(_SUFFIX)) if folder.is_dir() else []


@cache
def disease_names() -> Mapping[str, str]:
    """Give the id of each disease by its names and its id, all of them folded; only the heads of files are read."""
    found: dict[str, str] = {}
    for id in disease_ids():
        names = disease_head(id).names
        found |= {folded(name): id for name in (names["zh"], names["en"], id)}
    return MappingProxyType(found)


def disease_id(word: str) -> str | None:
    """Give the id of the disease that is called so: its id, or its name in either language; ``None``: none is.

    >>> disease_id("高血压"), disease_id("Type 2 Diabetes"), disease_id("type2-diabetes"), disease_id("hay fever")
    ('hypertension', 'type2-diabetes', 'type2-diabetes', None)
    """
    return word if word in disease_ids() else disease_names().get(folded(word))


@cache
def disease(name: str) -> Disease:
    """Give a disease of the catalogue by id or by name.

    Raises
    ------
    UsageError
        If there is none that is called so.

    >>> disease("hypertension").names.zh
    '高血压'
    >>> disease("高血压") is disease("hypertension")
    True
    """
    if name not in disease_ids():
        found = disease_id(name)
        if found is None:
            raise UsageError(f"the catalogue has no disease {name!r}; {did_you_mean(name, _called_alike(name))}")
        return disease(found)
    kept = precompiled(file_of_disease(name), fragment_text)
    return read_again(name) if kept is None else kept[0]


def read_again(name: str) -> Disease:
    """Read a disease of the catalogue from its TOML file."""
    # What is shipped was checked before: a test holds every file to every check.
    return read_disease_text(disease_text(name), f"{name}{_SUFFIX}", check_it=False)


def file_of_disease(name: str) -> str:
    """Give the name of the file in which a disease is kept as it was read beforehand."""
    return file_name("disease", name, disease_text(name))


def _called_alike(word: str) -> tuple[str, ...]:
    """Give what a word may have been meant for: ids, or Chinese names if it is written in Chinese."""
    return disease_ids() if word.isascii() else tuple(name for name in disease_names() if not name.isascii())


def disease_text(name: str) -> str:
    """Give the TOML text of a disease of the catalogue."""
    return _folder().joinpath(f"{name}{_SUFFIX}").read_text("utf-8")


class Head(NamedTuple):
    """What a catalogue tells of a disease before the disease is read: a few tables of its file."""

    codes: tuple[str, ...]
    shared_codes: tuple[str, ...]
    group: str
    names: Mapping[str, str]
    quantities: Mapping[str, Mapping[str, Any]]


@cache
def disease_head(name: str) -> Head:
    """Give what stands before the first table of a disease's file, its names and quantities; the rest is not read."""
    kept = precompiled(file_of_head(name), fragment_text)
    return read_head(disease_text(name)) if kept is None else kept[0]


def read_head(text: str) -> Head:
    """Read the head of a disease in its TOML text."""
    lines = text.splitlines()
    first = next((i for i, line in enumerate(lines) if line.startswith("[")), len(lines))
    top = tomllib.loads("\n".join(lines[:first]))
    names = top.get("names") or excerpt(text, ["names"])["names"]
    quantities = excerpt(text, ["quantities"]).get("quantities", {})
    return Head(tuple(top["codes"]), tuple(top.get("shared_codes", ())), top.get("group", ""), names, quantities)


def file_of_head(name: str) -> str:
    """Give the name of the file in which the head of a disease is kept as it was read beforehand."""
    return file_name("head", name, disease_text(name))


class ShippedDiseases(Mapping[str, Disease]):
    """The diseases of the catalogue by id: to go through the ids reads none, to take one reads that one.

    >>> diseases = ShippedDiseases()
    >>> "type2-diabetes" in diseases, diseases["type2-diabetes"].names.zh
    (True, '2型糖尿病')
    """

    def __getitem__(self, name: str) -> Disease:
        if name not in _set_of(disease_ids()):
            raise KeyError(name)
        return disease(name)

    def __contains__(self, name: object) -> bool:
        return name in _set_of(disease_ids())

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
    of_fragments = (excerpt(fragment_text(name), ["quantities"]).get("quantities", {}) for name in fragment_ids())
    found = (*(disease_head(name).quantities for name in disease_ids()), *of_fragments)
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
    text = indicators_text(disease.id)
    return read_measures_text(text, (disease,), f"{disease.id}{_SUFFIX}").measures if text else ()


def indicators_text(name: str) -> str:
    """Give the TOML text of the measures that a disease of the catalogue has of its own; blank: it has none."""
    file = _folder("indicators").joinpath(f"{name}{_SUFFIX}")
    return file.read_text("utf-8") if file.is_file() else ""
