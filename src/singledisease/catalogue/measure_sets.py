"""A set of measures: what it is called, where it comes from, and the measures it makes for some diseases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from attrs import frozen

from singledisease.catalogue import cn_bphs_2017, single_disease
from singledisease.catalogue.shipped import ShippedDiseases
from singledisease.definitions.citation import Names, Parameter
from singledisease.definitions.disease import Disease
from singledisease.errors import UsageError, did_you_mean
from singledisease.io.measures.build import AnyMeasure


@frozen
class MeasureSet:
    """A set of measures: functions of the diseases it is asked for.

    Attributes
    ----------
    speaks_of
        The diseases that it is made for if none are named; empty: all of the catalogue.
    parameters
        The numbers that the set reads from a disease, each with its meaning and the value it takes where the
        disease declares no parameter of that name.
    """

    id: str
    version: str
    names: Names
    citation: str
    make: Callable[[Iterable[Disease]], tuple[AnyMeasure, ...]]
    parameters: tuple[Parameter, ...] = ()
    speaks_of: tuple[str, ...] = ()

    def left_to_default(self, disease: Disease) -> tuple[Parameter, ...]:
        """Give the numbers that the set reads from a disease and that the disease leaves to the set's own value."""
        declared = {parameter.name for parameter in disease.parameters}
        return tuple(parameter for parameter in self.parameters if parameter.name not in declared)

    def diseases(self) -> tuple[Disease, ...]:
        """Give the diseases that the set is made for if none are named."""
        shipped = ShippedDiseases()
        return tuple(shipped[name] for name in self.speaks_of or shipped)


_SETS = MappingProxyType(
    {
        module.ID: MeasureSet(
            id=module.ID,
            version=module.VERSION,
            names=module.NAMES,
            citation=module.CITATION,
            make=module.measures,
            parameters=module.PARAMETERS,
            speaks_of=module.SPEAKS_OF,
        )
        for module in (cn_bphs_2017, single_disease)
    }
)


def measure_sets() -> Mapping[str, MeasureSet]:
    """Give every set of measures, by id.

    >>> list(measure_sets())[:2]
    ['cn-bphs-2017', 'single-disease']
    """
    return _SETS


def measure_set(name: str, diseases: Iterable[Disease] | Mapping[str, Disease] | None = None) -> tuple[AnyMeasure, ...]:
    """Give the measures of a set for some diseases; if none are named, for those the set speaks of.

    Raises
    ------
    UsageError
        If there is no set of that id.

    >>> [measure.id for measure in measure_set("cn-bphs-2017", [ShippedDiseases()["hypertension"]])]
    ['hypertension.managed', 'hypertension.standardized_management', 'hypertension.control']
    """
    if name not in _SETS:
        raise UsageError(f"the catalogue has no set of measures {name!r}; {did_you_mean(name, _SETS)}")
    if diseases is None:
        return _SETS[name].make(_SETS[name].diseases())
    return _SETS[name].make(diseases.values() if isinstance(diseases, Mapping) else diseases)
