"""What was changed, in words short enough to be read: rows are named by their kind where they are not the point."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import evolve

from singledisease.conformance.mutations.change import Mutation
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.wording.sentences import say
from singledisease.language import nodes as n
from singledisease.language.row_sources import base_of
from singledisease.language.traversal import rewrite

_GONE = (("zh", "（去掉）", "，缺失按不成立"), ("en", "(left out)", ", missing taken for false"))
"""By language: what is gone, and what becomes of what is then missing."""


def said(change: Mutation, diseases: Iterable[Disease]) -> Names:
    """Say a change in Chinese and English: before → after."""
    before, after = change.before, change.after
    short = abridged(before), abridged(after)
    if short[0] != short[1]:
        before, after = short
    known = tuple(diseases)
    texts = []
    for language, gone, missing in _GONE:
        told = gone if after is None else say(after, language, *known)
        told += missing if change.null_column else ""
        texts.append(f"{say(before, language, *known)} → {told}")
    return Names(*texts)


def abridged(node: Any) -> Any:
    """Give an expression in which the rows that it reads are said by their kind alone."""
    if node is None or isinstance(node, n.Pick | n.Where | n.Within | n.Events):
        return node
    return rewrite(node, lambda part: evolve(part, source=base_of(part.source)), n.Pick, n.Reduce)
