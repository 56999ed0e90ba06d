"""Code sets of FHIR value sets: of an expansion, or of what a value set composes code by code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources as package_files
from pathlib import Path
from typing import Any

from singledisease.definitions.code_set import CodeSet
from singledisease.errors import Fault, UsageError, did_you_mean
from singledisease.io.fhir.elements import SYSTEMS, element, listed, text
from singledisease.io.fhir.files import list_files, resources

_OID = re.compile(r"\d+(\.\d+){4,}")
_NAMES = "value_set_names.toml"
BY_RULE = "由规则组成，没有展开 / is composed by a rule, and not expanded"
Key = tuple[str, str]
"""System and code."""


def read_value_sets(path: Path, of: str = "", names: Mapping[str, str] | None = None) -> tuple[CodeSet, ...]:
    """Read the value sets of a file or folder of FHIR as code sets, one for each system.

    Parameters
    ----------
    path
        Value sets, bundles of them, or a folder of either.
    of
        A set of measures: published value sets become the code sets that it names, by their OIDs, and others are passed
        over; blank: each keeps its own name.
    names
        OID, canonical URL, id, name or title of a value set to the name of a code set; goes before everything else.

    Raises
    ------
    UsageError
        If there is no value set, one is composed by a rule and not expanded, or ``of`` has no table of value sets.
    DataError
        If a file cannot be read as FHIR.
    """
    known = _known(of) if of else {}
    chosen = names or {}
    found: dict[Key, dict[str, None]] = {}
    seen, faults = 0, []
    for one in resources(list_files(path), path):
        body = one.body
        if body is None or body["resourceType"] != "ValueSet":
            continue
        seen += 1
        name = _name(body, chosen, known, named_only=bool(of))
        if name is None:
            continue
        codes = _codes(body)
        if codes is None:
            hint = "expand it with a terminology server ($expand), and give the expansion"
            faults.append(Fault("not_expanded", _called(body), BY_RULE, hint, one.file))
            continue
        for system, code in codes:
            found.setdefault((name, system), {})[code] = None
    if not seen:
        raise UsageError(f"{path}: 没有 ValueSet / holds no ValueSet")
    if faults:
        raise UsageError(f"{path}: 值集不能读取 / value sets that cannot be read", faults)
    return tuple(CodeSet(name=name, system=system, codes=codes) for (name, system), codes in found.items())


def _known(of: str) -> dict[str, str]:
    """Give the code sets of a set of measures by the OIDs of value sets."""
    tables = tomllib.loads((package_files.files("singledisease.io.fhir") / _NAMES).read_text("utf-8"))
    if of not in tables:
        raise UsageError(f"{of}: 没有该指标集的值集表 / no table of value sets for it; {did_you_mean(of, tables)}")
    return {oid: name for name, oids in tables[of].items() for oid in oids}


def _name(body: Any, names: Mapping[str, str], known: Mapping[str, str], *, named_only: bool) -> str | None:
    """Give the name of the code set that a value set becomes, ``None`` if it is passed over."""
    calls = [text(body, "url").partition("|")[0], text(body, "id"), text(body, "name"), text(body, "title")]
    calls += [text(one, "value") for one in listed(body, "identifier")]
    oids = [match.group() for call in calls if (match := _OID.search(call)) is not None]
    for table in (names, known):
        for call in (*oids, *calls):
            if call in table:
                return table[call]
    return None if named_only else _plain(_called(body))


def _called(body: Any) -> str:
    return text(body, "name") or text(body, "title") or text(body, "id") or text(body, "url") or "?"


def _plain(name: str) -> str:
    """Give a name as expressions may write it.

    >>> _plain("Kidney Transplant, Recipient"), _plain("OfficeVisit")
    ('kidney_transplant_recipient', 'office_visit')
    """
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"\W+", "_", apart).strip("_").lower()


def _codes(body: Any) -> list[Key] | None:
    """Give the codes of a value set, ``None`` if only a rule says which they are."""
    expansion = element(body, "expansion", "contains")
    if isinstance(expansion, list):
        return list(_expanded(expansion))
    composed = list(listed(body, "compose", "include"))
    taken_out = list(listed(body, "compose", "exclude"))
    if not composed or any(not isinstance(one.get("concept"), list) for one in (*composed, *taken_out)):
        return None
    out = set(_listed_codes(taken_out))
    return [key for key in _listed_codes(composed) if key not in out]


def _expanded(contains: Iterable[Any]) -> Iterator[Key]:
    """Give the codes of an expansion and of what stands below them; one that is abstract is no code to be recorded."""
    for one in contains:
        if text(one, "code") and element(one, "abstract") is not True:
            yield _system(one), text(one, "code")
        yield from _expanded(listed(one, "contains"))


def _listed_codes(parts: Iterable[Any]) -> Iterator[Key]:
    for part in parts:
        for concept in listed(part, "concept"):
            if text(concept, "code"):
                yield _system(part), text(concept, "code")


def _system(part: Any) -> str:
    url = text(part, "system").partition("|")[0]
    return SYSTEMS.get(url, url)
