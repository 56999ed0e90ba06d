"""Elements of a resource, whatever it holds in their place: what is not as FHIR says is as if it were absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from attrs import frozen

URN = "urn:singledisease"
"""What stands before names that are this library's own."""
DISEASES = f"{URN}:disease"
"""System of the ids of diseases."""

SYSTEMS: Mapping[str, str] = MappingProxyType(
    {
        "http://hl7.org/fhir/sid/icd-10": "",
        "http://hl7.org/fhir/sid/icd-10-cm": "",
        "http://hl7.org/fhir/sid/icd-10-cn": "",
        "urn:oid:2.16.840.1.113883.6.3": "",
        "urn:oid:2.16.840.1.113883.6.90": "",
        "http://hl7.org/fhir/sid/icd-9-cm": "ICD-9-CM",
        "http://snomed.info/sct": "SNOMED CT",
        "http://loinc.org": "LOINC",
        "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
        "http://hl7.org/fhir/sid/cvx": "CVX",
        "http://www.ama-assn.org/go/cpt": "CPT",
        "http://terminology.hl7.org/CodeSystem/v3-ActCode": "ActCode",
    }
)
"""How coding systems are called in the column ``system``: ICD-10 is blank; one that is not listed keeps its URI."""


@frozen
class Coding:
    """A code with its system, as they are called here, and what it means in words."""

    code: str
    system: str
    display: str = ""


def element(body: Any, *path: str) -> Any:
    """Give what stands at a path of names; ``None`` where there is none.

    >>> element({"period": {"start": "2024"}}, "period", "start"), element({"period": "2024"}, "period", "start")
    ('2024', None)
    """
    for name in path:
        body = body.get(name) if isinstance(body, dict) else None
    return body


def text(body: Any, *path: str) -> str:
    """Give the text at a path, blank where there is none."""
    found = element(body, *path)
    return found.strip() if isinstance(found, str) else ""


def listed(body: Any, *path: str) -> Iterator[dict[str, Any]]:
    """Give the objects of the list at a path; of a single object, itself."""
    found = element(body, *path)
    for one in found if isinstance(found, list) else [found]:
        if isinstance(one, dict):
            yield one


def codings(concept: Any) -> Iterator[Coding]:
    """Give the codings of a concept, or of several; a version after the system makes no difference."""
    concepts = concept if isinstance(concept, list) else [concept]
    for one in concepts:
        words = text(one, "text")
        for coding in listed(one, "coding"):
            code, system = text(coding, "code"), text(coding, "system").partition("|")[0]
            if code:
                yield Coding(code, SYSTEMS.get(system, system), text(coding, "display") or words)


def words(concept: Any) -> str:
    """Give what a concept says in words: its text, or what its first coding means."""
    first = next(iter(listed(concept)), None)
    return text(first, "text") or next((one.display for one in codings(first) if one.display), "")


def code_of(body: Any, *path: str) -> str:
    """Give the first code of the concept at a path, blank if it has none."""
    return next((one.code for one in codings(element(body, *path))), "")
