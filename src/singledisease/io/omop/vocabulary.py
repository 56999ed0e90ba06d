"""What concepts mean here: by the CONCEPT table at hand, and where there is none by the source codes.

Concept ids that are named here are those of the OHDSI standardized vocabularies: visits 9201, 9202, 9203 and 262, the
statuses of conditions and the operator were found alike in several public texts, the other visits and the units are
unverified; CONCEPT, where it is at hand, goes before all of them but the visits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from attrs import frozen

from singledisease.io.fhir.code_map import Setting
from singledisease.io.fhir.elements import Coding
from singledisease.io.omop.tables import Cdm

SYSTEMS: Mapping[str, str] = MappingProxyType(
    {
        "ICD10": "",
        "ICD10CM": "",
        "ICD10CN": "",
        "ICD10GM": "",
        "ICD9CM": "ICD-9-CM",
        "SNOMED": "SNOMED CT",
        "CPT4": "CPT",
    }
)
"""How vocabularies are called in the column ``system``: ICD-10 is blank; one that is not listed keeps its name."""

SEXES: Mapping[str, str] = MappingProxyType({"8507": "male", "8532": "female"})
SEX_WORDS: Mapping[str, str] = MappingProxyType({"m": "male", "male": "male", "f": "female", "female": "female"})

_CLINIC = Setting(setting="outpatient", mode="clinic")
_INPATIENT = Setting(setting="inpatient")
_HOME = Setting(setting="outpatient", mode="home")
_NAMED: Mapping[str, Setting] = {"home visit": _HOME, "office visit": _CLINIC}
VISITS: Mapping[str, Setting] = MappingProxyType(
    {
        "9201": _INPATIENT,
        "262": _INPATIENT,
        "8717": _INPATIENT,
        "9202": _CLINIC,
        "581477": _CLINIC,
        "581476": _HOME,
        "9203": Setting(setting="emergency"),
        "5083": Setting(mode="online"),
    }
)
"""Visit concepts: inpatient, emergency then inpatient, inpatient hospital, outpatient, office, home, emergency,
telehealth (whether by telephone or online it does not say); another says nothing of the setting."""

UNCONFIRMED: tuple[str, ...] = ("32899", "32892")
"""Condition status concepts: preliminary diagnosis, condition to be diagnosed by procedure."""

EQUALS = "4172703"
"""The operator of a value that is exact."""

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "8876": "mm[Hg]",
        "8840": "mg/dL",
        "8753": "mmol/L",
        "8554": "%",
        "9529": "kg",
        "8582": "cm",
        "9531": "kg/m2",
        "8541": "/min",
    }
)
"""UCUM codes of a few unit concepts, for where no CONCEPT table is at hand."""

_SNOMED = re.compile(r"[0-9]{6,18}")
_ICD10 = re.compile(r"[A-Za-z][0-9][0-9A-Za-z](\.?[0-9A-Za-z+*.]{0,8})?")
_LOINC = re.compile(r"[0-9]{1,5}-[0-9]")


@frozen
class Vocabulary:
    """Concepts by id, as far as they are used, and how many rows CONCEPT has."""

    concepts: Mapping[str, Coding]
    rows: int = 0

    def coding(self, concept: str) -> Coding | None:
        """Give the code of a concept, ``None`` if the vocabulary at hand does not have it."""
        return self.concepts.get(concept)

    def setting(self, concept: str) -> Setting:
        """Give where a visit takes place; the vocabulary's word for home or office overrules the number."""
        found = self.concepts.get(concept)
        words = found.display.lower() if found is not None else ""
        if words in _NAMED:
            return _NAMED[words]
        return VISITS.get(concept, Setting())

    def unit(self, concept: str) -> str:
        """Give the UCUM code of a unit concept, blank if it is not known."""
        found = self.concepts.get(concept)
        return found.code if found is not None and found.system == "UCUM" else UNITS.get(concept, "")


def read_vocabulary(cdm: Cdm, used: set[str]) -> Vocabulary:
    """Keep the concepts that are used, of those that CONCEPT has.

    Raises
    ------
    DataError
        If CONCEPT cannot be read, or lacks a column.
    """
    count, rows = cdm.concepts(used)
    concepts = {
        concept: Coding(code, SYSTEMS.get(vocabulary, vocabulary), name) for concept, code, vocabulary, name in rows
    }
    return Vocabulary(concepts, count)


def as_source_code(value: str) -> Coding | None:
    """Tell a source code of which no concept is known by its form: LOINC, SNOMED CT or ICD-10.

    >>> as_source_code("8480-6").system, as_source_code("59621000").system, as_source_code("I10").system
    ('LOINC', 'SNOMED CT', '')
    """
    if _LOINC.fullmatch(value):
        return Coding(value, "LOINC")
    if _SNOMED.fullmatch(value):
        return Coding(value, "SNOMED CT")
    return Coding(value, "") if _ICD10.fullmatch(value) else None
