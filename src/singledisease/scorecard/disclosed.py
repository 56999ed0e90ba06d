"""A scorecard that may be published: small counts withheld, and what would give them away, and counts rounded."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NoReturn

import numpy as np
from attrs import evolve, field, frozen

from singledisease import intervals
from singledisease.dates import AT_ONCE, Maturity, Period
from singledisease.definitions.aggregate import Distribution, Ratio
from singledisease.definitions.citation import Names
from singledisease.definitions.derived import Derived
from singledisease.definitions.measure import COUNTED, EXCLUDED, NUMERATOR, OUTSIDE, UNKNOWN
from singledisease.definitions.resolve import Resolved
from singledisease.errors import UsageError
from singledisease.eventlog.log import Institutions
from singledisease.frozen_mapping import frozen_mapping
from singledisease.scorecard import show
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.disclosure_levels import Hidden, hidden_cells
from singledisease.scorecard.remarks import remarks_of
from singledisease.scorecard.show import Cell
from singledisease.tables import Heading, Table

SMALL, MADE_OF_SMALL, EXTREME = "small_count", "made_of_withheld", "one_person"
REASONS: Mapping[str, Heading] = MappingProxyType(
    {
        SMALL: (
            "人数过少，或可据以推出过少的人数",
            "a small count, or one from which a small count could be worked out",
        ),
        MADE_OF_SMALL: ("由未公布的数字算出", "made of figures that are withheld"),
        EXTREME: ("极值属于某一个人", "an extreme is the value of one person"),
    }
)
"""Why a figure is withheld.  Which of two counts is the small one is not said: that would give it away."""

_PEOPLE = ("initial_population", "excluded", "denominator", "numerator", "unknown")
_SHARES = ("rate", "ci_low", "ci_high", "bound_low", "bound_high")
_OF_VALUES = ("mean", "median", "q25", "q75")
_OF_SUMS = ("numerator", "denominator", "rate")


@frozen(kw_only=True)
class Disclosed:
    """What ``disclose`` gives: the figures of a scorecard as they may be published, and nothing behind them.

    It holds no exact count.  It becomes a table, text and files as a scorecard does, and refuses everything that is
    done with counts: adding, rolling up, differences, lists of people.

    Attributes
    ----------
    suppress_below, round_to
        What was asked for; ``None``: not.
    least
        The smallest count that is shown, beside 0: ``suppress_below``, or the least that is not rounded to 0.

    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01"}]
    >>> log = sd.read_frames(people, [{"patient_id": "P1", "date": "2024-09-03", "kind": "follow_up"}])
    >>> visited = sd.Measure(id="visited", numerator=sd.events("follow_up").within(sd.PERIOD).exists())
    >>> shown = sd.disclose(sd.evaluate(visited, log, period="2024"), suppress_below=5)
    >>> shown.table()["numerator"], shown.table()["withheld"][0]["rate"]
    ((None,), 'made_of_withheld')
    """

    measures: tuple[Resolved, ...]
    periods: tuple[Period, ...]
    by: tuple[str, ...]
    known_until: int | None
    derived: tuple[Derived, ...]
    remarks: tuple[Names, ...]
    suppress_below: int | None
    round_to: int | None
    least: int
    _shown: Mapping[str, tuple[Cell, ...]] = field(converter=frozen_mapping, repr=False, hash=False)
    _derived_figures: tuple[tuple[Derived, Cell], ...] = field(repr=False, hash=False)

    def cells(self, resolved: Resolved) -> Iterator[Cell]:
        """Give the figures of a measure, period by period, stratum by stratum."""
        return iter(self._shown[resolved.measure.id])

    def derived_cells(self) -> Iterator[tuple[Derived, Cell]]:
        """Give the figures that are derived from others."""
        return iter(self._derived_figures)

    def complete(self, period: Period, matures: Maturity = AT_ONCE) -> bool:
        """Say whether the period was over, and its question could be answered, when the data was known."""
        return self.known_until is None or matures.day_after(period.end) <= self.known_until

    def table(self) -> Table:
        """Give one row for each measure, period and stratum, as a scorecard does, and ``withheld``: figure: reason.

        A figure that is withheld is missing (null), never 0; ``REASONS`` says what the reasons are called.
        """
        return show.table_of(self)

    def to_json(self, indent: int | None = 2) -> str:
        """Write ``table()`` as a list of JSON objects."""
        return self.table().to_json(indent)

    def to_csv(self, *, spreadsheet_safe: bool = False) -> str:
        """Write ``table()`` as CSV."""
        return self.table().to_csv(spreadsheet_safe=spreadsheet_safe)

    def to_text(self, language: str = "en") -> str:
        """Write the figures for people to read, in ``zh`` or ``en``; ``[c]`` stands for what is withheld."""
        return "\n".join([show.text_of(self, language), *self.notes(language)])

    def notes(self, language: str) -> Iterator[str]:
        """Say what was withheld and rounded, and how."""
        zh = language == "zh"
        yield (
            f"{show.MARK}：未公布。人数为 1 至 {self.least - 1}，或可据以推出这样的人数"
            if zh
            else f"{show.MARK}: withheld. From 1 to {self.least - 1} people, or such a number could be worked out of it"
        )
        if self.round_to is not None:
            yield (
                f"人数取整到 {self.round_to} 的倍数，率由取整后的人数算出；各组之和可能与合计不符"
                if zh
                else f"counts are rounded to multiples of {self.round_to}, rates are made of them: sums may not agree"
            )

    def __str__(self) -> str:
        return self.to_text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return show.html_of(self)

    # WHAT IS REFUSED

    @property
    def counts(self) -> NoReturn:
        """Refuse: there are none."""
        self._refuse()

    @property
    def leaves(self) -> NoReturn:
        """Refuse: there are none."""
        self._refuse()

    @property
    def parts(self) -> NoReturn:
        """Refuse: there are none."""
        self._refuse()

    @property
    def institutions(self) -> Institutions:
        """No institutions: a figure is derived before it is disclosed."""
        return Institutions()

    def difference(self, other: Any) -> NoReturn:
        """Refuse: differences of what was published give away what was withheld."""
        self._refuse()

    def __add__(self, other: Any) -> NoReturn:
        self._refuse()

    __radd__ = __sub__ = __rsub__ = __add__

    def _refuse(self) -> NoReturn:
        raise UsageError(
            "这份记分卡已作披露处理，不含原始人数 / this scorecard was disclosed and holds no counts: "
            "merge, roll up, compare and list first, and disclose last"
        )


def disclose(
    score: Scorecard,
    *,
    suppress_below: int | None = None,
    round_to: int | None = None,
    institutions: Institutions | None = None,
) -> Disclosed:
    """Withhold the small counts of a scorecard, and what would give them away, and round the others.

    Last of all, never before merging.  What is published together is disclosed together, in one scorecard: what is
    withheld in one table may stand in another one.

    Parameters
    ----------
    score
        By any strata, rolled up or not.
    suppress_below
        Counts from 1 to one less are withheld.  There is no default: which number is right is for whoever publishes
        to say.
    round_to
        Counts are rounded to the nearest multiple, halves upwards, and rates are made of the rounded counts; a count
        that would be rounded to 0 is withheld as a small one.
    institutions
        Of counts alone that were rolled up: those that were given to ``roll_up``.

    Returns
    -------
    Disclosed
        With a count withheld further counts are: the groups that add up with it to a sum that is shown, and further
        strata, until no count from 1 to ``suppress_below - 1`` can be worked out of all the figures of a period,
        totals over the strata and institutions above included.  Measures of one disease are withheld in the same
        strata.  0 is shown as 0.

    Raises
    ------
    UsageError
        If neither number is given, or one is less than 2; if it was disclosed before; or if institutions are needed.

    >>> import singledisease as sd
    >>> log = sd.simulate(patients=120, seed=2).log()
    >>> score = sd.evaluate(sd.measures("cn-bphs-2017", diseases="hypertension"), log, period="2024", by=["age_band"])
    >>> shown = sd.disclose(score, suppress_below=5).table()
    >>> few = next(row for row in shown if row["numerator"] is None)
    >>> few["numerator"], few["withheld"]["numerator"]
    (None, 'small_count')
    """
    least = _least(suppress_below, round_to)
    hidden = hidden_cells(score, least, institutions)
    places = {period: p for p, period in enumerate(score.periods)}
    published: dict[str, tuple[Cell, ...]] = {}
    for resolved in score.measures:
        name = resolved.measure.id
        published[name] = tuple(
            _published(resolved.measure, cell, hidden.get((name, places[cell.period]), Hidden()), round_to)
            for cell in score.cells(resolved)
        )
    return Disclosed(
        measures=score.measures,
        periods=score.periods,
        by=score.by,
        known_until=score.known_until,
        derived=score.derived,
        remarks=remarks_of(score, score.contents, with_numbers=False),
        suppress_below=suppress_below,
        round_to=round_to,
        least=least,
        shown=published,
        derived_figures=tuple(_derived(score, published)),
    )


def _least(suppress_below: int | None, round_to: int | None) -> int:
    given = {"suppress_below": suppress_below, "round_to": round_to}
    if suppress_below is None and round_to is None:
        raise UsageError("say what is withheld or rounded: suppress_below=…, round_to=…")
    for name, number in given.items():
        if number is not None and (isinstance(number, bool) or not isinstance(number, int) or number < 2):
            raise UsageError(f"{name}={number!r} is no whole number of at least 2")
    # Half of the base is the least that is rounded upwards.
    return max(suppress_below or 0, math.ceil((round_to or 0) / 2))


# ONE CELL


def _published(measure: Any, cell: Cell, hidden: Hidden, base: int | None) -> Cell:
    reasons = dict(_withheld(measure, cell, hidden))
    groups = tuple(_hidden_groups(cell, hidden))
    shown = {
        group: None if group in groups else _rounded(cell.groups.get(group), base)
        for group in cell.counted.groups
        if group in groups or group in cell.groups
    }
    figures = {name: None if name in reasons else value for name, value in cell.figures.items()}
    if base is not None:
        figures = _all_rounded(measure, figures, base)
    because = {name: reason for name, reason in reasons.items() if name in cell.figures}
    return evolve(
        cell,
        groups=shown,
        figures=figures,
        withheld={**because, **{f"groups.{group}": SMALL for group in groups}},
    )


def _hidden_groups(cell: Cell, hidden: Hidden) -> Iterator[str]:
    for g, where in hidden.groups.items():
        if cell.stratum in where:
            yield cell.counted.groups[g]


def _withheld(measure: Any, cell: Cell, hidden: Hidden) -> Iterator[tuple[str, str]]:
    """Give the figures that are withheld, with the reason; every one of them that there could be."""
    gone = set(_hidden_groups(cell, hidden))
    yield from ((name, EXTREME) for name in ("minimum", "maximum"))
    if cell.stratum in hidden.whole or OUTSIDE in gone:
        yield "initial_population", SMALL
    if any(group.startswith(EXCLUDED) for group in gone):
        yield "excluded", SMALL
    if UNKNOWN in gone:
        yield "unknown", SMALL
    if isinstance(measure, Ratio | Distribution):
        yield from _withheld_amounts(measure, cell, hidden, counted_is_gone=COUNTED in gone)
        return
    if cell.stratum in hidden.whole:
        yield "denominator", SMALL
    if NUMERATOR in gone:
        yield "numerator", SMALL
        yield from ((name, MADE_OF_SMALL) for name in _SHARES if cell.figures[name] is not None)
    if UNKNOWN in gone and cell.figures["bound_high"] is not None:
        yield "bound_high", MADE_OF_SMALL


def _withheld_amounts(
    measure: Ratio | Distribution, cell: Cell, hidden: Hidden, *, counted_is_gone: bool
) -> Iterator[tuple[str, str]]:
    if counted_is_gone:
        yield from ((name, SMALL) for name in ("people", "count"))
        names = _OF_SUMS if isinstance(measure, Ratio) else _OF_VALUES
        yield from ((name, MADE_OF_SMALL) for name in names if cell.figures[name] is not None)
    elif cell.stratum in hidden.sums and isinstance(measure, Ratio):
        yield from ((name, SMALL) for name in _OF_SUMS)


# ROUNDING


def _rounded(number: Any, base: int | None) -> Any:
    if number is None or base is None:
        return number
    return base * math.floor(number / base + 0.5)


def _all_rounded(measure: Any, figures: Mapping[str, Any], base: int) -> dict[str, Any]:
    """Round the counts, and the sums of a ratio, and make the rates of them."""
    made = {
        name: _rounded(value, base) if name in (*_PEOPLE, "people", "count") else value
        for name, value in figures.items()
    }
    if isinstance(measure, Distribution):
        return made
    if made["rate"] is None:
        return made
    numerator, denominator = made["numerator"], made["denominator"]
    if isinstance(measure, Ratio):
        return {**made, "rate": numerator / denominator * measure.per if denominator else None}
    return {**made, **_shares(numerator, made["unknown"], denominator)}


def _shares(numerator: int, unknown: int | None, denominator: int) -> dict[str, float | None]:
    """Make the shares of rounded counts; a part is never rounded to more than the whole, but two parts may be."""
    low, high = intervals.wilson(np.array(numerator), np.array(denominator))
    rate = numerator / denominator
    at_most = None if unknown is None else min(numerator + unknown, denominator) / denominator
    return dict(zip(_SHARES, (rate, float(low), float(high), rate, at_most), strict=True))


# DERIVED FIGURES


def _derived(score: Scorecard, published: Mapping[str, Sequence[Cell]]) -> Iterator[tuple[Derived, Cell]]:
    """Derive figures from what is published; one that was there and is no longer is withheld."""
    exact = dict(_by_place(score.derived_cells()))
    for each, cell in show.derived_of(score, published):
        before = exact[each.id, cell.period, cell.stratum]
        gone = before.figures["value"] is not None and cell.figures["value"] is None
        yield each, evolve(cell, withheld={"value": MADE_OF_SMALL} if gone else {})


def _by_place(cells: Iterator[tuple[Derived, Cell]]) -> Iterator[tuple[tuple[Any, ...], Cell]]:
    for each, cell in cells:
        yield (each.id, cell.period, cell.stratum), cell
