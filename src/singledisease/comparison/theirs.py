"""Somebody else's numbers: a table of people with the group, or the flags, in which another system counts them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import field, frozen

from singledisease.definitions.measure import DENOMINATOR_GROUPS, NUMERATOR, UNDETERMINED
from singledisease.errors import DataError, Fault, did_you_mean
from singledisease.frozen_mapping import frozen_mapping
from singledisease.tables import Table

OUT = "outside"
IN_DENOMINATOR = "denominator"
SIDES: tuple[str, ...] = (NUMERATOR, IN_DENOMINATOR, OUT)
"""Where a system counts somebody: in the numerator, in the denominator only, or in neither."""

_YES = ("1", "true", "yes", "y", "t", "是", "1.0")
_NO = ("0", "false", "no", "n", "f", "否", "0.0")


@frozen
class Theirs:
    """Where another system counts each person.

    Attributes
    ----------
    sides
        By person one of ``SIDES``; whoever is not named is outside.
    numerator_only
        Whether only a numerator is known: then being outside is no different from being in the denominator only.
    """

    sides: Mapping[str, str] = field(converter=frozen_mapping)
    numerator_only: bool = False

    def side(self, group: str) -> str:
        """Give the side of a group of ours, as far as their table can tell sides apart."""
        found = side_of(group)
        return OUT if self.numerator_only and found != NUMERATOR else found


def side_of(group: str) -> str:
    """Give the side of a group: ``unknown`` is in the denominator, what is excluded or undetermined is outside.

    >>> side_of("unknown"), side_of("excluded:lost")
    ('denominator', 'outside')
    """
    if group in (NUMERATOR, IN_DENOMINATOR):
        return group
    return IN_DENOMINATOR if group in DENOMINATOR_GROUPS else OUT


AnyTheirs = Table | str | Path | Mapping[str, Any] | Iterable[Any]
"""A CSV file, a table, rows, groups or flags by person, or the ids of a numerator."""


def theirs_of(given: AnyTheirs, encoding: str = "utf-8") -> Theirs:
    """Read where another system counts each person.

    Parameters
    ----------
    given
        A CSV file or a table with ``patient_id`` and either ``group`` (a group of the measure, or ``denominator``), or
        ``numerator`` (1 or 0, blank: not counted) with or without ``denominator``; with ``patient_id`` alone whoever is
        named is in the numerator.  Or the group or flag by person, or the ids of a numerator.
    encoding
        Of a file.

    Raises
    ------
    DataError
        With every row that cannot be taken: no person, a person named twice, no group, no flag.
    """
    if isinstance(given, str | Path):
        return _of_rows(*_read(Path(given), encoding))
    if isinstance(given, Table):
        return _of_rows(list(given.columns), given.rows())
    if isinstance(given, Mapping):
        flags = all(isinstance(value, bool | int | None) for value in given.values())
        name = "numerator" if flags else "group"
        return _of_rows(["patient_id", name], [{"patient_id": who, name: value} for who, value in given.items()])
    listed = list(given)
    rows = [one if isinstance(one, Mapping) else {"patient_id": one} for one in listed]
    return _of_rows(list(rows[0]) if rows else ["patient_id"], rows)


def _read(path: Path, encoding: str) -> tuple[list[str], list[dict[str, Any]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError:
        fault = Fault("encoding", str(path), f"is not {encoding}", "--encoding gb18030")
        raise DataError("their table cannot be read:", [fault]) from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    return [*(reader.fieldnames or [])], list(reader)


def _of_rows(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Theirs:
    known = ("patient_id", "group", "numerator", "denominator")
    if "patient_id" not in columns:
        message = f"has no column patient_id: {', '.join(columns)}"
        fault = Fault("no_patient_id", "their table", message, "name the columns patient_id and group, or numerator")
        raise DataError("their table cannot be read:", [fault])
    if len(columns) > 1 and not {"group", "numerator"} & {*columns}:
        fault = Fault("no_group", "their table", f"says of nobody where: {', '.join(columns)}", f"{known}")
        raise DataError("their table cannot be read:", [fault])
    faults: list[Fault] = []
    sides: dict[str, str] = {}
    for line, row in enumerate(rows, 2):
        who = str(row["patient_id"] or "").strip()
        try:
            side = _side(row, columns)
        except ValueError as error:
            faults.append(Fault("unknown_side", f"line {line}, {who}", str(error)))
            continue
        if not who:
            faults.append(Fault("blank_person", f"line {line}", "names nobody"))
        elif sides.get(who, side) != side:
            faults.append(Fault("named_twice", f"line {line}, {who}", f"is {sides[who]} above and {side} here"))
        else:
            sides[who] = side
    if faults:
        raise DataError("their table cannot be taken:", faults)
    return Theirs(sides, numerator_only=len(columns) == 1)


def _side(row: Mapping[str, Any], columns: Sequence[str]) -> str:
    if "group" in columns:
        group = str(row["group"] or "").strip()
        if not group or group in (*DENOMINATOR_GROUPS, *SIDES) or ":" in group:
            return side_of(group)
        known = [*DENOMINATOR_GROUPS, *SIDES, "excluded:<reason>", f"{UNDETERMINED}<rule>"]
        raise ValueError(f"{group!r} is no group; {did_you_mean(group, known)}")
    if "numerator" not in columns:
        return NUMERATOR
    numerator, denominator = _flag(row["numerator"]), _flag(row.get("denominator"))
    if "denominator" not in columns:
        return OUT if numerator is None else NUMERATOR if numerator else IN_DENOMINATOR
    if numerator and denominator is False:
        raise ValueError("is in the numerator and not in the denominator")
    return NUMERATOR if numerator else IN_DENOMINATOR if denominator else OUT


def _flag(value: Any) -> bool | None:
    text = "" if value is None else str(value).strip().lower()
    if text in ("", "nan", "none"):
        return None
    if text in _YES or text in _NO:
        return text in _YES
    raise ValueError(f"{value!r} is no flag; expected 1 or 0, true or false, 是 or 否")
