"""Which diseases of the catalogue a code leads to."""

from __future__ import annotations

from functools import cache

from singledisease.catalogue.shipped import disease_head, disease_ids
from singledisease.errors import UsageError

__all__ = ["diseases_of_code", "normal_code"]


def normal_code(code: str) -> str:
    """Give an ICD-10 code in the form in which beginnings are compared: upper case, no blanks, no ``+`` and ``*``.

    >>> normal_code(" e11.200+ ")
    'E11.200'
    """
    return code.strip().upper().rstrip("+*")


def diseases_of_code(code: str) -> tuple[str, ...]:
    """Give the ids of the diseases of the catalogue that a code belongs to, the most specific first.

    A disease has a code if the code begins with one of the disease's.

    Raises
    ------
    UsageError
        If there is no code.

    >>> diseases_of_code("I10.x00")
    ('hypertension',)
    >>> diseases_of_code("Z99")
    ()
    """
    wanted = normal_code(code)
    if not wanted:
        raise UsageError("没有编码 / there is no code; an ICD-10 code such as E11.2")
    found = [(-len(prefix), name) for prefix, name in _prefixes() if wanted.startswith(prefix)]
    return tuple(dict.fromkeys(name for _, name in sorted(found)))


@cache
def _prefixes() -> tuple[tuple[str, str], ...]:
    heads = ((name, disease_head(name)) for name in disease_ids())
    return tuple((prefix, name) for name, head in heads for prefix in head["codes"])
