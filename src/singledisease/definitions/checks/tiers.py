"""Checks of what conditions name: code sets, tiers, typed columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from singledisease.code_slips import wrong_codes
from singledisease.definitions.checks.expression_sites import typed_columns
from singledisease.definitions.checks.references import missing
from singledisease.definitions.checks.timings import amount_faults
from singledisease.definitions.disease import Disease
from singledisease.errors import Fault
from singledisease.vocabulary import ValueKind


def wrong_code_sets(disease: Disease) -> Iterator[Fault]:
    """Find code sets that are empty, hold a blank, a slip or a code twice, or take the name of the disease's own."""
    for code_set in disease.code_sets:
        where = f"codes.{code_set.name}"
        if not code_set.codes:
            yield Fault("empty_code_set", where, "has no codes", 'codes = ["O14.1"], or prefixes = ["O1"]')
        if not all(code.strip() for code in code_set.codes) or len(set(code_set.codes)) < len(code_set.codes):
            yield Fault("empty_code_set", where, "has a blank code, or one twice", "give each code once")
        for code, hint in wrong_codes(code_set.codes, code_set.system):
            yield Fault("wrong_code", where, f"{code!r} cannot be an ICD-10 code", hint)
        if code_set.name == "disease":
            yield Fault("duplicate_id", where, "is what the codes of the disease itself are called", "rename it")


def wrong_tiers(disease: Disease) -> Iterator[Fault]:
    """Find tiers without levels, kinds or rules, and levels that no rule gives or that are not declared."""
    for tier in disease.tiers:
        where, levels = f"tiers.{tier.id}", [level.id for level in tier.levels]
        for name in ("levels", "kinds", "rules"):
            if not getattr(tier, name):
                yield Fault("unsound_tier", where, f"has no {name}", f"{name} = […]")
        given = [rule.level for rule in tier.rules]
        yield from missing("unknown_level", where, "level", given, levels)
        for level in levels:
            if level not in given:
                yield Fault("unsound_tier", f"{where}.levels.{level}", "no rule gives it", "leave it out")
        if tier.valid is not None:
            yield from amount_faults(disease, f"{where}.valid", tier.valid, "months")


def wrong_typed_columns(disease: Disease) -> Iterator[Fault]:
    """Find columns of a kind of value that does not exist, and units of what is no number."""
    for where, column in typed_columns(disease):
        yield from missing("unknown_kind", where, "kind of value", [column.kind], get_args(ValueKind))
        if column.unit and column.kind != "number":
            yield Fault("unknown_kind", where, f"is a {column.kind}, so it has no unit", "leave the unit out")
