"""What comes with the library: diseases, one TOML file each, and sets of measures, one module each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from attrs import frozen

from singledisease.catalogue import cn_bphs_2017
from singledisease.catalogue.shipped import ShippedDiseases, disease, disease_ids, quantities
from singledisease.definitions.citation import Names, Parameter
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import Measure
from singledisease.errors import UsageError, did_you_mean

__all__ = [
    "MeasureSet",
    "disease",
    "disease_ids",
    "diseases",
    "measure_set",
    "measure_sets",
    "quantities",
]


@frozen
class MeasureSet:
    """A set of measures: functions of the diseases it is asked for.

    Attributes
    ----------
    parameters
        The numbers that the set reads from a disease, each with its meaning and the value it takes where the
        disease declares no parameter of that name.
    """

    id: str
    version: str
    names: Names
    citation: str
    make: Callable[[Iterable[Disease]], tuple[Measure, ...]]
    parameters: tuple[Parameter, ...] = ()

    def left_to_default(self, disease: Disease) -> tuple[Parameter, ...]:
        """Give the numbers that the set reads from a disease and that the disease leaves to the set's own value."""
        declared = {parameter.name for parameter in disease.parameters}
        return tuple(parameter for parameter in self.parameters if parameter.name not in declared)


_SETS = MappingProxyType(
    {
        module.ID: MeasureSet(
            module.ID, module.VERSION, module.NAMES, module.CITATION, module.measures, module.PARAMETERS
        )
        for module in (cn_bphs_2017,)
    }
)


def diseases() -> Mapping[str, Disease]:
    """Give every disease of the catalogue, by id; each is read when it is taken."""
    return ShippedDiseases()


def measure_sets() -> Mapping[str, MeasureSet]:
    """Give every set of measures, by id.

    >>> list(measure_sets())
    ['cn-bphs-2017']
    """
    return _SETS


def measure_set(name: str, diseases: Iterable[Disease] | Mapping[str, Disease] | None = None) -> tuple[Measure, ...]:
    """Give the measures of a set for some diseases; if none are named, for all of the catalogue.

    Raises
    ------
    UsageError
        If there is no set of that id.

    >>> [measure.id for measure in measure_set("cn-bphs-2017", [disease("hypertension")])]
    ['hypertension.managed', 'hypertension.standardized_management', 'hypertension.control']
    """
    if name not in _SETS:
        raise UsageError(f"the catalogue has no set of measures {name!r}; {did_you_mean(name, _SETS)}")
    given = globals()["diseases"]() if diseases is None else diseases
    return _SETS[name].make(given.values() if isinstance(given, Mapping) else given)
