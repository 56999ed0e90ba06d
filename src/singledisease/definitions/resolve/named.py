"""Which diseases a definition names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from singledisease.aliases import DISEASE_ALIASES
from singledisease.definitions.aggregate import Countable, Distribution, Ratio
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import Measure
from singledisease.errors import Fault, did_you_mean
from singledisease.language import nodes as n
from singledisease.language.node_memory import remembered
from singledisease.language.traversal import inside
from singledisease.spelling import folded, suggestion

_NAMING = (
    n.Breaches,
    n.Spells,
    n.Services,
    n.Sequences,
    n.Concerns,
    n.Status,
    n.TierOn,
    n.TierDuring,
    n.ParameterOf,
    n.CodesOf,
    Measure,
    Ratio,
    Distribution,
)


def diseases_in(node: Any) -> tuple[str, ...]:
    """Give the ids of the diseases that an expression or a measure names, in order of first mention."""
    return _diseases_in_measure(node) if isinstance(node, Measure | Ratio | Distribution) else _diseases_in(node)


def _diseases_in(node: Any) -> tuple[str, ...]:
    named = (part.disease for part in inside(node, *_NAMING))
    return tuple(dict.fromkeys(disease for disease in named if disease))


_diseases_in_measure = remembered(_diseases_in)


def named_diseases(measure: Countable | n.Value, diseases: Mapping[str, Disease]) -> tuple[Disease, ...]:
    """Give those of the diseases that a measure or an expression names."""
    return tuple(diseases[name] for name in diseases_in(measure) if name in diseases)


def unknown_diseases(node: Any, diseases: Mapping[str, Disease]) -> list[Fault]:
    """Give a fault for each disease that is named and not there."""
    unknown = [name for name in diseases_beside_codes(node) if name not in diseases]
    called = names_of(diseases) if unknown else {}
    return [
        *codes_not_given(node, diseases),
        *(
            Fault("unknown_disease", name, f"no disease is called {name!r}", suggestion(name, diseases, called))
            for name in unknown
        ),
    ]


def names_of(diseases: Mapping[str, Disease]) -> Mapping[str, str]:
    """Give the ids of diseases by what they are called, folded: every one is looked at, which may read it."""
    named = {folded(name): id for id, one in diseases.items() for name in (one.names.zh, one.names.en)}
    return {**DISEASE_ALIASES, **named}


def codes_not_given(node: Any, diseases: Mapping[str, Disease]) -> Iterator[Fault]:
    """Give a fault for each code set that is named as one of a set of measures, and was not given."""
    for part in dict.fromkeys(inside(node, n.CodesOf)):
        if part.disease and part.disease not in diseases:
            name = f"{part.disease}.{part.name}"
            near = did_you_mean(part.disease, diseases)
            if near.startswith("did you mean"):
                yield Fault("unknown_disease", name, f"no disease is called {part.disease!r}", near)
                continue
            message = f"no code set of this name was given, and no disease is called {part.disease!r}"
            hint = f'sd.measures("{part.disease}", code_sets=sd.read_code_sets("valuesets.csv")), or --code-sets'
            yield Fault("missing_code_set", name, message, hint)


def diseases_beside_codes(node: Any) -> tuple[str, ...]:
    """Give the ids of the diseases that are named otherwise than as the owner of a code set."""
    owners = {part.disease for part in inside(node, n.CodesOf)}
    if not owners:
        return diseases_in(node)
    others = tuple(kind for kind in _NAMING if kind not in (n.CodesOf, Measure, Ratio, Distribution))
    named = {part.disease for part in inside(node, *others)}
    return tuple(name for name in diseases_in(node) if name not in owners or name in named)
