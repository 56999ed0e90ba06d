"""A scorecard that may be published: small counts withheld, and what would give them away, and counts rounded."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from attrs import field, frozen

from singledisease.dates import AT_ONCE, Maturity, Period
from singledisease.definitions.citation import Names
from singledisease.definitions.derived import Derived
from singledisease.definitions.resolve import Resolved
from singledisease.errors import UsageError
from singledisease.eventlog.log import InstitutionColumns
from singledisease.frozen_mapping import frozen_mapping
from singledisease.scorecard import show
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.disclosure_levels import Hidden, hidden_cells
from singledisease.scorecard.published_cells import published_cell, published_derived
from singledisease.scorecard.remarks import remarks_of
from singledisease.scorecard.show import FigureCell
from singledisease.tables import Table


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
    _shown: Mapping[str, tuple[FigureCell, ...]] = field(converter=frozen_mapping, repr=False, hash=False)
    _derived_figures: tuple[tuple[Derived, FigureCell], ...] = field(repr=False, hash=False)

    def cells(self, resolved: Resolved) -> Iterator[FigureCell]:
        """Give the figures of a measure, period by period, stratum by stratum."""
        return iter(self._shown[resolved.measure.id])

    def derived_cells(self) -> Iterator[tuple[Derived, FigureCell]]:
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
    def institutions(self) -> InstitutionColumns:
        """No institutions: a figure is derived before it is disclosed."""
        return InstitutionColumns()

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
    institutions: InstitutionColumns | None = None,
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
    published: dict[str, tuple[FigureCell, ...]] = {}
    for resolved in score.measures:
        name = resolved.measure.id
        published[name] = tuple(
            published_cell(resolved.measure, cell, hidden.get((name, places[cell.period]), Hidden()), round_to)
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
        derived_figures=tuple(published_derived(score, published)),
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
