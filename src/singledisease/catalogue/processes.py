"""What passes between institutions, as pathways that are of no disease: one TOML file each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from singledisease.catalogue.shipped import disease, disease_ids
from singledisease.definitions.disease import Disease
from singledisease.errors import UsageError, did_you_mean
from singledisease.io.definitions import read_disease_text

_SUFFIX = ".toml"


def _folder() -> Traversable:
    return resources.files(__package__).joinpath("processes")


@cache
def process_ids() -> tuple[str, ...]:
    """Give the ids of the processes that come with the library; none of them is read.

    >>> "referral" in process_ids()
    True
    """
    files = (file.name for file in _folder().iterdir() if file.name.endswith(_SUFFIX))
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in files))


@cache
def process(name: str) -> Disease:
    """Give a process of the catalogue by id: its pathway, deadlines and roles, in the shape of a disease.

    Raises
    ------
    UsageError
        If there is none of that id.

    >>> process("referral").names.zh
    '双向转诊'
    """
    if name not in process_ids():
        raise UsageError(f"the catalogue has no process {name!r}; {did_you_mean(name, process_ids())}")
    text = _folder().joinpath(f"{name}{_SUFFIX}").read_text("utf-8")
    # What is shipped was checked before: a test holds every file to every check.
    return read_disease_text(text, f"{name}{_SUFFIX}", check_it=False)


def definition(name: str) -> Disease:
    """Give a disease or a process of the catalogue by id; raises ``UsageError`` if there is neither."""
    if name in disease_ids() or name not in process_ids():
        return disease(name)
    return process(name)


class ShippedProcesses(Mapping[str, Disease]):
    """The processes of the catalogue by id: to go through the ids reads none, to take one reads that one."""

    def __getitem__(self, name: str) -> Disease:
        if name not in process_ids():
            raise KeyError(name)
        return process(name)

    def __iter__(self) -> Iterator[str]:
        return iter(process_ids())

    def __len__(self) -> int:
        return len(process_ids())
