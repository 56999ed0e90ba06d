"""Diseases as record systems write them: by their names, with a grade or a remark behind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from singledisease.io.mapping import code_lists
from singledisease.spelling import folded

_GRADE = re.compile(r"(?:[0-9一二三ⅰ-ⅻ]+|i{1,3}|iv)(?:级|期|度)|(?:低|中|高|很高|极高)危", re.IGNORECASE)
_BRACKET = re.compile(r"[(\[（【][^()\[\]（）【】]*[)\]）】]")


@cache
def usual_names() -> Mapping[str, str]:
    """Give the ids of diseases by their usual names, folded."""
    return {folded(name): disease for name, disease in code_lists()["diseases, by name"].values.items()}


def disease_called(text: str, diseases: Mapping[str, str]) -> str:
    """Give the disease that a text names, its grade and what stands in brackets apart; blank if it names none.

    Parameters
    ----------
    text
        As it was written.
    diseases
        Ids by names, folded.

    >>> known = {"高血压": "hypertension"}
    >>> disease_called("高血压2级（高危）", known), disease_called("妊娠期高血压", known)
    ('hypertension', '')
    """
    bare = _GRADE.sub("", _BRACKET.sub("", text)).strip(" ,，")
    return next((diseases[folded(one)] for one in (text, bare) if folded(one) in diseases), "")
