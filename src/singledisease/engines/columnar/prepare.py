"""Making expressions ready to be evaluated: once, however many parts of a registry are asked the same."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from operator import is_
from typing import Any

from attrs import evolve, field, frozen

from singledisease.definitions.disease import Disease
from singledisease.definitions.timing import Timing
from singledisease.engines.columnar.common_subexpressions import CommonSubexpressions
from singledisease.engines.columnar.scopes import with_own_columns
from singledisease.language.read_when_asked import evolved


@frozen(eq=False)
class Prepared:
    """Expressions as they are evaluated, each made ready when it is asked for, and the numbers of all inside them.

    Of sixty diseases most measures are settled by their first rule, for want of people.
    """

    nodes: tuple[Any, ...]
    common: CommonSubexpressions
    _ready: dict[int, Any] = field(factory=dict)

    def __getitem__(self, place: int) -> Any:
        """Give an expression as it is evaluated."""
        if place not in self._ready:
            self._ready[place] = with_own_columns(self.nodes[place])
        return self._ready[place]


@frozen(eq=False)
class _SameNodes:
    """Nodes as a key: the very same ones, which are asked again of each part of a registry."""

    nodes: tuple[Any, ...]

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.nodes)))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _SameNodes)
            and len(self.nodes) == len(other.nodes)
            and all(map(is_, self.nodes, other.nodes))
        )


def prepared(nodes: Iterable[Any], linked: frozenset[str] = frozenset()) -> Prepared:
    """Give nodes as they are evaluated.

    ``linked`` has the diseases of which each linked sequence has a course of its own.
    """
    return _prepared(_SameNodes(tuple(nodes)), linked)


@lru_cache(maxsize=32)
def _prepared(same: _SameNodes, linked: frozenset[str]) -> Prepared:
    return Prepared(same.nodes, CommonSubexpressions(linked))


@lru_cache(maxsize=128)
def prepared_pathway(disease: Disease, with_services: bool) -> tuple[Disease, CommonSubexpressions]:
    """Give a disease with the expressions of its pathway as they are evaluated, and the numbers of all inside them.

    Those of its services only if they are asked for: of most diseases they are not even read.
    """
    pathway = disease.pathway
    signals = tuple(_ready(signal, "when") for signal in pathway.signals)
    ready = _with(pathway, signals=signals, timings=tuple(map(_ready_timing, pathway.timings)))
    changes = {} if ready is pathway else {"pathway": ready}
    if with_services:
        services = tuple(_with(service, timing=_ready_timing(service.timing)) for service in disease.services)
        changes |= {} if _same(services, disease.services) else {"services": services}
    return evolved(disease, **changes) if changes else disease, CommonSubexpressions()


def _ready_timing(timing: Timing) -> Timing:
    made: Timing = _with(_ready(timing, "met_by"), length=_ready(timing.length, "amount"))
    return made


def _ready(part: Any, field: str) -> Any:
    """Give a part of a disease with the expression in one of its fields as it is evaluated."""
    written = getattr(part, field)
    ready = with_own_columns(written)
    return part if ready is written else evolve(part, **{field: ready})


def _with(part: Any, **values: Any) -> Any:
    """Give a part with other values in some fields; the same one if they are no others."""
    changed = {name: value for name, value in values.items() if not _same(value, getattr(part, name))}
    return evolve(part, **changed) if changed else part


def _same(value: Any, other: Any) -> bool:
    """Say whether two values, or all members of two tuples as long, are the very same."""
    if isinstance(value, tuple):
        return all(map(is_, value, other))
    return value is other
