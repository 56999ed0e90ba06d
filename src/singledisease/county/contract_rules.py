"""Contracts with family doctors as a definition: when one holds, what packages promise, who is of a key group."""

from __future__ import annotations

from attrs import field, frozen

from singledisease.county.row_condition import EventMatch
from singledisease.dates import day_of
from singledisease.definitions.citation import Citation, Names, Parameter
from singledisease.errors import UsageError, did_you_mean
from singledisease.language.nodes import Value


@frozen(kw_only=True)
class PackageItem:
    """What a package promises: how often within one contract, on different days, and by which events."""

    id: str
    names: Names
    times: int
    delivered_by: EventMatch


@frozen(kw_only=True)
class Package:
    """A package of services (签约服务包), as the column ``package`` of a contract names it."""

    id: str
    names: Names
    items: tuple[PackageItem, ...]
    citation: str = ""
    status: str = "proposal"


@frozen(kw_only=True)
class KeyGroup:
    """People to be contracted first (重点人群): a condition on the person, asked on a day."""

    id: str
    names: Names
    when: Value
    citation: str = ""
    status: str = "proposal"


@frozen(kw_only=True)
class ContractRules:
    """When a contract is in force, when it is to be renewed, what it promises and who is to have one.

    Attributes
    ----------
    signed, ended
        Which events sign a contract, and which end the one of the same link, or if they name none the one in force.
    parameters
        ``valid_months``: how long a contract lasts that does not say until when; ``renewal_days``: how many days
        before its last day its renewal is due.
    """

    id: str
    version: str
    names: Names
    signed: EventMatch
    ended: EventMatch
    parameters: tuple[Parameter, ...]
    packages: tuple[Package, ...] = ()
    key_groups: tuple[KeyGroup, ...] = ()
    citations: tuple[Citation, ...] = field(default=())

    def number(self, name: str, on: int | None = None) -> int:
        """Give the value of a parameter, of several the one in force on a day; raises ``KeyError`` if there is none."""
        parameter = next((one for one in self.parameters if one.name == name), None)
        if parameter is None:
            raise KeyError(name)
        return int(value_on(parameter, on))

    def defines(self, package: str) -> bool:
        """Say whether the packages that contracts name are known; blank names none, and rules without any take all."""
        return not package or not self.packages or any(one.id == package for one in self.packages)

    def package(self, name: str) -> Package:
        """Give a package by id.

        Raises
        ------
        UsageError
            If there is none of that id.
        """
        for package in self.packages:
            if package.id == name:
                return package
        known = [package.id for package in self.packages]
        raise UsageError(f"没有此服务包 / there is no package {name!r}; {did_you_mean(name, known)}")


def value_on(parameter: Parameter, on: int | None) -> float:
    """Give the value of a parameter in force on a day; without a day the latest."""
    found = parameter.values[0].value
    for one in parameter.values:
        if one.valid_from is None or on is None or day_of(one.valid_from) <= on:
            found = one.value
    return found
