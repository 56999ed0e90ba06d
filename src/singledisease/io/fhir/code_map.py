"""What codes mean here: observations to quantities, conditions to diseases, classes to settings, types to levels.

A map ships with the library; one of your own is a TOML file with the same tables, laid over it::

    [[conditions]]
    disease = "hypertension"
    system = "SNOMED CT"
    codes = ["1201005"]
    source = "our terminology server, 2024-06"

    [[levels]]
    level = "township"
    codes = ["卫生院分院"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, get_args

from attrs import field, frozen

from singledisease.definitions.citation import Status
from singledisease.definitions.disease import Disease
from singledisease.definitions.normal_code import begins_with
from singledisease.errors import DataError, Fault, did_you_mean
from singledisease.io.fhir.elements import DISEASES, Coding
from singledisease.vocabulary import CODE_LISTS, QUANTITIES

_SHIPPED = resources.files("singledisease.io.fhir").joinpath("code_map.toml")
_COMMON = ("system", "codes", "source", "status")
_TABLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "observations": {"quantity": ()},
    "conditions": {"disease": ()},
    "settings": {"setting": CODE_LISTS["setting"], "mode": CODE_LISTS["mode"]},
    "levels": {"level": CODE_LISTS["level"]},
    "referrals": {},
}
"""The tables, what their entries say, and what that may be; nothing: whatever is known when it is read."""
_NEEDED = {"observations": "quantity", "conditions": "disease", "levels": "level"}
Key = tuple[str, str]
"""System and code."""


@frozen(kw_only=True)
class Setting:
    """Where an encounter of some class or type takes place, and how; blank where the code does not say."""

    setting: str = ""
    mode: str = ""


@frozen(kw_only=True)
class CodeMap:
    """Codes and what they mean here.

    Attributes
    ----------
    observations, conditions, settings
        Quantity, disease and setting, by system and code.
    levels
        Level of an organization by code or word of its type.
    referrals
        Of service requests that are referrals.
    """

    observations: Mapping[Key, str]
    conditions: Mapping[Key, str]
    settings: Mapping[Key, Setting]
    levels: Mapping[str, str]
    referrals: frozenset[Key] = field(factory=frozenset)


def read_code_map(path: str | Path | None, diseases: Iterable[Disease], quantities: Iterable[str] = ()) -> CodeMap:
    """Read the map that is shipped, and lay a file over it.

    Parameters
    ----------
    path
        The file; ``None``: none.
    diseases
        Those that conditions may be of.
    quantities
        Names of quantities beside the built-in ones.

    Raises
    ------
    DataError
        If the file cannot be read, or says what a code map cannot say, with all its faults.

    >>> read_code_map(None, []).observations["LOINC", "8480-6"]
    'sbp'
    """
    known = {disease.id for disease in diseases}
    content = [tomllib.loads(_SHIPPED.read_text("utf-8"))]
    if path is not None:
        content.append(_own(Path(path)))
        faults = list(_faults(content[1], known, {*QUANTITIES, *quantities}))
        if faults:
            raise DataError(f"{path}: 编码对照表有误 / the code map is not sound", faults)
    return _made(content)


def _own(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        fault = Fault("unreadable_code_map", file.name, str(error), "a code map is a TOML file in UTF-8")
        raise DataError(f"{file}: 无法读取编码对照表 / the code map cannot be read", [fault]) from None


# WHAT CAN BE WRONG


def _faults(content: Mapping[str, Any], diseases: set[str], quantities: set[str]) -> Iterator[Fault]:
    for table, entries in content.items():
        if table not in _TABLES:
            yield Fault("unknown_table", table, "没有这个表 / there is no such table", did_you_mean(table, _TABLES))
            continue
        for number, entry in enumerate(entries if isinstance(entries, list) else [entries], 1):
            where = f"{table} {number}"
            if not isinstance(entry, dict):
                yield Fault("no_table", where, f"应为 / expected a table, given {entry!r}", f"write [[{table}]]")
            else:
                yield from _entry_faults(table, where, entry, {"disease": diseases, "quantity": quantities})


def _entry_faults(table: str, where: str, entry: Mapping[str, Any], known: Mapping[str, set[str]]) -> Iterator[Fault]:
    says = _TABLES[table]
    for name, value in entry.items():
        if name not in (*says, *_COMMON):
            yield Fault(
                "unknown_name", f"{where}: {name}", "无此项 / no such name", did_you_mean(name, (*says, *_COMMON))
            )
        elif name == "codes":
            if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
                yield Fault(
                    "no_codes", where, f"应为文本列表 / expected a list of texts, given {value!r}", 'codes = ["…"]'
                )
        elif not isinstance(value, str):
            yield Fault("not_text", f"{where}: {name}", f"应为文本 / expected text, given {value!r}")
        else:
            allowed = get_args(Status) if name == "status" else says.get(name) or known.get(name, ())
            if allowed and value not in allowed:
                yield Fault(
                    "unknown_value", f"{where}: {name}", f"没有 / there is no {value!r}", did_you_mean(value, allowed)
                )
    for name in ("codes", *([_NEEDED[table]] if table in _NEEDED else [])):
        if name not in entry:
            yield Fault("missing_name", where, f"缺少 / there is no {name}")


# THE MAP


def _made(content: Iterable[Mapping[str, Any]]) -> CodeMap:
    said: dict[str, dict[Key, Mapping[str, Any]]] = {table: {} for table in _TABLES}
    for one in content:
        for table, entries in one.items():
            for entry in entries:
                keys = ((entry.get("system", ""), code) for code in entry["codes"])
                said[table].update(dict.fromkeys(keys, entry))
    return CodeMap(
        observations={key: entry["quantity"] for key, entry in said["observations"].items()},
        conditions={key: entry["disease"] for key, entry in said["conditions"].items()},
        settings={
            key: Setting(setting=entry.get("setting", ""), mode=entry.get("mode", ""))
            for key, entry in said["settings"].items()
        },
        levels={code: entry["level"] for (_, code), entry in said["levels"].items()},
        referrals=frozenset(said["referrals"]),
    )


@frozen(eq=False)
class DiseaseFinder:
    """Which diseases codes are of: by the code map, and in ICD-10 by the codes of the diseases."""

    conditions: Mapping[Key, str]
    prefixes: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def of(cls, code_map: CodeMap, diseases: Iterable[Disease]) -> DiseaseFinder:
        """Make it for the diseases that are known; entries of the map for others are of none."""
        listed = tuple(diseases)
        known = {disease.id for disease in listed}
        conditions = {key: disease for key, disease in code_map.conditions.items() if disease in known}
        return cls(conditions, tuple((d.id, d.codes) for d in listed))

    def diseases(self, coding: Coding) -> tuple[str, ...]:
        """Give the diseases of a code."""
        if coding.system == DISEASES:
            return tuple(id for id, _ in self.prefixes if id == coding.code)
        mapped = self.conditions.get((coding.system, coding.code))
        if mapped is not None:
            return (mapped,)
        if coding.system != "":
            return ()
        return tuple(id for id, prefixes in self.prefixes if begins_with(coding.code, prefixes))
