"""What comes with the library: diseases, one TOML file each, in specialty groups, and sets of measures."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping

from singledisease.catalogue.codes import codes_shared, diseases_of_code
from singledisease.catalogue.groups import GROUPS, SpecialtyGroup
from singledisease.catalogue.in_log import diseases_of_log
from singledisease.catalogue.joint_tiers import joint_tier, joint_tier_ids
from singledisease.catalogue.measure_sets import MeasureSet, measure_set, measure_sets
from singledisease.catalogue.processes import ShippedProcesses, definition, process_ids
from singledisease.catalogue.shipped import ShippedDiseases, disease, disease_id, disease_ids, quantities
from singledisease.definitions.disease import Disease

__all__ = [
    "GROUPS",
    "MeasureSet",
    "SpecialtyGroup",
    "codes_shared",
    "definition",
    "definitions",
    "disease",
    "disease_id",
    "disease_ids",
    "diseases",
    "diseases_of_code",
    "diseases_of_log",
    "joint_tier",
    "joint_tier_ids",
    "measure_set",
    "measure_sets",
    "process_ids",
    "processes",
    "quantities",
]


def diseases() -> Mapping[str, Disease]:
    """Give every disease of the catalogue, by id; each is read when it is taken."""
    return ShippedDiseases()


def definitions() -> Mapping[str, Disease]:
    """Give everything that measures can name by id: the diseases and the processes, each read when it is taken."""
    return ChainMap(ShippedDiseases(), ShippedProcesses())  # type: ignore[arg-type]


def processes() -> Mapping[str, Disease]:
    """Give every process of the catalogue, by id: pathways that are of no disease, such as a referral."""
    return ShippedProcesses()
