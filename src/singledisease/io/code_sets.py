"""Code sets from a table, one row a code with the name of its value set and its system, or of FHIR value sets."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from singledisease.definitions.code_set import CodeSet
from singledisease.errors import UsageError, require_kind
from singledisease.io.fhir.value_sets import read_value_sets

_FHIR = (".json", ".json.gz", ".ndjson", ".ndjson.gz")
_NEEDED = ("name", "code")


def read_code_sets(path: Path | str, *, of: str = "", names: Mapping[str, str] | None = None) -> tuple[CodeSet, ...]:
    r"""Read code sets from a table or from FHIR value sets.

    Codes of one name and several systems become a code set for each system.

    Parameters
    ----------
    path
        A CSV file in UTF-8 with the columns ``name``, ``code`` and, where it is not ICD-10, ``system``, one row a
        code; further columns, such as what it means, are passed over.  Or FHIR: value sets (expanded, or composed
        code by code), bundles of them, or a folder of either.
    of
        Of FHIR: a set of measures, such as ``ecqm``, whose code sets published value sets become by their OIDs; others
        are passed over.  Blank: each keeps its own name.
    names
        Of FHIR: OID, canonical URL, id, name or title of a value set to the name of a code set.

    Raises
    ------
    UsageError
        If there is no such file, a column is missing, a row has no name or code, with its line, or a value set is
        composed by a rule and not expanded.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "valuesets.csv")
    ...     _ = file.write_text("name,code,system\nhospice,Z51.5,\nhospice,385763009,SNOMED-CT\n", "utf-8")
    ...     [(one.name, one.system, one.codes) for one in read_code_sets(file)]
    [('hospice', '', ('Z51.5',)), ('hospice', 'SNOMED-CT', ('385763009',))]
    """
    require_kind(path, str, Path, way="sd.read_code_sets(path, …)", named="path")
    if Path(path).is_dir() or str(path).lower().endswith(_FHIR):
        return read_value_sets(Path(path), of, names)
    if of or names:
        raise UsageError(f"{path}: of、names 只用于 FHIR 值集 / of and names are for FHIR value sets (.json, a folder)")
    found: dict[tuple[str, str], list[str]] = {}
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            lacking = [name for name in _NEEDED if name not in (rows.fieldnames or ())]
            if lacking:
                raise UsageError(f"{path}: no column {' and no column '.join(lacking)}; expected name, code and system")
            for row in rows:
                name, code, system = ((row.get(key) or "").strip() for key in (*_NEEDED, "system"))
                if not name or not code:
                    raise UsageError(
                        f"{path}:{rows.line_num}: a row needs a name and a code, got {name!r} and {code!r}"
                    )
                found.setdefault((name, system), []).append(code)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as code sets: {error}") from None
    return tuple(
        CodeSet(name=name, system=system, codes=dict.fromkeys(codes)) for (name, system), codes in found.items()
    )
