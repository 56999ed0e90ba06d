"""Checks of what conditions name of a disease beside states and parameters: code sets, tiers and their levels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from singledisease.definitions.checks.expression_sites import places
from singledisease.definitions.checks.references import missing
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve.write_out import OWN_CODES
from singledisease.definitions.typed_column import TypedColumn
from singledisease.errors import Fault
from singledisease.language import nodes as n
from singledisease.language.format import write
from singledisease.language.traversal import holds_none, inside
from singledisease.vocabulary import INSTITUTION_COLUMNS, PERSON_COLUMNS

_NAMED = frozenset({n.CodesOf, n.TierOn, n.TierDuring, n.Attribute, n.Institution})
_BUILT_IN = (*PERSON_COLUMNS, *INSTITUTION_COLUMNS)


def unknown_named_parts(disease: Disease) -> Iterator[Fault]:
    """Find code sets, tiers and levels that are named but not declared, and columns declared as something else."""
    for place in places(disease):
        yield from wrong_named_parts(place.where, place.node, [disease])
        for part in inside(place.node):
            match part:
                case n.CodesOf(owner, name) if owner != disease.id:
                    hint = "declare a code set of this disease"
                    yield Fault("unknown_code_set", place.where, f"{name!r} belongs to {owner}", hint)
                case n.TierOn(owner, name) | n.TierDuring(owner, name) if owner != disease.id:
                    hint = "declare a tier of this disease"
                    yield Fault("unknown_tier", place.where, f"{name!r} belongs to {owner}", hint)


def wrong_named_parts(where: str, node: Any, diseases: Iterable[Disease]) -> Iterator[Fault]:
    """Find the same in any expression that may name parts of some diseases."""
    if holds_none(node, _NAMED):
        return
    known = {disease.id: disease for disease in diseases}
    for part in inside(node):
        match part:
            case n.CodesOf(owner, name) if owner in known:
                names = [*(code_set.name for code_set in known[owner].code_sets), OWN_CODES]
                yield from missing("unknown_code_set", where, f"code set of {owner}", [name], names)
            case n.TierDuring(owner, tier, levels) if owner in known:
                yield from _wrong_levels(where, known[owner], tier, levels)
            case n.Apply("worst", args, order):
                yield from _levels_without_place(where, args, order, known)
            case n.TierOn(owner, tier) if owner in known:
                yield from _wrong_levels(where, known[owner], tier, ())
            case n.Apply("is_in", (n.TierOn(owner, tier),), levels) if owner in known:
                yield from _wrong_levels(where, known[owner], tier, levels)
            case n.Apply("==" | "!=", (n.TierOn(owner, tier), n.Literal(level, "text"))) | n.Apply(
                "==" | "!=", (n.Literal(level, "text"), n.TierOn(owner, tier))
            ) if owner in known:
                yield from _wrong_levels(where, known[owner], tier, (str(level),))
            case n.Attribute(name) | n.Institution(name) if name not in _BUILT_IN:
                yield from _wrong_column(where, part, known.values())


def _wrong_levels(where: str, disease: Disease, tier: str, levels: Iterable[str]) -> Iterator[Fault]:
    tiers = {each.id: [level.id for level in each.levels] for each in disease.tiers}
    yield from missing("unknown_tier", where, f"tier of {disease.id}", [tier], tiers)
    if tier in tiers:
        yield from missing("unknown_level", where, f"level of {disease.id}.{tier}", levels, tiers[tier])


def _levels_without_place(
    where: str, args: Iterable[Any], order: tuple[str, ...], known: Mapping[str, Disease]
) -> Iterator[Fault]:
    """Find levels of joined tiers that the order does not name: whoever stands in one would not be counted as such."""
    for arg in args:
        if isinstance(arg, n.TierOn) and arg.disease in known:
            found = [each for each in known[arg.disease].tiers if each.id == arg.tier]
            levels = [level.id for each in found for level in each.levels]
            yield from missing("unknown_level", where, f"level of the order of {arg.disease}.{arg.tier}", levels, order)


def _wrong_column(where: str, node: n.Attribute | n.Institution, diseases: Iterable[Disease]) -> Iterator[Fault]:
    """Find columns of people and institutions whose kind or unit is not the declared one; others may be any."""
    for disease in diseases:
        for column in disease.attributes if isinstance(node, n.Attribute) else disease.institution_columns:
            if column.name == node.name and (column.kind, column.unit) != (node.kind, node.unit):
                hint = f"{disease.id} declares it: {_declared(column)}"
                message = f"{column.name!r} is declared as a {column.kind}{f' in {column.unit}' if column.unit else ''}"
                yield Fault("column_differs", f"{where}, {write(node)}", message, hint)


def _declared(column: TypedColumn) -> str:
    return f'"{column.name}", "{column.kind}"' + (f', "{column.unit}"' if column.unit else "")
