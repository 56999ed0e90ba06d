"""A set of measures: what it is called, where it comes from, and the measures it makes for some diseases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from attrs import frozen

from singledisease.catalogue import cn_bphs_2017, single_disease
from singledisease.catalogue.shipped import ShippedDiseases, measures_of_files
from singledisease.definitions.citation import Names, Parameter
from singledisease.definitions.derived import Derived
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import diseases_in
from singledisease.errors import UsageError, did_you_mean
from singledisease.io.measures.build import AnyMeasure


@frozen
class MeasureSet:
    """A set of measures: functions of the diseases it is asked for.

    Attributes
    ----------
    make
        What a function makes of diseases; ``None``: the set has no measures but those in TOML files, in the folder
        ``sets/<id>``.
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
    make: Callable[[Iterable[Disease]], tuple[AnyMeasure, ...]] | None = None
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

    def measures(self, diseases: Iterable[Disease] | None = None) -> tuple[AnyMeasure, ...]:
        """Give the measures of the set: the whole of it, or those of some diseases.

        Of diseases that are named, a set with a function gives what that makes of each; any other, what its files say
        of them.  In the whole set both stand, first what the function makes.
        """
        chosen = self.diseases() if diseases is None else tuple(diseases)
        made = () if self.make is None else self.make(chosen)
        if diseases is not None and self.make is not None:
            return made
        told = measures_of_files(f"sets/{self.id}", chosen)
        return (*made, *(told if diseases is None else _about(told, {disease.id for disease in chosen})))


def _about(measures: tuple[AnyMeasure, ...], diseases: set[str]) -> Iterator[AnyMeasure]:
    """Give the measures that name one of the diseases, and the figures that are made of such measures alone."""
    kept = {
        one.id
        for one in measures
        if not isinstance(one, Derived) and not diseases.isdisjoint({one.disease, *diseases_in(one)})
    }
    for one in measures:
        if one.id in kept or (isinstance(one, Derived) and kept.issuperset(one.measures)):
            yield one


_OF_MODULES = tuple(
    MeasureSet(
        id=module.ID,
        version=module.VERSION,
        names=module.NAMES,
        citation=module.CITATION,
        make=module.measures,
        parameters=module.PARAMETERS,
        speaks_of=module.SPEAKS_OF,
    )
    for module in (cn_bphs_2017, single_disease)
)
_OF_FILES = (
    MeasureSet(
        id="cn-county",
        version="2024.4",
        names=Names("县域医共体监测指标", "Indicators of a county medical community"),
        citation="紧密型县域医共体监测指标体系（2024）",
        speaks_of=("hypertension", "type2-diabetes"),
    ),
    MeasureSet(
        id="cn-three-highs",
        version="2024.3",
        names=Names("三高共管、六病同防指标", "Three highs managed together, six diseases prevented"),
        citation="三高共管六病同防（山东）；指标公式由本库提出",
        speaks_of=("hypertension", "type2-diabetes", "dyslipidaemia"),
    ),
    MeasureSet(
        id="hearts360",
        version="2025.1",
        names=Names("HEARTS360 高血压看板指标", "HEARTS360 indicators of hypertension"),
        citation="HEARTS360（WHO HEARTS 看板，simpledotorg/hearts360）指标说明",
        speaks_of=("hypertension",),
    ),
    MeasureSet(
        id="simple",
        version="2025.2",
        names=Names("Simple 登记系统的月度、季度指标", "Simple.org: monthly and quarterly indicators of a registry"),
        citation="Simple.org（Resolve to Save Lives）报告视图的指标口径",
        speaks_of=("hypertension", "type2-diabetes"),
    ),
    MeasureSet(
        id="who-hearts",
        version="2020.1",
        names=Names(
            "WHO HEARTS 机构监测指标（血压控制率 C4）", "WHO HEARTS at a facility (control of blood pressure, C4)"
        ),
        citation="WHO HEARTS 技术包 · 系统监测：机构指标 C4（控制率）",
        speaks_of=("hypertension",),
    ),
    MeasureSet(
        id="qof",
        version="2023.1",
        names=Names("QOF：登记册、达标与个体化调整", "QOF: registers, achievement and personalised care adjustments"),
        citation="QOF（英格兰质量与结果框架，2023/24 指南）",
        speaks_of=(
            "hypertension",
            "type2-diabetes",
            "type1-diabetes",
            "stable-coronary-heart-disease",
            "acs-recovery",
            "ischaemic-stroke",
            "haemorrhagic-stroke-recovery",
            "tia",
            "atrial-fibrillation",
            "copd",
            "asthma",
            "severe-mental-disorder",
        ),
    ),
    MeasureSet(
        id="ecqm",
        version="2026.1",
        names=Names(
            "eCQM：CMS165 血压控制、CMS122 血糖控制不良",
            "eCQM: CMS165 controlling pressure, CMS122 poor control of HbA1c",
        ),
        citation="CMS eCQM（美国电子临床质量指标，2024）",
        speaks_of=("hypertension", "type2-diabetes"),
    ),
)
"""Sets whose measures all stand in ``sets/<id>``."""

_SETS = MappingProxyType({made.id: made for made in (*_OF_MODULES, *_OF_FILES)})


def measure_sets() -> Mapping[str, MeasureSet]:
    """Give every set of measures, by id.

    >>> list(measure_sets())[:2]
    ['cn-bphs-2017', 'single-disease']
    """
    return _SETS


def measure_set(name: str, diseases: Iterable[Disease] | Mapping[str, Disease] | None = None) -> tuple[AnyMeasure, ...]:
    """Give the measures of a set: those of some diseases, or, if none are named, the whole set.

    Raises
    ------
    UsageError
        If there is no set of that id.

    >>> [measure.id for measure in measure_set("cn-bphs-2017", [ShippedDiseases()["hypertension"]])]
    ['hypertension.managed', 'hypertension.standardized_management', 'hypertension.control']
    """
    if name not in _SETS:
        raise UsageError(f"the catalogue has no set of measures {name!r}; {did_you_mean(name, _SETS)}")
    return _SETS[name].measures(diseases.values() if isinstance(diseases, Mapping) else diseases)
