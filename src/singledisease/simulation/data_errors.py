"""Slips of the pen: rows and readings that will be refused, each for one reason that is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.dates import MISSING, date_of
from singledisease.eventlog.columns import AnyColumn, Coded, Dates, Numbers
from singledisease.eventlog.parse_column import as_text
from singledisease.simulation.county import Residents
from singledisease.simulation.event_classes import Indices
from singledisease.vocabulary import Quantity

Columns = dict[str, AnyColumn]
_CENTURY = 36525


@frozen(eq=False)
class SlipRows:
    """The rows that slips are made in: which of the table, whose, and on which day."""

    columns: Columns
    at: Indices
    person: NDArray[Any]
    day: NDArray[np.int32]
    people: Residents
    quantities: Mapping[str, Quantity]

    def those(self, chosen: NDArray[np.bool_]) -> SlipRows:
        """Give some of them."""
        at, person, day = self.at[chosen], self.person[chosen], self.day[chosen]
        return SlipRows(self.columns, at, person, day, self.people, self.quantities)

    def known(self, name: str) -> NDArray[np.bool_]:
        """Tell where a column has a value."""
        column = self.columns.get(name)
        return np.zeros(len(self.at), np.bool_) if column is None else column.known[self.at]

    def kind_is(self, kind: str) -> NDArray[np.bool_]:
        """Tell where the kind is this."""
        column = self.columns["kind"]
        assert isinstance(column, Coded)
        code = column.categories.index(kind) if kind in column.categories else -1
        return np.asarray(column.codes[self.at] == code)

    # WRITING

    def write(self, name: str, texts: list[str]) -> None:
        """Write texts into a column, which is made one of text."""
        column = as_text(self.columns[name])
        lookup = {text: code for code, text in enumerate(column.categories)}
        codes = column.codes.astype(np.int32)
        codes[self.at] = [lookup.setdefault(text, len(lookup)) for text in texts]
        self.columns[name] = Coded(codes, lookup)

    def write_days(self, days: NDArray[np.int32]) -> None:
        """Write days into the column of dates."""
        column = self.columns["date"]
        if isinstance(column, Dates):
            values = column.values.copy()
            values[self.at] = days
            self.columns["date"] = Dates(values)
        else:
            self.write("date", ["" if day == MISSING else date_of(day).isoformat() for day in days.tolist()])

    def write_numbers(self, name: str, numbers: NDArray[np.float64]) -> None:
        """Write numbers into a quantity."""
        column = self.columns[name]
        assert isinstance(column, Numbers)
        values = column.values.copy()
        values[self.at] = numbers
        self.columns[name] = Numbers(values)


# WHAT CAN GO WRONG


def _always(rows: SlipRows) -> NDArray[np.bool_]:
    return np.ones(len(rows.at), np.bool_)


def _nobody(rows: SlipRows) -> None:
    rows.write("patient_id", [f"{rows.people.ids[person]}-1" for person in rows.person.tolist()])


def _of_nothing(rows: SlipRows) -> None:
    for name in ("disease", "code"):
        if name in rows.columns:
            rows.write(name, [""] * len(rows.at))


def _century_before(rows: SlipRows) -> None:
    before = rows.people.birth[rows.person] - 1
    rows.write_days(np.minimum(rows.day - _CENTURY, before).astype(np.int32))


def _blank(name: str) -> Callable[[SlipRows], None]:
    return lambda rows: rows.write(name, [""] * len(rows.at))


def _dates(write: Callable[[int], str]) -> Callable[[SlipRows], None]:
    return lambda rows: rows.write("date", [write(day) for day in rows.day.tolist()])


@frozen(eq=False)
class RowSlip:
    """A reason for which a row is refused: where it can be made, and how.

    ``text``: only a file of text can hold it; a typed column knows no 30 February.
    """

    possible: Callable[[SlipRows], NDArray[np.bool_]]
    make: Callable[[SlipRows], None]
    text: bool = False


SLIPS: Mapping[str, RowSlip] = {
    "not_in_list": RowSlip(
        lambda rows: rows.known("mode"), lambda rows: rows.write("mode", ["walk-in"] * len(rows.at))
    ),
    "unknown_person": RowSlip(_always, _nobody),
    "blank_person": RowSlip(_always, _blank("patient_id")),
    "blank_kind": RowSlip(_always, _blank("kind")),
    "blank_date": RowSlip(_always, lambda rows: rows.write_days(np.full(len(rows.at), MISSING, np.int32))),
    "before_birth": RowSlip(_always, _century_before),
    "after_death": RowSlip(
        lambda rows: rows.people.death[rows.person] != MISSING,
        lambda rows: rows.write_days((rows.people.death[rows.person] + 7).astype(np.int32)),
    ),
    "enrolment_without_disease": RowSlip(lambda rows: rows.kind_is("enrolment"), _of_nothing),
    "impossible_date": RowSlip(_always, _dates(lambda day: f"{date_of(day).year}-02-30"), text=True),
    "not_a_date": RowSlip(_always, _dates(lambda day: f"{date_of(day):%Y.%m}"), text=True),
}
"""By the check that refuses the row.  Columns that become text stand last: days are written before."""


def spoil(rows: SlipRows, *, text: bool, chance: np.random.Generator) -> dict[str, int]:
    """Make a slip in each of some rows, each for one reason of those that are possible there.

    Parameters
    ----------
    rows
        The rows; their table is changed.
    text
        Whether the table will be a file of text.
    chance
        The dice.

    Returns
    -------
    dict
        How many rows will be refused, by the check that refuses them.
    """
    usable = {check: slip for check, slip in SLIPS.items() if text or not slip.text}
    possible = np.stack([slip.possible(rows) for slip in usable.values()])
    chosen = np.where(possible, chance.random(possible.shape), -1).argmax(axis=0)
    made = {}
    for number, (check, slip) in enumerate(usable.items()):
        here = chosen == number
        if here.any():
            slip.make(rows.those(here))
            made[check] = int(here.sum())
    return made


# READINGS


def unmeasured(rows: SlipRows) -> NDArray[np.bool_]:
    """Tell at which follow-ups nothing was measured."""
    read = [rows.known(name) for name in rows.quantities]
    return np.asarray(rows.kind_is("follow_up") & ~np.logical_or.reduce([np.zeros(len(rows.at), np.bool_), *read]))


def misread(rows: SlipRows, which: NDArray[np.int64], *, text: bool) -> dict[str, int]:
    """Write into rows without a reading a number that none can be: it will be refused, and the row kept.

    Parameters
    ----------
    rows
        The rows; their table is changed.
    which
        A random number of each row, the same for rows that repeat each other: it says what goes wrong.
    text
        Whether the table will be a file of text.

    Returns
    -------
    dict
        How many readings will be refused, by the check that refuses them.
    """
    names = [name for name in rows.quantities if isinstance(rows.columns.get(name), Numbers)]
    if not names:
        return {}
    crossed = ("dbp_not_below_sbp",) if {"sbp", "dbp"} <= set(names) else ()
    checks = ("out_of_bounds", *crossed, *(("not_a_number",) if text else ()))
    made: dict[str, int] = {}
    # Texts come last, and each quantity in its turn: a column of text takes no numbers any more.
    for number, check in enumerate(checks):
        for place, name in enumerate(names):
            here = (which % len(checks) == number) & (which // len(checks) % len(names) == place)
            if here.any():
                _misread(rows.those(here), check, rows.quantities[name])
                made[check] = made.get(check, 0) + int(here.sum())
    return made


def _misread(rows: SlipRows, check: str, quantity: Quantity) -> None:
    match check:
        case "out_of_bounds":
            rows.write_numbers(quantity.name, np.full(len(rows.at), quantity.high + abs(quantity.high) + 1))
        case "dbp_not_below_sbp":
            for name, number in (("sbp", 80.0), ("dbp", 120.0)):
                rows.write_numbers(name, np.full(len(rows.at), number))
        case _:
            rows.write(quantity.name, ["?"] * len(rows.at))
