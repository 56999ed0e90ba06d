"""The specialty groups of the catalogue (专病组), each with the chief-physician team that looks after its diseases."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attrs import frozen

from singledisease.definitions.citation import Names

__all__ = ["GROUPS", "SpecialtyGroup"]


@frozen
class SpecialtyGroup:
    """A specialty group: its id, its names, and the names of its chief-physician team at the county."""

    id: str
    names: Names
    team: Names


def _group(id: str, zh: str, en: str) -> SpecialtyGroup:
    return SpecialtyGroup(id, Names(zh, en), Names(f"{zh}首席专家团队", f"chief-physician team, {en}"))


GROUPS: Mapping[str, SpecialtyGroup] = MappingProxyType(
    {
        group.id: group
        for group in (
            _group("cardiovascular", "心血管", "heart and vessels"),
            _group("cerebrovascular", "脑血管与神经", "brain and nerves"),
            _group("endocrine", "内分泌代谢", "hormones and metabolism"),
            _group("respiratory", "呼吸", "lungs and airways"),
            _group("rheumatic", "风湿免疫与骨关节", "rheumatic diseases, bones and joints"),
            _group("renal", "肾脏与泌尿", "kidneys and urinary tract"),
            _group("digestive", "消化", "digestion and liver"),
            _group("tumour", "肿瘤", "tumours"),
            _group("mental", "精神卫生", "mental health"),
        )
    }
)
"""Groups by id.  Sixty diseases and named teams are published, their list is not: the division is a proposal."""
