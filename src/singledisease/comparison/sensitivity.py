"""One measure under every reading of its contested words: how far the figure moves, and who changes sides."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.comparison.placements import Placements, placements_of
from singledisease.comparison.policy_product import LIMIT, PolicyReading, Varied, readings_of
from singledisease.dates import Period
from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.measure import DENOMINATOR_GROUPS, NUMERATOR, Measure
from singledisease.definitions.resolve import resolve
from singledisease.errors import Fault, UsageError, did_you_mean
from singledisease.eventlog.log import EventLog
from singledisease.scorecard.engine import EngineName
from singledisease.scorecard.rates import figures
from singledisease.tables import Heading, Table, displayed

HEADINGS: Mapping[str, Heading] = MappingProxyType(
    {
        "reading": ("读法", "Reading"),
        "changed": ("与基准不同的口径", "Policies that differ"),
        "initial_population": ("人群", "Population"),
        "excluded": ("排除", "Excluded"),
        "denominator": ("分母", "Denominator"),
        "numerator": ("分子", "Numerator"),
        "unknown": ("其中未知", "of them unknown"),
        "rate": ("率", "Rate"),
        "difference": ("与基准之差（百分点）", "Difference, percentage points"),
        "moved": ("换组人数", "Changed group"),
        "into_numerator": ("进入分子", "Into numerator"),
        "out_of_numerator": ("离开分子", "Out of numerator"),
        "into_denominator": ("进入分母", "Into denominator"),
        "out_of_denominator": ("离开分母", "Out of denominator"),
        "patient_id": ("患者编号", "Patient"),
        "date": ("日期", "Date"),
        "before": ("基准分组", "Group before"),
        "after": ("此读法分组", "Group under it"),
    }
)
COLUMNS: tuple[str, ...] = (
    *("reading", "changed", "policy", "initial_population", "excluded", "denominator", "numerator", "unknown"),
    *("rate", "difference", "moved", "into_numerator", "out_of_numerator", "into_denominator", "out_of_denominator"),
)
"""Columns of ``Sensitivity.table``, in order."""
_FOR_MACHINES = ("policy", "initial_population", "excluded", "unknown")


@displayed
@frozen(eq=False, kw_only=True)
class Sensitivity:
    """A measure in one period under several readings; the first is the one the others are compared with.

    Attributes
    ----------
    readings
        The option of every policy, and what differs from the first.
    placements
        Who is in which group under each of them.

    >>> import singledisease as sd
    >>> people = [{"patient_id": who, "birth_date": "1970-03-01"} for who in ("P1", "P2")]
    >>> rows = [{"patient_id": who, "date": "2023-06-01", "kind": "enrolment"} for who in ("P1", "P2")]
    >>> rows += [{"patient_id": "P2", "date": "2024-02-01", "kind": "lost"}]
    >>> visit = {"kind": "follow_up", "mode": "clinic", "sbp": 128, "dbp": 78}
    >>> rows += [{"patient_id": "P1", "date": "2024-09-03", **visit}]
    >>> rows = [{**row, "disease": "hypertension"} for row in rows]
    >>> control = sd.measures("cn-bphs-2017", diseases="hypertension")[2]
    >>> found = sd.sensitivity(control, sd.read_frames(people, rows), period="2024", vary=["lost"])
    >>> [(row["changed"], row["rate"]) for row in found.table()]
    [('', 0.5), ('lost=exclude', 1.0)]
    >>> found.people()["patient_id"], found.people()["after"]
    (('P2',), ('excluded:lost',))
    """

    measure: Measure
    period: Period
    readings: tuple[PolicyReading, ...]
    placements: Placements

    def table(self) -> Table:
        """Give one row for each reading, as it is counted and beside the first.

        Returns
        -------
        Table
            ``COLUMNS``: ``reading`` (its number, from 0), ``changed`` (``lost=exclude``; blank: nothing), ``policy``
            (all of them), the counts and the ``rate`` (missing where the denominator is 0), its ``difference`` to
            that of the first, and how many people (or rows) are in another group than under the first, of them
            those who came into the numerator or the denominator and those who left it.
        """
        rows = [self._row(number, reading) for number, reading in enumerate(self.readings)]
        formats = {"rate": ".1%", "difference": "+.1pp"}
        return Table.of_rows(COLUMNS, rows, headings=HEADINGS, formats=formats)

    def _row(self, number: int, reading: PolicyReading) -> list[Any]:
        found, first = self._figures(number), self._figures(0)
        rate, base = found["rate"], first["rate"]
        difference = None if rate is None or base is None else rate - base
        return [number, reading.text, dict(reading.policy), *found.values(), difference, *self._moves(number)]

    def _figures(self, number: int) -> dict[str, Any]:
        counts = self.placements.counts(number)
        made = figures(tuple(counts), np.array([*counts.values()], np.int64))
        # Of a count nobody asks the rate.
        rate = float(made.rate) if self.measure.form == "proportion" else math.nan
        whole = ("initial_population", "excluded", "denominator", "numerator", "unknown")
        return {**{name: int(getattr(made, name)) for name in whole}, "rate": None if math.isnan(rate) else rate}

    def _moves(self, number: int) -> Iterator[int]:
        yield int(self._moved(number).sum())
        for among in ((NUMERATOR,), DENOMINATOR_GROUPS):
            inside = self.placements.chosen(among.__contains__)
            yield int((inside[number] & ~inside[0]).sum())
            yield int((inside[0] & ~inside[number]).sum())

    def _moved(self, number: int) -> NDArray[np.bool_]:
        return np.asarray(self.placements.codes[number] != self.placements.codes[0])

    def people(self, reading: int | Mapping[str, str] | None = None) -> Table:
        """List who is in another group than under the first reading.

        Parameters
        ----------
        reading
            Its number, or what it changes: ``{"lost": "exclude"}``; ``None``: of all readings, one after the other.

        Returns
        -------
        Table
            ``patient_id``, of a measure of rows ``date``, ``changed``, ``before`` and ``after``: the group under the
            first reading and under this one; blank: a row that is not counted.

        Raises
        ------
        UsageError
            If there is no such reading.
        """
        numbers = range(len(self.readings)) if reading is None else (self._number(reading),)
        of_rows = self.placements.dates is not None
        names = ("patient_id", *(("date",) if of_rows else ()), "changed", "before", "after")
        return Table.of_rows(names, [row for number in numbers for row in self._movers(number)], headings=HEADINGS)

    def _movers(self, number: int) -> Iterator[list[Any]]:
        placed, text = self.placements, self.readings[number].text
        for member in np.flatnonzero(self._moved(number)).tolist():
            day = () if placed.dates is None else (placed.date(member),)
            groups = (placed.groups[placed.codes[r, member]] for r in (0, number))
            yield [placed.ids[member], *day, text, *groups]

    def _number(self, reading: int | Mapping[str, str]) -> int:
        if isinstance(reading, Mapping):
            wanted = {name: option for name, option in reading.items() if self.readings[0].policy.get(name) != option}
            for number, one in enumerate(self.readings):
                if dict(one.changed) == wanted:
                    return number
            text = ", ".join(f"{name}={option}" for name, option in wanted.items())
            raise _no_reading(text, did_you_mean(text, [one.text for one in self.readings[1:]]))
        if not 0 <= reading < len(self.readings):
            raise _no_reading(str(reading), f"there are 0 to {len(self.readings) - 1}")
        return reading

    def single(self) -> Sensitivity:
        """Give the readings that change one policy only, beside the first."""
        few = [number for number, one in enumerate(self.readings) if len(one.changed) <= 1]
        chosen = sorted(few, key=lambda number: [*self.readings[number].changed])
        placed = evolve(self.placements, codes=self.placements.codes[chosen])
        return evolve(self, readings=tuple(self.readings[number] for number in chosen), placements=placed)

    def __add__(self, other: Sensitivity) -> Sensitivity:
        """Add that of other people: the same measure, period and readings."""
        if (self.measure, self.period, self.readings) != (other.measure, other.period, other.readings):
            raise UsageError("sensitivities that differ in measure, period or readings cannot be added")
        return evolve(self, placements=self.placements + other.placements)

    @property
    def range(self) -> tuple[float, float] | None:
        """The lowest and the highest rate of all readings; ``None`` if none has one."""
        rates = [rate for rate in self.table()["rate"] if rate is not None]
        return (min(rates), max(rates)) if rates else None

    def to_text(self, language: str = "en") -> str:
        """Write the readings for people to read, in ``zh`` or ``en``."""
        table = self.table()
        shown = evolve(table, columns={name: table[name] for name in COLUMNS if name not in _FOR_MACHINES})
        return "\n".join([self.title.in_language(language), shown.to_text(language), *self.notes_in(language)])

    @property
    def title(self) -> Names:
        """Which measure, in which period."""
        names = self.measure.names
        return Names(f"{names.zh}，{self.period.name}", f"{names.en}, {self.period.name}")

    def notes_in(self, language: str) -> Iterator[str]:
        """Say what the first reading is, and how far the others lie apart."""
        first = ", ".join(f"{name}={option}" for name, option in self.readings[0].policy.items())
        yield f"基准读法：{first}" if language == "zh" else f"compared with: {first}"
        if self.range:
            low, high = (f"{100 * rate:.1f} %" for rate in self.range)
            many = len(self.readings)
            yield f"{many} 种读法：{low} 至 {high}" if language == "zh" else f"{many} readings: {low} to {high}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What is said below the table."""
        return tuple(self.notes_in("en"))

    def __str__(self) -> str:
        return self.to_text()


def _no_reading(where: str, hint: str) -> UsageError:
    return UsageError("no such reading:", [Fault("unknown_reading", f"reading={where}", "was not evaluated", hint)])


def sensitivity(
    measure: Measure,
    logs: Iterable[EventLog],
    period: Period,
    diseases: Mapping[str, Disease],
    *,
    policy: Mapping[str, str] | None = None,
    vary: Varied | None = None,
    one_at_a_time: bool = False,
    limit: int = LIMIT,
    engine: EngineName = "columnar",
) -> Sensitivity:
    """Evaluate a measure under every reading of its policies; parameters are those of the public function.

    ``logs`` share nobody, and are as they were known on the day asked about.
    """
    check_varied(measure)
    readings = readings_of(measure, diseases, policy=policy, vary=vary, one_at_a_time=one_at_a_time, limit=limit)
    resolved = [resolve(measure, diseases, one.policy) for one in readings]
    placed = (placements_of(resolved, log, period, engine) for log in logs)
    whole = next(placed)
    for further in placed:
        whole = whole + further
    return Sensitivity(measure=measure, period=period, readings=readings, placements=whole)


def check_varied(measure: Any) -> None:
    """Refuse what has no numerator and denominator of people or rows."""
    if not isinstance(measure, Measure):
        what = f"{getattr(measure, 'id', measure)!s} is a {type(measure).__name__}"
        fault = Fault("no_groups", what, "expected a Measure, which puts each person or row into a group")
        raise UsageError("this cannot be compared reading by reading:", [fault])
