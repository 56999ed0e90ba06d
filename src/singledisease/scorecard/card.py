"""The scorecard: counts with what they were made from, so that every figure can be asked why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from singledisease.dates import AT_ONCE, Maturity, Period
from singledisease.definitions.citation import Names
from singledisease.definitions.derived import Derived
from singledisease.definitions.resolve import Resolved
from singledisease.errors import UsageError, require_kind
from singledisease.eventlog.log import InstitutionColumns
from singledisease.eventlog.report import LoadReport
from singledisease.read_only import holds_arrays
from singledisease.scorecard import identities, show
from singledisease.scorecard.assign import counted_of, groups_of
from singledisease.scorecard.count import Groups
from singledisease.scorecard.counts import OF_PLACES, Counted, Counts, merge
from singledisease.scorecard.log_contents import LogContents, contents_of
from singledisease.scorecard.part import Part
from singledisease.scorecard.parts_on_demand import PartsOnDemand
from singledisease.scorecard.remarks import remarks_of
from singledisease.scorecard.rollup import joined, parents_of, roll_up_counts
from singledisease.scorecard.row_groups import RowGroups
from singledisease.tables import Table

if TYPE_CHECKING:
    from singledisease.scorecard.difference import ScoreDifference


@holds_arrays
@frozen(eq=False, kw_only=True)
class Scorecard:
    """Counts of every measure by period, stratum and group; whoever makes one has its identities checked.

    Attributes
    ----------
    measures
        Resolved, with the policies in force.
    periods
        Ascending.
    by
        Names of the strata.
    known_until
        The day of ``as_of``, or ``None``.
    parts
        The people, in one or several parts that share nobody; none of a scorecard of counts alone.  Of a registry
        in parts they are made when they are asked for (``PartsOnDemand``).
    leaves
        The counts before roll-up, if it was rolled up.
    derived
        Figures made of those that are counted, worked out whenever they are shown.

    >>> import singledisease as sd
    >>> people = [{"patient_id": "P1", "birth_date": "1950-03-01", "sex": "male"},
    ...           {"patient_id": "P2", "birth_date": "1960-03-01", "sex": "female"}]
    >>> log = sd.read_frames(people, [{"patient_id": "P1", "date": "2024-09-03", "kind": "follow_up"}])
    >>> visited = sd.Measure(id="visited", numerator=sd.events("follow_up").within(sd.PERIOD).exists())
    >>> score = sd.evaluate(visited, log, period="2024", by="sex")
    >>> [(row["by"]["sex"], row["numerator"], row["denominator"], row["rate"]) for row in score.table()]
    [('female', 0, 1, 0.0), ('male', 1, 1, 1.0)]
    """

    measures: tuple[Resolved, ...]
    periods: tuple[Period, ...]
    by: tuple[str, ...] = ()
    known_until: int | None = None
    counts: Counts
    parts: tuple[Part, ...] | PartsOnDemand
    leaves: Counts | None = None
    derived: tuple[Derived, ...] = ()

    def __attrs_post_init__(self) -> None:
        counts = self.leaves or self.counts
        of_rows = {counted_of(one, self.by) for one in self.measures if one.measure.of is not None}
        if isinstance(self.parts, PartsOnDemand):
            # Each part was checked person by person when it was counted.
            identities.check(counts, None, self.parts.contents.people, of_rows)
        elif self.parts:
            people = sum(len(part.log.people) for part in self.parts)
            identities.check(counts, self._whole(), people, of_rows)
        else:
            identities.check_alone(counts)

    def _whole(self) -> dict[Counted, NDArray[np.int64]]:
        return {
            counted_of(resolved, self.by): sum(
                (
                    _in_groups(part.assigned[m], len(groups_of(resolved.measure)), len(self.periods))
                    for part in self.parts
                ),
                start=np.zeros((len(self.periods), len(groups_of(resolved.measure))), np.int64),
            )
            for m, resolved in enumerate(self.measures)
        }

    def __add__(self, other: Scorecard) -> Scorecard:
        """Add the scorecard of other people: same measures, policies, periods and strata.

        Parts that are made on demand are then made one after the other, and kept.

        Raises
        ------
        UsageError
            If they differ in any of these, share a person, or count institutions of which both have some.
        """
        if not isinstance(other, Scorecard):
            return NotImplemented
        _check_addable(self, other)
        counts = merge((self.counts, other.counts), places_differ=True)
        return evolve(self, counts=counts, parts=(*self.parts, *other.parts))

    @property
    def institutions(self) -> InstitutionColumns:
        """The institutions of all parts."""
        if isinstance(self.parts, PartsOnDemand):
            return self.parts.institutions
        return joined([part.log.institutions for part in self.parts])

    @property
    def contents(self) -> tuple[LogContents, ...]:
        """What the logs hold in which it was counted: how many people and events, and which words."""
        if isinstance(self.parts, PartsOnDemand):
            return (self.parts.contents,)
        return tuple(contents_of(part.log) for part in self.parts)

    @property
    def reports(self) -> tuple[LoadReport, ...]:
        """What became of the rows of each log."""
        if isinstance(self.parts, PartsOnDemand):
            return (self.parts.report,)
        return tuple(part.log.report for part in self.parts)

    @property
    def remarks(self) -> tuple[Names, ...]:
        """What has to be known beside the figures: what the log never holds, a denominator that nobody entered.

        Examples
        --------
        >>> import singledisease as sd
        >>> log = sd.simulate(patients=50, seed=1).log()
        >>> oxygen = sd.Measure(id="oxygen", numerator=sd.events("home_oxygen").within(sd.PERIOD).exists())
        >>> print(sd.evaluate(oxygen, log, period="2024").remarks[0].en)
        oxygen: the log holds no event of kind home_oxygen
        """
        return remarks_of(self, self.contents)

    def difference(self, other: Scorecard) -> ScoreDifference:
        """Say what moved from this scorecard to another one: cells, people, events; see ``score_difference``."""
        from singledisease.scorecard.difference import score_difference  # noqa: PLC0415  (it stands above this module)

        return score_difference(self, other)

    def complete(self, period: Period, matures: Maturity = AT_ONCE) -> bool:
        """Say whether the period was over, and its question could be answered, when the data was known."""
        return self.known_until is None or matures.day_after(period.end) <= self.known_until

    def cells(self, resolved: Resolved) -> Iterator[show.FigureCell]:
        """Give the figures of a measure, period by period, stratum by stratum."""
        return show.cells_of(self, resolved)

    def derived_cells(self) -> Iterator[tuple[Derived, show.FigureCell]]:
        """Give the figures that are derived from others."""
        return show.derived_cells(self)

    def table(self) -> Table:
        """Give one row for each measure, period and stratum; see ``show.table_of`` for the columns."""
        return show.table_of(self)

    def to_json(self, indent: int | None = 2) -> str:
        """Write ``table()`` as a list of JSON objects."""
        return self.table().to_json(indent)

    def to_csv(self, *, spreadsheet_safe: bool = False) -> str:
        """Write ``table()`` as CSV."""
        return self.table().to_csv(spreadsheet_safe=spreadsheet_safe)

    def to_text(self, language: str = "en") -> str:
        """Write the figures for people to read, in ``zh`` or ``en``, with the policies they rest on."""
        return show.text_of(self, language)

    def __str__(self) -> str:
        return show.brief_of(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return show.html_of(self)


def parts_of(score: Scorecard) -> Sequence[Part]:
    """Give the people of a scorecard.

    Raises
    ------
    UsageError
        If it was made of counts alone.
    """
    if not score.parts:
        raise UsageError("this scorecard was made of counts alone: ask the log or the part in which they were counted")
    return score.parts


def require_scorecard(score: object, named: str = "") -> None:
    """Refuse what is no scorecard, or holds no counts any more because it was disclosed; raises ``UsageError``.

    ``named`` is the argument that it was given for.
    """
    require_kind(score, Scorecard, way="sd.evaluate(…)（未作披露处理 / not disclosed）", named=named)


def roll_up(score: Scorecard, institutions: InstitutionColumns | None = None) -> Scorecard:
    """Give every institution, at every level, the sum of itself and of all below it.

    Parameters
    ----------
    score
        By institution.
    institutions
        Of a scorecard of counts alone, ``log.institutions`` of any part; otherwise those of its people's logs.

    Raises
    ------
    UsageError
        If the scorecard is not by institution, was rolled up before, or no institutions are known.
    DataError
        If the institutions' parents go round in a circle, or the parts differ in them.
    IdentityError
        If a sum is not that of its leaves.

    >>> import singledisease as sd
    >>> log = sd.read_frames(
    ...     [{"patient_id": "P1", "birth_date": "1950-03-01", "institution": "T1"}],
    ...     [{"patient_id": "P1", "date": "2024-03-05", "kind": "follow_up"}],
    ...     [{"institution": "C", "level": "county"}, {"institution": "T1", "level": "township", "parent": "C"}],
    ... )
    >>> seen = sd.Measure(id="seen", numerator=sd.events("follow_up").within(sd.PERIOD).exists())
    >>> score = sd.evaluate(seen, log, period="2024", by="institution")
    >>> [(row["by"]["institution"], row["numerator"], row["denominator"]) for row in roll_up(score).table()]
    [('C', 1, 1), ('T1', 1, 1)]
    """
    require_scorecard(score)
    if score.leaves is not None:
        raise UsageError("this scorecard was rolled up before; roll up the one it was made from")
    if institutions is None:
        parts_of(score)
    known = score.institutions if institutions is None else institutions
    rolled = roll_up_counts(score.counts, known)
    identities.check_roll_up(rolled, score.counts, parents_of(known))
    return evolve(score, counts=rolled, leaves=score.counts)


def _in_groups(assigned: Groups, groups: int, periods: int) -> NDArray[np.int64]:
    if isinstance(assigned, RowGroups):
        return assigned.counts(periods, groups)
    counts = [[np.count_nonzero(codes == group) for group in range(groups)] for codes in assigned]
    return np.array(counts, np.int64).reshape(len(assigned), groups)


def _ids(score: Scorecard) -> set[str]:
    return {name for part in parts_of(score) for name in part.log.people.ids}


def _check_addable(one: Scorecard, other: Scorecard) -> None:
    for what in ("measures", "derived", "periods", "by", "known_until"):
        if getattr(one, what) != getattr(other, what):
            raise UsageError(f"scorecards that differ in {what} cannot be added")
    if one.leaves is not None or other.leaves is not None:
        raise UsageError("a rolled-up scorecard cannot be added to; add first, then roll up")
    shared = sorted(_ids(one) & _ids(other))
    if shared:
        some = ", ".join(shared[:5])
        raise UsageError(f"{len(shared)} people are in both scorecards ({some}); a person can be counted only once")
    of_places = [counted.measure for counted in one.counts.blocks if counted.of in OF_PLACES]
    twice = sorted(_places(one) & _places(other))
    if of_places and twice:
        some = ", ".join(twice[:5])
        raise UsageError(
            f"{', '.join(of_places)} counts institutions, and {len(twice)} are in both scorecards ({some}); an "
            "institution can be counted only once: evaluate the measure over the whole registry"
        )


def _places(score: Scorecard) -> set[str]:
    """Give the institutions of a scorecard, and those that did something without being in the table."""
    logs = [part.log for part in parts_of(score)]
    return {name for log in logs for name in (*log.institutions.ids, *log.activities.institution.categories) if name}
