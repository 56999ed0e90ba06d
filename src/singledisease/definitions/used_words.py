"""Which words of a registry definitions use: kinds of event, and values of columns that have no list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import field, frozen

from singledisease.definitions.aggregate import Countable
from singledisease.definitions.derived import Derived
from singledisease.definitions.disease import Disease
from singledisease.language import nodes as n
from singledisease.language.traversal import inside, parts

FREE_COLUMNS: tuple[str, ...] = ("item", "status", "role", "package")
"""Columns of events whose values are words without a list: what nothing uses may be a slip of the pen."""


def _set(words: Iterable[str]) -> frozenset[str]:
    return frozenset(words)


@frozen(kw_only=True)
class UsedWords:
    """Words that at least one definition uses.

    Attributes
    ----------
    kinds
        Kinds of event.
    items, statuses, roles, packages
        Values of ``item``, ``status``, ``role`` and ``package``.
    columns
        Columns of events, of people and of institutions.
    """

    kinds: frozenset[str] = field(default=frozenset(), converter=_set)
    items: frozenset[str] = field(default=frozenset(), converter=_set)
    statuses: frozenset[str] = field(default=frozenset(), converter=_set)
    roles: frozenset[str] = field(default=frozenset(), converter=_set)
    packages: frozenset[str] = field(default=frozenset(), converter=_set)
    columns: frozenset[str] = field(default=frozenset(), converter=_set)

    def values_of(self, column: str) -> frozenset[str]:
        """Give the values of one of ``FREE_COLUMNS``."""
        return {"item": self.items, "status": self.statuses, "role": self.roles, "package": self.packages}[column]


def used_words(definitions: Iterable[Disease | Countable | Derived]) -> UsedWords:
    """Collect the words that diseases and measures use.

    >>> from singledisease.catalogue import disease
    >>> sorted(used_words([disease("hypertension")]).kinds)[:3]
    ['admission', 'call', 'checkup']
    >>> from singledisease import column, events, Measure
    >>> asked = Measure(id="asked", numerator=events("test").where(column("item").is_in("ct", "mri")).exists())
    >>> sorted(used_words([asked]).items)
    ['ct', 'mri']
    """
    kinds: set[str] = set()
    columns: set[str] = set()
    values: dict[str, set[str]] = {name: set() for name in FREE_COLUMNS}
    for one in definitions:
        if isinstance(one, Disease):
            kinds |= set(_kinds_of(one))
            values["role"] |= {role.id for role in one.roles}
        for node in inside(one):
            if isinstance(node, n.Events):
                kinds |= set(node.kinds)
            elif isinstance(node, n.Column | n.This | n.Attribute | n.Institution):
                columns.add(node.name)
            else:
                for column, texts in _compared(node):
                    values[column] |= texts
    return UsedWords(
        kinds=kinds,
        items=values["item"],
        statuses=values["status"],
        roles=values["role"],
        packages=values["package"],
        columns=columns,
    )


def _kinds_of(disease: Disease) -> Iterator[str]:
    for signal in disease.pathway.signals:
        yield from signal.kinds
    for timing in disease.timings:
        yield from timing.kinds


def _compared(node: Any) -> Iterator[tuple[str, set[str]]]:
    """Give the texts that stand beside a column without a list in one operation."""
    beside = list(parts(node))
    texts = {part.value for part in beside if isinstance(part, n.Literal) and part.kind == "text"}
    if isinstance(node, n.Apply):
        texts |= set(node.texts)
    if texts:
        for part in beside:
            if isinstance(part, n.Column | n.This) and part.name in FREE_COLUMNS:
                yield part.name, {str(text) for text in texts}
