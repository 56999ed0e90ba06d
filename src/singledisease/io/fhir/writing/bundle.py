"""Resources named, referred to, and put into a bundle or on lines: the same input gives the same bytes."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from attrs import frozen

from singledisease.errors import UsageError
from singledisease.io.fhir.elements import URN
from singledisease.io.fhir.files import LINES
from singledisease.io.whole_files import whole_file

Resource = dict[str, Any]
BundleType = Literal["collection", "transaction"]
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)


@frozen(kw_only=True)
class Naming:
    """How resources and people are called.

    Attributes
    ----------
    base
        URL below which the measures stand, ``https://county.example/fhir``; blank: an URN.
    patient_system
        System of the identifiers that people are called by; blank: they are called by the id of their resource.
    reporter
        Who reports, in words; blank: nobody is named.
    """

    base: str = ""
    patient_system: str = ""
    reporter: str = ""

    def measure_url(self, measure: str) -> str:
        """Give the canonical URL of a measure, without its version."""
        return f"{self.base.rstrip('/')}/Measure/{fhir_id(measure)}" if self.base else f"{URN}:measure:{measure}"

    def patient(self, id: str) -> Resource:
        """Refer to a person: by the id of the resource if it can be one, else by identifier."""
        if not self.patient_system and _ID.fullmatch(id):
            return {"reference": f"Patient/{id}"}
        identifier = {"system": self.patient_system, "value": id} if self.patient_system else {"value": id}
        return {"type": "Patient", "identifier": identifier}


def fhir_id(text: str) -> str:
    """Give an id that FHIR allows: the text if it is one, else one that is made of it.

    >>> fhir_id("hypertension.control"), fhir_id("hypertension.standardized_management")
    ('hypertension.control', 'hypertension.standardized-management')
    """
    plain = re.sub(r"[^A-Za-z0-9.-]", "-", text)
    return plain if _ID.fullmatch(plain) and plain.replace("-", "_") == text.replace("-", "_") else stable_id(text)


def stable_id(*parts: object) -> str:
    """Give the id that things of these parts always have."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{URN}:{'|'.join(map(str, parts))}"))


def urn_of(resource: Resource) -> str:
    """Give what the entries of a bundle call a resource."""
    id = str(resource["id"])
    return f"urn:uuid:{id}" if _is_uuid(id) else f"urn:uuid:{stable_id(resource['resourceType'], id)}"


def _is_uuid(id: str) -> bool:
    try:
        return str(uuid.UUID(id)) == id
    except ValueError:
        return False


def narrative(lines: Iterable[str]) -> Resource:
    """Give lines as the narrative of a resource."""
    inside = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{inside}</div>'}


def coded(system: str, code: str, words: str = "") -> Resource:
    """Give a concept of one code."""
    return {"coding": [{"system": system, "code": code}], **({"text": words} if words else {})}


def filled(resource: Resource) -> Resource:
    """Leave out what is blank: FHIR has no empty elements."""
    return {name: value for name, value in resource.items() if value not in (None, "", [], {})}


# FILES


def bundle_of(resources: Iterable[Resource], kind: BundleType = "collection") -> Resource:
    """Put resources into a bundle; raises ``UsageError`` if there is no such kind of one."""
    _check_kind(kind)
    return {"resourceType": "Bundle", "type": kind, "entry": [_entry(one, kind) for one in resources]}


def _check_kind(kind: str) -> None:
    if kind not in ("collection", "transaction"):
        raise UsageError(f"没有 / there is no kind of bundle {kind!r}; collection or transaction")


def _entry(resource: Resource, kind: BundleType) -> Resource:
    entry: Resource = {"fullUrl": urn_of(resource), "resource": resource}
    if kind == "transaction":
        entry["request"] = {"method": "PUT", "url": f"{resource['resourceType']}/{resource['id']}"}
    return entry


def write_resources(resources: Iterable[Resource], path: str | Path, kind: BundleType = "collection") -> None:
    """Write resources as a bundle (``.json``) or a line each (``.ndjson``), one at a time, whole or not at all.

    Parameters
    ----------
    resources
        They are made as they are written.
    path
        The file; what stood there stays until the new one is whole.
    kind
        Of the bundle; a ``transaction`` can be posted to a server.

    Raises
    ------
    UsageError
        If the name of the file ends in neither, or there is no such kind of bundle.
    OutputError
        If it cannot be written.
    """
    file = Path(path)
    lines = file.name.lower().endswith(tuple(suffix for suffix in LINES if not suffix.endswith(".gz")))
    if not lines and file.suffix.lower() != ".json":
        raise UsageError(f"{file.name}: 应为 .json 或 .ndjson / the file is to be called .json or .ndjson")
    _check_kind(kind)
    with whole_file(file) as partial, open(partial, "w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(_lines(resources) if lines else _bundle(resources, kind))


def _lines(resources: Iterable[Resource]) -> Iterator[str]:
    for one in resources:
        yield f"{_text(one)}\n"


def _bundle(resources: Iterable[Resource], kind: BundleType) -> Iterator[str]:
    before = f'{{"resourceType":"Bundle","type":"{kind}","entry":[\n'
    for one in resources:
        yield f"{before}{_text(_entry(one, kind))}"
        before = ",\n"
    # A bundle without entries has no array of them: FHIR has no empty arrays.
    yield f'{{"resourceType":"Bundle","type":"{kind}"}}\n' if before != ",\n" else "\n]}\n"


def _text(resource: Resource) -> str:
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
