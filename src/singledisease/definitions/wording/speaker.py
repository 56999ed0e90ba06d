"""One language's voice: names, lists, numbers with units, and who says which node."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import frozen

from singledisease.definitions.citation import Names, Parameter
from singledisease.definitions.disease import Disease
from singledisease.definitions.tier import Tier
from singledisease.definitions.wording.terms import COLUMN_NAMES, UNIT_NAMES
from singledisease.language import nodes as n
from singledisease.language.format import number_text
from singledisease.language.operations import OPERATIONS
from singledisease.language.units import DIMENSIONLESS, plain_unit


@frozen
class Speaker:
    """Says nodes in one language.

    Called with a Chinese and an English text, gives the one in its language.

    Attributes
    ----------
    diseases
        Those whose states, parameters and quantities have names; others are said by id.
    forms
        How each kind of node is said.
    """

    language: str
    diseases: Mapping[str, Disease]
    forms: Mapping[type, Callable[[Speaker, Any], str]]

    def say(self, node: Any) -> str:
        """Say a node."""
        return self.forms[type(node)](self, node)

    def __call__(self, zh: str, en: str) -> str:
        """Give one of two texts."""
        return zh if self.language == "zh" else en

    def bracketed(self, node: Any) -> str:
        """Say a part; what is itself joined by a sign or a word gets brackets."""
        text = self.say(node)
        return self(f"（{text}）", f"({text})") if _is_joined(node) else text

    def listed(self, texts: Iterable[str]) -> str:
        """Join texts by commas."""
        return self("、", ", ").join(texts)

    def either(self, texts: Iterable[str]) -> str:
        """Join texts of which one is enough."""
        return self("或", " or ").join(texts)

    # NAMES

    def name(self, names: Names | None, otherwise: str) -> str:
        """Give a name, or the id of what has none."""
        return otherwise if names is None else names.in_language(self.language)

    def disease(self, name: str) -> str:
        """Name a disease."""
        return self.name(self.diseases[name].names, name) if name in self.diseases else name

    def column(self, node: n.Column | n.This) -> str:
        """Name a column, by the name of the quantity where a disease has one of that name."""
        for disease in self.diseases.values():
            for quantity in disease.quantities:
                if quantity.name == node.name:
                    return self(quantity.zh, quantity.en)
        return self.name(COLUMN_NAMES.get(node.name), node.name)

    def tier_name(self, disease: str, tier: str) -> str:
        """Name a tier with its disease."""
        of = self.disease(disease)
        for each in self._tiers(disease):
            if each.id == tier:
                return self(f"{of}{each.names.zh}", f"{each.names.en} of {of}")
        return self(f"{of}分级“{tier}”", f"the tier {tier} of {of}")

    def level(self, disease: str, tier: str, level: str) -> str:
        """Name a level of a tier."""
        for each in self._tiers(disease):
            for known in each.levels if each.id == tier else ():
                if known.id == level:
                    return known.names.in_language(self.language)
        return level

    def _tiers(self, disease: str) -> tuple[Tier, ...]:
        return self.diseases[disease].tiers if disease in self.diseases else ()

    # NUMBERS

    def quantity(self, value: float, unit: str, number_of: Any = None) -> str:
        """Say a number with its unit; years of age have a word of their own in Chinese."""
        said = self._unit(unit, number_of)
        # Units that are words are plural in English: one day, two days.
        is_one = self.language == "en" and abs(value) == 1 and plain_unit(unit) in UNIT_NAMES
        return f"{number_text(value)} {said.removesuffix('s') if is_one else said}".rstrip()

    def _unit(self, unit: str, number_of: Any = None) -> str:
        if unit == DIMENSIONLESS:
            return ""
        plain = plain_unit(unit)
        if plain == "years" and isinstance(number_of, n.Age):
            return self("岁", "years")
        return self.name(UNIT_NAMES.get(plain), unit)

    def values(self, parameter: Parameter, other: Any = None) -> str:
        """Say every value of a parameter; ``other`` is what it is compared with."""
        said = []
        for value in parameter.values:
            number = self.quantity(value.value, parameter.unit, other)
            since = value.valid_from
            said.append(number if since is None else self(f"自{since}起 {number}", f"{number} from {since} on"))
        return self.listed(said)


def _is_joined(node: Any) -> bool:
    """Say whether what is said is itself joined by a sign or a word, and needs brackets inside another sentence."""
    if isinstance(node, n.Apply):
        return OPERATIONS[node.operation].phrase.is_joined
    return isinstance(node, n.Case | n.Choice)
