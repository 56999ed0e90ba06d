"""The diseases that come with the library: one TOML file each, read when it is first asked for, and once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from singledisease.definitions.disease import Disease
from singledisease.errors import UsageError, did_you_mean
from singledisease.io.definitions import read_disease_text
from singledisease.io.definitions.excerpt import excerpt
from singledisease.io.definitions.library import fragment_ids, fragment_text
from singledisease.vocabulary import Quantity

_SUFFIX = ".toml"


def _folder() -> Traversable:
    return resources.files(__package__).joinpath("diseases")


@cache
def disease_ids() -> tuple[str, ...]:
    """Give the ids of the diseases of the catalogue; none of them is read.

    >>> disease_ids()
    ('hypertension', 'type2-diabetes')
    """
    names = (file.name for file in _folder().iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


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


class ShippedDiseases(Mapping[str, Disease]):
    """The diseases of the catalogue by id: to go through the ids reads none, to take one reads that one.

    >>> diseases = ShippedDiseases()
    >>> list(diseases), diseases["type2-diabetes"].names.zh
    (['hypertension', 'type2-diabetes'], '2型糖尿病')
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
        return f"<the diseases of the catalogue: {', '.join(self)}>"


@cache
def quantities() -> tuple[Quantity, ...]:
    """Give the quantities that the diseases of the catalogue declare beyond the built-in ones.

    Of each file, those of fragments included, only that table is read: a registry can be read without any disease.
    """
    texts = (*map(disease_text, disease_ids()), *map(fragment_text, fragment_ids()))
    found = (excerpt(text, ["quantities"]).get("quantities", {}) for text in texts)
    return tuple(dict.fromkeys(Quantity(name, **shape) for tables in found for name, shape in tables.items()))
