"""Which diseases of the catalogue a code leads to, and which share one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from singledisease.catalogue.shipped import disease_head, disease_ids
from singledisease.definitions.disease import Disease
from singledisease.definitions.normal_code import normal_code
from singledisease.errors import UsageError

__all__ = ["codes_shared", "diseases_of_code"]


def diseases_of_code(code: str) -> tuple[str, ...]:
    """Give the ids of the diseases of the catalogue that a code belongs to, the most specific first.

    A disease has a code if the code begins with one of the disease's, with or without its point.

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
    found = [(-len(prefix), name) for prefix, name in _prefixes() if wanted.startswith(normal_code(prefix))]
    return tuple(dict.fromkeys(name for _, name in sorted(found)))


def codes_shared(disease: Disease) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the codes of a disease that lead to others of the catalogue too, each with the ids of those.

    >>> from singledisease.catalogue import disease
    >>> dict(codes_shared(disease("diabetic-kidney-disease")))["E11.2"]
    ('type2-diabetes',)
    """
    for code in disease.codes:
        claimed = (
            name
            for prefix, name in _prefixes()
            if name != disease.id and (prefix.startswith(code) or code.startswith(prefix))
        )
        others = tuple(dict.fromkeys(claimed))
        if others:
            yield code, others


@cache
def _prefixes() -> tuple[tuple[str, str], ...]:
    heads = ((name, disease_head(name)) for name in disease_ids())
    return tuple((prefix, name) for name, head in heads for prefix in head.codes)
