"""The measures that every managed disease has: people managed, standardized management, control; and its own.

For the diseases of the national service specification they are that specification's.  For all others no source defines
standardized management: it is who had as many follow-ups face to face in the period as the disease's own service list
owes a year, or by another option of the policy ``standard``.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from singledisease.catalogue import cn_bphs_2017
from singledisease.catalogue.cn_bphs_2017 import control, face_to_face_days, managed, owed_by_days, owed_by_year
from singledisease.catalogue.precompiled import file_name, named, precompiled
from singledisease.catalogue.shipped import disease as shipped
from singledisease.catalogue.shipped import disease_ids, disease_text, indicators, indicators_text
from singledisease.definitions.citation import Names, Parameter
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import NOT_NUMERATOR, NUMERATOR, Measure
from singledisease.io.measures.build import AnyMeasure
from singledisease.language.build import PERIOD, breaches, choice

ID = "single-disease"
VERSION = "2024.1"
NAMES = Names("单病种管理指标", "Measures of each managed disease")
CITATION = "各病种定义及其服务清单；规范管理的口径为本库提议"
PARAMETERS: tuple[Parameter, ...] = cn_bphs_2017.PARAMETERS
SPEAKS_OF: tuple[str, ...] = ()


def measures(diseases: Iterable[Disease]) -> tuple[AnyMeasure, ...]:
    """Give the measures of each disease: people managed, standardized management, control if it has that target."""
    return tuple(measure for disease in diseases for measure in _of_disease(disease))


def _of_disease(disease: Disease) -> tuple[AnyMeasure, ...]:
    # A definition of one's own may have the id of a shipped one.
    is_shipped = disease.id in disease_ids() and disease is shipped(disease.id)
    kept = precompiled(file_of_measures(disease.id), lambda name: named(name, disease)) if is_shipped else None
    return make_measures(disease) if kept is None else kept


def make_measures(disease: Disease) -> tuple[AnyMeasure, ...]:
    """Make the measures of one disease, its own read from their file."""
    return (*_general(disease), *indicators(disease))


def file_of_measures(name: str) -> str:
    """Give the name of the file in which the measures of a disease are kept as they were made beforehand."""
    return file_name("measures", name, disease_text(name), indicators_text(name))


def _general(disease: Disease) -> tuple[Measure, ...]:
    if disease.id in cn_bphs_2017.SPEAKS_OF:
        return cn_bphs_2017.measures([disease])
    made = [managed(disease), standardized_management(disease)]
    if cn_bphs_2017.has_goal(disease):
        made.append(control(disease))
    return tuple(evolve(one, version=VERSION, citation=CITATION, status="proposal") for one in made)


def standardized_management(disease: Disease) -> Measure:
    """Measure who is managed as the disease's own service list asks (规范管理率)."""
    days = face_to_face_days(disease)
    standard = choice(
        "standard",
        default="visits",
        visits=days >= owed_by_year(disease),
        floor=days >= owed_by_days(disease),
        no_breach=breaches(disease).within(PERIOD).count() == 0,
    )
    return Measure(
        id=f"{disease.id}.standardized_management",
        version=VERSION,
        names=Names(f"{disease.names.zh}规范管理率", f"{disease.names.en}: standardized management"),
        rules=(
            *cn_bphs_2017.population(disease),
            cn_bphs_2017.rule("standard", "按规范管理", "managed to standard", standard, NUMERATOR),
            cn_bphs_2017.rule("otherwise", "未按规范管理", "not managed to standard", True, NOT_NUMERATOR),
        ),
        disease=disease.id,
        citation=CITATION,
        status="proposal",
    )
