"""Tiers of several diseases in a file of measures: ``[joint_tiers.colour]``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from singledisease.definitions.checks import wrong_named_parts
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.joint_tier import JointTier
from singledisease.definitions.resolve.named import named_diseases
from singledisease.errors import DefinitionError, Fault
from singledisease.io.definitions.kinds import NAMES, TEXT, TEXTS, Kind, Writer
from singledisease.io.definitions.layout import TableLayout, key, list_of, needed, read_table, write_table
from singledisease.io.definitions.reading import MISSING, Spot, ValueReader
from singledisease.io.definitions.source import TomlSource
from singledisease.io.definitions.tier_layouts import TIER_LEVEL
from singledisease.io.definitions.toml_text import table_lines
from singledisease.io.measures.shared_texts import JOINT_TIERS
from singledisease.language.nodes import PeriodEnd


def _read_levels(reader: ValueReader, value: Any, spot: Spot) -> Any:
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        return reader.wrong(spot, f"expected levels by id, got {value!r}", 'counted_as = { very_high = "red" }')
    return value


LEVELS = Kind(
    Names("按 id 的级别", "levels by id"),
    _read_levels,
    lambda _, levels: dict(levels),
    {"type": "object", "additionalProperties": {"type": "string"}},
)
JOINT_TIER = TableLayout(
    name="joint_tiers.ID",
    says=Names("几个病种的联合分级：取最重者", "a tier of several diseases: the worst of theirs"),
    keys=(
        needed("names", NAMES, "名称", "names"),
        needed(
            "levels",
            list_of(TIER_LEVEL, Names("级别列表", "a list of levels")),
            "级别，由轻到重",
            "the levels, the mildest first",
        ),
        needed("of", TEXTS, "各病种的分级：病种.分级", "the tiers of the diseases: disease.tier"),
        key("counted_as", LEVELS, "其他级别 id 各计为哪一级", "as which level one of another id counts", default={}),
        key("citation", TEXT, "来源", "its source", default=""),
        key("status", TEXT, "把握程度", "how sure it is", default="proposal"),
    ),
    make=lambda id, values: {"id": id, **values},
    take=lambda tier: {
        name: getattr(tier, name) for name in ("names", "levels", "of", "counted_as", "citation", "status")
    },
)


def joint_tiers(source: TomlSource, reader: ValueReader, diseases: tuple[Disease, ...]) -> tuple[JointTier, ...]:
    """Read the joint tiers of a file of measures, collecting what is wrong with them."""
    listed, spot = source.tables.get(JOINT_TIERS, {}), Spot(source, (JOINT_TIERS,), JOINT_TIERS)
    if not isinstance(listed, dict):
        reader.wrong(spot, f"expected tiers by id, got {listed!r}", "[joint_tiers.colour]")
        return ()
    made = (_made(id, table, reader, spot.inner(id), diseases) for id, table in listed.items())
    return tuple(tier for tier in made if tier is not None)


def _made(id: str, table: Any, reader: ValueReader, spot: Spot, diseases: tuple[Disease, ...]) -> JointTier | None:
    values = read_table(JOINT_TIER, reader, table, spot, id)
    if values is MISSING:
        return None
    try:
        tier = JointTier(**values)
    except DefinitionError as error:
        return _collected(None, error.faults, reader, spot)
    return _collected(tier, _faults(tier, {disease.id: disease for disease in diseases}), reader, spot)


def _collected(tier: JointTier | None, faults: Iterable[Fault], reader: ValueReader, spot: Spot) -> JointTier | None:
    at = spot.source.at(spot.path)
    reader.faults.extend(
        Fault(each.check, f"{spot.place}, {each.where}", each.message, each.hint, at) for each in faults
    )
    return tier


def _faults(tier: JointTier, known: Mapping[str, Disease]) -> Iterator[Fault]:
    level = tier.on(PeriodEnd()).node
    # A disease that was not given is looked for when a measure is evaluated.
    yield from wrong_named_parts("of", level, named_diseases(level, known))


def joint_tier_lines(tiers: tuple[JointTier, ...]) -> Iterator[str]:
    """Write joint tiers as tables of a TOML file."""
    for tier in tiers:
        yield from table_lines(f"{JOINT_TIERS}.{tier.id}", write_table(JOINT_TIER, Writer(""), tier))
