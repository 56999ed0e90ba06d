"""The columns of a foreign table under the names used here, each cell in the form in which it is read here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from attrs import frozen

from singledisease.errors import DataError, Fault, did_you_mean
from singledisease.eventlog.columns import AnyColumn, Coded
from singledisease.eventlog.identity_number import identity_of
from singledisease.eventlog.parse_column import as_text, recoded
from singledisease.eventlog.raw import RawTable
from singledisease.io.mapping.cells import cleaned, dated, identified, measured
from singledisease.io.mapping.days import has_day, is_month
from singledisease.io.mapping.names import called, find_column, other_unit, same_unit
from singledisease.io.mapping.source import Source
from singledisease.vocabulary import (
    ACTIVITY_COLUMNS,
    DATES,
    EVENT_COLUMNS,
    INSTITUTION_COLUMNS,
    PERSON_COLUMNS,
    QUANTITIES,
    TEAM_COLUMNS,
)

DATE_COLUMNS = frozenset({*DATES, *(name for name, kind in PERSON_COLUMNS.items() if kind == "date")})
_KNOWN: Mapping[str, frozenset[str]] = {
    "patients": frozenset(PERSON_COLUMNS),
    "events": frozenset({"patient_id", *EVENT_COLUMNS}),
    "institutions": frozenset(INSTITUTION_COLUMNS),
    "teams": frozenset(TEAM_COLUMNS),
    "activities": frozenset(ACTIVITY_COLUMNS),
}
_FURTHER = ("evaluation", "adherence", "hypoglycaemia", "foot_pulse")
"""Columns of the forms that mean nothing built-in, and are taken by the shipped mappings."""
_SLASHES = str.maketrans({"／": "/", "＼": "/", "\\": "/"})


@frozen(eq=False, kw_only=True)
class Named:
    """Columns by their names here.

    Attributes
    ----------
    columns
        As they are read here.
    cells
        As they stand in the file, of those whose cells were changed on the way.
    unused
        Foreign columns that are not taken.
    also
        Other numbers of a person.
    notes
        What is worth knowing about them.
    """

    columns: Mapping[str, AnyColumn]
    cells: Mapping[str, Coded]
    unused: tuple[str, ...]
    also: tuple[Coded, ...]
    notes: tuple[str, ...]


def named(source: Source, raw: RawTable) -> Named:
    """Give the columns of a foreign table under the names used here.

    Raises
    ------
    DataError
        If two columns would have the same name.
    """
    taking = _Taking(source, raw, {}, {}, {}, set())
    also = tuple(taking.other_numbers())
    notes = {**taking.whole_columns(), **taking.parts(), **taking.identities()}
    chosen_by = {called(wanted, raw.columns) for wanted in source.where}
    rest = [column for column in raw.columns if column not in taking.used | chosen_by]
    if source.others == "keep":
        _refuse_doubles(raw.file, taking.columns, rest)
        taking.columns.update({column: cleaned(raw.columns[column], source.blank) for column in rest})
        rest = []
    for name, text in source.constants.items():
        taking.columns.setdefault(name, _constant(text, len(raw)))
    notes["只有年月，按当月 1 日计 / months without a day, taken for the first, cells"] = list(taking.months())
    taking.read_cells()
    notes["换算 / converted"] = [
        f"{name} {unit} → {QUANTITIES[name].unit}" for name, unit in taking.units.items() if not same_unit(unit, name)
    ]
    notes["不是本库的列名，按文字保留 / no column of this library, kept as text"] = list(_misspelt(source))
    where = f"{raw.file} ({source.name})"
    said = [f"{where}: {what}: {', '.join(found)}" for what, found in notes.items() if found]
    return Named(columns=taking.columns, cells=taking.cells, unused=tuple(rest), also=also, notes=tuple(said))


@frozen(eq=False)
class _Taking:
    """What is taken from a table so far: columns and their units by name here, cells as they stood, names used up."""

    source: Source
    raw: RawTable
    columns: dict[str, AnyColumn]
    units: dict[str, str]
    cells: dict[str, Coded]
    used: set[str]

    def whole_columns(self) -> dict[str, list[str]]:
        """Take columns that become one or several, the first that is there for each name."""
        spare: list[str] = []
        absent: list[str] = []
        other: list[str] = []
        noted = self.source.others == "keep"
        for wanted, names in self.source.columns.items():
            unit = self.source.units.get(wanted, "")
            foreign = find_column(wanted, names, self.raw.columns, unit)
            if foreign is None:
                absent.append(wanted)
                other += [] if unit else list(_told(wanted, names, self.raw.columns))
                continue
            named_already = foreign in self.used
            self.used.add(foreign)
            free = [name for name in names if name not in self.columns]
            spare += [] if free or named_already else [foreign]
            column = cleaned(self.raw.columns[foreign], self.source.blank)
            self.columns.update(dict.fromkeys(free, column))
            self.units.update(dict.fromkeys(free, unit) if unit else {})
        return {
            "同义的列已另有一列 / columns whose name another one has taken": spare,
            "对照表里的列不在文件中 / mapped columns that are not there": absent if noted else [],
            "单位不同，未取用 / in another unit, and therefore not taken": list(dict.fromkeys(other)),
        }

    def parts(self) -> dict[str, list[str]]:
        """Take the parts of columns that are divided, unless they have columns of their own."""
        for wanted, names in self.source.split.items():
            unit = self.source.units.get(wanted, "")
            foreign = find_column(wanted, names, self.raw.columns, unit)
            if foreign is not None and not any(name in self.columns for name in names):
                self.used.add(foreign)
                whole = as_text(cleaned(self.raw.columns[foreign], self.source.blank))
                self.columns.update(dict(zip(names, _parts(whole, names), strict=True)))
                self.units.update(dict.fromkeys(names, unit) if unit else {})
                self.cells.update(dict.fromkeys(names, whole))
        return {}

    def identities(self) -> dict[str, list[str]]:
        """Fill birth date and sex from identity numbers where nothing else says them."""
        bad = 0
        for wanted in self.source.id_number:
            foreign = find_column(wanted, (), self.raw.columns)
            if foreign is not None:
                self.used.add(foreign)
                column = as_text(cleaned(self.raw.columns[foreign], self.source.blank))
                found = [identity_of(text) for text in column.categories]
                bad += int((column.known & np.array([one is None for one in found])[column.codes]).sum())
                births = ["" if one is None else one.birth.isoformat() for one in found]
                sexes = ["" if one is None else one.sex for one in found]
                self._fill("birth_date", recoded(column.codes, births))
                self._fill("sex", recoded(column.codes, sexes))
        what = "身份证号无法核对，未据以推算出生日期 / identity numbers that do not check, rows"
        return {what: [str(bad)]} if bad else {}

    def other_numbers(self) -> Iterator[Coded]:
        """Give the columns with other numbers of a person."""
        for wanted in self.source.also:
            foreign = find_column(wanted, (), self.raw.columns)
            if foreign is not None:
                self.used.add(foreign)
                yield as_text(identified(cleaned(self.raw.columns[foreign], self.source.blank)))

    def _fill(self, name: str, further: Coded) -> None:
        have = self.columns.get(name)
        self.columns[name] = further if have is None else _filled(as_text(have), further)

    def months(self) -> Iterator[str]:
        """Give the date columns with cells that say a month alone, and how many."""
        forms = self.source.dates
        for name, column in self.columns.items():
            if name in DATE_COLUMNS and isinstance(column, Coded) and not all(map(has_day, forms)):
                short = np.array([is_month(text.strip(), forms) for text in column.categories], np.bool_)
                if number := int(short[column.codes].sum()):
                    yield f"{name} × {number}"

    def read_cells(self) -> None:
        """Bring every cell into the form in which it is read here, and keep what stood there if that changed it."""
        for name, column in self.columns.items():
            made = column
            if name in DATE_COLUMNS:
                made = dated(column, self.source.dates)
            elif name in QUANTITIES and self.source.table == "events":
                made = measured(name, column, self.units.get(name, ""))
            elif name == "patient_id":
                made = identified(column)
            if made is not column:
                self.columns[name] = made
                self.cells.setdefault(name, as_text(column))


def _misspelt(source: Source) -> Iterator[str]:
    """Say which names are perhaps meant to be ones that mean something here: spb is no sbp."""
    known = _KNOWN[source.table]
    given = (name for names in (*source.columns.values(), *source.split.values()) for name in names)
    for name in dict.fromkeys((*given, *source.constants)):
        close = "" if name in known or name in _FURTHER else did_you_mean(name, known)
        if close.startswith("did you mean"):
            yield f"{name} ({close})"


def _told(wanted: str, names: Iterable[str], header: Iterable[str]) -> Iterator[str]:
    """Say which columns are in another unit, and how a mapping says that they are to be converted."""
    columns = tuple(header)
    for name in names:
        found = other_unit(wanted, name, columns)
        if found is not None:
            yield f'{found[0]} (写明 / say "{wanted}" = {{ name = "{name}", unit = "{found[1]}" }})'


def _refuse_doubles(file: str, columns: Mapping[str, AnyColumn], rest: Iterable[str]) -> None:
    faults = [
        Fault("duplicate_column", f"{file}, {column}", f"两列都成为 / two columns become {column!r}", "map one of them")
        for column in rest
        if column in columns
    ]
    if faults:
        raise DataError(f"{file}: 对照后列名重复 / the mapping gives two columns one name", faults)


def _constant(text: str, count: int) -> Coded:
    return Coded(np.full(count, 1 if text else 0, np.uint8), ("", text) if text else ("",))


def _filled(column: Coded, further: Coded) -> Coded:
    """Fill the blanks of a column from another."""
    stripped = recoded(column.codes, [category.strip() for category in column.categories])
    texts = (*stripped.categories, *further.categories)
    codes = np.where(stripped.known, stripped.codes, further.codes.astype(np.int32) + len(stripped.categories))
    return recoded(codes, texts)


def _parts(column: Coded, names: tuple[str, ...]) -> Iterator[Coded]:
    """Divide ``152/95``; a text that has not so many parts goes whole to each, to be refused as no number."""
    divided = []
    for category in column.categories:
        parts = [part.strip() for part in category.translate(_SLASHES).split("/")]
        divided.append(parts if len(parts) == len(names) else [category] * len(names))
    for i in range(len(names)):
        yield recoded(column.codes, [parts[i] for parts in divided])
