"""What moved since a result was frozen: its figures beside those of now, and who and which events moved them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from singledisease.comparison.frozen import Entry
from singledisease.comparison.verify import Verification
from singledisease.dates import date_of, day_of
from singledisease.definitions.citation import Names
from singledisease.definitions.measure import DENOMINATOR_GROUPS, NUMERATOR
from singledisease.scorecard.amounts_table import is_amount
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.difference import CAUSES, HEADINGS, ScoreDifference
from singledisease.tables import Table, displayed

COLUMNS: tuple[str, ...] = (
    *("measure", "period_start", "period_end", "by"),
    *("numerator_before", "numerator_after", "denominator_before", "denominator_after", "rate_before", "rate_after"),
    "groups",
)
NOT_AGAIN = Names(
    "冻结时的结果现在无法重现（见核对），因此不能说明是哪些人、哪些事件改变了它。",
    "What was frozen does not come out again (see the checks): which people and events moved it cannot be said.",
)


@displayed
@frozen(eq=False, kw_only=True)
class SinceFrozen:
    """What moved between a frozen result and now.

    Attributes
    ----------
    entry, note, known_until
        Which entry of the file, what was said of it, and the day of its ``as_of`` (``None``: all that was known).
    verification
        Whether the log as it was known then, and the definitions, give what was frozen.
    cells
        The cells of which a group has another count than was frozen, a row each.
    difference
        The people and the events that moved them; ``None`` where the frozen result does not come out again.

    >>> import tempfile
    >>> from pathlib import Path
    >>> import singledisease as sd
    >>> rows = [{"patient_id": "P1", "date": "2024-09-03", "kind": "follow_up"}]
    >>> log = sd.read_frames([{"patient_id": "P1", "birth_date": "1950-03-01"}], rows)
    >>> visited = sd.Measure(id="visited", numerator=sd.events("follow_up").within(sd.PERIOD).exists())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sd.freeze(sd.evaluate(visited, log, period="2024", as_of="2024-06-30"), Path(folder) / "june.jsonl")
    ...     found = sd.moved_since(Path(folder) / "june.jsonl", log, as_of="2024-12-31", measures=[visited])
    >>> [(row["patient_id"], row["before"], row["after"]) for row in found.people]
    [('P1', 'not_numerator', 'numerator')]
    """

    entry: int
    note: str
    known_until: str | None
    verification: Verification
    cells: Table
    difference: ScoreDifference | None

    @property
    def people(self) -> Table | None:
        """Who moved; ``None`` where that cannot be said."""
        return None if self.difference is None else self.difference.people

    @property
    def events(self) -> Table | None:
        """What of these people is known otherwise; ``None`` where that cannot be said."""
        return None if self.difference is None else self.difference.events

    @property
    def causes(self) -> Table:
        """Give how many people moved by ``measure`` and ``because``; nobody is named."""
        moves = () if self.difference is None else self.difference.moves
        counted = Counter((one.measure, one.causes) for one in moves)
        rows = [[measure, ", ".join(causes), people] for (measure, causes), people in sorted(counted.items())]
        called = {", ".join(one.causes): _called(one.causes) for one in moves}
        headings = {**HEADINGS, "people": ("人数", "People")}
        return Table.of_rows(("measure", "because", "people"), rows, headings=headings, called={"because": called})

    @property
    def remarks(self) -> tuple[Names, ...]:
        """What has to be known: that people cannot be named, and why."""
        return (NOT_AGAIN,) if self.difference is None else ()

    def table(self) -> Table:
        """Give the cells that moved."""
        return self.cells

    def to_text(self, language: str = "en") -> str:
        """Write what moved, for people to read, in ``zh`` or ``en``."""
        nothing = "没有变化" if language == "zh" else "nothing moved"
        cells = self.cells.to_text(language) if len(self.cells) else nothing
        if self.difference is None:
            checks = self.verification.table().to_text(language)
            return "\n\n".join([cells, *(one.in_language(language) for one in self.remarks), checks])
        found = self.difference
        parts = [table.to_text(language) for table in (found.definitions, found.people, found.events) if len(table)]
        return "\n\n".join([cells, *parts])

    def __str__(self) -> str:
        return self.to_text()


def _called(causes: tuple[str, ...]) -> tuple[str, str]:
    zh, en = ([CAUSES[cause][i] for cause in causes] for i in (0, 1))
    return "、".join(zh), ", ".join(en)


def since_frozen(entry: Entry, verification: Verification, before: Scorecard | None, now: Scorecard) -> SinceFrozen:
    """Put a frozen result beside what is counted now.

    Parameters
    ----------
    entry
        What was frozen.
    verification
        Of that entry.
    before
        What gives the frozen counts again; ``None`` if nothing does.
    now
        In the periods and by the strata of the entry.
    """
    return SinceFrozen(
        entry=entry["entry"],
        note=entry["note"],
        known_until=entry["known_until"],
        verification=verification,
        cells=Table.of_rows(COLUMNS, _cells(entry, now), headings=HEADINGS, formats=dict.fromkeys(_RATES, ".1%")),
        difference=None if before is None else before.difference(now),
    )


_RATES = ("rate_before", "rate_after")
Place = tuple[str, int, int, tuple[tuple[str, str | None], ...]]
"""Measure, first and last day, strata."""


def _cells(entry: Entry, now: Scorecard) -> Iterator[list[Any]]:
    counted = {one.measure.id for one in now.measures}
    old = {place: groups for place, groups in _groups(entry["counts"]).items() if place[0] in counted}
    new = _groups(now.counts.to_table().rows())
    for place in dict.fromkeys((*new, *old)):
        was, come = old.get(place, {}), new.get(place, {})
        moved = {group: come.get(group, 0) - was.get(group, 0) for group in {**was, **come}}
        moved = {group: people for group, people in moved.items() if people}
        if moved:
            measure, start, end, by = place
            pairs = zip(_figures(was), _figures(come), strict=True)
            yield [measure, date_of(start), date_of(end), dict(by), *(one for pair in pairs for one in pair), moved]


def _groups(rows: Any) -> dict[Place, dict[str, int]]:
    """Give the people of each group by cell; a row of sums is a group too, so that none moves unseen."""
    found: dict[Place, dict[str, int]] = {}
    for row in rows:
        by = tuple(row["by"].items())
        start, end = (day_of(str(row[name])) for name in ("period_start", "period_end"))
        if any(value is None for _, value in by) and not row["people"]:
            continue  # nobody stands in any stratum
        found.setdefault((row["measure"], start, end, by), {})[row["group"]] = row["people"]
    return found


def _figures(groups: Mapping[str, int]) -> tuple[int | None, int | None, float | None]:
    """Give numerator, denominator and rate of groups of people; of sums and labels there are none."""
    if not groups or NUMERATOR not in groups or any(map(is_amount, groups)):
        return None, None, None
    numerator, denominator = groups[NUMERATOR], sum(groups.get(name, 0) for name in DENOMINATOR_GROUPS)
    return numerator, denominator, numerator / denominator if denominator else None
