"""What concepts mean here: by the CONCEPT table at hand, and where there is none by the source codes.

Concept ids that are named here are those of the OHDSI standardized vocabularies.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from attrs import frozen

from singledisease.errors import DataError, Fault
from singledisease.io.fhir.code_map import Setting
from singledisease.io.fhir.elements import Coding
from singledisease.io.omop.files import LAYOUT
from singledisease.io.optional_imports import needed

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


def read_vocabulary(file: Path | None, used: set[str]) -> Vocabulary:
    """Read CONCEPT row by row, and keep the concepts that are used.

    Raises
    ------
    DataError
        If the file cannot be read, or lacks a column.
    """
    if file is None:
        return Vocabulary({})
    concepts, count = {}, 0
    try:
        for concept, code, vocabulary, name in _rows(file):
            count += 1
            if concept in used:
                concepts[concept] = Coding(code, SYSTEMS.get(vocabulary, vocabulary), name)
    except (OSError, ValueError, csv.Error) as error:
        fault = Fault("unreadable_file", file.name, str(error), "CONCEPT, as Athena gives it, in UTF-8")
        raise DataError(f"{file}: 无法读取词表 / the vocabulary cannot be read", [fault]) from None
    return Vocabulary(concepts, count)


_COLUMNS = ("concept_id", "concept_code", "vocabulary_id", "concept_name")


def _rows(file: Path) -> Iterator[tuple[str, str, str, str]]:
    if file.suffix.lower() == ".parquet":
        yield from _parquet_rows(file)
        return
    with open(file, encoding="utf-8-sig", newline="") as stream:
        first = stream.readline()
        separator = LAYOUT.separator_of(first)
        # Athena parts cells by tabs and quotes nothing: quotation marks belong to the names.
        bare = separator == "\t"
        header = next(csv.reader([first], delimiter=separator))
        places = _places(file, [name.strip().lower() for name in header])
        quoted = csv.reader(stream, delimiter=separator)
        for row in csv.reader(stream, delimiter=separator, quoting=csv.QUOTE_NONE) if bare else quoted:
            if row:
                cells = [row[i].strip() if i < len(row) else "" for i in places]
                yield cells[0], cells[1], cells[2], cells[3]


def _parquet_rows(file: Path) -> Iterator[tuple[str, str, str, str]]:
    opened = needed("pyarrow.parquet", "parquet").ParquetFile(file)
    names = opened.schema_arrow.names
    wanted = [names[i] for i in _places(file, [name.strip().lower() for name in names])]
    for batch in opened.iter_batches(columns=wanted):
        columns = [batch.column(name).to_pylist() for name in wanted]
        for cells in zip(*columns, strict=True):
            concept, code, vocabulary, name = ("" if cell is None else str(cell) for cell in cells)
            yield concept, code, vocabulary, name


def _places(file: Path, header: list[str]) -> list[int]:
    faults = [
        Fault("missing_column", f"{file.name}: {name}", "缺少此列 / there is no such column", "CONCEPT of OMOP CDM")
        for name in _COLUMNS
        if name not in header
    ]
    if faults:
        raise DataError(f"{file}: 词表缺少列 / the vocabulary lacks columns", faults)
    return [header.index(name) for name in _COLUMNS]


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
