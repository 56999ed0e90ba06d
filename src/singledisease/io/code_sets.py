"""Code sets from a table: one row a code, with the name of its value set and its system."""

from __future__ import annotations

import csv
from pathlib import Path

from singledisease.definitions.code_set import CodeSet
from singledisease.errors import UsageError

_NEEDED = ("name", "code")


def read_code_sets(path: Path | str) -> tuple[CodeSet, ...]:
    """Read code sets from a CSV file with the columns ``name``, ``code`` and, where it is not ICD-10, ``system``.

    Codes of one name and several systems become a code set for each system; further columns, such as what a code
    means, are passed over.

    Parameters
    ----------
    path
        A CSV file in UTF-8, one row for each code.

    Raises
    ------
    UsageError
        If there is no such file, a column is missing, or a row has no name or code, with its line.

    >>> read_code_sets("valuesets.csv")  # doctest: +SKIP
    (CodeSet(name='hospice', ...), ...)
    """
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
